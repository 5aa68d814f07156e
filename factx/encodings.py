"""Decode bytes to text: by byte order mark, as UTF-8, or by the likeliest other encoding, and say what was guessed."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from factx.sanitize import replace_surrogates

# Enough of a text to guess its encoding by.
_SAMPLE_BYTES = 8192

# Longer marks first: the mark of UTF-32 begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode_text(data: bytes, encoding: str | None = None, *, declared: str | None = None) -> tuple[str, list[str]]:
    r"""Decode a text by its byte order mark, as UTF-8, or else by the likeliest encoding.

    >>> decode_text(b"caf\xc3\xa9")
    ('café', [])

    Args:
        data: The bytes of a text.
        encoding: The encoding it certainly has, by any name that Python knows.
        declared: The encoding it says it has. UTF-8 goes before it: pages are often recoded and keep what they said.

    Returns:
        The text, and a sentence for each thing that had to be guessed or mended.
    """
    for mark, marked in BYTE_ORDER_MARKS:
        if data.startswith(mark) and encoding is None:
            return _decode_as(data[len(mark) :], marked)
    if encoding is not None:
        return _decode_as(data.removeprefix(codecs.BOM_UTF8) if is_utf8(encoding) else data, encoding)
    wide = guess_wide(data)
    if wide:
        return _decode_as(data, wide)
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        pass
    if declared is not None and is_known(declared) and not is_utf8(declared):
        # Browsers read what calls itself Latin-1 or ASCII as Windows-1252, which has the curly quotation marks.
        name = codecs.lookup(declared).name
        return _decode_as(data, "cp1252" if name in ("ascii", "iso8859-1") else name)
    # Single bad bytes in what is otherwise UTF-8 are damage, not another encoding, in which letters outside ASCII
    # would not form valid pairs.
    text = data.decode(errors="replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    if sum(char > "\x7f" for char in text) >= 3 * broken:
        return text, [f"{_count_bytes(broken)} not valid UTF-8 and replaced by U+FFFD"]
    encoding = _guess_narrow(data)
    text, warnings = _decode_as(data, encoding)
    return text, [f"not UTF-8; read as {encoding}, which is a guess; --encoding NAME settles it", *warnings]


def is_known(encoding: str) -> bool:
    """Tell whether Python knows a text encoding of this name.

    >>> is_known("Windows-1252"), is_known("rot13"), is_known("no such")
    (True, False, False)
    """
    try:
        return codecs.lookup(encoding)._is_text_encoding and not encoding.lower().startswith("undefined")  # noqa: SLF001
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return False


def is_utf8(encoding: str) -> bool:
    """Tell whether a known encoding is UTF-8 by whatever name."""
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def guess_wide(data: bytes) -> Literal["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"] | None:
    """Recognise UTF-16 and UTF-32 without marks: in English nearly every second byte is zero, or three of four."""
    sample = data[:_SAMPLE_BYTES]
    quarter = len(sample) // 4
    if quarter >= 4 and sample[1::4].count(0) + sample[2::4].count(0) == len(sample[1::4]) + len(sample[2::4]):
        if sample[3::4].count(0) == len(sample[3::4]) and not sample[::4].count(0):
            return "utf-32-le"
        if sample[::4].count(0) == len(sample[::4]) and not sample[3::4].count(0):
            return "utf-32-be"
    half = len(sample) // 2
    if half >= 4 and sample[1::2].count(0) > 0.7 * half and not sample[::2].count(0):
        return "utf-16-le"
    if half >= 4 and sample[::2].count(0) > 0.7 * half and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _guess_narrow(data: bytes) -> str:
    """Guess a one-byte or East Asian encoding from the lines that are not plain ASCII."""
    sample = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[: 8 * _SAMPLE_BYTES]
    # In English copy the odd byte is a curly quotation mark, a dash or an accented letter, and Windows wrote it; on so
    # little evidence a statistical guess picks Mac or Baltic code pages as often.
    odd = sum(byte > 0x7F for byte in sample)
    if (odd < 5 or odd * 10 < len(sample)) and not re.search(rb"[\x81\x8d\x8f\x90\x9d]", sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best and best.encoding != "ascii" else "cp1252"


def _decode_as(data: bytes, encoding: str) -> tuple[str, list[str]]:
    """Decode by a known encoding; what does not fit becomes U+FFFD and is told."""
    try:
        return replace_surrogates(data.decode(encoding)), []
    except UnicodeDecodeError:
        text = replace_surrogates(data.decode(encoding, errors="replace"))
        broken = text.count("\N{REPLACEMENT CHARACTER}")
        return text, [f"{_count_bytes(broken)} not valid {encoding} and replaced by U+FFFD"]


def _count_bytes(number: int) -> str:
    """Word how many places were broken."""
    return "1 place was" if number == 1 else f"{number:,} places were"
