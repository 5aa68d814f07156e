"""The command: options become one call of the library, and what comes back is printed.

Only this module knows terminals, streams and exit codes: 0 all done, 1 some input failed, 2 wrong usage, 130
interrupted. The library is imported inside the commands, so that help, version and completion answer at once.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TextIO

import typer
from typer.core import TyperGroup

from factx.errors import FactxError, InputError, OutputError, PipelineError
from factx.sanitize import make_harmless

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from spacy.language import Language

    from factx.facts import Article, Facts

_FAILED, _WRONG_USAGE, _INTERRUPTED = 1, 2, 130


class _OneLineGroup(TyperGroup):
    """The commands, with every error told in one line and every ending turned into an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002 - Typer would print errors itself
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401
    ) -> NoReturn:
        """Run a command and exit."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except typer.TyperException as error:
            code = error.exit_code
            _tell("error", _word_usage_error(error))
        except FactxError as error:
            code = _FAILED
            _tell("error", str(error))
        except Exception as error:  # no reader of news wants a traceback
            if os.environ.get("FACTX_TRACEBACK"):
                raise
            code = _FAILED
            what = f"{type(error).__name__}: {error}"
            _tell("error", f"{what}; this is a fault of factx (FACTX_TRACEBACK=1 shows where), please report it")
        if code == _INTERRUPTED:
            _tell("error", "interrupted")
        sys.exit(code if isinstance(code, int) else 0)


app = typer.Typer(
    cls=_OneLineGroup,
    help="Read the facts of English news: who, how many, when, and who said what.",
    epilog="Exit codes: 0 all done, 1 some input failed, 2 wrong usage, 130 interrupted.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # plain help needs no rich and comes in half the time
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command `factx`."""
    import warnings

    if not sys.warnoptions:  # third parties' notes to programmers are no matter of a reader of news
        warnings.simplefilter("ignore")
    app(prog_name="factx")


