"""Wholes: numbers of which another of their sentence is a part: "Of the 40 killed, 12 ...", "two among six dead"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.count_cues import kinds_told

if TYPE_CHECKING:
    from factx.extract.count_candidates import Candidate, CountText

# "Of those 40 people ...": words before the number.
_OPENING = 2
# Longest gap in characters of "Two deputies were among six dead".
_AMONG_REACH = 40


def is_apart(text: CountText, candidate: Candidate) -> bool:
    """Tell whether an event is told of some alone: "Of [the 45 miners underground], 12 were killed"."""
    tree = text.tree
    begin, stop = tree.sentence_range(candidate.head)
    if tree.lowers[begin] != "of" or not opens_with(text, candidate):
        return False
    comma = next((index for index in range(candidate.last, stop) if tree.lowers[index] == ","), stop)
    own = any(cue.token < comma for cue in candidate.cues)
    return comma < stop and not own and not kinds_told(tree.lowers[candidate.first : comma])


def may_be_of_those(text: CountText, candidate: Candidate) -> bool:
    """Tell whether a number may be of those that its sentence begins with: "Of the 40 killed, [12] were children."."""
    tree = text.tree
    begin, stop = tree.sentence_range(candidate.head)
    if tree.lowers[begin] != "of" or candidate.mention is None or candidate.mention.form in ("single", "none"):
        return False
    behind = text.token_range(candidate.start, candidate.end)[1]
    following = tree.lowers[behind] if behind < stop else ""
    return tree.lowers[candidate.first - 1] == "," and following in ("are", "were", "is", "was", "have", "had")


def opens_with(text: CountText, whole: Candidate) -> bool:
    """Tell whether a sentence begins with "of" those counted."""
    return 0 < whole.first - text.tree.sentence_range(whole.head)[0] <= _OPENING


def is_among(text: CountText, some: Candidate, whole: Candidate) -> bool:
    """Tell whether a larger number stands right behind "among" for all of whom those before are some."""
    gap = text.text[some.end : whole.start] if some.end <= whole.start else ""
    larger = (some.quantity.low or 0) < (whole.quantity.low or 0)
    return larger and len(gap) < _AMONG_REACH and not any(mark in gap for mark in ",;:.")


__all__ = ["is_among", "is_apart", "may_be_of_those", "opens_with"]
