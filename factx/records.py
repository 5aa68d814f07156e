"""Read JSON records as Articles: one a line, one after the other over several lines, or the members of an array.

Records come as they are read, each bounded in length, so that neither a long file nor a hostile one is held whole. A
bad record is reported and the rest is read.
"""

from __future__ import annotations

import datetime
import io
import json
import re
from contextlib import suppress
from dataclasses import dataclass, fields
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal, cast

from factx.encodings import BYTE_ORDER_MARKS, decode_text, guess_wide
from factx.errors import InputError
from factx.facts import Article
from factx.sanitize import make_harmless, replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factx.facts import PublishedFrom

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ]\d)")
_COMPACT_DAY = re.compile(r"(\d{4})([/.]?)(\d{2})\2(\d{2})(?:$|[T ]\d)")
# Seconds from 1970 as a number; as many milliseconds are a thousand times more. Both reach from 1973 to 2286.
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = range(10**8, 10**10), range(10**11, 10**13)

# Names that others give to the fields, likeliest first; a message offers them, but none is taken unasked.
_ALIASES = {
    "text": (
        "body", "content", "article", "articlebody", "article_body", "maintext", "main_text", "full_text", "fulltext",
        "story", "raw_text", "plain_text", "plaintext", "message", "description", "summary",
    ),
    "published": (
        "date", "published_at", "publishedat", "date_published", "datepublished", "publish_date", "publication_date",
        "pubdate", "pub_date", "published_date", "published_parsed", "timestamp", "created_at", "datetime",
    ),
}  # fmt: skip

