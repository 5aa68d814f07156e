"""Keep quotes that nest or lie apart: order them, tell which are nested, drop the weaker of two that cross."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.facts import Quote


def settle(quotes: list[Quote]) -> list[Quote]:
    """Order the quotes, tell which are nested, and drop the weaker of two that overlap wrongly."""
    kept: list[Quote] = []
    longest = 0
    for quote in sorted(quotes, key=lambda q: (-q.confidence, q.start, -q.end)):
        if not any(_clash(quote, other) for other in _overlapping(kept, quote, longest)):
            insort(kept, quote, key=_by_place)
            longest = max(longest, quote.end - quote.start)
    return [
        replace(
            quote,
            nested=any(other is not quote and _holds(other, quote) for other in _overlapping(kept, quote, longest)),
        )
        for quote in kept
    ]


def _by_place(quote: Quote) -> tuple[int, int]:
    return quote.start, -quote.end


def _overlapping(quotes: list[Quote], quote: Quote, longest: int) -> Iterator[Quote]:
    """Give the quotes that overlap another, from a list in text order whose longest quote is known."""
    low = bisect_left(quotes, (quote.start - longest, 0), key=_by_place)
    for index in range(low, len(quotes)):
        if quotes[index].start >= quote.end:
            return
        if quotes[index].end > quote.start:
            yield quotes[index]


def _holds(outer: Quote, inner: Quote) -> bool:
    """Tell whether all parts of a quote lie in the parts of another."""
    return (outer.start, outer.end) != (inner.start, inner.end) and all(
        any(o.start <= i.start and i.end <= o.end for o in outer.parts) for i in inner.parts
    )


def _clash(first: Quote, second: Quote) -> bool:
    """Tell whether two quotes overlap without one holding the other."""
    touch = any(a.start < b.end and b.start < a.end for a in first.parts for b in second.parts)
    return touch and not (_holds(first, second) or _holds(second, first))
