"""Render facts for people: tables on a terminal, each fact with the words of the article that bear it out.

Whatever comes out of an article goes through `make_harmless` and into `Text`, never into markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from factx.evidence import cut_evidence, find_evidence, group_by_evidence
from factx.sanitize import make_harmless
from factx.select import FACT_KINDS
from factx.views import (
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

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import TextIO

    from rich.console import RenderableType

    from factx.facts import Entity, Facts, Quote
    from factx.views import Moment, Speaking, Statement

# Below this width a column of sentences beside the names would be too narrow to read.
_WIDE = 110
_NARROWEST_SENTENCE = 30
# So many characters before a name are shown at the most.
_LEAD = 24


class _StreamConsole(Console):
    """A console that leaves a closed pipe to the caller."""

    def on_broken_pipe(self) -> None:
        """Raise the error on, where rich would end the program."""
        raise  # noqa: PLE0704 - rich calls this while it handles the error


def make_console(stream: TextIO) -> Console:
    """Make a console that prints words as they are, coloured only on a terminal.

    Args:
        stream: Where to print.

    Returns:
        A console for `render_facts`; a closed pipe raises BrokenPipeError.
    """
    return _StreamConsole(file=stream, highlight=False, markup=False, emoji=False)


def render_facts(facts: Facts, console: Console, kinds: Collection[str] = FACT_KINDS) -> None:
    """Print the facts of an article as tables.

    Args:
        facts: The facts.
        console: Where to; it decides on width and colour.
        kinds: Which lists of facts were asked for; the others are not even said to be empty.
    """
    for part in _build_parts(facts, kinds, console):
        console.print(part)


def _build_parts(facts: Facts, kinds: Collection[str], console: Console) -> Iterator[RenderableType]:
    """Build what is printed for an article, from top to bottom."""
    yield _build_heading(facts)
    builders: dict[str, tuple[str, bool, Callable[[], RenderableType]]] = {
        "entities": ("Entities", bool(facts.entities), lambda: _build_entities(facts, console)),
        "counts": ("Counts", bool(facts.counts), lambda: _build_counts(facts)),
        "dates": ("Timeline", bool(facts.dates), lambda: _build_dates(facts)),
        "quotes": ("Quotes", bool(facts.quotes), lambda: _build_quotes(facts)),
    }
    empty = [kind for kind in FACT_KINDS if kind in kinds and not builders[kind][1]]
    for kind in FACT_KINDS:
        title, found, build = builders[kind]
        if kind in kinds and found:
            yield Text()
            yield Text(title.upper(), style="bold underline")
            yield build()
    if empty:
        yield Text()
        yield Text(f"No {_join_words(empty)} found.", style="dim")
    yield Text()


def _join_words(words: list[str]) -> str:
    """Write a list as English does: "a, b or c"."""
    return " or ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def _build_heading(facts: Facts) -> RenderableType:
    """Build title, source, publication day and warnings."""
    article = facts.article
    lines: list[RenderableType] = [Rule(style="dim"), _shown(article.title or article.id, style="bold")]
    if article.published:
        told = f"published {article.published}"
        day = told if article.published_from in (None, "option") else f"{told} (from the {article.published_from})"
    else:
        day = explain_open_dates(facts) or "no publication date known"
    lines.append(_shown(f"{describe_origin(article)} · {day}", style="dim"))
    lines.extend(_shown(f"warning: {warning}", style="yellow") for warning in article.warnings)
    return Group(*lines)


def _shown(text: str, style: str = "") -> Text:
    """Make text of an article fit to be shown."""
    return Text(make_harmless(text), style=style)


def _join_notes(notes: Iterable[Text | str | None]) -> list[Text]:
    """Put what there is to note on one line, with dots between; no line where there is nothing."""
    found = [note if isinstance(note, Text) else _shown(note) for note in notes if note]
    return [Text(" · ", style="dim").join(found)] if found else []


def _build_evidence(facts: Facts, spans: Iterable[tuple[int, int]]) -> Text:
    """Build the sentence that holds a fact, with the fact in bold."""
    evidence = Text(style="dim")
    for piece in cut_evidence(facts.article.text, spans):
        evidence.append(make_harmless(piece.text), style="bold not dim" if piece.is_fact else "")
    return evidence


def _build_entities(facts: Facts, console: Console) -> Table:
    """Build the table of entities: by label, the most mentioned first; on a wide terminal with their first sentence."""
    table = _tabulate_entities(facts, 0)
    left = console.width - console.measure(table).maximum - 3
    return _tabulate_entities(facts, left) if console.width >= _WIDE and left >= _NARROWEST_SENTENCE else table


def _tabulate_entities(facts: Facts, sentence_width: int) -> Table:
    """Make the table of entities, with so many cells for sentences; without them if there are none."""
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("Label", style="cyan", no_wrap=True)
    table.add_column("Name", style="bold", min_width=16, max_width=40, overflow="fold")
    table.add_column("Role", max_width=40, overflow="fold")
    table.add_column("Country", no_wrap=True)
    table.add_column("Mentions", justify="right", no_wrap=True)
    if sentence_width:
        table.add_column("First named in", width=sentence_width, no_wrap=True, overflow="ellipsis")
    previous = None
    for entity in rank_entities(facts.entities):
        row: list[RenderableType] = [
            entity.label if entity.label != previous else "",
            _shown(entity.name),
            _shown(entity.role or ""),
            entity.country or "",
            str(len(entity.mentions)),
        ]
        if sentence_width:
            row.append(_build_first_mention(facts, entity))
        table.add_row(*row)
        previous = entity.label
    return table


def _build_first_mention(facts: Facts, entity: Entity) -> Text:
    """Build the sentence that first names an entity, begun so near before the name that the name is on the line."""
    mention = entity.mentions[0]
    evidence = _build_evidence(facts, [(mention.start, mention.end)])
    lead = evidence.plain.find(make_harmless(mention.text))
    begin = evidence.plain.find(" ", lead - _LEAD, lead) + 1 if lead > _LEAD else 0
    return Text("… ", style="dim").append_text(evidence[begin:]) if begin else evidence


def _build_counts(facts: Facts) -> Table:
    """Build the article's own sum-up: for each kind the figure that holds, and beneath it the others and the parts."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", max_width=16, overflow="fold")
    table.add_column(overflow="fold")
    for statement in list_statements(facts.counts):
        count = statement.count
        label = Text(f"  {statement.relation}", style="magenta")
        if statement.is_first:
            label = Text(count.kind, style="bold cyan")
        number = Text(format_number(count), style="" if statement.relation else "bold")
        table.add_row(label, number, Group(*_build_statement(facts, statement)))
    return table


