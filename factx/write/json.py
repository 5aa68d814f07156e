"""Write facts as JSON: the public interface that `factx schema` describes."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from factx.facts import SCHEMA
from factx.sanitize import replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from factx.facts import Facts


def write_json(facts: Iterable[Facts], stream: TextIO, *, text: bool = True, single: bool = False) -> None:
    """Write an array with an article a line, or one indented object.

    Args:
        facts: Facts of one article each.
        stream: Where to write; each article is written as soon as it is there.
        text: Whether the text of the articles is written.
        single: Write the one article there is as an object. Without any, nothing is written.
    """
    if single:
        # Piece by piece: all pieces of a book's facts at once would take a gigabyte.
        encoder = json.JSONEncoder(ensure_ascii=False, indent=2)
        for item in facts:
            stream.writelines(encoder.iterencode(facts_to_record(item, text=text)))
            stream.write("\n")
        return
    opening = "[\n"
    for item in facts:
        stream.write(opening + json.dumps(facts_to_record(item, text=text), ensure_ascii=False))
        opening = ",\n"
    stream.write("[]\n" if opening == "[\n" else "\n]\n")


def write_jsonl(facts: Iterable[Facts], stream: TextIO, *, text: bool = True) -> None:
    """Write an article a line, each passed on at once, so that a reader at the other end of a pipe need not wait.

    Args:
        facts: Facts of one article each.
        stream: Where to write.
        text: Whether the text of the articles is written.
    """
    for item in facts:
        line = json.dumps(facts_to_record(item, text=text), ensure_ascii=False)
        stream.write(line + "\n")
        stream.flush()


def facts_to_record(facts: Facts, *, text: bool = True) -> dict[str, Any]:
    """Make the JSON object of an article.

    Args:
        facts: All facts of the article.
        text: Whether its text is a member.

    Returns:
        Plain dicts, lists, strings and numbers, in the order of the contract; `confidence` has three digits.
    """
    article = facts.article
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "id": article.id,
        "source": article.source,
        "title": article.title,
        "published": article.published,
        "published_from": article.published_from,
        "author": article.author,
        "site": article.site,
        "text": article.text,
        "entities": facts.entities,
        "counts": facts.counts,
        "dates": facts.dates,
        "quotes": facts.quotes,
        "warnings": article.warnings,
    }
    if not text:
        del record["text"]
    return {name: _simplify(value) for name, value in record.items()}


def _simplify(value: Any) -> Any:  # noqa: ANN401 - any member of a record
    """Turn records into what JSON knows."""
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, float):
        # The only floats are confidences. Not-a-number, which JSON has not, compares false and becomes 0.
        return round(min(1.0, max(0.0, value)), 3)
    if isinstance(value, tuple):
        return [_simplify(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _simplify(getattr(value, name)) for name in _list_fields(type(value))}
    return value


@cache
def _list_fields(record: type) -> tuple[str, ...]:
    """List the fields of a record in order."""
    return tuple(field.name for field in fields(record))
