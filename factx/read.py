"""Read inputs: a file or standard input, in any encoding and also packed with gzip, becomes Articles.

Text, HTML, Markdown, JSON lines and JSON are told apart by what they begin with and by their names (`factx.sniff`).
Plain text is kept character for character as decoded, line ends included; only a byte order mark is dropped.
"""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from factx.encodings import decode_text, is_known
from factx.errors import InputError
from factx.facts import Article
from factx.records import FieldNames, RecordReader, parse_day
from factx.sanitize import make_harmless, replace_surrogates
from factx.sniff import HEAD_BYTES, InputKind, Kind, is_record, looks_like_xml, recognise
from factx.unpack import GZIP_MARK, Rejoined, Unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from factx.pages import Page

# Bounds what one text, or one record, may take of memory; the parser takes no longer texts either. A day's wire copy is
# shorter, /dev/zero is not.
_MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are to be read; the same for all inputs of a run."""

    kind: InputKind = "auto"
    """What they hold; "auto" looks at the beginning of each."""
    published: str | None = None
    """Publication day (YYYY-MM-DD) that goes before what records and pages say."""
    encoding: str | None = None
    """Their encoding, by any name that Python knows; None to find it out."""
    fields: FieldNames = FieldNames()  # noqa: RUF009 - frozen
    """Under which names records hold what."""

    def __post_init__(self) -> None:
        if self.encoding is not None and not is_known(self.encoding):
            raise InputError(f"{make_harmless(self.encoding)} is no encoding; utf-8, cp1252 and utf-16 are some")


@dataclass(frozen=True, slots=True)
class Input:
    """An input that has been opened and recognised."""

    source: str
    """As given; "-" for standard input."""
    kind: Kind
    """What it holds."""
    packed: bool
    """Whether it was packed with gzip."""
    articles: Iterator[Article]
    """The articles, read as they are asked for."""

    @property
    def holds_records(self) -> bool:
        """Whether it may hold any number of articles."""
        return self.kind in ("json", "jsonl")


def read_articles(  # noqa: PLR0913 - one argument for each option
    sources: str | Path | Iterable[str | Path],
    kind: InputKind = "auto",
    *,
    published: str | None = None,
    encoding: str | None = None,
    fields: FieldNames | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Article]:
    """Read the articles of inputs, one after the other.

    Args:
        sources: A path, or "-" for standard input; or several of them.
        kind: What the inputs hold; "auto" looks at the beginning of each.
        published: Publication day (YYYY-MM-DD) that goes before what records and pages say.
        encoding: Their encoding, by any name that Python knows; by default it is found out.
        fields: Under which names JSON records hold what; by default under those of `Article`.
        on_error: Takes the error of an input or a record that cannot be read, and the rest is read; by default it is
            raised.

    Yields:
        One article for a text or a page, one for each JSON record. Records are read as a stream.

    Raises:
        InputError: An input or a record cannot be read, and there is no `on_error`.
    """
    options = ReadOptions(kind, published, encoding, fields or FieldNames())
    for source in [sources] if isinstance(sources, (str, PurePath)) else sources:
        try:
            with open_input(source, options, on_error=on_error) as opened:
                yield from opened.articles
        except InputError as error:
            if on_error is None:
                raise
            on_error(error)


@contextmanager
def open_input(
    source: str | Path,
    options: ReadOptions = ReadOptions(),
    *,
    on_error: Callable[[InputError], None] | None = None,
    stream: BinaryIO | None = None,
) -> Iterator[Input]:
    """Open one input and find out what it holds.

    Args:
        source: A path, or "-" for standard input.
        options: How it is to be read.
        on_error: Takes the error of a bad record, and the rest is read; by default the error is raised.
        stream: Where its bytes come from, if they are not to be looked for under its name; it stays open.

    Yields:
        The input, to be read before the context ends.

    Raises:
        InputError: The input cannot be read.
    """
    name = str(source)
    shown = replace_surrogates(name)
    place = "standard input" if name == "-" else shown
    with _word_errors(place):
        file = _open_stream(name) if stream is None else stream
    try:
        with _word_errors(place):
            opened = _Opened(file, name, shown, options)
        yield Input(shown, opened.kind, opened.packed is not None, opened.read(place, on_error or _raise))
    finally:
        if name != "-" and stream is None:
            file.close()


def make_id(source: str) -> str:
    """Make the id of an article that is a whole input: its name without its endings.

    >>> make_id("news/storm.html.gz"), make_id("-")
    ('storm', 'stdin')
    """
    return "stdin" if source == "-" else replace_surrogates(PurePath(_leave_out_gz(source)).stem)


class _Opened:
    """An input of which so much has been read that its kind is known.

    Args:
        file: The bytes as they are on disk or come in.
        name: Its path, or "-".
        shown: The same as it is told.
        options: How it is to be read.

    Raises:
        InputError: It holds no text; the message follows the name of the input.
    """

    def __init__(self, file: BinaryIO, name: str, shown: str, options: ReadOptions) -> None:
        self._name, self._shown, self._options = name, shown, options
        head, complete = _read_head(file)
        self._stream = io.BufferedReader(Rejoined(head, file))
        self.packed: Unpacked | None = None
        if head.startswith(GZIP_MARK):
            self.packed = Unpacked(self._stream)
            unpacked = io.BufferedReader(self.packed)
            head, complete = _read_head(unpacked)
            if self.packed.problem and not head:
                raise InputError(f": {self.packed.problem} and gives no text; get it anew")
            self._stream = io.BufferedReader(Rejoined(head, unpacked))
        if complete and not head:
            raise InputError(": is empty")
        if complete and head.isspace():
            raise InputError(": holds nothing but blanks")
        self._head = head
        if options.encoding is not None:
            head = head.decode(options.encoding, errors="replace").encode(errors="replace")
        try:
            self.kind: Kind = recognise(head, options.kind, _leave_out_gz(name))
        except InputError as error:
            raise InputError(f": {error}") from None

    def read(self, place: str, on_error: Callable[[InputError], None]) -> Iterator[Article]:
        """Read the articles.

        Args:
            place: The name of the input in messages.
            on_error: Takes the error of a bad record.
        """
        with _word_errors(place):
            if self.kind in ("json", "jsonl"):
                yield from self._read_records(place, on_error)
            else:
                yield self._read_text()

    def _read_records(self, place: str, on_error: Callable[[InputError], None]) -> Iterator[Article]:
        reader = RecordReader(
            stem=make_id(self._name),
            source=self._shown,
            names=self._options.fields,
            published=self._options.published,
            encoding=self._options.encoding,
            most_bytes=_MAX_BYTES,
            on_error=lambda error: on_error(InputError(f"{place}{error}")),
        )
        yield from reader.read(self._stream, self._head, "json" if self.kind == "json" else "jsonl")
        if self.packed is not None and self.packed.problem:
            raise InputError(f": {self.packed.problem}; the records before that were read")

    def _read_text(self) -> Article:
        """Read the whole input as one article."""
        data = self._stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise InputError(f": is longer than {_MAX_BYTES:,} bytes; cut it into articles first")
        published = self._options.published
        if self.kind == "text":
            text, warnings = decode_text(data, self._options.encoding)
            page = None
            if looks_like_xml(self._head):
                warnings.append("this is XML; its tags were read as words")
        else:
            page, warnings = self._parse_markup(data)
            text = page.text
        if not text or text.isspace():
            if page is not None:
                raise InputError(": no article text found; pass --input text to read the file as it is")
            raise InputError(": holds nothing but blanks")
        if self.packed is not None and self.packed.problem:
            warnings.append(f"{self.packed.problem}; what came before that was read")
        told = page.published if page is not None else None
        return Article(
            id=make_id(self._name),
            source=self._shown,
            text=text,
            title=page.title if page is not None else None,
            published=published or told,
            published_from="option" if published else "metadata" if told else None,
            author=page.author if page is not None else None,
            site=page.site if page is not None else None,
            warnings=tuple(warnings),
        )

    def _parse_markup(self, data: bytes) -> tuple[Page, list[str]]:
        """Take the text out of HTML or Markdown."""
        if self.kind == "html":
            from factx.pages import find_declared, parse_page

            markup, warnings = decode_text(data, self._options.encoding, declared=find_declared(data))
            page = parse_page(markup)
        else:
            from factx.markdown import parse_markdown

            markup, warnings = decode_text(data, self._options.encoding)
            page = parse_markdown(markup)
        return page, [*warnings, *page.warnings]


def _raise(error: InputError) -> NoReturn:
    """Stop at the first bad record."""
    raise error


@contextmanager
def _word_errors(place: str) -> Iterator[None]:
    """Put the name of the input before what is wrong with it."""
    try:
        yield
    except InputError as error:
        message = str(error)
        raise InputError(message if message.startswith(place) else f"{place}{message}") from None
    except OSError as error:
        raise InputError(f"{place}: cannot be read ({_explain(error)})") from None


def _open_stream(name: str) -> BinaryIO:
    """Open an input for reading bytes."""
    if name == "-":
        if sys.stdin is None or sys.stdin.closed:  # as under a daemon
            raise InputError(": is closed")
        return sys.stdin.buffer
    try:
        if Path(name).is_dir():
            raise InputError(": is a folder; name its files, for instance with a pattern like FOLDER/*.txt")
        return Path(name).open("rb")
    except FileNotFoundError:
        raise InputError(": no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f": cannot be opened ({_explain(error)})") from None


def _explain(error: Exception) -> str:
    """Word what the system said, without its number and the path."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def _read_head(stream: BinaryIO) -> tuple[bytes, bool]:
    """Read until the kind can be told, line by line, so that a slow pipe of JSON lines is not waited for.

    Returns:
        The bytes read, and whether they are all there is.
    """
    head = b""
    while len(head) < HEAD_BYTES:
        line = stream.readline(HEAD_BYTES)
        if not line:
            return head, True
        head += line
        if line.endswith(b"\n") and is_record(head):
            break
    return head, False


def _leave_out_gz(name: str) -> str:
    """Leave out the ending that only says how a file is packed."""
    return name[:-3] if name.lower().endswith(".gz") else name


__all__ = [
    "FieldNames",
    "Input",
    "InputKind",
    "ReadOptions",
    "make_id",
    "open_input",
    "parse_day",
    "read_articles",
]
