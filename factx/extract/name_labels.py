"""Labels of names: what the words of a name, the words around it and the rest of the article say that the name means.

The encoder proposes a label for each place. The table of heads holds what tells more surely: the last or first word of
a name ("Kharg Island", "Operation Red Dawn"), the noun behind it ("the Zamira refugee camp") and the words before it
("the mayor of Kolmar"). The rest is settled by lists and by the majority of the article.

Source: entities-guidelines; lexicon/name_heads.csv and lexicon/settled_labels.csv, our own.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, cast

from factx.countries import fold_name, is_country, is_demonym, is_listed
from factx.extract.mentions import SURE_SCORE, Mention
from factx.extract.name_borders import ARTICLES, HYPHENS
from factx.extract.name_forms import initials
from factx.extract.persons import family_name, find_aliases, name_parts
from factx.extract.settled_labels import settled_label
from factx.titles import HONORIFIC, first_name_gender, is_kin, title_kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from factx.extract.words import Words
    from factx.facts import Label

_SHORT_COUNTRIES = frozenset(("US", "U.S", "UK", "USA", "UAE", "DRC"))
# Below this score a head decides against any label.
_DOUBTFUL = 0.6
# A name of a place or body stays so at this score, though somebody bears it too.
_SURE_OF_PLACE = 0.95
_LONGEST_HEAD = 3
# A city's name in it: "Lake Charles, Louisiana", "Mount Vernon, Ohio".
_CITY_HEADS = frozenset(("mount", "lake"))
_DIRECTIONS = frozenset(
    "northern southern eastern western central northeastern northwestern southeastern southwestern".split()
)
# Seats of power, which name the building where somebody is at it and the body where it acts.
_SEATS = frozenset(("white house", "downing street", "capitol", "us capitol", "u.s. capitol", "blue house"))
_AT = frozenset(("at", "inside", "outside"))
_PLACING = frozenset("at in inside outside near around behind towards toward enter entered entering".split())
# Bodies without a name of their own, and parts of a tournament or of a text.
_NO_NAME = re.compile(
    r"Police|Officials|University|College|School|Hospital|Company|Department|Office|Club|Restaurant"
    r"|(?:Group|Category|Phase|Section|Article|Chapter) \w{1,3}"
)
# Designations of arms and aircraft: "F-16s", "AK-47", but not "G-20", "U-17" or task forces.
_WEAPON = re.compile(r"(?!(?:[GUI]|TF)-)[A-Z][A-Za-z]{0,2}[-–‑]\d{1,3}[A-Z]{0,2}s?")
_SHIPS = frozenset(
    """ship ferry tanker vessel freighter trawler yacht submarine frigate destroyer warship steamer schooner barge
    tugboat lifeboat catamaran""".split()
)
_IS_SHIP = re.compile(
    rf", an? (?:[a-z-]+ ){{0,3}}(?:{'|'.join(sorted(_SHIPS))})"
    r"(?=[,.;]| (?:that|which|carrying|with|bound|owned|registered))"
)
# "Ministers had confidence in Penfold."
_TRUST = frozenset("confidence faith trust belief believe believed believes interest interested".split())
_LETTER_OPENING = re.compile(r",[ \t]*(?:\n\s*\n|\s*$)")
_LIST_GAP = re.compile(r", |,? and ")
_AFTER_PLACES = frozenset("in on for to and when where after before while as during with by from at".split())
STORM_WORDS = frozenset("hurricane hurricanes typhoon cyclone tropical storm".split())


class Head(NamedTuple):
    """What a head says of a name."""

    label: Label | None
    """The label; None if names with this head are no entities."""
    over: frozenset[str]
    """Labels that the encoder may give and that the head is surer than."""


@cache
def _heads(place: str) -> dict[tuple[str, ...], Head]:
    """Heads that stand at one place of a name: its last words, its first, the words behind it or before it."""
    text = files("factx").joinpath("lexicon", "name_heads.csv").read_text(encoding="utf-8")
    return {
        tuple(row["words"].split()): Head(
            cast("Label", row["label"]) if row["label"] else None, frozenset(row["over"].split())
        )
        for row in csv.DictReader(text.splitlines())
        if row["place"] == place
    }


def settle_labels(words: Words, mentions: list[Mention], fixed: Collection[int] = ()) -> list[Mention]:
    """Give each mention the label that its words, its surroundings and the article tell; drop what is no name.

    Args:
        words: The article's words.
        mentions: Its mentions with the encoder's labels, in text order.
        fixed: First characters of those whose label stands, as the places and agencies of datelines.

    Returns:
        The mentions that stay, in text order.
    """
    kept, told = _apply_heads(words, mentions)
    told.update({number: mention.label for number, mention in enumerate(kept) if mention.start in fixed})
    evidence = _collect_evidence(words, kept)
    for number, mention in enumerate(kept):
        if number not in told and (label := _label_by_article(words, mention, evidence)):
            told[number] = label
            kept[number] = replace(mention, label=label)
    weights: defaultdict[str, Counter[Label]] = defaultdict(Counter)
    for mention in kept:
        weights[mention.text][mention.label] += mention.score  # type: ignore[assignment]  # Counter of floats
    for number, mention in enumerate(kept):
        label = told.get(number) or _settled_label(mention.text, mention.label, mention.score)
        if label is None and len(weights[mention.text]) > 1:
            ranked = weights[mention.text].most_common(2)
            clear = ranked[0][1] > ranked[1][1]
            if clear and mention.score < SURE_SCORE and not has_title_before(words, mention):
                label = ranked[0][0]
        if label and label != mention.label:
            kept[number] = replace(mention, label=label)
    return kept


def _apply_heads(words: Words, mentions: list[Mention]) -> tuple[list[Mention], dict[int, Label]]:
    """Give mentions the labels of their heads; also tell which of those that stay have one."""
    told: dict[int, Label] = {}
    kept: list[Mention] = []
    listed: Head | None = None
    plural = False
    for mention in mentions:
        # "the islands of Conda, Beni and Taro"
        if not (plural and kept and _LIST_GAP.fullmatch(words.text[kept[-1].end : mention.start])):
            listed = _find_head_before(words, mention)
            plural = listed is not None and words.lowers[mention.first - 2].endswith("s")
        head = _find_head(words, mention) or _applied(listed, mention)
        if head is None:
            titled = mention.label == "PERSON" and mention.score < _DOUBTFUL and has_title_before(words, mention)
            kept.append(replace(mention, score=_DOUBTFUL) if titled else mention)
        elif head.label is not None:
            told[len(kept)] = head.label
            # The encoder may have been in doubt about the label alone, as it is above about a person with a title.
            kept.append(replace(mention, label=head.label, score=max(mention.score, _DOUBTFUL)))
    return kept, told


def _settled_label(text: str, label: Label, score: float) -> Label | None:
    """Give the label that a name has whatever its context; a person may bear any name."""
    if label == "PERSON":
        return None
    found = settled_label(text)
    # A state may lend its name to a team ("Minnesota beat Ohio"), but not to a people.
    if found and (found != "GPE" or label == "NORP" or score < SURE_SCORE):
        return found
    if score >= SURE_SCORE:
        # A club may bear a country's name: "Monaco" in a cup final.
        return None
    if is_country(text) and (len(text) > 3 or text in _SHORT_COUNTRIES):
        return "GPE"
    if is_demonym(text) and text[0].isupper() and not text.isupper():
        return "NORP"
    return None


def has_title_before(words: Words, mention: Mention) -> bool:
    """Tell whether a person's title stands right before a mention."""
    before = mention.first - 1
    if before >= 0 and words.forms[before] == ".":
        before -= 1
    return before >= 0 and title_kind(words.forms[before]) in (HONORIFIC, "office", "rank")


