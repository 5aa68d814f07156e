"""README, docs, help texts and the project's own scripts must not tell different things.

What is made in the pages (outputs, tables, the picture) must be what `python docs/update.py` would write.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from pathlib import Path

import pytest
import update
from typer.main import get_command
from typer.testing import CliRunner

from factx import cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TEST_COMMAND = "pip install -e '.[dev]' && pytest"


def test_ci_runs_the_command_of_the_readme() -> None:
    assert f"    {TEST_COMMAND}\n" in README
    assert f"    {TEST_COMMAND}\n" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"\n{TEST_COMMAND}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_first_command_names_a_sample() -> None:
    sample = re.search(r"^    pip install \. && factx extract (\S+)$", README, re.MULTILINE)
    assert sample
    with update.among_samples():
        facts = json.loads(update.run_command(f"factx extract {sample[1]}"))
    assert facts["entities"]
    assert facts["counts"]
    assert facts["dates"]
    assert facts["quotes"]


SAMPLES = {path.stem for path in (ROOT / "samples").glob("*.txt")}


def _ids_of_the_report(path: Path) -> set[str]:
    data = re.findall(r'<script type="application/json" id="index">(.*?)</script>', path.read_text(encoding="utf-8"))
    return {article["id"] for article in json.loads(data[0])["articles"]}


def _ids_of_lines(path: Path) -> set[str]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    return {json.loads(line)["id"] for line in text.splitlines()}


def _ids_of_tables(folder: Path) -> set[str]:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert all(parquet.read_table(folder / f"{name}.parquet").num_rows for name in ("counts", "dates", "quotes"))
    return set(parquet.read_table(folder / "articles.parquet")["id"].to_pylist())


# What the commands of each page leave behind, and how to read which articles it holds: all the samples.
WRITTEN = {
    "README.md": {
        "facts.jsonl": _ids_of_lines,
        "report.html": _ids_of_the_report,
        "facts.parquet": _ids_of_tables,
    },
    "batch.md": {
        "facts.jsonl": _ids_of_lines,
        "facts.jsonl.gz": _ids_of_lines,
        "facts.parquet": _ids_of_tables,
    },
}


@pytest.mark.parametrize("page", update.PAGES, ids=lambda page: page.name)
def test_page_is_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if lacking := update.missing_tools(text):
        pytest.skip(f"not installed: {', '.join(sorted(lacking))}")
    with update.among_samples():
        assert text == update.update_here(text), "run python docs/update.py and look at the diff"
        for name, read in WRITTEN.get(page.name, {}).items():
            assert read(Path(name)) == SAMPLES, name


# How many blocks of code each page may hold that no test runs: installing, the tests themselves, a network, a cluster.
UNRUN = {
    "README.md": 2,
    "CONTRIBUTING.md": 1,
    "docs/batch.md": 2,
    "docs/training.md": 1,
    "samples/gold/README.md": 1,
    "benchmarks/peers/README.md": 1,
    "models/en_factx_news/README.md": 3,
}
ALL_PAGES = sorted({*update.PAGES, *ROOT.glob("*.md"), *(ROOT / name for name in UNRUN)})


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_is_not_run_says_why(page: Path) -> None:
    unrun = update.find_unrun(page.read_text(encoding="utf-8"))
    assert [block for block, reason in unrun if not reason] == []
    assert len(unrun) == UNRUN.get(page.relative_to(ROOT).as_posix(), 0)


UNRUN_BLOCKS = [
    ("Text\n\n    factx --help\n    factx schema\n", [("factx --help", "")]),
    ("<!-- not run: no net -->\n\n    pip install x\n\nText\n\n    ls\n", [("pip install x", "no net"), ("ls", "")]),
    ("<!-- not run: no net -->\n\nText\n\n    ls\n", [("ls", "")]),
    ("```sh\nls\n\n    x\n```\n", [("ls", "")]),
    ("<!-- not run: slow -->\n\n```python\nimport x\nx.run()\n```\n", [("import x", "slow")]),
    ("```sql\nselect 1;\n```\n", [("select 1;", "")]),
    ("```console\n$ ls\n\n    x\n```\n\n```pycon\n>>> 1\n1\n```\n\n```sql\n-- one.sql\nselect 1;\n```\n", []),
    ("- an item\n    that goes on\n", []),
]


@pytest.mark.parametrize(("page", "found"), UNRUN_BLOCKS)
def test_blocks_that_are_not_run_are_found(page: str, found: list[tuple[str, str]]) -> None:
    assert update.find_unrun(page) == found


STALE = [
    (
        "```console\n$ echo one\nstale\n\n$ echo 2 \\\n  3\n```\n",
        "```console\n$ echo one\none\n\n$ echo 2 \\\n  3\n2 3\n```\n",
    ),
    (
        "```console\n$ factx --version > v\n$ cut -c 1-5 v\n```\n",
        "```console\n$ factx --version > v\n\n$ cut -c 1-5 v\nfactx\n```\n",
    ),
    # What a run tells of its own speed stays as it was, and so does nothing else.
    (
        "```console\n$ echo 2 articles, 1.5 s, 9.9 articles a second\n2 articles, 3.5 s, 4.2 articles a second\n```\n",
        "```console\n$ echo 2 articles, 1.5 s, 9.9 articles a second\n2 articles, 3.5 s, 4.2 articles a second\n```\n",
    ),
    (
        "```console\n$ echo 2 articles, 1.5 s\n3 articles, 3.5 s\n```\n",
        "```console\n$ echo 2 articles, 1.5 s\n2 articles, 1.5 s\n```\n",
    ),
    (
        "```sql\n-- one.sql\nselect 1;\n```\n\n```console\n$ cut -c 1-4 one.sql\n```\n",
        "```sql\n-- one.sql\nselect 1;\n```\n\n```console\n$ cut -c 1-4 one.sql\n-- o\nsele\n```\n",
    ),
    ("x\n```pycon\n>>> 1 + 1\n3\n```\n", "x\n```pycon\n>>> 1 + 1\n2\n```\n"),
    (
        "x\n```pycon\n>>> for i in (1, 2):\n...     print(i)\n```\n",
        "x\n```pycon\n>>> for i in (1, 2):\n...     print(i)\n1\n2\n```\n",
    ),
    (
        "<!-- begin scores -->\nold\n<!-- end scores -->\n",
        f"<!-- begin scores -->\n\n{update.make_scores()}\n\n<!-- end scores -->\n",
    ),
]


@pytest.mark.parametrize(("page", "fresh"), STALE)
def test_stale_parts_are_made_anew(page: str, fresh: str) -> None:
    assert update.update(page) == fresh


@pytest.mark.parametrize("page", ["```console\n$ factx extract nowhere.txt\n```\n", "```console\n$ false | cat\n```\n"])
def test_a_command_that_fails_fails_the_page(page: str) -> None:
    with pytest.raises(RuntimeError):
        update.update(page)


def test_programs_that_are_not_there_are_named() -> None:
    page = "```console\n$ factx --help | no-such-program 'a | b'\n```\n"
    assert update.missing_tools(page) == {"no-such-program"}


def _commands() -> dict[str, set[str]]:
    """The commands of factx with their options."""
    group = get_command(cli.app)
    return {
        name: {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("page", [*update.PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_commands_and_options_of_the_pages_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = re.findall(r"^(?:    |\$ ).*$", text, re.MULTILINE) + re.findall(r"`(factx [^`]+)`", text)
    commands = _commands()
    for line in blocks:
        for name, rest in re.findall(r"\bfactx ([a-z]+)\b([^|;&>]*)", line):
            assert name in commands, line
            used = set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest))
            assert used <= commands[name] | {"--help", "-h"}, line


def test_exit_codes_are_those_of_the_help() -> None:
    told = CliRunner().invoke(cli.app, ["--help"], env={"COLUMNS": "200"}).output
    for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE):
        assert re.search(rf"\b{code}\b", told.partition("Exit codes:")[2])


@pytest.mark.parametrize("page", [*update.PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", text) + re.findall(r'src="(?!https?://)([^"]+)"', text)
    assert [target for target in targets if not _leads_somewhere(page.parent / target)] == []


def _leads_somewhere(path: Path) -> bool:
    """A table that a script of benchmarks/ writes need not be there before it has run."""
    written = path.suffix == ".md" and path.resolve().parent == ROOT / "benchmarks"
    return path.exists() or (written and path.with_suffix(".py").exists())


def test_samples_are_listed() -> None:
    listed = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    assert all(path.name in listed for path in (ROOT / "samples").glob("*.txt"))


def test_word_lists_are_listed() -> None:
    lexicon = ROOT / "factx" / "lexicon"
    listed = (lexicon / "README.md").read_text(encoding="utf-8")
    assert all(f"| {path.name} |" in listed for path in [*lexicon.glob("*.csv"), *lexicon.glob("*.jsonl")])


def test_changes_are_told_as_towncrier_wants_them() -> None:
    kinds = {kind["directory"] for kind in PROJECT["tool"]["towncrier"]["type"]}
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if path.name != ".gitignore"]
    assert fragments
    for path in fragments:
        assert re.fullmatch(rf"\d+\.({'|'.join(kinds)})(\.\d+)?\.md", path.name), path.name
        assert path.read_text(encoding="utf-8").strip(), path.name


def test_no_module_needs_the_training_environment() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "factx").rglob("*.py")]
    assert not any(
        re.search(r"^\s*(import|from) (torch|transformers|onnx)\b", source, re.MULTILINE) for source in sources
    )
