"""Speakers: whom the words before or behind a quote mean, by name.

A surname or title-and-name is looked up among the article's entities. A definite description ("the spokesman", "the
Afghan leader", "the ministry") goes to the last person, body or phrase that its head noun was used of; one that says
something new ("the 62-year-old singer") to the most salient one that it may be said of, or to whom the next sentence
names. A pronoun goes to the likeliest antecedent by gender, number, who spoke last, and subjects of the sentences
before. Where two stay equal, the name is null.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from factx.speaker_candidates import Resolved
from factx.speaker_descriptions import resolve_description
from factx.speaker_discourse import Discourse
from factx.speaker_names import describe, head_body, head_people, name_behind_title, name_people
from factx.speaker_nouns import FEMININE, FIRST_PERSON, FIRST_SECOND, MASCULINE, NEUTER, PLURAL, RELATIVE, SOME_OF_THEM
from factx.speaker_pronouns import resolve_pronoun, resolve_relative
from factx.speaker_salience import WEIGHTS, LastSpeaker, Weights
from factx.titles import is_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.words import Words
    from factx.facts import Entity, Quote, Speaker


# Between a role and the name that goes with it: " at the time, ".
_APPOSED = re.compile(r"(?: (?:at|of|in|for|from|on) [\w'’ -]{2,40})?, ")


class SpeakerResolver:
    """Resolves the speakers of one article.

    Args:
        words: The article's words.
        entities: Its entities.
        weights: What the place of a pronoun's antecedent is worth.
    """

    def __init__(self, words: Words, entities: Sequence[Entity], weights: Weights = WEIGHTS) -> None:
        self._discourse = Discourse(words, entities, weights)

    def mentions_in(self, start: int, end: int) -> list[tuple[int, int, Entity]]:
        """List the names inside a stretch of the text, in order."""
        return self._discourse.mentions_in(start, end)

    def resolve(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Give each quote's speaker a name and an entity.

        Args:
            quotes: The quotes, in text order.

        Returns:
            The quotes in the same order; a speaker that stays unknown has the name None.
        """
        resolved: dict[int, Speaker] = {}
        said: dict[tuple[int, int], Resolved] = {}
        last: LastSpeaker | None = None
        self._discourse.set_speakers(
            sorted({(quote.speaker.start, quote.speaker.end) for quote in quotes if quote.speaker is not None})
        )
        spoken = [(quote.speaker.start, number) for number, quote in enumerate(quotes) if quote.speaker is not None]
        for _, number in sorted(spoken):
            quote = quotes[number]
            speaker = quote.speaker
            assert speaker is not None  # noqa: S101 - chosen above
            key = (speaker.start, speaker.end)
            if key not in said:
                said[key] = self._resolve_one(quote, speaker, last)
            who = said[key]
            resolved[number] = replace(speaker, name=who.name, entity=who.entity)
            if who.name is not None:
                last = LastSpeaker(speaker.start, who)
        for number, speaker in resolved.items():
            if speaker.text.lower() in FIRST_PERSON and (holder := _holder(quotes, number)) in resolved:
                resolved[number] = replace(speaker, name=resolved[holder].name, entity=resolved[holder].entity)
            elif (
                speaker.text.lower() in MASCULINE | FEMININE
                and (holder := _holder(quotes, number)) in resolved
                and quotes[holder].kind == "direct"
                and (speaker.name, speaker.entity) == (resolved[holder].name, resolved[holder].entity)
            ):
                # 'Lopez said, "I asked, and he said no."': who speaks of himself in his own words says "I".
                resolved[number] = replace(speaker, name=None, entity=None)
        return [
            replace(quote, speaker=resolved[number]) if number in resolved else quote
            for number, quote in enumerate(quotes)
        ]

    def _resolve_one(self, quote: Quote, speaker: Speaker, last: LastSpeaker | None) -> Resolved:
        first, end = self._discourse.token_range(speaker.start, speaker.end)
        if end <= first or not speaker.text.strip():
            return Resolved(speaker.text.strip() or None, None)
        lowers = self._discourse.words.lowers[first:end]
        if len(lowers) == 1 or (len(lowers) == 2 and lowers[1] in ("himself", "herself", "also")):
            word = lowers[0]
            if word in MASCULINE or word in FEMININE or word in NEUTER or word in PLURAL:
                return resolve_pronoun(self._discourse, word, quote, speaker, last)
            if word in SOME_OF_THEM:
                who = resolve_pronoun(self._discourse, "they", quote, speaker, last)
                return who if who.name and who.animate else describe(self._discourse, first, end)
            if word in FIRST_SECOND:
                return Resolved(None, None)
            if word in RELATIVE and self._discourse.words.forms[first] != "WHO":
                return resolve_relative(self._discourse, speaker)
        if lowers[0] in MASCULINE | FEMININE and lowers[1] == "and":
            one = resolve_pronoun(self._discourse, lowers[0], quote, speaker, last)
            together = describe(self._discourse, first + 1, end)
            return Resolved(f"{one.name} {together.name}", None, plural=True) if one.name else one
        people = head_people(self._discourse, first, end)
        if people:
            return name_people(self._discourse, people, end)
        if body := head_body(self._discourse, first, end):
            return Resolved(body.name, body.id, animate=False)
        if person := self._named_behind(speaker):
            return Resolved(person.name, person.id, self._discourse.genders.get(person.id))
        if name := name_behind_title(self._discourse, first, end):
            return Resolved(name, None)
        return resolve_description(self._discourse, first, end, speaker, last) or describe(self._discourse, first, end)

    def _named_behind(self, speaker: Speaker) -> Entity | None:
        """Give the person named between commas behind a role: "Her manager at the time, Otto Reinhardt, said"."""
        if not is_role(speaker.text.split()[-1]):
            return None
        if (match := _APPOSED.match(self._discourse.words.text, speaker.end)) is None:
            return None
        for start, end, entity in self._discourse.mentions_in(match.end(), match.end() + 60)[:1]:
            behind = self._discourse.words.text[end : end + 1]
            if start == match.end() and entity.label == "PERSON" and behind == ",":
                return entity
        return None


def _holder(quotes: Sequence[Quote], number: int) -> int:
    """Give the number of the smallest quote in marks that holds the words for a quote's speaker; -1 for none."""
    speaker = quotes[number].speaker
    assert speaker is not None  # noqa: S101 - asked for speakers alone
    holding = [
        (quote.end - quote.start, other)
        for other, quote in enumerate(quotes)
        if other != number
        and quote.kind != "indirect"
        and any(part.start <= speaker.start and speaker.end <= part.end for part in quote.parts)
    ]
    return min(holding)[1] if holding else -1
