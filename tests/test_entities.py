"""Entities: tables of sentences with names marked in them, of countries and peoples, and what holds for any text."""

from __future__ import annotations

import csv
import itertools
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_text import NLP, read_marks
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import filter_spans

from factx.countries import country_code, fold_name
from factx.extract.entities import find_entities
from factx.extract.mentions import LABELS
from factx.facts import Entity
from factx.titles import first_name_gender, title_gender, title_kind


def read_cases(name: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / "cases" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


CASES = read_cases("entities.jsonl")
COUNTRIES = read_cases("countries.jsonl")


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case['label']}" for number, case in enumerate(CASES)])
def test_case(case: dict[str, Any]) -> None:
    """Every sentence of the table gives the entities that stand beside it: label, name, role, country, mentions."""
    doc, _ = read_marks(case["text"], case["tags"])
    found = [
        [entity.label, entity.name, entity.role, entity.country, [span.text for span in entity.mentions]]
        for entity in find_entities(doc)
    ]
    assert found == case["expect"]


@pytest.mark.parametrize("case", COUNTRIES, ids=[f"{case['kind']}-{case['name']}" for case in COUNTRIES])
def test_country(case: dict[str, Any]) -> None:
    assert country_code(case["name"], case["kind"], case["names"]) == case["code"]


def test_every_country_has_a_name_and_no_name_two_countries() -> None:
    """A name stands in one row of the table alone, so that look-up never depends on the order of rows."""
    for table, column in (("countries.csv", "name"), ("demonyms.csv", "demonym")):
        with (Path(__file__).parent.parent / "factx" / "lexicon" / table).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        codes: dict[str, set[str]] = {}
        for row in rows:
            codes.setdefault(fold_name(row[column]), set()).add(row["code"])
        assert [name for name, found in codes.items() if len(found) > 1] == []
        assert all(row["code"] == "" or (len(row["code"]) == 2 and row["code"].isupper()) for row in rows)


@pytest.mark.parametrize(
    ("word", "kind", "gender"),
    [
        ("Mr.", "honorific", "m"),
        ("Mrs", "honorific", "f"),
        ("Gen.", "rank", None),
        ("president", "office", None),
        ("Queen", "office", "f"),
        ("chief", "office", None),
        ("spokeswoman", "role", "f"),
        ("former", "modifier", None),
        ("congresswoman", "office", "f"),
        ("table", None, None),
        ("", None, None),
    ],
)
def test_titles(word: str, kind: str | None, gender: str | None) -> None:
    assert (title_kind(word), title_gender(word)) == (kind, gender)


@pytest.mark.parametrize(("name", "gender"), [("Angela", "f"), ("VLADIMIR", "m"), ("Robin", None), ("Xqz", None)])
def test_first_names(name: str, gender: str | None) -> None:
    assert first_name_gender(name) == gender


def test_doc_without_the_encoder_has_no_entities() -> None:
    assert find_entities(NLP("Nobody named anything here.")) == []


def test_other_labels_are_left_out() -> None:
    doc = NLP("He paid 5 dollars on Monday.")
    doc.ents = [Span(doc, 2, 4, "MONEY"), Span(doc, 5, 6, "DATE")]
    assert find_entities(doc) == []


def test_confidence_is_the_mean_of_the_scores() -> None:
    doc, _ = read_marks("[Eva Strand|PERSON:0.9] spoke. [Strand|PERSON:0.7] left.")
    assert find_entities(doc)[0].confidence == pytest.approx(0.8)


@st.composite
def docs(draw: st.DrawFn) -> Doc:
    """Draw a Doc of odd words with names anywhere."""
    names = (
        "Eva Strand President Mr. U.S.-led U.S. Kazakh Korea South the The ( ) , . ' ’s - – of and CSTO WHO II said led"
    )
    words = draw(
        st.lists(
            st.sampled_from([*names.split(), "\n\n", "\n", "é", "ß", "İ", "𝔘", "a\u0301"]) | st.text(), max_size=40
        )
    )
    doc = Doc(NLP.vocab, words=[word for word in words if word], spaces=None)
    borders = st.tuples(st.integers(0, len(doc)), st.integers(0, 6), st.sampled_from(sorted(LABELS)))
    spans = [
        Span(doc, start, min(len(doc), start + size), label)
        for start, size, label in draw(st.lists(borders, max_size=12))
        if size and start < len(doc)
    ]
    doc.ents = filter_spans(spans)
    if draw(st.booleans()):
        group = SpanGroup(doc, name="factx_names", spans=list(doc.ents))
        group.attrs["scores"] = draw(st.lists(st.floats(0, 1), max_size=len(doc.ents)))
        doc.spans["factx_names"] = group
    return doc


def check(doc: Doc, entities: list[Entity]) -> None:
    spans = [(span.start, span.end) for entity in entities for span in entity.mentions]
    assert len(spans) == len(set(spans))
    text = doc.text
    assert all(text[span.start : span.end] == span.text for entity in entities for span in entity.mentions)
    ordered = sorted(spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(ordered))
    assert [entity.id for entity in entities] == [f"e{number}" for number in range(1, len(entities) + 1)]
    firsts = [entity.mentions[0].start for entity in entities]
    assert firsts == sorted(firsts)
    assert all(0 <= entity.confidence <= 1 and entity.name and entity.label in LABELS for entity in entities)
    assert all(entity.role is None or entity.label == "PERSON" for entity in entities)


@settings(deadline=None, max_examples=150)
@given(docs())
def test_any_names_in_any_text(doc: Doc) -> None:
    """Offsets slice to their text, every mention belongs to one entity, none overlaps another, ids count up."""
    check(doc, find_entities(doc))


def test_a_long_text_takes_time_by_its_length() -> None:
    """Ten times the names take about ten times as long, not a hundred."""
    taken = []
    for size in (300, 3000):
        words = [
            word
            for number in range(size)
            for word in f"President Eva{number} Strand{number % 97} met the Bank of Town{number} .".split()
        ]
        labels = "O B-PERSON I-PERSON O O B-ORG I-ORG I-ORG O".split()
        doc = Doc(NLP.vocab, words=words, ents=labels * size)
        begin = time.perf_counter()
        entities = find_entities(doc)
        taken.append(time.perf_counter() - begin)
        check(doc, entities)
    assert taken[1] < 30 * taken[0] + 1
