"""The report's data and page, without a browser: nothing lost, nothing that could run, offsets that fit."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import strategies
from hostile import make_hostile_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import make_articles
from typer.testing import CliRunner

from factx import cli
from factx.facts import Article, Count, DateRef, Facts, Ref
from factx.report import write_report
from factx.report.data import clean_text, make_report_data
from factx.report.differences import find_differences
from factx.sanitize import make_harmless
from factx.write import write_facts
from factx.write.templating import hash_source

COUNT = Count("killed", 5, 5, "exact", "five", 0, 4, None, False, "asserted", None, None, None, None, 0.9, "model")


def render(*facts: Facts, title: str = "News") -> str:
    stream = io.StringIO()
    assert write_report(facts, stream, title=title) == len(facts)
    return stream.getvalue()


def data_of(source: str, id: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{id}">(.*?)</script>', source, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def slice16(text: str, start: int, end: int) -> str:
    """Slice as JavaScript does."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_data_hold_every_fact() -> None:
    articles = list(make_articles(5))
    index, details = make_report_data(articles)
    for facts, row, detail in zip(articles, index["articles"], details, strict=True):
        assert detail["text"] == facts.article.text
        assert sorted(row["order"]) == [0, 1]
        first, start, end, last = row["counts"][0][-1]
        assert detail["text"][start:end] == facts.counts[0].text
        assert detail["text"][first:last].endswith(".")
        assert [index["names"][name][0] for name, _, _ in row["names"]] == [entity.name for entity in facts.entities]
        assert {index["names"][name][0] for name, _ in row["speakers"]} == {
            quote.speaker.name for quote in facts.quotes if quote.speaker
        }
        assert len(detail["marks"]) == 10
    names = [tuple(name[:2]) for name in index["names"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("number", range(3))
def test_facts_without_text_make_a_page(number: int) -> None:
    """As `factx extract --no-text` writes them: offsets lead nowhere, facts are all there."""
    facts = list(make_articles(3))[number]
    bare = replace(facts, article=replace(facts.article, text=""))
    index, (detail,) = make_report_data([bare])
    assert [count[-1] for count in index["articles"][0]["counts"]] == [[]] * len(facts.counts)
    assert (detail["text"], detail["marks"]) == ("", [])
    assert facts.article.id in render(bare)


@given(strategies.facts())
def test_offsets_fit_the_harmless_text(facts: Facts) -> None:
    index, (detail,) = make_report_data([facts])
    json.dumps([index, detail], allow_nan=False).encode()
    size = len(detail["text"].encode("utf-16-le")) // 2
    for start, end, *_ in detail["marks"]:
        assert 0 <= start <= end <= size
    (row,) = index["articles"]
    for number, count in enumerate(facts.counts):
        first, start, end, last = row["counts"][number][-1]
        assert 0 <= first <= start <= end <= last <= size
        assert slice16(detail["text"], start, end) == "\n".join(map(make_harmless, count.text.split("\n")))
    assert sorted(row["order"]) == list(range(len(facts.counts)))


@given(st.text(alphabet="ab\n\t\x1b\u202e\ufeff👩é\u2028", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_clean_text_and_offsets_agree(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    clean, find = clean_text(text)
    assert slice16(clean, find(start), find(end)) == clean_text(text[start:end])[0]


def test_page_is_whole_and_names_its_script_by_its_hash() -> None:
    source = render(*make_articles(2), title="<b>News</b>")
    assert "<title>&lt;b&gt;News&lt;/b&gt;</title>" in source
    scripts = re.findall(r"<script>(.*?)</script>", source, re.DOTALL)
    assert len(scripts) == 1
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', source)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; ")
    assert f"script-src '{hash_source(scripts[0])}'" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", source)
    # Words of articles never become markup.
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", scripts[0])


def test_attacks_stay_inside_the_data() -> None:
    source = render(make_hostile_facts(), title="</title><script>")
    source.encode()
    assert source.count("<script") == source.count("</script>") == 3
    assert "window.ran" in json.dumps(data_of(source, "index"))
    for id in ("index", "details"):
        block = re.search(rf'id="{id}">(.*?)</script>', source, re.DOTALL)
        assert block is not None
        assert not re.search("[<>&\u2028\u2029\u202e\x00-\x08\x1b]", block[1])


@settings(max_examples=15)
@given(st.lists(strategies.facts(), max_size=2))
def test_any_facts_make_a_page(facts: list[Facts]) -> None:
    source = render(*facts)
    source.encode()
    assert len(data_of(source, "index")["articles"]) == len(data_of(source, "details")) == len(facts)


def tell(number: int, day: str | None = "2031-03-01", **changes: Any) -> Facts:
    article = Article(f"a{number}", "a.txt", "five were killed in Sanvik", published=day, published_from="record")
    count = replace(COUNT, low=number, high=number, place=Ref("Sanvik", 20, 26), source=Ref("police", 0, 4))
    return Facts(article, counts=(replace(count, **changes),))


@pytest.mark.parametrize(
    ("articles", "groups"),
    [
        ([tell(5), tell(7)], [2]),
        ([tell(5), tell(5)], []),
        # Bounds that both hold do not contradict.
        ([tell(5, high=None), tell(7)], []),
        ([tell(5, low=None), tell(7)], [2]),
        ([tell(5), tell(7), tell(5)], [3]),
        ([tell(5), tell(7, kind="injured")], []),
        ([tell(5), tell(7, place=Ref("Ordale", 20, 26))], []),
        ([tell(5), tell(7, place=Ref("SANVIK", 20, 26))], [2]),
        ([tell(5), tell(7, status="possible")], []),
        ([tell(5), tell(7, "2031-03-04")], [2]),
        ([tell(5), tell(7, "2031-03-05")], []),
        # What the count itself dates is held against what it dates, not the days of publication.
        ([tell(5), tell(7, "2031-09-01", date=DateRef("then", 0, 4, "2031-03-01"))], [2]),
        # A chain of days is not one event for ever.
        ([tell(number, f"2031-03-{3 * number + 1:02d}") for number in range(5)], [3, 2]),
        ([tell(5, None), tell(7, None)], [2]),
        ([tell(5, place=None), tell(7, place=None)], []),
        ([], []),
    ],
)
def test_figures_that_exclude_each_other_are_found(articles: list[Facts], groups: list[int]) -> None:
    assert [len(difference.told) for difference in find_differences(articles)] == groups


def test_two_sources_of_one_article_are_held_against_each_other() -> None:
    counts = (
        replace(COUNT, source=Ref("police", 0, 4)),
        replace(COUNT, low=9, high=9, start=10, end=14, source=Ref("the Red Crescent", 5, 9)),
    )
    facts = Facts(Article("a", "a.txt", "five or nine were killed"), counts=counts)
    (difference,) = find_differences([tell(3), facts])
    assert (difference.kind, difference.place) == ("killed", None)
    assert [(told.article, told.count) for told in difference.told] == [(1, 0), (1, 1)]


@pytest.fixture
def facts_file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        write_facts(make_articles(3), stream, "jsonl")
    return path


def test_the_command_writes_a_page(facts_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    result = CliRunner().invoke(cli.app, ["report", str(facts_file), "-o", str(output), "--title", "Flood"])
    assert (result.exit_code, result.output) == (0, "")
    page = output.read_text(encoding="utf-8")
    assert len(data_of(page, "index")["articles"]) == 3
    assert "<title>Flood</title>" in page
    # Standard output will do as well.
    assert CliRunner().invoke(cli.app, ["report", str(facts_file), "--title", "Flood"]).stdout == page


@pytest.mark.parametrize(
    ("content", "code", "message", "written"),
    [
        ("{}\n", 1, 'line 1: "schema" is not "factx/1"', False),
        ("", 1, "no facts of any article found", False),
        ("half", 1, "line 1: not JSON", False),
        ("KEEP{}\n", 1, 'line 4: "schema" is not "factx/1"', True),
    ],
)
def test_what_cannot_be_read_is_told(content: str, code: int, message: str, written: Any, facts_file: Path) -> None:
    keep = facts_file.read_text(encoding="utf-8")
    facts_file.write_text(content.replace("KEEP", keep), encoding="utf-8")
    output = facts_file.with_name("report.html")
    result = CliRunner().invoke(cli.app, ["report", str(facts_file), "-o", str(output)])
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert output.exists() == written


def test_an_input_is_not_overwritten(facts_file: Path) -> None:
    before = facts_file.read_bytes()
    result = CliRunner().invoke(cli.app, ["report", str(facts_file), "-o", str(facts_file)])
    assert result.exit_code == 2
    assert facts_file.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "begin"),
    [
        (["-o", "facts.csv"], "article,source,title"),
        (["-o", "facts.html"], "<!DOCTYPE html>"),
        (["-o", "facts.out", "-f", "csv", "--only", "dates"], "article,source,title"),
    ],
)
def test_extract_writes_what_the_ending_or_the_option_says(arguments: list[str], begin: str, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("Police said 12 people were killed in Kabul on Friday.\n", encoding="utf-8")
    output = tmp_path / arguments[1]
    result = CliRunner().invoke(cli.app, ["extract", str(story), "-o", str(output), *arguments[2:]])
    assert (result.exit_code, result.output) == (0, "")
    written = output.read_text(encoding="utf-8")
    assert written.startswith(begin)
    assert ("12 people" in written) == ("--only" not in arguments or "people were killed" in written)
