"""The order in which people want facts: counts summed up, dates in time, quotes by speaker; and values in words."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from factx.facts import Article, Count, Date, DateRef, Entity, Facts, Quote, Span, Speaker
from factx.intervals import find_interval, is_open, word_set, word_value
from factx.views import (
    explain_open_dates,
    format_number,
    group_quotes,
    list_statements,
    make_timeline,
    rank_entities,
    word_date,
)

COUNT = Count(
    "killed", 27, 27, "exact", "27 people", 0, 9, "people", False, "asserted", None, None, None, None, 0.9, "model"
)
DATE = Date("Friday", 0, 6, "DATE", "2022-01-07", None, 0.9, "weekday")
ARTICLE = Article("unrest", "unrest.txt", "Friday. " * 10, published="2022-01-10", published_from="option")


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "expected"),
    [
        ("exact", 164, 164, "164"),
        ("exact", 5000, 5000, "5,000"),
        ("about", 200, 200, "about 200"),
        ("at_least", 27, None, "≥ 27"),
        ("more_than", 12, None, "> 12"),
        ("at_most", None, 30, "≤ 30"),
        ("less_than", None, 1000, "< 1,000"),
        ("between", 12, 15, "12-15"),
        ("vague", 24, 99, "24-99"),
        ("vague", 24, None, "≥ 24"),
        ("none", 0, 0, "none"),
        ("exact", None, None, "?"),
    ],
)
def test_numbers(qualifier: Any, low: int | None, high: int | None, expected: str) -> None:
    assert format_number(replace(COUNT, qualifier=qualifier, low=low, high=high)) == expected


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("value", "first", "last", "words"),
    [
        ("2022-01-09", "2022-01-09", "2022-01-09", None),
        ("2022-02", "2022-02-01", "2022-02-28", None),
        ("2022", "2022-01-01", "2022-12-31", None),
        ("2022-W01", "2022-01-03", "2022-01-09", "week of 3 January 2022"),
        ("2022-W01-WE", "2022-01-08", "2022-01-09", "weekend of 8 January 2022"),
        ("2022-Q2", "2022-04-01", "2022-06-30", "quarter 2 of 2022"),
        ("2022-H2", "2022-07-01", "2022-12-31", "second half of 2022"),
        ("2022-SU", "2022-06-01", "2022-08-31", "summer of 2022"),
        ("2022-WI", "2022-12-01", "2023-02-28", "winter of 2022"),
        ("202", "2020-01-01", "2029-12-31", "the 2020s"),
        ("19", "1900-01-01", "1999-12-31", "1900-1999"),
        ("2022-01-09TNI", "2022-01-09", "2022-01-09", "night of 9 January 2022"),
        ("2022-01-09T09:30", "2022-01-09", "2022-01-09", "09:30 on 9 January 2022"),
    ],
)
def test_values_with_a_place_in_time(value: str, first: str, last: str, words: str | None) -> None:
    assert find_interval(value) == (day(first), day(last))
    assert word_value(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("P3D", "3 days"),
        ("P1Y", "1 year"),
        ("PXM", "some months"),
        ("PT24H", "24 hours"),
        ("PRESENT_REF", "now"),
        ("XXXX-XX-XX", None),
        ("2022-02-30", None),
        ("2022-W60", None),
        ("0", None),
        ("00", None),
        ("T09:30", None),
        ("", None),
    ],
)
def test_values_without_a_place_in_time(value: str, words: str | None) -> None:
    assert find_interval(value) is None
    assert word_value(value) == words


@given(st.text(alphabet="0123456789XWQHSPTDM-:_", max_size=12))
def test_no_value_breaks_the_timeline(value: str) -> None:
    interval = find_interval(value)
    assert interval is None or interval[0] <= interval[1]
    word_value(value)
    is_open(value)


def test_sets_are_said_in_words() -> None:
    assert word_set("P1D") == "every day"
    assert word_date(replace(DATE, type="SET", value="P1Y")) == "every year"
    assert word_date(replace(DATE, mod="START", value="2022-SU")) == "start of summer of 2022"
    assert word_date(DATE) is None


def test_timeline_is_in_order_of_time_and_puts_lengths_apart() -> None:
    values = ["2022-01-07", "P3D", "2021", "2022-01-07", "XXXX-XX-XX", "2022-W01", "2021-12-31TNI"]
    types: list[Any] = ["DATE", "DURATION", "DATE", "DATE", "DATE", "DATE", "TIME"]
    dates = tuple(
        replace(DATE, value=value, type=type, start=start, end=start + 6)
        for start, (value, type) in enumerate(zip(values, types, strict=True))
    )
    told = replace(COUNT, date=DateRef("Friday", 0, 6, "2022-01-07"))
    moments, rest = make_timeline(Facts(ARTICLE, counts=(told, COUNT), dates=dates))
    assert [moment.value for moment in moments] == ["2021", "2021-12-31TNI", "2022-W01", "2022-01-07"]
    assert [date.start for date in moments[-1].dates] == [0, 3]
    assert moments[-1].counts == (told,)
    assert [date.value for date in rest] == ["P3D", "XXXX-XX-XX"]


@given(strategies.facts())
def test_no_date_is_lost_on_the_timeline(facts: Facts) -> None:
    moments, rest = make_timeline(facts)
    placed = [date for moment in moments for date in moment.dates]
    assert sorted(map(id, [*placed, *rest])) == sorted(map(id, facts.dates))
    assert [moment.first for moment in moments] == sorted(moment.first for moment in moments)


@pytest.mark.parametrize(
    ("published", "value", "type", "told"),
    [
        (None, "XXXX-XX-XX", "DATE", True),
        (None, "PRESENT_REF", "DATE", True),
        (None, "XXXX-WXX-1", "SET", False),
        (None, "2022-01-07", "DATE", False),
        ("2022-01-10", "XXXX-XX-XX", "DATE", False),
    ],
)
def test_why_dates_stay_open(published: str | None, value: str, type: Any, told: Any) -> None:
    facts = Facts(replace(ARTICLE, published=published), dates=(replace(DATE, value=value, type=type),))
    reason = explain_open_dates(facts)
    assert (reason is not None) == told
    assert reason is None or ("--published" in reason and "\n" not in reason)


def test_statements_follow_the_sum_up() -> None:
    older = replace(COUNT, low=20, high=20, start=200, end=202, status="superseded")
    part = replace(COUNT, low=3, high=3, start=20, end=22, subset=True, status="possible")
    again = replace(COUNT, low=24, high=99, qualifier="vague", text="dozens", start=30, end=36)
    feared = replace(COUNT, kind="missing", start=40, end=42, status="possible")
    statements = list(list_statements([COUNT, older, part, again, feared]))
    assert [(told.count.start, told.relation, told.is_first, told.remark) for told in statements] == [
        (0, "", True, None),
        (20, "of them", False, "possible"),
        (200, "earlier", False, None),
        (40, "possible", True, "possible"),
    ]
    assert statements[0].repeats == ("dozens",)


@given(strategies.facts())
def test_every_count_is_told_or_repeats_one_that_is(facts: Facts) -> None:
    statements = list(list_statements(facts.counts))
    told = {id(statement.count) for statement in statements}
    repeated = {words for statement in statements for words in statement.repeats}
    assert len(told) == len(statements)
    assert all(id(count) in told or count.text in repeated for count in facts.counts)


def test_entities_are_ranked_within_their_label() -> None:
    once, twice = (Span(5, 9, "Azra"),), (Span(7, 9, "Az"), Span(9, 11, "Az"))
    entities = [
        Entity("e1", "GPE", "Here", None, None, twice, 0.9),
        Entity("e2", "PERSON", "Seldom", None, None, once, 0.9),
        Entity("e3", "PERSON", "Often", None, None, twice, 0.9),
        Entity("e4", "PERSON", "Earlier", None, None, (Span(0, 4, "Azra"),), 0.9),
    ]
    assert [entity.name for entity in rank_entities(entities)] == ["Often", "Earlier", "Seldom", "Here"]


def _quote(start: int, speaker: Speaker | None) -> Quote:
    part = Span(start, start + 4, "Stay")
    return Quote("direct", "Stay", start, start + 4, (part,), None, speaker, False, 0.9, "marks")


def test_quotes_are_grouped_by_speaker() -> None:
    hill = Entity("e1", "PERSON", "Azra Hill", "mayor", None, (Span(0, 9, "Azra Hill"),), 0.9)
    quotes = (
        _quote(0, Speaker("the police", 0, 3, "the police", None)),
        _quote(10, None),
        _quote(20, Speaker("She", 0, 3, "Azra Hill", "e1")),
        _quote(30, Speaker("Hill", 0, 3, "Azra Hill", "e1")),
        _quote(40, Speaker("Police", 0, 3, "Police", None)),
        _quote(50, Speaker("Hill", 0, 3, "Azra Hill", "e1")),
    )
    groups = group_quotes(Facts(ARTICLE, (hill,), quotes=quotes))
    assert [(group.name, group.entity, [quote.start for quote in group.quotes]) for group in groups] == [
        ("Azra Hill", hill, [20, 30, 50]),
        ("the police", None, [0, 40]),
        (None, None, [10]),
    ]
