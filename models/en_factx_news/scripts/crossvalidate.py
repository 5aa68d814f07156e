"""Cross-validate counts: what learned spans, rules and both together find in passages that training did not see.

    python crossvalidate.py --data DATA --out crossvalidation/ [--folds 5] [--epochs 6] [--scorer score_counts.py]

For each fold of voa-train and digest-train (by a hash of the passage's id) the count heads alone are trained on the
other folds, and the fold's passages go through the whole extraction with the shipped pipeline's syntax, names, quotes
and dates but the fold's spans. A fold that is done (`fold-N.json` holds its spans) is not trained again, so that other
ways to combine spans and rules can be measured on the same spans in a minute. Result: OUT/crossvalidation.json.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import spacy
import torch
from corpora import NewsReader, Unit, join, json_lines
from export import export_graph
from network import Network, load_minilm
from spacy.tokens import Doc, Span, SpanGroup
from train import base_model, batches, losses, make_batch

import factx
from factx.encoder.pieces import WordPieces
from factx.extract.counts import find_counts
from factx.extract.dates import find_dates, find_published
from factx.extract.quotes import find_quotes

HERE = Path(__file__).resolve().parent
COUNT_LABELS = ("count", "kinds", "status", "subset", "sentence")
GROUP = "factx_count_spans"
CORPORA = ("voa", "digest")
SETUPS = ("spans and rules", "rules alone", "shipped spans and rules")


def fold_of(identifier: str, folds: int) -> int:
    """Give the fold of a passage, the same in every run."""
    return int(hashlib.sha1(identifier.encode(), usedforsecurity=False).hexdigest(), 16) % folds


def read_passages(data: Path) -> list[dict]:
    """The passages that have counts, each with the name of its set as "corpus"."""
    return [
        {**record, "corpus": name}
        for name in CORPORA
        for record in json_lines(data / f"news/{name}-train.jsonl.gz")
        if "counts" in record
    ]


def count_units(records: Iterable[dict], pieces: WordPieces) -> list[Unit]:
    """Passages with nothing but the labels of counts."""
    reader = NewsReader()
    units = []
    for record in records:
        unit = reader.passage_unit({"id": record["id"], "text": record["text"], "counts": record["counts"]})
        unit.labels = {name: unit.labels[name] for name in COUNT_LABELS}
        unit.pieces = pieces.cut(unit.words)
        units.append(unit)
    return units


def train_network(units: Sequence[Unit], pieces: WordPieces, config: dict, epochs: float, seed: int) -> Network:
    """Train the count heads from the base model; a fraction of an epoch takes as many of its batches."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    network = Network(1, 1, config["dropout"])
    load_minilm(network, base_model() / "model.safetensors")
    schedule: list = []
    whole = int(epochs)
    for turn in range(whole + (epochs > whole)):
        order = list(units)
        rng.shuffle(order)
        part = batches(list(join(order, rng, 190, same_doc=False)), config["batch_pieces"], rng)
        schedule += part if turn < whole else part[: max(1, round(len(part) * (epochs - whole)))]
    encoder = [p for n, p in network.named_parameters() if not n.startswith(("flat", "pair", "arc_form", "dep_form"))]
    groups = [
        {"params": encoder, "base": config["encoder_rate"]},
        {"params": list(network.flat.parameters()), "base": config["head_rate"]},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=config["weight_decay"], betas=(0.9, 0.98))
    network.train()
    started = time.time()
    for step, windows in enumerate(schedule):
        share = step / len(schedule)
        rate = min(1.0, (share + 1 / len(schedule)) / config["warmup"]) * (1 - share)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * rate
        batch = make_batch(windows, pieces, rng, config["piece_dropout"])
        with torch.autocast("cpu", torch.bfloat16):
            rows = network(batch["ids"], batch["casings"], batch["first"]).float()
            parts = losses(network, batch, rows)
        loss = sum(config["loss"][name] * value for name, value in parts.items())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 25 == 0:
            print(f"  {step}/{len(schedule)} loss {loss.item():.3f} {time.time() - started:.0f} s", flush=True)
    return network


def make_pipeline(network: Network) -> spacy.Language:
    """A pipeline of the fold's graph; only its count spans mean anything."""
    nlp = spacy.blank("en")
    encoder = nlp.add_pipe("factx_encoder")
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "model.onnx"
        relations = (
            network.dep_form.weight.detach().numpy().astype(np.float32),
            network.dep_form.bias.detach().numpy().astype(np.float32),
        )
        widths = dict(network.widths)
        export_graph(network, graph)
        settings = {"columns": widths, "xpos": ["X"], "deps": ["root"]}
        encoder.set_model(graph.read_bytes(), (base_model() / "tokenizer.json").read_bytes(), settings, relations)
    return nlp


def find_spans(nlp: spacy.Language, records: Iterable[dict]) -> dict[str, dict]:
    """The fold model's count spans of each passage as plain values."""
    found = {}
    for record in records:
        doc = nlp(record["text"])
        group = doc.spans[GROUP]
        found[record["id"]] = {"spans": [[s.start, s.end, s.label_] for s in group], "attrs": dict(group.attrs)}
    return found


def put_spans(doc: Doc, plain: dict | None) -> None:
    """Give a Doc other count spans than its own; None leaves none at all."""
    if plain is None:
        if GROUP in doc.spans:
            del doc.spans[GROUP]
        return
    spans = [Span(doc, start, end, label=label) for start, end, label in plain["spans"]]
    doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=spans, attrs=plain["attrs"])


