"""What of a Doc goes into the network, and what may not come out of it as a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.encoder.decode import LIST_MARKS, Floats
from factx.layout import is_wrapped

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Mail and web addresses hold names but are none.
_ADDRESS = re.compile(r"\S@\S|://|^www\.")


def read_words(doc: Doc) -> tuple[list[str], list[int], frozenset[int]]:
    """Read a Doc as the network does.

    A blank line always ends a paragraph. A single line end does so only where lines are paragraphs: in text wrapped at
    a fixed width it falls into sentences.

    Returns:
        The words without blanks, their token positions, and which of the words begin a paragraph.
    """
    words: list[str] = []
    places: list[int] = []
    single: list[int] = []
    double: list[int] = []
    pending = 0
    for token in doc:
        text = token.text
        if token.is_space:
            pending += text.count("\n")
            continue
        if pending:
            # A mark at the start of a line makes it an item of a list.
            (double if pending > 1 or text in LIST_MARKS else single).append(len(words))
            pending = 0
        words.append(text)
        places.append(token.i)
    breaks = set(double)
    if single and not is_wrapped(doc.text):
        breaks.update(single)
    return words, places, frozenset(breaks)


def without_addresses(doc: Doc, places: list[int], logits: Floats) -> Floats:
    """Let no mail or web address be part of a name, whatever the model says."""
    if not re.search(r"@|://|www\.", doc.text):
        return logits
    addresses = [row for row, place in enumerate(places) if _ADDRESS.search(doc[place].text)]
    result = logits.copy()
    result[addresses, 1:] = -1e4
    return result


__all__ = ["read_words", "without_addresses"]
