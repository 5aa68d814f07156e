"""The pages in a real browser: filters, search, the way from a fact to its place, keyboard, attacks, accessibility.

They need Chromium (Debian: apt-get install chromium; or FACTX_BROWSER=path) and the Python package playwright.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile import make_hostile_facts
from synthetic import make_articles

from factx.report import write_report
from factx.write import write_facts
from factx.write.templating import read_template

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
BROWSER = os.environ.get("FACTX_BROWSER") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
in_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium found; name one by FACTX_BROWSER")
MANY = 2000

# Text on its ground: each pair has to reach 4.5 to 1 (WCAG 2, AA), lines and dots on theirs 3 to 1.
KINDS = ("person", "org", "place", "group", "count", "date", "quote")
GROUNDS = ("ground", "panel", "raised")
TEXTS = [(text, ground) for text in ("ink", "muted", "accent") for ground in GROUNDS]
TEXTS += [("accent-ink", "accent"), ("warn", "warn-ground"), *(("ink", f"{kind}-ground") for kind in KINDS)]
LINES = [(kind, f"{kind}-ground") for kind in KINDS]
LINES += [("count", "raised"), ("quote", "raised"), ("date", "raised"), ("muted", "raised")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        # Containers run as root, where Chromium's own sandbox cannot.
        opened = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pages that are looked at."""
    folder = tmp_path_factory.mktemp("pages")
    with (folder / "many.html").open("w", encoding="utf-8") as stream:
        write_report(make_articles(MANY), stream)
    with (folder / "few.html").open("w", encoding="utf-8") as stream:
        write_report(make_articles(12), stream)
    with (folder / "hostile.html").open("w", encoding="utf-8") as stream:
        write_report([make_hostile_facts(), *make_articles(2)], stream, title="<script>window.ran = 1</script>")
    for name, facts in (("article", make_articles(2)), ("hostile-article", [make_hostile_facts()])):
        with (folder / f"{name}.html").open("w", encoding="utf-8") as stream:
            write_facts(facts, stream, "html")
    return folder


