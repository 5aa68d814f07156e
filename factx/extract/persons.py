"""Whose name it is: mentions of people brought together by full name, surname, first name, initials and honorific.

Full names come first, the longest before the shorter ones they hold. Then each single name goes to the person who bears
it: where several do, the gender that an honorific tells decides, then whom it stood for before, then who was told last.
Nobody is merged on likeness alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factx.countries import fold_name
from factx.titles import first_name_gender, title_gender, title_kind

if TYPE_CHECKING:
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


@dataclass(slots=True)
class Person:
    """Somebody whom the article names."""

    parts: tuple[str, ...]
    """The fullest name as folded parts, without particles and suffixes."""
    mentions: list[Mention] = field(default_factory=list)
    """Where, in the order in which they were found."""
    gender: str | None = None
    """"m", "f" or None."""


def name_parts(name: str) -> tuple[str, ...]:
    """Cut a person's name into the parts that tell people apart.

    >>> name_parts("Bashar al-Assad"), name_parts("Mohammed bin Salman"), name_parts("John F. Kennedy Jr.")
    (('bashar', 'assad'), ('mohammed', 'bin salman'), ('john', 'f', 'kennedy'))
    """
    parts: list[str] = []
    binding = ""
    spaced = name.replace(".", ". ") if "." in name else name
    for part in fold_name(spaced).replace('"', " ").replace("“", " ").replace("”", " ").split():
        if part in _BINDING:
            binding = f"{part} "
        elif part not in _PARTICLES or binding:
            parts.append(binding + part)
            binding = ""
    while len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    return tuple(parts) or (fold_name(name),)


def honorific_gender(words: Words, mention: Mention) -> str | None:
    """Tell the gender that the titles right before a mention say."""
    index = mention.first - 1
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


def group_persons(words: Words, mentions: list[Mention]) -> list[Person]:
    """Bring the mentions of each person together.

    Args:
        words: The article's words.
        mentions: Its mentions of people, in text order.

    Returns:
        The people, each with one or more mentions in text order.
    """
    parts = {mention.text: name_parts(mention.text) for mention in mentions}
    people = _group_full_names(words, mentions, parts)
    owners = {text: person for person in people for text in {mention.text for mention in person.mentions}}
    _place_single_names(words, mentions, parts, people, owners)
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
        genders = {gender for mention in group if (gender := honorific_gender(words, mention))}
        person.gender = person.gender or (genders.pop() if len(genders) == 1 else _gender_of_name(group[0].text))
    return people


def _gender_of_name(name: str) -> str | None:
    first = name.split(maxsplit=1)[0]
    return first_name_gender(first) or first_name_gender(first.split("-")[0])


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
    singly: defaultdict[int, int] = defaultdict(int)
    alone: dict[tuple[str, str | None], Person] = {}
    for mention in mentions:
        name = parts[mention.text]
        if len(name) > 1:
            told[id(owners[mention.text])] = mention.start
            continue
        gender = honorific_gender(words, mention)
        person = _choose(by_rank, name[0], gender, told, singly, mention.start)
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
        singly[id(person)] += 1


def _index_single_parts(
    people: list[Person],
) -> tuple[dict[str, list[Person]], dict[str, list[Person]], dict[str, list[Person]]]:
    """Index people by surname, by first part and by the parts between."""
    last: defaultdict[str, list[Person]] = defaultdict(list)
    first: defaultdict[str, list[Person]] = defaultdict(list)
    middle: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        last[person.parts[-1]].append(person)
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
    singly: dict[int, int],
    start: int,
) -> Person | None:
    """Choose who bears a single name: by surname before first name; of several, whom it stood for, else the last told.

    News gives the surname alone to one of a family, mostly, and calls the others by their full names.
    """
    for rank, index in enumerate(by_rank):
        people = [p for p in index.get(name, ()) if not (gender and p.gender and gender != p.gender)]
        if gender and any(p.gender == gender for p in people):
            people = [p for p in people if p.gender == gender]
        known = [p for p in people if id(p) in told]
        if known:
            return max(known, key=lambda p: (singly.get(id(p), 0) > 1, told[id(p)]))
        # A headline may give the surname before the text gives the name; a first name alone is too little for that.
        if len(people) == 1 and (rank == 0 or people[0].mentions[0].start < start):
            return people[0]
        if people:
            return None
    return None
