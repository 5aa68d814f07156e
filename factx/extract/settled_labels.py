"""Settled labels: names that mean one thing wherever they stand, such as armed groups, continents, faiths and states.

Source: lexicon/settled_labels.csv, our own, after entities-guidelines.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from factx.facts import Label


@cache
def _table() -> dict[str, Label]:
    text = files("factx").joinpath("lexicon", "settled_labels.csv").read_text(encoding="utf-8")
    return {row["name"].lower(): cast("Label", row["label"]) for row in csv.DictReader(text.splitlines())}


def settled_label(name: str) -> Label | None:
    """Give the label that a name has wherever it stands; None if context must tell.

    >>> settled_label("Hezbollah"), settled_label("Islamic"), settled_label("Jordan")
    ('ORG', 'NORP', None)
    """
    return _table().get(name.lower())
