r"""Mend broken encodings on a copy of the text that the extractors read, with a way back to the text as it is.

News passes through many hands: "â€œStopâ€\x9d" was “Stop”, "&quot;" was a quotation mark, and soft hyphens stand
inside names. The pipeline reads the mended copy; every fact is then put back, so that offsets and words are the
input's. Only what cannot have been meant is mended: signs that spell UTF-8 when read as Windows-1252 and begin with
"â", "Ã", "Â" or "ð"; lone remains of them where no word can have them; character references; invisible signs in words;
lone surrogates, which spaCy refuses. And "words" so long that none is meant, a picture in letters or a page without
blanks, are passed over: tokens of a million letters would hold the pipeline up for hours.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factx.facts import Facts

# Windows-1252 byte of each sign that a byte of 0x80 to 0xBF may have become; C1 controls stand for themselves.
_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)}
_BYTES.update({bytes([byte]).decode("cp1252", "replace"): byte for byte in range(0x80, 0xA0)})
_BYTES.pop("\N{REPLACEMENT CHARACTER}")  # five bytes that Windows-1252 leaves open
_FOLLOWING = "[" + "".join(sign for sign, byte in _BYTES.items() if byte < 0xC0) + "]"

# The longest word that is read. News has links of some hundred characters; among those of 2,000 are data alone.
_LONGEST_WORD = 1_000
_LONG_WORD = re.compile(rf"(?<!\S)\S{{{_LONGEST_WORD + 1},}}")

_BROKEN = re.compile(
    rf"(?P<long>{_LONG_WORD.pattern})"
    rf"|(?P<utf8>â[€\x80‚\x82„\x84]{_FOLLOWING}|[ÃÂ]{_FOLLOWING}|ð[Ÿ\x9f]{_FOLLOWING}{{2}})"
    # The second half of "â€\x9d", the closing mark, is often lost or has become a question mark.
    rf"|(?P<close>â€(?:\ufffd|\?)?)"
    # All but the first sign lost: an opening mark before a capital at the start of a word, a closing one after a stop.
    r"|(?P<lost_open>(?<![^\s(\[:])â(?=[A-Z]))|(?P<lost_close>(?<=[.,!?])â(?=\s|$))"
    r"|(?P<windows>[\x91-\x97\x85])"
    r"|(?P<reference>&(?:quot|apos|amp|nbsp|[lr][sd]quo|[nm]dash|hellip|#\d{2,5}|#x[\da-fA-F]{2,4});)"
    r"|(?P<invisible>[\xad\u200b-\u200d\u2060\ufeff]+)"
    r"|(?P<surrogate>[\ud800-\udfff])"
)

_WINDOWS = {0x85: "…", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—"}


@dataclass(frozen=True, slots=True)
class Mended:
    """A mended text and the way back to the original."""

    text: str
    """What the extractors read."""
    told: int
    """How many places were mended, without invisible signs."""
    passed_over: int
    """How many words were too long to be read."""
    _places: tuple[int, ...]
    """Where each piece begins in the mended text, in order."""
    _pieces: tuple[tuple[int, int, int], ...]
    """For each piece its end in the mended text, its start and its end in the original."""

    def find_start(self, offset: int) -> int:
        """Find where in the original a stretch begins that begins here in the mended text."""
        index = bisect_right(self._places, offset) - 1
        if index < 0:
            return offset
        mended_end, start, end = self._pieces[index]
        return start if offset < mended_end else end + offset - mended_end

    def find_end(self, offset: int) -> int:
        """Find where in the original a stretch ends that ends here in the mended text."""
        index = bisect_right(self._places, offset - 1) - 1
        if index < 0:
            return offset
        mended_end, _, end = self._pieces[index]
        return end if offset <= mended_end else end + offset - mended_end


def mend_text(text: str) -> Mended | None:
    r"""Mend what is broken in a text.

    >>> mend_text("He said: â€œDonâ€™t.â€\x9d").text
    'He said: “Don’t.”'
    >>> mend_text("All is well, said Zoë.") is None
    True

    Args:
        text: Any text.

    Returns:
        The mended text, or None if there is nothing to mend.
    """
    if text.isascii() and "&" not in text and not _LONG_WORD.search(text):
        return None
    out: list[str] = []
    places: list[int] = []
    pieces: list[tuple[int, int, int]] = []
    read = length = told = passed_over = 0
    for match in _BROKEN.finditer(text):
        better = _mend(match)
        if better == match[0]:
            continue
        out += [text[read : match.start()], better]
        length += match.start() - read
        places.append(length)
        length += len(better)
        pieces.append((length, match.start(), match.end()))
        read = match.end()
        told += match.lastgroup not in ("invisible", "long")
        passed_over += match.lastgroup == "long"
    if not pieces:
        return None
    out.append(text[read:])
    return Mended("".join(out), told, passed_over, tuple(places), tuple(pieces))


def restore_facts(facts: Facts, text: str, mended: Mended) -> Facts:
    """Put facts that were found in a mended text back to the original.

    Args:
        facts: Facts whose offsets count in `mended.text`.
        text: The original.
        mended: What `mend_text` made of it.

    Returns:
        The same facts with the offsets and words of the original; names, roles and the like stay mended.
    """

    def restore(value: Any) -> Any:  # noqa: ANN401 - any member of a record
        if isinstance(value, tuple):
            return tuple(map(restore, value))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        changes: dict[str, Any] = {field.name: restore(getattr(value, field.name)) for field in fields(value)}
        if "start" in changes:
            changes["start"] = mended.find_start(changes["start"])
            changes["end"] = mended.find_end(changes["end"])
            changes["text"] = text[changes["start"] : changes["end"]]
        if "parts" in changes:
            changes["text"] = " ".join(part.text for part in changes["parts"])
        return replace(value, **changes)

    warnings = facts.article.warnings
    if mended.told:
        what = "1 broken sign was" if mended.told == 1 else f"{mended.told:,} broken signs were"
        warnings = (*warnings, f"{what} mended for reading; the text is kept as it is")
    if mended.passed_over:
        what = "1 word" if mended.passed_over == 1 else f"{mended.passed_over:,} words"
        warnings = (*warnings, f"{what} of more than {_LONGEST_WORD:,} characters passed over; are they data?")
    return replace(
        facts,
        article=replace(facts.article, text=text, warnings=warnings),
        entities=restore(facts.entities),
        counts=restore(facts.counts),
        dates=restore(facts.dates),
        quotes=restore(facts.quotes),
    )


def _mend(match: re.Match[str]) -> str:
    """Tell what a broken place was."""
    kind, signs = match.lastgroup, match[0]
    if kind == "utf8":
        try:
            return bytes(_BYTES[sign] for sign in signs).decode()
        except UnicodeDecodeError:
            return signs
    if kind in ("close", "lost_close"):
        return "”"
    if kind == "lost_open":
        return "“"
    if kind == "windows":
        return _WINDOWS[ord(signs)]
    if kind == "reference":
        return html.unescape(signs)
    if kind in ("surrogate", "long"):
        return "\N{REPLACEMENT CHARACTER}"
    return ""
