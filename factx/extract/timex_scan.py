"""A text as words of time: where each word stands and one code letter for its category, in one pass over the text."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from factx.extract.timex_words import SHAPES, category_codes, code_names, holiday_names, word_codes

_SHORT_LINE = 45
_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "gen", "sen", "rep", "gov", "lt", "col", "prof", "st", "sgt", "maj", "capt"}
)
_PLAIN = frozenset({"lower", "word", "other", "alphanumeric"})
# The first branch takes nine words of ten; the branches for digits are asked only where a digit or quote mark stands.
_SHAPE_PATTERN = r"""
    (?P<lower>(?!(?:[ap]m|o['’]clock)(?!\w))(?:[a-z][a-z]+|a(?!\.m\b))(?!\w))
    |(?P<holiday>HOLIDAYS)
    |(?=[0-9'’‘])(?:
        (?P<iso>(?<![\w/-])[0-9]{4}(?P<joint>[-/])[0-9]{2}(?P=joint)[0-9]{2}
            (?:[T\ ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?![\w/-]))
        |(?P<numeric>(?<![\w/.-])[0-9]{1,2}(?P<mark>[/.-])[0-9]{1,2}(?P=mark)(?:[0-9]{4}|[0-9]{2})(?![\w/-]))
        |(?P<clock>(?<![0-9:.])[0-9]{1,2}(?:[:.][0-9]{2}(?=\s?[ap]\.?m\b)|:[0-9]{2}(?::[0-9]{2})?(?![0-9:])))
        |(?P<decade>(?:[1-9][0-9]{2}|['’‘]?[1-9])0['’]?s\b)
        |(?P<ordinal_number>[0-9]{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)\b)
        |(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?:(?=[ap]\.?m\b)|(?![^\W_½¼¾])))
        |(?P<alphanumeric>[0-9]\w*)
    )
    |(?P<quarter_code>Q[1-4]\b)
    |(?P<fiscal_code>FY[0-9]{4}\b)
    |(?P<ampm>[ap]\.m\b\.?|[ap]m\b|[AP]\.M\b\.?|[AP]M\b)
    |(?P<fraction>[½¼¾])
    |(?P<word>[^\W\d_][^\W_]*(?:['’]clock)?)
    |(?P<line>\n)
    |(?P<other>[^\w\s])
"""


@dataclass(frozen=True, slots=True)
class Scan:
    """A text as words: where each stands, how it is written in lower case, and its code letter."""

    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    codes: str

    def category(self, index: int) -> str:
        """Name of the category of a word ("other" outside the text)."""
        return code_names().get(self.codes[index], "other") if 0 <= index < len(self.words) else "break"

    def word(self, index: int) -> str:
        """A word in lower case, "" outside the text."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def closes_sentence(self, index: int) -> bool:
        """Whether a sentence ends with a word: a full stop that follows no initial, a question mark, a line break."""
        kind, following = self.category(index), self.raw(index + 1)[:1]
        if kind == "stop":
            return (
                len(self.word(index - 1)) > 1
                and (following.isupper() or not following.isalnum())
                and self.word(index - 1) not in _TITLES
            )
        return kind == "break" or (self.word(index) in {"?", "!"} and not following.islower())

    def raw(self, index: int) -> str:
        """A word as written, "" outside the text."""
        return self.text[self.starts[index] : self.ends[index]] if 0 <= index < len(self.words) else ""


@functools.cache
def _tokenizer() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in holiday_names())
    pattern = rf"(?<!\w)(?:{names})(?!\w)(?!['’]s\ (?:Eve|Day))"
    return re.compile(_SHAPE_PATTERN.replace("HOLIDAYS", pattern), re.VERBOSE)


def _number_code(text: str) -> str:
    if text.isdigit():
        number = int(text) if len(text) <= len("2199") else 0
        if len(text) == len("2026") and 1000 <= number <= 2199:
            return "year4"
        for limit, name in ((12, "n12"), (31, "n31"), (59, "n59"), (99, "n99")):
            if 0 < number <= limit and len(text) <= len("99"):
                return name
    return "num"


def scan_text(text: str) -> Scan:
    """Split a text into words with code letters, in one pass.

    Args:
        text: any text.

    Returns:
        The words; a line break between paragraphs is one of them, and so is the end of the text.
    """
    codes, known = category_codes(), word_codes()
    other, shapes = codes["other"], {kind: codes[kind] for kind in SHAPES}
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    letters: list[str] = []
    line_start = 0
    for match in _tokenizer().finditer(text):
        word = match.group()
        code = known.get(word)
        if code is None:
            kind = match.lastgroup or ""
            if kind in _PLAIN:
                code = other
            elif kind == "number":
                code = codes[_number_code(word)]
            elif kind == "line":
                start, end = match.span()
                before, after = text[start - 1 : start], text[end : end + 1]
                wrapped = start - line_start >= _SHORT_LINE and before not in '\n.!?:”"' and not after.isspace()
                line_start = end
                if wrapped:
                    continue
                code = codes["break"]
            else:
                code = shapes.get(kind, other)
        start, end = match.span()
        starts.append(start)
        ends.append(end)
        words.append(word.lower())
        letters.append(code)
    letters.append(codes["break"])
    return Scan(text, starts, ends, words, "".join(letters))


__all__ = ["Scan", "scan_text"]
