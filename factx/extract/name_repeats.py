"""Repeats: names that the encoder missed in one place and that the article names in another."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from factx.extract.mentions import Mention, covered_tokens, make_mention
from factx.extract.name_borders import CALENDAR, HYPHENS
from factx.extract.name_forms import CORPORATE
from factx.titles import title_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.words import Words
    from factx.facts import Label

# A repeat that a rule finds is a little less sure than the mention it repeats.
_REPEAT_FACTOR = 0.9
# Below this score a name is not sure enough to be looked for elsewhere.
_REPEAT_SCORE = 0.6
# Two words and more in a row are seldom another name.
_LONG_REPEAT_SCORE = 0.4
_LONGEST_REPEAT = 10
_NAME_TAGS = frozenset(("", "NNP", "NNPS", "NN", "NNS", "JJ", "FW", "ADD", "XX"))


def find_repeats(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Find names again that the article names elsewhere, word for word and letter for letter."""
    names = _collect_names(words, mentions)
    if not names:
        return
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for name in names:
        lengths[name[0]].add(len(name))
    covered = covered_tokens(mentions)
    holders = {token: mention for mention in mentions for token in range(mention.first, mention.last)}
    common = {low for form, low in zip(words.forms, words.lowers, strict=True) if form == low}
    forms = words.forms
    index = 0
    while index < len(forms):
        step = 1
        for length in sorted(lengths.get(forms[index], ()), reverse=True):
            name = tuple(forms[index : index + length])
            if len(name) == length and name in names and _is_free(index, index + length, holders):
                if _may_repeat(words, index, index + length, covered, common):
                    label, score = names[name]
                    yield make_mention(words, index, index + length, label, score * _REPEAT_FACTOR)
                step = length
                break
        index += step


def _is_free(first: int, last: int, holders: dict[int, Mention]) -> bool:
    """Tell whether no mention stands on some tokens, or only shorter ones in them: "Georgian" in "Georgian Dream"."""
    inside = {id(found): found for token in range(first, last) if (found := holders.get(token))}.values()
    return all(
        first <= found.first and found.last <= last and found.last - found.first < last - first for found in inside
    )


def _collect_names(words: Words, mentions: list[Mention]) -> dict[tuple[str, ...], tuple[Label, float]]:
    """Collect the names to look for, as tokens: each as it stands, and the surnames of people."""
    names: dict[tuple[str, ...], tuple[Label, float]] = {}

    def add(name: tuple[str, ...], label: Label, score: float) -> None:
        least = _REPEAT_SCORE if len(name) == 1 else _LONG_REPEAT_SCORE
        if score >= least and (name not in names or names[name][1] < score):
            names[name] = (label, score)

    for mention in mentions:
        whole = words.starts[mention.first] == mention.start and words.ends[mention.last - 1] == mention.end
        name = tuple(words.forms[mention.first : mention.last])
        if not whole or len(name) > _LONGEST_REPEAT:
            continue
        if len(name) > 1 or _is_distinct(name[0]):
            add(name, mention.label, mention.score)
        short = [form for form in name if form.lower().rstrip(".") not in CORPORATE and form != ","]
        if mention.label == "ORG" and 1 < len(short) < len(name):
            # "Harlow & Pike" for "Harlow & Pike Ltd."
            add(tuple(short), "ORG", mention.score)
        if mention.label == "PERSON" and len(name) > 1 and _is_distinct(name[-1]):
            add((name[-1],), "PERSON", mention.score * _REPEAT_FACTOR)
    return names


def _is_distinct(form: str) -> bool:
    """Tell whether a single word is distinct enough to be looked for: capitalised, no title and not too short."""
    return len(form) > 2 and form[0].isupper() and title_kind(form) is None


def _may_repeat(words: Words, first: int, last: int, covered: set[int], common: set[str]) -> bool:
    """Tell whether words that spell a name stand for it here, and are not a common word or part of another name."""
    if words.tags[first] not in _NAME_TAGS:
        return False
    if last - first == 1 and words.lowers[first] in common:
        return False
    before, after = first - 1, last
    if before >= 0 and words.forms[before] in HYPHENS and words.ends[before] == words.starts[first]:
        return False
    if _is_other_name(words, before, covered) and not words.opens[before]:
        return False
    return not _is_other_name(words, after, covered) or words.opens[after]


def _is_other_name(words: Words, index: int, covered: set[int]) -> bool:
    """Tell whether a neighbour is a capitalised word that no mention holds and that is no title."""
    if not 0 <= index < len(words.forms) or index in covered:
        return False
    form = words.forms[index]
    return form[0].isupper() and title_kind(form) is None and words.lowers[index] not in CALENDAR
