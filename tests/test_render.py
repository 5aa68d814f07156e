"""Tables for people: what they show, that they fit, and that no text can do harm through them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from factx.facts import Article, Count, Date, Entity, Facts, Quote, Ref, Span, Speaker
from factx.render import find_evidence, format_number, make_console, render_facts
from factx.sanitize import make_harmless

TEXT = "Azra Hill, 40, reported. Police said at least 27 people were killed. Mr. Ode was hurt. All is calm."


def render(facts: Facts, width: int = 80, *, terminal: bool = False, **options: Any) -> str:
    """Render as on a terminal of a fixed width, whatever the environment says."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=terminal, _environ={}, highlight=False, markup=False, emoji=False,
        legacy_windows=False, color_system="standard" if terminal else None,
    )  # fmt: skip
    render_facts(facts, console, **options)
    return stream.getvalue()


def make_count(**changes: Any) -> Count:
    start = TEXT.index("at least")
    count = Count(
        kind="killed", low=27, high=None, qualifier="at_least", text="at least 27 people", start=start, end=start + 18,
        who="people", subset=False, status="asserted", cue=None, source=Ref("Police", 25, 31), place=None, date=None,
        confidence=0.9, rule="model",
    )  # fmt: skip
    return replace(count, **changes)


def make_facts(**changes: Any) -> Facts:
    article = Article("unrest", "unrest.txt", TEXT, published="2022-01-10", published_from="option")
    return replace(Facts(article), **changes)


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "expected"),
    [
        ("exact", 164, 164, "164"),
        ("exact", 5000, 5000, "5,000"),
        ("about", 200, 200, "about 200"),
        ("at_least", 27, None, "≥ 27"),
        ("more_than", 12, None, "> 12"),
        ("at_most", None, 30, "≤ 30"),
        ("less_than", None, 1000, "< 1,000"),
        ("between", 12, 15, "12-15"),
        ("vague", 24, 99, "24-99"),
        ("vague", 24, None, "≥ 24"),
        ("none", 0, 0, "none"),
        ("exact", None, None, "?"),
    ],
)
def test_numbers(qualifier: Any, low: int | None, high: int | None, expected: str) -> None:
    assert format_number(make_count(qualifier=qualifier, low=low, high=high)) == expected


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


def test_all_kinds_are_shown() -> None:
    older = make_count(low=20, high=20, qualifier="exact", status="superseded", subset=True, who=None, source=None)
    facts = make_facts(
        entities=(
            Entity("e1", "GPE", "Kazakhstan", None, "KZ", (Span(0, 4, "Azra"),), 0.9),
            Entity("e2", "PERSON", "Little Known", None, None, (Span(0, 4, "Azra"),), 0.9),
            Entity("e3", "PERSON", "Azra Hill", "reporter", None, (Span(0, 4, "Azra"),) * 3, 0.9),
        ),
        counts=(make_count(), older),
        dates=(Date("Friday", 0, 4, "DATE", "2022-01-07", "APPROX", 0.9, "weekday"),),
        quotes=(
            Quote(
                "direct", "Stay. Go.", 0, 4, (Span(0, 4, "Stay."), Span(5, 8, "Go.")), Span(0, 4, "told"),
                Speaker("He", 0, 2, "Azra Hill", "e3"), True, 0.9, "marks",
            ),
            Quote("indirect", "all is well", 0, 4, (Span(0, 4, "all is well"),), None, None, False, 0.9, "model"),
        ),
    )  # fmt: skip
    output = render(facts)
    flat = " ".join(output.split())
    assert "unrest unrest.txt · published 2022-01-10" in flat
    assert "Azra Hill reporter 3" in flat
    # People before places, the most mentioned first.
    assert output.index("Azra Hill") < output.index("Little Known") < output.index("Kazakhstan")
    assert "killed ≥ 27 people · says Police" in flat
    assert "Police said at least 27 people were killed." in flat
    assert "20 part of another figure · superseded" in flat
    assert "2022-01-07 Friday date about" in flat
    assert "Azra Hill (“He”) · told · direct · in another quote “Stay. … Go.”" in flat
    assert "speaker not told · indirect all is well" in flat
    assert "found" not in flat


def test_fact_stands_out_on_a_terminal() -> None:
    output = render(make_facts(counts=(make_count(),)), terminal=True)
    assert re.search(r"\x1b\[[0-9;]*1[0-9;]*mat least 27 people\x1b\[0m", output)
    assert "\x1b" not in render(make_facts(counts=(make_count(),)))


def test_nothing_found_is_said_in_one_line() -> None:
    assert "No entities, counts, dates or quotes found." in render(make_facts())
    output = render(make_facts(), kinds=("dates",))
    assert "No dates found." in output
    assert "counts" not in output


def test_unknown_publication_day_is_told_with_what_follows_from_it() -> None:
    unknown = Article("unrest", "-", TEXT, warnings=("not UTF-8; read as cp1252, which is a guess",))
    open_date = Date("Friday", 0, 4, "DATE", "XXXX-XX-XX", None, 0.9, "weekday")
    flat = " ".join(render(Facts(unknown, dates=(open_date,))).split())
    assert "standard input · no publication date known: relative dates stay open (--published gives it)" in flat
    assert "warning: not UTF-8; read as cp1252, which is a guess" in flat
    known = replace(open_date, value="2022-01-07")
    assert "relative dates" not in render(Facts(unknown, dates=(known,)))
    told = replace(unknown, published="2022-01-10", published_from="dateline")
    assert "published 2022-01-10 (from the dateline)" in render(Facts(told))


@given(strategies.facts())
def test_no_text_does_harm_or_breaks_the_width(facts: Facts) -> None:
    for width in (40, 80, 140):
        output = render(facts, width)
        output.encode()
        assert all(sign == "\n" or make_harmless(sign) == sign for sign in output)
        assert all(_measure(line) <= width for line in output.split("\n"))


def _measure(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line.rstrip())


def test_console_takes_words_as_they_are() -> None:
    stream = io.StringIO()
    make_console(stream).print("[bold]:smile: 12[/bold]")
    assert stream.getvalue() == "[bold]:smile: 12[/bold]\n"


def test_closed_pipe_is_left_to_the_caller() -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        make_console(Closed()).print("a")
