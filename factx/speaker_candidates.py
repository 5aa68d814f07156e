"""Who and what may speak: the records of the resolver."""

from __future__ import annotations

from dataclasses import dataclass

from factx.speaker_nouns import FEMININE, MASCULINE, NEUTER

HE_OR_SHE = "he or she"
SUBJECTS = frozenset(("nsubj", "nsubj:pass"))


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom a speaker's words mean."""

    name: str | None
    """Full name or description."""
    entity: str | None
    """Id of the entity."""
    gender: str | None = None
    """"m", "f" or None."""
    plural: bool = False
    """More than one person."""
    animate: bool = True
    """A person or people; False for bodies and documents."""


@dataclass(frozen=True, slots=True)
class Told:
    """One place where somebody or something that may speak is named or described."""

    start: int
    token: int
    who: Resolved
    heads: frozenset[str]
    """Nouns that were used of it there, in lower case."""
    modifiers: frozenset[str]
    """Folded names of peoples and places beside it."""
    subject: bool
    first: bool
    end: int
    definite: bool = False
    """"The reporter": it was told of before, or is known to all; an antecedent of pronouns alone."""


def fits(word: str, who: Resolved) -> bool:
    """Tell whether a pronoun, or "he or she", may stand for somebody or something."""
    if word == HE_OR_SHE:
        return who.animate and not who.plural
    if word in MASCULINE:
        return who.animate and not who.plural and who.gender != "f"
    if word in FEMININE:
        return who.animate and not who.plural and who.gender != "m"
    if word in NEUTER:
        return not who.animate and not who.plural
    return who.plural
