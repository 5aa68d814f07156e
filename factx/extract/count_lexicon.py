"""The word lists that numbers and counts are read with: number words, hedges, and nouns for people and for things.

Each list is loaded once, when first asked for; `lexicon/README.md` names the columns.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from factx.extract.number_atoms import cut_words

if TYPE_CHECKING:
    from factx.facts import Qualifier


def _rows(name: str) -> list[dict[str, str]]:
    with (files("factx.lexicon") / name).open(encoding="utf8") as file:
        return list(csv.DictReader(file))


@cache
def number_words() -> dict[str, tuple[str, int]]:
    """Give the number words, lower case, with class and value. Source: lexicon/count_number_words.csv."""
    return {row["word"]: (row["class"], int(row["value"])) for row in _rows("count_number_words.csv")}


@cache
def vague_phrases() -> dict[tuple[str, ...], tuple[int, int]]:
    """Give the phrases for vague numbers as words, with their bounds. Source: lexicon/count_vague_numbers.csv."""
    return {
        tuple(row["phrase"].split()): (int(row["low"]), int(row["high"])) for row in _rows("count_vague_numbers.csv")
    }


@cache
def hedges(position: str) -> dict[tuple[str, ...], tuple[Qualifier, bool]]:
    """Phrases of a position as atoms, with what they say and whether they always hedge the number."""
    return {
        tuple(cut_words(row["phrase"])): (row["qualifier"], row["safe"] == "1")  # type: ignore[misc]
        for row in _rows("count_hedges.csv")
        if row["position"] == position
    }


@cache
def hedge_blockers() -> frozenset[tuple[str, str]]:
    """Give pairs of a word and a hedge behind it that hedges nothing. Source: lexicon/count_hedge_blockers.csv."""
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


@cache
def disease_words() -> frozenset[str]:
    """Words that tell of illness, lower case. Source: lexicon/count_diseases.csv."""
    return frozenset(row["word"] for row in _rows("count_diseases.csv"))


@cache
def other_verbs() -> frozenset[str]:
    """Forms of verbs that people undergo and that are no event of ours. Source: lexicon/count_other_verbs.csv."""
    return frozenset(row["form"] for row in _rows("count_other_verbs.csv"))


@cache
def captors() -> dict[str, str]:
    """Words for those who hold people, lower case, with their side: "outlaw" or "authority" (count_captors.csv)."""
    return {row["word"]: row["side"] for row in _rows("count_captors.csv")}


@cache
def forces() -> dict[str, str]:
    """Nouns for people who are sent: "force", "soldier" or "helper". Source: lexicon/count_forces.csv."""
    return {row["noun"]: row["class"] for row in _rows("count_forces.csv")}


__all__ = [
    "captors", "disease_words", "forces",
    "hedge_blockers", "hedges", "number_words", "other_noun_class", "other_nouns", "other_verbs",
    "people_nouns", "person_nouns", "vague_phrases",
]  # fmt: skip
