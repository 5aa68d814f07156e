"""Find quotes: who said what, in whose words.

The model proposes contents, cues and speakers; the rules here pair them by syntax and place, catch every directly
quoted sentence that has an attribution whatever the model says, and mend the borders. Three sources meet at each cue:
stretches between quotation marks, the model's contents, and what the verb governs in the parse.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from factx.extract.quotation_marks import QuotedStretch, find_paragraphs, find_quotation_marks
from factx.extract.quote_contents import find_content
from factx.extract.quote_cues import Cue, find_cues, speech_verbs
from factx.extract.quote_speakers import find_name, find_speaker, find_speaker_beside
from factx.extract.quote_tree import QuoteTree, read_tree
from factx.facts import Quote, QuoteKind, Span, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from factx.extract.words import Words

CharRange = tuple[int, int]
TokenRange = tuple[int, int]

# How many tokens may stand between a quotation and the cue that attributes it.
_REACH = 30
# Nothing is looked for farther away than this many tokens, however long a "sentence" without a full stop is.
_LONGEST_SENTENCE = 250
# Quotations this deep in others, or this many before a place, are not looked at: broken text must not cost time.
_DEEPEST = 40
_SPEECH = frozenset(("speech", "clause", "read"))
_TELL = frozenset(
    "provide give say elaborate specify identify name offer release disclose comment mention explain go reveal confirm "
    "immediately details further".split()
)
# What verbs of thought and judgement introduce is a quote only where marks show words.
_INDIRECT_USES = frozenset(
    "clause speech inf object_inf for_inf ing of_ing for_ing to_ing object_clause according".split()
)
_FINAL = frozenset(".!?")
# Verbs whose object in marks is more often the title of a work than what is said.
_WORKS = frozenset(
    "read reads reading wrote write writes written writing sang sing sings singing sung cites cited cite".split()
)
_DASHES = frozenset(("-", "–", "—", "--"))
_TRIM = ' \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000"“”„‟«»‹›「」『』`,;:\x93\x94'
_TRIM_START, _TRIM_END = _TRIM + ".)]", _TRIM + "([–—-"
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]\.){2,}$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros|St|etc|a\.m|p\.m)\.$")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_BROKEN_TAIL = re.compile(
    r"[\"“”]|(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSen)(?<!\bRep)(?<!\bGov)[.!?]\s+[A-Z]|\n.*\S"
)
_AND = re.compile(r",?\s*(?:and|or)\s+")
_TURN = re.compile(r"(Q|A|[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]*){0,4})(?:\.?:|\.)[ \t]+(?=\S)")
_QUESTION_ANSWER = frozenset("QA")
_DASH_NAME = re.compile(r"\s*(?:--|[—–―-])\s*([A-Z][^\n.!?,:;\"“”()]{1,60})(?=\s*(?:\n|$|,))")


class _Part(NamedTuple):
    """A content the model proposes, in tokens."""

    start: int
    end: int
    score: float
    cue: int
    speaker: int
    nested: bool


@dataclass(slots=True)
class _Statement:
    """What one cue (or colon, or nothing) attributes, while it is being put together."""

    cue: Cue | None
    stretches: list[QuotedStretch] = field(default_factory=list)
    proposed: list[_Part] = field(default_factory=list)
    governed: list[TokenRange] = field(default_factory=list)
    whole: CharRange | None = None
    speaker: TokenRange | None = None
    rule: str = "model"


@dataclass(slots=True)
class _Reading:
    """All that the steps share for one Doc."""

    tree: QuoteTree
    stretches: list[QuotedStretch]
    cues: list[Cue]
    verbs: list[int]
    parts: list[_Part]
    speakers: list[TokenRange]
    statements: dict[int, _Statement] = field(default_factory=dict)
    shared: dict[int, int] = field(default_factory=dict)
    """Second verb of "said A and warned B" -> the first."""
    followed: dict[int, int] = field(default_factory=dict)
    """The same, the other way round."""
    loose: list[_Statement] = field(default_factory=list)

    def statement(self, index: int) -> _Statement:
        """Give the statement of a cue by the cue's number."""
        return self.statements.setdefault(index, _Statement(self.cues[index]))


