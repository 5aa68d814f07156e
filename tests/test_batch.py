"""`factx batch`: inputs, formats, order, resuming after a kill at any step, isolation, and what it tells.

Most tests use a worker that needs no trained pipeline (fake_worker.py); the last ones run the real thing.
"""

from __future__ import annotations

import csv
import errno
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_worker
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from factx import cli
from factx.batch import owner, places, run, shards
from factx.batch.inputs import find_sources, read_list
from factx.batch.journal import OtherRunError
from factx.batch.run import Progress, Summary, make_setup, run_batch
from factx.batch.worker import Reader, Setup
from factx.errors import FactxError, OutputError
from factx.schema import make_schema
from factx.write.tables import TABLES

OUTPUTS = ["out.jsonl", "out.jsonl.gz", "out.csv", "out.parquet"]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and forks are there in another manner elsewhere")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, with workers that need no pipeline and small shards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(owner, "_MAIN", fake_worker.MAIN)
    monkeypatch.setattr(shards, "_SHARD_ITEMS", 3)
    fake_worker.install(monkeypatch)
    return tmp_path


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read shards in this very process."""

    @contextmanager
    def open_executor(setup: Setup, *_: object) -> Iterator[Any]:
        reader = Reader(setup, fake_worker.FakePipeline())  # type: ignore[arg-type]

        def submit(shard: shards.Shard) -> Future[shards.Part]:
            future: Future[shards.Part] = Future()
            future.set_result(reader.read(shard, {}, lambda _: None))
            return future

        yield run._Executor(submit, lambda: 2)

    monkeypatch.setattr(run, "_open_executor", open_executor)


def write_articles(*texts: str, name: str = "news.jsonl") -> str:
    lines = (json.dumps({"id": f"n{number}", "text": text}) for number, text in enumerate(texts, start=1))
    Path(name).write_text("".join(f"{line}\n" for line in lines))
    return name


def write_many(count: int = 10) -> str:
    return write_articles(*(f"Police said {number} people died." for number in range(1, count + 1)))


def batch(*inputs: str, output: str = "out.jsonl", **options: Any) -> Summary:
    """Run it with one worker, and a setup whose fields may be given among the options."""
    choices = {name: options.pop(name) for name in list(options) if name in Setup.__dataclass_fields__}
    setup = make_setup(choices.pop("model", None), format=run_format(output), **choices)
    return run_batch(inputs or ["news.jsonl"], output, setup, **{"workers": 1, **options})


def run_format(output: str) -> str:
    return output.rstrip("/").split("out.")[-1]


def read_output(output: str) -> dict[str, bytes]:
    """Read all bytes of an output by the names of its files."""
    path = Path(output)
    return {file.name: file.read_bytes() for file in ([path] if path.is_file() else sorted(path.iterdir()))}


def read_ids(output: str = "out.jsonl") -> list[str]:
    data = Path(output).read_bytes()
    lines = (gzip.decompress(data) if output.endswith(".gz") else data).decode().splitlines()
    return [json.loads(line)["id"] for line in lines]


def read_errors(output: str = "out.jsonl") -> list[tuple[str | None, str]]:
    lines = Path(f"{output}.errors.jsonl").read_text().splitlines()
    return [(error["id"], error["kind"]) for error in map(json.loads, lines)]


def command(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, ["batch", *arguments], input=stdin, prog_name="factx")


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

    write_articles("Police said 12 people died.", "raise", "Nothing.", 'Police: "3 people",\nno more.')
    for output in OUTPUTS:
        batch(output=output)
    records = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert gzip.decompress(Path("out.jsonl.gz").read_bytes()) == Path("out.jsonl").read_bytes()
    assert {path.name for path in Path("out.csv").iterdir()} == {f"{table}.csv" for table in TABLES}
    with Path("out.csv/articles.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["article"], row["id"], row["text"], row["warnings"]) for row in rows] == [
        (str(number), record["id"], record["text"], "[]")
        for number, record in zip((1, 3, 4), records, strict=True)
    ]
    with Path("out.csv/counts.csv").open(newline="") as file:
        counts = [(row["article"], row["low"], row["high"], row["subset"]) for row in csv.DictReader(file)]
    assert counts == [("1", "12", "", "false"), ("4", "3", "", "false")]
    query = "select article, low, high, subset, source_text, name, mentions from 'out.parquet/counts.parquet' c join "
    query += "'out.parquet/entities.parquet' e using (article) where e.entity = c.source_entity order by article"
    assert duckdb.sql(query).fetchall() == [(1, 12, None, False, "Police", "Police", 1)] + [
        (4, 3, None, False, "Police", "Police", 1)
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


# Resuming


def copy_folder() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


@posix
@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("output", ["out.jsonl", "out.parquet"])
def test_killed_at_any_step_and_run_again(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_articles(*(f"Police said {number} people died." for number in range(4)), "raise")
    batch(output=output)
    whole = copy_folder()
    step = killed = 0
    while True:
        for path in (output, f"{output}.errors.jsonl", f"{output}.journal.json"):
            places.LocalPlace().remove(path)
        step += 1
        child = os.fork()
        if child == 0:
            exit_at_step(step)
            batch(output=output)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert batch(output=output).articles == 4
        assert copy_folder() == whole, f"killed at step {step}"
        if status == 0:
            break
        killed += 1
    assert killed > 20


def exit_at_step(step: int) -> None:
    """Let this process end at the given step that changes the disk, half-way through where it can be half done."""
    taken = 0

    def count(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **options: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == step:
                os._exit(9)
            return function(*arguments, **options)

        return wrapper

    os.fsync = count(os.fsync)
    for name in ("mkdir", "open", "rename", "replace", "unlink"):
        setattr(Path, name, count(getattr(Path, name)))
    places.shutil.rmtree = half_remove(count(places.shutil.rmtree))  # type: ignore[assignment]


def half_remove(function: Callable[..., Any]) -> Callable[..., Any]:
    """Remove one file before the rest, so that a kill between the two is met as well."""

    def wrapper(path: str) -> Any:
        next(file for file in sorted(Path(path).rglob("*")) if file.is_file()).unlink()
        return function(path)

    return wrapper


@pytest.mark.usefixtures("in_process")
def test_finished_shards_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    write_many()
    read = Reader.read
    seen: list[int] = []

    def fail_at_third(self: Reader, shard: shards.Shard, *arguments: Any) -> shards.Part:
        seen.append(shard.index)
        if shard.index == 2 and len(seen) < 4:
            raise KeyboardInterrupt
        return read(self, shard, *arguments)

    monkeypatch.setattr(Reader, "read", fail_at_third)
    with pytest.raises(KeyboardInterrupt):
        batch()
    assert not Path("out.jsonl").exists()
    assert (batch().kept, seen) == (6, [0, 1, 2, 2, 3])
    assert read_ids() == [f"n{number}" for number in range(1, 11)]
    assert sorted(os.listdir()) == ["news.jsonl", "out.jsonl", "out.jsonl.journal.json"]


@pytest.fixture
def stopped(in_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a run that was stopped after its first shard."""
    write_many()
    with monkeypatch.context() as patch:
        begin = Reader.read

        def stop_at_second(self: Reader, shard: shards.Shard, *arguments: Any) -> shards.Part:
            if shard.index == 1:
                raise KeyboardInterrupt
            return begin(self, shard, *arguments)

        patch.setattr(Reader, "read", stop_at_second)
        with pytest.raises(KeyboardInterrupt):
            batch()


