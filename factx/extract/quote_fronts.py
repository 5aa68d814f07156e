"""Contents beside an attribution: from the beginning of their sentence to it, and what goes on behind it."""

from __future__ import annotations

from bisect import bisect_left

from factx.extract.quote_reading import LONGEST_SENTENCE, CharRange, Reading, Statement, behind_dateline
from factx.extract.quote_subjects import speaker_of
from factx.extract.words import DAYS, FINITE

_OPENERS = frozenset('"“”:;')
_MARKS = frozenset('"“”')
_CONJUNCTIONS = frozenset(("and", "but", "or"))
_RELATIVES = frozenset(("which", "who", "that"))
# What joins a sentence to the one before, and is no part of what somebody says in it.
_CONNECTIVES = frozenset(("also", "meanwhile", "separately", "moreover", "furthermore", "additionally"))
# What opens the going on behind an attribution, where the content begins after it.
_JOINS = frozenset("as though although while among including with them".split())
# What may stand between an attribution and the rest of what was said: "he said on Monday, two of them badly".
_TIMES = DAYS | frozenset(
    "on in last this late early earlier the tonight week month year morning afternoon evening night".split()
)
_LONGEST_TIME = 6
_LONGEST_SPEAKER = 15
_SHORTEST_FRONT = 3
_LONGEST_SUBJECT = 12


def without_attribution(reading: Reading, statement: Statement, parts: list[CharRange]) -> list[CharRange]:
    """Cut the words for the speaker and the day off contents: "[Ten died], the governor, Ana Lopez, said on Monday".

    What stands behind an attribution is told with what stands before it, or not at all.
    """
    words, cue = reading.tree.words, statement.cue
    if cue is None or not parts:
        return parts
    if parts[0][1] > words.starts[cue.start]:
        return [part for part in parts if not _is_comment(reading, cue.end, part)]
    speaker = speaker_of(reading, statement)
    kept: list[CharRange | None] = []
    for start, end in parts:
        if speaker is not None and words.starts[speaker[0]] < end and start < words.ends[speaker[1] - 1]:
            before = words.forms[speaker[0] - 1] == "," and start < words.starts[speaker[0] - 1] < end
            kept.append((start, words.ends[speaker[0] - 2]) if before else None)
        else:
            kept.append((start, end) if end <= words.starts[cue.start] else _behind_day(reading, (start, end)))
    said = [part for part in kept if part is not None and not _is_comment(reading, cue.end, part)]
    return [(behind_dateline(words, part[0], part[1]), part[1]) for part in said]


def with_front(reading: Reading, statement: Statement, parts: list[CharRange]) -> list[CharRange]:
    """Let what stands before an attribution reach from the beginning of its sentence to the attribution.

    "[A fire in the old town killed two men and] four others were hurt, police said." The model, and the parse of a long
    sentence, tend to see but a piece of it. All of it is said, unless another cue or a quotation stands in it.
    """
    words, cue = reading.tree.words, statement.cue
    if cue is None or cue.form not in ("finite", "according"):
        return parts
    before = [part for part in parts if part[1] <= words.starts[cue.start]]
    after = [part for part in parts if part[0] >= words.ends[cue.end - 1]]
    if len(before) + len(after) < len(parts) or len(before) > 1:
        return parts
    if before:
        return [_take_up(reading, statement, _reach_attribution(reading, statement, before[0])), *after]
    if len(after) == 1:
        part = _before_insertion(reading, statement, after[0])
        joined = _with_joins(reading, cue.end, part)
        front = _front_of(reading, statement, joined) if part == after[0] else None
        return [front, joined] if front is not None else [part]
    return parts


def _with_joins(reading: Reading, floor: int, part: CharRange) -> CharRange:
    """Let what goes on behind an attribution begin with what joins it: "..., he said, [as hopes of rescue faded]"."""
    words, first = reading.tree.words, reading.tree.words.token_at(part[0])
    while first - 1 > floor and words.lowers[first - 1] in _JOINS:
        first -= 1
    return words.starts[first], part[1]


