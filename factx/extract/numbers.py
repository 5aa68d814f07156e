"""Numbers: how many people a phrase stands for, with its hedges and bounds, in every dress that news gives them.

Numbers are read on the text itself, so that no tokenizer has a say in what "3,000-strong" or "10 000" is. The words
live in the lexicon: `count_number_words.csv`, `count_vague_numbers.csv`, `count_hedges.csv` and
`count_person_nouns.csv`.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from spacy.tokens import Doc

    from factx.facts import Qualifier

Form = Literal["digits", "words", "vague", "none", "fraction", "single"]

# No statement about people goes beyond what live on Earth; longer rows of digits are codes and phone numbers.
MOST_PEOPLE = 20_000_000_000

_ATOM = re.compile(r"\d+(?:[.,'’]\d+)*|[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*|[^\w\s]")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*(?:[.,]\d+)?|\d{1,3}(?:,\d{2})+,\d{3}")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_DASHES = frozenset("-–—‑")
_NARROW_GAPS = frozenset({"\u00a0", "\u202f", "\u2009"})
_DETERMINERS = frozenset(
    {"a", "an", "the", "his", "her", "its", "their", "our", "my", "your", "this", "that", "another"}
)
_POSSESSIVES = frozenset({"his", "her", "its", "their", "our", "my"})
# Between a hedge and its number these change nothing: "at least another 12", "up to a further 300", "a record 8,938".
_FILLERS = frozenset(
    {
        "another", "additional", "further", "a", "an", "the", "other", "all", "total", "of", "record", "reported",
        "expected", "extra", "more", "these", "those", "combined", "whopping", "confirmed", *_POSSESSIVES,
    }
)  # fmt: skip
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
# Words after which "may" and "march" are no months, and a number is not a day.
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
# "children under five", "those over 65": an age and no bound.
_AGE_LEADS = frozenset(
    {"children", "child", "kids", "those", "anyone", "adults", "adult", "aged", "infants", "boys", "girls"}
)
_SPAN_WORDS = frozenset({"year", "years", "month", "months", "week", "weeks", "day", "days"})
_ORDINAL_TAILS = frozenset({"st", "nd", "rd", "th"})
_ORDINAL_WORDS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many people a phrase stands for."""

    low: int | None
    """Fewest; None for an open end."""
    high: int | None
    """Most; None for an open end."""
    qualifier: Qualifier
    """How the words state it."""


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A number in a text; offsets count code points of that text."""

    start: int
    """First character, hedge and determiner included ("at least another 12")."""
    end: int
    """Character after the last of the number and what belongs to it ("50 or more")."""
    number_start: int
    """First character of the number alone."""
    number_end: int
    """Character after the number alone."""
    quantity: Quantity
    """What it stands for."""
    form: Form
    """How it is written; "single" is a person told by a noun alone ("a man")."""
    use: str
    """Empty where it may count people, else what it is: age, money, date, year, time, share, rank, code, unit."""
    reach: int
    """Where the phrase ends together with the whole it is taken from ("3 out of 4"), else `end`."""


@dataclass(frozen=True, slots=True)
class _Core:
    """A number before its hedges: half-open atoms and what it stands for."""

    start: int
    end: int
    low: int
    high: int
    form: Form
    reach: int


@dataclass(frozen=True, slots=True)
class _Atoms:
    """A text cut into words, numbers and marks."""

    text: str
    lows: list[str]
    starts: list[int]
    ends: list[int]

    def glued(self, index: int) -> bool:
        """Tell whether an atom follows the one before it without a gap."""
        return 0 < index < len(self.lows) and self.starts[index] == self.ends[index - 1]


def _rows(name: str) -> list[dict[str, str]]:
    with (files("factx.lexicon") / name).open(encoding="utf8") as file:
        return list(csv.DictReader(file))


@cache
def _number_words() -> dict[str, tuple[str, int]]:
    return {row["word"]: (row["class"], int(row["value"])) for row in _rows("count_number_words.csv")}


@cache
def _vague_phrases() -> dict[tuple[str, ...], tuple[int, int]]:
    return {
        tuple(row["phrase"].split()): (int(row["low"]), int(row["high"])) for row in _rows("count_vague_numbers.csv")
    }


@cache
def _hedges(position: str) -> dict[tuple[str, ...], tuple[Qualifier, bool]]:
    """Phrases of a position as atoms, with what they say and whether they always hedge the number."""
    return {
        tuple(_ATOM.findall(row["phrase"])): (row["qualifier"], row["safe"] == "1")  # type: ignore[misc]
        for row in _rows("count_hedges.csv")
        if row["position"] == position
    }


@cache
def _hedge_blockers() -> frozenset[tuple[str, str]]:
    return frozenset((row["word"], row["hedge"]) for row in _rows("count_hedge_blockers.csv"))


@cache
def person_nouns() -> frozenset[str]:
    """Nouns for one person, lower case ("gunman"). Source: lexicon/count_person_nouns.csv."""
    return frozenset(row["noun"] for row in _rows("count_person_nouns.csv") if row["noun"])


@cache
def people_nouns() -> frozenset[str]:
    """Nouns for several people, lower case ("gunmen", "police"). Source: lexicon/count_person_nouns.csv."""
    return frozenset(row["plural"] for row in _rows("count_person_nouns.csv"))


@cache
def other_nouns() -> dict[str, str]:
    """Nouns, singular, lower case, that stand for no people, with their class (lexicon/count_other_nouns.csv)."""
    return {row["noun"]: row["class"] for row in _rows("count_other_nouns.csv")}


def other_noun_class(word: str) -> str | None:
    """Tell what a noun stands for when it stands for no people: time, distance, money, share, thing or animal.

    >>> other_noun_class("kilometers"), other_noun_class("policemen")
    ('distance', None)
    """
    low, nouns = word.lower(), other_nouns()
    if low in nouns:
        return nouns[low]
    for ending, put in (("ies", "y"), ("es", ""), ("s", "")):
        if low.endswith(ending) and low[: -len(ending)] + put in nouns:
            return nouns[low[: -len(ending)] + put]
    return None


def _cut_atoms(text: str) -> _Atoms:
    lows, starts, ends = [], [], []
    for match in _ATOM.finditer(text):
        lows.append(match.group().lower())
        starts.append(match.start())
        ends.append(match.end())
    return _Atoms(text, lows, starts, ends)


def _read_digits(form: str) -> float | None:
    """Read one run of digits with its separators; a fraction only where a point stands before other than 3 digits."""
    if form.isdigit():
        return int(form) if form.isascii() and len(form) <= 11 else None
    if _GROUPED.fullmatch(form):
        whole = re.split(r"[.,](?=\d{1,2}$)", form)[0]
        return int(re.sub(r"\D", "", whole)) if len(whole) <= 15 and whole.isascii() else None
    if _DECIMAL.fullmatch(form) and form.isascii() and len(form) <= 12:
        return float(form.replace(",", "."))
    return None


def _read_digit_number(atoms: _Atoms, i: int) -> tuple[int, int] | None:
    """Read a number that starts with digits at an atom: its value and the atom after it."""
    lows, words = atoms.lows, _number_words()
    value = _read_digits(lows[i])
    if value is None:
        return None
    end = i + 1
    # "10 000": thin and unbreakable blanks join; a plain blank only where zeros follow, else "May 12 300 people"
    # would be one.
    while (
        end < len(lows)
        and len(lows[end]) == 3
        and lows[end].isdigit()
        and len(lows[end - 1]) <= 3
        and (
            atoms.text[atoms.ends[end - 1] : atoms.starts[end]] in _NARROW_GAPS
            or (atoms.text[atoms.ends[end - 1] : atoms.starts[end]] == " " and lows[end] == "000")
        )
    ):
        value = value * 1000 + int(lows[end])
        end += 1
    scaled = False
    while end < len(lows):
        at = end + 1 if lows[end] in _DASHES and end + 1 < len(lows) else end
        kind, factor = words.get(lows[at], ("", 0))
        if (
            kind == "scale"
            or (kind == "hundred" and value < 100)
            or (kind == "suffix" and atoms.glued(end) and at == end)
        ):
            if not scaled and "." in lows[i]:  # "1.234 million" is a fraction although "1.234" alone is none
                value = float(lows[i]) if lows[i].count(".") == 1 and "," not in lows[i] else value
            value, end, scaled = value * factor, at + 1, True
        elif kind == "group" and lows[at] in ("dozen", "score"):
            value, end, scaled = value * factor, at + 1, True
        else:
            break
    whole = round(value)
    if abs(whole - value) > 1e-6 or whole > MOST_PEOPLE:
        return None
    return whole, end


def _read_word_number(atoms: _Atoms, i: int) -> tuple[int, int] | None:
    """Read a number in words at an atom: its value and the atom after it."""
    lows, words = atoms.lows, _number_words()
    total = current = 0
    end, last, article = i, "", False
    at = i
    if lows[at] in ("a", "an") and at + 1 < len(lows) and words.get(lows[at + 1], ("",))[0] in ("hundred", "scale"):
        current, article, at = 1, True, at + 1
    while at < len(lows):
        low = lows[at]
        if last and low in _DASHES and at + 1 < len(lows):
            if lows[at + 1] not in words:
                break
            at += 1
            low = lows[at]
        elif last in ("hundred", "scale") and low == "and" and at + 1 < len(lows):
            kind = words.get(lows[at + 1], ("",))[0]
            following = words.get(lows[at + 2], ("",))[0] if at + 2 < len(lows) else ""
            if kind not in ("unit", "teen", "ten") or (last == "scale" and following in ("scale", "hundred")):
                break
            at += 1
            low = lows[at]
        kind, value = words.get(low, ("", 0))
        if (kind == "unit" and last in ("", "ten", "hundred", "scale")) or (
            kind in ("teen", "ten") and last in ("", "hundred", "scale")
        ):
            current += value
        elif kind == "hundred" and (last in ("unit", "teen", "ten") or article) and current < 100:
            current, article = current * 100, False
        elif kind == "scale" and (last or article) and value < MOST_PEOPLE:
            if total and value >= total:
                break
            total, current, article = total + max(current, 1) * value, 0, False
        else:
            break
        last, at = kind, at + 1
        end = at
        if total + current > MOST_PEOPLE:
            return None
    if not last:
        return None
    if (
        last in ("unit", "teen")
        and end + 3 < len(lows)
        and lows[end] == "and"
        and lows[end + 1] == "a"
        and lows[end + 2] == "half"
        and words.get(lows[end + 3], ("",))[0] == "scale"
    ):
        return round((total + current + 0.5) * words[lows[end + 3]][1]), end + 4
    return total + current, end


def _read_group(atoms: _Atoms, i: int) -> tuple[int, int] | None:
    """Read "a dozen", "half a dozen", "two dozen", "a couple of hundred", "the pair", "half a million"."""
    lows, words = atoms.lows, _number_words()

    def at(k: int) -> str:
        return lows[k] if k < len(lows) else ""

    k = i
    if at(k) == "a" and at(k + 1) == "half":
        k += 1
    if at(k) == "half":
        k += 1
        if at(k) in ("a", "an") or at(k) in _DASHES:
            k += 1
        kind, value = words.get(at(k), ("", 0))
        if kind in ("group", "scale"):
            return value // 2, k + 1
        return None
    if at(k) in ("a", "the", "one"):
        k += 1
    kind, value = words.get(at(k), ("", 0))
    if kind == "set":
        if k == i and at(k) != "couple":
            return None
        k += 1
        if at(k) == "of" and words.get(at(k + 1), ("",))[0] in ("hundred", "scale", "group"):
            k += 1
        kind, factor = words.get(at(k), ("", 0))
        return (value * factor, k + 1) if kind in ("hundred", "scale", "group") else (value, k)
    if at(k) == "dozen" or (at(k) == "score" and at(k + 1) == "of" and k > i):
        return value, k + 1
    number = _read_word_number(atoms, i)
    if number and words.get(at(number[1]), ("",))[0] == "group" and number[0] < 100:
        return number[0] * words[at(number[1])][1], number[1] + 1
    return None


def _read_plain(atoms: _Atoms, i: int) -> tuple[int, int, Form] | None:
    low = atoms.lows[i]
    if low[0].isdigit():
        digits = _read_digit_number(atoms, i)
        return (*digits, "digits") if digits else None
    found = _read_group(atoms, i) or _read_word_number(atoms, i)
    return (*found, "words") if found else None


def _read_share(atoms: _Atoms, i: int) -> _Core | None:
    """Read a part of a named whole: "a third of the 90", "one in five of the 200", "20 percent of 50"."""
    lows, words = atoms.lows, _number_words()

    def at(k: int) -> str:
        return lows[k] if k < len(lows) else ""

    share: float
    plain = _read_plain(atoms, i)
    if at(i) == "half" or (at(i) == "a" and at(i + 1) == "half"):
        k = i + 1 + (at(i) == "a")
        share = 0.5
    elif at(i) in ("a", "one") and words.get(at(i + 1), ("",))[0] == "fraction":
        share, k = 1 / words[at(i + 1)][1], i + 2
    elif plain and plain[0] < 100:
        k = plain[1]
        dashed = k + (at(k) in _DASHES)
        if words.get(at(dashed), ("",))[0] == "fraction":
            share, k = plain[0] / words[at(dashed)][1], dashed + 1
        elif (
            at(k) == "in"
            and (whole := _read_plain(atoms, k + 1) if k + 1 < len(lows) else None)
            and whole[0] > plain[0]
        ):
            share, k = plain[0] / whole[0], whole[1]
        elif at(k) in ("percent", "%"):
            share, k = plain[0] / 100, k + 1
        elif at(k) == "per" and at(k + 1) == "cent":
            share, k = plain[0] / 100, k + 2
        else:
            return None
    else:
        return None
    if at(k) == "of":
        k += 1
    elif share != 0.5 or at(k) not in ("the", "its", "his"):
        return None
    while at(k) in ("the", "all", "its", "their", "those", "these", "some", "about"):
        k += 1
    whole = _read_plain(atoms, k) if k < len(lows) else None
    if whole is None or whole[0] < 2:
        return None
    value = round(share * whole[0])
    return _Core(i, whole[1], value, value, "fraction", whole[1])


def _read_core(atoms: _Atoms, i: int) -> _Core | None:
    """Read the number that starts at an atom, without its hedges."""
    lows = atoms.lows
    low = lows[i]
    following = lows[i + 1] if i + 1 < len(lows) else ""
    if low in ("nobody", "noone", "none", "nil"):
        return _Core(i, i + 1, 0, 0, "none", i + 1)
    if low == "no":
        if following in ("fewer", "less", "more", "longer"):
            return None
        if following == "one":
            return _Core(i, i + 2, 0, 0, "none", i + 2)
        if following in _DASHES and i + 2 < len(lows) and lows[i + 2] == "one":
            return _Core(i, i + 3, 0, 0, "none", i + 3)
        return _Core(i, i + 1, 0, 0, "none", i + 1)
    if low == "not" and following in ("one", "a") and (following == "one" or lows[i + 2 : i + 3] == ["single"]):
        end = i + 2 + (following == "a")
        return _Core(i, end, 0, 0, "none", end)
    if low == "both":
        return _Core(i, i + 1, 2, 2, "words", i + 1)
    if share := _read_share(atoms, i):
        return share
    vague = _vague_phrases()
    for length in (4, 3, 2, 1):
        bounds = vague.get(tuple(lows[i : i + length]))
        if bounds and i + length <= len(lows):
            form: Form = "vague" if bounds[0] != bounds[1] else "words"
            return _Core(i, i + length, *bounds, form, i + length)
    plain = _read_plain(atoms, i)
    if plain is None:
        return None
    value, end, form = plain
    return _read_range(atoms, i, value, end, form) or _Core(i, end, value, value, form, _whole_of(atoms, end))


def _whole_of(atoms: _Atoms, end: int) -> int:
    """Give the atom after "out of 4", which tells the whole and not a number of its own."""
    if atoms.lows[end : end + 2] == ["out", "of"] and end + 2 < len(atoms.lows):
        k = end + 2 + (atoms.lows[end + 2] in ("the", "its", "all"))
        whole = _read_plain(atoms, k) if k < len(atoms.lows) else None
        if whole:
            return whole[1]
    return end


def _read_range(atoms: _Atoms, i: int, value: int, end: int, form: Form) -> _Core | None:
    """Read "between A and B", "A to B", "A-B", "A or B" whose first number is known."""
    lows = atoms.lows
    if end + 1 >= len(lows):
        return None
    before = lows[i - 1] if i else ""
    joint = lows[end]
    dashed = joint in _DASHES
    # "rose from 30 to 40" tells two figures, and so does "30 and 40" without "between".
    if not (
        (joint == "and" and before == "between")
        or (joint == "to" and "from" not in lows[max(0, i - 6) : i])
        or joint == "or"
        or (dashed and atoms.glued(end) == atoms.glued(end + 1))
    ):
        return None
    k = end + 1 + (lows[end + 1] in ("a", "as") and joint != "or" and lows[end + 1] == "as")
    other = _read_plain(atoms, k) if k < len(lows) else None
    if other is None or other[0] > MOST_PEOPLE:
        return None
    top, stop = other[0], other[1]
    if value < 1000 <= top and value < top:
        # "2 to 3 million" shares its scale; "900 to 1,000" does not.
        word = lows[stop - 1]
        scale = _number_words().get(word, ("", 1))
        if scale[0] in ("scale", "suffix", "hundred") and value * scale[1] < top and lows[i] != "hundreds":
            value *= scale[1]
    elif lows[stop - 1] == "dozen" and value < 12 and value * 12 < top:
        value *= 12
    if not value < top <= max(value, 1) * 100:
        return None
    return _Core(i, stop, value, top, form, stop)


def _match_before(atoms: _Atoms, end: int, floor: int) -> tuple[int, Qualifier, bool] | None:
    """Find the longest hedge that ends right before an atom: where it starts, what it says, whether it is safe."""
    table = _hedges("before")
    for length in range(min(5, end - floor), 0, -1):
        found = table.get(tuple(atoms.lows[end - length : end]))
        if found:
            return (end - length, *found)
    return None


def _widen_left(atoms: _Atoms, core: _Core, floor: int) -> tuple[int, Qualifier | None]:
    """Take in what stands before a number: determiners, fillers and hedges; the outermost hedge wins."""
    lows = atoms.lows
    start, qualifier = core.start, None
    if start > floor and lows[start - 1] == "between" and core.low != core.high and core.form in ("digits", "words"):
        start -= 1
        if start > floor and lows[start - 1] in ("somewhere", "anywhere"):
            start -= 1
    at = start
    while at > floor:
        hedge = _match_before(atoms, at, floor)
        if hedge:
            first, says, safe = hedge
            before = lows[first - 1] if first > floor else ""
            # "handed over the 20", "outrage over two deaths": a preposition, no hedge.
            if not safe and (lows[at] in ("the", "these", "those") or (before, lows[first]) in _hedge_blockers()):
                break
            start = at = first
            qualifier = says
            continue
        if lows[at - 1] not in _FILLERS or at < core.start - 3:
            break
        at -= 1
        # Fillers count as part of the phrase only in front of it; "the" and "of" may belong to what comes before.
        if lows[at] in ("another", "all", "additional", "further", "total", "expected", "record") or (
            lows[at] in ("a", "an", *_POSSESSIVES) and at == start - 1
        ):
            if lows[at] == "total" and lows[at - 1 : at] != ["a"]:
                break
            start = at
    return start, qualifier


def _widen_right(atoms: _Atoms, core: _Core) -> tuple[int, Qualifier | None]:
    """Take in what stands behind a number: "or more", "+", "or so"; also behind the one noun it counts."""
    table = _hedges("after")
    for skip in (0, 1):
        at = core.end + skip
        if skip and (core.end >= len(atoms.lows) or not atoms.lows[core.end].isalpha()):
            break
        if at < len(atoms.lows) and atoms.lows[at] in _DASHES and _stands(atoms, at + 1, ("odd", "plus", "some")):
            return at + 2, "about" if atoms.lows[at + 1] != "plus" else "at_least"
        if not skip and _stands(atoms, at, _DASHES) and _stands(atoms, at + 1, ("strong",)):
            return at + 2, None
        for length in (4, 3, 2, 1):
            found = table.get(tuple(atoms.lows[at : at + length]))
            if at + length > len(atoms.lows):
                continue
            if found and (found[1] or not skip or length > 1) and not (skip and length == 1):
                if atoms.lows[at] in ("plus", "odd") and not skip and _stands(atoms, at + 1, ("a", "an", "the")):
                    continue
                if atoms.lows[at : at + 2] in (["at", "least"], ["at", "most"], ["and", "more"]) and not _closes(
                    atoms, at + length
                ):
                    continue
                return at + length, found[0]
    return core.end, None


def _stands(atoms: _Atoms, index: int, words: Container[str]) -> bool:
    """Tell whether one of some words stands at an atom."""
    return index < len(atoms.lows) and atoms.lows[index] in words


def _closes(atoms: _Atoms, index: int) -> bool:
    """Tell whether a phrase ends before an atom: "12 at least." but not "12, at least three of them"."""
    return index >= len(atoms.lows) or atoms.lows[index] in (".", ",", ";", ")", "!", "?", "were", "was", "have", "are")


def _bound(core: _Core, qualifier: Qualifier | None) -> Quantity:
    """Put number and hedge together as the guideline's table tells."""
    low, high = core.low, core.high
    if core.form == "none" or high == 0:
        return Quantity(0, 0, "none")
    if qualifier in ("at_least", "more_than"):
        return Quantity(low, None, qualifier)
    if qualifier in ("at_most", "less_than"):
        return Quantity(None, high, qualifier)
    if low != high:
        return Quantity(low, high, "vague" if core.form == "vague" else "between")
    return Quantity(low, high, qualifier or "exact")