def find_quotes(doc: Doc) -> list[Quote]:
    """Find the statements that a text attributes to somebody.

    Args:
        doc: A text through the pipeline. Without a parse or the model's proposals only quotations in marks are found.

    Returns:
        The quotes in text order, as quotes-guidelines define them; speakers bear their words without titles as a first
        guess of the name, and no entity yet.
    """
    tree = read_tree(doc)
    if not tree.words.forms:
        return []
    cues = find_cues(tree, _read_group(doc, "factx_cues"))
    reading = _Reading(
        tree=tree,
        stretches=find_quotation_marks(doc.text),
        cues=cues,
        verbs=[cue.verb for cue in cues],
        parts=_read_parts(doc),
        speakers=sorted(span[:2] for span in _read_group(doc, "factx_speakers")),
    )
    _attribute_stretches(reading)
    _attribute_turns(reading)
    _assign_parts(reading)
    _attribute_labels(reading)
    for index, cue in enumerate(cues):
        if cue.form != "passive" or cue.uses:
            governed = find_content(tree, cue)
            if governed:
                reading.statement(index).governed = governed
    _share_subjects(reading)
    quotes = [
        quote for statement in _all_statements(reading) if (quote := _build_quote(reading, statement)) is not None
    ]
    return _settle(quotes)


def _read_group(doc: Doc, name: str) -> list[tuple[int, int, float]]:
    """Read a span group of the model: first token, token after the last, score."""
    if name not in doc.spans:
        return []
    group = doc.spans[name]
    scores = group.attrs.get("scores") or [1.0] * len(group)
    return [(span.start, span.end, float(score)) for span, score in zip(group, scores, strict=False)]


def _read_parts(doc: Doc) -> list[_Part]:
    name = "factx_contents"
    if name not in doc.spans:
        return []
    group = doc.spans[name]
    size = len(group)
    attrs = group.attrs
    columns = [attrs.get(key) or [default] * size for key, default in (("scores", 1.0), ("cues", -1), ("speakers", -1))]
    return [
        _Part(span.start, span.end, float(score), int(cue), int(speaker), span.label_ == "NESTED")
        for span, score, cue, speaker in zip(group, *columns, strict=False)
    ]


# -- quotations in marks


def _attribute_stretches(reading: _Reading) -> None:
    """Give every quotation in marks to the cue that attributes it, run by run."""
    previous: _Statement | None = None
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


def _attribute_run(reading: _Reading, run: list[QuotedStretch]) -> _Statement | None:
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
        if found is not None and stretch.opened and not _starts_sentence(reading, stretch):
            # Only the end of what was said stands in marks: 'The talks were "frank," he said.'
            found.whole = (_sentence_start(reading, stretch), stretch.inner_end)
            found.rule = "model"
            return None
        if found is not None:
            rest = run[number + 1 :]
            del run[number + 1 :]
            if rest:
                later = _attribute_run(reading, rest)
                (later or found).stretches.extend(rest)
            return found
    return None


def _attribute_before(reading: _Reading, stretch: QuotedStretch) -> _Statement | None:
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
        return _cue_before(reading, last, stretch, reach=_REACH) or _colon_speaker(reading, last)
    if sign in (",", ";"):
        return _cue_before(reading, last, stretch, reach=12)
    place = last
    while place >= 0 and words.lowers[place] in ("that", "as"):
        place -= 1
    index = bisect_right(reading.verbs, place) - 1
    if index >= 0 and reading.cues[index].end == place + 1 and not _inside_other(reading, index, stretch):
        cue = reading.cues[index]
        if (not cue.uses & _SPEECH and not cue.score) or cue.form == "passive":
            return None
        inner = words.text[stretch.inner_start : stretch.inner_end]
        # "wrote "War and Peace"" names a work; a sentence is longer or ends with its marks.
        long_enough = words.lowers[cue.verb] not in _WORKS or (
            len(_WORD.findall(inner)) > 4 and _ends_sentence(reading, stretch)
        )
        if long_enough and (_ends_sentence(reading, stretch) or inner[:1].isupper()):
            return _use(reading, index)
    return None


def _cue_before(reading: _Reading, comma: int, stretch: QuotedStretch, reach: int) -> _Statement | None:
    words = reading.tree.words
    index = bisect_left(reading.verbs, comma) - 1
    while index >= 0 and reading.verbs[index] >= comma - reach:
        cue = reading.cues[index]
        if _has_end(reading, cue.end, comma):
            return None
        if words.forms[comma] == "," and "that" in words.lowers[cue.end : comma]:
            # "told the court that, last year, ...": the content has begun before the marks.
            return None
        speaks = cue.form != "passive" and (cue.uses & _SPEECH or cue.form == "according" or cue.score > 0.5)
        if speaks and not _inside_other(reading, index, stretch):
            return _use(reading, index)
        index -= 1
    return None


def _has_end(reading: _Reading, start: int, end: int) -> bool:
    """Tell whether a sentence or line ends within a range of tokens."""
    tree = reading.tree
    return any("\n" in tree.words.forms[i] or tree.ends_sentence(i) for i in range(start, end))


