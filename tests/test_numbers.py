"""Numbers: the case table, phrases word by word, and properties that hold for any text."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factx.extract.count_lexicon import other_noun_class, other_nouns, people_nouns, person_nouns
from factx.extract.numbers import Quantity, find_quantities, parse_quantity, scan_quantities

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "numbers.jsonl").read_text(encoding="utf8").splitlines()
]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["label"],
            marks=[pytest.mark.xfail(strict=True, reason=case["comment"])] if case["status"] == "fail" else [],
        )
        for case in CASES
    ],
)
def test_cases(case: dict[str, Any]) -> None:
    found = [mention.quantity for mention in scan_quantities(case["text"]) if not mention.use]
    assert [[q.low, q.high, q.qualifier] for q in found] == case["expect"]


def test_parse_takes_words() -> None:
    assert parse_quantity(["at", "least", "two", "dozen"]) == Quantity(24, None, "at_least")
    assert parse_quantity("more than a dozen soldiers".split()) == Quantity(12, None, "more_than")
    assert parse_quantity(["a", "man"]) == Quantity(1, 1, "exact")
    assert parse_quantity(["the", "police"]) is None
    assert parse_quantity(["aged", "45"]) is None
    assert parse_quantity([]) is None


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Police said at least 27 people died.", "at least 27"),
        ("Floods killed somewhere between 10 and 20 people.", "somewhere between 10 and 20"),
        ("They freed another 20 captives.", "another 20"),
        ("In all, 50 or more people came.", "50 or more"),
        ("The protests over two deaths went on.", "two"),
        ("They talked about five men.", "five"),
        ("They handed over the 20 captives.", "20"),
    ],
)
def test_spans_hold_hedges_and_no_more(text: str, phrase: str) -> None:
    mention = next(m for m in scan_quantities(text, singles=False) if not m.use)
    assert text[mention.start : mention.end] == phrase


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("It cost $25 million.", "money"),
        ("It cost 25 million euros.", "money"),
        ("a 45-year-old man", "age"),
        ("in May 2005,", "year"),
        ("on May 12", "date"),
        ("at 12:30", "time"),
        ("20 percent of them", "share"),
        ("12 kilometers away", "unit"),
        ("the 49th imam", "rank"),
        ("Flight 370 vanished", "code"),
    ],
)
def test_uses(text: str, use: str) -> None:
    assert use in {mention.use for mention in scan_quantities(text, singles=False)}


def test_find_quantities_leaves_other_uses_out(make_doc: Any) -> None:
    doc = make_doc("On May 12 a blast killed 20 people aged 30 .")
    assert [m.quantity.low for m in find_quantities(doc)] == [20]


def test_noun_lists_do_not_contradict() -> None:
    assert not other_nouns().keys() & person_nouns()
    assert other_noun_class("kilometers") == "distance"
    assert other_noun_class("soldiers") is None
    assert "gunmen" in people_nouns()


UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
UNITS += "seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spell(number: int) -> str:
    """Spell a number below a billion in words."""
    for size, word in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = f" {spell(number % size)}" if number % size else ""
            joint = " and" if rest and size == 100 else ""
            return f"{spell(number // size)} {word}{joint}{rest}"
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{UNITS[number % 10]}" if number % 10 else "")
    return UNITS[number]


@given(st.integers(1, 999_999_999))
def test_number_words_round_trip(number: int) -> None:
    assert parse_quantity(spell(number).split()) == Quantity(number, number, "exact")


@given(st.integers(1, 9_999_999_999))
def test_digits_round_trip(number: int) -> None:
    assert parse_quantity([f"{number:,}", "people"]) == Quantity(number, number, "exact")


@given(st.text(max_size=300))
def test_any_text_gives_ordered_spans(text: str) -> None:
    check_spans(text)


FRAGMENTS = [*UNITS[:6], *TENS[:3], "hundred", "thousand", "million", "dozen", "half", "a", "an", "the", "of", "at", "least",  # noqa: E501
             "or", "more", "so", "no", "one", "between", "and", "to", "-", ",", ".", "12", "5,000", "2.5", "m", "+", "people",  # noqa: E501
             "man", "out", "third", "in", "couple", "some", "$", "%", "not", "both", "another"]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25), st.sampled_from(["", " "]))
def test_any_mix_of_number_words_gives_ordered_spans(words: list[str], gap: str) -> None:
    check_spans(gap.join(words))
    parse_quantity(words)


def check_spans(text: str) -> None:
    last = 0
    for mention in scan_quantities(text):
        assert last <= mention.start <= mention.number_start < mention.number_end <= mention.end <= len(text)
        assert mention.end <= mention.reach
        low, high = mention.quantity.low, mention.quantity.high
        assert low is not None or high is not None
        assert low is None or high is None or 0 <= low <= high
        last = mention.number_end


def test_time_is_linear() -> None:
    for piece in ("12 ", "twenty ", "a ", "10 000 ", "1,000 or ", "at least ", "one hundred and "):
        assert scan_quantities(piece * 20_000) is not None
