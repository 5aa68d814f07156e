"""What a count points to: its cue, who gives the figure, where and when, each only if its sentence says so."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from factx.extract.count_cues import PUTS, cue_words
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


_OTHER_CLAUSE = 8.0
# Who claims these gives no figure: "the fires claimed 33 lives".
_CLAIMED = frozenset({"responsibility", "life", "lives"})
_REPORT_CLIMB = 4
_REPORTS = frozenset(
    """report reports reported reporting confirm confirms confirmed confirming announce announces announced announcing
    estimate estimates estimated estimating put puts putting record records recorded recording document documents
    documented documenting count counts counted counting claim claims claimed register registers registered
    acknowledge acknowledges acknowledged tally tallied list lists listed verify verified""".split()
)
_SAYINGS = frozenset({"said", "says", "say", "told", "reported", "announced", "confirmed", "added", "stated"})
_DATELINE = re.compile(
    r"^(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{2,}(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]+){0,3})"
    r"(?:, [A-Z][^\n(]{2,40})?(?: ?\([^)\n]{2,40}\))?(?: ?[—–]+ ?| --? )",
    re.MULTILINE,
)


def _read_dateline(text: str) -> tuple[Ref | None, int]:
    """Read the place of a dateline at the head of a text ("NAIROBI, Kenya (AP) - "), and where the dateline ends."""
    match = _DATELINE.search(text, 0, 400)
    if match is None:
        return None, 0
    return Ref(match["place"], match.start("place"), match.end("place")), match.end()


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
        self._named_places = [ent.start for ent in doc.ents if ent.label_ in _PLACE_LABELS]
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
        self._dateline, self._dateline_end = _read_dateline(doc.text)

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

    def find_reporter(self, head: int) -> Ref | None:
        """Find who gives a figure without a quote: "Cuba reports 33 deaths", "officials confirm the deaths of 12".

        "The army put the toll at 60" and the bare figure of "the union said 40" are such, too.

        Args:
            head: The counted noun, or the number where none stands beside it.
        """
        tree = self._tree
        at = head
        for _ in range(_REPORT_CLIMB):
            relation, above = tree.deps[at], tree.heads[at]
            told_at = relation.startswith("obl") and tree.lowers[above] in PUTS and tree.kids(above, "obj")
            said_alone = at == head and relation in ("obj", "ccomp") and tree.lowers[above] in _SAYINGS
            if above == at or not (
                told_at or said_alone or relation.startswith(("obj", "nmod", "conj", "appos", "xcomp"))
            ):
                return None
            if said_alone or tree.lowers[above] in _REPORTS:
                subjects = [child for child in tree.children[above] if tree.deps[child] == "nsubj"]
                if not subjects or subjects[0] > head or tree.lowers[at] in _CLAIMED:
                    return None
                first, stop = self._noun_stretch(subjects[0])
                if tree.lowers[stop] == "of":
                    stop = self._before_verb(stop, above)
                if tree.tags[subjects[0]].startswith("PRP") or tree.tags[subjects[0]] in ("WP", "WDT"):
                    return None
                return Ref(
                    self._text[tree.starts[first] : tree.ends[stop - 1]], tree.starts[first], tree.ends[stop - 1]
                )
            at = above
        return None

    def _before_verb(self, start: int, verb: int) -> int:
        """Give the token after a subject that goes on with "of": "the Ministry [of Health] has reported"."""
        tags = self._tree.tags
        stop = start
        while stop < verb and (tags[stop].startswith(("NN", "JJ", "DT", "IN", "CC", "HYPH", "POS"))):
            stop += 1
        return stop

    def _noun_stretch(self, noun: int) -> tuple[int, int]:
        """Give the tokens of a subject: its noun phrase as far as it runs together with the noun."""
        first, stop = self._tree.noun_phrase(noun)
        return first, max(stop, noun + 1)

    def find_place(self, event: int, first: int, last: int, source: Ref | None) -> Ref | None:
        """Find where it happened.

        A place in the clause of the event comes first, then one of the sentence, rather behind than before; the lead
        happens where the dateline says if it names no place (farther down articles go elsewhere).

        Args:
            event: The word that tells the event, or the counted noun where none is known.
            first: First token of the count.
            last: Token after it.
            source: Who gives the figure; places in these words are where they sit, not where it happened.
        """
        begin, stop = self._tree.sentence_range(first)
        best: tuple[float, int, int] | None = None
        clause = self._clause(event)
        for index in range(bisect_left(self._place_starts, begin), bisect_left(self._place_starts, stop)):
            start, end = self._places[index]
            if start < last and end > first:
                continue
            if source and self._tree.starts[start] < source.end and self._tree.ends[end - 1] > source.start:
                continue
            # What stands before the number is often the scene of another event.
            distance = float(start - last) if start >= last else 2.0 * (first - end)
            if self._clause(start) != clause:
                distance += _OTHER_CLAUSE
            if best is None or distance < best[0]:
                best = (distance, start, end)
        if best is None:
            return self._dateline if self._is_lead(begin, stop) else None
        start, end = self._tree.starts[best[1]], self._tree.ends[best[2] - 1]
        return Ref(self._text[start:end], start, end)

    def _is_lead(self, begin: int, stop: int) -> bool:
        """Tell whether a sentence is the one behind the dateline and names no place itself."""
        if self._dateline is None:
            return False
        lead = self._token_at(self._dateline_end)
        if not begin <= lead < stop:
            return False
        return all(
            self._tree.starts[place] < self._dateline_end for place in self._named_places if begin <= place < stop
        )

    def _clause(self, index: int) -> int:
        """Give the word that heads the clause a word is in: the nearest with a subject; joined verbs are one."""
        tree = self._tree
        for node in (index, *tree.ancestors(index)):
            if tree.kids(node, "nsubj"):
                return node
        return tree.clause(index)

    def find_date(self, event: int, first: int, last: int, source: Ref | None) -> DateRef | None:
        """Find when it happened: a date in the clause of the event, else the nearest of the sentence.

        Args:
            event: The word that tells the event, or the counted noun where none is known.
            first: First token of the count.
            last: Token after it.
            source: Who gives the figure; the day beside these words is when they spoke.
        """
        begin, stop = self._tree.sentence_range(first)
        low, high = self._tree.starts[begin], self._tree.ends[stop - 1]
        start, end = self._tree.starts[first], self._tree.ends[last - 1]
        clause = self._clause(event)
        best: tuple[int, Date] | None = None
        for index in range(bisect_left(self._date_starts, low), bisect_left(self._date_starts, high)):
            date = self._dates[index]
            if date.start < end and date.end > start:
                continue
            token = self._token_at(date.start)
            if self._is_of_speech(token, date, source) or self._is_dateline(date) or self._is_of_record(first, token):
                continue
            if self._is_of_older(first, token):
                continue
            distance = date.start - end if date.start >= end else start - date.end
            if self._clause(token) != clause:
                distance += 6 * int(_OTHER_CLAUSE)
            if best is None or distance < best[0]:
                best = (distance, date)
        if best is None:
            return None
        date = best[1]
        return DateRef(date.text, date.start, date.end, date.value)

    def _is_of_record(self, first: int, token: int) -> bool:
        """Tell whether a date says how long nothing like it had happened: "the deadliest fire since 1953".

        "... since 1953, when 45 people died" tells when these did.
        """
        if not {"when", "which", "that"}.isdisjoint(self._tree.lowers[token:first]):
            return False
        if token == 0 or self._tree.lowers[token - 1] != "since":
            return False
        before = self._tree.lowers[max(0, token - 8) : token - 1]
        return any(word in ("worst", "most", "first", "biggest") or word.endswith("iest") for word in before)

    def _is_of_older(self, first: int, token: int) -> bool:
        """Tell whether a date belongs to an older figure behind this one: "nine missing, down from 31 on Monday".

        For the older figure itself such a day is when it was told, not when they went missing.
        """
        lowers = self._tree.lowers
        day = lowers[token - 1 : token] == ["on"]
        between = pairwise(lowers[max(0, first - 2 * day) : token])
        return any(pair in (("down", "from"), ("up", "from")) for pair in between)

    def _is_of_speech(self, token: int, date: Date, source: Ref | None) -> bool:
        """Tell whether a date says when somebody spoke: "officials said Tuesday", beside the source or its verb."""
        if source is None:
            return False
        if abs(date.start - source.end) < 12 and date.start > source.start:
            return True
        head = self._tree.heads[token]
        speaker = self._tree.heads[self._token_at(source.end - 1)]
        return head == speaker and self._tree.lowers[head] in _SAYINGS

    def _is_dateline(self, date: Date) -> bool:
        return self._dateline is not None and date.start < self._dateline_end

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
