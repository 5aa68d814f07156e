"""Dates: a table of sentences with the expressions they hold, examples of the grammar, and what holds for any text."""

from __future__ import annotations

import datetime
import itertools
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from factx.extract.dates import find_dates, find_published
from factx.extract.timex_calendar import number_of, period_value, point_of, shift
from factx.extract.timex_grammar import Rule, next_start, readings_at, rules
from factx.extract.timex_holidays import find_holiday
from factx.extract.timex_patterns import PatternReader
from factx.extract.timex_scan import scan_text
from factx.extract.timex_words import category_codes

if TYPE_CHECKING:
    from conftest import MakeDoc

NLP = spacy.blank("en")
CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "dates.jsonl").read_text("utf-8").splitlines()]
FRIDAY = "2026-07-24"

MONTHS = "January February March April May June July August September October November December".split()
SHORT_MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()


def read(text: str, published: str | None = FRIDAY) -> list[list[str | None]]:
    """Text, type, value and mod of the dates of a text."""
    return [[date.text, date.type, date.value, date.mod] for date in find_dates(NLP(text), published)]


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case['label']}" for number, case in enumerate(CASES)])
def test_case(case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    """Every sentence of the table gives the dates that stand beside it, and no others."""
    if case["status"] == "known":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["comment"]))
    assert read(case["text"], case["published"]) == case["expect"]


@pytest.mark.parametrize("rule", rules(), ids=[rule.name for rule in rules()])
def test_rule_examples(rule: Rule) -> None:
    """Every rule reads the examples that its line gives."""
    assert rule.examples
    for text, span, value in rule.examples:
        assert [span, value] in [[found[0], found[2]] for found in read(text)]


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("LONDON, April 21, 2026 /PRNewswire/ -- A firm today said so.", "2026-04-21"),
        ("KABUL, March 8, 2022 (Reuters) - Two men were shot.", "2022-03-08"),
        ("NAIROBI, Kenya, 8 March 2022 (AFP) — Two men were shot.", "2022-03-08"),
        ("Two men shot\n\nFriday, July 21, 2017\n\nPolice said so.", "2017-07-21"),
        ("Two men shot\nPublished: 3 May 2021 10:20 GMT\nPolice said so.", "2021-05-03"),
        ("Two men shot\n2021-05-03\nPolice said so.", "2021-05-03"),
        # No year, so no day.
        ("KABUL, March 8 (Reuters) - Two men were shot.", None),
        # A date that the story tells is not the day it was told.
        ("Two men were shot on March 8, 2022 in Kabul.", None),
        ("The treaty of March 8, 2022 - the first of its kind - failed.", None),
        ("", None),
    ],
)
def test_published(text: str, published: str | None) -> None:
    """Datelines and lines that are just a date tell the publication day; dates in sentences do not."""
    assert find_published(text) == published


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("three", 3),
        ("twenty - five", 25),
        ("two and a half", 2.5),
        ("a", 1),
        ("a hundred", 100),
        ("two hundred and fifty", 250),
        ("166 million", 166e6),
        ("1,200", 1200),
        ("half a million", 0.5e6),
        ("several", None),
    ],
)
def test_number_of(words: str, number: float | None) -> None:
    """Numbers in words and digits."""
    assert number_of(words.split()) == number


@pytest.mark.parametrize(
    ("anchor", "number", "unit", "value"),
    [
        ("2024-01-31", 1, "M", "2024-02"),
        ("2024-02-28", 2, "D", "2024-03-01"),
        ("2024-02-28", -1, "W", "2024-02-21"),
        ("2024", 3, "DE", "2054"),
        ("2024-05", -1.5, "Y", "2022-11"),
        ("2024", 1, "D", None),
        ("0003", -10, "Y", None),
        ("9999-12-31", 1, "D", None),
    ],
)
def test_shift(anchor: str, number: float, unit: str, value: str | None) -> None:
    """Shifts are as precise as their unit, and never leave the calendar."""
    assert shift(point_of(anchor), number, unit) == value


