"""Link: a table of passages with speakers marked in them, references of counts, and what holds for any text."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_text import NLP, read_marks
from spacy.tokens import Doc

from factx.extract.entities import find_entities
from factx.facts import Count, Quote, Ref, Span, Speaker
from factx.link import link_facts

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "speakers.jsonl").read_text("utf-8").splitlines()
]
TAGS = dict.fromkeys("said came met left spoke laughed".split(), "VBD")


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case['label']}" for number, case in enumerate(CASES)])
def test_speaker(case: dict[str, Any]) -> None:
    """Every speaker of the table means whom the row names, or nobody."""
    doc, quotes = read_marks(case["text"], TAGS, case["subjects"])
    linked = link_facts(doc, find_entities(doc), [], [], quotes)[3]
    assert [quote.speaker.name for quote in linked if quote.speaker] == case["expect"]


def make_count(text: str, source: str | None, place: str | None) -> Count:
    def refer(words: str | None) -> Ref | None:
        return None if words is None else Ref(words, text.index(words), text.index(words) + len(words))

    return Count(
        "killed", 5, 5, "exact", "five", text.index("five"), text.index("five") + 4, None, False, "asserted",
        None, refer(source), refer(place), None, 1.0, "test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "source", "place", "expect"),
    [
        ("[Kazakh|NORP] officials said five died in [Almaty|GPE].", "Kazakh officials", "Almaty", ("Kazakh", "Almaty")),
        ("The [Health Ministry|ORG] said five died.", "The Health Ministry", None, ("Health Ministry", None)),
        (
            "Minister [Eva Strand|PERSON] of [Chad|GPE] said five died.",
            "Minister Eva Strand of Chad",
            None,
            ("Eva Strand", None),
        ),
        ("Police said five died in the north.", "Police", "the north", (None, None)),
        ("Police in [Lund|GPE] said five died.", "Police in Lund", "Lund", ("Lund", "Lund")),
    ],
)
def test_references_of_counts(marked: str, source: str, place: str | None, expect: tuple[str | None, ...]) -> None:
    doc, _ = read_marks(marked)
    entities = find_entities(doc)
    names = {entity.id: entity.name for entity in entities}
    count = link_facts(doc, entities, [make_count(doc.text, source, place)], [], [])[1][0]
    assert count.source is not None
    assert names.get(count.source.entity or "") == expect[0]
    assert names.get((count.place.entity if count.place else "") or "") == expect[1]


def test_a_source_that_is_a_speaker_means_the_same() -> None:
    doc, quotes = read_marks("[Eva Strand|PERSON] came. {She} said five died.", TAGS, ["Eva"])
    entities = find_entities(doc)
    _, counts, _, linked = link_facts(doc, entities, [make_count(doc.text, "She", None)], [], quotes)
    assert linked[0].speaker is not None
    assert linked[0].speaker.entity == "e1"
    assert counts[0].source is not None
    assert counts[0].source.entity == "e1"


def test_i_is_whoever_is_quoted() -> None:
    """Who speaks of himself inside a quotation is its speaker, in whatever order they stand."""
    text = '"I said it is late," Eva Strand said. "I said so."'
    doc, _ = read_marks('"I said it is late," [Eva Strand|PERSON] said. "I said so."', TAGS)
    name = Speaker("Eva Strand", 21, 31, None, None)
    outer = Quote("direct", text[1:19], 1, 19, (Span(1, 19, text[1:19]),), None, name, False, 1.0, "test")
    inner = replace(
        outer, kind="indirect", start=8, parts=(Span(8, 19, text[8:19]),), speaker=Speaker("I", 1, 2, None, None)
    )
    alone = replace(inner, start=46, end=48, parts=(Span(46, 48, "so"),), speaker=Speaker("I", 39, 40, None, None))
    linked = link_facts(doc, find_entities(doc), [], [], [outer, inner, alone])[3]
    assert [quote.speaker and quote.speaker.name for quote in linked] == ["Eva Strand", "Eva Strand", None]


def test_he_is_not_whoever_is_quoted() -> None:
    """In somebody's own words "he" is another; where they are told without marks, it may be the speaker."""
    marked = '[Ali Azimi|PERSON] said: "I asked and he said no."'
    text = 'Ali Azimi said: "I asked and he said no."'
    for kind, name in (("direct", None), ("indirect", "Ali Azimi")):
        doc, _ = read_marks(marked, TAGS, ["Ali"])
        azimi = Speaker("Ali Azimi", 0, 9, None, None)
        part = Span(17, 40, text[17:40])
        outer = Quote(kind, part.text, 17, 40, (part,), None, azimi, False, 1.0, "test")  # type: ignore[arg-type]
        he = Speaker("he", 29, 31, None, None)
        inner = replace(outer, start=37, end=39, parts=(Span(37, 39, "no"),), speaker=he, nested=True)
        linked = link_facts(doc, find_entities(doc), [], [], [outer, inner])[3]
        assert [quote.speaker and quote.speaker.name for quote in linked] == ["Ali Azimi", name]


