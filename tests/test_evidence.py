"""The sentence around a fact: where it begins and ends, and what of it is the fact."""

from __future__ import annotations

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from factx.evidence import cut_evidence, find_evidence, group_by_evidence

TEXT = "Azra Hill, 40, reported. Police said at least 27 people were killed. Mr. Ode was hurt. All is calm."


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ("at least 27 people", "Police said at least 27 people were killed."),
        # "Mr." ends no sentence.
        ("Ode", "Mr. Ode was hurt."),
        ("calm", "All is calm."),
        ("Azra Hill", "Azra Hill, 40, reported."),
    ],
)
def test_evidence_is_the_sentence(fact: str, sentence: str) -> None:
    start = TEXT.index(fact)
    first, last = find_evidence(TEXT, start, start + len(fact))
    assert TEXT[first:last] == sentence


def test_evidence_is_cut_in_a_text_without_sentences() -> None:
    text = "word " * 200 + "fact" + " word" * 200
    first, last = find_evidence(text, 1000, 1004)
    assert text[first:last].strip().startswith("word ")
    assert "fact" in text[first:last]
    assert last - first < 600


@given(strategies.hostile_text | strategies.news_text, st.integers(0, 400), st.integers(0, 400))
def test_evidence_holds_the_fact(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = find_evidence(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)


def test_a_cut_sentence_says_so_and_a_whole_one_does_not() -> None:
    text = "word " * 200 + "fact" + " word" * 200
    pieces = cut_evidence(text, [(1000, 1004)])
    assert (pieces[0].text, pieces[-1].text) == ("… ", " …")
    start = TEXT.index("27")
    assert [piece.text for piece in cut_evidence(TEXT, [(start, start + 2)])] == [
        "Police said at least ", "27", " people were killed.",
    ]  # fmt: skip


def test_parts_of_a_quote_are_marked_and_long_gaps_between_them_shortened() -> None:
    gap = " he said, " + "and so on " * 40
    text = f"“Stay,”{gap}“or go.”"
    start = text.index("or go")
    pieces = cut_evidence(text, [(1, 6), (start, start + 6)])
    assert [piece.text for piece in pieces if piece.is_fact] == ["Stay,", "or go."]
    assert " … " in [piece.text for piece in pieces]
    assert sum(len(piece.text) for piece in pieces) < 250


def test_facts_of_one_sentence_are_shown_together() -> None:
    hill, number, ode = (TEXT.index(words) for words in ("Azra", "27", "Ode"))
    killed = TEXT.index("killed")
    spans = [(ode, ode + 3), (number, number + 2), (killed, killed + 6), (hill, hill + 4), (number, number + 2)]
    assert group_by_evidence(TEXT, spans) == [
        [(hill, hill + 4)], [(number, number + 2), (killed, killed + 6)], [(ode, ode + 3)],
    ]  # fmt: skip
    assert cut_evidence(TEXT, []) == []


@given(strategies.facts())
def test_nothing_but_the_gaps_is_lost(facts: strategies.Facts) -> None:
    text = facts.article.text
    for quote in facts.quotes:
        spans = [(part.start, part.end) for part in quote.parts]
        shown = "".join(piece.text for piece in cut_evidence(text, spans) if piece.is_fact)
        assert all(text[start:end] in shown for start, end in spans)
