"""Salience: whom a pronoun, or a description without a noun told before, most likely means.

Weighed are distance in sentences, being a subject, opening a sentence, a known gender that fits, and who spoke last;
the weights are data.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from factx.speaker_candidates import Resolved, Told, fits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.facts import Speaker
    from factx.speaker_discourse import Discourse

# How far back, in sentences, an antecedent may stand.
_REACH = 4
_TIE = 0.05


class Weights(NamedTuple):
    """What the place of an antecedent is worth."""

    spoke_last: float
    """Being the last speaker."""
    subject: float
    """Being a subject."""
    governs: float
    """Being the subject of the nearest clause around that of the words to resolve: "The firm denied what it called"."""
    first: float
    """Being the first person of a sentence."""
    gender: float
    """Being known to have the gender of the pronoun."""
    distance: float
    """For each sentence between, to be taken off."""


# From `python benchmarks/antecedents.py --coref gum-train --names voa-train voa-quotes-train --fit`: of the weights set
# by hand before, no move made one kind of pronouns better and none worse, but for `governs`.
WEIGHTS = Weights(spoke_last=1.6, subject=0.9, governs=0.5, first=0.4, gender=0.3, distance=1.0)


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
    barred: frozenset[str] = frozenset(),
    named: bool = False,
) -> tuple[Resolved, Told | None] | None:
    """Find the likeliest antecedent of a pronoun, or of a description that tells something new.

    Args:
        discourse: What the article tells.
        word: The pronoun in lower case.
        speaker: The words to resolve.
        last: Who spoke last.
        inside: Characters of what the speaker says: nobody told there is meant.
        barred: Ids of entities that it cannot mean.
        named: Whether only people and bodies with a name count.

    Returns:
        Whom it means, with the place that tells of them; None where nobody fits or two stay equal.
    """
    weights = discourse.weights
    sentence = discourse.sentence_at(speaker.start)
    governing = discourse.governing_subject(speaker.start)
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
        if told.who.entity in barred:
            continue
        weight = -weights.distance * distance
        weight += weights.subject if told.subject else 0.0
        weight += weights.governs if told.token == governing else 0.0
        weight += weights.first if told.first else 0.0
        weight += weights.gender if told.who.gender else 0.0
        weigh(weight, told.who, told)
    heard = last is not None and not any(start <= last.start < end for start, end in inside)
    if (
        last is not None
        and heard
        and fits(word, last.who)
        and (last.who.entity is None or last.who.entity not in barred)
    ):
        distance = sentence - discourse.sentence_at(last.start)
        if distance <= _REACH:
            known = weights.gender if last.who.gender else 0.0
            weigh(weights.spoke_last - weights.distance * distance + known, last.who, None)
    ranked = sorted(best.values(), key=lambda candidate: -candidate.weight)
    if named:
        ranked = [candidate for candidate in ranked if candidate.who.entity]
    if not ranked or (len(ranked) > 1 and ranked[0].weight - ranked[1].weight < _TIE):
        return None
    return ranked[0].who, ranked[0].told
