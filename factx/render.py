"""Render facts for people: tables on a terminal, each fact with the words of the article that bear it out.

Whatever comes out of an article goes through `make_harmless` and into `Text`, never into markup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from factx.facts import Kind, Label
from factx.sanitize import make_harmless
from factx.select import FACT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import TextIO

    from rich.console import RenderableType

    from factx.facts import Count, Date, Entity, Facts, Quote

_LABEL_ORDER = {label: place for place, label in enumerate(get_args(Label))}
_KIND_ORDER = {kind: place for place, kind in enumerate(get_args(Kind))}

# How a number is written with its bound or hedge; "exact" and "between" have no sign of their own.
_SIGNS = {"about": "about ", "at_least": "≥ ", "more_than": "> ", "at_most": "≤ ", "less_than": "< "}

_MODS = {
    "APPROX": "about",
    "START": "start of",
    "MID": "middle of",
    "END": "end of",
    "MORE_THAN": "more than",
    "LESS_THAN": "less than",
    "EQUAL_OR_MORE": "at least",
    "EQUAL_OR_LESS": "at most",
    "BEFORE": "before",
    "AFTER": "after",
    "ON_OR_BEFORE": "until",
    "ON_OR_AFTER": "from",
}

# A value that still waits for a publication date.
_OPEN_VALUE = re.compile(r"X{2}|_REF$")

# Evidence is the sentence around a fact, looked for this far to each side; then it is cut at a blank and marked so.
_REACH = 240
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z0-9])")
# A full stop after these ends no sentence: short forms before names, initials, "U.S."
_SHORT_FORM = re.compile(
    r"(?<!\w)(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Maj|Capt|Sgt|Cmdr|Adm|Gov|Sen|Rep|Rev|Jr|Sr|No|vs|[A-Z]|(?:[A-Z]\.)+[A-Z])$"
)

# Below this width a context column would be too narrow to read.
_WIDE = 110


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
    for part in _build_parts(facts, kinds, console.width):
        console.print(part)


def format_number(count: Count) -> str:
    """Write a count's number for people: "164", "≥ 27", "about 200", "12-15"."""
    low, high = count.low, count.high
    if count.qualifier == "none":
        return "none"
    if low is None and high is None:
        return "?"
    if count.qualifier in _SIGNS:
        return f"{_SIGNS[count.qualifier]}{low if low is not None else high:,}"
    if low is None:
        return f"≤ {high:,}"
    if high is None:
        return f"≥ {low:,}"
    if low == high:
        return f"{low:,}"
    return f"{low:,}-{high:,}"


