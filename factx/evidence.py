"""The words of an article that bear out a fact: the sentence around it, found by punctuation alone, without a parse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# Evidence is the sentence around a fact, looked for this far to each side; then it is cut at a blank and marked so.
_REACH = 240
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z0-9])")
# A full stop after these ends no sentence: short forms before names, initials, "U.S."
_SHORT_FORM = re.compile(
    r"(?<!\w)(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Maj|Capt|Sgt|Cmdr|Adm|Gov|Sen|Rep|Rev|Jr|Sr|No|vs|[A-Z]|(?:[A-Z]\.)+[A-Z])$"
)
# Between the parts of a quote so much is shown whole (an attribution), and of more only what stands at its ends.
_LONGEST_GAP = 160


class Piece(NamedTuple):
    """A stretch of evidence."""

    text: str
    """The characters as they stand in the article, or "…" where some are left out."""
    is_fact: bool
    """Whether they are the fact itself."""


def find_evidence(text: str, start: int, end: int) -> tuple[int, int]:
    """Find the sentence around a fact.

    >>> text = "It rained. Mr. Smith said 12 people died. Roads closed."
    >>> start, end = find_evidence(text, 26, 35)
    >>> text[start:end]
    'Mr. Smith said 12 people died.'

    Args:
        text: The article.
        start: Begin of the fact.
        end: End of the fact.

    Returns:
        Begin and end of the sentence, or of so much of it as is near.
    """
    first = max(text.rfind("\n", max(0, start - _REACH), start) + 1, start - _REACH, 0)
    break_after = text.find("\n", end, end + _REACH)
    last = break_after if break_after >= 0 else min(len(text), end + _REACH)
    cut = True
    for match in _SENTENCE_END.finditer(text, first, last):
        if _SHORT_FORM.search(text, max(0, match.start() - 8), match.start()) and text[match.start()] == ".":
            continue
        if match.end() <= start:
            first, cut = match.end(), False
        elif match.start() >= end - 1:
            last = match.end()
            break
    if cut and first == start - _REACH and first > 0 and not text[first - 1].isspace():
        first = min(start, (text.find(" ", first, start) + 1) or first)
    if last == end + _REACH and last < len(text) and not text[last].isspace():
        last = max(end, text.rfind(" ", end, last))
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def cut_evidence(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """Cut the sentence around a fact into what is the fact and what is not.

    >>> [piece.text for piece in cut_evidence("It rained. Police said 12 people died. Roads closed.", [(23, 32)])]
    ['Police said ', '12 people', ' died.']

    Args:
        text: The article.
        spans: Begin and end of the fact's parts: one, or the parts of a quote. Overlapping ones are joined.

    Returns:
        The pieces in text order, none of them empty. What is left out is a piece "…".
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    if not joined:
        return []
    first, last = find_evidence(text, joined[0][0], joined[-1][1])
    before = text[:first].rstrip(" ")
    pieces = [Piece("… ", is_fact=False)] if before and before[-1] not in "\n.!?\"'”’»)]" else []
    place = first
    for start, end in joined:
        pieces += [Piece(part, is_fact=False) for part in _shorten_gap(text[place:start], inside=place > first)]
        pieces.append(Piece(text[start:end], is_fact=True))
        place = end
    pieces.append(Piece(text[place:last], is_fact=False))
    if text[last - 1 : last].isalnum() and text[last : last + 1] == " ":
        pieces.append(Piece(" …", is_fact=False))
    return [piece for piece in pieces if piece.text]


def group_by_evidence(text: str, spans: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Put spans together that stand in one sentence, so that it is shown once.

    Args:
        text: The article.
        spans: Begins and ends.

    Returns:
        Lists of spans, each for one sentence, in text order.
    """
    groups: list[list[tuple[int, int]]] = []
    border = -1
    for start, end in sorted(set(spans)):
        if groups and end <= border:
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
            border = find_evidence(text, start, end)[1]
    return groups


def _shorten_gap(gap: str, *, inside: bool) -> list[str]:
    """Leave out the middle of what stands between two parts of a fact, if it is long."""
    if not inside or len(gap) <= _LONGEST_GAP:
        return [gap]
    half = _LONGEST_GAP // 2
    return [gap[:half].rsplit(" ", 1)[0], " … ", gap[-half:].split(" ", 1)[-1]]


__all__ = ["Piece", "cut_evidence", "find_evidence", "group_by_evidence"]
