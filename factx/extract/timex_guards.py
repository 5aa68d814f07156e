"""When a match is no time after all: each guard looks at the neighbours of a reading and says whether it may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.timex_date_guards import DATE_GUARDS
from factx.extract.timex_length_guards import LENGTH_GUARDS

if TYPE_CHECKING:
    from factx.extract.timex_grammar import Reading
    from factx.extract.timex_moment import Moment

_GUARDS = DATE_GUARDS | LENGTH_GUARDS


def may_stand(reading: Reading, moment: Moment) -> bool:
    """Whether the neighbours of a reading allow it.

    Args:
        reading: a rule that matched.
        moment: what relative words count from.

    Returns:
        False when the words are something else than a time.
    """
    guard = reading.rule.guard
    return not guard or _GUARDS[guard](reading, moment)


__all__ = ["may_stand"]
