"""Values of durations and sets: "three weeks", "a five-year plan", "every Monday", "twice a day".

A function takes the reading of a rule and the moment, and gives None where the reading makes no sense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.timex_calendar import UNKNOWN_DAY, period_value
from factx.extract.timex_moment import count_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from factx.extract.timex_grammar import Reading
    from factx.extract.timex_moment import Moment

# Codes of the units, the smallest first.
_BY_SIZE = ("TS", "TM", "TH", "D", "WE", "W", "FN", "M", "Q", "Y", "DE", "CE")
# More centuries than these are runs at cricket.
_MOST_CENTURIES = 25


def _duration(reading: Reading, _moment: Moment) -> str | None:
    unit = unit_of(reading)
    if unit == "WE" or (unit == "CE" and (count_of(reading) or 0) > _MOST_CENTURIES):
        return None
    if not reading.has("count"):
        return period_value("X", unit)
    number = count_of(reading)
    if number is None:
        return None
    if reading.has("plus"):
        number += 0.5
    value = period_value(number, unit)
    if reading.has("count__2"):
        # "between 18 months and 11 years" are two lengths: in one the larger unit stands first.
        if _BY_SIZE.index(unit) <= _BY_SIZE.index(unit_of(reading, "unit__2")):
            return None
        second = period_value(count_of(reading, "count__2") or 0, unit_of(reading, "unit__2"))
        both_clock = value.startswith("PT") and second.startswith("PT")
        value += second[2:] if both_clock else second[1:]
    return value


def _duration_one(reading: Reading, _moment: Moment) -> str:
    return period_value(1.5 if reading.has("plus") else 1, unit_of(reading))


def _duration_half(reading: Reading, _moment: Moment) -> str | None:
    unit = unit_of(reading, "part")
    whole = {
        "TH": (30, "TM"),
        "DE": (5, "Y"),
        "CE": (50, "Y"),
        "Y": (6, "M"),
        "M": (2, "W"),
        "TM": (30, "TS"),
        "D": (12, "TH"),
    }.get(unit)
    return None if whole is None else period_value(*whole)


def _duration_long(reading: Reading, _moment: Moment) -> str:
    return period_value("X" if reading.words("unit")[0].endswith("s") else 1, unit_of(reading))


def _long_word(reading: Reading, _moment: Moment) -> str:
    return reading.value("long_word")


def _duration_bare(reading: Reading, _moment: Moment) -> str:
    return period_value("X", unit_of(reading))


def _every(reading: Reading, _moment: Moment) -> str | None:
    unit = unit_of(reading)
    category = reading.scan.category(reading.roles["unit"][0])
    if category in {"weekday", "weekdays"}:
        return f"XXXX-WXX-{unit}"
    if category in {"month", "month_weak", "month_short"}:
        return f"XXXX-{int(unit):02d}"
    if category in {"season", "season_weak"}:
        return f"XXXX-{unit}"
    if category in {"daypart", "night"}:
        return UNKNOWN_DAY + unit
    if unit == "WE":
        return "XXXX-WXX-WE"
    number = (
        count_of(reading)
        if reading.has("count")
        else 2
        if "other" in reading.scan.words[reading.first : reading.last]
        else 1
    )
    return period_value("X" if number is None else number, unit)


def _periodic(reading: Reading, _moment: Moment) -> str:
    return reading.value("set")


def _present(_reading: Reading, _moment: Moment) -> str:
    return "PRESENT_REF"


LENGTH_VALUES: dict[str, Callable[[Reading, Moment], str | None]] = {
    "duration": _duration,
    "duration_bare": _duration_bare,
    "duration_half": _duration_half,
    "duration_long": _duration_long,
    "duration_one": _duration_one,
    "every": _every,
    "long_word": _long_word,
    "periodic": _periodic,
    "present": _present,
}


__all__ = ["LENGTH_VALUES"]
