"""Which way in time a phrase looks: back, ahead, or unknown. It decides between last Monday and the next one.

With tags and a tree the governing verb speaks: "was killed on Monday" looks back, "is to meet on Monday" ahead. Without
them the nearest tell-tale word of the sentence does (`lexicon/date_tense_words.csv`).
"""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import TYPE_CHECKING

from factx.extract.timex_context import context_words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from factx.extract.timex_scan import Scan

BACK, UNKNOWN, AHEAD = -1, 0, 1

_REACH_BEFORE = 16
# Before "hit" or "completed" these tell that it is no past tense.
_AUXILIARIES = frozenset({
    "be", "is", "are", "being", "get", "gets", "to", "will", "would", "could", "may", "might", "should", "can", "must",
})  # fmt: skip
_REACH_AFTER = 8
_BEHIND = 4
_CLIMB = 12
_MODALS_AHEAD = frozenset(
    {"will", "'ll", "’ll", "wo", "shall", "would", "may", "might", "could", "should", "must", "can"}
)
_PAST_AUXILIARIES = frozenset({"was", "were", "had", "'d", "’d", "been", "did", "has", "have", "'ve", "’ve"})
# What is expected or scheduled lies ahead; what was set or moved does so "for" or "to" a day.
_EXPECTED = frozenset({"expect", "schedule", "plan", "slate", "due", "reschedule", "book"})
_ARRANGED = frozenset({"set", "fix", "propose", "postpone", "delay", "extend", "move", "poise", "call", "order"})
_LINKS_AHEAD = frozenset({"for", "to", "until", "till"})
# After these an infinitive has not happened yet: "agreed to meet on Monday", against "failed to meet on Monday".
_PLANNING = _EXPECTED | _ARRANGED | frozenset({
    "intend", "aim", "hope", "promise", "vow", "threaten", "agree", "decide", "pledge", "urge", "ask", "require",
    "prepare", "want",
    "need", "allow", "vote", "seek", "announce", "warn", "demand", "give", "offer",
})  # fmt: skip
# Words between a date and the noun that it names, and categories that may not stand there.
_NAME_REACH = 4
_NO_NAME = frozenset(
    {"in", "on", "at", "by", "from", "to", "and", "or", "preposition", "after", "before", "a", "the", "of"}
)
_BEFORE_IMPERATIVES = frozenset({'"', "“", "'", "‘", "«", ":", "please"})
_SINCE = frozenset({"since", "following"})
_UNTIL = frozenset({"until", "till", "by", "starting", "effective", "beginning", "commencing", "through"})


@functools.cache
def _tense_words() -> dict[str, int]:
    text = (resources.files("factx") / "lexicon" / "date_tense_words.csv").read_text("utf-8")
    return {row["word"]: int(row["direction"]) for row in csv.DictReader(text.splitlines())}


def find_direction(scan: Scan, first: int, last: int, doc: Doc | None) -> int:
    """Tell whether the words from `first` up to `last` speak of the past or of what is to come.

    Args:
        scan: the text as words.
        first: first word of the time expression.
        last: word after its last.
        doc: the same text tagged and parsed, or None when it is neither.

    Returns:
        BACK, AHEAD or UNKNOWN.
    """
    before = (
        scan.word(first - 2) if scan.word(first - 1) in {"the", "early", "late", "mid", "-"} else scan.word(first - 1)
    )
    if before in _SINCE or _names_event(scan, last):
        return BACK
    if (before == "of" and scan.word(first - 2) == "ahead") or scan.word(last) == "delivery":
        return AHEAD
    told = UNKNOWN
    if doc is not None:
        span = doc.char_span(scan.starts[first], scan.ends[last - 1], alignment_mode="expand")
        if span is not None and len(span):
            parsed = bool(doc[0].dep)
            told = _by_verb(span.root if parsed else span[-1], before, parsed=parsed)
    if before in _UNTIL and before != "by":
        return AHEAD
    return told or _by_words(scan, first, last) or (AHEAD if before == "by" else UNKNOWN)


def _names_event(scan: Scan, index: int) -> bool:
    """Whether something that has happened bears the date as its name: "the July 7 bombings", "Monday's attack"."""
    happened = context_words("happened")
    for step in range(_NAME_REACH):
        word = scan.word(index + step)
        if word in happened:
            return scan.word(index + step + 1) not in {"on", "from", "in"}
        if not (word.isalpha() or word in {"'", "’"}) or scan.category(index + step) in _NO_NAME:
            return False
    return False


