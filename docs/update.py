"""Write what is made and not typed in README and docs: outputs of commands, tables, the picture of the modules.

    python docs/update.py            writes them
    python docs/update.py --check    writes nothing and fails if something would change; tests do the same

Three things are made anew, in README.md and docs/*.md:

- what stands under each `$ command` in a ```console block: the command's output, run among the samples and in the order
  of the page; figures that no two runs share (seconds, rates) stay as they are while all else is the same;
- what stands under each `>>>` in a ```pycon block: what Python prints;
- what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`: the table or picture that `BLOCKS[NAME]` makes.

A ```sql block whose first line is `-- NAME.sql` is there as that file for the commands. Of every other block of code a
line before it tells why it is not run, `<!-- not run: REASON -->`. Tests count these.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import doctest
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import architecture
from typer.testing import CliRunner

from factx import cli

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BENCHMARKS = ROOT / "benchmarks"
COLUMNS = "100"
QUERY = re.compile(r"^```sql\n(-- ([\w-]+\.sql)\n.*?)^```$", re.DOTALL | re.MULTILINE)
# What a command says of its own speed.
MEASURED = re.compile(r"\b\d[\d.,]* s\b(, \d[\d.,]* articles a second)?")
COMMAND = re.compile(r"^\$ (?:'[^']*'|\"[^\"]*\"|\\\n|[^'\"\n])*\n", re.MULTILINE)

# What the sets of benchmarks/scores.json are, for readers who do not have them.
SETS = {
    "counts digest-dev": "counts, news digests",
    "counts voa-dev": "counts, agency copy",
    "quotes voa-dev": "quotes, agency copy (indirect and mixed)",
    "quotes gum-dev": "quotes, news and interviews of GUM",
    "quotes polnear-dev": "quotes, PolNeAR (used for measuring only)",
    "entities names-dev": "names, news digests, seven labels",
    "entities voa-names-dev": "names, agency copy, seven labels",
    "dates names-dev": "dates, news digests",
    "dates meantime-dev": "dates, MEANTIME (Wikinews)",
    "dates gum-dev DATE": "dates, GUM, type DATE",
    "grouping gum-dev and ten of gum-train": "grouping of named mentions, GUM",
    "speaker names voa-dev": "full name of the speaker, agency copy",
}

# What the README shows of docs/pictures/, with what it says to those who cannot see it.
PICTURES = {
    "table-counts.svg": "A terminal with the entities and counts of an article, each with its sentence",
    "report-light.png": "A page with all articles: a table of facts to search and filter, and charts",
}


def _read(name: str) -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = json.loads((BENCHMARKS / name).read_text(encoding="utf-8"))
    return table


def make_scores() -> str:
    """The development scores (benchmarks/scores.json), one line for each set."""
    lines = ["| development set | scores |", "| --- | --- |"]
    for name, scores in _read("scores.json").items():
        told = ", ".join(f"{score} {value:.3f}" for score, value in scores.items() if value)
        lines.append(f"| {SETS.get(name, name)} | {told} |")
    return "\n".join(lines)


def make_samples() -> str:
    """The scores on the samples' gold (benchmarks/samples.json)."""
    import samples

    return samples.make_table(_read("samples.json"))


def make_peers() -> str:
    """Other tools on the samples' gold (benchmarks/peers/results.json)."""
    from peers import run

    return run.make_tables(json.loads((BENCHMARKS / "peers" / "results.json").read_text(encoding="utf-8")))


def make_speed() -> str:
    """The pipeline beside spaCy's small architecture (benchmarks/speed.json)."""
    kept = BENCHMARKS / "speed.json"
    if not kept.exists():
        return "Not measured yet for this version."
    speed = json.loads(kept.read_text(encoding="utf-8"))["speed"]
    lines = ["| one process, one thread | words a second |", "| --- | --- |"]
    lines += [f"| {name} | {rate:,} |" for name, rate in speed["words_per_second"].items()]
    return "\n".join(lines)


