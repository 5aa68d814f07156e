"""Figures that contradict one another: told of one kind of event, in one place, within a few days, and not compatible.

Two articles never say that they tell of the same event. Place and time are what they share, so figures are compared
within these, and a reader decides: the report shows them side by side with their sources and days.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factx.intervals import find_interval
from factx.summary import summarize_counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factx.facts import Count, Facts

# Tolls of one event are told anew for some days; figures further apart than this, from the last one or from the first,
# are taken for another event's.
_REACH = datetime.timedelta(days=3)
_LONGEST = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """A figure with where it stands."""

    article: int
    """Number of the article."""
    count: int
    """Number of the count in the article's list."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Figures that cannot all be right, with those told beside them."""

    kind: str
    """Kind of event."""
    place: str | None
    """Where it happened; None for figures of one article that does not say."""
    told: tuple[Told, ...]
    """All figures, in the order of the articles."""


@dataclass(frozen=True, slots=True)
class _Figure:
    article: int
    number: int
    count: Count
    day: datetime.date | None


def find_differences(articles: Iterable[Facts]) -> list[Difference]:
    """Find figures that contradict one another.

    Args:
        articles: Facts of articles.

    Returns:
        Groups of figures in which at least two exclude each other, those with most figures first. Figures that hold and
        figures that their article itself sets against these are compared; superseded, denied and feared ones are not.
    """
    groups: dict[tuple[str, str | int], list[_Figure]] = {}
    names: dict[str, str] = {}
    for article, facts in enumerate(articles):
        entities = {entity.id: entity.name for entity in facts.entities}
        numbers = {id(count): number for number, count in enumerate(facts.counts)}
        for summary in summarize_counts(facts.counts):
            if summary.current is None:
                continue
            for figure in (summary.current, *summary.conflicting):
                count = figure.count
                place = entities.get(count.place.entity or "", count.place.text) if count.place else None
                key: str | int = article if place is None else place.casefold()
                if place is not None:
                    names.setdefault(place.casefold(), place)
                told = _Figure(article, numbers[id(count)], count, _find_day(facts, count))
                groups.setdefault((summary.kind, key), []).append(told)
    found = [
        Difference(
            kind,
            names[key] if isinstance(key, str) else None,
            tuple(Told(figure.article, figure.number) for figure in sorted(near, key=lambda figure: figure.article)),
        )
        for (kind, key), figures in groups.items()
        for near in _split_by_day(figures)
        if _contradict(near)
    ]
    return sorted(found, key=lambda difference: -len(difference.told))


def _find_day(facts: Facts, count: Count) -> datetime.date | None:
    """The day of a count's event as far as it is known: its own date, else the day of publication."""
    for value in (count.date.value if count.date else None, facts.article.published):
        interval = find_interval(value) if value else None
        if interval and interval[0] == interval[1]:
            return interval[0]
    return None


def _split_by_day(figures: list[_Figure]) -> list[list[_Figure]]:
    """Part figures where no event was told for some days; those without a day stay together."""
    dated = sorted(
        (figure for figure in figures if figure.day),
        key=lambda figure: (figure.day or datetime.date.min, figure.article),
    )
    parts: list[list[_Figure]] = []
    for figure in dated:
        first, last = (parts[-1][0].day, parts[-1][-1].day) if parts else (None, None)
        if first and last and figure.day and figure.day - last <= _REACH and figure.day - first <= _LONGEST:
            parts[-1].append(figure)
        else:
            parts.append([figure])
    undated = [figure for figure in figures if not figure.day]
    return [*parts, undated] if undated else parts


def _contradict(figures: list[_Figure]) -> bool:
    """Tell whether two figures exclude each other: the lowest ceiling lies under the highest floor."""
    floors = [figure.count.low or 0 for figure in figures]
    ceilings = [math.inf if figure.count.high is None else figure.count.high for figure in figures]
    return min(ceilings) < max(floors)


__all__ = ["Difference", "Told", "find_differences"]
