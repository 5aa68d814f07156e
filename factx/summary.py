"""The article's own sum-up of its counts: for each kind what holds now, what it replaced or disputes, and the parts.

An article tells one figure many times, replaces it, doubts it and breaks it down. `summarize_counts` brings these
statements in order, so that a table can show the current figure with the others beneath. It only orders: no figure is
computed, none is left out, and figures of another event stay beside the current one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from factx.facts import Count, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# "more than 160" and 164 are one figure, "at least five" and 40 are two: an open bound says how large a number is, too.
_OPEN_REACH = 1.25
# A figure that replaces another stands in the same sentence: "rose from 30 to 40".
_REPLACING_REACH = 120
_NO_LIMIT = 10**12


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of an article with all that the article says about it."""

    count: Count
    """The statement that tells it best: the most exact one, the first of them."""
    repeats: tuple[Count, ...] = ()
    """Other statements of it, in text order: the same number, or a vaguer one that agrees ("dozens" and 27)."""
    parts: tuple[Count, ...] = ()
    """Its breakdown, in text order: counts told as part of it (`subset`)."""


@dataclass(frozen=True, slots=True)
class KindSummary:
    """What an article says about one kind of event; every count of the kind stands in it exactly once."""

    kind: Kind
    """The kind of event."""
    current: Figure | None
    """The figure that holds; None where none is asserted."""
    superseded: tuple[Figure, ...] = ()
    """Older figures that the article itself replaces, in text order."""
    conflicting: tuple[Figure, ...] = ()
    """Other figures for the same event by another source, in text order."""
    doubtful: tuple[Figure, ...] = ()
    """Figures that are feared, planned or denied, in text order."""
    others: tuple[Figure, ...] = ()
    """Further figures: of other events, or beside the current one without being part of it, in text order."""


def summarize_counts(counts: Iterable[Count]) -> list[KindSummary]:
    """Bring the counts of an article in order by kind.

    The current figure is the one that replaces a superseded one, else a running total ("the toll rose to 40"), else
    the first that is told: news opens with it.

    Args:
        counts: Counts of one article, in any order.

    Returns:
        A summary for each kind that has counts, in the order of the guidelines. A part that fits into no figure of its
        kind stands in `others`.

    Source: counts-guidelines, status and subset.
    """
    by_kind: dict[str, list[Count]] = {}
    for count in sorted(counts, key=lambda count: (count.start, count.end)):
        by_kind.setdefault(count.kind, []).append(count)
    return [_summarize(kind, by_kind[kind]) for kind in get_args(Kind) if kind in by_kind]


def _summarize(kind: Kind, counts: Sequence[Count]) -> KindSummary:
    wholes = [count for count in counts if not count.subset]
    figures = _add_parts(_join_repeats(wholes), [count for count in counts if count.subset])
    superseded = [figure for figure in figures if figure.count.status == "superseded"]
    doubtful = [figure for figure in figures if figure.count.status in ("possible", "denied")]
    # A part without a whole is a figure of its own, but never the current one.
    asserted = [figure for figure in figures if figure.count.status == "asserted"]
    current = _choose_current([figure for figure in asserted if not figure.count.subset], superseded)
    rest = [figure for figure in asserted if figure is not current]
    conflicting = [figure for figure in rest if current is not None and _disputes(figure.count, current.count)]
    others = [figure for figure in rest if figure not in conflicting]
    return KindSummary(kind, current, tuple(superseded), tuple(conflicting), tuple(doubtful), tuple(others))


def _bounds(count: Count) -> tuple[int, int]:
    return count.low or 0, _NO_LIMIT if count.high is None else count.high


def _agree(one: Count, other: Count) -> bool:
    """Tell whether two statements give one figure: equal bounds, or a vague statement that holds an exact number."""
    if one.status != other.status:
        return False
    if (one.low, one.high) == (other.low, other.high):
        # Two single persons are two persons; a number that is told twice is one.
        return one.low != 1 or one.high != 1
    exact, vague = (one, other) if one.low == one.high else (other, one)
    if exact.low is None or exact.low != exact.high or exact.low < 2:
        return False
    number = exact.low
    low, high = _bounds(vague)
    if vague.low == vague.high:
        return False
    if vague.high is None:
        return low <= number <= low * _OPEN_REACH
    if vague.low is None:
        return high / _OPEN_REACH <= number <= high
    return low <= number <= high


