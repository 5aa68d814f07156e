"""A worker without a trained pipeline, for tests of `factx batch`: quick to start, and articles say what becomes of it.

An article of "segfault", "exit", "hang" or "raise" does so; "once PATH" kills the worker unless the file is there. Run
as a program it takes the place of `factx.batch.worker`, and the tests of one process call `install` themselves.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from factx import parse, process
from factx.batch import owner, run, shards, worker
from factx.facts import Article, Count, Entity, Facts, Ref, Span

MAIN = (
    f"import sys; sys.path[:] = {{path!r}} + [{str(Path(__file__).parent)!r}]; import fake_worker; fake_worker.main()"
)


class FakePipeline:
    """As much of a spaCy pipeline as a worker asks for."""

    def memory_zone(self) -> AbstractContextManager[None]:
        return nullcontext()


def process_articles(articles: Iterable[Article], *, nlp: object) -> Iterator[tuple[Article, Facts | Exception]]:
    """Find "N people", said by the police, or do what the article says."""
    assert isinstance(nlp, FakePipeline)
    for article in articles:
        words = article.text.split()
        match words[:1]:
            case ["segfault"]:
                os.kill(os.getpid(), signal.SIGSEGV)
            case ["exit"]:
                os._exit(7)
            case ["hang"]:
                time.sleep(1000)
            case ["print"]:
                sys.stdout.write("this must not get between the answers\n")
                sys.stdout.flush()
            case ["once"] if not Path(words[1]).exists():
                Path(words[1]).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            case ["slowly"]:
                time.sleep(float(words[1]))
        yield article, ValueError("it\nexploded") if words[:1] == ["raise"] else find_facts(article)


def find_facts(article: Article) -> Facts:
    match = re.search(r"(\d+) people", article.text)
    if match is None:
        return Facts(article)
    number = int(match[1])
    count = Count(
        kind="killed", low=number, high=None, qualifier="at_least", text=match[0], start=match.start(), end=match.end(),
        who="people", subset=False, status="asserted", cue=None, source=Ref("Police", 0, 6, "e1"), place=None,
        date=None, confidence=0.6, rule="model",
    )  # fmt: skip
    entity = Entity("e1", "ORG", "Police", None, None, (Span(0, 6, "Police"),), 0.8)
    return Facts(article, (entity,), (count,))


def install(monkeypatch: Any) -> None:
    monkeypatch.setattr(process, "process_articles", process_articles)
    monkeypatch.setattr(parse, "load_pipeline", lambda _: FakePipeline())
    for module in (run, worker):
        monkeypatch.setattr(module, "describe_program", describe_program)


def describe_program(model: str | None) -> dict[str, str]:
    return {"pipeline": str(model), "factx": "fake"}


class _Patch:
    setattr = staticmethod(setattr)


def main() -> None:
    install(_Patch)
    worker.main()


def start_command() -> None:
    """Run the command `factx` with small shards and workers of this kind."""
    from factx import cli

    install(_Patch)
    owner._MAIN = MAIN
    shards._SHARD_ITEMS = 3
    cli.main()


def dask_setup(_: object) -> None:
    """Let a Dask worker start workers of this kind (its option --preload)."""
    owner._MAIN = MAIN
