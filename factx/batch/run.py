"""Lead a run: hand the shards of the input to workers, keep what comes back, and join it when all is done.

The executor decides where the work is done: threads of this process that own a worker process each, or a Dask cluster.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from factx.batch.inputs import describe_sources, find_sources, read_items
from factx.batch.journal import Journal, Request, list_own_paths
from factx.batch.outputs import make_format
from factx.batch.owner import end_workers, read_shard
from factx.batch.program import describe_program
from factx.batch.shards import Failure, Part, cut_shards, dump_part
from factx.batch.worker import Setup
from factx.errors import FactxError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from factx.batch.journal import Outcome
    from factx.batch.shards import PartFile, Shard

# Shards handed out for each worker: the one it reads and the next, so that it need not wait.
_AHEAD = 2
# A cluster loses a shard for good only after it has lost some workers with it; that many times it is handed out anew.
_MOST_LOSSES = 3
# How long nothing may come back before it is looked whether the cluster has grown.
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    articles: int
    """Articles that are done, also those of a run before this one and those that failed."""
    kept: int
    """How many of them were done before."""
    failed: int
    """How many failed in this run."""
    position: int
    """Bytes of the inputs that are done."""
    size: int
    """Bytes of the inputs; 0 if that is not known."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run."""

    articles: int
    """Articles in the output."""
    failed: int
    """Articles that could not be read; `errors` tells which and why."""
    words: int
    """Words of the articles in the output."""
    kept: int
    """Articles, also failed ones, that an earlier run had done."""
    seconds: float
    """How long this run took."""
    errors: str
    """Path of the list of errors."""

    def describe(self) -> str:
        """Tell it in a line."""
        done = self.articles + self.failed
        told = [f"{self.articles:,} articles", f"{self.words:,} words"]
        if self.kept == done:
            told.append("all done before")
        else:
            rate = (done - self.kept) / self.seconds if self.seconds else 0.0
            told.append(f"{self.seconds:,.1f} s" + (f", {rate:.1f} articles a second" if rate else ""))
            if self.kept:
                told.append(f"{self.kept:,} done before")
        if self.failed:
            told.insert(1, f"{self.failed:,} failed")
        return ", ".join(told)