def change_text() -> None:
    data = Path("news.jsonl").read_text()
    Path("news.jsonl").write_text(data.replace("said 2 people", "said 3 people"))


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (None, {"kinds": ("counts",)}, "was begun with another --only"),
        (None, {"min_confidence": 0.5}, "was begun with another --min-confidence"),
        (None, {"text": False}, "was begun with another --no-text"),
        (None, {"model": "other"}, "was begun with another trained pipeline"),
        (lambda: write_many(12), {}, r"was begun with other inputs \(1 of 512 bytes then, 1 of 618 bytes now\)"),
        (change_text, {}, "was begun with other contents of the inputs, first near news.jsonl"),
    ],
)
@pytest.mark.parametrize("done", [False, True])
def test_another_request_is_told_and_refused(
    change: Callable[[], None] | None, options: dict[str, Any], message: str, done: bool
) -> None:
    if done:
        batch()
    if change:
        change()
    before = copy_folder()
    with pytest.raises(OtherRunError, match=message.replace("begun with other c", "(begun with|made from) other c")):
        batch(**options)
    assert copy_folder() == before
    assert batch(**options, overwrite=True).kept == 0
    assert not Path("out.jsonl.parts").exists()


@pytest.mark.usefixtures("stopped")
def test_timeout_and_workers_may_change() -> None:
    assert batch(timeout=5.0, workers=2).kept == 3


