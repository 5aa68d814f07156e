"""Make a trained network smaller: take out the attention heads and inner neurons that its losses miss least.

    python prune.py --weights training/final.pt --data DATA --out small/start.pt [--heads 6] [--inner 768]

What a head or neuron is worth is the squared derivative of the loss by a gate on it, summed over windows (the diagonal
of the Fisher information; Kwon et al. 2022, "A fast post-training pruning framework for transformers"). The matrix
behind those taken out is fitted anew by least squares on what stays, so that the layer's sum changes least. Training
goes on from the result with whole networks as its teachers (`train.py --init --teachers`).
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from corpora import Corpora, Unit
from network import HEAD, Network, build_network, load_network
from torch import Tensor, nn
from train import base_model, losses, make_batch

from factx.encoder.pieces import WordPieces

HERE = Path(__file__).parent
# Ridge of the least squares, as a share of the mean square of what goes in.
RIDGE = 1e-3


@dataclass
class Gated:
    """What goes into a matrix, with a gate on each group of columns.

    Attributes:
        gates: (groups,) ones, in the graph of derivatives.
        worth: (groups,) squared derivatives, summed over windows.
        products: (columns, columns) sum of the outer products of the inputs.
    """

    gates: Tensor
    worth: Tensor
    products: Tensor


def gate(matrix: nn.Linear, group: int) -> Gated:
    """Put gates before a matrix, one for each `group` neighbouring columns."""
    columns, device = matrix.in_features, matrix.weight.device
    gates = torch.ones(columns // group, device=device, requires_grad=True)
    gated = Gated(gates, torch.zeros_like(gates), torch.zeros(columns, columns, device=device))

    def hook(_module: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor]:
        x = inputs[0]
        flat = x.detach().reshape(-1, columns)
        gated.products += flat.T @ flat
        return (x * gates.repeat_interleave(group),)

    matrix.register_forward_pre_hook(hook)
    return gated


def measure(
    network: Network, windows: Sequence[list[Unit]], pieces: WordPieces, weights: dict[str, float]
) -> list[tuple[Gated, Gated]]:
    """Run windows through the network and back: the gates of heads and neurons of each layer."""
    network.eval()
    gated = [(gate(layer.out, HEAD), gate(layer.down, 1)) for layer in network.layers]
    gates = [one.gates for pair in gated for one in pair]
    device = gates[0].device
    for window in windows:
        batch = {name: column.to(device) for name, column in make_batch([window], pieces, None).items()}
        parts = losses(network, batch, network(batch["ids"], batch["casings"], batch["first"]))
        loss = sum(weights[name] * value for name, value in parts.items())
        for one, derivative in zip((g for pair in gated for g in pair), torch.autograd.grad(loss, gates), strict=True):
            one.worth += derivative**2
    return gated


def refit(weight: Tensor, products: Tensor, keep: Tensor) -> Tensor:
    """The matrix on the kept columns alone whose outputs differ least from the whole one's."""
    kept = products[keep][:, keep]
    ridge = RIDGE * kept.diagonal().mean() * torch.eye(len(keep), device=kept.device)
    return torch.linalg.solve(kept + ridge, products[keep] @ weight.T).T


def best(worth: Tensor, count: int) -> Tensor:
    """Positions of the worthiest, in order."""
    return worth.topk(count).indices.sort().values


def prune(network: Network, gated: Sequence[tuple[Gated, Gated]], heads: int, inner: int) -> Network:
    """A network with so many heads and neurons in each layer."""
    state = {name: value.clone() for name, value in network.state_dict().items()}
    for i, (attention, neurons) in enumerate(gated):
        base = f"layers.{i}."
        chosen = best(attention.worth, heads)
        columns = (chosen[:, None] * HEAD + torch.arange(HEAD, device=chosen.device)).flatten()
        width = len(attention.worth) * HEAD
        rows = torch.cat([columns + part * width for part in range(3)])
        for kind in ("weight", "bias"):
            state[f"{base}qkv.{kind}"] = state[f"{base}qkv.{kind}"][rows]
        state[f"{base}out.weight"] = refit(state[f"{base}out.weight"], attention.products, columns)
        chosen = best(neurons.worth, inner)
        for kind in ("weight", "bias"):
            state[f"{base}up.{kind}"] = state[f"{base}up.{kind}"][chosen]
        state[f"{base}down.weight"] = refit(state[f"{base}down.weight"], neurons.products, chosen)
    return build_network(state)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=HERE.parent / "configs/train.toml")
    parser.add_argument("--heads", type=int, default=6, help="attention heads left in each layer")
    parser.add_argument("--inner", type=int, default=768, help="inner neurons left in each layer")
    parser.add_argument("--windows", type=int, default=400, help="how many windows of the mixture to measure on")
    args = parser.parse_args()
    config = tomllib.loads(args.config.read_text())
    pieces = WordPieces((base_model() / "tokenizer.json").read_bytes())
    network = load_network(args.weights).to("cuda" if torch.cuda.is_available() else "cpu")
    rng = random.Random(config["seed"])
    windows = Corpora(args.data, pieces).windows(config["repeats"], rng)[: args.windows]
    gated = measure(network, windows, pieces, config["loss"])
    for i, (attention, neurons) in enumerate(gated):
        for name, worth, count in (("heads", attention.worth, args.heads), ("neurons", neurons.worth, args.inner)):
            lost = 1 - worth.topk(count).values.sum() / worth.sum()
            print(f"layer {i}: {count} of {len(worth)} {name}, {lost:.3f} of the worth lost")
    small = prune(network, gated, args.heads, args.inner)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"network": small.cpu().state_dict(), "average": {}}, args.out)


if __name__ == "__main__":
    main()
