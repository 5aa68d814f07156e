"""Words to word pieces: what the encoder reads for each word.

The base model is uncased, so how a word was written is told by a second number, its casing, which goes in through the
token-type table. Training and run time both use this module, so they cannot drift apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tokenizers import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable

LOWER, TITLE, UPPER, DIGITS, MIXED, SPECIAL = range(6)
CASINGS = 6

# A word of more pieces than this keeps its first ones: only the first piece is pooled, and a URL of 60 pieces would
# push a whole sentence out of the window.
MAX_PIECES = 6

# Words remembered; an article has some 300 different ones, so this holds all common words and bounds memory. With
# 100,000 a worker grew by 1 kB an article, 8 % between article 2,000 and 20,000; this is full before the first 2,000.
CACHE_SIZE = 30_000


class Pieces(NamedTuple):
    """One word as the encoder reads it."""

    ids: tuple[int, ...]
    casing: int


def casing_of(word: str) -> int:
    """Tell how a word is written.

    >>> [casing_of(w) for w in ("said", "Kabul", "NATO", "5,000", "McCain", "-")]
    [0, 1, 2, 3, 4, 5]

    Args:
        word: One token, never empty.

    Returns:
        LOWER, TITLE, UPPER, DIGITS, MIXED or SPECIAL.
    """
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else TITLE
    if any(character.isdigit() for character in word):
        return DIGITS
    if not any(character.isalpha() for character in word):
        return SPECIAL
    return TITLE if word[0].isupper() and word[1:].islower() else MIXED


class WordPieces:
    """A word-piece tokenizer that remembers the words it has cut.

    Args:
        tokenizer_json: The content of a `tokenizer.json` of the tokenizers library.
    """

    def __init__(self, tokenizer_json: bytes) -> None:
        self._tokenizer = Tokenizer.from_buffer(tokenizer_json)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.start, self.end, self.unknown, self.mask = (
            int(self._tokenizer.token_to_id(token) or 0) for token in ("[CLS]", "[SEP]", "[UNK]", "[MASK]")
        )
        self._cache: dict[str, Pieces] = {}

    def cut(self, words: Iterable[str]) -> list[Pieces]:
        """Cut words into pieces; a word the table cannot spell is one unknown piece.

        Args:
            words: Tokens without blanks.

        Returns:
            One `Pieces` per word, with 1 to MAX_PIECES ids each.
        """
        words = list(words)
        cache = self._cache
        if len(cache) > CACHE_SIZE:
            cache.clear()
        new = list({word for word in words if word not in cache})
        # Only the head of a very long "word" can reach its first pieces.
        for word, encoding in zip(
            new, self._tokenizer.encode_batch([word[:100] for word in new], add_special_tokens=False), strict=True
        ):
            cache[word] = Pieces(tuple(encoding.ids[:MAX_PIECES]) or (self.unknown,), casing_of(word))
        return [cache[word] for word in words]
