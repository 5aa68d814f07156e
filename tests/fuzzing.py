"""Throw odd inputs at the whole way from bytes to output, and keep those that break it.

    python tests/fuzzing.py --minutes 30 --keep FOLDER        at random
    pytest tests/test_fuzzing.py                              a few seconds of it

Each round takes words of news, spoils them, puts them into one kind of input, spoils the bytes, reads them with random
options, finds the facts and writes them in every format. Whatever is raised but for an InputError of one line is a
crash, and so is a fact whose words are not at its place or an output that the schema refuses.
"""

from __future__ import annotations

import argparse
import gzip
import html
import io
import json
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, get_args

from jsonschema import Draft202012Validator
from spacy.language import Language

import factx
from factx.errors import InputError
from factx.process import process_articles
from factx.read import FieldNames, read_articles
from factx.render import make_console, render_facts
from factx.schema import make_schema
from factx.select import FACT_KINDS, select_facts
from factx.sniff import InputKind
from factx.write import Format, write_facts

WORDS = """Police said that at least 12 people were killed , and dozens of others wounded in Kabul on Friday . “ ” ' "
He told reporters : ‘ ’ Mr. Khan , the minister , added that no fewer than 3,000 had fled since January 5 ,
2021 . according to Ms Lee last week between 20 and 30 half a million two-thirds of the 90 U.N. officials
she said « » Q: A: not one dead 2.5m -- ... 14:30 5 p.m. yesterday the mid-1990s Thursday's every year
2022-01-10 rose from 45 to 54 denied may have been arrested charged missing rescued who which her they""".split()
SIGNS = [
    *"\x00\x07\x1b\x7f\x9b\xad\u200b\u202e\u2028\ufeff\ufffd\ud800\udfff\n\r\t[]<>&\"'“”‘’«»`—–…()%$£0９½Ⅻ①",
    "\r\n", "\n\n", "\x1b[31m", "👩‍👩‍👧", "e\u0301", "â€œ", "â€\x9d", "Ã©", "&quot;", "&#x202e;", "</script>",
    "<!--", "]]>", "{", "}", "\\", "\\u", '":', "=cmd()", "javascript:", "http://a.b/c?d=e&f", "<p>", "</p>", "**",
    "# ", "> ", "- ", "---\n", "```",
    "9" * 400, "a" * 3_000, "“" * 60, "(" * 60, "and " * 60, "1-" * 60, "the " * 200,
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "cp1251", "shift_jis", "utf-7"]
SUFFIXES = [".txt", ".html", ".md", ".json", ".jsonl", ".gz", ".html.gz", ".pdf", "", ".TXT"]
NAMES = ["text", "id", "title", "published", "author", "site", "body", "date", "a.b"]


