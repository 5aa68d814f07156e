"""Unpack gzip while it is read: as a stream, never whole, and what is damaged gives what came before the damage."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

GZIP_MARK = b"\x1f\x8b"

# Of one input at most so much is unpacked, however small it looks packed. A year of a wire service is shorter; a bomb
# of 10 MB, which unpacks to 10 GB, is not.
MOST_UNPACKED = 8_000_000_000


class Rejoined(io.RawIOBase):
    """A stream of which some bytes have been read already, whole again.

    Args:
        head: The bytes that have been read.
        stream: The rest, which is not closed with this one.
    """

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Give what there is without waiting for more."""
        view = memoryview(buffer).cast("B")
        data = self._head[: len(view)] or self._read(len(view))
        self._head = self._head[len(view) :]
        view[: len(data)] = data
        return len(data)


class Unpacked(io.RawIOBase):
    """What a gzip stream holds; damage ends it early and is kept in `problem`.

    Args:
        stream: Packed bytes.
    """

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._file = gzip.GzipFile(fileobj=stream, mode="rb")
        self._length = 0
        self.problem: str | None = None
        """What is wrong with it, in words that follow the name of the input; known once it has been read so far."""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Unpack a little."""
        view = memoryview(buffer).cast("B")
        if self.problem:
            return 0
        try:
            data = self._file.read1(len(view))
        except EOFError:
            self.problem = "the packed file ends too early"
            return 0
        except (gzip.BadGzipFile, zlib.error):
            self.problem = "the packed file is damaged"
            return 0
        self._length += len(data)
        if self._length > MOST_UNPACKED:
            self.problem = f"it unpacks to more than {MOST_UNPACKED:,} bytes"
            return 0
        view[: len(data)] = data
        return len(data)
