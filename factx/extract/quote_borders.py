"""Choose where a content begins and ends, between marks, the model and syntax, and trim its edges."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from factx.extract.count_cues import PUTS
from factx.extract.quote_cues import speech_verbs
from factx.extract.quote_fronts import find_subject, with_front, without_attribution
from factx.extract.quote_reading import (
    DEEPEST,
    FINAL,
    WORD,
    CharRange,
    Reading,
    Statement,
    TokenRange,
    quoted,
)
from factx.extract.words import FINITE

if TYPE_CHECKING:
    from factx.extract.quotation_marks import QuotedStretch
    from factx.extract.quote_cues import Cue
    from factx.extract.words import Words

_TELL = frozenset(
    "provide give say elaborate specify identify name offer release disclose comment mention explain go reveal confirm "
    "immediately details further".split()
)
_TRIM = ' \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000"“”„‟«»‹›「」『』`,;:\x93\x94'
_TRIM_START, _TRIM_END = _TRIM + ".)]•▪►·", _TRIM + "([–—-"
# Scores of the model from which a content without marks may lead to the quotation that ends it, and from which a lone
# word between marks is more than a scare quote (chosen on voa-train, voa-quotes-train and gum-train).
_LEAD = 0.5
_LABEL = 0.6
_VERBS = FINITE | {"VB"}
_AND = re.compile(r"(?:and|but)\b", re.IGNORECASE)
# Nouns for what somebody did by saying it, and what others do to that.
_ACTS = frozenset(
    """accusation allegation argument assertion charge claim contention demand denial idea offer order pledge promise
    proposal request statement suggestion threat verdict view warning""".split()
)
_REPLIES = frozenset(
    """accepted angered called condemned contested criticised criticized decried denied denies deny described dismissed
    dismisses disputed disputes drew draws ignored prompted provoked refused refuted reject rejected rejects repeated
    ridiculed sparked triggered welcomed""".split()
)
_SHORTEST_REPLY = 4
_LONGEST_REPLY = 14
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]\.){2,}$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros|St|etc|a\.m|p\.m)\.$")


def choose_parts(reading: Reading, statement: Statement) -> list[CharRange]:
    """Choose the stretches of content from marks, model and syntax."""
    words = reading.tree.words

    def chars(piece: TokenRange) -> CharRange:
        return words.starts[piece[0]], words.ends[piece[1] - 1]

    proposed = [chars((part.start, part.end)) for part in statement.proposed]
    governed = [chars(piece) for piece in statement.governed]
    if statement.stretches and statement.rule == "label" and statement.whole:
        # What lies between the first and the last marks is told as one.
        return [statement.whole]
    if statement.stretches and statement.rule == "end" and statement.whole:
        low, high = statement.whole
        first = min([low, *(part[0] for part in proposed if low <= part[0] < high)])
        return [(first, high), *((s.inner_start, s.inner_end) for s in statement.stretches if s.inner_start >= high)]
    if statement.stretches:
        found = sorted((s.inner_start, s.inner_end) for s in statement.stretches)
        return _with_lead(reading, statement, found)
    if statement.whole is not None:
        low, high = statement.whole
        chosen = [(min([low, *(p[0] for p in proposed if low <= p[0] < high)]), high)]
        return chosen + [part for part in proposed if part[0] > high]
    proposed, governed = (without_attribution(reading, statement, parts) for parts in (proposed, governed))
    if proposed:
        proposed = with_front(reading, statement, proposed)
    else:
        governed = with_front(reading, statement, governed)
    chosen = [_keep_sentence(reading, statement, part) for part in _combine(words.text, proposed, governed)]
    chosen = [
        part
        for part in chosen
        if len(WORD.findall(words.text, *part)) > 1 or part[1] - part[0] > 12 or _is_label(reading, statement, part)
    ]
    snapped = sorted(_snap(reading, statement, part) for part in chosen)
    return [part for number, part in enumerate(snapped) if number == 0 or part[0] >= snapped[number - 1][1]]


def _is_label(reading: Reading, statement: Statement, part: CharRange) -> bool:
    """Tell whether a word between marks is what somebody calls something: 'called the plan "dead"'."""
    cue = statement.cue
    sure = any(proposed.nested or proposed.score >= _LABEL for proposed in statement.proposed)
    return cue is not None and "label" in cue.uses and sure and quoted(reading, part[0])


def _with_lead(reading: Reading, statement: Statement, found: list[CharRange]) -> list[CharRange]:
    """Begin with the words without marks between a cue and the quotation that ends what it introduces.

    'She said the town was, in her words, "a ruin".' Here the first part is the model's, and so is the beginning of a
    content that runs on into the marks.
    """
    words, cue = reading.tree.words, statement.cue
    first = found[0][0]
    if cue is None or statement.rule != "marks":
        return found
    leads = [part for part in statement.proposed if cue.end <= part.start and words.starts[part.start] < first]
    for lead in reversed(leads):
        start, end = words.starts[lead.start], words.ends[lead.end - 1]
        before = range(lead.start, words.token_at(first))
        listed = any(words.forms[token] == ":" for token in before[-3:])
        if lead.score < _LEAD or "\n" in words.text[start:first]:
            continue
        if listed and not any(words.tags[token] in _VERBS for token in before):
            # Before a colon a heading without a verb stands outside: "cited three questions, among them: ...".
            continue
        if end > first:
            found = [(start, found[0][1]), *found[1:]]
        elif len(WORD.findall(words.text, start, end)) > 1 and words.text[found[0][0]].islower():
            found = [(start, end), *found]
    if found[0][0] == first and (subject := find_subject(reading, statement, first)) is not None:
        return [subject, *found]
    return found


def _keep_sentence(reading: Reading, statement: Statement, part: CharRange) -> CharRange:
    """Cut a content without marks down to the sentence of its cue, and before what else the speaker does."""
    tree, words = reading.tree, reading.tree.words
    cue = statement.cue
    start, end = part
    first, last = words.token_at(start), words.token_at(end - 1) + 1
    if cue is None:
        return part
    if first <= cue.verb < last:
        if cue.verb - first < 5:
            first, start = cue.end, words.starts[min(cue.end, last - 1)]
        else:
            last, end = cue.start, words.ends[cue.start - 1]
        if first >= last:
            return part
    if cue.form == "according":
        first = _behind_source(words, first, last)
    if cue.verb < first:
        for token in range(first + 1, last):
            ended = words.forms[token - 1] in FINAL and words.forms[token][:1].isupper() and words.opens[token]
            if (ended or "\n" in words.forms[token]) and not quoted(reading, words.starts[token]):
                last = token
                break
        last = _before_silence(words, first, last, cue)
        last = _before_reply(reading, first, last)
        last = _before_others(reading, first, last)
        following = reading.followed.get(bisect_left(reading.verbs, cue.verb))
        if following is not None and first + 1 < reading.cues[following].start - 1 < last:
            last = reading.cues[following].start - 1
            if words.forms[last - 1] == ",":
                last -= 1
        if words.lowers[first] in ("that", "whether", "if") and words.tags[first] == "IN" and first + 1 < last:
            start = words.starts[first + 1]
        for kid in tree.kids[cue.verb]:
            if first + 1 < kid < last and words.deps[kid] == "conj" and not quoted(reading, words.starts[kid]):
                border = max(tree.left[kid], first + 1)
                while border - 1 > first and words.lowers[border - 1] in ("and", "but", ",", "or"):
                    border -= 1
                last = min(last, border)
    else:
        for token in range(last - 1, first, -1):
            if ((words.forms[token - 1] in FINAL and words.opens[token]) or "\n" in words.forms[token]) and not quoted(
                reading, words.starts[token]
            ):
                first = token
                break
    return max(start, words.starts[first]), min(end, words.ends[last - 1])


def _behind_source(words: Words, first: int, last: int) -> int:
    """Cut off what tells where the source has it from: "According to the Post, quoting officials, the talks failed"."""
    if words.lowers[first] not in ("quoting", "citing"):
        return first
    comma = next((token for token in range(first, last - 2) if words.forms[token] == ","), None)
    return first if comma is None else comma + 1


def _before_silence(words: Words, first: int, last: int, cue: Cue) -> int:
    """Cut "..., but did not give details" off a content: it tells what the speaker did not say."""
    for token in range(first + 2, last - 2):
        if words.lowers[token] == "but" and words.lowers[token + 1] in ("did", "does", "do", "gave", "would"):
            negated = (
                words.lowers[token + 2] in ("not", "n't", "n’t", "no")
                and words.lowers[min(token + 3, last - 1)] in _TELL
            )
            if negated or words.lowers[token + 2] == "no":
                return token - 1 if words.forms[token - 1] == "," else token
        if (
            words.lowers[token] == "but"
            and words.tags[token + 1] == words.tags[cue.verb]
            and words.lowers[token + 1] in speech_verbs()
        ):
            return token - 1 if words.forms[token - 1] == "," else token
    return last


def _before_reply(reading: Reading, first: int, last: int) -> int:
    """Cut what others reply to the act off a content: "alleged they were beaten[, a charge the guards have denied]"."""
    words = reading.tree.words
    for comma in range(first + 2, last - _SHORTEST_REPLY):
        if (
            words.forms[comma] != ","
            or words.lowers[comma + 1] not in ("a", "an")
            or quoted(reading, words.starts[comma])
        ):
            continue
        noun = next((token for token in (comma + 2, comma + 3) if words.lowers[token] in _ACTS), None)
        if noun is not None and not _REPLIES.isdisjoint(words.lowers[noun + 1 : min(last, noun + _LONGEST_REPLY)]):
            return comma
    return last


def _before_others(reading: Reading, first: int, last: int) -> int:
    """Cut what others say behind a semicolon off: "it had lost nobody[; the rebels put their losses at ten]"."""
    words = reading.tree.words
    for mark in range(first + 2, last - 2):
        if words.forms[mark] != ";" or quoted(reading, words.starts[mark]):
            continue
        index = bisect_left(reading.verbs, mark)
        says = index < len(reading.verbs) and reading.verbs[index] < last and reading.cues[index].form == "finite"
        if says or not PUTS.isdisjoint(words.lowers[mark:last]):
            return mark
    return last


def _combine(text: str, proposed: list[CharRange], governed: list[CharRange]) -> list[CharRange]:
    """Choose between the model's content and what the verb governs in the parse."""
    if not proposed or not governed:
        return sorted(proposed or governed)
    if len(governed) == 2 and len(proposed) == 1:
        # An attribution between commas: the model tends to see one side of it. A conjunct behind it is another matter.
        return proposed if _AND.match(text, governed[1][0]) else governed
    if len(governed) == 1 and len(proposed) == 1:
        (model_start, model_end), (start, end) = proposed[0], governed[0]
        if abs(start - model_start) < 3 and end > model_end:
            return governed
    return sorted(proposed)


