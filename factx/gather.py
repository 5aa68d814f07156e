"""Extract and link: from a parsed article to its facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factx.extract.counts import find_counts
from factx.extract.dates import find_dates, find_published
from factx.extract.entities import find_entities
from factx.extract.quotes import find_quotes
from factx.facts import Article, Facts
from factx.link import link_facts

if TYPE_CHECKING:
    from spacy.tokens import Doc


def facts_from_doc(doc: Doc, article: Article) -> Facts:
    """Read all facts of one parsed article.

    Args:
        doc: The article's text through the pipeline.
        article: What is known of the article; without a publication day, a dateline may tell it.

    Returns:
        The facts, linked to one another, in text order.
    """
    if article.published is None and (day := find_published(article.text)):
        article = replace(article, published=day, published_from="dateline")
    entities = find_entities(doc)
    dates = find_dates(doc, article.published)
    quotes = find_quotes(doc)
    counts = find_counts(doc, quotes, dates)
    entities, counts, dates, quotes = link_facts(doc, entities, counts, dates, quotes)
    return Facts(article, tuple(entities), tuple(counts), tuple(dates), tuple(quotes))