def _build_statement(facts: Facts, statement: Statement) -> Iterator[RenderableType]:
    """Build what is told of a count, and its sentence."""
    count = statement.count
    notes: list[Text | str | None] = [count.who]
    for word, reference in (("says", count.source), ("in", count.place)):
        if reference is not None:
            notes.append(Text(f"{word} ", style="dim").append(make_harmless(reference.text), style="not dim"))
    notes.append(count.date.value if count.date is not None else None)
    notes.append(Text(statement.remark, style="magenta") if statement.remark else None)
    if statement.repeats:
        told = ", ".join(f"“{make_harmless(words)}”" for words in statement.repeats)
        notes.append(Text("also told as ", style="dim").append(told))
    yield from _join_notes(notes)
    yield _build_evidence(facts, [(count.start, count.end)])


def _build_dates(facts: Facts) -> Table:
    """Build the timeline, and beneath it what has no place in time."""
    moments, rest = make_timeline(facts)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", max_width=16, overflow="fold")
    table.add_column(overflow="fold")
    for moment in moments:
        table.add_row(_shown(moment.value), Group(*_build_moment(facts, moment)))
    if rest:
        table.add_row("", Text("not on the timeline: durations, frequencies, open dates", style="dim italic"))
    for date in rest:
        notes = _join_notes([date.type.lower(), word_date(date)])
        table.add_row(
            _shown(date.value, style="not bold"), Group(*notes, _build_evidence(facts, [(date.start, date.end)]))
        )
    return table


def _build_moment(facts: Facts, moment: Moment) -> Iterator[RenderableType]:
    """Build what is told of a place in time: its counts, and each sentence that names it."""
    counts = [
        Text(f"{count.kind} ", style="cyan").append(format_number(count), style="bold")
        for count in moment.counts
        if count.status == "asserted"
    ]
    yield from _join_notes([word_moment(moment), *counts])
    for spans in group_by_evidence(facts.article.text, ((date.start, date.end) for date in moment.dates)):
        yield _build_evidence(facts, spans)


def _build_quotes(facts: Facts) -> RenderableType:
    """Build the quotes by speaker: how each is told, and the words in their sentence."""
    lines: list[RenderableType] = []
    for speaking in group_quotes(facts):
        lines.append(_build_speaker(speaking))
        table = Table.grid(padding=(0, 2))
        table.add_column(style="cyan", width=10)
        table.add_column(overflow="fold")
        for quote in speaking.quotes:
            table.add_row(f"  {quote.kind}", Group(*_build_quote(facts, quote)))
        lines.append(table)
    return Group(*lines)


def _build_speaker(speaking: Speaking) -> Text:
    """Build the line over the quotes of one speaker."""
    if speaking.name is None:
        return Text("speaker not told", style="dim")
    line = _shown(speaking.name, style="bold")
    if speaking.entity is not None and speaking.entity.role:
        line.append(f", {make_harmless(speaking.entity.role)}", style="not bold")
    if len(speaking.quotes) > 1:
        line.append(f" · {len(speaking.quotes)} quotes", style="dim not bold")
    return line


def _build_quote(facts: Facts, quote: Quote) -> Iterator[RenderableType]:
    """Build a quote's sentence, and above it what this sentence does not show of who says it and how."""
    parts = [(part.start, part.end) for part in quote.parts]
    first, last = find_evidence(facts.article.text, quote.start, quote.end)
    speaker, cue = (
        None if span is None or first <= span.start < last else make_harmless(span.text)
        for span in (quote.speaker, quote.cue)
    )
    yield from _join_notes(
        [
            Text(" ".join(word for word in (speaker, cue) if word), style="dim"),
            Text("in another quote", style="dim") if quote.nested else None,
        ]
    )
    yield _build_evidence(facts, parts)
