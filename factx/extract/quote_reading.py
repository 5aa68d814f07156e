"""What the steps that find quotes share: the statements of a text while they are being put together.

Three sources meet in a `Reading`: stretches between quotation marks, the model's contents, and cues with their syntax.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Doc

    from factx.extract.quotation_marks import QuotedStretch
    from factx.extract.quote_cues import Cue
    from factx.extract.quote_tree import QuoteTree
    from factx.extract.words import Words

CharRange = tuple[int, int]
TokenRange = tuple[int, int]
# Nothing is looked for farther away than this many tokens, however long a "sentence" without a full stop is.
LONGEST_SENTENCE = 250
# Quotations this deep in others, or this many before a place, are not looked at: broken text must not cost time.
DEEPEST = 40
# How many tokens may stand between a quotation and the cue that attributes it.
REACH = 30
SPEECH = frozenset(("speech", "clause", "read"))
FINAL = frozenset(".!?")
_TOWN = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}"
# As in: NAIROBI, Kenya, March 4, 2024 (Reuters) - or: Abuja, 10 March 2026 — or, where a line begins: Abuja (Agency) -
_DATELINE = re.compile(
    r"[A-Z][A-Z .'’-]{1,40}[A-Z](?:,[ \w.,]{1,40})?(?: ?\([^()\n]{1,30}\))?\s*(?:--?|[–—])\s*"
    rf"|{_TOWN}, (?:\w+\.? ){{0,2}}\d{{1,4}}(?:,? \d{{4}})?(?: --?| ?[–—])\s*"
    rf"|(?:(?<=\n)|\A){_TOWN}(?: \([^()\n]{{1,30}}\))? (?:--?|[–—]) (?=[A-Z0-9])"
)
WORD = re.compile(r"\w+(?:['’]\w+)*")


class Part(NamedTuple):
    """A content the model proposes, in tokens."""

    start: int
    end: int
    score: float
    cue: int
    speaker: int
    nested: bool


@dataclass(slots=True)
class Statement:
    """What one cue (or colon, or nothing) attributes, while it is being put together."""

    cue: Cue | None
    stretches: list[QuotedStretch] = field(default_factory=list)
    proposed: list[Part] = field(default_factory=list)
    governed: list[TokenRange] = field(default_factory=list)
    whole: CharRange | None = None
    speaker: TokenRange | None = None
    rule: str = "model"


@dataclass(slots=True)
class Reading:
    """All that the steps share for one Doc."""

    tree: QuoteTree
    stretches: list[QuotedStretch]
    cues: list[Cue]
    verbs: list[int]
    parts: list[Part]
    speakers: list[TokenRange]
    names: Mapping[int, str] = field(default_factory=dict)
    """Token of a name -> label of the name, by the model."""
    statements: dict[int, Statement] = field(default_factory=dict)
    shared: dict[int, int] = field(default_factory=dict)
    """Second verb of "said A and warned B" -> the first."""
    followed: dict[int, int] = field(default_factory=dict)
    """The same, the other way round."""
    loose: list[Statement] = field(default_factory=list)

    def statement(self, index: int) -> Statement:
        """Give the statement of a cue by the cue's number."""
        return self.statements.setdefault(index, Statement(self.cues[index]))

    def all_statements(self) -> list[Statement]:
        """Give those with a cue in the order of their cues, then those without."""
        return [*(self.statements[index] for index in sorted(self.statements)), *self.loose]


def read_group(doc: Doc, name: str) -> list[tuple[int, int, float]]:
    """Read a span group of the model: first token, token after the last, score."""
    if name not in doc.spans:
        return []
    group = doc.spans[name]
    scores = group.attrs.get("scores") or [1.0] * len(group)
    return [(span.start, span.end, float(score)) for span, score in zip(group, scores, strict=False)]


def read_parts(doc: Doc) -> list[Part]:
    """Read the contents that the model proposes, with the cue and the speaker it links to each."""
    name = "factx_contents"
    if name not in doc.spans:
        return []
    group = doc.spans[name]
    size = len(group)
    attrs = group.attrs
    columns = [attrs.get(key) or [default] * size for key, default in (("scores", 1.0), ("cues", -1), ("speakers", -1))]
    return [
        Part(span.start, span.end, float(score), int(cue), int(speaker), span.label_ == "NESTED")
        for span, score, cue, speaker in zip(group, *columns, strict=False)
    ]


def behind_dateline(words: Words, start: int, end: int) -> int:
    """Give the first character behind a dateline that begins at a character and ends before another, or the first."""
    line = _DATELINE.match(words.text, start, end)
    return line.end() if line is not None and line.end() < end else start


def has_end(reading: Reading, start: int, end: int) -> bool:
    """Tell whether a sentence or line ends within a range of tokens."""
    tree = reading.tree
    return any("\n" in tree.words.forms[i] or tree.ends_sentence(i) for i in range(start, end))


def sentence_start(reading: Reading, stretch: QuotedStretch) -> int:
    """Give the first character of the sentence or line in which a quotation begins."""
    tree, words = reading.tree, reading.tree.words
    token = words.token_at(stretch.start)
    floor = max(0, token - LONGEST_SENTENCE)
    while token > floor and not tree.ends_sentence(token - 1) and "\n" not in words.forms[token - 1]:
        token -= 1
    return words.starts[token]


def starts_sentence(reading: Reading, stretch: QuotedStretch) -> bool:
    """Tell whether a sentence or a line begins with a quotation."""
    text = reading.tree.words.text
    before = text[max(0, stretch.start - 40) : stretch.start].rstrip(" \t\u00a0")
    if not before or before[-1] in ".!?:;,\n\r\u2028\u2029\"”»’'—–-…)" or not stretch.opened:
        return True
    last = before.split()[-1:]
    return not last or last[0].lower() in ("but", "and", "yet", "so", "then", "again")


def ends_sentence(reading: Reading, stretch: QuotedStretch) -> bool:
    """Tell whether a sentence ends with a quotation."""
    text = reading.tree.words.text
    if text[stretch.inner_end - 1 : stretch.inner_end] in (".", "!", "?"):
        return True
    return text[stretch.end : stretch.end + 1] in (".", "!", "?", "\n", "")


def _stretches_before(reading: Reading, place: int) -> Iterator[QuotedStretch]:
    """Give the quotations that begin at a place or before it, nearest first, back to one that lies in no other."""
    number = bisect_right(reading.stretches, place, key=lambda s: s.start)
    for index in range(number - 1, max(-1, number - 1 - DEEPEST), -1):
        stretch = reading.stretches[index]
        yield stretch
        if stretch.level == 0:
            return


def inside_other(reading: Reading, index: int, stretch: QuotedStretch) -> bool:
    """Tell whether a cue lies within a quotation that does not hold this one."""
    place = reading.tree.words.starts[reading.cues[index].verb]
    for other in _stretches_before(reading, place):
        if other.start <= place < other.end:
            return not (other.start <= stretch.start and stretch.end <= other.end)
    return False


def quoted(reading: Reading, place: int) -> bool:
    """Tell whether a character lies between quotation marks."""
    return any(stretch.start <= place < stretch.end for stretch in _stretches_before(reading, place))
