"""spaCy factories: the encoder and one component for each kind of fact, and the getter `doc._.facts`.

The fact components store plain JSON values (`doc._.factx_counts` and so on), which survive `Doc.to_bytes` and the way
between processes; `doc._.facts` gives the records of all four kinds at once, computed when asked for.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc

from factx.encoder import tokenizer as _tokenizer  # noqa: F401 - registers the tokenizer
from factx.encoder.component import FactxEncoder
from factx.facts import Article, Facts
from factx.select import FACT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

_ENCODER_ASSIGNS = [
    "token.tag", "token.pos", "token.dep", "token.head", "token.is_sent_start", "doc.sents", "doc.ents", "doc.spans",
]  # fmt: skip


@Language.factory("factx_encoder", assigns=_ENCODER_ASSIGNS, default_config={"threads": 1})
def make_encoder(nlp: Language, name: str, threads: int) -> FactxEncoder:
    """Make an encoder without a model; `from_disk` brings it.

    Args:
        nlp: The pipeline that it joins.
        name: Its name there.
        threads: How many threads the network may use.
    """
    return FactxEncoder(nlp.vocab, name, threads)


class FactComponent:
    """Finds one kind of fact and stores it as plain values in `doc._.factx_<kind>`.

    Args:
        kind: "entities", "counts", "dates" or "quotes".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, doc: Doc) -> Doc:
        """Find and store."""
        facts = getattr(_facts_of(doc), self.kind)
        doc._.set(f"factx_{self.kind}", [asdict(fact) for fact in facts])
        return doc


def _article_of(doc: Doc) -> Article:
    published = doc._.published
    return Article(id="", source="", text=doc.text, published=published, published_from="option" if published else None)


def _facts_of(doc: Doc) -> Facts:
    # Imported here so that training, which needs the encoder alone, does not load every lexicon.
    from factx.gather import facts_from_doc

    return facts_from_doc(doc, _article_of(doc))


def _factory(kind: str) -> Callable[[Language, str], FactComponent]:
    def make(nlp: Language, name: str) -> FactComponent:  # noqa: ARG001 - what spaCy passes
        return FactComponent(kind)

    make.__doc__ = f"Make the component that finds {kind}."
    return make


make_entities, make_counts, make_dates, make_quotes = (
    Language.factory(f"factx_{kind}", requires=["doc.ents"], assigns=[f"doc._.factx_{kind}"], func=_factory(kind))
    for kind in FACT_KINDS
)


def _register_extensions() -> None:
    extensions: dict[str, Any] = {f"factx_{kind}": {"default": None} for kind in FACT_KINDS}
    extensions["published"] = {"default": None}
    extensions["facts"] = {"getter": _facts_of}
    for name, options in extensions.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, **options)


_register_extensions()
