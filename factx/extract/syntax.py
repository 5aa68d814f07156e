"""Syntax: short questions about a Universal Dependencies tree, for rules that look at every word many times.

`Tree` reads a Doc once into lists. It works on Docs without a parse too: every word is then its own root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factx.extract.words import read_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

_CLAUSE_RELATIONS = frozenset({"ROOT", "ccomp", "advcl", "advcl:relcl", "acl:relcl", "acl", "parataxis", "csubj"})
_MODIFIERS = frozenset(
    {"nummod", "det", "amod", "compound", "flat", "nmod:poss", "advmod", "nmod:npmod", "nmod:unmarked"}
)
# A noun phrase nests no deeper in real text; a broken tree must not make a rule walk it all.
_DEEPEST = 40
# A word with more than these is a broken tree, or a list as long as a telephone book.
_MOST_CHILDREN = 200


@dataclass(frozen=True, slots=True)
class Tree:
    """The words of a Doc with their tree; each list has one item for each token."""

    lowers: list[str]
    """The tokens in lower case."""
    tags: list[str]
    """Penn tags; empty where nothing tagged the Doc."""
    deps: list[str]
    """Relation to the head."""
    heads: list[int]
    """Index of the head; a root is its own."""
    children: list[list[int]]
    """Indexes of the words that hang on this one, in text order."""
    sentences: list[int]
    """Number of the sentence a token is in."""
    starts: list[int]
    """First character."""
    ends: list[int]
    """Character after the last."""
    bounds: list[tuple[int, int]]
    """For each sentence its tokens, half-open."""

    def __len__(self) -> int:
        return len(self.lowers)

    def kids(self, index: int, *relations: str) -> list[int]:
        """List the words that hang on a word by some relations; a type named alone stands for its subtypes too."""
        return [
            child
            for child in self.children[index]
            if self.deps[child] in relations or self.deps[child].split(":")[0] in relations
        ]

    def first_conjunct(self, index: int) -> int:
        """Follow a list ("A, B and C") to its first member, whose relation to the rest holds for all."""
        for _ in range(_DEEPEST):
            if self.deps[index] != "conj" or self.heads[index] == index:
                break
            index = self.heads[index]
        return index

    def ancestors(self, index: int) -> Iterator[int]:
        """Yield the heads above a word, nearest first."""
        for _ in range(_DEEPEST * 5):
            head = self.heads[index]
            if head == index:
                return
            yield head
            index = head

    def clause(self, index: int) -> int:
        """Give the word that heads the clause a word stands in: its verb, or the noun or adjective in its place."""
        if self.deps[index] in _CLAUSE_RELATIONS:
            return index
        for head in self.ancestors(index):
            if self.deps[head] in _CLAUSE_RELATIONS or (self.deps[head] == "conj" and self.tags[head].startswith("VB")):
                return head
            index = head
        return index

    def is_passive(self, verb: int) -> bool:
        """Tell whether a verb is passive by its subject or its auxiliary.

        A finite verb with an object is not, though its subject was taken for a passive's: "A soldier shot three men."
        """
        relations = {self.deps[child] for child in self.children[verb]}
        if relations & {"aux:pass", "obl:agent"}:
            return True
        active = "obj" in relations and self.tags[verb] in ("VBD", "VBZ", "VBP")
        return "nsubj:pass" in relations and not active

    def noun_phrase(self, index: int) -> tuple[int, int]:
        """Give the tokens of a noun's phrase, half-open, without clauses, lists, appositions and prepositions."""
        first, last = index, index
        todo = [index]
        for _ in range(_DEEPEST):
            if not todo:
                break
            word = todo.pop()
            for child in self.children[word]:
                if self.deps[child] in _MODIFIERS and abs(child - index) < _DEEPEST:
                    first, last = min(first, child), max(last, child)
                    todo.append(child)
        return first, last + 1

    def sentence_range(self, index: int) -> tuple[int, int]:
        """Give the tokens of the sentence a token is in, half-open."""
        return self.bounds[self.sentences[index]]


def read_tree(doc: Doc) -> Tree:
    """Read the tree of a Doc.

    Args:
        doc: Any Doc; without sentences it counts as one.
    """
    words = read_words(doc)
    children: list[list[int]] = [[] for _ in words.heads]
    for index, head in enumerate(words.heads):
        if head != index and len(children[head]) < _MOST_CHILDREN:
            children[head].append(index)
    has_sentences = doc.has_annotation("SENT_START")
    sentences, sentence = [], 0
    for index, opens in enumerate(words.opens):
        if has_sentences and index and opens:
            sentence += 1
        sentences.append(sentence)
    bounds: list[tuple[int, int]] = []
    for index, number in enumerate(sentences):
        if number == len(bounds):
            bounds.append((index, index + 1))
        else:
            bounds[number] = (bounds[number][0], index + 1)
    return Tree(
        lowers=words.lowers,
        tags=words.tags,
        deps=words.deps,
        heads=words.heads,
        children=children,
        sentences=sentences,
        starts=words.starts,
        ends=words.ends,
        bounds=bounds,
    )
