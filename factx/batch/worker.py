"""A worker: a process of its own that loads the pipeline once and reads shards, so that no article can harm the run.

The process that owns it sends a `Setup`, then shards, as pickles on its standard input; it answers on its standard
output with "ready", the offset of each article that it begins, and what came of the shard. So the owner knows which
article is to blame when the worker dies or an article takes too long. See `factx.batch.owner` for the other end.
"""

from __future__ import annotations

import faulthandler
import io
import os
import pickle
import signal
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from factx.batch.outputs import FormatName, Numbered, make_format
from factx.batch.program import describe_program
from factx.batch.shards import Failure, Part, RawArticle, Shard, Unreadable
from factx.errors import FactxError, InputError
from factx.read import ReadOptions, open_input
from factx.sanitize import make_harmless
from factx.select import FACT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spacy.language import Language

    from factx.batch.shards import FailureKind, Item
    from factx.facts import Article, Facts

# The owner ends a worker whose article takes too long. If the owner is gone, the worker does it itself, so much later.
_GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to know before it reads; all that the results of a run depend on beside the input."""

    program: Mapping[str, str]
    """What `describe_program` says on the machine where the run was started."""
    model: str | None = None
    """The pipeline's folder or package name; None for the shipped one."""
    format: FormatName = "jsonl"
    """Format of the output."""
    text: bool = True
    """Whether the output holds the articles' text."""
    kinds: tuple[str, ...] = FACT_KINDS
    """Kinds of facts that are kept."""
    min_confidence: float = 0.0
    """Facts below it are left out."""
    read: ReadOptions = ReadOptions()  # noqa: RUF009 - frozen
    """How inputs are read."""
    timeout: float | None = None
    """Seconds that an article may take."""


class Reader:
    """Reads shards with a pipeline.

    Args:
        setup: What is wanted.
        nlp: The pipeline.
    """

    def __init__(self, setup: Setup, nlp: Language) -> None:
        self._setup = setup
        self._nlp = nlp
        self._format = make_format(setup.format, text=setup.text)

    def read(self, shard: Shard, failed: Mapping[int, tuple[FailureKind, str]], begin: Callable[[int], None]) -> Part:
        """Read a shard.

        Args:
            shard: What is read.
            failed: Offsets of articles that are not tried, with what became of them before.
            begin: Told the offset of each article that is begun.

        Returns:
            What came of it.
        """
        facts: list[Numbered] = []
        failures: list[Failure] = []
        # spaCy forgets the words of a shard after it; else its vocabulary grows with all that was ever read.
        with self._nlp.memory_zone():
            for offset, item in enumerate(shard.items):
                number = shard.first + offset
                if offset in failed:
                    kind, message = failed[offset]
                    failures.append(Failure(number, item.source, getattr(item, "id", None), kind, message))
                    continue
                begin(offset)
                result = self._read_item(item)
                if isinstance(result, tuple):
                    failures.append(Failure(number, item.source, getattr(item, "id", None), *result))
                else:
                    facts.append((number, result))
        pack, wrong = self._pack(facts)
        failures += wrong
        failures.sort(key=lambda failure: failure.article)
        unpacked = {failure.article for failure in wrong}
        words = sum(len(item.article.text.split()) for number, item in facts if number not in unpacked)
        return Part(len(facts) - len(wrong), words, tuple(failures), pack)

    def _pack(self, facts: list[Numbered]) -> tuple[dict[str, bytes], list[Failure]]:
        """Pack facts; an article whose facts the format cannot hold is left out and told."""
        try:
            return self._format.pack(facts), []
        except Exception:  # noqa: BLE001 - which article it is, is looked for
            wrong = []
            for number, item in facts:
                try:
                    self._format.pack([(number, item)])
                except Exception as error:  # noqa: BLE001 - told
                    message = _word_error(error)
                    wrong.append(Failure(number, item.article.source, item.article.id, "error", message))
            left_out = {failure.article for failure in wrong}
            return self._format.pack([pair for pair in facts if pair[0] not in left_out]), wrong

    def _read_item(self, item: Item) -> Facts | tuple[FailureKind, str]:
        """Read one article."""
        from factx.process import process_articles
        from factx.select import select_facts

        if isinstance(item, Unreadable):
            return "input", item.message
        try:
            article = self._take_text(item) if isinstance(item, RawArticle) else item
            ((_, result),) = process_articles([article], nlp=self._nlp)
        except InputError as error:
            return "input", str(error)
        except Exception as error:  # noqa: BLE001 - whatever one article does, the others of the run must be read
            result = error
        if isinstance(result, Exception):
            return "error", _word_error(result)
        return select_facts(result, self._setup.kinds, self._setup.min_confidence)

    def _take_text(self, raw: RawArticle) -> Article:
        """Take the article out of the bytes of a file."""
        options = replace(self._setup.read, kind=raw.kind)
        with open_input(raw.source, options, stream=io.BytesIO(raw.data)) as opened:
            return next(opened.articles)


def _word_error(error: Exception) -> str:
    """Word what the program raised."""
    what = str(error) if isinstance(error, FactxError) else f"{type(error).__name__}: {error}"
    return make_harmless(f"could not be processed ({what}); please report it with the text")


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Read shards until there are no more requests.

    Args:
        requests: A `Setup`, then pairs of a `Shard` and what is known to fail in it, as pickles.
        answers: Pairs of a word and a value, as pickles.
    """

    def answer(word: str, value: object = None) -> None:
        pickle.dump((word, value), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    setup: Setup = pickle.load(requests)  # noqa: S301 - from the process that started this one
    try:
        reader = _prepare(setup)
    except FactxError as error:
        answer("failed", str(error))
        return
    answer("ready")

    def begin(offset: int) -> None:
        if setup.timeout is not None:
            faulthandler.dump_traceback_later(setup.timeout + _GRACE_SECONDS, exit=True)
        answer("begin", offset)

    for shard, failed in _receive(requests):
        part = reader.read(shard, failed, begin)
        faulthandler.cancel_dump_traceback_later()
        answer("done", part)


def _prepare(setup: Setup) -> Reader:
    """Load the pipeline, and check that it is the one the run was started with."""
    from factx.errors import PipelineError
    from factx.parse import load_pipeline

    found = describe_program(setup.model)
    other = [name for name, value in setup.program.items() if found.get(name) != value]
    if other:
        raise PipelineError(
            f"the worker has another version of {', '.join(other)} than the machine where the run was started; "
            "install the same on both"
        )
    return Reader(setup, load_pipeline(setup.model))


def _receive(requests: BinaryIO) -> Iterator[tuple[Shard, Mapping[int, tuple[FailureKind, str]]]]:
    while True:
        try:
            yield pickle.load(requests)  # noqa: S301 - from the process that started this one
        except EOFError:
            return


def main() -> None:
    """Run a worker on standard input and output."""
    # Ctrl-C reaches every process of the terminal; the owner ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    # Answers have a way of their own, so that nothing that is printed can get between them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - no path of a user
        file.write("500")  # where memory runs out, Linux should end a worker and not the run
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)
