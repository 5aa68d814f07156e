"""CSV: a fact a row in documented columns, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from synthetic import make_articles

from factx.facts import Facts
from factx.write import write_facts
from factx.write.csv import CSV_COLUMNS, neutralize_cell


def read(facts: list[Facts], *, text: bool = True) -> list[dict[str, str]]:
    stream = io.StringIO()
    write_facts(facts, stream, "csv", text=text)
    return list(csv.DictReader(io.StringIO(stream.getvalue()), strict=True))


def test_rows_tell_the_facts() -> None:
    (facts,) = make_articles(1)
    rows = read([facts])
    assert [row["fact"] for row in rows] == ["entity"] * 3 + ["count"] * 2 + ["date"] * 2 + ["quote"] * 2
    killed = next(row for row in rows if row["kind"] == "killed")
    count = facts.counts[0]
    assert killed["low"] == str(count.low)
    assert (killed["high"], killed["qualifier"], killed["who"], killed["subset"]) == ("", "at_least", "people", "false")
    assert killed["article"] == "made-0"
    assert killed["evidence"].startswith(facts.article.text[:10])
    assert killed["text"] in killed["evidence"]
    assert facts.article.text[int(killed["start"]) : int(killed["end"])] == killed["text"]
    quote = next(row for row in rows if row["kind"] == "direct")
    assert quote["name"] == quote["speaker"] == facts.entities[1].name
    assert quote["entity"] == "e2"
    person = next(row for row in rows if row["kind"] == "PERSON")
    assert (person["name"], person["mentions"], person["confidence"]) == (facts.entities[1].name, "1", "0.9")


def test_header_stands_alone_where_nothing_is_found_and_columns_are_described() -> None:
    stream = io.StringIO()
    write_facts([], stream, "csv")
    assert stream.getvalue() == ",".join(CSV_COLUMNS) + "\n"
    assert all(CSV_COLUMNS.values())


def test_no_sentences_without_text() -> None:
    assert {row["evidence"] for row in read(list(make_articles(1)), text=False)} == {""}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("12 people", "12 people"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "' =1+1"),
        ("\r=1+1", "' =1+1"),
        (" =1+1", "' =1+1"),
        # A right-to-left mark and a BOM have no shape; what stands behind them would be first.
        ("\u200f=1+1", "'=1+1"),
        ("\ufeff=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("＝1+1", "'＝1+1"),
        ("a=b", "a=b"),
        ("a\nb", "a b"),
        ("\x1b[31m", "␛[31m"),
        ("", ""),
    ],
)
def test_cells_that_would_run_are_made_harmless(text: str, cell: str) -> None:
    assert neutralize_cell(text) == cell


@given(st.text() | strategies.hostile_text)
def test_no_cell_begins_a_formula(text: str) -> None:
    cell = neutralize_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert len(cell.splitlines()) <= 1
    assert neutralize_cell("=" + text).startswith("'")


@given(strategies.facts())
def test_every_fact_is_a_row_and_every_row_a_line(facts: Facts) -> None:
    stream = io.StringIO()
    write_facts([facts, facts], stream, "csv")
    stream.getvalue().encode()
    number = sum(len(found) for found in (facts.entities, facts.counts, facts.dates, facts.quotes))
    assert stream.getvalue().count("\n") == 2 * number + 1
    rows = list(csv.reader(io.StringIO(stream.getvalue()), strict=True))
    assert {len(row) for row in rows} == {len(CSV_COLUMNS)}
    # Only our own numbers may begin with a digit's sign; nothing of the article begins a formula.
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def test_confidence_is_a_number_between_0_and_1() -> None:
    (facts,) = make_articles(1)
    broken = replace(
        facts, counts=(replace(facts.counts[0], confidence=float("nan")),), entities=(), dates=(), quotes=()
    )
    assert [row["confidence"] for row in read([broken])] == ["0.0"]
