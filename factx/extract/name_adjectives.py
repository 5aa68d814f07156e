"""Names inside adjectives ("Syrian-backed", "anti-American") and adjectives of peoples that the encoder leaves out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.countries import is_country, is_demonym
from factx.extract.mentions import Mention, covered_tokens, make_mention
from factx.extract.name_borders import HYPHENS, PREFIXES, is_adjective_ending
from factx.extract.settled_labels import settled_label
from factx.titles import title_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.words import Words
    from factx.facts import Label

_DOTTED_ADJECTIVE = re.compile(r"((?:[A-Z]\.){2,})[-–‐‑][a-z]+")
# Rules find these without the encoder, so that they are a little less sure.
_SCORE = 0.8
# Behind these words an adjective may be a language: "spoken in French".
_LANGUAGE_VERBS = frozenset("in into speak speaks spoke spoken speaking learn learned translated from".split())
_LANGUAGE_NOUNS = frozenset("language languages subtitles translation version accent dialect word words".split())
# Expressions in which the adjective names no people.
_FIXED = frozenset(
    (("american", "football"), ("african", "swine"), ("african", "american"), ("spanish", "flu"), ("french", "fries"))
)
_NOUN_TAGS = frozenset(("", "NN", "NNS", "JJ"))
_ADJECTIVE_TAGS = frozenset(("", "JJ", "NNP", "NNPS", "NN"))


def find_adjectives(words: Words, found: list[Mention]) -> Iterator[Mention]:
    """Find names in hyphenated words, and adjectives of peoples, faiths and parties before common nouns.

    Args:
        words: The article's words.
        found: The mentions that are known; nothing in them is looked at.

    Yields:
        More mentions, in text order.

    Source: entities-guidelines, "A hyphenated adjective counts with its name part".
    """
    covered = covered_tokens(found)
    places = {mention.last for mention in found if mention.label == "GPE"}
    size = len(words.forms)
    for index, form in enumerate(words.forms):
        if index in covered or not any(c.isupper() for c in form):
            continue
        if "." in form and (match := _DOTTED_ADJECTIVE.fullmatch(form)) and is_country(match.group(1)):
            start = words.starts[index]
            yield Mention(start, start + match.end(1), match.group(1), "GPE", _SCORE, index, index + 1)
        elif (label := _label(form)) and (
            _is_hyphenated(words, index, size)
            or (label == "NORP" and _is_before_noun(words, index, size, covered))
            or (label == "NORP" and _is_adherent(words, index, size, places))
        ):
            yield make_mention(words, index, index + 1, label, _SCORE)


def _label(form: str) -> Label | None:
    """Tell what a single word names whatever its context."""
    if form.isupper() and len(form) > 4:
        return None
    if is_demonym(form) or settled_label(form) == "NORP":
        return "NORP"
    if is_country(form) and len(form) > 1:
        return "GPE"
    return "ORG" if settled_label(form) == "ORG" else None


def _is_hyphenated(words: Words, index: int, size: int) -> bool:
    """Tell whether a name stands in a word like "Syrian-backed" or "anti-Syrian"."""
    ahead = (
        index + 2 < size
        and words.forms[index + 1] in HYPHENS
        and words.ends[index] == words.starts[index + 1]
        and words.ends[index + 1] == words.starts[index + 2]
        and is_adjective_ending(words.forms[index + 2])
        and words.forms[index + 2] not in ("language", "speaking")
    )
    if ahead:
        return True
    return (
        index > 1
        and words.forms[index - 1] in HYPHENS
        and words.ends[index - 1] == words.starts[index]
        and words.lowers[index - 2] in PREFIXES
        and words.ends[index - 2] == words.starts[index - 1]
    )


def _is_before_noun(words: Words, index: int, size: int, covered: set[int]) -> bool:
    """Tell whether an adjective stands before a common noun and is no language and no part of a longer name."""
    if index + 1 >= size or words.tags[index] not in _ADJECTIVE_TAGS:
        return False
    following, after = words.forms[index + 1], words.lowers[index + 1]
    if not (following.isalpha() and following.islower()) or words.tags[index + 1] not in _NOUN_TAGS:
        return False
    if after in _LANGUAGE_NOUNS or (words.lowers[index], after) in _FIXED:
        return False
    before = index - 1
    if before < 0:
        return True
    if words.lowers[before] in _LANGUAGE_VERBS and not words.tags[index + 1].startswith("NN"):
        return False
    form = words.forms[before]
    named = form[0].isupper() and before not in covered and not words.opens[before] and title_kind(form) is None
    return form not in HYPHENS and form not in ("&", "/") and not named


def _is_adherent(words: Words, index: int, size: int, places: set[int]) -> bool:
    """Tell whether somebody is called a state's party member: "a Colorado Republican"."""
    alone = index + 1 >= size or not words.forms[index + 1][0].isupper()
    return alone and index in places and settled_label(words.forms[index]) == "NORP"