def _sentence_start(reading: _Reading, stretch: QuotedStretch) -> int:
    """Give the first character of the sentence or line in which a quotation begins."""
    tree, words = reading.tree, reading.tree.words
    token = words.token_at(stretch.start)
    floor = max(0, token - _LONGEST_SENTENCE)
    while token > floor and not tree.ends_sentence(token - 1) and "\n" not in words.forms[token - 1]:
        token -= 1
    return words.starts[token]


def _use(reading: _Reading, index: int) -> _Statement:
    statement = reading.statement(index)
    statement.rule = "marks"
    return statement


def _inside_other(reading: _Reading, index: int, stretch: QuotedStretch) -> bool:
    """Tell whether a cue lies within a quotation that does not hold this one."""
    place = reading.tree.words.starts[reading.cues[index].verb]
    for other in _stretches_before(reading, place):
        if other.start <= place < other.end:
            return not (other.start <= stretch.start and stretch.end <= other.end)
    return False


def _stretches_before(reading: _Reading, place: int) -> Iterator[QuotedStretch]:
    """Give the quotations that begin at a place or before it, nearest first, back to one that lies in no other."""
    number = bisect_right(reading.stretches, place, key=lambda s: s.start)
    for index in range(number - 1, max(-1, number - 1 - _DEEPEST), -1):
        stretch = reading.stretches[index]
        yield stretch
        if stretch.level == 0:
            return


def _colon_speaker(reading: _Reading, colon: int) -> _Statement | None:
    """Read "NAME: ..." at the beginning of a line or sentence."""
    words = reading.tree.words
    start = colon
    while (
        start > 0 and colon - start < 9 and words.forms[start - 1] not in _FINAL and "\n" not in words.forms[start - 1]
    ):
        start -= 1
    at_border = start == 0 or words.forms[start - 1] in _FINAL or "\n" in words.forms[start - 1]
    if not at_border or start == colon or not words.forms[start][:1].isupper():
        return None
    if reading.tree.tagged and any(words.tags[i].startswith("VB") for i in range(start, colon)):
        return None
    statement = _Statement(None, speaker=(start, colon), rule="colon")
    reading.loose.append(statement)
    return statement


def _ends_sentence(reading: _Reading, stretch: QuotedStretch) -> bool:
    """Tell whether a sentence ends with a quotation."""
    text = reading.tree.words.text
    if text[stretch.inner_end - 1 : stretch.inner_end] in (".", "!", "?"):
        return True
    return text[stretch.end : stretch.end + 1] in (".", "!", "?", "\n", "")


def _starts_sentence(reading: _Reading, stretch: QuotedStretch) -> bool:
    """Tell whether a sentence or a line begins with a quotation."""
    text = reading.tree.words.text
    before = text[max(0, stretch.start - 40) : stretch.start].rstrip(" \t\u00a0")
    if not before or before[-1] in ".!?:;,\n\r\u2028\u2029\"”»’'—–-…)" or not stretch.opened:
        return True
    return before.rsplit(None, 1)[-1].lower() in ("but", "and", "yet", "so", "then", "again")


def _attribute_after(reading: _Reading, stretch: QuotedStretch) -> _Statement | None:
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
    if (match := _DASH_NAME.match(words.text, stretch.end)) is not None and _starts_sentence(reading, stretch):
        first, last = words.token_at(match.start(1)), words.token_at(match.end(1) - 1) + 1
        if not any(first <= verb < last for verb in reading.verbs[bisect_left(reading.verbs, first) :][:3]):
            statement = _Statement(None, speaker=(first, last), rule="dash")
            reading.loose.append(statement)
            return statement
    if place < len(words.forms) and words.forms[place] in _DASHES | {","}:
        joined = True
        place += 1
    while place < len(words.forms) and words.forms[place].isspace() and "\n" not in words.forms[place]:
        place += 1
    if place >= len(words.forms) or "\n" in words.forms[place] or not (joined or ended):
        return None
    if not joined and not _starts_sentence(reading, stretch):
        return None
    index = bisect_left(reading.verbs, place)
    while index < len(reading.cues) and reading.verbs[index] < place + _REACH:
        cue = reading.cues[index]
        if _has_end(reading, place, cue.start) or any(form in ';"“”«»' for form in words.forms[place : cue.start]):
            return None
        if cue.form == "according":
            return _use(reading, index) if cue.start - place <= 2 and not ended else None
        if not _starts_sentence(reading, stretch) and _has_own_content(reading, cue):
            # 'Speaking on "The Morning Show," she said the plan was dead.'
            return None
        if _attributes_after(reading, cue, place, ended=ended):
            return _use(reading, index)
        index += 1
    return None


