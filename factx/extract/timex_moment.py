"""The moment from which relative expressions count: when the article was published and what it told so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factx.extract.timex_calendar import Point, make_day, number_of, point_of
from factx.extract.timex_direction import BACK

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from factx.extract.timex_grammar import Reading

STEPS = {
    "last": -1, "past": -1, "previous": -1, "preceding": -1, "prior": -1, "next": 1, "coming": 1, "upcoming": 1,
    "forthcoming": 1, "following": 1, "subsequent": 1, "ensuing": 1,
}  # fmt: skip
# These count from the date told last, not from publication.
FROM_TOLD = frozenset({"previous", "preceding", "prior", "following", "subsequent", "ensuing", "same", "that"})
NIGHT = "TNI"


@dataclass(slots=True)
class Moment:
    """What a relative expression counts from."""

    published: datetime.date | None
    direction: Callable[[Reading], int]
    told: str = ""
    """Value of the last day, month or year that the text told."""
    told_day: str = ""
    """Value of the last day that the text told."""
    told_last: int = -1
    """Word after the last expression."""
    told_quarter: str = ""
    """Value of the last quarter that the text told."""
    told_value: str = ""
    """Value of the last expression, whatever it was."""
    narrative: bool = False
    """Whether the text tells of years long past, so that a month without a year belongs to the year told last."""
    day_first: bool = False
    """Whether 3/4/2020 is the third of April."""

    def today(self) -> Point | None:
        """Publication day as a point."""
        return None if self.published is None else Point(self.published.year, self.published.month, self.published.day)

    def told_or_today(self) -> Point | None:
        """The date told last, else the publication day."""
        return point_of(self.told) or self.today()

    def day_or_today(self) -> Point | None:
        """The day told last, else the publication day."""
        return point_of(self.told_day) or self.today()

    def day_beside(self, reading: Reading, step: float) -> Point | None:
        """The day that "the day before" and "three days later" count from.

        It is the day told last, but what has happened does not count back from a day to come: "Schools reopen on
        Monday. The previous day she had resigned."
        """
        told = point_of(self.told_day)
        if told is None or self.published is None or step >= 0 or told.month is None or told.day is None:
            return told or self.today()
        day = make_day(told.year, told.month, told.day)
        ahead = day is not None and day > self.published
        return self.today() if ahead and self.direction(reading) == BACK else told


def which_of(reading: Reading) -> str:
    """The word that picks one of several periods: "last", "next", "this"; "" where there is none."""
    return " ".join(reading.words("which")[-1:])


def count_of(reading: Reading, role: str = "count") -> float | None:
    """The number that a role writes, None where it is absent or vague."""
    return number_of(reading.words(role)) if reading.has(role) else None


def unit_of(reading: Reading, role: str = "unit") -> str:
    """Code of a unit of time: D W M Q Y DE CE FN WE, or TH TM TS."""
    return "TS" if reading.words(role) == ["second"] else reading.value(role)


__all__ = ["FROM_TOLD", "NIGHT", "STEPS", "Moment", "count_of", "unit_of", "which_of"]
