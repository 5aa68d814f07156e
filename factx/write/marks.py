"""Put marks into text for a page: stretches that may lie in one another or overlap become well nested elements."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from factx.sanitize import make_harmless

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text to be marked."""

    start: int
    """First character."""
    end: int
    """Character after the last; a mark without characters is not shown."""
    kind: str
    """Class of the element."""
    id: str | None = None
    """Id of the element, given to its first piece."""
    title: str | None = None
    """What is told when it is pointed at."""


def mark_text(text: str, marks: Iterable[Mark]) -> str:
    """Write text as HTML with marks in it.

    >>> mark_text("12 died & more", [Mark(0, 2, "count", "c1")])
    '<mark class="count" id="c1">12</mark> died &amp; more'

    A mark that ends inside another which began later is closed and opened again there; longer ones lie outside.

    Args:
        text: The article.
        marks: In any order; parts outside the text are left out.

    Returns:
        HTML in which all text is escaped and harmless; line breaks stay.
    """
    within = (Mark(max(0, mark.start), min(len(text), mark.end), mark.kind, mark.id, mark.title) for mark in marks)
    waiting = sorted((mark for mark in within if mark.start < mark.end), key=lambda mark: (mark.start, -mark.end))
    borders = sorted({border for mark in waiting for border in (mark.start, mark.end)} | {0, len(text)})
    pieces: list[str] = []
    opened: list[Mark] = []
    next_mark = 0
    for start, end in zip(borders, [*borders[1:], len(text)], strict=True):
        reopened: list[Mark] = []
        while any(mark.end == start for mark in opened):
            last = opened.pop()
            pieces.append("</mark>")
            if last.end != start:
                reopened.append(last)
        for mark in reversed(reopened):
            opened.append(mark)
            pieces.append(_open_mark(mark, again=True))
        while next_mark < len(waiting) and waiting[next_mark].start == start:
            opened.append(waiting[next_mark])
            pieces.append(_open_mark(waiting[next_mark], again=False))
            next_mark += 1
        pieces.append(show_lines(text[start:end]))
    return "".join(pieces)


def show_lines(text: str) -> str:
    r"""Write text as HTML: escaped, controls made visible, line breaks kept.

    >>> show_lines("a < b\n\x1b")
    'a &lt; b\n␛'
    """
    return escape("\n".join(map(make_harmless, text.split("\n"))))


def _open_mark(mark: Mark, *, again: bool) -> str:
    id = f' id="{escape(mark.id)}"' if mark.id and not again else ""
    title = f' title="{escape(make_harmless(mark.title))}"' if mark.title else ""
    return f'<mark class="{escape(mark.kind)}{" again" if again else ""}"{id}{title}>'


__all__ = ["Mark", "mark_text", "show_lines"]
