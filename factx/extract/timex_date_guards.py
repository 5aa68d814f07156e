"""When what looks like a date is none: "may" the verb, 2000 people, the year of a cup, a newspaper of Sunday."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.extract.timex_context import (
    BEFORE_TIME,
    HALT,
    PREPOSITIONS,
    capital,
    context_words,
    glued,
    opens_sentence,
    phased,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from factx.extract.timex_grammar import Reading
    from factx.extract.timex_moment import Moment

_SMALL_WORDS = frozenset({
    "was", "has", "is", "as", "this", "his", "its", "us", "does", "says", "plus", "across", "versus", "thus", "yes",
    "towards",
    "besides", "unless", "perhaps", "always", "becomes", "remains", "sees", "marks", "ranks",
})  # fmt: skip
# Words in lower case that a name of an event or an election may hold.
_INSIDE_NAMES = frozenset({
    "of", "the", "and", "-", "’", "'", "s", "de", ".", "presidential", "parliamentary", "general", "federal", "papal",
    "legislative", "local",
})  # fmt: skip
_SHORT_LIVES = frozenset({"c", "ca", "b", "d", "m", "div", "est"})
_OLDEST_PLAIN_YEAR, _NEWEST_PLAIN_YEAR = 1900, 2100
_OLDEST_NAMED_YEAR = 1500
_NAME_REACH = 8


def _numeric(reading: Reading, _moment: Moment) -> bool:
    written = reading.words("numeric")[0]
    return "/" in written or len(re.split(r"[.-]", written)[2]) == len("2020")


def _month_day(reading: Reading, _moment: Moment) -> bool:
    scan, after = reading.scan, reading.last
    if scan.word(after) in context_words("group") and capital(reading, after):
        return False
    if scan.category(after) == "percent" or (
        reading.has("day") and scan.category(after - 1) in {"ordinal_word", "second"} and not reading.has("edge")
    ):
        return scan.category(after - 1) not in {"ordinal_word", "second"} and scan.category(after) != "percent"
    counted = scan.category(after) == "other" and scan.word(after).isalpha() and not capital(reading, after)
    plural = scan.word(after) in context_words("counted") or (
        scan.word(after).endswith("s") and scan.word(after) not in _SMALL_WORDS
    )
    return not (scan.word(reading.first - 1) == "in" and counted and plural)


def _day_month(reading: Reading, _moment: Moment) -> bool:
    begin, stop = reading.roles["day"]
    if reading.scan.category(begin) in {"ordinal_word", "second"}:
        return "of" in reading.scan.words[stop : stop + 1]
    before = reading.scan.category(reading.first - 1)
    return not (before == "currency" and glued(reading, reading.first)) and not (
        before == "dash" and glued(reading, reading.first) and _letters(reading, reading.first - 2)
    )


def _letters(reading: Reading, index: int) -> bool:
    return reading.scan.word(index).isalpha() and reading.scan.category(index) == "other"


def _lone_day(reading: Reading, _moment: Moment) -> bool:
    return reading.scan.category(reading.first - 1) not in {
        "currency",
        "dash",
        "month",
        "month_weak",
        "month_short",
        "scale",
    }


def _month_alone(reading: Reading, _moment: Moment) -> bool:
    scan, first, after = reading.scan, reading.roles["month"][0], reading.last
    before, kind = scan.category(first - 1), scan.category(first)
    if scan.word(first - 1) in context_words("nickname") and capital(reading, first - 1):
        return False
    if (
        scan.word(after + 1) in context_words("group")
        and capital(reading, after + 1)
        and scan.word(after)[:1].isdigit()
    ):
        return False
    if phased(reading) or reading.first < first:
        return True
    if kind == "month_short":
        return scan.category(after - 1) == "stop" and before in BEFORE_TIME and scan.category(after) != "break"
    named = capital(reading, after) and scan.category(after) == "other" and scan.word(after).isalpha()
    if kind == "month_weak":
        lower = scan.category(after) == "other" and scan.word(after).isalpha() and not capital(reading, after)
        owned = scan.word(first - 1) == "s" and scan.word(first) == "may"  # not the Women's March
        if before in {"a", "possessive"} or owned:
            return lower and scan.word(after) not in {"be", "have", "not", "never", "also", "well", "on", "for"}
        if before == "the":
            return scan.word(after) not in {"on", "of", "for", "to"} and not named and not scan.raw(after).isupper()
        opened = before in BEFORE_TIME - {"to", "at", "of"} or (before == "of" and scan.category(after) in HALT)
        return (opened and not (named and before not in {"in", "preposition", "by"})) or scan.word(after + 1) == "s"
    if (
        before == "other"
        and capital(reading, first - 1)
        and scan.word(first - 1).isalpha()
        and not opens_sentence(reading, first - 1)
    ):
        return False
    return not named or before in {"in", "by", "until", "preposition", "from", "between"}


def _weekday(reading: Reading, _moment: Moment) -> bool:
    scan, first = reading.scan, reading.roles["weekday"][0]
    if scan.word(first - 1) in context_words("nickname") and capital(reading, first - 1):
        return False
    if scan.category(first) == "weekday_short":
        return scan.category(first + 1) == "stop" and scan.category(first - 1) in {
            "on",
            "last",
            "next",
            "preposition",
            "until",
            "by",
            "from",
        }
    if scan.word(reading.last) in context_words("paper") and capital(reading, reading.last):
        return False
    return (
        capital(reading, first)
        or scan.category(first - 1) in BEFORE_TIME
        or reading.has("daypart")
        or scan.category(reading.last) in HALT
    )


def _clock(reading: Reading, _moment: Moment) -> bool:
    scan, begin = reading.scan, reading.roles["clock"][0]
    if scan.category(begin) == "noon" and capital(reading, begin) and not opens_sentence(reading, begin):
        return False
    if (
        scan.category(begin) != "clock"
        or reading.last > reading.roles["clock"][1]
        or scan.category(reading.roles["clock"][1] - 1) == "ampm"
    ):
        return True
    if scan.words[begin].count(":") > 1 or scan.category(reading.last) == "clock_units":
        return False
    return (
        scan.category(reading.first - 1) in PREPOSITIONS | {"dash", "and", "early", "break", "comma"}
        and scan.category(reading.last) != "dash"
    )


def _year(reading: Reading, moment: Moment) -> bool:
    scan, index = reading.scan, reading.roles["year"][0]
    year, before, after = int(scan.words[index]), scan.category(index - 1), scan.category(index + 1)
    previous, following = scan.word(index - 1), scan.word(index + 1)
    if previous in context_words("numbered") or (after == "dash" and scan.word(index + 2) == "strong"):
        return False
    if before in {"currency", "slash", "percent", "num"} or after in {
        "percent",
        "scale",
        "clock_units",
        "units",
        "money",
    }:
        return False
    if before == "stop" and (glued(reading, index) or scan.word(index - 2) == "no"):
        return False
    if following in context_words("counted") and previous not in {"in", "since"}:
        return before == "a" and following in {"police", "people", "workers", "soldiers"}
    if not _dash_allows(reading, index, year):
        return False
    if _in_event_name(reading, index) or re.fullmatch(r"[A-Z]{1,3}[0-9]+", scan.raw(index + 1)):
        return False
    ranged = (after == "dash" and scan.category(index + 2) == "year4") or (
        before in {"dash", "and", "to", "or"} and scan.category(index - 2) == "year4"
    )
    if phased(reading) or ranged or (before == "stop" and scan.word(index - 2) in _SHORT_LIVES):
        return True
    closes = after == "cparen" or before == "oparen"
    if (
        before == "other"
        and previous.isalpha()
        and capital(reading, index - 1)
        and not closes
        and not opens_sentence(reading, index - 1)
    ):
        return False
    lower_plural = (
        after == "other" and following.isalpha() and not capital(reading, index + 1) and len(following) > len("was")
        and following.endswith("s") and following not in _SMALL_WORDS
    )  # fmt: skip
    if year < _OLDEST_PLAIN_YEAR or year > _NEWEST_PLAIN_YEAR:
        placed = (
            closes
            or (before == "comma" and after in HALT)
            or (before in BEFORE_TIME and (before != "hedge" or previous in {"around", "about", "circa"}))
        )
        return (
            placed
            and not lower_plural
            and (
                after != "other"
                or not following.isalpha()
                or (before == "the" and year >= _OLDEST_NAMED_YEAR and capital(reading, index + 1))
                or before in {"in", "since", "oparen", "preposition", "dash"}
            )
        )
    counted = before in {"hedge", "than", "least", "most", "up", "over", "number_word", "scale"} or year % 10 == 0
    return not (
        lower_plural
        and counted
        and before not in {"the", "in", "preposition", "possessive", "of"}
        and moment is not None
    )


def _dash_allows(reading: Reading, index: int, year: int) -> bool:
    """False inside telephone numbers, codes and names written with hyphens."""
    scan = reading.scan
    if scan.category(index - 1) == "dash" and glued(reading, index) and glued(reading, index - 1):
        kind, word = scan.category(index - 2), scan.word(index - 2)
        if kind in {"num", "n12", "n31", "n59", "n99"} and not _same_month(reading, index - 2):
            return False
        if kind == "other" and word[:1].isalpha() and word not in {"post", "pre"}:
            return False
    if scan.category(index + 1) == "dash" and glued(reading, index + 1) and glued(reading, index + 2):
        kind = scan.category(index + 2)
        if kind == "num":
            return False
        if kind in {"n12", "n31", "n59", "n99"}:
            return len(scan.word(index + 2)) == len("15") and int(scan.word(index + 2)) > year % 100
    return True


def _same_month(reading: Reading, index: int) -> bool:
    return reading.scan.category(index - 1) in {"month", "month_weak", "month_short"}


def _in_event_name(reading: Reading, index: int) -> bool:
    """Whether the capitalised words right behind a year end in the head of an event's name: "2026 FIFA World Cup"."""
    scan, heads = reading.scan, context_words("event")
    for step in range(1, _NAME_REACH + 1):
        word = scan.word(index + step)
        if not word:
            return False
        upper = capital(reading, index + step)
        if word in heads:
            return upper or step > 1
        small = word in _INSIDE_NAMES
        if not (upper or (small and step > 1) or word.isdigit()):
            return False
    return False


