"""Which body or place it is: mentions of all but people brought together by name, acronym, short form and country."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factx.countries import country_code, fold_name, is_country, is_demonym, is_listed
from factx.extract.name_forms import CORPORATE, initials, is_acronym
from factx.extract.name_labels import STORM_WORDS

if TYPE_CHECKING:
    from factx.extract.mentions import Mention
    from factx.extract.words import Words

# Bodies that every country, state or city has: "Foreign Ministry" after "Iranian" is not the one after "Israel's".
_GENERIC_HEADS = frozenset(
    """ministry army navy court parliament congress council department police force forces guard assembly senate house
    cabinet government military embassy consulate commission agency authority office bureau service services treasury
    bank union federation association committee team party directorate administration corps command staff""".split()
)
_GENERIC_PARTS = frozenset(
    """foreign interior defense defence health finance justice education culture oil energy trade economy agriculture
    transport transportation labor labour environment information tourism state national supreme high federal central
    constitutional air armed coast border general security people's public election electoral human rights affairs
    intelligence special revolutionary republican presidential appeals criminal district city county ministry office
    economic development planning water interior's communications social civil defence's emergency emergencies lower
    upper house situations prosecutor prosecutor's attorney general's land ground naval of and the for""".split()
)
# Newspapers go by the last word of their name.
_MEDIA_HEADS = frozenset(
    "post times journal herald tribune guardian telegraph mail star sun globe observer news daily".split()
)
# Between a name and its acronym: "the Kurdistan Workers' Party, or PKK", "Hamas, known by its Arabic acronym HMS".
_OTHER_NAME = re.compile(
    r"""(?:,[ ])?(?:who[ ]|which[ ])?(?:is[ ]|are[ ])?(?:also[ ]|better[ ]|widely[ ]|commonly[ ])?
    (?:known|abbreviated|referred[ ]to)[ ](?:as|by[ ](?:its|their)[ ](?:\w+[ ])?(?:acronym|initials|abbreviation))[ ]
    (?:the[ ])?|(?P<or>,[ ]or[ ])(?:the[ ])?""",
    re.VERBOSE,
)
_LONGEST_BRIDGE = 10
_PLURAL = (("ies", "y"), ("s", ""))
_MIN_TYPO = 5
# Below this score a mention's label may be wrong.
_DOUBTFUL = 0.8
# A changed letter makes another name sooner than a lost one does ("Marawi", "Malawi").
_MIN_CHANGED = 8


@dataclass(slots=True)
class Body:
    """A place, body, people or event that the article names."""

    label: str
    key: str
    mentions: list[Mention] = field(default_factory=list)


class Groups:
    """Names that are found to mean the same: union-find over their numbers."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def find(self, item: int) -> int:
        """Give the number that stands for an item's group."""
        while self._parents[item] != item:
            self._parents[item] = self._parents[self._parents[item]]
            item = self._parents[item]
        return item

    def join(self, item: int, other: int) -> None:
        """Make two groups one; the earlier number stands for it."""
        low, high = sorted((self.find(item), self.find(other)))
        self._parents[high] = low


def group_bodies(words: Words, mentions: list[Mention]) -> list[Body]:
    """Bring the mentions of each place, body, people and event together.

    Args:
        words: The article's words.
        mentions: Its mentions of all labels but PERSON, in text order.

    Returns:
        The bodies, each with one or more mentions in text order.
    """
    bodies = _group_equal_names(words, mentions)
    groups = Groups(len(bodies))
    _join_countries(bodies, groups)
    _join_acronyms(words, bodies, groups)
    _join_short_forms(bodies, groups)
    _join_typos(bodies, groups)
    joined: dict[int, Body] = {}
    for number, body in enumerate(bodies):
        root = groups.find(number)
        if root in joined:
            joined[root].mentions.extend(body.mentions)
        else:
            joined[root] = body
    for body in joined.values():
        body.mentions.sort(key=lambda mention: mention.start)
    return list(joined.values())


def _group_equal_names(words: Words, mentions: list[Mention]) -> list[Body]:
    """Group mentions of one label and one folded name; generic bodies also by their owner."""
    bodies: dict[tuple[str, str, str | None], Body] = {}
    by_token = {mention.last: mention for mention in mentions if mention.label in ("NORP", "GPE")}
    last_owner: dict[str, str | None] = {}
    for mention in mentions:
        key = _key(mention)
        owner: str | None = None
        if mention.label == "ORG":
            owner, key = _split_owner(key)
        if mention.label == "ORG" and _is_generic(key):
            owner = owner or _owner(words, mention, by_token) or last_owner.get(key)
            last_owner[key] = owner
            # Named without its owner first and with it later: one body as long as there is only one owner.
            if owner is not None and (mention.label, key, owner) not in bodies:
                unowned = bodies.pop((mention.label, key, None), None)
                if unowned is not None:
                    bodies[mention.label, key, owner] = unowned
        body = bodies.setdefault((mention.label, key, owner), Body(mention.label, key))
        body.mentions.append(mention)
    return sorted(bodies.values(), key=lambda body: body.mentions[0].start)


