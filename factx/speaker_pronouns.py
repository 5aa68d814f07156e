"""Pronouns of speakers: the likeliest antecedent, or who is named after the pronoun where nobody was before."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from factx.speaker_candidates import Resolved
from factx.speaker_descriptions import find_known, resolve_description
from factx.speaker_salience import LastSpeaker, find_antecedent

if TYPE_CHECKING:
    from factx.facts import Quote, Speaker
    from factx.speaker_discourse import Discourse


def resolve_relative(discourse: Discourse, speaker: Speaker) -> Resolved:
    """Give the nearest person or body right before a relative pronoun."""
    stop = bisect_left(discourse.told_starts, speaker.start)
    if stop and speaker.start - discourse.told[stop - 1].end < 40:
        return discourse.told[stop - 1].who
    return Resolved(None, None)


def _others(discourse: Discourse, quote: Quote, speaker: Speaker) -> frozenset[str]:
    """Give the people whom a speaker names, or speaks to, and who thus are somebody else.

    "She urged Mr. Strand to act", "She said Mr. Strand would come": who speaks would not call himself so.
    """
    stretches = [(part.start, part.end) for part in quote.parts]
    if speaker.end < quote.start:
        stretches.append((speaker.end, quote.start))
    return frozenset(
        entity.id
        for start, end in stretches
        for _, _, entity in discourse.mentions_in(start, end)
        if entity.label == "PERSON"
    )


def resolve_pronoun(
    discourse: Discourse, word: str, quote: Quote, speaker: Speaker, last: LastSpeaker | None
) -> Resolved:
    """Find whom a pronoun means; an antecedent that is itself a description is resolved in turn."""
    inside = [(part.start, part.end) for part in quote.parts]
    found = find_antecedent(discourse, word, speaker, last, inside=inside, barred=_others(discourse, quote, speaker))
    if found is None:
        return find_known(discourse, speaker, word) or Resolved(None, None)
    who, told = found
    if told is not None and told.definite:
        first, end = discourse.token_range(told.start, told.end)
        return resolve_description(discourse, first, end, told, last) or who
    return who