def _has_own_content(reading: _Reading, cue: Cue) -> bool:
    """Tell whether a content follows a cue."""
    if any(start >= cue.end for start, _ in find_content(reading.tree, cue)):
        return True
    number = bisect_left(reading.parts, cue.end, key=lambda part: part.start)
    return number < len(reading.parts) and reading.parts[number].start <= cue.end + 3


def _attribute_within(reading: _Reading, stretch: QuotedStretch) -> tuple[_Statement | None, QuotedStretch]:
    """Find the attribution that ends a quotation whose closing mark is missing ("... we go, Smith said.")."""
    tree, words = reading.tree, reading.tree.words
    first, last = words.token_at(stretch.inner_start), words.token_at(stretch.inner_end - 1)
    for index in range(bisect_left(reading.verbs, first), bisect_right(reading.verbs, last)):
        cue = reading.cues[index]
        comma = cue.start
        while comma > max(first, cue.start - 12) and words.forms[comma - 1] not in (",", "!", "?", *_FINAL):
            comma -= 1
        following = words.forms[min(cue.end, last)] if cue.end <= last else "."
        ends_there = following in _FINAL or (
            comma == cue.start and any(f in _FINAL for f in words.forms[cue.end : cue.end + 8])
        )
        if comma <= first or words.forms[comma - 1] not in (",", "!", "?") or not ends_there:
            continue
        if cue.form == "finite" and cue.uses & _SPEECH and words.starts[comma - 1] > stretch.inner_start:
            speaker = find_speaker_beside(tree, cue, comma)
            if speaker is None or speaker[1] - speaker[0] > 10:
                continue
            return _use(reading, index), replace(stretch, inner_end=words.ends[comma - 1], end=words.ends[comma - 1])
    return None, stretch


