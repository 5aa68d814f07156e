"""Guess which of a speaker's words are the name: without titles, before or behind a comma."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.titles import title_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

TokenRange = tuple[int, int]

_DETERMINERS = frozenset("the a an his her its their our my your this that one some several many two three".split())
_PARTICLES = frozenset("al bin ibn de da del della der den di dos du el la le van von ter ul ad".split())
_PRONOUNS = frozenset(
    "he she it they i we you who which that this these those one some others many him her them several both all "
    "another".split()
)


def find_name(words: Sequence[str]) -> TokenRange | None:
    """Guess which words of a speaker's phrase are the name, or the description where there is none.

    >>> find_name(["Foreign", "Minister", "Ana", "Lopez"]), find_name(["the", "mayor"]), find_name(["He"])
    ((2, 4), (0, 2), None)
    >>> find_name(["A", "spokesman", ",", "Chris", "Adu"])
    (3, 5)

    Args:
        words: The phrase's words in order.

    Returns:
        Half-open range in `words` without titles and, where an apposition names a person, only the name; None for a
        pronoun.
    """
    if len(words) == 1 and words[0].lower() in _PRONOUNS:
        return None
    pieces: list[TokenRange] = []
    start = 0
    for index, word in enumerate([*words, ","]):
        if word in (",", "–", "—", "-"):
            if start < index:
                pieces.append((start, index))
            start = index + 1
    if not pieces:
        return None
    if len(pieces) > 1:
        first, second = pieces[0], pieces[1]
        if _is_name(words, first) or _without_titles(words, first) != first:
            return _without_titles(words, first)
        described = words[first[1] - 1].islower() or words[first[0]].lower() in _DETERMINERS
        if described and len(pieces) == 2 and _is_name(words, second):
            if _ends_in_place(words, first) and not any(title_kind(word) for word in words[first[0] : first[1]]):
                return 0, len(words)
            return _without_titles(words, second)
        return 0, len(words)
    return _without_titles(words, pieces[0])


def _is_name(words: Sequence[str], piece: TokenRange) -> bool:
    """Tell whether all words of a piece are capitalized, or particles of names."""
    if words[piece[0]].lower() in _DETERMINERS:
        return False
    return all(word[:1].isupper() or word in _PARTICLES for word in words[piece[0] : piece[1]])


def _ends_in_place(words: Sequence[str], piece: TokenRange) -> bool:
    """Tell whether a piece ends with "in Alexandria": then a state or country follows the comma."""
    index = piece[1] - 1
    while index > piece[0] and words[index][:1].isupper():
        index -= 1
    return index < piece[1] - 1 and words[index].lower() in ("in", "at", "from", "near", "of")


def _without_titles(words: Sequence[str], piece: TokenRange) -> TokenRange:
    """Cut titles off the front of a name ("Foreign Minister [Ana Lopez]")."""
    start, end = piece
    if words[start].lower() in _DETERMINERS and not (end - start > 2 and _is_name(words, (end - 2, end))):
        return piece
    last_title = -1
    for index in range(start, end - 1):
        if words[index].lower() in ("of", "for", "in", "and", "from", "at", "on", "with", "to"):
            break
        if title_kind(words[index]) is not None:
            last_title = index
    rest = (last_title + 1, end)
    return rest if last_title >= 0 and _is_name(words, rest) else piece
