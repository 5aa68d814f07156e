"""TIMEX3 values as stretches of days, to put dates in order and to say them in words."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from functools import lru_cache

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})(-WE)?")
_PART = re.compile(r"(\d{4})-(Q[1-4]|H[12]|SP|SU|FA|WI)")
# First and last month of the parts of a year; winter runs into the next one.
_MONTHS = {
    "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12),
    "SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14),
}  # fmt: skip
_PART_NAMES = {"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter", "H1": "first half", "H2": "second half"}
_TIME_NAMES = {"MO": "morning", "MI": "midday", "AF": "afternoon", "EV": "evening", "NI": "night", "DT": "daytime"}
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "WE": "weekend", "Q": "quarter", "H": "hour"}
_PERIOD = re.compile(r"P(\d+(?:\.\d+)?|X)(WE|[YMWDQ])")
_CLOCK_PERIOD = re.compile(r"PT(\d+(?:\.\d+)?|X)([HMS])")
_CLOCK_UNITS = {"H": "hour", "M": "minute", "S": "second"}
_SETS = {"P1D": "every day", "P1W": "every week", "P1M": "every month", "P1Y": "every year"}
_WORDS = {"PRESENT_REF": "now", "PAST_REF": "in the past", "FUTURE_REF": "in the future"}
_OPEN = re.compile(r"XX|_REF$")


@lru_cache(maxsize=4096)
def find_interval(value: str) -> tuple[datetime.date, datetime.date] | None:
    """Find the days that a TIMEX3 value covers.

    >>> find_interval("2022-W01")
    (datetime.date(2022, 1, 3), datetime.date(2022, 1, 9))

    Args:
        value: A value of type DATE or TIME.

    Returns:
        First and last day; None for what is no place in time (a duration) or not known (XXXX).
    """
    try:
        if match := _DAY.fullmatch(value):
            day = datetime.date(*map(int, match.groups()))
            return day, day
        if match := _MONTH.fullmatch(value):
            return _span_months(int(match[1]), int(match[2]), int(match[2]))
        if match := _WEEK.fullmatch(value):
            week = int(match[1]), int(match[2])
            return datetime.date.fromisocalendar(*week, 6 if match[3] else 1), datetime.date.fromisocalendar(*week, 7)
        if match := _PART.fullmatch(value):
            return _span_months(int(match[1]), *_MONTHS[match[2]])
        if re.fullmatch(r"\d{2,4}", value):
            width = 10 ** (4 - len(value))
            first = int(value) * width
            return datetime.date(first, 1, 1), datetime.date(first + width - 1, 12, 31)
    except (ValueError, OverflowError):  # no such day: "2022-02-30", a year 0
        return None
    return None


def _span_months(year: int, first: int, last: int) -> tuple[datetime.date, datetime.date]:
    """Days from the first of one month to the last of another; month 13 is January of the next year."""
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return datetime.date(year, first, 1), datetime.date(end_year, end_month, monthrange(end_year, end_month)[1])


def is_open(value: str) -> bool:
    """Tell whether a value waits for what the article does not say, mostly the publication day.

    >>> is_open("XXXX-XX-XX"), is_open("P3D"), is_open("PXD")
    (True, False, False)
    """
    return _OPEN.search(value) is not None


def word_value(value: str) -> str | None:
    """Say a TIMEX3 value in words where it does not speak for itself.

    >>> word_value("2022-W01")
    'week of 3 January 2022'
    >>> word_value("2022-01-09TNI")
    'night of 9 January 2022'
    >>> word_value("P3D")
    '3 days'

    Args:
        value: A value of any type.

    Returns:
        Words; None for days, months and years, and for values of rare forms.
    """
    if value in _WORDS:
        return _WORDS[value]
    interval = find_interval(value)
    if interval is not None:
        day = word_day(interval[0])
        if match := re.fullmatch(r"[\d-]+T(MO|MI|AF|EV|NI|DT)", value):
            return f"{_TIME_NAMES[match[1]]} of {day}"
        if match := re.fullmatch(r"[\d-]+T(\d{2}:\d{2}).*", value):
            return f"{match[1]} on {day}"
        if match := _WEEK.fullmatch(value):
            return f"{'weekend' if match[3] else 'week'} of {day}"
        if match := _PART.fullmatch(value):
            part = _PART_NAMES.get(match[2]) or f"quarter {match[2][1]}"
            return f"{part} of {match[1]}"
        if len(value) == 3:
            return f"the {value}0s"
        return f"{value}00-{value}99" if len(value) == 2 else None
    for pattern, units in ((_PERIOD, _UNITS), (_CLOCK_PERIOD, _CLOCK_UNITS)):
        if match := pattern.fullmatch(value):
            number, unit = match[1], units[match[2]]
            return f"some {unit}s" if number == "X" else f"{number} {unit}{'' if number == '1' else 's'}"
    return None


def word_set(value: str) -> str | None:
    """Say the value of a SET in words: "every day"; None for rare forms."""
    return _SETS.get(value)


def word_day(day: datetime.date) -> str:
    """Say a day in words, in English whatever the locale.

    >>> word_day(datetime.date(2022, 1, 9))
    '9 January 2022'
    """
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


__all__ = ["find_interval", "is_open", "word_day", "word_set", "word_value"]
