"""Mending: what cannot have been meant is read as what it was, and facts come back with the input's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from factx.facts import Article, Date, Entity, Facts, Quote, Span, Speaker
from factx.mend import mend_text, restore_facts


def mend(text: str) -> str:
    mended = mend_text(text)
    return text if mended is None else mended.text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", ["He said: “No – it’s ‘over’…”", "Zoë Núñez of Österreich paid £5, or €6", "Flood 🌊 hits"]
)
def test_utf8_read_as_another_encoding(text: str, encoding: str) -> None:
    data = text.encode()
    # Windows leaves five bytes open; readers pass them through as controls.
    broken = "".join(
        sign if (sign := bytes([byte]).decode(encoding, "replace")) != "\ufffd" else chr(byte) for byte in data
    )
    assert broken != text
    assert mend(broken) == text


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        # The end of a closing mark is lost, or became another sign.
        ("â€œStop,â€ he said.", "“Stop,” he said."),
        ("â€œStop,â€\ufffd he said.", "“Stop,” he said."),
        ("â€œStop,â€? he said.", "“Stop,” he said."),
        # All but the first sign is lost.
        ("He said: âStop now.â\n", "He said: “Stop now.”\n"),
        # Windows bytes read as Latin-1.
        ("\x93It\x92s over,\x94 he said \x96 twice\x85", "“It’s over,” he said – twice…"),
        ("&quot;It&#8217;s over&quot; at Smith &amp; Co.", '"It’s over" at Smith & Co.'),
        # A code unit that no encoding can hold.
        ("a \ud83d b", "a \ufffd b"),
        # Invisible signs in names.
        ("Toka\xadyev met \u200bPutin", "Tokayev met Putin"),
    ],
)
def test_other_damage(broken: str, whole: str) -> None:
    assert mend(broken) == whole


@pytest.mark.parametrize(
    "text",
    [
        "Police said 12 people died.",
        "“Ça va,” said Âge Müller of São João – in the CAFÉ” he liked…",
        "The âme of Île-de-France, château and Ângela",
        "AT&T; R&D; fish & chips; a&b=c",
        "",
    ],
)
def test_what_is_whole_is_left_alone(text: str) -> None:
    assert mend_text(text) is None


def test_facts_come_back_in_the_words_of_the_input() -> None:
    text = "In Jan\xaduary, ZoÃ« Lee said: âHelp &amp; hope,â€ and left."
    mended = mend_text(text)
    assert mended is not None
    copy = mended.text
    assert copy == "In January, Zoë Lee said: “Help & hope,” and left."

    def find(words: str) -> dict[str, Any]:
        start = copy.index(words)
        return {"text": words, "start": start, "end": start + len(words)}

    facts = Facts(
        Article("a", "a.txt", copy, warnings=("w",)),
        (Entity("e1", "PERSON", "Zoë Lee", None, None, (Span(**find("Zoë Lee")),), 0.9),),
        (),
        (Date(**find("January"), type="DATE", value="2022-01", mod=None, confidence=0.9, rule="r"),),
        (
            Quote(
                "direct", **find("Help & hope,"), parts=(Span(**find("Help &")), Span(**find("hope,"))), cue=None,
                speaker=Speaker(**find("Zoë Lee"), name="Zoë Lee", entity="e1"), nested=False, confidence=0.9, rule="r",
            ),
        ),
    )  # fmt: skip
    restored = restore_facts(facts, text, mended)
    assert restored.article.text == text
    assert restored.article.warnings == ("w", "4 broken signs were mended for reading; the text is kept as it is")
    assert restored.dates[0].text == "Jan\xaduary"
    assert restored.entities[0].name == "Zoë Lee"
    assert restored.entities[0].mentions[0].text == "ZoÃ« Lee"
    (quote,) = restored.quotes
    assert quote.text == "Help &amp; hope,"
    assert quote.speaker is not None
    assert quote.speaker.text == "ZoÃ« Lee"
    for fact in (*restored.dates, *restored.entities[0].mentions, *quote.parts, quote.speaker):
        assert text[fact.start : fact.end] == fact.text


@pytest.mark.parametrize(
    ("text", "read", "warning"),
    [
        (
            "A " + "x" * 1_001 + " died.",
            "A \ufffd died.",
            "1 word of more than 1,000 characters passed over; are they data?",
        ),
        ("x" * 10_000_000, "\ufffd", "1 word of more"),
        (("“" * 2_000 + "\n") * 3, "\ufffd\n" * 3, "3 words of more"),
    ],
    ids=["in a sentence", "10 MB", "marks"],
)
def test_words_too_long_to_be_meant_are_passed_over(text: str, read: str, warning: str) -> None:
    mended = mend_text(text)
    assert mended is not None
    assert mended.text == read
    (told,) = restore_facts(Facts(Article("a", "a.txt", read)), text, mended).article.warnings
    assert told.startswith(warning)


@pytest.mark.parametrize("text", ["x" * 1_000, "http://a.example/" + "b/" * 400, ("x" * 999 + " ") * 50])
def test_long_words_that_may_be_meant_are_read(text: str) -> None:
    assert mend_text(text) is None


@given(strategies.hostile_text | strategies.broken_text, st.data())
def test_any_stretch_comes_back(text: str, data: st.DataObject) -> None:
    mended = mend_text(text)
    if mended is None or not mended.text:
        return
    start = data.draw(st.integers(0, len(mended.text) - 1))
    end = data.draw(st.integers(start + 1, len(mended.text)))
    first, last = mended.find_start(start), mended.find_end(end)
    assert 0 <= first < last <= len(text)
    # What came back mends to what was found.
    assert mend_text(mended.text) is None or mended.text != text
    around = text[:first], text[first:last], text[last:]
    assert "".join(around) == text
    fact = Date(mended.text[start:end], start, end, "DATE", "XXXX", None, 0.5, "r")
    facts = Facts(Article("a", "a.txt", mended.text), dates=(fact,))
    (restored,) = restore_facts(facts, text, mended).dates
    assert restored == replace(fact, start=first, end=last, text=text[first:last])
