"""dateparser: search for dates, each with the precision that dateparser reports for its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import articles
from dateparser.date import DateDataParser
from dateparser.search import search_dates

PRECISION = {"time": "%Y-%m-%dT%H:%M", "day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}


def find(text: str, published: datetime) -> dict[str, list[articles.Fact]]:
    settings = {"RELATIVE_BASE": published, "PREFER_DATES_FROM": "past", "RETURN_TIME_AS_PERIOD": True}
    parser = DateDataParser(languages=["en"], settings=settings)

    def read() -> Iterator[tuple[str, articles.Fact]]:
        for words, moment in search_dates(text, languages=["en"], settings=settings) or []:
            period = parser.get_date_data(words).period
            yield words, {"type": "DATE", "value": moment.strftime(PRECISION.get(period, "%Y-%m-%d"))}

    return {"dates": articles.place(text, read())}


articles.run(find)
