"""Find the inputs of a run and read their items: files, folders, patterns and URLs, always in the same order.

Records of JSON and JSON lines are read here, as a stream; of all other files a worker takes the text out, for that may
be as costly as reading the facts.
"""

from __future__ import annotations

import glob
import hashlib
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from factx.batch.places import is_remote, local_path, open_filesystem
from factx.batch.shards import RawArticle, Unreadable
from factx.errors import FactxError, InputError
from factx.read import open_input
from factx.sanitize import replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from factx.batch.shards import Item
    from factx.read import ReadOptions

# The reader takes no longer texts (factx.read) and tells so when it is given one byte more.
_MOST_BYTES = 20_000_001


@dataclass(frozen=True, slots=True)
class Source:
    """One input, found but not read."""

    name: str
    """Its path or URL; "-" for standard input."""
    size: int
    """Bytes; 0 where that cannot be told."""
    problem: str | None = None
    """Why it cannot be read, if that is known already."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the inputs are, without their contents."""

    files: int
    """How many there are."""
    size: int
    """Bytes of all together."""
    fingerprint: str
    """Hash of their names and sizes."""


def find_sources(inputs: Iterable[str], leave_out: Collection[str] = ()) -> Iterator[Source]:
    """Find the inputs.

    Args:
        inputs: Files, folders (with all they hold, but for hidden files), patterns ("news/**/*.html"), URLs that fsspec
            knows, or "-".
        leave_out: Paths that are not taken from folders and patterns: what the run writes itself.

    Yields:
        The inputs, folders and patterns in the order of their names. What is not there comes too; reading it fails.

    Raises:
        OutputError: A URL needs what is not installed.
    """
    kept_out = {os.path.realpath(path) for path in leave_out}
    for given in inputs:
        if given == "-":
            yield Source("-", 0)
        elif is_remote(given):
            yield from _find_remote(given)
        else:
            yield from _find_local(local_path(given), kept_out)


def describe_sources(sources: Iterable[Source]) -> Listing:
    """Describe inputs, so that others are noticed."""
    digest = hashlib.blake2b(digest_size=16)
    files = size = 0
    for source in sources:
        digest.update(f"{source.name!r} {source.size}\n".encode())
        files += 1
        size += source.size
    return Listing(files, size, digest.hexdigest())


def read_items(sources: Iterable[Source], options: ReadOptions) -> Iterator[tuple[Item, int]]:
    """Read the inputs.

    Args:
        sources: The inputs.
        options: How they are read.

    Yields:
        Articles, files for a worker to read, and what cannot be read; each with the bytes of the inputs up to its end.
    """
    before = 0
    for source in sources:
        problems: list[str] = []
        try:
            with _open_source(source) as stream:
                for item in _read_source(source.name, stream, options, problems):
                    position = before + (min(stream.tell(), source.size) if source.size else 0)
                    # A bad record is told when the good one after it is asked for.
                    yield from ((Unreadable(item.source, problem), position) for problem in problems)
                    problems.clear()
                    yield item, position
        except InputError as error:
            problems.append(str(error))
        before += source.size
        shown = replace_surrogates(source.name)
        yield from ((Unreadable(shown, problem), before) for problem in problems)


def _read_source(name: str, stream: BinaryIO, options: ReadOptions, problems: list[str]) -> Iterator[Item]:
    """Read the items of one input."""
    with open_input(name, options, on_error=lambda error: problems.append(str(error)), stream=stream) as opened:
        if opened.holds_records or name == "-":
            yield from opened.articles
        else:
            stream.seek(0)
            yield RawArticle(opened.source, opened.kind, stream.read(_MOST_BYTES))


@contextmanager
def _open_source(source: Source) -> Iterator[BinaryIO]:
    """Open an input; errors are worded like those of `factx.read`."""
    if source.problem is not None:
        raise InputError(source.problem)
    name = source.name
    shown = "standard input" if name == "-" else replace_surrogates(name)
    if name == "-":
        if sys.stdin is None or sys.stdin.closed:  # as under a daemon
            raise InputError(f"{shown}: is closed")
        yield sys.stdin.buffer
        return
    if is_remote(name):
        with _open_remote(name) as remote:
            yield remote
        return
    try:
        stream = open(name, "rb")  # noqa: PTH123, SIM115 - closed below
    except FileNotFoundError:
        what = "no file matches this pattern" if glob.has_magic(name) else "no such file"
        raise InputError(f"{shown}: {what}") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{shown}: cannot be opened ({_explain(error)})") from None
    try:
        yield stream
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({_explain(error)})") from None
    finally:
        stream.close()


@contextmanager
def _open_remote(url: str) -> Iterator[BinaryIO]:
    try:
        with _stop_when_away(url), open_filesystem(url).open(url, "rb") as stream:
            yield stream
    except FileNotFoundError:
        raise InputError(f"{url}: no such file") from None


def _explain(error: Exception) -> str:
    """Word what the system said, without its number and the path."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def _find_local(path: str, kept_out: Collection[str]) -> Iterator[Source]:
    if "\x00" in path:  # reading it tells what is wrong
        yield Source(path, 0)
        return
    found = [path]
    if glob.has_magic(path) and not os.path.lexists(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - also takes absolute patterns
        found = [name for name in matches if os.path.realpath(name) not in kept_out] or found
    for name in found:
        if Path(name).is_dir():
            yield from _walk(name, kept_out)
        else:
            yield Source(name, _measure(name))


def _walk(folder: str, kept_out: Collection[str]) -> Iterator[Source]:
    """Find the files of a folder and of the folders in it, in the order of their names.

    Hidden ones are left out, as editors and systems make them unasked; links to folders too, for they may lead in a
    ring.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as error:
        yield Source(folder, 0, f"{replace_surrogates(folder)}: cannot be listed ({_explain(error)})")
        return
    for entry in found:
        if os.path.realpath(entry.path) in kept_out:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, kept_out)
        elif not entry.is_dir():
            yield Source(entry.path, _measure(entry.path))


def _measure(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def _find_remote(given: str) -> Iterator[Source]:
    files = open_filesystem(given)
    with _stop_when_away(given):
        path = files._strip_protocol(given)  # noqa: SLF001 - fsspec's own way, and that of its documentation
        if glob.has_magic(path):
            found = files.glob(path, detail=True)
        elif files.isdir(path):
            found = files.find(path, detail=True)
        else:
            found = {path: files.info(path)} if files.exists(path) else {}
    if not found:
        yield Source(given, 0)
    for name, details in sorted(found.items()):
        if details.get("type") == "file":
            yield Source(str(files.unstrip_protocol(name)), int(details.get("size") or 0))


@contextmanager
def _stop_when_away(url: str) -> Iterator[None]:
    """Stop the run when a place cannot be reached, whatever its library raises: the rest is not lost, only away.

    Raises:
        FactxError: It cannot be reached.
    """
    try:
        yield
    except (FactxError, FileNotFoundError):
        raise
    except Exception as error:
        what = str(error).strip() or type(error).__name__
        message = f"{url}: cannot be reached ({what}); run the same command again to go on"
        raise FactxError(message) from error


def read_list(lines: str) -> list[str]:
    r"""Read a list of paths, one a line, or ended by NULs as from `find -print0`.

    >>> read_list("a.txt\n\nb c.txt\n")
    ['a.txt', 'b c.txt']
    """
    separator = "\x00" if "\x00" in lines else "\n"
    return [line for line in (line.rstrip("\r") for line in lines.split(separator)) if line]
