"""From articles to facts: parse and extract, many at a time, while one bad article does not take others with it."""

from __future__ import annotations

from dataclasses import replace
from itertools import tee
from typing import TYPE_CHECKING

from factx.errors import InputError, PipelineError
from factx.facts import Article, Facts
from factx.gather import facts_from_doc
from factx.mend import mend_text, restore_facts
from factx.parse import parse_articles
from factx.records import parse_day
from factx.stretches import JoinedFacts, cut_text

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

# A batch is full at either bound. They govern how long results of a stream wait and how much text is in memory;
# the encoder cuts batches of its own, so larger ones gain nothing.
_BATCH_ARTICLES = 32
_BATCH_CHARACTERS = 200_000


def extract_facts(
    text: str,
    published: str | datetime.date | None = None,
    *,
    title: str | None = None,
    nlp: Language | None = None,
) -> Facts:
    """Read the facts of one article.

    Args:
        text: The article; all offsets count its code points.
        published: Day of publication as YYYY-MM-DD, from which "yesterday" counts. Without it a dateline may tell.
        title: Headline, where it is not part of the text.
        nlp: A pipeline from `load_pipeline`; by default the shipped one, loaded once.

    Returns:
        The facts, in text order.

    Raises:
        InputError: `published` is not a day.
        PipelineError: The pipeline cannot be loaded.
    """
    day = parse_day(str(published)) if published is not None else None
    if published is not None and day is None:
        message = f'"{published}" is not a day; write published as YYYY-MM-DD'
        raise InputError(message)
    article = Article(
        id="text", source="text", text=text, title=title, published=day, published_from="option" if day else None
    )
    return next(pipe([article], nlp=nlp))


def pipe(articles: Iterable[Article | str], *, nlp: Language | None = None) -> Iterator[Facts]:
    """Read the facts of many articles, in order, as a stream that holds few of them in memory.

    Args:
        articles: Articles (`read_articles` gives them), or just their texts.
        nlp: A pipeline from `load_pipeline`; by default the shipped one, loaded once.

    Yields:
        The facts of each article.

    Raises:
        PipelineError: The pipeline cannot be loaded.
    """
    whole = (
        Article(id=str(number), source="text", text=article) if isinstance(article, str) else article
        for number, article in enumerate(articles, start=1)
    )
    for _, result in process_articles(whole, nlp=nlp):
        if isinstance(result, Exception):
            raise result
        yield result


def process_articles(
    articles: Iterable[Article], *, nlp: Language | None = None, on_doc: Callable[[Doc, Facts], None] | None = None
) -> Iterator[tuple[Article, Facts | Exception]]:
    """Read the facts of many articles, in order; an article that fails yields its exception and the rest goes on.

    Args:
        articles: The articles.
        nlp: A pipeline from `load_pipeline`; by default the shipped one, loaded once.
        on_doc: Called with the parse of each article and its facts, whose offsets are those of the parse: where an
            encoding was mended, of the mended text.

    Yields:
        Each article with its facts, or with what went wrong.

    Raises:
        PipelineError: The pipeline cannot be loaded.
    """
    for batch in _cut_batches(articles):
        done = 0
        for result in _process_batch(batch, nlp, on_doc):
            # The parser stops at an article that it cannot take, so that one and those after it go again, singly.
            if isinstance(result[1], Exception) and len(batch) > 1:
                break
            done += 1
            yield result
        for article in batch[done:]:
            yield from _process_batch([article], nlp, on_doc)


def _process_batch(
    batch: list[Article], nlp: Language | None, on_doc: Callable[[Doc, Facts], None] | None
) -> Iterator[tuple[Article, Facts | Exception]]:
    """Parse and extract until something fails; the failure is the last result."""
    done = 0
    copies = [mend_text(article.text) for article in batch]
    read = (replace(article, text=copy.text) if copy else article for article, copy in zip(batch, copies, strict=True))
    try:
        for facts in _find_facts(read, nlp, on_doc):
            copy = copies[done]
            yield batch[done], restore_facts(facts, batch[done].text, copy) if copy else facts
            done += 1
    except PipelineError:  # no article can do without it
        raise
    except Exception as error:  # noqa: BLE001 - whatever one article does, the others of the run must be read
        yield batch[min(done, len(batch) - 1)], error


def _find_facts(
    articles: Iterable[Article], nlp: Language | None, on_doc: Callable[[Doc, Facts], None] | None
) -> Iterator[Facts]:
    """Parse and extract; an article that is too long for one go, in stretches."""
    stretches, pieces = tee((article, cut_text(article.text)) for article in articles)
    docs = parse_articles(
        (replace(article, text=article.text[start:end]) for article, cuts in pieces for start, end in cuts), nlp=nlp
    )
    for article, cuts in stretches:
        if len(cuts) == 1:
            doc = next(docs)[1]
            facts = facts_from_doc(doc, article)
            if on_doc is not None:
                on_doc(doc, facts)
            yield facts
            continue
        joined, whole = JoinedFacts(), article
        kept: list[Doc] = []
        for start, _ in cuts:
            piece, doc = next(docs)
            # The dateline, which stands in the first stretch, counts for all.
            facts = facts_from_doc(doc, replace(piece, published=whole.published, published_from=whole.published_from))
            if start == 0:
                whole = replace(whole, published=facts.article.published, published_from=facts.article.published_from)
            joined.add(facts, start)
            kept += [doc] if on_doc is not None else []
        facts = joined.join(whole, len(cuts))
        if on_doc is not None:
            on_doc(_join_docs(kept), facts)
        yield facts


def _join_docs(docs: list[Doc]) -> Doc:
    """Join the parses of the stretches of a text; these tile it, so offsets are those of the whole."""
    from spacy.tokens import Doc

    return Doc.from_docs(docs, ensure_whitespace=False) or docs[0]


def _cut_batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Group articles until a batch is full; the first holds one, so that the first result of a stream comes soon."""
    batch: list[Article] = []
    characters, most = 0, 1
    for article in articles:
        batch.append(article)
        characters += len(article.text)
        if len(batch) >= most or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters, most = [], 0, min(2 * most, _BATCH_ARTICLES)
    if batch:
        yield batch