def _may_be_one_event(one: Count, other: Count) -> bool:
    """Tell whether nothing says that two figures are of two events: no two days, no two places."""
    if one.date and other.date and one.date.value != other.date.value:
        return False
    if one.place is None or other.place is None:
        return True
    if one.place.entity and other.place.entity:
        return one.place.entity == other.place.entity
    return one.place.text.lower() == other.place.text.lower()


def _join_repeats(counts: Sequence[Count]) -> list[Figure]:
    """Put the statements of one figure together, under the most exact and first of them."""
    groups: list[list[Count]] = []
    for count in counts:
        for group in groups:
            if _agree(group[0], count) and all(_may_be_one_event(member, count) for member in group):
                group.append(count)
                # The exact statement is what the next ones are held against.
                group.sort(key=lambda member: (member.low != member.high, member.start))
                break
        else:
            groups.append([count])
    figures = [
        Figure(group[0], tuple(sorted(group[1:], key=lambda member: (member.start, member.end)))) for group in groups
    ]
    return sorted(figures, key=lambda figure: (figure.count.start, figure.count.end))


def _add_parts(figures: Sequence[Figure], parts: Sequence[Count]) -> list[Figure]:
    """Hang each part on the nearest figure that can hold it; parts that fit nowhere become figures."""
    held: list[list[Count]] = [[] for _ in figures]
    alone: list[Figure] = []
    for part in parts:
        best: tuple[int, int] | None = None
        for index, figure in enumerate(figures):
            if (part.low or 0) > _bounds(figure.count)[1]:
                continue
            for told in (figure.count, *figure.repeats):
                # Parts follow their whole; only an increment ("after two more died, bringing the toll to 40") leads it.
                gap = part.start - told.end if told.end <= part.start else 3 * (told.start - part.end)
                if best is None or gap < best[0]:
                    best = (gap, index)
        if best is None:
            alone.append(Figure(part))
        else:
            held[best[1]].append(part)
    whole = [
        Figure(figure.count, figure.repeats, tuple(own)) if own else figure
        for figure, own in zip(figures, held, strict=True)
    ]
    return sorted([*whole, *alone], key=lambda figure: (figure.count.start, figure.count.end))


def _choose_current(figures: Sequence[Figure], superseded: Sequence[Figure]) -> Figure | None:
    """Choose the figure that holds: the newest that replaced one, else the last running total, else the first told."""
    if not figures:
        return None

    def replaces(figure: Figure) -> bool:
        told = (figure.count, *figure.repeats)
        return any(
            abs(one.start - old.end) <= _REPLACING_REACH or abs(old.start - one.end) <= _REPLACING_REACH
            for one in told
            for old in (old for other in superseded for old in (other.count, *other.repeats))
        )

    for holds in (replaces, lambda figure: _is_total(figure.count) or any(map(_is_total, figure.repeats))):
        found = [figure for figure in figures if holds(figure)]
        if found:
            return max(found, key=lambda figure: (_bounds(figure.count)[0], -figure.count.start))
    return figures[0]


def _is_total(count: Count) -> bool:
    """Tell whether a count was read as a running total."""
    return count.rule == "cue-toll" or (count.cue is not None and count.cue.text.lower() in ("toll", "tolls"))


def _disputes(count: Count, current: Count) -> bool:
    """Tell whether a figure is another source's for the same event."""
    if not _may_be_one_event(count, current) or count.source is None:
        return False
    return current.source is None or _source_name(count) != _source_name(current)


def _source_name(count: Count) -> str:
    return "" if count.source is None else count.source.entity or count.source.text.lower()


__all__ = ["Figure", "KindSummary", "summarize_counts"]