def make_pictures() -> str:
    """The pictures that docs/make_pictures.py has made."""
    found = [(name, told) for name, told in PICTURES.items() if (ROOT / "docs" / "pictures" / name).is_file()]
    return "\n\n".join(f"![{told}](docs/pictures/{name})" for name, told in found)


def make_startup() -> str:
    """The command on one article against `import spacy` (benchmarks/startup.json)."""
    import startup

    return startup.make_table(_read("startup.json"))


BLOCKS: dict[str, Callable[[], str]] = {
    "scores": make_scores,
    "samples": make_samples,
    "peers": make_peers,
    "speed": make_speed,
    "startup": make_startup,
    "pictures": make_pictures,
    "picture": architecture.make_picture,
    "modules": architecture.make_table,
}


def update(text: str) -> str:
    """Make all made parts of a page anew, in a folder of samples that is thrown away after.

    Args:
        text: The page, Markdown.

    Returns:
        The page with fresh outputs and blocks; the same text if it was up to date.

    Raises:
        KeyError: A block has a name that `BLOCKS` does not know.
        RuntimeError: A command or an example fails.
    """
    with among_samples():
        return update_here(text)


def update_here(text: str) -> str:
    """Make all made parts of a page anew, like `update`, in the present folder; what the commands write stays there."""
    text = re.sub(
        r"(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)",
        lambda match: f"{match[1]}\n{BLOCKS[match[2]]()}\n\n{match[3]}",
        text,
        flags=re.DOTALL,
    )
    for query, name in QUERY.findall(text):
        Path(name).write_text(query, encoding="utf-8")
    text = _replace_fences(text, "console", _run_console)
    if "\n```pycon\n" not in text:
        return text
    # Examples add to the pipeline and to spaCy's registries, which are those of the whole process: so in another.
    command = [sys.executable, __file__, "--examples"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def _replace_fences(text: str, language: str, run: Callable[[str], str]) -> str:
    pattern = re.compile(rf"^```{language}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return pattern.sub(lambda match: f"```{language}\n{run(match[1])}```", text)


@contextlib.contextmanager
def among_samples() -> Iterator[None]:
    """Work in a folder that is thrown away, with a terminal of fixed width and no colour.

    It holds `samples/`, the samples' texts once more in `news/`, which is where the pages have a reader's articles,
    `last-run`, a file older than these, and the model's folder.
    """
    before, kept = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "samples", Path(scratch) / "samples")
        shutil.copytree(ROOT / "samples", Path(scratch) / "news", ignore=shutil.ignore_patterns("gold", "*.md"))
        (Path(scratch) / "models").symlink_to(ROOT / "models")
        (Path(scratch) / "last-run").touch()
        os.utime(Path(scratch) / "last-run", (0, 0))
        os.chdir(scratch)
        os.environ.update(COLUMNS=COLUMNS, NO_COLOR="1", TERM="dumb", LC_ALL="C.UTF-8")
        os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        try:
            yield
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(kept)


def _run_console(block: str) -> str:
    """Run the commands of a block; a command goes on in the next line after a backslash and inside quotation marks."""
    found = list(COMMAND.finditer(block))
    ends = [match.start() for match in found[1:]] + [len(block)]
    told = []
    for match, end in zip(found, ends, strict=True):
        fresh = re.sub(r"[ \t]+$", "", run_command(match[0][2:]), flags=re.MULTILINE)
        before = block[match.end() : end].rstrip("\n") + "\n"
        told.append(match[0] + (before if MEASURED.sub("", fresh) == MEASURED.sub("", before) else fresh))
    return "\n".join(told)


def run_command(command: str) -> str:
    """Run one command as a shell would.

    Where a line begins with factx, that part runs in this process, which has the pipeline loaded already; what
    follows the first `|` or `>` goes to the shell with its output on standard input. Of `factx batch` also what it says
    on standard error is told, as a reader sees it.
    """
    command = command.replace("\\\n", " ").strip()
    if re.search(r"\bfactx batch\b", command):  # starts processes of its own
        return _run_shell(f"{command} 2>&1", None)
    ours = re.match(r"factx\b((?:'[^']*'|\"[^\"]*\"|[^|>&;'\"])*)(?:(\||>)(?!>)(.*))?$", command, re.DOTALL)
    if not ours:
        return _run_shell(command, None)
    words = [found for word in shlex.split(ours[1]) for found in sorted(map(str, Path().glob(word))) or [word]]
    result = CliRunner().invoke(cli.app, words, prog_name="factx")
    if result.exit_code:
        message = f"{command}: exit code {result.exit_code}: {result.output}"
        raise RuntimeError(message)
    if ours[2] is None:
        return result.stdout
    return _run_shell(f"cat {ours[2]} {ours[3]}", result.stdout)


def _run_shell(command: str, given: str | None) -> str:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],  # noqa: S607 - the shell that is there
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        message = f"{command}: exit code {done.returncode}: {done.stderr.strip()}"
        raise RuntimeError(message)
    return done.stdout