def _use_of(atoms: _Atoms, core: _Core, hedge: Qualifier | None) -> str:
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
    ):
        return "age"
    if after in _DASHES and atoms.glued(end):
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
    if before in _NUMBER_LEADS or before in ("#", "№") or (before in _DASHES and atoms.glued(i) and before2.isalpha()):
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


def _single_at(atoms: _Atoms, i: int) -> _Core | None:
    """Read a person told without a number: "a man", "another", "the gunman", "a fourth firefighter"."""
    lows = atoms.lows
    persons, people = person_nouns(), people_nouns()
    if lows[i] not in _DETERMINERS:
        return None
    last, old = None, False
    for k in range(i + 1, min(i + 12, len(lows))):
        low = lows[k]
        if low in _DASHES and atoms.glued(k):
            continue
        if not low[0].isalpha() and not low[0].isdigit() and low not in ("'", "’", ".", '"'):
            break
        if (low[0].isdigit() or low in _number_words()) and _is_age_compound(atoms, k):
            old = True
            continue
        if old and low in ("year", "month", "week", "day", "old"):
            last = k if low == "old" else last
            old = low != "old"
            continue
        if low[0].isdigit() or low in _number_words():
            if k == i + 1 and low not in _ORDINAL_WORDS and not (low == "one" and k > i + 1):
                return None
            if low not in _ORDINAL_WORDS:
                break
            continue
        if low in _DETERMINERS or low in ("of", "in", "and", "was", "is", "who", "on", "at", "to", "for", "by", "from"):
            break
        if low in people and low not in persons and not _stands(atoms, k + 1, persons):
            last = None
            break
        if low in persons:
            last = k
        elif last is not None:
            break
    if last is None:
        return _Core(i, i + 1, 1, 1, "single", i + 1) if lows[i] == "another" else None
    return _Core(i, last + 1, 1, 1, "single", last + 1)


