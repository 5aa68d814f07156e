"""The facts in the shape that the script of a report reads: an index of all articles, and the details of each.

The page opens with the index alone; details (texts and marks) are parsed when the first article is opened or the first
word searched. Lists stand for objects where there are many, to keep the page small; `templates/report_core.js` names
their members. All words are made harmless here, and offsets count UTF-16 units of the harmless text, as in JavaScript.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from factx.evidence import find_evidence
from factx.report.differences import find_differences
from factx.sanitize import make_harmless
from factx.views import describe_origin, format_number, group_quotes, list_statements, make_timeline, word_moment
from factx.write.html import make_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factx.facts import Facts, Ref


class _Names:
    """Names that several articles share, each with a number."""

    def __init__(self) -> None:
        self.rows: list[list[str | None]] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def add(self, group: str, name: str, note: str | None = None) -> int:
        """Give the number of a name, a new one if it is new; a note (role, country) is kept where none was known."""
        key = (group, name.casefold())
        number = self._numbers.setdefault(key, len(self.rows))
        if number == len(self.rows):
            self.rows.append([make_harmless(name), group, None])
        if note and not self.rows[number][2]:
            self.rows[number][2] = make_harmless(note)
        return number


def make_report_data(articles: Sequence[Facts]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Make the data of a report.

    Args:
        articles: Facts of articles.

    Returns:
        The index, and the details of each article in the same order; both plain JSON values.
    """
    names = _Names()
    rows, details = [], []
    for facts in articles:
        row, detail = _describe(facts, names)
        rows.append(row)
        details.append(detail)
    differences = [
        [
            difference.kind,
            difference.place and make_harmless(difference.place),
            [[t.article, t.count] for t in difference.told],
        ]
        for difference in find_differences(articles)
    ]
    return {"names": names.rows, "articles": rows, "differences": differences}, details


def clean_text(text: str) -> tuple[str, Callable[[int], int]]:
    r"""Make a text harmless, with line breaks kept, and tell where its characters have gone.

    >>> clean, find = clean_text("a\u202eb\x1b 👩 c")
    >>> clean, find(6)
    ('ab␛ 👩 c', 6)

    Args:
        text: An article.

    Returns:
        The harmless text, and a function from offsets in `text` (code points) to offsets in it (UTF-16 units).
    """
    clean = "\n".join(map(make_harmless, text.split("\n")))
    if len(clean) == len(text) and (clean.isascii() or max(clean) <= "\uffff"):
        return clean, lambda offset: offset
    sizes = (1 if char == "\n" else len(make_harmless(char).encode("utf-16-le")) // 2 for char in text)
    places = list(accumulate(sizes, initial=0))
    return clean, lambda offset: places[min(max(offset, 0), len(text))]


def _describe(facts: Facts, names: _Names) -> tuple[dict[str, Any], dict[str, Any]]:
    """Describe an article: its row of the index and its details."""
    article = facts.article
    text, find = clean_text(article.text)
    by_id = {entity.id: entity for entity in facts.entities}

    def sentence(start: int, end: int) -> list[int]:
        """Offsets of a sentence around a stretch: its begin, the stretch, its end; none without text."""
        if not article.text:
            return []
        first, last = find_evidence(article.text, start, end)
        return [find(first), find(start), find(end), find(last)]

    relations = {
        id(statement.count): " · ".join(dict.fromkeys(word for word in (statement.relation, statement.remark) if word))
        for statement in list_statements(facts.counts)
    }
    # Statements that only repeat a figure have no line of their own in the sum-up and come last.
    order = [*relations, *(id(count) for count in facts.counts if id(count) not in relations)]
    numbers = {id(count): number for number, count in enumerate(facts.counts)}

    def where(place: Ref | None) -> str:
        if place is None:
            return ""
        return make_harmless(by_id[place.entity].name if place.entity in by_id else place.text)

    counts = [
        [
            count.kind,
            format_number(count),
            count.low,
            count.high,
            relations.get(id(count), "again"),
            make_harmless(count.text),
            make_harmless(count.source.text) if count.source else "",
            where(count.place),
            make_harmless(count.date.value) if count.date else "",
            sentence(count.start, count.end),
        ]
        for count in facts.counts
    ]
    date_numbers = {id(date): number for number, date in enumerate(facts.dates)}
    moments = [
        [
            moment.value,
            moment.first.isoformat(),
            moment.last.isoformat(),
            make_harmless(word_moment(moment) or ""),
            [[date_numbers[id(date)], sentence(date.start, date.end)] for date in moment.dates],
        ]
        for moment in make_timeline(facts)[0]
    ]
    quote_numbers = {id(quote): number for number, quote in enumerate(facts.quotes)}
    speakers = [
        [
            names.add("SPEAKER", speaking.name, speaking.entity.role if speaking.entity else None)
            if speaking.name
            else -1,
            [[quote_numbers[id(quote)], quote.kind, sentence(quote.start, quote.end)] for quote in speaking.quotes],
        ]
        for speaking in group_quotes(facts)
    ]
    row = {
        "id": make_harmless(article.id),
        "title": make_harmless(article.title or _first_line(article.text) or article.id),
        "source": make_harmless(describe_origin(article)),
        "day": article.published,
        "from": article.published_from,
        "warnings": [make_harmless(warning) for warning in article.warnings],
        "names": [
            [names.add(entity.label, entity.name, entity.role or entity.country), len(entity.mentions), entity.id]
            for entity in facts.entities
        ],
        "counts": counts,
        "order": [numbers[key] for key in order],
        "moments": moments,
        "speakers": speakers,
    }
    marks = [
        [find(mark.start), find(mark.end), mark.kind, mark.id or "", make_harmless(mark.title or "")]
        for mark in make_marks(facts)
        if article.text and mark.start < mark.end <= len(article.text)
    ]
    return row, {"text": text, "marks": marks, "quotes": [make_harmless(quote.text) for quote in facts.quotes]}


def _first_line(text: str) -> str:
    """The first line of a text that could be its headline."""
    line = next((line.strip() for line in text[:400].split("\n") if line.strip()), "")
    return line if len(line) <= 160 else ""


__all__ = ["clean_text", "make_report_data"]
