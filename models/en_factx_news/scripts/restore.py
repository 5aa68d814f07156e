"""Restore trainable weights from a packed pipeline, so that training can go on from what the package ships.

    python restore.py --pipeline ../pipeline --out training/start.pt

int8 matrices come back rounded to their 127 steps; a hundred steps of training make that good.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from network import LAYERS, Network, build_network
from onnx import numpy_helper

# The order in which a layer's matrices stand in the graph.
LAYER_MATRICES = ("qkv", "out", "up", "down")


def restore_network(pipeline: Path) -> Network:
    """Read the graph and the relations' table of a pipeline back into the network that they came from."""
    folder = pipeline / "factx_encoder"
    settings = json.loads((folder / "settings.json").read_text())
    graph = onnx.load(folder / "model.onnx").graph
    tables = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    state = {
        name: torch.from_numpy(np.array(table))
        for name, table in tables.items()
        if name.endswith((".weight", ".bias", "words.rows", "words.scale"))
    }
    state["words.weight"] = state.pop("words.rows").float() * state.pop("words.scale")
    matrices = []
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            name = node.input[1].removesuffix("_quantized")
            centred = tables[f"{name}_quantized"].astype(np.float32) - tables[f"{name}_zero_point"]
            matrices.append((name, torch.from_numpy((centred * tables[f"{name}_scale"]).T.copy())))
    # Products of whole windows have lost their names in the graph and follow each other in the order of the layers.
    state.update({name.removesuffix("_Transposed"): matrix for name, matrix in matrices if "onnx::" not in name})
    nameless = [matrix for name, matrix in matrices if "onnx::" in name]
    places = [f"layers.{i}.{part}.weight" for i in range(LAYERS) for part in LAYER_MATRICES]
    state.update(zip([place for place in places if place not in state], nameless, strict=True))
    relations = np.fromfile(folder / "relations.npy", np.float32).reshape(len(settings["deps"]), -1)
    state["dep_form.weight"] = torch.from_numpy(relations[:, :-1].copy())
    state["dep_form.bias"] = torch.from_numpy(relations[:, -1].copy())
    return build_network(state)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipeline", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = restore_network(args.pipeline)
    torch.save({"network": network.state_dict(), "average": {}}, args.out)


if __name__ == "__main__":
    main()
