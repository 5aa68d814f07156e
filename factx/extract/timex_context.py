"""Neighbours of a match: the words and kinds of word that tell whether it is a time at all."""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factx.extract.timex_grammar import Reading

HALT = frozenset({"comma", "stop", "mark", "cparen", "break", "oparen", "dash"})
PREPOSITIONS = frozenset({
    "in", "on", "at", "by", "of", "from", "to", "until", "between", "preposition", "after", "before", "over",
    "hedge", "following",
})  # fmt: skip
BEFORE_TIME = PREPOSITIONS | {
    "since",
    "and",
    "or",
    "early",
    "edge",
    "last",
    "next",
    "this",
    "the",
    "dash",
    "oparen",
    "past",
}


@functools.cache
def _kinds() -> dict[str, frozenset[str]]:
    text = (resources.files("factx") / "lexicon" / "date_context.csv").read_text("utf-8")
    kinds: dict[str, set[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        kinds.setdefault(row["kind"], set()).add(row["word"])
    return {kind: frozenset(words) for kind, words in kinds.items()}


def context_words(kind: str) -> frozenset[str]:
    """Words of one kind from `date_context.csv`: event, counted, group, paper, nickname or length."""
    return _kinds()[kind]


def capital(reading: Reading, index: int) -> bool:
    """Whether a word begins with a capital."""
    return reading.scan.raw(index)[:1].isupper()


def opens_sentence(reading: Reading, index: int) -> bool:
    """Whether a word stands at the beginning of a sentence, a quotation or a line."""
    opened = reading.scan.word(index - 1) in {'"', "“", "?", "!", ":"}
    return opened or reading.scan.category(index - 1) in {"break", "stop"}


def phased(reading: Reading) -> bool:
    """Whether a word inside the match marks it as a time: "early", "the end of", "last"."""
    return reading.has("phase") or reading.has("edge") or reading.has("which")


def glued(reading: Reading, index: int) -> bool:
    """Whether no blank stands between a word and the one before."""
    starts, ends = reading.scan.starts, reading.scan.ends
    return 0 < index < len(starts) and starts[index] == ends[index - 1]


__all__ = ["BEFORE_TIME", "HALT", "PREPOSITIONS", "capital", "context_words", "glued", "opens_sentence", "phased"]
