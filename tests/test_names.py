"""Names: credits and datelines, the table of heads, and the benchmark of grouping."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from marked_text import NLP, read_marks
from spacy.tokens import Span

from factx.extract.credits import find_credits
from factx.extract.entities import find_entities
from factx.extract.mentions import LABELS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("text", "credited"),
    [
        ("Rain\n\nBy Eva Strand in Oslo\n\nIt rained.", ["By Eva Strand in Oslo"]),
        ("By Monday the rain had stopped.", []),
        ("By the river Eva Strand waited", []),
        ("OSLO, Norway, March 4 (Reuters) - It rained.", ["(Reuters)"]),
        ("OSLO (AP) — It rained (a lot) — and snowed.", ["(AP)"]),
        ("Oslo (AFP) - It rained.", ["(AFP)"]),
        ("It rained (Reuters said so).", []),
        ("(Photo: Eva Strand/Reuters)", ["(Photo: Eva Strand/Reuters)"]),
        ("Photograph: Eva Strand/AFP", ["Photograph: Eva Strand/AFP"]),
        ("The photo by Eva Strand won.", []),
        ("Reporting by Eva Strand; Editing by Ali Azimi", ["Reporting by Eva Strand; Editing by Ali Azimi"]),
        ("Eva Strand in Oslo contributed to this report.", ["Eva Strand in Oslo contributed to this report."]),
        ("", []),
    ],
)
def test_credits(text: str, credited: list[str]) -> None:
    assert [text[start:end] for start, end in find_credits(text)] == credited


@pytest.mark.parametrize(
    ("marked", "flagged"),
    [
        ("By [Eva Strand|PERSON]\n\nMayor [Ali Azimi|PERSON] left.", [True, False]),
        ("By [Eva Strand|PERSON]\n\n[Eva Strand|PERSON] left.", [False]),
        ("By [Eva Strand|PERSON] in [Oslo|GPE]\n\nIt rained.", [True, False]),
        ("OSLO ([Reuters|ORG]) - It rained.", [False, True]),
    ],
)
def test_who_is_named_in_credits_alone_is_flagged(marked: str, flagged: list[bool]) -> None:
    """Places of bylines and datelines are where it happened, and never flagged."""
    assert [entity.credit for entity in find_entities(read_marks(marked)[0])] == flagged


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('"Reed, Ann (Law)" <ann.reed@firm.example> wrote.', ["Reed, Ann"]),
        ('Email: "Sam Ode"<sam...@firm.example>', ["Sam Ode"]),
        ('"Ann B. Reed" < ann@firm.example >', ["Ann B. Reed"]),
        ('"The Cat Album" <cats@firm.example>', []),
        ('He said "Reed" <and left>.', []),
    ],
)
def test_people_before_their_mail_addresses(text: str, names: list[str]) -> None:
    assert [(entity.name, entity.label) for entity in find_entities(NLP(text))] == [(name, "PERSON") for name in names]


def test_a_body_that_is_sure_sends_its_own_mail() -> None:
    doc = NLP('"Harbour Trust" <news@trust.example>')
    doc.ents = [Span(doc, 1, 3, "ORG")]
    assert [entity.label for entity in find_entities(doc)] == ["ORG"]


def test_every_head_says_what_it_decides() -> None:
    with (ROOT / "factx" / "lexicon" / "name_heads.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(row["words"], row["place"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        assert row["place"] in ("last", "first", "whole", "before", "behind", "next", "prefix")
        assert {row["label"]} <= LABELS | {""}
        assert set(row["over"].split()) <= LABELS
        assert row["label"] not in row["over"].split()


def test_settled_names_stand_once() -> None:
    with (ROOT / "factx" / "lexicon" / "settled_labels.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"].lower() for row in csv.DictReader(file)]
    assert len(set(names)) == len(names)


@pytest.fixture(scope="module")
def grouping() -> ModuleType:
    spec = importlib.util.spec_from_file_location("grouping", ROOT / "benchmarks" / "grouping.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("the University of Oslo, which", "the University of Oslo"),
        ("US Secretary of State Antony Blinken", "US Secretary of State Antony Blinken"),
        ("Tokayev's", "Tokayev"),
        ("the mayor of Oslo", None),
        ("Oslo's mayor", None),
        ("He", None),
        ("the old man", None),
        ("", None),
    ],
)
def test_heads_of_gold_mentions(grouping: ModuleType, text: str, head: str | None) -> None:
    end = grouping.name_head(text)
    assert (None if end is None else text[: end + 1]) == head


@pytest.mark.parametrize(
    ("entities", "precision", "recall"),
    [
        ([["Ann Lee", "Lee"], ["Oslo"]], 1.0, 1.0),
        ([["Ann Lee"], ["Lee"], ["Oslo"]], 1.0, 2 / 3),
        ([["Ann Lee", "Lee", "Oslo"]], 5 / 9, 1.0),
    ],
)
def test_grouping_scores(grouping: ModuleType, entities: list[list[str]], precision: float, recall: float) -> None:
    """Right, split and merged: B-cubed by hand."""
    text = "Ann Lee came. Then Lee left Oslo."
    article = {
        "id": "a",
        "text": text,
        "clusters": [[[0, 7], [19, 22]], [[28, 32]]],
        "cluster_types": ["person", "place"],
    }
    spans = {"Ann Lee": (0, 7), "Lee": (19, 22), "Oslo": (28, 32)}
    facts = SimpleNamespace(
        entities=[
            SimpleNamespace(
                id=str(number), mentions=[SimpleNamespace(start=spans[n][0], end=spans[n][1]) for n in names]
            )
            for number, names in enumerate(entities)
        ]
    )
    gold = grouping.gold_mentions(article)
    found = grouping.factx_mentions(facts, gold)
    assert grouping.b_cubed(found, gold, found) == pytest.approx(precision)
    assert grouping.b_cubed(gold, found, gold) == pytest.approx(recall)


def test_articles_of_a_file_can_be_limited(grouping: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": number}) + "\n" for number in range(3)), "utf-8")
    assert [article["id"] for article in grouping.read_articles(f"{path}:2")] == [0, 1]
    assert len(grouping.read_articles(str(path))) == 3
