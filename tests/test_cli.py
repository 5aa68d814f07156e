"""The command: formats, streams, exit codes, and errors in one line.

Most tests run it in this process with a pipeline that is no more than a few lines; the last ones run the real thing.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

import factx
from factx import cli, parse, process
from factx.errors import PipelineError
from factx.facts import Article, Count, Entity, Facts, Ref, Span
from factx.schema import make_schema

ONE = "Police said 12 people died."
TWO = "Nothing happened."


def find_by_pattern(_: object, article: Article) -> Facts:
    """Stand in for the extractors: numbers of people die, and the police say so."""
    if "explode" in article.text:
        raise ValueError("it\nexploded")
    match = re.search(r"(\d+) people", article.text)
    if match is None:
        return Facts(article)
    span = {"text": match[0], "start": match.start(), "end": match.end()}
    number = int(match[1])
    count = Count(
        kind="killed", low=number, high=number, qualifier="exact", **span, who="people", subset=False,
        status="asserted", cue=None, source=Ref("Police", 0, 6, "e1"), place=None, date=None, confidence=0.6,
        rule="model",
    )  # fmt: skip
    entity = Entity("e1", "ORG", "Police", None, None, (Span(0, 6, "Police"),), 0.8)
    return Facts(article, (entity,), (count,))


@pytest.fixture
def fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the pipeline and the extractors."""

    def load_pipeline(path: str | None = None) -> object:
        if path is not None:
            raise PipelineError(f"{path}: cannot load the pipeline")
        return object()

    def parse_articles(articles: Iterable[Article], nlp: object = None) -> Iterator[tuple[Article, None]]:
        assert nlp is not None
        for article in articles:
            if "unparsable" in article.text:
                raise MemoryError("no memory")
            yield article, None

    monkeypatch.setattr(parse, "load_pipeline", load_pipeline)
    monkeypatch.setattr(process, "parse_articles", parse_articles)
    monkeypatch.setattr(process, "facts_from_doc", find_by_pattern)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a few inputs."""
    monkeypatch.chdir(tmp_path)
    Path("one.txt").write_text(ONE)
    Path("two.txt").write_text(TWO)
    Path("empty.txt").write_text("")
    Path("batch.jsonl").write_text(f'{{"id": "a", "text": "{ONE}"}}\n{{"tex\n{{"text": "{TWO}"}}\n')
    Path("single.jsonl").write_text(f'{{"id": "a", "text": "{ONE}"}}\n')
    return tmp_path


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, list(arguments), input=stdin, prog_name="factx")


def check_record(record: Any) -> None:
    Draft202012Validator(make_schema()).validate(record)


# Help, version, schema, info


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"factx {factx.__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["extract", "--help"], ["schema", "-h"], ["info", "--help"]])
def test_help_fits_80_columns(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert "Usage: factx" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_no_command_is_wrong_usage_and_shows_help() -> None:
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: factx" in result.stderr


def test_schema_is_printed() -> None:
    result = run("schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == make_schema()


@pytest.mark.usefixtures("fake_pipeline")
def test_info_of_a_missing_pipeline() -> None:
    result = run("info", "--model", "nowhere")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: invalid value for --model: nowhere: cannot load the pipeline")


# Usage


@pytest.mark.usefixtures("fake_pipeline")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract"], "missing argument 'INPUT'; see factx extract --help"),
        (["extrakt"], "no such command 'extrakt'"),
        (["extract", "one.txt", "--fromat", "json"], "no such option: --fromat"),
        (["extract", "one.txt", "-f", "xml"], "'xml' is not one of 'table', 'json', 'jsonl'"),
        (["extract", "one.txt", "--only", "counts,names"], "names: the kinds are entities, counts, dates, quotes"),
        (["extract", "one.txt", "--only", ","], "nothing: the kinds are entities"),
        (["extract", "one.txt", "--published", "10.1.2022"], "10.1.2022 is not a day like 2022-01-10"),
        (["extract", "one.txt", "--published", "2022-02-30"], "2022-02-30 is not a day"),
        (["extract", "one.txt", "--published", "2022-01-10T08:00"], "is not a day"),
        (["extract", "one.txt", "--encoding", "utf-9"], "utf-9 is no encoding; utf-8, cp1252 and utf-16 are some"),
        (["extract", "one.txt", "--input", "pdf"], "'pdf' is not one of 'auto', 'text', 'html'"),
        (["extract", "one.txt", "--min-confidence", "2"], "it lies between 0 and 1"),
        (["extract", "one.txt", "--min-confidence", "nan"], "it lies between 0 and 1"),
        (["extract", "one.txt", "--model", "nowhere"], "nowhere: cannot load the pipeline"),
        (["extract", "one.txt", "two.txt", "-o", "./two.txt"], "./two.txt is an input too and would be overwritten"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(folder: Path, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert (folder / "two.txt").read_text() == TWO


# Formats


@pytest.mark.usefixtures("folder", "fake_pipeline")
class TestFormats:
    """What is printed for which inputs."""

    def test_one_text_is_one_object(self) -> None:
        result = run("extract", "one.txt", "--published", "2022-01-10")
        record = json.loads(result.stdout)
        check_record(record)
        assert (result.exit_code, result.stderr) == (0, "")
        assert (record["id"], record["source"], record["text"]) == ("one", "one.txt", ONE)
        assert (record["published"], record["published_from"]) == ("2022-01-10", "option")
        assert [count["low"] for count in record["counts"]] == [12]

    def test_standard_input(self) -> None:
        record = json.loads(run("extract", "-", stdin=ONE).stdout)
        assert (record["id"], record["source"], record["text"]) == ("stdin", "-", ONE)

    def test_several_inputs_are_an_array(self) -> None:
        records = json.loads(run("extract", "one.txt", "two.txt", "-f", "json").stdout)
        assert [record["id"] for record in records] == ["one", "two"]

    def test_records_are_an_array_even_if_there_is_one(self) -> None:
        assert [record["id"] for record in json.loads(run("extract", "single.jsonl").stdout)] == ["a"]

    def test_lines(self) -> None:
        result = run("extract", "one.txt", "single.jsonl", "two.txt", "-f", "jsonl")
        records = [json.loads(line) for line in result.stdout.splitlines()]
        assert [record["id"] for record in records] == ["one", "a", "two"]
        for record in records:
            check_record(record)

    def test_table(self) -> None:
        result = run("extract", "one.txt", "-f", "table")
        assert result.exit_code == 0
        assert re.search(r"killed +12 +people · says Police", result.stdout)
        assert "\x1b" not in result.stdout

    def test_only_and_confidence_and_no_text(self) -> None:
        record = json.loads(run("extract", "one.txt", "--only", "counts, dates", "--no-text").stdout)
        check_record(record)
        assert "text" not in record
        assert (record["entities"], len(record["counts"])) == ([], 1)
        assert record["counts"][0]["source"]["entity"] is None
        record = json.loads(run("extract", "one.txt", "--min-confidence", "0.7").stdout)
        assert (len(record["entities"]), record["counts"]) == (1, [])

    def test_table_on_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        assert cli._choose_format(None) == "json"
        monkeypatch.setattr(sys, "stdout", Terminal())
        assert cli._choose_format(None) == "table"
        assert cli._choose_format("-") == "table"
        assert cli._choose_format("out.json") == "json"
        assert cli._choose_format("out.jsonl") == "jsonl"
        assert cli._choose_format("out") == "json"


# Errors and warnings


@pytest.mark.usefixtures("folder", "fake_pipeline")
class TestFailures:
    """One line for what fails, and the rest is done."""

    @pytest.mark.parametrize("format", ["table", "json", "jsonl"])
    @pytest.mark.parametrize("source", ["empty.txt", "gone.txt", ".", "-"])
    def test_nothing_to_read(self, source: str, format: str) -> None:
        result = run("extract", source, "-f", format, stdin=b"")
        assert (result.exit_code, result.stdout) == (1, "")
        assert re.fullmatch(r"error: [^\n]+\n", result.stderr)

    def test_the_rest_is_printed(self) -> None:
        result = run("extract", "gone.txt", "one.txt", "empty.txt", "two.txt")
        assert result.exit_code == 1
        assert [record["id"] for record in json.loads(result.stdout)] == ["one", "two"]
        assert result.stderr.splitlines() == ["error: gone.txt: no such file", "error: empty.txt: is empty"]

    def test_bad_record(self) -> None:
        result = run("extract", "batch.jsonl", "-f", "jsonl")
        assert result.exit_code == 1
        assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "batch:3"]
        assert re.fullmatch(r"error: batch\.jsonl, line 2: is not a whole JSON record [^\n]+\n", result.stderr)

    @pytest.mark.parametrize("word", ["explode", "unparsable"])
    def test_article_that_cannot_be_processed(self, word: str) -> None:
        texts = [ONE, f"It will {word}.", TWO, f"This will {word} too.", ONE]
        stdin = "\n".join(json.dumps({"text": text}) for text in texts)
        result = run("extract", "-", "-f", "jsonl", stdin=stdin)
        assert result.exit_code == 1
        assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["stdin:1", "stdin:3", "stdin:5"]
        first, second = result.stderr.splitlines()
        assert first.startswith("error: standard input (stdin:2): could not be processed (")
        assert second.startswith("error: standard input (stdin:4): could not be processed (")

    def test_fields_of_records(self) -> None:
        stdin = json.dumps({"nr": 5, "head": "Crash", "story": {"body": ONE}, "day": "Mon, 10 Jan 2022 08:00:00 GMT"})
        result = run("extract", "-", "-f", "jsonl", stdin=stdin)
        assert result.exit_code == 1
        assert result.stderr == (
            'error: standard input, line 1: no "text" field (found: nr, head, story, day); '
            "name it with --text-field story\n"
        )
        names = ["--text-field", "story.body", "--id-field", "nr", "--title-field", "head", "--published-field", "day"]
        record = json.loads(run("extract", "-", "-f", "jsonl", *names, stdin=stdin).stdout)
        check_record(record)
        assert (record["id"], record["title"], record["text"]) == ("5", "Crash", ONE)
        assert (record["published"], record["published_from"]) == ("2022-01-10", "record")

    def test_verbose_tells_how_inputs_were_read(self) -> None:
        Path("page.html").write_text(f"<h1>Crash</h1><p>{ONE}</p>")
        result = run("extract", "one.txt", "page.html", "-v", "-f", "jsonl", "--published", "2022-01-10")
        assert result.exit_code == 0
        assert result.stderr.splitlines() == [
            "info: one.txt: read as text, 27 characters, published 2022-01-10 (option)",
            "info: one.txt: 1 entities, 1 counts, 0 dates, 0 quotes",
            "info: page.html: read as html, 34 characters, published 2022-01-10 (option)",
            "info: page.html: 1 entities, 1 counts, 0 dates, 0 quotes",
        ]

    def test_single_article_that_cannot_be_processed(self) -> None:
        result = run("extract", "-", stdin="This will explode.")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "could not be processed (ValueError: it exploded)" in result.stderr

    def test_warnings_can_be_silenced(self) -> None:
        Path("old.txt").write_bytes("“Go,” Núñez said of the 12 people who left on Friday.".encode("cp1252"))
        result = run("extract", "old.txt")
        assert result.exit_code == 0
        guess = "not UTF-8; read as cp1252, which is a guess; --encoding NAME settles it"
        assert result.stderr == f"warning: old.txt: {guess}\n"
        assert json.loads(result.stdout)["warnings"] == [guess]
        assert run("extract", "old.txt", "--encoding", "windows-1252").stderr == ""
        assert run("extract", "old.txt", "--quiet").stderr == ""
        assert "warning: not UTF-8" in run("extract", "old.txt", "-f", "table").stdout

    def test_hostile_names_are_harmless_in_messages(self) -> None:
        result = run("extract", "\x1b[31mgone\n.txt")
        assert result.stderr == "error: ␛[31mgone .txt: no such file\n"

    def test_fault_of_ours_is_one_line_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("no")

        monkeypatch.setattr(parse, "load_pipeline", fail)
        result = run("extract", "one.txt")
        assert result.exit_code == 1
        assert result.stderr.startswith("error: RuntimeError: no; this is a fault of factx")
        assert result.stderr.count("\n") == 1
        monkeypatch.setenv("FACTX_TRACEBACK", "1")
        assert isinstance(run("extract", "one.txt").exception, RuntimeError)

    def test_interrupt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(process, "facts_from_doc", interrupt)
        result = run("extract", "one.txt", "-o", "out.json")
        assert (result.exit_code, result.stderr) == (130, "error: interrupted\n")
        assert not [path for path in Path().iterdir() if "out.json" in path.name]


# Output to a file


@pytest.mark.usefixtures("folder", "fake_pipeline")
class TestOutput:
    """A file is written whole or not at all."""

    def test_file(self) -> None:
        result = run("extract", "one.txt", "two.txt", "-o", "out.jsonl")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
        assert [json.loads(line)["id"] for line in Path("out.jsonl").read_text().splitlines()] == ["one", "two"]
        assert not list(Path().glob(".*"))

    def test_table_goes_to_a_file_without_colour(self) -> None:
        assert run("extract", "one.txt", "-f", "table", "-o", "out.txt").exit_code == 0
        assert "killed" in Path("out.txt").read_text()

    def test_dash_is_standard_output(self) -> None:
        assert json.loads(run("extract", "one.txt", "-o", "-").stdout)["id"] == "one"
        assert not Path("-").exists()

    @pytest.mark.parametrize("source", ["gone.txt", "bad.jsonl"])
    def test_nothing_done_leaves_the_file_alone(self, source: str) -> None:
        Path("out.json").write_text("before")
        Path("bad.jsonl").write_text('{"text": "explode"}')
        assert run("extract", source, "-o", "out.json").exit_code == 1
        assert Path("out.json").read_text() == "before"
        assert not list(Path().glob(".*"))

    def test_mode_and_link_are_kept(self) -> None:
        Path("real.json").write_text("before")
        Path("real.json").chmod(0o640)
        Path("link.json").symlink_to("real.json")
        assert run("extract", "one.txt", "-o", "link.json").exit_code == 0
        assert Path("link.json").is_symlink()
        assert json.loads(Path("real.json").read_text())["id"] == "one"
        assert Path("real.json").stat().st_mode & 0o777 == 0o640

    @pytest.mark.parametrize(("output", "message"), [("no/out.json", "no such file"), (".", "cannot be written")])
    def test_target_that_cannot_be_written(self, output: str, message: str) -> None:
        result = run("extract", "one.txt", "-o", output)
        assert result.exit_code == 1
        assert re.fullmatch(rf"error: {re.escape(output)}: [^\n]*{message}[^\n]*\n", result.stderr)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
    def test_full_disk(self) -> None:
        result = run("extract", "one.txt", "-o", "/dev/full")
        assert (result.exit_code, result.stderr) == (
            1,
            "error: /dev/full: cannot be written (no space left on device)\n",
        )

    def test_input_behind_a_link_is_not_overwritten(self) -> None:
        Path("link.json").symlink_to("one.txt")
        assert run("extract", "one.txt", "-o", "link.json").exit_code == 2
        assert Path("one.txt").read_text() == ONE


# Completion


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("factx ex", ["extract"]),
        ("factx extract --text", ["--text-field"]),
        ("factx extract --input m", ["markdown"]),
        ("factx extract --format j", ["json", "jsonl"]),
        ("factx extract one", []),
    ],
)
def test_completion(monkeypatch: pytest.MonkeyPatch, line: str, offers: list[str]) -> None:
    monkeypatch.setenv("_FACTX_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    result = run()
    assert (result.exit_code, result.stdout.split(), result.stderr) == (0, offers, "")


# The library under the command


def test_public_names_are_sorted_and_there() -> None:
    assert factx.__all__ == sorted(factx.__all__)
    assert set(factx.__all__) <= set(dir(factx))
    for name in factx.__all__:
        assert getattr(factx, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        factx.no_such_name  # noqa: B018


@pytest.mark.usefixtures("fake_pipeline")
def test_pipe_gives_facts_or_raises() -> None:
    nlp: Any = object()
    facts = list(factx.pipe([ONE, Article("b", "b.txt", TWO)], nlp=nlp))
    assert [(item.article.id, len(item.counts)) for item in facts] == [("1", 1), ("b", 0)]
    with pytest.raises(ValueError, match="exploded"):
        list(factx.pipe(["It will explode."], nlp=nlp))


@pytest.mark.usefixtures("fake_pipeline")
def test_pipe_stops_without_a_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Iterator[tuple[Article, None]]:
        raise PipelineError("there is none")
        yield

    monkeypatch.setattr(process, "parse_articles", fail)
    with pytest.raises(PipelineError, match="there is none"):
        next(process.process_articles([Article("a", "a.txt", ONE), Article("b", "b.txt", TWO)]))


@pytest.mark.usefixtures("fake_pipeline")
def test_pipe_is_a_stream() -> None:
    endless = iter(lambda: ONE, None)
    stream = factx.pipe(endless, nlp=object())  # type: ignore[arg-type]
    assert next(stream).article.id == "1"
    assert next(stream).article.id == "2"


@pytest.mark.usefixtures("fake_pipeline")
def test_extract_facts_of_a_text() -> None:
    nlp: Any = object()
    facts = factx.extract_facts(ONE, published="2022-01-10", nlp=nlp)
    assert facts.counts[0].low == 12
    assert (facts.article.published, facts.article.published_from) == ("2022-01-10", "option")
    assert replace(facts.article, published=None, published_from=None) == factx.extract_facts(ONE, nlp=nlp).article
    with pytest.raises(factx.InputError, match='"soon" is not a day'):
        factx.extract_facts(ONE, published="soon", nlp=nlp)


# The real thing, as a process


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "factx", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **options,
    )


def test_help_and_version_load_nothing_heavy() -> None:
    code = (
        "import sys; from factx.cli import app\n"
        "for arguments in (['--version'], ['--help'], ['extract', '--help']):\n"
        "    try: app(arguments, prog_name='factx')\n"
        "    except SystemExit as end: assert end.code == 0\n"
        "heavy = {'charset_normalizer', 'numpy', 'onnxruntime', 'rich', 'spacy', 'tokenizers'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_reader_that_closes_the_pipe_is_no_error() -> None:
    with start("schema") as process_:
        assert process_.stdout is not None
        process_.stdout.close()
        assert process_.stderr is not None
        assert process_.stderr.read() == ""
        assert process_.wait(timeout=60) == 0


def test_text_through_a_pipe() -> None:
    with start("extract", "-", "--published", "2022-01-10") as process_:
        output, errors = process_.communicate("Police said on Friday that 12 people were killed in Kabul.", timeout=120)
    assert (process_.returncode, errors) == (0, "")
    record = json.loads(output)
    check_record(record)
    assert [(count["kind"], count["low"]) for count in record["counts"]] == [("killed", 12)]


def test_records_through_a_pipe_that_closes() -> None:
    with start("extract", "-", "-f", "table") as process_:
        assert process_.stdin is not None
        assert process_.stdout is not None
        assert process_.stderr is not None
        process_.stdout.close()
        process_.stdin.write('{"text": "Police said 12 people were killed."}\n')
        process_.stdin.close()
        assert process_.stderr.read() == ""
        assert process_.wait(timeout=120) == 0


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise elsewhere")
def test_interrupted_process() -> None:
    # A job in the background ignores SIGINT and hands that on; the command is meant as one in the foreground.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process_ = start("extract", "-", "-f", "jsonl")
    finally:
        signal.signal(signal.SIGINT, before)
    with process_:
        assert process_.stdin is not None
        assert process_.stdout is not None
        process_.stdin.write('{"text": "Police said 12 people were killed."}\n')
        process_.stdin.flush()
        assert json.loads(process_.stdout.readline())["id"] == "stdin:1"
        process_.send_signal(signal.SIGINT)
        assert process_.wait(timeout=60) == 130
        assert process_.stderr is not None
        assert process_.stderr.read() == "error: interrupted\n"


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise elsewhere")
def test_stopped_process_leaves_nothing_beside_its_output(folder: Path) -> None:
    with start("extract", "-", "-f", "jsonl", "-o", "out.jsonl", "-v", cwd=folder) as process_:
        assert process_.stdin is not None
        assert process_.stderr is not None
        process_.stdin.write('{"text": "Police said 12 people were killed."}\n')
        process_.stdin.flush()
        told = [process_.stderr.readline() for _ in range(2)]
        assert told[1].startswith("info: standard input (stdin:1): ")
        assert len(list(folder.glob(".out.jsonl.*.part"))) == 1
        process_.send_signal(signal.SIGTERM)
        assert process_.wait(timeout=60) == 143
        assert process_.stderr.read() == ""
    assert not list(folder.glob("*out.jsonl*"))


def test_info_of_the_shipped_pipeline() -> None:
    with start("info") as process_:
        output, errors = process_.communicate(timeout=120)
    assert (process_.returncode, errors) == (0, "")
    rows = dict(line.split(None, 1) for line in output.splitlines())
    assert list(rows) == [
        "factx", "python", "spacy", "onnxruntime", "numpy", "pipeline", "path", "size", "license", "components",
    ]  # fmt: skip
    assert rows["pipeline"].startswith("en_factx_news ")
    assert "factx_encoder" in rows["components"]