# -- heads


def _find_head(words: Words, mention: Mention) -> Head | None:
    """Find the head that decides on a mention's label."""
    common = not any(c.isupper() or c.isdigit() for c in mention.text)
    if (common and not _is_written_small(words, mention)) or _is_amount(mention.text):
        # Common words that the encoder took for a name ("mpox"), and money ("NZ$6").
        return Head(None, frozenset())
    if _names_ship(words, mention):
        return Head(None, frozenset())
    if _NO_NAME.fullmatch(mention.text) or (mention.label == "ORG" and _WEAPON.fullmatch(mention.text)):
        return Head(None, frozenset())
    lowers = words.lowers[mention.first : mention.last]
    if whole := _heads("whole").get(tuple(mention.text.lower().split())):
        return _applied(whole, mention)
    return _applied(_head_inside(words, mention, lowers), mention) or _applied(
        _head_outside(words, mention, lowers), mention
    )


def _is_written_small(words: Words, mention: Mention) -> bool:
    """Tell whether a name is one though its writer used no capitals: "i live in malaysia".

    Of those of which the encoder is as sure as this, all but one of some forty were names in mails and reviews that it
    was not trained on; in news there are none. Parties need their capital: "republicans" may be anybody's.
    """
    town = mention.label == "GPE" and words.lowers[max(0, mention.first - 1)] not in ARTICLES
    least = _DOUBTFUL if town else SURE_SCORE
    return mention.label not in ("NORP", "EVENT") and mention.score >= least


