"""Quotes: what is said, by whom, in whose words; and any text whatever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import spacy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_quotation_marks import marked_text

from factx.extract.quotation_marks import find_paragraphs
from factx.extract.quote_cues import find_cues, speech_verbs
from factx.extract.quote_names import find_name
from factx.extract.quote_tree import read_tree
from factx.extract.quotes import find_quotes

if TYPE_CHECKING:
    from conftest import MakeDoc
    from spacy.language import Language

    from factx.facts import Quote

_CASES = Path(__file__).parent / "cases" / "quotes.jsonl"
_BLANK = spacy.blank("en")


def _rows() -> list[Any]:
    rows = [json.loads(line) for line in _CASES.read_text(encoding="utf-8").splitlines()]
    return [
        pytest.param(
            row,
            id=f"{row['label']}"[:60],
            marks=[pytest.mark.xfail(strict=True, reason=row["comment"])] if row["status"] == "fail" else [],
        )
        for row in rows
    ]


def _plain(quote: Quote) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "kind": quote.kind,
        "parts": [part.text for part in quote.parts],
        "cue": quote.cue and quote.cue.text,
        "speaker": quote.speaker and quote.speaker.text,
    }
    if quote.nested:
        plain["nested"] = True
    return plain


def _check(text: str, quotes: list[Quote]) -> None:
    """Check what holds for all quotes of any text."""
    paragraphs = find_paragraphs(text)
    assert [quote.start for quote in quotes] == sorted(quote.start for quote in quotes)
    for quote in quotes:
        spans = [*quote.parts, *filter(None, (quote.cue, quote.speaker))]
        assert all(span.start < span.end and text[span.start : span.end] == span.text for span in spans)
        assert (quote.start, quote.end) == (quote.parts[0].start, quote.parts[-1].end)
        assert quote.text == " ".join(part.text for part in quote.parts)
        assert all(one.end <= other.start for one, other in zip(quote.parts, quote.parts[1:], strict=False))
        assert 0 <= quote.confidence <= 1
        # No part leaves its paragraph, and the quote as a whole leaves none out: it is no longer than their run.
        held = [
            next(n for n, (start, end) in enumerate(paragraphs) if start <= part.start and part.end <= end)
            for part in quote.parts
        ]
        assert set(held) == set(range(held[0], held[-1] + 1))
    parts = [(part.start, part.end, quote) for quote in quotes for part in quote.parts]
    for start, end, quote in parts:
        for other_start, other_end, other in parts:
            if quote is not other and start < other_end and other_start < end:
                assert quote.nested or other.nested


@pytest.mark.parametrize("row", _rows())
def test_cases(row: dict[str, Any], nlp: Language) -> None:
    """Each row of the table; `pipeline` tells whether it needs the model, the others go by marks alone."""
    doc = (nlp if row["pipeline"] else _BLANK)(row["text"])
    quotes = find_quotes(doc)
    _check(row["text"], quotes)
    assert [_plain(quote) for quote in quotes] == row["expect"]


@given(marked_text | st.text(max_size=60))
@example("\x1f\x930")
@settings(deadline=None)
def test_any_text_by_marks(text: str) -> None:
    """No text, however broken its marks, raises or yields a part that leaves its paragraph."""
    _check(text, find_quotes(_BLANK(text)))


_PARAGRAPHS = st.lists(
    st.lists(
        st.sampled_from([*"\"“”‘’'«»:,.?!-", "He said", "Lopez told us", "we go", "It is", "and", "Q:", "BO:"]),
        max_size=9,
    ),
    min_size=2,
    max_size=6,
).map(lambda paragraphs: "\n\n".join(" ".join(words) for words in paragraphs))


@given(_PARAGRAPHS)
@example('" He said He said\n\n" ‘\n\n" He said')
@settings(deadline=None)
def test_any_paragraphs_by_marks(text: str) -> None:
    """Long quotations, marks that never close and attributions between them: what `_check` says holds."""
    _check(text, find_quotes(_BLANK(text)))


@given(marked_text)
@example(' said: ":"We go""')
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_through_the_pipeline(nlp: Language, text: str) -> None:
    _check(text, find_quotes(nlp(text)))


def test_a_content_goes_on_to_its_attribution(make_doc: MakeDoc) -> None:
    """The model stopped at the first comma; what stands before the attribution is said as a whole."""
    doc = make_doc(
        "A dam burst , killing ten , police said .",
        tags=["DT", "NN", "VBD", ",", "VBG", "CD", ",", "NNS", "VBD", "."],
        heads=[1, 2, 8, 2, 2, 4, 8, 8, 8, 8],
        deps=["det", "nsubj", "ccomp", "punct", "advcl", "obj", "punct", "nsubj", "ROOT", "punct"],
        groups={
            "factx_contents": [(0, 3, "CONTENT")],
            "factx_cues": [(8, 9, "CUE")],
            "factx_speakers": [(7, 8, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [0.9], "cues": [8], "speakers": [7]}},
    )
    (quote,) = find_quotes(doc)
    assert quote.text == "A dam burst, killing ten"


def test_links_of_the_model(make_doc: MakeDoc) -> None:
    """A content of the model goes to the cue before it, its borders lose the final stop."""
    doc = make_doc(
        "Officials say the dam held .",
        tags=["NNS", "VBP", "DT", "NN", "VBD", "."],
        heads=[1, 1, 3, 4, 1, 1],
        deps=["nsubj", "ROOT", "det", "nsubj", "ccomp", "punct"],
        groups={
            "factx_contents": [(2, 6, "CONTENT")],
            "factx_cues": [(1, 2, "CUE")],
            "factx_speakers": [(0, 1, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [0.9], "cues": [1], "speakers": [0]}},
    )
    (quote,) = find_quotes(doc)
    assert _plain(quote) == {"kind": "indirect", "parts": ["the dam held"], "cue": "say", "speaker": "Officials"}
    assert quote.rule == "model"


def test_syntax_alone(make_doc: MakeDoc) -> None:
    """Without any proposal of the model the parse finds indirect speech, with less confidence."""
    doc = make_doc(
        "Officials say that the dam held .",
        tags=["NNS", "VBP", "IN", "DT", "NN", "VBD", "."],
        heads=[1, 1, 5, 4, 5, 1, 1],
        deps=["nsubj", "ROOT", "mark", "det", "nsubj", "ccomp", "punct"],
    )
    (quote,) = find_quotes(doc)
    assert (quote.parts[0].text, quote.rule) == ("the dam held", "syntax")
    assert quote.confidence < 0.7


def test_a_conjunct_takes_the_sentence_before_it(make_doc: MakeDoc) -> None:
    """Where the model leaves out the first half of a sentence behind a dateline, it is taken up."""
    doc = make_doc(
        "LIMA , Peru , May 4 , 2024 - Two men died and nine were hurt , police said .",
        tags="NNP , NNP , NNP CD , CD : CD NNS VBD CC CD VBD VBN , NNS VBD .".split(),
        heads=[11, 0, 0, 0, 0, 4, 0, 4, 0, 10, 11, 18, 15, 15, 15, 11, 11, 18, 18, 18],
        groups={
            "factx_contents": [(13, 16, "CONTENT")],
            "factx_cues": [(18, 19, "CUE")],
            "factx_speakers": [(17, 18, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [0.95], "cues": [18], "speakers": [17]}},
    )
    (quote,) = find_quotes(doc)
    assert [part.text for part in quote.parts] == ["Two men died and nine were hurt"]


def test_what_follows_an_attribution_between_commas(make_doc: MakeDoc) -> None:
    """The conjunct behind the attribution is the article's own; what stands before it is attributed."""
    doc = make_doc(
        "A fire killed four people , police said , and schools have closed .",
        tags="DT NN VBD CD NNS , NNS VBD , CC NNS VBP VBN .".split(),
        heads=[1, 2, 2, 4, 2, 2, 7, 2, 12, 12, 12, 12, 2, 2],
        groups={
            "factx_contents": [(10, 13, "CONTENT")],
            "factx_cues": [(7, 8, "CUE")],
            "factx_speakers": [(6, 7, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [0.95], "cues": [7], "speakers": [6]}},
    )
    (quote,) = find_quotes(doc)
    assert [part.text for part in quote.parts] == ["A fire killed four people"]


@pytest.mark.parametrize(
    ("text", "content", "found"),
    [
        # The model saw the middle, or only what goes on behind the attribution.
        ("A dam broke overnight , killing ten , police said .", (3, 7), ["A dam broke overnight, killing ten"]),
        ("Ten men were hurt , police said , two of them badly .", (8, 12), ["Ten men were hurt", "two of them badly"]),
        ("Ten men were hurt , police said Monday , two badly .", (9, 11), ["Ten men were hurt", "two badly"]),
        ("Rain fell . A dam broke , killing ten , police said .", (6, 8), ["A dam broke, killing ten"]),
        ("Lima ( Wire ) - Ten men were hurt , police said .", (7, 9), ["Ten men were hurt"]),
        ("Also , a dam broke , killing ten , police said .", (6, 8), ["a dam broke, killing ten"]),
        # Another attribution, a quotation, or words that are but the frame of what follows.
        ("Lopez said it rained , and a dam broke , police said .", (6, 9), ["a dam broke"]),
        ('Lopez wept : " Go " and a dam broke , police said .', (7, 10), ["a dam broke"]),
        ("In the old town , police said two men were hurt .", (7, 11), ["two men were hurt"]),
        ("The dam broke , police said , and schools are shut .", (8, 11), ["The dam broke"]),
        ("The dam broke by the mill , which , police said , are shut .", (12, 14), ["are shut"]),
    ],
)
def test_what_stands_before_an_attribution(
    make_doc: MakeDoc, text: str, content: tuple[int, int], found: list[str]
) -> None:
    """All of a sentence before its attribution is said, unless another attribution or a quotation stands in it."""
    words = text.split()
    verbs = {"said", "broke", "rained", "wept", "fell", "were", "are"}
    cue = len(words) - 1 - words[::-1].index("said")
    doc = make_doc(
        words,
        tags=["VBD" if word in verbs else "NN" for word in words],
        sent_starts=[0, *(place + 1 for place, word in enumerate(words[:-1]) if word == ".")],
        groups={
            "factx_contents": [(*content, "CONTENT")],
            "factx_cues": [(cue, cue + 1, "CUE")],
            "factx_speakers": [(cue - 1, cue, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [0.95], "cues": [cue], "speakers": [cue - 1]}},
    )
    (quote,) = (q for q in find_quotes(doc) if q.speaker and q.speaker.text == "police")
    assert [part.text for part in quote.parts] == found


@pytest.mark.parametrize(("object_tag", "found"), [("NN", []), ("VBD", ["the session"])])
def test_a_bare_noun_phrase_is_no_statement(make_doc: MakeDoc, object_tag: str, found: list[str]) -> None:
    """What syntax alone takes for a content must have a verb at its head."""
    doc = make_doc(
        "Members said the session .",
        tags=["NNS", "VBD", "DT", object_tag, "."],
        heads=[1, 1, 3, 1, 1],
        deps=["nsubj", "ROOT", "det", "ccomp", "punct"],
    )
    assert [quote.text for quote in find_quotes(doc)] == found


@pytest.mark.parametrize(("score", "found"), [(0.9, ["dead"]), (0.3, [])])
def test_a_word_that_somebody_calls_something(make_doc: MakeDoc, score: float, found: list[str]) -> None:
    """A lone word between marks is a quote where the model is sure of it, else a scare quote."""
    doc = make_doc(
        'She called it " dead " .',
        tags="PRP VBD PRP `` JJ '' .".split(),
        heads=[1, 1, 1, 4, 1, 4, 1],
        deps="nsubj ROOT obj punct xcomp punct punct".split(),
        groups={
            "factx_contents": [(4, 5, "CONTENT")],
            "factx_cues": [(1, 2, "CUE")],
            "factx_speakers": [(0, 1, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [score], "cues": [1], "speakers": [0]}},
    )
    assert [quote.text for quote in find_quotes(doc)] == found


@pytest.mark.parametrize(
    ("text", "content", "found"),
    [
        ('Lopez said the town was , in part , " a ruin of its own " .', (2, 5), ["the town was", "a ruin of its own"]),
        ('Lopez said that as it rained , " the town was empty " .', (3, 12), ['as it rained, "the town was empty']),
        ('Lopez said on Monday , " The town was empty " .', (2, 4), ["The town was empty"]),
        ('Lopez cited many words , among them : " The town was empty " .', (2, 14), ["The town was empty"]),
    ],
)
def test_words_before_a_quotation(make_doc: MakeDoc, text: str, content: tuple[int, int], found: list[str]) -> None:
    """What the model saw between a cue and the quotation that ends the sentence is said, too; no list's heading is."""
    words = text.split()
    verbs = {"said": "VBD", "cited": "VBD", "was": "VBD", "rained": "VBD"}
    doc = make_doc(
        words,
        tags=[verbs.get(word, "NN") for word in words],
        groups={
            "factx_contents": [(*content, "CONTENT")],
            "factx_cues": [(1, 2, "CUE")],
            "factx_speakers": [(0, 1, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [0.95], "cues": [1], "speakers": [0]}},
    )
    (quote,) = (quote for quote in find_quotes(doc) if quote.cue and quote.cue.text in ("said", "cited"))
    assert [part.text for part in quote.parts] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The cut , announced on Friday , surprised us .", []),
        ("The cut , first announced last week , surprised us .", []),
        ("Lopez said the cut , proposed in May , surprised us .", ["said"]),
        ("The cut , announced the bank Friday , surprised us .", ["announced"]),
        ("The cut , Lopez announced on Friday , surprised us .", ["announced"]),
    ],
)
def test_a_participle_between_commas_says_nothing(make_doc: MakeDoc, text: str, found: list[str]) -> None:
    """A noun that was announced does not speak, also where the model takes the participle for a verb."""
    tags = {"surprised": "VBD", "announced": "VBD", "proposed": "VBD", "said": "VBD", "on": "IN", "in": "IN"}
    tags |= {"first": "RB", "last": "JJ", "the": "DT"}
    words = text.split()
    doc = make_doc(words, tags=[tags.get(word, word if word in ",." else "NN") for word in words])
    cues = find_cues(read_tree(doc))
    assert [doc[cue.verb].text for cue in cues if cue.form == "finite"] == found


@pytest.mark.parametrize(("auxiliary", "found"), [("was", []), ("had", ["it rained"])])
def test_who_was_told_does_not_speak(make_doc: MakeDoc, auxiliary: str, found: list[str]) -> None:
    """A participle under the passive of another is passive: "was called in and told that"."""
    relation = "aux:pass" if auxiliary == "was" else "aux"
    doc = make_doc(
        f"She {auxiliary} called in and told that it rained .",
        tags="PRP VBD VBN RP CC VBN IN PRP VBD .".split(),
        heads=[2, 2, 2, 2, 5, 2, 8, 8, 5, 2],
        deps=f"nsubj {relation} ROOT compound:prt cc conj mark nsubj ccomp punct".split(),
    )
    assert [quote.text for quote in find_quotes(doc)] == found


@pytest.mark.parametrize(("opening", "found"), [("", ["to help her"]), ("in order ", [])])
def test_why_somebody_asks_is_not_what(make_doc: MakeDoc, opening: str, found: list[str]) -> None:
    words = f"Lopez asked people {opening}to help her .".split()
    count = len(words)
    verb = count - 3
    doc = make_doc(
        words,
        tags=["NNP", "VBD", "NNS", *["IN"] * (count - 7), "TO", "VB", "PRP", "."],
        heads=[1, 1, 1, *[verb] * (count - 6), 1, verb, 1],
        deps=["nsubj", "ROOT", "obj", *["mark"] * (count - 6), "advcl", "obj", "punct"],
    )
    assert [quote.text for quote in find_quotes(doc)] == found


def test_where_a_source_has_it_from(make_doc: MakeDoc) -> None:
    """What is told "according to the Post, quoting officials," begins behind both sources."""
    doc = make_doc(
        "According to the Post , quoting officials , the talks failed .",
        tags="VBG IN DT NNP , VBG NNS , DT NNS VBD .".split(),
        heads=[3, 3, 3, 10, 10, 3, 5, 10, 9, 10, 10, 10],
        deps="case fixed det obl punct acl obj punct det nsubj ROOT punct".split(),
        groups={
            "factx_contents": [(5, 11, "CONTENT")],
            "factx_cues": [(0, 2, "CUE")],
            "factx_speakers": [(2, 4, "SPEAKER")],
        },
        attrs={"factx_contents": {"scores": [0.95], "cues": [0], "speakers": [2]}},
    )
    assert [quote.text for quote in find_quotes(doc) if quote.rule == "model"] == ["the talks failed"]


def test_confidence_grows_with_the_score(make_doc: MakeDoc) -> None:
    """A surer model gives a surer quote, and one that syntax confirms is surer than one that it does not."""

    def confidence(score: float, *, parsed: bool = True) -> float:
        doc = make_doc(
            "Officials say the dam held .",
            tags=["NNS", "VBP", "DT", "NN", "VBD", "."],
            heads=[1, 1, 3, 4, 1, 1],
            deps=["nsubj", "ROOT", "det", "nsubj", "ccomp" if parsed else "dep", "punct"],
            groups={"factx_contents": [(2, 5, "CONTENT")], "factx_cues": [(1, 2, "CUE")]},
            attrs={"factx_contents": {"scores": [score], "cues": [1], "speakers": [-1]}},
        )
        (quote,) = find_quotes(doc)
        return quote.confidence

    scores = [0.0, 0.3, 0.5, 0.8, 0.85, 0.95, 0.99, 1.0]
    assert [confidence(score) for score in scores] == sorted({confidence(score) for score in scores})


def test_long_text(nlp: Language) -> None:
    """Rows of attributions without a full stop stay quick."""
    del nlp
    for unit in (
        'he said "x" and ',
        '"We go home now." ',
        "he said, ",
        "“We go home.\n",
        "and said ",
        "A, B and said it, ",
    ):
        find_quotes(_BLANK(unit * 300))


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Foreign Minister Ana Lopez", "Ana Lopez"),
        ("A spokesman , Chris Adu", "Chris Adu"),
        ("Karim , the head of the union", "Karim"),
        ("police chief Joao Mendes , 52 , of Porto", "Joao Mendes"),
        ("the mayor of Porto", "the mayor of Porto"),
        ("The centre in Porto , Portugal", "The centre in Porto , Portugal"),
        ("He", None),
    ],
)
def test_names(phrase: str, name: str | None) -> None:
    words = phrase.split()
    found = find_name(words)
    assert (found and " ".join(words[found[0] : found[1]])) == name


def test_forms_of_verbs() -> None:
    verbs = speech_verbs()
    assert {"said", "denies", "denying", "announced", "vowed", "told"} <= set(verbs)
    assert dict(verbs["called"]).keys() == {"", "on", "upon", "for"}
