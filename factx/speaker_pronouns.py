"""Pronouns: the likeliest antecedent by gender, number, who spoke last, and subjects of the sentences before."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from factx.speaker_candidates import Resolved, fits
from factx.speaker_descriptions import find_known

if TYPE_CHECKING:
    from factx.facts import Quote, Speaker
    from factx.speaker_discourse import Discourse

# How far back, in sentences, an antecedent may stand, and what its place is worth (chosen on voa-train).
_REACH = 4
_SPOKE_LAST = 1.6
_SUBJECT = 0.9
_FIRST_OF_SENTENCE = 0.4
_KNOWN_GENDER = 0.3
_PER_SENTENCE = 1.0
_TIE = 0.05


def resolve_relative(discourse: Discourse, speaker: Speaker) -> Resolved:
    """Give the nearest person or body right before a relative pronoun."""
    stop = bisect_left(discourse.told_starts, speaker.start)
    if stop and speaker.start - discourse.told[stop - 1].end < 40:
        return discourse.told[stop - 1].who
    return Resolved(None, None)


def resolve_pronoun(
    discourse: Discourse, word: str, quote: Quote, speaker: Speaker, last: tuple[int, Resolved] | None
) -> Resolved:
    """Weigh those told in the sentences before by distance, subject and who spoke last."""
    sentence = discourse.sentence_at(speaker.start)
    inside = [(part.start, part.end) for part in quote.parts]
    weights: dict[tuple[str | None, str | None], float] = {}
    whose: dict[tuple[str | None, str | None], Resolved] = {}

    def weigh(who: Resolved, weight: float) -> None:
        key = (who.entity, None if who.entity else who.name)
        if weight > weights.get(key, float("-inf")):
            weights[key] = weight
            whose[key] = who

    stop = bisect_left(discourse.told_starts, speaker.start)
    index = stop - 1
    while index >= 0 and stop - index < 120:
        told = discourse.told[index]
        index -= 1
        distance = sentence - discourse.sentence_at(told.start)
        if distance > _REACH:
            break
        if any(start <= told.start < end for start, end in inside) or not fits(word, told.who):
            continue
        weight = -_PER_SENTENCE * distance
        weight += _SUBJECT if told.subject else 0.0
        weight += _FIRST_OF_SENTENCE if told.first else 0.0
        weight += _KNOWN_GENDER if told.who.gender else 0.0
        weigh(told.who, weight)
    if last is not None and fits(word, last[1]):
        distance = sentence - discourse.sentence_at(last[0])
        if distance <= _REACH:
            weigh(last[1], _SPOKE_LAST - _PER_SENTENCE * distance + (_KNOWN_GENDER if last[1].gender else 0.0))
    if not weights:
        return find_known(discourse, speaker, word) or Resolved(None, None)
    ranked = sorted(weights, key=weights.__getitem__, reverse=True)
    if len(ranked) > 1 and weights[ranked[0]] - weights[ranked[1]] < _TIE:
        return Resolved(None, None)
    return whose[ranked[0]]