def test_a_phrase_with_its_name_behind_it() -> None:
    """The phrase before a name between commas is that person, and no second one."""
    doc, quotes = read_marks(
        "The head of Lund , [Ali Azimi|PERSON], came. {The head} said it is late.", {**TAGS, "Lund": "NNP"}, ["head"]
    )
    linked = link_facts(doc, find_entities(doc), [], [], quotes)[3]
    assert [quote.speaker and quote.speaker.name for quote in linked] == ["Ali Azimi"]


def test_the_subject_whose_clause_holds_a_pronoun() -> None:
    """Whoever denied what "it" called lies is meant, not the subject of the clause around."""
    doc = Doc(
        NLP.vocab,
        words="The Union spoke after the Bank denied what it called lies .".split(),
        heads=[1, 2, 2, 6, 5, 6, 2, 9, 9, 6, 9, 2],
        deps="det nsubj ROOT mark det nsubj advcl obj nsubj ccomp obj punct".split(),
        ents="O B-ORG O O O B-ORG O O O O O O".split(),
    )
    it = doc[8]
    part = Span(doc[10].idx, doc[10].idx + 4, "lies")
    speaker = Speaker("it", it.idx, it.idx + 2, None, None)
    quote = Quote("indirect", "lies", part.start, part.end, (part,), None, speaker, False, 1.0, "test")
    linked = link_facts(doc, find_entities(doc), [], [], [quote])[3]
    assert [found.speaker and found.speaker.name for found in linked] == ["Bank"]


def test_quotes_without_speakers_stay_as_they_are() -> None:
    doc, quotes = read_marks("{Witnesses} said it rains.", TAGS)
    silent = [replace(quotes[0], speaker=None)]
    assert link_facts(doc, [], [], [], silent)[3] == silent


WORDS = """Eva Strand he She it They the minister The prime president said of in , and Kazakh officials 's who
    ministry group""".split()


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from([*WORDS, ".", "\n\n", "[Ali Azimi|PERSON]", "[Norway|GPE]", "[Red Cross|ORG]"]), max_size=40
    ),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 20)), max_size=6),
)
def test_any_speakers_in_any_text(words: list[str], places: list[tuple[int, int]]) -> None:
    """Nothing raises, the order stays, names are null or hold something, and entities exist."""
    doc, _ = read_marks(" ".join(words))
    text = doc.text
    quotes = []
    for start, size in places:
        end = min(len(text), start + size)
        start = min(start, end)  # noqa: PLW2901 - cut to the text
        speaker = Speaker(text[start:end], start, end, None, None)
        part = Span(start, end, text[start:end])
        quotes.append(Quote("indirect", part.text, start, end, (part,), None, speaker, False, 1.0, "test"))
    entities = find_entities(doc)
    linked = link_facts(doc, entities, [], [], quotes)[3]
    ids = {entity.id for entity in entities}
    assert [(quote.start, quote.end) for quote in linked] == [(quote.start, quote.end) for quote in quotes]
    for quote in linked:
        assert quote.speaker is not None
        assert quote.speaker.name is None or quote.speaker.name.strip()
        assert quote.speaker.entity is None or quote.speaker.entity in ids


def test_a_long_text_takes_time_by_its_length() -> None:
    """Ten times the speakers take about ten times as long, not a hundred."""
    taken = []
    for size in (200, 2000):
        words = [word for number in range(size) for word in f"Eva Strand{number} came . She said so .".split()]
        doc = Doc(NLP.vocab, words=words, ents="B-PERSON I-PERSON O O O O O O".split() * size)
        quotes = []
        for token in list(doc)[4::8]:
            speaker = Speaker(token.text, token.idx, token.idx + 3, None, None)
            part = Span(token.idx + 9, token.idx + 11, "so")
            quotes.append(Quote("indirect", "so", part.start, part.end, (part,), None, speaker, False, 1.0, "test"))
        entities = find_entities(doc)
        begin = time.perf_counter()
        link_facts(doc, entities, [], [], quotes)
        taken.append(time.perf_counter() - begin)
    assert taken[1] < 30 * taken[0] + 1


def test_empty_text() -> None:
    assert link_facts(NLP(""), [], [], [], []) == ([], [], [], [])
