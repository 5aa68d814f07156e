"""Pair the quotation marks of a text: every kind, nested, mixed, broken or missing.

A mark opens or closes by what stands beside it; its shape decides only where its neighbours do not. Marks are paired
within their paragraph, so that one bad mark costs one stretch at most: an unclosed stretch ends before the next opening
mark or with its paragraph, a closing mark without an opening one takes the sentence it ends.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from factx.layout import is_wrapped

Family = Literal["double", "guillemet", "single"]
Role = Literal["open", "close", "either"]


@dataclass(frozen=True, slots=True)
class QuotedStretch:
    """What stands between two quotation marks, or beside one that lacks its partner."""

    start: int
    """First character, the opening mark if there is one."""
    end: int
    """Character after the last, the closing mark if there is one."""
    inner_start: int
    """First character between the marks."""
    inner_end: int
    """Character after the last between the marks."""
    family: Family
    """Shape of the marks: double (also mojibake), guillemet (also corner brackets) or single."""
    level: int = 0
    """How many other stretches it lies in."""
    opened: bool = True
    """Whether it has an opening mark."""
    closed: bool = True
    """Whether it has a closing mark."""
    continues: bool = False
    """Whether it goes on with an unclosed stretch of the paragraph before."""


# Deeper ones are rows of marks, not quotations.
_DEEPEST = 5


class _Mark(NamedTuple):
    start: int
    end: int
    family: Family
    role: Role


# Mojibake: UTF-8 marks read as Windows-1252 (three signs) or as Latin-1 (one letter and two control characters, which
# are easily lost), and the marks of Windows-1252 read as Latin-1 (one control character).
_OPEN_DOUBLE = ["â€œ", "â\x80\x9c", "“", "„", "‟", "❝", "``", "&ldquo;", "&#8220;", "\x93"]
_CLOSE_DOUBLE = ["â€\x9d", "â€\ufffd", "â\x80\x9d", "”", "❞", "''", "&rdquo;", "&#8221;", "\x94", "â€"]
_EITHER_DOUBLE = ['"', "＂", "&quot;", "″"]
_OPEN_SINGLE = ["â€˜", "â\x80\x98", "‘", "‚", "‛", "`", "&lsquo;", "&#8216;", "\x91"]
_CLOSE_SINGLE = ["â€™", "â\x80\x99", "’", "&rsquo;", "&#8217;", "\x92"]
_EITHER_SINGLE = ["'", "＇", "&#39;", "&apos;"]
_OPEN_GUILLEMET = ["«", "‹", "「", "『", "《"]
_CLOSE_GUILLEMET = ["»", "›", "」", "』", "》"]

_SHAPES: dict[str, tuple[Family, Role]] = {
    **dict.fromkeys(_OPEN_DOUBLE, ("double", "open")),
    **dict.fromkeys(_CLOSE_DOUBLE, ("double", "close")),
    **dict.fromkeys(_EITHER_DOUBLE, ("double", "either")),
    **dict.fromkeys(_OPEN_SINGLE, ("single", "open")),
    **dict.fromkeys(_CLOSE_SINGLE, ("single", "close")),
    **dict.fromkeys(_EITHER_SINGLE, ("single", "either")),
    **dict.fromkeys(_OPEN_GUILLEMET, ("guillemet", "open")),
    **dict.fromkeys(_CLOSE_GUILLEMET, ("guillemet", "close")),
}
# A lone "â" (its control characters lost) is a mark only where no word could have it: before a capital at the start of
# a word, or after a full stop or comma. The same holds for the sign of undecodable bytes.
_LOST = r"(?<![^\s(\[:])(?:â|\ufffd{1,3})(?=[A-Z])|(?<=[.,!?])(?:â|\ufffd{1,3})(?=\s|$)"
_MARK = re.compile("|".join([*map(re.escape, sorted(_SHAPES, key=len, reverse=True)), _LOST]))
_OPENS_AFTER = frozenset("([{—–-/:=>|…")
_CLOSES_BEFORE = frozenset(".,;:!?)]}—–-/…<|")
_MARK_LETTERS = frozenset("\"“”„‟'‘’‚‛«»‹›`")
# Words that lose their beginning, and years: the apostrophe before them opens nothing.
_ELISION = re.compile(
    r"(?:\d0s\b|\d\d\b|(?:em|til|tis|twas|cause|bout|n|round|cos|cuz|ere|neath|kay|nuff|sup)\b)", re.IGNORECASE
)
_FEET = re.compile(r"\d\s?['’′]\s?\d{1,2}$")
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)[.!?][)\]]?\s+(?=[^\sa-z])")
_BLANK_LINE = re.compile(r"\n\s*\n")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")


def find_quotation_marks(text: str) -> list[QuotedStretch]:
    """Pair the quotation marks of a text.

    >>> [text[s.inner_start : s.inner_end] for text in ['"Go," he said. "Go now!"'] for s in find_quotation_marks(text)]
    ['Go,', 'Go now!']

    Args:
        text: Any text. Time grows with its length alone.

    Returns:
        The stretches by start, outer ones before those inside. They nest or lie apart, and none leaves its paragraph.
        Apostrophes, inches and minutes, and single marks without a partner are none.
    """
    found: list[QuotedStretch] = []
    unfinished = False
    for start, end in find_paragraphs(text):
        stretches, unfinished = _pair_paragraph(text, start, end, goes_on=unfinished)
        found.extend(stretches)
    return _add_levels(found)


def find_paragraphs(text: str) -> list[tuple[int, int]]:
    """Cut a text into paragraphs, without the blanks around them.

    A blank line always ends one. A single line end does so only where lines are whole paragraphs; in text wrapped at a
    fixed width it falls into sentences.

    Args:
        text: Any text.

    Returns:
        Half-open character ranges in order.
    """
    if is_wrapped(text):
        edges = [(0, 0), *((m.start(), m.end()) for m in _BLANK_LINE.finditer(text)), (len(text), len(text))]
        ranges = [(a[1], b[0]) for a, b in itertools.pairwise(edges)]
    else:
        ranges = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    stripped = (_strip(text, start, end) for start, end in ranges)
    return [(start, end) for start, end in stripped if start < end]


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _read_marks(text: str, start: int, end: int) -> list[_Mark]:
    """Find the marks of a paragraph with what their neighbours make of them."""
    marks = []
    for match in _MARK.finditer(text, start, end):
        family, shape = _SHAPES.get(match.group(), ("double", "either"))
        before = text[match.start() - 1] if match.start() > start else " "
        after = text[match.end()] if match.end() < end else " "
        role = _read_role(shape, before, after)
        if family == "single" and before.isalnum() and after.isalnum():
            continue
        marks.append(_Mark(match.start(), match.end(), family, role))
    return marks


def _read_role(shape: Role, before: str, after: str) -> Role:
    """Tell whether a mark opens or closes, by its neighbours and then by its shape."""
    free_left = before.isspace() or before in _OPENS_AFTER
    free_right = after.isspace() or after in _CLOSES_BEFORE
    beside_mark = before in _MARK_LETTERS or after in _MARK_LETTERS
    if shape == "open":
        turned = not free_left and free_right and not beside_mark
        return "close" if turned else "open"
    if shape == "close":
        turned = free_left and after.isalnum()
        return "open" if turned else "close"
    can_open = (free_left or before in _MARK_LETTERS) and not after.isspace()
    can_close = (free_right or after in _MARK_LETTERS) and not before.isspace()
    if can_open == can_close:
        if before.isspace() != after.isspace():
            return "open" if before.isspace() else "close"
        return "either"
    return "open" if can_open else "close"


def _pair_paragraph(text: str, start: int, end: int, *, goes_on: bool) -> tuple[list[QuotedStretch], bool]:
    """Pair the marks of one paragraph.

    Args:
        text: The whole text.
        start: First character of the paragraph.
        end: Character after its last.
        goes_on: Whether the paragraph before ended inside a quotation.

    Returns:
        The stretches, and whether the paragraph ends inside one.
    """
    marks = _read_marks(text, start, end)
    if not marks:
        return [], False
    broad = [mark for mark in marks if mark.family != "single"]
    found, unfinished = _pair_broad(text, broad, (start, end), goes_on=goes_on)
    found += _pair_single(text, [mark for mark in marks if mark.family == "single"], found, end)
    return found, unfinished


def _pair_broad(
    text: str, marks: list[_Mark], paragraph: tuple[int, int], *, goes_on: bool
) -> tuple[list[QuotedStretch], bool]:
    """Pair double marks and guillemets, with a stack."""
    start, end = paragraph
    found: list[QuotedStretch] = []
    stack: list[_Mark] = []
    last = start
    for index, mark in enumerate(marks):
        role = mark.role
        if role == "either":
            role = "close" if stack else "open"
        if role == "close" and _is_measure(text, marks, index, inside=bool(stack)):
            continue
        if role == "open":
            stack.append(mark)
        elif stack:
            opening = stack.pop()
            found.append(_stretch(text, opening, mark))
        else:
            continued = goes_on and not found
            first = start if continued else _sentence_start(text, last, mark.start)
            inner_start, inner_end = _strip(text, first, mark.start)
            if inner_start < inner_end:
                found.append(
                    QuotedStretch(
                        inner_start, mark.end, inner_start, inner_end, mark.family, opened=False, continues=continued
                    )
                )
        last = mark.end
    unfinished = False
    if stack:
        openings = [mark.start for mark in marks if mark.role != "close"]
        for opening in stack:
            following = next((place for place in openings if place > opening.start), None) if len(stack) < 50 else None
            # A quotation that goes on in the next paragraph may hold another; there nothing tells the two cases apart.
            stop = end if following is None else following
            inner_start, inner_end = _strip(text, opening.end, stop)
            # A mark with no word behind it in its paragraph opens nothing that the next could go on with.
            if not any(sign.isalnum() for sign in text[inner_start:inner_end]):
                continue
            unfinished = unfinished or following is None
            if following is not None or opening is stack[-1]:
                found.append(
                    QuotedStretch(opening.start, inner_end, inner_start, inner_end, opening.family, closed=False)
                )
    if goes_on:
        found = [replace(s, continues=True) if s.start == start else s for s in found]
    return found, unfinished


def _stretch(text: str, opening: _Mark, closing: _Mark) -> QuotedStretch:
    inner_start, inner_end = _strip(text, opening.end, closing.start)
    return QuotedStretch(opening.start, closing.end, inner_start, max(inner_start, inner_end), opening.family)


def _is_measure(text: str, marks: list[_Mark], index: int, *, inside: bool) -> bool:
    """Tell whether a mark after a digit means inches or seconds: 6'2", a 12" pipe."""
    mark = marks[index]
    if (
        mark.start == 0
        or not text[mark.start - 1].isdigit()
        or text[mark.start : mark.end] not in ('"', "″", "”", "''")
    ):
        return False
    if not inside or _FEET.search(text, max(0, mark.start - 8), mark.start):
        return True
    goes_on = text[mark.end : mark.end + 1] == " " and text[mark.end + 1 : mark.end + 2].islower()
    return goes_on and index + 1 < len(marks) and marks[index + 1].role == "close"


