"""Give every quotation in marks to the words that attribute it: before it, behind it, or in the sentence before.

What stands between marks and has an attribution is a quote whatever the model says.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from factx.extract.quote_contents import find_content
from factx.extract.quote_reading import (
    FINAL,
    LONGEST_SENTENCE,
    REACH,
    SPEECH,
    WORD,
    Reading,
    Statement,
    ends_sentence,
    has_end,
    inside_other,
    sentence_start,
    starts_sentence,
)
from factx.extract.quote_speakers import find_speaker, find_speaker_beside, noun_phrase
from factx.extract.quote_subjects import speaker_of
from factx.extract.quote_turns import is_rubric
from factx.titles import is_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.quotation_marks import QuotedStretch
    from factx.extract.quote_cues import Cue

# Verbs whose object in marks is more often the title of a work than what is said.
_WORKS = frozenset(
    "read reads reading wrote write writes written writing sang sing sings singing sung cites cited cite".split()
)
_DASHES = frozenset(("-", "–", "—", "--"))
_AND = re.compile(r",?\s*(?:and|or)\s+")
_DASH_NAME = re.compile(r"\s*(?:--|[—–―-])\s*([A-Z][^\n.!?,:;\"“”()]{1,60})(?=\s*(?:\n|$|,))")
_BROKEN_TAIL = re.compile(
    r"[\"“”]|(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSen)(?<!\bRep)(?<!\bGov)[.!?]\s+[A-Z]|\n.*\S"
)


def attribute_stretches(reading: Reading) -> None:
    """Give every quotation in marks to the cue that attributes it, run by run."""
    previous: Statement | None = None
    last: QuotedStretch | None = None
    for run in _runs(reading.stretches):
        statement = _attribute_run(reading, run)
        if statement is None and run[0].level == 0:
            statement = _continue_run(reading, run, previous, last)
        if statement is not None:
            statement.stretches.extend(run)
        if run[0].level == 0:
            previous, last = statement, run[-1]


def _runs(stretches: Sequence[QuotedStretch]) -> list[list[QuotedStretch]]:
    """Join the paragraphs of one long quotation."""
    runs: list[list[QuotedStretch]] = []
    open_run: list[QuotedStretch] | None = None
    for stretch in stretches:
        if stretch.level == 0 and stretch.continues and open_run is not None:
            open_run.append(stretch)
        else:
            runs.append([stretch])
            if stretch.level == 0:
                open_run = runs[-1]
    return runs


def _attribute_run(reading: Reading, run: list[QuotedStretch]) -> Statement | None:
    """Find the cue or colon of a quotation of one or more paragraphs; those with a cue of their own are cut off."""
    first = _attribute_before(reading, run[0])
    if first is not None:
        for number, stretch in enumerate(run[1:], start=1):
            own = _attribute_after(reading, stretch)
            if own is not None:
                own.stretches.extend(run[number:])
                del run[number:]
                break
        return first
    for number, stretch in enumerate(run):
        found = _attribute_after(reading, stretch)
        if found is None and not stretch.closed and stretch.opened:
            found, run[number] = _attribute_within(reading, stretch)
        if found is not None and stretch.opened and _goes_on(reading, stretch):
            # Only the end of what was said stands in marks: 'The talks were "frank," he said.'
            found.whole = (sentence_start(reading, stretch), stretch.inner_end)
            found.rule = "end"
            return found
        if found is not None:
            rest = run[number + 1 :]
            del run[number + 1 :]
            if rest:
                later = _attribute_run(reading, rest)
                (later or found).stretches.extend(rest)
            return found
    return None


def _goes_on(reading: Reading, stretch: QuotedStretch) -> bool:
    """Tell whether a quotation goes on with a sentence that began before it ('By then, "the town was empty".')."""
    if not starts_sentence(reading, stretch):
        return True
    text = reading.tree.words.text
    return text[stretch.inner_start].islower() and text[max(0, stretch.start - 40) : stretch.start].rstrip().endswith(
        ","
    )


def _attribute_before(reading: Reading, stretch: QuotedStretch) -> Statement | None:
    """Find the attribution that leads to a quotation: "X said: ...", "X told Y, ...", "NAME: ..."."""
    words = reading.tree.words
    if stretch.start == 0:
        return None
    mark = words.token_at(stretch.start - 1)
    # The mark may cling to a token: then the words before it begin inside that token.
    last = mark if words.ends[mark] <= stretch.start else mark - 1
    if words.starts[mark] < stretch.start < words.ends[mark] and words.text[stretch.start - 1] == ":":
        last = mark
    while last >= 0 and words.forms[last].isspace() and "\n" not in words.forms[last]:
        last -= 1
    if last < 0:
        return None
    sign = words.forms[last]
    if sign.endswith(":"):
        return (
            _cue_before(reading, last, stretch, reach=REACH)
            or _colon_speaker(reading, last, stretch)
            or _colon_subject(reading, last, stretch)
        )
    if sign in (",", ";"):
        return _cue_before(reading, last, stretch, reach=12)
    place = last
    while place >= 0 and words.lowers[place] in ("that", "as"):
        place -= 1
    index = bisect_right(reading.verbs, place) - 1
    if index >= 0 and reading.cues[index].end == place + 1 and not inside_other(reading, index, stretch):
        cue = reading.cues[index]
        if (not cue.uses & SPEECH and not cue.score) or cue.form == "passive":
            return None
        inner = words.text[stretch.inner_start : stretch.inner_end]
        # "wrote "War and Peace"" names a work; a sentence is longer or ends with its marks.
        long_enough = words.lowers[cue.verb] not in _WORKS or (
            len(WORD.findall(inner)) > 4 and ends_sentence(reading, stretch)
        )
        if long_enough and (ends_sentence(reading, stretch) or inner[:1].isupper()):
            return _use(reading, index)
    return None


def _cue_before(reading: Reading, comma: int, stretch: QuotedStretch, reach: int) -> Statement | None:
    words = reading.tree.words
    index = bisect_left(reading.verbs, comma) - 1
    while index >= 0 and reading.verbs[index] >= comma - reach:
        cue = reading.cues[index]
        if has_end(reading, cue.end, comma):
            return None
        if words.forms[comma] == "," and "that" in words.lowers[cue.end : comma]:
            # "told the court that, last year, ...": the content has begun before the marks.
            return None
        speaks = cue.form != "passive" and (cue.uses & SPEECH or cue.form == "according" or cue.score > 0.5)
        if speaks and not inside_other(reading, index, stretch):
            return _use(reading, index)
        index -= 1
    return None


def _use(reading: Reading, index: int) -> Statement:
    statement = reading.statement(index)
    statement.rule = "marks"
    return statement


def _colon_speaker(reading: Reading, colon: int, stretch: QuotedStretch) -> Statement | None:
    """Read "NAME: ..." at the beginning of a line or sentence."""
    words = reading.tree.words
    inner = words.text[stretch.inner_start : stretch.inner_end]
    if len(WORD.findall(inner)) < 2 and words.text[stretch.end : stretch.end + 2].lstrip(" ")[:1].isalpha():
        # 'Report: "New" rules for visitors': the word in marks is but one of the headline.
        return None
    start = colon
    while (
        start > 0 and colon - start < 9 and words.forms[start - 1] not in FINAL and "\n" not in words.forms[start - 1]
    ):
        start -= 1
    at_border = start == 0 or words.forms[start - 1] in FINAL or "\n" in words.forms[start - 1]
    if not at_border or start == colon or not words.forms[start][:1].isupper():
        return None
    if is_rubric(words.text[words.starts[start] : words.ends[colon - 1]]):
        return None
    if reading.tree.tagged and any(words.tags[i].startswith("VB") for i in range(start, colon)):
        return None
    statement = Statement(None, speaker=(start, colon), rule="colon")
    reading.loose.append(statement)
    return statement


def _colon_subject(reading: Reading, colon: int, stretch: QuotedStretch) -> Statement | None:
    """Read a sentence whose verb is none of saying and that leads to a quoted one: 'Dune hit back: "Nobody knew."'."""
    tree, words = reading.tree, reading.tree.words
    inner = words.text[stretch.inner_start : stretch.inner_end]
    if not tree.parsed or stretch.family == "single" or inner[-1:] not in ".!?," or len(WORD.findall(inner)) < 3:
        return None
    start = colon
    while start > max(0, colon - REACH) and not has_end(reading, start - 1, start):
        start -= 1
    for verb in range(start, colon):
        if words.deps[verb] not in ("ROOT", "parataxis", "conj"):
            continue
        subject = next(iter(tree.kids_with(verb, "nsubj")), None)
        if subject is None or words.lowers[subject] in ("it", "this", "that", "there", "which"):
            continue
        if words.tags[subject].startswith("PRP") or words.forms[subject][:1].isupper() or is_role(words.forms[subject]):
            statement = Statement(None, speaker=noun_phrase(tree, subject), rule="colon")
            reading.loose.append(statement)
            return statement
    return None


def _attribute_after(reading: Reading, stretch: QuotedStretch) -> Statement | None:
    """Find the attribution that follows a quotation: "...," X said; "...," said X; "...", according to X."""
    _tree, words = reading.tree, reading.tree.words
    if not stretch.closed:
        return None
    place = words.token_at(max(stretch.end, 0))
    if words.starts[place] < stretch.end:
        place += 1
    inner = words.text[stretch.inner_start : stretch.inner_end].rstrip("'’‘ ")
    joined = inner.endswith((",", "?", "!", "-", "–", "—", "…", "..."))
    ended = inner.endswith(".") and not joined
    if (match := _DASH_NAME.match(words.text, stretch.end)) is not None and starts_sentence(reading, stretch):
        first, last = words.token_at(match.start(1)), words.token_at(match.end(1) - 1) + 1
        if not any(first <= verb < last for verb in reading.verbs[bisect_left(reading.verbs, first) :][:3]):
            statement = Statement(None, speaker=(first, last), rule="dash")
            reading.loose.append(statement)
            return statement
    if place < len(words.forms) and words.forms[place] in _DASHES | {","}:
        joined = True
        place += 1
    while place < len(words.forms) and words.forms[place].isspace() and "\n" not in words.forms[place]:
        place += 1
    if place >= len(words.forms) or "\n" in words.forms[place] or not (joined or ended):
        return None
    if not joined and not starts_sentence(reading, stretch):
        return None
    index = bisect_left(reading.verbs, place)
    while index < len(reading.cues) and reading.verbs[index] < place + REACH:
        cue = reading.cues[index]
        if has_end(reading, place, cue.start) or any(form in ';"“”«»' for form in words.forms[place : cue.start]):
            return None
        if cue.form == "according":
            return _use(reading, index) if cue.start - place <= 2 and not ended else None
        if not starts_sentence(reading, stretch) and _has_own_content(reading, cue):
            # 'Speaking on "The Morning Show," she said the plan was dead.'
            return None
        if _attributes_after(reading, cue, place, ended=ended):
            return _use(reading, index)
        index += 1
    return None


def _has_own_content(reading: Reading, cue: Cue) -> bool:
    """Tell whether a content follows a cue."""
    if any(start >= cue.end for start, _ in find_content(reading.tree, cue)):
        return True
    number = bisect_left(reading.parts, cue.end, key=lambda part: part.start)
    if number == len(reading.parts) or reading.parts[number].start > cue.end + 3:
        return False
    return not has_end(reading, cue.end, reading.parts[number].start)


def _attributes_after(reading: Reading, cue: Cue, place: int, *, ended: bool) -> bool:
    """Tell whether a cue after a quotation attributes it."""
    tree, words = reading.tree, reading.tree.words
    if cue.form not in ("finite", "ing") or not (cue.uses & SPEECH or cue.score > 0.5):
        return False
    if cue.form == "ing" and cue.start > place:
        return False
    if ended:
        following = words.forms[cue.end : cue.end + 1]
        if words.forms[place][:1].isupper() and following and following[0] not in FINAL and not following[0].isspace():
            return False
    if cue.start - place <= 1 and (cue.start == place or words.lowers[place].endswith("ly")):
        return True
    if words.lowers[place] in ("and", "but", "or", "which", "that", "while", "because", "when"):
        return False
    speaker = find_speaker(tree, cue, reading.speakers) if tree.parsed else find_speaker_beside(tree, cue, place)
    if speaker is None:
        return cue.start - place <= 3
    if place <= speaker[0] <= place + 2 or (speaker[0] >= cue.end and cue.start == place):
        return True
    return place <= speaker[0] < cue.start and cue.start - place <= 6


def _attribute_within(reading: Reading, stretch: QuotedStretch) -> tuple[Statement | None, QuotedStretch]:
    """Find the attribution that ends a quotation whose closing mark is missing ("... we go, Smith said.")."""
    tree, words = reading.tree, reading.tree.words
    first, last = words.token_at(stretch.inner_start), words.token_at(stretch.inner_end - 1)
    for index in range(bisect_left(reading.verbs, first), bisect_right(reading.verbs, last)):
        cue = reading.cues[index]
        comma = cue.start
        while comma > max(first, cue.start - 12) and words.forms[comma - 1] not in (",", "!", "?", *FINAL):
            comma -= 1
        following = words.forms[min(cue.end, last)] if cue.end <= last else "."
        ends_there = following in FINAL or (
            comma == cue.start and any(f in FINAL for f in words.forms[cue.end : cue.end + 8])
        )
        if comma <= first or words.forms[comma - 1] not in (",", "!", "?") or not ends_there:
            continue
        if cue.form == "finite" and cue.uses & SPEECH and words.starts[comma - 1] > stretch.inner_start:
            speaker = find_speaker_beside(tree, cue, comma)
            if speaker is None or speaker[1] - speaker[0] > 10:
                continue
            return _use(reading, index), replace(stretch, inner_end=words.ends[comma - 1], end=words.ends[comma - 1])
    return None, stretch


def _continue_run(
    reading: Reading, run: list[QuotedStretch], previous: Statement | None, last: QuotedStretch | None
) -> Statement | None:
    """Give a quotation without an attribution to the statement before it, or leave it without a speaker."""
    tree, words = reading.tree, reading.tree.words
    first = run[0]
    inner = words.text[first.inner_start : first.inner_end]
    if previous is not None and last is not None and _AND.fullmatch(words.text[last.end : first.start]):
        return previous
    whole = starts_sentence(reading, first) and ends_sentence(reading, run[-1]) and inner[:1].isupper()
    if not whole or (first.family == "single" and (last is None or last.family != "single")):
        return None
    if previous is not None and last is not None and previous.stretches:
        done = last.end
        if previous.cue is not None:
            done = max(done, words.ends[previous.cue.end - 1])
            speaker = speaker_of(reading, previous)
            if speaker is not None:
                done = max(done, words.ends[speaker[1] - 1])
        gap = words.text[done : first.start] if done <= first.start else " "
        if _is_tail(gap) and "\n" not in gap:
            return previous
        if _is_tail(gap):
            following = Statement(None, speaker=speaker_of(reading, previous), rule="continued")
            reading.loose.append(following)
            return following
    if len(WORD.findall(inner)) < 4 or first.family == "single":
        return None
    speaker = None
    token = words.token_at(max(0, first.start - 1))
    index = bisect_right(reading.verbs, token) - 1
    near = index >= 0 and token - reading.verbs[index] <= LONGEST_SENTENCE
    if near and "\n" not in words.text[words.ends[reading.verbs[index]] : first.start]:
        cue = reading.cues[index]
        sentence = words.text[words.ends[cue.verb] : first.start]
        one = tree.sentence_end(cue.verb) >= token - 1 and sentence.count(". ") <= 1
        if one and cue.uses & SPEECH and cue.form == "finite" and not inside_other(reading, index, first):
            speaker = find_speaker(tree, cue, reading.speakers)
    statement = Statement(None, speaker=speaker, rule="continued" if speaker else "floating")
    reading.loose.append(statement)
    return statement


def _is_tail(gap: str) -> bool:
    """Tell whether what stands between an attribution and the next quotation is only the rest of its sentence."""
    return len(gap) < 300 and not _BROKEN_TAIL.search(gap)


def attribute_labels(reading: Reading) -> None:
    """Give words in marks to the verb that applies them to something: "called the plan ...", "blamed it on ..."."""
    words = reading.tree.words
    taken = {id(s) for statement in reading.all_statements() for s in statement.stretches}
    for stretch in reading.stretches:
        if id(stretch) in taken or not stretch.closed or stretch.level > 0:
            continue
        first = words.token_at(stretch.start)
        index = bisect_left(reading.verbs, first) - 1
        if index < 0 or first - reading.cues[index].end > 16:
            continue
        cue = reading.cues[index]
        if cue.silent or has_end(reading, cue.end, first):
            continue
        adjacent = (
            cue.end == first and cue.uses & SPEECH and words.lowers[cue.verb] not in _WORKS and cue.form == "finite"
        )
        if "label" not in cue.uses and not adjacent:
            continue
        statement = reading.statement(index)
        if statement.proposed:
            if "label" in cue.uses and words.starts[statement.proposed[0].start] > stretch.end:
                statement.whole = (stretch.inner_start, words.ends[statement.proposed[-1].end - 1])
        elif not statement.stretches:
            statement.stretches.append(stretch)
            statement.rule = "label"
        elif statement.rule == "label":
            statement.whole = (statement.stretches[0].inner_start, stretch.inner_end)
            statement.stretches.append(stretch)
