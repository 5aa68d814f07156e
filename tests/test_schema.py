"""The schema describes every member, and every output validates against it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import strategies
from hypothesis import given
from jsonschema import Draft202012Validator

from factx.facts import Article, Facts
from factx.schema import make_schema
from factx.write import facts_to_record


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(make_schema())


def test_schema_is_valid() -> None:
    Draft202012Validator.check_schema(make_schema())


def test_every_member_is_described() -> None:
    schema = make_schema()
    for record in (schema, *schema["$defs"].values()):
        assert record["description"]
        for name, member in record["properties"].items():
            assert member["description"], name


def test_members_stand_in_the_order_of_the_output() -> None:
    schema = make_schema()
    empty = facts_to_record(Facts(Article(id="a", source="a.txt", text="")))
    assert list(schema["properties"]) == list(empty)
    assert set(schema["required"]) == set(empty) - {"text"}
    assert list(schema["$defs"]["Count"]["properties"])[:4] == ["kind", "low", "high", "qualifier"]


@given(strategies.facts())
def test_every_output_validates(facts: Facts) -> None:
    validator = Draft202012Validator(make_schema())
    for text in (True, False):
        record = json.loads(json.dumps(facts_to_record(facts, text=text), allow_nan=False))
        validator.validate(record)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema"], "factx/2"),
        (["published"], "last week"),
        (["published_from"], "guess"),
        (["entities"], None),
        (["counts", 0, "kind"], "saved"),
        (["counts", 0, "low"], 1.5),
        (["counts", 0, "low"], -1),
        (["counts", 0, "source"], "police"),
        (["counts", 0, "confidence"], 1.1),
        (["counts", 0, "start"], -1),
    ],
)
def test_schema_refuses_what_is_wrong(validator: Draft202012Validator, path: list[Any], value: Any) -> None:
    count = {
        "kind": "killed", "low": 1, "high": 1, "qualifier": "exact", "text": "a man", "start": 0, "end": 5,
        "who": "man", "subset": False, "status": "asserted", "cue": None, "source": None, "place": None, "date": None,
        "confidence": 0.9, "rule": "model",
    }  # fmt: skip
    record = facts_to_record(Facts(Article(id="a", source="a.txt", text="a man died"))) | {"counts": [count]}
    validator.validate(record)
    record = copy.deepcopy(record)
    member: Any = record
    for step in path[:-1]:
        member = member[step]
    member[path[-1]] = value
    assert not validator.is_valid(record)
