"""Completion: names of which the encoder found a part ("the Iran | war") or parts apart ("Johnson | & | Johnson")."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import zip_longest
from typing import TYPE_CHECKING

from factx.countries import is_demonym, is_listed
from factx.extract.mentions import SURE_SCORE, Mention, covered_tokens, make_mention, merge_sorted
from factx.extract.name_borders import HYPHENS
from factx.extract.name_labels import STORM_WORDS, facility_end
from factx.extract.settled_labels import settled_label
from factx.titles import title_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.words import Words
    from factx.facts import Label

# First words of place names, which mean nothing alone: "Port Said".
_PLACE_BEGINNINGS = frozenset(
    "Port Fort Saint St. San Santa Santo El Las Los New Mount Lake Cape Puerto Ciudad".split()
)
# What stands before a place's name as part of it; the points of the compass only inside a sentence.
_PLACE_PREFIXES = frozenset("Lower Upper Greater Inner Outer".split())
# Last words of bodies, of which the encoder may find the first alone: "Getty | Images".
_BODY_ENDINGS = frozenset(
    """Images Group Holdings Pictures Studios Entertainment Airlines Airways Motors Energy Insurance Pharmaceuticals
    Technologies Systems Media Press News Times Post Herald Tribune Gazette University Institute Foundation Association
    Federation Bank Ministry Committee Council Commission Agency Authority Campaign Project Society Alliance Coalition
    Network Trust Fund Initiative Club""".split()
)
# Nouns that make an event of the place or people before them, and what must not follow them: "the Iran war", "Israeli
# war cabinet". The others do so only where the encoder has seen an event: "the Manchester Arena bombing".
_WAR_NOUNS = frozenset(("war", "massacre", "genocide"))
_EVENT_NOUNS = _WAR_NOUNS | frozenset(
    """conflict bombing bombings attack attacks shooting shootings stabbing crash earthquake uprising revolution riots
    protests disaster siege famine explosion wars""".split()
)
_WAR_COMPOUNDS = frozenset(
    """cabinet crime crimes criminal criminals room chest powers plane planes machine effort efforts zone zones council
    ships ship games footing time""".split()
)
# First names that are a people's adjective, too.
_NAMES_LIKE_PEOPLES = frozenset(
    "German Roman Christian Norman Frank Israel Jordan Chad Georgia Dominique Francis".split()
)
# Bodies whose name begins with the people's: "Israeli Navy", "Russian Foreign Ministry".
_NATIONAL_BODIES = frozenset(
    "Taliban|Taleban|Ministry|Army|Navy|Police|Air Force|Armed Forces|Coast Guard|Forces|Force".split("|")
)
# Chambers whose members go by their party: "Senate Republicans" names a body and a party's people.
_CHAMBERS = frozenset(("Senate", "House", "Congressional", "Assembly"))
_WATERS = frozenset(("Sea", "Gulf", "Bay", "Strait", "Straits", "Cape", "Isle"))
_NICKNAMED = re.compile(
    r"""(?<!\w)(?P<first>[A-Z][\w’'-]+(?<!['’]s)(?:[ ][A-Z]\.)?)[ ]
    (?:["“”‘'«]|``)(?P<nick>\w[\w.-]*(?:[ ][A-Z][\w.-]*){0,2})(?:["”’'»]|'')[ ]
    (?P<last>[A-Z][\w’-]+)""",
    re.VERBOSE,
)


def complete_names(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Complete names of which a part was found, and part two names that were found as one.

    Args:
        words: The article's words.
        mentions: Its mentions, in text order.

    Yields:
        The mentions that stay as they are and the completed ones, which may cover others of the first.
    """
    covered = covered_tokens(mentions)
    for mention, follower in zip_longest(mentions, mentions[1:]):
        completed = (complete(words, mention, follower, covered) for complete in _COMPLETERS)
        yield from next((found for found in completed if found), [mention])


def join_nicknames(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Join the parts of a name with a nickname between marks: "William | "Bill" | Hargrove", wherever it was cut.

    Args:
        words: The article's words.
        mentions: Its mentions, in text order.

    Yields:
        The mentions that stay and the joined ones, in text order.
    """
    joined: list[Mention] = []
    ends = [mention.end for mention in mentions]
    for match in _NICKNAMED.finditer(words.text):
        inside = []
        for mention in mentions[bisect_right(ends, match.start("first")) :]:
            if mention.start >= match.end("last"):
                break
            inside.append(mention)
        people = is_listed(match["last"]) or any(mention.label == "NORP" for mention in inside)
        titled = title_kind(match["first"]) is not None or title_kind(match["last"]) is not None
        if not titled and not people and any(_names_person(mention, match) for mention in inside):
            first = words.token_at(min(inside[0].start, match.start("first")))
            last = words.token_at(max(inside[-1].end, match.end("last")) - 1) + 1
            joined.append(make_mention(words, first, last, "PERSON", min(mention.score for mention in inside)))
    taken = covered_tokens(joined)
    yield from merge_sorted(joined, (m for m in mentions if not taken.intersection(range(m.first, m.last))))


def _names_person(mention: Mention, match: re.Match[str]) -> bool:
    """Tell whether a mention makes words around a nickname a name.

    It is a person's at one of the ends, or the nickname alone, which may look like a body's or a place's.
    """
    if mention.label == "PERSON" and (mention.start < match.end("first") or mention.end > match.start("last")):
        return True
    return mention.label in ("PERSON", "ORG", "GPE") and (mention.start, mention.end) == match.span("nick")


def _complete_event(words: Words, mention: Mention, follower: Mention | None, covered: set[int]) -> list[Mention]:
    """Complete "the Iran | war", "the Sudanese | civil war" and "the Manchester Arena | bombing"."""
    del follower, covered
    if mention.label not in ("GPE", "NORP", "LOC", "EVENT") or not _is_spaced(words, mention):
        return []
    last = mention.last
    end = last + 1 if words.lowers[last] == "civil" else last
    nouns = words.forms[end : end + 2]
    allowed = _EVENT_NOUNS if mention.label == "EVENT" and end == last else _WAR_NOUNS
    if not nouns or nouns[0] not in allowed or (len(nouns) > 1 and nouns[1] in _WAR_COMPOUNDS):
        return []
    # A name that ends in an event noun is whole: "World War", "Boston Marathon bombing".
    whole = words.lowers[last - 1] in _EVENT_NOUNS and mention.label == "EVENT" and words.forms[last - 1].istitle()
    return [] if whole else [make_mention(words, mention.first, end + 1, "EVENT", mention.score)]


def _complete_place(words: Words, mention: Mention, follower: Mention | None, covered: set[int]) -> list[Mention]:
    """Complete "Port | Said", "Lower | Saxony", "The | Hague" and "Sea | of Japan"."""
    first, last = mention.first, mention.last
    spaced = _is_spaced(words, mention)
    before = words.forms[first - 1] if first else ""
    if spaced and mention.text in _PLACE_BEGINNINGS and last not in covered and words.forms[last].istitle():
        return [make_mention(words, first, last + 1, mention.label, mention.score)]
    if mention.text == "Hague" and before == "The":
        return [make_mention(words, first - 1, last, "GPE", mention.score)]
    waters = mention.text in _WATERS and words.lowers[last : last + 1] == ["of"]
    if waters and follower and follower.first == last + 1:
        return [make_mention(words, first, follower.last, "LOC", mention.score)]
    free = bool(first) and first - 1 not in covered and words.ends[first - 1] + 1 == mention.start
    if free and mention.label == "GPE" and before in _PLACE_PREFIXES and "." not in mention.text:
        return [make_mention(words, first - 1, last, "GPE", mention.score)]
    return []


def _complete_storm(words: Words, mention: Mention, follower: Mention | None, covered: set[int]) -> list[Mention]:
    """Complete "Tropical Storm | Rita"."""
    del follower
    first = mention.first
    if not first or first - 1 in covered or mention.last - first > 1 or words.ends[first - 1] + 1 != mention.start:
        return []
    if words.lowers[first - 1] not in STORM_WORDS or not words.forms[first - 1][0].isupper():
        return []
    begin = first - 2 if first > 1 and words.lowers[first - 2] == "tropical" else first - 1
    return [make_mention(words, begin, mention.last, "EVENT", mention.score)]


def _complete_facility(words: Words, mention: Mention, follower: Mention | None, covered: set[int]) -> list[Mention]:
    """Complete "Zaporizhzhia | Nuclear Power Plant" and "St. Peter | 's Square"."""
    del follower
    last = mention.last
    saintly = mention.text.startswith(("St. ", "St ", "Saint ")) and words.lowers[last : last + 1] in (["'s"], ["’s"])
    begin = last + 1 if saintly else last
    if mention.label == "NORP" or begin in covered or (not saintly and not _is_spaced(words, mention)):
        return []
    end = facility_end(words, begin)
    if end is None or covered.intersection(range(begin, end)):
        return []
    return [make_mention(words, mention.first, end, "FAC", mention.score)]


def _complete_body(words: Words, mention: Mention, follower: Mention | None, covered: set[int]) -> list[Mention]:
    """Complete "Getty | Images", "Johnson | & | Johnson", "Law Offices | of | Jane Doe" and "Co | -operation"."""
    first, last = mention.first, mention.last
    if follower and follower.first == last + 1 and follower.label == "PERSON" and words.lowers[last] == "of":
        lawyers = words.lowers[first:last] in (["law", "office"], ["law", "offices"])
        return [make_mention(words, first, follower.last, "ORG", mention.score)] if lawyers else []
    spaced = _is_spaced(words, mention)
    if spaced and mention.label in ("ORG", "GPE", "PERSON") and last not in covered and _ends_body(words, last):
        return [make_mention(words, first, last + 1, "ORG", mention.score)]
    single = last - first == 1 and mention.label == "PERSON"
    if single and follower and follower.first == last + 1 and words.forms[last] == "&" and _is_firm(mention, follower):
        return [make_mention(words, first, follower.last, "ORG", mention.score)]
    if mention.label != "ORG" or last + 1 >= len(words.forms) or words.forms[last] not in HYPHENS:
        return []
    glued = words.starts[last] == mention.end and words.starts[last + 1] == words.ends[last]
    if not glued or words.forms[last - 1] not in ("Co", "Re", "Pre", "Non") or not words.forms[last + 1].islower():
        return []
    end = last + 2
    joined = follower is not None and follower.first == end + 1 and words.lowers[end] in ("in", "of", "for")
    return [make_mention(words, first, follower.last if follower and joined else end, "ORG", mention.score)]


def _is_firm(one: Mention, other: Mention) -> bool:
    """Tell whether two names with "&" between them are one: the encoder doubts that they are people's."""
    return one.text == other.text or one.score < SURE_SCORE or other.score < SURE_SCORE or other.label != "PERSON"


def _ends_body(words: Words, index: int) -> bool:
    """Tell whether a word is the last one of a body's name: no name goes on behind it."""
    if words.forms[index] not in _BODY_ENDINGS or words.opens[index]:
        return False
    after = words.forms[index + 1 : index + 2]
    return not after or not after[0][0].isupper()


def _complete_national_body(
    words: Words, mention: Mention, follower: Mention | None, covered: set[int]
) -> list[Mention]:
    """Complete "Iranian | Navy" and "Pakistani | Taliban"; courts and assemblies are named apart from their people."""
    last = mention.last
    if mention.label != "NORP" or not _is_spaced(words, mention):
        return []
    if follower is not None and follower.first == last:
        end = follower.last
        body = follower.label == "ORG" and words.forms[end - 1] in _NATIONAL_BODIES
        return [make_mention(words, mention.first, end, "ORG", mention.score)] if body else []
    for size in (2, 1):
        end = min(last + size, len(words.forms))
        if last not in covered and words.text[words.starts[last] : words.ends[end - 1]] in _NATIONAL_BODIES:
            return [make_mention(words, mention.first, end, "ORG", mention.score)]
    return []


def _part_names(words: Words, mention: Mention, follower: Mention | None, covered: set[int]) -> list[Mention]:
    """Part "Abkhazia | Daur Achba", "Chadian | Idris Bakhit" and "Senate | Republicans"."""
    del follower, covered
    first, last = mention.first, mention.last
    if mention.label == "PERSON" and (cut := _place_before_person(words, mention)):
        label: Label = "NORP" if is_demonym(words.forms[first]) else "GPE"
        return [
            make_mention(words, first, cut, label, mention.score),
            make_mention(words, cut, last, "PERSON", mention.score),
        ]
    adherents = last - first == 2 and settled_label(words.forms[last - 1]) == "NORP"
    if adherents and words.forms[first] in _CHAMBERS:
        return [
            make_mention(words, first, first + 1, "ORG", mention.score),
            make_mention(words, first + 1, last, "NORP", mention.score),
        ]
    return []


def _is_spaced(words: Words, mention: Mention) -> bool:
    """Tell whether one blank parts a mention from the word behind it."""
    return words.starts[mention.last : mention.last + 1] == [mention.end + 1]


def _place_before_person(words: Words, mention: Mention) -> int | None:
    """Give the token that parts a country or people from the person behind it.

    "the leader of Abkhazia Daur Achba", "succeeding Chadian Idris Bakhit"
    """
    first, last = mention.first, mention.last
    form = words.forms[first]
    if last - first < 3 or not is_listed(form) or form in _NAMES_LIKE_PEOPLES:
        return None
    if is_demonym(form):
        return first + 1
    return first + 1 if first and words.lowers[first - 1] == "of" else None


_COMPLETERS = (
    _complete_event,
    _complete_storm,
    _complete_facility,
    _complete_place,
    _complete_body,
    _complete_national_body,
    _part_names,
)
