"""Dates: every time expression of a text with its normal form, and the day on which an article says it was published.

The grammar (`timex_grammar`) proposes readings, guards (`timex_guards`) drop those that are no time, values
(`timex_values`) say what is meant, counted from the publication day. Of the readings at one place the longest that
makes sense wins.
"""

from __future__ import annotations

import bisect
import datetime
import re
from typing import TYPE_CHECKING, cast

from factx.extract.timex_calendar import UNKNOWN_DAY, day_value, point_of, shift
from factx.extract.timex_direction import AHEAD, find_direction
from factx.extract.timex_grammar import next_start, readings_at
from factx.extract.timex_guards import may_stand
from factx.extract.timex_moment import Moment, unit_of
from factx.extract.timex_scan import Scan, scan_text
from factx.extract.timex_values import find_mod, find_value
from factx.extract.timex_words import code_names
from factx.facts import Date, TimexType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from factx.extract.timex_grammar import Reading

_RELATIVE_PART = re.compile(r"T(?:[0-9]|MO|MI|AF|EV|NI|DT)")
_QUARTER = re.compile(r"[0-9]{4}-Q[1-4]")
# A text that tells this many different years, all well before its publication, is a life or a history.
_NARRATIVE_YEARS = 8
_QUIET_NARRATIVE_YEARS = 3
_NARRATIVE_DISTANCE = 3
_AGREED, _ALONE = 0.05, 0.85
# What a date must hold to tell a year.
_YEAR = re.compile(r"[0-9]{4}|[/.-][0-9]{2}\b")
_HEAD_LINES, _HEAD_CHARACTERS = 15, 3000
_DATELINE_REACH = 110
_DATE_LINE_WORDS = re.compile(
    r"(?:first |last )?"
    r"(?:published|posted|updated|date|on|at|edt|est|et|gmt|utc|bst|cet|ist|by|[ap]\.?m\.?|[^\w]|[0-9]{1,2}[:.][0-9]{2})*+",
    re.IGNORECASE,
)
_DATELINE_BEFORE = re.compile(r"[A-Z][A-Z .'’/-]+(?:\([A-Z ]+\)|[\w .,'’/-]){0,60}?[,(]?\s*(?:--?|[–—])?\s*")
# An agency in brackets, or in strokes as in press releases: "/PRNewswire/".
_DATELINE_AFTER = re.compile(r"\s*\)?\s*(?:\([^()\n]{2,60}\)|/[A-Z][\w-]{2,30}/)?\s*(?:--?|[–—]|:)")


def find_dates(doc: Doc, published: str | None) -> list[Date]:
    """Find the time expressions of a text.

    Args:
        doc: the text; tags, tree, names and proposed date spans are used where they are there.
        published: publication day, ISO 8601; without it relative expressions keep XXXX forms.

    Returns:
        The expressions in text order; none overlap.

    Source:
        TimeML TIMEX3 as read by TempEval-3; the grammar is our own.
    """
    text = doc.text
    scan = scan_text(text)
    annotated = doc if len(doc) and doc[0].tag else None
    moment = Moment(_day_of(published), lambda reading: find_direction(scan, reading.first, reading.last, annotated))
    moment.day_first = _is_day_first(text)
    moment.narrative = _is_narrative(scan, moment.published)
    names = _names(doc)
    found = [(reading, value) for reading, value in _read(scan, moment) if not _inside_name(names, reading)]
    proposed = _proposed(doc)
    return [_record(reading, value, proposed) for reading, value in _complete(found, moment)]


def find_published(text: str) -> str | None:
    """Find the day on which an article says it was published.

    Args:
        text: the article.

    Returns:
        ISO day of a dateline ("KABUL, March 8, 2022 (Reuters) -") or of a line near the top that is just a date;
        else None.
    """
    lines = 0
    for line in text[:_HEAD_CHARACTERS].split("\n"):
        if line.strip():
            lines += 1
            day = _published_in_line(line)
            if day is not None:
                return day
            if lines >= _HEAD_LINES:
                return None
    return None


def _published_in_line(line: str) -> str | None:
    head = line[: 2 * _DATELINE_REACH]
    if _YEAR.search(head) is None:
        return None
    scan = scan_text(head)
    moment = Moment(None, lambda _reading: 0)
    for reading, value in _read(scan, moment):
        point = point_of(value)
        if reading.rule.type not in {"DATE", "TIME"} or point is None or point.day is None:
            continue
        before, after = line[: reading.start].strip(), line[reading.end :]
        alone = _DATE_LINE_WORDS.fullmatch(before) and _DATE_LINE_WORDS.fullmatch(after.strip()[:80])
        headed = reading.has("weekday") and reading.has("year") and not after.strip()
        if (
            alone
            or headed
            or (
                reading.start <= _DATELINE_REACH
                and _DATELINE_BEFORE.fullmatch(line[: reading.start])
                and _DATELINE_AFTER.match(after)
            )
        ):
            return value[: len(UNKNOWN_DAY)]
    return None


