"""Score a pipeline on the treebank's test part and on the name corpora: gold words in, whole documents at a time.

    python evaluate.py --pipeline ../pipeline --data DATA [--out ../metrics/pipeline.json]

LAS and UAS leave punctuation out and ignore subtypes of relations; `sentence starts` is the F1 of first words,
`sentences` that of whole sentences (both ends right); names are exact spans with labels.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import spacy
from corpora import json_lines, treebank_sentences
from spacy.tokens import Doc

import factx.components  # noqa: F401 - registers the factories


def f1(right: int, predicted: int, gold: int) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def run(nlp: spacy.Language, docs: list[Doc]) -> list[Doc]:
    """Send ready-made Docs through the encoder."""
    return list(nlp.get_pipe("factx_encoder").pipe(docs))


def score_treebank(nlp: spacy.Language, path: Path) -> dict[str, float]:
    """Tags, parse and sentences on gold words."""
    documents: dict[str, list[list[list[str]]]] = {}
    for _, doc, _, rows in treebank_sentences(path):
        documents.setdefault(doc, []).append(rows)
    docs = []
    for sentences in documents.values():
        words = [row[1] for rows in sentences for row in rows]
        spaces = ["SpaceAfter=No" not in row[9] for rows in sentences for row in rows]
        docs.append(Doc(nlp.vocab, words=words, spaces=spaces))
    count: Counter[str] = Counter()
    for doc, sentences in zip(run(nlp, docs), documents.values(), strict=True):
        start, gold_sentences = 0, set()
        for rows in sentences:
            gold_sentences.add((start, start + len(rows)))
            for i, row in enumerate(rows):
                token = doc[start + i]
                count["words"] += 1
                count["upos"] += token.pos_ == row[3]
                count["xpos"] += token.tag_ == row[4]
                if row[3] == "PUNCT":
                    continue
                head = start + i if row[6] == "0" else start + int(row[6]) - 1
                count["scored"] += 1
                if token.head.i == head:
                    count["uas"] += 1
                    count["las"] += token.dep_.lower().split(":")[0] == row[7].split(":")[0]
            start += len(rows)
        predicted = {(s.start, s.end) for s in doc.sents}
        count["sentence_right"] += len(predicted & gold_sentences)
        count["sentence_predicted"] += len(predicted)
        count["sentence_gold"] += len(gold_sentences)
        count["start_right"] += len({s for s, _ in predicted} & {s for s, _ in gold_sentences})
    return {
        "uas": count["uas"] / count["scored"],
        "las": count["las"] / count["scored"],
        "upos": count["upos"] / count["words"],
        "xpos": count["xpos"] / count["words"],
        "sentence starts": f1(count["start_right"], count["sentence_predicted"], count["sentence_gold"]),
        "sentences": f1(count["sentence_right"], count["sentence_predicted"], count["sentence_gold"]),
    }


def score_names(nlp: spacy.Language, path: Path, labels: set[str], *, fold: bool = False) -> dict[str, float]:
    """Exact spans; with `fold`, GPE, LOC and FAC are one PLACE."""

    def folded(label: str) -> str:
        return "PLACE" if fold and label in ("GPE", "LOC", "FAC") else label

    records = list(json_lines(path))
    count: Counter[tuple[str, str]] = Counter()
    for doc, record in zip(run(nlp, [nlp.make_doc(r["text"]) for r in records]), records, strict=True):
        gold = {(s, e, folded(label)) for s, e, label, *_ in record["spans"] if label in labels}
        predicted = {(s.start_char, s.end_char, folded(s.label_)) for s in doc.ents if s.label_ in labels}
        for _, _, label in gold & predicted:
            count[label, "right"] += 1
        for _, _, label in predicted:
            count[label, "predicted"] += 1
        for _, _, label in gold:
            count[label, "gold"] += 1
    found = sorted({label for label, _ in count})
    scores = {x: f1(count[x, "right"], count[x, "predicted"], count[x, "gold"]) for x in found}
    total = [sum(count[x, part] for x in found) for part in ("right", "predicted", "gold")]
    return {"all": f1(*total), **scores}


ALL = {"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT"}
FOUR = {"PERSON", "ORG", "GPE", "LOC", "FAC"}


def score(nlp: spacy.Language, data: Path) -> dict[str, dict[str, float]]:
    """All scores, name of the test -> name of the score -> value between 0 and 1."""
    return {
        "treebank test": score_treebank(nlp, data / "treebank/test.conllu.gz"),
        "names-dev": score_names(nlp, data / "news/names-dev.jsonl.gz", ALL),
        "voa-names-dev": score_names(nlp, data / "news/voa-names-dev.jsonl.gz", ALL),
        "uner_ewt-dev folded": score_names(nlp, data / "ner/uner_ewt-dev.jsonl.gz", FOUR, fold=True),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipeline", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    scores = score(spacy.load(args.pipeline), args.data)
    for test, values in scores.items():
        print(test, " ".join(f"{name} {value:.4f}" for name, value in values.items()))
    if args.out:
        rounded = {test: {k: round(v, 4) for k, v in values.items()} for test, values in scores.items()}
        args.out.write_text(json.dumps(rounded, indent=1) + "\n")


if __name__ == "__main__":
    main()
