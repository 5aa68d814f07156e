"""Definite descriptions: to whom "the spokesman", "the Afghan leader" or "the ministry" was said before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from factx.countries import fold_name, is_demonym
from factx.speaker_candidates import Resolved, fits
from factx.speaker_names import phrase_head
from factx.speaker_nouns import ANY_BODY, DEFINITE, GROUPS, OFFICE_WORDS, POSSESSIVES, PRINT, PRINT_HEADS, STANDS_FOR
from factx.titles import MODIFIER, is_role, title_kind

if TYPE_CHECKING:
    from factx.facts import Speaker
    from factx.speaker_candidates import Told
    from factx.speaker_discourse import Discourse

_BODY_REACH = 3
_LATER_REACH = 2
# Words of a sentence that may stand before the name that opens it: "On Friday, General ...".
_OPENING = 6


def resolve_description(discourse: Discourse, first: int, end: int, speaker: Speaker) -> Resolved | None:
    """Find whom a definite description means among those told before; None when it introduces somebody."""
    words = discourse.words
    definite = words.lowers[first] in DEFINITE
    bare_plural = end - first == 1 and (words.lowers[first] in GROUPS or words.lowers[first].endswith("s"))
    head = phrase_head(discourse, first, end)
    noun = words.lowers[head]
    modifiers = discourse.modifiers(first, end)
    if modifiers and not is_role(noun):
        return None
    owned = any(word in POSSESSIVES for word in words.lowers[first:head])
    if head + 1 < end:
        # "the head of the army": whoever was told before is somebody else, unless the next sentence gives the name.
        return (
            _find_introduced(discourse, noun, speaker)
            if definite and is_role(noun) and words.lowers[head + 1] == "of"
            else None
        )
    if not (definite or bare_plural or owned):
        return _find_later(discourse, noun, modifiers, speaker) or _find_introduced(discourse, noun, speaker)
    between = [
        word
        for word, form in zip(words.lowers[first + 1 : head], words.forms[first + 1 : head], strict=True)
        if not is_demonym(form) and (title_kind(word) != MODIFIER or word in OFFICE_WORDS) and word.isalpha()
    ]
    sentence = discourse.sentence_at(speaker.start)
    kin = STANDS_FOR.get(noun, frozenset((noun,)))
    stop = bisect_left(discourse.told_starts, speaker.start)
    reach = 400
    for told in reversed(discourse.told[max(0, stop - reach) : stop]):
        if told.start >= speaker.start:
            continue
        if noun in told.heads or (is_role(noun) and kin & told.heads):
            if modifiers and told.modifiers and not (modifiers & told.modifiers):
                continue
            if "vice" in told.heads and "vice" not in words.lowers[first:end]:
                continue
            if not _same_kind(noun, between, told):
                continue
            return told.who
        near = sentence - discourse.sentence_at(told.start) <= _BODY_REACH
        if noun in ANY_BODY and near and not told.who.animate and told.who.entity:
            entity = discourse.by_id[told.who.entity]
            if entity.label == "ORG" and (noun not in PRINT or fold_name(entity.name).split()[-1] in PRINT_HEADS):
                return told.who
    if not is_role(noun):
        return _find_introduced(discourse, noun, speaker) if owned or modifiers else None
    later = _find_later(discourse, noun, modifiers, speaker)
    if later is None and not modifiers and head - first <= 2:
        later = find_known(discourse, speaker, "he")
    return later or (_find_introduced(discourse, noun, speaker) if owned or modifiers else None)


def _find_later(discourse: Discourse, noun: str, modifiers: frozenset[str], speaker: Speaker) -> Resolved | None:
    """Find who is described before being named: "A Norwegian official said so. The official, Jane Doe, ..."."""
    sentence = discourse.sentence_at(speaker.end)
    for told in discourse.told[bisect_left(discourse.told_starts, speaker.end) :][:40]:
        if discourse.sentence_at(told.start) - sentence > _LATER_REACH:
            break
        if told.who.entity and told.who.animate and noun in told.heads:
            if modifiers and told.modifiers and not (modifiers & told.modifiers):
                continue
            if discourse.sentence_at(told.start) > sentence and told.first:
                return told.who
    return None


def find_known(discourse: Discourse, speaker: Speaker, pronoun: str) -> Resolved | None:
    """Find whom an excerpt from the middle means: the next sentence's subject, by surname, not named before."""
    told = _next_subject(discourse, speaker)
    if told is None or not fits(pronoun, told.who) or " " in (told.who.name or " "):
        return None
    return told.who


def _find_introduced(discourse: Discourse, noun: str, speaker: Speaker) -> Resolved | None:
    """Find whom "Norway's prime minister" or "a rights group" means if the next sentence's subject gives the name.

    It must be the first place that names them, in full, with no other role than the one described.
    """
    person = is_role(noun)
    if not person and noun not in ANY_BODY:
        return None
    told = _next_subject(discourse, speaker, animate=person)
    if told is None or not told.subject or " " not in (told.who.name or "") or not _opens(discourse, told):
        return None
    if not person:
        return told.who
    heads = {head for head in told.heads if is_role(head)}
    fits = not heads or noun in heads or bool(STANDS_FOR.get(noun, frozenset()) & heads)
    return told.who if fits or all(title_kind(head) == "rank" for head in heads) else None


def _opens(discourse: Discourse, told: Told) -> bool:
    """Tell whether somebody is told within the first words of a sentence, not in a clause further on."""
    starts = discourse.words.starts
    token = max(0, bisect_right(starts, told.start) - 1)
    earlier = token - _OPENING
    return earlier < 0 or discourse.sentence_at(starts[earlier]) != discourse.sentence_at(told.start)


def _next_subject(discourse: Discourse, speaker: Speaker, *, animate: bool = True) -> Told | None:
    """Give the person, or the body, that opens the next sentence, if that is the first place that names them."""
    sentence = discourse.sentence_at(speaker.end)
    for told in discourse.told[bisect_left(discourse.told_starts, speaker.end) :][:40]:
        distance = discourse.sentence_at(told.start) - sentence
        if distance > 1:
            break
        if distance == 1 and told.who.entity and told.who.animate == animate:
            entity = discourse.by_id[told.who.entity]
            if not animate and entity.label != "ORG":
                continue
            return told if (told.first or not animate) and entity.mentions[0].start == told.start else None
    return None


def _same_kind(noun: str, between: list[str], told: Told) -> bool:
    """Tell "the prime minister" from "the foreign minister", and "the secret report" from any other report.

    A person may be described anew ("the veteran leader"), a document may not.
    """
    if noun == "minister" or not (told.who.animate or noun in ANY_BODY):
        named = told.heads | frozenset((told.who.name or "").lower().split())
        return all(word in named for word in between)
    return True