def test_period_value() -> None:
    """Lengths of time in TIMEX3."""
    assert [period_value(3, "DE"), period_value("X", "TH"), period_value(2, "FN"), period_value(1.5, "TH")] == [
        "P30Y",
        "PTXH",
        "P4W",
        "PT1.5H",
    ]


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("easter", 2024, "2024-03-31"),
        ("good friday", 2025, "2025-04-18"),
        ("passover", 2024, "2024-04-23"),
        ("rosh hashanah", 2023, "2023-09-16"),
        ("hanukkah", 2024, "2024-12-26"),
        ("ramadan", 2025, "2025-03-01"),
        ("thanksgiving", 2025, "2025-11-27"),
        ("memorial day", 2022, "2022-05-30"),
        ("lunar new year", 2024, "2024-02-10"),
        ("orthodox easter", 2024, "2024-05-05"),
        ("orthodox easter", 2023, "2023-04-16"),
        ("no such day", 2024, None),
    ],
)
def test_find_holiday(name: str, year: int, day: str | None) -> None:
    """Named days against the calendars of their years."""
    found = find_holiday(name, year)
    assert (found.isoformat() if found else None) == day


def ordinal_ending(number: int) -> str:
    """The letters after an ordinal in digits."""
    return "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


FORMS = {
    "iso": lambda day: day.isoformat(),
    "month day year": lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
    "short month": lambda day: f"{SHORT_MONTHS[day.month - 1]} {day.day}, {day.year}",
    "day month year": lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    "ordinal": lambda day: f"the {day.day}{ordinal_ending(day.day)} of {MONTHS[day.month - 1]} {day.year}",
    "weekday": lambda day: f"{day:%A}, {MONTHS[day.month - 1]} {day.day}, {day.year}",
    "dotted": lambda day: f"{day.day:02d}.{day.month:02d}.{day.year}",
    "iso with slashes": lambda day: f"{day:%Y/%m/%d}" if day.year > 999 else day.isoformat(),
    "no comma": lambda day: f"{MONTHS[day.month - 1]} {day.day} {day.year}",
    "ordinal of year": lambda day: f"{MONTHS[day.month - 1]} {day.day}{ordinal_ending(day.day)} of {day.year}",
    "ordinal month year": lambda day: f"{day.day}{ordinal_ending(day.day)} {MONTHS[day.month - 1]} {day.year}",
    "weekday day month year": lambda day: f"{day:%A} {day.day} {MONTHS[day.month - 1]}, {day.year}",
    "short weekday": lambda day: f"{day:%a}, {SHORT_MONTHS[day.month - 1]} {day.day}, {day.year}",
    "day short month": lambda day: f"{day.day} {SHORT_MONTHS[day.month - 1].rstrip('.')} {day.year}",
}
# A year with a part of it, and how the value is written.
PARTS = {
    "{}": "{:04d}",
    "the year {}": "{:04d}",
    "early {}": "{:04d}",
    "mid-{}": "{:04d}",
    "the end of {}": "{:04d}",
    "April {}": "{:04d}-04",
    "Sept. {}": "{:04d}-09",
    "late August {}": "{:04d}-08",
    "the summer of {}": "{:04d}-SU",
    "winter {}": "{:04d}-WI",
    "the third quarter of {}": "{:04d}-Q3",
    "Q1 {}": "{:04d}-Q1",
    "the first half of {}": "{:04d}-H1",
    "fiscal {}": "FY{:04d}",
    "FY{}": "FY{:04d}",
}


@given(
    st.dates(datetime.date(1700, 1, 1), datetime.date(2150, 12, 31)),
    st.sampled_from(sorted(FORMS)),
    st.sampled_from([None, FRIDAY]),
)
@settings(deadline=None)
def test_full_dates_read_back(day: datetime.date, form: str, published: str | None) -> None:
    """A day written in any form with its year reads back to itself, whatever the publication day."""
    written = FORMS[form](day)
    assert read(f"It happened on {written}, they said.", published) == [[written, "DATE", day.isoformat(), None]]


@given(
    st.integers(1900, 2100),
    st.sampled_from(
        ["in {}", "since {}", "until {}", "by the end of {}", "from {} on", "the {} floods", "in March {}"]
    ),
)
@settings(deadline=None)
def test_years_read_back(year: int, form: str) -> None:
    """A year in any frame reads back to itself, with the month where one stands beside."""
    values = [found[2] for found in read(f"It was so {form.format(year)}.")]
    assert values == [f"{year}-03" if "March" in form else f"{year}"]


WORDS = st.sampled_from(
    [
        *"the a of last next two 3 2024 March May Monday , . - – / : first second quarter days year ago".split(),
        *"later night morning 9:30 a.m. GMT every early end week in on until several half and to BC 's $ %".split(),
        *"century decade 1990s ’80s now more".split(),
        *("Christmas", "today", "than", "over", "\n"),
    ]
)
DAYS = st.sampled_from([None, FRIDAY, "0001-01-01", "9999-12-31", "no day"])