def _attribute_labels(reading: _Reading) -> None:
    """Give words in marks to the verb that applies them to something: "called the plan ...", "blamed it on ..."."""
    words = reading.tree.words
    taken = {id(s) for statement in _all_statements(reading) for s in statement.stretches}
    for stretch in reading.stretches:
        if id(stretch) in taken or not stretch.closed or stretch.level > 0:
            continue
        first = words.token_at(stretch.start)
        index = bisect_left(reading.verbs, first) - 1
        if index < 0 or first - reading.cues[index].end > 16:
            continue
        cue = reading.cues[index]
        if cue.silent or _has_end(reading, cue.end, first):
            continue
        adjacent = (
            cue.end == first and cue.uses & _SPEECH and words.lowers[cue.verb] not in _WORKS and cue.form == "finite"
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


def _attributes_after(reading: _Reading, cue: Cue, place: int, *, ended: bool) -> bool:
    """Tell whether a cue after a quotation attributes it."""
    tree, words = reading.tree, reading.tree.words
    if cue.form not in ("finite", "ing") or not (cue.uses & _SPEECH or cue.score > 0.5):
        return False
    if cue.form == "ing" and cue.start > place:
        return False
    if ended:
        following = words.forms[cue.end : cue.end + 1]
        if words.forms[place][:1].isupper() and following and following[0] not in _FINAL and not following[0].isspace():
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


def _continue_run(
    reading: _Reading, run: list[QuotedStretch], previous: _Statement | None, last: QuotedStretch | None
) -> _Statement | None:
    """Give a quotation without an attribution to the statement before it, or leave it without a speaker."""
    tree, words = reading.tree, reading.tree.words
    first = run[0]
    inner = words.text[first.inner_start : first.inner_end]
    if previous is not None and last is not None and _AND.fullmatch(words.text[last.end : first.start]):
        return previous
    whole = _starts_sentence(reading, first) and _ends_sentence(reading, run[-1]) and inner[:1].isupper()
    if not whole or first.family == "single":
        return None
    if previous is not None and last is not None and previous.stretches:
        done = last.end
        if previous.cue is not None:
            done = max(done, words.ends[previous.cue.end - 1])
            speaker = _speaker_of(reading, previous)
            if speaker is not None:
                done = max(done, words.ends[speaker[1] - 1])
        gap = words.text[done : first.start] if done <= first.start else " "
        if _is_tail(gap) and "\n" not in gap:
            return previous
        if _is_tail(gap):
            following = _Statement(None, speaker=_speaker_of(reading, previous), rule="continued")
            reading.loose.append(following)
            return following
    if len(_WORD.findall(inner)) < 4:
        return None
    speaker = None
    token = words.token_at(max(0, first.start - 1))
    index = bisect_right(reading.verbs, token) - 1
    near = index >= 0 and token - reading.verbs[index] <= _LONGEST_SENTENCE
    if near and "\n" not in words.text[words.ends[reading.verbs[index]] : first.start]:
        cue = reading.cues[index]
        sentence = words.text[words.ends[cue.verb] : first.start]
        one = tree.sentence_end(cue.verb) >= token - 1 and sentence.count(". ") <= 1
        if one and cue.uses & _SPEECH and cue.form == "finite" and not _inside_other(reading, index, first):
            speaker = find_speaker(tree, cue, reading.speakers)
    statement = _Statement(None, speaker=speaker, rule="continued" if speaker else "floating")
    reading.loose.append(statement)
    return statement


def _is_tail(gap: str) -> bool:
    """Tell whether what stands between an attribution and the next quotation is only the rest of its sentence."""
    return len(gap) < 300 and not _BROKEN_TAIL.search(gap)


def _attribute_turns(reading: _Reading) -> None:
    """Read transcripts: lines that begin with "Q:", "A:" or a NAME in capitals and a colon, at least two of them."""
    words = reading.tree.words
    turns = []
    for start, end in find_paragraphs(words.text):
        match = _TURN.match(words.text, start, end)
        if match is not None and match.end() < end and words.text[match.end()] not in "\"“«'‘":
            turns.append((match, end))
    if len(turns) < 2 or len({match.group(1) for match, _ in turns}) < 2:
        return
    for match, end in turns:
        label = match.group(1)
        speaker = None
        if label not in _QUESTION_ANSWER:
            speaker = (words.token_at(match.start(1)), words.token_at(match.end(1) - 1) + 1)
        reading.loose.append(_Statement(None, whole=(match.end(), end), speaker=speaker, rule="turn"))


# -- the model's contents


def _assign_parts(reading: _Reading) -> None:
    """Give each content of the model to the cue that fits best."""
    for part in reading.parts:
        best, best_score = None, 1.5
        low = bisect_left(reading.verbs, part.start - 45)
        high = bisect_right(reading.verbs, part.end + 30)
        for index in range(low, high):
            score = _fit(reading, part, reading.cues[index])
            if score > best_score:
                best, best_score = index, score
        if best is not None:
            reading.statement(best).proposed.append(part)


def _fit(reading: _Reading, part: _Part, cue: Cue) -> float:
    """Score how well a cue fits a content."""
    tree, words = reading.tree, reading.tree.words
    if part.start <= cue.verb < part.end:
        return 0.0
    score = 0.5 * cue.score + (0.3 if cue.uses else 0.0)
    if cue.silent:
        score -= 2.0
    if cue.form == "passive":
        score -= 1.0
    if cue.start <= part.cue < cue.end:
        score += 1.5
    if tree.parsed:
        head = _outer_head(tree, part.start, part.end)
        if head == cue.verb or part.start <= words.heads[cue.verb] < part.end:
            score += 3.0
    if cue.end <= part.start:
        between = words.forms[cue.end : part.start]
        if _has_end(reading, cue.end, part.start):
            return score - 3.0
        gap = sum(form[:1].isalnum() and form.lower() not in ("that", "whether", "if") for form in between)
        direct = gap == 0 and cue.form in ("finite", "ing") and cue.uses & _SPEECH
        score += 4.5 if direct else 2.5 if gap == 0 else 1.5 if gap <= 3 else 0.5 if gap <= 8 else -0.5
        nearer = bisect_left(reading.verbs, cue.end)
        while nearer < len(reading.verbs) and reading.verbs[nearer] < part.start:
            if reading.cues[nearer].uses & _SPEECH and reading.cues[nearer].form in ("finite", "ing"):
                return score - 3.5
            nearer += 1
    else:
        between = words.forms[part.end : cue.start]
        if _has_end(reading, part.end, cue.start):
            return score - 3.0
        gap = sum(form[:1].isalnum() for form in between)
        score += 1.5 if gap <= 6 else 0.0
        if words.lowers[cue.start - 1] in ("and", "but", "or"):
            score -= 3.5
    return score


def _outer_head(tree: QuoteTree, start: int, end: int) -> int:
    """Give the head outside a stretch on which most of it hangs; -1 for none."""
    heads = tree.words.heads
    best, best_size = -1, 0
    for token in range(start, end):
        if not start <= heads[token] < end:
            size = tree.right[token] - tree.left[token]
            if size > best_size:
                best, best_size = heads[token], size
    return best


def _share_subjects(reading: _Reading) -> None:
    """Find the second verb of "said A and warned B": it has the first one's speaker and ends the first content."""
    words = reading.tree.words
    for index in sorted(reading.statements):
        cue = reading.cues[index]
        statement = reading.statements[index]
        if cue.form != "finite" or not cue.uses & {"clause"} or statement.stretches:
            continue
        ends = [part.end for part in statement.proposed if part.start >= cue.end]
        ends += [end for start, end in statement.governed if start >= cue.end]
        following = index + 1
        while ends and following < len(reading.cues) and reading.verbs[following] < max(ends):
            other = reading.cues[following]
            second = reading.statements.get(following)
            same = (
                words.tags[other.verb] == words.tags[cue.verb] and other.form == "finite" and other.start == other.verb
            )
            if (
                same
                and second is not None
                and words.lowers[other.start - 1] in ("and", "but")
                and other.uses - {"thought", "finding"}
            ):
                reading.shared[following] = index
                reading.followed[index] = following
                break
            following += 1


# -- putting together


def _all_statements(reading: _Reading) -> list[_Statement]:
    return [*(reading.statements[index] for index in sorted(reading.statements)), *reading.loose]


def _speaker_of(reading: _Reading, statement: _Statement) -> TokenRange | None:
    if statement.speaker is None and statement.cue is not None:
        linked = [part.speaker for part in statement.proposed if part.speaker >= 0]
        owner = reading.shared.get(bisect_left(reading.verbs, statement.cue.verb))
        if owner is not None:
            found = _speaker_of(reading, reading.statements[owner])
        else:
            found = find_speaker(reading.tree, statement.cue, reading.speakers, linked)
        if found is not None:
            start, end = found
            starts = reading.tree.words.starts
            for stretch in statement.stretches:
                while start < end and stretch.start <= starts[start] < stretch.end:
                    start += 1
            found = (start, end) if start < end else None
        statement.speaker = found or _speaker_after(reading, statement)
    return statement.speaker


def _speaker_after(reading: _Reading, statement: _Statement) -> TokenRange | None:
    """Take what stands between a quotation and its cue for the speaker, where syntax finds none."""
    tree, words = reading.tree, reading.tree.words
    cue = statement.cue
    before = [s for s in statement.stretches if cue is not None and s.end <= words.starts[cue.start]]
    if cue is None or not before or cue.form != "finite":
        return None
    place = words.token_at(before[-1].end)
    if words.starts[place] < before[-1].end:
        place += 1
    if cue.start - place > _REACH or _has_end(reading, place, cue.start):
        return None
    found = find_speaker_beside(tree, cue, place) if cue.start > place else find_speaker_beside(tree, cue, cue.start)
    if found is None or found[1] > cue.start:
        return found
    start, end = max(found[0], place), found[1]
    while place < start and words.forms[start - 1] != "(":
        start -= 1
    while start < end and not words.forms[start][:1].isalnum():
        start += 1
    relative = next((i for i in range(start + 1, end) if words.lowers[i] in ("who", "which", "whose", "whom")), end)
    while relative > start and not words.forms[relative - 1][:1].isalnum() and words.forms[relative - 1] != ")":
        relative -= 1
    return (start, relative) if start < relative else None


def _build_quote(reading: _Reading, statement: _Statement) -> Quote | None:
    """Put a quote together from what was found for one cue."""
    words = reading.tree.words
    cue = statement.cue
    parts = _choose_parts(reading, statement)
    parts = [trimmed for part in parts if (trimmed := _trim(words.text, *part))[0] < trimmed[1]]
    parts = [part for part in parts if any(char.isalnum() for char in words.text[part[0] : part[1]])]
    if not parts:
        return None
    speaker = _speaker_of(reading, statement)
    if cue is not None and speaker is None and (cue.form == "passive" or cue.silent) and not statement.stretches:
        return None
    if cue is not None and cue.silent and not statement.stretches:
        return None
    if cue is not None and not cue.uses and not statement.proposed and not statement.stretches:
        return None
    cue_span = _span(words.text, words.starts[cue.start], words.ends[cue.end - 1]) if cue else None
    record = None
    if speaker is not None:
        place = _span(words.text, words.starts[speaker[0]], words.ends[speaker[1] - 1])
        if all(place.end <= start or end <= place.start for start, end in parts):
            name = find_name(words.forms[speaker[0] : speaker[1]])
            if name is not None:
                first, last = speaker[0] + name[0], speaker[0] + name[1] - 1
                record = Speaker(
                    *_place(place), " ".join(words.text[words.starts[first] : words.ends[last]].split()), None
                )
            else:
                record = Speaker(*_place(place), None, None)
    spans = tuple(_span(words.text, *part) for part in parts)
    kind = _read_kind(reading, statement, spans, cue_span)
    if kind == "indirect" and cue is not None and cue.uses and not cue.uses & _INDIRECT_USES:
        return None
    return Quote(
        kind=kind,
        text=" ".join(span.text for span in spans),
        start=spans[0].start,
        end=spans[-1].end,
        parts=spans,
        cue=cue_span,
        speaker=record,
        nested=False,
        confidence=_confidence(statement, has_speaker=record is not None),
        rule=_rule_name(statement),
    )


def _rule_name(statement: _Statement) -> str:
    if statement.stretches or statement.cue is None:
        return statement.rule if statement.rule != "model" else "marks"
    if statement.whole is not None and not statement.proposed:
        return "marks"
    return "model" if statement.proposed else "syntax"


def _confidence(statement: _Statement, *, has_speaker: bool) -> float:
    score = max((part.score for part in statement.proposed), default=0.0)
    if statement.stretches or statement.cue is None:
        base = {
            "marks": 0.95,
            "label": 0.75,
            "colon": 0.8,
            "dash": 0.8,
            "turn": 0.8,
            "continued": 0.75,
            "floating": 0.5,
        }.get(statement.rule, 0.9)
    elif statement.whole is not None:
        base = 0.85
    elif statement.proposed and statement.governed:
        base = 0.7 + 0.28 * score
    elif statement.proposed:
        base = 0.4 + 0.45 * score
    else:
        base = 0.6
    return round(base if has_speaker or statement.rule == "turn" else base * 0.7, 3)


def _span(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end])


