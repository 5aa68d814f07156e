"""Own workers: start them, hand them shards, and find out which article is to blame when one is lost.

Each thread that reads shards owns one worker process, be it a thread of this run or of a Dask worker: `read_shard` is
what an executor is given, and all that differs between one machine and a cluster is the executor.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING

from factx.batch.shards import dump_part
from factx.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from factx.batch.shards import FailureKind, Part, PartFile, Shard
    from factx.batch.worker import Setup

# What a worker runs. The module search path goes with it, for it must be this very factx; -P keeps the present folder
# out, where a file may have the name of a module.
_MAIN = "import sys; sys.path[:] = {path!r}; from factx.batch.worker import main; main()"
# A worker that has not loaded the pipeline by then never will.
_START_SECONDS = 300.0
# On a cluster nobody tells that the run is over: a worker without work ends by itself.
_IDLE_SECONDS = 120.0
# How often it is looked at whether a worker is overdue.
_WATCH_SECONDS = 0.2
# One thread each: more would be in each other's way, for there is a worker for each core.
_THREADS = dict.fromkeys(("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
# A process may be killed for no fault of its article, by the system or by hand; twice at the same one is no accident.
_DEATHS_TO_BLAME = 2


class WorkerLostError(Exception):
    """A worker ended before its shard did.

    Args:
        offset: The article it was at, or None between articles.
        kind: "timeout" or "died".
        message: What happened.
    """

    def __init__(self, offset: int | None, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.offset, self.kind, self.message = offset, kind, message


class Worker:
    """One worker process.

    Args:
        setup: What it needs to know.

    Raises:
        PipelineError: It cannot be started, or cannot load the pipeline.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._timeout = setup.timeout
        self._overdue = False
        self._deadline: float | None = time.monotonic() + _START_SECONDS
        self._idle_since: float | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the worker is
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-c", _MAIN.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env={**_THREADS, **os.environ},
            )
        except OSError as error:
            self._errors.close()
            raise PipelineError(f"a worker could not be started ({error.strerror or error})") from None
        assert self._process.stdin is not None  # noqa: S101 - asked for
        assert self._process.stdout is not None  # noqa: S101 - asked for
        self._requests: BinaryIO = self._process.stdin  # type: ignore[assignment] # bytes
        self._answers: BinaryIO = self._process.stdout  # type: ignore[assignment] # bytes
        threading.Thread(target=self._watch, name="factx watch", daemon=True).start()
        try:
            self._send(setup)
            word, value = self._receive(None)
        except WorkerLostError as error:
            message = f"a worker could not be started ({error.message}{self._last_words()})"
            self.end()
            raise PipelineError(message) from None
        if word == "failed":
            self.end()
            raise PipelineError(str(value))
        self._rest()

    @property
    def alive(self) -> bool:
        """Whether it can take a shard."""
        return self._process.poll() is None

    def read(self, shard: Shard, failed: Mapping[int, tuple[FailureKind, str]]) -> Part:
        """Read a shard.

        Args:
            shard: What is read.
            failed: Offsets of articles that are not to be tried, with what became of them.

        Raises:
            WorkerLostError: The worker died or was ended because of its article.
        """
        self._idle_since = None
        offset: int | None = None
        self._send((shard, failed))
        while True:
            word, value = self._receive(offset)
            if word == "done":
                self._rest()
                return value  # type: ignore[return-value] # what the worker sends with this word
            offset = value  # type: ignore[assignment] # the same
            self._deadline = None if self._timeout is None else time.monotonic() + self._timeout

    def end(self) -> None:
        """End it, whatever it is doing."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._requests, self._answers, self._errors):
            with suppress(OSError):  # of what was left to be written nobody knows any more
                stream.close()

    def _rest(self) -> None:
        self._deadline, self._idle_since = None, time.monotonic()

    def _send(self, message: object) -> None:
        try:
            pickle.dump(message, self._requests, pickle.HIGHEST_PROTOCOL)
            self._requests.flush()
        except OSError:
            raise self._find_cause(None) from None

    def _receive(self, offset: int | None) -> tuple[str, object]:
        try:
            return pickle.load(self._answers)  # type: ignore[no-any-return] # noqa: S301 - from our own process
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):  # ValueError: closed by `end`
            raise self._find_cause(offset) from None

    def _find_cause(self, offset: int | None) -> WorkerLostError:
        """Find out why the worker is gone."""
        with suppress(OSError):
            self._process.kill()
        code = self._process.wait()
        if self._overdue and self._timeout is not None and offset is not None:
            return WorkerLostError(offset, "timeout", f"took longer than {self._timeout:g} seconds")
        if code < 0:
            try:
                how = f"was ended by {signal.Signals(-code).name}"
            except ValueError:
                how = f"was ended by signal {-code}"
            if -code == getattr(signal, "SIGKILL", 9):
                how += ", as when memory runs out"
        else:
            how = f"ended with exit code {code}"
        return WorkerLostError(offset, "died", f"the worker process {how}")

    def _last_words(self) -> str:
        """Tell what the process printed last."""
        with suppress(OSError, ValueError):
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").strip().splitlines()
            return f": {lines[-1]}" if lines else ""
        return ""

    def _watch(self) -> None:
        """End the process when it is overdue, or has been without work for long."""
        while self._process.poll() is None:
            now = time.monotonic()
            deadline, idle_since = self._deadline, self._idle_since
            if deadline is not None and now > deadline:
                self._overdue = True
                with suppress(OSError):
                    self._process.kill()
            elif idle_since is not None and now > idle_since + _IDLE_SECONDS:
                with suppress(OSError):
                    self._process.kill()
            time.sleep(_WATCH_SECONDS)


_mine = threading.local()
_lock = threading.Lock()
_all: dict[int, Worker] = {}
_ended: set[str] = set()


def read_shard(shard: Shard, setup: Setup, run: str) -> PartFile:
    """Read a shard in the worker process of this thread, whatever happens to it.

    Args:
        shard: What is read.
        setup: What the worker needs to know.
        run: Names the run; another one gets another worker.

    Returns:
        What came of the shard; articles that take too long or a worker with them are among its failures.

    Raises:
        PipelineError: No worker can be started.
        CancelledError: The run has been ended.
    """
    failed: dict[int, tuple[FailureKind, str]] = {}
    deaths: Counter[int | None] = Counter()
    while True:
        worker = _take_worker(setup, run)
        try:
            # Packed here, which on a cluster is not where all shards come together.
            return dump_part(worker.read(shard, failed))
        except WorkerLostError as loss:
            _drop_worker()
            if run in _ended:
                raise CancelledError from None
            deaths[loss.offset] += 1
            if loss.offset is None:
                if deaths[None] > _DEATHS_TO_BLAME:
                    raise PipelineError(f"{loss.message}, time and again, before it had begun to read") from None
            elif loss.kind == "timeout" or deaths[loss.offset] >= _DEATHS_TO_BLAME:
                failed[loss.offset] = loss.kind, loss.message


def end_workers(run: str) -> None:
    """End the workers of this process and take no more shards of the run."""
    _ended.add(run)
    with _lock:
        for worker in _all.values():
            worker.end()
        _all.clear()


def _take_worker(setup: Setup, run: str) -> Worker:
    """Take this thread's worker, or start one."""
    worker: Worker | None = getattr(_mine, "worker", None)
    if worker is not None and (_mine.run != run or not worker.alive):
        _drop_worker()
        worker = None
    if run in _ended:
        raise CancelledError
    if worker is None:
        worker = Worker(setup)
        _mine.worker, _mine.run = worker, run
        with _lock:
            _all[id(worker)] = worker
        if run in _ended:  # while it was being started
            _drop_worker()
            raise CancelledError
    return worker


def _drop_worker() -> None:
    worker: Worker | None = getattr(_mine, "worker", None)
    if worker is not None:
        worker.end()
        with _lock:
            _all.pop(id(worker), None)
        _mine.worker = None