def _centuries(reading: Reading, _moment: Moment) -> bool:
    """Whether ordinals number centuries: "the 18th and 19th centuries"."""
    scan, index = reading.scan, reading.last
    if scan.word(index - 1) == "centuries":
        before = scan.category(reading.first - 1)
        return (scan.category(reading.first - 2) if before == "the" else before) in {"and", "to", "dash", "or"}
    return "centuries" in scan.words[index : index + 6]


def _phase_part(reading: Reading, _moment: Moment) -> bool:
    """False for late-night shows."""
    return reading.scan.word(reading.last) not in context_words("show")


def _early_hours(reading: Reading, _moment: Moment) -> bool:
    return "hours" in reading.scan.words[reading.first : reading.last]


def _military_clock(reading: Reading, _moment: Moment) -> bool:
    """Tell "0630 hours" and "at 18:00 hours" against "2:05 hours"."""
    scan, begin = reading.scan, reading.roles["clock"][0]
    if reading.has("zone"):
        return True
    if scan.word(reading.last - 1) != "hours":
        return False
    if scan.category(begin) == "clock":
        return scan.category(begin - 1) in {"at", "by", "from", "until", "hedge", "preposition"}
    return len(scan.word(begin)) == len("0630") and scan.word(begin).startswith("0")


def _the_quarter(reading: Reading, _moment: Moment) -> bool:
    scan = reading.scan
    return not capital(reading, reading.last - 1) and scan.word(reading.last) not in {"-", "final", "finals", "mile"}


