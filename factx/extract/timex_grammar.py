"""The grammar of time expressions: from text to the stretches that rules match, without any meaning yet.

Every word is looked up once and becomes one code letter (a month, a weekday, "last", a four-digit number ...), so that
an article becomes a string with a letter for each word. The rules of `lexicon/date_rules.jsonl` are regular expressions
over these letters. Their words are categories of `lexicon/date_words.csv`; `role:category` names the part that a value
needs later.

    {"name": "relative_weekday", "pattern": "which:(last|next|this) weekday:weekday", ...}

One expression that joins all rules finds where something begins, in one pass; only there is each rule tried, longest
first.
"""

from __future__ import annotations

import csv
import functools
import json
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER = "."
_CORE = (
    "month", "month_weak", "month_short", "weekday", "weekday_short", "weekdays", "season", "season_weak",
    "daypart", "night",
    "tonight", "overnight", "noon", "dayword", "minute", "hour", "second", "clock_units", "unit_day", "unit_week",
    "unit_month",
    "unit_quarter", "unit_year", "unit_decade", "unit_century", "unit_weekend", "unit_fortnight", "units",
    "periodic", "decade",
    "year4", "clock", "iso", "numeric", "ampm", "oclock", "quarter_code", "holiday", "present", "recently", "soon",
    "future",
    "past", "present_noun", "moment", "long_word", "midway", "era", "ordinal_number", "zone", "ago",
)  # fmt: skip
# Words between the start of an expression and its word of time, at most.
_REACH = 14
_EDGE_PREFIX = "(the? edge:edge of)? (phase:early dash?)?"
_SHORT_LINE = 45
_NAME = re.compile(r"([a-z][a-z_0-9]*)(:)?(\()?")
# Categories that the tokenizer gives by shape; all others come from the word list.
_SHAPES = (
    "n12", "n31", "n59", "n99", "year4", "num", "ordinal_number", "decade", "clock", "iso", "numeric", "ampm",
    "quarter_code",
    "holiday", "dash", "comma", "stop", "slash", "oparen", "cparen", "mark", "currency", "percent", "break",
)  # fmt: skip
_PUNCTUATION = {
    **dict.fromkeys("-‐‑‒–—−", "dash"),
    **dict.fromkeys("$€£¥₽₩₹", "currency"),
    **dict.fromkeys(";:!?\"“”)]…»«'’‘", "mark"),
    ",": "comma", ".": "stop", "/": "slash", "(": "oparen", ")": "cparen", "%": "percent",
}  # fmt: skip
_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "gen", "sen", "rep", "gov", "lt", "col", "prof", "st", "sgt", "maj", "capt"}
)
_PLAIN = frozenset({"lower", "word", "other", "alphanumeric"})
_HALT = ("comma", "stop", "mark", "cparen", "break")
_SHAPE_PATTERN = r"""
    (?P<lower>[b-oq-z][a-z]+(?![\w'’.]))
    |(?P<iso>(?<![\w/-])[0-9]{4}-[0-9]{2}-[0-9]{2}
        (?:[T\ ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?![\w/-]))
    |(?P<numeric>(?<![\w/.-])[0-9]{1,2}(?P<mark>[/.-])[0-9]{1,2}(?P=mark)(?:[0-9]{4}|[0-9]{2})(?![\w/-]))
    |(?P<clock>(?<![0-9:.])[0-9]{1,2}(?:[:.][0-9]{2}(?=\s?[ap]\.?m\b)|:[0-9]{2}(?::[0-9]{2})?(?![0-9:])))
    |(?P<decade>(?:[1-9][0-9]{2}|['’‘]?[1-9])0['’]?s\b)
    |(?P<holiday>HOLIDAYS)
    |(?P<ordinal_number>[0-9]{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)\b)
    |(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?:(?=[ap]\.?m\b)|(?![^\W_])))
    |(?P<quarter_code>Q[1-4]\b)
    |(?P<ampm>[ap]\.m\b\.?|[ap]m\b|[AP]\.M\b\.?|[AP]M\b)
    |(?P<word>[^\W\d_][^\W_]*(?:['’]clock)?)
    |(?P<alphanumeric>[0-9]\w*)
    |(?P<line>\n)
    |(?P<other>[^\w\s])
"""


