"""The grammar of time expressions: from text to the stretches that rules match, without any meaning yet.

Every word is looked up once and becomes one code letter (a month, a weekday, "last", a four-digit number ...), so that
an article becomes a string with a letter for each word. The rules of `lexicon/date_rules.jsonl` are regular expressions
over these letters. Their words are categories of `lexicon/date_words.csv`; `role:category` names the part that a value
needs later.

    {"name": "relative_weekday", "pattern": "which:(last|next|this) weekday:weekday", ...}

A rule is tried only at a letter that can begin it and near a letter that it cannot do without, and compiled only when
it is first tried, so that a short article pays for few of the rules.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factx.extract.timex_patterns import PatternReader
from factx.extract.timex_words import category_codes, hedges, lexicon, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.timex_scan import Scan

# Words of time proper: few words of a text are one, and nearly every expression has one.
_RARE = (
    "month", "month_weak", "month_short", "weekday", "weekday_short", "weekdays", "season", "season_weak",
    "daypart", "night", "tonight", "overnight", "noon", "dayword", "minute", "hour", "second", "clock_units",
    "unit_day", "unit_week", "unit_month", "unit_quarter", "unit_year", "unit_decade", "unit_century", "unit_weekend",
    "unit_fortnight", "units", "periodic", "decade", "year4", "clock", "iso", "numeric", "ampm", "oclock",
    "quarter_code", "holiday", "present", "recently", "soon", "future", "past", "present_noun", "moment", "long_word",
    "midway", "era", "ordinal_number", "zone", "ago",
)  # fmt: skip
# Words from the start of an expression to a word that it needs, at most.
_REACH = 24
_EDGE_PREFIX = "(the? edge:edges of)? (phase:early dash?)?"
_HALT = ("comma", "stop", "mark", "cparen", "break")


@dataclass(frozen=True)
class Rule:
    """One line of the rule file; its expression is compiled when first asked for."""

    name: str
    pattern: str
    first: frozenset[str]
    needs: frozenset[str]
    type: str
    value: str
    guard: str
    constant: str
    confidence: float
    examples: tuple[tuple[str, str, str], ...]

    @functools.cached_property
    def regex(self) -> re.Pattern[str]:
        """The rule as an expression over code letters."""
        return re.compile(self.pattern)


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


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rules of `date_rules.jsonl`, in the order of the file."""
    codes = category_codes()
    reader = PatternReader(codes, (codes[name] for name in _RARE))
    reader.add_class("halt", _HALT)
    reader.add_macro("hedge", "|".join(_hedge_patterns()))
    found: list[Rule] = []
    for line in read_lines("date_rules.jsonl"):
        record: dict[str, Any] = json.loads(line)
        if "macro" in record:
            reader.add_macro(record["macro"], record["pattern"])
            continue
        part = reader.read(f"{_EDGE_PREFIX} ({record['pattern']})" if record.get("edge") else record["pattern"])
        found.append(
            Rule(
                name=record["name"],
                pattern=part.regex,
                first=part.first,
                needs=part.needs or frozenset(codes.values()),
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
def _rules_by_first() -> dict[str, tuple[Rule, ...]]:
    """The rules that a letter can begin, in the order of the file."""
    letters = sorted(set[str]().union(*(rule.first for rule in rules())))
    return {letter: tuple(rule for rule in rules() if letter in rule.first) for letter in letters}


@functools.cache
def _beginning() -> re.Pattern[str]:
    return re.compile("[" + re.escape("".join(_rules_by_first())) + "]")


def next_start(scan: Scan, index: int) -> int:
    """The next word at or after `index` that can begin an expression, -1 when there is none."""
    found = _beginning().search(scan.codes, index)
    return -1 if found is None else found.start()


def readings_at(scan: Scan, index: int) -> list[Reading]:
    """All rules that match at a word, the longest first; rules of equal length stay in the order of the file."""
    found: list[Reading] = []
    near = set(scan.codes[index : index + _REACH])
    for rule in _rules_by_first().get(scan.codes[index], ()):
        if rule.needs.isdisjoint(near):
            continue
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


__all__ = ["Reading", "Rule", "next_start", "readings_at", "rules"]
