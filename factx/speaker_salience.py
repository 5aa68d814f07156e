"""Salience: whom a pronoun, or a description without a noun told before, most likely means.

Weighed are distance in sentences, being a subject, opening a sentence, a known gender that fits, and who spoke last.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from factx.speaker_candidates import Resolved, Told, fits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.facts import Speaker
    from factx.speaker_discourse import Discourse

# How far back, in sentences, an antecedent may stand, and what its place is worth (chosen on voa-train).
_REACH = 4
_SPOKE_LAST = 1.6
_SUBJECT = 0.9
_FIRST_OF_SENTENCE = 0.4
_KNOWN_GENDER = 0.3
_PER_SENTENCE = 1.0
_TIE = 0.05


class LastSpeaker(NamedTuple):
    """Who spoke last before a place."""

    start: int
    """First character of the words for them."""
    who: Resolved


class _Candidate(NamedTuple):
    weight: float
    who: Resolved
    told: Told | None


def find_antecedent(  # noqa: PLR0913 - two of them by name
    discourse: Discourse,
    word: str,
    speaker: Speaker | Told,
    last: LastSpeaker | None,
    *,
    inside: Sequence[tuple[int, int]] = (),
    named: bool = False,
) -> tuple[Resolved, Told | None] | None:
    """Find the likeliest antecedent of a pronoun, or of a description that tells something new.

    Args:
        discourse: What the article tells.
        word: The pronoun in lower case.
        speaker: The words to resolve.
        last: Who spoke last.
        inside: Characters of what the speaker says: nobody told there is meant.
        named: Whether only people and bodies with a name count.

    Returns:
        Whom it means, with the place that tells of them; None where nobody fits or two stay equal.
    """
    sentence = discourse.sentence_at(speaker.start)
    best: dict[tuple[str | None, str | None], _Candidate] = {}

    def weigh(weight: float, who: Resolved, told: Told | None) -> None:
        key = (who.entity, None if who.entity else who.name)
        if key not in best or weight > best[key].weight:
            best[key] = _Candidate(weight, who, told)

    stop = bisect_left(discourse.told_starts, speaker.start)
    for index in range(stop - 1, max(-1, stop - 120), -1):
        told = discourse.told[index]
        distance = sentence - discourse.sentence_at(told.start)
        if distance > _REACH:
            break
        if any(start <= told.start < end for start, end in inside) or not fits(word, told.who):
            continue
        weight = -_PER_SENTENCE * distance
        weight += _SUBJECT if told.subject else 0.0
        weight += _FIRST_OF_SENTENCE if told.first else 0.0
        weight += _KNOWN_GENDER if told.who.gender else 0.0
        weigh(weight, told.who, told)
    if last is not None and fits(word, last.who):
        distance = sentence - discourse.sentence_at(last.start)
        if distance <= _REACH:
            weigh(_SPOKE_LAST - _PER_SENTENCE * distance + (_KNOWN_GENDER if last.who.gender else 0.0), last.who, None)
    ranked = sorted(best.values(), key=lambda candidate: -candidate.weight)
    if named:
        ranked = [candidate for candidate in ranked if candidate.who.entity]
    if not ranked or (len(ranked) > 1 and ranked[0].weight - ranked[1].weight < _TIE):
        return None
    return ranked[0].who, ranked[0].told
