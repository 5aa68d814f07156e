"""The whole way from text to facts with the shipped pipeline: what holds for any text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import strategies
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from spacy.language import Language

import factx
from factx.facts import Article, Facts
from factx.schema import make_schema
from factx.select import FACT_KINDS
from factx.write import facts_to_record

VALIDATOR = Draft202012Validator(make_schema())
STORY = (
    "ODEN CITY, March 3 (Agency) - A blast killed at least 12 people on Tuesday, police said.\n\n"
    "“We heard two bangs,” said Mira Holt, a baker. She added that 30 neighbours were hurt."
)


def find_stretches(value: Any) -> Iterator[dict[str, Any]]:
    """Walk through a record and give whatever has a start, an end and a text."""
    if isinstance(value, dict):
        # A quote of several parts has their words, not all that stands between its ends.
        if "start" in value and not len(value.get("parts", ())) > 1:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from find_stretches(item)


def check(facts: Facts, text: str) -> dict[str, Any]:
    """Hold facts to the contract."""
    assert facts.article.text == text
    record: dict[str, Any] = json.loads(json.dumps(facts_to_record(facts), allow_nan=False))
    VALIDATOR.validate(record)
    shown = record["text"]
    for stretch in find_stretches([record[kind] for kind in FACT_KINDS]):
        assert 0 <= stretch["start"] < stretch["end"] <= len(text)
        assert shown[stretch["start"] : stretch["end"]] == stretch["text"]
    known = {entity["id"] for entity in record["entities"]} | {None}
    for kind in ("counts", "dates", "quotes"):
        starts = [fact["start"] for fact in record[kind]]
        assert starts == sorted(starts)
    for reference in find_stretches([record["counts"], record["quotes"]]):
        assert reference.get("entity") in known
    for quote in record["quotes"]:
        assert quote["text"] == " ".join(part["text"] for part in quote["parts"])
        assert (quote["start"], quote["end"]) == (quote["parts"][0]["start"], quote["parts"][-1]["end"])
    return record


@given(strategies.news_text | strategies.broken_text | strategies.hostile_text, st.none() | strategies.days)
@example("", None)
@example("\n", None)
@example("\x00", None)
@example("“" * 40, None)
@example("1" * 500, "0001-01-01")
@example("0001-01-01 yesterday, a million years ago", "9999-12-31")
@example("x" * 3_000, None)
@example("\ud800 said 12 people died", None)
def test_any_text_gives_facts_that_keep_the_contract(nlp: Language, text: str, published: str | None) -> None:
    check(factx.extract_facts(text, published, nlp=nlp), text)


def test_a_story_has_its_facts(nlp: Language) -> None:
    record = check(factx.extract_facts(STORY, nlp=nlp), STORY)
    assert {(count["kind"], count["low"], count["high"]) for count in record["counts"]} >= {("killed", 12, None)}
    assert "We heard two bangs" in {quote["text"].rstrip(",") for quote in record["quotes"]}
    assert {"Mira Holt"} <= {entity["name"] for entity in record["entities"]}


def test_order_and_company_never_change_the_facts(nlp: Language) -> None:
    texts = [STORY, "Two men were arrested.", STORY.replace("Holt", "Stone") * 4, "No one was hurt, he said.", ""]
    articles = [Article(str(number), "a.txt", text) for number, text in enumerate(texts)]
    alone = {article.id: next(factx.pipe([article], nlp=nlp)) for article in articles}
    together = {facts.article.id: facts for facts in factx.pipe(articles, nlp=nlp)}
    backwards = {facts.article.id: facts for facts in factx.pipe(reversed(articles), nlp=nlp)}
    assert alone == together == backwards


@pytest.mark.parametrize(
    "text",
    [
        "Police said 12 people died. " * 500,
        "word " * 2_500,
        "“" + "He said no. " * 500,
        '"a" ' * 1_200,
        "12 and " * 1_200,
        "x" * 50_000,
        "Ann Lee, " * 800,
        "\n" * 50_000,
    ],
    ids=["sentences", "no stops", "open mark", "marks", "numbers", "one word", "names", "blank lines"],
)
def test_long_texts_take_no_more_than_their_share(nlp: Language, text: str) -> None:
    begin = time.process_time()
    check(factx.extract_facts(text, "2022-01-10", nlp=nlp), text)
    # Ten times what the encoder needs would be a loop within a loop; slow machines are given their time.
    assert time.process_time() - begin < 30