class Word(NamedTuple):
    """What the word list knows of a word."""

    category: str
    value: str
    case: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the rule file, compiled."""

    name: str
    regex: re.Pattern[str]
    type: str
    value: str
    guard: str
    constant: str
    confidence: float
    examples: tuple[tuple[str, str, str], ...]


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule that matched: the words it covers and the roles they play."""

    rule: Rule
    scan: Scan
    first: int
    last: int
    roles: dict[str, tuple[int, int]]

    @property
    def start(self) -> int:
        """First character."""
        return self.scan.starts[self.first]

    @property
    def end(self) -> int:
        """Character after the last."""
        return self.scan.ends[self.last - 1]

    def has(self, role: str) -> bool:
        """Whether the rule gave some word this role."""
        return role in self.roles

    def words(self, role: str) -> list[str]:
        """The words of a role in lower case, an empty list when it is absent."""
        begin, stop = self.roles.get(role, (0, 0))
        return self.scan.words[begin:stop]

    def value(self, role: str) -> str:
        """What the word list says of the first known word of a role; the word itself where it says nothing."""
        for word in self.words(role):
            known = lexicon().get(word)
            if known is not None and known.value:
                return known.value
            return word
        return ""


def _lines(name: str) -> list[str]:
    return (resources.files("factx") / "lexicon" / name).read_text("utf-8").splitlines()


@functools.cache
def lexicon() -> dict[str, Word]:
    """Words of time with category, value and the case they must have, from `date_words.csv`."""
    rows = csv.DictReader(_lines("date_words.csv"))
    return {row["word"]: Word(row["category"], row["value"], row["case"]) for row in rows}


@functools.cache
def hedges() -> dict[str, str]:
    """Phrases that bound or blur an amount, with their TIMEX3 mod, from `date_hedges.csv`."""
    return {row["phrase"]: row["mod"] for row in csv.DictReader(_lines("date_hedges.csv"))}


@functools.cache
def holidays() -> dict[str, tuple[str, str]]:
    """Named days with the way to reckon them and its argument, from `date_holidays.csv`."""
    return {row["name"].lower(): (row["kind"], row["argument"]) for row in csv.DictReader(_lines("date_holidays.csv"))}


@functools.cache
def lunar_new_years() -> dict[int, str]:
    """First day of the Chinese year, by year, from `date_lunar_new_year.csv`."""
    return {int(row["day"][:4]): row["day"] for row in csv.DictReader(_lines("date_lunar_new_year.csv"))}


@functools.cache
def national_days() -> dict[str, str]:
    """Independence days by a word that names the country or its people, from `date_national_days.csv`."""
    return {row["word"]: row["day"] for row in csv.DictReader(_lines("date_national_days.csv"))}


@functools.cache
def _codes() -> dict[str, str]:
    names = dict.fromkeys([*_SHAPES, *(word.category for word in lexicon().values())])
    return {"other": _OTHER} | {name: chr(0xE000 + number) for number, name in enumerate(names)}


@functools.cache
def code_names() -> dict[str, str]:
    """The category behind each code letter."""
    return {code: name for name, code in _codes().items()}


@functools.cache
def _tokenizer() -> re.Pattern[str]:
    names = sorted({row["name"] for row in csv.DictReader(_lines("date_holidays.csv"))}, key=len, reverse=True)
    pattern = r"(?<!\w)(?:" + "|".join(re.escape(name) for name in names) + r")(?!\w)(?!['’]s\ (?:Eve|Day))"
    return re.compile(_SHAPE_PATTERN.replace("HOLIDAYS", pattern), re.VERBOSE)


@functools.cache
def _word_codes() -> dict[str, str]:
    """Code letters by written form, for the spellings that text really has; other spellings are not words of time."""
    codes: dict[str, str] = {}
    for word, entry in lexicon().items():
        code = _codes()[entry.category]
        codes[word.upper()] = code
        if entry.case != "upper":
            codes[word.capitalize()] = code
        if not entry.case:
            codes[word] = code
    return codes | {mark: _codes()[name] for mark, name in _PUNCTUATION.items()}


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
    codes, known = _codes(), _word_codes()
    other, shapes = codes["other"], {kind: codes[kind] for kind in _SHAPES}
    found: list[re.Match[str]] = []
    letters: list[str] = []
    line_start = 0
    for match in _tokenizer().finditer(text):
        code = known.get(match.group())
        if code is None:
            kind = match.lastgroup or ""
            if kind in _PLAIN:
                code = other
            elif kind == "number":
                code = codes[_number_code(match.group())]
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
        letters.append(code)
        found.append(match)
    letters.append(codes["break"])
    words = [match.group().lower() for match in found]
    return Scan(text, [match.start() for match in found], [match.end() for match in found], words, "".join(letters))


