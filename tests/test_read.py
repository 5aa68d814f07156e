"""Reading: every input becomes articles or one error that says what, where and what to do."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factx import read, unpack
from factx.encodings import decode_text
from factx.errors import InputError
from factx.facts import Article
from factx.read import FieldNames, open_input, parse_day, read_articles
from factx.records import parse_stamp


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
        ("utf-32-le", b""),
        ("utf-32-be", b""),
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
        ("The envoy, señor Muñoz, said: “¡Basta ya!” He left at £3.50 – no more.\n" * 3, "cp1252"),
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
        (b"%PDF-1.7\n...", "a.pdf", "is a PDF file; turn it into text first: pdftotext "),
        (b"\x1f\x8b\x08\x00abc", "a.txt.gz", "the packed file ends too early and gives no text; get it anew"),
        (gzip.compress(b""), "a.txt.gz", "is empty"),
        (gzip.compress(gzip.compress(b"Storm")), "a.txt.gz", "is packed twice; unpack it first: gzip -dc "),
        (b"PK\x03\x04abc", "a.zip", "a zip archive or an office document"),
        (b"PK\x03\x04abc word/document.xml", "a.docx", "DOCX); turn it into text first: pandoc -t plain "),
        (b"{\\rtf1 Storm", "a.rtf", "is an RTF document; turn it into text first: pandoc"),
        (b"\x89PNG\r\n\x1a\nabc", "a.png", "an image, not text"),
        (b"ELF\x00\x01\x02\x03 some words here", "a.bin", "binary data"),
        (bytes(range(1, 32)) * 4, "a.bin", "binary data"),
        ("<!DOCTYPE html>\n<html><body></body></html>", "a.html", "no article text found; pass --input text to read"),
        ("<p> </p>\n<p></p>", "a.txt", "no article text found"),
        ("---\ntitle: Storm\n---\n", "a.md", "no article text found"),
        ("[]", "a.json", "holds no record"),
        ('[{"text": "Sto', "a.json", "record 1: is not a whole JSON record"),
        ('{\n  "text": "Storm"', "a.json", "record 1: is not a whole JSON record"),
        ('[{"headline": "Storm", "story": "Two"}]', "a.json", "record 1: no "),
        ('{"text": "Stor', "a.jsonl", "line 1: is not a whole JSON record"),
        ('{"text": "Stor', "a.txt", "line 1: is not a whole JSON record"),
        ('{"body": "x", "headline": "y"}', "a.jsonl", 'line 1: no "text" field (found: body, headline)'),
        ("{}", "a.jsonl", 'line 1: no "text" field (found: no fields)'),
        ('{"text": null}', "a.jsonl", 'line 1: "text" is not a string but null'),
        ('{"text": ["a"]}', "a.jsonl", 'line 1: "text" is not a string but a list'),
        ('"Storm"', "a.jsonl", "line 1: is not a JSON object"),
        ('{"text": "Storm"}'.encode("utf-16")[:-1] + b"x", "a.jsonl", "line 1: is not a whole JSON record"),
        ("[" * 100_000 + "]" * 100_000, "a.json", "record 1: is nested too deeply"),
        ("[[1, 2], [3]]", "a.json", "record 1: is not a JSON object"),
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
    assert read_one(markup).text == "Storm"
    assert read_one(write(tmp_path, "Storm <b>hits</b> coast", "b.txt"), kind="html").text == "Storm hits coast"
    assert read_one(write(tmp_path, "A *storm* hit", "b.txt"), kind="markdown").text == "A storm hit"
    record = write(tmp_path, '{"text": "Storm"}', "a.txt")
    assert read_one(record, kind="text").text == '{"text": "Storm"}'
    assert read_one(record).text == "Storm"


def test_a_page_of_divisions_alone_is_a_page(tmp_path: Path) -> None:
    deep = "<div>" * 50_000 + "<p>Police said 12 people were killed.</p>" + "</div>" * 50_000
    assert read_one(write(tmp_path, deep)).text == "Police said 12 people were killed."


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


RECORDS = [{"text": "One, [two].", "id": "a"}, {"text": 'She said: "}{" \\\\', "id": "b"}, {"text": "", "id": "c"}]


@pytest.mark.parametrize(
    "layout",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        " \n" + json.dumps(RECORDS),
        "\n".join(json.dumps(record, indent=2) for record in RECORDS),
        json.dumps(RECORDS).replace("}, {", "}\n\n,{"),
    ],
    ids=["line", "indented", "blanks", "objects", "commas"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_arrays_and_objects_over_several_lines(tmp_path: Path, layout: str, encoding: str) -> None:
    path = write(tmp_path, layout.encode(encoding), "records.json")
    with open_input(path) as opened:
        assert (opened.kind, opened.holds_records) == ("json", True)
        articles = list(opened.articles)
    assert [(article.id, article.text) for article in articles] == [(each["id"], each["text"]) for each in RECORDS]


def test_a_bad_member_does_not_stop_an_array(tmp_path: Path) -> None:
    path = write(
        tmp_path, '[{"text": "One."}, 7, {"text": }, null, {"text": "Three."}, ["a"], {"text": "Four."}', "a.json"
    )
    errors: list[InputError] = []
    texts = [article.text for article in read_articles(path, on_error=errors.append)]
    assert texts == ["One.", "Three.", "Four."]
    assert [str(error).split(": ")[0] for error in errors] == [f"{path}, record {number}" for number in (2, 3, 4, 6, 7)]
    assert str(errors[-1]).endswith("is the last one, but the array is not closed; is the input cut off?")


def test_array_members_come_before_the_pipe_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        opened = False

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            line = b'{"text": "One more."},\n' if self.opened else b'[{"text": "The first."},\n'
            self.opened = True
            buffer[: len(line)] = line
            return len(line)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    stream = read_articles("-")
    assert [next(stream).id for _ in range(3)] == ["stdin:1", "stdin:2", "stdin:3"]


@pytest.mark.parametrize(
    ("record", "advice"),
    [
        ({"headline": "Storm", "Body": "x"}, "--text-field Body"),
        ({"headline": "Storm", "wire": "Police said on Friday that nobody was hurt."}, "--text-field wire"),
        ({"a": 1}, "--text-field NAME"),
        ({"content": "\x1b[2J", "\x1b[2J": 1}, "--text-field content"),
    ],
)
def test_a_missing_text_names_the_likely_field(tmp_path: Path, record: dict[str, Any], advice: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_articles(write(tmp_path, json.dumps(record), "a.jsonl")))
    assert str(caught.value).endswith(f"; name it with {advice}")
    assert "\x1b" not in str(caught.value)


def test_fields_by_other_names(tmp_path: Path) -> None:
    record = {"story": {"body": "One."}, "story.title": "T", "n": 7, "day": 1641803400, "by": "Mira Holt"}
    names = FieldNames("story.body", "n", "story.title", "day", "by", "paper")
    article = read_one(write(tmp_path, json.dumps(record), "a.jsonl"), fields=names)
    assert (article.text, article.id, article.title, article.author) == ("One.", "7", "T", "Mira Holt")
    assert (article.published, article.published_from) == ("2022-01-10", "record")
    assert article.warnings == ('no "paper" field',)


def test_a_day_by_another_name_is_offered_once(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "One.", "pubDate": "2022-01-10"}\n' * 2, "a.jsonl")
    first, second = read_articles(path)
    assert first.published is None
    assert first.warnings == (
        'no "published" field: relative dates count from "pubDate" if you pass --published-field pubDate',
    )
    assert second.warnings == ()


@pytest.mark.parametrize("kind", ["text", "html", "markdown", "json", "jsonl"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("piped", [False, True])
def test_each_kind_from_a_file_and_from_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kind: str, packed: bool, piped: bool
) -> None:
    content = {
        "text": "Two people were hurt.",
        "html": "<article><p>Two people were hurt.</p></article>",
        "markdown": "# Crash\n\nTwo **people** were hurt.\n\n[More](http://a.example)",
        "json": '[{"text": "Two people were hurt."}]',
        "jsonl": '{"text": "Two people were hurt."}\n',
    }[kind].encode()
    data = gzip.compress(content) if packed else content
    give_stdin(monkeypatch, data)
    source = Path("-") if piped else write(tmp_path, data, f"crash{'.gz' if packed else ''}")
    with open_input(source) as opened:
        assert (opened.kind, opened.packed) == (kind, packed)
        (article,) = opened.articles
    assert "Two people were hurt." in article.text
    assert article.id.split(":")[0] == ("stdin" if piped else "crash")


def test_cut_gzip_gives_what_came_before(tmp_path: Path) -> None:
    lines = "".join(f'{{"text": "Story {number}: {"%x" % (number * 7919)}."}}\n' for number in range(2_000))
    path = write(tmp_path, gzip.compress(lines.encode())[:-2_000], "a.jsonl.gz")
    errors: list[InputError] = []
    articles = list(read_articles(path, on_error=errors.append))
    assert 100 < len(articles) < 2_000
    assert str(errors[-1]) == f"{path}: the packed file ends too early; the records before that were read"
    assert len(errors) <= 2  # the record that was cut
    text = write(tmp_path, gzip.compress(lines.encode())[:-2_000], "a.txt.gz")
    article = read_one(text, kind="text")
    assert lines.startswith(article.text)
    assert article.warnings == ("the packed file ends too early; what came before that was read",)


def test_a_gzip_bomb_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b"0" * 30_000_000)
    assert len(bomb) < 40_000
    with pytest.raises(InputError, match="is longer than 20,000,000 bytes"):
        list(read_articles(write(tmp_path, bomb, "a.txt.gz")))
    monkeypatch.setattr(unpack, "MOST_UNPACKED", 25_000_000)
    record = gzip.compress(b'{"text": "One."}\n{"text": "' + b"0" * 30_000_000)
    errors: list[InputError] = []
    assert len(list(read_articles(write(tmp_path, record, "a.jsonl.gz"), on_error=errors.append))) == 1
    assert "line 2: is longer than 20,000,000 bytes" in str(errors[0])
    assert "it unpacks to more than 25,000,000 bytes; the records before that were read" in str(errors[1])


def test_several_inputs(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"Story {number}.", f"{number}.txt") for number in range(2)]
    sources = [paths[0], tmp_path / "gone.txt", str(paths[1])]
    errors: list[InputError] = []
    assert [article.id for article in read_articles(sources, on_error=errors.append)] == ["0", "1"]
    assert [str(error) for error in errors] == [f"{tmp_path / 'gone.txt'}: no such file"]
    with pytest.raises(InputError, match="no such file"):
        list(read_articles(sources))


def test_xml_of_another_kind_is_told(tmp_path: Path) -> None:
    article = read_one(write(tmp_path, '<?xml version="1.0"?><rss><item>Storm</item></rss>'))
    assert article.warnings == ("this is XML; its tags were read as words",)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2022-01-10T23:59:00-05:00", "2022-01-10"),
        ("Mon, 10 Jan 2022 08:30:00 +0100", "2022-01-10"),
        ("20220110", "2022-01-10"),
        ("2022/01/10", "2022-01-10"),
        ("20220110T083000Z", "2022-01-10"),
        (1641803400, "2022-01-10"),
        (1641803400123, "2022-01-10"),
        (1641803400.5, "2022-01-10"),
        (float("inf"), None),
        (10**40, None),
        (2022, None),
        (True, None),
        ("10/01/2022", None),
        ("2022-13-01", None),
        ("last week", None),
        (["2022-01-10"], None),
        (None, None),
    ],
)
def test_parse_stamp(stamp: object, day: str | None) -> None:
    assert parse_stamp(stamp) == day


@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(max_size=60).map(str.encode), st.binary(max_size=60).map(gzip.compress)
    ),
    kind=st.sampled_from(get_args(read.InputKind)),
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