@pytest.mark.usefixtures("in_process")
def test_a_finished_run_has_nothing_to_do() -> None:
    write_articles("Police said 12 people died.", "raise")
    first, before = batch(), copy_folder()
    again = batch()
    assert (again.articles, again.failed, again.words, again.kept) == (first.articles, first.failed, first.words, 2)
    assert copy_folder() == before
    Path("out.jsonl").unlink()
    assert batch().kept == 0
    assert copy_folder() == before


@pytest.mark.usefixtures("in_process")
def test_a_mended_input_needs_overwrite_and_clears_the_errors() -> None:
    write_articles("raise")
    batch()
    write_articles("mended")
    with pytest.raises(OtherRunError):
        batch()
    batch(overwrite=True)
    assert not Path("out.jsonl.errors.jsonl").exists()


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("overwrite", [False, True])
def test_what_somebody_else_wrote_is_not_harmed(overwrite: bool) -> None:
    write_many(3)
    Path("out.csv").mkdir()
    Path("out.csv/thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files too" if overwrite else "is there already; pass --overwrite"):
        batch(output="out.csv", overwrite=overwrite)
    Path("out.jsonl").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        batch(overwrite=overwrite)
    assert sorted(os.listdir()) == ["news.jsonl", "out.csv", "out.jsonl"]
    assert os.listdir("out.csv") == ["thesis.txt"]


