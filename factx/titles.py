"""What stands before a person's name: honorifics, offices, ranks and nouns of role, and what they say of gender.

Source: lexicon/titles.csv and lexicon/first_names.csv, both our own. First names that women and men bear are left out.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

MODIFIER = "modifier"
HONORIFIC = "honorific"
# Nouns of kinship: they tell who somebody is to another, and are no office.
_KIN = frozenset(
    """father mother son daughter brother sister husband wife widow widower uncle aunt nephew niece cousin grandfather
    grandmother grandson granddaughter boyfriend girlfriend fiance fiancee fiancé fiancée spouse parent child twin
    stepson stepdaughter stepfather stepmother half-brother half-sister brother-in-law sister-in-law son-in-law
    daughter-in-law father-in-law mother-in-law grandparent sibling partner""".split()
)
_GENDER_NOUNS = (("woman", "f"), ("women", "f"), ("man", "m"), ("men", "m"))


@cache
def _titles() -> dict[str, tuple[str, str]]:
    """Title in lower case -> kind and gender."""
    text = files("factx").joinpath("lexicon", "titles.csv").read_text(encoding="utf-8")
    return {row["title"]: (row["kind"], row["gender"]) for row in csv.DictReader(text.splitlines())}


@cache
def _first_names() -> dict[str, str]:
    text = files("factx").joinpath("lexicon", "first_names.csv").read_text(encoding="utf-8")
    return {row["name"].casefold(): row["gender"] for row in csv.DictReader(text.splitlines())}


def title_kind(word: str) -> str | None:
    """Tell what kind of title a word is.

    >>> title_kind("Gen."), title_kind("spokeswoman"), title_kind("former"), title_kind("table")
    ('rank', 'role', 'modifier', None)

    Args:
        word: One word, in any case, with or without its full stop.

    Returns:
        "honorific", "office", "rank", "role" or "modifier" ("former", "deputy"); None if it is no title.
    """
    found = _titles().get(word.lower().rstrip("."))
    return found[0] if found else None


def is_kin(word: str) -> bool:
    """Tell whether a word is a noun of kinship ("brother", "wife").

    >>> is_kin("Sister"), is_kin("minister")
    (True, False)
    """
    return word.lower() in _KIN


def is_role(word: str) -> bool:
    """Tell whether a word is the head noun of a role: an office, a rank or a noun like "spokesman"."""
    return title_kind(word) in ("office", "rank", "role")


def title_gender(word: str) -> str | None:
    """Tell the gender that a title says: "m", "f" or None.

    >>> title_gender("Mrs."), title_gender("spokesman"), title_gender("minister")
    ('f', 'm', None)
    """
    lower = word.lower().rstrip(".")
    found = _titles().get(lower)
    if found and found[1]:
        return found[1]
    return next((gender for ending, gender in _GENDER_NOUNS if lower.endswith(ending)), None)


def first_name_gender(name: str) -> str | None:
    """Tell the gender that a first name says: "m", "f" or None where it is unknown or both bear it.

    >>> first_name_gender("Kassym-Jomart"), first_name_gender("Angela"), first_name_gender("Robin")
    ('m', 'f', None)
    """
    return _first_names().get(name.casefold())
