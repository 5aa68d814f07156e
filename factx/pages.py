"""Read HTML: a page's article and what the page tells of it by trafilatura; a piece of a page by its blocks.

The text that comes out has a blank line between paragraphs, headings, list items and table rows, and is what all
offsets index. Nothing is fetched.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from factx.records import parse_day

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE
)
# Browsers look no farther either.
_DECLARED_WITHIN = 4096

# Text in these is no text of the article; the second row only where a whole page is read.
_NEVER_READ = frozenset("head script style template noscript iframe object svg math button select textarea".split())
_AROUND_ARTICLE = frozenset("nav header footer aside form".split())
_ARTICLE = frozenset(["article", "main"])
# These stand in a line of text; whatever else opens or closes ends a paragraph.
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rt s samp small span
    strike strong sub sup time tt u var wbr""".split()
)
_CELLS = frozenset(["td", "th"])

# Pages beyond these bounds are read by their blocks. trafilatura goes through the tree by recursion in places, and in
# others its time grows with the square of the number of elements (a second for 10,000, half a minute for 100,000);
# pages of newspapers are thirty elements deep and have some thousands.
_MOST_DEPTH = 200
_MOST_ELEMENTS = 20_000
_MOST_CHARACTERS = 5_000_000
# In articles shorter than this, trafilatura takes all text of the page rather than none.
_SHORT = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """What a page or a marked-up text holds."""

    text: str
    """The article; empty if there is none."""
    title: str | None = None
    """Its headline."""
    published: str | None = None
    """Its day of publication, YYYY-MM-DD."""
    author: str | None = None
    """Who wrote it."""
    site: str | None = None
    """Where it appeared."""
    warnings: tuple[str, ...] = ()
    """What had to be guessed."""


def find_declared(data: bytes) -> str | None:
    """Find the encoding that a page says it has.

    >>> find_declared(b'<html><head><meta charset="windows-1252">')
    'windows-1252'
    """
    match = _DECLARED.search(data[:_DECLARED_WITHIN])
    return match[1].decode().lower() if match else None


def parse_page(markup: str) -> Page:
    """Take the article out of a page, or the text out of a piece of one.

    Args:
        markup: HTML, however broken.

    Returns:
        What it holds. A piece of a page is read whole; it tells no more than its text.
    """
    blocks = _read_blocks(markup)
    if not _PAGE.search(markup[:_DECLARED_WITHIN]):
        return Page(blocks.text)
    if blocks.depth > _MOST_DEPTH or blocks.elements > _MOST_ELEMENTS or len(markup) > _MOST_CHARACTERS:
        return Page(
            blocks.text, warnings=("the page is too deep or too long to tell the article from what is around it",)
        )
    page = _read_article(markup, blocks)
    if page is None or not page.text:
        known = page or Page("")
        warning = "the article could not be told from what is around it; all text of the page was read"
        return Page(blocks.text, known.title, known.published, known.author, known.site, (warning,))
    return page


def _read_article(markup: str, blocks: _Blocks) -> Page | None:
    """Read a page by trafilatura; None if it finds nothing or fails."""
    import trafilatura

    _silence_loggers()
    try:
        found: Any = trafilatura.bare_extraction(
            markup,
            with_metadata=True,
            include_comments=False,
            favor_recall=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Exception:  # noqa: BLE001 - whatever a page does to it, the blocks are left
        return None
    if found is None:
        return None
    text = (found.text or "").strip()
    # Its last resort, for short articles, is all words of the page in one line.
    lines = text.splitlines() if "\n" in text else blocks.in_article or _find_paragraphs(text, blocks)
    if len(text) < _SHORT:
        lines = [line for line in lines if not blocks.stands_around(line)]
    return Page(
        text="\n\n".join(_strip_table(line.strip()) for line in lines if line.strip()),
        title=_clean(found.title),
        published=parse_day(found.date or ""),
        author=_clean(found.author),
        site=_clean(found.sitename),
    )


@cache
def _silence_loggers() -> None:
    """Give the libraries' loggers a handler: without any, Python prints their warnings."""
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).addHandler(logging.NullHandler())