def run_batch(  # noqa: PLR0913 - one argument for each way to run
    inputs: Sequence[str],
    output: str,
    setup: Setup | None = None,
    *,
    workers: int | None = None,
    dask: str | None = None,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Read the facts of many articles into one output; a run that was stopped goes on where it was.

    Args:
        inputs: Files, folders, patterns, URLs that fsspec knows, or "-".
        output: A file or, for tables, a folder; here or at a URL that fsspec knows.
        setup: What is read and written; `make_setup` makes it.
        workers: Processes on this machine; by default one for each core that may be used.
        dask: Address of a Dask scheduler, whose workers are taken instead.
        overwrite: Whether to start anew where an output, or a part of one, is there.
        on_progress: Told from time to time how far the run is.

    Returns:
        What came of it.

    Raises:
        OtherRunError: The output belongs to a run with other inputs, options or another program.
        OutputError: The output cannot be written; what is done is kept.
        PipelineError: The pipeline cannot be loaded.
    """
    begun = time.monotonic()
    setup = setup or make_setup()
    own_paths = list_own_paths(output)
    listing = describe_sources(find_sources(inputs, own_paths))
    request = Request(setup.program, _describe_options(setup), listing)
    journal = Journal(output, make_format(setup.format, text=setup.text), request)
    # Found a second time instead of kept: a list of a million files would be most of this process.
    shards = cut_shards(read_items(find_sources(inputs, own_paths), setup.read))
    outcome = None if overwrite else journal.find_outcome()
    if outcome is not None:
        _compare_contents(shards, outcome, journal)
        kept = outcome.articles + outcome.failed
    else:
        with journal.open(overwrite=overwrite):
            leader = _Leader(journal, listing.size, on_progress)
            with _open_executor(setup, workers, dask) as executor:
                leader.read(shards, executor)
            outcome = journal.finish(leader.shards)
            kept = leader.kept
    seconds = time.monotonic() - begun
    return Summary(outcome.articles, outcome.failed, outcome.words, kept, seconds, journal.errors)


def make_setup(model: str | None = None, **choices: object) -> Setup:
    """Make a setup for the program that is installed here.

    Args:
        model: A pipeline's folder or package name; None for the shipped one.
        **choices: The other fields of `Setup`.

    Returns:
        What every worker of a run is given.

    Raises:
        PipelineError: There is no such pipeline.
    """
    return replace(Setup(describe_program(model), model), **choices)  # type: ignore[arg-type] # checked by replace


def count_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _describe_options(setup: Setup) -> dict[str, object]:
    """Name the options that change the output; neither who does the work nor how long an article may take is one."""
    read = asdict(setup.read)
    fields: dict[str, str] = read.pop("fields")
    return {
        "--format": setup.format,
        "--no-text": not setup.text,
        "--only": list(setup.kinds),
        "--min-confidence": setup.min_confidence,
        "--input": read.pop("kind"),
        **{f"--{name}": value for name, value in read.items()},
        **{f"--{name}-field": value for name, value in fields.items()},
    }


def _compare_contents(shards: Iterable[Shard], outcome: Outcome, journal: Journal) -> None:
    """Check that an output which is there was made from these very inputs.

    Raises:
        OtherRunError: It was made from others.
    """
    number = 0
    for number, shard in enumerate(shards, start=1):
        if number > len(outcome.shards) or shard.fingerprint != outcome.shards[number - 1]:
            raise journal.refuse("was made from other contents of the inputs", shard)
    if number != len(outcome.shards):
        raise journal.refuse("was made from more articles than there are now", None)


@dataclass(frozen=True, slots=True)
class _Executor:
    """Who does the work."""

    submit: Callable[[Shard], Future[PartFile]]
    """Hands out a shard."""
    measure: Callable[[], int]
    """Tells how many shards can be read at once."""


class _Leader:
    """Hands out the shards of a run and keeps what comes of them.

    Args:
        journal: Keeps the parts.
        size: Bytes of the inputs.
        on_progress: Told how far the run is.
    """

    def __init__(self, journal: Journal, size: int, on_progress: Callable[[Progress], None] | None) -> None:
        self._journal, self._size, self._on_progress = journal, size, on_progress
        self._out: dict[Future[PartFile], Shard] = {}
        self._losses: Counter[int] = Counter()
        self._articles = self._failed = self._position = 0
        self.kept = 0
        """Articles of shards that were done before."""
        self.shards = 0
        """Shards of the whole run."""

    def read(self, shards: Iterable[Shard], executor: _Executor) -> None:
        """Read the shards that are not done yet."""
        for shard in shards:
            self.shards += 1
            if self._journal.holds(shard):
                self.kept += len(shard.items)
                self._count(shard, 0)
                continue
            self._keep_done(executor, 0)
            while len(self._out) >= _AHEAD * max(1, executor.measure()):
                self._keep_done(executor)
            self._out[executor.submit(shard)] = shard
        while self._out:
            self._keep_done(executor)

    def _keep_done(self, executor: _Executor, timeout: float = _PATIENCE_SECONDS) -> None:
        """Wait until something is done, and keep it."""
        done, _ = wait(self._out, timeout, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda future: self._out[future].index):
            shard = self._out.pop(future)
            try:
                part = future.result()
            except FactxError:
                raise
            except CancelledError:
                raise FactxError("the cluster has dropped the work; run the same command again to go on") from None
            except Exception as error:  # noqa: BLE001 - whatever a cluster says when it has lost worker after worker
                self._losses[shard.index] += 1
                if self._losses[shard.index] < _MOST_LOSSES:
                    self._out[executor.submit(shard)] = shard
                    continue
                part = self._give_up(shard, error)
            self._journal.keep(shard, part)
            self._count(shard, part.failed)

    def _give_up(self, shard: Shard, error: Exception) -> PartFile:
        """Make a part of a shard that cannot be read."""
        message = f"the cluster lost it time and again ({type(error).__name__}: {error})"
        failures = (
            Failure(shard.first + offset, item.source, getattr(item, "id", None), "died", message)
            for offset, item in enumerate(shard.items)
        )
        return dump_part(Part(0, 0, tuple(failures), self._journal.format.pack(())))

    def _count(self, shard: Shard, failed: int) -> None:
        self._articles += len(shard.items)
        self._failed += failed
        self._position = max(self._position, shard.position)
        if self._on_progress is not None:
            self._on_progress(Progress(self._articles, self.kept, self._failed, self._position, self._size))


@contextmanager
def _open_executor(setup: Setup, workers: int | None, dask: str | None) -> Iterator[_Executor]:
    """Get at those who do the work."""
    run = uuid.uuid4().hex  # names the run, so that a worker of another one is not taken for it
    if dask is not None:
        from factx.batch.cluster import open_cluster

        with open_cluster(dask) as (executor, measure):
            yield _Executor(lambda shard: executor.submit(read_shard, shard, setup, run), measure)
        return
    count = workers or count_cores()
    threads = ThreadPoolExecutor(count, thread_name_prefix="factx owner")
    try:
        yield _Executor(lambda shard: threads.submit(read_shard, shard, setup, run), lambda: count)
    finally:
        end_workers(run)
        threads.shutdown(cancel_futures=True)