def _key(mention: Mention) -> str:
    """Fold a name to what it is compared by: corporate suffixes and the plural of peoples come off."""
    key = fold_name(mention.text)
    if mention.label == "ORG":
        parts = key.replace(",", " ").split()
        while len(parts) > 1 and parts[-1] in CORPORATE:
            parts.pop()
        return " ".join(parts)
    if mention.label == "NORP":
        for ending, singular in _PLURAL:
            if key.endswith(ending) and len(key) > len(ending) + 3:
                return key[: -len(ending)] + singular
    return key


def _is_generic(key: str) -> bool:
    parts = key.split()
    return (parts[-1] in _GENERIC_HEADS or parts[0] == "ministry") and all(
        part in _GENERIC_PARTS or part in _GENERIC_HEADS for part in parts
    )


def _split_owner(key: str) -> tuple[str | None, str]:
    """Divide "us congress" into its owner, by country, and the body; other names stay whole."""
    parts = key.split()
    for size in range(min(3, len(parts) - 1), 0, -1):
        rest = " ".join(parts[size:])
        if _is_generic(rest) and is_listed(" ".join(parts[:size])):
            name = " ".join(parts[:size])
            code = country_code(name.title(), "GPE") or country_code(name.title(), "NORP")
            return code or name, rest
    return None, key


def _owner(words: Words, mention: Mention, by_token: dict[int, Mention]) -> str | None:
    """Tell whose body it is: the people or place right before it ("Iranian", "Iran's"), by country if it is one."""
    before = mention.first
    if before and words.lowers[before - 1] in ("'s", "’s", "'", "’"):
        before -= 1
    owner = by_token.get(before)
    if owner is None:
        return None
    return country_code(owner.text, owner.label) or fold_name(owner.text)


def _join_countries(bodies: list[Body], groups: Groups) -> None:
    """Join the names of one country ("U.S.", "United States"), and those of one people ("Dutch", "Dutchman")."""
    first: dict[tuple[str, str], int] = {}
    for number, body in enumerate(bodies):
        name = body.mentions[0].text
        if not (body.label == "GPE" and is_country(name)) and not (body.label == "NORP" and is_demonym(name)):
            continue
        if code := country_code(name, body.label):
            groups.join(first.setdefault((body.label, code), number), number)


def _join_acronyms(words: Words, bodies: list[Body], groups: Groups) -> None:
    """Join acronyms to the names they stand for: by brackets or "known as" between the two, else by initials."""
    numbers = {(mention.first, mention.last): number for number, body in enumerate(bodies) for mention in body.mentions}
    starts = {first: number for (first, _), number in numbers.items()}
    placed: set[int] = set()
    for (_, last), number in numbers.items():
        if words.forms[last : last + 1] != ["("] or (other := starts.get(last + 1)) is None:
            continue
        inside = next((m for m in bodies[other].mentions if m.first == last + 1), None)
        if inside is None or words.forms[inside.last : inside.last + 1] != [")"]:
            continue
        long, short = bodies[number], bodies[other]
        if is_acronym(long.mentions[0].text) and not is_acronym(inside.text):
            long, short, other = short, long, number
        if long.label != short.label or not is_acronym(short.mentions[0].text):
            continue
        groups.join(numbers[inside.first, inside.last], number)
        placed.add(other)
    for (first, last), number in numbers.items():
        bridge = _OTHER_NAME.match(" ".join(words.lowers[last : last + _LONGEST_BRIDGE]) + " ")
        other = starts.get(last + bridge[0].count(" ")) if bridge else None
        if bridge is None or other is None or (bridge["or"] and words.forms[max(0, first - 1)] == ","):
            continue  # "Hamas, Fatah, or PKK" is a list
        long, short = bodies[number], bodies[other]
        acronyms = [is_acronym(body.mentions[0].text) for body in (long, short)]
        if long.label == short.label and acronyms == [False, True]:
            groups.join(other, number)
            placed.add(other)
    by_initials: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, body in enumerate(bodies):
        for letters in initials(body.mentions[0].text):
            by_initials[body.label, letters].append(number)
    for number, body in enumerate(bodies):
        name = body.mentions[0].text
        if number in placed or not is_acronym(name):
            continue
        owners = {groups.find(owner) for owner in by_initials.get((body.label, body.key.replace(" ", "")), ())}
        owners.discard(groups.find(number))
        if len(owners) == 1:
            groups.join(owners.pop(), number)


