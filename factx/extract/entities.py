"""People, organisations, places, peoples and events: one record for each, with all its mentions, role and country."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

from factx.countries import country_code, fold_name, is_listed
from factx.extract.bodies import choose_name, group_bodies
from factx.extract.credits import find_credits
from factx.extract.names import find_mentions
from factx.extract.persons import group_persons, name_parts
from factx.extract.place_countries import find_place_countries
from factx.extract.roles import choose_role, find_roles
from factx.extract.settled_labels import settled_label
from factx.extract.words import Words, read_words
from factx.facts import Entity, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from factx.extract.mentions import Mention

# Names less likely than this are left out: F1 is highest with a threshold of half of what it is (.8 on mails, .95 on
# news); a little less keeps those of which the label alone is in doubt.
# Source: Lipton et al. 2014, Optimal thresholding of classifiers to maximize F1 measure.
_LEAST_CONFIDENCE = 0.35
# Mentions of one person that are looked at for a role; news gives it with the first ones.
_ROLE_MENTIONS = 40
_STATE_BEHIND = re.compile(r", ([A-Z][a-z]+(?: [A-Z][a-z]+){0,2})(?=[.,;)]|$)")


def find_entities(doc: Doc) -> list[Entity]:
    """Find everything that an article names, one entity for all its mentions.

    Args:
        doc: A Doc with `ents` and, for confidences, the span group "factx_names"; tags help to find roles.

    Returns:
        Entities in the order of their first mention, with ids "e1", "e2" ...

    Source: entities-guidelines; contract, Entity.
    """
    words = read_words(doc)
    mentions = find_mentions(doc, words)
    people = group_persons(words, [mention for mention in mentions if mention.label == "PERSON"])
    bodies = group_bodies(words, [mention for mention in mentions if mention.label != "PERSON"])
    groups = sorted(
        (group for group in (*(p.mentions for p in people), *(b.mentions for b in bodies)) if _is_likely(group)),
        key=lambda group: group[0].start,
    )
    article_names = {fold_name(mention.text) for mention in mentions}
    tokens = {index: mention for mention in mentions for index in range(mention.first, mention.last)}
    person_tokens = {index for index, mention in tokens.items() if mention.label == "PERSON"}
    credit_spans = find_credits(words.text)
    place_countries = find_place_countries(words, mentions, article_names)
    numbers = count(1)
    return [
        _make_entity(
            words, group, f"e{next(numbers)}", article_names, tokens, person_tokens, credit_spans, place_countries
        )
        for group in groups
    ]


def _make_entity(  # noqa: PLR0913 - what the article tells, once for all its entities
    words: Words,
    mentions: list[Mention],
    number: str,
    article_names: set[str],
    tokens: dict[int, Mention],
    person_tokens: set[int],
    credit_spans: list[tuple[int, int]],
    place_countries: dict[tuple[int, int], str],
) -> Entity:
    # Only a typo can differ: "Azakh" may be taken for a place.
    label = Counter(mention.label for mention in mentions).most_common(1)[0][0]
    role = None
    if label == "PERSON":
        name = _choose_person_name(mentions)
        roles = [
            role for mention in mentions[:_ROLE_MENTIONS] for role in find_roles(words, mention, person_tokens, tokens)
        ]
        role = choose_role(roles)
    else:
        name = choose_name(mentions)
    return Entity(
        id=number,
        label=label,
        name=" ".join(name.split()),
        role=role,
        country=None
        if _is_town(words, mentions[0], label)
        else _choose_country(mentions, label, article_names, place_countries),
        mentions=tuple(Span(mention.start, mention.end, mention.text) for mention in mentions),
        confidence=_confidence(mentions),
        credit=label in ("PERSON", "ORG")
        and bool(credit_spans)
        and all(any(start <= m.start and m.end <= end for start, end in credit_spans) for m in mentions),
    )


def _confidence(mentions: list[Mention]) -> float:
    return round(sum(mention.score for mention in mentions) / len(mentions), 4)


def _is_likely(mentions: list[Mention]) -> bool:
    """Tell whether mentions are more of a gain than a loss; names of the tables always are."""
    return _confidence(mentions) >= _LEAST_CONFIDENCE or any(
        is_listed(mention.text) or settled_label(mention.text) for mention in mentions
    )


def _choose_person_name(mentions: list[Mention]) -> str:
    """Choose the fullest form of a person's name, in ordinary letters where there is a choice."""

    def fullness(text: str) -> tuple[int, bool, int]:
        return len(name_parts(text)), not text.isupper(), len(text)

    texts = dict.fromkeys(mention.text for mention in mentions)
    return max(texts, key=fullness)


def _is_town(words: Words, mention: Mention, label: str) -> bool:
    """Tell whether a place is a town in a state although a country bears the name: "Lebanon, Pennsylvania"."""
    if label != "GPE" or words.forms[mention.last : mention.last + 1] != [","]:
        return False
    match = _STATE_BEHIND.match(words.text, mention.end)
    # In a list the country stands beside a state: "Mexico, Texas and Arizona".
    return match is not None and settled_label(match[1]) == "GPE"


def _choose_country(
    mentions: list[Mention], label: str, article_names: set[str], place_countries: dict[tuple[int, int], str]
) -> str | None:
    """Give the country that the forms of a name agree on, or that the text says a place is in."""
    texts = dict.fromkeys(mention.text for mention in mentions)
    codes = {code for text in texts if (code := country_code(text, label, article_names))}
    if not codes and label == "GPE":
        codes = {code for m in mentions if (code := place_countries.get((m.start, m.end)))}
    return codes.pop() if len(codes) == 1 else None
