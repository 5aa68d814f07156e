"""Countries and their peoples: from a name in an article to the ISO 3166-1 alpha-2 code, by exact look-up alone.

The tables are our own and reviewed: lexicon/countries.csv, lexicon/demonyms.csv and, for names that mean two places,
lexicon/ambiguous_places.csv with the other names of an article that settle the matter. ISO 3166 decides what is a
country: England is GB, since ISO 3166-2 lists it as a part of GB; the Soviet Union and Yugoslavia have no code, since
several states came of them; East Germany is DE, since one state came of it; Taiwan, Palestine and Western Sahara have
codes of their own; Abkhazia and Crimea have none. Kosovo has XK, which ISO 3166-1 leaves to its users.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

# Kinds of names that stand for a whole country of today, so that two of them with one code are the same entity.
_SAME_COUNTRY = frozenset(("short", "formal", "abbreviation"))


class Evidence(NamedTuple):
    """What settles an ambiguous name: with any of `names` in the article, it has `code` (None: it is no country)."""

    code: str | None
    names: frozenset[str]


def fold_name(name: str) -> str:
    """Bring a name to the form in which names are compared: no case, accents, full stops, hyphens or leading article.

    >>> fold_name("The  U.S."), fold_name("Côte d’Ivoire"), fold_name("Guinea-Bissau")
    ('us', "cote d'ivoire", 'guinea bissau')
    """
    if not name.isascii():
        name = name.replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-")
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = name.casefold().replace(".", "").replace("-", " ").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _rows(table: str) -> list[dict[str, str]]:
    text = files("factx").joinpath("lexicon", table).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _countries() -> dict[str, tuple[str | None, str]]:
    """Folded name -> code and kind."""
    return {fold_name(row["name"]): (row["code"] or None, row["kind"]) for row in _rows("countries.csv")}


@cache
def _demonyms() -> dict[str, str | None]:
    """Folded demonym -> code; regular plurals are made here, so that the table holds one form."""
    found: dict[str, str | None] = {}
    for row in _rows("demonyms.csv"):
        demonym = fold_name(row["demonym"])
        code = row["code"] or None
        found[demonym] = code
        if not demonym.endswith(("s", "sh", "ch", "x", "men", "ese")):
            found.setdefault(f"{demonym}s", code)
    return found


@cache
def _ambiguous() -> dict[str, tuple[Evidence, ...]]:
    found: dict[str, tuple[Evidence, ...]] = {}
    for row in _rows("ambiguous_places.csv"):
        names = frozenset(fold_name(name) for name in row["evidence"].split(";"))
        key = fold_name(row["name"])
        for form in (key, f"{key}s") if key in _demonyms() else (key,):
            found[form] = (*found.get(form, ()), Evidence(row["code"] or None, names))
    return found


def country_code(name: str, label: str, article_names: Collection[str] = frozenset()) -> str | None:
    """Tell the country that a place name or the name of a people stands for.

    >>> country_code("U.S.", "GPE"), country_code("Nigeriens", "NORP"), country_code("New Mexico", "GPE")
    ('US', 'NE', None)
    >>> country_code("Georgia", "GPE"), country_code("Georgia", "GPE", {"tbilisi"})
    (None, 'GE')

    Args:
        name: The name as written.
        label: Its label; anything but GPE and NORP has no country.
        article_names: Folded names (`fold_name`) of the whole article, which settle ambiguous ones.

    Returns:
        The ISO 3166-1 alpha-2 code; None if the name is no country's or people's, or leaves more than one open.

    Source: lexicon/countries.csv, lexicon/demonyms.csv and lexicon/ambiguous_places.csv.
    """
    key = fold_name(name)
    if not key or label not in ("GPE", "NORP") or not any(character.isupper() for character in name):
        return None
    if evidence := _ambiguous().get(key):
        matches = {
            item.code for item in evidence if any(other in item.names for other in article_names if other != key)
        }
        return next(iter(matches)) if len(matches) == 1 else None
    if label == "GPE":
        return _countries().get(key, (None, ""))[0]
    # "the China delegation" is sometimes labelled as a people; a country's name in that place is still the country.
    return _demonyms()[key] if key in _demonyms() else _countries().get(key, (None, ""))[0]


def is_country(name: str) -> bool:
    """Tell whether a name is that of a country of today or one of its short forms and abbreviations."""
    code, kind = _countries().get(fold_name(name), (None, ""))
    return code is not None and kind in _SAME_COUNTRY


def is_listed(name: str) -> bool:
    """Tell whether a name is in the tables at all, as a country, territory or people: such a name is never a typo."""
    key = fold_name(name)
    return key in _countries() or key in _demonyms()


def is_demonym(name: str) -> bool:
    """Tell whether a word is the name of a people or its adjective ("Kazakh", "Israelis")."""
    return fold_name(name) in _demonyms()
