"""The pattern language of the date rules, turned into regular expressions over code letters.

A pattern is made of categories of words, macros, brackets, `|`, `?`, `{m,n}` and lookaround, as in

    (weekday:weekday comma?)? month:month day:monthday (?!scale|num)

`role:category` or `role:(...)` names a part that a value needs later; each use of a role gets a group of its own. Along
with the expression come the letters that can begin a match and the letters of which a match cannot do without: by them
a rule is tried, and even compiled, only where it may match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TOKEN = re.compile(r"\s*(\(\?<?[=!]|[a-z][a-z_0-9]*:?|[()|?]|\{[0-9]+,[0-9]+\})")
_ROLE = re.compile(r"\(\?P<(\w+)>")
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern.

    Attributes:
        regex: Regular expression over code letters.
        first: Letters that can begin it.
        empty: Whether it can match nothing.
        needs: Letters of which one is in every match; None where there is no such set.
        letters: The letters themselves where the piece is one letter out of a set, else "".
    """

    regex: str
    first: frozenset[str]
    empty: bool
    needs: frozenset[str] | None
    letters: str = ""


class PatternReader:
    """Reads patterns; macros may be added on the way.

    Args:
        codes: Code letter of each category.
        rare: Letters that few words have; a match is best looked for by one of them.
    """

    def __init__(self, codes: Mapping[str, str], rare: Iterable[str]) -> None:
        self._names = {name: _letter_part(code) for name, code in codes.items()}
        self._rare = frozenset(rare)
        self._tokens: list[str] = []
        self._next = 0

    def add_class(self, name: str, categories: Iterable[str]) -> None:
        """Name a set of categories."""
        self._names[name] = _letter_part("".join(self._names[category].letters for category in categories))

    def add_macro(self, name: str, pattern: str) -> None:
        """Name a pattern; where the name is that of a category, it takes its place in later patterns."""
        self._names[name] = self._read(pattern)

    def read(self, pattern: str) -> Part:
        """Read the pattern of a rule.

        Args:
            pattern: As described above.

        Returns:
            The whole as one part; a role used more than once has groups `role__1`, `role__2`.

        Raises:
            ValueError: It has an unknown name or an open bracket.
        """
        part = self._read(pattern)
        uses: dict[str, int] = {}

        def number(match: re.Match[str]) -> str:
            role = match.group(1)
            uses[role] = uses.get(role, 0) + 1
            return f"(?P<{role}__{uses[role]}>"

        return Part(_ROLE.sub(number, part.regex), part.first, part.empty, part.needs)

    def _read(self, pattern: str) -> Part:
        self._tokens, self._next = _TOKEN.findall(pattern), 0
        if "".join(self._tokens) != "".join(pattern.split()):
            message = f"date rule: cannot read {pattern!r}"
            raise ValueError(message)
        part = self._choice()
        if self._peek():
            message = f"date rule: unexpected {self._peek()!r} in {pattern!r}"
            raise ValueError(message)
        return part

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

    def _choice(self) -> Part:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        if all(branch.letters for branch in branches):
            return _letter_part("".join(dict.fromkeys("".join(branch.letters for branch in branches))))
        needs = [branch.needs for branch in branches if branch.needs is not None]
        return Part(
            "(?:" + "|".join(branch.regex for branch in branches) + ")",
            _NOTHING.union(*(branch.first for branch in branches)),
            any(branch.empty for branch in branches),
            _NOTHING.union(*needs) if len(needs) == len(branches) else None,
        )

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated())
        if len(parts) == 1:
            return parts[0]
        first = _NOTHING
        for part in parts:
            first |= part.first
            if not part.empty:
                break
        needs = [part.needs for part in parts if part.needs is not None]
        return Part(
            "".join(part.regex for part in parts),
            first,
            all(part.empty for part in parts),
            min(needs, key=lambda letters: (len(letters - self._rare), len(letters)), default=None),
        )

    def _repeated(self) -> Part:
        part = self._single()
        while self._peek()[:1] in {"?", "{"}:
            sign = self._take()
            may_miss = sign == "?" or sign.startswith("{0")
            regex = part.regex if part.letters else f"(?:{part.regex})"
            part = Part(regex + sign, part.first, part.empty or may_miss, None if may_miss else part.needs)
        return part

    def _single(self) -> Part:
        sign = self._take()
        if sign == "(":
            return self._bracket()
        if sign.startswith("(?"):
            inner = self._bracket()
            seen = sign == "(?="
            return Part(f"{sign}{inner.regex})", _NOTHING, empty=True, needs=inner.needs if seen else None)
        if sign.endswith(":"):
            inner = self._single()
            return Part(f"(?P<{sign[:-1]}>{inner.regex})", inner.first, inner.empty, inner.needs)
        if sign not in self._names:
            message = f"date rule: {sign!r} is neither a category nor a macro"
            raise ValueError(message)
        return self._names[sign]

    def _bracket(self) -> Part:
        part = self._choice()
        if self._take() != ")":
            message = "date rule: a bracket stays open"
            raise ValueError(message)
        return part


def _letter_part(letters: str) -> Part:
    regex = re.escape(letters) if len(letters) == 1 else f"[{re.escape(letters)}]"
    return Part(regex, frozenset(letters), empty=False, needs=frozenset(letters), letters=letters)


__all__ = ["Part", "PatternReader"]
