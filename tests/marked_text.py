"""Docs from sentences with marked names, for tests of rules that need no model: "[Ali Azimi|PERSON] came"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import spacy
from spacy.tokens import Doc, SpanGroup

from factx.facts import Quote, Span, Speaker

NLP = spacy.blank("en")
_MARK = re.compile(r"\[([^\[\]|]*)\|([A-Z]+)(?::([.\d]+))?\]|([{}<>])")
_SURE = 0.95


def read_marks(
    marked: str, tags: Mapping[str, str] | None = None, subjects: Collection[str] = ()
) -> tuple[Doc, list[Quote]]:
    """Read a sentence with marks.

    Args:
        marked: Names as "[words|LABEL]" or "[words|LABEL:score]", speakers in braces. What a speaker says is the rest
            of the sentence, or what stands in angle brackets before.
        tags: Penn tags by word.
        subjects: Words that are subjects.

    Returns:
        The Doc and its quotes.
    """
    plain = ""
    position = 0
    names: list[tuple[int, int, str, float]] = []
    signs: list[tuple[str, int]] = []
    for match in _MARK.finditer(marked):
        plain += marked[position : match.start()]
        position = match.end()
        if match[4]:
            signs.append((match[4], len(plain)))
        else:
            names.append((len(plain), len(plain) + len(match[1]), match[2], float(match[3] or _SURE)))
            plain += match[1]
    plain += marked[position:]
    doc = NLP(plain)
    if subjects or signs:
        for token in doc:
            token.is_sent_start = token.i == 0 or doc[token.i - 1].text in ".!?"
    for token in doc:
        token.tag_ = (tags or {}).get(token.text, "")
        if token.text in subjects:
            token.dep_ = "nsubj"
    spans = [doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label, _ in names]
    doc.ents = spans
    group = SpanGroup(doc, name="factx_names", spans=spans)
    group.attrs["scores"] = [score for *_, score in names]
    doc.spans["factx_names"] = group
    return doc, _read_quotes(plain, signs)


def _read_quotes(plain: str, signs: list[tuple[str, int]]) -> list[Quote]:
    quotes: list[Quote] = []
    opened = 0
    content: tuple[int, int] | None = None
    for sign, place in signs:
        if sign in "<{":
            opened = place
        elif sign == ">":
            content = (opened, place)
        else:
            if content is None:
                end = plain.find(". ", place)
                content = (min(place + 1, len(plain)), len(plain) if end < 0 else end)
            part = Span(*content, plain[slice(*content)])
            speaker = Speaker(plain[opened:place], opened, place, None, None)
            quotes.append(
                Quote("indirect", part.text, part.start, part.end, (part,), None, speaker, False, 1.0, "test")
            )
            content = None
    return quotes
