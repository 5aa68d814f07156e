"""Long texts: the stretches tile the text, and what is found in them is the facts of one article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from test_process import check

import factx
from factx import process, stretches
from factx.facts import Article, Date, Entity, Facts, Quote, Span, Speaker
from factx.stretches import JoinedFacts, cut_text

STORY = (
    "Police said on Friday that 12 people were killed in Kabul. “We heard two bangs,” said Mira Holt, a baker.\n\n"
    "The mayor, Jon Pell, told reporters that 30 others had been injured. Two men were arrested.\n\n"
)


@given(st.text("ab. \n”", max_size=80), st.integers(2, 20))
def test_stretches_tile_the_text(text: str, most: int) -> None:
    cuts = cut_text(text, most)
    assert "".join(text[start:end] for start, end in cuts) == text
    assert all(end - start <= most for start, end in cuts)
    assert len(cuts) <= 2 * len(text) // most + 2


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One two. Three\nfour. Five\n\nsix. Seven eight.", "One two. Three\nfour. Five\n\n"),
        ("One two three. Four\nfive. Six seven eight.", "One two three. Four\n"),
        ("One two three, “four.” Five six seven eight nine", "One two three, “four.” "),
        ("One two three four five six seven eight nine", "One two three four five six "),
        ("x" * 40, "x" * 30),
    ],
    ids=["empty line", "line end", "sentence", "blank", "nothing"],
)
def test_the_best_border_is_taken(text: str, first: str) -> None:
    start, end = cut_text(text, 30)[0]
    assert text[start:end] == first


def test_entities_of_one_name_become_one_and_references_follow() -> None:
    def find(name: str, other: str) -> Facts:
        entities = (
            Entity("e1", "PERSON", name, None, None, (Span(0, 3, "Ann"),), 0.5),
            Entity("e2", "GPE", other, None, "KZ", (Span(5, 8, "Oma"),), 0.9),
        )
        said = Span(10, 12, "no")
        speaker = Speaker("Ann", 0, 3, name, "e1")
        quote = Quote("direct", "no", 10, 12, (said,), None, speaker, nested=False, confidence=0.9, rule="marks")
        date = Date("May", 20, 23, "DATE", "XXXX-05", None, 0.9, "calendar")
        return Facts(Article("a", "a.txt", ""), entities, (), (date,), (quote,))

    joined = JoinedFacts()
    joined.add(find("Ann Lee", "Oma"), 0)
    joined.add(find("Ann Poe", "OMA"), 100)
    facts = joined.join(Article("a", "a.txt", "", warnings=("first",)), 2)
    assert [(entity.id, entity.name) for entity in facts.entities] == [
        ("e1", "Ann Lee"), ("e2", "Oma"), ("e3", "Ann Poe"),
    ]  # fmt: skip
    assert [mention.start for mention in facts.entities[1].mentions] == [5, 105]
    assert [quote.start for quote in facts.quotes] == [10, 110]
    assert facts.quotes[1].parts == (Span(110, 112, "no"),)
    assert [quote.speaker.entity for quote in facts.quotes if quote.speaker] == ["e1", "e3"]
    assert [date.start for date in facts.dates] == [20, 120]
    assert facts.article.warnings[0] == "first"
    assert "was read in 2 stretches" in facts.article.warnings[1]


def test_a_long_text_has_the_facts_of_its_stretches(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "MOST_CHARACTERS", 400)
    monkeypatch.setattr(process, "cut_text", lambda text: cut_text(text, 400))
    text = "KABUL, March 8, 2022 — " + STORY * 4 + "He said â€œno.â€\x9d " + STORY
    facts = factx.extract_facts(text, nlp=nlp)
    check(facts, text)
    assert (facts.article.published, facts.article.published_from) == ("2022-03-08", "dateline")
    assert {date.value for date in facts.dates if date.text == "Friday"} == {"2022-03-04"}
    assert sum(count.kind == "killed" and count.low == 12 for count in facts.counts) == 5
    assert [len(entity.mentions) for entity in facts.entities if entity.name == "Mira Holt"] == [5]
    assert [warning.split(" ")[0] for warning in facts.article.warnings] == ["the", "2"]
