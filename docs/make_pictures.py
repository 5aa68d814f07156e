"""Make the pictures of the README from the samples: the tables as SVG, the pages as PNG in light and dark.

    python docs/make_pictures.py            needs factx[dev] and a Chromium (Debian: apt-get install chromium)

Run it after a change of the tables, the pages or the model, and look at what it made in docs/pictures/.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI

import factx
from factx.facts import Facts
from factx.render import render_facts
from factx.report import write_report
from factx.write import write_facts

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SHOWN = "taron-earthquake"
# Rich writes where a font could be fetched; a picture in a page must not ask for it.
FONT_FACES = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def read_samples() -> list[Facts]:
    os.chdir(ROOT)  # so that the sources shown are short
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "samples").glob("*.txt"))
    return list(factx.pipe(article for source in sources for article in factx.read_articles(source)))


def draw_table(facts: Facts, path: Path, kinds: tuple[str, ...], width: int = 96) -> None:
    """Draw a terminal with the tables of an article."""
    console = Console(
        record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False,
        markup=False, emoji=False, _environ={},
    )  # fmt: skip
    render_facts(facts, console, kinds)
    command = f"factx extract samples/{facts.article.id}.txt --only {','.join(kinds)}"
    svg = console.export_svg(title=command, theme=MONOKAI, unique_id=path.stem)
    path.write_text(FONT_FACES.sub("", svg), encoding="utf-8")


def take_screenshots(articles: list[Facts], folder: Path) -> None:
    """Take pictures of the report, of its reader and of an article's page."""
    with (folder / "report.html").open("w", encoding="utf-8") as stream:
        write_report(articles, stream)
    shown = next(number for number, facts in enumerate(articles) if facts.article.id == SHOWN)
    with (folder / "article.html").open("w", encoding="utf-8") as stream:
        write_facts([articles[shown]], stream, "html")
    browser_path = os.environ.get("FACTX_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    pictures: list[tuple[str, str, Any]] = [
        ("report-light.png", "report.html", {"color_scheme": "light"}),
        ("report-dark.png", "report.html", {"color_scheme": "dark"}),
        ("report-reader.png", f"report.html#a{shown}-c0", {"color_scheme": "light"}),
        ("article-html.png", "article.html", {"color_scheme": "light"}),
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, page_name, options in pictures:
            page = browser.new_page(viewport={"width": 1360, "height": 860}, reduced_motion="reduce", **options)
            page.goto(f"{folder.as_uri()}/{page_name}")
            page.screenshot(path=PICTURES / name)
            page.close()
        browser.close()


def main() -> None:
    articles = read_samples()
    PICTURES.mkdir(parents=True, exist_ok=True)
    by_id = {facts.article.id: facts for facts in articles}
    draw_table(by_id[SHOWN], PICTURES / "table-counts.svg", ("entities", "counts"))
    draw_table(by_id["kazakhstan-unrest"], PICTURES / "table-quotes.svg", ("dates", "quotes"))
    with tempfile.TemporaryDirectory() as folder:
        take_screenshots(articles, Path(folder))
    sys.stdout.writelines(f"{path.relative_to(ROOT)}\n" for path in sorted(PICTURES.iterdir()))


if __name__ == "__main__":
    main()
