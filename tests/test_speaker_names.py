"""The benchmark of speakers' names: when two names are the same, and what classes of speakers it asks for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from factx.facts import Article, Facts, Quote, Span, Speaker


def _load() -> ModuleType:
    path = Path(__file__).parent.parent / "benchmarks" / "speaker_names.py"
    spec = importlib.util.spec_from_file_location("speaker_names", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BENCHMARK = _load()


@pytest.mark.parametrize(
    ("gold", "found", "same"),
    [
        ("Eva Strand", "Eva Strand", True),
        ("Eva Strand", "Mrs. Eva Strand", True),
        ("Strand", "Eva Strand", True),
        ("Eva Strand", "Strand", False),
        ("Eva Strand", "Ali Strand", False),
        ("Strand", "Strand and Azimi", False),
        ("Strand and Azimi", "Eva Strand and Ali Azimi", True),
        ("The Norway Post newspaper", "Norway Post", True),
        ("U.N. Security Council", "the Security Council", True),
        ("Acme Holdings Inc.", "Acme Holdings", True),
        ("Acme Holdings", "Acme", False),
        ("Côte Rights Group", "Cote Rights", True),
        ("the aid group", "Doctors of Lund", False),
        ("Eva Strand", None, False),
        (None, "Eva Strand", False),
        (None, None, True),
    ],
)
def test_same_name(gold: str | None, found: str | None, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert BENCHMARK.same_name(gold, found) is same


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        ("He", "Eva Strand", "pronoun"),
        ("they", None, "pronoun"),
        ("Strand", "Eva Strand", "short form"),
        ("the aid group", "Doctors of Lund", "short form"),
        ("President Eva Strand", "Eva Strand", "full"),
        ("the ministry", "the ministry", "full"),
    ],
)
def test_classes(words: str, name: str | None, kind: str) -> None:
    assert BENCHMARK.classify(words, name) == kind


def test_a_passage_is_judged() -> None:
    text = "Eva Strand came. She said it is late."
    row = {"text": text, "quotes": [{"content": [[26, 36]], "speaker": [17, 20], "speaker_name": "Eva Strand"}]}
    part = Span(26, 36, text[26:36])
    found = Speaker("She", 17, 20, "Eva Strand", "e1")
    quote = Quote("indirect", part.text, 26, 36, (part,), None, found, False, 1.0, "test")
    article = Article(id="a", source="a", text=text)
    assert BENCHMARK.judge(row, Facts(article, quotes=(quote,)))[0][:2] == ("pronoun", "right")
    assert BENCHMARK.judge(row, Facts(article))[0][:2] == ("pronoun", "missed")
