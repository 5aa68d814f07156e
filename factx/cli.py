"""The command: options become one call of the library, and what comes back is printed.

Exit codes: 0 all done, 1 some input failed, 2 wrong usage, 130 interrupted. The library is imported inside the
commands, so that help, version and completion answer at once. Options that commands share are in `factx.options`,
messages and progress in `factx.terminal`, standard output and files in `factx.streams`.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from factx import options
from factx.errors import FactxError, InputError, OutputError, PipelineError
from factx.sanitize import make_harmless
from factx.streams import open_output, refuse_overwriting
from factx.terminal import FAILED, WRONG_USAGE, OneLineGroup, name_article, show_progress, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

    from factx.facts import Article, Facts
    from factx.read import Input, ReadOptions
    from factx.write.docbin import DocBinWriter

app = typer.Typer(
    cls=OneLineGroup,
    help="Read the facts of English news: who, how many, when, and who said what.",
    epilog="Exit codes: 0 all done, 1 some input failed, 2 wrong usage, 130 interrupted.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # plain help needs no rich and comes in half the time
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command `factx`."""
    import signal
    import warnings

    if not sys.warnoptions:  # third parties' notes to programmers are no matter of a reader of news
        warnings.simplefilter("ignore")
    # Being stopped is an exception like Ctrl-C, so that no half of a file stays beside its place.
    for name in ("SIGTERM", "SIGHUP"):
        if signal.getsignal(number := getattr(signal, name, signal.SIGTERM)) == signal.SIG_DFL:
            signal.signal(number, lambda number, _: sys.exit(128 + number))
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
        raise typer.Exit(WRONG_USAGE)


