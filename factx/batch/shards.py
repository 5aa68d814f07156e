"""Shards: some articles that are read together, and what comes of them.

Where the input is cut depends on the input alone, never on the number of workers, and each shard has a fingerprint of
all that its result can depend on. So a run that goes on knows what is done, and its output is that of a run in one go.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import asdict, astuple, dataclass
from typing import TYPE_CHECKING, Literal

from factx.facts import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from factx.sniff import Kind

# A shard is full at either bound: some seconds of work, which is what a kill costs a worker, while the hand-over takes
# milliseconds. The first are smaller, or a folder of a hundred articles would be too few shards to share out evenly.
_FIRST_ITEMS = 4
_SHARD_ITEMS = 32
_SHARD_BYTES = 250_000

FailureKind = Literal["input", "error", "timeout", "died"]


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article that is a file of its own, as its bytes; a worker takes the text out of them."""

    source: str
    """The path, as given."""
    kind: Kind
    """What it holds."""
    data: bytes
    """The bytes, as they are in the file."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input or a record that cannot be read."""

    source: str
    """The input, as given."""
    message: str
    """What is wrong with it and what to do."""


Item = Article | RawArticle | Unreadable


@dataclass(frozen=True, slots=True)
class Shard:
    """Some neighbours of the input."""

    index: int
    """Its place among the shards, from 0."""
    first: int
    """Number of its first item in the run, from 1."""
    items: tuple[Item, ...]
    """What is read."""
    fingerprint: str
    """Hash of the items and their numbers, 32 hexadecimal digits."""
    position: int
    """Bytes of the inputs up to its end."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read; a line of the list of errors."""

    article: int
    """Its number in the run."""
    source: str
    """The input, as given."""
    id: str | None
    """Its id, where it has got so far."""
    kind: FailureKind
    """input (cannot be read), error (the program raised), timeout, or died (the worker was lost with it)."""
    message: str
    """What went wrong, in one line."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a shard."""

    articles: int
    """How many articles were read."""
    words: int
    """How many words they have, split at blanks."""
    failures: tuple[Failure, ...]
    """The others."""
    pack: Mapping[str, bytes]
    """Their facts, packed by the format of the output."""


def cut_shards(items: Iterable[tuple[Item, int]]) -> Iterator[Shard]:
    """Cut the input into shards.

    Args:
        items: The items, each with the bytes of the inputs up to its end.

    Yields:
        The shards.
    """
    index, first, size, end = 0, 1, 0, 0
    gathered: list[Item] = []
    for item, end in items:
        gathered.append(item)
        size += _measure(item)
        if len(gathered) >= limit_items(index) or size >= _SHARD_BYTES:
            yield _make_shard(index, first, gathered, end)
            index, first, size, gathered = index + 1, first + len(gathered), 0, []
    if gathered:
        yield _make_shard(index, first, gathered, end)


def limit_items(index: int) -> int:
    """Tell how many items a shard has at most: one more after every eight shards, up to the bound."""
    return min(_SHARD_ITEMS, _FIRST_ITEMS + index // 8)


def _make_shard(index: int, first: int, items: list[Item], position: int) -> Shard:
    digest = hashlib.blake2b(str(first).encode(), digest_size=16)
    for item in items:
        # Records are told apart by their type, fields by their lengths.
        values = [value if isinstance(value, bytes) else repr(value).encode() for value in astuple(item)]
        digest.update(f"\n{type(item).__name__} {[len(value) for value in values]}".encode())
        for value in values:
            digest.update(value)
    return Shard(index, first, tuple(items), digest.hexdigest(), position)


def _measure(item: Item) -> int:
    """Tell how much there is to read in an item."""
    if isinstance(item, RawArticle):
        return len(item.data)
    return len(item.text) if isinstance(item, Article) else 0


@dataclass(frozen=True, slots=True)
class PartFile:
    """The file of a part, as it is kept until the end of the run."""

    data: bytes
    """Its bytes."""
    failed: int
    """How many articles of the shard could not be read."""


def dump_part(part: Part) -> PartFile:
    """Make the file of a part: a zip archive, whose check sums tell when it is damaged."""
    buffer = io.BytesIO()
    summary = {"articles": part.articles, "words": part.words, "failures": [asdict(item) for item in part.failures]}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("summary.json", json.dumps(summary))
        for name, data in part.pack.items():
            archive.writestr(f"pack/{name}", data)
    return PartFile(buffer.getvalue(), len(part.failures))


def load_part(data: bytes) -> Part:
    """Read the file of a part.

    Raises:
        zipfile.BadZipFile: It is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        summary = json.loads(archive.read("summary.json"))
        pack = {name[len("pack/") :]: archive.read(name) for name in archive.namelist() if name.startswith("pack/")}
    failures = tuple(Failure(**failure) for failure in summary["failures"])
    return Part(summary["articles"], summary["words"], failures, pack)