def _place(span: Span) -> tuple[str, int, int]:
    return span.text, span.start, span.end


def _choose_parts(reading: _Reading, statement: _Statement) -> list[CharRange]:
    """Choose the stretches of content from marks, model and syntax."""
    words = reading.tree.words

    def chars(piece: TokenRange) -> CharRange:
        return words.starts[piece[0]], words.ends[piece[1] - 1]

    proposed = [chars((part.start, part.end)) for part in statement.proposed]
    governed = [chars(piece) for piece in statement.governed]
    if statement.stretches and statement.rule == "label" and statement.whole:
        # What lies between the first and the last marks is told as one.
        return [statement.whole]
    if statement.stretches:
        found = [(s.inner_start, s.inner_end) for s in statement.stretches]
        return sorted(found)
    if statement.whole is not None:
        low, high = statement.whole
        chosen = [(min([low, *(p[0] for p in proposed if low <= p[0] < high)]), high)]
        return chosen + [part for part in proposed if part[0] > high]
    chosen = [_keep_sentence(reading, statement, part) for part in _combine(proposed, governed)]
    chosen = [part for part in chosen if len(_WORD.findall(words.text, *part)) > 1 or part[1] - part[0] > 12]
    return [_snap(reading, statement, part) for part in chosen]


def _keep_sentence(reading: _Reading, statement: _Statement, part: CharRange) -> CharRange:
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
    if cue.verb < first:
        for token in range(first + 1, last):
            ended = words.forms[token - 1] in _FINAL and words.forms[token][:1].isupper() and words.opens[token]
            if (ended or "\n" in words.forms[token]) and not _quoted(reading, words.starts[token]):
                last = token
                break
        last = _before_silence(words, first, last, cue)
        following = reading.followed.get(bisect_left(reading.verbs, cue.verb))
        if following is not None and first + 1 < reading.cues[following].start - 1 < last:
            last = reading.cues[following].start - 1
            if words.forms[last - 1] == ",":
                last -= 1
        if words.lowers[first] in ("that", "whether", "if") and words.tags[first] == "IN" and first + 1 < last:
            start = words.starts[first + 1]
        for kid in tree.kids[cue.verb]:
            if first + 1 < kid < last and words.deps[kid] == "conj" and not _quoted(reading, words.starts[kid]):
                border = max(tree.left[kid], first + 1)
                while border - 1 > first and words.lowers[border - 1] in ("and", "but", ",", "or"):
                    border -= 1
                last = min(last, border)
    else:
        for token in range(last - 1, first, -1):
            if (
                (words.forms[token - 1] in _FINAL and words.opens[token]) or "\n" in words.forms[token]
            ) and not _quoted(reading, words.starts[token]):
                first = token
                break
    return max(start, words.starts[first]), min(end, words.ends[last - 1])


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


