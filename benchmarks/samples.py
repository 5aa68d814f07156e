"""Score factx, or any tool that prints the same JSON lines, on the samples' gold. Needs nothing but this project.

    python benchmarks/samples.py [--errors] [--write] [--predictions FILE]

The gold (samples/gold/*.json) is written by hand. Each measure counts what is right, what was given and what was asked
for; precision, recall and F1 follow. samples/gold/README.md tells what is right; what scores nothing either way is
told there too. --write keeps the table in benchmarks/samples.json, from which the README is made.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "samples" / "gold"
KEPT = ROOT / "benchmarks" / "samples.json"
RELAXED = 0.8  # share of words that two contents must have in common, as in the literature on quotes

Fact = dict[str, Any]
Record = dict[str, Any]


@dataclass
class Tally:
    """How often one measure was right, of how many given and how many asked for."""

    right: int = 0
    given: int = 0
    asked: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.asked if self.asked else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.given + self.asked) if self.given + self.asked else 0.0

    def add(self, right: int, given: int, asked: int) -> None:
        self.right += right
        self.given += given
        self.asked += asked


class Scores:
    """The measures by name, in the order of the table."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}

    def __getitem__(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())

    def as_json(self) -> dict[str, dict[str, float | int]]:
        """Give the table for benchmarks/samples.json."""
        return {
            name: {
                "precision": round(tally.precision, 3),
                "recall": round(tally.recall, 3),
                "f1": round(tally.f1, 3),
                "gold": tally.asked,
            }
            for name, tally in self.tallies.items()
        }


