"""Values of weeks, quarters, years, decades and centuries, and of dates counted in them: "last year", "two weeks ago".

A function takes the reading of a rule and the moment, and gives None where the reading makes no sense.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from factx.extract.timex_calendar import (
    UNKNOWN_DAY,
    Point,
    add_days,
    make_day,
    number_of,
    point_of,
    season_start,
    shift,
    week_value,
)
from factx.extract.timex_days import month_start
from factx.extract.timex_direction import AHEAD, BACK
from factx.extract.timex_holidays import weekday_of_month
from factx.extract.timex_moment import FROM_TOLD, NIGHT, STEPS, count_of, unit_of, which_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from factx.extract.timex_grammar import Reading
    from factx.extract.timex_moment import Moment

_SAME_SENTENCE = 30


def _era(reading: Reading, _moment: Moment) -> str | None:
    year = number_of(reading.words("year"))
    if year is None or year > 9999:
        return None
    return f"BC{int(year):04d}" if reading.value("era") == "BC" else f"{int(year):04d}"


def _short_year(reading: Reading, moment: Moment) -> str | None:
    """The "15" of "2014-15"."""
    told, short = moment.told_value, int(reading.words("year")[0])
    if (
        moment.told_last != reading.first - 1
        or not re.fullmatch(r"\d{4}", told)
        or len(reading.words("year")[0]) != len("15")
    ):
        return None
    year = int(told) // 100 * 100 + short
    return f"{year:04d}" if year > int(told) else None


def _fiscal(reading: Reading, _moment: Moment) -> str:
    written = reading.words("year") or reading.scan.words[reading.first : reading.last]
    return "FY" + written[0][-len("2024") :]


def _decade(reading: Reading, _moment: Moment) -> str | None:
    digits = re.sub(r"[^0-9]", "", reading.words("decade")[0])
    if not digits:
        return reading.value("decade")
    if len(digits) == len("80"):
        return ("20" if digits in {"00", "10", "20"} else "19") + digits[0]
    if digits.endswith("00") and int(digits) < 1900 and "decade" not in reading.scan.word(reading.last - 1):
        return digits[:2]
    return digits[:3]


def _century(reading: Reading, _moment: Moment) -> str | None:
    uses = [role for role in reading.roles if role.startswith("ordinal__")]
    number = number_of(reading.words(max(uses)))
    if number is None or not 1 <= number <= 30:
        return None
    return ("BC" if reading.value("era") == "BC" else "") + f"{int(number) - 1:02d}"


def _decade_of_century(reading: Reading, moment: Moment) -> str | None:
    rank = int(number_of(reading.words("decade_rank")) or 0)
    rank = 10 if rank == -1 else rank
    number = number_of(reading.words("ordinal")) if reading.has("ordinal") else None
    if number is None and moment.published is not None:
        number = moment.published.year // 100 + 1
    return f"{int(number) - 1:02d}{rank - 1}" if number and 1 <= number <= 30 and 1 <= rank <= 10 else None


def _year_of_phrase(reading: Reading, moment: Moment) -> int | None:
    if reading.has("year"):
        return int(reading.words("year")[0])
    return None if moment.published is None else moment.published.year + STEPS.get(which_of(reading), 0)


def _quarter(reading: Reading, moment: Moment) -> str | None:
    number = (
        int(reading.words("quarter")[0][1]) if reading.has("quarter") else int(number_of(reading.words("ordinal")) or 0)
    )
    number = 4 if number == -1 else number
    if not 1 <= number <= 4:
        return None
    year = _year_of_phrase(reading, moment)
    if year is None or moment.published is None:
        return f"{year:04d}-Q{number}" if year else f"XXXX-Q{number}"
    if not (reading.has("year") or reading.has("which")) and reading.scan.word(reading.last - 1) != "year":
        month = 3 * number - 2
        if moment.direction(reading) == AHEAD:
            year += month + 2 < moment.published.month
        else:  # a quarter is reported when most of it is over
            year -= (make_day(year, month, 1) or moment.published) + datetime.timedelta(days=60) > moment.published
    return f"{year:04d}-Q{number}"


def _quarter_ended(reading: Reading, moment: Moment) -> str | None:
    start = month_start(reading, moment)
    if start is None:
        return "XXXX-QX"
    months = start[0] * 12 + start[1] - 2  # the month in the middle of the quarter
    return f"{months // 12:04d}-Q{months % 12 // 3 + 1}"


def _the_quarter(_reading: Reading, moment: Moment) -> str | None:
    """The quarter told last, else the one that is over and so can be reported."""
    return moment.told_quarter or _period_from(moment.today(), -1, "Q")


def _year_ago(reading: Reading, moment: Moment) -> str | None:
    """For "the year-ago quarter": the same period of the year before."""
    unit = reading.value("unit") if reading.has("unit") else "Y"
    if unit == "Q" and moment.told_quarter:
        return f"{int(moment.told_quarter[:4]) - 1:04d}{moment.told_quarter[4:]}"
    base = moment.today()
    if base is not None:
        base = base._replace(year=base.year - 1, day=min(base.day or 1, 28))
    return _period_from(base, 0, unit if unit in {"Q", "W"} else "Y")


def _half_year(reading: Reading, moment: Moment) -> str | None:
    number, year = int(number_of(reading.words("ordinal")) or 0), _year_of_phrase(reading, moment)
    number = 2 if number == -1 else number
    if number not in {1, 2}:
        return None
    return f"XXXX-H{number}" if year is None else f"{year:04d}-H{number}"


def _week_of_month(reading: Reading, moment: Moment) -> str | None:
    start = month_start(reading, moment)
    if start is None:
        return "XXXX-WXX"
    rank = -1 if reading.words("ordinal") == ["last"] else int(number_of(reading.words("ordinal")) or 0)
    if rank > 5:
        return None
    if rank < 0:
        last_week = weekday_of_month(*start, 1, -1)
        return week_value(last_week if last_week.day <= 25 else add_days(last_week, -7))
    return week_value(make_day(*start, 1 + 7 * (rank - 1)))


def _season(reading: Reading, moment: Moment) -> str | None:
    season, which = reading.value("season"), which_of(reading)
    if reading.has("year"):
        return f"{int(reading.words('year')[0]):04d}-{season}"
    if moment.published is None:
        return f"XXXX-{season}"
    told = point_of(moment.told)
    year, month, start = moment.published.year, moment.published.month, season_start(season)
    if which in FROM_TOLD and told is not None:
        return f"{told.year + (1 if which in {'following', 'subsequent'} else 0):04d}-{season}"
    if which in {"last", "past", "previous"}:
        year -= month < start + 6
    elif which in {"next", "coming", "following"}:
        year += month >= start
    elif which != "this":
        if moment.direction(reading) == AHEAD:
            year += month > start + 2
        else:
            year -= month < start
    elif season == "WI" and month <= 2:
        year -= 1
    return f"{year:04d}-{season}"


def _relative_period(reading: Reading, moment: Moment) -> str | None:
    which, unit = which_of(reading), reading.value("unit")
    base = moment.today()
    if which in FROM_TOLD or (which == "next" and _follows_told(reading, moment)):
        told = moment.told_or_today() if unit in {"Y", "DE", "CE", "M", "Q"} else moment.day_or_today()
        base = told if told is not None and (told.month is not None or unit in {"Y", "DE", "CE"}) else base
    if unit == "WE" and which == "this":
        return _weekend(reading, moment)
    return _period_from(base, STEPS.get(which, 0), unit)


def _follows_told(reading: Reading, moment: Moment) -> bool:
    """Whether "the next year" is the one after a date just told: "arrested in 2019 and freed the next year"."""
    return (
        reading.scan.word(reading.first) == "the"
        and 0 <= reading.first - moment.told_last <= _SAME_SENTENCE
        and moment.direction(reading) != AHEAD
    )


def _period_from(base: Point | None, step: int, unit: str) -> str | None:
    """The week, month, quarter, year, decade or century some steps from the one that holds a date."""
    if base is None:
        return {
            "W": "XXXX-WXX",
            "M": "XXXX-XX",
            "Q": "XXXX-QX",
            "Y": "XXXX",
            "WE": "XXXX-WXX-WE",
            "D": UNKNOWN_DAY,
        }.get(unit, "XXXX")
    if unit == "Y":
        return shift(base, step, "Y")
    if unit == "DE":
        return f"{base.year // 10 + step:03d}"
    if unit == "CE":
        return f"{base.year // 100 + step:02d}"
    if base.month is None:
        return None
    if unit == "M":
        return shift(base, step, "M")
    if unit == "Q":
        number = base.year * 4 + (base.month - 1) // 3 + step
        return f"{number // 4:04d}-Q{number % 4 + 1}"
    day = make_day(base.year, base.month, base.day or 1)
    moved = None if day is None else add_days(day, step * {"D": 1, "FN": 14}.get(unit, 7))
    if moved is None:
        return None
    if unit == "D":
        return moved.isoformat()
    return week_value(moved) + ("-WE" if unit == "WE" else "")


def _weekend(reading: Reading, moment: Moment) -> str | None:
    base = moment.published
    if base is None:
        return "XXXX-WXX-WE"
    over = base.isoweekday() >= 5 or moment.direction(reading) == AHEAD
    past_friday = base.isoweekday() == 5 and moment.direction(reading) == BACK
    return _period_from(moment.today(), 0 if over and not past_friday else -1, "WE")


def _the_period(reading: Reading, moment: Moment) -> str | None:
    unit = reading.value("unit")
    told = re.match(r"[0-9]{4}", moment.told_value) if unit == "Y" and reading.has("whole") else None
    if told is not None and 0 <= reading.first - moment.told_last <= _SAME_SENTENCE:
        return told.group()
    if unit == "WE" and not reading.has("which"):
        return _weekend(reading, moment)
    if unit == "D" and moment.told_day and moment.told_last >= reading.first - _SAME_SENTENCE:
        return moment.told_day[: len(UNKNOWN_DAY)]
    return _period_from(moment.today(), STEPS.get(which_of(reading), 0), unit)


def _midway(reading: Reading, moment: Moment) -> str | None:
    return _period_from(moment.today(), 0, "W" if "week" in reading.words("edge")[0] else "Y")


def _same_period(reading: Reading, moment: Moment) -> str | None:
    unit, base = reading.value("unit"), moment.told_or_today()
    if base is not None and base.month is None:
        base = moment.today()
    if base is None:
        return _period_from(None, 0, unit)
    return _period_from(base._replace(year=base.year - 1, day=min(base.day, 28) if base.day else None), 0, unit)


def _consecutive(reading: Reading, moment: Moment) -> str | None:
    unit = reading.value("unit")
    if unit == NIGHT:
        day = shift(moment.today(), -1, "D")
        return None if day is None else day + NIGHT
    return _period_from(moment.today(), 0, unit)


def _unit_beside(reading: Reading, moment: Moment) -> str | None:
    """For "the year before": one step from what was told, or from now where that is too coarse."""
    step = 1 if reading.words("way") == ["after"] else -1
    told = point_of(moment.told_day if reading.value("unit") == "W" else moment.told)
    from_told = None if told is None else _period_from(told, step, reading.value("unit"))
    return from_told or _period_from(moment.today(), step, reading.value("unit"))


def _unit_twice_beside(reading: Reading, moment: Moment) -> str | None:
    """For "the week before last", "the year after next"."""
    return _period_from(moment.today(), -2 if reading.words("way")[0] == "before" else 2, reading.value("unit"))


def _ago(reading: Reading, moment: Moment) -> str | None:
    number = count_of(reading)
    if number is None:
        return None
    return shift(moment.today(), -number, unit_of(reading)) or "PAST_REF"


def _ago_half(reading: Reading, moment: Moment) -> str | None:
    return shift(moment.today(), -1.5, unit_of(reading)) or "PAST_REF"


def _later(reading: Reading, moment: Moment) -> str | None:
    number = count_of(reading)
    if number is None:
        return None
    step = 1 if reading.value("way") in {"1", "after"} else -1
    unit = unit_of(reading)
    base = moment.told_or_today() if unit in {"Y", "DE", "CE", "M", "Q"} else moment.day_beside(reading, step)
    return shift(base, step * number, unit) or shift(moment.today(), step * number, unit)


def _later_unknown(reading: Reading, _moment: Moment) -> str:
    """For "several days later": as precise as its unit, and unknown."""
    return {"M": "XXXX-XX", "Q": "XXXX-QX", "Y": "XXXX", "DE": "XXXX", "CE": "XXXX"}.get(unit_of(reading), UNKNOWN_DAY)


def _from_now(reading: Reading, moment: Moment) -> str | None:
    number = count_of(reading)
    return None if number is None else shift(moment.today(), number, unit_of(reading)) or "FUTURE_REF"


PERIOD_VALUES: dict[str, Callable[[Reading, Moment], str | None]] = {
    "ago": _ago,
    "ago_half": _ago_half,
    "century": _century,
    "consecutive": _consecutive,
    "decade": _decade,
    "decade_of_century": _decade_of_century,
    "later_unknown": _later_unknown,
    "quarter_ended": _quarter_ended,
    "the_quarter": _the_quarter,
    "unit_twice_beside": _unit_twice_beside,
    "year_ago": _year_ago,
    "era": _era,
    "fiscal": _fiscal,
    "from_now": _from_now,
    "half_year": _half_year,
    "later": _later,
    "midway": _midway,
    "quarter": _quarter,
    "relative_period": _relative_period,
    "same_period": _same_period,
    "season": _season,
    "short_year": _short_year,
    "unit_beside": _unit_beside,
    "the_period": _the_period,
    "week_of_month": _week_of_month,
}


__all__ = ["PERIOD_VALUES"]
