"""What a run writes: each format knows how workers pack some articles, and how the packs are joined into the output.

Packing is the costly half and happens in the workers; joining is copying. The bytes of the output depend on the order
of the articles and on where the shards are cut, and on nothing else.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol, cast

from factx.errors import OutputError
from factx.write.csv import FORMULA_SIGNS
from factx.write.json import facts_to_record, write_jsonl
from factx.write.tables import TABLES, list_columns, make_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from factx.facts import Facts

FormatName = Literal["jsonl", "jsonl.gz", "csv", "parquet"]

Numbered = tuple[int, "Facts"]
"""The facts of an article, and its number in the run."""


class Format(Protocol):
    """A format of output."""

    files: Mapping[str, str]
    """For each member of a pack its file in the folder of the output; "" where the output is one file."""
    is_folder: bool
    """Whether the output is a folder."""

    def pack(self, facts: Sequence[Numbered]) -> dict[str, bytes]:
        """Pack the facts of some articles.

        Returns:
            The bytes of each member; none is complete before `join` has made a file of it.
        """
        ...

    def join(self, packs: Iterable[Mapping[str, bytes]], streams: Mapping[str, BinaryIO]) -> None:
        """Write the packs, in order, to one stream for each member.

        Args:
            packs: What `pack` returned.
            streams: The files to write by their members' names, those of `files`.
        """
        ...


def tell_format(output: str) -> FormatName:
    """Tell the format by the ending of the output.

    >>> tell_format("news.jsonl.gz"), tell_format("s3://bucket/facts.parquet/")
    ('jsonl.gz', 'parquet')

    Raises:
        OutputError: The ending tells none.
    """
    name = PurePath(output.rstrip("/\\")).name.lower()
    for ending in (".jsonl.gz", ".ndjson.gz", ".jsonl", ".ndjson", ".csv", ".parquet"):
        if name.endswith(ending):
            return cast("FormatName", ending.removeprefix(".").replace("ndjson", "jsonl"))
    message = (
        f"{output}: its ending does not tell the format; write .jsonl, .jsonl.gz, .csv or .parquet (folders of "
        "tables), or name one with --format"
    )
    raise OutputError(message)


def make_format(name: FormatName, *, text: bool) -> Format:
    """Make a format.

    Args:
        name: Which.
        text: Whether the text of the articles is written.

    Raises:
        OutputError: It needs an extra that is not installed.
    """
    if name == "csv":
        return CsvFolder(text=text)
    if name == "parquet":
        from factx.write.parquet import require_pyarrow

        require_pyarrow()
        return ParquetFolder(text=text)
    return JsonLines(text=text, packed=name == "jsonl.gz")


class JsonLines:
    """An article a line; packed, each shard is a gzip member of its own, and one after the other they are one file."""

    files: Mapping[str, str] = {"facts": ""}
    is_folder = False

    def __init__(self, *, text: bool, packed: bool) -> None:
        self._text, self._packed = text, packed

    def pack(self, facts: Sequence[Numbered]) -> dict[str, bytes]:
        """Pack lines."""
        buffer = io.StringIO()
        write_jsonl((item for _, item in facts), buffer, text=self._text)
        data = buffer.getvalue().encode()
        # Without articles there is nothing to write: an empty member would be bytes that tell of a shard.
        return {"facts": gzip.compress(data, 6, mtime=0) if self._packed and data else data}

    def join(self, packs: Iterable[Mapping[str, bytes]], streams: Mapping[str, BinaryIO]) -> None:
        """Write one after the other."""
        empty = True
        for pack in packs:
            streams["facts"].write(pack["facts"])
            empty &= not pack["facts"]
        if empty and self._packed:
            streams["facts"].write(gzip.compress(b"", mtime=0))


class CsvFolder:
    """A CSV file for each table, with a header; lists are JSON, what is absent is empty.

    An apostrophe stands before what a spreadsheet would run.
    """

    files: Mapping[str, str] = {table: f"{table}.csv" for table in TABLES}
    is_folder = True

    def __init__(self, *, text: bool) -> None:
        self._text = text

    def pack(self, facts: Sequence[Numbered]) -> dict[str, bytes]:
        """Pack rows without headers."""
        buffers = {table: io.StringIO() for table in TABLES}
        writers = {table: csv.writer(buffer, lineterminator="\n") for table, buffer in buffers.items()}
        for number, item in facts:
            for table, rows in make_rows(facts_to_record(item, text=self._text), number).items():
                writers[table].writerows([_to_cell(value) for value in row] for row in rows)
        return {table: buffer.getvalue().encode() for table, buffer in buffers.items()}

    def join(self, packs: Iterable[Mapping[str, bytes]], streams: Mapping[str, BinaryIO]) -> None:
        """Write headers, then rows."""
        for table, stream in streams.items():
            header = ",".join(column.name for column in list_columns(table, text=self._text))
            stream.write(f"{header}\n".encode())
        for pack in packs:
            for table, stream in streams.items():
                stream.write(pack[table])


class ParquetFolder:
    """A Parquet file for each table."""

    files: Mapping[str, str] = {table: f"{table}.parquet" for table in TABLES}
    is_folder = True

    def __init__(self, *, text: bool) -> None:
        self._text = text

    def pack(self, facts: Sequence[Numbered]) -> dict[str, bytes]:
        """Pack Arrow tables."""
        from factx.write.parquet import pack_tables

        return pack_tables(
            ((number, facts_to_record(item, text=self._text)) for number, item in facts), text=self._text
        )

    def join(self, packs: Iterable[Mapping[str, bytes]], streams: Mapping[str, BinaryIO]) -> None:
        """Write row groups."""
        from factx.write.parquet import ParquetTables

        with ParquetTables(streams, text=self._text) as tables:
            for pack in packs:
                tables.add(pack)


def _to_cell(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    """Word a value as CSV has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.lstrip()[:1] in FORMULA_SIGNS:
        return f"'{value}"
    return value