@given(st.integers(1900, 2100), st.sampled_from(sorted(PARTS)), st.sampled_from([None, FRIDAY]))
@settings(deadline=None)
def test_parts_of_years_read_back(year: int, form: str, published: str | None) -> None:
    """A year with a month, a season, a quarter or a half reads back to its value, whatever the publication day."""
    written = form.format(year)
    found = [[text, value] for text, _, value, _ in read(f"It was so in {written}, they said.", published)]
    assert found == [[written, PARTS[form].format(year)]]


@given(st.lists(WORDS, max_size=30).map(" ".join))
@settings(deadline=None, max_examples=150)
def test_no_rule_is_passed_over(text: str) -> None:
    """The letters by which rules are picked lose no match: trying every rule everywhere finds the same."""
    scan = scan_text(text)
    for index in range(len(scan.codes)):
        matches = {rule.name: match for rule in rules() if (match := rule.regex.match(scan.codes, index))}
        expected = sorted((match.end(), name) for name, match in matches.items() if match.end() > index)
        picked = sorted((reading.last, reading.rule.name) for reading in readings_at(scan, index))
        assert picked == expected
        assert not expected or next_start(scan, index) == index


@pytest.mark.parametrize("pattern", ["month:moon", "(month", "month)", "month & day", "month:"])
def test_wrong_pattern(pattern: str) -> None:
    """A pattern with an unknown name, an open bracket or a stray sign is refused, not misread."""
    with pytest.raises(ValueError, match="date rule"):
        PatternReader(category_codes(), ()).read(pattern)


def test_pattern_parts() -> None:
    """A pattern tells what can begin it and what it cannot do without."""
    codes = category_codes()
    reader = PatternReader(codes, [codes["month"], codes["weekday"]])
    part = reader.read("the? (month|weekday) day:n12? (?!dash)")
    assert part.first == {codes["the"], codes["month"], codes["weekday"]}
    assert part.needs == {codes["month"], codes["weekday"]}
    assert not part.empty
    assert reader.read("day:n12 (?=dash) day:n31").regex.count("(?P<day__") == 2
    assert reader.read("month?").needs is None


@pytest.mark.parametrize(
    ("words", "tags", "heads", "deps", "value"),
    [
        (["“", "Ask", "me", "on", "Monday", "."], ["``", "VB", "PRP", "IN", "NNP", "."], [1, 1, 1, 4, 1, 1],
         ["punct", "ROOT", "obj", "case", "obl", "punct"], "2026-07-27"),
        (["Come", "on", "Monday", "."], ["VB", "IN", "NNP", "."], [0, 2, 0, 0], ["ROOT", "case", "obl", "punct"],
         "2026-07-27"),
        (["They", "came", "on", "Monday", "."], ["PRP", "VBD", "IN", "NNP", "."], [1, 1, 3, 1, 1],
         ["nsubj", "ROOT", "case", "obl", "punct"], "2026-07-20"),
    ],
)  # fmt: skip
def test_direction_by_the_tree(
    make_doc: MakeDoc, words: list[str], tags: list[str], heads: list[int], deps: list[str], value: str
) -> None:
    """What is asked for lies ahead, though no word of it tells: "Ask me on Monday"."""
    found = find_dates(make_doc(" ".join(words), tags=tags, heads=heads, deps=deps), FRIDAY)
    assert [date.value for date in found] == [value]


@given(
    st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join)),
    DAYS,
)
@settings(deadline=None, max_examples=300)
def test_any_text(text: str, published: str | None) -> None:
    """No text raises; offsets slice to the words; dates stand in order and do not overlap."""
    found = find_dates(NLP.make_doc(text), published)
    assert all(text[date.start : date.end] == date.text and date.text and date.value for date in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    find_published(text)


@pytest.mark.parametrize(
    "phrase", ["the first of the early two", "3 to 5 to", "a hundred and", "March 3", "2014 ,", "\n \n"]
)
def test_linear_time(phrase: str) -> None:
    """A text eight times as long takes eight times as long, also where rules begin and never end."""

    def seconds(times: int) -> float:
        doc = Doc(NLP.vocab, words=phrase.split(" ") * times)
        start = time.process_time()
        find_dates(doc, FRIDAY)
        find_published(doc.text)
        return time.process_time() - start

    seconds(10)
    assert seconds(4000) < 40 * seconds(500) + 1
