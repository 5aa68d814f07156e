"""What all tests share: the shipped pipeline, loaded once, and a factory of hand-built Docs for tests of rules."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import pytest
import spacy
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.vocab import Vocab

import factx
import factx.write.json as json_writer
from factx.facts import Facts
from factx.schema import make_schema

# Machines that build are slow and shared: time says nothing about an example. In CI a failure must be the change's.
settings.register_profile(
    "factx",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("factx")

# Written without a blank before or after them, so that the text of a hand-built Doc reads like an article.
_CLINGS_LEFT = frozenset(".,;:!?%)]}”’»") | {"'s", "’s", "n't", "n’t", "...", "…"}
_CLINGS_RIGHT = frozenset("([{“‘«$£€#")

SpanTuple = tuple[int, int, str]


class MakeDoc(Protocol):
    """The type of the `make_doc` fixture."""

    def __call__(
        self,
        words: str | Sequence[str],
        *,
        tags: Sequence[str] | None = None,
        pos: Sequence[str] | None = None,
        heads: Sequence[int] | None = None,
        deps: Sequence[str] | None = None,
        lemmas: Sequence[str] | None = None,
        ents: Sequence[SpanTuple] = (),
        sent_starts: Sequence[int] | None = None,
        spaces: Sequence[bool] | None = None,
        groups: Mapping[str, Sequence[SpanTuple]] | None = None,
        attrs: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Doc:
        """Build a Doc by hand."""
        ...


def _default_spaces(words: Sequence[str]) -> list[bool]:
    """Tell after which words a blank stands: as in print, and with straight quotation marks opening and closing."""
    open_straight = False
    opens: list[bool] = []
    closes: list[bool] = []
    for word in words:
        straight = word == '"'
        opens.append(word in _CLINGS_RIGHT or (straight and not open_straight))
        closes.append(word in _CLINGS_LEFT or (straight and open_straight))
        open_straight ^= straight
    following = [*closes[1:], True]
    return [
        not (opens[index] or following[index] or "\n" in word or (index + 1 < len(words) and "\n" in words[index + 1]))
        for index, word in enumerate(words)
    ]


@pytest.fixture(scope="session", autouse=True)
def validate_outputs() -> Iterator[None]:
    """Hold every record that any test writes as JSON against the schema."""
    validator = Draft202012Validator(make_schema())
    make_record = json_writer.facts_to_record

    def make_valid_record(facts: Facts, *, text: bool = True) -> dict[str, Any]:
        record = make_record(facts, text=text)
        validator.validate(record)
        return record

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_writer, "facts_to_record", make_valid_record)
        yield


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Load the shipped pipeline, once for the whole run."""
    return factx.load_pipeline()


@pytest.fixture(scope="session")
def vocab() -> Vocab:
    """Give the vocabulary of blank English, which all hand-built Docs share."""
    return spacy.blank("en").vocab


@pytest.fixture(scope="session")
def make_doc(vocab: Vocab) -> MakeDoc:
    """Give the factory of hand-built Docs.

    `make_doc(words, tags=, pos=, heads=, deps=, lemmas=, ents=, sent_starts=, spaces=, groups=, attrs=)`:

    - `words`: a list, or a string to split at blanks ("Police said 12 people died .").
    - `heads`: index of each word's head in the Doc; a root is its own head. Sentence borders follow from it.
    - `sent_starts`: indexes of the words that begin sentences, for Docs without heads.
    - `ents`: `(start, end, label)` in words, half-open; they also fill the span group "factx_names".
    - `groups`: further span groups by name, each a list of `(start, end, label)`.
    - `attrs`: for a group by name, its `attrs` ("scores", "kinds" ...); scores default to 1.0.
    - `spaces`: whether a blank follows each word; by default as in print.
    """

    def make(
        words: str | Sequence[str],
        *,
        tags: Sequence[str] | None = None,
        pos: Sequence[str] | None = None,
        heads: Sequence[int] | None = None,
        deps: Sequence[str] | None = None,
        lemmas: Sequence[str] | None = None,
        ents: Sequence[SpanTuple] = (),
        sent_starts: Sequence[int] | None = None,
        spaces: Sequence[bool] | None = None,
        groups: Mapping[str, Sequence[SpanTuple]] | None = None,
        attrs: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Doc:
        words = words.split() if isinstance(words, str) else list(words)
        # spaCy wants labels beside heads; a test that is not about labels may leave them out.
        if heads is not None and deps is None:
            deps = ["ROOT" if head == index else "dep" for index, head in enumerate(heads)]
        starts = set(sent_starts) | {0} if sent_starts is not None and heads is None else None
        doc = Doc(
            vocab,
            words=words,
            spaces=list(spaces) if spaces is not None else _default_spaces(words),
            tags=list(tags) if tags is not None else None,
            pos=list(pos) if pos is not None else None,
            heads=list(heads) if heads is not None else None,
            deps=list(deps) if deps is not None else None,
            lemmas=list(lemmas) if lemmas is not None else None,
            sent_starts=[index in starts for index in range(len(words))] if starts is not None else None,
        )
        doc.ents = [Span(doc, start, end, label) for start, end, label in ents]
        all_groups = {"factx_names": list(ents), **(groups or {})}
        for name, spans in all_groups.items():
            group = SpanGroup(doc, name=name, spans=[Span(doc, start, end, label) for start, end, label in spans])
            group.attrs = {"scores": [1.0] * len(spans), **(attrs or {}).get(name, {})}
            doc.spans[name] = group
        return doc

    return make
