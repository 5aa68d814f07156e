"""DocBin: parsed articles with their facts, for those who go on in spaCy."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import spacy
import strategies
from conftest import MakeDoc
from hypothesis import given
from spacy.tokens import Doc, DocBin
from typer.testing import CliRunner

from factx import cli, process
from factx.facts import Article, Count, Date, Entity, Facts, Quote, Ref, Span, Speaker
from factx.write.docbin import DocBinWriter, annotate_doc

BLANK = spacy.blank("en")
WORDS = "Police said 12 people died on Friday . “ We are sad , ” Mayor Ann Lee said ."


def make_facts(text: str) -> Facts:
    def place(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    lee, number, died, friday, sad = map(place, ("Ann Lee", "12 people", "died", "Friday", "We are sad"))
    return Facts(
        Article("quake", "quake.txt", text),
        (Entity("e1", "PERSON", "Ann Lee", "Mayor", None, (Span(*lee, "Ann Lee"),), 0.99),),
        (
            Count(
                "killed", 12, 12, "exact", "12 people", *number, "people", False, "asserted", Span(*died, "died"),
                Ref("Police", 0, 6), None, None, 0.9, "model",
            ),
        ),
        (Date("Friday", *friday, "DATE", "2022-01-07", None, 0.9, "weekday"),),
        (
            Quote(
                "direct", "We are sad", *sad, (Span(*sad, "We are sad"),), None,
                Speaker("Ann Lee", *lee, "Ann Lee", "e1"), False, 0.3, "marks",
            ),
        ),
    )  # fmt: skip


def read(writer: DocBinWriter) -> list[Doc]:
    stream = io.BytesIO()
    writer.write(stream)
    return list(DocBin().from_bytes(stream.getvalue()).get_docs(BLANK.vocab))


def layers(doc: Doc) -> dict[str, list[tuple[str, str, str]]]:
    return {name: [(span.text, span.label_, span.id_) for span in group] for name, group in doc.spans.items()}


def test_facts_and_parse_come_back_in_any_pipeline(make_doc: MakeDoc) -> None:
    doc = make_doc(
        WORDS, heads=[1, *[1] * 7, *[8] * 11], tags=["NN"] * 19, groups={"factx_count_spans": [(2, 4, "killed")]}
    )
    facts = make_facts(doc.text)
    writer = DocBinWriter()
    writer.add(doc, facts)
    (found,) = read(writer)
    assert found.text == doc.text
    assert [token.head.i for token in found] == [token.head.i for token in doc]
    assert {token.tag_ for token in found} == {"NN"}
    assert [(ent.text, ent.label_, ent.ent_id_) for ent in found.ents] == [("Ann Lee", "PERSON", "e1")]
    assert layers(found) == {
        "factx_counts": [("12 people", "killed", "")],
        "factx_dates": [("Friday", "DATE", "2022-01-07")],
        "factx_quotes": [("We are sad", "direct", "")],
        "factx_cues": [("died", "cue", "")],
        "factx_speakers": [("Ann Lee", "speaker", "e1")],
    }
    assert found.user_data["factx"]["counts"][0]["low"] == 12
    assert "text" not in found.user_data["factx"]


def test_only_what_was_asked_for_is_kept(make_doc: MakeDoc) -> None:
    doc = make_doc(WORDS)
    writer = DocBinWriter(("quotes", "counts"), 0.5)
    writer.add(doc, make_facts(doc.text))
    (found,) = read(writer)
    assert found.ents == ()
    assert layers(found)["factx_quotes"] == []
    assert layers(found)["factx_counts"] == [("12 people", "killed", "")]


@given(strategies.facts())
def test_any_facts_can_be_put_into_a_doc(facts: Facts) -> None:
    doc = BLANK.make_doc(facts.article.text.encode(errors="replace").decode())
    annotate_doc(doc, facts)
    DocBin(store_user_data=True, docs=[doc]).to_bytes()


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text("Police said 12 people were killed in Kabul on Friday.\n", encoding="utf-8")
    return path


def test_the_command_writes_parsed_articles(story: Path, tmp_path: Path) -> None:
    output = tmp_path / "facts.spacy"
    # The ending of the file chooses the format.
    assert CliRunner().invoke(cli.app, ["extract", str(story), "-o", str(output)]).exit_code == 0
    (doc,) = DocBin().from_disk(output).get_docs(BLANK.vocab)
    assert [span.text for span in doc.spans["factx_counts"]] == ["12 people"]
    assert doc.has_annotation("DEP")
    assert doc.has_annotation("SENT_START")
    result = CliRunner().invoke(cli.app, ["extract", str(story), "-f", "docbin"])
    assert result.exit_code == 0
    assert result.stdout_bytes == output.read_bytes()


def test_no_terminal_gets_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Terminal())
    with pytest.raises(cli.typer.BadParameter, match="name a file with -o"):
        cli._make_docbin((), 0.0, None)


def test_a_text_read_in_stretches_is_one_doc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "cut_text", lambda text: [(0, 26), (26, len(text))])
    article = Article("a", "a.txt", "Police killed two people.\nAnn Lee said on Friday that 12 people were killed.\n")
    taken: list[tuple[Doc, Facts]] = []
    ((_, facts),) = process.process_articles([article], on_doc=lambda doc, found: taken.append((doc, found)))
    ((doc, found),) = taken
    assert doc.text == article.text
    assert found == facts
    annotate_doc(doc, found)
    assert "12 people" in [span.text for span in doc.spans["factx_counts"]]
    DocBin(store_user_data=True, docs=[doc]).to_bytes()