def _quoted(reading: _Reading, place: int) -> bool:
    """Tell whether a character lies between quotation marks."""
    return any(stretch.start <= place < stretch.end for stretch in _stretches_before(reading, place))


def _combine(proposed: list[CharRange], governed: list[CharRange]) -> list[CharRange]:
    """Choose between the model's content and what the verb governs in the parse."""
    if not proposed or not governed:
        return sorted(proposed or governed)
    if len(governed) == 2 and len(proposed) == 1:
        # An attribution between commas: the model tends to see one side of it.
        return governed
    if len(governed) == 1 and len(proposed) == 1:
        (model_start, model_end), (start, end) = proposed[0], governed[0]
        if abs(start - model_start) < 3 and end > model_end:
            return governed
    return sorted(proposed)


def _snap(reading: _Reading, statement: _Statement, part: CharRange) -> CharRange:
    """Let a content begin and end with the quotations that it cuts."""
    start, end = part
    cue_place = reading.tree.words.starts[statement.cue.verb] if statement.cue else -1
    number = bisect_right(reading.stretches, end, key=lambda s: s.start)
    for index in range(number - 1, max(-1, number - 1 - _DEEPEST), -1):
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


def _goes_on_acting(reading: _Reading, statement: _Statement, stretch: QuotedStretch) -> bool:
    """Tell whether after the marks the speaker does something else ('said "the talks are over" and left')."""
    words = reading.tree.words
    token = words.token_at(stretch.end)
    if words.starts[token] < stretch.end:
        token += 1
    if statement.cue is None or token + 1 >= len(words.forms) or words.lowers[token] not in ("and", "but"):
        return False
    return words.tags[token + 1] == words.tags[statement.cue.verb] != ""


