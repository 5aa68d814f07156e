"""The words of time: word list, hedges and named days from the lexicon, and one code letter for each category."""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import NamedTuple

OTHER = "."
# Categories that the tokenizer gives by shape; all others come from the word list.
SHAPES = (
    "n12", "n31", "n59", "n99", "year4", "num", "fraction", "ordinal_number", "decade", "clock", "iso", "numeric",
    "ampm", "quarter_code", "fiscal_code", "holiday", "dash", "comma", "stop", "slash", "oparen", "cparen", "mark",
    "currency", "percent", "break",
)  # fmt: skip
PUNCTUATION = {
    **dict.fromkeys("-‐‑‒–—−", "dash"),
    **dict.fromkeys("$€£¥₽₩₹", "currency"),
    **dict.fromkeys(";:!?\"“”)]…»«'’‘", "mark"),
    ",": "comma", ".": "stop", "/": "slash", "(": "oparen", ")": "cparen", "%": "percent",
}  # fmt: skip


class Word(NamedTuple):
    """What the word list knows of a word."""

    category: str
    value: str
    case: str


def read_lines(name: str) -> list[str]:
    """Lines of a file of the lexicon."""
    return (resources.files("factx") / "lexicon" / name).read_text("utf-8").splitlines()


@functools.cache
def lexicon() -> dict[str, Word]:
    """Words of time with category, value and the case they must have, from `date_words.csv`."""
    rows = csv.DictReader(read_lines("date_words.csv"))
    return {row["word"]: Word(row["category"], row["value"], row["case"]) for row in rows}


@functools.cache
def hedges() -> dict[str, str]:
    """Phrases that bound or blur an amount, with their TIMEX3 mod, from `date_hedges.csv`."""
    return {row["phrase"]: row["mod"] for row in csv.DictReader(read_lines("date_hedges.csv"))}


@functools.cache
def holiday_names() -> tuple[str, ...]:
    """Named days as they are written, the longest first."""
    rows = csv.DictReader(read_lines("date_holidays.csv"))
    return tuple(sorted({row["name"] for row in rows}, key=len, reverse=True))


@functools.cache
def holidays() -> dict[str, tuple[str, str]]:
    """Named days with the way to reckon them and its argument, from `date_holidays.csv`."""
    rows = csv.DictReader(read_lines("date_holidays.csv"))
    return {row["name"].lower(): (row["kind"], row["argument"]) for row in rows}


@functools.cache
def lunar_new_years() -> dict[int, str]:
    """First day of the Chinese year, by year, from `date_lunar_new_year.csv`."""
    return {int(row["day"][:4]): row["day"] for row in csv.DictReader(read_lines("date_lunar_new_year.csv"))}


@functools.cache
def national_days() -> dict[str, str]:
    """Independence days by a word that names the country or its people, from `date_national_days.csv`."""
    return {row["word"]: row["day"] for row in csv.DictReader(read_lines("date_national_days.csv"))}


@functools.cache
def event_days() -> dict[tuple[str, str], str]:
    """Days that events are called after, by month and day and the noun behind, from `date_event_days.csv`."""
    return {(row["month_day"], row["word"]): row["day"] for row in csv.DictReader(read_lines("date_event_days.csv"))}


@functools.cache
def category_codes() -> dict[str, str]:
    """The code letter of each category."""
    names = dict.fromkeys([*SHAPES, *(word.category for word in lexicon().values())])
    return {"other": OTHER} | {name: chr(0xE000 + number) for number, name in enumerate(names)}


@functools.cache
def code_names() -> dict[str, str]:
    """The category behind each code letter."""
    return {code: name for name, code in category_codes().items()}


@functools.cache
def word_codes() -> dict[str, str]:
    """Code letters by written form, for the spellings that text really has; other spellings are not words of time."""
    codes: dict[str, str] = {}
    for word, entry in lexicon().items():
        code = category_codes()[entry.category]
        codes[word.upper()] = code
        if entry.case != "upper":
            codes[word.capitalize()] = code
        if not entry.case:
            codes[word] = code
    return codes | {mark: category_codes()[name] for mark, name in PUNCTUATION.items()}


__all__ = [
    "OTHER", "PUNCTUATION", "SHAPES", "Word", "category_codes", "code_names", "event_days", "hedges", "holiday_names",
    "holidays", "lexicon", "lunar_new_years", "national_days", "read_lines", "word_codes",
]  # fmt: skip
