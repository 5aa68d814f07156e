"""Self-training: label plain news text with an ensemble of our own pipelines and keep what they agree on.

    python label.py --data DATA --pipelines ../pipeline training/middle --out training/silver

Each passage goes through the whole extraction (network and rules) once for each pipeline. A kind of annotation (names,
counts, quotes, dates) is kept for a passage where all pipelines say the same, and is left open elsewhere. Texts:
`news/digest-raw`, and passages of consecutive sentences of the gmb corpus; nothing that occurs in a development set.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
from corpora import json_lines

import factx
import factx.components
from factx.facts import Article, Facts

# Sentences of gmb in one passage, and how many passages are taken.
GMB_SENTENCES, GMB_PASSAGES = 4, 4000


def letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


class HeldOut:
    """Tells whether a sentence occurs in a development or test set."""

    def __init__(self, data: Path) -> None:
        texts = [r["text"] for path in data.glob("*/*-dev.jsonl.gz") for r in json_lines(path)]
        self.known = " ".join(map(letters, texts))

    def __contains__(self, text: str) -> bool:
        return letters(text) in self.known


def digests(data: Path, held_out: HeldOut) -> Iterator[Article]:
    for i, record in enumerate(json_lines(data / "news/digest-raw.jsonl.gz")):
        if record["text"] not in held_out:
            yield Article(id=f"raw-{i}", source="", text=record["text"], published=record.get("published"))


def gmb_passages(data: Path, held_out: HeldOut) -> Iterator[Article]:
    """Neighbouring sentences of one block, joined; the first of the corpus are enough."""
    passage: list[str] = []
    block, made = "", 0
    for record in json_lines(data / "ner/gmb-train.jsonl.gz"):
        text, doc = record["text"], record["meta"]["doc"]
        if doc != block or text in held_out:
            passage, block = [], doc
            if text in held_out:
                continue
        passage.append(text)
        if len(passage) == GMB_SENTENCES:
            made += 1
            yield Article(id=f"gmb-{made}", source="", text=" ".join(passage))
            passage = []
            if made == GMB_PASSAGES:
                return


def annotations(facts: Facts) -> dict[str, Any]:
    """The facts in the shape of our gold, as far as training reads it."""
    return {
        "spans": sorted([m.start, m.end, e.label] for e in facts.entities for m in e.mentions),
        "counts": [
            {"start": c.start, "end": c.end, "kind": c.kind, "status": c.status, "subset": c.subset}
            for c in facts.counts
        ],
        "quotes": [
            {"content": [[p.start, p.end] for p in q.parts], "nested": q.nested,
             "cue": [q.cue.start, q.cue.end] if q.cue else None,
             "speaker": [q.speaker.start, q.speaker.end] if q.speaker else None}
            for q in facts.quotes
        ],
        "dates": [{"start": d.start, "end": d.end, "type": d.type} for d in facts.dates],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pipelines", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    held_out = HeldOut(args.data)
    pipelines = [spacy.load(path) for path in args.pipelines]
    for name, source in (("digests", digests), ("gmb", gmb_passages)):
        articles = list(source(args.data, held_out))
        kept = dict.fromkeys(("spans", "counts", "quotes", "dates"), 0)
        runs = [factx.pipe(articles, nlp=nlp) for nlp in pipelines]
        with gzip.open(args.out / f"{name}.jsonl.gz", "wt", encoding="utf8") as out:
            for article, *facts in zip(articles, *runs, strict=True):
                first, *others = map(annotations, facts)
                agreed = {key: value for key, value in first.items() if all(value == o[key] for o in others)}
                for key in agreed:
                    kept[key] += 1
                out.write(json.dumps({"id": article.id, "text": article.text, **agreed}, ensure_ascii=False) + "\n")
        print(f"{name}: {len(articles)} passages; agreed on {kept}", flush=True)


if __name__ == "__main__":
    main()
