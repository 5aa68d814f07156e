"""Load facts that factx wrote, from JSON or JSON lines, back into records; what does not fit is told and left out."""

from __future__ import annotations

import gzip
import io
import json
import math
import sys
import types
from contextlib import contextmanager
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from factx.errors import InputError
from factx.facts import SCHEMA, Article, Count, Date, Entity, Facts, Quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO, TextIO

_Record = TypeVar("_Record")

# A line holds one article; longer ones are no facts of ours (extract stops at 20 million characters).
_LONGEST_LINE = 500_000_000
_GZIP_MAGIC = b"\x1f\x8b"


def load_facts(sources: Iterable[str], on_error: Callable[[InputError], None]) -> Iterator[Facts]:
    """Load the facts of articles, file by file.

    Args:
        sources: Paths of JSON or JSON lines files as `factx extract` and `factx batch` write them, also gzipped; "-" is
            standard input.
        on_error: Called with what cannot be loaded; the rest goes on.

    Yields:
        The facts of each article. Articles written with --no-text have an empty text.
    """
    for source in sources:
        name = "standard input" if source == "-" else source
        try:
            with _open(source) as stream:
                for where, record in _read_records(stream, name, on_error):
                    try:
                        yield facts_from_record(record)
                    except InputError as error:
                        on_error(InputError(f"{where}: {error}"))
        except (OSError, EOFError, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            told = "not UTF-8" if isinstance(error, UnicodeError) else reason.lower()
            on_error(InputError(f"{name}: cannot be read ({told})"))


def facts_from_record(record: Any) -> Facts:  # noqa: ANN401 - whatever JSON holds
    """Make records of the JSON object of an article; the counterpart of `factx.write.facts_to_record`.

    Args:
        record: Plain dicts, lists, strings and numbers.

    Returns:
        The facts; members that this version does not know are left out.

    Raises:
        InputError: It is not what `factx schema` describes.
    """
    if not isinstance(record, dict):
        raise InputError(f"not an object but {_name_type(record)}; factx extract -f jsonl writes what is wanted")
    if record.get("schema") != SCHEMA:
        raise InputError(f'"schema" is not "{SCHEMA}"; factx extract -f jsonl writes what is wanted')
    article = _build(Article, {"text": "", **record}, "")
    found = {
        name: tuple(_build(kind, member, f"{name}[{number}]") for number, member in enumerate(_members(record, name)))
        for name, kind in (("entities", Entity), ("counts", Count), ("dates", Date), ("quotes", Quote))
    }
    if any(not entity.mentions for entity in cast("tuple[Entity, ...]", found["entities"])):
        raise InputError("an entity has no mentions")
    return Facts(article, **cast("dict[str, Any]", found))


@contextmanager
def _open(source: str) -> Iterator[TextIO]:
    """Open a file or standard input as text, unpacked where it is packed."""
    if source == "-":
        yield _decode(sys.stdin.buffer)
        return
    with Path(source).open("rb") as stream:
        yield _decode(stream)


def _decode(stream: BinaryIO) -> TextIO:
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", stream))
    packed = buffered.peek(2)[:2] == _GZIP_MAGIC
    return io.TextIOWrapper(
        cast("BinaryIO", gzip.GzipFile(fileobj=buffered)) if packed else buffered, encoding="utf-8-sig"
    )


def _read_records(stream: TextIO, name: str, on_error: Callable[[InputError], None]) -> Iterator[tuple[str, Any]]:
    """Read values one a line; a file that is one value over many lines, or an array, is read whole."""
    first = _read_line(stream, name)
    while first and not first.strip():
        first = _read_line(stream, name)
    if first.lstrip().startswith("[") or first.strip() == "{":
        value = _parse(first + stream.read(_LONGEST_LINE), name, on_error)
        for number, record in enumerate(value if isinstance(value, list) else [value] if value is not None else [], 1):
            yield f"{name}, article {number}" if isinstance(value, list) else name, record
        return
    number, line = 1, first
    while line:
        where = f"{name}, line {number}"
        if line.strip() and (value := _parse(line, where, on_error)) is not None:
            yield where, value
        line = _read_line(stream, name)
        number += 1


def _read_line(stream: TextIO, name: str) -> str:
    line = stream.readline(_LONGEST_LINE)
    if len(line) >= _LONGEST_LINE:
        raise OSError(f"a line of {name} has more than {_LONGEST_LINE:,} characters")
    return line


def _parse(text: str, where: str, on_error: Callable[[InputError], None]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read JSON; None, told, where it is none."""
    try:
        return json.loads(text)
    except RecursionError:
        on_error(InputError(f"{where}: nested too deeply to be facts"))
    except ValueError as error:
        on_error(InputError(f"{where}: not JSON ({error}); factx extract -f jsonl writes what is wanted"))
    return None


def _members(record: dict[str, Any], name: str) -> list[Any]:
    members = record.get(name)
    if not isinstance(members, list):
        raise InputError(f'"{name}" is not a list')
    return members


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _defaults(kind: type) -> frozenset[str]:
    """Members that may be absent."""
    return frozenset(field.name for field in fields(kind) if field.default is not MISSING)


def _build(kind: type[_Record], record: Any, where: str) -> _Record:  # noqa: ANN401
    """Build a record from an object, with its members checked."""
    if not isinstance(record, dict):
        raise InputError(f"{where or 'article'} is not an object")
    values = {}
    for name, hint in _hints(cast("type", kind)).items():
        place = f"{where}.{name}" if where else name
        if name not in record and name in _defaults(cast("type", kind)):
            continue  # written before the member was added
        if name not in record:
            raise InputError(f'"{place}" is missing')
        values[name] = _read_member(hint, record[name], place)
    if values.get("start", 0) > values.get("end", math.inf) or values.get("start", 0) < 0:
        raise InputError(f"{where}: start and end are no stretch of text")
    return kind(**values)


def _read_member(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401
    """Check a value against the type of its member."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        if value is None:
            return None
        return _read_member(next(part for part in arguments if part is not types.NoneType), value, where)
    if origin is Literal:
        if value in arguments:
            return value
    elif origin is tuple:
        if isinstance(value, list):
            return tuple(_read_member(arguments[0], part, f"{where}[{number}]") for number, part in enumerate(value))
    elif hint is float:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    elif hint in (str, int, bool):
        if isinstance(value, hint) and isinstance(value, bool) == (hint is bool):
            return value
    else:
        return _build(hint, value, where)
    raise InputError(f'"{where}" cannot be {_name_type(value)} here')


def _name_type(value: Any) -> str:  # noqa: ANN401
    """Name a value of JSON in a message, without quoting it at length."""
    if isinstance(value, str):
        return f'"{value[:40]}"'
    names = {dict: "an object", list: "an array", bool: "true or false", type(None): "null"}
    return names.get(type(value), str(value)[:40])


__all__ = ["facts_from_record", "load_facts"]
