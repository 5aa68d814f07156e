"""What a person sees beside the results: messages in one line on standard error, progress, and exit codes.

Every command of `factx` is run by `OneLineGroup`, which tells each error in one line and turns each ending into an exit
code. Results are another matter: see `factx.streams`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer
from typer.core import TyperGroup

from factx.errors import FactxError
from factx.sanitize import make_harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factx.facts import Article

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130
"""Exit codes: some input failed; the command was called wrongly; Ctrl-C."""

_Item = TypeVar("_Item")


class OneLineGroup(TyperGroup):
    """The commands, with every error told in one line and every ending turned into an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001, FBT002 - Typer's own, which would print errors itself
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - the same
        **extra: Any,  # noqa: ANN401
    ) -> NoReturn:
        """Run a command and exit."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except typer.TyperException as error:
            code = error.exit_code
            tell("error", _word_usage_error(error))
        except FactxError as error:
            code = FAILED
            tell("error", str(error))
        except Exception as error:  # no reader of news wants a traceback
            if os.environ.get("FACTX_TRACEBACK"):
                raise
            code = FAILED
            what = f"{type(error).__name__}: {error}"
            tell("error", f"{what}; this is a fault of factx (FACTX_TRACEBACK=1 shows where), please report it")
        if code == INTERRUPTED:
            tell("error", "interrupted")
        sys.exit(code if isinstance(code, int) else 0)


def tell(what: str, message: str) -> None:
    """Print one line on standard error.

    Args:
        what: "error", "warning" or "info".
        message: What, where and what to do; whatever a terminal would act on is made harmless.
    """
    if sys.stderr is not None:
        typer.echo(f"{what}: {make_harmless(message)}", err=True)


def name_article(article: Article) -> str:
    """Name an article in a message: its source, and its id where the source does not tell it."""
    from factx.read import make_id

    source = "standard input" if article.source == "-" else article.source
    return source if make_id(article.source) == article.id else f"{source} ({article.id})"


def show_progress(items: Iterable[_Item], output: str | None, what: str = "articles read") -> Iterator[_Item]:
    """Show how many items are done, on a terminal whose lines the results do not need.

    Args:
        items: What is counted.
        output: Where the results go: a path, or "-" or None for standard output.
        what: What is counted, in words.

    Yields:
        The items.
    """
    to_terminal = output in (None, "-") and sys.stdout is not None and sys.stdout.isatty()
    if sys.stderr is None or not sys.stderr.isatty() or to_terminal:
        yield from items
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        for number, item in enumerate(items, start=1):
            status.update(f"{number:,} {what}")
            yield item


def _word_usage_error(error: typer.TyperException) -> str:
    """Word an error of usage in our manner: lower case, no full stop, and where to read on."""
    message = error.format_message().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "factx"
    return f"{message[:1].lower()}{message[1:]}; see {command} --help"
