"""Mentions: the record of one place where a name stands, and how lists of them are kept in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from factx.facts import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from factx.extract.words import Words

LABELS = frozenset(get_args(Label))
# At this score the encoder is sure of a label.
SURE_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands."""

    start: int
    """First character."""
    end: int
    """Character after the last."""
    text: str
    """The name as written there."""
    label: Label
    """PERSON, ORG, GPE, LOC, FAC, NORP or EVENT."""
    score: float
    """0 to 1."""
    first: int
    """First token that it touches."""
    last: int
    """Token after the last that it touches."""


def make_mention(words: Words, first: int, last: int, label: Label, score: float) -> Mention:
    """Make a mention of whole tokens, half-open."""
    start, end = words.starts[first], words.ends[last - 1]
    return Mention(start, end, words.text[start:end], label, round(score, 4), first, last)


def covered_tokens(mentions: Iterable[Mention]) -> set[int]:
    """Collect the tokens that mentions hold."""
    return {index for mention in mentions for index in range(mention.first, mention.last)}


def touching(mentions: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
    """Give the mentions, of a list in text order without overlaps, that touch a stretch of characters."""
    first = bisect_right(mentions, start, key=lambda mention: mention.end)
    last = bisect_left(mentions, end, key=lambda mention: mention.start)
    return mentions[first:last]


def merge_sorted(mentions: Iterable[Mention], more: Iterable[Mention]) -> list[Mention]:
    """Put mentions in text order; of two that overlap the first stays."""
    kept: list[Mention] = []
    for mention in sorted([*mentions, *more], key=lambda item: (item.start, -item.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept
