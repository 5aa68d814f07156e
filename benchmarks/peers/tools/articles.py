"""What the Python tools share: articles come in and facts go out as JSON lines, offsets counting characters."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Fact = dict[str, Any]


def run(find: Callable[[str, datetime], dict[str, list[Fact]]]) -> None:
    """Give each article of standard input to `find(text, published)` and print what it finds."""
    for line in sys.stdin:
        article = json.loads(line)
        found = find(article["text"], datetime.fromisoformat(article["published"]))
        print(json.dumps({"id": article["id"], **found}))


def place(text: str, found: Iterator[tuple[str, Fact]]) -> list[Fact]:
    """Find the places of facts whose words a tool gives in the order of the text, but not where they stand."""
    facts: list[Fact] = []
    position = 0
    for words, fact in found:
        start = text.find(words, position)
        if start >= 0:
            position = start + len(words)
            facts.append({"text": words, "start": start, "end": position, **fact})
    return facts
