"""`factx batch`: inputs, formats, order, and the command."""

from __future__ import annotations

import csv
import errno
import gzip
import json
import os
import sys
from pathlib import Path

import pytest
from batch_kit import (  # noqa: F401 - fixtures are found by their names
    OUTPUTS,
    batch,
    command,
    folder,
    in_process,
    list_names,
    read_errors,
    read_ids,
    read_output,
    write_articles,
    write_many,
)
from jsonschema import Draft202012Validator

from factx.batch import run
from factx.batch.inputs import find_sources, read_list
from factx.batch.run import Progress
from factx.schema import make_schema
from factx.write.tables import TABLES

posix = pytest.mark.skipif(os.name != "posix", reason="signals and forks are there in another manner elsewhere")


# Inputs


@pytest.mark.usefixtures("in_process")
def test_all_kinds_of_inputs_in_order() -> None:
    for name in ("b/deep/c.txt", "b/a.txt", "b/z.txt", "b/.hidden/x.txt", "b/.x.txt", "x1.txt", "x2.txt", "single.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("Nothing happened.")
    Path("page.html").write_text("<!doctype html><title>T</title><article><p>12 people died on Friday.</p></article>")
    Path("packed.jsonl.gz").write_bytes(gzip.compress(b'{"id": "p1", "text": "a"}\n{"id": "p2", "text": "b"}\n'))
    Path("array.json").write_text('[{"id": "j1", "text": "a"},\n {"id": "j2", "text": "b"}]')
    write_articles("one", "two")
    summary = batch("single.txt", "b", "x?.txt", "page.html", "packed.jsonl.gz", "array.json", "news.jsonl")
    assert read_ids() == ["single", "a", "c", "z", "x1", "x2", "page", "p1", "p2", "j1", "j2", "n1", "n2"]
    assert (summary.articles, summary.failed) == (13, 0)
    validator = Draft202012Validator(make_schema())
    for line in Path("out.jsonl").read_text().splitlines():
        validator.validate(json.loads(line))


@pytest.mark.usefixtures("in_process")
def test_what_cannot_be_read_is_listed_and_the_rest_goes_on() -> None:
    Path("empty.txt").write_text("")
    Path("binary.txt").write_bytes(bytes(range(256)))
    Path("records.jsonl").write_text('{"id": "a", "text": "x"}\n{"tex\n{"id": "b", "text": "y"}\n{"body": "z"}\n')
    summary = batch("empty.txt", "missing.txt", "no*.txt", "binary.txt", "records.jsonl")
    assert read_ids() == ["a", "b"]
    assert (summary.articles, summary.failed) == (2, 6)
    errors = [json.loads(line) for line in Path("out.jsonl.errors.jsonl").read_text().splitlines()]
    assert [(error["article"], error["source"], error["kind"]) for error in errors] == [
        (1, "empty.txt", "input"),
        (2, "missing.txt", "input"),
        (3, "no*.txt", "input"),
        (4, "binary.txt", "input"),
        (6, "records.jsonl", "input"),
        (8, "records.jsonl", "input"),
    ]
    assert errors[1]["message"] == "missing.txt: no such file"
    assert errors[2]["message"] == "no*.txt: no file matches this pattern"
    assert "records.jsonl, line 2" in errors[4]["message"]


def test_a_run_does_not_read_what_it_writes() -> None:
    Path("in").mkdir()
    for name in ("a.txt", "out.jsonl", "out.jsonl.errors.jsonl", "out.jsonl.journal.json", "out.jsonl.parts/x.zip"):
        (Path("in") / name).parent.mkdir(exist_ok=True)
        (Path("in") / name).touch()
    own = run.list_own_paths("in/out.jsonl")
    assert [source.name for source in find_sources(["in", "in/*"], own)] == [os.path.join("in", "a.txt")] * 2  # noqa: PTH118


@pytest.mark.usefixtures("in_process")
def test_folders_that_hold_nothing_or_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bare/.git").mkdir(parents=True)
    result = command("bare", "-o", "out.jsonl")
    assert result.exit_code == 0
    assert result.stderr.startswith("warning: out.jsonl is empty, for the inputs hold no files\n")

    def refuse(path: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = command("bare", "-o", "out.jsonl", "--overwrite")
    assert result.exit_code == 1
    error = json.loads(Path("out.jsonl.errors.jsonl").read_text())
    assert (error["source"], error["message"]) == ("bare", "bare: cannot be listed (permission denied)")


@pytest.mark.parametrize(
    ("lines", "paths"), [("a\nb c\r\n\nd", ["a", "b c", "d"]), ("a\nb\0c\0", ["a\nb", "c"]), ("", [])]
)
def test_list_of_paths(lines: str, paths: list[str]) -> None:
    assert read_list(lines) == paths


# Outputs


@pytest.mark.parametrize(("output", "numbers"), [("out.jsonl", (1, 2, 5)), ("out.parquet", (1, 2))])
def test_output_does_not_depend_on_the_number_of_workers(output: str, numbers: tuple[int, ...]) -> None:
    texts = [f"slowly {0.03 if number in (1, 5) else 0} Police said {number} people died." for number in range(14)]
    write_articles(*texts, "raise", "")
    outputs = []
    for workers in numbers:
        batch(output=output, workers=workers, overwrite=True)
        outputs.append((read_output(output), Path(f"{output}.errors.jsonl").read_bytes()))
    assert all(one == outputs[0] for one in outputs[1:])
    assert all(outputs[0][0].values())


@pytest.mark.usefixtures("in_process")
def test_tables_hold_the_same_as_the_json() -> None:
    import duckdb

    write_articles("Police said 12 people died.", "raise", "=1+1 is nothing.", 'Police: "3 people",\nno more.')
    for output in OUTPUTS:
        batch(output=output)
    records = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert gzip.decompress(Path("out.jsonl.gz").read_bytes()) == Path("out.jsonl").read_bytes()
    assert {path.name for path in Path("out.csv").iterdir()} == {f"{table}.csv" for table in TABLES}
    with Path("out.csv/articles.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["article"], row["id"], row["text"], row["warnings"]) for row in rows] == [
        (str(number), record["id"], record["text"].replace("=1", "'=1"), "[]")
        for number, record in zip((1, 3, 4), records, strict=True)
    ]
    with Path("out.csv/counts.csv").open(newline="") as file:
        counts = [(row["article"], row["low"], row["high"], row["subset"]) for row in csv.DictReader(file)]
    assert counts == [("1", "12", "", "false"), ("4", "3", "", "false")]
    query = "select article, low, high, subset, source_text, name, mentions from 'out.parquet/counts.parquet' c join "
    query += "'out.parquet/entities.parquet' e using (article) where e.entity = c.source_entity order by article"
    assert duckdb.sql(query).fetchall() == [
        (number, low, None, False, "Police", "Police", 1) for number, low in ((1, 12), (4, 3))
    ]
    assert duckdb.sql("select count(*) from 'out.jsonl.gz'").fetchall() == [(3,)]


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("output", OUTPUTS)
def test_nothing_read_is_an_empty_output_that_can_be_read(output: str) -> None:
    write_articles("raise")
    assert batch(output=output).articles == 0
    files = read_output(output)
    if output == "out.csv":
        assert files["mentions.csv"] == b"article,entity,start,end,text\n"
    elif output == "out.parquet":
        import pyarrow.parquet as pq

        assert pq.read_table("out.parquet/quotes.parquet").num_rows == 0
    else:
        assert read_ids(output) == []


@pytest.mark.usefixtures("in_process")
def test_an_article_that_the_format_cannot_hold_is_one_failure() -> None:
    write_articles("Police said 12 people died.", f"Police said {10**30} people died.", "Nothing.")
    assert batch(output="out.parquet").articles == 2
    assert read_errors("out.parquet") == [("n2", "error")]


@pytest.mark.usefixtures("in_process")
def test_options_reach_the_results() -> None:
    write_articles("Police said 12 people died.")
    batch(kinds=("entities",), text=False)
    record = json.loads(Path("out.jsonl").read_text())
    assert "text" not in record
    assert record["counts"] == []
    assert [entity["name"] for entity in record["entities"]] == ["Police"]


# The command


def test_command_tells_one_line() -> None:
    write_many(5)
    result = command("news.jsonl", "-o", "out.jsonl", "-j", "2")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("info: 5 articles, 25 words, ")
    assert result.stderr.endswith(" articles a second\n")
    again = command("news.jsonl", "-o", "out.jsonl")
    assert (again.exit_code, again.stderr) == (0, "info: 5 articles, 25 words, all done before\n")
    assert command("news.jsonl", "-o", "out.jsonl", "--quiet").stderr == ""


@pytest.mark.usefixtures("in_process")
def test_failures_are_exit_code_1_also_when_quiet() -> None:
    write_articles("one", "raise")
    for options in ([], ["--quiet"]):  # the second time there is nothing to do
        result = command("news.jsonl", "-o", "out.jsonl", *options)
        assert result.exit_code == 1
        assert result.stderr.startswith("error: 1 articles, 1 failed, 1 words, ")
        assert result.stderr.endswith("; out.jsonl.errors.jsonl tells which and why\n")


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("separator", ["\n", "\0"])
def test_files_from_standard_input(separator: str) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        Path(name).write_text("Nothing.")
    result = command("c.txt", "--files-from", "-", "-o", "out.jsonl", stdin=f"b.txt{separator}a.txt{separator}")
    assert result.exit_code == 0
    assert read_ids() == ["c", "b", "a"]


@pytest.mark.usefixtures("in_process")
def test_records_from_standard_input() -> None:
    lines = "".join(f'{{"id": "s{number}", "text": "x"}}\n' for number in range(7))
    for _ in range(2):
        result = command("-", "-o", "out.jsonl", stdin=lines)
        assert result.exit_code == 0
    assert "all done before" in result.stderr
    assert read_ids() == [f"s{number}" for number in range(7)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["news.jsonl"], "missing option '--output'"),
        (["-o", "out.jsonl"], "name an INPUT, or a list of them with --files-from"),
        (["news.jsonl", "-o", "out"], "out: its ending does not tell the format"),
        (["news.jsonl", "-o", "-"], "-: its ending does not tell the format"),
        (["news.jsonl", "-o", "out.jsonl", "-j", "0"], "--workers"),
        (["news.jsonl", "-o", "out.jsonl", "-j", "2", "--dask", "tcp://x:1"], "it is the cluster that has the workers"),
        (["news.jsonl", "-o", "out.jsonl", "--only", "names"], "names: the kinds are"),
        (["news.jsonl", "-o", "news.jsonl"], "news.jsonl is an input too and would be overwritten"),
        (["-", "--files-from", "-", "-o", "out.jsonl"], "standard input cannot be both"),
        (["--files-from", "none.txt", "-o", "out.jsonl"], "none.txt: cannot be read (no such file or directory)"),
        (["news.jsonl", "-o", "old.jsonl"], "old.jsonl: is there already; pass --overwrite to replace it"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    write_many(3)
    Path("old.jsonl").write_text("old\n")
    result = command(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert list_names() == ["news.jsonl", "old.jsonl"]


def test_help_fits_80_columns() -> None:
    result = command("--help")
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("modules", "arguments", "message"),
    [
        (["pyarrow", "pyarrow.parquet"], ["news.jsonl", "-o", "out.parquet"], "pip install 'factx[parquet]'"),
        (["distributed"], ["news.jsonl", "-o", "out.jsonl", "--dask", "tcp://x:1"], "pip install 'factx[dask]'"),
        (["fsspec"], ["news.jsonl", "-o", "s3://bucket/out.jsonl"], "pip install 'factx[remote]'"),
    ],
)
def test_missing_extra_is_named(
    modules: list[str], arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(3)
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)
    result = command(*arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert list_names() == ["news.jsonl"]


def test_meter_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from factx.batch.meter import show_meter

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with show_meter(quiet=False) as tell:
        assert tell is not None
        tell(Progress(articles=1200, kept=200, failed=3, position=500, size=1000))
    shown = capsys.readouterr().err
    assert "1,200 articles, 3 failed" in shown
    assert "50%" in shown
    with show_meter(quiet=True) as tell:
        assert tell is None