def _names_ship(words: Words, mention: Mention) -> bool:
    """Tell whether a ship is named, which is no entity: "the tanker Al Noor", "The Nordvik, a cargo ship, sank"."""
    before = mention.first - 1
    if before >= 0 and words.lowers[before] in _SHIPS and words.forms[before].islower():
        return words.ends[before] + 1 == mention.start
    return _IS_SHIP.match(words.text, mention.end) is not None


def _applied(head: Head | None, mention: Mention) -> Head | None:
    """Give a head back if it is surer than the encoder."""
    if head is None or head.label == mention.label or mention.label in head.over or mention.score < _DOUBTFUL:
        return head
    return None


def _is_amount(text: str) -> bool:
    return any(c in text for c in "$€£¥") and any(c.isdigit() for c in text)


def _head_inside(words: Words, mention: Mention, lowers: list[str]) -> Head | None:
    size = len(lowers)
    if size < 2:
        return None
    if ship := _heads("prefix").get((words.forms[mention.first],)):
        return ship
    # "the Party of the Democratic Revolution" is no revolution.
    whole = "of" in lowers or "for" in lowers
    if words.forms[mention.last - 1][0].isupper() and not is_listed(mention.text):
        for length in range(min(_LONGEST_HEAD, size - 1), 0, -1):
            if (found := _heads("last").get(tuple(lowers[-length:]))) and (not whole or found.label == "GPE"):
                return found if mention.label in found.over or not whole else None
    for length in range(min(_LONGEST_HEAD, size - 1), 0, -1):
        found = _heads("first").get(tuple(lowers[:length]))
        if found and words.forms[mention.first][0].isupper() and not is_listed(mention.text):
            return None if lowers[0] in _CITY_HEADS and _is_before_state(words, mention) else found
    rest = words.text[words.starts[mention.first + 1] : mention.end]
    if lowers[0] in _DIRECTIONS and words.forms[mention.first][0].isupper() and is_country(rest):
        # "Southern Nigeria"; states of such a name are in the list of settled ones.
        listed = is_listed(mention.text) or settled_label(mention.text)
        return None if listed else Head("LOC", frozenset(("GPE", "ORG")))
    return None


def facility_end(words: Words, first: int) -> int | None:
    """Give the token after capitalised words that end in a facility's head: "Nuclear Power Plant", "Square"."""
    end = first
    while end < len(words.forms) and end - first < _LONGEST_HEAD + 1 and words.forms[end][0].isupper():
        end += 1
    for last in range(end, first, -1):
        for length in range(min(_LONGEST_HEAD, last - first), 0, -1):
            head = _heads("last").get(tuple(words.lowers[last - length : last]))
            if head and head.label == "FAC":
                return last
    return None


def _is_before_state(words: Words, mention: Mention) -> bool:
    after = words.forms[mention.last : mention.last + 2]
    return len(after) == 2 and after[0] == "," and after[1][0].isupper()


