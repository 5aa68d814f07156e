"""Read transcripts: each line is what the one named before its colon says."""

from __future__ import annotations

import re

from factx.extract.quotation_marks import find_paragraphs
from factx.extract.quote_reading import Reading, Statement

_TURN = re.compile(r"(Q|A|[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]*){0,4})(?:\.?:|\.)[ \t]+(?=\S)")
_QUESTION_ANSWER = frozenset("QA")


def attribute_turns(reading: Reading) -> None:
    """Read transcripts: lines that begin with "Q:", "A:" or a NAME in capitals and a colon, at least two of them."""
    words = reading.tree.words
    turns = []
    for start, end in find_paragraphs(words.text):
        match = _TURN.match(words.text, start, end)
        if match is not None and match.end() < end and words.text[match.end()] not in "\"“«'‘":
            turns.append((match, end))
    if len(turns) < 2 or len({match.group(1) for match, _ in turns}) < 2:
        return
    for match, end in turns:
        label = match.group(1)
        speaker = None
        if label not in _QUESTION_ANSWER:
            speaker = (words.token_at(match.start(1)), words.token_at(match.end(1) - 1) + 1)
        reading.loose.append(Statement(None, whole=(match.end(), end), speaker=speaker, rule="turn"))
