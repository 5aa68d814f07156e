"""Write facts for programs, in one of a few formats, to a stream or whole to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from factx.write.json import facts_to_record, write_json, write_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from factx.facts import Facts

Format = Literal["json", "jsonl"]


def write_facts(
    facts: Iterable[Facts], stream: TextIO, format: Format = "json", *, text: bool = True, single: bool = False
) -> None:
    """Write the facts of articles as they come.

    Args:
        facts: Facts of one article each.
        stream: Where to write.
        format: "json" or "jsonl".
        text: Whether the text of the articles is written.
        single: Whether "json" is one object instead of an array; for exactly one article.
    """
    if format == "jsonl":
        write_jsonl(facts, stream, text=text)
    else:
        write_json(facts, stream, text=text, single=single)


__all__ = ["Format", "facts_to_record", "write_facts", "write_json", "write_jsonl"]