def _print_version(wanted: bool) -> None:
    """Print the version and exit."""
    if wanted:
        from factx import __version__

        typer.echo(f"factx {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(_WRONG_USAGE)


@app.command()
def extract(  # noqa: PLR0913 - one argument for each option
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="Text files or JSON lines; - is standard input.")
    ],
    format: Annotated[
        Literal["table", "json", "jsonl"] | None,
        typer.Option("--format", "-f", help="What to print. Default: table on a terminal, json elsewhere."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file, once all is done.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KINDS", help="Kinds of facts, with commas: entities,counts,dates,quotes."),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Publication day (YYYY-MM-DD), from which relative dates count."),
    ] = None,
    input: Annotated[
        Literal["auto", "text", "jsonl", "html"], typer.Option("--input", help="What the inputs hold.")
    ] = "auto",
    min_confidence: Annotated[
        float, typer.Option(metavar="X", help="Leave out facts less sure than this, 0 to 1.")
    ] = 0.0,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the articles' text out of the JSON.")] = False,
    model: Annotated[
        str | None, typer.Option(metavar="NAME|PATH", help="A trained pipeline to use in place of the shipped one.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No warnings and no progress, only errors.")] = False,
) -> None:
    """Print the facts of articles.

    INPUT is a text file, or JSON lines whose records hold "text" and may hold "id", "title" and "published".
    One text gives one JSON object; several inputs, or JSON lines, give an array (json) or one object a line (jsonl).
    """
    kinds = _parse_kinds(only)
    day = _parse_published(published)
    if not 0 <= min_confidence <= 1:
        raise typer.BadParameter("it lies between 0 and 1", param_hint="--min-confidence")
    _refuse_overwriting(inputs, output)
    chosen = format or _choose_format(output)
    run = _Run(quiet=quiet)
    articles = run.read(inputs, input, day)
    first = next(articles, None)
    if first is not None:
        nlp = _load_model(model)
        facts = run.process(chain([first], articles), nlp, kinds, min_confidence, tell_warnings=chosen != "table")
        single = len(inputs) == 1 and not run.found_jsonl
        if not single and not quiet:
            facts = _show_progress(facts, output)
        with _open_output(output) as stream:
            if chosen == "table":
                _print_tables(facts, stream, kinds)
            else:
                from factx.write import write_facts

                write_facts(facts, stream, chosen, text=not no_text, single=single)
            if run.succeeded == 0 and output is not None:
                raise typer.Exit(_FAILED)  # what the file held before is worth more than nothing
    if run.failed:
        raise typer.Exit(_FAILED)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the output."""
    import json

    from factx.schema import make_schema

    with _open_output(None) as stream:
        stream.write(json.dumps(make_schema(), ensure_ascii=False, indent=2) + "\n")


@app.command()
def info(
    model: Annotated[
        str | None, typer.Option(metavar="NAME|PATH", help="A trained pipeline to tell of in place of the shipped one.")
    ] = None,
) -> None:
    """Show versions, and what the trained pipeline is."""
    import platform
    from importlib.metadata import version

    from factx import __version__

    nlp = _load_model(model)
    rows = {
        "factx": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ("spacy", "onnxruntime", "numpy")},
        "pipeline": f"{nlp.meta.get('lang')}_{nlp.meta.get('name')} {nlp.meta.get('version')}",
        "path": str(nlp.path),
        "size": f"{_measure_folder(nlp.path) / 1e6:.1f} MB",
        "license": nlp.meta.get("license") or "not told",
        "components": ", ".join(nlp.pipe_names),
    }
    width = max(map(len, rows))
    with _open_output(None) as stream:
        for name, value in rows.items():
            stream.write(f"{name:<{width}}  {make_harmless(value)}\n")


@dataclass(slots=True)
class _Run:
    """One run of `extract`: reads and processes, tells what fails, and keeps count."""

    quiet: bool
    found_jsonl: bool = False
    failed: int = 0
    succeeded: int = 0

    def report(self, error: InputError) -> None:
        """Tell of an input that cannot be read."""
        self.failed += 1
        _tell("error", str(error))

    def read(
        self, inputs: list[str], kind: Literal["auto", "text", "jsonl", "html"], published: str | None
    ) -> Iterator[Article]:
        """Read one input after the other."""
        from factx.read import open_input

        for source in inputs:
            try:
                with open_input(source, kind, published=published, on_error=self.report) as opened:
                    self.found_jsonl |= opened.kind == "jsonl"
                    yield from opened.articles
            except InputError as error:
                self.report(error)

    def process(
        self,
        articles: Iterable[Article],
        nlp: Language,
        kinds: Collection[str],
        min_confidence: float,
        *,
        tell_warnings: bool,
    ) -> Iterator[Facts]:
        """Give the facts of the articles that can be processed."""
        from factx.process import process_articles
        from factx.select import select_facts

        for article, result in process_articles(articles, nlp=nlp):
            if isinstance(result, Exception):
                self.failed += 1
                what = str(result) if isinstance(result, FactxError) else f"{type(result).__name__}: {result}"
                _tell("error", f"{_name(article)}: could not be processed ({what}); please report it with the text")
                continue
            self.succeeded += 1
            if tell_warnings and not self.quiet:
                for warning in result.article.warnings:
                    _tell("warning", f"{_name(article)}: {warning}")
            yield select_facts(result, kinds, min_confidence)


def _name(article: Article) -> str:
    """Name an article in a message."""
    source = "standard input" if article.source == "-" else article.source
    return source if Path(article.source).stem == article.id or article.id == "stdin" else f"{source} ({article.id})"


def _tell(what: str, message: str) -> None:
    """Print one line on standard error."""
    if sys.stderr is not None:
        typer.echo(f"{what}: {make_harmless(message)}", err=True)


def _word_usage_error(error: typer.TyperException) -> str:
    """Word an error of usage in our manner: lower case, no full stop, and where to read on."""
    message = error.format_message().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "factx"
    return f"{message[:1].lower()}{message[1:]}; see {command} --help"


def _load_model(model: str | None) -> Language:
    """Load the pipeline; if another than ours was named, it is the usage that is wrong."""
    from factx.parse import load_pipeline

    try:
        return load_pipeline(model)
    except PipelineError as error:
        if model is None:
            raise
        raise typer.BadParameter(str(error), param_hint="--model") from error


def _parse_kinds(only: list[str] | None) -> tuple[str, ...]:
    """Read --only."""
    from factx.select import FACT_KINDS

    if not only:
        return FACT_KINDS
    asked = {kind.strip() for part in only for kind in part.split(",") if kind.strip()}
    wrong = sorted(asked.difference(FACT_KINDS))
    if wrong or not asked:
        told = ", ".join(wrong) or "nothing"
        raise typer.BadParameter(f"{told}: the kinds are {', '.join(FACT_KINDS)}", param_hint="--only")
    return tuple(kind for kind in FACT_KINDS if kind in asked)


def _parse_published(published: str | None) -> str | None:
    """Read --published."""
    from factx.read import parse_day

    if published is not None and parse_day(published) != published:
        raise typer.BadParameter(f"{published} is not a day like 2022-01-10", param_hint="--published")
    return published


def _refuse_overwriting(inputs: list[str], output: str | None) -> None:
    """Refuse an output that is an input: the article would be lost."""
    if output is None or not Path(output).is_file():
        return
    for source in inputs:
        if source != "-" and Path(source).is_file() and Path(source).samefile(output):
            raise typer.BadParameter(f"{output} is an input too and would be overwritten", param_hint="--output")


def _choose_format(output: str | None) -> Literal["table", "json", "jsonl"]:
    """Choose a format where none was named: by the file's ending, else by who is at the other end."""
    if output is not None and output != "-":
        return "jsonl" if Path(output).suffix.lower() in (".jsonl", ".ndjson") else "json"
    return "table" if sys.stdout is not None and sys.stdout.isatty() else "json"


