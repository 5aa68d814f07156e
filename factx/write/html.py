"""Write facts as one self-contained HTML page: each article with coloured marks, and beside it its facts in order.

The page needs no network and runs no script; a Content-Security-Policy forbids both. All words of an article are
escaped by jinja2 or `marks`, and made harmless (controls, reordering marks). Nothing of an article becomes an address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from factx.evidence import Piece, cut_evidence, group_by_evidence
from factx.views import (
    LABEL_NAMES,
    describe_origin,
    explain_open_dates,
    format_number,
    group_quotes,
    list_statements,
    make_timeline,
    rank_entities,
    word_date,
    word_moment,
)
from factx.write.marks import Mark, mark_text
from factx.write.templating import hash_source, load_templates, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from factx.facts import Facts, Quote

MARK_KINDS: dict[str, str] = {
    "person": "People",
    "org": "Organisations",
    "place": "Places",
    "group": "Peoples and events",
    "count": "Counts",
    "date": "Dates",
    "quote": "Quotes",
}
"""Classes of marks, with their names in the legend."""

LABEL_MARKS = {
    "PERSON": "person", "ORG": "org", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "group", "EVENT": "group",
}  # fmt: skip
"""The mark of each label of an entity."""


def write_html(facts: Iterable[Facts], stream: TextIO, *, text: bool = True) -> None:
    """Write a page of one or more articles.

    Args:
        facts: Facts of one article each.
        stream: Where to write; each article is written as soon as it is there, and their list at the end.
        text: Whether the articles' text is written; without it there are no marks and no sentences.
    """
    templates = load_templates()
    style = read_source("theme.css", "page.css")
    titles: list[tuple[str, str]] = []
    for number, item in enumerate(facts, start=1):
        title = item.article.title or item.article.id
        if not titles:
            head = templates.get_template("head.html")
            stream.write(
                head.render(
                    title=title, style=style, style_hash=hash_source(style), marked=text,
                    legend=MARK_KINDS.items(),
                )
            )  # fmt: skip
        titles.append((f"a{number}", title))
        stream.write(templates.get_template("article.html").render(_describe_article(item, f"a{number}", marked=text)))
    if titles:
        stream.write(templates.get_template("foot.html").render(titles=titles))


def make_marks(facts: Facts, prefix: str = "") -> list[Mark]:
    """Make the marks of an article's facts.

    Args:
        facts: The facts.
        prefix: What ids begin with, so that they are unique on a page.

    Returns:
        Marks with ids: "c0" for the first count, "d0" for the first date, "q0" for the first part of the first quote,
        "e3" for the first mention of the entity of that id.
    """
    marks = [
        Mark(
            part.start, part.end, "quote", f"{prefix}q{number}" if part is quote.parts[0] else None, _tell_quote(quote)
        )
        for number, quote in enumerate(facts.quotes)
        for part in quote.parts
    ]
    marks += [
        Mark(count.start, count.end, "count", f"{prefix}c{number}", f"{count.kind}: {format_number(count)}")
        for number, count in enumerate(facts.counts)
    ]
    marks += [
        Mark(
            mention.start,
            mention.end,
            LABEL_MARKS[entity.label],
            f"{prefix}{entity.id}" if mention is entity.mentions[0] else None,
            ", ".join(word for word in (entity.name, entity.role, entity.country) if word),
        )
        for entity in facts.entities
        for mention in entity.mentions
    ]
    marks += [
        Mark(date.start, date.end, "date", f"{prefix}d{number}", date.value) for number, date in enumerate(facts.dates)
    ]
    return marks


def _tell_quote(quote: Quote) -> str:
    speaker = quote.speaker
    return f"{quote.kind} quote: {(speaker.name or speaker.text) if speaker else 'speaker not told'}"


def _describe_article(facts: Facts, key: str, *, marked: bool) -> dict[str, Any]:
    """Describe an article for its template.

    Args:
        facts: The facts.
        key: Id of its element.
        marked: Whether the text is shown.
    """
    article = facts.article
    page = _ArticlePage(facts, f"{key}-", marked=marked)
    if article.published:
        origin = f" (from the {article.published_from})" if article.published_from not in (None, "option") else ""
        day = f"published {article.published}{origin}"
    else:
        day = explain_open_dates(facts) or "no publication date known"
    totals = [
        f"{len(found):,} {name if len(found) != 1 else name.removesuffix('s')}"
        for found, name in ((facts.counts, "counts"), (facts.dates, "dates"), (facts.quotes, "quotes"))
    ]
    totals.insert(0, f"{len(facts.entities):,} {'names' if len(facts.entities) != 1 else 'name'}")
    return {
        "key": key,
        "article": article,
        "origin": describe_origin(article),
        "day": day,
        "totals": " · ".join(totals),
        "marked": marked,
        "story": Markup(mark_text(article.text, make_marks(facts, page.prefix))) if marked else "",  # noqa: S704 - escaped there
        "facts_found": bool(facts.entities or facts.counts or facts.dates or facts.quotes),
        "counts": list(page.list_counts()),
        "moments": list(page.list_moments()),
        "lengths": list(page.list_lengths()),
        "speakers": list(page.list_speakers()),
        "labels": list(page.list_labels()),
    }


class _ArticlePage:
    """The rows of an article's tables."""

    def __init__(self, facts: Facts, prefix: str, *, marked: bool) -> None:
        self.facts = facts
        self.prefix = prefix
        self._marked = marked
        self._moments, self._lengths = make_timeline(facts)
        numbered = (("c", facts.counts), ("d", facts.dates), ("q", facts.quotes))
        self._ids = {id(fact): f"{prefix}{sign}{n}" for sign, found in numbered for n, fact in enumerate(found)}

    def _cut(self, spans: Iterable[tuple[int, int]]) -> list[Piece]:
        return cut_evidence(self.facts.article.text, spans) if self._marked else []

    def list_counts(self) -> Iterator[dict[str, Any]]:
        """List the counts as the article sums them up."""
        for statement in list_statements(self.facts.counts):
            count = statement.count
            notes = [count.who or ""]
            notes += [
                f"{word} {reference.text}"
                for word, reference in (("says", count.source), ("in", count.place))
                if reference
            ]
            notes += [count.date.value if count.date else ""]
            notes.append(statement.remark or "")
            if statement.repeats:
                notes.append("also told as " + ", ".join(f"“{words}”" for words in statement.repeats))
            yield {
                "role": {"": "current", "of them": "part"}.get(statement.relation, "aside"),
                "label": count.kind if statement.is_first else statement.relation,
                "number": format_number(count),
                "id": self._ids[id(count)],
                "notes": [note for note in notes if note],
                "evidence": self._cut([(count.start, count.end)]),
            }

    def list_moments(self) -> Iterator[dict[str, Any]]:
        """List the places in time in order."""
        for moment in self._moments:
            counts = [f"{count.kind} {format_number(count)}" for count in moment.counts if count.status == "asserted"]
            spans = group_by_evidence(self.facts.article.text, ((date.start, date.end) for date in moment.dates))
            yield {
                "id": self._ids[id(moment.dates[0])],
                "value": moment.value,
                "notes": [note for note in (word_moment(moment), *counts) if note],
                "evidence": [self._cut(group) for group in spans],
            }

    def list_lengths(self) -> Iterator[dict[str, Any]]:
        """List durations, frequencies and dates that cannot be known."""
        for date in self._lengths:
            yield {
                "id": self._ids[id(date)],
                "value": date.value,
                "notes": [note for note in (date.type.lower(), word_date(date)) if note],
                "evidence": [self._cut([(date.start, date.end)])],
            }

    def list_speakers(self) -> Iterator[dict[str, Any]]:
        """List the speakers with their quotes."""
        for speaking in group_quotes(self.facts):
            role = speaking.entity.role if speaking.entity else None
            quotes = [
                {
                    "id": self._ids[id(quote)],
                    "kind": quote.kind,
                    "notes": ["in another quote"] if quote.nested else [],
                    "evidence": self._cut([(part.start, part.end) for part in quote.parts])
                    or [Piece(quote.text, is_fact=True)],
                }
                for quote in speaking.quotes
            ]
            name = speaking.name or "Speaker not told"
            yield {"name": f"{name}, {role}" if role else name, "quotes": quotes}

    def list_labels(self) -> Iterator[dict[str, Any]]:
        """List the entities by label."""
        ranked = rank_entities(self.facts.entities)
        for label, name in LABEL_NAMES.items():
            found = [
                {
                    "id": f"{self.prefix}{entity.id}",
                    "name": entity.name,
                    "told": " · ".join(word for word in (entity.role, entity.country) if word),
                    "mentions": len(entity.mentions),
                }
                for entity in ranked
                if entity.label == label
            ]
            if found:
                yield {"name": name, "told": "Country" if label in ("GPE", "NORP") else "Role", "entities": found}


__all__ = ["LABEL_MARKS", "MARK_KINDS", "make_marks", "write_html"]