# What separates, opens and closes values; and escapes, so that the quotation mark in \\" is not taken for one.
_MARKS = re.compile(rb'\\.|["{}\[\],]', re.DOTALL)
_BLANKS = b" \t\r\n\xef\xbb\xbf"
_CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Under which names records hold what an article has; a dot leads into an object ("article.body")."""

    text: str = "text"
    """The article."""
    id: str = "id"
    """What names it."""
    title: str = "title"
    """Its headline."""
    published: str = "published"
    """Its day of publication."""
    author: str = "author"
    """Who wrote it."""
    site: str = "site"
    """Where it appeared."""


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Reads the records of one input.

    Args:
        stem: Id of the input, from which records without an id get theirs.
        source: The input, as given.
        names: Under which names records hold what.
        published: Publication day (YYYY-MM-DD) that goes before what records say.
        encoding: Encoding of the input; None to find it out.
        most_bytes: A longer record is not read.
        on_error: Takes the error of a bad record, told without the name of the input.
    """

    stem: str
    source: str
    names: FieldNames
    published: str | None
    encoding: str | None
    most_bytes: int
    on_error: Callable[[InputError], None]

    def read(self, stream: io.BufferedIOBase, head: bytes, kind: Literal["json", "jsonl"]) -> Iterator[Article]:
        """Read records as they come.

        Args:
            stream: The input from its beginning.
            head: Its first bytes.
            kind: Whether a record is a line.

        Yields:
            The articles.

        Raises:
            InputError: UTF-16 too long to be recoded.
            OSError: The stream cannot be read.
        """
        stream, encoding = self._recode(stream, head)
        pieces = _split_lines(stream, self.most_bytes) if kind == "jsonl" else _split_values(stream, self.most_bytes)
        unit = "line" if kind == "jsonl" else "record"
        found = False
        for number, piece in pieces:
            if not piece.strip(_BLANKS):
                continue
            try:
                article = self._make_article(piece, encoding, number, first=not found)
            except InputError as error:
                found = True
                self.on_error(InputError(f", {unit} {number}: {error}"))
            else:
                found = True
                yield article
        if not found:
            self.on_error(InputError(": holds no record"))

    def _recode(self, stream: io.BufferedIOBase, head: bytes) -> tuple[io.BufferedIOBase, str | None]:
        """Recode UTF-16 and UTF-32, whose signs are not single bytes, as a whole."""
        wide = next((mark for mark in BYTE_ORDER_MARKS if head.startswith(mark[0])), (b"", guess_wide(head)))[1]
        if self.encoding is not None:
            name = self.encoding.lower().replace("_", "-")
            wide = self.encoding if name.startswith(("utf-16", "utf16", "utf-32", "utf32")) else None
        if not wide or wide == "utf-8":
            return stream, self.encoding
        data = stream.read(self.most_bytes + 1)
        if len(data) > self.most_bytes:
            raise InputError(f": is UTF-16 and longer than {self.most_bytes:,} bytes; recode it as UTF-8 with iconv")
        return io.BytesIO(decode_text(data, self.encoding)[0].encode()), None

    def _make_article(self, piece: bytes, encoding: str | None, number: int, *, first: bool) -> Article:
        """Make an Article of one record; only the first tells which option would have found its day."""
        if len(piece) > self.most_bytes:
            raise InputError(f"is longer than {self.most_bytes:,} bytes")
        text, warnings = decode_text(piece, encoding)
        record = _parse_record(text, self.names.text)
        article_text = self._get_text(record)
        mended = replace_surrogates(article_text)
        if mended != article_text:
            warnings.append("lone surrogates were replaced by U+FFFD")
        if not article_text.strip():
            warnings.append("the text is empty")
        for field in fields(FieldNames):
            name = getattr(self.names, field.name)
            if name != field.default and field.name != "text" and _get(record, name) is None:
                warnings.append(f'no "{name}" field')
        day, day_from = self._get_day(record, warnings, first=first)
        identifier = _get(record, self.names.id)
        if isinstance(identifier, (int, float)) and not isinstance(identifier, bool):
            identifier = str(identifier)
        return Article(
            id=_get_words(identifier) or f"{self.stem}:{number}",
            source=self.source,
            text=mended,
            title=_get_words(_get(record, self.names.title)),
            published=day,
            published_from=day_from,
            author=_get_words(_get(record, self.names.author)),
            site=_get_words(_get(record, self.names.site)),
            warnings=tuple(warnings),
        )

    def _get_text(self, record: dict[str, object]) -> str:
        """Get the article, or say which field probably holds it."""
        name = self.names.text
        text = _get(record, name, missing=_MISSING)
        if text is _MISSING:
            found = make_harmless(", ".join(list(record)[:8]))[:200] or "no fields"
            likely = _find_alias(record, "text") or _find_longest(record)
            advice = f"--text-field {make_harmless(likely)}" if likely else "--text-field NAME"
            raise InputError(f'no "{make_harmless(name)}" field (found: {found}); name it with {advice}')
        if not isinstance(text, str):
            raise InputError(f'"{make_harmless(name)}" is not a string but {_name_type(text)}')
        return text

    def _get_day(
        self, record: dict[str, object], warnings: list[str], *, first: bool
    ) -> tuple[str | None, PublishedFrom | None]:
        """Get the publication day and what told it."""
        if self.published is not None:
            return self.published, "option"
        name = self.names.published
        stamp = _get(record, name)
        if stamp in (None, ""):
            alias = _find_alias(record, "published") if first and name == "published" else None
            if alias and parse_stamp(record[alias]):
                warnings.append(
                    f'no "published" field: relative dates count from "{make_harmless(alias)}" '
                    f"if you pass --published-field {make_harmless(alias)}"
                )
            return None, None
        day = parse_stamp(stamp)
        if day is None:
            told = make_harmless(json.dumps(stamp, ensure_ascii=False))[:40]
            warnings.append(f'"{make_harmless(name)}" is not a day (YYYY-MM-DD) and was ignored: {told}')
        return day, "record" if day else None


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
    return _check_day(match[1]) if match else None


def parse_stamp(stamp: object) -> str | None:
    """Read the day of a time stamp in any of the forms that records have.

    >>> parse_stamp("Mon, 10 Jan 2022 08:30:00 GMT"), parse_stamp("20220110"), parse_stamp(1641803400)
    ('2022-01-10', '2022-01-10', '2022-01-10')
    >>> parse_stamp("10/01/2022") is None  # October or January
    True

    Args:
        stamp: ISO 8601, also without hyphens or with slashes; the form of mail and feeds (RFC 5322); or seconds or
            milliseconds from 1970 as a number, of which the day in UTC is taken.

    Returns:
        The day as YYYY-MM-DD where it was written, or None.
    """
    if isinstance(stamp, (int, float)) and not isinstance(stamp, bool):
        seconds = int(stamp) if abs(stamp) < 10**15 else 0
        if seconds in _EPOCH_MILLISECONDS:
            seconds //= 1000
        if seconds not in _EPOCH_SECONDS:
            return None
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()
    if not isinstance(stamp, str):
        return None
    day = parse_day(stamp)
    compact = _COMPACT_DAY.match(stamp.strip())
    if day is None and compact:
        day = _check_day(f"{compact[1]}-{compact[3]}-{compact[4]}")
    if day is None and len(stamp) < 80:
        # The parser of mail dates raises these for words that are none.
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            day = parsedate_to_datetime(stamp).date().isoformat()
    return day