def _snap(reading: Reading, statement: Statement, part: CharRange) -> CharRange:
    """Let a content begin and end with the quotations that it cuts."""
    start, end = part
    cue_place = reading.tree.words.starts[statement.cue.verb] if statement.cue else -1
    number = bisect_right(reading.stretches, end, key=lambda s: s.start)
    for index in range(number - 1, max(-1, number - 1 - DEEPEST), -1):
        stretch = reading.stretches[index]
        if stretch.end <= start:
            if stretch.level == 0:
                break
            continue
        if stretch.start <= cue_place < stretch.end or stretch.family == "single" or not stretch.closed:
            continue
        if stretch.start < end < stretch.end and start <= stretch.inner_start:
            end = stretch.inner_end
        if stretch.start < start < stretch.end and end > stretch.inner_end:
            start = stretch.inner_start
        if start == stretch.inner_start and end > stretch.end and _goes_on_acting(reading, statement, stretch):
            end = stretch.inner_end
    return start, end


def _goes_on_acting(reading: Reading, statement: Statement, stretch: QuotedStretch) -> bool:
    """Tell whether after the marks the speaker does something else ('said "the talks are over" and left')."""
    words = reading.tree.words
    token = words.token_at(stretch.end)
    if words.starts[token] < stretch.end:
        token += 1
    if statement.cue is None or token + 1 >= len(words.forms) or words.lowers[token] not in ("and", "but"):
        return False
    return words.tags[token + 1] == words.tags[statement.cue.verb] != ""


def trim(text: str, start: int, end: int) -> CharRange:
    """Cut marks, blanks, the conjunction and the final comma or full stop off a content."""
    while start < end and (text[start] in _TRIM_START or text[start].isspace()):
        start += 1
    for _ in range(3):
        while end > start and (text[end - 1] in _TRIM_END or text[end - 1].isspace()):
            end -= 1
        if text.endswith("''", start, end):
            end -= 2
        tail = text[max(start, end - 12) : end]
        if tail.endswith(".") and not tail.endswith("..") and not _ABBREVIATION.search(tail):
            end -= 1
    return start, max(start, end)
