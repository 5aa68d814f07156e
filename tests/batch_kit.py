"""What the tests of `factx batch` share: articles to read, runs without a trained pipeline, and what came of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fake_worker
import pytest
from typer.testing import CliRunner, Result

from factx import cli
from factx.batch import owner, run, shards
from factx.batch.run import Summary, make_setup, run_batch
from factx.batch.worker import Reader, Setup

OUTPUTS = ["out.jsonl", "out.jsonl.gz", "out.csv", "out.parquet"]


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

        def submit(shard: shards.Shard) -> Future[shards.PartFile]:
            future: Future[shards.PartFile] = Future()
            future.set_result(shards.dump_part(reader.read(shard, {}, lambda _: None)))
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


def list_names(folder: str = ".") -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())