def _decade(reading: Reading, _moment: Moment) -> bool:
    scan, index = reading.scan, reading.roles["decade"][0]
    if scan.words[index][-2:] in {"'s", "’s"} and scan.word(index - 1) not in {"the", "early", "late", "mid", "-"}:
        return False  # "Vision 2030's goals"
    if scan.category(reading.first - 1) in {"possessive", "age"} or scan.word(reading.first - 1) in {"s", "aged"}:
        return False
    short = len(re.sub(r"[^0-9]", "", scan.words[index])) <= len("80")
    return (
        not short
        or scan.word(index - 1) == "the"
        or scan.words[index][0] in "'’‘"
        or (scan.category(index - 1) == "and" and scan.category(index - 2) == "decade")
    )


def _quarter(reading: Reading, _moment: Moment) -> bool:
    scan = reading.scan
    if reading.has("year") or reading.has("which") or reading.has("quarter"):
        return True
    after = scan.word(reading.last)
    return not (
        after in {"final", "finals", "finalist", "mile", "back", "of", "century"}
        or (after == "-" and scan.word(reading.last + 1).startswith("final"))
    )


def _season_alone(reading: Reading, _moment: Moment) -> bool:
    scan, index = reading.scan, reading.roles["season"][0]
    if capital(reading, reading.last) and scan.category(reading.last) == "other":
        return False
    placed = (
        scan.category(reading.first - 1) in {"in", "by", "until", "preposition", "from", "between", "over"}
        or reading.has("phase")
        or reading.has("edge")
    )
    if scan.category(index) == "season_weak":
        return (
            placed
            and scan.word(index - 1) in {"the", "early", "late", "mid", "-"}
            and scan.word(reading.last) not in {"of", "in", "from"}
        )
    return placed


