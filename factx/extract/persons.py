"""Whose name it is: mentions of people brought together by full name, surname, first name, initials and honorific.

Full names come first, the longest before the shorter ones they hold. Then each single name goes to the person who bears
it: where several do, the gender that an honorific tells decides, then whom it stood for before, then who is not just
somebody's relative, then who alone was told nearby. Where that leaves two, the name stands for itself: nobody is merged
on likeness alone. A family ("the Kims", "the Kim family") is none of its members.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from factx.countries import fold_name
from factx.titles import first_name_gender, is_kin, title_gender, title_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from factx.extract.mentions import Mention
    from factx.extract.words import Words

# Particles say nothing of whose name it is ("al-Assad" is "Assad"), but "bin Salman" is not "Salman".
_PARTICLES = frozenset(
    """al el ul de da do dos das del della di du la le van von der den ter ten zu bint abu st af av y e""".split()
)
_BINDING = frozenset(("bin", "ibn", "ben"))
_SUFFIXES = frozenset(
    "jr sr i ii iii iv v vi vii viii xiv xvi xxiii qc kc mp mep phd md dbe cbe obe mbe kbe frs ra sj esq".split()
)
# Names of more parts than this are looked up whole: their stretches would be many, and no such person is called by one.
_LONGEST_NAME = 8
# Within so many characters somebody was told nearby: a paragraph of news or two.
_NEARBY = 400
# Within so many, in the same sentence or the one before.
_NEXT = 150
# A short name in another spelling is another name ("Li", "Ly"); and an article with more people is a list.
_SHORTEST_VARIANT = 5
_MOST_PEOPLE = 300
_SLAVIC_ENDING = re.compile(r"(?:iy|yi|ij|yy|ii|i)$")
_DOUBLED = re.compile(r"(.)\1+")
_FAMILY_NOUNS = frozenset(
    "family families brothers sisters siblings couple clan dynasty twins household estate".split()
)
_OWNERS = frozenset("his her their its 's ’s my our whose".split())
_KNOWN_AS = re.compile(
    r"""(?:[ ]\([^()]{1,30}\))?,?[ ](?:who[ ](?:is|was)[ ])?
    (?:(?:(?:also|better|best|widely|commonly|popularly)[ ])*(?:known|referred[ ]to)[ ](?:(?:simply|only)[ ])?as
    |(?:who[ ](?:goes|went)|going)[ ]by(?:[ ]the[ ]name(?:[ ]of)?)?
    |a\.k\.a\.|aka|alias|nicknamed|dubbed)[ ]["“‘']?""",
    re.VERBOSE,
)
_LONGEST_ALIAS_GAP = 70
_ROMAN = frozenset("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xxiii".split())


@dataclass(slots=True)
class Person:
    """Somebody whom the article names."""

    parts: tuple[str, ...]
    """The fullest name as folded parts, without particles and suffixes."""
    mentions: list[Mention] = field(default_factory=list)
    """Where, in the order in which they were found."""
    gender: str | None = None
    """"m", "f" or None."""
    aliases: list[str] = field(default_factory=list)
    """Other names of one part, folded: "known as Hemedti"."""
    is_relative: bool = False
    """Whether the article brings this person in as a relative of another: "his wife, Sara Netanyahu"."""


def name_parts(name: str) -> tuple[str, ...]:
    """Cut a person's name into the parts that tell people apart.

    >>> name_parts("Bashar al-Assad"), name_parts("Mohammed bin Salman"), name_parts("John F. Kennedy Jr.")
    (('bashar', 'assad'), ('mohammed', 'bin salman'), ('john', 'f', 'kennedy'))
    >>> name_parts("Charles III")  # the number tells kings apart
    ('charles', 'iii')
    """
    parts: list[str] = []
    binding = ""
    spaced = name.replace(".", ". ") if "." in name else name
    for part in fold_name(spaced).replace('"', " ").replace("“", " ").replace("”", " ").split():
        if part in _BINDING and (parts or part != "ben"):  # "Ben Carter" is Carter
            binding = f"{part} "
        elif part not in _PARTICLES or binding:
            parts.append(binding + part)
            binding = ""
    while len(parts) > 1 and parts[-1] in _SUFFIXES and not (len(parts) == 2 and parts[-1] in _ROMAN):
        parts.pop()
    return tuple(parts) or (fold_name(name),)


