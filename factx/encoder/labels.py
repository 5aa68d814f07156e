"""The label sets of the heads, in the order of the graph's output columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT")
KINDS = (
    "killed", "injured", "casualties", "missing", "kidnapped", "arrested", "charged", "convicted",
    "released", "rescued", "displaced", "sick", "crowd", "deployed",
)  # fmt: skip
STATUSES = ("asserted", "possible", "denied", "superseded")
TIMEX_TYPES = ("DATE", "TIME", "DURATION", "SET")
UPOS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT",
    "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip


def bioes(labels: Sequence[str]) -> list[str]:
    """List the tags of a BIOES column: "O" first, then B, I, E, S of each label.

    >>> bioes(["CUE"])
    ['O', 'B-CUE', 'I-CUE', 'E-CUE', 'S-CUE']
    """
    return ["O", *(f"{position}-{label}" for label in labels for position in "BIES")]
