"""Sentences and tokens of real news: abbreviations, datelines, lists, quotations, and marks without blanks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language

from factx.encoder.decode import steady_sentences
from factx.encoder.tokenizer import make_tokenizer

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_sentences(case: dict[str, Any], nlp: Language) -> None:
    text = case.get("text") or " ".join(case["sentences"])
    assert [sentence.text.strip() for sentence in nlp(text).sents] == case["sentences"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('said,"We go."', ["said", ",", '"', "We", "go", ".", '"']),
        ('said:"We', ["said", ":", '"', "We"]),
        ("“We”said", ["“", "We", "”", "said"]),
        ("it.”He", ["it", ".", "”", "He"]),
        ("(AP)—At least", ["(", "AP", ")", "—", "At", "least"]),
        ("Monday—the day", ["Monday", "—", "the", "day"]),
        ("--Jane", ["--", "Jane"]),
        ("~Ann", ["~", "Ann"]),
        ("powers -Norvia and", ["powers", "-", "Norvia", "and"]),
        ("person(s)", ["person", "(", "s", ")"]),
        # What must stay whole.
        ("Lt. Col. Reed", ["Lt.", "Col.", "Reed"]),
        ("-based", ["-based"]),
        ("Ann@ACME", ["Ann@ACME"]),
        ("U.S.-led", ["U.S.-led"]),
        ("don’t", ["do", "n’t"]),
        ("3.30pm", ["3.30pm"]),
        ("5,000 people", ["5,000", "people"]),
        ("https://relief.example.org/list.html", ["https://relief.example.org/list.html"]),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    tokens = make_tokenizer()(spacy.blank("en"))(text)
    assert [token.text for token in tokens] == words
    assert tokens.text == text


@pytest.mark.parametrize(
    ("text", "breaks", "model", "starts"),
    [
        ("Two died , police said", [], [0, 3], [0]),
        ("Two died , Police said", [], [0, 3], [0, 3]),  # a large letter may be a new sentence: the model decides
        ("“ Why ? ” she asked", [], [0, 4], [0]),
        ("“ Why ? ” She asked", [], [0, 4], [0, 4]),
        ("- Two died - One fled", [0, 3], [0, 1, 3, 4], [0, 3]),
        ("1 . Two died", [0], [0, 2], [0]),
        ("in the U.S. They left", [], [0], [0, 3]),
        ("in the U.S. Army today", [], [0], [0]),
        ("at 4 a.m. Nobody died", [], [0], [0, 3]),
        ("left . “ We stayed", [], [0, 2, 3], [0, 2]),
    ],
)
def test_what_is_no_question_of_likelihood(text: str, breaks: list[int], model: list[int], starts: list[int]) -> None:
    words = text.split()
    logits = np.full(len(words), -5, np.float32)
    logits[model] = 5
    steady = steady_sentences(words, logits, frozenset(breaks))
    assert np.flatnonzero(steady > 0).tolist() == starts
