"""Parse: articles to spaCy Docs through the shipped pipeline, which is found here and loaded once."""

from __future__ import annotations

from functools import lru_cache
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING

from factx.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

    from factx.facts import Article

# spaCy refuses longer texts by default because its own parsers need memory by length; windows do not.
MOST_CHARACTERS = 20_000_000


def pipeline_path() -> Path:
    """Find the shipped pipeline: inside the installed package, or in the source tree.

    Raises:
        PipelineError: The package was built without it.
    """
    package = Path(__file__).parent
    for folder in (package / "pipeline", package.parent / "models" / "en_factx_news" / "pipeline"):
        if (folder / "config.cfg").is_file():
            return folder
    message = f"{package}: the trained pipeline is not in the package; install factx again from its wheel"
    raise PipelineError(message)


def _shipped() -> Path | None:
    try:
        return pipeline_path()
    except PipelineError:
        return None


def load_pipeline(path: str | Path | None = None) -> Language:
    """Load a trained pipeline; the same path is loaded once and shared.

    Args:
        path: A pipeline's folder or package name; None for the shipped one.

    Returns:
        The pipeline; `nlp(text)._.facts` gives the facts.

    Raises:
        PipelineError: There is none at that place, or it cannot be read.
    """
    return _load(str(path if path is not None else pipeline_path()))


@lru_cache(maxsize=2)
def _load(name: str) -> Language:
    import spacy

    import factx.components  # noqa: F401 - registers the factories also where entry points are not installed

    try:
        # The shipped tokenizer is made on the way, by the config: reading it again from disk costs 0.1 s.
        nlp = spacy.load(name, exclude=["tokenizer"] if name == str(_shipped()) else [])
    except Exception as error:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        message = f"{name}: cannot load the pipeline ({first_line}); name a folder or package with --model"
        raise PipelineError(message) from error
    if not nlp.has_pipe("factx_encoder"):
        message = f"{name}: this pipeline has no factx_encoder; train one as models/en_factx_news/README.md tells"
        raise PipelineError(message)
    nlp.max_length = MOST_CHARACTERS
    return nlp


def parse_articles(
    articles: Iterable[Article], nlp: Language | None = None, *, batch_size: int = 32
) -> Iterator[tuple[Article, Doc]]:
    """Parse articles as they come, some at a time.

    Args:
        articles: What to parse; read lazily.
        nlp: The pipeline; None for the shipped one.
        batch_size: Articles that are parsed together.

    Yields:
        Each article with its Doc, in order.
    """
    nlp = nlp or load_pipeline()
    first, second = tee(articles)
    docs = nlp.pipe((article.text for article in first), batch_size=batch_size)
    yield from zip(second, docs, strict=True)
