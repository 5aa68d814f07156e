"""Counts: how many people were killed, hurt, arrested ..., what counts nobody; and any text whatever."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import hostile_text, news_text

import factx
from factx.extract.counts import find_counts
from factx.facts import Kind, Qualifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conftest import MakeDoc
    from spacy.language import Language

    from factx.facts import Count

_CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "counts.jsonl").read_text(encoding="utf-8").splitlines()
]
_BLANK = spacy.blank("en")


def _rows() -> list[Any]:
    return [
        pytest.param(
            row,
            id=row["label"],
            marks=[pytest.mark.xfail(strict=True, reason=row["comment"])] if row["status"] == "fail" else [],
        )
        for row in _CASES
    ]


def _plain(count: Count) -> list[Any]:
    return [count.kind, count.low, count.high, count.text, count.status, count.subset]


def _check(text: str, counts: Iterable[Count]) -> None:
    """Check what holds for all counts of any text."""
    counts = list(counts)
    assert [count.start for count in counts] == sorted(count.start for count in counts)
    for count in counts:
        spans = [count, *filter(None, (count.cue, count.source, count.place, count.date))]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(text[span.start : span.end] == span.text for span in spans)
        assert count.kind in get_args(Kind)
        assert count.qualifier in get_args(Qualifier)
        assert count.low is not None or count.high is not None
        assert count.low is None or count.high is None or 0 <= count.low <= count.high
        assert 0 <= count.confidence <= 1
    for kind in get_args(Kind):
        alike = [count for count in counts if count.kind == kind]
        assert all(one.end <= other.start for one, other in pairwise(alike))


@pytest.mark.parametrize("row", _rows())
def test_cases(row: dict[str, Any], nlp: Language) -> None:
    facts = factx.extract_facts(row["text"], published="2022-03-04", nlp=nlp)
    _check(row["text"], facts.counts)
    assert sorted(map(_plain, facts.counts), key=repr) == sorted(row["expect"], key=repr)


_LINK_CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "count_links.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["label"]) for row in _LINK_CASES])
def test_links(row: dict[str, Any], nlp: Language) -> None:
    """Source, place and date are those that the text tells for the event, and null where it tells none."""
    counts = factx.extract_facts(row["text"], published="2022-03-04", nlp=nlp).counts
    found = [[c.text, *(link and link.text for link in (c.source, c.place, c.date))] for c in counts]
    assert found == row["links"]


def test_table_is_whole() -> None:
    """The table has all kinds and statuses, and each row that fails tells why."""
    expected = [count for row in _CASES for count in row["expect"]]
    assert {count[0] for count in expected} == set(get_args(Kind))
    assert {count[4] for count in expected} == {"asserted", "possible", "denied", "superseded"}
    assert {count[5] for count in expected} == {False, True}
    assert all(row["status"] in {"pass", "fail"} for row in _CASES)
    assert all(bool(row["comment"]) == (row["status"] == "fail") for row in _CASES)
    assert len({row["label"] for row in _CASES}) == len(_CASES)
    for row in _CASES:
        assert all(count[3] in row["text"] for count in row["expect"])


@pytest.mark.parametrize(
    ("phrase", "qualifier", "low", "high"),
    [
        ("Twelve people", "exact", 12, 12),
        ("About 12 people", "about", 12, 12),
        ("An estimated 120 people", "about", 120, 120),
        ("At least 12 people", "at_least", 12, None),
        ("More than 12 people", "more_than", 12, None),
        ("Up to 12 people", "at_most", None, 12),
        ("Fewer than 12 people", "less_than", None, 12),
        ("Between 12 and 15 people", "between", 12, 15),
        ("Several people", "vague", 3, 9),
        ("Dozens of people", "vague", 24, 99),
        ("Nobody", "none", 0, 0),
    ],
)
def test_qualifiers(nlp: Language, phrase: str, qualifier: str, low: int | None, high: int | None) -> None:
    (count,) = factx.extract_facts(
        f"{phrase} was killed." if phrase == "Nobody" else f"{phrase} were killed.", nlp=nlp
    ).counts
    assert (count.kind, count.text) == ("killed", phrase)
    assert (count.qualifier, count.low, count.high) == (qualifier, low, high)


def test_source_place_and_time(nlp: Language) -> None:
    """Who gives the figure, where and when are linked to it."""
    text = "Police said 12 people were killed in Nairobi on Friday."
    (count,) = factx.extract_facts(text, published="2022-03-08", nlp=nlp).counts
    assert count.who == "people"
    assert count.cue is not None
    assert count.cue.text == "killed"
    assert count.source is not None
    assert count.source.text == "Police"
    assert count.place is not None
    assert count.place.text == "Nairobi"
    assert count.date is not None


_PASSIVE: dict[str, Any] = {
    "tags": ["CD", "NNS", "VBD", "VBN", "."],
    "pos": ["NUM", "NOUN", "AUX", "VERB", "PUNCT"],
    "heads": [1, 3, 3, 3, 3],
    "deps": ["nummod", "nsubj:pass", "aux:pass", "ROOT", "punct"],
}


@pytest.mark.parametrize(
    ("words", "expect"),
    [
        ("12 people were killed .", ["killed", 12, 12, "12 people", "asserted", False]),
        ("Three soldiers were wounded .", ["injured", 3, 3, "Three soldiers", "asserted", False]),
        ("20 students were kidnapped .", ["kidnapped", 20, 20, "20 students", "asserted", False]),
        ("Nine men were arrested .", ["arrested", 9, 9, "Nine men", "asserted", False]),
        ("Several sailors were rescued .", ["rescued", 3, 9, "Several sailors", "asserted", False]),
    ],
)
def test_passives_by_rules_alone(make_doc: MakeDoc, words: str, expect: list[Any]) -> None:
    doc = make_doc(words, **_PASSIVE)
    (count,) = find_counts(doc)
    assert _plain(count) == expect
    assert count.rule != "model"
    _check(doc.text, [count])


@pytest.mark.parametrize("words", ["12 houses were destroyed .", "40 chickens were killed .", "12 plans were killed ."])
def test_things_by_rules_alone(make_doc: MakeDoc, words: str) -> None:
    assert find_counts(make_doc(words, **_PASSIVE)) == []


def test_killing_by_rules_alone(make_doc: MakeDoc) -> None:
    """A number without a noun counts people where the verb says so."""
    doc = make_doc(
        "A bomb exploded , killing 12 .",
        tags=["DT", "NN", "VBD", ",", "VBG", "CD", "."],
        heads=[1, 2, 2, 4, 2, 4, 2],
        deps=["det", "nsubj", "ROOT", "punct", "advcl", "obj", "punct"],
    )
    (count,) = find_counts(doc)
    assert _plain(count) == ["killed", 12, 12, "12", "asserted", False]
    assert count.who is None


def test_toll_by_rules_alone(make_doc: MakeDoc) -> None:
    """The older figure of a rising toll gives way to the new one."""
    doc = make_doc(
        "The death toll rose from 30 to 40 .",
        tags=["DT", "NN", "NN", "VBD", "IN", "CD", "IN", "CD", "."],
        heads=[2, 2, 3, 3, 5, 3, 7, 3, 3],
        deps=["det", "compound", "nsubj", "ROOT", "case", "obl", "case", "obl", "punct"],
    )
    assert [_plain(count) for count in find_counts(doc)] == [
        ["killed", 30, 30, "30", "superseded", False],
        ["killed", 40, 40, "40", "asserted", False],
    ]


def test_proposal_of_the_model(make_doc: MakeDoc) -> None:
    """Kind, status and subset come from the proposal, the number from its words."""
    doc = make_doc(
        "12 people were killed .",
        **_PASSIVE,
        groups={"factx_count_spans": [(0, 2, "killed")]},
        attrs={
            "factx_count_spans": {
                "scores": [0.9],
                "kinds": [{"killed": 0.95}],
                "status": [{"asserted": 0.1, "possible": 0.9}],
                "subset": [0.8],
            }
        },
    )
    (count,) = find_counts(doc)
    assert _plain(count) == ["killed", 12, 12, "12 people", "possible", True]
    assert (count.rule, count.who) == ("model", "people")


def test_proposal_without_attributes(make_doc: MakeDoc) -> None:
    """A group that holds bare spans is enough."""
    doc = make_doc("12 people were killed .", **_PASSIVE, groups={"factx_count_spans": [(0, 2, "killed")]})
    doc.spans["factx_count_spans"].attrs = {}
    assert [_plain(count) for count in find_counts(doc)] == [["killed", 12, 12, "12 people", "asserted", False]]


_HOSTILE = [
    "",
    " ",
    "\n\n",
    "1" * 500,
    "1" * 500 + " people were killed.",
    "1," * 300 + "000 people died",
    "dozens",
    "killed",
    "12 or more",
    "12+",
    "12 killed",
    "between 5 and",
    "between 9 and 3 people were killed",
    "at least at least at least 12 dead",
    "no no no one was no killed",
    "million million million people fled",
    "half a dozen dozen hundred thousand dead",
    "including including three including four killed",
    "from 30 to from 40 to killed",
    "-12 people were killed",
    "1e9 people died, 0x12 people died, ١٢ people died, 十二 dead, ½ people died, ² dead",
    "12\u00a0people\u200bwere\ufeff killed\x00 and \ud800 30 wounded",
    "12 people 👩‍👩‍👧 killed e\u0301 12 ki\u00adlled",
    "A man a man a man a man was killed was killed was killed",
    "(((((12 people were killed)))))[[[[",
]


@pytest.mark.parametrize("text", _HOSTILE, ids=range(len(_HOSTILE)))
def test_hostile_text(nlp: Language, text: str) -> None:
    _check(text, factx.extract_facts(text, nlp=nlp).counts)
    _check_blank(text)


def _whole(text: str) -> str:
    """Replace lone surrogates, which spaCy cannot hold; `extract_facts` mends such a text beforehand."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _check_blank(text: str) -> None:
    """A blank pipeline has no tree and no proposals; that is no error."""
    doc = _BLANK(_whole(text))
    _check(doc.text, find_counts(doc))


