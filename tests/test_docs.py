"""README, help texts and the project's own scripts must not tell different things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import factx
from factx import cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEST_COMMAND = "pip install -e '.[dev]' && pytest"


def test_ci_runs_the_command_of_the_readme() -> None:
    assert f"    {TEST_COMMAND}\n" in README
    assert f"\n{TEST_COMMAND}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_first_command_names_a_sample() -> None:
    sample = re.search(r"^    pip install \. && factx extract (\S+)$", README, re.MULTILINE)
    assert sample
    assert (ROOT / sample[1]).is_file()


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(?<=\[)--?[a-z-]+", README))))
def test_options_of_the_readme_exist(option: str) -> None:
    result = CliRunner().invoke(cli.app, ["extract", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    assert re.search(rf"(^|[\s,]){re.escape(option)}\b", result.output)


def test_python_example_of_the_readme() -> None:
    facts = factx.extract_facts("Police said on Friday that 12 people were killed.", published="2022-01-10")
    speaker = facts.quotes[0].speaker
    assert speaker
    found = (facts.counts[0].low, facts.dates[0].value, speaker.text)
    assert f"# {found!r}\n" in README


def test_samples_are_listed() -> None:
    listed = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    assert all(path.name in listed for path in (ROOT / "samples").glob("*.txt"))


def test_word_lists_are_listed() -> None:
    lexicon = ROOT / "factx" / "lexicon"
    listed = (lexicon / "README.md").read_text(encoding="utf-8")
    assert all(f"| {path.name} |" in listed for path in [*lexicon.glob("*.csv"), *lexicon.glob("*.jsonl")])


def test_no_module_needs_the_training_environment() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "factx").rglob("*.py")]
    assert not any(
        re.search(r"^\s*(import|from) (torch|transformers|onnx)\b", source, re.MULTILINE) for source in sources
    )