def _is_age_compound(atoms: _Atoms, k: int) -> bool:
    """Tell whether "14-year-old" or "14 year-old" begins at an atom."""
    return "old" in atoms.lows[k + 2 : k + 5] and not _SPAN_WORDS.isdisjoint(atoms.lows[k + 1 : k + 3])


def scan_quantities(text: str, *, singles: bool = True) -> list[QuantityMention]:
    """Read all numbers of a text, in order and without overlaps.

    Args:
        text: Any text.
        singles: Also give persons told by a noun alone ("a man", "the gunman") and "another".

    Returns:
        The mentions; those whose `use` is not empty count no people.
    """
    atoms = _cut_atoms(text)
    lows, words = atoms.lows, _number_words()
    vague_heads = {phrase[0] for phrase in _vague_phrases()}
    starters = {"no", "none", "nobody", "noone", "nil", "not", "both", "half", "a", "an", "the", "couple", *vague_heads}
    mentions: list[QuantityMention] = []
    floor = i = 0
    while i < len(lows):
        low = lows[i]
        core = None
        if low[0].isdigit() or low in words or low in starters:
            core = _read_core(atoms, i)
            if core and (core.form in ("words", "digits")) and _is_part_word(atoms, core):
                i = core.end
                continue
        if core is None and singles and low in _DETERMINERS:
            core = _single_at(atoms, i)
            if core and lows[i] == "another" and i + 1 < len(lows) and core.end == i + 1:
                further = _read_core(atoms, i + 1)
                if further and further.form in ("digits", "words", "vague"):
                    core = None
        if core is None:
            i += 1
            continue
        mentions.append(_mention(atoms, core, floor))
        floor = i = max(core.reach, core.start + 1)
    return mentions


