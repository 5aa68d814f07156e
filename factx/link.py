"""Link: counts and quotes to the entities that they speak of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factx.extract.words import read_words
from factx.speakers import SpeakerResolver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from factx.facts import Count, Date, Entity, Quote, Ref

_PLACES = ("GPE", "LOC", "FAC")
# Which name inside the words for a source says whose figure it is.
_SOURCE_ORDER = ("PERSON", "ORG", "FAC", "GPE", "LOC", "NORP", "EVENT")


def link_facts(
    doc: Doc, entities: Sequence[Entity], counts: Sequence[Count], dates: Sequence[Date], quotes: Sequence[Quote]
) -> tuple[list[Entity], list[Count], list[Date], list[Quote]]:
    """Link facts to entities: sources and places of counts, and speakers of quotes by name.

    Args:
        doc: The article's Doc.
        entities: From `find_entities`.
        counts: From `find_counts`.
        dates: From `find_dates`; they need no links and come back as they are.
        quotes: From `find_quotes`.

    Returns:
        The facts of each kind, in the same order.

    Source: quotes-guidelines, speaker_name; counts-guidelines, source.
    """
    resolver = SpeakerResolver(read_words(doc), entities)
    linked_quotes = resolver.resolve(quotes)
    speakers = {
        (quote.speaker.start, quote.speaker.end): quote.speaker.entity
        for quote in linked_quotes
        if quote.speaker is not None
    }
    linked_counts = [_link_count(count, resolver, speakers) for count in counts]
    return list(entities), linked_counts, list(dates), linked_quotes


def _link_count(count: Count, resolver: SpeakerResolver, speakers: dict[tuple[int, int], str | None]) -> Count:
    source, place = count.source, count.place
    if source is not None:
        known = speakers.get((source.start, source.end))
        source = replace(source, entity=known or _entity_in(source, resolver, _SOURCE_ORDER))
    if place is not None:
        place = replace(place, entity=_entity_in(place, resolver, _PLACES))
    return replace(count, source=source, place=place)


def _entity_in(ref: Ref, resolver: SpeakerResolver, order: tuple[str, ...]) -> str | None:
    """Give the entity that the words of a reference name or hold: of the first label in order, the first named."""
    found = resolver.mentions_in(ref.start, ref.end)
    for label in order:
        for _, _, entity in found:
            if entity.label == label:
                return entity.id
    return None
