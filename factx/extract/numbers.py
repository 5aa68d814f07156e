"""Numbers: how many people a phrase stands for, with its hedges and bounds, in every dress that news gives them.

Numbers are read on the text itself, so that no tokenizer has a say in what "3,000-strong" or "10 000" is. The words
live in the lexicon: `count_number_words.csv`, `count_vague_numbers.csv`, `count_hedges.csv` and
`count_person_nouns.csv`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factx.extract.count_lexicon import (
    hedge_blockers,
    hedges,
    number_words,
    people_nouns,
    person_nouns,
    vague_phrases,
)
from factx.extract.number_atoms import DASHES, ORDINAL_WORDS, Atoms, Core, Form, cut_atoms, stands
from factx.extract.number_cores import read_core
from factx.extract.number_uses import use_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from factx.facts import Qualifier

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
_SPAN_WORDS = frozenset({"year", "years", "month", "months", "week", "weeks", "day", "days"})


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


def _match_before(atoms: Atoms, end: int, floor: int) -> tuple[int, Qualifier, bool] | None:
    """Find the longest hedge that ends right before an atom: where it starts, what it says, whether it is safe."""
    table = hedges("before")
    for length in range(min(5, end - floor), 0, -1):
        found = table.get(tuple(atoms.lows[end - length : end]))
        if found:
            return (end - length, *found)
    return None


def _widen_left(atoms: Atoms, core: Core, floor: int) -> tuple[int, Qualifier | None]:
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
            if not safe and (lows[at] in ("the", "these", "those") or (before, lows[first]) in hedge_blockers()):
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


def _widen_right(atoms: Atoms, core: Core) -> tuple[int, Qualifier | None]:
    """Take in what stands behind a number: "or more", "+", "or so"; also behind the one noun it counts."""
    table = hedges("after")
    for skip in (0, 1):
        at = core.end + skip
        if skip and (core.end >= len(atoms.lows) or not atoms.lows[core.end].isalpha()):
            break
        if at < len(atoms.lows) and atoms.lows[at] in DASHES and stands(atoms, at + 1, ("odd", "plus", "some")):
            return at + 2, "about" if atoms.lows[at + 1] != "plus" else "at_least"
        if not skip and stands(atoms, at, DASHES) and stands(atoms, at + 1, ("strong",)):
            return at + 2, None
        for length in (4, 3, 2, 1):
            found = table.get(tuple(atoms.lows[at : at + length]))
            if at + length > len(atoms.lows):
                continue
            if found and (found[1] or not skip or length > 1) and not (skip and length == 1):
                if atoms.lows[at] in ("plus", "odd") and not skip and stands(atoms, at + 1, ("a", "an", "the")):
                    continue
                if atoms.lows[at : at + 2] in (["at", "least"], ["at", "most"], ["and", "more"]) and not _closes(
                    atoms, at + length
                ):
                    continue
                return at + length, found[0]
    return core.end, None


def _closes(atoms: Atoms, index: int) -> bool:
    """Tell whether a phrase ends before an atom: "12 at least." but not "12, at least three of them"."""
    return index >= len(atoms.lows) or atoms.lows[index] in (".", ",", ";", ")", "!", "?", "were", "was", "have", "are")


def _bound(core: Core, qualifier: Qualifier | None) -> Quantity:
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


def _single_at(atoms: Atoms, i: int) -> Core | None:
    """Read a person told without a number: "a man", "another", "the gunman", "a fourth firefighter"."""
    lows = atoms.lows
    persons, people = person_nouns(), people_nouns()
    if lows[i] not in _DETERMINERS:
        return None
    last, old = None, False
    for k in range(i + 1, min(i + 12, len(lows))):
        low = lows[k]
        if low in DASHES and atoms.glued(k):
            continue
        if not low[0].isalpha() and not low[0].isdigit() and low not in ("'", "’", ".", '"'):
            break
        if (low[0].isdigit() or low in number_words()) and _is_age_compound(atoms, k):
            old = True
            continue
        if old and low in ("year", "month", "week", "day", "old"):
            last = k if low == "old" else last
            old = low != "old"
            continue
        if low[0].isdigit() or low in number_words():
            if k == i + 1 and low not in ORDINAL_WORDS and not (low == "one" and k > i + 1):
                return None
            if low not in ORDINAL_WORDS:
                break
            continue
        if low in _DETERMINERS or low in ("of", "in", "and", "was", "is", "who", "on", "at", "to", "for", "by", "from"):
            break
        if low in people and low not in persons and not stands(atoms, k + 1, persons):
            last = None
            break
        if low in persons:
            last = k
        elif last is not None:
            break
    if last is None:
        return Core(i, i + 1, 1, 1, "single", i + 1) if lows[i] == "another" else None
    return Core(i, last + 1, 1, 1, "single", last + 1)


def _is_age_compound(atoms: Atoms, k: int) -> bool:
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
    atoms = cut_atoms(text)
    lows, words = atoms.lows, number_words()
    vague_heads = {phrase[0] for phrase in vague_phrases()}
    starters = {"no", "none", "nobody", "noone", "nil", "not", "both", "half", "a", "an", "the", "couple", *vague_heads}
    mentions: list[QuantityMention] = []
    floor = i = 0
    while i < len(lows):
        low = lows[i]
        core = None
        if low[0].isdigit() or low in words or low in starters:
            core = read_core(atoms, i)
            if core and (core.form in ("words", "digits")) and _is_part_word(atoms, core):
                i = core.end
                continue
        if core is None and singles and low in _DETERMINERS:
            core = _single_at(atoms, i)
            if core and lows[i] == "another" and i + 1 < len(lows) and core.end == i + 1:
                further = read_core(atoms, i + 1)
                if further and further.form in ("digits", "words", "vague"):
                    core = None
        if core is None:
            i += 1
            continue
        mentions.append(_mention(atoms, core, floor))
        floor = i = max(core.reach, core.start + 1)
    return mentions


def _is_part_word(atoms: Atoms, core: Core) -> bool:
    """Tell whether a number is but the front of an ordinal or fraction: "twenty-first", "two-thirds", "one-third"."""
    lows = atoms.lows
    k = core.end + (stands(atoms, core.end, DASHES))
    if k >= len(lows):
        return False
    if lows[k] in ORDINAL_WORDS and (k > core.end or lows[core.start] != "one") and k > core.end:
        return True
    return number_words().get(lows[k], ("",))[0] == "fraction" and lows[core.start] != "no"


def _mention(atoms: Atoms, core: Core, floor: int) -> QuantityMention:
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
        use=use_of(atoms, core, before or after) if core.form != "single" else "",
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


__all__ = ["Quantity", "QuantityMention", "find_quantities", "mentions_within", "parse_quantity", "scan_quantities"]
