"""Which country a town or province is in, where the text says so: "Fafi, Garissa, Kenya", "the Kazakh city Aktau"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.countries import country_code, is_listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from factx.extract.mentions import Mention
    from factx.extract.words import Words

    _Code = Callable[..., str | None]

_PLACE_NOUNS = frozenset(
    """city town village capital province region state district port suburb resort municipality governorate prefecture
    county island territory enclave settlement commune oblast township stronghold""".split()
)
_POSSESSIVES = frozenset(("'s", "’s", "'", "’"))
_LIST_WORDS = frozenset(("and", "or", "&"))
# "Fafi, Garissa, Kenya" has two places before the country; longer chains are lists.
_LONGEST_CHAIN = 3
# Adjectives between an owner and the place: "Russia's southern Belgorod region".
_MOST_BETWEEN = 3


def find_place_countries(
    words: Words, mentions: list[Mention], article_names: Collection[str]
) -> dict[tuple[int, int], str]:
    """Find the countries that the text gives its places.

    Args:
        words: The article's words.
        mentions: Its mentions, in text order.
        article_names: Folded names of the whole article, which settle what "Georgia" is.

    Returns:
        ISO 3166-1 alpha-2 code by first and last character of a mention that is no country itself.

    Source: contract, Entity.country; nothing is known of a place but what the article says beside it.
    """
    found: dict[tuple[int, int], str] = {}
    by_first = {mention.first: mention for mention in mentions}
    by_last = {mention.last: mention for mention in mentions}

    def code(mention: Mention | None, *labels: str) -> str | None:
        return country_code(mention.text, mention.label, article_names) if mention and mention.label in labels else None

    for mention in mentions:
        if mention.label != "GPE" or is_listed(mention.text):
            continue
        told = _country_behind(words, mention, by_first, code) or _country_before(words, mention, by_last, code)
        if told:
            found[mention.start, mention.end] = told
    return found


def _country_behind(words: Words, mention: Mention, by_first: dict[int, Mention], code: _Code) -> str | None:
    """Read "X, Kenya", "X, Y, Kenya" and "X, the capital of Kenya"."""
    place = mention
    for _ in range(_LONGEST_CHAIN):
        index = place.last
        if words.forms[index : index + 1] != [","]:
            return None
        following = by_first.get(index + 1)
        if following is None:
            return _country_of_capital(words, index + 1, by_first, code)
        if following.label != "GPE":
            return None
        if told := code(following, "GPE"):
            after = words.lowers[following.last : following.last + 1]
            return None if after and after[0] in _LIST_WORDS else told
        place = following
    return None


def _country_of_capital(words: Words, index: int, by_first: dict[int, Mention], code: _Code) -> str | None:
    rest = words.lowers[index : index + 5]
    for size in (3, 4):
        phrase = rest[:size]
        if len(phrase) == size and phrase[0] in ("the", "a") and phrase[-1] == "of" and phrase[-2] in _PLACE_NOUNS:
            return code(by_first.get(index + size), "GPE")
    return None


def _country_before(words: Words, mention: Mention, by_last: dict[int, Mention], code: _Code) -> str | None:
    """Read "the Kazakh city of X", "the Kazakh capital X" and "Russia's southern X region"."""
    index = mention.first
    noun = False
    if index > 1 and words.lowers[index - 1] == "of" and words.lowers[index - 2] in _PLACE_NOUNS:
        index, noun = index - 2, True
    elif index and words.lowers[index - 1] in _PLACE_NOUNS:
        index, noun = index - 1, True
    for _ in range(_MOST_BETWEEN):
        if index in by_last:
            return code(by_last[index], "NORP") if noun else None
        if index and words.lowers[index - 1] in _POSSESSIVES:
            return code(by_last.get(index - 1), "GPE")
        if index == 0 or not (
            words.forms[index - 1].islower() and words.tags[index - 1] in ("", "JJ", "NN", "VBN", "HYPH")
        ):
            return None
        index -= 1
    return None