def _take_up(reading: Reading, statement: Statement, part: CharRange) -> CharRange:
    """Let a content before its attribution begin with its sentence."""
    words, speaker = reading.tree.words, speaker_of(reading, statement)
    first, behind = words.token_at(part[0]), words.token_at(part[1] - 1) + 1
    start = _sentence_floor(reading, first)
    if start >= first or words.forms[behind : behind + 1] != [","] or (start and words.forms[start - 1] in _MARKS):
        return part
    if _has_cue(reading, start, first) or any(form in _MARKS for form in words.forms[start : first + 1]):
        return part
    if words.lowers[first] in _RELATIVES or (speaker is not None and start <= speaker[0] < first):
        return part
    return words.starts[start], part[1]


def _is_comment(reading: Reading, floor: int, part: CharRange) -> bool:
    """Tell whether words behind a cue judge what was said: "..., they said, in what [aides hailed as a first step]"."""
    lowers, first = reading.tree.words.lowers, reading.tree.words.token_at(part[0])
    return any(lowers[at : at + 2] == ["in", "what"] for at in range(max(floor, first - 2), first + 1))


def _behind_day(reading: Reading, part: CharRange) -> CharRange | None:
    """Cut the day of an attribution off what was said behind it: "..., police said [on Monday], four of them children".

    Nothing may be left.
    """
    words = reading.tree.words
    first, last = words.token_at(part[0]), words.token_at(part[1] - 1) + 1
    start = first
    while start < last and words.lowers[start] in _TIMES:
        start += 1
    if start == last:
        return None
    if start == first or words.forms[start] != ",":
        return part
    return _behind_day(reading, (words.starts[start + 1], part[1])) if start + 1 < last else None


def _reach_attribution(reading: Reading, statement: Statement, part: CharRange) -> CharRange:
    """Let a content before its attribution go on to it: "[A dam burst, killing ten], the agency said"."""
    words, cue = reading.tree.words, statement.cue
    last = words.token_at(part[1] - 1) + 1
    if cue is None or cue.form != "finite" or cue.start <= last:
        return part
    edge = _edge_of(reading, statement, last)
    between = range(last, edge - 1)
    if (
        edge - 1 <= last
        or words.forms[edge - 1] != ","
        or (words.forms[last] != "," and "," in words.forms[last : edge - 1])
        or _has_cue(reading, last, edge)
        or any(reading.tree.ends_sentence(token) or words.forms[token] in _OPENERS for token in between)
        or any("\n" in words.forms[token] or words.lowers[token] in ("which", "who", "but") for token in between)
    ):
        return part
    return part[0], words.ends[edge - 2]


def _front_of(reading: Reading, statement: Statement, part: CharRange) -> CharRange | None:
    """Find the sentence before an attribution that goes on behind it: "[Ten men were hurt], he said, [two badly]".

    Between the attribution and its going on stand a comma and no more than the day.
    """
    words, cue, first = reading.tree.words, statement.cue, reading.tree.words.token_at(part[0])
    if cue is None or cue.form != "finite" or words.forms[first - 1] != "," or first - cue.end > _LONGEST_TIME:
        return None
    if not all(word in _TIMES for word in words.lowers[cue.end : first - 1]):
        return None
    edge = _edge_of(reading, statement, cue.start - _LONGEST_SPEAKER)
    start = _sentence_floor(reading, max(edge - 1, 0))
    front = range(start, edge - 1)
    if (
        edge - start < _SHORTEST_FRONT
        or words.forms[edge - 1] != ","
        or (start and words.forms[start - 1] in _MARKS)
        or _has_cue(reading, start, edge)
        or any(words.forms[token] in _OPENERS for token in front)
        or words.lowers[edge - 2] in _RELATIVES
        or not any(words.tags[token] in FINITE for token in front)
    ):
        return None
    return words.starts[start], words.ends[edge - 2]


