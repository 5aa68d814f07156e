"""Forms of one name: acronyms, initials and the suffixes of companies."""

from __future__ import annotations

from factx.countries import fold_name

# Left out of initials, and of the ends of names.
_SMALL_WORDS = frozenset("of the and for in on to a an de la du des del y et und & at against with by".split())
CORPORATE = frozenset(
    """inc incorporated corp corporation co company ltd limited plc llc llp lp ag gmbh sa spa nv bv ab as oyj asa kk
    group holdings holding""".split()
)


def is_acronym(name: str) -> bool:
    """Tell whether a name looks like an acronym.

    >>> is_acronym("CSTO"), is_acronym("U.N."), is_acronym("WikiLeaks"), is_acronym("USAf"), is_acronym("OPEC+")
    (True, True, False, True, True)
    """
    letters = [c for c in name if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    return " " not in name and 2 <= len(letters) <= 9 and upper >= 2 and upper > len(letters) / 2


def initials(name: str) -> set[str]:
    """Give the initials of a name of several words, with and without its small words."""
    found: set[str] = set()
    # "Co-operation" counts once in OSCE, "Asia-Pacific" twice in APEC.
    for folded in (fold_name(name), fold_name(name.replace("-", ""))):
        parts = folded.split()
        if len(parts) > 1:
            found.add("".join(part[0] for part in parts))
            found.add("".join(part[0] for part in parts if part not in _SMALL_WORDS))
    return found
