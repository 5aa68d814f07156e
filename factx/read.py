"""Read inputs: a file or standard input, plain text or JSON lines, in any encoding, becomes Articles.

Text is kept character for character as decoded, line ends included; only a byte order mark is dropped.
"""

from __future__ import annotations

import codecs
import datetime
import io
import json
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, NoReturn, cast

from factx.encodings import BYTE_ORDER_MARKS, decode_text, guess_wide
from factx.errors import InputError
from factx.facts import Article
from factx.sanitize import make_harmless, replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factx.facts import PublishedFrom

InputKind = Literal["auto", "text", "jsonl", "html"]

# Bounds what one text, or one line of JSON lines, may take of memory; the parser takes no longer texts either. A day's
# wire copy is shorter, /dev/zero is not.
_MAX_BYTES = 20_000_000
# Enough to tell what a file is; HTML pages may open with long comments.
_HEAD_BYTES = 8192

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ]\d)")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_JSON_RECORD = re.compile(rb'\{[ \t]*(?:["}\r\n]|$)')
_JSON_ARRAY = re.compile(rb'\[\s*\{\s*["}]')
# Control characters that no text file holds; tab, line ends, form feed and the escape of coloured logs are left out.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

# What a file starts with when it is no text, and how to get at its text.
_SIGNATURES = (
    (b"%PDF", "a PDF file; turn it into text first, for instance with pdftotext"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first: gzip -dc FILE | factx extract -"),
    (b"BZh", "compressed with bzip2; unpack it first: bzip2 -dc FILE | factx extract -"),
    (b"\xfd7zXZ\x00", "compressed with xz; unpack it first: xz -dc FILE | factx extract -"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first: zstd -dc FILE | factx extract -"),
    (b"PK\x03\x04", "a zip archive or an office document; unpack it or save it as plain text first"),
    (b"\xd0\xcf\x11\xe0", "an office document; save it as plain text first"),
    (b"{\\rtf", "an RTF document; save it as plain text first"),
    (b"\x89PNG", "an image, not text"),
    (b"\xff\xd8\xff", "an image, not text"),
    (b"GIF8", "an image, not text"),
)


@dataclass(frozen=True, slots=True)
class Input:
    """An input that has been opened and recognised, but for a text not yet decoded."""

    source: str
    """As given; "-" for standard input."""
    kind: Literal["text", "jsonl"]
    """What it holds."""
    articles: Iterator[Article]
    """The articles, read as they are asked for."""


def read_articles(
    source: str | Path,
    kind: InputKind = "auto",
    *,
    published: str | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Article]:
    """Read the articles of one input.

    Args:
        source: A path, or "-" for standard input.
        kind: What the input holds; "auto" looks at its beginning.
        published: Publication day (YYYY-MM-DD) that goes before what records say.
        on_error: Takes the error of a bad record, and the rest is read; by default the error is raised.

    Yields:
        One article for a text, one for each record of JSON lines. JSON lines are read as a stream.

    Raises:
        InputError: The input, or a record without `on_error`, cannot be read.
    """
    with open_input(source, kind, published=published, on_error=on_error) as opened:
        yield from opened.articles


@contextmanager
def open_input(
    source: str | Path,
    kind: InputKind = "auto",
    *,
    published: str | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Input]:
    """Open one input and find out what it holds; takes what `read_articles` takes.

    Yields:
        The input, to be read before the context ends.

    Raises:
        InputError: The input cannot be read.
    """
    name = str(source)
    shown = replace_surrogates(name)
    stream = _open_stream(name, shown)
    try:
        head, complete = _read_head(stream, shown)
        found = _recognise(head, kind, name, shown, complete=complete)
        if found == "jsonl":
            articles = _read_records(stream, head, name, shown, published, on_error or _raise)
        else:
            articles = iter([_read_text(stream, head, name, shown, published)])
        yield Input(source=shown, kind=found, articles=articles)
    finally:
        if name != "-":
            stream.close()


def parse_day(text: str) -> str | None:
    """Read a day, alone or at the beginning of a time stamp.

    >>> parse_day("2022-01-10T08:30:00Z")
    '2022-01-10'
    >>> parse_day("2022-02-30") is None
    True

    Args:
        text: ISO 8601 with hyphens.

    Returns:
        The day as YYYY-MM-DD, or None if it is none of the calendar.
    """
    match = _DAY.match(text.strip())
    if not match:
        return None
    try:
        return datetime.date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None


def _raise(error: InputError) -> NoReturn:
    """Stop at the first bad record."""
    raise error


def _fail(shown: str, what: str, line: int | None = None) -> InputError:
    """Word an error: where, what, what to do."""
    place = shown if shown != "-" else "standard input"
    return InputError(f"{place}, line {line}: {what}" if line else f"{place}: {what}")


def _open_stream(name: str, shown: str) -> BinaryIO:
    """Open an input for reading bytes."""
    if name == "-":
        if sys.stdin is None:  # as under a daemon
            raise _fail(shown, "is closed")
        return sys.stdin.buffer
    try:
        if Path(name).is_dir():
            raise _fail(shown, "is a folder; name its files, for instance with a pattern like FOLDER/*.txt")
        return Path(name).open("rb")
    except FileNotFoundError:
        raise _fail(shown, "no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _fail(shown, f"cannot be opened ({_explain(error)})") from None


def _explain(error: Exception) -> str:
    """Word what the system said, without its number and the path."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def _read_head(stream: BinaryIO, shown: str) -> tuple[bytes, bool]:
    """Read until the kind can be told, line by line, so that a slow pipe of JSON lines is not waited for.

    Returns:
        The bytes read, and whether they are all there is.
    """
    head = b""
    try:
        while len(head) < _HEAD_BYTES:
            line = stream.readline(_HEAD_BYTES)
            if not line:
                return head, True
            head += line
            if line.endswith(b"\n") and _JSON_RECORD.match(_skip_blank(head)):
                break
    except (OSError, ValueError) as error:
        raise _fail(shown, f"cannot be read ({_explain(error)})") from None
    return head, False


def _recognise(head: bytes, kind: InputKind, name: str, shown: str, *, complete: bool) -> Literal["text", "jsonl"]:
    """Tell JSON lines from text, and refuse what is neither."""
    if complete and not head:
        raise _fail(shown, "is empty")
    if complete and head.isspace():
        raise _fail(shown, "holds nothing but blanks")
    for signature, advice in _SIGNATURES:
        if head.startswith(signature):
            raise _fail(shown, f"is {advice}")
    if kind == "html":
        raise _fail(shown, "HTML pages cannot be read yet; save the article as plain text")
    marked = any(head.startswith(mark) for mark, _ in BYTE_ORDER_MARKS)
    wide = not marked and guess_wide(head)
    if not marked and not wide and _is_binary(head):
        raise _fail(shown, "is not text but binary data")
    if kind == "text":
        return "text"
    start = _skip_blank(head)
    if start.split(b"\n", 1)[0].strip() == b"{":
        raise _fail(shown, "is JSON over several lines; put each record on one, for instance with: jq -c . FILE")
    if kind == "jsonl":
        return "jsonl"
    if start.startswith(b"<") and _HTML.search(start):
        raise _fail(
            shown,
            "is an HTML page; save the article as plain text, or pass --input text to read the markup as it is",
        )
    if Path(name).suffix.lower() in (".jsonl", ".ndjson"):
        return "jsonl"
    if _JSON_ARRAY.match(start):
        raise _fail(shown, "is a JSON array; put one record on each line, for instance with: jq -c '.[]' FILE")
    return "jsonl" if _JSON_RECORD.match(start) else "text"


def _skip_blank(head: bytes) -> bytes:
    """Leave out what may stand before the first sign."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()


def _is_binary(head: bytes) -> bool:
    """Tell data from text: any NUL, or more control characters than a damaged text has (one in a hundred)."""
    return b"\x00" in head or len(_CONTROLS.findall(head)) * 100 > len(head)


def _read_text(stream: BinaryIO, head: bytes, name: str, shown: str, published: str | None) -> Article:
    """Read a whole input as one text."""
    try:
        data = head + stream.read(_MAX_BYTES + 1 - len(head))
    except (OSError, ValueError) as error:
        raise _fail(shown, f"cannot be read ({_explain(error)})") from None
    if len(data) > _MAX_BYTES:
        raise _fail(shown, f"is longer than {_MAX_BYTES:,} bytes; cut it into articles first")
    text, warnings = decode_text(data)
    if not text or text.isspace():
        raise _fail(shown, "holds nothing but blanks")
    return Article(
        id=_name_article(name),
        source=shown,
        text=text,
        published=published,
        published_from="option" if published else None,
        warnings=tuple(warnings),
    )


def _name_article(name: str) -> str:
    """Make an id of a path."""
    return "stdin" if name == "-" else replace_surrogates(Path(name).stem)


def _read_records(  # noqa: PLR0913 - private, and each caller has all of them at hand
    stream: BinaryIO,
    head: bytes,
    name: str,
    shown: str,
    published: str | None,
    on_error: Callable[[InputError], None],
) -> Iterator[Article]:
    """Read JSON lines as they come."""
    number = records = 0
    stem = _name_article(name)
    for line in _split_lines(stream, head, shown):
        number += 1
        try:
            if len(line) > _MAX_BYTES:
                raise _fail(shown, f"is longer than {_MAX_BYTES:,} bytes", number)
            text, warnings = decode_text(line)
            if not text.strip():
                continue
            records += 1
            article = _parse_record(text, warnings, f"{stem}:{number}", shown, number, published)
        except InputError as error:
            on_error(error)
        else:
            yield article
    if not records:
        on_error(_fail(shown, "holds no record"))


def _split_lines(stream: BinaryIO, head: bytes, shown: str) -> Iterator[bytes]:
    """Yield lines, each bounded in length; UTF-16 and UTF-32, whose line ends are longer, are recoded as a whole."""
    wide = next(
        (name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark) and name != "utf-8"), guess_wide(head)
    )
    try:
        if wide:
            data = head + stream.read(_MAX_BYTES)
            if len(data) > _MAX_BYTES:
                raise _fail(shown, f"is UTF-16 and longer than {_MAX_BYTES:,} bytes; recode it as UTF-8 with iconv")
            stream, head = io.BytesIO(decode_text(data)[0].encode()), b""
        yield from _bound_lines(stream, head)
    except (OSError, ValueError) as error:
        raise _fail(shown, f"cannot be read ({_explain(error)})") from None


def _bound_lines(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    """Yield the lines of the head and of the rest; of a line over the limit only so much that it is seen to be over."""
    lines = head.split(b"\n")
    rest = lines.pop()
    yield from lines
    first = rest + stream.readline(_MAX_BYTES + 1) if rest else b""
    for line in chain([first] if rest else [], iter(lambda: stream.readline(_MAX_BYTES + 1), b"")):
        piece = line
        while len(piece) > _MAX_BYTES and not piece.endswith(b"\n"):  # skip to the end of the line
            piece = stream.readline(_MAX_BYTES + 1)
        yield line


def _parse_record(  # noqa: PLR0913 - private, and its caller has all of them at hand
    line: str, warnings: list[str], name: str, shown: str, number: int, published: str | None
) -> Article:
    """Make an Article of one JSON line."""
    try:
        record: object = json.loads(line)
    except RecursionError:
        raise _fail(shown, "is nested too deeply", number) from None
    except ValueError as error:
        what = getattr(error, "msg", None) or "a number of too many digits"
        raise _fail(shown, f"is not a whole JSON record ({str(what)[0].lower()}{str(what)[1:]})", number) from None
    if not isinstance(record, dict):
        raise _fail(shown, 'is not a JSON object; each line must be one, with a field "text"', number)
    fields = cast("dict[str, object]", record)
    if "text" not in fields:
        found = make_harmless(", ".join(list(fields)[:8])) or "no fields"
        raise _fail(shown, f'no "text" field (found: {found[:200]}); rename the one that holds the article', number)
    text = fields["text"]
    if not isinstance(text, str):
        raise _fail(shown, f'"text" is not a string but {_name_type(text)}', number)
    mended = replace_surrogates(text)
    if mended != text:
        warnings = [*warnings, "lone surrogates were replaced by U+FFFD"]
    if not text.strip():
        warnings = [*warnings, "the text is empty"]
    day = published
    day_from: PublishedFrom | None = "option" if published else None
    stamp = fields.get("published")
    if day is None and stamp not in (None, ""):
        day = parse_day(stamp) if isinstance(stamp, str) else None
        day_from = "record" if day else None
        if day is None:
            told = make_harmless(json.dumps(stamp, ensure_ascii=False))[:40]
            warnings = [*warnings, f'"published" is not a day (YYYY-MM-DD) and was ignored: {told}']
    title = fields.get("title")
    identifier = fields.get("id")
    if isinstance(identifier, (int, float)) and not isinstance(identifier, bool):
        identifier = str(identifier)
    return Article(
        id=replace_surrogates(identifier) if isinstance(identifier, str) and identifier else name,
        source=shown,
        text=mended,
        title=replace_surrogates(title) if isinstance(title, str) and title else None,
        published=day,
        published_from=day_from,
        warnings=tuple(warnings),
    )


def _name_type(value: object) -> str:
    """Name a JSON type as a reader of JSON knows it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    return "a list" if isinstance(value, list) else "an object"
