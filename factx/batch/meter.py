"""Show how far a run is on a terminal: articles, rate, time left and failures."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factx.batch.run import Progress


@contextmanager
def show_meter(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show a line that changes, if standard error is a terminal.

    Args:
        quiet: Whether nothing is wanted.

    Yields:
        What is to be told how far the run is, or None where nobody looks.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.console import Console

    with progress.Progress(
        progress.TextColumn("{task.fields[told]}"),
        progress.BarColumn(bar_width=20),
        progress.TaskProgressColumn(),
        progress.TimeRemainingColumn(elapsed_when_finished=False),
        progress.TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
        speed_estimate_period=300,
    ) as bar:
        task = bar.add_task("", told="starting", total=None)
        begun = bar.get_time()

        def tell(now: Progress) -> None:
            seconds = bar.get_time() - begun
            rate = (now.articles - now.kept) / seconds if seconds > 0 else 0.0
            failed = f", {now.failed:,} failed" if now.failed else ""
            bar.update(
                task,
                told=f"{now.articles:,} articles{failed}, {rate:.1f}/s",
                completed=now.position,
                total=now.size or None,
            )

        yield tell
