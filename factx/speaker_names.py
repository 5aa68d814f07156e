"""Names in a speaker's words: the people or the body that a phrase is about, and phrases as their own description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.countries import is_demonym
from factx.extract.name_borders import LETTERS_AFTER
from factx.speaker_candidates import Resolved
from factx.speaker_nouns import (
    ANY_BODY,
    ARTICLES,
    BODY_ADJECTIVES,
    BODY_NOUNS,
    GROUPS,
    PARTS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVE,
)
from factx.titles import MODIFIER, is_role, title_gender, title_kind

if TYPE_CHECKING:
    from factx.facts import Entity
    from factx.speaker_discourse import Discourse


def head_people(discourse: Discourse, first: int, end: int) -> list[tuple[int, int, Entity]]:
    """List the people that a phrase is about, not those inside its modifiers ("a lawyer for Mr. Doe")."""
    words = discourse.words
    if end <= first:
        return []
    found: list[tuple[int, int, Entity]] = []
    for start, stop, entity in discourse.mentions_in(words.starts[first], words.ends[end - 1]):
        if entity.label != "PERSON":
            continue
        token, after = discourse.token_range(start, stop)
        if after < end and words.lowers[after] in POSSESSIVES:
            continue
        if _is_inside_modifier(discourse, first, token):
            continue
        # "Bush administration", "the Kyl amendment": the name is but a modifier of the noun behind it.
        if (
            after < end
            and words.forms[after].isalpha()
            and words.forms[after] not in LETTERS_AFTER
            and words.lowers[after] not in ("and", "or", "of", *PREPOSITIONS)
        ):
            continue
        found.append((start, stop, entity))
    return found


def _is_inside_modifier(discourse: Discourse, first: int, token: int) -> bool:
    """Tell whether a name belongs to a modifier of a noun of role: "a lawyer for Mr. Doe", "a friend of the Does".

    A comma before the name closes the modifier ("the speaker of parliament, Jane Doe"); so do the words of
    an office ("Secretary of State Jane Doe"); and without a noun of role before the preposition there is nobody
    else to speak ("Commission of Inquiry head John Doe").
    """
    words = discourse.words
    for index in range(token - 1, first - 1, -1):
        lower = words.lowers[index]
        if lower in (",", "and", "(", "—"):
            return False
        if lower not in PREPOSITIONS or index == first:
            continue
        if not any(_may_speak(discourse, k, opens=k == first) for k in range(first, index)):
            return False
        behind = [k for k in range(index + 1, token) if words.forms[k] != "."]
        # "Secretary of State Jane Doe", "Ambassador to Norway Jane Doe", but "Aides to President Doe".
        office = lower in ("of", "for", "to") and is_role(words.forms[index - 1]) and bool(behind)
        nouns = [words.forms[k] for k in behind]
        return not (office and nouns[0][0].isupper() and all(title_kind(noun) in (None, MODIFIER) for noun in nouns))
    return False


def _may_speak(discourse: Discourse, index: int, *, opens: bool) -> bool:
    """Tell whether a word is a noun that may speak itself: "lawmakers", "a statement", "faction"."""
    form, lower = discourse.words.forms[index], discourse.words.lowers[index]
    return is_role(form) or (
        (form == lower or opens) and (lower in BODY_NOUNS or (lower.endswith("s") and len(lower) > 2))
    )


def name_people(discourse: Discourse, people: list[tuple[int, int, Entity]], end: int) -> Resolved:
    """Give the person, or several people as one, whom a phrase names."""
    if len(people) == 1 or not _is_coordination(discourse, people):
        entity = people[0][2]
        together = _companions(discourse, people[0], end)
        if together:
            return Resolved(f"{entity.name} {together}", None, plural=True)
        return Resolved(entity.name, entity.id, discourse.genders.get(entity.id))
    names = [entity.name for _, _, entity in people]
    return Resolved(", ".join(names[:-1]) + f" and {names[-1]}", None, plural=True)


def _is_coordination(discourse: Discourse, people: list[tuple[int, int, Entity]]) -> bool:
    """Tell whether the names of a phrase are joined by "and" and belong to several people."""
    if len({entity.id for _, _, entity in people}) < len(people):
        return False
    return " and " in discourse.words.text[people[0][1] : people[-1][0]]


def _companions(discourse: Discourse, person: tuple[int, int, Entity], end: int) -> str:
    """Give "and other officials" where it follows a name right away."""
    after = discourse.token_range(person[0], person[1])[1]
    if after < end - 1 and discourse.words.lowers[after] == "and":
        return " ".join(discourse.words.text[discourse.words.starts[after] : discourse.words.ends[end - 1]].split())
    return ""


# What a body is to others: "the ferry's owner, Blue Strait Lines".
_ROLES_OF_FIRMS = frozenset(
    """owner builder parent contractor subsidiary supplier developer organiser organizer sponsor publisher investor
    rival competitor chipmaker carmaker drugmaker steelmaker broker""".split()
)


def head_body(discourse: Discourse, first: int, end: int) -> Entity | None:
    """Give the body or place that a phrase names: alone, or with a noun that only says what it is."""
    words = discourse.words
    inside = [
        item for item in discourse.mentions_in(words.starts[first], words.ends[end - 1]) if item[2].label != "PERSON"
    ]
    for start, stop, entity in inside:
        if entity.label == "NORP" or (entity.label not in ("ORG", "GPE") and len(inside) > 1):
            continue
        token, after = discourse.token_range(start, stop)
        if after < end and words.forms[after] == ")":
            after += 1
        before = words.lowers[first:token]
        # An acronym behind the name says nothing more: the Union of Miners (UM).
        if words.forms[after : after + 1] == ["("] and ")" in words.forms[after:end]:
            after = words.forms.index(")", after) + 1
        behind = words.lowers[after:end]
        if behind[:1] == [","]:
            behind = []
        if any(word in PREPOSITIONS for word in before) or (
            behind and (entity.label != "ORG" or behind[-1] not in ANY_BODY)
        ):
            continue
        if any(word not in ANY_BODY | BODY_ADJECTIVES for word in behind):
            continue
        plain = set(before) <= ARTICLES
        if plain or (entity.label == "ORG" and _introduces(before, named=bool(behind))):
            return entity
    return None


def _introduces(before: list[str], *, named: bool) -> bool:
    """Tell whether the words before a body's name only say what it is.

    "The official news agency Xinhua", "the Italian aid group, Emergency"; with the noun behind the name ("Xinhua
    news agency", `named`) adjectives and an owner may stand before it, too.
    """
    if before[-1] in (",", "(") and len(before) > 1:
        return before[-2] in BODY_NOUNS | _ROLES_OF_FIRMS
    return (
        before[-1] in BODY_NOUNS | _ROLES_OF_FIRMS
        or before[-1] in ("chain", "giant", ")")
        or (named and (before[-1] in BODY_ADJECTIVES or before[-1] in POSSESSIVES or is_demonym(before[-1].title())))
    )


def describe(discourse: Discourse, first: int, end: int) -> Resolved:
    """Take a phrase as its own description."""
    words = discourse.words
    text = " ".join(words.text[words.starts[first] : words.ends[end - 1]].split())
    head = phrase_head(discourse, first, end)
    lower = words.lowers[head]
    untagged = not words.tags[head] and words.forms[head] == lower and lower.endswith("s") and not lower.endswith("ss")
    plural = words.tags[head] in ("NNS", "NNPS") or untagged or lower in GROUPS or lower in PARTS or " and " in text
    # A bare name that the encoder missed may be anybody's.
    bare = all(form[0].isupper() and not form.isupper() for form in words.forms[first:end] if form[0].isalpha())
    animate = is_role(words.forms[head]) or plural or (bare and not is_demonym(text))
    return Resolved(
        text, None, title_gender(words.forms[head]) if is_role(words.forms[head]) else None, plural, animate
    )


def phrase_head(discourse: Discourse, first: int, end: int) -> int:
    """Give the token that heads a noun phrase: the last word before its first preposition, comma or clause."""
    last = first
    for index in range(first, end):
        lower = discourse.words.lowers[index]
        if index > first and (lower in PREPOSITIONS or lower in RELATIVE or lower in (",", "(", "and")):
            break
        if any(c.isalnum() for c in lower):
            last = index
    return last


def name_behind_title(discourse: Discourse, first: int, end: int) -> str | None:
    """Read a name that no entity holds behind the titles that open a phrase ("Inspector Jane Doe")."""
    words = discourse.words
    cut = first
    for index in range(first, end - 1):
        form = words.forms[index]
        kind = title_kind(form)
        if kind is None and not is_demonym(form) and form != ".":
            break
        if kind not in (None, MODIFIER) and form[0].isupper():
            cut = index + 1
    rest = words.forms[cut:end]
    if cut == first or len(rest) > 4 or not all(form[0].isupper() and form.replace(".", "").isalpha() for form in rest):
        return None
    if discourse.mentions_in(words.starts[cut], words.ends[end - 1]):
        return None
    return " ".join(words.text[words.starts[cut] : words.ends[end - 1]].split())
