"""On which day of a year a named day falls: Christmas, Easter, Thanksgiving, Eid, Passover, the lunar new year.

Islamic days follow the tabular calendar, so the day that was in fact proclaimed may lie one beside; Hebrew days follow
the fixed calendar (the day, not the eve before). Sources of the arithmetic: the Gregorian computus of Meeus, Jones and
Butcher; E. Reingold and N. Dershowitz, Calendrical Calculations. Every day agrees with the packages convertdate
(1950 to 2050) and dateutil (1900 to 2099), which to load would cost more than these lines.
"""

from __future__ import annotations

import datetime

from factx.extract.timex_words import holidays, lunar_new_years

_ISLAMIC_EPOCH = 227015
_HEBREW_EPOCH = -1373427
_HEBREW_YEAR_OF_GREGORIAN = 3760
_LEAP_CYCLE = 19


def find_holiday(name: str, year: int) -> datetime.date | None:
    """The day on which a named day falls.

    Args:
        name: its name as in `date_holidays.csv`, in lower case.
        year: the Gregorian year.

    Returns:
        The day, or None where it is not known or does not fall into that year.
    """
    kind, argument = holidays().get(name, ("", ""))
    try:
        if kind == "day":
            return datetime.date.fromisoformat(argument)
        if kind == "fixed":
            return datetime.date.fromisoformat(f"{year:04d}-{argument}")
        if kind == "easter":
            return easter_sunday(year) + datetime.timedelta(days=int(argument))
        if kind == "orthodox":
            return orthodox_easter(year) + datetime.timedelta(days=int(argument))
        if kind == "lunar":
            day = lunar_new_years().get(year)
            return datetime.date.fromisoformat(day) if day else None
        numbers = [int(part) for part in argument.split()]
        if kind == "weekday":
            month, weekday, rank, *beyond = numbers
            return weekday_of_month(year, month, weekday, rank) + datetime.timedelta(days=sum(beyond))
        if kind == "islamic":
            return _islamic(year, *numbers)
        if kind == "hebrew":
            return _hebrew(year, *numbers)
    except (ValueError, OverflowError):
        pass
    return None


def easter_sunday(year: int) -> datetime.date:
    """Easter Sunday of the Gregorian calendar."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return datetime.date(year, month, day + 1)


def orthodox_easter(year: int) -> datetime.date:
    """Easter Sunday of the Julian calendar, as a day of the Gregorian one."""
    moon = (19 * (year % 19) + 15) % 30
    month, day = divmod(moon + (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7 + 114, 31)
    beyond = year // 100 - year // 400 - 2
    return datetime.date(year, month, day + 1) + datetime.timedelta(days=beyond)


def weekday_of_month(year: int, month: int, weekday: int, rank: int) -> datetime.date:
    """The n-th Monday (1) to Sunday (7) of a month; rank -1 is the last."""
    if rank > 0:
        first = datetime.date(year, month, 1)
        return first + datetime.timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (rank - 1))
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = following - datetime.timedelta(days=1)
    return last - datetime.timedelta(days=(last.isoweekday() - weekday) % 7)


def _islamic(year: int, month: int, day: int) -> datetime.date | None:
    """Day of the tabular Islamic calendar in a Gregorian year; the first one where there are two."""
    guess = (year - 622) * 33 // 32
    for hijri in range(guess - 1, guess + 3):
        number = _ISLAMIC_EPOCH - 1 + (hijri - 1) * 354 + (3 + 11 * hijri) // 30 + 29 * (month - 1) + month // 2 + day
        found = datetime.date.fromordinal(number)
        if found.year == year:
            return found
    return None


def _hebrew_new_year(year: int) -> int:
    """Ordinal of the first of Tishri of a Hebrew year."""
    return _HEBREW_EPOCH + _elapsed_days(year) + _year_length_correction(year)


def _elapsed_days(year: int) -> int:
    months = (235 * year - 234) // _LEAP_CYCLE
    parts = 12084 + 13753 * months
    days = 29 * months + parts // 25920
    return days + 1 if 3 * (days + 1) % 7 < 3 else days


def _year_length_correction(year: int) -> int:
    before, here, after = (_elapsed_days(year + step) for step in (-1, 0, 1))
    if after - here == 356:
        return 2
    return 1 if here - before == 382 else 0


def _hebrew(year: int, month: int, day: int) -> datetime.date | None:
    """Day of the Hebrew calendar in a Gregorian year; months from Nisan (1), as tables of feasts count them."""
    hebrew = year + _HEBREW_YEAR_OF_GREGORIAN + (1 if month >= 7 else 0)
    start, following = _hebrew_new_year(hebrew), _hebrew_new_year(hebrew + 1)
    length = following - start
    if month == 1:
        ordinal = following - 163 - 14 + day - 1  # Passover lies 163 days before the next new year
    elif month == 7:
        ordinal = start + day - 1
    else:  # Kislev: Tishri has 30 days, Heshvan 29 or, in years that are complete, 30
        ordinal = start + 30 + (30 if length % 10 == 5 else 29) + day - 1
    return datetime.date.fromordinal(ordinal)


__all__ = ["easter_sunday", "find_holiday", "orthodox_easter", "weekday_of_month"]
