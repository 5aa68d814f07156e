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


def decode_text(data: bytes) -> tuple[str, list[str]]:
    r"""Decode a text by its byte order mark, as UTF-8, or else by the likeliest encoding.

    >>> decode_text(b"caf\xc3\xa9")
    ('café', [])

    Args:
        data: The bytes of a text.

    Returns:
        The text, and a sentence for each thing that had to be guessed or mended.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding)
    wide = guess_wide(data)
    if wide:
        return _decode_as(data, wide)
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        pass
    # Single bad bytes in what is otherwise UTF-8 are damage, not another encoding, in which letters outside ASCII
    # would not form valid pairs.
    text = data.decode(errors="replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    if sum(char > "\x7f" for char in text) >= 3 * broken:
        return text, [f"{_count_bytes(broken)} not valid UTF-8 and replaced by U+FFFD"]
    encoding = _guess_narrow(data)
    text, warnings = _decode_as(data, encoding)
    return text, [f"not UTF-8; read as {encoding}, which is a guess", *warnings]


def guess_wide(data: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """Recognise UTF-16 without its mark: in English nearly every second byte is zero."""
    sample = data[:_SAMPLE_BYTES]
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
    if odd * 10 < len(sample) and not re.search(rb"[\x81\x8d\x8f\x90\x9d]", sample):
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
