"""The JSON Schema of what factx prints, made from the records themselves: types, choices and descriptions."""

from __future__ import annotations

import ast
import inspect
import types
from dataclasses import fields
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from factx import facts
from factx.facts import SCHEMA, Article, Count, Date, DateRef, Entity, Facts, Quote, Ref, Span, Speaker

_RECORDS = (Span, Ref, DateRef, Entity, Count, Date, Speaker, Quote)
_DAY_PATTERN = r"^\d{4}-\d{2}-\d{2}$"

# What the types of Python cannot say: {record: {field: keywords}}.
_BOUNDS: dict[str, dict[str, dict[str, Any]]] = {
    "Article": {"published": {"pattern": _DAY_PATTERN}},
    "Count": {"low": {"minimum": 0}, "high": {"minimum": 0}},
    "Entity": {"country": {"pattern": "^[A-Z]{2}$"}, "mentions": {"minItems": 1}},
    "Quote": {"parts": {"minItems": 1}},
}


@cache
def make_schema() -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of one article.

    Returns:
        A schema that holds every record under "$defs". "json" output of several articles is an array of these objects,
        "jsonl" output one a line. Members may be added later, so unknown ones are allowed.
    """
    article = _describe_members(Article)
    found = _describe_members(Facts)
    del found["article"]
    warnings = article.pop("warnings")
    properties = {
        "schema": {"const": SCHEMA, "description": "Name and version of this format."},
        **article,
        **found,
        "warnings": warnings,
    }
    # "text" comes where the contract has it, before the facts, and alone may be left out (--no-text).
    order = [
        "schema",
        "id",
        "source",
        "title",
        "published",
        "published_from",
        "author",
        "site",
        "text",
        *found,
        "warnings",
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": (
            "The facts of one news article. Offsets count Unicode code points of `text` and are half-open; "
            "lists are in text order."
        ),
        "type": "object",
        "properties": {name: properties[name] for name in order},
        "required": [name for name in order if name != "text"],
        "$defs": {record.__name__: _describe_record(record) for record in _RECORDS},
    }


def _describe_record(record: type) -> dict[str, Any]:
    """Make the schema of a record."""
    members = _describe_members(record)
    return {
        "description": inspect.getdoc(record),
        "type": "object",
        "properties": members,
        "required": list(members),
    }


def _describe_members(record: type) -> dict[str, dict[str, Any]]:
    """Make the schemas of a record's fields, each with the string under it as its description."""
    hints = get_type_hints(record)
    texts = _read_descriptions()[record.__name__]
    bounds = _BOUNDS.get(record.__name__, {})
    return {
        field.name: {
            **_describe_type(hints[field.name]),
            **({"minimum": 0} if field.name in ("start", "end") else {}),
            **bounds.get(field.name, {}),
            "description": texts[field.name],
        }
        for field in fields(record)
    }


def _describe_type(hint: Any) -> dict[str, Any]:  # noqa: ANN401 - a type, which has no type of its own
    """Make the schema of a type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        return _allow_null(_describe_type(next(part for part in arguments if part is not types.NoneType)))
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _describe_type(arguments[0])}
    if hint in _RECORDS:
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if hint is float:
        return {"type": "number", "minimum": 0, "maximum": 1}
    return {"type": {str: "string", int: "integer", bool: "boolean", Article: "object"}[hint]}


def _allow_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow null beside what a schema allows."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    if "enum" in schema:
        return {"type": ["string", "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _read_descriptions() -> dict[str, dict[str, str]]:
    """Read the strings under the fields, which Python drops, from the source of the records."""
    tree = ast.parse(inspect.getsource(facts))
    return {
        node.name: {
            field.target.id: inspect.cleandoc(text.value.value)
            for field, text in zip(node.body, node.body[1:], strict=False)
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        }
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
