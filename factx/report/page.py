"""Write a report as one self-contained HTML file that needs no network.

The data stand in the page as JSON in which no sign can end the element; the page's script, the only one that the
Content-Security-Policy lets run, makes text nodes of them and never markup.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from factx.report.data import make_report_data
from factx.write.html import MARK_KINDS
from factx.write.templating import hash_source, load_templates, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from factx.facts import Facts

_SCRIPTS = ("report_core.js", "report_charts.js", "report_article.js", "report.js")
# Signs that could end a script element or begin a comment in it, and those that old scripts took for line ends.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def write_report(articles: Iterable[Facts], stream: TextIO, *, title: str = "Facts of the news") -> int:
    """Write the report of articles.

    Args:
        articles: Facts of articles; held in memory, as they are compared with one another.
        stream: Where to write.
        title: Heading of the page.

    Returns:
        How many articles it shows.
    """
    held = list(articles)
    index, details = make_report_data(held)
    style, script = read_source("theme.css", "report.css"), read_source(*_SCRIPTS)
    page = load_templates().get_template("report.html")
    stream.writelines(
        page.generate(
            title=title, style=style, style_hash=hash_source(style), script=script, script_hash=hash_source(script),
            index=embed_json(index), details=embed_json(details), legend=MARK_KINDS.items(),
        )
    )  # fmt: skip
    return len(held)


def embed_json(value: Any) -> Markup:  # noqa: ANN401 - any plain value
    r"""Write JSON that can stand in a script element.

    >>> print(embed_json("</script><!--"))
    "\u003c/script\u003e\u003c!--"
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - no sign of it can be markup


__all__ = ["embed_json", "write_report"]
