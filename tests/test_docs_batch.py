"""The questions of docs/batch.md are asked to DuckDB, and its options exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from typer.testing import CliRunner

import factx
from factx import cli
from factx.batch.outputs import make_format
from factx.facts import Article

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "batch.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)

ARTICLES = (
    ("kenya", "2024-03-05", "NAIROBI, Kenya - A bus crash in Kenya killed 24 people on Tuesday, police said."),
    (
        "more",
        "2024-03-06",
        "Floods killed 3 people in Kenya, officials said. “The river took all,” said Amina Odhiambo.",
    ),
    ("france", "2024-04-01", "A fire killed 5 people in France, police said. “It was quick,” Amina Odhiambo said."),
    (
        "tolls",
        "2024-04-02",
        "Police said 12 people were killed in the clashes in Egypt. The opposition said 40 people were killed.",
    ),
)


@pytest.fixture(scope="module")
def answers(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple[Any, ...]]]:
    """Ask all questions of the page over a few articles."""
    articles = [Article(id, f"{id}.txt", text, published=day, published_from="record") for id, day, text in ARTICLES]
    folder = tmp_path_factory.mktemp("facts.parquet")
    format_ = make_format("parquet", text=True)
    streams = {member: (folder / name).open("wb") for member, name in format_.files.items()}
    format_.join([format_.pack(list(enumerate(factx.pipe(articles, nlp=nlp), start=1)))], streams)
    for stream in streams.values():
        stream.close()
    return [duckdb.sql(question.replace("facts.parquet/", f"{folder}/")).fetchall() for question in QUESTIONS]


def test_deaths_by_country_and_month(answers: list[list[tuple[Any, ...]]]) -> None:
    assert {("KE", "2024-03", 2, 27), ("FR", "2024-04", 1, 5)} <= set(answers[0])


def test_conflicting_tolls(answers: list[list[tuple[Any, ...]]]) -> None:
    assert [(row[0], row[1]) for row in answers[1]] == [("tolls", "killed")]


def test_who_was_quoted_most(answers: list[list[tuple[Any, ...]]]) -> None:
    assert ("Amina Odhiambo", 2, 2) in answers[2]


@pytest.mark.parametrize(
    "option",
    sorted(set(re.findall(r"(?<=[ `(])--[a-z][a-z-]+", PAGE)) - {"--scheduler-file", "--nworkers", "--nthreads"}),
)
def test_options_of_the_page_exist(option: str) -> None:
    result = CliRunner().invoke(cli.app, ["batch", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    assert re.search(rf"(^|[\s,]){re.escape(option)}\b", result.output)
