"""The words of a Doc as plain lists: rules look at each word many times, and spaCy makes a new object for each look."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc


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
    # Each loop over a Doc makes its tokens anew, so they are made once.
    tokens = list(doc)
    forms = [token.text for token in tokens]
    starts = [token.idx for token in tokens]
    has_sentences = doc.has_annotation("SENT_START")
    opens = [bool(token.is_sent_start) for token in tokens] if has_sentences else _guess_openings(forms)
    return Words(
        text=doc.text,
        forms=forms,
        lowers=[form.lower() for form in forms],
        starts=starts,
        ends=[start + len(form) for start, form in zip(starts, forms, strict=True)],
        tags=[token.tag_ for token in tokens],
        opens=opens,
        heads=[token.head.i for token in tokens],
        deps=[token.dep_ for token in tokens],
    )


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