def _check_day(day: str) -> str | None:
    """Give a day back if the calendar has it."""
    try:
        return datetime.date.fromisoformat(day).isoformat()
    except ValueError:
        return None


_MISSING = object()


def _get(record: dict[str, object], name: str, missing: object = None) -> object:
    """Get a member by its name, else by its path through objects."""
    if name in record:
        return record[name]
    value: object = record
    for step in name.split("."):
        if not isinstance(value, dict) or step not in value:
            return missing
        value = value[step]
    return value


def _get_words(value: object) -> str | None:
    """Take a string that says something."""
    return replace_surrogates(value) if isinstance(value, str) and value else None


def _find_alias(record: dict[str, object], field: str) -> str | None:
    """Find the likeliest field of another name."""
    by_lower = {name.lower(): name for name in record}
    return next((by_lower[alias] for alias in _ALIASES[field] if by_lower.get(alias) is not None), None)


def _find_longest(record: dict[str, object]) -> str | None:
    """Find the field with the longest string, if it is as long as a sentence."""
    lengths = {name: len(value) for name, value in record.items() if isinstance(value, str)}
    longest = max(lengths, key=lengths.__getitem__, default=None)
    return longest if longest is not None and lengths[longest] >= 40 else None


def _parse_record(text: str, wanted: str) -> dict[str, object]:
    """Parse one JSON object."""
    try:
        record: object = json.loads(text)
    except RecursionError:
        raise InputError("is nested too deeply") from None
    except ValueError as error:
        what = str(getattr(error, "msg", None) or "a number of too many digits")
        raise InputError(f"is not a whole JSON record ({what[0].lower()}{what[1:]})") from None
    if not isinstance(record, dict):
        raise InputError(f'is not a JSON object; each must be one, with a field "{make_harmless(wanted)}"')
    return cast("dict[str, object]", record)


def _name_type(value: object) -> str:
    """Name a JSON type as a reader of JSON knows it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    return "a list" if isinstance(value, list) else "an object"


def _split_lines(stream: io.BufferedIOBase, most: int) -> Iterator[tuple[int, bytes]]:
    """Yield lines with their numbers; of a line over the limit only so much that it is seen to be over."""
    number = 0
    while line := stream.readline(most + 1):
        number += 1
        piece = line
        while len(piece) > most and not piece.endswith(b"\n"):  # skip to the end of the line
            piece = stream.readline(most + 1)
        yield number, line


def _split_values(stream: io.BufferedIOBase, most: int) -> Iterator[tuple[int, bytes]]:
    """Yield the members of an array, or objects that follow one another, with their numbers.

    Only strings, brackets and commas are looked at, so that a mistake in one value does not spoil the next. As with
    lines, a value over the limit is not kept whole.
    """
    number = depth = length = 0
    in_array = in_string = False
    value: list[bytes] = []
    carried = b""

    def keep(piece: bytes) -> None:
        nonlocal length
        if length <= most:
            value.append(piece)
        length += len(piece)

    def take() -> bytes:
        nonlocal length, number
        whole = b"".join(value)
        value.clear()
        length = 0
        number += bool(whole.strip())
        return whole

    while chunk := stream.read1(_CHUNK_BYTES):
        chunk, start = carried + chunk, 0
        escapes = len(chunk) - len(chunk.rstrip(b"\\"))
        cut = len(chunk) - escapes % 2  # a backslash and the sign after it belong together
        chunk, carried = chunk[:cut], chunk[cut:]
        for match in _MARKS.finditer(chunk):
            mark = match[0]
            if in_string or mark == b'"' or len(mark) == 2:
                in_string ^= mark == b'"'
                continue
            before = chunk[start : match.start()]
            if mark in b"{[":
                opens = mark == b"[" and not in_array and number == depth == 0
                if opens and not b"".join([*value, before]).strip(_BLANKS):
                    in_array, start = True, match.end()
                else:
                    depth += 1
                continue
            if depth:
                depth -= mark != b","
                if depth:
                    continue
                before = chunk[start : match.end()]
            elif mark == b"]" and in_array:
                in_array = False
            elif mark != b",":
                before = chunk[start : match.end()]
            keep(before)
            start = match.end()
            if (whole := take()).strip():
                yield number, whole
        keep(chunk[start:])
    keep(carried)
    if (whole := take()).strip(_BLANKS):
        yield number, whole
    elif in_array:
        raise InputError(f", record {number}: is the last one, but the array is not closed; is the input cut off?")
