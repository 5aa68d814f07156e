"""The records that every step of factx talks in, and nothing else.

Field names are those of the JSON (`factx schema`); the string under each field becomes its description there.
Offsets are half-open and count Unicode code points of `Article.text`, and `article.text[start:end] == text` always.
Lists are in text order. Absent values are None, never NaN or an empty string.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Label = Literal["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT"]
Kind = Literal[
    "killed", "injured", "casualties", "missing", "kidnapped", "arrested", "charged", "convicted",
    "released", "rescued", "displaced", "sick", "crowd", "deployed",
]  # fmt: skip
Qualifier = Literal["exact", "about", "at_least", "more_than", "at_most", "less_than", "between", "vague", "none"]
Status = Literal["asserted", "possible", "denied", "superseded"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
QuoteKind = Literal["direct", "indirect", "mixed"]
PublishedFrom = Literal["option", "record", "metadata", "dateline"]

SCHEMA = "factx/1"


@dataclass(frozen=True, slots=True)
class Article:
    """One text to read, with what is known of it before reading."""

    id: str
    """File name without its ending, or the record's own id."""
    source: str
    """Where it came from, as given; "-" for standard input."""
    text: str
    """What every offset indexes: the file as decoded, character for character."""
    title: str | None = None
    """Headline, where the input tells it apart from the text."""
    published: str | None = None
    """Publication day, ISO 8601; relative dates count from it."""
    published_from: PublishedFrom | None = None
    """What told the publication day."""
    warnings: tuple[str, ...] = ()
    """What the reader of the facts should know: mended encoding, words passed over, a long text read in stretches."""
    author: str | None = None
    """Who wrote it, as the page or the record tells."""
    site: str | None = None
    """Where it appeared, as the page or the record tells."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text."""

    start: int
    """First character."""
    end: int
    """Character after the last."""
    text: str
    """The characters between the two."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Words that a fact points to, and the entity they name."""

    text: str
    """The words as written."""
    start: int
    """First character."""
    end: int
    """Character after the last."""
    entity: str | None = None
    """Id of the entity that the words name or hold, or null."""


@dataclass(frozen=True, slots=True)
class DateRef:
    """A date that a fact points to."""

    text: str
    """The words as written."""
    start: int
    """First character."""
    end: int
    """Character after the last."""
    value: str
    """TIMEX3 value of the date."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, body, place, people or event, with all its mentions."""

    id: str
    """"e1", "e2" ... in the order of first mention."""
    label: Label
    """PERSON, ORG, GPE, LOC, FAC, NORP or EVENT."""
    name: str
    """The fullest name the text gives."""
    role: str | None
    """Title or office as the text gives it, from the first place that tells it."""
    country: str | None
    """ISO 3166-1 alpha-2 code, for GPE and NORP that are countries or their peoples."""
    mentions: tuple[Span, ...]
    """Where it is named, without titles and articles."""
    confidence: float
    """0 to 1."""
    credit: bool = False
    """Named only where the article tells who wrote, photographed or sent it: bylines, agency marks, photo credits."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people who underwent one kind of event (counts-guidelines)."""

    kind: Kind
    """What happened to them."""
    low: int | None
    """Fewest people the words allow; null for an open end."""
    high: int | None
    """Most people the words allow; null for an open end."""
    qualifier: Qualifier
    """How the text states the number."""
    text: str
    """Qualifier, number and noun."""
    start: int
    """First character."""
    end: int
    """Character after the last."""
    who: str | None
    """The noun with its modifiers, without number and article."""
    subset: bool
    """Told as part of another count of the same kind."""
    status: Status
    """asserted, possible, denied, or superseded by a newer figure of the text."""
    cue: Span | None
    """The word that tells the event."""
    source: Ref | None
    """Who gives the figure, named in the same sentence."""
    place: Ref | None
    """Where it happened."""
    date: DateRef | None
    """When it happened."""
    confidence: float
    """0 to 1."""
    rule: str
    """What found it: "model", or the name of the rule."""


@dataclass(frozen=True, slots=True)
class Date:
    """A time expression with its normal form (TimeML TIMEX3; dates-guidelines)."""

    text: str
    """The words as written, without a leading preposition."""
    start: int
    """First character."""
    end: int
    """Character after the last."""
    type: TimexType
    """DATE (a day or longer), TIME (within a day), DURATION (how long) or SET (how often)."""
    value: str
    """TIMEX3 value; XXXX-XX-XX where it cannot be known."""
    mod: str | None
    """TIMEX3 mod: START, MID, END, APPROX, MORE_THAN, LESS_THAN, BEFORE, AFTER ..., or null."""
    confidence: float
    """0 to 1."""
    rule: str
    """Name of the rule that read it."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says a quote: the words in that place, and whom they mean."""

    text: str
    """The words as written ("He")."""
    start: int
    """First character."""
    end: int
    """Character after the last."""
    name: str | None
    """The resolved full name or description ("Andrey Serdyukov"); null if unknown."""
    entity: str | None
    """Id of the entity, or null."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement that the text attributes to somebody (quotes-guidelines)."""

    kind: QuoteKind
    """direct (all words in quotation marks), mixed (some) or indirect (none)."""
    text: str
    """The parts joined by one blank."""
    start: int
    """First character of the first part."""
    end: int
    """Character after the last part."""
    parts: tuple[Span, ...]
    """The stretches of content, without outer quotation marks and without the attribution."""
    cue: Span | None
    """The words that attribute ("said", "according to"), or null."""
    speaker: Speaker | None
    """Who says it, or null when the text does not say."""
    nested: bool
    """Told inside another quote."""
    confidence: float
    """0 to 1."""
    rule: str
    """What found it: "model", or the name of the rule."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was read from one article."""

    article: Article
    """The article itself."""
    entities: tuple[Entity, ...] = ()
    """People, bodies, places, peoples and events."""
    counts: tuple[Count, ...] = ()
    """Numbers of people killed, hurt, arrested ..."""
    dates: tuple[Date, ...] = ()
    """Time expressions with their values."""
    quotes: tuple[Quote, ...] = ()
    """Statements with their speakers."""


__all__ = [
    "SCHEMA", "Article", "Count", "Date", "DateRef", "Entity", "Facts", "Kind", "Label", "Qualifier", "Quote",
    "Ref", "Span", "Speaker", "Status",
]  # fmt: skip
