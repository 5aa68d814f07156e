"""Values of days, months without a year, parts of a day, clock times and named days.

A function takes the reading of a rule and the moment, and gives None where the reading makes no sense.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.extract.timex_calendar import UNKNOWN_DAY, Point, add_days, day_value, make_day, number_of, point_of, shift
from factx.extract.timex_direction import AHEAD, BACK, UNKNOWN
from factx.extract.timex_holidays import find_holiday, weekday_of_month
from factx.extract.timex_moment import FROM_TOLD, NIGHT, STEPS, which_of
from factx.extract.timex_words import event_days, holidays, national_days

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from factx.extract.timex_grammar import Reading
    from factx.extract.timex_moment import Moment

_ISO_PARTS = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})(?:[t ]([0-9]{2}:[0-9]{2}))?(.*)")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?")
# How much nearer a date on the wrong side of the publication day must be to win against one on the right side.
# After "will" a day just past may still be meant ("will open the plant damaged on July 2"); after a past verb a day to
# come only where a text was mended in the days after its date. Tried for BACK: 6, 12, 30, 1000 on the train sets; 6
# reads "was arrested in August" in July as the August to come, 30 loses such mended days.
_WRONG_SIDE = {BACK: 12, UNKNOWN: 1, AHEAD: 3}
_WRONG_SIDE_DAYS = 30
_COUNTRY_REACH = 40
_ORDINAL_REACH = 62
_FIRST_NIGHT_HOUR = 5
_EVENT_REACH = 3
_MORNING = "TMO"
_RANGE_LINKS = frozenset({"to", "through", "until", "till", "-", "–", "—"})


def _nearest(candidates: list[datetime.date], published: datetime.date, direction: int) -> datetime.date | None:
    """The candidate nearest to publication; one against the direction of the tense must be much nearer to win."""

    def distance(day: datetime.date) -> int:
        away = (day - published).days
        wrong = (away > 0 and direction == BACK) or (away < 0 and direction == AHEAD)
        return abs(away) * _WRONG_SIDE[direction] + _WRONG_SIDE_DAYS if wrong else abs(away)

    return min(candidates, key=distance, default=None)


def _calendar(reading: Reading, moment: Moment) -> str | None:
    """Weekday, month, day and year in any combination."""
    month = int(reading.value("month") or 0)
    year = int(reading.words("year")[0]) if reading.has("year") else 0
    if month:
        number = number_of(reading.words("day")) if reading.has("day") else None
        day = int(number) if number else 0
        if reading.has("day") and make_day(year or 2000, month, day) is None:
            return None
        if year:
            return Point(year, month, day or None).text()
        return _day_of_year(reading, moment, month, day) if day else _month(reading, moment, month)
    if year:
        return f"{year:04d}"
    return _weekday(reading, moment)


def _day_of_year(reading: Reading, moment: Moment, month: int, day: int) -> str:
    told = point_of(moment.told)
    for index in range(reading.last, reading.last + _EVENT_REACH):
        named = event_days().get((f"{month:02d}-{day:02d}", reading.scan.word(index)))
        if named is not None and (moment.published is None or named <= moment.published.isoformat()):
            return named
    step = STEPS.get(which_of(reading), 0)
    if moment.narrative and told is not None:
        beyond = step if told.month is None or (month - told.month) * step <= 0 else 0
        return Point(told.year + beyond, month, day).text()
    if moment.published is None:
        return f"XXXX-{month:02d}-{day:02d}"
    year = moment.published.year
    candidates = [found for step in (-1, 0, 1) if (found := make_day(year + step, month, day)) is not None]
    if reading.has("weekday"):
        weekday = int(reading.value("weekday"))
        candidates = [found for found in candidates if found.isoweekday() == weekday] or candidates
    if not candidates:  # 29 February, years away
        return f"XXXX-{month:02d}-{day:02d}"
    if step:
        candidates = [found for found in candidates if (found > moment.published) == (step > 0)] or candidates
    start = _range_start(reading, moment)
    if start is not None and start.day is not None:
        begun = make_day(start.year, start.month or 1, start.day) or moment.published
        return day_value(next((found for found in candidates if found >= begun), candidates[-1]))
    return day_value(_nearest(candidates, moment.published, moment.direction(reading)))


def _month(reading: Reading, moment: Moment, month: int) -> str:
    told = point_of(moment.told)
    which = which_of(reading)
    if moment.narrative and told is not None and not which:
        return Point(told.year, month).text()
    if moment.published is None:
        return f"XXXX-{month:02d}"
    this = moment.published.year * 12 + moment.published.month - 1
    months = [(moment.published.year + step) * 12 + month - 1 for step in (-1, 0, 1)]
    start = None if which else _range_start(reading, moment)
    if which in {"last", "past", "previous", "preceding", "prior"}:
        found = max(number for number in months if number < this)
    elif which in {"next", "coming", "upcoming", "forthcoming", "following", "subsequent", "ensuing"}:
        found = min(number for number in months if number > this)
    elif which == "this":
        found = months[1]
    elif start is not None and start.month is not None:
        found = start.year * 12 + start.month - 1 + (month - start.month) % 12
    else:
        direction = moment.direction(reading)

        def distance(number: int) -> float:
            away = number - this
            wrong = (away > 0 and direction == BACK) or (away < 0 and direction == AHEAD)
            return abs(away) * _WRONG_SIDE[direction] + 1 if wrong else abs(away) - 0.1 * (away < 0)

        found = min(months, key=distance)
    return f"{found // 12:04d}-{found % 12 + 1:02d}"


def _weekday(reading: Reading, moment: Moment) -> str | None:
    weekday = int(reading.value("weekday") or 0)
    if not weekday:
        return None
    which, base = which_of(reading), moment.published
    if which in FROM_TOLD and (told := point_of(moment.told_day)) is not None and told.month and told.day:
        base = make_day(told.year, told.month, told.day) or base
    if base is None or (_is_any(reading) and not which):
        return f"XXXX-WXX-{weekday}"
    back = (base.isoweekday() - weekday) % 7
    ahead = -back % 7
    step = STEPS.get(which, 0)
    if step:
        return day_value(add_days(base, -(back or 7) if step < 0 else (ahead or 7)))
    told = _range_start(reading, moment)
    if told is not None and told.day is not None:
        start = make_day(told.year, told.month or 1, told.day)
        return None if start is None else day_value(add_days(start, (weekday - start.isoweekday()) % 7))
    direction = moment.direction(reading)
    coming = which == "this" and ahead < back and direction != BACK
    return day_value(add_days(base, ahead if direction == AHEAD or coming else -back))


def _is_any(reading: Reading) -> bool:
    """Whether any such weekday is meant: "on a Monday", though not "a Monday attack"."""
    if reading.scan.category(reading.first - 1) != "a":
        return False
    following = reading.scan.category(reading.last)
    return following != "other" or reading.has("daypart") or not reading.scan.word(reading.last).isalpha()


def _range_start(reading: Reading, moment: Moment) -> Point | None:
    """The first date of a range of which a reading is the last: "from Monday to [Friday]"."""
    if moment.told_last != reading.first - 1 or reading.scan.word(moment.told_last) not in _RANGE_LINKS:
        return None
    return point_of(moment.told_value)


def _near_day(reading: Reading, moment: Moment) -> str | None:
    """Today, yesterday, tomorrow; else a weekday or a day of the calendar; else the publication day."""
    if reading.has("dayword"):
        return shift(moment.today(), int(reading.value("dayword")), "D")
    if reading.has("month") or reading.has("weekday"):
        return _calendar(reading, moment)
    return day_value(moment.published)


def _day_part(reading: Reading, moment: Moment) -> str | None:
    day, part = _near_day(reading, moment), reading.value("daypart")
    return day + part if day is not None and len(day) >= len("XXXX-WXX-1") else None


def _the_part(reading: Reading, moment: Moment) -> str | None:
    """A part of a day that stands in the sentence or is the publication day: "the morning"."""
    which = which_of(reading)
    if which in {"following", "next", "previous"}:
        day = shift(moment.day_beside(reading, STEPS[which]), STEPS[which], "D")
        return None if day is None else day + reading.value("daypart")
    if moment.told_day and {"that", "same"} & set(reading.scan.words[reading.first : reading.last]):
        return moment.told_day[: len(UNKNOWN_DAY)] + reading.value("daypart")
    return reading.value("daypart")


def _part_beside(reading: Reading, moment: Moment) -> str | None:
    step = -1 if reading.words("way") == ["before"] else 1
    day = shift(moment.day_beside(reading, step), step, "D")
    return None if day is None else day + reading.value("daypart")


def _early_hours(reading: Reading, moment: Moment) -> str | None:
    if not (reading.has("dayword") or reading.has("weekday") or reading.has("month")):
        return _MORNING
    day = _near_day(reading, moment)
    return None if day is None else day[: len(UNKNOWN_DAY)] + _MORNING


def _weekday_ordinal(reading: Reading, moment: Moment) -> str | None:
    """For "Monday the 5th": the nearest fifth that is a Monday."""
    number = int(number_of(reading.words("day")) or 0)
    if not 0 < number <= 31:
        return None
    if moment.published is None:
        return f"XXXX-XX-{number:02d}"
    days = [add_days(moment.published, away) for away in range(-_ORDINAL_REACH, _ORDINAL_REACH + 1)]
    weekday = int(reading.value("weekday"))
    found = [day for day in days if day is not None and day.day == number and day.isoweekday() == weekday]
    return day_value(_nearest(found, moment.published, moment.direction(reading))) if found else None


def _last_night(_reading: Reading, moment: Moment) -> str | None:
    if _reading.has("dayword_night") and _reading.value("daypart") != NIGHT:
        day = shift(moment.today(), -1, "D")
        return None if day is None else day + _reading.value("daypart")
    day = shift(moment.today(), -1, "D")
    return None if day is None else day + NIGHT


def _month_of_year(reading: Reading, moment: Moment) -> str:
    month, step = int(reading.value("month")), STEPS.get(which_of(reading), 0)
    return f"XXXX-{month:02d}" if moment.published is None else Point(moment.published.year + step, month).text()


def _month_of_told_year(reading: Reading, moment: Moment) -> str:
    """For "in March of that year": the year told last."""
    month, told = int(reading.value("month")), moment.told_or_today()
    return f"XXXX-{month:02d}" if told is None else Point(told.year, month).text()


def _weekday_of_week(reading: Reading, moment: Moment) -> str | None:
    weekday, step = int(reading.value("weekday")), STEPS.get(which_of(reading), 0)
    if moment.published is None:
        return f"XXXX-WXX-{weekday}"
    return day_value(add_days(moment.published, 7 * step + weekday - moment.published.isoweekday()))


def _week_from(reading: Reading, moment: Moment) -> str | None:
    back = "ago" in reading.scan.words[reading.first : reading.last]
    if reading.has("weekday") and moment.published is not None:
        away = (int(reading.value("weekday")) - moment.published.isoweekday()) % 7 or 7
        start = point_of(day_value(add_days(moment.published, away - 7 if back else away)))
    else:
        start = point_of(_near_day(reading, moment) or "")
    return shift(start, -1 if back else 1, "W")


def _range_day(reading: Reading, moment: Moment) -> str | None:
    """The "5" of "March 3-5": month and year of the day just before."""
    told = point_of(moment.told_value)
    if told is None or told.day is None or told.month is None or moment.told_last != reading.first - 1:
        if re.match(r"XXXX-\d\d-\d\d$", moment.told_value) and moment.told_last == reading.first - 1:
            return moment.told_value[:8] + f"{int(number_of(reading.words('day')) or 0):02d}"
        return None
    year = int(reading.words("year")[0]) if reading.has("year") else told.year
    day = make_day(year, told.month, int(number_of(reading.words("day")) or 0))
    if day is None or day.day <= told.day:
        return None
    return day.isoformat()


def _iso(reading: Reading, _moment: Moment) -> str | None:
    match = _ISO_PARTS.match(reading.words("iso")[0])
    if match is None:
        return None
    year, month, day, clock, rest = match.groups()
    if make_day(int(year), int(month), int(day)) is None:
        return None
    return f"{year}-{month}-{day}" + (f"T{clock}" + ("Z" if rest.endswith("z") else "") if clock else "")


def _numeric(reading: Reading, moment: Moment) -> str | None:
    first, second, year = (int(part) for part in re.split(r"[/.-]", reading.words("numeric")[0]))
    if year < 100:
        year += 1900 if year > 50 else 2000
    mark = reading.words("numeric")[0].strip("0123456789")[0]
    orders = (
        [(second, first), (first, second)] if moment.day_first or mark == "." else [(first, second), (second, first)]
    )
    for month, day in orders:
        found = make_day(year, month, day)
        if found is not None:
            return found.isoformat()
    return None


def _relative_day(reading: Reading, moment: Moment) -> str | None:
    which = which_of(reading)
    if which == "this":
        return day_value(moment.published)
    step = STEPS.get(which, 0)
    return shift(moment.day_beside(reading, step), step, "D")


def _day_beside(reading: Reading, moment: Moment) -> str | None:
    step = -1 if reading.words("way") == ["before"] else 1
    if reading.has("dayword"):
        return shift(moment.today(), step + int(reading.value("dayword")), "D")
    return shift(moment.day_beside(reading, step), step, "D")


def month_start(reading: Reading, moment: Moment) -> tuple[int, int] | None:
    """Year and month of a reading that names a month, None where the year cannot be known."""
    value = (
        Point(int(reading.words("year")[0]), int(reading.value("month"))).text()
        if reading.has("year")
        else _month(reading, moment, int(reading.value("month")))
    )
    point = point_of(value)
    return None if point is None or point.month is None else (point.year, point.month)


def _weekday_of_month(reading: Reading, moment: Moment) -> str | None:
    start = month_start(reading, moment)
    if start is None:
        return UNKNOWN_DAY
    rank = -1 if reading.words("ordinal") == ["last"] else int(number_of(reading.words("ordinal")) or 0)
    found = weekday_of_month(*start, int(reading.value("weekday")), rank)
    return found.isoformat() if found.month == start[1] else None


def _day_of_month(reading: Reading, moment: Moment) -> str | None:
    day = int(number_of(reading.words("day")) or 0)
    base = moment.told_or_today()
    if base is None or base.month is None:
        return f"XXXX-XX-{day:02d}" if 0 < day <= 31 else None
    found = make_day(base.year, base.month, day)
    return None if found is None else found.isoformat()


def _country_before(reading: Reading) -> str | None:
    """Month and day on which the country named nearest to the reading is independent."""
    known = national_days()
    for step in range(1, _COUNTRY_REACH):
        for index in (reading.first - step, reading.last + step - 1):
            if reading.scan.word(index) in known and reading.scan.raw(index)[:1].isupper():
                return known[reading.scan.word(index)]
    return None


def _national_day(reading: Reading, moment: Moment) -> str | None:
    day = _country_before(reading)
    if day is None:
        return UNKNOWN_DAY
    if reading.has("year"):
        return f"{int(reading.words('year')[0]):04d}-{day}"
    return _day_of_year(reading, moment, int(day[:2]), int(day[3:]))


def _holiday(reading: Reading, moment: Moment) -> str | None:
    name, which = reading.words("holiday")[0], which_of(reading)
    if holidays()[name][0] == "national":
        return _national_day(reading, moment)
    if reading.has("year"):
        found = find_holiday(name, int(reading.words("year")[0]))
        return found.isoformat() if found else reading.words("year")[0]
    if moment.published is None:
        day = find_holiday(name, 2000)
        return f"XXXX-{day.month:02d}-{day.day:02d}" if day and name != "easter" else UNKNOWN_DAY
    days = [day for step in (-1, 0, 1) if (day := find_holiday(name, moment.published.year + step)) is not None]
    step = STEPS.get(which, 0)
    if step:
        days = [day for day in days if (day > moment.published) == (step > 0) and day != moment.published] or days
        return day_value(_nearest(days, moment.published, UNKNOWN))
    return day_value(_nearest(days, moment.published, moment.direction(reading)))


def _clock(reading: Reading, moment: Moment) -> str | None:
    words = reading.words("clock")
    known = {"noon": "T12:00", "midnight": "T00:00"}.get(words[0])
    if known is None:
        match = _CLOCK.match(words[0])
        hour = int(match.group(1)) if match else int(number_of(words[:1]) or -1)
        minute = int(match.group(2) or 0) if match else 0
        if match and len(words[0]) == len("0930") and words[0].isdigit():
            hour, minute = int(words[0][:2]), int(words[0][2:])
        half = "".join(reading.words("half")) or "".join(words[1:])
        if half.startswith("p") and hour < 12:
            hour += 12
        elif half.startswith("a") and hour == 12:
            hour = 0
        phrase = reading.scan.words[reading.first : reading.last]
        late = "afternoon" in phrase or "evening" in phrase or ("night" in phrase and hour >= _FIRST_NIGHT_HOUR)
        if late and hour < 12:
            hour += 12
        if not (0 <= hour <= 24 and minute < 60):
            return None
        known = f"T{hour:02d}:{minute:02d}"
    if {"gmt", "utc"} & set(reading.scan.words[reading.first : reading.last]) and not reading.has("offset"):
        known += "Z"
    if reading.has("dayword") or reading.has("weekday") or reading.has("month"):
        day = _near_day(reading, moment)
        return None if day is None else day + known
    return known


def _clock_past(reading: Reading, _moment: Moment) -> str | None:
    """For "half past nine", "a quarter past five in the afternoon"."""
    hour = int(number_of(reading.words("clock")) or 0)
    if not 1 <= hour <= 12:
        return None
    phrase = reading.scan.words[reading.first : reading.last]
    if {"afternoon", "evening", "pm", "p.m", "p.m."} & set(phrase) and hour < 12:
        hour += 12
    return f"T{hour:02d}:{30 if reading.has('clock_half') else 15}"


DAY_VALUES: dict[str, Callable[[Reading, Moment], str | None]] = {
    "calendar": _calendar,
    "clock": _clock,
    "clock_past": _clock_past,
    "early_hours": _early_hours,
    "part_beside": _part_beside,
    "weekday_ordinal": _weekday_ordinal,
    "day_beside": _day_beside,
    "day_of_month": _day_of_month,
    "day_part": _day_part,
    "holiday": _holiday,
    "iso": _iso,
    "last_night": _last_night,
    "month_of_told_year": _month_of_told_year,
    "month_of_year": _month_of_year,
    "near_day": _near_day,
    "numeric": _numeric,
    "range_day": _range_day,
    "relative_day": _relative_day,
    "the_part": _the_part,
    "week_from": _week_from,
    "weekday_of_month": _weekday_of_month,
    "weekday_of_week": _weekday_of_week,
}


__all__ = ["DAY_VALUES", "month_start"]
