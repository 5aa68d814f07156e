"""Counts: how many people were killed, hurt, arrested ... (counts-guidelines), from the model's proposals and rules.

The model proposes stretches with probabilities for kind, status and subset; rules read the number and its hedge,
trim the stretch and link it. Rules over the tree find counts of their own, so that "killing 12" is never missed,
and drop what counts no people. Agreement of both sets the confidence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factx.extract.count_candidates import (
    EVENT_NOUNS,
    LEADS,
    Candidate,
    CountText,
    Found,
    find_candidates,
    read_proposals,
)
from factx.extract.count_choices import (
    choose_kinds,
    inherit_kinds,
    is_told_otherwise,
    may_be_joined,
    may_be_part,
    may_be_rival,
)
from factx.extract.count_guards import counts_no_people, is_other_gathering, is_sound, names_actor
from factx.extract.count_links import Links
from factx.extract.count_status import find_status
from factx.extract.count_wholes import may_be_of_those
from factx.facts import Count, Date, Kind, Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc


# Counts farther apart than this many characters are not one list.
_JOINED_REACH = 60
_CONTRASTS = frozenset({"while", "but", "although", "though", "whereas", "however", "said", "says", "according"})


# What may make a count of a number without an event of its own.
_MAY_BE = (may_be_part, may_be_joined, may_be_of_those, may_be_rival)


def find_counts(doc: Doc, quotes: Sequence[Quote] = (), dates: Sequence[Date] = ()) -> list[Count]:
    """Find the counts of a Doc.

    Args:
        doc: A Doc from the pipeline; the model's proposals and the tree are used as far as they are there.
        quotes: Its quotes, which tell the sources.
        dates: Its dates, which tell when.

    Returns:
        Counts in text order. Entity ids of `source` and `place` are left to the linker.

    Source: counts-guidelines.
    """
    if not len(doc):
        return []
    text = CountText(doc)
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    for candidate in read_proposals(doc, text):
        if counts_no_people(text, candidate):
            continue
        candidate.cues = text.nearest_cues(candidate.head, candidate.first, candidate.last)
        if is_told_otherwise(text.tree, candidate):
            continue
        chosen = {
            kind: p
            for kind, p in choose_kinds(text, candidate).items()
            if not names_actor(text.tree, candidate, kind)
            and not (kind == "crowd" and is_other_gathering(text.tree, candidate))
        }
        found.append(Found(candidate, chosen, "model"))
        taken.append((candidate.start, candidate.end))
    taken.sort()
    for candidate in find_candidates(text, taken):
        kinds: dict[Kind, float] = {}
        if candidate.cues and is_sound(text, candidate) and not counts_no_people(text, candidate):
            kinds = choose_kinds(text, candidate)
        if kinds or any(may_be(text, candidate) for may_be in _MAY_BE):
            found.append(Found(candidate, kinds, "rule"))
    found.sort(key=lambda item: (item.candidate.start, item.candidate.end))
    inherit_kinds(text, found)
    links = Links(doc, text.tree, quotes, dates)
    counts = [
        _make_count(text, item, kind, links)
        for item in found
        for kind in sorted(item.kinds, key=lambda k: -item.kinds[k])
    ]
    return _share_sources(text, _drop_doubles(counts))


def _make_count(text: CountText, item: Found, kind: Kind, links: Links) -> Count:
    candidate, quantity = item.candidate, item.candidate.quantity
    cue = next((cue for cue in candidate.cues if cue.kind == kind), None)
    first, last = candidate.first, max(candidate.last, candidate.first + 1)
    source = links.find_reporter(candidate.head) or links.find_source(candidate.start, first)
    event = cue.token if cue else candidate.head
    return Count(
        kind=kind,
        low=quantity.low,
        high=quantity.high,
        qualifier=quantity.qualifier,
        text=text.text[candidate.start : candidate.end],
        start=candidate.start,
        end=candidate.end,
        who=_who(text, candidate),
        subset=candidate.subset > 0.5,
        status=find_status(text.tree, candidate, kind, cue),
        cue=links.find_cue(kind, cue.token if cue else None, first, last),
        source=source,
        place=links.find_place(event, first, last, source),
        date=links.find_date(event, first, last, source),
        confidence=_confidence(candidate, kind, item.rule),
        rule="model" if item.rule == "model" else f"cue-{cue.how}" if cue else "part",
    )


def _share_sources(text: CountText, counts: list[Count]) -> list[Count]:
    """Give joined counts one source: "officials say a bomb killed two and wounded eight others"."""
    shared: list[Count] = []
    for count in counts:
        before = shared[-1] if shared else None
        source = count.source
        if source is None and before is not None and before.source is not None and before.end <= count.start:
            gap = text.text[before.end : count.start]
            words = gap.lower().split()
            near = len(gap) < _JOINED_REACH and not any(mark in gap for mark in ".;:\n")
            if near and ("and" in words or "," in gap) and not _CONTRASTS.intersection(words):
                source = before.source
        shared.append(count if source is count.source else replace(count, source=source))
    return shared


def _drop_doubles(counts: list[Count]) -> list[Count]:
    """Sort by place and leave one of counts of a kind that overlap, the surer."""
    kept: list[Count] = []
    for count in sorted(counts, key=lambda c: (c.start, c.end, c.kind)):
        rivals = [other for other in kept[-6:] if other.kind == count.kind and other.end > count.start]
        if any(other.confidence >= count.confidence for other in rivals):
            continue
        kept = [other for other in kept if other not in rivals] if rivals else kept
        kept.append(count)
    return kept


def _who(text: CountText, candidate: Candidate) -> str | None:
    """Name the people counted: the words after number and article; None for "others", events and bare numbers."""
    tree, mention = text.tree, candidate.mention
    first, last = text.token_range(candidate.start, candidate.end)
    if mention is not None and mention.form != "single":
        first = max(first, text.token_range(mention.number_start, mention.number_end)[1])
        while first < last and tree.starts[first] < mention.end:
            first += 1
    elif candidate.quantity.qualifier == "none":
        return None
    if first < last and tree.starts[first] > candidate.start and text.text[tree.starts[first]] in "-‐‑":
        # "a [two-month-old baby]", whose number tells an age
        first = text.token_at(candidate.start) + (tree.lowers[text.token_at(candidate.start)] in ("a", "an"))
    while (
        tree.lowers[first + 1 : first + 2] != ["-"]
        and first < last
        and (
            tree.lowers[first] in LEADS
            or tree.tags[first] == "CD"
            or (tree.lowers[first] in ("one", "two", "first", "second", "third", "fourth", "fifth", "sixth"))
        )
    ):
        first += 1
    words = tree.lowers[first:last]
    if (
        not words
        or words[-1] in EVENT_NOUNS
        or words[-1] in LEADS
        or words[-1] in ("them", "whom", "us", "pair", "couple")
    ):
        return None
    if not any(char.isalpha() for char in words[-1]):
        return None
    found = text.text[tree.starts[first] : tree.ends[last - 1]].strip(" ,.;:\"'“”")
    return found or None


# Share of right counts by the construction that found them, on voa-train and digest-train with the model switched off,
# rounded down; unnamed single persons are wrong more often, for many are told by name near by.
_RULE_CONFIDENCE = {"verb": 0.93, "beside": 0.93, "adjective": 0.93, "toll": 0.93, "noun": 0.88, "part": 0.85}
_SINGLE_LOSS = 0.12


def _confidence(candidate: Candidate, kind: Kind, rule: str) -> float:
    """Say how sure a count is: alone the model or a rule may err, both together seldom do."""
    cue = next((cue for cue in candidate.cues if cue.kind == kind), None)
    if rule != "model":
        value = _RULE_CONFIDENCE.get(cue.how if cue else "part", 0.85)
        single = candidate.mention is not None and candidate.mention.form == "single"
        return round(value - (_SINGLE_LOSS if single else 0.0), 3)
    share = candidate.kinds.get(kind, 0.0)
    if cue is not None and cue.strong:
        return round(min(0.99, 0.8 + 0.1 * candidate.score + 0.1 * share), 3)
    return round(0.45 + 0.2 * candidate.score + 0.2 * share, 3)


__all__ = ["find_counts"]
