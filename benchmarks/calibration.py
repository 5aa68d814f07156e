"""Measure whether confidences mean what they say: of the facts given 0.9, nine in ten should be right.

    python benchmarks/calibration.py --shared ../shared

Runs the extraction over the development sets, puts each fact into a bin by its confidence and counts how many of a
bin are right, by the measures of `tools/evaluate`: a name with exact borders and label, a count with its kind and
numbers, a date with its value, a quote whose words overlap with the gold's by 0.8. Writes the table to
models/en_factx_news/metrics/reliability.json and .md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import factx
from factx.facts import Article, Facts

METRICS = Path(__file__).resolve().parent.parent / "models/en_factx_news/metrics"
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001)
OVERLAP = 0.8
WORD = re.compile(r"\w+(?:['’]\w+)*")

Record = dict[str, Any]
Judged = Iterator[tuple[float, bool]]


def judge_entities(facts: Facts, gold: Record) -> Judged:
    spans = {(start, end, label) for start, end, label, *_ in gold["spans"]}
    for entity in facts.entities:
        for mention in entity.mentions:
            yield entity.confidence, (mention.start, mention.end, entity.label) in spans


def judge_counts(facts: Facts, gold: Record) -> Judged:
    left = list(gold["counts"])
    for count in facts.counts:
        near = [g for g in left if g["start"] < count.end and count.start < g["end"]]
        same = [g for g in near if (g["kind"], g["low"], g["high"]) == (count.kind, count.low, count.high)]
        if same:
            left.remove(same[0])
        if same or not any(g["status"] != "asserted" for g in near):
            yield count.confidence, bool(same)


def judge_dates(facts: Facts, gold: Record) -> Judged:
    for date in facts.dates:
        near = [g for g in gold["dates"] if g["start"] < date.end and date.start < g["end"]]
        if not any(g.get("dct") or g["value"] is None for g in near):
            yield date.confidence, any(g["value"] == date.value for g in near)


def judge_quotes(facts: Facts, gold: Record) -> Judged:
    words = [(match.start(), match.end()) for match in WORD.finditer(gold["text"])]

    def inside(spans: list[tuple[int, int]]) -> frozenset[int]:
        return frozenset(i for i, (start, end) in enumerate(words) if any(start < e and end > s for s, e in spans))

    golds = [(inside([tuple(p) for p in quote["content"]]), quote) for quote in gold["quotes"]]
    for quote in facts.quotes:
        if quote.nested:
            continue
        found = inside([(part.start, part.end) for part in quote.parts])
        best = max(golds, key=lambda pair: len(pair[0] & found), default=None)
        if best and best[0] & found and not best[1].get("speech", True):
            continue
        yield (
            quote.confidence,
            any(2 * len(found & other) >= OVERLAP * (len(found) + len(other)) for other, _ in golds if found),
        )


SETS: dict[str, tuple[Callable[[Facts, Record], Judged], tuple[str, ...]]] = {
    "entities": (judge_entities, ("news/names-dev", "news/voa-names-dev")),
    "counts": (judge_counts, ("news/digest-dev", "news/voa-dev")),
    "dates": (judge_dates, ("news/names-dev", "dates/meantime-dev")),
    "quotes": (judge_quotes, ("news/voa-dev", "quotes/gum-dev", "quotes/polnear-dev")),
}


def read(path: Path) -> list[Record]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def judge_all(data: Path, kind: str) -> list[tuple[float, bool]]:
    """Every fact of a kind on its development sets: confidence, and whether it is right."""
    judge, names = SETS[kind]
    judged = []
    for name in names:
        records = read(data / f"{name}.jsonl.gz")
        articles = [
            Article(id=str(i), source="", text=r["text"], published=r.get("published")) for i, r in enumerate(records)
        ]
        for facts, record in zip(factx.pipe(articles), records, strict=True):
            judged.extend(judge(facts, record))
    return judged


def tabulate(judged: list[tuple[float, bool]]) -> dict[str, Any]:
    """Bins with the number of facts, their mean confidence and the share that is right, and the expected error."""
    bins, error = [], 0.0
    for low, high in pairwise(EDGES):
        inside = [(c, right) for c, right in judged if low <= c < high]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            right = sum(r for _, r in inside) / len(inside)
            error += abs(mean - right) * len(inside) / len(judged)
            bins.append({"from": low, "facts": len(inside), "confidence": round(mean, 3), "right": round(right, 3)})
    return {"facts": len(judged), "expected_calibration_error": round(error, 4), "bins": bins}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--kinds", nargs="*", choices=SETS, default=list(SETS))
    args = parser.parse_args()
    path = METRICS / "reliability.json"
    table = json.loads(path.read_text()) if path.exists() else {}
    table |= {kind: tabulate(judge_all(args.shared / "data", kind)) for kind in args.kinds}
    path.write_text(json.dumps(table, indent=1) + "\n")
    lines = [
        "Confidence and truth on the development sets, by `python benchmarks/calibration.py --shared ../shared`.", "",
        "| facts | confidence from | number | mean confidence | right |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for kind, values in table.items():
        lines += [
            f"| {kind} | {b['from']:.2f} | {b['facts']} | {b['confidence']:.2f} | {b['right']:.2f} |"
            for b in values["bins"]
        ]
    lines += ["", "Mean distance of the two (expected calibration error): " + ", ".join(
        f"{kind} {values['expected_calibration_error']:.3f}" for kind, values in table.items()) + "."]  # fmt: skip
    (METRICS / "reliability.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
