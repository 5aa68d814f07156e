"""`factx batch` goes on after a kill at any step, refuses what is another run, and does no harm to files."""

from __future__ import annotations

import errno
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
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

from factx.batch import places, run, shards
from factx.batch.journal import OtherRunError
from factx.batch.worker import Reader
from factx.errors import OutputError

posix = pytest.mark.skipif(os.name != "posix", reason="signals and forks are there in another manner elsewhere")


# Resuming


def copy_folder() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


@posix
@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("output", ["out.jsonl", "out.parquet"])
def test_killed_at_any_step_and_run_again(output: str) -> None:
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
    assert list_names() == ["news.jsonl", "out.jsonl", "out.jsonl.journal.json"]


@pytest.fixture
def stopped(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a run that was stopped after its first shard."""
    request.getfixturevalue("in_process")
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
    change: Callable[[], None] | None, options: dict[str, Any], message: str, *, done: bool
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
def test_what_somebody_else_wrote_is_not_harmed(*, overwrite: bool) -> None:
    write_many(3)
    Path("out.csv").mkdir()
    Path("out.csv/thesis.txt").write_text("mine")
    with pytest.raises(
        OutputError, match="holds other files too" if overwrite else "is there already; pass --overwrite"
    ):
        batch(output="out.csv", overwrite=overwrite)
    Path("out.jsonl").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        batch(overwrite=overwrite)
    assert list_names() == ["news.jsonl", "out.csv", "out.jsonl"]
    assert list_names("out.csv") == ["thesis.txt"]


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
    code += "import fake_worker; fake_worker.start_command()"
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
        with pytest.raises(OutputError, match=r"locked/out\.jsonl: cannot be written"):
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
            patch.setattr(
                run.Journal, "keep", lambda *all_: None if not next(stop) and keep(*all_) else stop_here(*all_)
            )
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
    with pytest.raises(OutputError, match=r"nope://bucket/out\.jsonl: "):
        batch(output="nope://bucket/out.jsonl")
    with pytest.raises(OutputError, match=r"nope://bucket/in\.jsonl: "):
        batch("nope://bucket/in.jsonl", "news.jsonl")