def honorific_gender(words: Words, first: int) -> str | None:
    """Tell the gender that the titles right before a name say: "m", "f" or None.

    Args:
        words: The article's words.
        first: First token of the name.
    """
    index = first - 1
    for _ in range(4):
        if index < 0:
            return None
        form = words.forms[index]
        if form != ".":
            if title_kind(form) is None:
                return None
            if gender := title_gender(form):
                return gender
        index -= 1
    return None


def kin_gender(words: Words, first: int, last: int) -> str | None:
    """Tell the gender that a noun of kinship beside a name says: "m", "f" or None.

    "her brother, Goran Petric", "Sara Netanyahu, his wife" and "Milica Jovan, whose husband ...", who has a husband.

    Args:
        words: The article's words.
        first: First token of the name.
        last: Token after its last.
    """
    noun, owned = _kin_beside(words, first, last)
    return title_gender(noun) if owned else {"husband": "f", "wife": "m"}.get(noun)


def is_kin_before(words: Words, first: int) -> bool:
    """Tell whether a noun of kinship leads to a name: "Her brother, [Tom]," and "her brother [Tom]"."""
    index = first - 2 if first > 1 and words.forms[first - 1] == "," else first - 1
    return index > 0 and is_kin(words.forms[index]) and words.forms[index].islower()


def name_gender(name: str) -> str | None:
    """Tell the gender that the first word of a name says: "m", "f" or None."""
    first = name.split(maxsplit=1)[0]
    return first_name_gender(first) or first_name_gender(first.split("-")[0])


def _kin_beside(words: Words, first: int, last: int) -> tuple[str, bool]:
    """Give the noun of kinship beside a name, "" for none, and whether the name is the relative's.

    It is in "his younger brother Jobe" and "Sara Netanyahu, 65, his wife", and not in "Milica Jovan, whose husband".
    """
    index = first - 1
    if index >= 0 and words.forms[index] == ",":
        index -= 1
    if index > 0 and is_kin(words.forms[index]) and words.forms[index].islower():
        owned = any(word in _OWNERS for word in words.lowers[max(0, index - 3) : index])
        return (words.lowers[index] if owned else ""), True
    behind = words.lowers[last : last + 7]
    if behind[1:2] and behind[1].isdigit():
        behind = behind[2:]
    if behind[:1] != [","] or behind[1:2] == [] or behind[1] not in _OWNERS:
        return "", True
    return next((word for word in behind[2:4] if is_kin(word)), ""), behind[1] != "whose"


def find_aliases(words: Words, mentions: Sequence[Mention]) -> dict[str, Mention]:
    """Find the other names that an article gives to people: "Mohamed Dagalo, better known as Hemedti".

    Args:
        words: The article's words.
        mentions: Its mentions, in text order.

    Returns:
        Folded other name -> the mention of the person who bears it.
    """
    aliases: dict[str, Mention] = {}
    for one, other in pairwise(mentions):
        gap = other.start - one.end
        if (
            one.label == "PERSON"
            and gap < _LONGEST_ALIAS_GAP
            and _KNOWN_AS.fullmatch(words.text[one.end : other.start])
        ):
            aliases.setdefault(fold_name(other.text), one)
    return aliases


def family_name(words: Words, mention: Mention, surnames: Collection[str]) -> str | None:
    """Give the surname of the family that a mention names, as "the Kims" or "the Kim family"; None if it names none.

    Args:
        words: The article's words.
        mention: A name.
        surnames: Folded surnames of the article's people, without which a plural is a name like any other.
    """
    name = fold_name(mention.text)
    before = words.lowers[mention.first - 1] if mention.first else ""
    if " " in name or before not in ("the", "both", *_OWNERS):
        return None
    if words.lowers[mention.last : mention.last + 1] and words.lowers[mention.last] in _FAMILY_NOUNS:
        return name
    singulars = [name[: -len(ending)] for ending in ("s", "es") if name.endswith(ending)]
    return next((singular for singular in singulars if singular in surnames), None) if before == "the" else None


