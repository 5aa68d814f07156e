"""The arithmetic of TIMEX3 values: numbers in words, periods, shifts of partly known dates, without any text."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from factx.extract.timex_words import lexicon

UNKNOWN_DAY = "XXXX-XX-XX"
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9W-])")
_FACTORS = {"DE": (10, "Y"), "CE": (100, "Y"), "FN": (2, "W"), "Q": (3, "M"), "WE": (1, "WE")}
# Longer rows of digits are data, and so are larger numbers: nothing in news lasted a million billion of anything.
_LONGEST_NUMBER = 21
_LARGEST_NUMBER = 1e15
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_SEASON_STARTS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


class Point(NamedTuple):
    """A date of which the day, or the month too, may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None

    def text(self) -> str:
        """TIMEX3 value."""
        value = f"{self.year:04d}"
        if self.month is not None:
            value += f"-{self.month:02d}"
            if self.day is not None:
                value += f"-{self.day:02d}"
        return value


def point_of(value: str) -> Point | None:
    """The date in a value that begins with a year, a month or a day; None for weeks, references and the like."""
    match = _DAY.match(value)
    if match is None:
        return None
    year, month, day = match.groups()
    return Point(int(year), int(month) if month else None, int(day) if day else None)


def day_value(day: datetime.date | None) -> str:
    """ISO day, or the form of a day that is not known."""
    return UNKNOWN_DAY if day is None else day.isoformat()


def week_value(day: datetime.date | None) -> str:
    """ISO week of a day."""
    if day is None:
        return "XXXX-WXX"
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def make_day(year: int, month: int, day: int) -> datetime.date | None:
    """A day, or None where the calendar has no such day."""
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def add_days(day: datetime.date, number: float) -> datetime.date | None:
    """A day some days on, or None beyond the years that a calendar can write."""
    try:
        return day + datetime.timedelta(days=int(number))
    except OverflowError:
        return None


def season_start(season: str) -> int:
    """First month of a season (SP SU FA WI)."""
    return _SEASON_STARTS.get(season, 1)


def shift(anchor: Point | None, number: float, unit: str) -> str | None:
    """The date that lies a number of periods from an anchor, as precisely as the period is.

    Two days on is a day, two years on a year.

    Args:
        anchor: where to count from, None when unknown.
        number: how many periods, negative to go back.
        unit: D W FN M Q Y DE CE, or TH TM TS for clock units.

    Returns:
        TIMEX3 value; XXXX forms for an unknown anchor; None when the anchor is too coarse or the result beyond
        the calendar.
    """
    factor, base = _FACTORS.get(unit, (1, unit))
    number *= factor
    if base in {"TH", "TM", "TS"}:
        number, base = int(number / {"TH": 24, "TM": 1440, "TS": 86400}[base]), "D"
    if anchor is None:
        return {"Y": "XXXX", "M": "XXXX-XX"}.get(base, UNKNOWN_DAY)
    if base == "WE":
        base = "W"
    if base in {"D", "W"}:
        if anchor.month is None or anchor.day is None:
            return None
        day = make_day(anchor.year, anchor.month, anchor.day)
        moved = add_days(day, number * (7 if base == "W" else 1)) if day is not None else None
        return None if moved is None else moved.isoformat()
    if base == "Y" and number == int(number):
        year = anchor.year + int(number)
        return f"{year:04d}" if 0 < year <= datetime.MAXYEAR else None
    if anchor.month is None:
        return None
    months = anchor.year * 12 + anchor.month - 1 + int(number * (12 if base == "Y" else 1))
    if not 12 <= months < datetime.MAXYEAR * 12:
        return None
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def period_value(number: float | str, unit: str) -> str:
    """A length of time: (2, "W") is P2W, ("X", "Y") is PXY, (24, "TH") is PT24H, (3, "DE") is P30Y."""
    clock = unit.startswith("T")
    if isinstance(number, str):
        unit = {"FN": "W", "Q": "Q"}.get(unit, unit)
        return f"P{'T' if clock else ''}{number}{unit[1:] if clock else unit}"
    factor, base = _FACTORS.get(unit, (1, unit))
    number *= factor
    written = str(int(number)) if number == int(number) else f"{number:.2f}".rstrip("0")
    return f"PT{written}{base[1:]}" if clock else f"P{written}{base}"


def number_of(words: list[str]) -> float | None:
    """The number that words or digits write: "three and a half", "1,200", "166 million", "twenty-first".

    Args:
        words: in lower case, hyphens as words of their own.

    Returns:
        The number, or None where there is none, it is vague, or no period of time could have it.
    """
    total, group, seen = 0.0, 0.0, False
    if any(len(word) > _LONGEST_NUMBER and word[0].isdigit() for word in words):
        return None
    if words[-2:-1] == ["/"] and len(words) > len("1/2") and all(word.isdigit() for word in (words[-3], words[-1])):
        whole = number_of(words[:-3])
        part = int(words[-3]) / int(words[-1]) if int(words[-1]) else 0
        return None if whole is None else whole + part
    for position, word in enumerate(words):
        entry = lexicon().get(word)
        if word[:1].isdigit():
            digits = re.match(r"[0-9][0-9,]*(?:\.[0-9]+)?", word)
            if digits is None:
                return None
            group, seen = group + float(digits.group().rstrip(",").replace(",", "")), True
        elif word in _FRACTIONS:
            group, seen = group + _FRACTIONS[word], True
        elif entry is None or entry.category == "and":
            continue
        elif entry.category in {"number_word", "ordinal_word"}:
            group, seen = group + float(entry.value), True
        elif entry.category == "second":
            group, seen = group + 2, True
        elif word == "half":
            group, seen = group + 0.5, True
        elif entry.category == "a" and (position == 0 and words[1:2] != ["half"]):
            group, seen = group + 1, True
        elif entry.category == "scale":
            scale = float(entry.value)
            if scale == 100:
                group = (group or 1) * scale
            else:
                total, group = total + (group or 1) * scale, 0.0
            seen = True
    return total + group if seen and total + group < _LARGEST_NUMBER else None


__all__ = [
    "UNKNOWN_DAY", "Point", "add_days", "day_value", "make_day", "number_of", "period_value", "point_of",
    "season_start",
    "shift", "week_value",
]  # fmt: skip