def _print_tables(facts: Iterable[Facts], stream: TextIO, kinds: Collection[str]) -> None:
    """Print tables for people."""
    from factx.render import make_console, render_facts

    console = make_console(stream)
    for item in facts:
        render_facts(item, console, kinds)


def _show_progress(facts: Iterable[Facts], output: str | None) -> Iterator[Facts]:
    """Show how many articles are done, on a terminal whose lines the results do not need."""
    to_terminal = output in (None, "-") and sys.stdout is not None and sys.stdout.isatty()
    if sys.stderr is None or not sys.stderr.isatty() or to_terminal:
        yield from facts
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        for number, item in enumerate(facts, start=1):
            status.update(f"{number:,} articles read")
            yield item


@contextmanager
def _open_output(output: str | None) -> Iterator[TextIO]:
    """Open standard output, or a file that is put in place only when all has been written.

    A reader that closes its end of the pipe has had enough; that is no error.
    """
    try:
        if output is None or output == "-":
            with _use_stdout() as stream:
                yield stream
        elif Path(output).exists() and not stat.S_ISREG(Path(output).stat().st_mode):
            # A device or a named pipe is written to, not replaced.
            with Path(output).open("w", encoding="utf-8", newline="\n") as stream:
                yield stream
        else:
            with _replace_file(Path(os.path.realpath(output))) as stream:
                yield stream
    except BrokenPipeError:
        if sys.stdout is not None:
            # Python flushes standard output at its end and would complain once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except OSError as error:
        where = "standard output" if output in (None, "-") else output
        message = f"{where}: cannot be written ({(error.strerror or str(error)).lower()})"
        raise OutputError(message) from None


@contextmanager
def _use_stdout() -> Iterator[TextIO]:
    """Use standard output; but for a terminal, it is UTF-8 whatever the locale says: JSON is nothing else."""
    if sys.stdout is None:
        message = "standard output is closed"
        raise OutputError(message)
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="replace")
    yield sys.stdout
    sys.stdout.flush()


@contextmanager
def _replace_file(path: Path) -> Iterator[TextIO]:
    """Write beside a file and move the result into its place when it is whole."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as stream:
            if path.exists():
                part.chmod(stat.S_IMODE(path.stat().st_mode))
            yield stream
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _measure_folder(path: Path | None) -> int:
    """Add up the bytes of the files in a folder."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path else 0
