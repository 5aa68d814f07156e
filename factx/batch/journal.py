"""The journal of a run: what it was asked, what is done, and the steps by which the output gets into its place.

    OUT.journal.json   what was asked (program, options, inputs) and whether it is done; stays beside the output
    OUT.parts/         a file for each shard that is done, named by its place and fingerprint; removed at the end
    OUT                appears when it is whole

Every file is written beside its place, flushed to the disk and moved in, and the steps are in such an order that a run
killed between any two of them goes on from there: the journal is written before the first part; a part is there or not;
the output is joined from the parts as often as need be; it is called done only when the output is in its place; and
only then the parts are removed.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from factx.batch.places import local_path, open_place
from factx.batch.shards import load_part
from factx.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factx.batch.inputs import Listing
    from factx.batch.outputs import Format
    from factx.batch.shards import Failure, Part, PartFile, Shard

_PART = re.compile(r"(\d{8})-([0-9a-f]{32})\.zip")
_VERSION = 1


class OtherRunError(OutputError):
    """The output belongs to a run that was asked something else."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked; a run goes on only with the same."""

    program: Mapping[str, str]
    """What `describe_program` says."""
    options: Mapping[str, Any]
    """The options that change the output, by their names in messages."""
    inputs: Listing
    """What the inputs are."""


@dataclass(slots=True)
class Outcome:
    """What has become of a run so far."""

    articles: int = 0
    """How many were read."""
    failed: int = 0
    """How many could not be."""
    words: int = 0
    """How many words the articles have, split at blanks."""
    shards: list[str] = field(default_factory=list)
    """Fingerprints of the shards, in order."""


def list_own_paths(output: str) -> tuple[str, str, str, str]:
    """List all that a run writes: the output, the list of errors, the journal and the folder of parts."""
    path = local_path(output).rstrip("/\\")
    return path, f"{path}.errors.jsonl", f"{path}.journal.json", f"{path}.parts"