@app.command()
def extract(  # noqa: PLR0913 - one argument for each option
    inputs: options.Inputs,
    format: Annotated[
        Literal["table", "json", "jsonl", "csv", "html", "docbin"] | None,
        typer.Option(
            "--format",
            "-f",
            help="What to print. Default: by the ending of FILE; else table on a terminal, json elsewhere.",
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file, once all is done.")
    ] = None,
    only: options.Only = None,
    published: options.Published = None,
    input: options.Input = "auto",
    encoding: options.Encoding = None,
    text_field: options.TextField = "text",
    id_field: options.IdField = "id",
    title_field: options.TitleField = "title",
    published_field: options.PublishedField = "published",
    min_confidence: options.MinConfidence = 0.0,
    no_text: options.NoText = False,
    model: options.Model = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Print the facts of articles.

    INPUT is a text, an HTML page, Markdown, or JSON whose records hold "text" and may hold "id", "title", "published".
    One text gives one JSON object; several inputs, or records, give an array (json) or one object a line (jsonl).
    """
    kinds = options.parse_kinds(only)
    reading = options.make_read_options(
        input,
        published=published,
        encoding=encoding,
        text_field=text_field,
        id_field=id_field,
        title_field=title_field,
        published_field=published_field,
    )
    options.check_confidence(min_confidence)
    refuse_overwriting(inputs, output)
    chosen = format or _choose_format(output)
    run = _Run(quiet=quiet, verbose=verbose)
    articles = run.read(inputs, reading)
    first = next(articles, None)
    if first is not None:
        nlp = options.load_model(model)
        docbin = _make_docbin(kinds, min_confidence, output) if chosen == "docbin" else None
        facts = run.process(
            chain([first], articles),
            nlp,
            kinds,
            min_confidence,
            tell_warnings=chosen != "table",
            on_doc=docbin.add if docbin else None,
        )
        single = len(inputs) == 1 and not run.found_records
        if not single and not quiet:
            facts = show_progress(facts, output)
        with open_output(output, binary=docbin is not None) as stream:
            if docbin is not None:
                deque(facts, maxlen=0)
                docbin.write(stream)
            elif chosen == "table":
                _print_tables(facts, stream, kinds)
            elif chosen != "docbin":
                from factx.write import write_facts

                write_facts(facts, stream, chosen, text=not no_text, single=single)
            if run.succeeded == 0 and output is not None:
                raise typer.Exit(FAILED)  # what the file held before is worth more than nothing
    if run.failed:
        raise typer.Exit(FAILED)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the output."""
    import json

    from factx.schema import make_schema

    with open_output(None) as stream:
        stream.write(json.dumps(make_schema(), ensure_ascii=False, indent=2) + "\n")


@app.command()
def info(model: options.Model = None) -> None:
    """Show versions, and what the trained pipeline is."""
    import platform
    from importlib.metadata import version

    from factx import __version__

    nlp = options.load_model(model)
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
    with open_output(None) as stream:
        for name, value in rows.items():
            stream.write(f"{name:<{width}}  {make_harmless(value)}\n")


@app.command()
def batch(  # noqa: PLR0913 - one argument for each option
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="OUT", help="What to write: .jsonl, .jsonl.gz, or a folder .csv or .parquet."
        ),
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT", help="Files, folders, patterns, URLs; - is standard input."),
    ] = None,
    format: Annotated[
        Literal["jsonl", "jsonl.gz", "csv", "parquet"] | None,
        typer.Option("--format", "-f", help="What to write. Default: told by the ending of OUT."),
    ] = None,
    files_from: Annotated[
        str | None, typer.Option(metavar="FILE", help="Read a list of inputs, one a line; - is standard input.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-j", min=1, metavar="N", help="Processes. Default: one for each core.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Give up on an article after so long; 0 is never.")
    ] = 600,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Start anew, whatever OUT holds.")] = False,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Let the workers of a Dask scheduler do the work.")
    ] = None,
    only: options.Only = None,
    published: options.Published = None,
    input: options.Input = "auto",
    encoding: options.Encoding = None,
    text_field: options.TextField = "text",
    id_field: options.IdField = "id",
    title_field: options.TitleField = "title",
    published_field: options.PublishedField = "published",
    min_confidence: options.MinConfidence = 0.0,
    no_text: options.NoText = False,
    model: options.Model = None,
    quiet: options.Quiet = False,
) -> None:
    """Read the facts of many articles into one output.

    A run that was stopped, however it was, goes on when the same command is given again. Articles that fail are listed
    in OUT.errors.jsonl.
    """
    from factx.batch.outputs import tell_format

    if dask is not None and workers is not None:
        raise typer.BadParameter("it is the cluster that has the workers", param_hint="--workers")
    try:
        chosen = format or tell_format(output)
    except OutputError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from None
    kinds = options.parse_kinds(only)
    reading = options.make_read_options(
        input,
        published=published,
        encoding=encoding,
        text_field=text_field,
        id_field=id_field,
        title_field=title_field,
        published_field=published_field,
    )
    options.check_confidence(min_confidence)
    all_inputs = [*(inputs or ()), *options.read_file_list(files_from, inputs or ())]
    refuse_overwriting(all_inputs, output)
    from factx.batch.journal import OtherRunError
    from factx.batch.meter import show_meter
    from factx.batch.run import make_setup, run_batch

    try:
        setup = make_setup(
            model,
            format=chosen,
            text=not no_text,
            kinds=kinds,
            min_confidence=min_confidence,
            read=reading,
            timeout=timeout or None,
        )
        with show_meter(quiet=quiet) as on_progress:
            summary = run_batch(
                all_inputs, output, setup, workers=workers, dask=dask, overwrite=overwrite, on_progress=on_progress
            )
    except PipelineError as error:
        if model is None:
            raise
        raise typer.BadParameter(str(error), param_hint="--model") from None
    except OtherRunError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from None
    except KeyboardInterrupt:
        if not quiet:
            tell("info", "what is done is kept; run the same command again to go on")
        raise
    if summary.failed:
        tell("error", f"{summary.describe()}; {summary.errors} tells which and why")
        raise typer.Exit(FAILED)
    if not quiet:
        if not summary.articles:
            tell("warning", f"{output} is empty, for the inputs hold no files")
        tell("info", summary.describe())


@app.command()
def report(
    inputs: Annotated[
        list[str], typer.Argument(metavar="FACTS", help="JSON lines or JSON that factx wrote; - is standard input.")
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="The page to write, such as report.html.")
    ] = None,
    title: Annotated[str, typer.Option(metavar="WORDS", help="Heading of the page.")] = "Facts of the news",
) -> None:
    """Make one page of many articles' facts, to search, to filter and to look at.

    FACTS is what factx extract -f jsonl or factx batch wrote. The page needs no network.
    """
    from factx.load import load_facts
    from factx.report import write_report

    if output in (None, "-") and sys.stdout is not None and sys.stdout.isatty():
        raise typer.BadParameter("a page is not for a terminal; name a file with -o report.html", param_hint="--output")
    refuse_overwriting(inputs, output)
    run = _Run()
    articles = list(load_facts(inputs, run.report))
    if articles:
        with open_output(output) as stream:
            write_report(articles, stream, title=title)
    elif not run.failed:
        tell("error", "no facts of any article found; factx extract -f jsonl writes them")
    if run.failed or not articles:
        raise typer.Exit(FAILED)


