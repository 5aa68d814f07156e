"""Read Markdown: its words without the signs of its markup, and what its front matter tells.

Paragraphs, headings, list items and table rows are separated by a blank line. Links give their words; code blocks,
pictures and tags are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.pages import Page, parse_page
from factx.records import parse_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_SETTING = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]+(.+)")
# Names that writers of static sites use.
_PUBLISHED, _AUTHOR, _SITE = ("date", "published", "pubdate"), ("author", "authors", "byline"), ("site", "source")

# Quotes and lists in one another: the library's own limit of twenty would drop what is deeper, and it uses the stack.
_MOST_NESTING = 60


def parse_markdown(markup: str) -> Page:
    r"""Take the text out of Markdown.

    >>> parse_markdown("# Storm\n\nPolice said **12 people** [died](https://example.org).").text
    'Storm\n\nPolice said 12 people died.'

    Args:
        markup: Markdown (CommonMark with tables), with or without front matter.

    Returns:
        The text; title, author and so on of the front matter, else the first heading of the first level as title.
    """
    from markdown_it import MarkdownIt

    settings, markup = _split_front_matter(markup)
    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTING}).enable(["table", "strikethrough"])
    tokens = parser.parse(markup)
    paragraphs: list[str] = []
    title = None
    row: list[str] | None = None
    for number, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row:
            paragraphs.append("; ".join(row))
            row = None
        elif token.type == "html_block":
            paragraphs += filter(None, [parse_page(token.content).text])
        elif token.type == "inline":
            words = _join_words(token.children or ())
            if words and row is not None:
                row.append(words)
            elif words:
                paragraphs.append(words)
            if title is None and tokens[number - 1].tag == "h1":
                title = words or None
    return Page(
        text="\n\n".join(paragraphs),
        title=settings.get("title") or title,
        published=next(filter(None, (parse_stamp(settings.get(name)) for name in _PUBLISHED)), None),
        author=next(filter(None, map(settings.get, _AUTHOR)), None),
        site=next(filter(None, map(settings.get, _SITE)), None),
    )


def _split_front_matter(markup: str) -> tuple[dict[str, str], str]:
    """Take the settings from the head of a text; what is more than a name and its words is passed over."""
    match = _FRONT_MATTER.match(markup)
    if not match:
        return {}, markup
    settings: dict[str, str] = {}
    for line in (match[1] or "").splitlines():
        setting = _SETTING.match(line)
        if setting:
            settings[setting[1].lower()] = setting[2].strip().strip("\"'[]").strip()
    return settings, markup[match.end() :]


def _join_words(tokens: Iterable[Token]) -> str:
    """Join the words of a paragraph, with a line end where the writer forced one."""
    words: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type == "softbreak":
            words.append(" ")
        elif token.type == "hardbreak":
            words.append("\n")
    return "".join(words).strip()