class Journal:
    """The journal of one output.

    Args:
        output: Path or URL of the output.
        format: Its format.
        request: What is asked.
    """

    def __init__(self, output: str, format: Format, request: Request) -> None:
        self.output, self.errors, self._state, self._parts = list_own_paths(output)
        self.format, self._request = format, request
        self._place = open_place(output)
        self._done: dict[int, str] = {}

    @property
    def done(self) -> int:
        """How many shards are done."""
        return len(self._done)

    def find_outcome(self) -> Outcome | None:
        """Find the outcome of the very run that is asked, if the output is in its place already.

        Raises:
            OtherRunError: There is an output, but of another run.
        """
        state = self._load_state()
        if state is None or state["outcome"] is None or not self._place.exists(self.output):
            return None
        self._compare(state["request"])
        self._place.remove(self._parts)  # if the run was killed just before it did so itself
        return Outcome(**state["outcome"])

    @contextmanager
    def open(self, *, overwrite: bool) -> Iterator[None]:
        """Begin a run or go on with one, and keep others away meanwhile.

        Args:
            overwrite: Whether what is there, also the parts of a run that was not ended, is to be replaced.

        Raises:
            OtherRunError: The output belongs to another run, and is not to be overwritten.
            OutputError: The files cannot be written, or another run is at work on them.
        """
        if not overwrite:
            self._check_output(self._load_state())
        self._check_target()
        with ExitStack() as stack:
            with self._word_errors():
                stack.enter_context(self._place.lock(f"{self._parts}/lock"))
                goes_on = self._begin(overwrite=overwrite)
            try:
                yield
            finally:
                # The disk is asked, for an interrupt may come between a part and the note of it.
                if not goes_on and not self._find_parts() and self._load_outcome() is None:
                    # Nothing was done: nothing is left behind.
                    self._place.remove(self._state)
                    self._place.remove(self._parts)

    def _begin(self, *, overwrite: bool) -> bool:
        """Go on with a run, or begin a new one.

        Returns:
            Whether it goes on.
        """
        state = self._load_state()  # once more, as another run may just have ended
        if state is not None and state["outcome"] is None and not overwrite:
            self._compare(state["request"])
            self._done = self._find_parts()
            return True
        for name in self._place.list(self._parts):
            if name != "lock":
                self._place.remove(f"{self._parts}/{name}")
        self._store_state(None)
        return False

    def _find_parts(self) -> dict[int, str]:
        """Find the shards that are done, with their fingerprints."""
        found = (_PART.fullmatch(name) for name in self._place.list(self._parts))
        return {int(match[1]): match[2] for match in found if match}

    def holds(self, shard: Shard) -> bool:
        """Tell whether a shard is done.

        Raises:
            OtherRunError: Another one is, in its place: the input has changed.
        """
        found = self._done.get(shard.index)
        if found is not None and found != shard.fingerprint:
            raise self.refuse("was begun with other contents of the inputs", shard)
        return found is not None

    def keep(self, shard: Shard, part: PartFile) -> None:
        """Keep what came of a shard; when this returns, no kill can take it away."""
        with self._word_errors():
            self._place.write(self._name_part(shard.index, shard.fingerprint), part.data)
        self._done[shard.index] = shard.fingerprint

    def finish(self, shards: int) -> Outcome:
        """Join the parts of all shards into the output and put it in its place.

        Args:
            shards: How many there are.

        Raises:
            OutputError: A file cannot be written, or a part is damaged.
        """
        if len(self._done) > shards:
            raise self.refuse("was begun with more articles than there are now")
        outcome = Outcome()
        failures: list[Failure] = []

        def read_packs() -> Iterator[Mapping[str, bytes]]:
            for index in range(shards):
                part = self._load_part(index)
                outcome.articles += part.articles
                outcome.words += part.words
                outcome.failed += len(part.failures)
                outcome.shards.append(self._done[index])
                failures.extend(part.failures)
                yield part.pack

        files = self.format.files
        with self._word_errors():
            with self._place.replace(self.output, set(files.values()), self._parts) as streams:
                self.format.join(read_packs(), {member: streams[name] for member, name in files.items()})
            lines = "".join(f"{json.dumps(asdict(failure), ensure_ascii=False)}\n" for failure in failures)
            if failures:
                self._place.write(self.errors, lines.encode(errors="replace"))
            else:
                self._place.remove(self.errors)
            self._store_state(outcome)
            self._place.remove(self._parts)
        return outcome

    def _name_part(self, index: int, fingerprint: str) -> str:
        return f"{self._parts}/{index:08d}-{fingerprint}.zip"

    def _load_part(self, index: int) -> Part:
        path = self._name_part(index, self._done[index])
        try:
            return load_part(self._place.read(path))
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, FileNotFoundError):
            raise OutputError(f"{path}: is damaged; remove it and run the same command again") from None

    def _load_state(self) -> dict[str, Any] | None:
        try:
            state = json.loads(self._place.read(self._state))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError):
            state = None
        if not isinstance(state, dict) or state.get("version") != _VERSION:
            raise OutputError(f"{self._state}: is not a journal that can be read; remove it to start anew")
        return state

    def _load_outcome(self) -> Any:  # noqa: ANN401 - JSON
        state = self._load_state()
        return state and state["outcome"]

    def _store_state(self, outcome: Outcome | None) -> None:
        state = {
            "version": _VERSION,
            "request": asdict(self._request),
            "outcome": asdict(outcome) if outcome is not None else None,
        }
        self._place.write(self._state, json.dumps(state, ensure_ascii=False, indent=1).encode())

    def _check_output(self, state: Mapping[str, Any] | None) -> None:
        """Refuse an output that is none of ours."""
        if state is None and self._place.exists(self.output) and not self._is_empty_folder():
            raise OtherRunError(f"{self.output}: is there already; pass --overwrite to replace it")
        if state is not None and state["outcome"] is None:
            self._compare(state["request"])

    def _is_empty_folder(self) -> bool:
        return self._place.is_folder(self.output) and not self._place.list(self.output)

    def _check_target(self) -> None:
        """Refuse to replace what only looks like an output: a folder may hold what somebody else put there."""
        if not self._place.exists(self.output):
            return
        if self._place.is_folder(self.output) != self.format.is_folder:
            what = "a file; the output is" if self.format.is_folder else "a folder; the output is not"
            raise OutputError(f"{self.output}: is {what} a folder; name another")
        others = set(self._place.list(self.output)) - set(self.format.files.values()) if self.format.is_folder else ()
        if others:
            raise OutputError(f"{self.output}: holds other files too ({min(others)}) and is not replaced; name another")

    def _compare(self, before: Mapping[str, Any]) -> None:
        """Compare what is asked with what was asked before.

        Raises:
            OtherRunError: They differ.
        """
        now = json.loads(json.dumps(asdict(self._request)))
        for name, told in (("pipeline", "another trained pipeline"), ("factx", "another version of factx")):
            if before["program"].get(name) != now["program"][name]:
                raise self.refuse(f"was begun with {told}")
        for name, value in now["program"].items():
            if before["program"].get(name) != value:
                raise self.refuse(f"was begun with {name} {before['program'].get(name)}, this is {value}")
        for name, value in now["options"].items():
            if before["options"].get(name) != value:
                raise self.refuse(f"was begun with another {name}")
        was, is_ = before["inputs"], now["inputs"]
        if was != is_:
            told = ", ".join(
                f"{listing['files']:,} of {listing['size']:,} bytes {when}"
                for listing, when in ((was, "then"), (is_, "now"))
            )
            raise self.refuse(f"was begun with other inputs ({told})")

    def refuse(self, what: str, shard: Shard | None = None) -> OtherRunError:
        """Word why a run cannot go on.

        Args:
            what: What is different.
            shard: Where it is so for the first time.
        """
        near = f", first near {shard.items[0].source}" if shard is not None else ""
        return OtherRunError(f"{self.output}: {what}{near}; pass --overwrite to start anew, or name another output")

    @contextmanager
    def _word_errors(self) -> Iterator[None]:
        """Word what the system says when it cannot write."""
        try:
            yield
        except OSError as error:
            what = (error.strerror or str(error)).lower()
            kept = f"; {self.done:,} shards are kept: make room and run the same command again" if self._done else ""
            raise OutputError(f"{self.output}: cannot be written ({what}){kept}") from None