def _compile_pattern(pattern: str, macros: dict[str, str]) -> str:
    """A rule pattern as a regular expression over code letters; each use of a role gets its own group."""
    codes, uses = _codes(), dict[str, int]()

    def expand(text: str, inside: frozenset[str]) -> str:
        text = re.sub(r"\((?!\?)", "(?:", text)
        return re.sub(r"\s+", "", _NAME.sub(lambda match: replace(match, inside), text.replace(":(?:", ":(")))

    def replace(match: re.Match[str], inside: frozenset[str]) -> str:
        name, is_role, opens = match.groups()
        if is_role:
            uses[name] = uses.get(name, 0) + 1
            group = f"(?P<{name}__{uses[name]}>"
            return group if opens else f"{group})"  # _separate_roles gives every role its brackets
        if name in macros and name not in inside:
            body = expand(macros[name], inside | {name})
        elif name == "halt":
            body = "[" + "".join(codes[part] for part in _HALT) + "]"
        else:
            body = f"[{re.escape(codes[name])}]"
        return body + (match.group(3) or "")

    return expand(_separate_roles(pattern), frozenset())


def _separate_roles(pattern: str) -> str:
    """`role:category` written as `role:(category)`, so that every role opens and closes a group."""
    return re.sub(r"([a-z_0-9]+):([a-z_0-9]+)", r"\1:(\2)", pattern)


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rules of `date_rules.jsonl`, in the order of the file."""
    macros: dict[str, str] = {}
    found: list[Rule] = []
    macros["hedge"] = "(" + "|".join(_hedge_patterns()) + ")"
    for line in _lines("date_rules.jsonl"):
        record: dict[str, Any] = json.loads(line)
        if "macro" in record:
            macros[record["macro"]] = _separate_roles(record["pattern"])
            continue
        pattern = f"{_EDGE_PREFIX} ({record['pattern']})" if record.get("edge") else record["pattern"]
        found.append(
            Rule(
                name=record["name"],
                regex=re.compile(_compile_pattern(pattern, macros)),
                type=record["type"],
                value=record["value"],
                guard=record.get("guard", ""),
                constant=record.get("constant", ""),
                confidence=record.get("confidence", 0.8),
                examples=tuple((text, span, value) for text, span, value in record["examples"]),
            )
        )
    return tuple(found)


def _hedge_patterns() -> Iterator[str]:
    known = lexicon()
    for phrase in sorted(hedges(), key=lambda phrase: -len(phrase.split())):
        yield " ".join(known[word].category for word in phrase.split())


@functools.cache
def _any_rule() -> re.Pattern[str]:
    """All rules as one expression without groups: where it matches, some rule does."""
    nameless = (re.sub(r"\?P<\w+>", "?:", rule.regex.pattern) for rule in rules())
    idle = "".join(_codes()[name] for name in ("other", "comma", "mark", "stop", "break"))
    return re.compile(f"(?![{re.escape(idle)}])(?:" + "|".join(f"(?:{pattern})" for pattern in nameless) + ")")


@functools.cache
def _core() -> re.Pattern[str]:
    """The words without which nothing is a time; places far from them need no look."""
    return re.compile("[" + "".join(re.escape(_codes()[name]) for name in _CORE) + "]")


def readings_at(scan: Scan, index: int) -> list[Reading]:
    """All rules that match at a word, the longest first; rules of equal length stay in the order of the file."""
    found: list[Reading] = []
    for rule in rules():
        match = rule.regex.match(scan.codes, index)
        if match is None or match.end() == index:
            continue
        roles: dict[str, tuple[int, int]] = {}
        for name, text in match.groupdict().items():
            if text is not None:
                roles.setdefault(name.partition("__")[0], match.span(name))
                roles[name] = match.span(name)
        found.append(Reading(rule, scan, index, match.end(), roles))
    found.sort(key=lambda reading: -reading.last)
    return found


def next_start(scan: Scan, index: int) -> int:
    """The next word at or after `index` where some rule matches, -1 when there is none."""
    any_rule, core, codes = _any_rule(), _core(), scan.codes
    near = any_rule.search(codes, index, index + 2 + _REACH)
    if near is not None and near.start() <= index + 1:
        return near.start()  # the second half of a range ("3 to 5") has no word of time of its own
    position = index
    while (found := core.search(codes, position)) is not None:
        match = any_rule.search(codes, max(index, found.start() - _REACH), found.end() + _REACH)
        if match is not None:
            return match.start()
        position = found.end()
    return -1


__all__ = [
    "Reading", "Rule", "Scan", "Word", "code_names", "hedges", "holidays", "lexicon", "lunar_new_years",
    "national_days", "next_start",
    "readings_at", "rules", "scan_text",
]  # fmt: skip