class Score:
    """Facts and numbers as the project's scorer counts them: one to one, overlapping, other statuses free."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], collections.Counter] = collections.defaultdict(collections.Counter)

    def add(self, gold: Sequence[dict], predicted: Sequence[dict]) -> None:
        for name, fields in (("fact", ("kind", "low", "high")), ("number", ("low", "high"))):
            left, spare = list(gold), []
            for p in predicted:
                g = next((g for g in left if _overlap(g, p) and all(g[f] == p[f] for f in fields)), None)
                if g is None:
                    spare.append(p)
                    continue
                left.remove(g)
                if g["status"] == "asserted":
                    self._note(name, g["kind"], "tp")
            for g in left:
                if g["status"] == "asserted":
                    self._note(name, g["kind"], "fn")
            for p in spare:
                if not any(_overlap(g, p) and g["status"] != "asserted" for g in left):
                    self._note(name, p["kind"], "fp")

    def _note(self, name: str, kind: str, what: str) -> None:
        self.counts[name, "all"][what] += 1
        self.counts[name, kind][what] += 1

    def table(self) -> dict[str, dict[str, list[float]]]:
        """Give precision, recall, F1 and the number of gold counts, by measure and kind."""
        out: dict[str, dict[str, list[float]]] = {}
        for (name, kind), c in sorted(self.counts.items(), key=lambda item: -item[1]["tp"] - item[1]["fn"]):
            precision = c["tp"] / max(1, c["tp"] + c["fp"])
            recall = c["tp"] / max(1, c["tp"] + c["fn"])
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            out.setdefault(name, {})[kind] = [round(x, 3) for x in (precision, recall, f1)] + [c["tp"] + c["fn"]]
        return out


def _overlap(one: dict, other: dict) -> bool:
    return one["start"] < other["end"] and other["start"] < one["end"]


def measure(records: Sequence[dict], spans: dict[str, dict], scorer: Path | None) -> dict:
    """Run the extraction over passages with the folds' spans, without any, and with the shipped ones."""
    nlp = factx.load_pipeline()
    scores = {setup: Score() for setup in SETUPS}
    lines: dict[str, list[str]] = {setup: [] for setup in SETUPS}
    for record in records:
        doc = nlp(record["text"])
        quotes = find_quotes(doc)
        dates = find_dates(doc, record.get("published") or find_published(record["text"]))
        for setup in reversed(SETUPS):
            if setup == "rules alone":
                put_spans(doc, None)
            elif setup == "spans and rules":
                if record["id"] not in spans:
                    continue
                put_spans(doc, spans[record["id"]])
            found = [dataclasses.asdict(count) for count in find_counts(doc, quotes, dates)]
            scores[setup].add(record["counts"], found)
            lines[setup].append(json.dumps({"id": record["id"], "counts": found}))
    if scorer is not None:
        run_scorer(scorer, records, lines)
    return {setup: score.table() for setup, score in scores.items()}


def run_scorer(scorer: Path, records: Sequence[dict], lines: dict[str, list[str]]) -> None:
    """Let another scorer read the same predictions."""
    with tempfile.TemporaryDirectory() as folder:
        gold, predicted = Path(folder) / "gold.jsonl", Path(folder) / "predicted.jsonl"
        for setup, own in lines.items():
            done = {json.loads(line)["id"] for line in own}
            gold.write_text("".join(json.dumps(r) + "\n" for r in records if r["id"] in done))
            predicted.write_text("".join(line + "\n" for line in own))
            print(f"{scorer.name}: {setup}", flush=True)
            subprocess.run([sys.executable, scorer, gold, predicted], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=HERE.parent / "configs/train.toml")
    parser.add_argument("--parts", type=int, default=5, help="into how many folds the passages are divided")
    parser.add_argument("--folds", type=int, default=5, help="how many of them to train; 0 measures the rules alone")
    parser.add_argument("--epochs", type=float, default=6.0)
    parser.add_argument("--scorer", type=Path, help="also print what this scorer says")
    args = parser.parse_args()
    config = tomllib.loads(args.config.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    records = read_passages(args.data)
    held = {record["id"]: fold_of(record["id"], args.parts) for record in records}
    pieces = WordPieces((base_model() / "tokenizer.json").read_bytes())
    spans: dict[str, dict] = {}
    for fold in range(args.folds):
        path = args.out / f"fold-{fold}.json"
        inside = [record for record in records if held[record["id"]] == fold]
        if not path.exists():
            others = [record for record in records if held[record["id"]] != fold]
            print(f"fold {fold}: {len(others)} passages to train on, {len(inside)} to find counts in", flush=True)
            network = train_network(count_units(others, pieces), pieces, config, args.epochs, config["seed"] + fold)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(find_spans(make_pipeline(network), inside)))
            fresh.replace(path)
        spans.update(json.loads(path.read_text()))
    asked = [record for record in records if not args.folds or record["id"] in spans]
    scores = {name: measure([r for r in asked if r["corpus"] == name], spans, args.scorer) for name in CORPORA}
    for corpus, setups in scores.items():
        for setup, table in setups.items():
            for name, kinds in table.items():
                for kind, (precision, recall, f1, gold) in kinds.items():
                    if name == "fact" or kind == "all":
                        figures = f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f} (gold {gold})"
                        print(f"{corpus:7} {setup:24} {name:7} {kind:11} {figures}")
    result = {"folds": args.folds, "epochs": args.epochs, "passages": len(asked), "scores": scores}
    (args.out / "crossvalidation.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
