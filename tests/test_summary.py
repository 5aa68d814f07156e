"""The sum-up of counts: which figure holds, and what stands beneath it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factx.facts import Count, DateRef, Kind, Ref, Status
from factx.summary import Figure, KindSummary, summarize_counts


def _count(low: int | None, high: int | None, start: int, **fields: Any) -> Count:
    source, place, date = (fields.pop(name, None) for name in ("source", "place", "date"))
    base = Count(
        kind="killed",
        low=low,
        high=high,
        qualifier="exact",
        text="xx",
        start=start,
        end=start + 2,
        who=None,
        subset=False,
        status="asserted",
        cue=None,
        source=Ref(source, 0, 1) if source else None,
        place=Ref(place, 0, 1) if place else None,
        date=DateRef(date, 0, 1, date) if date else None,
        confidence=0.9,
        rule="model",
    )
    return replace(base, **fields)


def _summary(*counts: Count) -> KindSummary:
    (summary,) = summarize_counts(counts)
    return summary


def _starts(figures: tuple[Figure, ...]) -> list[int]:
    return [figure.count.start for figure in figures]


def _current(summary: KindSummary) -> Figure:
    assert summary.current is not None
    return summary.current


def test_nothing() -> None:
    assert summarize_counts([]) == []


def test_kinds_in_the_order_of_the_guidelines() -> None:
    counts = [_count(3, 3, 10 * at, kind=kind) for at, kind in enumerate(reversed(get_args(Kind)))]
    assert [summary.kind for summary in summarize_counts(counts)] == list(get_args(Kind))


def test_first_figure_is_current() -> None:
    summary = _summary(_count(40, 40, 100), _count(12, 12, 0))
    assert _current(summary).count.start == 0
    assert _starts(summary.others) == [100]


def test_running_total_is_current() -> None:
    summary = _summary(_count(12, 12, 0), _count(40, 40, 300, rule="cue-toll"))
    assert _current(summary).count.low == 40
    assert _starts(summary.others) == [0]


def test_figure_that_replaces_another_is_current() -> None:
    """In "the toll rose from 30 to 40" 40 holds and 30 stands beneath, whatever is told before."""
    summary = _summary(
        _count(5, 5, 0), _count(30, 30, 300, status="superseded"), _count(40, 40, 306), _count(60, 60, 900)
    )
    assert _current(summary).count.low == 40
    assert _starts(summary.superseded) == [300]
    assert _starts(summary.others) == [0, 900]


@pytest.mark.parametrize(
    ("vague", "exact", "agrees"),
    [
        ((24, 99), (27, 27), True),
        ((160, None), (164, 164), True),
        ((5, None), (40, 40), False),
        ((None, 30), (28, 28), True),
        ((None, 30), (3, 3), False),
        ((10, 15), (12, 12), True),
        ((10, 15), (16, 16), False),
        ((27, 27), (27, 27), True),
        ((24, 99), (24, 99), True),
        ((1, 1), (1, 1), False),
        ((0, 0), (0, 0), True),
        ((3, 9), (1, 1), False),
    ],
)
def test_agreeing_statements(
    vague: tuple[int | None, int | None], exact: tuple[int | None, int | None], *, agrees: bool
) -> None:
    """A headline's "dozens" and the text's 27 are one figure, told by the more exact statement."""
    summary = _summary(_count(*vague, 0), _count(*exact, 50))
    if agrees:
        assert (_current(summary).count.low, _current(summary).count.high) == exact
        assert len(_current(summary).repeats) == 1
        assert summary.others == ()
    else:
        assert _current(summary).repeats == ()
        assert _starts(summary.others) == [50]


def test_two_days_are_two_figures() -> None:
    summary = _summary(_count(7, 7, 0, date="2022-03-04"), _count(7, 7, 50, date="2021-03-04"))
    assert _current(summary).repeats == ()
    assert _starts(summary.others) == [50]


@pytest.mark.parametrize(
    ("one", "other", "conflicts"),
    [
        ({"source": "police"}, {"source": "the organisers"}, True),
        ({}, {"source": "the organisers"}, True),
        ({"source": "Police"}, {"source": "police"}, False),
        ({"source": "police"}, {}, False),
        ({"source": "police", "place": "Lyon"}, {"source": "doctors", "place": "Paris"}, False),
        ({"source": "police", "place": "Lyon"}, {"source": "doctors", "place": "lyon"}, True),
        ({"source": "police", "date": "2022-01-01"}, {"source": "doctors", "date": "2022-01-02"}, False),
    ],
)
def test_conflicting_sources(one: dict[str, Any], other: dict[str, Any], *, conflicts: bool) -> None:
    """Only another source for the same event makes a conflict; else it is a further figure."""
    summary = _summary(_count(300, 300, 0, **one), _count(2000, 2000, 60, **other))
    assert _current(summary).count.low == 300
    assert _starts(summary.conflicting) == ([60] if conflicts else [])
    assert _starts(summary.others) == ([] if conflicts else [60])


@pytest.mark.parametrize("status", ["possible", "denied"])
def test_doubtful_figures(status: Status) -> None:
    summary = _summary(_count(100, 100, 0, status=status), _count(12, 12, 40))
    assert _current(summary).count.low == 12
    assert _starts(summary.doubtful) == [0]


def test_only_doubtful_figures() -> None:
    assert _summary(_count(100, 100, 0, status="possible")).current is None


def test_parts_under_their_total() -> None:
    """A part hangs on the nearest figure before it that can hold it."""
    summary = _summary(
        _count(64, 64, 0),
        _count(3, 3, 20, subset=True),
        _count(2, 2, 200),
        _count(5, 5, 220, subset=True),
        _count(1, 1, 240, subset=True),
    )
    assert [part.start for part in _current(summary).parts] == [20, 220]
    (other,) = summary.others
    assert [part.start for part in other.parts] == [240]


def test_increment_before_its_total() -> None:
    summary = _summary(_count(2, 2, 0, subset=True), _count(40, 40, 30))
    assert [part.start for part in _current(summary).parts] == [0]


def test_part_without_a_whole() -> None:
    summary = _summary(_count(3, 3, 0, subset=True))
    assert summary.current is None
    assert _starts(summary.others) == [0]


_bounds = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted) | st.tuples(st.integers(0, 50), st.none())
_counts = st.lists(
    st.builds(
        lambda bounds, start, kind, status, subset, source: _count(
            *bounds, start, kind=kind, status=status, subset=subset, source=source
        ),
        _bounds,
        st.integers(0, 400),
        st.sampled_from(["killed", "injured"]),
        st.sampled_from(get_args(Status)),
        st.booleans(),
        st.sampled_from([None, "police", "doctors"]),
    ),
    max_size=12,
)


@given(_counts)
def test_every_count_stands_once(counts: list[Count]) -> None:
    """Nothing is lost or told twice, and only asserted wholes are current."""
    found = []
    for summary in summarize_counts(counts):
        groups = (summary.superseded, summary.conflicting, summary.doubtful, summary.others)
        figures = [figure for group in groups for figure in group]
        if summary.current is not None:
            figures.append(summary.current)
            assert (summary.current.count.status, summary.current.count.subset) == ("asserted", False)
        for figure in figures:
            found += [figure.count, *figure.repeats, *figure.parts]
            assert all(part.subset for part in figure.parts)
        assert all(count.kind == summary.kind for figure in figures for count in (figure.count, *figure.repeats))
    assert Counter(found) == Counter(counts)


@given(_counts)
def test_order_of_counts_changes_nothing(counts: list[Count]) -> None:
    distinct = list({(count.start, count.kind): count for count in counts}.values())
    assert summarize_counts(distinct) == summarize_counts(distinct[::-1])
