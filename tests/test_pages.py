"""HTML and Markdown: the article and what is told of it come out, however odd the markup."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factx.encodings import decode_text
from factx.markdown import parse_markdown
from factx.pages import Page, find_declared, parse_page

STORY = [
    "PORT ANN — At least 12 people were killed when a ferry sank on Friday, police said.",
    "“We heard two bangs,” said Jon Pell, a fisherman. “Then it was gone.”",
    "Rescuers pulled 30 people out of the water before dark, the coast guard said in a statement on its site.",
    "The company that ran the boat said it would pay for the funerals and would help to find out what had happened.",
]
HEAD = """<title>Ferry sinks off Port Ann | Harbour Daily</title><meta property="og:site_name" content="Harbour Daily">
<meta name="author" content="Mira Holt"><meta property="og:title" content="Ferry sinks off Port Ann">
<meta property="article:published_time" content="2022-03-04T23:30:00+01:00">
<meta property="article:modified_time" content="2022-03-09T08:30:00+01:00">"""


def make_page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html lang=en><head>{head}</head><body>{body}</body></html>"


def mark_up(paragraphs: list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize("paragraphs", [STORY, STORY[:1], STORY * 4], ids=["story", "one paragraph", "long"])
@pytest.mark.parametrize("element", ["article", "main"])
def test_page(paragraphs: list[str], element: str) -> None:
    paragraphs = [f"{number}. {paragraph}" for number, paragraph in enumerate(paragraphs)]
    around = "<nav><a href='/'>Home</a> <a href='/world'>World</a></nav><script>var page = '<p>code</p>'</script>"
    body = f"{around}<{element}>{mark_up(paragraphs)}</{element}><footer>Copyright 2023 Harbour Daily</footer>"
    page = parse_page(make_page(body, HEAD))
    assert page == Page("\n\n".join(paragraphs), "Ferry sinks off Port Ann", "2022-03-04", "Mira Holt", "Harbour Daily")


def test_page_that_tells_nothing_of_itself() -> None:
    page = parse_page(make_page(f"<article>{mark_up(STORY)}</article><footer>Copyright 2019 Harbour Daily</footer>"))
    assert page == Page("\n\n".join(STORY))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.<p>Two.", "One.\n\nTwo."),
        ("<h2>Crash</h2>One.<br>Two<i>fold</i> &amp; <b>three</b>.", "Crash\n\nOne.\n\nTwofold & three."),
        ("<ul><li>One<li>Two</ul>", "One\n\nTwo"),
        ("<table><tr><td>Killed<td>12<tr><td>Hurt<td>30</table>", "Killed 12\n\nHurt 30"),
        ("<p>One<script>alert('x')</script>.</p><style>p {}</style><!-- <p>no</p> -->", "One."),
        ("<p>&ldquo;No,&rdquo; he said&#8212;twice.&nbsp;&bogus;</p>", "“No,” he said—twice. &bogus;"),
        ("<p>a\x00b\x1b[31m</p>", "a\ufffdb\x1b[31m"),
        ("<div><div><p>\n  One\n  two\t</p></div></div>", "One two"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_piece_of_a_page_is_read_whole(markup: str, text: str) -> None:
    assert parse_page(markup).text == text


@pytest.mark.parametrize(
    "markup",
    [
        make_page("<div>" * 100_000 + "<p>Two were hurt.</p>" + "</div>" * 100_000),
        make_page("<b><i>" * 20_000 + "Two were hurt."),
        make_page("<span></span>" * 25_000 + "<p>Two were hurt.</p>"),
        "<div>" * 100_000 + "<p>Two were hurt.</p>",
        make_page("<article><p>Two were hurt.</p></article>", "<base " + "a=b " * 100_000 + ">"),
    ],
    ids=["deep", "formatting", "many", "deep piece", "attributes"],
)
def test_no_markup_is_too_deep(markup: str) -> None:
    assert parse_page(markup).text == "Two were hurt."


def test_nothing_is_printed_or_logged_by_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("trafilatura"), "propagate", False)
    page = parse_page(make_page(""))
    assert page.text == ""
    assert page.warnings == ("the article could not be told from what is around it; all text of the page was read",)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="windows-1252">', "windows-1252"),
        ('<meta http-equiv=Content-Type content="text/html; charset=ISO-8859-1">', "iso-8859-1"),
        ("<?xml version='1.0' encoding='koi8-r'?>", "koi8-r"),
        ("<meta charset=no-such>", "no-such"),
        ("<p>charset=utf-8</p>", None),
    ],
)
def test_declared_encoding(declaration: str, encoding: str | None) -> None:
    assert find_declared(declaration.encode()) == encoding


def test_declared_encoding_is_believed_unless_it_is_utf8() -> None:
    text = "<p>“Привет,” he said.</p>"
    assert decode_text(text.encode("cp1251"), declared="cp1251") == (text, [])
    assert decode_text(text.encode(), declared="cp1251") == (text, [])
    assert decode_text("“No”".encode("cp1252"), declared="ISO-8859-1") == ("“No”", [])
    assert decode_text(b"caf\xe9", declared="no-such")[0] == "café"
    assert decode_text(b"caf\xe9", declared="utf-8")[0] == "café"


@given(
    st.lists(
        st.sampled_from(
            [*"<>/!-&;'\"= ap\x00\ufeff*_[]()`#|\n", "<p>", "</p>", "<html>", "<body>", "<table>", "</div>"]
        )
    ).map("".join)
)
def test_any_markup_gives_text(markup: str) -> None:
    parse_page(markup).text.encode()
    parse_markdown(markup).text.encode()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("One\ntwo.\n\nThree.", "One two.\n\nThree."),
        ("# Crash #\n\n*One* __two__ `three`.", "Crash\n\nOne two three."),
        ("> One\n> two\n\n- Three\n- Four\n\n1. Five", "One two\n\nThree\n\nFour\n\nFive"),
        ("[Police](http://a.example 'x') said ![a picture](b.png) so <b>twice</b>.", "Police said  so twice."),
        ("| Killed | Hurt |\n|---|---|\n| 12 | 30 |", "Killed; Hurt\n\n12; 30"),
        ("One.  \nTwo.\n\n```\ncode\n```\n\n    code", "One.\nTwo."),
        ("<div>One <b>two</b></div>\n\n<script>three</script>", "One two"),
        ("Crash\n=====\n\nOne &amp; two \\* three", "Crash\n\nOne & two * three"),
        ("---\na: b\n---\nOne.", "One."),
        ("---\n\nOne.", "One."),
        ("", ""),
    ],
)
def test_markdown(markup: str, text: str) -> None:
    assert parse_markdown(markup).text == text


@pytest.mark.parametrize(
    ("front", "page"),
    [
        (
            'title: "Bus crash: two hurt"\ndate: 2022-01-10 08:00\nauthor: Mira Holt\nsite: Harbour Daily',
            Page("Crash\n\nOne.", "Bus crash: two hurt", "2022-01-10", "Mira Holt", "Harbour Daily"),
        ),
        ("authors: [Mira Holt]\ntags:\n  - crash\ndate: soon", Page("Crash\n\nOne.", "Crash", author="Mira Holt")),
        ("", Page("Crash\n\nOne.", "Crash")),
    ],
)
def test_front_matter(front: str, page: Page) -> None:
    assert parse_markdown(f"---\n{front}\n---\n# Crash\n\nOne.") == page


@pytest.mark.parametrize("sign", [">", "- ", "[", "*", "![", "`", "<", "|", "(", "_a"])
def test_deep_markdown_does_not_exhaust_the_stack(sign: str) -> None:
    parse_markdown(sign * 2_000 + "One.")