def _trim(text: str, start: int, end: int) -> CharRange:
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


def _read_kind(reading: _Reading, statement: _Statement, parts: Sequence[Span], cue: Span | None) -> QuoteKind:
    """Tell the kind by the share of words between marks; marks around the cue itself do not count."""
    own = {id(stretch) for stretch in statement.stretches}
    inside = total = 0
    for part in parts:
        low = bisect_right(reading.stretches, part.start, key=lambda s: s.start)
        floor = max(0, low - _DEEPEST)
        while low > floor and (reading.stretches[low - 1].end > part.start or reading.stretches[low - 1].level > 0):
            low -= 1
        near = []
        part_is_own = any(s.inner_start <= part.start and part.end <= s.inner_end for s in statement.stretches)
        for stretch in reading.stretches[low:]:
            if stretch.start >= part.end:
                break
            if cue is None or id(stretch) in own or not stretch.start <= cue.start < stretch.end:
                near.append(stretch)
        ends = _cover(near)
        starts = [start for start, _ in ends]
        for match in _WORD.finditer(part.text):
            total += 1
            place = part.start + match.start()
            covering = bisect_right(starts, place) - 1
            inside += part_is_own or (covering >= 0 and place < ends[covering][1])
    return "indirect" if not inside else "direct" if inside == total else "mixed"


def _cover(stretches: Sequence[QuotedStretch]) -> list[CharRange]:
    """Join quotations, in order, to stretches that lie apart."""
    joined: list[CharRange] = []
    for stretch in stretches:
        if joined and stretch.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stretch.end))
        else:
            joined.append((stretch.start, stretch.end))
    return joined


def _settle(quotes: list[Quote]) -> list[Quote]:
    """Order the quotes, tell which are nested, and drop the weaker of two that overlap wrongly."""
    kept: list[Quote] = []
    longest = 0
    for quote in sorted(quotes, key=lambda q: (-q.confidence, q.start, -q.end)):
        if not any(_clash(quote, other) for other in _overlapping(kept, quote, longest)):
            insort(kept, quote, key=_by_place)
            longest = max(longest, quote.end - quote.start)
    return [
        replace(
            quote,
            nested=any(other is not quote and _holds(other, quote) for other in _overlapping(kept, quote, longest)),
        )
        for quote in kept
    ]


def _by_place(quote: Quote) -> tuple[int, int]:
    return quote.start, -quote.end


def _overlapping(quotes: list[Quote], quote: Quote, longest: int) -> Iterator[Quote]:
    """Give the quotes that overlap another, from a list in text order whose longest quote is known."""
    low = bisect_left(quotes, (quote.start - longest, 0), key=_by_place)
    for index in range(low, len(quotes)):
        if quotes[index].start >= quote.end:
            return
        if quotes[index].end > quote.start:
            yield quotes[index]


def _holds(outer: Quote, inner: Quote) -> bool:
    """Tell whether all parts of a quote lie in the parts of another."""
    return (outer.start, outer.end) != (inner.start, inner.end) and all(
        any(o.start <= i.start and i.end <= o.end for o in outer.parts) for i in inner.parts
    )


def _clash(first: Quote, second: Quote) -> bool:
    """Tell whether two quotes overlap without one holding the other."""
    touch = any(a.start < b.end and b.start < a.end for a in first.parts for b in second.parts)
    return touch and not (_holds(first, second) or _holds(second, first))


__all__ = ["find_quotes"]
