"""Keep only the facts that were asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection

    from factx.facts import Count, Date, Entity, Facts, Quote, Ref

FACT_KINDS = ("entities", "counts", "dates", "quotes")
"""The lists of facts, in the order of the JSON."""

_Fact = TypeVar("_Fact", "Entity", "Count", "Date", "Quote")


def select_facts(facts: Facts, kinds: Collection[str] = FACT_KINDS, min_confidence: float = 0.0) -> Facts:
    """Leave out kinds of facts that were not asked for and facts below a confidence.

    Args:
        facts: All facts of an article.
        kinds: Names out of `FACT_KINDS`; the lists of the others come back empty.
        min_confidence: Facts below it are left out.

    Returns:
        The facts that remain. A reference to an entity that is left out becomes None: no id points nowhere.
    """

    def keep(kind: str, found: tuple[_Fact, ...]) -> tuple[_Fact, ...]:
        return tuple(fact for fact in found if fact.confidence >= min_confidence) if kind in kinds else ()

    entities = keep("entities", facts.entities)
    known = {entity.id for entity in entities}

    def mend(reference: Ref | None) -> Ref | None:
        return reference if reference is None or reference.entity in known else replace(reference, entity=None)

    return replace(
        facts,
        entities=entities,
        counts=tuple(
            replace(count, source=mend(count.source), place=mend(count.place)) for count in keep("counts", facts.counts)
        ),
        dates=keep("dates", facts.dates),
        quotes=tuple(
            quote
            if quote.speaker is None or quote.speaker.entity in known
            else replace(quote, speaker=replace(quote.speaker, entity=None))
            for quote in keep("quotes", facts.quotes)
        ),
    )
