"""How people want the facts of an article: names by weight, quotes by speaker, dates in order, numbers with bounds.

Tables, pages and the report show the same order and the same words; both come from here. Nothing here knows a format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from factx.facts import Label
from factx.intervals import find_interval, is_open, word_set, word_value
from factx.summary import summarize_counts

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from factx.facts import Article, Count, Date, Entity, Facts, Quote
    from factx.summary import Figure, KindSummary

LABEL_NAMES: dict[str, str] = {
    "PERSON": "People",
    "ORG": "Organisations",
    "GPE": "Countries and cities",
    "LOC": "Regions",
    "FAC": "Buildings and sites",
    "NORP": "Peoples and groups",
    "EVENT": "Events",
}
"""Labels as headings, in the order in which they are shown."""

_LABEL_ORDER = {label: place for place, label in enumerate(get_args(Label))}

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


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in time with all that the article tells of it."""

    value: str
    """TIMEX3 value."""
    first: datetime.date
    """First day."""
    last: datetime.date
    """Last day."""
    dates: tuple[Date, ...]
    """The expressions that name it, in text order."""
    counts: tuple[Count, ...]
    """Counts of what happened then, in text order."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A count in its place within the article's own sum-up."""

    count: Count
    """The count."""
    relation: str
    """What it is beside the figure that holds: "" (it is this one), "earlier", "conflicting", "possible", "denied",
    "also" (of another event) or "of them" (a part of the figure above)."""
    is_first: bool
    """Whether it opens the statements of its kind."""
    remark: str | None
    """What has to be said besides: the status of a part; the relation where it stands first, with no label left."""
    repeats: tuple[str, ...]
    """Other words in which the article tells the same figure."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """Somebody with all that the article quotes of them."""

    name: str | None
    """The fullest name or description; None where the article does not say who speaks."""
    entity: Entity | None
    """The person or body, if the article names one."""
    quotes: tuple[Quote, ...]
    """In text order."""


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


def describe_origin(article: Article) -> str:
    """Say who wrote an article and where it came from, as far as that is known."""
    source = "standard input" if article.source == "-" else article.source
    return " · ".join(word for word in (article.author and f"by {article.author}", article.site, source) if word)


def word_mod(mod: str | None) -> str | None:
    """Say a TIMEX3 mod in words."""
    return _MODS.get(mod, mod.lower()) if mod else None


def word_date(date: Date) -> str | None:
    """Say the value of a date in words, with its modifier; None where the value speaks for itself."""
    wording = word_set(date.value) if date.type == "SET" else word_value(date.value)
    return " ".join(part for part in (word_mod(date.mod), wording) if part) or None


def word_moment(moment: Moment) -> str | None:
    """Say a place in time in words, with the modifier if all expressions that name it have the same."""
    alike = len({date.mod for date in moment.dates}) == 1
    return word_date(moment.dates[0]) if alike else word_value(moment.value)


def list_statements(counts: Iterable[Count]) -> Iterator[Statement]:
    """List the counts of an article as it sums them up itself: by kind, under each figure its parts.

    Args:
        counts: Counts of one article.

    Yields:
        The current figure of each kind, if one is asserted; then earlier, conflicting, doubtful and further ones.
    """
    for summary in summarize_counts(counts):
        is_first = True
        for relation, figure in _list_figures(summary):
            repeats = dict.fromkeys(repeat.text for repeat in figure.repeats)
            remark = relation if is_first and relation not in ("", "also") else None
            yield Statement(figure.count, relation, is_first, remark, tuple(repeats))
            is_first = False
            for part in figure.parts:
                remark = part.status if part.status != "asserted" else None
                yield Statement(part, "of them", is_first, remark, ())


def _list_figures(summary: KindSummary) -> Iterator[tuple[str, Figure]]:
    """List the figures of a kind, each with what it is beside the current one."""
    if summary.current is not None:
        yield "", summary.current
    for relation, figures in (
        ("earlier", summary.superseded),
        ("conflicting", summary.conflicting),
        ("", summary.doubtful),
        ("also", summary.others),
    ):
        for figure in figures:
            yield relation or figure.count.status, figure


def rank_entities(entities: Iterable[Entity]) -> list[Entity]:
    """Order entities by label, then by how much the article is about them: mentions, and the first one's place."""
    return sorted(
        entities,
        key=lambda entity: (
            _LABEL_ORDER[entity.label],
            -len(entity.mentions),
            entity.mentions[0].start if entity.mentions else 0,
        ),
    )


def make_timeline(facts: Facts) -> tuple[list[Moment], list[Date]]:
    """Put what the article dates in order of time.

    Args:
        facts: The facts of one article.

    Returns:
        The known places in time, the earliest first and of those that begin together the longest first; and the other
        expressions in text order: durations, sets, and dates that cannot be known.
    """
    named: dict[str, list[Date]] = {}
    rest: list[Date] = []
    for date in facts.dates:
        if date.type in ("DATE", "TIME") and find_interval(date.value):
            named.setdefault(date.value, []).append(date)
        else:
            rest.append(date)
    counted: dict[str, list[Count]] = {}
    for count in facts.counts:
        if count.date is not None:
            counted.setdefault(count.date.value, []).append(count)
    moments = [
        Moment(value, *interval, tuple(dates), tuple(counted.get(value, ())))
        for value, dates in named.items()
        if (interval := find_interval(value))
    ]
    return sorted(moments, key=lambda moment: (moment.first, -moment.last.toordinal(), moment.value)), rest


def explain_open_dates(facts: Facts) -> str | None:
    """Say in one line why relative dates have no day, where that is so.

    Returns:
        The reason and what to do; None where the publication day is known or no date needs it.
    """
    if facts.article.published or not any(
        is_open(date.value) and date.type in ("DATE", "TIME") for date in facts.dates
    ):
        return None
    return "no publication date known: relative dates stay open (--published gives it)"


def group_quotes(facts: Facts) -> list[Speaking]:
    """Group quotes by who says them.

    Args:
        facts: The facts of one article.

    Returns:
        The speakers, the most quoted first, then in text order; quotes without a speaker come last.
    """
    entities = {entity.id: entity for entity in facts.entities}
    groups: dict[str, list[Quote]] = {}
    for quote in facts.quotes:
        groups.setdefault(_speaker_key(quote), []).append(quote)
    found = [
        Speaking(_name_speaker(quotes), entities.get(key), tuple(quotes))
        for key, quotes in sorted(groups.items(), key=lambda item: (not item[0], -len(item[1]), item[1][0].start))
    ]
    return [
        Speaking(speaking.entity.name, speaking.entity, speaking.quotes) if speaking.entity else speaking
        for speaking in found
    ]


def _speaker_key(quote: Quote) -> str:
    """What quotes of one speaker have in common; empty where nobody is named."""
    speaker = quote.speaker
    if speaker is None:
        return ""
    return speaker.entity or f"={(speaker.name or speaker.text).casefold().removeprefix('the ')}"


def _name_speaker(quotes: list[Quote]) -> str | None:
    """The longest name among the quotes of one speaker."""
    names = [quote.speaker.name or quote.speaker.text for quote in quotes if quote.speaker]
    return max(names, key=len) if names else None


__all__ = [
    "LABEL_NAMES",
    "Moment",
    "Speaking",
    "Statement",
    "describe_origin",
    "explain_open_dates",
    "format_number",
    "group_quotes",
    "list_statements",
    "make_timeline",
    "rank_entities",
    "word_date",
    "word_mod",
    "word_moment",
]
