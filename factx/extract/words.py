"""The words of a Doc as plain lists: rules look at each word many times, and spaCy makes a new object for each look."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, LENGTH, SENT_START, TAG

if TYPE_CHECKING:
    from spacy.strings import StringStore
    from spacy.tokens import Doc

DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())
# Penn tags of verbs that make a clause a statement.
FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a Doc, each list with one item for each token."""

    text: str
    """The whole text."""
    forms: list[str]
    """The tokens as written."""
    lowers: list[str]
    """The tokens in lower case."""
    starts: list[int]
    """First character."""
    ends: list[int]
    """Character after the last."""
    tags: list[str]
    """Penn tags; empty strings where nothing tagged the Doc."""
    opens: list[bool]
    """Whether the token begins a sentence."""
    heads: list[int]
    """Index of the head; the token's own index for a root and where nothing parsed the Doc."""
    deps: list[str]
    """Relation to the head; empty strings where nothing parsed the Doc."""

    def token_at(self, character: int) -> int:
        """Give the index of the token that holds a character, or of the last token before it (at least 0)."""
        return max(0, bisect_right(self.starts, character) - 1)


def read_words(doc: Doc) -> Words:
    """Read the tokens of a Doc once."""
    # Tokens are made anew at each look and look each name up in the string store; a table of numbers is far cheaper.
    text = doc.text
    table = doc.to_array([TAG, DEP, HEAD, SENT_START, IDX, LENGTH])
    strings = doc.vocab.strings
    tags, deps = (_name(column, strings) for column in table[:, :2].T.tolist())
    offsets, openings, first, lengths = table[:, 2:].T.astype(np.int64)
    starts, ends = first.tolist(), (first + lengths).tolist()
    forms = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return Words(
        text=text,
        forms=forms,
        lowers=[form.lower() for form in forms],
        starts=starts,
        ends=ends,
        tags=tags,
        opens=(openings == 1).tolist() if doc.has_annotation("SENT_START") else _guess_openings(forms),
        heads=(np.arange(len(forms)) + offsets).tolist(),
        deps=deps,
    )


def _name(keys: list[int], strings: StringStore) -> list[str]:
    """Look up keys of the string store, each once."""
    names = {key: strings[key] if key else "" for key in set(keys)}
    return [names[key] for key in keys]


def _guess_openings(forms: list[str]) -> list[bool]:
    """Guess where sentences begin in a Doc without any: at the start, after final marks and after line ends."""
    opens: list[bool] = []
    after_end = True
    for form in forms:
        if form.isspace():
            opens.append(False)
            after_end = after_end or "\n" in form
            continue
        opens.append(after_end)
        after_end = form in (".", "!", "?") or (after_end and not any(c.isalnum() for c in form))
    return opens