def _is_relative(words: Words, mention: Mention) -> bool:
    """Tell whether somebody is brought in as a relative: "his younger brother Jobe", "Lee Hsien Loong, son of Lee"."""
    first = mention.first
    son_of = first > 1 and words.lowers[first - 1] == "of" and is_kin(words.forms[first - 2])
    return son_of or bool(_kin_beside(words, first, mention.last)[0])


def group_persons(words: Words, mentions: list[Mention]) -> list[Person]:
    """Bring the mentions of each person together.

    Args:
        words: The article's words.
        mentions: Its mentions of people, in text order.

    Returns:
        The people, each with one or more mentions in text order.
    """
    parts = {mention.text: name_parts(mention.text) for mention in mentions}
    surnames = {name[-1] for name in parts.values() if len(name) > 1}
    families: dict[str, Person] = {}
    singles: list[Mention] = []
    for mention in mentions:
        if family := family_name(words, mention, surnames):
            families.setdefault(family, Person((f"{family} family",))).mentions.append(mention)
        else:
            singles.append(mention)
    people = _group_full_names(words, singles, parts)
    _add_aliases(words, mentions, people)
    owners = {text: person for person in people for text in {mention.text for mention in person.mentions}}
    _place_single_names(words, singles, parts, people, owners)
    people.extend(families.values())
    for person in people:
        person.mentions.sort(key=lambda mention: mention.start)
    return people


def _group_full_names(words: Words, mentions: list[Mention], parts: dict[str, tuple[str, ...]]) -> list[Person]:
    """Group the names of two parts and more, the longest first."""
    by_parts: defaultdict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        if len(parts[mention.text]) > 1:
            by_parts[parts[mention.text]].append(mention)
    people: list[Person] = []
    stretches: defaultdict[tuple[str, ...], list[Person]] = defaultdict(list)
    ends: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)
    for name in sorted(by_parts, key=lambda name: (-len(name), -sum(map(len, name)), by_parts[name][0].start)):
        group = by_parts[name]
        person = _find_owner(name, stretches, ends)
        if person is None:
            person = Person(name)
            people.append(person)
            for stretch in _list_stretches(name):
                stretches[stretch].append(person)
        for first in {name[0], name[0][0]}:
            if person not in ends[first, name[-1]]:
                ends[first, name[-1]].append(person)
        person.mentions.extend(group)
        person.is_relative = person.is_relative or _is_relative(words, group[0])
        genders = {
            gender
            for mention in group
            if (gender := honorific_gender(words, mention.first) or kin_gender(words, mention.first, mention.last))
        }
        person.gender = person.gender or (genders.pop() if len(genders) == 1 else name_gender(group[0].text))
    return people


def _add_aliases(words: Words, mentions: list[Mention], people: list[Person]) -> None:
    """Note for each person the other names that the article gives."""
    bearers = {mention.start: person for person in people for mention in person.mentions}
    for alias, mention in find_aliases(words, mentions).items():
        if (person := bearers.get(mention.start)) is not None and " " not in alias:
            person.aliases.append(alias)


def _list_stretches(name: tuple[str, ...]) -> list[tuple[str, ...]]:
    """List the runs of two and more parts of a name, without the whole."""
    size = len(name)
    if size > _LONGEST_NAME:
        return []
    return [name[i:j] for i in range(size) for j in range(i + 2, size + 1) if j - i < size]


def _find_owner(
    name: tuple[str, ...],
    stretches: dict[tuple[str, ...], list[Person]],
    ends: dict[tuple[str, str], list[Person]],
) -> Person | None:
    """Find the person whose longer name holds this one, or whose name agrees in first and last part."""
    if owners := stretches.get(name):
        return owners[0] if len(owners) == 1 else None
    fitting = [person for person in ends.get((name[0], name[-1]), ()) if _agree(person.parts, name)]
    return fitting[0] if len(fitting) == 1 else None