@pytest.mark.usefixtures("in_process")
def test_an_output_stays_until_the_new_one_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    write_many()
    Path("out.jsonl").write_text("old\n")
    monkeypatch.setattr(run._Leader, "read", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        batch(overwrite=True)
    assert Path("out.jsonl").read_text() == "old\n"


@posix
def test_two_runs_do_not_write_the_same() -> None:
    write_articles("slowly 0.5 news", *["news"] * 9)
    path = Path("out.jsonl.parts/lock")
    with places.LocalPlace().lock(str(path)), pytest.raises(OutputError, match="another run is at work"):
        batch()
    assert batch().articles == 10


@pytest.mark.usefixtures("stopped")
def test_a_damaged_part_is_told() -> None:
    part = next(Path("out.jsonl.parts").glob("*.zip"))
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 255
    part.write_bytes(data)
    with pytest.raises(OutputError, match=f"{part.name}: is damaged; remove it and run the same command again"):
        batch()
    part.unlink()
    assert batch().articles == 10


# Isolation


@posix
def test_no_article_takes_others_with_it(folder: Path) -> None:
    write_articles(
        "one", "segfault", "three", "raise", "hang", "exit", "seven", f"once {folder / 'mark'}", "print", "ten"
    )
    summary = batch(workers=2, timeout=1.0)
    assert read_ids() == ["n1", "n3", "n7", "n8", "n9", "n10"]
    assert read_errors() == [("n2", "died"), ("n4", "error"), ("n5", "timeout"), ("n6", "died")]
    assert (summary.articles, summary.failed) == (6, 4)
    messages = [json.loads(line)["message"] for line in Path("out.jsonl.errors.jsonl").read_text().splitlines()]
    assert messages == [
        "the worker process was ended by SIGSEGV",
        "could not be processed (ValueError: it exploded); please report it with the text",
        "took longer than 1 seconds",
        "the worker process ended with exit code 7",
    ]


@posix
def test_a_shard_of_poison_does_not_stall_the_pool() -> None:
    write_articles(*["hang"] * 3, *(f"Police said {number} people died." for number in range(12)))
    done: list[int] = []
    batch(workers=2, timeout=1.5, on_progress=lambda progress: done.append(progress.articles))
    # The other worker goes through all the rest while the first waits.
    assert done == [3, 6, 9, 12, 15]
    assert [kind for _, kind in read_errors()] == ["timeout"] * 3


def test_a_worker_that_cannot_start_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    write_many()
    monkeypatch.setattr(owner, "_MAIN", "raise SystemExit('no such thing')")
    with pytest.raises(FactxError, match="a worker could not be started .*exit code 1: no such thing"):
        batch()
    assert os.listdir() == ["news.jsonl"]


def test_a_worker_with_another_program_is_refused() -> None:
    write_many()
    setup = replace(make_setup(), program={"pipeline": "None", "factx": "newer"})
    with pytest.raises(FactxError, match="the worker has another version of factx"):
        run_batch(["news.jsonl"], "out.jsonl", setup, workers=1)


@pytest.mark.usefixtures("in_process")
def test_a_shard_that_a_cluster_loses_is_tried_again_and_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    write_many(4)
    read = Reader.read
    tried: list[int] = []

    def lose(self: Reader, shard: shards.Shard, *arguments: Any) -> shards.Part:
        tried.append(shard.index)
        return read(self, shard, *arguments)

    monkeypatch.setattr(Reader, "read", lose)
    result = Future.result

    def fail(self: Future[shards.Part], timeout: float | None = None) -> shards.Part:
        part = result(self, timeout)
        if part.articles == 3:
            raise RuntimeError("KilledWorker")
        return part

    monkeypatch.setattr(Future, "result", fail)
    summary = batch()
    assert (sorted(tried), summary.articles, summary.failed) == ([0, 0, 0, 1], 1, 3)
    assert read_errors() == [("n1", "died"), ("n2", "died"), ("n3", "died")]


# Disks


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("output", ["out.jsonl", "out.parquet"])
def test_full_disk(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_many()
    fsync = os.fsync
    left = 6

    def fill(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fill)
    with pytest.raises(OutputError, match=r"no space left on device\); 2 shards are kept: make room and run the same"):
        batch(output=output)
    left = 1000
    assert batch(output=output).kept == 6


@posix
def test_limit_of_the_size_of_files() -> None:
    write_articles(*("Police said 12 people died. " * 300 for _ in range(30)))
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    code += f"sys.path.append({str(Path(__file__).parent)!r})\n"
    code += "import fake_worker; fake_worker.install(fake_worker._Patch)\n"
    code += "from factx.batch import owner, shards; owner._MAIN = fake_worker.MAIN; shards._SHARD_ITEMS = 3\n"
    code += "from factx.cli import main; main()"
    arguments = [sys.executable, "-c", code, "batch", "news.jsonl", "-o", "out.jsonl", "-j", "1"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: out.jsonl: cannot be written (file too large); 10 shards are kept")
    assert batch().articles == 30


@pytest.mark.usefixtures("in_process")
def test_targets_that_cannot_be_written() -> None:
    write_many()
    for output in ("nowhere/out.jsonl", "news.jsonl/out.jsonl"):
        with pytest.raises(OutputError, match=f"{output}: cannot be written"):
            batch(output=output)
    if os.name == "posix" and os.geteuid():
        Path("locked").mkdir(mode=0o500)
        with pytest.raises(OutputError, match="locked/out.jsonl: cannot be written"):
            batch(output="locked/out.jsonl")


# Elsewhere


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("output", OUTPUTS)
def test_inputs_and_outputs_at_urls(output: str) -> None:
    import fsspec

    files = fsspec.filesystem("memory")
    write_many(7)
    files.pipe_file("/in/news.jsonl.gz", gzip.compress(Path("news.jsonl").read_bytes()))
    files.pipe_file("/in/more.txt", b"Nothing happened.")
    batch("more.txt", "news.jsonl", output=output) if Path("more.txt").write_text("Nothing happened.") else None
    try:
        url = f"memory://{output}"
        summary = batch("memory://in/*", output=url)
        assert (summary.articles, batch("memory://in/*", output=url).kept) == (8, 8)
        assert not files.exists(f"/{output}.parts")
        if not url.endswith(("csv", "parquet")):
            data = files.cat_file(f"/{output}")
            text = (gzip.decompress(data) if output.endswith(".gz") else data).decode()
            assert [json.loads(line)["id"] for line in text.splitlines()] == ["more", *(f"n{n}" for n in range(1, 8))]
        else:
            assert {name.rsplit("/", 1)[1] for name in files.ls(f"/{output}", detail=False)} == set(read_output(output))
        with pytest.raises(OtherRunError):
            batch("memory://in/*.txt", output=url)
    finally:
        files.store.clear()


@pytest.mark.usefixtures("in_process")
def test_interrupted_at_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    import fsspec

    write_many()
    files = fsspec.filesystem("memory")
    keep = run.Journal.keep
    try:
        with monkeypatch.context() as patch:
            stop = iter([False, False, True])
            patch.setattr(run.Journal, "keep", lambda *all_: None if not next(stop) and keep(*all_) else stop_here(*all_))
            with pytest.raises(KeyboardInterrupt):
                batch(output="memory://out.jsonl")
        assert batch(output="memory://out.jsonl").kept == 6
    finally:
        files.store.clear()


def stop_here(*arguments: Any) -> None:
    if arguments[1].index == 2:
        raise KeyboardInterrupt


@pytest.mark.usefixtures("in_process")
def test_a_url_of_an_unknown_kind_is_told() -> None:
    write_many()
    with pytest.raises(OutputError, match="nope://bucket/out.jsonl: "):
        batch(output="nope://bucket/out.jsonl")
    with pytest.raises(OutputError, match="nope://bucket/in.jsonl: "):
        batch("nope://bucket/in.jsonl", "news.jsonl")


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
    assert sorted(os.listdir()) == ["news.jsonl", "old.jsonl"]


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
    assert os.listdir() == ["news.jsonl"]


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


# The real thing, as a process


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "factx", "batch", *arguments], stderr=subprocess.PIPE, text=True, start_new_session=True
    )


@posix
def test_real_run_killed_and_resumed() -> None:
    texts = [f"Police said on Friday that {number} people were killed in Kabul." for number in range(2, 80)]
    write_articles(*texts)
    for killed in (True, False):
        with start("news.jsonl", "-o", "out.jsonl", "-j", "1") as process:
            while killed and not list(Path("out.jsonl.parts").glob("*.zip")):
                assert process.poll() is None
                time.sleep(0.01)
            if killed:
                os.killpg(process.pid, signal.SIGKILL)
            assert process.stderr is not None
            told = process.stderr.read()
    assert process.returncode == 0, told
    assert "done before" in told
    records = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [record["counts"][0]["low"] for record in records] == list(range(2, 80))
    batch_again = [sys.executable, "-m", "factx", "extract", "news.jsonl", "-f", "jsonl"]
    direct = subprocess.run(batch_again, capture_output=True, check=True)
    assert direct.stdout == Path("out.jsonl").read_bytes()
