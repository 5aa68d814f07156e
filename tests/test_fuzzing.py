"""A few seconds of the fuzzer; `python tests/fuzzing.py --minutes 30` is the long run."""

from __future__ import annotations

from pathlib import Path

from fuzzing import Fuzzer
from spacy.language import Language


def test_odd_inputs_break_nothing(nlp: Language, tmp_path: Path) -> None:
    fuzzer = Fuzzer(8, nlp, tmp_path)
    for _ in range(60):
        fuzzer.run_round()
    assert fuzzer.articles > 20
