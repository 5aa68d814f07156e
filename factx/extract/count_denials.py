"""Denials: events that a text says did not happen, "no casualties", "without injuries", "none of the 12 was hurt"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.count_cues import Cue, cue_words
from factx.extract.count_rules import is_negated
from factx.extract.words import FINITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.syntax import Tree

DENIABLE = frozenset(
    """casualties casualty deaths death injuries injury fatalities fatality arrests arrest dead wounded injured hurt
    harmed
    killed""".split()
)
_SEEING = frozenset(
    """report reported see saw seen cause caused causing suffer suffered find found there were was been have had without
    sustain sustained""".split()
)
# "None of the 12 workers at the dam was hurt": words between the people and the verb.
_DENIED_REACH = 7


def find_denials(tree: Tree) -> Iterator[tuple[int, int]]:
    """Find denials without a number word: the token of "without" or "any", and that of the event noun denied."""
    for index, word in enumerate(tree.lowers):
        if word == "without" or (word == "any" and _is_seen(tree, index)):
            event = denied_event(tree, index)
            if event is not None:
                yield index, event


def _is_seen(tree: Tree, index: int) -> bool:
    """Tell whether somebody says that there was none: "did not report any", not "did not mention any"."""
    return is_negated(tree, index) and not _SEEING.isdisjoint(tree.lowers[max(0, index - 4) : index])


def denied_passive(tree: Tree, stop: int) -> list[Cue]:
    """Find what did not happen behind "none of the 12 miners" by the words alone: "was (seriously) hurt"."""
    for index in range(stop, min(stop + _DENIED_REACH, len(tree) - 1)):
        if tree.lowers[index] in (",", ".", ";", "and", "but"):
            break
        if tree.lowers[index] in ("was", "were", "is", "are"):
            told = index + 1 + tree.lowers[index + 1].endswith("ly")
            kinds = cue_words().get(tree.lowers[told], frozenset()) if told < len(tree) else frozenset()
            return [Cue(kind, told, True, "beside") for kind in kinds] if len(kinds) == 1 else []
    return []


def denied_event(tree: Tree, first: int) -> int | None:
    """Find the event noun that a "no" denies: "no casualties", "no immediate reports of damage or injuries"."""
    stop = min(tree.sentence_range(first)[1], first + 9)
    reported = False
    for index in range(first + 1, stop):
        word = tree.lowers[index]
        if word in DENIABLE:
            return index
        if word in ("reports", "report", "sign", "signs"):
            reported = True
            continue
        if word in ("of", "or", "and", ",", "other", "any", "-", "damage"):
            continue
        if not tree.tags[index].startswith(("JJ", "NN", "VBN", "RB")) and tree.tags[index] and not reported:
            return None
        if tree.tags[index] in FINITE:
            return None
    return None


__all__ = ["DENIABLE", "denied_event", "denied_passive", "find_denials"]
