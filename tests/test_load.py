"""Loading facts that factx wrote: they come back as they were, and what is no facts is told in one line."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from synthetic import make_articles

from factx.errors import InputError
from factx.facts import Facts
from factx.load import facts_from_record, load_facts
from factx.write import Format, facts_to_record, write_facts

ONE, TWO = make_articles(2)


def load(*sources: Path | str) -> tuple[list[Facts], list[str]]:
    errors: list[InputError] = []
    found = list(load_facts(map(str, sources), errors.append))
    return found, [str(error) for error in errors]


def dump(facts: list[Facts], format: Format = "jsonl", *, single: bool = False) -> str:
    stream = io.StringIO()
    write_facts(facts, stream, format, single=single)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (dump([ONE, TWO]), 2),
        (dump([ONE, TWO], "json"), 2),
        (dump([ONE], "json", single=True), 1),
        ("\n\n" + dump([ONE]) + "\n" + dump([TWO]), 2),
        ("\ufeff" + dump([ONE]), 1),
        (dump([], "json"), 0),
        ("", 0),
        ("\n", 0),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_all_that_extract_writes_is_read(content: str, number: int, packed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = tmp_path / "facts.jsonl"
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    assert load(path) == ([ONE, TWO][:number], [])


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(dump([ONE]).encode()))
    monkeypatch.setattr("sys.stdin", stream)
    assert load("-") == ([ONE], [])


@given(strategies.facts())
def test_facts_come_back_but_for_digits_of_confidence_and_surrogates(facts: Facts) -> None:
    record = facts_to_record(facts)
    assert facts_to_record(facts_from_record(json.loads(json.dumps(record)))) == record


def test_without_text_there_is_an_empty_one() -> None:
    found = facts_from_record(facts_to_record(ONE, text=False))
    assert found.article.text == ""
    assert found.counts == ONE.counts


def test_members_that_came_later_may_be_absent() -> None:
    record = facts_to_record(ONE)
    del record["author"], record["site"]
    assert facts_from_record(record) == ONE


def broken(*path: str | int, value: Any) -> str:
    record = facts_to_record(ONE)
    member: Any = record
    for step in path[:-1]:
        member = member[step]
    if value is KeyError:
        del member[path[-1]]
    else:
        member[path[-1]] = value
    return json.dumps(record)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "an article"}', 'facts.jsonl, line 2: "schema" is not "factx/1"'),
        ("[1]", "facts.jsonl, line 2: not an object but an array"),
        ("12", "facts.jsonl, line 2: not an object but 12"),
        ('{"schema": "factx/1"', "facts.jsonl, line 2: not JSON"),
        ("[" * 100_000, "facts.jsonl, line 2: nested too deeply"),
        (broken("schema", value="factx/2"), '"schema" is not "factx/1"'),
        (broken("id", value=None), '"id" cannot be null here'),
        (broken("id", value=KeyError), '"id" is missing'),
        (broken("counts", value=None), '"counts" is not a list'),
        (broken("counts", value=[3]), "counts[0] is not an object"),
        (broken("counts", 0, "kind", value="saved"), '"counts[0].kind" cannot be "saved" here'),
        (broken("counts", 0, "low", value=1.5), '"counts[0].low" cannot be 1.5 here'),
        (broken("counts", 0, "low", value=True), '"counts[0].low" cannot be true or false here'),
        (broken("counts", 1, "source", "text", value=["x"]), '"counts[1].source.text" cannot be an array here'),
        (broken("counts", 0, "confidence", value=float("inf")), '"counts[0].confidence" cannot be inf here'),
        (broken("counts", 0, "start", value=10**6), "counts[0]: start and end are no stretch of text"),
        (broken("counts", 0, "start", value=-1), "counts[0]: start and end are no stretch of text"),
        (broken("entities", 0, "mentions", value=[]), "an entity has no mentions"),
        (broken("quotes", 0, "parts", value={}), '"quotes[0].parts" cannot be an object here'),
        (broken("warnings", value=[1]), '"warnings[0]" cannot be 1 here'),
    ],
)  # fmt: skip
def test_what_is_no_facts_is_told_and_the_rest_goes_on(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text(dump([ONE]) + line + "\n" + dump([TWO]), encoding="utf-8")
    found, (error,) = load(path)
    assert found == [ONE, TWO]
    assert message in error
    assert "\n" not in error
    assert len(error) < 300


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "cannot be read (not UTF-8)"),
        (b"\x1f\x8b\x08broken", "cannot be read"),
        (gzip.compress(dump([ONE]).encode())[:-20], "cannot be read"),
        (None, "cannot be read (no such file or directory)"),
    ],
)
def test_files_that_cannot_be_read_are_told(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    if content is not None:
        path.write_bytes(content)
    found, errors = load(path)
    assert found in ([], [ONE])
    assert len(errors) == 1
    assert message in errors[0]


def test_an_array_tells_which_article_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(f"[{dump([ONE])},\n 7]", encoding="utf-8")
    found, errors = load(path)
    assert found == [ONE]
    assert errors == [f"{path}, article 2: not an object but 7; factx extract -f jsonl writes what is wanted"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
    st.data(),
)
def test_no_value_raises_anything_else(value: Any, data: st.DataObject) -> None:
    record = facts_to_record(ONE)
    target: Any = record
    while True:
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        if not isinstance(target[key], dict | list) or not target[key] or data.draw(st.booleans()):
            break
        target = target[key]
    target[key] = value
    try:
        facts_from_record(record)
    except InputError as error:
        assert "\n" not in str(error)
