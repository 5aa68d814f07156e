"""Write facts for programs and for browsers, in one of a few formats, to a stream as they come.

Each format is a module; this one picks. DocBin is apart (`factx.write.docbin`): it needs the parse beside the facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from factx.write.json import facts_to_record, write_json, write_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from factx.facts import Facts

Format = Literal["json", "jsonl", "csv", "html"]


def write_facts(
    facts: Iterable[Facts], stream: TextIO, format: Format = "json", *, text: bool = True, single: bool = False
) -> None:
    """Write the facts of articles as they come.

    Args:
        facts: Facts of one article each.
        stream: Where to write.
        format: "json", "jsonl", "csv" (a fact a row) or "html" (one page).
        text: Whether the text of the articles is written; without it, csv and html have no sentences either.
        single: Whether "json" is one object instead of an array; for exactly one article.
    """
    if format == "json":
        write_json(facts, stream, text=text, single=single)
    elif format == "jsonl":
        write_jsonl(facts, stream, text=text)
    elif format == "csv":
        from factx.write.csv import write_csv

        write_csv(facts, stream, text=text)
    else:
        from factx.write.html import write_html

        write_html(facts, stream, text=text)


__all__ = ["Format", "facts_to_record", "write_facts", "write_json", "write_jsonl"]
