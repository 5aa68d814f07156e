"""Read words before a colon at the head of a line: who speaks in a transcript or a headline, or but a label."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from factx.countries import is_listed
from factx.extract.count_lexicon import people_nouns
from factx.extract.quotation_marks import find_paragraphs
from factx.extract.quote_reading import Reading, Statement
from factx.titles import is_role

if TYPE_CHECKING:
    from collections.abc import Iterator

_TURN = re.compile(r"(Q|A|[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]*){0,4})(?:\.?:|\.)[ \t]+(?=\S)")
_HEADLINE = re.compile(r"([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}):[ \t]+(?=\S)")
_TRAILING = re.compile(
    r"(?:[*•-] )?(?P<said>[A-Z0-9][^\n\"“”:]{9,100}[^\s.,:;-])(?: [-–—]|:) "
    r"(?P<who>(?!an? )[a-z][\w’' ]{2,25}|UN|WHO|EU|NATO|UNICEF)"
)
# What tells of an event where a headline leaves its verb out.
_STATES = frozenset("dead hurt missing injured wounded".split())
# Who may end a headline, besides people: "Ten dead in bus crash - ministry".
_TELLERS = frozenset(
    """police authorities army military navy ministry government court hospital agency union company monitor group
    source sources report study survey poll data statement""".split()
)
_FIRST_PERSON = re.compile(r"(?:I|We)(?:['’](?:m|re|ve|ll|d))? ")
_QUESTION_ANSWER = frozenset("QA")
_QUOTATION_MARKS = "\"“«'‘"
_LONGEST_HEADLINE = 120
_ACRONYM = re.compile(r"[A-Z]{2,6}")
# What a headline leaves out where it tells of something itself: "WHO: Cholera has reached the coast" is said.
_WHOLE_VERBS = frozenset("is are was were has have had will would can could may might must should shall".split())
# Words that tell what kind of text follows.
_RUBRICS = frozenset(
    """live update updates updated breaking exclusive watch listen read video videos photo photos pictures picture
    gallery podcast audio analysis opinion editorial comment commentary column columnist essay diary letter letters
    review reviews interview profile obituary explainer explained factbox timeline background feature report special
    investigation survey poll quiz guide recipe recipes note notes correction corrections clarification advertisement
    sponsored summary brief briefs briefing digest news newsletter headlines world sport sports business markets
    politics weather travel culture arts science health technology tech entertainment
    football soccer cricket tennis rugby golf boxing cycling athletics basketball baseball hockey swimming""".split()
)


def is_rubric(label: str) -> bool:
    """Tell whether words before a colon tell what kind of text follows: "LIVE", "World News", "Editor's Note"."""
    return any(word in _RUBRICS for word in label.lower().split())


def attribute_turns(reading: Reading) -> None:
    """Read transcripts: lines that begin with "Q:", "A:" or a NAME in capitals and a colon, at least two of them.

    A digest looks alike: "PERU: Mayor steps down. ...". A rubric never speaks; a place does so only where others are
    heard again and again, so that it must be somebody of that name.
    """
    words = reading.tree.words
    turns = []
    for start, end in find_paragraphs(words.text):
        match = _TURN.match(words.text, start, end)
        if match is not None and match.end() < end and words.text[match.end()] not in _QUOTATION_MARKS:
            turns.append((match, end))
    turns = [(match, end) for match, end in turns if not is_rubric(match.group(1))]
    people = [(match, end) for match, end in turns if not _is_place(reading, match)]
    if not any(times > 1 for times in Counter(match.group(1) for match, _ in people).values()):
        turns = people
    if len(turns) < 2 or len({match.group(1) for match, _ in turns}) < 2:
        return
    for match, end in turns:
        label = match.group(1)
        speaker = None
        if label not in _QUESTION_ANSWER:
            speaker = (words.token_at(match.start(1)), words.token_at(match.end(1) - 1) + 1)
        reading.loose.append(Statement(None, whole=(match.end(), end), speaker=speaker, rule="turn"))


def _is_place(reading: Reading, match: re.Match[str]) -> bool:
    """Tell whether a label names a country, a people or, by the model, any other place."""
    labels = set(_labels_in(reading, match))
    return is_listed(match.group(1)) or bool(labels & {"GPE", "LOC"})


def _labels_in(reading: Reading, match: re.Match[str]) -> Iterator[str]:
    words = reading.tree.words
    for token in range(words.token_at(match.start(1)), words.token_at(match.end(1) - 1) + 1):
        if token in reading.names:
            yield reading.names[token]


def attribute_headlines(reading: Reading) -> None:
    """Read headlines that give somebody's words without marks: "Lisbon: We were not asked", "UN: Cholera has spread".

    Most words before a colon are the matter of the headline. These are not: before "I" and "we", and a body's acronym
    before a whole sentence, whose verb a headline of its own would leave out or put into the simple present.
    """
    words = reading.tree.words
    taken = {statement.whole[0] for statement in reading.loose if statement.whole}
    for start, end in find_paragraphs(words.text):
        match = _HEADLINE.match(words.text, start, min(end, start + _LONGEST_HEADLINE))
        if match is None or match.end() >= end or end - start > _LONGEST_HEADLINE or is_rubric(match.group(1)):
            continue
        line = words.text[match.end() : end]
        if match.end() in taken or line[-1] in ".?:" or any(mark in line for mark in '"“”«»‘\n') or ". " in line:
            continue
        first, last = words.token_at(match.end()), words.token_at(end - 1) + 1
        if _has_attribution(reading, first, last):
            continue
        says = _FIRST_PERSON.match(line) is not None and _may_speak(reading, match)
        if says or (_is_body(reading, match) and _is_whole(reading, first, last)):
            speaker = (words.token_at(match.start(1)), words.token_at(match.end(1) - 1) + 1)
            reading.loose.append(Statement(None, whole=(match.end(), end), speaker=speaker, rule="colon"))


def attribute_trailing(reading: Reading) -> None:
    """Read headlines that end in who says so: "Ten dead in bus crash - police", "Rebels took town: residents"."""
    words = reading.tree.words
    taken = {statement.whole[0] for statement in reading.loose if statement.whole}
    for start, end in find_paragraphs(words.text):
        match = _TRAILING.fullmatch(words.text, start, end) if end - start <= _LONGEST_HEADLINE else None
        if match is None or match.start("said") in taken:
            continue
        last = match["who"].split()[-1]
        first, stop = words.token_at(match.start("said")), words.token_at(match.end("said"))
        tells = any(
            words.tags[token].startswith("VB") or words.lowers[token] in _STATES for token in range(first, stop)
        )
        if reading.tree.tagged and not tells:
            continue
        if last.isupper() or is_role(last) or last in people_nouns() or last in _TELLERS:
            speaker = (words.token_at(match.start("who")), words.token_at(match.end("who") - 1) + 1)
            reading.loose.append(Statement(None, whole=match.span("said"), speaker=speaker, rule="colon"))


def _has_attribution(reading: Reading, first: int, last: int) -> bool:
    """Tell whether a line gives who says it behind a comma: "Floods: We lost all, residents say"."""
    forms = reading.tree.words.forms
    cues = reading.cues[bisect_left(reading.verbs, first) : bisect_left(reading.verbs, last)]
    return any(cue.form in ("finite", "according") and "," in forms[first : cue.start] for cue in cues)


def _may_speak(reading: Reading, match: re.Match[str]) -> bool:
    """Tell whether a label names somebody or a role; without a model any may."""
    last = match.group(1).split()[-1]
    return not reading.tree.tagged or is_role(last) or any(_labels_in(reading, match))


def _is_body(reading: Reading, match: re.Match[str]) -> bool:
    token = reading.tree.words.token_at(match.start(1))
    named = reading.names.get(token) == "ORG" and reading.tree.words.tags[token] == "NNP"
    return named and _ACRONYM.fullmatch(match.group(1)) is not None


def _is_whole(reading: Reading, first: int, last: int) -> bool:
    """Tell whether the first verb of a line is one that headlines leave out, behind a subject."""
    words = reading.tree.words
    verbs = (token for token in range(first, last) if words.tags[token].startswith(("VB", "MD")))
    verb = next(verbs, first)
    opens = words.tags[first].startswith(("W", "VB", "MD"))
    return not opens and verb > first and words.lowers[verb] in _WHOLE_VERBS