def _agree(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Tell whether two names of equal surname can be one person's: other parts equal, initials or missing."""
    if longer[-1] != shorter[-1] or not _same_or_initial(longer[0], shorter[0]):
        return False
    middle, other = longer[1:-1], shorter[1:-1]
    if not middle or not other:
        return True
    rest = iter(middle)
    return all(any(_same_or_initial(part, wanted) for part in rest) for wanted in other)


def _same_or_initial(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _place_single_names(
    words: Words,
    mentions: list[Mention],
    parts: dict[str, tuple[str, ...]],
    people: list[Person],
    owners: dict[str, Person],
) -> None:
    """Give each single name to the person who bears it, in text order."""
    by_rank = _index_single_parts(people)
    told: dict[int, int] = {}
    called: set[tuple[int, str]] = set()
    alone: dict[tuple[str, str | None], Person] = {}
    for mention in mentions:
        name = parts[mention.text]
        if len(name) > 1:
            told[id(owners[mention.text])] = mention.start
            continue
        gender = honorific_gender(words, mention.first)
        person = _choose(by_rank, name[0], gender, told, called, mention.start)
        if person is None:
            person = _find_variant(name[0], people)
        if person is None:
            person = alone.get((name[0], gender)) or alone.get((name[0], None))
            if person is None and gender is None:
                known = [alone[key] for key in ((name[0], "m"), (name[0], "f")) if key in alone]
                person = known[0] if len(known) == 1 else None
            if person is None:
                person = Person(name)
                people.append(person)
            alone[name[0], gender] = person
        person.gender = person.gender or gender or (first_name_gender(mention.text) if len(person.parts) == 1 else None)
        person.mentions.append(mention)
        told[id(person)] = mention.start
        called.add((id(person), name[0]))


def _find_variant(name: str, people: list[Person]) -> Person | None:
    """Find the one person whose surname is the same name in another spelling: "Zelensky" for "Zelenskiy"."""
    if len(name) < _SHORTEST_VARIANT or len(people) > _MOST_PEOPLE:
        return None
    key = _spelling_key(name)
    found = [p for p in people if p.parts[-1] != name and len(p.parts) > 1 and _spelling_key(p.parts[-1]) == key]
    return found[0] if len(found) == 1 else None


def _spelling_key(name: str) -> str:
    """Bring the spellings of one name together: endings of Slavic names, doubled letters, "kh" and "h"."""
    key = _SLAVIC_ENDING.sub("y", name).replace("kh", "h").replace("off", "ov").replace("eff", "ev")
    return _DOUBLED.sub(r"\1", key)


def _index_single_parts(
    people: list[Person],
) -> tuple[dict[str, list[Person]], dict[str, list[Person]], dict[str, list[Person]]]:
    """Index people by surname, by first part and by the parts between."""
    last: defaultdict[str, list[Person]] = defaultdict(list)
    first: defaultdict[str, list[Person]] = defaultdict(list)
    middle: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        for name in {person.parts[-1], *person.aliases}:
            last[name].append(person)
        first[person.parts[0]].append(person)
        for part in set(person.parts[1:-1]):
            if len(part) > 2:
                middle[part].append(person)
    return last, first, middle


def _choose(  # noqa: PLR0913 - what was told so far, in its parts
    by_rank: tuple[dict[str, list[Person]], ...],
    name: str,
    gender: str | None,
    told: dict[int, int],
    called: set[tuple[int, str]],
    start: int,
) -> Person | None:
    """Choose who bears a single name: by surname before first name; None if two are left.

    News gives the surname alone to the one of a family whom the story is about, mostly, and calls the others by their
    full names or first names.
    """
    for rank, index in enumerate(by_rank):
        people = [p for p in index.get(name, ()) if not (gender and p.gender and gender != p.gender)]
        if gender and any(p.gender == gender for p in people):
            people = [p for p in people if p.gender == gender]
        if known := [p for p in people if id(p) in told]:
            near = [p for p in known if start - told[id(p)] < _NEARBY]
            latest = [p for p in near if start - told[id(p)] < _NEXT]
            if len(latest) == 1:
                # "... Kim Jong Un inspected a shipyard. Kim was accompanied": others were told a sentence before.
                near = latest
            habit = [p for p in known if (id(p), name) in called]
            if len(habit) == 1 and habit[0] not in near and any(not p.is_relative for p in near):
                habit = []
            # Of two brothers neither is the one whom the story is about.
            main = [p for p in known if not p.is_relative]
            return next((pool[0] for pool in (known, habit, main, near) if len(pool) == 1), None)
        # A headline may give the surname before the text gives the name; a first name alone is too little for that.
        if len(people) == 1 and (rank == 0 or people[0].mentions[0].start < start):
            return people[0]
        if people:
            return None
    return None
