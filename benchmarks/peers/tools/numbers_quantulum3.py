"""quantulum3: every quantity in the text. It does not tell what a number counts."""

from __future__ import annotations

from datetime import datetime

import articles
from quantulum3 import classifier, parser

classifier.USE_CLF = False  # its trained choice between units was pickled by an old scikit-learn; numbers need no units


def find(text: str, published: datetime) -> dict[str, list[articles.Fact]]:  # noqa: ARG001 - numbers need no day
    return {
        "numbers": [
            {"start": quantity.span[0], "end": quantity.span[1], "text": quantity.surface, "value": quantity.value}
            for quantity in parser.parse(text)
        ]
    }


articles.run(find)
