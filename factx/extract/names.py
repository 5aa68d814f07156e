"""Find the names of an article: where each stands, from where to where, and what it names.

The encoder proposes; borders, labels, adjectives and repeats are then put right by the modules beside this one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from factx.countries import is_country, is_demonym
from factx.extract.credits import find_byline_names, find_dateline_names, find_sender_names
from factx.extract.mentions import LABELS, Mention, merge_sorted, touching
from factx.extract.name_adjectives import find_adjectives
from factx.extract.name_borders import ARTICLES, mend_borders
from factx.extract.name_clubs import find_clubs
from factx.extract.name_completions import complete_names, join_nicknames
from factx.extract.name_forms import CORPORATE
from factx.extract.name_labels import settle_labels
from factx.extract.name_repeats import find_repeats
from factx.extract.name_units import find_units
from factx.extract.settled_labels import settled_label
from factx.titles import HONORIFIC, MODIFIER, first_name_gender, is_kin, title_kind

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from factx.extract.words import Words
    from factx.facts import Label

# Titles that are names or parts of names often enough: "Sheikh Hasina", "Prince", "Stephen King".
_NAME_LIKE = frozenset(
    ("sheikh", "sheik", "prince", "king", "judge", "major", "earl", "dean", "bishop", "pope", "saint", "lama")
)
_DEFAULT_SCORE = 0.9
_ARABIC_ARTICLE = re.compile(r"(?:al|el|ad|an|ar|as|ash|at|az)[-–‐‑]\w", re.IGNORECASE)


def find_mentions(doc: Doc, words: Words) -> list[Mention]:
    """Find the names of an article.

    Args:
        doc: A Doc with entities; scores are read from the span group "factx_names" where it is there.
        words: Its words.

    Returns:
        Mentions in text order, none overlapping another.

    Source: entities-guidelines.
    """
    scores = _read_scores(doc)
    found: list[Mention] = []
    for span in doc.ents:
        if span.label_ in LABELS:
            score = scores.get((span.start, span.end), _DEFAULT_SCORE)
            found.extend(mend_borders(words, span.start, span.end, cast("Label", span.label_), score))
    told = merge_sorted(
        find_dateline_names(words, found), [*find_byline_names(words, found), *find_sender_names(words, found)]
    )
    found = merge_sorted(told, (mention for mention in found if not touching(told, mention.start, mention.end)))
    found = list(join_nicknames(words, found))
    found = merge_sorted(found, [*find_adjectives(words, found), *find_units(words, found)])
    found = _join_parts(words, _drop_bare_titles(found))
    found = merge_sorted([], complete_names(words, found))
    found = find_clubs(words, settle_labels(words, found, {known.start for known in told}))
    return merge_sorted(found, find_repeats(words, found))


def _read_scores(doc: Doc) -> dict[tuple[int, int], float]:
    """Read the encoder's scores by token borders."""
    group = doc.spans.get("factx_names")
    if group is None:
        return {}
    scores = group.attrs.get("scores") or []
    return {
        (span.start, span.end): min(1.0, max(0.0, float(score))) for span, score in zip(group, scores, strict=False)
    }


def _join_parts(words: Words, mentions: list[Mention]) -> list[Mention]:
    """Join the parts of one name: of a listed country or people ("South" "Korean"), or first name and surname."""
    joined: list[Mention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        if previous is not None and 0 <= mention.start - previous.end <= 8 and mention.label in ("GPE", "NORP", "LOC"):
            text = words.text[previous.start : mention.end]
            listed = is_demonym(text) or is_country(text) or settled_label(text) == "GPE"
            if listed and "," not in text and "\n" not in text:
                label: Label = "NORP" if is_demonym(text) else "GPE"
                score = (previous.score + mention.score) / 2
                joined[-1] = Mention(previous.start, mention.end, text, label, score, previous.first, mention.last)
                continue
        if previous is not None and (_goes_on(words, previous, mention) or _is_legal_form(words, previous, mention)):
            score = (previous.score + mention.score) / 2
            text = words.text[previous.start : mention.end]
            joined[-1] = replace(previous, end=mention.end, text=text, score=score, last=mention.last)
            continue
        if mention.label in ("GPE", "NORP") and mention.first > 0:
            before = mention.first - 1
            start = words.starts[before]
            text = words.text[start : mention.end]
            # "Central Asian", of which "Asian" alone was found.
            article = words.lowers[before] in ARTICLES
            free = previous is None or previous.last <= before
            if free and not article and words.forms[before][0].isupper() and is_demonym(text):
                mention = replace(mention, start=start, text=text, first=before, label="NORP")  # noqa: PLW2901
        if mention.label == "PERSON" and " " not in mention.text and mention.first > 0:
            before = mention.first - 1
            free = previous is None or previous.last <= before
            spaced = words.text[words.ends[before] : mention.start] == " "
            known = first_name_gender(words.forms[before]) or (
                words.deps[mention.first] == "flat" and words.heads[mention.first] == before
            )
            form = words.forms[before]
            # "Son | Heung-min" and "Mother | Teresa"; "Aunt Toni" has a title like "Mr".
            known = known or (form in ("Son", "Mother") and not words.opens[before])
            titled = title_kind(form) is not None and not is_kin(form)
            if free and spaced and known and form.istitle() and not titled:
                start = words.starts[before]
                mention = replace(mention, start=start, text=words.text[start : mention.end], first=before)  # noqa: PLW2901
        joined.append(mention)
    return joined


def _goes_on(words: Words, one: Mention, other: Mention) -> bool:
    """Tell whether two people are one whose first name begins with an article: "al-Fatih | Qurashi"."""
    return (
        one.label == other.label == "PERSON"
        and _ARABIC_ARTICLE.match(one.text) is not None
        and " " not in one.text
        and words.text[one.end : other.start] == " "
    )


def _is_legal_form(words: Words, one: Mention, other: Mention) -> bool:
    """Tell whether a mention is the legal form of the company before it: "Brown | L.P."."""
    between = words.text[one.end : other.start]
    return one.label == "ORG" and between in (" ", ", ") and other.text.replace(".", "").lower() in CORPORATE


def _drop_bare_titles(mentions: list[Mention]) -> list[Mention]:
    """Drop people whose name is nothing but a title, unless somebody in the article bears it as a surname.

    "the Gov" is no body either.
    """
    surnames = {mention.text.split()[-1] for mention in mentions if mention.label == "PERSON" and " " in mention.text}

    def is_bare(mention: Mention) -> bool:
        names = mention.text.split()
        kinds = [title_kind(name) for name in names]
        if mention.label not in ("PERSON", "ORG") or any(kind is None for kind in kinds):
            return False
        if mention.label == "ORG":
            return kinds in (["office"], ["rank"])
        if len(names) == 1 and (names[0] in surnames or names[0].lower() in _NAME_LIKE):
            return False
        # A lone noun of role in capitals may be a surname ("Baker", "Cook"); an honorific or office is not.
        return all(kind in ("office", HONORIFIC, "rank", MODIFIER) for kind in kinds)

    return [mention for mention in mentions if not is_bare(mention)]
