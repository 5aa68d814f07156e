"""Where results go: standard output, or a file that is put in place only when all has been written."""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Literal, TextIO, overload

import typer

from factx.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager


def refuse_overwriting(inputs: Iterable[str], output: str | None) -> None:
    """Refuse an output that is an input: the article would be lost.

    Args:
        inputs: Paths, or "-".
        output: A path, or "-" or None for standard output.

    Raises:
        typer.BadParameter: The output is one of the inputs, also by another name.
    """
    if output is None or output == "-" or not Path(output).is_file():
        return
    for source in inputs:
        if source != "-" and _is_same_file(source, output):
            raise typer.BadParameter(f"{output} is an input too and would be overwritten", param_hint="--output")


def _is_same_file(source: str, output: str) -> bool:
    try:
        return Path(source).samefile(output)
    except (OSError, ValueError):  # there is none of this name, which the reader will tell
        return False


@overload
def open_output(output: str | None) -> AbstractContextManager[TextIO]: ...
@overload
def open_output(output: str | None, *, binary: Literal[True]) -> AbstractContextManager[BinaryIO]: ...
@overload
def open_output(output: str | None, *, binary: bool) -> AbstractContextManager[Any]: ...
def open_output(output: str | None, *, binary: bool = False) -> AbstractContextManager[Any]:
    r"""Open standard output, or a file that is put in place only when all has been written.

    A reader that closes its end of the pipe has had enough; that is no error, and the command ends with exit code 0.

    Args:
        output: A path, or "-" or None for standard output.
        binary: Whether bytes are written instead of text.

    Returns:
        A context of the stream; text is UTF-8 with "\n" as line end. If it ends by an exception, a file that was there
        before is as it was.

    Raises:
        OutputError: It cannot be written.
    """
    return _open_output(output, binary=binary)


@contextmanager
def _open_output(output: str | None, *, binary: bool) -> Iterator[IO[Any]]:
    try:
        if output is None or output == "-":
            with _use_stdout(binary=binary) as stream:
                yield stream
        elif Path(output).exists() and not stat.S_ISREG(Path(output).stat().st_mode):
            # A device or a named pipe is written to, not replaced.
            with _open_file(Path(output), "w", binary=binary) as stream:
                yield stream
        else:
            with replace_file(Path(os.path.realpath(output)), binary=binary) as stream:
                yield stream
    except BrokenPipeError:
        if sys.stdout is not None:
            # Python flushes standard output at its end and would complain once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if isinstance(error, ValueError) and not (output and "\x00" in output):
            raise
        where = "standard output" if output is None or output == "-" else output
        message = f"{where}: cannot be written ({(getattr(error, 'strerror', None) or str(error)).lower()})"
        raise OutputError(message) from None


@contextmanager
def replace_file(path: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Write beside a file and move the result into its place when it is whole.

    Args:
        path: The file; a link to it must have been resolved.
        binary: Whether bytes are written instead of text.

    Yields:
        The stream of the file beside it, which is removed if anything is raised.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with _open_file(part, "x", binary=binary) as stream:
            if path.exists():
                part.chmod(stat.S_IMODE(path.stat().st_mode))
            yield stream
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _open_file(path: Path, mode: Literal["w", "x"], *, binary: bool) -> IO[Any]:
    return path.open(f"{mode}b") if binary else path.open(mode, encoding="utf-8", newline="\n")


@contextmanager
def _use_stdout(*, binary: bool) -> Iterator[IO[Any]]:
    """Use standard output; but for a terminal, it is UTF-8 whatever the locale says: JSON is nothing else."""
    if sys.stdout is None:
        message = "standard output is closed"
        raise OutputError(message)
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="replace")
    yield sys.stdout.buffer if binary else sys.stdout
    sys.stdout.flush()
