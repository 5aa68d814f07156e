"""The HTML page: the article with its marks and its facts, whole in itself, and harmless whatever stands in it."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
import strategies
from hostile import make_hostile_facts
from hypothesis import given
from hypothesis import strategies as st
from synthetic import make_articles

from factx.facts import Article, Facts
from factx.sanitize import make_harmless
from factx.write import write_facts
from factx.write.marks import Mark, mark_text, show_lines
from factx.write.templating import hash_source

VOID = {"meta", "input", "br", "link"}


class Page(HTMLParser):
    """Reads a page strictly: elements close in order, ids are unique."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.words: dict[str, str] = {}
        self.feed(source)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.opened):
            self.words[tag] = self.words.get(tag, "") + data


def write(*facts: Facts, text: bool = True) -> str:
    stream = io.StringIO()
    write_facts(facts, stream, "html", text=text)
    return stream.getvalue()


def check_harmless(source: str) -> Page:
    """Check that a page holds nothing that runs, loads or leads elsewhere; give it read."""
    source.encode()
    page = Page(source)
    assert len(page.ids) == len(set(page.ids))
    assert not {tag for tag, _ in page.tags} & {
        "script",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "link",
        "svg",
        "base",
    }
    for _, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "action", "srcdoc")
        ]
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]", source)
    return page


def test_page_shows_text_marks_and_facts() -> None:
    (facts,) = make_articles(1)
    page = check_harmless(write(facts))
    assert facts.article.text in page.words["article"]
    marked = [attributes for tag, attributes in page.tags if tag == "mark"]
    number = sum(len(entity.mentions) for entity in facts.entities) + 6
    assert len([mark for mark in marked if "again" not in (mark["class"] or "")]) == number
    assert {"a1-c0", "a1-d1", "a1-q0", "a1-e2"} <= set(page.ids)
    targets = {attributes["href"][1:] for tag, attributes in page.tags if tag == "a" and attributes.get("href")}
    assert targets <= set(page.ids)
    assert facts.counts[0].text in page.words["b"]
    assert "Made" not in page.words["title"]


def test_articles_of_one_page_are_listed_and_none_makes_none() -> None:
    articles = list(make_articles(3))
    page = check_harmless(write(*articles))
    listed = [attributes["href"] for tag, attributes in page.tags if tag == "a"][-3:]
    assert listed == ["#a1", "#a2", "#a3"]
    assert write() == ""


def test_without_text_there_are_no_marks_no_sentences_and_no_links_into_them() -> None:
    (facts,) = make_articles(1)
    page = check_harmless(write(facts, text=False))
    assert "mark" not in {tag for tag, _ in page.tags}
    assert "were" not in page.words["article"]
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == ["#articles"]
    assert facts.quotes[0].text in page.words["article"]


def test_an_article_without_facts_is_a_page() -> None:
    page = check_harmless(write(Facts(Article("empty", "-", "Nothing.", warnings=("cut",)))))
    assert "Nothing." in page.words["article"]
    assert "standard input · no publication date known" in page.words["article"]
    assert "Warning: cut" in page.words["article"]


def test_style_is_named_by_its_hash_and_scripts_are_forbidden() -> None:
    source = write(*make_articles(1))
    style = source[source.index("<style>") + 7 : source.index("</style>")]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', source)
    assert policy is not None
    assert f"style-src '{hash_source(style)}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert "script-src" not in policy[1]


def test_attacks_are_words() -> None:
    page = check_harmless(write(make_hostile_facts()))
    for attack in make_hostile_facts().article.text.split("\n"):
        assert make_harmless(attack) in page.words["article"]


@given(strategies.facts())
def test_any_facts_make_a_whole_page(facts: Facts) -> None:
    check_harmless(write(facts))


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], "abcdef"),
        ([Mark(1, 3, "x")], 'a<mark class="x">bc</mark>def'),
        ([Mark(0, 6, "x"), Mark(2, 4, "y")], '<mark class="x">ab<mark class="y">cd</mark>ef</mark>'),
        # Overlap: what began earlier closes first in the text, so the later one is opened again behind it.
        (
            [Mark(0, 3, "x", "i"), Mark(2, 5, "y", "j")],
            '<mark class="x" id="i">ab<mark class="y" id="j">c</mark></mark><mark class="y again">de</mark>f',
        ),
        ([Mark(2, 2, "x"), Mark(4, 99, "y")], 'abcd<mark class="y">ef</mark>'),
        ([Mark(1, 3, "x"), Mark(3, 5, "y")], 'a<mark class="x">bc</mark><mark class="y">de</mark>f'),
        ([Mark(0, 1, "x", None, 'a"<')], '<mark class="x" title="a&quot;&lt;">a</mark>bcdef'),
    ],
)
def test_marks_are_nested(marks: list[Mark], expected: str) -> None:
    assert mark_text("abcdef", marks) == expected


@given(
    st.text(alphabet="ab<&\n👩\u202e", max_size=20),
    st.lists(st.tuples(st.integers(-2, 25), st.integers(-2, 25)), max_size=8),
)
def test_marks_change_no_text_and_nest(text: str, places: list[tuple[int, int]]) -> None:
    marks = [Mark(start, end, "x", f"m{number}") for number, (start, end) in enumerate(places)]
    page = Page(f"<p>{mark_text(text, marks)}</p>")
    assert page.words.get("p", "") == "\n".join(map(make_harmless, text.split("\n")))
    shown = {mark.id for mark in marks if max(0, mark.start) < min(len(text), mark.end)}
    assert set(page.ids) == shown
    assert show_lines(text) == mark_text(text, [])
