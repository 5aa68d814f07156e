"""What a time expression means: its TIMEX3 value and mod.

The `value` field of a rule names a function of `timex_days`, `timex_periods` or `timex_lengths`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.timex_days import DAY_VALUES
from factx.extract.timex_lengths import LENGTH_VALUES
from factx.extract.timex_periods import PERIOD_VALUES
from factx.extract.timex_words import hedges

if TYPE_CHECKING:
    from factx.extract.timex_grammar import Reading
    from factx.extract.timex_moment import Moment

# "the first weeks of", "the last days of"
_EDGE_RANKS = {"-1": "END", "1": "START", **{str(rank): "" for rank in range(2, 31)}}
_VALUES = DAY_VALUES | PERIOD_VALUES | LENGTH_VALUES


def find_value(reading: Reading, moment: Moment) -> str | None:
    """TIMEX3 value of a reading, None where it makes no sense.

    Args:
        reading: a rule that matched.
        moment: what relative words count from.

    Returns:
        The value; clock times and parts of a day whose day stands elsewhere begin with "T".
    """
    if reading.rule.value == "constant":
        return reading.rule.constant
    return _VALUES[reading.rule.value](reading, moment)


def find_mod(reading: Reading) -> str | None:
    """TIMEX3 mod of a reading: from "early", "the end of", "more than" and the like.

    Args:
        reading: a rule that matched.

    Returns:
        START, MID, END, APPROX, MORE_THAN, LESS_THAN, EQUAL_OR_MORE, EQUAL_OR_LESS, BEFORE, AFTER, or None.
    """
    for role in ("phase", "edge"):
        if reading.has(role):
            return _EDGE_RANKS.get(reading.value(role), reading.value(role)) or None
    if not reading.has("hedge"):
        return None
    mod = hedges().get(" ".join(reading.words("hedge")))
    if reading.rule.type == "DATE":
        return {"MORE_THAN": "BEFORE", "LESS_THAN": "AFTER"}.get(mod or "", mod)
    return mod


__all__ = ["find_mod", "find_value"]
