"""Tables for people: what they show, that they fit, and that no text can do harm through them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
import strategies
from hypothesis import given
from rich.console import Console

from factx.facts import Article, Count, Date, Entity, Facts, Quote, Ref, Span, Speaker
from factx.render import make_console, render_facts
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


def test_all_kinds_are_shown() -> None:
    part = make_count(low=3, high=3, qualifier="exact", subset=True, who=None, source=None)
    older = make_count(low=20, high=20, qualifier="exact", status="superseded", who=None, source=None)
    facts = make_facts(
        entities=(
            Entity("e1", "GPE", "Kazakhstan", None, "KZ", (Span(0, 4, "Azra"),), 0.9),
            Entity("e2", "PERSON", "Little Known", None, None, (Span(0, 4, "Azra"),), 0.9),
            Entity("e3", "PERSON", "Azra Hill", "reporter", None, (Span(0, 4, "Azra"),) * 3, 0.9),
        ),
        counts=(make_count(), part, older),
        dates=(
            Date("Friday", 0, 4, "DATE", "2022-W01", "APPROX", 0.9, "weekday"),
            Date("daily", 0, 4, "SET", "P1D", None, 0.9, "set"),
        ),
        quotes=(
            Quote("indirect", "all is well", 89, 92, (Span(89, 92, "All"),), None, None, False, 0.9, "model"),
            Quote(
                "direct", "Azra Hill", 0, 9, (Span(0, 4, "Azra"), Span(5, 9, "Hill")), Span(80, 84, "told"),
                Speaker("He", 90, 92, "Azra Hill", "e3"), True, 0.9, "marks",
            ),
        ),
    )  # fmt: skip
    output = render(facts)
    flat = " ".join(output.split())
    assert "unrest unrest.txt · published 2022-01-10" in flat
    assert "Azra Hill reporter 3" in flat
    # People before places, the most mentioned first.
    assert output.index("Azra Hill") < output.index("Little Known") < output.index("Kazakhstan")
    assert "killed ≥ 27 people · says Police Police said at least 27 people were killed." in flat
    assert "of them 3 Police said at least 27 people were killed. earlier 20 Police said" in flat
    assert "2022-W01 about week of 3 January 2022 Azra Hill, 40, reported." in flat
    assert "P1D set · every day Azra Hill, 40, reported." in flat
    assert "Azra Hill, reporter direct He told · in another quote Azra Hill, 40, reported." in flat
    # Those who are not told come last.
    assert flat.endswith("speaker not told indirect All is calm.")
    assert "found" not in flat


def test_a_wide_terminal_shows_where_an_entity_is_first_named() -> None:
    text = "It rained for days before the council of the town sent Ode away, and nobody came to see what was left." * 2
    start = text.index("Ode")
    entity = Entity("e1", "PERSON", "Ode", "keeper of the gate", None, (Span(start, start + 3, "Ode"),), 0.9)
    facts = Facts(Article("a", "a.txt", text), entities=(entity,))
    # All columns keep their place beside the sentence, which is one line.
    row = next(line for line in render(facts, 130).split("\n") if line.startswith("PERSON"))
    assert re.fullmatch(r"PERSON +Ode +keeper of the gate +1 +… of the town sent Ode away, and nobody .*… *", row)
    assert "the town" not in render(facts, 80)


def test_a_kind_without_a_figure_that_holds_says_what_its_figures_are() -> None:
    flat = " ".join(render(make_facts(counts=(make_count(status="possible"),))).split())
    assert "killed ≥ 27 people · says Police · possible" in flat


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
