"""Noun phrases without a name that may speak: "a NATO spokesman", "Indonesian health officials", "a Dutch court"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.speaker_candidates import SUBJECTS, Resolved, Told
from factx.speaker_nouns import ARTICLES, BODY_NOUNS, DEFINITE, GROUPS, POSSESSIVES
from factx.titles import MODIFIER, is_role, title_gender, title_kind

if TYPE_CHECKING:
    from factx.speaker_discourse import Discourse

_DASHES = frozenset(("-", "–", "—", "--"))
_LONGEST_PHRASE = 16
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


def collect_phrases(discourse: Discourse, owned: set[int]) -> list[Told]:
    """Find the phrases of an article; `owned` are the tokens that belong to names."""
    words = discourse.words
    found: list[Told] = []
    size = len(words.forms)
    for index in range(size):
        lower = words.lowers[index]
        if index in owned or not lower.isalpha():
            continue
        singular = lower.removesuffix("s")
        role = is_role(lower) or lower in GROUPS or (lower != singular and is_role(singular))
        if not role and lower not in BODY_NOUNS:
            continue
        if title_kind(lower) == MODIFIER or (index + 1 < size and (index + 1 in owned or _continues(discourse, index))):
            continue
        if index + 2 < size and words.forms[index + 1] == "," and index + 2 in owned:
            continue
        begin = _phrase_start(discourse, index)
        end = _phrase_end(discourse, index)
        if _is_named_behind(discourse, end, owned):
            # "The mayor of Rome, Jane Doe, came."
            continue
        plural = lower in GROUPS or (lower != singular and not lower.endswith("ss") and not is_role(lower))
        subject = words.deps[index] in SUBJECTS
        if begin == index and not (plural and subject):
            continue
        # "the report in Moscow" introduces nothing: something was told of it before.
        definite = words.lowers[begin] in DEFINITE and index - begin == 1
        # "Jane Doe, the mayor of Rome" tells of her again.
        if begin > 1 and words.forms[begin - 1] == "," and begin - 2 in owned:
            continue
        # "In a statement, it said": the statement is no one that "it" could mean.
        if lower in ("statement", "interview") and begin and words.lowers[begin - 1] == "in":
            continue
        if any(words.tags[k] == "CD" for k in range(begin, index)):
            continue
        text = " ".join(words.text[words.starts[begin] : words.ends[end - 1]].split())
        gender = title_gender(lower) if role and not plural else None
        who = Resolved(text, None, gender, plural, animate=role)
        modifiers = discourse.modifiers(begin, end)
        found.append(
            Told(
                words.starts[begin],
                index,
                who,
                frozenset((lower,)),
                modifiers,
                subject,
                first=False,
                end=words.ends[end - 1],
                definite=definite,
            )
        )
    return found


def _is_named_behind(discourse: Discourse, end: int, owned: set[int]) -> bool:
    """Tell whether a comma and a person's name follow a phrase: a name between commas, or before the verb."""
    words = discourse.words
    if end + 1 >= len(words.forms) or words.forms[end] != "," or end + 1 not in owned:
        return False
    start = words.starts[end + 1]
    return any(
        entity.label == "PERSON" and begin == start and words.text[stop : stop + 1] in (",", ".", ":")
        for begin, stop, entity in discourse.mentions_in(start, start + 60)
    )


def _continues(discourse: Discourse, index: int) -> bool:
    """Tell whether the word behind a noun belongs to the same phrase ("police station", "minister 's office")."""
    following = discourse.words.lowers[index + 1]
    if following in POSSESSIVES or following == "-":
        return True
    tag = discourse.words.tags[index + 1]
    return tag in ("NN", "NNS", "NNP", "NNPS")


def _phrase_start(discourse: Discourse, index: int) -> int:
    """Give the first token of a noun phrase by its head: back over modifiers to the article."""
    words = discourse.words
    begin = index
    while begin > 0 and index - begin < _LONGEST_PHRASE and not words.opens[begin]:
        lower, tag = words.lowers[begin - 1], words.tags[begin - 1]
        if lower in ARTICLES or lower in DEFINITE or lower in ("one", "another"):
            return begin - 1
        parted = lower in _DASHES and words.ends[begin - 1] < words.starts[begin]  # "took key town - residents"
        if (
            parted
            or tag not in ("NN", "NNP", "NNPS", "JJ", "JJS", "HYPH", "POS", "VBN", "VBG", "CD", "NNS", "AFX")
            or (tag == "NNS" and begin == index)
        ):
            break
        begin -= 1
    while begin < index and words.lowers[begin] in POSSESSIVES:
        begin += 1
    if begin and words.lowers[begin - 1 : begin + 1] in (["at", "least"], ["at", "most"]):
        begin -= 1
    return begin


def _phrase_end(discourse: Discourse, index: int) -> int:
    """Give the token behind a noun phrase: its head and a short "of"/"for"/"in" phrase."""
    words = discourse.words
    end = index + 1
    if end < len(words.forms) and words.lowers[end] in ("of", "for", "in", "from", "at", "with"):
        stop = end + 1
        while stop < len(words.forms) and stop - end < _LONGEST_PHRASE // 2 and not words.opens[stop]:
            lower, tag = words.lowers[stop], words.tags[stop]
            if tag not in ("NN", "NNP", "NNPS", "NNS", "JJ", "DT", "HYPH", "POS", "PRP$", "CD") and lower not in (
                "of",
                ".",
            ):
                break
            if lower == "." and not words.forms[stop - 1][0].isupper():
                break
            if words.tags[stop] == "NNP" and lower in _DAYS:
                break
            stop += 1
        while stop > end + 1 and (
            words.tags[stop - 1] in ("DT", "PRP$") or not any(c.isalnum() for c in words.forms[stop - 1])
        ):
            stop -= 1
        if stop > end + 1:
            end = stop
    return end