def _the_part(reading: Reading, _moment: Moment) -> bool:
    scan = reading.scan
    if scan.word(reading.last - 1).endswith("s"):
        return False  # the mornings are many
    if reading.has("which") or scan.word(reading.first) == "that" or scan.word(reading.first + 1) == "same":
        return True
    if reading.has("phase") or reading.has("edge"):
        return True
    return (
        scan.word(reading.first - 1) in {"in", "during", "on", "into", "throughout", "through", "overnight"}
        and scan.word(reading.last) != "of"
    )


def _holiday(reading: Reading, _moment: Moment) -> bool:
    return (
        reading.scan.raw(reading.last) not in {"Island", "Islands", "Islanders", "Carol", "Rising", "Road"}
        and reading.scan.raw(reading.first - 1) != "Father"
    )


def _relative_day(reading: Reading, _moment: Moment) -> bool:
    scan, words = reading.scan, reading.scan.words[reading.first : reading.last]
    if words[0] == "this":
        return scan.word(reading.first - 1) in {"on", "of"}
    if words[0] in {"following", "next"}:
        return words[0] == "next" and scan.category(reading.last) in HALT
    return not (words[0] == "that" and scan.word(reading.first - 1) in {"said", "says"})


def _relative_period(reading: Reading, _moment: Moment) -> bool:
    scan = reading.scan
    words = scan.words[reading.first : reading.last]
    if words[:2] == ["the", "next"]:
        return (
            reading.value("unit") != "DE"
            and scan.category(reading.first - 1) not in {"over", "in", "preposition"}
            and scan.word(reading.first - 1) != "within"
        )
    if "following" in words and "the" not in words:
        return False
    if (
        words[0] == "last"
        and scan.category(reading.first - 1) == "other"
        and scan.word(reading.first - 1) in {"to", "will", "could"}
    ):
        return False
    return not (words[-1] == "century" and words[0] == "that")


def _edge_unit(reading: Reading, _moment: Moment) -> bool:
    return reading.scan.words[reading.first : reading.last] in (
        ["year", "-", "end"],
        ["year", "end"],
        ["month", "-", "end"],
        ["week", "-", "end"],
    )


def _after_comparative(reading: Reading, _moment: Moment) -> bool:
    return reading.scan.word(reading.first - 2) in {"later", "earlier", "early", "late"}


DATE_GUARDS: dict[str, Callable[[Reading, Moment], bool]] = {
    "centuries": _centuries,
    "early_hours": _early_hours,
    "military_clock": _military_clock,
    "phase_part": _phase_part,
    "the_quarter": _the_quarter,
    "after_comparative": _after_comparative,
    "clock": _clock,
    "day_month": _day_month,
    "decade": _decade,
    "edge_unit": _edge_unit,
    "holiday": _holiday,
    "lone_day": _lone_day,
    "month_alone": _month_alone,
    "month_day": _month_day,
    "numeric": _numeric,
    "quarter": _quarter,
    "relative_day": _relative_day,
    "relative_period": _relative_period,
    "season_alone": _season_alone,
    "the_part": _the_part,
    "weekday": _weekday,
    "year": _year,
}


__all__ = ["DATE_GUARDS"]
