"""Tell what an input holds by its first bytes and its name, and refuse what holds no text with the way to get at it."""

from __future__ import annotations

import codecs
import re
import shlex
from pathlib import Path
from typing import Literal

from factx.encodings import BYTE_ORDER_MARKS, guess_wide
from factx.errors import InputError
from factx.unpack import GZIP_MARK

Kind = Literal["text", "html", "markdown", "json", "jsonl"]
InputKind = Literal["auto", "text", "html", "markdown", "json", "jsonl"]

HEAD_BYTES = 8192
"""Enough to tell what a file is; HTML pages may open with long comments."""

_SUFFIXES: dict[str, Kind] = {
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_TAG = re.compile(rb"<[a-z!][^<>]*>", re.IGNORECASE)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
# A piece of a page opens with a block and then closes or opens one; "<b>Storm</b> hits coast" is a text with a tag.
_BLOCKS = rb"(?:p|div|article|section|main|header|figure|h[1-6]|blockquote|ul|ol|table)"
_FRAGMENT = re.compile(rb"(?:<!--.{0,2000}?-->\s*)*<" + _BLOCKS + rb"(?:\s[^<>]*)?>", re.IGNORECASE | re.DOTALL)
_FRAGMENT_GOES_ON = re.compile(rb"</?" + _BLOCKS + rb"(?:\s[^<>]*)?>|<br\s*/?>", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\s")
_FRONT_MATTER = re.compile(rb"---[ \t]*\r?\n(?:[A-Za-z_][\w -]*:[^\n]*\n)")
_HEADING = re.compile(rb"#{1,3} +\S")
_MARKDOWN = re.compile(rb"\n#{1,6} +\S|\[[^\]\n]+\]\([^)\s]+\)|\*\*\S[^*\n]*\*\*|\n> |\n```|\n[*+-] +\S")
_JSON_RECORD = re.compile(rb'\{[ \t]*(?:["}\r\n]|$)')
_JSON_ARRAY = re.compile(rb'\[\s*(?:\{\s*(?:["}]|$)|\]\s*$)')
# Control characters that no text file holds; tab, line ends, form feed and the escape of coloured logs are left out.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

# What a file starts with when it is no text, and how to get at its text. PDF is not read here although libraries can:
# columns, running heads and words cut at line ends come out of them in another way from each producer, and a figure
# with the wrong neighbours is worse than none; DOCX and its like need more than their words (tracked changes).
_SIGNATURES = (
    (b"%PDF", "a PDF file; turn it into text first: pdftotext {file} - | factx extract -"),
    (GZIP_MARK, "packed twice; unpack it first: gzip -dc {file} | gzip -dc | factx extract -"),
    (b"BZh", "compressed with bzip2; unpack it first: bzip2 -dc {file} | factx extract -"),
    (b"\xfd7zXZ\x00", "compressed with xz; unpack it first: xz -dc {file} | factx extract -"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first: zstd -dc {file} | factx extract -"),
    (b"\xd0\xcf\x11\xe0", "an office document; save it as plain text first"),
    (b"{\\rtf", "an RTF document; turn it into text first: pandoc -t plain {file} | factx extract -"),
    (b"\x89PNG", "an image, not text"),
    (b"\xff\xd8\xff", "an image, not text"),
    (b"GIF8", "an image, not text"),
)
_ZIPPED = (
    (b"word/", "an office document (DOCX); turn it into text first: pandoc -t plain {file} | factx extract -"),
    (
        b"opendocument.text",
        "an office document (ODT); turn it into text first: pandoc -t plain {file} | factx extract -",
    ),
    (b"application/epub", "a book (EPUB); turn it into text first: pandoc -t plain {file} | factx extract -"),
    (b"", "a zip archive or an office document; unpack it or save it as plain text first"),
)


def recognise(head: bytes, asked: InputKind, name: str) -> Kind:
    """Tell what an input holds.

    Args:
        head: Its first bytes, unpacked; `HEAD_BYTES` of them or all.
        asked: What it is said to hold; "auto" where that is to be found out.
        name: Its path without ".gz", or "-".

    Returns:
        What it holds.

    Raises:
        InputError: It holds no text; the message follows the name of the input.
    """
    _refuse_other_files(head, name)
    if is_binary(head):
        raise InputError("is not text but binary data")
    if asked != "auto":
        return asked
    start = _as_narrow(head)
    suffix = _SUFFIXES.get(Path(name).suffix.lower())
    if start.startswith(b"<"):
        if _PAGE.search(start):
            return "html"
        fragment = _FRAGMENT.match(start)
        if fragment and _FRAGMENT_GOES_ON.search(start, fragment.end()):
            return "html"
    if suffix == "html" and _TAG.search(start):
        return "html"
    if suffix == "markdown":
        return "markdown"
    if _JSON_ARRAY.match(start):
        return "json"
    if suffix == "jsonl" or _JSON_RECORD.match(start):
        # A record that opens on one line and goes on in the next is written for people.
        return "json" if start.split(b"\n", 1)[0].strip() == b"{" else "jsonl"
    if suffix == "json":
        return "json"
    if _FRONT_MATTER.match(start):
        return "markdown"
    known_as_text = Path(name).suffix.lower() in (".txt", ".text")
    return "markdown" if not known_as_text and _HEADING.match(start) and _MARKDOWN.search(start) else "text"


def is_record(head: bytes) -> bool:
    """Tell whether what has been read so far begins like JSON records, so that nothing more need be waited for."""
    return bool(_JSON_RECORD.match(_skip_blank(head)))


def looks_like_xml(head: bytes) -> bool:
    """Tell whether a text is XML of a kind that is not read."""
    return bool(_XML.match(_as_narrow(head)))


def is_binary(head: bytes) -> bool:
    """Tell data from text: any NUL, or more control characters than a damaged text has (one in a hundred)."""
    if any(head.startswith(mark) for mark, _ in BYTE_ORDER_MARKS) or guess_wide(head):
        return False
    return b"\x00" in head or len(_CONTROLS.findall(head)) * 100 > len(head)


def _refuse_other_files(head: bytes, name: str) -> None:
    """Raise the error that tells how to get at the text of a file that is none."""
    file = "FILE" if name == "-" else shlex.quote(name)
    advice = next((advice for mark, advice in _SIGNATURES if head.startswith(mark)), None)
    if head.startswith(b"PK\x03\x04"):
        advice = next(advice for mark, advice in _ZIPPED if mark in head)
    if advice:
        raise InputError(f"is {advice.format(file=file)}")


def _as_narrow(head: bytes) -> bytes:
    """Recode the beginning of an input of two or four bytes a sign, so that one set of patterns is enough."""
    wide = next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), guess_wide(head))
    if wide and wide != "utf-8":
        head = head.decode(wide, errors="replace").encode(errors="replace")
    return _skip_blank(head)


def _skip_blank(head: bytes) -> bytes:
    """Leave out what may stand before the first sign."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()