def find_evidence(text: str, start: int, end: int) -> tuple[int, int]:
    """Find the sentence around a fact, by punctuation alone, so that it needs no parse.

    >>> text = "It rained. Mr. Smith said 12 people died. Roads closed."
    >>> start, end = find_evidence(text, 26, 35)
    >>> text[start:end]
    'Mr. Smith said 12 people died.'

    Args:
        text: The article.
        start: Begin of the fact.
        end: End of the fact.

    Returns:
        Begin and end of the sentence, or of so much of it as is near.
    """
    first = max(text.rfind("\n", max(0, start - _REACH), start) + 1, start - _REACH, 0)
    break_after = text.find("\n", end, end + _REACH)
    last = break_after if break_after >= 0 else min(len(text), end + _REACH)
    cut = True
    for match in _SENTENCE_END.finditer(text, first, last):
        if _SHORT_FORM.search(text, max(0, match.start() - 8), match.start()) and text[match.start()] == ".":
            continue
        if match.end() <= start:
            first, cut = match.end(), False
        elif match.start() >= end - 1:
            last = match.end()
            break
    if cut and first == start - _REACH and first > 0 and not text[first - 1].isspace():
        first = min(start, (text.find(" ", first, start) + 1) or first)
    if last == end + _REACH and last < len(text) and not text[last].isspace():
        last = max(end, text.rfind(" ", end, last))
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _build_parts(facts: Facts, kinds: Collection[str], width: int) -> Iterator[RenderableType]:
    """Build what is printed for an article, from top to bottom."""
    yield _build_heading(facts)
    builders: dict[str, tuple[str, bool, Callable[[], RenderableType]]] = {
        "entities": ("Entities", bool(facts.entities), lambda: _build_entities(facts)),
        "counts": ("Counts", bool(facts.counts), lambda: _build_counts(facts)),
        "dates": ("Dates", bool(facts.dates), lambda: _build_dates(facts, width)),
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
    elif any(_OPEN_VALUE.search(date.value) for date in facts.dates):
        day = "no publication date known: relative dates stay open (--published gives it)"
    else:
        day = "no publication date known"
    source = "standard input" if article.source == "-" else article.source
    lines.append(_shown(f"{source} · {day}", style="dim"))
    lines.extend(_shown(f"warning: {warning}", style="yellow") for warning in article.warnings)
    return Group(*lines)


def _shown(text: str, style: str = "") -> Text:
    """Make text of an article fit to be shown."""
    return Text(make_harmless(text), style=style)


def _build_entities(facts: Facts) -> Table:
    """Build the table of entities: by label, the most mentioned first."""
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("Label", style="cyan", no_wrap=True)
    table.add_column("Name", style="bold", min_width=16, overflow="fold")
    table.add_column("Role", overflow="fold")
    table.add_column("Country", no_wrap=True)
    table.add_column("Mentions", justify="right", no_wrap=True)
    entities = sorted(facts.entities, key=_rank_entity)
    previous = None
    for entity in entities:
        table.add_row(
            entity.label if entity.label != previous else "",
            _shown(entity.name),
            _shown(entity.role or ""),
            entity.country or "",
            str(len(entity.mentions)),
        )
        previous = entity.label
    return table


def _rank_entity(entity: Entity) -> tuple[int, int, int]:
    """Order entities by label, then by how much the article is about them: mentions, and the first one's place."""
    first = entity.mentions[0].start if entity.mentions else 0
    return _LABEL_ORDER[entity.label], -len(entity.mentions), first


def _build_counts(facts: Facts) -> Table:
    """Build the list of counts: by kind, those in force first, each with its evidence."""
    previous = None
    rows: list[tuple[RenderableType, RenderableType, RenderableType]] = []
    counts = sorted(facts.counts, key=lambda count: (_KIND_ORDER[count.kind], count.status != "asserted", count.start))
    for count in counts:
        notes = [_shown(count.who)] if count.who else []
        if count.subset:
            notes.append(Text("part of another figure", style="dim"))
        if count.status != "asserted":
            notes.append(Text(count.status, style="magenta"))
        for word, reference in (("says", count.source), ("in", count.place)):
            if reference is not None:
                notes.append(Text(f"{word} ", style="dim").append(make_harmless(reference.text), style="not dim"))
        if count.date is not None:
            notes.append(_shown(count.date.value))
        kind = Text(count.kind if count.kind != previous else "", style="bold cyan")
        number = Text(format_number(count), style="bold" if count.status == "asserted" else "")
        line = [Text(" · ", style="dim").join(notes)] if notes else []
        rows.append((kind, number, Group(*line, _build_evidence(facts, count))))
        previous = count.kind
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", max_width=16, overflow="fold")
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _build_evidence(facts: Facts, fact: Count | Date) -> Text:
    """Build the sentence that holds a fact, with the fact in bold."""
    text = facts.article.text
    first, last = find_evidence(text, fact.start, fact.end)
    evidence = Text(style="dim")
    evidence.append("… " if first > 0 and text[first - 1] not in "\n .!?" and text[first - 1 : first].strip() else "")
    evidence.append(make_harmless(text[first : fact.start]))
    evidence.append(make_harmless(text[fact.start : fact.end]), style="bold not dim")
    evidence.append(make_harmless(text[fact.end : last]))
    return evidence


def _build_dates(facts: Facts, width: int) -> Table:
    """Build the table of dates, on a wide terminal with their sentences."""
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("Value", style="bold", overflow="fold", min_width=10)
    table.add_column("In words", overflow="fold")
    table.add_column("Type", style="cyan", no_wrap=True)
    table.add_column("Modifier", overflow="fold")
    wide = width >= _WIDE
    if wide:
        table.add_column("Sentence", ratio=1, overflow="ellipsis", no_wrap=True)
    for date in facts.dates:
        row: list[RenderableType] = [
            _shown(date.value),
            _shown(date.text),
            date.type.lower(),
            _shown(_MODS.get(date.mod, date.mod.lower()) if date.mod else ""),
        ]
        if wide:
            row.append(_build_evidence(facts, date))
        table.add_row(*row)
    return table


def _build_quotes(facts: Facts) -> RenderableType:
    """Build the list of quotes: who says it and how, and beneath the words."""
    lines: list[RenderableType] = []
    for quote in facts.quotes:
        lines.append(_build_speaker(quote))
        words = " … ".join(make_harmless(part.text) for part in quote.parts)
        lines.append(Padding(Text(f"“{words}”" if quote.kind == "direct" else words), (0, 0, 0, 4)))
    return Group(*lines)


def _build_speaker(quote: Quote) -> Text:
    """Build the line over a quote: the speaker's name, with the words in that place where these say less."""
    speaker = quote.speaker
    line = Text()
    if speaker is None:
        line.append("speaker not told", style="dim")
    else:
        line.append(make_harmless(speaker.name or speaker.text), style="bold")
        if speaker.name and speaker.name not in speaker.text:
            line.append(f" (“{make_harmless(speaker.text)}”)", style="dim")
    if quote.cue is not None:
        line.append(f" · {make_harmless(quote.cue.text)}", style="dim")
    line.append(" · ", style="dim").append(quote.kind, style="cyan")
    if quote.nested:
        line.append(" · in another quote", style="dim")
    return line
