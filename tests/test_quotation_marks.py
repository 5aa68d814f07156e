"""Pairing of quotation marks: every kind, nested, broken; any text whatever."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factx.extract.quotation_marks import find_paragraphs, find_quotation_marks
from factx.layout import is_wrapped

marked_text = st.lists(
    st.sampled_from(
        [
            *"\"“”„'‘’«»‹›`â\ufffd\x93\x94.,!?:;—()\n\t ",
            "â€œ",
            "â€\x9d",
            "''",
            "\n\n",
            "We go",
            " he said",
            "workers' ",
            "6'2\"",
            "'90s",
            "It's ",
            " said: ",
        ]
    ),
    max_size=40,
).map("".join)

# Text, and the inner text of its stretches with their levels.
PAIRS = [
    ('"Go," he said. "Go now!"', [("Go,", 0), ("Go now!", 0)]),
    ("“He told me ‘no’ twice,” she said.", [("He told me ‘no’ twice,", 0), ("no", 1)]),
    ('"He said "no" to me," she said.', [('He said "no" to me,', 0), ("no", 1)]),
    ("'Yes,' he said. 'I \"really\" go.'", [("Yes,", 0), ('I "really" go.', 0), ("really", 1)]),
    ("«Nous» et « deux »", [("Nous", 0), ("deux", 0)]),
    ("»Wir« und „ihr“", [("Wir", 0), ("ihr", 0)]),
    ("â€œWe goâ€\x9d she said", [("We go", 0)]),
    ("said: âWe go.\nNobody came.", [("We go.", 0)]),
    ("in a château and an âge d'or", []),
    ('We go," he said. "We stay," she said.', [("We go,", 0), ("We stay,", 0)]),
    ('"We go, he said. "We stay," she said.', [("We go, he said.", 0), ("We stay,", 0)]),
    ("“One.\n\n“Two.\n\n“Three,” he said.", [("One.", 0), ("Two.", 0), ("Three,", 0)]),
    ("“One.\n\nTwo,” he said.", [("One.", 0), ("Two,", 0)]),
    ('a 12" pipe and a 6\'2" man', []),
    ('"The 12" pipe broke," he said', [('The 12" pipe broke,', 0)]),
    ("the workers' strike ‘East Side to the port.", []),
    ("It's the '90s rock 'n' roll", []),
    ('"He was 19" he said', [("He was 19", 0)]),
    ('said:"We" and "They"', [("We", 0), ("They", 0)]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), PAIRS, ids=[text[:30] for text, _ in PAIRS])
def test_pairs(text: str, expected: list[tuple[str, int]]) -> None:
    found = find_quotation_marks(text)
    assert [(text[s.inner_start : s.inner_end], s.level) for s in found] == expected


def test_tells_what_is_missing() -> None:
    text = "“One.\n\n“Two,” he said. Three,” she said."
    first, second, third = find_quotation_marks(text)
    assert (first.opened, first.closed, first.continues) == (True, False, False)
    assert (second.opened, second.closed, second.continues) == (True, True, True)
    assert (third.opened, third.closed, third.continues) == (False, True, False)


def test_paragraphs_of_wrapped_text() -> None:
    wrapped = (
        "The road to the coast is lost and so\nare two of the bridges, and nobody has\n"
        "come to help the town so far, not even\nthe army, though it has its barracks in\n"
        "the hills and two hundred of its trucks\nstand idle in the hills.\n\nIt rained all night."
    )
    assert is_wrapped(wrapped)
    assert [wrapped[start:end][-8:] for start, end in find_paragraphs(wrapped)] == ["e hills.", "l night."]
    assert len(find_paragraphs("One line.\nAnother line.\n")) == 2


@given(marked_text | st.text(max_size=60))
def test_any_text(text: str) -> None:
    """Stretches slice to the text, nest or lie apart, and stay in their paragraph."""
    paragraphs = find_paragraphs(text)
    found = find_quotation_marks(text)
    for stretch in found:
        assert 0 <= stretch.start <= stretch.inner_start <= stretch.inner_end <= stretch.end <= len(text)
        assert any(start <= stretch.start and stretch.end <= end for start, end in paragraphs)
    for one, other in itertools.pairwise(found):
        assert one.start <= other.start
        assert other.start >= one.end or other.end <= one.end


@pytest.mark.parametrize("unit", ['"', "“", "”", "“”", "'x ", '"We go. ', "word” ", "“We go.\n"])
def test_rows_of_marks(unit: str) -> None:
    """Nothing but marks neither raises nor takes long."""
    find_quotation_marks(unit * 5000)