def _is_part_word(atoms: _Atoms, core: _Core) -> bool:
    """Tell whether a number is but the front of an ordinal or fraction: "twenty-first", "two-thirds", "one-third"."""
    lows = atoms.lows
    k = core.end + (_stands(atoms, core.end, _DASHES))
    if k >= len(lows):
        return False
    if lows[k] in _ORDINAL_WORDS and (k > core.end or lows[core.start] != "one") and k > core.end:
        return True
    return _number_words().get(lows[k], ("",))[0] == "fraction" and lows[core.start] != "no"


def _mention(atoms: _Atoms, core: _Core, floor: int) -> QuantityMention:
    if core.form in ("single", "none"):
        start, before = core.start, None
        if core.form == "single":
            hedge = _match_before(atoms, start, floor)
            if hedge and hedge[2]:
                start, before = hedge[0], hedge[1]
        end, after = core.end, None
    else:
        start, before = _widen_left(atoms, core, floor)
        end, after = _widen_right(atoms, core)
    first, last = atoms.starts[core.start], atoms.ends[core.end - 1]
    return QuantityMention(
        start=atoms.starts[start],
        end=atoms.ends[end - 1],
        number_start=first,
        number_end=last,
        quantity=_bound(core, before or after),
        form=core.form,
        use=_use_of(atoms, core, before or after) if core.form != "single" else "",
        reach=max(atoms.ends[core.reach - 1], atoms.ends[end - 1]),
    )