@dataclass(slots=True)
class _Run:
    """One run of `extract`: reads and processes, tells what fails, and keeps count."""

    quiet: bool = False
    verbose: bool = False
    found_records: bool = False
    failed: int = 0
    succeeded: int = 0

    def report(self, error: InputError) -> None:
        """Tell of an input that cannot be read."""
        self.failed += 1
        tell("error", str(error))

    def read(self, inputs: list[str], reading: ReadOptions) -> Iterator[Article]:
        """Read one input after the other."""
        from factx.read import open_input

        for source in inputs:
            try:
                with open_input(source, reading, on_error=self.report) as opened:
                    self.found_records |= opened.holds_records
                    for article in opened.articles:
                        if self.verbose:
                            tell("info", f"{name_article(article)}: {_describe_reading(article, opened)}")
                        yield article
            except InputError as error:
                self.report(error)

    def process(  # noqa: PLR0913 - what the options of the command say
        self,
        articles: Iterable[Article],
        nlp: Language,
        kinds: Collection[str],
        min_confidence: float,
        *,
        tell_warnings: bool,
        on_doc: Callable[[Doc, Facts], None] | None = None,
    ) -> Iterator[Facts]:
        """Give the facts of the articles that can be processed."""
        from factx.process import process_articles
        from factx.select import FACT_KINDS, select_facts

        for article, result in process_articles(articles, nlp=nlp, on_doc=on_doc):
            if isinstance(result, Exception):
                self.failed += 1
                what = str(result) if isinstance(result, FactxError) else f"{type(result).__name__}: {result}"
                tell(
                    "error", f"{name_article(article)}: could not be processed ({what}); please report it with the text"
                )
                continue
            self.succeeded += 1
            if self.verbose:
                found = ", ".join(f"{len(getattr(result, kind))} {kind}" for kind in FACT_KINDS)
                tell("info", f"{name_article(article)}: {found}")
            if tell_warnings and not self.quiet:
                for warning in result.article.warnings:
                    tell("warning", f"{name_article(article)}: {warning}")
            yield select_facts(result, kinds, min_confidence)


def _describe_reading(article: Article, opened: Input) -> str:
    """Tell how an article was read and what is known of it."""
    told = [f"read as {opened.kind}{' in gzip' if opened.packed else ''}", f"{len(article.text):,} characters"]
    if article.title:
        told.append(f'title "{article.title}"')
    if article.published:
        told.append(f"published {article.published} ({article.published_from})")
    return ", ".join(told)


_Format = Literal["table", "json", "jsonl", "csv", "html", "docbin"]
_ENDINGS: dict[str, _Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".spacy": "docbin",
}


def _choose_format(output: str | None) -> _Format:
    """Choose a format where none was named: by the file's ending, else by who is at the other end."""
    if output is not None and output != "-":
        return _ENDINGS.get(Path(output).suffix.lower(), "json")
    return "table" if sys.stdout is not None and sys.stdout.isatty() else "json"


def _make_docbin(kinds: Collection[str], min_confidence: float, output: str | None) -> DocBinWriter:
    """Make the writer of a DocBin, which no terminal can show."""
    from factx.write.docbin import DocBinWriter

    if output in (None, "-") and sys.stdout is not None and sys.stdout.isatty():
        raise typer.BadParameter("docbin is binary; name a file with -o", param_hint="--format")
    return DocBinWriter(kinds, min_confidence)


def _print_tables(facts: Iterable[Facts], stream: TextIO, kinds: Collection[str]) -> None:
    """Print tables for people."""
    from factx.render import make_console, render_facts

    console = make_console(stream)
    for item in facts:
        render_facts(item, console, kinds)


def _measure_folder(path: Path | None) -> int:
    """Add up the bytes of the files in a folder."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path else 0
