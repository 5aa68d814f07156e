"""The pieces that numbers are read from: a text cut into words, numbers and marks, whatever a tokenizer would do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Container

Form = Literal["digits", "words", "vague", "none", "fraction", "single"]

# No statement about people goes beyond what live on Earth; longer rows of digits are codes and phone numbers.
MOST_PEOPLE = 20_000_000_000
DASHES = frozenset("-–—‑")
ORDINAL_WORDS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"})

_ATOM = re.compile(r"\d+(?:[.,'’]\d+)*|[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Core:
    """A number before its hedges: half-open atoms and what it stands for."""

    start: int
    end: int
    low: int
    high: int
    form: Form
    reach: int


@dataclass(frozen=True, slots=True)
class Atoms:
    """A text cut into words, numbers and marks."""

    text: str
    lows: list[str]
    starts: list[int]
    ends: list[int]

    def glued(self, index: int) -> bool:
        """Tell whether an atom follows the one before it without a gap."""
        return 0 < index < len(self.lows) and self.starts[index] == self.ends[index - 1]


def cut_atoms(text: str) -> Atoms:
    """Cut a text."""
    lows, starts, ends = [], [], []
    for match in _ATOM.finditer(text):
        lows.append(match.group().lower())
        starts.append(match.start())
        ends.append(match.end())
    return Atoms(text, lows, starts, ends)


def cut_words(text: str) -> list[str]:
    """Cut a phrase of a word list as texts are cut."""
    return _ATOM.findall(text)


def stands(atoms: Atoms, index: int, words: Container[str]) -> bool:
    """Tell whether one of some words stands at an atom."""
    return index < len(atoms.lows) and atoms.lows[index] in words


__all__ = ["DASHES", "MOST_PEOPLE", "ORDINAL_WORDS", "Atoms", "Core", "Form", "cut_atoms", "cut_words", "stands"]