@pytest.fixture
def visit(browser: Any, pages: Path) -> Iterator[Any]:
    """Open a page by name and fail if it complains or asks for anything but itself."""
    contexts, troubles = [], []

    def open_page(name: str, hash: str = "", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        page.on("request", lambda request: None if ".html" in request.url else troubles.append(request.url))
        page.goto(f"{(pages / name).as_uri()}{hash}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def in_view(page: Any, selector: str) -> bool:
    """Tell whether an element is on the screen."""
    found: bool = page.locator(selector).evaluate(
        "e => { const r = e.getBoundingClientRect(); return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight }"
    )
    return found


@in_browser
def test_filters_by_kind_place_person_and_date(visit: Any) -> None:
    page = visit("many.html")
    status = page.locator("#status")
    assert status.inner_text() == "2,000 articles"
    place = page.locator("#facet-place li").first
    name, number = place.locator(".name").inner_text(), int(place.locator(".number").inner_text())
    place.locator("input").click()
    assert status.inner_text() == f"{number} of 2,000 articles"
    titles = page.locator("#results h3").all_text_contents()
    assert titles
    assert all(title.startswith(f"{name}:") for title in titles)
    # A second facet narrows; what stands beside a name is what a click gives.
    person = page.locator("#facet-person li").first
    left = int(person.locator(".number").inner_text())
    person.locator("input").click()
    assert status.inner_text() == f"{left} of 2,000 articles"
    page.fill("#from", "2031-06-01")
    page.fill("#to", "2031-08-31")
    assert int(status.inner_text().split()[0]) < left
    days = [text[:10] for text in page.locator("#results li > p:first-of-type").all_text_contents()]
    assert days == sorted(days, reverse=True)
    assert all("2031-06-01" <= day <= "2031-08-31" for day in days)
    chips = page.locator("#chips button")
    assert chips.count() == 4
    chips.last.click()
    assert chips.count() == 3
    page.locator("button[type=reset]").click()
    playwright.expect(page.locator("#status")).to_have_text("2,000 articles")
    assert chips.count() == 0
    page.locator("#facet-kind input[value=injured]").click()
    assert page.locator("#toll-kind").input_value() == "injured"
    assert set(page.locator("#results .pill:not(.who)").all_text_contents()[0].split()) >= {"injured"}


@in_browser
def test_search_finds_words_of_the_text_and_marks_them(visit: Any) -> None:
    page = visit("many.html")
    page.fill("#search", "Article 1234 is")
    playwright.expect(page.locator("#status")).to_have_text("1 of 2,000 articles")
    assert page.locator("#results mark.found").inner_text().lower() == "article"
    page.fill("#search", "nowhere at all")
    playwright.expect(page.locator("#status")).to_have_text("0 of 2,000 articles")
    assert "No article passes these filters" in page.locator("#results").inner_text()
    page.locator("#results button").click()
    playwright.expect(page.locator("#status")).to_have_text("2,000 articles")
    page.locator("#facet-speaker input[type=text]").fill("vargas")
    names = page.locator("#facet-speaker .name").all_inner_texts()
    assert names
    assert all("Vargas" in name for name in names)


@in_browser
def test_a_fact_leads_to_its_place(visit: Any) -> None:
    page = visit("few.html")
    pill = page.locator("#results .pill:not(.who)").nth(1)
    words = pill.inner_text()
    pill.click()
    assert re.fullmatch(r"#a\d+-c1", page.evaluate("location.hash"))
    mark = page.locator("#story mark.here")
    assert mark.inner_text().split()[0] in words
    assert in_view(page, "#story mark.here")
    assert mark.evaluate("e => e === document.activeElement")
    page.get_by_role("button", name="in the text").first.click()
    assert in_view(page, "#story mark.quote.here")
    # Back through what was looked at, and out.
    page.go_back()
    assert "count" in (page.locator("#story mark.here").get_attribute("class") or "")
    title = page.locator("#reader-title").inner_text()
    page.locator("#next").click()
    playwright.expect(page.locator("#reader-title")).not_to_have_text(title)
    page.keyboard.press("Escape")
    assert not page.locator("#reader").is_visible()
    assert page.evaluate("location.hash") == ""


@in_browser
def test_an_address_opens_an_article_at_a_fact(visit: Any) -> None:
    page = visit("few.html", "#a3-d1")
    assert page.locator("#reader").is_visible()
    assert in_view(page, "#story mark.date.here")
    assert visit("few.html", "#a99-c0").locator("#reader").is_hidden()
    assert visit("few.html", "#a3-c77").locator("#reader").is_visible()


@in_browser
def test_charts_show_figures_days_and_what_differs(visit: Any) -> None:
    page = visit("many.html")
    assert page.locator("#tolls circle").count() == MANY
    assert "2,000 figures of people killed" in (page.locator("#tolls svg").get_attribute("aria-label") or "")
    page.locator("#tolls summary").click()
    # The table is filled when the browser tells that it was opened, a moment after the click.
    playwright.expect(page.locator("#tolls tbody tr")).to_have_count(200)
    page.locator("#tolls tbody button").first.click()
    playwright.expect(page.locator("#story mark.count.here")).to_be_visible()
    page.keyboard.press("Escape")
    figures = page.locator("#differences .group").first.locator(".figure").all_inner_texts()
    assert len(set(figures)) > 1
    assert "says " in page.locator("#differences").inner_text()
    speaker = page.locator("#speakers button").first
    name = speaker.inner_text()
    speaker.click()
    playwright.expect(page.locator("#chips")).to_contain_text(name)
    playwright.expect(page.locator("#facet-speaker input:checked")).to_have_count(1)


@in_browser
def test_all_can_be_done_by_keyboard(visit: Any) -> None:
    page = visit("few.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("minister")
    playwright.expect(page.locator("#status")).to_contain_text(" of 12 articles")
    page.locator("#timeline .bar").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("#timeline .bar[aria-pressed=true]").count() == 1
    assert page.locator("#moments li").count() >= 1
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.locator("#facet-place input").first.focus()
    page.keyboard.press("Space")
    # The list is drawn anew, and the focus stays on the same box.
    assert page.evaluate("document.activeElement.checked") is True
    page.locator("#results h3 button").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "reader-title"


@in_browser
@pytest.mark.parametrize("name", ["hostile.html", "hostile-article.html"])
def test_attacks_are_words(visit: Any, name: str) -> None:
    page = visit(name)
    if name == "hostile.html":
        page.fill("#search", "<img")
        playwright.expect(page.locator("#results mark.found")).to_have_text("<img")
        page.evaluate("openArticle(0, 'c0')")
        assert page.locator("#story").inner_text().startswith("<script>window.ran = 1</script>")
    assert page.evaluate("window.ran") is None
    assert page.locator("img, iframe, a[href^=javascript]").count() == 0
    assert page.locator("script").count() == (3 if name == "hostile.html" else 0)


@in_browser
def test_marks_of_an_article_can_be_hidden_and_facts_lead_to_them(visit: Any) -> None:
    page = visit("article.html")
    mark = page.locator("mark.count").first
    framed = mark.evaluate("e => getComputedStyle(e).boxShadow")
    page.locator("#show-count").click()
    assert framed != mark.evaluate("e => getComputedStyle(e).boxShadow") == "none"
    page.locator("a[href='#a2-q0']").click()
    assert in_view(page, "mark:target")


@in_browser
@pytest.mark.parametrize("name", ["few.html", "article.html", "hostile.html", "hostile-article.html"])
def test_no_page_is_wider_than_the_screen(visit: Any, name: str) -> None:
    page = visit(name)
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(200)  # charts are drawn anew when the width has settled
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if "article" not in name:
            page.evaluate("openArticle(0)")
            assert page.locator("#reader").evaluate("e => e.scrollWidth <= e.clientWidth")
            page.keyboard.press("Escape")


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["few.html", "article.html"])
def test_pages_pass_the_rules_of_accessibility(visit: Any, name: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = visit(name, color_scheme=scheme)
    found = axe.Axe().run(page).response["violations"]
    if name == "few.html":
        page.evaluate("openArticle(0, 'c0')")
        found += axe.Axe().run(page).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == []


def _read_colours() -> dict[str, dict[str, str]]:
    light, dark = read_template("theme.css").split("@media (prefers-color-scheme: dark)", 1)
    dark = dark[: dark.index("\n}")]
    pattern = r"--([a-z-]+): (#[0-9a-f]{6})"
    return {"light": dict(re.findall(pattern, light)), "dark": dict(re.findall(pattern, dark))}


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (LINES, 3.0)])
def test_contrast(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = _read_colours()[scheme]
    for one, other in pairs:
        high, low = sorted((_luminance(colours[one]), _luminance(colours[other])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= least, (one, other)
