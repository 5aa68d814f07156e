"""The cue lexicon: the words of events, the kind each tells, whose part in the event is counted, and its company.

`lexicon/count_cues.csv` tells for each verb, noun and adjective the kind, whose part in the event is counted (object or
passive subject, subject, the noun itself, or what follows "of"), and whether the word is enough ("strong") or only
supports what the model proposes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from factx.extract.count_lexicon import disease_words, other_noun_class, people_nouns, person_nouns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from factx.extract.syntax import Tree
    from factx.facts import Kind

_WITH_REACH = 7
# "Put the toll at 60": the figure hangs on the verb beside its object.
PUTS = frozenset({"put", "puts", "putting", "estimated", "estimates"})
STOPS = frozenset({".", ";", "!", "?", ":", "\n"})
# Most plurals with these endings are people, and those that are not stand in the lexicon.
_PERSON_ENDINGS = (
    "ers", "ors", "ists", "ants", "ents", "ees", "ians", "men", "ese", "ans", "eans", "ites", "mates", "folk", "kids",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that tells what happened to the people a number counts."""

    kind: Kind
    """The kind of count."""
    token: int
    """Index of the word."""
    strong: bool
    """Whether the word is enough without the model."""
    how: str
    """The construction: "verb", "noun", "adjective", "beside", "toll" ..."""
    sure: bool = False
    """Whether the surroundings settle the kind, whatever the model says."""


@dataclass(frozen=True, slots=True)
class _Entry:
    lemma: str
    company: str
    kind: Kind
    role: str
    strong: bool


@cache
def _lexicon(part: str) -> dict[str, tuple[_Entry, ...]]:
    """Entries of a part of speech by form."""
    table: dict[str, list[_Entry]] = {}
    with (files("factx.lexicon") / "count_cues.csv").open(encoding="utf8") as file:
        for row in csv.DictReader(file):
            if row["pos"] != part:
                continue
            entry = _Entry(row["lemma"], row["with"], cast("Kind", row["kind"]), row["role"], row["strong"] == "1")
            for form in row["forms"].split():
                table.setdefault(form, []).append(entry)
    return {form: tuple(entries) for form, entries in table.items()}


def tells_illness(tree: Tree, index: int, reach: int = 25) -> bool:
    """Tell whether the words around one speak of an illness."""
    words = tree.lowers[max(0, index - reach) : index + reach]
    return not disease_words().isdisjoint(words)


@cache
def cue_words() -> dict[str, frozenset[Kind]]:
    """Give every word of the cue lexicon with the kinds it may tell."""
    return {form: frozenset(kind for kind, _ in known) for form, known in _told_in_company().items()}


@cache
def _told_in_company() -> dict[str, frozenset[tuple[Kind, str]]]:
    """Every word of the cue lexicon with the kinds it may tell and the company that it must have for each.

    Company is asked for only where the word alone tells that somebody was hurt: "beaten", "beaten to death".
    """
    table: dict[str, set[tuple[Kind, str]]] = {}
    for part in ("verb", "noun", "adjective"):
        for form, entries in _lexicon(part).items():
            hurts = any(entry.kind == "injured" and not entry.company for entry in entries)
            table.setdefault(form, set()).update(
                (entry.kind, entry.company if hurts and entry.kind == "killed" else "")
                for entry in entries
                if not entry.company or part == "verb"
            )
    return {form: frozenset(known) for form, known in table.items()}


def kinds_told(lowers: Sequence[str]) -> frozenset[Kind]:
    """Give the kinds that the words of a sentence may tell."""
    table = _told_in_company()
    words = {*lowers, *map(singular, lowers)}
    return frozenset(
        kind for word in lowers for kind, company in table.get(word, ()) if not company or company in words
    )


def singular(word: str) -> str:
    """Bring the company of a verb to the form the lexicon has."""
    if word == "lives":
        return "life"
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _has_company(tree: Tree, verb: int, company: str) -> bool:
    """Tell whether a verb's particle or object stands behind it: "taken ... hostage", "lost their lives"."""
    for index in range(verb + 1, min(verb + 1 + _WITH_REACH, len(tree))):
        word = tree.lowers[index]
        if word in STOPS:
            return False
        if word == company or singular(word) == company:
            # Near by, or hanging on the verb: "are rescued, and 280 others are reported missing" joins no strangers.
            top = tree.heads[index]
            return index - verb <= 3 or verb in (top, tree.heads[top], tree.heads[tree.heads[top]])
        if word == "and" and tree.tags[index + 1 : index + 2] in (["CD"], ["VBD"], ["VBZ"]):
            return False
    return False


def verb_cues(tree: Tree, verb: int, role: str, how: str = "verb") -> list[Cue]:
    """Cues that a verb gives for its object or its subject."""
    cues = [
        Cue(entry.kind, verb, entry.strong, how)
        for entry in _lexicon("verb").get(tree.lowers[verb], ())
        if entry.role == role and (not entry.company or _has_company(tree, verb, entry.company))
    ]
    # "shot dead" is a death and no shooting, "found guilty" no finding.
    companied = {
        entry.kind
        for entry in _lexicon("verb").get(tree.lowers[verb], ())
        if entry.company and entry.role == role and _has_company(tree, verb, entry.company)
    }
    return [cue for cue in cues if cue.kind in companied] if companied else cues


def adjective_cues(tree: Tree, index: int, how: str = "adjective") -> list[Cue]:
    """Cues that an adjective or participle gives for the noun it tells of."""
    return [Cue(entry.kind, index, entry.strong, how) for entry in _lexicon("adjective").get(tree.lowers[index], ())]


def noun_cues(tree: Tree, index: int, role: str) -> list[Cue]:
    """Cues that a noun gives for what it counts itself ("counted") or for what follows "of"."""
    return [
        Cue(entry.kind, index, entry.strong, "noun")
        for entry in _lexicon("noun").get(tree.lowers[index], ())
        if entry.role == role
    ]


def counts_people(words: Iterable[str]) -> bool | None:
    """Tell whether a phrase's nouns are people (True), something else (False), or unknown (None)."""
    persons, people = person_nouns(), people_nouns()
    verdict: bool | None = None
    for word in words:
        low = word.lower()
        if low == "of" and verdict:
            break  # "members of its military", "prisoners of war"
        if low in persons or low in people or low in ("others", "other"):
            verdict = True
        elif other_noun_class(low):
            verdict = False
        elif low.endswith(_PERSON_ENDINGS) and not low.endswith(("ments", "numbers", "containers")):
            verdict = True
    return verdict


__all__ = [
    "PUTS", "STOPS", "Cue", "adjective_cues", "counts_people", "cue_words", "kinds_told", "noun_cues", "singular",
    "tells_illness", "verb_cues",
]  # fmt: skip
