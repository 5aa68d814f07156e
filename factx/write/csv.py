"""Write facts as CSV, one fact a row, for spreadsheets and data frames.

A spreadsheet runs a cell that begins like a formula. Words of an article are therefore made harmless: such a cell gets
an apostrophe in front, line breaks become blanks and control characters visible signs. JSON has the exact characters;
`start` and `end` lead to them.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from factx.evidence import find_evidence
from factx.sanitize import make_harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TextIO

    from factx.facts import Count, Date, Entity, Facts, Quote

CSV_COLUMNS: Mapping[str, str] = {
    "article": "Id of the article.",
    "source": "Where the article came from.",
    "title": "Headline of the article.",
    "published": "Its publication day, YYYY-MM-DD.",
    "author": "Who wrote it.",
    "site": "Where it was published.",
    "fact": "What the row tells: entity, count, date or quote.",
    "kind": "Label of an entity, kind of a count or a quote, type of a date.",
    "text": "The words in the article; of an entity its first mention.",
    "start": "First character of these words in the article's text, counted from 0 in Unicode code points.",
    "end": "Character after the last.",
    "name": "Full name of an entity, or of the speaker of a quote.",
    "role": "Title or office of an entity.",
    "country": "ISO 3166-1 alpha-2 code of a country or people.",
    "mentions": "How often the article names an entity.",
    "low": "Fewest people that a count allows; empty for an open end.",
    "high": "Most people that a count allows; empty for an open end.",
    "qualifier": "Wording of a number: exact, about, at_least, more_than, at_most, less_than, between, vague or none.",
    "who": "Whom a count counts.",
    "status": "Whether a count is asserted, possible, denied or superseded.",
    "subset": "true for a count told as part of another, else false.",
    "place": "Where that happened which a count tells.",
    "value": "TIMEX3 value of a date, or of the day of a count.",
    "mod": "TIMEX3 modifier of a date.",
    "speaker": "Who says a quote or gives the figure of a count, in the words of that place.",
    "cue": "The word that tells the event of a count, or that attributes a quote.",
    "nested": "true for a quote inside another, else false.",
    "entity": "Id of the entity that a row tells of, or of its speaker.",
    "confidence": "0 to 1.",
    "evidence": "The sentence around the words; empty with --no-text.",
}
"""The columns in order, with what they hold. A cell is empty where the column has no meaning for the row."""

# What spreadsheets take for the begin of a formula, also in full width; a blank before it does not always help.
FORMULA_SIGNS = frozenset("=+-@|%＝＋－＠")


def write_csv(facts: Iterable[Facts], stream: TextIO, *, text: bool = True) -> None:
    """Write a row for each fact, under one row of column names.

    Args:
        facts: Facts of one article each.
        stream: Where to write; rows come as the articles do, entities first, then counts, dates and quotes.
        text: Whether the sentences around the facts are written.
    """
    writer = csv.DictWriter(stream, CSV_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for item in facts:
        for row in _make_rows(item):
            if text:
                first, last = find_evidence(item.article.text, row["start"], row["end"])
                row["evidence"] = item.article.text[first:last]
            writer.writerow({name: _write_cell(value) for name, value in row.items()})


def neutralize_cell(text: str) -> str:
    """Make text safe to be a cell that a spreadsheet opens.

    >>> neutralize_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    >>> neutralize_cell("12 people")
    '12 people'

    Args:
        text: Any text.

    Returns:
        One line, with an apostrophe in front where it would be a formula; a lone hyphen, as the source of what came
        from standard input, is none.
    """
    shown = make_harmless(text)
    begin = shown.lstrip(" \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}'")[:1]
    return f"'{shown}" if begin in FORMULA_SIGNS and begin and shown != "-" else shown


def _write_cell(value: Any) -> str | int | float:  # noqa: ANN401 - any member of a record
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return round(min(1.0, max(0.0, value)), 3)
    if isinstance(value, int):
        return value
    return "" if value is None else neutralize_cell(value)


def _make_rows(facts: Facts) -> Iterator[dict[str, Any]]:
    """Make the rows of an article, without their evidence."""
    article = facts.article
    common = {
        "article": article.id, "source": article.source, "title": article.title, "published": article.published,
        "author": article.author, "site": article.site,
    }  # fmt: skip
    for entity in facts.entities:
        yield common | _describe_entity(entity)
    for count in facts.counts:
        yield common | _describe_count(count)
    for date in facts.dates:
        yield common | _describe_date(date)
    for quote in facts.quotes:
        yield common | _describe_quote(quote)


def _describe_entity(entity: Entity) -> dict[str, Any]:
    first = entity.mentions[0]
    return {
        "fact": "entity", "kind": entity.label, "text": first.text, "start": first.start, "end": first.end,
        "name": entity.name, "role": entity.role, "country": entity.country, "mentions": len(entity.mentions),
        "entity": entity.id, "confidence": entity.confidence,
    }  # fmt: skip


def _describe_count(count: Count) -> dict[str, Any]:
    source = count.source
    return {
        "fact": "count", "kind": count.kind, "text": count.text, "start": count.start, "end": count.end,
        "low": count.low, "high": count.high, "qualifier": count.qualifier, "who": count.who, "status": count.status,
        "subset": count.subset, "place": count.place.text if count.place else None,
        "value": count.date.value if count.date else None, "speaker": source.text if source else None,
        "cue": count.cue.text if count.cue else None, "entity": source.entity if source else None,
        "confidence": count.confidence,
    }  # fmt: skip


def _describe_date(date: Date) -> dict[str, Any]:
    return {
        "fact": "date", "kind": date.type, "text": date.text, "start": date.start, "end": date.end,
        "value": date.value, "mod": date.mod, "confidence": date.confidence,
    }  # fmt: skip


def _describe_quote(quote: Quote) -> dict[str, Any]:
    speaker = quote.speaker
    return {
        "fact": "quote", "kind": quote.kind, "text": quote.text, "start": quote.start, "end": quote.end,
        "name": speaker.name if speaker else None, "speaker": speaker.text if speaker else None,
        "cue": quote.cue.text if quote.cue else None, "nested": quote.nested,
        "entity": speaker.entity if speaker else None, "confidence": quote.confidence,
    }  # fmt: skip


__all__ = ["CSV_COLUMNS", "neutralize_cell", "write_csv"]
