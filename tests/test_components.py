"""The spaCy components: registered as entry points, plain values on the Doc, the same facts as the library gives."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import entry_points

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import factx
from factx.parse import pipeline_path
from factx.select import FACT_KINDS

TEXT = "The minister said on Friday that 12 people were killed in Nairobi. Two suspects were arrested."


@pytest.fixture(scope="module")
def extended() -> Language:
    nlp = spacy.load(pipeline_path())
    for kind in FACT_KINDS:
        nlp.add_pipe(f"factx_{kind}")
    return nlp


def test_factories_are_entry_points() -> None:
    names = {point.name for point in entry_points(group="spacy_factories")}
    assert names >= {"factx_encoder", *(f"factx_{kind}" for kind in FACT_KINDS)}


def test_components_give_the_facts_of_the_library(extended: Language) -> None:
    doc = extended(TEXT)
    facts = factx.extract_facts(TEXT)
    for kind in FACT_KINDS:
        assert doc._.get(f"factx_{kind}") == [asdict(fact) for fact in getattr(facts, kind)]
    assert doc._.facts.counts == facts.counts


def test_values_survive_bytes_and_processes(extended: Language) -> None:
    values = extended(TEXT)._.factx_counts
    assert [count["kind"] for count in values] == ["killed", "arrested"]
    doc = Doc(extended.vocab).from_bytes(extended(TEXT).to_bytes())
    assert [count["text"] for count in doc._.factx_counts] == [count["text"] for count in values]
    texts = [TEXT, "A man was arrested."]
    kinds = [[c["kind"] for c in doc._.factx_counts] for doc in extended.pipe(texts, n_process=2, batch_size=1)]
    assert kinds == [["killed", "arrested"], ["arrested"]]


def test_publication_day_of_a_doc(nlp: Language) -> None:
    doc = nlp(TEXT)
    doc._.published = "2022-01-10"
    assert [date.value for date in doc._.facts.dates] == ["2022-01-07"]