def _find_paragraphs(text: str, blocks: _Blocks) -> list[str]:
    """Find the paragraphs that have been joined to one."""
    text = " ".join(text.split())
    paragraphs = []
    done = covered = 0
    for block in blocks.paragraphs:
        place = text.find(block, done)
        if place >= 0:
            paragraphs.append(block)
            done = place + len(block)
            covered += len(block) + 1
    return paragraphs if covered >= 0.9 * len(text) else [text]


def _squeeze(line: str) -> str:
    """Leave out blanks, which come out of markup in more than one way, and the mark of a list item."""
    return "".join(line.removeprefix("- ").split())


def _strip_table(line: str) -> str:
    """Take the frame from a table row: "| Killed | 12 |" has bars that a sentence has not."""
    if line.startswith("|"):
        return "; ".join(cell for cell in (cell.strip() for cell in line.split("|")) if cell.strip("-"))
    return line


def _clean(words: str | None) -> str | None:
    """Put words of the page's head on one line."""
    return " ".join((words or "").split()) or None


def _read_blocks(markup: str) -> _Blocks:
    """Read all text as it comes, without a tree, so that no depth of nesting does harm."""
    from lxml import etree

    blocks = _Blocks(whole_page=bool(_PAGE.search(markup[:_DECLARED_WITHIN])))
    parser: Any = etree.HTMLParser(target=blocks, huge_tree=True, encoding="utf-8")
    # A NUL would end the text; the declared encoding is not that of the bytes given here.
    parser.feed(markup.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace"))
    parser.close()
    return blocks


class _Blocks:
    """Takes what the parser finds (the interface is lxml's) and joins the text of blocks to paragraphs.

    Args:
        whole_page: Whether what stands around an article is to be left out.
    """

    def __init__(self, *, whole_page: bool) -> None:
        self._around = _AROUND_ARTICLE if whole_page else frozenset[str]()
        self.paragraphs: list[str] = []
        """The paragraphs so far."""
        self.in_article: list[str] = []
        """Those of them that stand in an element for articles."""
        self._around_article: list[str] = []
        self._words: list[str] = []
        self._skipping: list[str] = []
        self._unread = 0
        self._articles = 0
        self._level = 0
        self.depth = 0
        """Depth of the deepest element."""
        self.elements = 0
        """How many there are."""
        self.text = ""
        """The paragraphs of the article, or all if none is marked; once the parser has been closed."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - what lxml passes
        """An element opens."""
        self._level += 1
        self.elements += 1
        self.depth = max(self.depth, self._level)
        self._articles += tag in _ARTICLE
        self._unread += tag in _NEVER_READ
        if tag in self._around and not (tag == "header" and self._articles):
            self._skipping.append(tag)
        self._separate(tag)

    def end(self, tag: str) -> None:
        """An element closes."""
        self._level -= 1
        self._separate(tag)
        self._unread -= tag in _NEVER_READ
        self._articles -= tag in _ARTICLE
        if self._skipping and self._skipping[-1] == tag:
            self._skipping.pop()

    def data(self, text: str) -> None:
        """Text stands between tags."""
        if not self._unread:
            self._words.append(text)

    def comment(self, text: str) -> None:
        """A comment is no text."""

    def close(self) -> None:
        """The page ends."""
        self._end_paragraph()
        self.text = "\n\n".join(self.in_article or self.paragraphs)
        self._squeezed_article = _squeeze(self.text)
        self._squeezed_around = _squeeze(" ".join(self._around_article))

    def stands_around(self, line: str) -> bool:
        """Tell whether words stand around an article that is marked as one, and not in it."""
        words = _squeeze(line)
        return bool(self.in_article) and words in self._squeezed_around and words not in self._squeezed_article

    def _separate(self, tag: str) -> None:
        if tag in _CELLS:
            self._words.append(" ")
        elif tag not in _INLINE and tag not in _NEVER_READ:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        paragraph = " ".join("".join(self._words).split())
        self._words.clear()
        if not paragraph:
            return
        if self._skipping:
            self._around_article.append(paragraph)
            return
        self.paragraphs.append(paragraph)
        (self.in_article if self._articles > 0 else self._around_article).append(paragraph)
