"""The samples' gold is whole and valid, and their scorer counts what it says it counts."""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import samples as scorer
from factx.schema import make_schema

ROOT = Path(__file__).resolve().parent.parent
GOLD = sorted((ROOT / "samples" / "gold").glob("*.json"))
RECORDS = {"entities": "Entity", "counts": "Count", "dates": "Date", "quotes": "Quote"}
# What the gold leaves out of each record, and what it adds.
UNMARKED = {
    "Entity": {"id", "confidence", "credit"},
    "Count": {"confidence", "rule", "cue", "place", "date"},
    "Date": {"confidence", "rule"},
    "Quote": {"confidence", "rule"},
}
BOUNDS = {
    "exact": lambda low, high: low == high and low is not None,
    "about": lambda low, high: low == high and low is not None,
    "at_least": lambda low, high: low is not None and high is None,
    "more_than": lambda low, high: low is not None and high is None,
    "at_most": lambda low, high: low is None and high is not None,
    "less_than": lambda low, high: low is None and high is not None,
    "between": lambda low, high: None not in (low, high) and low < high,
    "vague": lambda low, high: low is not None and (high is None or low < high),
    "none": lambda low, high: low == high == 0,
}
VALUE = re.compile(
    r"(\d{4}|XXXX)(-(\d\d|XX|W\d\d|Q[1-4]|H[12]|SP|SU|FA|WI)(-(\d\d|XX|WE))?)?(T(MO|MI|AF|EV|NI|DT|\d\d:\d\d))?"
    r"|P(\d+|X)(Y|M|W|D|DE)|PT(\d+|X)[HMS]|(PRESENT|PAST|FUTURE)_REF"
)


def _read(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def test_every_sample_has_gold() -> None:
    assert [path.stem for path in GOLD] == sorted(path.stem for path in (ROOT / "samples").glob("*.txt"))
    days = dict(re.findall(r"^\| (\S+)\.txt \| ([\d-]+) \|", (ROOT / "samples/README.md").read_text(), re.MULTILINE))
    assert days == {path.stem: _read(path)["published"] for path in GOLD}


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_gold_fits_the_schema(path: Path) -> None:
    definitions = make_schema()["$defs"]
    for kind, name in RECORDS.items():
        asked = set(definitions[name]["properties"]) - UNMARKED[name]
        for fact in _read(path)[kind]:
            assert set(fact) - {"dateline"} == asked
            for member in asked:
                schema = {"$defs": copy.deepcopy(definitions), **definitions[name]["properties"][member]}
                for loose in schema["$defs"].values():  # references carry no entity here
                    loose["required"] = ["start", "end", "text"]
                Draft202012Validator(schema).validate(fact[member])


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_gold_points_into_the_text(path: Path) -> None:
    record = _read(path)
    text = (ROOT / record["source"]).read_text(encoding="utf-8")
    mentions = [mention for entity in record["entities"] for mention in entity["mentions"]]
    parts = [part for quote in record["quotes"] for part in quote["parts"]]
    others = [
        fact[name]
        for kind in ("counts", "quotes")
        for fact in record[kind]
        for name in ("source", "cue", "speaker")
        if fact.get(name)
    ]
    for span in [*mentions, *parts, *others, *record["counts"], *record["dates"]]:
        assert text[span["start"] : span["end"]] == span["text"]
        assert span["text"] == span["text"].strip()
    for spans in (mentions, record["dates"], *(quote["parts"] for quote in record["quotes"])):
        ordered = sorted(spans, key=lambda span: span["start"])
        assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(ordered))
    for quote in record["quotes"]:
        assert quote["text"] == " ".join(part["text"] for part in quote["parts"])
        assert (quote["start"], quote["end"]) == (quote["parts"][0]["start"], quote["parts"][-1]["end"])


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_gold_agrees_with_itself(path: Path) -> None:
    record = _read(path)
    for kind in ("counts", "dates", "quotes"):
        assert record[kind] == sorted(record[kind], key=lambda fact: (fact["start"], fact["end"]))
    assert all(BOUNDS[count["qualifier"]](count["low"], count["high"]) for count in record["counts"])
    assert all(VALUE.fullmatch(date["value"]) for date in record["dates"])
    assert all(len(entity["mentions"]) > 0 and entity["name"] for entity in record["entities"])
    names = [(entity["label"], entity["name"]) for entity in record["entities"]]
    assert len(set(names)) == len(names)
    for quote in record["quotes"]:  # nothing but a nested quote lies within another
        inside = any(
            other is not quote and other["start"] <= quote["start"] and quote["end"] <= other["end"]
            for other in record["quotes"]
        )
        assert quote["nested"] == inside


def test_gold_scores_full_marks_against_itself() -> None:
    gold = scorer.read_gold()
    for name, row in scorer.score(gold, gold).as_json().items():
        assert (row["precision"], row["recall"]) == (1, 1), name


def _shift_mentions(record: dict[str, Any]) -> None:
    for mention in record["entities"][0]["mentions"]:
        mention["end"] += 1


def _split_entities(record: dict[str, Any]) -> None:
    record["entities"] = [{**e, "mentions": [m]} for e in record["entities"] for m in e["mentions"]]


def _shorten_quotes(record: dict[str, Any]) -> None:
    for quote in record["quotes"]:
        quote["parts"] = [{**quote["parts"][0], "end": quote["parts"][0]["start"] + 9}]


def _setter(kind: str, /, **values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda record: [fact.update(values) for fact in record[kind]].clear()


@pytest.mark.parametrize(
    ("spoil", "fallen"),
    [
        (_shift_mentions, "entities: mentions, span and label"),
        (_split_entities, "entities: grouping, pairs of mentions"),
        (_setter("entities", role="x"), "entities: role"),
        (_setter("entities", country=None), "entities: country"),
        (_setter("counts", low=1), "counts: kind, low and high"),
        (_setter("counts", source=None), "counts: source"),
        (_setter("counts", status="possible"), "counts: status"),
        (_setter("counts", subset=True), "counts: subset"),
        (_setter("dates", start=0), "dates: span"),
        (_setter("dates", value="1999"), "dates: value"),
        (_shorten_quotes, "quotes: content"),
        (_setter("quotes", kind="mixed"), "quotes: kind"),
        (_setter("quotes", speaker=None), "quotes: speaker, the name"),
    ],
)
def test_what_is_wrong_lowers_its_measure(spoil: Callable[[dict[str, Any]], None], fallen: str) -> None:
    gold = scorer.read_gold()
    wrong = copy.deepcopy(gold)
    for record in wrong:
        spoil(record)
    assert scorer.score(gold, wrong)[fallen].f1 < 1


def test_a_kind_that_a_tool_does_not_know_is_not_scored() -> None:
    gold = scorer.read_gold()
    only_dates = [{"id": record["id"], "dates": record["dates"]} for record in gold]
    assert {name.partition(":")[0] for name in scorer.score(gold, only_dates).tallies} == {"dates"}


def test_committed_table_is_of_this_gold() -> None:
    kept = json.loads(scorer.KEPT.read_text(encoding="utf-8"))
    now = scorer.score(scorer.read_gold(), scorer.read_gold())
    for name in ("entities: mentions, span and label", "counts: kind, low and high", "dates: value", "quotes: content"):
        assert kept[name]["gold"] == now[name].asked
