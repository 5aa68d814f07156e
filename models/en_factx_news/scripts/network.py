"""The network in PyTorch: MiniLM-L6 with a casing table, and all heads (training only; the package runs the export)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from factx.encoder.labels import KINDS, NAMES, STATUSES, TIMEX_TYPES, UPOS, bioes
from factx.encoder.pieces import CASINGS

HIDDEN, LAYERS, HEAD = 384, 6, 32
# Attention heads and inner neurons of each layer: the base model's, and what prune.py leaves of them.
BASE_SHAPE = (12, 1536)
VOCABULARY = 30522
ARC, DEP, LINK = 256, 256, 64


class Dropout(nn.Module):
    """Dropout that takes its mask from a bank of random numbers at a random place.

    Drawing fresh numbers took a tenth of a training step on a CPU; the bank costs one product.
    """

    def __init__(self, rate: float, size: int = 1 << 23) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.register_buffer(
            "bank", (torch.rand(size, generator=generator) >= rate).float() / (1 - rate), persistent=False
        )

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        start = int(torch.randint(0, self.bank.numel() - x.numel(), ()))
        return x * self.bank[start : start + x.numel()].view(x.shape)


class FusedAttention(torch.autograd.Function):
    """Attention as one node of the exported graph: onnxruntime's own operator, a third faster than its parts.

    The graph runs one window at a time, so that nothing is padded and no mask is needed.
    """

    @staticmethod
    def forward(_context: object, q: Tensor, k: Tensor, v: Tensor, _heads: int) -> Tensor:  # only its shape matters
        return q + k + v

    @staticmethod
    def symbolic(graph: object, q: object, k: object, v: object, heads: int) -> object:
        out = graph.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=heads)
        out.setType(q.type())
        return out


class Layer(nn.Module):
    """One BERT layer, post-norm."""

    def __init__(self, dropout: Dropout, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(HIDDEN, 3 * heads * HEAD)
        self.out = nn.Linear(heads * HEAD, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, inner)
        self.down = nn.Linear(inner, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor, keep: Tensor | None = None) -> Tensor:
        """All pieces, or with `keep` those at these flat positions alone: (kept, hidden)."""
        b, n, _ = x.shape
        width = self.heads * HEAD
        if torch.onnx.is_in_onnx_export():
            a = FusedAttention.apply(*self.qkv(x).split(width, 2), self.heads)
        else:
            q, k, v = self.qkv(x).view(b, n, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4).unbind(0)
            a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(b, n, width)
        if keep is not None:
            x, a = x.reshape(-1, HIDDEN)[keep], a.reshape(-1, width)[keep]
        x = self.norm1(x + self.dropout(self.out(a)))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


def shapes_of(state: Mapping[str, Tensor]) -> list[tuple[int, int]]:
    """Read heads and inner neurons of each layer from weights: the pruned network has fewer than the base model."""
    layers = sorted({int(name.split(".")[1]) for name in state if name.startswith("layers.")})
    return [(state[f"layers.{i}.out.weight"].shape[1] // HEAD, state[f"layers.{i}.up.weight"].shape[0]) for i in layers]


def columns(xpos: int) -> dict[str, int]:
    """Widths of the output columns, in order."""
    return {
        "upos": len(UPOS), "xpos": xpos, "sentence": 1, "names": len(bioes(NAMES)),
        "content": 5, "nested": 5, "cue": 5, "speaker": 5,
        "count": 5, "kinds": len(KINDS), "status": len(STATUSES), "subset": 1, "date": len(bioes(TIMEX_TYPES)),
        "link_cue": LINK, "link_cue_to": LINK, "link_speaker": LINK, "link_speaker_to": LINK,
        "arc": ARC, "arc_to": ARC, "dep": DEP, "dep_to": DEP,
    }  # fmt: skip


class Network(nn.Module):
    """Word pieces in, one row of head outputs for each word out.

    Arcs, labels and links are scored from pairs of rows: `arc` of the word with `arc_to` of its candidate head, and so
    on; the decoder does the same in numpy, inside sentences only.
    """

    def __init__(
        self, xpos: int, deps: int, dropout: float = 0.1, shapes: Sequence[tuple[int, int]] = (BASE_SHAPE,) * LAYERS
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN, padding_idx=0)
        self.positions = nn.Embedding(512, HIDDEN)
        self.casings = nn.Embedding(CASINGS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(self.dropout, heads, inner) for heads, inner in shapes)
        self.widths = columns(xpos)
        flat = {k: w for k, w in self.widths.items() if not k.startswith(("arc", "dep"))}
        self.flat = nn.Linear(HIDDEN, sum(flat.values()))
        self.pair = nn.Linear(HIDDEN, 2 * ARC + 2 * DEP)
        self.arc_form = nn.Linear(ARC, ARC)
        self.dep_form = nn.Linear(DEP, deps)

    def encode(self, ids: Tensor, casings: Tensor, first: Tensor) -> Tensor:
        """Word vectors, (words, hidden): `first` holds the flat positions of first pieces in the batch."""
        n = ids.shape[1]
        mask = (ids != 0)[:, None, None, :]
        x = self.words(ids) + self.positions(torch.arange(n, device=ids.device))[None] + self.casings(casings)
        x = self.dropout(self.norm(x))
        for layer in self.layers[:-1]:
            x = layer(x, mask)
        return self.layers[-1](x, mask, first)  # nobody reads what the last layer makes of the other pieces

    def forward(self, ids: Tensor, casings: Tensor, first: Tensor) -> Tensor:
        """All columns of all words, (words, sum of widths)."""
        x = self.dropout(self.encode(ids, casings, first))
        arc, arc_to, dep, dep_to = F.gelu(self.pair(x)).split([ARC, ARC, DEP, DEP], 1)
        return torch.cat([self.flat(x), self.arc_form(arc), arc_to, dep, dep_to], 1)

    def split(self, rows: Tensor) -> dict[str, Tensor]:
        return dict(zip(self.widths, rows.split(list(self.widths.values()), 1), strict=True))

    def label_dep(self, dep: Tensor, dep_to: Tensor) -> Tensor:
        """Scores of relations between words and their heads, (words, relations)."""
        return self.dep_form(dep * dep_to)


def build_network(state: Mapping[str, Tensor], dropout: float = 0.1) -> Network:
    """Make the network that weights belong to; their shapes tell its labels, heads and neurons."""
    others = sum(width for name, width in columns(0).items() if not name.startswith(("arc", "dep")))
    network = Network(
        state["flat.weight"].shape[0] - others, state["dep_form.weight"].shape[0], dropout, shapes_of(state)
    )
    network.load_state_dict(dict(state))
    return network


def load_network(path: Path, dropout: float = 0.1) -> Network:
    """Load a network from a file of `train.py` or `prune.py`: its averaged weights where it has them."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    return build_network(saved["average"] or saved["network"], dropout)


def load_minilm(network: Network, path: Path) -> None:
    """Start from the MiniLM-L6 weights (safetensors, BERT names)."""
    from safetensors.torch import load_file

    source = {k.removeprefix("bert."): v for k, v in load_file(path).items()}
    with torch.no_grad():
        network.words.weight.copy_(source["embeddings.word_embeddings.weight"])
        network.positions.weight.copy_(source["embeddings.position_embeddings.weight"])
        network.casings.weight.copy_(source["embeddings.token_type_embeddings.weight"][:1].expand(CASINGS, -1))
        network.norm.weight.copy_(source["embeddings.LayerNorm.weight"])
        network.norm.bias.copy_(source["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(network.layers):
            base = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                parts = [source[f"{base}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
                getattr(layer.qkv, kind).copy_(torch.cat(parts))
                for module, name in (
                    (layer.out, "attention.output.dense"), (layer.norm1, "attention.output.LayerNorm"),
                    (layer.up, "intermediate.dense"), (layer.down, "output.dense"), (layer.norm2, "output.LayerNorm"),
                ):  # fmt: skip
                    getattr(module, kind).copy_(source[f"{base}{name}.{kind}"])