def _sentence_start(text: str, start: int, end: int) -> int:
    """Give the start of the sentence that ends at `end`."""
    place = start
    for match in _SENTENCE_END.finditer(text, start, end):
        place = match.end()
    return place


def _pair_single(text: str, marks: list[_Mark], broad: list[QuotedStretch], end: int) -> list[QuotedStretch]:
    """Pair single marks: only an opening one with a closing one in the same surroundings."""
    found: list[QuotedStretch] = []
    owners = _innermost(broad, [mark.start for mark in marks])
    # For each mark: whether a closing one that cannot be a possessive follows before the next opening one.
    sure_ahead = [False] * (len(marks) + 1)
    for index in range(len(marks) - 1, -1, -1):
        role = _single_role(text, marks[index], end)
        if role == "open":
            sure_ahead[index] = False
        else:
            sure_ahead[index] = sure_ahead[index + 1] or role == "close"
    opening: int | None = None
    for index, mark in enumerate(marks):
        role = _single_role(text, mark, end)
        if role == "open":
            if opening is None or owners[opening] != owners[index]:
                opening = index
        elif opening is not None and role != "none" and owners[opening] == owners[index]:
            if role == "maybe" and sure_ahead[index + 1]:
                continue
            stretch = _stretch(text, marks[opening], mark)
            if stretch.inner_start < stretch.inner_end:
                found.append(stretch)
            opening = None
    return found