def _day_of(published: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(published[: len(UNKNOWN_DAY)]) if published else None
    except ValueError:
        return None


def _is_day_first(text: str) -> bool:
    """Whether some numeric date of the text can only be read day first."""
    match = re.search(
        r"(?<![\w/.-])(1[3-9]|2[0-9]|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:[0-9]{4}|[0-9]{2})(?![\w/-])", text
    )
    return match is not None


def _is_narrative(scan: Scan, published: datetime.date | None) -> bool:
    """Whether a text tells a life or a history: many years long past, or some and no word of these days."""
    if published is None:
        return False
    year4, weekday = (
        re.escape(letter) for letter, name in sorted(code_names().items()) if name in {"weekday", "year4"}
    )
    years = {
        int(scan.words[match.start()])
        for match in re.finditer(f"[{year4}{weekday}]", scan.codes)
        if scan.words[match.start()].isdigit()
    }
    old = sum(year <= published.year - _NARRATIVE_DISTANCE for year in years)
    recent = any(abs(year - published.year) <= 1 for year in years) or re.search(f"[{weekday}]", scan.codes) is not None
    return old >= _NARRATIVE_YEARS or (old >= _QUIET_NARRATIVE_YEARS and not recent)


def _read(scan: Scan, moment: Moment) -> Iterator[tuple[Reading, str]]:
    """The readings that make sense, from left to right, the longest at each place."""
    index = 0
    while (index := next_start(scan, index)) >= 0:
        for reading in readings_at(scan, index):
            if not may_stand(reading, moment):
                continue
            value = find_value(reading, moment)
            if value is None:
                continue
            _remember(moment, reading, value)
            yield reading, value
            index = reading.last
            break
        else:
            index += 1


def _remember(moment: Moment, reading: Reading, value: str) -> None:
    moment.told_last, moment.told_value = reading.last, value
    if _QUARTER.fullmatch(value):
        moment.told_quarter = value
    point = point_of(value) if reading.rule.type in {"DATE", "TIME"} and reading.rule.value != "consecutive" else None
    if point is None:
        return
    if point.day is not None:
        moment.told_day = value
    if reading.rule.type == "DATE":
        moment.told = value


def _complete(found: list[tuple[Reading, str]], moment: Moment) -> Iterator[tuple[Reading, str]]:
    """Give clock times and parts of a day the day that their sentence tells, else the publication day."""
    for position, (reading, value) in enumerate(found):
        if _RELATIVE_PART.match(value) and reading.rule.type == "TIME":
            day = _day_in_sentence(found, position)
            if day is None and value == "TNI" and moment.direction(reading) != AHEAD:
                day = shift(moment.today(), -1, "D")
            yield reading, (day or day_value(moment.published)) + value
        else:
            yield reading, value


def _day_in_sentence(found: list[tuple[Reading, str]], position: int) -> str | None:
    reading = found[position][0]
    for other in (position + 1, position - 1, position - 2):
        if not 0 <= other < len(found):
            continue
        neighbour, value = found[other]
        point = point_of(value)
        if (
            neighbour.rule.type in {"DATE", "TIME"}
            and point is not None
            and point.day is not None
            and _same_sentence(reading, neighbour)
        ):
            return value[: len(UNKNOWN_DAY)]
    return None


def _same_sentence(one: Reading, other: Reading) -> bool:
    first, last = min(one.last, other.last), max(one.first, other.first)
    return not any(one.scan.closes_sentence(index) for index in range(first, last))


class _Spans:
    """Stretches of the text that may be asked for those around a place, in the time of a binary search."""

    def __init__(self, spans: list[tuple[int, int, str, bool]]) -> None:
        self._spans = sorted(spans)
        self._starts = [span[0] for span in self._spans]

    def __bool__(self) -> bool:
        return bool(self._spans)

    def touching(self, start: int, end: int) -> Iterator[tuple[int, int, str, bool]]:
        """The stretches that share a character with one; as none overlap, the search stops at the first before."""
        index = bisect.bisect_left(self._starts, end) - 1
        while index >= 0 and self._spans[index][1] > start:
            yield self._spans[index]
            index -= 1


def _inside_name(names: _Spans, reading: Reading) -> bool:
    """Whether a name that the model found holds the expression: the year of a cup, a month that is a person."""
    for start, end, label, capital_end in names.touching(reading.start, reading.end):
        if start > reading.start or end < reading.end:
            continue
        whole = start == reading.start and end == reading.end
        if label == "PERSON" and reading.rule.name in {"month_alone", "season_alone", "weekday"}:
            return True
        if not whole and label in {"ORG", "FAC"} and reading.rule.type in {"DATE", "DURATION", "SET"}:
            return True
        if not whole and label == "EVENT" and capital_end and reading.rule.name == "year":
            return True
    return False


def _names(doc: Doc) -> _Spans:
    return _Spans([(ent.start_char, ent.end_char, ent.label_, ent[-1].text[:1].isupper()) for ent in doc.ents])


def _proposed(doc: Doc) -> _Spans:
    """Date spans that the model proposes; empty where no model looked for any."""
    group = doc.spans.get("factx_date_spans") or ()
    return _Spans([(span.start_char, span.end_char, span.label_, False) for span in group])


def _type_of(reading: Reading, value: str) -> TimexType:
    """The type of the rule; "two hours ago" and a day with a clock time lie within a day."""
    if reading.rule.value == "iso" and "T" in value:
        return "TIME"
    counted = reading.rule.value in {"ago", "later", "later_unknown", "from_now", "ago_half"}
    if counted and unit_of(reading).startswith("T"):
        return "TIME"
    return cast("TimexType", reading.rule.type)


def _record(reading: Reading, value: str, proposed: _Spans) -> Date:
    confidence = reading.rule.confidence
    if proposed:
        agreed = next(proposed.touching(reading.start, reading.end), None) is not None
        confidence = min(0.99, confidence + _AGREED) if agreed else confidence * _ALONE
    return Date(
        text=reading.scan.text[reading.start : reading.end],
        start=reading.start,
        end=reading.end,
        type=_type_of(reading, value),
        value=value,
        mod=find_mod(reading),
        confidence=round(confidence, 3),
        rule=reading.rule.name,
    )


__all__ = ["find_dates", "find_published"]
