"""textacy's direct quotations, over the pipeline of factx: it needs tags and trees, and ours are the ones at hand."""

from __future__ import annotations

import sys
from datetime import datetime

import articles
from textacy.extract import direct_quotations

import factx

NLP = factx.load_pipeline()
MARKS = "\"'“”‘’«»"


def find(text: str, published: datetime) -> dict[str, list[articles.Fact]]:  # noqa: ARG001 - quotes need no day
    quotes = []
    try:
        for quote in direct_quotations(NLP(text)):
            speaker = sorted(quote.speaker, key=lambda token: token.i)
            words = quote.content.text
            start = quote.content.start_char + len(words) - len(words.lstrip(MARKS))
            end = quote.content.end_char - len(words) + len(words.rstrip(MARKS))
            first, last = speaker[0].idx, speaker[-1].idx + len(speaker[-1])
            quotes.append(
                {
                    "text": text[start:end],
                    "start": start,
                    "end": end,
                    "speaker": {"text": text[first:last], "start": first, "end": last},
                }
            )
    except ValueError as error:  # an odd number of marks loses the article
        print(f"textacy: {error}", file=sys.stderr)
    return {"quotes": quotes}


articles.run(find)
