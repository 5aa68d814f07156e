"""`factx batch --dask` with a real scheduler and two worker processes, one of which is killed in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import fake_worker
import pytest
from typer.testing import CliRunner

from factx import cli
from factx.batch import owner, shards

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed in another manner elsewhere")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a scheduler and two workers, in this order; without nannies, so that one that is killed stays away."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(owner, "_MAIN", fake_worker.MAIN)
    monkeypatch.setattr(shards, "_SHARD_ITEMS", 2)
    fake_worker.install(monkeypatch)
    where = tmp_path / "scheduler.json"
    scheduler = ["scheduler", "--scheduler-file", where, "--port", "0", "--no-dashboard", "--host", "127.0.0.1"]
    worker = ["worker", "--scheduler-file", where, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    worker += ["--preload", fake_worker.__file__, "--local-directory", tmp_path]
    with ExitStack() as stack:
        processes = []
        for arguments in (scheduler, worker, worker):
            code = "from distributed.cli import dask_{0}; dask_{0}.main()".format(arguments[0])
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments[1:])], stderr=subprocess.DEVNULL
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            processes.append(process)
            wait_until(where.exists)
        yield str(where), processes


def wait_until(condition: object) -> None:
    end = time.monotonic() + 120
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def find_children(process: subprocess.Popen[bytes]) -> list[int]:
    paths = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(child) for path in paths for child in path.read_text().split()]


@pytest.mark.filterwarnings("ignore")
def test_a_lost_worker_changes_nothing(cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    where, (_, *workers) = cluster
    texts = [f"slowly 0.1 Police said {number} people died." for number in range(24)]
    texts[3:3] = ["raise", "segfault"]
    lines = (json.dumps({"text": text}) + "\n" for text in texts)
    Path("news.jsonl").write_text("".join(lines))
    here = CliRunner().invoke(cli.app, ["batch", "news.jsonl", "-o", "here.jsonl", "-j", "1"])
    assert here.exit_code == 1
    orphans: list[int] = []

    def kill_one() -> None:
        wait_until(lambda: len(list(Path("there.jsonl.parts").glob("*.zip"))) >= 3)
        orphans.extend(find_children(workers[0]))
        assert orphans or not Path("/proc").is_dir()
        workers[0].kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    there = CliRunner().invoke(cli.app, ["batch", "news.jsonl", "-o", "there.jsonl", "--dask", where])
    killer.join()
    assert workers[0].wait() == -9
    assert there.exit_code == 1, there.output
    assert there.stderr.startswith("error: 24 articles, 2 failed, ")
    assert Path("there.jsonl").read_bytes() == Path("here.jsonl").read_bytes()
    assert Path("there.jsonl.errors.jsonl").read_bytes() == Path("here.jsonl.errors.jsonl").read_bytes()
    # The worker processes of the one that was killed end by themselves.
    wait_until(lambda: not any(Path(f"/proc/{orphan}").exists() for orphan in orphans))


@pytest.mark.filterwarnings("ignore")
def test_a_lost_scheduler_ends_the_run_which_goes_on_here(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    where, processes = cluster
    lines = (json.dumps({"text": f"slowly 0.2 Police said {number} people died."}) + "\n" for number in range(40))
    Path("news.jsonl").write_text("".join(lines))

    def kill_scheduler() -> None:
        wait_until(lambda: list(Path("out.jsonl.parts").glob("*.zip")))
        processes[0].kill()

    killer = threading.Thread(target=kill_scheduler)
    killer.start()
    lost = CliRunner().invoke(cli.app, ["batch", "news.jsonl", "-o", "out.jsonl", "--dask", where])
    killer.join()
    assert lost.exit_code == 1
    assert lost.stderr.startswith("error: ")
    assert lost.stderr.endswith("run the same command again to go on\n")
    assert lost.stderr.count("\n") == 1
    again = CliRunner().invoke(cli.app, ["batch", "news.jsonl", "-o", "out.jsonl", "-j", "2"])
    assert again.exit_code == 0
    assert "done before" in again.stderr
    assert len(Path("out.jsonl").read_text().splitlines()) == 40


@pytest.mark.filterwarnings("ignore")
def test_no_scheduler_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from factx.batch import cluster

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    fake_worker.install(monkeypatch)
    Path("a.txt").write_text("Nothing happened.")
    result = CliRunner().invoke(cli.app, ["batch", "a.txt", "-o", "out.jsonl", "--dask", "tcp://127.0.0.1:9"])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: tcp://127.0.0.1:9: no Dask scheduler answers (")
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
