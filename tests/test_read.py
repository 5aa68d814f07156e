"""Reading: every input becomes articles or one error that says what, where and what to do."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factx import read
from factx.encodings import decode_text
from factx.errors import InputError
from factx.facts import Article
from factx.read import open_input, parse_day, read_articles


def write(folder: Path, content: bytes | str, name: str = "storm.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def give_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def read_one(path: Path, **options: Any) -> Article:
    (article,) = read_articles(path, **options)
    return article


def test_text_file_keeps_every_character(tmp_path: Path) -> None:
    text = "  A storm\r\nhit the coast.\n\n“Stay inside,” they said.\t\n"
    article = read_one(write(tmp_path, text))
    assert article == Article(id="storm", source=str(tmp_path / "storm.txt"), text=text)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-32-be", b"\x00\x00\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
def test_unicode_encodings_need_no_warning(tmp_path: Path, encoding: str, mark: bytes) -> None:
    text = "Zoë Núñez said “no” – twice, and left." if mark or encoding == "utf-8" else "No one was hurt on Friday."
    article = read_one(write(tmp_path, mark + text.encode(encoding)))
    assert (article.text, article.warnings) == (text, ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        # Curly marks and a dash of Windows.
        ("“We had no warning,” Mayor Núñez said – twice. The river rose by three metres in a night.\n" * 3, "cp1252"),
        # Another script: statistics must decide.
        ("Полиция сообщила, что в результате аварии погибли двенадцать человек, среди них трое детей.\n" * 5, "cp1251"),
    ],
)
def test_other_encodings_are_guessed_with_a_warning(text: str, encoding: str) -> None:
    decoded, warnings = decode_text(text.encode(encoding))
    assert decoded == text
    assert len(warnings) == 1
    assert "not UTF-8" in warnings[0]


def test_damaged_utf8_stays_utf8() -> None:
    decoded, warnings = decode_text("“Ça va,” said Zoë. “Très bien.”".encode() + b"\xe2\x80 tail")
    assert decoded == "“Ça va,” said Zoë. “Très bien.”� tail"
    assert warnings == ["1 place was not valid UTF-8 and replaced by U+FFFD"]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.txt", "is empty"),
        (b" \n\t\n", "a.txt", "nothing but blanks"),
        (b"\xef\xbb\xbf", "a.txt", "nothing but blanks"),
        (b"%PDF-1.7\n...", "a.pdf", "is a PDF file; turn it into text"),
        (b"\x1f\x8b\x08\x00abc", "a.txt.gz", "compressed with gzip; unpack it first"),
        (b"PK\x03\x04abc", "a.docx", "an office document"),
        (b"\x89PNG\r\n\x1a\nabc", "a.png", "an image, not text"),
        (b"ELF\x00\x01\x02\x03 some words here", "a.bin", "binary data"),
        (bytes(range(1, 32)) * 4, "a.bin", "binary data"),
        ("<!DOCTYPE html>\n<html><p>Storm</p>", "a.html", "is an HTML page; save the article as plain text"),
        ("<!-- x -->\n<html lang=en><p>Storm</p>", "a.txt", "is an HTML page"),
        ('[{"text": "Storm"}]', "a.json", "is a JSON array; put one record on each line"),
        ('{\n  "text": "Storm"\n}\n', "a.json", "JSON over several lines"),
        ('{"text": "Stor', "a.jsonl", "line 1: is not a whole JSON record"),
        ('{"text": "Stor', "a.txt", "line 1: is not a whole JSON record"),
        ('{"body": "x", "headline": "y"}', "a.jsonl", 'line 1: no "text" field (found: body, headline)'),
        ("{}", "a.jsonl", 'line 1: no "text" field (found: no fields)'),
        ('{"text": null}', "a.jsonl", 'line 1: "text" is not a string but null'),
        ('{"text": ["a"]}', "a.jsonl", 'line 1: "text" is not a string but a list'),
        ('"Storm"', "a.jsonl", "line 1: is not a JSON object"),
        ('{"text": ' + "[" * 100_000, "a.jsonl", "line 1: is nested too deeply"),
        ('{"text": ' + "1" * 5_000 + "}", "a.jsonl", "line 1: is not a whole JSON record"),
        ("\n\n", "a.jsonl", "nothing but blanks"),
    ],
)
def test_bad_inputs_are_one_line_that_tells_what_to_do(
    tmp_path: Path, content: bytes | str, name: str, message: str
) -> None:
    path = write(tmp_path, content, name)
    with pytest.raises(InputError) as caught:
        list(read_articles(path))
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: no such file"):
        list(read_articles(tmp_path / "gone.txt"))
    with pytest.raises(InputError, match=r"is a folder; name its files"):
        list(read_articles(tmp_path))
    with pytest.raises(InputError, match=r"cannot be opened"):
        list(read_articles("nul\x00byte"))


def test_kind_can_be_told(tmp_path: Path) -> None:
    markup = write(tmp_path, "<html><p>Storm</p></html>", "a.html")
    assert read_one(markup, kind="text").text == "<html><p>Storm</p></html>"
    with pytest.raises(InputError, match="HTML pages cannot be read yet; save the article as plain text"):
        list(read_articles(markup, "html"))
    record = write(tmp_path, '{"text": "Storm"}', "a.txt")
    assert read_one(record, kind="text").text == '{"text": "Storm"}'
    assert read_one(record).text == "Storm"


def test_text_may_begin_like_json_or_html(tmp_path: Path) -> None:
    for text in ("{sic} he said.", "[1] Police said.", "<b>Storm</b> hits coast", "< 3 people hurt"):
        assert read_one(write(tmp_path, text)).text == text


def test_records(tmp_path: Path) -> None:
    lines = [
        {"text": "One.", "id": "first", "title": "T", "published": "2022-01-10"},
        {"text": "Two.", "id": 7, "published": "2022-01-11T08:00:00+01:00"},
        {"text": "Three.", "id": None, "title": "", "published": None},
        {"text": "", "published": "last week", "id": ["x"], "title": 3},
    ]
    path = write(tmp_path, "\ufeff" + "\n\n".join(map(json.dumps, lines)) + "\n", "batch.jsonl")
    with open_input(path) as opened:
        assert opened.kind == "jsonl"
        one, two, three, four = opened.articles
    source = str(path)
    assert one == Article("first", source, "One.", "T", "2022-01-10", "record")
    assert two == Article("7", source, "Two.", None, "2022-01-11", "record")
    assert three == Article("batch:5", source, "Three.")
    assert (four.id, four.text, four.title, four.published) == ("batch:7", "", None, None)
    assert four.warnings == (
        "the text is empty",
        '"published" is not a day (YYYY-MM-DD) and was ignored: "last week"',
    )


def test_option_goes_before_record(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "One.", "published": "2022-01-10"}\n', "a.jsonl")
    article = read_one(path, published="2020-02-02")
    assert (article.published, article.published_from) == ("2020-02-02", "option")


def test_lone_surrogates_are_replaced_one_for_one(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "a\\ud83db", "id": "\\udc00", "title": "\\ud83d\\ude00"}\n')
    article = read_one(path)
    assert (article.text, article.id, article.title) == ("a\ufffdb", "\ufffd", "😀")
    assert article.warnings == ("lone surrogates were replaced by U+FFFD",)


def test_a_bad_record_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "One."}\n{"tex\n{"text": "Three."}\n{"te', "batch.jsonl")
    errors: list[InputError] = []
    articles = list(read_articles(path, on_error=errors.append))
    assert [article.text for article in articles] == ["One.", "Three."]
    assert [str(error).split(": ")[0] for error in errors] == [f"{path}, line 2", f"{path}, line 4"]


def test_utf16_records(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "One."}\r\n{"text": "Two."}'.encode("utf-16"), "a.jsonl")
    assert [article.text for article in read_articles(path)] == ["One.", "Two."]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, b"Two people were hurt.\n")
    (article,) = read_articles("-")
    assert article == Article("stdin", "-", "Two people were hurt.\n")
    give_stdin(monkeypatch, b'\n{"text": "One."}\n')
    (article,) = read_articles("-")
    assert (article.id, article.text) == ("stdin:2", "One.")
    give_stdin(monkeypatch, b"")
    with pytest.raises(InputError, match="standard input: is empty"):
        list(read_articles("-"))
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input: is closed"):
        list(read_articles("-"))


def test_records_come_before_the_pipe_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            line = b'{"text": "One more."}\n'
            buffer[: len(line)] = line
            return len(line)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    stream = read_articles("-")
    assert [next(stream).id for _ in range(3)] == ["stdin:1", "stdin:2", "stdin:3"]


def test_length_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_MAX_BYTES", 2**20)
    with pytest.raises(InputError, match=r"is longer than 1,048,576 bytes; cut it into articles"):
        list(read_articles(write(tmp_path, b"word " * 2**18)))
    with pytest.raises(InputError, match=r"is UTF-16 and longer than 1,048,576 bytes; recode it"):
        list(read_articles(write(tmp_path, ('{"text": "One."}\n' * 2**16).encode("utf-16"), "wide.jsonl")))
    long = json.dumps({"text": "x" * 2**20})
    path = write(tmp_path, f'{{"text": "One."}}\n{long}\n{{"text": "Three."}}\n', "a.jsonl")
    errors: list[InputError] = []
    assert [article.text for article in read_articles(path, on_error=errors.append)] == ["One.", "Three."]
    assert [str(error) for error in errors] == [f"{path}, line 2: is longer than 1,048,576 bytes"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-01-10", "2022-01-10"),
        (" 2022-01-10 ", "2022-01-10"),
        ("2022-01-10 08:00", "2022-01-10"),
        ("2022-01-10T08:00:00Z", "2022-01-10"),
        ("2022-01-32", None),
        ("2022-1-1", None),
        ("20220110", None),
        ("2022-01-100", None),
        ("10 January 2022", None),
        ("", None),
    ],
)
def test_parse_day(text: str, day: str | None) -> None:
    assert parse_day(text) == day


@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=60).map(str.encode)),
    kind=st.sampled_from(["auto", "text", "jsonl"]),
)
@example(content=b"\xff\xfe\x00", kind="auto")
@example(content=b"\xff\xfe\x00\x00\x00\xd8\x00\x00", kind="text")
@example(content=b"\xff\xfe\x00\xd8", kind="jsonl")
@example(content=b'{"text": 1e999}', kind="jsonl")
def test_any_bytes_are_articles_or_input_errors(tmp_path: Path, content: bytes, kind: read.InputKind) -> None:
    path = write(tmp_path, content)
    try:
        articles = list(read_articles(path, kind))
    except InputError as error:
        assert "\n" not in str(error)
    else:
        for article in articles:
            article.text.encode()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_reads_back(text: str) -> None:
    if not text.startswith("\ufeff") and "\x00" not in text:
        assert decode_text(text.encode()) == (text, [])
