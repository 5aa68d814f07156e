"""Descriptions: whom "the spokesman", "the Afghan leader", "the ministry" or "a rights group" means.

A definite description goes to the last one that its head noun was used of; where there is none, to the one most salient
person or body that it may describe, or to the one whom the next sentence names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from factx.countries import fold_name, is_demonym
from factx.extract.words import FINITE
from factx.speaker_candidates import HE_OR_SHE, Resolved, fits
from factx.speaker_names import phrase_head
from factx.speaker_nouns import (
    ANY_BODY,
    BODIES_OF_GUARDS,
    BODY_ADJECTIVES,
    BODY_NOUNS,
    DEFINITE,
    GENERIC_ROLES,
    GROUPS,
    OFFICE_WORDS,
    POSSESSIVES,
    PREPOSITIONS,
    PRINT,
    PRINT_HEADS,
    SPEAKS_FOR_OTHERS,
    STANDS_FOR,
)
from factx.speaker_salience import LastSpeaker, find_antecedent
from factx.titles import MODIFIER, is_role, title_gender, title_kind

if TYPE_CHECKING:
    from factx.facts import Speaker
    from factx.speaker_candidates import Told
    from factx.speaker_discourse import Discourse

_BODY_REACH = 3
_LATER_REACH = 2
_LATELY = 2
# A headline and the first paragraph.
_LEADS = 2
# Nouns of people that are in no list of roles: "guitarist", "crooner", "historian".
_PERSON_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "star")
_OURS = frozenset(("my", "our", "your"))
_INDEFINITE = frozenset(("a", "an", "one", "another"))
_FINAL = frozenset(".!?")
_LONGEST_SENTENCE = 80
# Before a noun of role they tell of somebody beside the one whom the next sentence names, or of lower rank.
_ANOTHER = frozenset("second third fourth fifth local junior unnamed unidentified anonymous".split())
_UNNAMED = re.compile(
    r"\bnot to be (?:named|identified|quoted)\b|\banonym(?:ity|ously|ous)\b|\bnot authori[sz]ed to\b"
    r"|\bdeclined to (?:be named|be identified|give (?:his|her|their) name)\b"
)
# Behind the agency of a dateline: "(Reuters) -".
_DATELINE_END = re.compile(r"\)\s?(?:-|–|—)")
# Nobody calls one of them an official.
_RULERS = frozenset("president king queen emperor sultan emir pope premier chancellor prime".split())


def resolve_description(
    discourse: Discourse, first: int, end: int, speaker: Speaker | Told, last: LastSpeaker | None
) -> Resolved | None:
    """Find whom a description means.

    Args:
        discourse: What the article tells.
        first: First token of the description.
        end: Token after its last.
        speaker: The description in its place.
        last: Who spoke last before it.

    Returns:
        Whom it means; None when it introduces somebody, or nobody can be told.
    """
    words = discourse.words
    if words.lowers[first] in _OURS:
        # "My wife asked": whoever that is, the article is not about them.
        return None
    definite = words.lowers[first] in DEFINITE
    bare_plural = end - first == 1 and (words.lowers[first] in GROUPS or words.lowers[first].endswith("s"))
    head = phrase_head(discourse, first, end)
    noun = words.lowers[head]
    if noun == "guard" and head > first and words.lowers[head - 1] in BODIES_OF_GUARDS:
        return _find_guard(discourse, words.lowers[head - 1])
    modifiers = discourse.modifiers(first, end)
    owned = any(word in POSSESSIVES for word in words.lowers[first:head])
    if is_role(noun) and not (definite or owned) and _stays_unnamed(discourse, first, head, end):
        return None
    if noun in ANY_BODY and (inside := _body_inside(discourse, first, head)):
        return inside
    if definite and words.lowers[first + 1 : first + 2] == ["two"]:
        return _find_two(discourse, speaker)
    if head + 1 < end:
        # "the head of the army": whoever was told before is somebody else, unless the next sentence gives the name.
        complement = words.lowers[head + 1] in PREPOSITIONS and words.lowers[head + 1] != "for"
        return _find_introduced(discourse, noun, speaker) if complement else None
    if modifiers and not is_role(noun):
        return _find_introduced(discourse, noun, speaker)
    if not (definite or bare_plural or owned):
        return _find_later(discourse, noun, modifiers, speaker) or _find_introduced(discourse, noun, speaker)
    between = [
        word
        for word, form in zip(words.lowers[first + 1 : head], words.forms[first + 1 : head], strict=True)
        if not is_demonym(form) and (title_kind(word) != MODIFIER or word in OFFICE_WORDS) and word.isalpha()
    ]
    found = _find_told(discourse, noun, words.lowers[first:end], between, modifiers, speaker)
    if found is None and noun in ANY_BODY:
        apart = noun == "agency" and not BODY_ADJECTIVES.issuperset(between)  # "the civil protection agency"
        found = None if apart else _find_salient_body(discourse, noun, speaker, last)
    if found is not None:
        return found
    if not is_role(noun):
        if definite and _may_be_person(noun, words.lowers[first:head]):
            return _find_salient_person(discourse, noun, modifiers, speaker, last)
        return _find_introduced(discourse, noun, speaker)
    later = _find_later(discourse, noun, modifiers, speaker)
    if later is None and not modifiers and head - first <= 3:
        later = find_known(discourse, speaker, _pronoun_of(noun), noun)
    if later is None and definite and not owned:
        later = _find_salient_person(discourse, noun, modifiers, speaker, last)
    return later or _find_introduced(discourse, noun, speaker)


def _find_guard(discourse: Discourse, kind: str) -> Resolved | None:
    """Find the body that "the coast guard" means: the only one whose name ends so."""
    bodies = [e for e in discourse.by_id.values() if fold_name(e.name).endswith(f"{kind} guard")]
    return Resolved(bodies[0].name, bodies[0].id, animate=False) if len(bodies) == 1 else None


def _stays_unnamed(discourse: Discourse, first: int, head: int, end: int) -> bool:
    """Tell whether the text keeps back a name: "a second official", "an official, who asked not to be named, said"."""
    words = discourse.words
    if not _ANOTHER.isdisjoint(words.lowers[first:head]):
        return True
    stop = end
    while stop < min(len(words.forms), end + _LONGEST_SENTENCE) and words.forms[stop] not in _FINAL:
        stop += 1
    return _UNNAMED.search(words.text, words.starts[first], words.ends[stop - 1]) is not None


def _body_inside(discourse: Discourse, first: int, head: int) -> Resolved | None:
    """Give the body whose name stands right before a noun that says what it is ("Human Rights Watch organization")."""
    words = discourse.words
    before = discourse.place_ending_at(words.ends[head - 1]) if head > first else None
    if before is None or before[2].label != "ORG":
        return None
    return Resolved(before[2].name, before[2].id, animate=False)


def _find_told(  # noqa: PLR0913 - the parts of one description
    discourse: Discourse,
    noun: str,
    lowers: list[str],
    between: list[str],
    modifiers: frozenset[str],
    speaker: Speaker | Told,
) -> Resolved | None:
    """Find the last one that a noun, or one that it stands for, was used of."""
    kin = STANDS_FOR.get(noun, frozenset((noun,)))
    stop = bisect_left(discourse.told_starts, speaker.start)
    for told in reversed(discourse.told[max(0, stop - 400) : stop]):
        if told.definite or not (noun in told.heads or (is_role(noun) and kin & told.heads)):
            continue
        if modifiers and told.modifiers and not (modifiers & told.modifiers):
            continue
        if "vice" in told.heads and "vice" not in lowers:
            continue
        if _same_kind(noun, between, told):
            return told.who
    return None


def _same_kind(noun: str, between: list[str], told: Told) -> bool:
    """Tell "the prime minister" from "the foreign minister", and "the secret report" from any other report.

    A person may be described anew ("the veteran leader"), a document may not.
    """
    if noun == "minister" or not (told.who.animate or noun in ANY_BODY):
        named = told.heads | frozenset((told.who.name or "").lower().split())
        return all(word in named for word in between)
    return True


def _find_salient_body(
    discourse: Discourse, noun: str, speaker: Speaker | Told, last: LastSpeaker | None
) -> Resolved | None:
    """Find the body that "the group" means: the one that spoke last, else the last subject, else the last named.

    Whoever sent the article is not spoken of in it: "(Reuters) - ..., the disaster agency said".
    """
    sentence = discourse.sentence_at(speaker.start)
    best: tuple[int, Resolved] | None = None
    stop = bisect_left(discourse.told_starts, speaker.start)
    for told in reversed(discourse.told[max(0, stop - 100) : stop]):
        if sentence - discourse.sentence_at(told.start) > _BODY_REACH:
            break
        if told.who.animate or not told.who.entity:
            continue
        entity = discourse.by_id[told.who.entity]
        if entity.credit or _DATELINE_END.match(discourse.words.text, told.end):
            continue
        last_word = fold_name(entity.name).split()[-1]
        if last_word in BODY_NOUNS - ANY_BODY and last_word not in PRINT_HEADS:
            # "the agency" is no embassy or ministry; the ministry would be called so.
            continue
        if entity.label != "ORG" or (noun in PRINT and last_word not in PRINT_HEADS):
            continue
        spoke = last is not None and last.who.entity == entity.id
        rank = 2 if spoke else 1 if told.subject else 0
        if best is None or rank > best[0]:
            best = (rank, told.who)
    return best[1] if best else None


def _may_be_person(noun: str, before: list[str]) -> bool:
    return noun.endswith(_PERSON_ENDINGS) or any("year-old" in word or word == "old" for word in (*before, noun))


def _find_salient_person(
    discourse: Discourse, noun: str, modifiers: frozenset[str], speaker: Speaker | Told, last: LastSpeaker | None
) -> Resolved | None:
    """Find whom a description says something new of ("the 80-year-old crooner"), unless it cannot be said of them."""
    if noun in SPEAKS_FOR_OTHERS or noun.endswith("s"):
        return None
    found = find_antecedent(discourse, _pronoun_of(noun), speaker, last, named=True)
    if found is None or found[0].entity is None:
        return None
    who = found[0]
    stop = bisect_left(discourse.told_starts, speaker.start)
    near = [told for told in discourse.told[max(0, stop - 400) : stop + 20] if told.who.entity == who.entity]
    sentence = discourse.sentence_at(speaker.start)
    if any(discourse.sentence_at(told.start) == sentence for told in near):
        # "Lopez said so, the mayor added": two people.
        return None
    told_of = [told for told in near if told.start < speaker.start]
    heads = frozenset().union(*(told.heads for told in told_of))
    places = frozenset().union(*(told.modifiers for told in told_of))
    if (modifiers and places and not modifiers & places) or not _may_hold(noun, heads):
        return None
    lately = bool(told_of) and sentence - discourse.sentence_at(told_of[-1].start) <= _LATELY
    return who if lately else None


def _pronoun_of(noun: str) -> str:
    """Give the pronoun that goes with a noun of role."""
    return {"f": "she", "m": "he"}.get(title_gender(noun) or "", HE_OR_SHE)


def _may_hold(noun: str, heads: frozenset[str]) -> bool:
    """Tell whether somebody with some roles may have another one."""
    if "vice" in heads:
        # A vice president is no president.
        return False
    roles = {head for head in heads if is_role(head)}
    if not roles or noun in roles or noun in GENERIC_ROLES or STANDS_FOR.get(noun, frozenset()) & roles:
        return True
    return not is_role(noun) or all(title_kind(head) == "rank" for head in roles)


def _find_two(discourse: Discourse, speaker: Speaker | Told) -> Resolved | None:
    """Find the pair that "the two leaders" means: the last two names of one kind joined by "and"."""
    stop = bisect_left(discourse.told_starts, speaker.start)
    sentence = discourse.sentence_at(speaker.start)
    near = [t for t in discourse.told[max(0, stop - 40) : stop] if t.who.entity]
    for first, second in zip(reversed(near[:-1]), reversed(near[1:]), strict=True):
        if sentence - discourse.sentence_at(first.start) > 2:
            break
        between = discourse.words.text[first.end : second.start]
        joined = between.strip().split(" ")[0] == "and" and len(between) < 60 and "." not in between
        if joined and first.who.animate == second.who.animate and first.who.entity != second.who.entity:
            return Resolved(f"{first.who.name} and {second.who.name}", None, plural=True, animate=first.who.animate)
    return None


# -- named later


def _find_later(discourse: Discourse, noun: str, modifiers: frozenset[str], speaker: Speaker | Told) -> Resolved | None:
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


def find_known(discourse: Discourse, speaker: Speaker | Told, pronoun: str, noun: str | None = None) -> Resolved | None:
    """Find whom an excerpt from the middle means: the next subject, by surname, not named before."""
    told = _next_subject(discourse, speaker, reach=_LATER_REACH)
    if told is None or not fits(pronoun, told.who) or " " in (told.who.name or " "):
        return None
    return told.who if noun is None or _may_hold(noun, told.heads) else None


def _find_introduced(discourse: Discourse, noun: str, speaker: Speaker | Told) -> Resolved | None:
    """Find whom "Norway's prime minister" or "a rights group" means if the next sentence's subject gives the name.

    It must be the first place that names them, in full, with no other role than the one described.
    """
    person = is_role(noun)
    if not person and noun not in BODY_NOUNS:
        return None
    told = _next_subject(discourse, speaker, animate=person)
    if told is None or not (told.subject or discourse.speaks(told)):
        return None
    if not person:
        named = fold_name(told.who.name or "").split()
        fitting = noun in ANY_BODY and (noun not in PRINT or named[-1:] == [noun] or named[-1] in PRINT_HEADS)
        return told.who if fitting or noun in named else None
    if " " not in (told.who.name or "") or not _may_hold(noun, told.heads) or _is_other(discourse, noun, told):
        return None
    # "A city official" of the first paragraphs is named in the next one; further on each tells of another.
    text = discourse.words.text
    apart = "\n\n" in text[speaker.end : told.start] and text.count("\n\n", 0, speaker.start) >= _LEADS
    indefinite = discourse.words.lowers[discourse.words.token_at(speaker.start)] in _INDEFINITE
    return None if apart and indefinite else told.who


def _is_other(discourse: Discourse, noun: str, told: Told) -> bool:
    """Tell whether the words before a name tell of another one than described: "Labour's Jane Doe", "Mr Doe"."""
    words = discourse.words
    first = words.token_at(told.start)
    before = words.lowers[first - 1] if first else ""
    apart = before in POSSESSIVES or title_kind(before) == "honorific"
    return apart or (noun == "official" and bool(_RULERS & told.heads))


def _next_subject(
    discourse: Discourse, speaker: Speaker | Told, *, animate: bool = True, reach: int = 1
) -> Told | None:
    """Give the person, or the body, that the next sentence is about, if that is the first place that names them."""
    sentence = discourse.sentence_at(speaker.end)
    for told in discourse.told[bisect_left(discourse.told_starts, speaker.end) :][:40]:
        distance = discourse.sentence_at(told.start) - sentence
        if distance > reach:
            break
        if distance >= 1 and told.who.entity and told.who.animate == animate:
            entity = discourse.by_id[told.who.entity]
            if (not animate and entity.label != "ORG") or entity.mentions[0].start != told.start:
                continue
            if _names_person_at(discourse, told):
                # "Jane Doe and John Smith are to meet": either may be meant.
                return None
            if discourse.speaks(told) or (distance == 1 and told.subject and _opens(discourse, told)):
                return told
    return None


def _names_person_at(discourse: Discourse, told: Told) -> bool:
    """Tell whether "and" with another person follows the words that tell of one."""
    after = told.end + 5
    return discourse.words.text.startswith(" and ", told.end) and any(
        start <= after + 8 and entity.label == "PERSON" for start, _, entity in discourse.mentions_in(after, after + 60)
    )


def _opens(discourse: Discourse, told: Told) -> bool:
    """Tell whether no verb stands before somebody in the sentence: "On Friday, in a long speech, General ..."."""
    words = discourse.words
    token = told.token
    while token > 0 and not words.opens[token]:
        token -= 1
        if words.tags[token] in FINITE:
            return False
    return True