def _single_role(text: str, mark: _Mark, end: int) -> Literal["open", "close", "maybe", "none"]:
    """Tell what a single mark can be: "maybe" is a closing mark that may as well be a plural's possessive."""
    before = text[mark.start - 1] if mark.start else " "
    if mark.role != "close":
        elided = _ELISION.match(text, mark.end, end) is not None
        following = text[mark.end : mark.end + 1]
        return "none" if elided or not following or following.isspace() or before.isalnum() else "open"
    if before.isspace() or before.isdigit():
        return "none" if before.isspace() else "maybe"
    after = text[mark.end : mark.end + 1]
    return "maybe" if before in "sS" and after == " " else "close"


def _innermost(stretches: list[QuotedStretch], places: list[int]) -> list[int]:
    """Give for each place (in order) the number of the innermost stretch around it, -1 for none."""
    order = sorted(range(len(stretches)), key=lambda i: (stretches[i].start, -stretches[i].end))
    owners: list[int] = []
    stack: list[int] = []
    following = 0
    for place in places:
        while following < len(order) and stretches[order[following]].start <= place:
            stack.append(order[following])
            following += 1
        while stack and stretches[stack[-1]].end <= place:
            stack.pop()
        owners.append(stack[-1] if stack else -1)
    return owners


def _add_levels(found: list[QuotedStretch]) -> list[QuotedStretch]:
    """Sort stretches and tell how deep each lies."""
    result: list[QuotedStretch] = []
    ends: list[int] = []
    for stretch in sorted(found, key=lambda s: (s.start, -s.end)):
        while ends and ends[-1] <= stretch.start:
            ends.pop()
        if len(ends) < _DEEPEST:
            result.append(replace(stretch, level=len(ends)))
            ends.append(stretch.end)
    return result
