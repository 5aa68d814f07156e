"""Turn statements into quotes: parts, kind, speaker's words, confidence."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from factx.extract.quote_borders import choose_parts, trim
from factx.extract.quote_names import find_name
from factx.extract.quote_reading import DEEPEST, WORD, CharRange, Reading, Statement
from factx.extract.quote_subjects import speaker_of
from factx.facts import Quote, QuoteKind, Span, Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.quotation_marks import QuotedStretch

# Share of quotes that were right (content by `evaluate quotes`), for each rule and, where the model proposed the part,
# by its score: counted on voa-dev, gum-dev and polnear-dev, which are not trained on, and on gum-train; on other
# passages seen in training the model's own are right in 98 of 100. Turns of transcripts are in no gold.
_RIGHT_BY_RULE = {
    "marks": 0.94,
    "model": 0.9,
    "end": 0.85,
    "dash": 0.9,
    "colon": 0.8,
    "turn": 0.8,
    "continued": 0.7,
    "syntax": 0.6,
    "floating": 0.45,
    "label": 0.3,
}
_RIGHT_BY_SCORE = ((0.0, 0.3), (0.5, 0.45), (0.8, 0.58), (0.9, 0.72), (0.96, 0.84), (1.0, 0.97))
_WITHOUT_SPEAKER = 0.6
# "who asked not to be named": how the speaker is told, not what is said.
_UNNAMED = re.compile(r"not to be (?:named|identified|quoted)\b|to (?:remain|stay) anonymous\b")
# What verbs of thought and judgement introduce is a quote only where marks show words.
_INDIRECT_USES = frozenset(
    "clause speech inf object_inf for_inf ing of_ing for_ing to_ing object_clause according".split()
)


def build_quote(reading: Reading, statement: Statement) -> Quote | None:
    """Put a quote together from what was found for one cue."""
    words = reading.tree.words
    cue = statement.cue
    parts = choose_parts(reading, statement)
    parts = [trimmed for part in parts if (trimmed := trim(words.text, *part))[0] < trimmed[1]]
    parts = [part for part in parts if any(char.isalnum() for char in words.text[part[0] : part[1]])]
    # Two parts that differ only in the marks around them (' said: ":"We go""') are one when these are trimmed.
    parts = [part for number, part in enumerate(parts) if not number or part[0] >= parts[number - 1][1]]
    if not parts:
        return None
    speaker = speaker_of(reading, statement)
    if cue is not None and speaker is None and (cue.form == "passive" or cue.silent) and not statement.stretches:
        return None
    if cue is not None and cue.silent and not statement.stretches:
        return None
    nobody = speaker is not None and words.lowers[speaker[0] : speaker[1]] in (["nobody"], ["no", "one"], ["none"])
    if nobody and cue is not None and not statement.stretches:
        return None  # "Nobody told us where they were": nobody says so.
    start = parts[0][0] - 4 if words.text.endswith("not ", 0, parts[0][0]) else parts[0][0]
    if cue is not None and _UNNAMED.match(words.text, max(0, start)):
        return None
    if statement.rule == "label" and speaker is None and statement.stretches:
        # "a movement called "Orange Revolution"": a name that nobody in particular uses.
        return None
    headline = cue is not None and parts[-1][1] <= words.starts[cue.start]
    if _rule_name(statement) == "syntax" and not any(_has_verb(reading, part, headline=headline) for part in parts):
        # "requested the session": a bare noun phrase is no statement.
        return None
    adverbial = len(parts) == 1 and words.tags[words.token_at(parts[0][0])] == "IN" and not _has_verb(reading, parts[0])
    if adverbial and cue is not None and not statement.stretches and words.lowers[cue.end : cue.end + 1] == ["that"]:
        return None  # "You said that in 2012."
    if cue is not None and not cue.uses and not statement.proposed and not statement.stretches:
        return None
    cue_span = _span(words.text, words.starts[cue.start], words.ends[cue.end - 1]) if cue else None
    record = None
    if speaker is not None:
        # "the International Organization for Migration (IOM)": the bracket goes with its partner.
        inside = words.forms[speaker[0] : speaker[1]]
        if "(" in inside and ")" not in inside and words.forms[speaker[1] : speaker[1] + 1] == [")"]:
            speaker = speaker[0], speaker[1] + 1
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


def _has_verb(reading: Reading, part: CharRange, *, headline: bool = False) -> bool:
    """Tell whether a verb heads some words; in a headline a participle will do: "Two killed, says principal"."""
    words = reading.tree.words
    first, last = words.token_at(part[0]), words.token_at(part[1] - 1)
    if headline and any(words.tags[token] == "VBN" for token in range(first, last + 1)):
        return True
    heads = [i for i in range(first, last + 1) if not first <= words.heads[i] <= last or words.heads[i] == i]
    return any(
        words.tags[i].startswith(("VB", "MD")) or reading.tree.kids_with(i, "cop", "aux:pass", "nsubj", "nsubj:pass")
        for i in heads
    )


def _rule_name(statement: Statement) -> str:
    if statement.stretches or statement.cue is None:
        return statement.rule if statement.rule != "model" else "marks"
    if statement.whole is not None and not statement.proposed:
        return "marks"
    return "model" if statement.proposed else "syntax"


def _confidence(statement: Statement, *, has_speaker: bool) -> float:
    """Tell how likely a quote is right, as such quotes were on passages that the model was not trained on."""
    score = max((part.score for part in statement.proposed), default=0.0)
    if statement.stretches or statement.cue is None:
        base = _RIGHT_BY_RULE[statement.rule]
    elif statement.whole is not None:
        base = _RIGHT_BY_RULE["end"]
    elif statement.proposed:
        low, high = next((a, b) for a, b in pairwise(_RIGHT_BY_SCORE) if score <= b[0] or b is _RIGHT_BY_SCORE[-1])
        base = low[1] + (high[1] - low[1]) * (score - low[0]) / (high[0] - low[0])
        base *= 1.0 if statement.governed else 0.9
    else:
        base = _RIGHT_BY_RULE["syntax"]
    if not has_speaker and statement.rule not in ("turn", "floating"):
        base *= _WITHOUT_SPEAKER
    return round(base, 3)


def _span(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end])


def _place(span: Span) -> tuple[str, int, int]:
    return span.text, span.start, span.end


def _read_kind(reading: Reading, statement: Statement, parts: Sequence[Span], cue: Span | None) -> QuoteKind:
    """Tell the kind by the share of words between marks; marks around the cue itself do not count."""
    own = {id(stretch) for stretch in statement.stretches}
    inside = total = 0
    for part in parts:
        low = bisect_right(reading.stretches, part.start, key=lambda s: s.start)
        floor = max(0, low - DEEPEST)
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
        for match in WORD.finditer(part.text):
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
