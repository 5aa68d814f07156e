"""Write parsed articles as a spaCy DocBin, for those who go on in spaCy.

    from spacy.tokens import DocBin
    docs = DocBin().from_disk("articles.spacy").get_docs(spacy.blank("en").vocab)

Each Doc has tags, lemmas, the tree and sentences of the pipeline, and the facts in three shapes: `doc.ents` are the
mentions of entities (`ent_id_` is the entity's id); `doc.spans` holds "factx_counts" (label: kind), "factx_dates"
(label: type, `id_`: value), "factx_quotes" (label: kind; one span for each part), "factx_cues" and "factx_speakers"
(`id_`: entity); `doc.user_data["factx"]` is the record that `factx schema` describes, without text.

Offsets in that record are those of `doc.text`. Where the encoding of an article was mended, this is the mended text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.tokens import DocBin, Span, SpanGroup
from spacy.util import filter_spans

from factx.select import FACT_KINDS, select_facts
from factx.write.json import facts_to_record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import BinaryIO

    from spacy.tokens import Doc

    from factx.facts import Facts

_LayerSpan = tuple[int, int, str, str]


class DocBinWriter:
    """Gathers parsed articles, packed, until they are written together.

    Args:
        kinds: Kinds of facts to keep.
        min_confidence: Facts below it are left out.
    """

    def __init__(self, kinds: Collection[str] = FACT_KINDS, min_confidence: float = 0.0) -> None:
        self._kinds = kinds
        self._min_confidence = min_confidence
        self._bin = DocBin(
            attrs=["LEMMA", "TAG", "POS", "MORPH", "HEAD", "DEP", "SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_ID"],
            store_user_data=True,
        )

    def add(self, doc: Doc, facts: Facts) -> None:
        """Take one article.

        Args:
            doc: The article through the pipeline; it gets the facts.
            facts: Its facts, with offsets in `doc.text`.
        """
        annotate_doc(doc, select_facts(facts, self._kinds, self._min_confidence))
        self._bin.add(doc)

    def write(self, stream: BinaryIO) -> None:
        """Write all articles taken so far."""
        stream.write(self._bin.to_bytes())


def annotate_doc(doc: Doc, facts: Facts) -> None:
    """Put facts into a Doc.

    Args:
        doc: The Doc; its entities and the encoder's span groups are replaced, user data added.
        facts: Its facts. Where their borders cut a token, the whole token is taken.
    """
    mentions = [
        (mention.start, mention.end, entity.label, entity.id)
        for entity in facts.entities
        for mention in entity.mentions
    ]
    doc.set_ents(filter_spans(_make_spans(doc, mentions)))
    layers: dict[str, list[_LayerSpan]] = {
        "factx_counts": [(count.start, count.end, count.kind, "") for count in facts.counts],
        "factx_dates": [(date.start, date.end, date.type, date.value) for date in facts.dates],
        "factx_quotes": [(part.start, part.end, quote.kind, "") for quote in facts.quotes for part in quote.parts],
        "factx_cues": [
            (cue.start, cue.end, "cue", "")
            for cue in (*(count.cue for count in facts.counts), *(quote.cue for quote in facts.quotes))
            if cue
        ],
        "factx_speakers": [
            (quote.speaker.start, quote.speaker.end, "speaker", quote.speaker.entity or "")
            for quote in facts.quotes
            if quote.speaker
        ],
    }
    # What the encoder proposed has become facts, or been refused.
    for name in [name for name in doc.spans if name.startswith("factx_")]:
        del doc.spans[name]
    for name, places in layers.items():
        doc.spans[name] = SpanGroup(doc, name=name, spans=_make_spans(doc, places))
    doc.user_data["factx"] = facts_to_record(facts, text=False)


def _make_spans(doc: Doc, places: Iterable[_LayerSpan]) -> list[Span]:
    """Make spans of whole tokens from character offsets."""
    found = []
    for start, end, label, id in places:
        span = doc.char_span(start, end, label=label, span_id=id, alignment_mode="expand")
        if span is not None:
            found.append(span)
    return found


__all__ = ["DocBinWriter", "annotate_doc"]
