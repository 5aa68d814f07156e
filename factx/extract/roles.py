"""Roles: the title or office that an article gives a person, as written.

Three places tell it: the words before the name ("Kazakh President Kassym-Jomart Tokayev"; "a spokesman, John Doe,"), an
apposition behind it ("Erzhan Kazykhan, a special representative of Mr. Tokayev") and a copula ("Doe is the mayor").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.name_borders import CALENDAR, is_people
from factx.extract.words import FINITE
from factx.titles import HONORIFIC, is_kin, is_role, title_kind

if TYPE_CHECKING:
    from factx.extract.mentions import Mention
    from factx.extract.words import Words

# A role of more words than this is a sentence gone astray.
_LONGEST_ROLE = 14
_DETERMINERS = frozenset("the a an his her their its our my your another one".split())
_POSSESSIVES = frozenset(("'s", "’s", "'", "’"))
_HYPHENS = frozenset("-–‐‑")
_LINKING = frozenset("of for to in at on from and with & 's ’s '".split()) | _HYPHENS
_COPULAS = frozenset("is was became becomes remains remained".split())
_BREAKS = frozenset(',;:()[]—!?"“”') | {"--", "...", "…"}
_RELATIVES = frozenset(
    "who whom whose which that where when while but as after before because since although if then".split()
)
# Verbs of which news is full, for Docs that nothing tagged.
_VERBS = frozenset(
    """said says told tells added adds is was are were has have had will would could may might can warned announced
    called says met meets visited ordered asked denied urged claimed insisted did does do""".split()
)
# "Last week President Tokayev appealed": what tells when is no part of a title.
_TIMES = CALENDAR | frozenset(
    """week month year day night morning afternoon evening weekend today yesterday tomorrow tonight weeks months years
    days a.m. p.m. a.m p.m am pm noon midnight""".split()
)
_BEFORE_TAGS = frozenset(
    ("NN", "NNP", "NNPS", "NNS", "JJ", "JJR", "JJS", "HYPH", "POS", "VBG", "VBN", "FW", "AFX", "CD", "XX")
)
_OBJECTS = frozenset(("obj", "iobj", "nsubj", "nsubj:pass", "ccomp", "xcomp", "obl"))
# "was elected leader of the party" tells the same as "is leader of the party".
_CHOSEN = frozenset(
    "elected reelected re-elected appointed named sworn inaugurated chosen nominated again also now".split()
)
# Prepositions whose phrase may end in the name's role noun only through "of": "Secretary of State".
_OF = "of"


def find_roles(words: Words, mention: Mention, people: set[int], names: dict[int, Mention]) -> list[str]:
    """Find the roles that the words around a person's name give.

    Args:
        words: The article's words.
        mention: The name.
        people: Tokens that belong to names of people.
        names: For each token of a name, its mention.

    Returns:
        The roles as written, without article, in text order; those before the name first.
    """
    found = (
        *_roles_before(words, mention, people, names),
        _role_behind(words, mention, people),
        _role_by_copula(words, mention, people),
    )
    return [role for role in found if role and not _says_nothing(role)]


def _says_nothing(role: str) -> bool:
    """Tell whether a role says only that somebody is a man, or a relative and not whose: "younger brother"."""
    parts = role.split()
    if any(part in ("man", "woman", "boy", "girl") for part in parts[:-1]) or parts[-1] in (
        "man",
        "woman",
        "boy",
        "girl",
    ):
        return True
    alone = is_kin(parts[-1]) or parts[-1] in ("colleague", "counterpart", "friend", "neighbour", "neighbor")
    return alone and not any(part.endswith(("'s", "’s", "s'", "s’")) for part in parts)


def _join(words: Words, first: int, last: int) -> str:
    return " ".join(words.text[words.starts[first] : words.ends[last - 1]].split())


# -- before the name


def _roles_before(words: Words, mention: Mention, people: set[int], names: dict[int, Mention]) -> list[str | None]:
    """Read the title before a name, and the noun phrase of role that a comma divides from it."""
    end = mention.first
    while end and _is_honorific(words, end - 1):
        end -= 1
    begin = _walk_back(words, end, names)
    title = _clean_role(words, begin, end, people) if begin < end else None
    if begin > 1 and words.forms[begin - 1] == ",":
        return [_role_before_comma(words, begin - 1, people), title]
    return [title]


def _is_honorific(words: Words, index: int) -> bool:
    if words.forms[index] == "." and index and words.ends[index - 1] == words.starts[index]:
        return title_kind(words.forms[index - 1]) == HONORIFIC
    return title_kind(words.forms[index]) == HONORIFIC


def _walk_back(words: Words, end: int, names: dict[int, Mention]) -> int:
    """Give the first token of the modifiers and titles that end right before a token, if a title ends there."""
    last = end - 1
    if last >= 0 and words.forms[last] == ".":
        last -= 1
    if last < 0 or not _ends_title(words, last):
        return end
    begin = last
    while begin > 0 and end - begin < _LONGEST_ROLE and not words.opens[begin]:
        step = _step_back(words, begin, end, names)
        if step == begin:
            break
        begin = step
    # "the daughter of President Silva" is a role of hers, "President" is his.
    relatives = [i for i in range(begin, end - 1) if is_kin(words.forms[i]) and words.lowers[i + 1] == _OF]
    begin = relatives[-1] + 2 if relatives else begin
    while begin < end and words.lowers[begin] in _LINKING | _DETERMINERS:
        begin += 1
    return begin


def _ends_title(words: Words, index: int) -> bool:
    """Tell whether a title may end at a token: a noun of role, or "State", "Defense" after "of"/"for"."""
    if is_role(words.forms[index]):
        # "will host Vladimir Putin" names no host.
        return words.tags[index] not in ("NNS", "NNPS") and not words.tags[index].startswith("VB")
    for back in (1, 2, 3):
        if index - back > 0 and words.lowers[index - back] == _OF:
            return is_role(words.forms[index - back - 1]) and words.forms[index][0].isupper()
    return title_kind(words.forms[index]) == HONORIFIC


def _step_back(words: Words, begin: int, end: int, names: dict[int, Mention]) -> int:
    """Give the token where the phrase that ends before `end` begins if the word before belongs to it, else the same."""
    index = begin - 1
    form, lower, tag = words.forms[index], words.lowers[index], words.tags[index]
    if index in names:
        mention = names[index]
        if mention.label == "PERSON" and lower not in _POSSESSIVES:
            following = words.lowers[begin]
            return mention.first if following in _POSSESSIVES else begin
        return mention.first
    if form == "." and index and title_kind(words.forms[index - 1]) and words.ends[index - 1] == words.starts[index]:
        # "Defence Ministry spokesman Lt. Gen. Igor Konashenkov"
        return index - 1
    if lower in _POSSESSIVES:
        return index if index and (index - 1 in names or words.forms[index - 1][0].isalpha()) else begin
    if form in _HYPHENS:
        return (
            index if words.ends[index] == words.starts[begin] or words.starts[index] == words.ends[index - 1] else begin
        )
    if lower == _OF:
        # "Secretary of State": only between a noun of role and a capitalised word.
        return index if index and is_role(words.forms[index - 1]) and words.forms[begin][0].isupper() else begin
    if lower == "and":
        # "founder and chief executive", "Foreign and Defense Minister"
        return index if index and is_role(words.forms[index - 1]) and not words.forms[begin][0].isupper() else begin
    if (
        lower in _TIMES
        or lower in _DETERMINERS
        or lower in _VERBS
        or form in _BREAKS
        or not any(c.isalnum() for c in form)
    ):
        return begin
    if title_kind(form) or is_people(form):
        return index
    if tag:
        # "court sentences former minister Ali Laarayedh": what governs the title is a verb, whatever its tag.
        governs = tag in ("NNS", "VBG", "VBN") and any(
            words.heads[later] == index and words.deps[later] in _OBJECTS for later in range(begin, end + 1)
        )
        return index if tag in _BEFORE_TAGS and not governs else begin
    return index if form[0].isupper() and not words.opens[index] else begin


def _clean_role(words: Words, begin: int, end: int, people: set[int]) -> str | None:
    """Give the words of a title if a noun of role is among them, without what is no part of it."""
    while begin < end and (words.lowers[begin] in _DETERMINERS or _is_honorific(words, begin)):
        begin += 1
    while end > begin and words.forms[end - 1] in ("-", ","):
        end -= 1
    if begin >= end or not any(is_role(words.forms[index]) for index in range(begin, end)):
        return None
    if all(index in people for index in range(begin, end)):
        return None
    return _join(words, begin, end)


def _role_before_comma(words: Words, comma: int, people: set[int]) -> str | None:
    """Read "A Defense Ministry spokesman, John Doe": a noun phrase of role that begins a sentence or clause."""
    begin = comma
    found = -1
    while begin > 0 and comma - begin < _LONGEST_ROLE:
        index = begin - 1
        form, lower, tag = words.forms[index], words.lowers[index], words.tags[index]
        if lower in ("a", "an", "the", "one", "his", "her", "its", "their"):
            found = begin
            begin = index
            # "the head of the army": an article behind a preposition opens no phrase of its own.
            if index and words.lowers[index - 1] in ("of", "for", "in", "at", "to", "on"):
                continue
            break
        if form in _BREAKS or lower in _VERBS or tag in FINITE or lower in _RELATIVES or form == ".":
            break
        begin = index
        if words.opens[index]:
            found = index
            break
    if found < 0 or begin > found:
        return None
    head = _head(words, found, comma)
    if head < 0 or head in people or any(index in people for index in range(found, comma)):
        return None
    return _join(words, found, comma)


# -- behind the name


def _role_behind(words: Words, mention: Mention, people: set[int]) -> str | None:
    index = mention.last
    if index >= len(words.forms) or words.forms[index] not in (",", "(", "—", "–", "-"):
        return None
    index += 1
    # "John Doe, 42, a teacher"
    if index + 1 < len(words.forms) and words.forms[index].isdigit() and words.forms[index + 1] == ",":
        index += 2
    return _read_phrase(words, index, people, closed=True)


def _role_by_copula(words: Words, mention: Mention, people: set[int]) -> str | None:
    index = mention.last
    if index < len(words.forms) and words.forms[index] == ",":
        index += 1
    if index < len(words.forms) and words.lowers[index] == "who":
        index += 1
    elif index != mention.last:
        return None
    if index >= len(words.forms) or words.lowers[index] not in _COPULAS:
        return None
    index += 1
    while index < len(words.forms) and words.lowers[index] in _CHOSEN | {"as", "in", "later"}:
        index += 1
    return _read_phrase(words, index, people, closed=False)


def _read_phrase(words: Words, begin: int, people: set[int], *, closed: bool) -> str | None:
    """Read a noun phrase of role that begins at a token.

    `closed`: a mark must end it, so that "Blinken, President Biden and others" and "Tokayev, the minister said" give
    none.
    """
    size = len(words.forms)
    if begin < size and words.lowers[begin] in _DETERMINERS:
        begin += 1
    end = begin
    while end < size and end - begin < _LONGEST_ROLE:
        form, lower, tag = words.forms[end], words.lowers[end], words.tags[end]
        if form in _BREAKS or form == "." or "\n" in form or lower in _RELATIVES or (end > begin and words.opens[end]):
            break
        if lower in _VERBS or tag in FINITE:
            if closed:
                return None
            break
        end += 1
    else:
        if end < size:
            return None
    head = _head(words, begin, end)
    if head < 0 or (head + 1 < end and head + 1 in people):
        return None
    if any(index in people for index in range(begin, head + 1)) and not _owned(words, begin, head, people):
        return None
    # "was elected mayor on Tuesday", but "mayor of Friday Harbor"
    end = next((i for i in range(head + 1, end) if _tells_time(words, i)), end)
    while end > head + 1 and (
        words.lowers[end - 1] in _LINKING
        or words.lowers[end - 1] in _DETERMINERS
        or words.tags[end - 1] in ("RB", "CC", "IN", "TO")
    ):
        end -= 1
    return _join(words, begin, end)


def _tells_time(words: Words, index: int) -> bool:
    """Tell whether a word says when, and does not begin a name: "Friday Harbor"."""
    named = words.forms[index + 1 : index + 2]
    return words.lowers[index] in _TIMES and not (named and named[0].istitle() and not words.opens[index + 1])


def _owned(words: Words, begin: int, head: int, people: set[int]) -> bool:
    """Tell whether the people named before the head only own it ("Tokayev's spokesman")."""
    return all(
        any(words.lowers[later] in _POSSESSIVES for later in range(index, head))
        for index in range(begin, head)
        if index in people
    )


def _head(words: Words, begin: int, end: int) -> int:
    """Give the noun of role that heads a phrase: the last word before the first preposition; -1 if it is none."""
    last = begin - 1
    for index in range(begin, end):
        lower = words.lowers[index]
        if lower in (
            "of",
            "for",
            "in",
            "at",
            "to",
            "on",
            "from",
            "with",
            "and",
            "who",
            "during",
            "under",
            "about",
            "near",
            "by",
        ):
            break
        last = index
    if last < begin or words.tags[last] in ("NNS", "NNPS") or not is_role(words.forms[last]):
        return -1
    return last


def choose_role(roles: list[str]) -> str | None:
    """Choose the first full role: the first of several words, else the first at all; a headline in capitals comes last.

    >>> choose_role(["President", "Kazakh President", "leader of the country"])
    'Kazakh President'
    >>> choose_role(["LUND MAYOR", "mayor"])
    'mayor'
    """
    written = [role for role in roles if not role.isupper()] or roles
    return next((role for role in written if " " in role), written[0] if written else None)
