"""The options that several commands share, each declared once, and how their values are read.

A command takes them by annotation, `published: options.Published = None`, and hands the strings to the functions here,
which raise `typer.BadParameter` for what is wrong.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factx.errors import InputError, PipelineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language

    from factx.read import InputKind, ReadOptions

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT", help="Text, HTML, Markdown, JSON or JSON lines, also gzip; - is standard input."),
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="KINDS", help="Kinds of facts, with commas: entities,counts,dates,quotes."),
]
Published = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Publication day (YYYY-MM-DD), from which relative dates count."),
]
Input = Annotated[
    Literal["auto", "text", "html", "markdown", "json", "jsonl"],
    typer.Option("--input", help="What the inputs hold. Default: found out for each."),
]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="Encoding of the inputs. Default: found out for each.")
]
TextField = Annotated[str, typer.Option(metavar="NAME", help="Field of JSON records that holds the article.")]
IdField = Annotated[str, typer.Option(metavar="NAME", help="Field of JSON records that names the article.")]
TitleField = Annotated[str, typer.Option(metavar="NAME", help="Field of JSON records that holds the headline.")]
PublishedField = Annotated[
    str, typer.Option(metavar="NAME", help="Field of JSON records that holds the publication day.")
]
MinConfidence = Annotated[float, typer.Option(metavar="X", help="Leave out facts less sure than this, 0 to 1.")]
NoText = Annotated[bool, typer.Option("--no-text", help="Leave the articles' text out of the JSON.")]
Model = Annotated[
    str | None, typer.Option(metavar="NAME|PATH", help="A trained pipeline to use in place of the shipped one.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No warnings and no progress, only errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell how each input was read, and what was found.")]


def parse_kinds(only: list[str] | None) -> tuple[str, ...]:
    """Read --only.

    Returns:
        The kinds asked for, in the order of the JSON; all if none was named.

    Raises:
        typer.BadParameter: A word is no kind, or there is none.
    """
    from factx.select import FACT_KINDS

    if not only:
        return FACT_KINDS
    asked = {kind.strip() for part in only for kind in part.split(",") if kind.strip()}
    wrong = sorted(asked.difference(FACT_KINDS))
    if wrong or not asked:
        told = ", ".join(wrong) or "nothing"
        raise typer.BadParameter(f"{told}: the kinds are {', '.join(FACT_KINDS)}", param_hint="--only")
    return tuple(kind for kind in FACT_KINDS if kind in asked)


def make_read_options(  # noqa: PLR0913 - one argument for each option
    kind: InputKind,
    *,
    published: str | None,
    encoding: str | None,
    text_field: str,
    id_field: str,
    title_field: str,
    published_field: str,
) -> ReadOptions:
    """Put together what the options say about reading, each as its help tells.

    Raises:
        typer.BadParameter: The day is none, or Python knows no such encoding.
    """
    from factx.read import FieldNames, ReadOptions

    names = FieldNames(text=text_field, id=id_field, title=title_field, published=published_field)
    day = parse_published(published)
    try:
        return ReadOptions(kind, day, encoding, names)
    except InputError as error:
        raise typer.BadParameter(str(error), param_hint="--encoding") from None


def parse_published(published: str | None) -> str | None:
    """Read --published, a day as YYYY-MM-DD.

    Raises:
        typer.BadParameter: It is none.
    """
    from factx.read import parse_day

    if published is not None and parse_day(published) != published:
        raise typer.BadParameter(f"{published} is not a day like 2022-01-10", param_hint="--published")
    return published


def check_confidence(least: float) -> float:
    """Check --min-confidence, from 0 to 1.

    Raises:
        typer.BadParameter: It lies beyond.
    """
    if not 0 <= least <= 1:
        raise typer.BadParameter("it lies between 0 and 1", param_hint="--min-confidence")
    return least


def load_model(model: str | None) -> Language:
    """Load the pipeline that --model names; if another than ours was named, it is the usage that is wrong.

    Raises:
        PipelineError: The shipped pipeline cannot be loaded.
        typer.BadParameter: The named one cannot.
    """
    from factx.parse import load_pipeline

    try:
        return load_pipeline(model)
    except PipelineError as error:
        if model is None:
            raise
        raise typer.BadParameter(str(error), param_hint="--model") from error


def read_file_list(path: str | None, inputs: Sequence[str]) -> list[str]:
    """Read the list that --files-from names, and see that there is any input at all.

    Args:
        path: A file, or "-" for standard input, or None.
        inputs: The inputs that were named beside it.

    Returns:
        The paths of the list, without those of `inputs`.

    Raises:
        typer.BadParameter: There is no input at all, or the list cannot be read.
    """
    if path is None:
        if not inputs:
            raise typer.BadParameter("name an INPUT, or a list of them with --files-from")
        return []
    from factx.batch.inputs import read_list

    if path == "-" and "-" in inputs:
        raise typer.BadParameter("standard input cannot be both a list and an INPUT", param_hint="--files-from")
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        what = (getattr(error, "strerror", None) or str(error)).lower()
        raise typer.BadParameter(f"{path}: cannot be read ({what})", param_hint="--files-from") from None
    return read_list(os.fsdecode(data))
