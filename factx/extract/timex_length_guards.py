"""When what looks like a duration, a set or a vague time is none: an age, a minute of silence, three quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.timex_context import HALT, PREPOSITIONS, capital, context_words, glued, opens_sentence
from factx.extract.timex_direction import BACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from factx.extract.timex_grammar import Reading
    from factx.extract.timex_moment import Moment

_RATE_REACH = 8
_SMALL_COUNTS = frozenset({"n12", "n31", "number_word"})


def _halted(reading: Reading, _moment: Moment) -> bool:
    kind = reading.scan.category(reading.last)
    return kind in HALT | {
        "in",
        "on",
        "at",
        "by",
        "from",
        "to",
        "and",
        "or",
        "after",
        "before",
        "until",
        "preposition",
    }


def _lone_part(reading: Reading, moment: Moment) -> bool:
    return reading.scan.word(reading.last) in {"trading", "trade"} or _halted(reading, moment)


def _past_count(reading: Reading, _moment: Moment) -> bool:
    kind = reading.scan.category(reading.first)
    if kind in {"following", "previous", "ordinal_word", "last"}:
        return kind == "last" and reading.scan.category(reading.first - 1) in {"in", "over", "preposition"}
    return _unit_allows(reading)


def _past_period(reading: Reading, _moment: Moment) -> bool:
    words = reading.scan.words[reading.first : reading.last]
    if words[-1] in {"day", "hour"}:
        return words[1] == "past"
    return reading.scan.category(reading.last) != "units"


def _these_days(reading: Reading, _moment: Moment) -> bool:
    return reading.words("unit") == ["days"]


def _over_is_hedge(reading: Reading) -> bool:
    """Tell "over a decade on the run" against "cut by half over a decade"."""
    if reading.scan.word(reading.first - 1) in {"so", "how", "too", "as", "not"} and reading.has("vague"):
        return False
    if reading.words("hedge") != ["over"]:
        return True
    before = reading.scan.category(reading.first - 1)
    return before in PREPOSITIONS | {"break", "stop", "a", "the", "and", "to", "mark"} or reading.scan.word(
        reading.first - 1
    ) in context_words("length")


def _unit_allows(reading: Reading) -> bool:
    """False for seconds that are ranks, quarters that are fractions and minutes of silence."""
    scan, role = reading.scan, "unit" if reading.has("unit") else "part"
    unit, after = scan.word(reading.roles[role][0]), scan.word(reading.last)
    if unit == "second":
        return scan.category(reading.roles[role][0] - 1) == "dash"
    if unit in {"quarter", "quarters", "weekend", "weekends"}:
        return unit == "quarters" and after != "of" and scan.category(reading.last) != "the"
    if unit == "minute" and (
        (after == "of" and scan.word(reading.last + 1) == "silence") or scan.word(reading.last + 2) == "silence"
    ):
        return False
    return unit != "moment"


def _duration(reading: Reading, moment: Moment) -> bool:
    scan, first = reading.scan, reading.first
    before, previous, after = scan.category(first - 1), scan.word(first - 1), scan.word(reading.last)
    if after in {"or", "and"} and scan.word(reading.last + 1) in {"older", "younger", "over", "above", "under"}:
        return False
    if any(
        scan.category(first - step) == "age"
        for step in ((2,) if previous == "of" else (2, 3, 4, 5) if previous == "and" else ())
    ):
        return False
    if (
        before in {"age", "currency", "slash"}
        or (before == "dash" and glued(reading, first))
        or not _unit_allows(reading)
        or not _over_is_hedge(reading)
    ):
        return False
    if before == "stop" and glued(reading, first):
        return False
    if (
        reading.has("unit")
        and capital(reading, reading.roles["unit"][0])
        and reading.roles["unit"][0] > first
        and not scan.raw(first).isupper()
    ):
        return False
    count_end = reading.roles["count"][1] if reading.has("count") else 0
    if (
        count_end
        and scan.category(count_end - 1) == "year4"
        and scan.category(count_end) not in {"units", "clock_units", "dash"}
    ):
        return False  # "the 2018 week"
    if reading.has("hedge") or reading.has("plus"):
        return True
    if reading.words("count") in (["a"], ["an"], ["one"]):
        dashed = "dash" in (scan.category(index) for index in range(first, reading.last))
        if not dashed and scan.category(reading.last) == "dash" and glued(reading, reading.last):
            return False  # "a year-round resort"
        placed = (
            before in PREPOSITIONS
            or previous in context_words("length")
            or after in {"after", "before", "of", "into", "and"}
            or before == "than"
        )
        if reading.words("count") == ["one"]:
            return dashed or (placed and previous != "on") or reading.value("unit") != "D"
        return dashed or (placed and not _rate(reading, moment))
    return True


def _bare_units(reading: Reading, _moment: Moment) -> bool:
    scan, unit = reading.scan, reading.words("unit")[0]
    if unit in {"quarters", "weekends", "mins", "secs"} or reading.roles["unit"][0] > reading.first:
        return False
    before, previous, after = scan.category(reading.first - 1), scan.word(reading.first - 1), scan.word(reading.last)
    if previous == "of" and scan.word(reading.first - 2) in {"matter", "period", "number"}:
        return True
    heads = after == "of" or (after == "in" and scan.word(reading.last + 2) == "making")
    if heads and before in {"break", "stop", "comma", "mark", "and", "oparen", "by", "from", "over", "after"}:
        return True
    if after in {"after", "before", "earlier", "later"}:
        return before not in {"the", "a", "number_word", "n12", "n31"}
    return before in {"in", "preposition", "after", "over", "following", "before"} or (
        previous
        in {
            "requiring",
            "back",
            "spent",
            "took",
            "lasted",
            "lasting",
            "take",
            "last",
            "for",
            "within",
            "spend",
            "waited",
        }
        and previous != "last"
    )


def _duration_range(reading: Reading, _moment: Moment) -> bool:
    scan, first = reading.scan, reading.first
    before, link = scan.category(first - 1), scan.word(reading.last)
    if scan.category(first - 2) == "age":
        return False
    if before in {"currency", "dash", "age", "month", "month_weak"}:
        return False
    if link in {"and", "or"}:
        return scan.word(first - 1) in (
            {"between"} if link == "and" else {"for", "in", "within", "of", "every", "after", "least"}
        )
    return scan.words[first : reading.last] not in (["a"], ["an"]) and _over_is_hedge(reading)


def _every(reading: Reading, _moment: Moment) -> bool:
    return _unit_allows(reading) or reading.words("unit") == ["second"]


def _weekdays(reading: Reading, _moment: Moment) -> bool:
    return reading.scan.category(reading.first - 1) in {"on", "and", "dash", "to", "or", "preposition", "comma"}


def _periodic(reading: Reading, _moment: Moment) -> bool:
    scan, first = reading.scan, reading.first
    if not capital(reading, first):
        return True
    named = (capital(reading, first + 1) and scan.word(first + 1).isalpha()) or (
        capital(reading, first - 1) and scan.category(first - 1) != "the"
    )
    return not named and opens_sentence(reading, first)


def _per(reading: Reading, _moment: Moment) -> bool:
    return reading.scan.word(reading.first - 1) not in {
        "km",
        "kilometers",
        "kilometres",
        "miles",
        "meters",
        "metres",
        "m",
        "feet",
        "mile",
        "rounds",
    }


def _rate(reading: Reading, _moment: Moment) -> bool:
    """Whether "a day" means every day: an amount stands before it."""
    scan, first = reading.scan, reading.first
    before, previous = scan.category(first - 1), scan.word(first - 1)
    if before == "times" or before in {
        "scale",
        "percent",
        "n12",
        "n31",
        "n59",
        "n99",
        "num",
        "year4",
        "money",
        "number_word",
        "couple",
    }:
        return True
    if before == "dash" and glued(reading, first):
        return scan.category(first - 2) in {"n12", "n31", "n59", "n99", "num", "number_word"}
    if before in {"clock_units", "units"} and scan.category(first - 2) in _SMALL_COUNTS:
        return True
    if (
        (before != "other" and before not in {"clock_units", "units"})
        or previous in context_words("length")
        or not previous.isalpha()
    ):
        return False
    for step in range(2, _RATE_REACH):
        kind = scan.category(first - step)
        if kind in {"break", "stop", "comma"}:
            return False
        if kind in {"n12", "n31", "n59", "n99", "num", "scale", "currency", "number_word", "couple", "times"}:
            return True
    return False


def _vague_after(reading: Reading, _moment: Moment) -> bool:
    """False behind a number, which another rule reads, and for "days later than planned"."""
    scan = reading.scan
    counted = scan.category(reading.first - 1) in {"number_word", "n12", "n31", "n59", "n99", "num", "scale", "the"}
    return not counted and scan.word(reading.last) != "than"


def _later_halt(reading: Reading, _moment: Moment) -> bool:
    return reading.scan.word(reading.last) != "than" and _over_is_hedge(reading)


def _present(reading: Reading, _moment: Moment) -> bool:
    scan, after = reading.scan, reading.last
    if scan.word(after) == "then" or (scan.category(after) == "comma" and scan.word(after + 1) == "therefore"):
        return False
    return "moment" not in reading.words("present") or reading.scan.word(reading.first - 1) in {"at", "of"}


def _soon(reading: Reading, moment: Moment) -> bool:
    scan = reading.scan
    return (
        scan.word(reading.first - 1) not in {"as", "how", "too"}
        and scan.word(reading.last) not in {"after", "as", "afterwards", "thereafter"}
        and moment.direction(reading) != BACK
    )


LENGTH_GUARDS: dict[str, Callable[[Reading, Moment], bool]] = {
    "bare_units": _bare_units,
    "duration": _duration,
    "duration_range": _duration_range,
    "every": _every,
    "halted": _halted,
    "lone_part": _lone_part,
    "later_halt": _later_halt,
    "past_count": _past_count,
    "past_period": _past_period,
    "per": _per,
    "periodic": _periodic,
    "present": _present,
    "rate": _rate,
    "soon": _soon,
    "these_days": _these_days,
    "vague_after": _vague_after,
    "weekdays": _weekdays,
}


__all__ = ["LENGTH_GUARDS"]