def find_subject(reading: Reading, statement: Statement, place: int) -> CharRange | None:
    """Find the subject of a quotation before its attribution, as of "will not stand by": [The town], she said, "...".

    Args:
        reading: What the steps share.
        statement: The quotation's statement.
        place: First character inside the marks.

    Returns:
        Characters of the subject; None where the quotation has its own.
    """
    words, cue = reading.tree.words, statement.cue
    verb = words.token_at(place)
    if cue is None or cue.form != "finite" or cue.end > verb or not words.forms[verb].islower():
        return None
    edge = _edge_of(reading, statement, cue.start - _LONGEST_SPEAKER)
    start = _sentence_floor(reading, max(edge - 1, 0))
    whole = words.tags[verb] in FINITE and words.forms[edge - 1] == "," and 1 < edge - start <= _LONGEST_SUBJECT
    if not whole or _has_cue(reading, start, edge) or (start and words.forms[start - 1] in _MARKS):
        return None
    subject = range(start, edge - 1)
    frame = words.lowers[start] in _TIMES and words.lowers[start] != "the"
    plain = words.tags[start].startswith(("DT", "NN", "PRP", "CD", "JJ")) and not frame
    if not plain or any(words.tags[token] in FINITE or words.forms[token] in _OPENERS for token in subject):
        return None
    return words.starts[start], words.ends[edge - 2]


def _edge_of(reading: Reading, statement: Statement, floor: int) -> int:
    """Give the first token of an attribution: of its speaker where he stands before the cue, behind a token."""
    speaker, cue = speaker_of(reading, statement), statement.cue
    assert cue is not None  # noqa: S101 - asked for statements with a cue alone
    return speaker[0] if speaker is not None and floor < speaker[0] < cue.start else cue.start


def _has_cue(reading: Reading, start: int, end: int) -> bool:
    """Tell whether words of saying stand in a range of tokens."""
    following = bisect_left(reading.verbs, start)
    return following < len(reading.verbs) and reading.verbs[following] < end


def _before_insertion(reading: Reading, statement: Statement, part: CharRange) -> CharRange:
    """Prefer the clause before an attribution between commas to the conjunct after it.

    In "[Four people died], the mayor's office said, and investigators have opened an inquiry." only what stands before
    is attributed.
    """
    words = reading.tree.words
    cue, first = statement.cue, words.token_at(part[0])
    if cue is None or cue.form != "finite" or first - cue.end not in (1, 2) or words.forms[cue.end] != ",":
        return part
    if words.lowers[first - 1] not in ("and", "but") and words.lowers[first] not in ("and", "but"):
        return part
    comma = cue.start - 1
    while comma > max(0, cue.start - 12) and words.forms[comma] != "," and not reading.tree.ends_sentence(comma):
        comma -= 1
    start = _sentence_floor(reading, comma)
    if words.forms[comma] != "," or comma - start < 2 or not any(words.tags[i] in FINITE for i in range(start, comma)):
        return part
    if _has_cue(reading, start, comma):
        return part
    return words.starts[start], words.ends[comma - 1]


def _sentence_floor(reading: Reading, token: int) -> int:
    """Give the first token of the sentence or line around a token, behind a dateline and an opening conjunction."""
    tree, words = reading.tree, reading.tree.words
    start = token
    while start > max(0, token - LONGEST_SENTENCE) and not (
        tree.ends_sentence(start - 1) or "\n" in words.forms[start - 1] or words.forms[start - 1] in _OPENERS
    ):
        start -= 1
    start = words.token_at(behind_dateline(words, words.starts[start], words.starts[token] + 1))
    if words.lowers[start] in _CONNECTIVES and start < token:
        start += 1 + (words.forms[start + 1] == "," and start + 1 < token)
    return start + (words.lowers[start] in _CONJUNCTIONS and start < token)
