"""What a number is when it counts no people: age, money, date, year, time, share, rank, code or unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.extract.count_lexicon import other_noun_class, people_nouns
from factx.extract.number_atoms import DASHES, Atoms, Core

if TYPE_CHECKING:
    from factx.facts import Qualifier

# What a number in front of a hyphen may be joined to and still count people: "a 3,000-strong force", "some 40-odd".
_COUNTING_TAILS = frozenset({"strong", "odd", "plus", "member", "person", "man", "woman", "soldier", "troop"})
_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec""".split()
)
_YEAR_LEADS = frozenset(
    """in since of by until till during from early late mid before after around between year years fiscal season and to
    spring summer autumn fall winter s""".split()
)
_CURRENCY_SIGNS = frozenset("$€£¥₹₽₩₪₺")
_CURRENCY_LEADS = frozenset({"us", "rm", "rs", "usd", "eur", "gbp", "aud", "cad", "inr", "hk", "nt", "php"})
_NUMBER_LEADS = frozenset(
    """no number article articles section chapter page unit flight channel route highway interstate boeing airbus group
    resolution level category grade phase version psalm type class mark model room gate platform line rule title part
    magnitude apollo iphone windows formula t-""".split()
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
# "children under five", "those over 65": an age and no bound.
_AGE_LEADS = frozenset(
    {"children", "child", "kids", "those", "anyone", "adults", "adult", "aged", "infants", "boys", "girls"}
)
# "A boy of 12".
_AGED = frozenset({"boy", "girl", "man", "woman", "child", "baby", "youth", "teenager", "student", "schoolboy"})
_ORDINAL_TAILS = frozenset({"st", "nd", "rd", "th"})


def use_of(atoms: Atoms, core: Core, hedge: Qualifier | None) -> str:
    """Tell what a number is when it counts no people; empty where it may."""
    lows = atoms.lows
    i, end = core.start, core.end
    before = lows[i - 1] if i else ""
    before2 = lows[i - 2] if i > 1 else ""
    after = lows[end] if end < len(lows) else ""
    after2 = lows[end + 1] if end + 1 < len(lows) else ""
    if core.form == "none":
        # "No. 5", "no longer", "no more than"
        return "code" if after in (".", "longer", "more", "less", "fewer", ",") and lows[i] == "no" else ""
    if before in _CURRENCY_SIGNS or (before in _CURRENCY_LEADS and atoms.glued(i)):
        return "money"
    noun_class = other_noun_class(after)
    if noun_class in ("money", "share") or after in _CURRENCY_SIGNS or (after == "per" and after2 == "cent"):
        return "money" if noun_class == "money" else "share"
    if core.low < 100 and "over under above below".find(before) >= 0 and before2 in _AGE_LEADS and before:
        return "age"
    if before == "and" and "aged" in lows[max(0, i - 4) : i]:
        return "age"
    if (
        before == "aged"
        or (before in ("age", "ages") and core.low < 120)
        or (before == "of" and before2 in ("age", "ages"))
        or (before == "of" and before2 in _AGED and core.low < 110)
    ):
        return "age"
    if after in DASHES and atoms.glued(end):
        if after2 in ("year", "month", "week", "day") or after2 not in _COUNTING_TAILS:
            return "age" if "old" in lows[end : end + 5] else "unit"
    elif noun_class in ("time", "distance") and not (after == "m" and not atoms.glued(end)):
        return "age" if "old" in lows[end : end + 2] else "unit"
    if core.form != "digits":
        return ""
    form = atoms.text[atoms.starts[i] : atoms.ends[i]]
    if after in _ORDINAL_TAILS and atoms.glued(end):
        return "rank"
    if _CLOCK.fullmatch(form) or (after == ":" and atoms.glued(end) and after2.isdigit() and len(after2) == 2):
        return "time"
    if before == ":" and atoms.glued(i) and before2.isdigit():
        return "time"
    if after in ("am", "pm", "gmt", "utc", "o'clock") or (
        after in ("a", "p") and after2 == "." and lows[end + 2 : end + 3] == ["m"]
    ):
        return "time"
    if form.isdigit() and core.high <= 31 and (before in _MONTHS or (after in _MONTHS and after2 != "people")):
        modal = before == "may" and atoms.text[atoms.starts[i - 1]] == "m"
        if not modal and not (after in ("may", "march") and hedge):
            return "date"
    if form.isdigit() and len(form) == 4 and 1800 <= core.low <= 2100 and core.low == core.high and hedge is None:
        if after in people_nouns() or after2 in people_nouns():
            return ""
        if before in _YEAR_LEADS or before in _MONTHS or (before == "," and before2.isdigit()) or not after.isalpha():
            return "year"
        if after in (
            "election",
            "elections",
            "attack",
            "attacks",
            "war",
            "coup",
            "and",
            "the",
            "to",
            "in",
            "when",
            "after",
        ):
            return "year"
    if before in _NUMBER_LEADS or before in ("#", "№") or (before in DASHES and atoms.glued(i) and before2.isalpha()):
        return "code"
    if before == "." and before2 == "no":
        return "code"
    if (before.isalpha() and atoms.glued(i)) or (after.isalpha() and atoms.glued(end)):
        return "code"
    if before == "," and before2 and before2 != ")" and after == "," and core.high < 100 and not hedge:
        # ", 45, " after a name is an age; a list of numbers ("12, 13, 14,") is none either.
        name = atoms.text[atoms.starts[i - 2] : atoms.ends[i - 2]]
        if name[:1].isupper():
            return "age"
    return ""


__all__ = ["use_of"]
