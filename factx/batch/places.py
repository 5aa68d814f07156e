"""Where a run keeps its files: on this machine, or wherever fsspec reaches (s3://, gs://, memory:// ...).

Both do the same few things, and whatever they write appears whole or not at all: on this machine by a file beside the
place that is flushed to the disk and moved in, elsewhere because objects appear when they are complete.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from factx.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import BinaryIO

_PROTOCOL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


class Place(Protocol):
    """Files at one kind of place; paths are those the user gave, lengthened."""

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or folder."""
        ...

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder."""
        ...

    def list(self, folder: str) -> list[str]:
        """List the names in a folder, sorted; of a folder that is not there, none."""
        ...

    def read(self, path: str) -> bytes:
        """Read a file.

        Raises:
            FileNotFoundError: There is none.
        """
        ...

    def write(self, path: str, data: bytes) -> None:
        """Write a file whole."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all it holds, if it is there."""
        ...

    def replace(
        self, path: str, names: Collection[str], scratch: str
    ) -> AbstractContextManager[Mapping[str, BinaryIO]]:
        """Write a file ("" is its only name) or a folder of files, which takes the place of what was there.

        Args:
            path: The file or folder.
            names: Names of the files in the folder.
            scratch: A folder for what is not whole yet.
        """
        ...

    def lock(self, path: str) -> AbstractContextManager[None]:
        """Keep other runs away while this one writes.

        Raises:
            OutputError: Another run is at it.
        """
        ...


def is_remote(path: str) -> bool:
    """Tell a URL from a path of this machine.

    >>> is_remote("s3://bucket/news.jsonl"), is_remote("C://news"), is_remote("file:///tmp/news.jsonl")
    (True, False, False)
    """
    return bool(_PROTOCOL.match(path)) and not path.lower().startswith("file://")


def local_path(path: str) -> str:
    """Leave out the protocol that names this machine."""
    return path[len("file://") :] if path.lower().startswith("file://") else path


def open_place(path: str) -> Place:
    """Get at the place that a path leads to.

    Raises:
        OutputError: What is needed for it is not installed.
    """
    return RemotePlace(path) if is_remote(path) else LocalPlace()


def open_filesystem(path: str) -> Any:  # noqa: ANN401 - fsspec has no types
    """Open the file system of a URL.

    Raises:
        OutputError: fsspec, or what it needs for this protocol, is not installed.
    """
    try:
        import fsspec
    except ImportError:
        raise OutputError(f"{path}: needs fsspec; install it with: pip install 'factx[remote]'") from None
    try:
        return fsspec.core.url_to_fs(path)[0]
    except ImportError as error:
        raise OutputError(f"{path}: {str(error).strip()[:1].lower()}{str(error).strip()[1:]}") from None
    except ValueError as error:  # a protocol that it does not know
        raise OutputError(f"{path}: {error}") from None


class LocalPlace:
    """Files of this machine."""

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or folder."""
        return os.path.lexists(path)

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder."""
        return Path(path).is_dir()

    def list(self, folder: str) -> list[str]:
        """List the names in a folder."""
        return sorted(path.name for path in Path(folder).iterdir()) if Path(folder).is_dir() else []

    def read(self, path: str) -> bytes:
        """Read a file."""
        return Path(path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """Write a file whole."""
        target = Path(path)
        target.parent.mkdir(exist_ok=True)
        part = target.with_name(f".{target.name}.new")  # hidden: no input, if a kill leaves it in a folder of articles
        try:
            with part.open("wb") as stream:
                stream.write(data)
                _flush_to_disk(stream)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)

    def remove(self, path: str) -> None:
        """Remove a file or folder."""
        if Path(path).is_dir() and not Path(path).is_symlink():
            shutil.rmtree(path)
        else:
            Path(path).unlink(missing_ok=True)

    @contextmanager
    def replace(self, path: str, names: Collection[str], scratch: str) -> Iterator[Mapping[str, BinaryIO]]:
        """Write beside the place and move in what is whole."""
        whole, old = Path(scratch) / "whole", Path(scratch) / "old"
        self.remove(str(whole))
        # A link to the output stays one.
        target = Path(os.path.realpath(path))
        if names == {""}:
            whole.parent.mkdir(exist_ok=True)
        else:
            whole.mkdir(parents=True)
        with ExitStack() as stack:
            streams = {name: stack.enter_context((whole / name if name else whole).open("wb")) for name in names}
            yield streams
            for stream in streams.values():
                _flush_to_disk(stream)
        if names != {""}:
            _flush_folder(whole)
            if target.is_dir():
                # A folder cannot be moved onto another; between the two moves, what is left of the run brings it back.
                self.remove(str(old))
                target.rename(old)
        whole.replace(target)
        _flush_folder(target.parent)

    @contextmanager
    def lock(self, path: str) -> Iterator[None]:
        """Hold a lock that ends with this process, however it ends.

        Raises:
            OutputError: Another run holds it.
        """
        Path(path).parent.mkdir(exist_ok=True)
        with Path(path).open("w") as stream:
            if not _lock_file(stream):
                raise OutputError(f"{Path(path).parent}: another run is at work on this output; wait for its end")
            yield


class RemotePlace:
    """Files that fsspec reaches.

    Args:
        path: Any path there.
    """

    def __init__(self, path: str) -> None:
        self._files = open_filesystem(path)

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or folder."""
        return bool(self._files.exists(path))

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder."""
        return bool(self._files.isdir(path))

    def list(self, folder: str) -> list[str]:
        """List the names in a folder."""
        self._files.invalidate_cache()
        try:
            found = self._files.ls(folder, detail=False)
        except FileNotFoundError:
            return []
        return sorted(name.rstrip("/").rsplit("/", 1)[-1] for name in found)

    def read(self, path: str) -> bytes:
        """Read a file."""
        return bytes(self._files.cat_file(path))

    def write(self, path: str, data: bytes) -> None:
        """Write a file; an object appears when it is complete."""
        self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        self._files.pipe_file(path, data)

    def remove(self, path: str) -> None:
        """Remove a file or folder."""
        if self._files.exists(path):
            self._files.rm(path, recursive=True)
        self._files.invalidate_cache()

    @contextmanager
    def replace(self, path: str, names: Collection[str], scratch: str) -> Iterator[Mapping[str, BinaryIO]]:  # noqa: ARG002 - objects need none
        """Write objects that appear together, once all are complete."""
        if names != {""}:
            self._files.makedirs(path, exist_ok=True)
        streams: dict[str, Any] = {}
        try:
            for name in names:
                streams[name] = self._files.open(f"{path}/{name}" if name else path, "wb", autocommit=False)
            yield streams
            for stream in streams.values():
                stream.close()
        except BaseException:
            for stream in streams.values():
                stream.discard()
            raise
        for stream in streams.values():
            stream.commit()
        self._files.invalidate_cache()

    @contextmanager
    def lock(self, path: str) -> Iterator[None]:  # noqa: ARG002 - object stores know no locks
        """Do nothing: object stores know no locks."""
        yield


def _flush_to_disk(stream: IO[bytes]) -> None:
    """See that a file outlasts a power cut."""
    stream.flush()
    os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    """See that a new name outlasts a power cut, where folders can be flushed."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock_file(stream: IO[Any]) -> bool:
    """Lock a file for this process; where the system has no such locks, trust."""
    try:
        import fcntl
    except ImportError:
        return True
    lock: Callable[[Any, int], None] = fcntl.flock
    try:
        lock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a network file system without locks
        return True
    return True