def _head_outside(words: Words, mention: Mention, lowers: list[str]) -> Head | None:
    first, last = mention.first, mention.last
    if " ".join(lowers) in _SEATS and mention.label in ("ORG", "FAC", "GPE"):
        before = first - 1
        if before >= 0 and words.lowers[before] in ("the", "united", "states"):
            before -= 1
        placed = before >= 0 and words.lowers[before] in _PLACING
        return Head("FAC" if placed or lowers[-1] == "capitol" else mention.label, frozenset(("ORG", "GPE")))
    for length in range(_LONGEST_HEAD, 0, -1):
        head = _heads("behind").get(tuple(words.forms[last : last + length]))
        if head and words.starts[last] == mention.end + 1 and not is_listed(mention.text):
            # "Shahed drones" are weapons, "Kyiv drones" are a city's.
            return None if head.label is None and mention.label == "GPE" else head
    if mention.label == "GPE" and first > 1 and words.lowers[first - 1] == "the" and words.lowers[first - 2] in _AT:
        # "at the Kolmardome": cities go without an article.
        after = words.forms[last] if last < len(words.forms) else "."
        ends = not (after[0].isalpha() or after in HYPHENS) or words.lowers[last] in _AFTER_PLACES
        if ends and not is_listed(mention.text) and not settled_label(mention.text):
            return Head("FAC", frozenset(("GPE",)))
    spaced = words.starts[last : last + 1] == [mention.end + 1]
    # "the Rome Statute", but not "the Syrian Constitution", which is of a people.
    if spaced and not is_country(mention.text) and (law := _heads("next").get((words.forms[last],))):
        return law
    if first > 1 and words.forms[first - 2] in ("R", "D") and words.forms[first - 1] in HYPHENS:
        return Head("GPE", frozenset(("PERSON", "ORG", "LOC")))
    # Ships: "the USS Tripoli" names no city.
    return _heads("prefix").get((words.forms[first - 1],)) if first else None


def _find_head_before(words: Words, mention: Mention) -> Head | None:
    """Find the head before a name: "the island of Taro", "the mayor of Kolmar"."""
    first = mention.first
    found = _heads("before").get(tuple(words.lowers[first - 2 : first])) if first > 1 else None
    return None if found is None or is_listed(mention.text) else found


class Evidence(NamedTuple):
    """What an article tells of its names elsewhere."""

    surnames: frozenset[str]
    """Folded surnames of the people named in full."""
    relatives: frozenset[str]
    """First names of such people who have relatives in the article: "Jordan's mother", where Jordan is no country."""
    places: frozenset[str]
    """Folded names that stand for a place somewhere: "in Washington", "Seattle, Washington"."""
    aliases: frozenset[str]
    """Folded names that people of the article are also known by."""
    firms: frozenset[str]
    """Folded words of its bodies that have several."""
    firsts: frozenset[str]
    """Folded first words of the bodies with two words, whose other is a noun of firms: "Cavendish Devices"."""
    acronyms: frozenset[str]
    """Initials of its bodies."""
    storms: frozenset[str]
    """Names of its storms."""


def _collect_evidence(words: Words, mentions: list[Mention]) -> Evidence:
    people = [mention for mention in mentions if mention.label == "PERSON" and " " in mention.text]
    firsts = {mention.text.split()[0] for mention in people}
    return Evidence(
        surnames=frozenset(parts[-1] for mention in people if len(parts := name_parts(mention.text)) > 1),
        relatives=frozenset(
            mention.text
            for mention in mentions
            if mention.text in firsts
            and words.lowers[mention.last : mention.last + 1] in (["'s"], ["’s"])
            and any(is_kin(form) for form in words.forms[mention.last + 1 : mention.last + 3])
        ),
        places=frozenset(
            fold_name(mention.text)
            for mention in mentions
            if mention.label != "PERSON"
            and words.lowers[max(0, mention.first - 2)] not in _TRUST
            and (
                words.lowers[max(0, mention.first - 1)] in _PLACING | {"from", "to", ","}
                or (_is_before_state(words, mention) and settled_label(words.forms[mention.last + 1]) == "GPE")
            )
        ),
        aliases=frozenset(find_aliases(words, mentions)),
        firms=frozenset(
            word
            for mention in mentions
            if mention.label == "ORG" and " " in mention.text
            for word in fold_name(mention.text).split()
        ),
        firsts=frozenset(
            fold_name(mention.text).split()[0]
            for mention in mentions
            if mention.label == "ORG" and mention.text.count(" ") == 1 and mention.score >= SURE_SCORE
        ),
        acronyms=frozenset(
            key
            for mention in mentions
            if mention.label == "ORG" and " " in mention.text
            for key in initials(mention.text)
        ),
        storms=frozenset(_storm_names(words, mentions)),
    )