def _by_verb(token: Token, link: str, *, parsed: bool) -> int:
    """Direction by the verb that governs a token, or by the nearest verb of its sentence where there is no tree."""
    if not parsed:
        return _by_nearest_verb(token)
    for _ in range(_CLIMB):
        if token.pos_ in {"VERB", "AUX"} or token.tag_.startswith("VB"):
            told = _of_verb(token, link)
            if told != UNKNOWN:
                return told
        elif token.lower_ in {"due", "upcoming", "deadline"}:
            return AHEAD
        if token.head == token or (token.dep_ == "ccomp" and token.head.i > token.i):
            break  # "The talks resume on Friday, she said": what she said decides
        token = token.head
    return UNKNOWN


def _of_verb(verb: Token, link: str) -> int:
    helpers = {child.lower_ for child in verb.children if child.dep_.startswith(("aux", "cop"))}
    if helpers & _MODALS_AHEAD:
        return AHEAD
    if verb.tag_ == "VBN" and not helpers & {"has", "have", "had"}:
        lemma = verb.lemma_.lower()
        if lemma in _EXPECTED or (lemma in _ARRANGED and link in _LINKS_AHEAD):
            return AHEAD
    if helpers & _PAST_AUXILIARIES and verb.tag_ != "VB":
        return BACK
    if verb.tag_ == "VBD":
        return BACK
    if verb.tag_ == "VBN" and not helpers & {"is", "are", "be", "'s", "’s"}:
        return BACK
    marks = {child.lower_ for child in verb.children if child.dep_ == "mark"}
    if verb.tag_ == "VB" and ("to" in helpers | marks or "due" in marks):
        head = verb.head
        if head != verb and head.tag_ in {"VBD", "VBN"} and head.lemma_.lower() not in _PLANNING:
            return UNKNOWN  # "failed to agree on Monday": the verb above decides
        return AHEAD
    return AHEAD if _is_imperative(verb, helpers) else UNKNOWN


def _is_imperative(verb: Token, helpers: set[str]) -> bool:
    """Whether a verb opens its sentence or what is quoted, without a subject: "Ask me on Friday"."""
    if verb.tag_ != "VB" or helpers or any(child.dep_.startswith("nsubj") for child in verb.children):
        return False
    return verb.i == 0 or verb.is_sent_start is True or verb.nbor(-1).lower_ in _BEFORE_IMPERATIVES


def _by_nearest_verb(token: Token) -> int:
    doc = token.doc
    for index in range(token.i - 1, max(-1, token.i - _REACH_BEFORE), -1):
        other = doc[index]
        if other.text in {".", "!", "?"} and index < token.i - 1:
            break
        if other.tag_ == "MD":
            return AHEAD
        if other.tag_ == "VBD" and other.lower_ not in {"said", "told", "announced"}:
            return BACK
    return UNKNOWN


def _by_words(scan: Scan, first: int, last: int) -> int:
    """Direction by the nearest word of the sentence that tells one; words behind count as a little farther off."""
    best, told = _REACH_BEFORE + 1, UNKNOWN
    for step in range(1, _REACH_BEFORE + 1):
        index = first - step
        if scan.closes_sentence(index):
            break
        told = _of_word(scan, index)
        if told:
            best = step
            break
    for step in range(_REACH_AFTER):
        if scan.closes_sentence(last + step) or step + _BEHIND >= best:
            break
        direction = _of_word(scan, last + step)
        if direction:
            return direction
    return told


def _of_word(scan: Scan, index: int) -> int:
    known, word = _tense_words(), scan.word(index)
    if scan.category(index) == "month_weak":
        return UNKNOWN  # May is no modal
    direction = known.get(f"{word} {scan.word(index + 1)}", known.get(word))
    if direction is None:
        direction = BACK if len(word) > len("red") and word.endswith("ed") and scan.raw(index).islower() else UNKNOWN
    # "should be completed", "is held", "to hit": the word before tells more.
    return UNKNOWN if direction == BACK and scan.word(index - 1) in _AUXILIARIES else direction


__all__ = ["AHEAD", "BACK", "UNKNOWN", "find_direction"]