def parse_quantity(words: Sequence[str]) -> Quantity | None:
    """Read how many people a number phrase stands for.

    >>> parse_quantity(["at", "least", "two", "dozen"])
    Quantity(low=24, high=None, qualifier='at_least')
    >>> parse_quantity(["a", "man"])
    Quantity(low=1, high=1, qualifier='exact')

    Args:
        words: The phrase in order, with or without the noun it counts.

    Returns:
        Inclusive bounds in persons; `high` is None when the wording sets no ceiling. None if there is no number, or one
        that counts no people ("45-year-old").

    Source: counts-guidelines, the table of qualifiers; lexicon/count_*.csv.
    """
    mentions = scan_quantities(" ".join(words))
    return next((m.quantity for m in mentions if not m.use and m.form != "single"), None) or next(
        (m.quantity for m in mentions if not m.use), None
    )


def find_quantities(doc: Doc) -> list[QuantityMention]:
    """Find the numbers of a Doc that may count people, and single persons told by a noun.

    Args:
        doc: Any Doc; only its text is read.

    Returns:
        Mentions in text order, without overlaps; ages, money, dates, ranks and the like are left out.
    """
    return [mention for mention in scan_quantities(doc.text) if not mention.use]


def mentions_within(
    mentions: Sequence[QuantityMention], starts: Sequence[int], start: int, end: int
) -> list[QuantityMention]:
    """Pick the mentions whose number lies in a stretch of the text.

    Args:
        mentions: In text order, as `scan_quantities` gives them.
        starts: Their `number_start`s.
        start: First character.
        end: Character after the last.
    """
    first = bisect_left(starts, start)
    found = []
    for mention in mentions[first:]:
        if mention.number_start >= end:
            break
        found.append(mention)
    return found


__all__ = [
    "Form", "Quantity", "QuantityMention", "find_quantities", "mentions_within", "other_noun_class", "parse_quantity",
    "people_nouns", "person_nouns", "scan_quantities",
]  # fmt: skip