class Fuzzer:
    """Makes inputs and follows each to its outputs.

    Args:
        seed: The same seed gives the same inputs.
        nlp: The pipeline.
        folder: Where inputs are written.
    """

    def __init__(self, seed: int, nlp: Language, folder: Path) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.nlp = nlp
        self.folder = folder
        self.validator = Draft202012Validator(make_schema())
        self.articles = 0

    def run_round(self) -> Path:
        """Make one input and follow it; gives the file, or raises with the file in a note."""
        path = self.folder / f"fuzz{self.chance.choice(SUFFIXES)}"
        path.write_bytes(self.make_bytes())
        options: dict[str, Any] = {
            "kind": self.chance.choice(["auto", "auto", *get_args(InputKind)]),
            "published": self.chance.choice([None, "2022-01-10", "0001-01-01", "9999-12-31"]),
            "encoding": self.chance.choice([None, None, None, *ENCODINGS]),
            "fields": FieldNames(*(self.chance.sample(NAMES, 6))) if self.chance.random() < 0.2 else None,
        }
        try:
            self.follow(path, options)
        except Exception as error:
            error.add_note(f"options: {options}")
            raise
        return path

    def follow(self, path: Path, options: dict[str, Any]) -> None:
        """Read an input, find its facts and write them."""
        errors: list[InputError] = []
        try:
            articles = list(read_articles(path, **options, on_error=errors.append))
        except InputError as error:
            articles = []
            errors.append(error)
        assert all("\n" not in str(error) for error in errors)
        results = list(process_articles(articles, nlp=self.nlp))
        assert len(results) == len(articles)
        for article, facts in results:
            if isinstance(facts, Exception):
                raise facts
            assert facts.article.text == article.text
            check_places([getattr(facts, kind) for kind in FACT_KINDS], article.text)
            self.articles += 1
            self.write(facts)

    def write(self, facts: factx.Facts) -> None:
        """Write facts in every format."""
        facts = select_facts(facts, FACT_KINDS, self.chance.choice([0.0, 0.0, 0.5, 1.0]))
        for format in get_args(Format):
            stream = io.StringIO()
            write_facts([facts], stream, format, text=self.chance.random() < 0.8, single=True)
            stream.getvalue().encode()
            if format in ("json", "jsonl"):
                self.validator.validate(json.loads(stream.getvalue()))
        console = make_console(io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict"))
        console.width = self.chance.choice([1, 20, 80, 200])
        render_facts(facts, console)

    # -- making inputs

    def make_bytes(self) -> bytes:
        """Make an input of any kind, more or less spoilt."""
        chance = self.chance
        form = chance.choice([self.make_text, self.make_page, self.make_markdown, self.make_records, self.make_array])
        encoding = chance.choice(["utf-8", "utf-8", "utf-8", *ENCODINGS])
        data = form().encode(encoding, errors=chance.choice(["replace", "ignore", "backslashreplace"]))
        if chance.random() < 0.3:
            data = self.spoil(data)
        if chance.random() < 0.15:
            data = gzip.compress(data, 1)
            if chance.random() < 0.4:
                data = self.spoil(data)
        return data

    def make_text(self) -> str:
        """Make a text with some sense and some nonsense in it."""
        chance = self.chance
        words = chance.choices(WORDS, k=chance.choice([0, 1, 3, 10, 40, 40, 120, 300]))
        for _ in range(chance.choice([0, 0, 1, 3, 10])):
            words.insert(chance.randint(0, len(words)), chance.choice(SIGNS))
        text = chance.choice([" ", " ", " ", "\n", "  ", ""]).join(words)
        return chance.choice([str, str, str, str.upper, str.lower, str.title])(text)

    def make_page(self) -> str:
        """Make a page or a piece of one."""
        chance = self.chance
        tags = ["p", "p", "p", "div", "li", "h1", "td", "blockquote", "article", "script", "b", "svg", "title", "nav"]
        parts = []
        for tag in chance.choices(tags, k=chance.randint(1, 8)):
            text = self.make_text()
            inner = html.escape(text) if chance.random() < 0.8 else text
            closing = f"</{tag}>" if chance.random() < 0.9 else ""
            parts.append(f"<{tag}>" * chance.choice([1, 1, 1, 30, 400]) + inner + closing)
        body = "".join(parts)
        if chance.random() < 0.4:
            return body
        day = chance.choice(["2022-01-10", "10 Jan 2022", "2022-13-40", "", self.make_text()])
        head = f'<meta charset="{chance.choice(ENCODINGS)}"><meta property="article:published_time" content="{day}">'
        return f"<!DOCTYPE html><html><head>{head}<title>{self.make_text()}</title></head><body>{body}</body></html>"

    def make_markdown(self) -> str:
        """Make Markdown."""
        starts = ["# ", "## ", "> ", "- ", "1. ", "", "", "| a | b |\n|---|---|\n| ", "```\n", "    ", "[", "*" * 40]
        parts = [self.chance.choice(starts) + self.make_text() for _ in range(self.chance.randint(1, 6))]
        front = self.chance.choice(["", "", "---\ntitle: T\ndate: 2022-01-10\n---\n", "---\n", "---\na: [\n---\n"])
        return front + "\n\n".join(parts)

    def make_record(self) -> dict[str, Any]:
        """Make a record of which little can be relied on."""
        chance = self.chance
        odd: list[Any] = [None, 7, 1.5, True, [], {}, "", "2022-01-10", 1641803400, [[[]]], {"b": "c"}, 10**30]
        record = {name: chance.choice([*odd, self.make_text()]) for name in chance.sample(NAMES, chance.randint(0, 5))}
        if chance.random() < 0.9:
            record["text"] = self.make_text()
        return record

    def make_records(self) -> str:
        """Make JSON lines."""
        ascii_only = self.chance.random() < 0.5
        return "\n".join(
            json.dumps(self.make_record(), ensure_ascii=ascii_only) for _ in range(self.chance.randint(1, 4))
        )

    def make_array(self) -> str:
        """Make an array, or records over several lines."""
        records: list[Any] = [self.make_record() for _ in range(self.chance.randint(0, 4))]
        if self.chance.random() < 0.3:
            return "\n".join(json.dumps(record, indent=2) for record in records)
        return json.dumps([*records, *self.chance.choice([[], [1], [[]], ["a"]])])

    def spoil(self, data: bytes) -> bytes:
        """Cut, double, overwrite and insert bytes."""
        chance = self.chance
        for _ in range(chance.choice([1, 1, 2, 8])):
            start, end = sorted(chance.randint(0, len(data)) for _ in range(2))
            data = chance.choice(
                [
                    data[:start],
                    data[start:],
                    data[:start] + data[end:],
                    data[:end] + data[start:end][:5_000] + data[end:],
                    data[:start] + chance.randbytes(chance.choice([1, 2, 16])) + data[start:],
                    data[:start] + chance.randbytes(1) + data[start + 1 :],
                ]
            )
        return data[:200_000]


def check_places(value: Any, text: str) -> None:
    """Hold every record with a place to it: its words stand there."""
    if isinstance(value, (list, tuple)):
        for item in value:
            check_places(item, text)
        return
    if not hasattr(value, "__dataclass_fields__"):
        return
    if hasattr(value, "start") and len(getattr(value, "parts", ())) < 2:
        assert 0 <= value.start < value.end <= len(text), value
        assert text[value.start : value.end] == value.text, value
    for name in value.__dataclass_fields__:
        check_places(getattr(value, name), text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to go on (default: 1)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="where to begin (default: the clock)")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that break something")
    options = parser.parse_args()
    nlp = factx.load_pipeline()
    crashes: dict[str, int] = {}
    rounds = slowest = 0.0
    end = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(options.seed, nlp, Path(folder))
        while time.monotonic() < end:
            rounds += 1
            begin = time.process_time()
            try:
                fuzzer.run_round()
            except Exception as error:  # noqa: BLE001 - every crash is of interest
                where = traceback.extract_tb(error.__traceback__)[-1]
                name = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
                crashes[name] = crashes.get(name, 0) + 1
                if crashes[name] == 1:
                    traceback.print_exception(error)
                    keep(options.keep, Path(folder), name)
            seconds = time.process_time() - begin
            if seconds > slowest and seconds > 2:
                slowest = seconds
                print(f"round {rounds:.0f} took {seconds:.1f} s", flush=True)
                keep(options.keep, Path(folder), f"slow{rounds:.0f}")
            for path in Path(folder).iterdir():
                path.unlink()
        print(f"{rounds:,.0f} inputs, {fuzzer.articles:,} articles, seed {options.seed}, crashes: {crashes or 'none'}")
    return int(bool(crashes))


def keep(folder: Path | None, source: Path, name: str) -> None:
    """Keep the input of this round."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for path in source.iterdir():
            (folder / f"{name.replace(' ', '-').replace(':', '-')}{path.suffix}").write_bytes(path.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
