"""Writing JSON: the contract's order and shapes, whatever the text holds."""

from __future__ import annotations

import io
import json

import strategies
from hypothesis import given

from factx.facts import Article, Count, DateRef, Entity, Facts, Quote, Ref, Span, Speaker
from factx.sanitize import replace_surrogates
from factx.select import select_facts
from factx.write import facts_to_record, write_facts

TEXT = "Police said 12 people died on Friday. “We are sad,” Mayor Ann Lee said."


def make_facts(name: str = "quake", confidence: float = 0.87654) -> Facts:
    entity = Entity("e1", "PERSON", "Ann Lee", "Mayor", None, (Span(58, 65, "Ann Lee"),), 0.99)
    count = Count(
        kind="killed", low=12, high=12, qualifier="exact", text="12 people", start=12, end=21, who="people",
        subset=False, status="asserted", cue=Span(22, 26, "died"), source=Ref("Police", 0, 6, "e1"), place=None,
        date=DateRef("Friday", 30, 36, "2022-01-07"), confidence=confidence, rule="model",
    )  # fmt: skip
    quote = Quote(
        kind="direct", text="We are sad,", start=39, end=50, parts=(Span(39, 50, "We are sad,"),),
        cue=Span(66, 70, "said"), speaker=Speaker("Mayor Ann Lee", 52, 65, "Ann Lee", "e1"), nested=False,
        confidence=0.5, rule="marks",
    )  # fmt: skip
    article = Article(name, f"{name}.txt", TEXT, "Quake", "2022-01-10", "option", warnings=("a note",))
    return Facts(article, (entity,), (count,), (), (quote,))


def write(items: list[Facts], **options: object) -> str:
    stream = io.StringIO()
    write_facts(items, stream, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def test_order_and_values_are_the_contract() -> None:
    record = facts_to_record(make_facts())
    assert list(record) == [
        "schema", "id", "source", "title", "published", "published_from", "author", "site", "text", "entities",
        "counts", "dates", "quotes", "warnings",
    ]  # fmt: skip
    assert record["schema"] == "factx/1"
    assert record["warnings"] == ["a note"]
    assert record["entities"] == [
        {
            "id": "e1",
            "label": "PERSON",
            "name": "Ann Lee",
            "role": "Mayor",
            "country": None,
            "mentions": [{"start": 58, "end": 65, "text": "Ann Lee"}],
            "confidence": 0.99,
            "credit": False,
        }
    ]
    (count,) = record["counts"]
    assert count["confidence"] == 0.877
    assert count["source"] == {"text": "Police", "start": 0, "end": 6, "entity": "e1"}
    assert count["date"] == {"text": "Friday", "start": 30, "end": 36, "value": "2022-01-07"}
    assert list(record["quotes"][0]["speaker"]) == ["text", "start", "end", "name", "entity"]


def test_text_can_be_left_out() -> None:
    assert "text" not in facts_to_record(make_facts(), text=False)


def test_one_object_an_array_or_lines() -> None:
    one, two = make_facts("one"), make_facts("two")
    assert json.loads(write([one], single=True))["id"] == "one"
    assert [record["id"] for record in json.loads(write([one, two]))] == ["one", "two"]
    assert [record["id"] for record in json.loads(write([one]))] == ["one"]
    assert json.loads(write([])) == []
    lines = write([one, two], format="jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["one", "two"]


def test_letters_are_not_escaped() -> None:
    assert "“We are sad,”" in write([make_facts()], format="jsonl")


def test_confidence_is_a_number_between_0_and_1() -> None:
    for given_value, written in ((float("nan"), 0.0), (1.0000001, 1.0), (-0.1, 0.0), (0.12345, 0.123)):
        (count,) = facts_to_record(make_facts(confidence=given_value))["counts"]
        assert count["confidence"] == written


@given(strategies.facts())
def test_json_reads_back(facts: Facts) -> None:
    output = write([facts, facts], format="jsonl")
    output.encode()
    # Only line feeds end lines: "\u2028" and the like stand inside strings.
    first, second, rest = output.split("\n")
    record = json.loads(first)
    assert first == second
    assert not rest
    assert record == facts_to_record(facts)
    text = record["text"]
    assert text == replace_surrogates(facts.article.text)
    for found in (
        *record["counts"],
        *record["dates"],
        *(part for quote in record["quotes"] for part in quote["parts"]),
    ):
        assert text[found["start"] : found["end"]] == found["text"]


@given(strategies.facts())
def test_selection_leaves_no_id_that_points_nowhere(facts: Facts) -> None:
    for selected in (
        select_facts(facts, ("counts", "quotes")),
        select_facts(facts, min_confidence=0.5),
        select_facts(facts, ("quotes", "entities"), 0.9),
    ):
        known = {entity.id for entity in selected.entities} | {None}
        assert {
            reference.entity for count in selected.counts for reference in (count.source, count.place) if reference
        } <= known
        assert {quote.speaker.entity for quote in selected.quotes if quote.speaker} <= known


def test_selection_keeps_what_was_asked_for() -> None:
    facts = make_facts()
    assert select_facts(facts) == facts
    only_counts = select_facts(facts, ("counts",))
    assert (only_counts.entities, only_counts.quotes, len(only_counts.counts)) == ((), (), 1)
    assert only_counts.counts[0].source == Ref("Police", 0, 6, None)
    sure = select_facts(facts, min_confidence=0.6)
    assert (len(sure.entities), len(sure.counts), len(sure.quotes)) == (1, 1, 0)
