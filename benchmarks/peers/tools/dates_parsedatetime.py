"""parsedatetime: what its search in running text finds, days or moments as its flags tell."""

from __future__ import annotations

from datetime import datetime

import articles
import parsedatetime

CALENDAR = parsedatetime.Calendar()
DAY = 1  # flag: 1 a day, 2 a time, 3 both


def find(text: str, published: datetime) -> dict[str, list[articles.Fact]]:
    found = CALENDAR.nlp(text, sourceTime=published) or ()
    return {
        "dates": [
            {
                "text": words,
                "start": start,
                "end": end,
                "type": "DATE" if flag == DAY else "TIME",
                "value": moment.strftime("%Y-%m-%d" if flag == DAY else "%Y-%m-%dT%H:%M"),
            }
            for moment, flag, start, end, words in found
        ]
    }


articles.run(find)
