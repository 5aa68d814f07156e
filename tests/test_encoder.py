"""The encoder as a spaCy component: what it leaves on a Doc, and that it saves, loads and travels whole."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from factx.encoder.component import FactxEncoder
from factx.encoder.pieces import MAX_PIECES

ROOT = Path(__file__).resolve().parent.parent

TEXT = (
    "Police in Nairobi said on Friday that 12 people had been killed and 30 wounded.\n\n"
    "“We are looking for two suspects,” the minister, Jane Otieno, told reporters. She said they were armed."
)
GROUPS = {
    "factx_names", "factx_contents", "factx_cues", "factx_speakers", "factx_count_spans", "factx_date_spans",
}  # fmt: skip


def _annotation(doc: Doc) -> list[object]:
    tokens = [(t.text, t.tag_, t.pos_, t.dep_, t.head.i, t.is_sent_start, t.ent_type_) for t in doc]
    groups = {
        name: ([(s.start, s.end, s.label_) for s in group], dict(group.attrs)) for name, group in doc.spans.items()
    }
    return [tokens, groups]


def test_sets_syntax_names_and_roles(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert {"Nairobi", "Jane Otieno"} <= {ent.text for ent in doc.ents}
    assert [s.text for s in doc.spans["factx_count_spans"]][:1] == ["12 people"]
    assert set(doc.spans) >= GROUPS
    assert doc[0].dep_ == "nsubj"
    assert doc[0].head.text == "said"
    assert all(token.pos_ and token.tag_ and token.dep_ for token in doc)
    assert [s.text.strip() for s in doc.sents][1].startswith("“We are")


def test_every_sentence_is_one_tree(nlp: Language) -> None:
    doc = nlp(TEXT * 12)
    for sentence in doc.sents:
        assert sum(token.head.i == token.i for token in sentence) == 1
        assert all(sentence.start <= token.head.i < sentence.end for token in sentence)


def test_neighbours_do_not_change_an_article(nlp: Language) -> None:
    texts = [TEXT, "", "A man was arrested.", TEXT * 9, " \n\t "]
    alone = [_annotation(nlp(text)) for text in texts]
    assert [_annotation(doc) for doc in nlp.pipe(texts)] == alone
    assert [_annotation(doc) for doc in nlp.pipe(reversed(texts))] == alone[::-1]


def test_workers_agree_with_one_process(nlp: Language) -> None:
    texts = [TEXT, "A man was arrested."] * 2
    single = [_annotation(doc) for doc in nlp.pipe(texts)]
    assert [_annotation(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=1)] == single


def test_bytes_round_trips(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert _annotation(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == _annotation(doc)
    encoder = nlp.get_pipe("factx_encoder")
    copy = FactxEncoder(nlp.vocab).from_bytes(encoder.to_bytes())
    assert _annotation(copy(nlp.make_doc(TEXT))) == _annotation(encoder(nlp.make_doc(TEXT)))


def test_disk_round_trip(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pipeline")
    nlp.to_disk(folder)
    assert _annotation(spacy.load(folder)(TEXT)) == _annotation(nlp(TEXT))


def test_without_a_model_it_says_so() -> None:
    nlp = spacy.blank("en")
    encoder = FactxEncoder(nlp.vocab)
    with pytest.raises(ValueError, match="holds no model"):
        encoder(nlp.make_doc("Text."))


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n\n", "\u200b", "\ufffd", "a" * 5000, "😀" * 300, "“" * 200, "\u202e\x00\x1b[31m", "word " * 2000],
    ids=["empty", "blank", "lines", "zero width", "replacement", "long word", "emoji", "marks", "controls", "no stops"],
)
def test_odd_texts(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert set(doc.spans) >= GROUPS


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text(nlp: Language, text: str) -> None:
    doc = nlp(text)
    for group in doc.spans.values():
        for values in group.attrs.values():
            assert len(values) == len(group)
    assert doc.text == text


def test_single_line_ends_part_paragraphs_but_not_wrapped_lines(nlp: Language) -> None:
    headline = (
        "Floods hit the north\n"
        "The river rose by two metres overnight, the weather service said on Monday, and it will go on rising."
    )
    assert next(s.text.strip() for s in nlp(headline).sents) == "Floods hit the north"
    wrapped = (
        "The river rose by two metres overnight and\nflooded the town, the weather service said\n"
        "on Monday, and the rain goes on and on in\nthe north of the country until the weekend."
    )
    assert len(list(nlp(wrapped).sents)) == 1


def test_pieces_are_bounded(nlp: Language) -> None:
    pieces = nlp.get_pipe("factx_encoder")._pieces.cut(["https://" + "x1" * 400, "\u0301", "Kabul"])
    assert all(1 <= len(piece.ids) <= MAX_PIECES for piece in pieces)


@pytest.mark.parametrize("address", ["jane.otieno@ministry.example", "https://news.example/Kabul", "www.Reuters.example"])
def test_an_address_is_no_name(nlp: Language, address: str) -> None:
    doc = nlp(f"Write to {address} or to Jane Otieno in Nairobi.")
    assert [ent.text for ent in doc.ents if "." in ent.text] == []
    assert "Jane Otieno" in {ent.text for ent in doc.ents}


def test_threads_share_one_session(nlp: Language) -> None:
    encoder = nlp.get_pipe("factx_encoder")
    pieces = [encoder._pieces.cut(f"Police said {number} people were killed .".split()) for number in range(2, 40)]
    alone = [encoder._run(piece, encoder._pieces) for piece in pieces]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda piece: encoder._run(piece, encoder._pieces), pieces))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_a_processor_that_computes_otherwise_is_told_once(nlp: Language, caplog: pytest.LogCaptureFixture) -> None:
    encoder = FactxEncoder(nlp.vocab).from_bytes(nlp.get_pipe("factx_encoder").to_bytes())
    with caplog.at_level(logging.WARNING):
        encoder(nlp.make_doc("A man was arrested."))
    assert not caplog.records
    encoder.settings["probe"] = [[value + 3 for value in row] for row in encoder.settings["probe"]]
    encoder._session = None
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            encoder(nlp.make_doc("A man was arrested."))
    assert [record.levelname for record in caplog.records] == ["WARNING"]


# models/en_factx_news/scripts/probe.py wrote what the network of training, in fp32, says of the same words.
PROBES = json.loads((ROOT / "models/en_factx_news/metrics/probe.json").read_text())


@pytest.mark.parametrize("sample", sorted(PROBES))
def test_the_pipeline_agrees_with_the_training_code(nlp: Language, sample: str) -> None:
    encoder = nlp.get_pipe("factx_encoder")
    words = [t.text for t in nlp.make_doc((ROOT / f"samples/{sample}.txt").read_text("utf-8")) if not t.is_space]
    expected = PROBES[sample]
    rows = encoder._run(encoder._pieces.cut(words[: len(expected["upos"])]), encoder._pieces)
    for name, labels in expected.items():
        found = encoder._columns.take(rows, name).argmax(axis=1)
        assert (found == np.array(labels)).mean() >= 0.98, name
