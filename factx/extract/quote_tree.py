"""The words of a Doc with the reach of every subtree: what the rules for quotes ask of syntax."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factx.extract.words import Words, read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class QuoteTree:
    """Words and dependency tree of a Doc; all numbers are tokens."""

    words: Words
    """The tokens as lists."""
    kids: list[Sequence[int]]
    """Children of each token, in order; all empty where nothing parsed the Doc."""
    left: list[int]
    """First token of each token's subtree."""
    right: list[int]
    """Token after the last of each token's subtree."""
    sentences: list[int]
    """For each token the first token of its sentence."""
    parsed: bool
    """Whether the Doc has a dependency tree."""
    tagged: bool
    """Whether the Doc has tags."""

    def is_verb(self, token: int) -> bool:
        """Tell whether a token is tagged as a verb, or could be one where there are no tags."""
        return self.words.tags[token].startswith("VB") if self.tagged else True

    def is_participle(self, token: int) -> bool:
        """Tell whether a token may be a past participle."""
        return self.words.tags[token] in ("VBN", "VBD") if self.tagged else self.words.lowers[token].endswith("ed")

    def is_reduced(self, token: int) -> bool:
        """Tell whether a verb is a participle that describes a noun ("the man accused of")."""
        return self.words.tags[token] == "VBN" and self.words.deps[token] in ("acl", "amod", "advcl")

    def ends_sentence(self, token: int) -> bool:
        """Tell whether a token is a final mark, not the full stop of an abbreviation ("(D-N.C.), said")."""
        forms = self.words.forms
        if forms[token] not in (".", "!", "?"):
            return False
        if token + 1 == len(forms):
            return True
        following = forms[token + 1][:1]
        return not (following in "),];:" or following.islower())

    def kids_with(self, token: int, *deps: str) -> list[int]:
        """Give the children with one of some relations, in order."""
        return [kid for kid in self.kids[token] if self.words.deps[kid] in deps]

    def displaced_subject(self, verb: int) -> int | None:
        """Give the subject that the tree hangs on what is said: "The roads are closed, [the mayor] told us"."""
        if self.kids_with(verb, "nsubj", "nsubj:pass"):
            return None
        for said in self.kids_with(verb, "ccomp"):
            for kid in self.kids_with(said, "nsubj", "nsubj:pass"):
                if said < kid < verb and "," in self.words.forms[self.left[kid] - 1 : self.left[kid] + 1]:
                    return kid
        return None

    def sentence_end(self, token: int) -> int:
        """Give the token after the last of a token's sentence."""
        first = self.sentences[token]
        end = token + 1
        while end < min(len(self.sentences), token + 400) and self.sentences[end] == first:
            end += 1
        return end


def read_tree(doc: Doc) -> QuoteTree:
    """Read words and tree of a Doc once."""
    words = read_words(doc)
    count = len(words.forms)
    parsed = any(words.deps)
    kids: list[Sequence[int]] = [()] * count
    left, right = list(range(count)), list(range(1, count + 1))
    if parsed:
        grown: dict[int, list[int]] = {}
        for token, head in enumerate(words.heads):
            if head != token:
                grown.setdefault(head, []).append(token)
        for head, tokens in grown.items():
            kids[head] = tokens
        # Leaves first: a token's reach is complete when all under it are done.
        order = _bottom_up(words.heads, kids)
        for token in order:
            head = words.heads[token]
            if head != token:
                left[head] = min(left[head], left[token])
                right[head] = max(right[head], right[token])
    sentences: list[int] = []
    first = 0
    for token, opens in enumerate(words.opens):
        if opens:
            first = token
        sentences.append(first)
    return QuoteTree(words, kids, left, right, sentences, parsed, any(words.tags))


def _bottom_up(heads: list[int], kids: list[Sequence[int]]) -> list[int]:
    order = [token for token, head in enumerate(heads) if head == token]
    for token in order:
        order.extend(kids[token])
    return order[::-1]