def read_gold() -> list[Record]:
    """Read the gold of all samples, each with the text that its offsets index."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLD.glob("*.json"))]
    return [{**record, "text": (ROOT / record["source"]).read_text(encoding="utf-8")} for record in records]


def as_input(gold: Iterable[Mapping[str, Any]]) -> str:
    """Write articles as the JSON lines that factx reads: the text and its publication day, no facts."""
    return "".join(json.dumps({name: record[name] for name in ("id", "text", "published")}) + "\n" for record in gold)


def run_factx(gold: Sequence[Record]) -> list[Record]:
    """Run the installed command on the texts."""
    command = [sys.executable, "-m", "factx", "extract", "-", "--input", "jsonl", "-f", "jsonl", "--quiet"]
    done = subprocess.run(
        command, input=as_input(gold), stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def score(gold: Iterable[Record], predictions: Iterable[Record]) -> Scores:
    """Score what a tool found in each article.

    Args:
        gold: Records as `read_gold` gives them.
        predictions: Records with the same ids. Of entities, counts, dates and quotes they hold those kinds that the
            tool knows; the others are not scored.
    """
    found = {record["id"]: record for record in predictions}
    scores = Scores()
    for record in gold:
        mine = found.get(record["id"], {})
        for kind, judge in JUDGES.items():
            if any(kind in prediction for prediction in found.values()):
                judge(record, mine.get(kind, []), scores)
    return scores


def _judge_entities(record: Record, given: list[Fact], scores: Scores) -> None:
    asked = record["entities"]
    mentions = {(m["start"], m["end"], e["label"]): i for i, e in enumerate(asked) for m in e["mentions"]}
    mine = {(m["start"], m["end"], e["label"]): i for i, e in enumerate(given) for m in e["mentions"]}
    tally = scores["entities: mentions, span and label"]
    tally.add(len(mentions.keys() & mine.keys()), len(mine), len(mentions))
    for sign, keys in (("missed", mentions.keys() - mine.keys()), ("wrong", mine.keys() - mentions.keys())):
        tally.errors += [f"{record['id']}: {sign} {label} {_show(record, s, e)}" for s, e, label in sorted(keys)]
    _judge_grouping(record, mentions, mine, scores)
    for name in ("role", "country"):
        if not any(name in entity for entity in given):
            continue
        for index, wanted in enumerate(asked):
            other = _counterpart(index, mentions, mine)
            if other is None:
                continue
            want, got = _plain(wanted[name]), _plain(given[other][name])
            scores[f"entities: {name}"].add(int(want == got and bool(want)), int(bool(got)), int(bool(want)))
            if want != got:
                scores[f"entities: {name}"].errors.append(
                    f"{record['id']}: {wanted['name']}: {given[other][name]!r}, not {wanted[name]!r}"
                )


def _counterpart(index: int, mentions: Mapping[Any, int], mine: Mapping[Any, int]) -> int | None:
    """Find the entity of the tool that holds most of the mentions of one in the gold."""
    others = [mine[key] for key, entity in mentions.items() if entity == index and key in mine]
    return max(set(others), key=lambda other: (others.count(other), -other)) if others else None


def _judge_grouping(record: Record, mentions: Mapping[Any, int], mine: Mapping[Any, int], scores: Scores) -> None:
    """Judge pairs of mentions that both sides know: are those of one name together, and no others?"""
    tally = scores["entities: grouping, pairs of mentions"]
    for a, b in itertools.combinations(sorted(mentions.keys() & mine.keys()), 2):
        together, joined = mentions[a] == mentions[b], mine[a] == mine[b]
        tally.add(int(together and joined), int(joined), int(together))
        if together != joined:
            pair = f"{_show(record, *a[:2])} + {_show(record, *b[:2])}"
            tally.errors.append(f"{record['id']}: {'wrongly joined' if joined else 'not joined'}: {pair}")


def _judge_counts(record: Record, given: list[Fact], scores: Scores) -> None:
    tally = scores["counts: kind, low and high"]
    left = list(record["counts"])
    for fact in given:
        match = next((other for other in left if _overlap(other, fact) and _same(other, fact)), None)
        if match is None:
            tally.add(0, 1, 0)
            tally.errors.append(f"{record['id']}: wrong {_tell_count(fact)}")
            continue
        left.remove(match)
        if match["status"] == "asserted":
            tally.add(1, 1, 1)
            _judge_source(record, match, fact, scores)
        for name in ("status", "subset"):
            if name in fact:
                scores[f"counts: {name}"].add(int(fact[name] == match[name]), 1, 1)
                if fact[name] != match[name]:
                    scores[f"counts: {name}"].errors.append(
                        f"{record['id']}: {_tell_count(match)}: {fact[name]}, not {match[name]}"
                    )
    missed = [other for other in left if other["status"] == "asserted"]
    tally.add(0, 0, len(missed))
    tally.errors += [f"{record['id']}: missed {_tell_count(other)}" for other in missed]


def _judge_source(record: Record, wanted: Fact, fact: Fact, scores: Scores) -> None:
    if "source" not in fact:
        return
    want, got = wanted["source"], fact["source"]
    right = bool(want and got and _overlap(want, got))
    scores["counts: source"].add(int(right), int(bool(got)), int(bool(want)))
    if not right and (want or got):
        scores["counts: source"].errors.append(
            f"{record['id']}: {_tell_count(wanted)}: {got and got['text']!r}, not {want and want['text']!r}"
        )


def _same(a: Fact, b: Fact) -> bool:
    return all(a[name] == b[name] for name in ("kind", "low", "high"))


def _tell_count(fact: Fact) -> str:
    return f"{fact['kind']} {fact['low']}..{fact['high']} {fact['text']!r}"


def _judge_dates(record: Record, given: list[Fact], scores: Scores) -> None:
    asked = record["dates"]
    pairs = _pair(asked, given, lambda a, b: ((a["start"], a["end"]) == (b["start"], b["end"]), _overlap(a, b)))
    matched = dict(pairs)
    partners = {j: i for i, j in pairs}
    for i, date in enumerate(asked):
        mine = given[matched[i]] if i in matched else None
        if date.get("dateline"):
            continue
        exact = mine is not None and (mine["start"], mine["end"]) == (date["start"], date["end"])
        equal = mine is not None and mine["value"] == date["value"]
        for name, right in (("span", exact), ("value", equal)):
            tally = scores[f"dates: {name}"]
            tally.add(int(right), int(mine is not None), 1)
            if not right:
                got = "nothing" if mine is None else f"{mine['text']!r} {mine['value']}"
                tally.errors.append(f"{record['id']}: {got}, not {date['text']!r} {date['value']}")
    for j, date in enumerate(given):
        if j not in partners:
            for name in ("span", "value"):
                scores[f"dates: {name}"].add(0, 1, 0)
                scores[f"dates: {name}"].errors.append(f"{record['id']}: wrong {date['text']!r} {date['value']}")


def _judge_quotes(record: Record, given: list[Fact], scores: Scores) -> None:
    text = record["text"]
    asked = [quote for quote in record["quotes"] if not quote["nested"]]
    inner = [quote for quote in record["quotes"] if quote["nested"]]
    mine = [quote for quote in given if not quote.get("nested")]
    pairs = _pair(asked, mine, lambda a, b: (_share(text, a, b), 1 if _share(text, a, b) >= RELAXED else 0))
    matched = dict(pairs)
    used = set(matched.values())
    spare = [
        quote
        for j, quote in enumerate(mine)
        if j not in used and not any(_share(text, other, quote) >= RELAXED for other in inner)
    ]
    contents, exact = scores["quotes: content"], scores["quotes: content, every word"]
    contents.add(len(matched), len(matched) + len(spare), len(asked))
    same = sum(_words(text, asked[i]) == _words(text, mine[j]) for i, j in pairs)
    exact.add(same, len(matched) + len(spare), len(asked))
    for i, quote in enumerate(asked):
        if i not in matched:
            contents.errors.append(f"{record['id']}: missed {quote['kind']} {quote['text'][:90]!r}")
            continue
        fact = mine[matched[i]]
        if _words(text, quote) != _words(text, fact):
            exact.errors.append(f"{record['id']}: {fact['text']!r}, not {quote['text']!r}")
        _judge_quote(record, quote, fact, scores)
    contents.errors += [f"{record['id']}: wrong {quote['text'][:90]!r}" for quote in spare]


def _judge_quote(record: Record, wanted: Fact, fact: Fact, scores: Scores) -> None:
    if "kind" in fact:
        scores["quotes: kind"].add(int(fact["kind"] == wanted["kind"]), 1, 1)
    want, got = wanted["speaker"], fact["speaker"]
    right = bool(want and got and _overlap(want, got))
    scores["quotes: speaker, the words"].add(int(right), int(bool(got)), int(bool(want)))
    name, mine = _plain(want and want["name"]), _plain(got and got.get("name"))
    if got is None or "name" in got:
        scores["quotes: speaker, the name"].add(int(name == mine and bool(name)), int(bool(mine)), int(bool(name)))
    for measure, wrong in (("the words", not right and bool(want or got)), ("the name", name != mine)):
        if wrong:
            tell = [side and f"{side['text']!r} = {side.get('name')!r}" for side in (got, want)]
            scores[f"quotes: speaker, {measure}"].errors.append(
                f"{record['id']}: {tell[0]}, not {tell[1]}: {wanted['text'][:60]!r}"
            )


JUDGES: dict[str, Callable[[Record, list[Fact], Scores], None]] = {
    "entities": _judge_entities,
    "counts": _judge_counts,
    "dates": _judge_dates,
    "quotes": _judge_quotes,
}


def _pair(
    asked: Sequence[Fact], given: Sequence[Fact], likeness: Callable[[Fact, Fact], tuple[float, float]]
) -> list[tuple[int, int]]:
    """Pair facts one to one, the most alike first; the second figure of `likeness` is 0 where they are no pair."""
    ranked = sorted(
        ((likeness(a, b), i, j) for i, a in enumerate(asked) for j, b in enumerate(given)),
        key=lambda entry: (*(-figure for figure in entry[0]), entry[1], entry[2]),
    )
    pairs: list[tuple[int, int]] = []
    for (_, fit), i, j in ranked:
        if fit and all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return sorted(pairs)


def _overlap(a: Fact, b: Fact) -> int:
    """How many characters two spans share."""
    return max(0, min(a["end"], b["end"]) - max(a["start"], b["start"]))


def _words(text: str, quote: Fact) -> set[int]:
    """Where the words of a content begin; quotation marks, commas and full stops do not matter."""
    parts = quote.get("parts") or [quote]
    found: Iterator[re.Match[str]] = itertools.chain.from_iterable(
        re.compile(r"\w+(?:['’]\w+)*").finditer(text, part["start"], part["end"]) for part in parts
    )
    return {match.start() for match in found}


def _share(text: str, a: Fact, b: Fact) -> float:
    """Words that two contents share, as F1."""
    if not _overlap(a, b):
        return 0.0
    one, other = _words(text, a), _words(text, b)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _plain(name: str | None) -> str:
    """A name or role as it is compared: lower case, without a leading article or possessive."""
    return re.sub(r"^(?:the|an?|his|her|its|their)\s+", "", " ".join((name or "").lower().replace("’", "'").split()))


def _show(record: Record, start: int, end: int) -> str:
    return repr(record["text"][start:end])


def make_table(scores: Mapping[str, Mapping[str, float | int]]) -> str:
    """Make the Markdown table of scores as `Scores.as_json` gives them."""
    lines = ["| measure | precision | recall | F1 | in the gold |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {name} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {row['gold']} |"
        for name, row in scores.items()
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="print each error")
    parser.add_argument("--write", action="store_true", help="keep the table in benchmarks/samples.json")
    parser.add_argument("--predictions", type=Path, help="JSON lines of another tool, in place of running factx")
    args = parser.parse_args()
    gold = read_gold()
    if args.predictions:
        predictions = [json.loads(line) for line in args.predictions.read_text(encoding="utf-8").splitlines()]
    else:
        predictions = run_factx(gold)
    scores = score(gold, predictions)
    print(f"{len(gold)} articles, {sum(len(record['text'].split()) for record in gold):,} words\n")
    print(make_table(scores.as_json()))
    if args.errors:
        for name, tally in scores.tallies.items():
            print(f"\n{name}")
            print("\n".join(f"  {error}" for error in tally.errors) or "  no error")
    if args.write:
        KEPT.write_text(json.dumps(scores.as_json(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
