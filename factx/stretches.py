"""Read texts of any length: cut what is too long for one go at paragraph borders, and join what was found.

The encoder keeps some kilobytes for each word of a text, and the rules look far around; so a book or a year's digest is
read in stretches, one after the other, and memory stays flat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from factx.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.facts import Article, Count, Date, Entity, Label, Quote

MOST_CHARACTERS = 100_000
"""The longest stretch. It governs memory: 0.16 GB beside the pipeline for so many characters, half of it for half of
them. The longest news stories have about 60,000, and what is longer holds several."""

# Where to cut, best first: an empty line, a line end, the end of a sentence, a blank.
_BORDERS = tuple(map(re.compile, (r"\n\s*\n\s*", r"\n\s*", r"[.!?][\"'”’»)\]]*\s+", r"\s+")))


def cut_text(text: str, most: int = MOST_CHARACTERS) -> list[tuple[int, int]]:
    r"""Cut a text into stretches, in the second half of each at the best border there is.

    >>> cut_text("One, two.\n\nThree.", most=14)
    [(0, 11), (11, 17)]

    Args:
        text: Any text.
        most: The longest stretch in characters.

    Returns:
        Start and end of each stretch; they tile the text.
    """
    stretches = []
    start = 0
    while len(text) - start > most:
        end = next(filter(None, (_find_last(border, text, start, start + most) for border in _BORDERS)), start + most)
        stretches.append((start, end))
        start = end
    return [*stretches, (start, len(text))]


def _find_last(border: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    """Find the end of the last border in the second half of a stretch."""
    last = None
    for match in border.finditer(text, start + (end - start) // 2, end):
        last = match.end()
    return last


@dataclass(slots=True)
class JoinedFacts:
    """Gathers the facts of one stretch after the other as those of one article."""

    entities: dict[str, Entity] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    dates: list[Date] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    _known: dict[tuple[Label, str], str] = field(default_factory=dict)

    def add(self, facts: Facts, start: int) -> None:
        """Add what was found in a stretch.

        Args:
            facts: Offsets count from the stretch's start.
            start: Where the stretch begins in the article.
        """
        ids = {entity.id: self._add_entity(_move(entity, start, {})) for entity in facts.entities}
        self.counts += (_move(count, start, ids) for count in facts.counts)
        self.dates += (_move(date, start, ids) for date in facts.dates)
        self.quotes += (_move(quote, start, ids) for quote in facts.quotes)

    def _add_entity(self, entity: Entity) -> str:
        """Add an entity, or its mentions to the one that has the same name, and tell its id."""
        key = (entity.label, entity.name.casefold())
        if key in self._known:
            known = self.entities[self._known[key]]
            self.entities[known.id] = replace(
                known,
                role=known.role or entity.role,
                country=known.country or entity.country,
                mentions=known.mentions + entity.mentions,
                confidence=max(known.confidence, entity.confidence),
                credit=known.credit and entity.credit,
            )
            return known.id
        identifier = f"e{len(self.entities) + 1}"
        self._known[key] = identifier
        self.entities[identifier] = replace(entity, id=identifier)
        return identifier

    def join(self, article: Article, stretches: int) -> Facts:
        """Give all facts, with a warning that tells in how many stretches they were found."""
        warning = (
            f"the text is longer than {MOST_CHARACTERS:,} characters and was read in {stretches:,} stretches; "
            "whom a name or a pronoun means is looked for in its own stretch"
        )
        return Facts(
            replace(article, warnings=(*article.warnings, warning)),
            tuple(self.entities.values()),
            tuple(self.counts),
            tuple(self.dates),
            tuple(self.quotes),
        )


def _move(value: Any, start: int, ids: dict[str, str]) -> Any:  # noqa: ANN401 - any member of a record
    """Shift the offsets of a record and of those in it, and give references their new ids."""
    if isinstance(value, tuple):
        return tuple(_move(item, start, ids) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **dict(_list_changes(value, start, ids)))


def _list_changes(record: Any, start: int, ids: dict[str, str]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for each in fields(record):
        value = getattr(record, each.name)
        if each.name in ("start", "end"):
            yield each.name, value + start
        elif each.name == "entity" and value is not None:
            yield each.name, ids[value]
        elif isinstance(value, tuple) or is_dataclass(value):
            yield each.name, _move(value, start, ids)