def missing_tools(text: str) -> set[str]:
    """Name the programs of a page's console blocks that this machine lacks."""
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    lines = [match[0][2:].replace("\\\n", " ") for match in COMMAND.finditer("\n".join(blocks))]
    bare = [re.sub(r"'[^']*'|\"[^\"]*\"", "", line) for line in lines]
    programs = {part.split()[0] for line in bare for part in re.split(r"[|;]|&&", line) if part.split()}
    found = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {program for program in programs if not shutil.which(program, path=found)}


def find_unrun(text: str) -> list[tuple[str, str]]:
    """Find the blocks of code that `update` does not run, indented or fenced.

    Args:
        text: A page, Markdown.

    Returns:
        The first line of each block and the reason why it is not run, which is empty where the page gives none.
    """
    found = []
    fenced, before, reason = False, "", ""
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if fenced:
            fenced = line != "```"
        elif opened := re.match(r"```(\w*)", line):
            fenced = True
            made = opened[1] in {"console", "pycon", "mermaid"} or re.fullmatch(r"-- [\w-]+\.sql", following)
            found += [] if made else [(following, reason)]
        elif line.startswith("    ") and not before:
            found.append((line.strip(), reason))
        if line:
            marked = re.fullmatch(r"<!-- not run: (.+) -->", line)
            reason = marked[1] if marked else ""
        before = line
    return found


def run_all_examples(text: str) -> str:
    """Run the examples of a page in this process, one block after the other, with the names that those before left."""
    names: dict[str, object] = {"__name__": "example"}
    return _replace_fences(text, "pycon", lambda block: _run_examples(block, names))


def _run_examples(block: str, names: dict[str, object]) -> str:
    written = []
    for example in doctest.DocTestParser().get_examples(block):
        lines = example.source.splitlines()
        written += [f"{'...' if number else '>>>'} {line}".rstrip() for number, line in enumerate(lines)]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example.source, "example", "single"), names)  # noqa: S102 - the pages are ours
        written += printed.getvalue().splitlines()
    return "\n".join(written) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something would change")
    parser.add_argument("--examples", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.examples:
        sys.stdout.write(run_all_examples(sys.stdin.read()))
        return 0
    stale = False
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if lacking := missing_tools(text):
            print(f"{page.name}: install {', '.join(sorted(lacking))} to run its commands", file=sys.stderr)
            return 1
        fresh = update(text)
        if fresh != text:
            stale = True
            name = str(page.relative_to(ROOT))
            sys.stdout.writelines(
                difflib.unified_diff(
                    text.splitlines(keepends=True), fresh.splitlines(keepends=True), name, f"{name}, made anew"
                )
            )
            if not args.check:
                page.write_text(fresh, encoding="utf-8")
    return int(stale and args.check)


sys.path[:0] = [str(BENCHMARKS)]

if __name__ == "__main__":
    sys.exit(main())