def _join_short_forms(bodies: list[Body], groups: Groups) -> None:
    """Join the first or last words of a body's name to the whole, where one body alone fits ("Amnesty", "the Post")."""
    longer: defaultdict[str, set[int]] = defaultdict(set)
    single: defaultdict[str, set[int]] = defaultdict(set)
    for number, body in enumerate(bodies):
        if body.label == "ORG" and " " not in body.key:
            single[body.key].add(number)
    for number, body in enumerate(bodies):
        parts = body.key.split()
        if body.label != "ORG" or len(parts) < 2 or len(parts) > 12:
            continue
        generic = parts[0] in _GENERIC_PARTS or parts[0] in _GENERIC_HEADS
        # "the House" for the House of Representatives, but "UN" for no "UN General Assembly".
        if parts[1] == "of" if generic else not (is_listed(parts[0]) or is_acronym(body.mentions[0].text.split()[0])):
            longer[parts[0]].add(number)
        if parts[-1] in _MEDIA_HEADS or (len(parts[-1]) > 3 and parts[-1] not in _GENERIC_PARTS | _GENERIC_HEADS):
            longer[parts[-1]].add(number)
        for size in range(2, len(parts)):
            longer[" ".join(parts[-size:])].add(number)
            longer[" ".join(parts[:size])].add(number)
    for number, body in enumerate(bodies):
        if body.label == "EVENT":
            _join_storm(bodies, number, groups)
        if body.label != "ORG" or body.mentions[0].text.islower():
            continue
        if _is_generic(body.key) and (" " in body.key or not body.mentions[0].text.istitle()):
            continue
        owners = {groups.find(owner) for owner in longer.get(body.key, ()) if owner != number}
        if body.key.endswith("s") and " " not in body.key:
            owners |= {groups.find(owner) for owner in single.get(body.key[:-1], ())}
        owners.discard(groups.find(number))
        if len(owners) == 1:
            groups.join(owners.pop(), number)


def _join_storm(bodies: list[Body], number: int, groups: Groups) -> None:
    """Join a storm's own name to its full one: "Rita" to "Hurricane Rita"."""
    key = bodies[number].key
    full = [
        other
        for other, body in enumerate(bodies)
        if body.label == "EVENT" and body.key.split()[-1] == key and set(body.key.split()[:-1]) <= STORM_WORDS
    ]
    for other in full:
        groups.join(other, number)


def _join_typos(bodies: list[Body], groups: Groups) -> None:
    """Join a name that stands once to the one that stands more often and differs by one letter: "Azakh", "Kazakh".

    A letter at the end makes another name ("Ivanov", "Ivanova"), and listed countries and peoples are no typos.
    A typo may hide what a name is, so that its label need not agree where the encoder was in doubt.
    """
    erased: defaultdict[str, list[int]] = defaultdict(list)
    names = [(number, body) for number, body in enumerate(bodies) if _may_be_typo(body)]
    for number, body in names:
        if len(body.mentions) > 1:
            for form in (body.key, *_erase_one(body.key)):
                erased[form].append(number)
    for number, body in names:
        if len(body.mentions) > 1 or is_listed(body.mentions[0].text):
            continue
        doubtful = body.mentions[0].score < _DOUBTFUL
        near = {
            other
            for form in (*_erase_one(body.key), body.key)
            for other in erased.get(form, ())[:8]
            if (body.label == bodies[other].label or _may_mislead(body, bodies[other], doubtful=doubtful))
            and _differ_by_one(body.key, bodies[other].key)
        }
        if len(near) == 1:
            groups.join(near.pop(), number)


def _may_mislead(body: Body, other: Body, *, doubtful: bool) -> bool:
    """Tell whether a typo may have hidden from the encoder what a name is: a people's adjective looks like a place."""
    adjective = {body.label, other.label} == {"GPE", "NORP"}
    return (doubtful or adjective) and is_listed(other.mentions[0].text)


def _may_be_typo(body: Body) -> bool:
    return body.label in ("NORP", "GPE", "LOC", "ORG") and _MIN_TYPO <= len(body.key) <= 40


def _erase_one(key: str) -> list[str]:
    """List what is left of a name when one of its letters goes; those at its end stay."""
    return [key[:i] + key[i + 1 :] for i in range(max(0, len(key) - 1))]


def _differ_by_one(one: str, other: str) -> bool:
    """Tell whether two names differ by one letter lost, added or changed, or by two swapped, but not at the end."""
    if one == other or abs(len(one) - len(other)) > 1 or any(c.isdigit() for c in one + other):
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    if len(rest) == len(other_rest):
        swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
        return len(rest) > 1 and (rest[1:] == other_rest[1:] or swapped) and len(one) >= _MIN_CHANGED
    longer, shorter = sorted((rest, other_rest), key=len, reverse=True)
    return longer[1:] == shorter and bool(shorter)


def choose_name(mentions: list[Mention]) -> str:
    """Choose the fullest form of a body's name: the long form before its acronym, the commonest for a people."""
    texts = Counter(mention.text for mention in mentions)
    if any(mention.label == "NORP" for mention in mentions):
        return texts.most_common(1)[0][0]

    def fullness(text: str) -> tuple[bool, bool, int, int]:
        shouted = text.isupper() and len(text) > 1 and not is_acronym(text)
        return (not shouted, not is_acronym(text) or " " in text, len(text.split()), len(text))

    return max(texts, key=fullness)
