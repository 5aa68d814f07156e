"""Export the trained network to one int8 ONNX graph and pack it as a spaCy pipeline.

    python export.py --run training/ --out ../pipeline

Embeddings become int8 with a scale for each row; matrix products are quantized dynamically by onnxruntime.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import spacy
import torch
from network import Network, load_network
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from train import base_model

import factx.components  # noqa: F401 - registers the factories

META = {
    "lang": "en",
    "name": "factx_news",
    "version": "0.1.0",
    "spacy_version": ">=3.8,<4.0",
    "description": "English news: tags, parse, names, words of counts, dates and quotes (MiniLM-L6, int8 ONNX)",
    "author": "factx contributors",
    "license": "CC BY-SA 4.0; base model Apache-2.0 (models/en_factx_news/LICENSE.md)",
}


CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "factx.Tokenizer.v1"}}}


class QuantizedEmbedding(nn.Module):
    """A table of int8 rows, each with its own scale."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        scale = table.weight.detach().abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("rows", (table.weight.detach() / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        return self.rows[ids].float() * self.scale[ids]


def export_graph(network: Network, path: Path, *, quantize: bool = True) -> None:
    """Write the graph: ids, casings (1, pieces) int64, first (words,) int64 -> rows (words, columns) float32."""
    network.eval()
    if quantize:
        network.words = QuantizedEmbedding(network.words)
    ids = torch.randint(1000, 2000, (1, 9))
    arguments = (ids, torch.zeros_like(ids), torch.tensor([1, 2, 5]))
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            network, arguments, str(plain), input_names=["ids", "casings", "first"], output_names=["rows"],
            dynamic_axes={"ids": {1: "pieces"}, "casings": {1: "pieces"},
                          "first": {0: "words"}, "rows": {0: "words"}},
            opset_version=17, dynamo=False,
        )  # fmt: skip
        if quantize:
            # Seven-bit weights: processors without VNNI add two 8-bit products in 16 bits and would saturate.
            quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
                             op_types_to_quantize=["MatMul"])  # fmt: skip
        else:
            path.write_bytes(plain.read_bytes())


def build_pipeline(run: Path, weights: str, *, quantize: bool = True) -> spacy.Language:
    """Make the pipeline from a training run: encoder and rule lemmatizer."""
    labels = json.loads((run / "labels.json").read_text())
    network = load_network(run / weights)
    nlp = spacy.blank("en", meta=META, config=CONFIG)
    encoder = nlp.add_pipe("factx_encoder")
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "model.onnx"
        relations = (network.dep_form.weight.detach().numpy().copy(), network.dep_form.bias.detach().numpy().copy())
        widths = dict(network.widths)
        export_graph(network, graph, quantize=quantize)
        settings = {"columns": widths, "xpos": labels["xpos"], "deps": labels["deps"]}
        encoder.set_model(graph.read_bytes(), (base_model() / "tokenizer.json").read_bytes(), settings,
                          (relations[0].astype(np.float32), relations[1].astype(np.float32)))  # fmt: skip
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize(list, nlp=nlp)
    return nlp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--weights", default="final.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fp32", action="store_true", help="leave the weights as they are, to measure what int8 costs")
    args = parser.parse_args()
    nlp = build_pipeline(args.run, args.weights, quantize=not args.fp32)
    nlp.to_disk(args.out)
    print(f"{args.out}: {sum(f.stat().st_size for f in args.out.rglob('*') if f.is_file()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
