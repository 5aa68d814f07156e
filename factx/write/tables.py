"""Facts as flat tables: one for the articles, one for each kind of fact, and one for the mentions of entities.

The columns follow from the records of `factx.facts`, so that a field added there is a column here: a plain field is one
column; a stretch of words ("cue", "source", "speaker" ...) is one column for each of its fields, named `cue_text`,
`cue_start` and so on; a list stays a list. Every table begins with `article`, the number of the article in its run, by
which the tables are joined; `entity` columns hold the ids of the table of entities, which are unique in an article.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from factx.facts import Article, Count, Date, Entity, Quote, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ColumnType = Literal["string", "integer", "number", "boolean", "day", "strings", "spans"]

TABLES = ("articles", "entities", "mentions", "counts", "dates", "quotes")
"""The names of the tables, in the order in which they are written."""

_RECORDS: dict[str, type] = {"articles": Article, "entities": Entity, "counts": Count, "dates": Date, "quotes": Quote}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, and where its values come from."""

    name: str
    """Its name."""
    type: ColumnType
    """What it holds; "day" is a calendar day, "spans" a list of stretches of the text."""
    path: tuple[str, ...]
    """The members of an article's or a fact's JSON object that lead to the value."""


@cache
def list_columns(table: str, *, text: bool = True) -> tuple[Column, ...]:
    """List the columns of a table.

    >>> [column.name for column in list_columns("mentions")]
    ['article', 'entity', 'start', 'end', 'text']

    Args:
        table: One of `TABLES`.
        text: Whether the table of articles holds their text.
    """
    number = Column("article", "integer", ("article",))
    if table == "mentions":
        return (number, Column("entity", "string", ("entity",)), *_flatten(Span))
    columns = [number, *_flatten(_RECORDS[table])]
    if table == "articles" and not text:
        columns = [column for column in columns if column.name != "text"]
    if table == "entities":  # they have a table of their own; how many there are is what one often asks
        columns = [
            Column("entity" if column.name == "id" else column.name, column.type, column.path)
            if column.name != "mentions"
            else Column("mentions", "integer", ("mention_count",))
            for column in columns
        ]
    return tuple(columns)


def make_rows(record: Mapping[str, Any], number: int) -> dict[str, list[list[Any]]]:
    """Make the rows of one article.

    Args:
        record: The article's JSON object, as `facts_to_record` makes it, with or without its text.
        number: The number of the article.

    Returns:
        For each table its rows, each with a value for every column of `list_columns`.
    """
    facts: dict[str, Iterable[Mapping[str, Any]]] = {
        "articles": [record],
        "entities": [{**entity, "mention_count": len(entity["mentions"])} for entity in record["entities"]],
        "mentions": [
            {**mention, "entity": entity["id"]} for entity in record["entities"] for mention in entity["mentions"]
        ],
        **{kind: record[kind] for kind in ("counts", "dates", "quotes")},
    }
    text = "text" in record
    return {
        table: [
            [
                number if column.name == "article" else _get(fact, column.path)
                for column in list_columns(table, text=text)
            ]
            for fact in facts[table]
        ]
        for table in TABLES
    }


def _get(fact: Mapping[str, Any], path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any value of a record
    value: Any = fact
    for step in path:
        if value is None:
            return None
        value = value[step]
    return value


def _flatten(record: type, prefix: tuple[str, ...] = ()) -> list[Column]:
    """Make the columns of a record."""
    columns: list[Column] = []
    hints = get_type_hints(record)
    for field in fields(record):
        path = (*prefix, field.name)
        hint = _leave_out_none(hints[field.name])
        if is_dataclass(hint) and isinstance(hint, type):
            columns += _flatten(hint, path)
        else:
            columns.append(Column("_".join(path), _tell_type(hint, field.name), path))
    return columns


def _leave_out_none(hint: Any) -> Any:  # noqa: ANN401 - a type, which has no type of its own
    if get_origin(hint) in (types.UnionType, Union):
        return next(part for part in get_args(hint) if part is not types.NoneType)
    return hint


def _tell_type(hint: Any, name: str) -> ColumnType:  # noqa: ANN401 - the same
    if get_origin(hint) is tuple:
        return "spans" if get_args(hint)[0] is Span else "strings"
    if name == "published":
        return "day"
    plain: dict[Any, ColumnType] = {int: "integer", float: "number", bool: "boolean"}
    return plain.get(hint, "string")
