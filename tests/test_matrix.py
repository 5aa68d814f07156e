"""Every kind of input times everything odd that may be in it times every format: no traceback, the right exit code.

Each cell runs the command with the shipped pipeline. By turns the input is packed, and comes from a file or a pipe.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from spacy.tokens import DocBin
from spacy.vocab import Vocab
from typer.testing import CliRunner

from factx import cli
from factx.schema import make_schema
from factx.write import Format
from factx.write.csv import CSV_COLUMNS

VALIDATOR = Draft202012Validator(make_schema())
STORY = "Police said on Friday that 12 people were killed in Kabul. “We heard two bangs,” said Zoë Holt, a baker."

# What is odd about the text.
ODD_TEXTS: dict[str, str] = {
    "nothing": STORY,
    "blanks": " \n\t\n ",
    "nul": STORY.replace("Kabul", "Ka\x00bul"),
    "surrogate": STORY.replace("Kabul", "Ka\ud800bul"),
    "bidi": STORY.replace("Kabul", "Ka\u202e\u2066bul\u2069"),
    "escape": STORY.replace("Kabul", "\x1b[31m\x1b]0;title\x07Kabul\x9b2J"),
    "script": STORY.replace("Kabul", '<script>alert(1)</script> "><img src=x onerror=alert(1)>'),
    "formula": "=HYPERLINK(1)\n\n" + STORY.replace("12 people", "+12 people"),
    "long word": STORY.replace("Kabul", "K" * 20_000),
    "broken": STORY.replace("“", "â€œ").replace("”", "â€\x9d"),
    "capitals": STORY.upper(),
}
# What is odd about the bytes.
ODD_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda data: data[: len(data) // 2],
    "windows": lambda data: data.decode().encode("cp1252"),
    "utf-16": lambda data: data.decode().encode("utf-16"),
    "marked": lambda data: b"\xef\xbb\xbf" + data,
    "damaged": lambda data: data.replace("ë".encode(), b"\xc3"),
    "noise": lambda _: bytes(range(256)) * 8,
}
KINDS = ("text", "html", "markdown", "json", "jsonl")
# Exit code 1: there is nothing to read, or it is not whole.
FAILS = {
    *((kind, odd) for kind in KINDS for odd in ("empty", "noise")),
    *((kind, odd) for kind in ("text", "html", "markdown") for odd in ("blanks", "nul")),
    *((kind, "cut") for kind in ("json", "jsonl")),
}


def make_input(kind: str, odd: str) -> bytes:
    text = ODD_TEXTS.get(odd, STORY)
    if kind == "html":
        content = f"<!DOCTYPE html><html><body><article><p>{text}</p></article></body></html>" if text.strip() else ""
    elif kind == "markdown":
        content = f"# Bangs\n\n{text}\n\n*[More](http://a.example)*" if text.strip() else text
    elif kind == "json":
        content = json.dumps([{"text": text}, {"text": "Two men were arrested."}])
    elif kind == "jsonl":
        content = json.dumps({"text": text}) + '\n{"text": "Two men were arrested."}\n'
    else:
        content = text
    data = content.encode(errors="surrogatepass")
    return ODD_BYTES[odd](data) if odd in ODD_BYTES else data


@pytest.mark.parametrize("format", ["table", *get_args(Format)])
@pytest.mark.parametrize("odd", [*ODD_TEXTS, *ODD_BYTES])
@pytest.mark.parametrize("kind", KINDS)
def test_cell(kind: str, odd: str, format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    turn = sum(map(ord, kind + odd + format))
    data = gzip.compress(make_input(kind, odd)) if turn % 2 else make_input(kind, odd)
    Path("input").write_bytes(data)
    source = "-" if turn % 3 else "input"
    result = CliRunner().invoke(
        cli.app, ["extract", source, "--input", kind, "-f", format, "-o", "output"], input=data, prog_name="factx"
    )
    assert result.exit_code == ((kind, odd) in FAILS)
    assert isinstance(result.exception, SystemExit | None)
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert all(line.startswith(("error: ", "warning: ")) for line in lines)
    assert result.exit_code == any(line.startswith("error: ") for line in lines)
    assert "\x1b" not in result.stderr
    read_something = (kind, odd) not in FAILS or odd == "cut"
    assert {path.name for path in tmp_path.iterdir()} <= {"input", "output"}
    if format in ("json", "jsonl") and Path("output").exists():
        records: Any = Path("output").read_text(encoding="utf-8")
        records = [json.loads(line) for line in records.splitlines()] if format == "jsonl" else json.loads(records)
        records = records if isinstance(records, list) else [records]
        assert len(records) == (2 if kind in ("json", "jsonl") and not result.exit_code else 1)
        for record in records:
            VALIDATOR.validate(record)
    elif format == "table" and Path("output").exists():
        table = Path("output").read_text(encoding="utf-8")
        assert not set("\x00\x07\x1b\x9b\u202e\u2066") & set(table)
    elif format == "csv" and Path("output").exists():
        rows = list(csv.reader(Path("output").read_text(encoding="utf-8").splitlines()))
        assert rows[0] == list(CSV_COLUMNS)
        assert all(len(row) == len(CSV_COLUMNS) and not any(cell[:1] in "=+@" and cell for cell in row) for row in rows)
    elif format == "html" and Path("output").exists():
        page = etree.HTML(Path("output").read_text(encoding="utf-8"))
        assert page.tag == "html"
        assert not any("alert" in (script.text or "") for script in page.iter("script"))
        assert not [node for node in page.iter() if any(str(name).startswith("on") for name in node.attrib)]
    elif format == "docbin" and Path("output").exists():
        docs = list(DocBin().from_bytes(Path("output").read_bytes()).get_docs(Vocab()))
        assert len(docs) == (2 if kind in ("json", "jsonl") and not result.exit_code else 1)
    assert Path("output").exists() <= read_something
