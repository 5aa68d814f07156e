"""Write facts as Parquet, one file for each table of `factx.write.tables`; needs the extra "parquet".

Workers make Arrow tables of some articles each (`pack_tables`), which are joined in order, some at a time, into the row
groups of the files (`ParquetTables`): neither step holds more than a few thousand articles in memory.
"""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

from factx.errors import OutputError
from factx.write.tables import TABLES, ColumnType, list_columns, make_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import BinaryIO, Self

    import pyarrow as pa

# A row group is written at either bound. Readers skip and share work by groups; Parquet's usual size is some ten
# megabytes and more, and that much for each of six tables is held in memory.
_GROUP_ROWS = 100_000
_GROUP_BYTES = 32_000_000


def require_pyarrow() -> None:
    """Check that the extra is there.

    Raises:
        OutputError: It is not.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise OutputError("Parquet needs pyarrow; install it with: pip install 'factx[parquet]'") from None


def pack_tables(records: Iterable[tuple[int, Mapping[str, Any]]], *, text: bool = True) -> dict[str, bytes]:
    """Pack some articles as Arrow tables.

    Args:
        records: Numbers and JSON objects of the articles.
        text: Whether the table of articles holds their text.

    Returns:
        For each table an Arrow IPC stream.
    """
    import pyarrow as pa

    rows: dict[str, list[list[Any]]] = {table: [] for table in TABLES}
    for number, record in records:
        for table, more in make_rows(record, number).items():
            rows[table] += more
    packed = {}
    for table in TABLES:
        schema = make_schema(table, text=text)
        columns = zip(*rows[table], strict=True) if rows[table] else [()] * len(schema)
        arrays = [
            pa.array([_to_day(value) for value in column] if pa.types.is_date(field.type) else list(column), field.type)
            for field, column in zip(schema, columns, strict=True)
        ]
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
            writer.write_batch(pa.record_batch(arrays, schema=schema))
        packed[table] = sink.getvalue()
    return packed


def make_schema(table: str, *, text: bool = True) -> pa.Schema:
    """Make the Arrow schema of a table."""
    import pyarrow as pa

    span = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())])
    types: dict[ColumnType, pa.DataType] = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "day": pa.date32(),
        "strings": pa.list_(pa.string()),
        "spans": pa.list_(span),
    }
    return pa.schema([(column.name, types[column.type]) for column in list_columns(table, text=text)])


def _to_day(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


class ParquetTables:
    """Parquet files of all tables, written at once.

    Args:
        streams: For each table where its file is written.
        text: Whether the table of articles holds their text.
    """

    def __init__(self, streams: Mapping[str, BinaryIO], *, text: bool = True) -> None:
        import pyarrow.parquet as pq

        self._writers = {
            table: pq.ParquetWriter(streams[table], make_schema(table, text=text), compression="zstd")
            for table in TABLES
        }
        self._waiting: dict[str, list[pa.Table]] = {table: [] for table in TABLES}
        self._rows = dict.fromkeys(TABLES, 0)
        self._bytes = dict.fromkeys(TABLES, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for table, writer in self._writers.items():
            if error is None:
                self._flush(table)
            writer.close()

    def add(self, packed: Mapping[str, bytes]) -> None:
        """Add what `pack_tables` made."""
        import pyarrow as pa

        for table, waiting in self._waiting.items():
            part = pa.ipc.open_stream(packed[table]).read_all()
            waiting.append(part)
            self._rows[table] += part.num_rows
            self._bytes[table] += part.nbytes
            if self._rows[table] >= _GROUP_ROWS or self._bytes[table] >= _GROUP_BYTES:
                self._flush(table)

    def _flush(self, table: str) -> None:
        import pyarrow as pa

        if self._waiting[table]:
            self._writers[table].write_table(pa.concat_tables(self._waiting[table]), row_group_size=_GROUP_ROWS)
            self._waiting[table].clear()
            self._rows[table] = self._bytes[table] = 0