_count_text = st.lists(
    st.sampled_from(
        """12 3,000 three dozen dozens hundreds million a an the no at least more than up to between and or from of to
        about people man soldiers police others deaths toll casualties homes chickens killed killing died dead wounded
        missing arrested charged with freed rescued fled infected cholera protested deployed feared may have were was
        not including among them , . ; - – + “ ” % $ aged 45 2019 May""".split()
    ),
    max_size=30,
).map(" ".join)
"""Text of the words that counts are made of, in any order."""


@given(_count_text | news_text | hostile_text | st.text(max_size=80))
def test_any_text_through_the_pipeline(nlp: Language, text: str) -> None:
    doc = nlp(_whole(text))
    _check(doc.text, find_counts(doc))


@given(_count_text | hostile_text | st.text(max_size=80))
@settings(max_examples=100)
def test_any_text_without_the_model(text: str) -> None:
    _check_blank(text)


def _seconds(make_doc: MakeDoc, repeats: int, *, one_sentence: bool) -> tuple[float, int, int]:
    """Time a text of many sentences, or of one that never ends; with a proposal of the model in every other one."""
    words = "12 people were killed" + (" and" if one_sentence else " .")
    base = [1, 3, 3, 3, 3]
    heads = [head + 5 * turn for turn in range(repeats) for head in base]
    deps = ["nummod", "nsubj:pass", "aux:pass", "ROOT", "punct"] * repeats
    if one_sentence:
        heads[8::5] = [3] * (repeats - 1)
        deps[8::5] = ["conj"] * (repeats - 1)
    doc = make_doc(
        words.split() * repeats,
        tags=["CD", "NNS", "VBD", "VBN", "CC" if one_sentence else "."] * repeats,
        heads=heads,
        deps=deps,
        groups={"factx_count_spans": [(5 * turn, 5 * turn + 2, "killed") for turn in range(0, repeats, 2)]},
    )
    start = time.process_time()
    counts = find_counts(doc)
    return time.process_time() - start, len(counts), len(doc.text)


@pytest.mark.parametrize("one_sentence", [False, True], ids=["sentences", "one sentence"])
def test_large_text(make_doc: MakeDoc, one_sentence: bool) -> None:  # noqa: FBT001 -- pytest passes it by name
    """200 kB take seconds, and time grows with length, not with its square."""
    small, _, _ = _seconds(make_doc, 2_000, one_sentence=one_sentence)
    large, found, length = _seconds(make_doc, 9_000, one_sentence=one_sentence)
    assert length > 190_000
    assert found == 9_000
    assert large < 30
    # 4.5 times the text; a square would take 20 times as long. The rest is for a machine that is busy.
    assert large < 12 * small + 1