def _label_by_article(words: Words, mention: Mention, evidence: Evidence) -> Label | None:
    """Give the label that the rest of the article tells of a name that the encoder took for something else."""
    if mention.text in evidence.storms:
        return None if has_title_before(words, mention) else "EVENT"
    if mention.label != "PERSON" and _is_person(words, mention, evidence):
        return "PERSON"
    if mention.label == "PERSON" and _is_firm(words, mention, evidence):
        return "ORG"
    if mention.label != "ORG" and mention.score < SURE_SCORE and mention.text.isupper():
        letters = mention.text.replace(".", "").lower()
        return "ORG" if len(letters) > 1 and letters in evidence.acronyms and not is_listed(mention.text) else None
    return None


def _is_firm(words: Words, mention: Mention, evidence: Evidence) -> bool:
    """Tell whether a name is the first word of a body's: "Cavendish Devices ... Cavendish said"."""
    name = fold_name(mention.text)
    return (
        name in evidence.firsts
        and name not in evidence.surnames
        and not first_name_gender(mention.text)
        and not has_title_before(words, mention)
    )


def _is_person(words: Words, mention: Mention, evidence: Evidence) -> bool:
    """Tell whether a name is a surname of the article, a first name with a relative, or the name of a family."""
    before = words.lowers[mention.first - 1] if mention.first else ""
    if _is_addressed(words, mention):
        return True
    if mention.text in evidence.relatives:
        return before not in _PLACING
    if fold_name(mention.text) in evidence.aliases:
        return True
    town = mention.label == "GPE" and not is_country(mention.text)
    if town and fold_name(mention.text) in evidence.surnames - evidence.places:
        return True  # "Denzel Washington came. Washington said ..."
    if mention.last - mention.first > 1 or is_listed(mention.text) or settled_label(mention.text):
        return False
    if family_name(words, mention, evidence.surnames):
        return True
    # "the Biden administration"
    if words.lowers[mention.last : mention.last + 1] == ["administration"] and mention.text.istitle():
        return mention.label == "ORG" and mention.score < _SURE_OF_PLACE
    # A surname may be a firm's, too ("Ford"), where the article has its full name or puts it among bodies.
    doubtful = mention.score < _SURE_OF_PLACE or (
        mention.label == "ORG" and fold_name(mention.text) not in evidence.firms
    )
    placed = before in _PLACING and words.lowers[max(0, mention.first - 2)] not in _TRUST
    return fold_name(mention.text) in evidence.surnames and doubtful and not placed


def _is_addressed(words: Words, mention: Mention) -> bool:
    """Tell whether a name is a paragraph of its own that ends in a comma, as one that a letter begins with."""
    return (
        mention.label == "GPE"
        and " " not in mention.text
        and not is_listed(mention.text)
        and _LETTER_OPENING.match(words.text, mention.end) is not None
        and not words.text[words.text.rfind("\n\n", 0, mention.start) + 1 : mention.start].strip()
    )


def _storm_names(words: Words, mentions: list[Mention]) -> set[str]:
    """Collect the names of storms that the article tells in full: "Rita" where it has "Hurricane Rita"."""
    surnames = {mention.text.split()[-1] for mention in mentions if mention.label == "PERSON" and " " in mention.text}
    names: set[str] = set()
    for mention in mentions:
        size = mention.last - mention.first
        if mention.label == "EVENT" and size > 1 and set(words.lowers[mention.first : mention.last - 1]) <= STORM_WORDS:
            names.add(words.forms[mention.last - 1])
    return names - surnames
