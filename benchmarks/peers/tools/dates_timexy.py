"""timexy: rules for TIMEX3 in a blank spaCy pipeline; the value stands in the attributes it writes for each span."""

from __future__ import annotations

import re
from datetime import datetime

import articles
import spacy
import timexy  # noqa: F401 - registers its component
from spacy.language import Language


def load() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("timexy", config={"kb_id_type": "timex3", "label": "timexy"})
    return nlp


NLP = load()


def find(text: str, published: datetime) -> dict[str, list[articles.Fact]]:  # noqa: ARG001 - it counts from today
    dates = []
    for entity in NLP(text).ents:
        kind, value = (re.search(f'{name}="([^"]*)"', entity.kb_id_) for name in ("type", "value"))
        if kind and value:
            moment = value[1]
            if kind[1] == "DATE":
                moment = moment.removesuffix("T00:00:00")
            dates.append(
                {
                    "text": entity.text,
                    "start": entity.start_char,
                    "end": entity.end_char,
                    "type": kind[1],
                    "value": moment,
                }
            )
    return {"dates": dates}


articles.run(find)
