"""Bodies told by their form: numbered units ("the 4th Infantry Division") and WHO, which may look like a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.extract.mentions import make_mention, touching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.mentions import Mention
    from factx.extract.words import Words

# What such a name is worth where the encoder found none.
_SCORE = 0.8
_UNIT = re.compile(
    r"\b\d{1,3}(?:st|nd|rd|th|d) (?:[A-Z][\w-]+ ){0,3}"
    r"(?:Army|Battalion|Brigade|Corps|Division|Fleet|Regiment|Squadron)\b|\bWHO\b"
)
# "WHO chief", "the WHO"; in a heading in capitals it is the pronoun.
_SMALL = re.compile(r"(?:'s|’s)? [a-z]")
_SMALL_BEFORE = re.compile(r"[a-z] $")


def find_units(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Find numbered units, and "WHO" among words in small letters, that no mention touches.

    Args:
        words: The article's words.
        mentions: Its mentions.

    Yields:
        An ORG for each, in text order.
    """
    for match in _UNIT.finditer(words.text):
        start, end = match.span()
        if match.group() == "WHO" and not (_SMALL.match(words.text, end) or _SMALL_BEFORE.search(words.text, 0, start)):
            continue
        if not touching(mentions, start, end):
            yield make_mention(words, words.token_at(start), words.token_at(end - 1) + 1, "ORG", _SCORE)
