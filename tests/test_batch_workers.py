"""`factx batch`: no article harms another, and the real thing is killed and goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

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

from factx.batch import owner, shards
from factx.batch.run import make_setup, run_batch
from factx.batch.worker import Reader
from factx.errors import FactxError

posix = pytest.mark.skipif(os.name != "posix", reason="signals and forks are there in another manner elsewhere")


# Isolation


@posix
def test_no_article_takes_others_with_it(tmp_path: Path) -> None:
    write_articles(
        "one", "segfault", "three", "raise", "hang", "exit", "seven", f"once {tmp_path / 'mark'}", "print", "ten"
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
    with pytest.raises(FactxError, match=r"a worker could not be started .*exit code 1: no such thing"):
        batch()
    assert list_names() == ["news.jsonl"]


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

    def fail(self: Future[shards.PartFile], timeout: float | None = None) -> shards.PartFile:
        part = result(self, timeout)
        if shards.load_part(part.data).articles == 3:
            raise RuntimeError("KilledWorker")
        return part

    monkeypatch.setattr(Future, "result", fail)
    summary = batch()
    assert (sorted(tried), summary.articles, summary.failed) == ([0, 0, 0, 1], 1, 3)
    assert read_errors() == [("n1", "died"), ("n2", "died"), ("n3", "died")]


@posix
def test_ctrl_c_ends_the_run_and_its_workers_and_it_goes_on() -> None:
    write_articles(*(f"slowly 0.05 Police said {number} people died." for number in range(60)))
    with start_fake("news.jsonl", "-o", "out.jsonl", "-j", "2") as process:
        wait_for_part(process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to all processes
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told == "info: what is done is kept; run the same command again to go on\nerror: interrupted\n"
    summary = batch()
    assert 3 <= summary.kept < 60
    assert read_ids() == [f"n{number}" for number in range(1, 61)]


def start_fake(*arguments: str) -> subprocess.Popen[str]:
    """Start the command as a process of its own, with workers that need no pipeline."""
    code = (
        f"import sys; sys.path.append({str(Path(__file__).parent)!r}); import fake_worker; fake_worker.start_command()"
    )
    # A job in the background ignores SIGINT and hands that on; the command is meant as one in the foreground.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-c", code, "batch", *arguments], stderr=subprocess.PIPE, text=True, start_new_session=True
        )
    finally:
        signal.signal(signal.SIGINT, before)


def wait_for_part(process: subprocess.Popen[str]) -> None:
    while not list(Path("out.jsonl.parts").glob("*.zip")):
        assert process.poll() is None
        time.sleep(0.01)


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
            if killed:
                wait_for_part(process)
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
