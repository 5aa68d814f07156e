"""What a count points to: its cue, who gives the figure, where and when, each only if its sentence says so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from factx.extract.count_cues import cue_words
from factx.facts import Date, DateRef, Quote, Ref, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from factx.extract.syntax import Tree
    from factx.facts import Kind

_PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
_PLACE_WORDS = frozenset(
    {"in", "at", "near", "on", "off", "outside", "inside", "across", "throughout", "around", "along"}
)
# Between the preposition and a place's name: "in the northern city of Mosul", "near the town of".
_PLACE_REACH = 6
# Quotes whose parts begin farther back than this many parts do not hold a count.
_QUOTE_REACH = 6


class Links:
    """The places, dates and speakers of a Doc, made ready for many questions.

    Args:
        doc: The article.
        tree: Its tree.
        quotes: Its quotes.
        dates: Its dates.
    """

    def __init__(self, doc: Doc, tree: Tree, quotes: Sequence[Quote], dates: Sequence[Date]) -> None:
        self._text = doc.text
        self._tree = tree
        self._places = [
            (ent.start, ent.end)
            for ent in doc.ents
            if ent.label_ in _PLACE_LABELS and self._is_told_as_place(ent.start)
        ]
        self._place_starts = [start for start, _ in self._places]
        self._parts = sorted(
            ((part.start, part.end, quote) for quote in quotes if quote.speaker for part in quote.parts),
            key=lambda item: (item[0], -item[1]),
        )
        self._part_starts = [start for start, _, _ in self._parts]
        self._dates = sorted(
            (date for date in dates if date.type in ("DATE", "TIME") and date.value and date.value[0] != "P"),
            key=lambda date: date.start,
        )
        self._date_starts = [date.start for date in self._dates]

    def _is_told_as_place(self, first: int) -> bool:
        """Tell whether a preposition of place leads to a name, with no other noun phrase between."""
        lowers, tags = self._tree.lowers, self._tree.tags
        begin = self._tree.sentence_range(first)[0]
        for index in range(first - 1, max(begin, first - _PLACE_REACH) - 1, -1):
            if lowers[index] in _PLACE_WORDS:
                return True
            if tags[index].startswith("VB") or lowers[index] in (".", ";", ":", "by", "with", "from", "for", "to"):
                return False
        return False

    def _token_at(self, character: int) -> int:
        return max(0, bisect_right(self._tree.starts, character) - 1)

    def find_source(self, start: int, token: int) -> Ref | None:
        """Find who gives a figure: the speaker of the innermost quote that holds it, named in the same sentence.

        Args:
            start: First character of the count.
            token: Its first token.
        """
        sentence = self._tree.sentences[token]
        best: tuple[int, Quote] | None = None
        last = bisect_right(self._part_starts, start)
        for first, end, quote in self._parts[max(0, last - _QUOTE_REACH) : last]:
            speaker = quote.speaker
            if speaker is None or not first <= start < end or speaker.start <= start < speaker.end:
                continue
            if self._tree.sentences[self._token_at(speaker.start)] == sentence and (
                best is None or end - first <= best[0]
            ):
                best = (end - first, quote)
        if best is None or best[1].speaker is None:
            return None
        speaker = best[1].speaker
        return Ref(speaker.text, speaker.start, speaker.end)

    def find_place(self, first: int, last: int, source: Ref | None) -> Ref | None:
        """Find where it happened: the nearest place told with a preposition in the sentence, rather behind than before.

        Args:
            first: First token of the count.
            last: Token after it.
            source: Who gives the figure; places in these words are where they sit, not where it happened.
        """
        begin, stop = self._tree.sentence_range(first)
        best: tuple[float, int, int] | None = None
        for index in range(bisect_left(self._place_starts, begin), bisect_left(self._place_starts, stop)):
            start, end = self._places[index]
            if start < last and end > first:
                continue
            if source and self._tree.starts[start] < source.end and self._tree.ends[end - 1] > source.start:
                continue
            # What stands before the number is often the scene of another event.
            distance = float(start - last) if start >= last else 2.0 * (first - end)
            if best is None or distance < best[0]:
                best = (distance, start, end)
        if best is None:
            return None
        start, end = self._tree.starts[best[1]], self._tree.ends[best[2] - 1]
        return Ref(self._text[start:end], start, end)

    def find_date(self, first: int, last: int, source: Ref | None) -> DateRef | None:
        """Find when it happened: the nearest date of the sentence.

        Args:
            first: First token of the count.
            last: Token after it.
            source: Who gives the figure; the day beside these words is when they spoke.
        """
        begin, stop = self._tree.sentence_range(first)
        low, high = self._tree.starts[begin], self._tree.ends[stop - 1]
        start, end = self._tree.starts[first], self._tree.ends[last - 1]
        best: tuple[int, Date] | None = None
        for index in range(bisect_left(self._date_starts, low), bisect_left(self._date_starts, high)):
            date = self._dates[index]
            if date.start < end and date.end > start:
                continue
            if source and abs(date.start - source.end) < 12 and date.end < start:
                continue
            distance = date.start - end if date.start >= end else start - date.end
            if best is None or distance < best[0]:
                best = (distance, date)
        if best is None:
            return None
        date = best[1]
        return DateRef(date.text, date.start, date.end, date.value)

    def find_cue(self, kind: Kind, known: int | None, first: int, last: int) -> Span | None:
        """Find the word that tells the event: the one the rules found, else the nearest word of the sentence that may.

        Args:
            kind: The kind of count.
            known: Token of a cue that the rules found.
            first: First token of the count.
            last: Token after it.
        """
        tree = self._tree
        token = known
        if token is None:
            words = cue_words()
            begin, stop = tree.sentence_range(first)
            near = range(max(begin, first - 30), min(stop, last + 30))
            token = min(
                (index for index in near if kind in words.get(tree.lowers[index], ())),
                key=lambda index: (
                    0 if first <= index < last else min(abs(index - first), abs(index - last + 1)),
                    index,
                ),
                default=None,
            )
        if token is None:
            return None
        return Span(tree.starts[token], tree.ends[token], self._text[tree.starts[token] : tree.ends[token]])


__all__ = ["Links"]
