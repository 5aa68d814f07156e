"""Mentions: where names stand in an article, with the borders and labels that the guidelines ask for.

The encoder proposes names as tokens. Here titles, articles, possessives, marks and hyphenated adjectives come off,
bracketed acronyms and divided places come apart, repeats that the encoder missed are added, and a name keeps one label
in an article.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast, get_args

from factx.countries import is_country, is_demonym
from factx.facts import Label
from factx.titles import HONORIFIC, MODIFIER, first_name_gender, title_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc

    from factx.extract.words import Words

LABELS = frozenset(get_args(Label))
_ARTICLES = frozenset(("the", "a", "an"))
_POSSESSIVES = frozenset(("'s", "’s", "‘s", "'", "’", "´s", "`s"))
_HYPHENS = frozenset("-–‐‑")
# What never begins or ends a name. A full stop stays: "U.S.", "Inc."; a plus sign, too: "OPEC+".
_MARKS = " \t\r\n\v\f\u00a0\u200b\"'“”‘’„‟«»‹›()[]{}<>,;:!?*_-–—‐‑/\\|#@`´…•~^=&%$€£"
_OPENING_BRACKETS = frozenset("([{")
_CLOSING_BRACKETS = frozenset(")]}")
# Second halves of hyphenated adjectives that are no participles; those end in "ed" (or are listed for other forms).
_ADJECTIVE_ENDINGS = frozenset(
    """led run held born made wide era style only friendly bound flagged speaking dominated built drawn area month year
    language trained hit torn influenced""".split()
)
_PREFIXES = frozenset(("pro", "anti", "non", "ex", "neo", "post", "pre", "mid", "trans", "ultra", "un", "near"))
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "v", "vi"))
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february july september october november
    december""".split()
)
# Titles that are names or parts of names often enough: "Sheikh Hasina", "Prince", "Stephen King".
_NAME_LIKE = frozenset(
    ("sheikh", "sheik", "prince", "king", "judge", "major", "earl", "dean", "bishop", "pope", "saint", "lama")
)
# What a people's adjective before them does not make a name of.
_COMMON_BODIES = frozenset(
    """army police government military authorities forces troops soldiers officials media parliament navy republic
    administration regime state rebels militants""".split()
)
# Names that end in a possessive of their own.
_POSSESSIVE_NAMES = frozenset(
    """bloomingdale christie denny domino harrods kohl levi lloyd lowe macy mcdonald moody sainsbury selfridge sotheby
    tiffany wendy zabar""".split()
)
_SHORT_COUNTRIES = frozenset(("US", "U.S", "UK", "USA", "UAE", "DRC"))
_ROMAN = re.compile(r"[IVX]+\.")
_DOTTED_ADJECTIVE = re.compile(r"((?:[A-Z]\.){2,})[-–‐‑][a-z]+")
_TAIL = re.compile(r"([-–‐‑])([a-z]+)$")
# A repeat that a rule finds is a little less sure than the mention it repeats.
_REPEAT_FACTOR = 0.9
# Below this score a name is not sure enough to be looked for elsewhere.
_REPEAT_SCORE = 0.6
# A mention this sure keeps its label against the majority of the article.
_SURE_SCORE = 0.9
_DEFAULT_SCORE = 0.9
_LONGEST_REPEAT = 10
_NAME_TAGS = frozenset(("", "NNP", "NNPS", "NN", "NNS", "JJ", "FW", "ADD", "XX"))


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands."""

    start: int
    """First character."""
    end: int
    """Character after the last."""
    text: str
    """The name as written there."""
    label: Label
    """PERSON, ORG, GPE, LOC, FAC, NORP or EVENT."""
    score: float
    """0 to 1."""
    first: int
    """First token that it touches."""
    last: int
    """Token after the last that it touches."""


@cache
def _settled_labels() -> dict[str, Label]:
    """Names that mean one thing wherever they stand: armed groups, unions of states, continents, seas."""
    text = files("factx").joinpath("lexicon", "settled_labels.csv").read_text(encoding="utf-8")
    return {row["name"].lower(): cast("Label", row["label"]) for row in csv.DictReader(text.splitlines())}


def _settled_label(text: str, label: Label, score: float) -> Label | None:
    """Give the label that a name has whatever its context; a person may bear any name."""
    if label == "PERSON":
        return None
    if found := _settled_labels().get(text.lower()):
        return found
    if score >= _SURE_SCORE:
        # A club may bear a country's name: "Monaco" in a cup final.
        return None
    if is_country(text) and (len(text) > 3 or text in _SHORT_COUNTRIES):
        return "GPE"
    if is_demonym(text) and text[0].isupper() and not text.isupper():
        return "NORP"
    return None


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
            found.extend(_mend_borders(words, span.start, span.end, cast("Label", span.label_), score))
    found = _merge_sorted(found, _find_dotted_adjectives(words, found))
    found = _join_parts(words, _drop_bare_titles(found))
    found = _settle_labels(words, found)
    return _merge_sorted(found, _find_repeats(words, found))


def _read_scores(doc: Doc) -> dict[tuple[int, int], float]:
    """Read the encoder's scores by token borders."""
    group = doc.spans.get("factx_names")
    if group is None:
        return {}
    scores = group.attrs.get("scores") or []
    return {
        (span.start, span.end): min(1.0, max(0.0, float(score))) for span, score in zip(group, scores, strict=False)
    }


def _merge_sorted(mentions: Iterable[Mention], more: Iterable[Mention]) -> list[Mention]:
    """Put mentions in text order; of two that overlap the first stays."""
    kept: list[Mention] = []
    for mention in sorted([*mentions, *more], key=lambda item: (item.start, -item.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


# -- borders


def _mend_borders(words: Words, first: int, last: int, label: Label, score: float) -> Iterator[Mention]:
    """Cut a proposed span to the names that it holds."""
    for part_first, part_last in _split(words, first, last, label):
        part = _trim(words, part_first, part_last, label)
        if part is None:
            continue
        start, end = _trim_characters(words, *part)
        text = words.text[start:end]
        # A mark that a wrong encoding made a letter clings to a word: "âUnfortunately".
        broken = len(text) > 1 and text[0].islower() and not text[0].isascii() and text[1].isupper()
        if end > start and any(c.isalnum() for c in text) and text.lower() not in _CALENDAR and not broken:
            common = label != "NORP" and words.forms[part_last - 1] in _COMMON_BODIES and is_demonym(text)
            named: Label = "NORP" if common else label
            yield Mention(start, end, text, named, score, words.token_at(start), words.token_at(end - 1) + 1)


def _split(words: Words, first: int, last: int, label: Label) -> Iterator[tuple[int, int]]:
    """Split at blank lines, at brackets, and places at commas."""
    begin = first
    for index in range(first, last):
        form = words.forms[index]
        bracket = form in _OPENING_BRACKETS or form in _CLOSING_BRACKETS
        comma = form == "," and label in ("GPE", "LOC", "FAC")
        if bracket or comma or form.count("\n") > 1:
            if index > begin:
                yield begin, index
            begin = index + 1
    if last > begin:
        yield begin, last


def _trim(words: Words, first: int, last: int, label: Label) -> tuple[int, int] | None:
    """Take articles, titles, possessives, prefixes and hyphenated adjectives off the borders, in tokens."""
    lowers = words.lowers
    changed = True
    while changed and first < last:
        before = (first, last)
        while first < last and not any(c.isalnum() for c in words.forms[first]):
            first += 1
        while last > first and (
            lowers[last - 1] in _POSSESSIVES or not any(c.isalnum() for c in words.forms[last - 1])
        ):
            # "OPEC +", "Yahoo !" are cut by the tokenizer, and only the plus sign is part of a name.
            if words.forms[last - 1] in ("+", ".") or (
                lowers[last - 1] in _POSSESSIVES and last - first > 1 and lowers[last - 2] in _POSSESSIVE_NAMES
            ):
                break
            last -= 1
        if last - first > 1 and _is_loose_article(words, first):
            first += 1
        if last - first > 2 and lowers[last - 2] in _HYPHENS and _is_adjective_ending(words.forms[last - 1]):
            last -= 2
        prefixed = last - first > 2 and lowers[first + 1] in _HYPHENS and lowers[first] in _PREFIXES
        # "Anti-Defamation League" is a name, "pro-Taliban" and "Anti-Syrian" hold one.
        if prefixed and (words.forms[first].islower() or last - first == 3):
            first += 2
        if label == "PERSON":
            first = _skip_titles(words, first, last)
        elif last - first > 1 and words.forms[last - 1] in _COMMON_BODIES and _spells_demonym(words, first, last - 1):
            # "the Kazakh army" names a people and a common noun.
            last -= 1
        changed = (first, last) != before
    # A full stop of its own ends a name only after a single letter or an abbreviation that the tokenizer cut.
    if (last - first > 1 and words.forms[last - 1] == "." and words.starts[last - 1] != words.ends[last - 2]) or (
        last - first > 1 and words.forms[last - 1] == "." and len(words.forms[last - 2]) > 4
    ):
        last -= 1
    return (first, last) if last > first else None


def _is_loose_article(words: Words, first: int) -> bool:
    """Tell whether a first token is an article that is no part of the name, as it is in "The Hague"."""
    form = words.forms[first]
    if words.lowers[first] not in _ARTICLES:
        return False
    if form in ("the", "a", "an") or (form.isupper() and len(form) > 1):
        return True
    following = words.forms[first + 1]
    return following != "Hague" and (words.opens[first] or is_country(following))


def _spells_demonym(words: Words, first: int, last: int) -> bool:
    return is_demonym(words.text[words.starts[first] : words.ends[last - 1]])


def _is_adjective_ending(form: str) -> bool:
    """Tell whether a word is the second half of an adjective like "Houthi-led"."""
    return form.islower() and ((form.endswith("ed") and len(form) > 3) or form in _ADJECTIVE_ENDINGS)


def _skip_titles(words: Words, first: int, last: int) -> int:
    """Give the first token of a person's name behind its titles."""
    cut = first
    # "Secretary of State Jane Doe": the end of the office is taken into the name.
    inside_office = first > 1 and words.lowers[first - 1] == "of" and title_kind(words.forms[first - 2]) == "office"
    if inside_office and last - first > 2 and title_kind(words.forms[first]) == MODIFIER:
        first, cut = first + 1, first + 1
    for index in range(first, last - 1):
        form = words.forms[index]
        kind = title_kind(form)
        if kind is None and words.lowers[index] != "of" and not is_demonym(form) and form != ".":
            break
        if kind in (None, MODIFIER) or not (form[0].isupper() or kind == "role"):
            continue
        rest = [w for w in words.lowers[index + 1 : last] if w != "."]
        if not rest or rest[0] in ("of", "and") or all(w.rstrip(".") in _SUFFIXES for w in rest):
            continue
        lone = len(rest) == 1 and words.lowers[index] in ("sheikh", "sheik", "prince", "saint")
        if not lone and not words.forms[index + 1][0].islower():
            cut = index + 1
    while cut < last - 1 and words.forms[cut] == ".":
        cut += 1
    return cut


def _trim_characters(words: Words, first: int, last: int) -> tuple[int, int]:
    """Give the characters of a name, without marks that cling to its tokens."""
    start, end = words.starts[first], words.ends[last - 1]
    text = words.text[start:end]
    # "U.S.-led" is one token.
    if (tail := _TAIL.search(text)) and tail.start() > 0 and _is_adjective_ending(tail.group(2)):
        text = text[: tail.start()]
    if len(text) > 2 and text.endswith(("'s", "’s")) and text[:-2].lower() not in _POSSESSIVE_NAMES:
        text = text[:-2]
    # The tokenizer takes the end of a sentence into a numeral: "Pope Clement V.", "World War I."
    if last - first > 1 and _ROMAN.fullmatch(words.forms[last - 1]):
        text = text[:-1]
    stripped = text.lstrip(_MARKS)
    start += len(text) - len(stripped)
    return start, start + len(stripped.rstrip(_MARKS))


def _find_dotted_adjectives(words: Words, found: list[Mention]) -> Iterator[Mention]:
    """Find the country in adjectives that the tokenizer leaves whole: "U.S.-led"."""
    covered = _covered(found)
    for index, form in enumerate(words.forms):
        if (
            "." in form
            and index not in covered
            and (match := _DOTTED_ADJECTIVE.fullmatch(form))
            and is_country(match.group(1))
        ):
            start = words.starts[index]
            yield Mention(start, start + match.end(1), match.group(1), "GPE", _DEFAULT_SCORE, index, index + 1)


def _join_parts(words: Words, mentions: list[Mention]) -> list[Mention]:
    """Join the parts of one name: of a listed country or people ("South" "Korean"), or first name and surname."""
    joined: list[Mention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        if previous is not None and 0 <= mention.start - previous.end <= 8 and mention.label in ("GPE", "NORP"):
            text = words.text[previous.start : mention.end]
            if (is_demonym(text) or is_country(text)) and "," not in text and "\n" not in text:
                label: Label = "NORP" if is_demonym(text) else "GPE"
                score = (previous.score + mention.score) / 2
                joined[-1] = Mention(previous.start, mention.end, text, label, score, previous.first, mention.last)
                continue
        if mention.label in ("GPE", "NORP") and mention.first > 0:
            before = mention.first - 1
            start = words.starts[before]
            text = words.text[start : mention.end]
            # "Central Asian", of which "Asian" alone was found.
            article = words.lowers[before] in _ARTICLES
            free = previous is None or previous.last <= before
            if free and not article and words.forms[before][0].isupper() and is_demonym(text):
                mention = replace(mention, start=start, text=text, first=before, label="NORP")  # noqa: PLW2901
        if mention.label == "PERSON" and mention.last - mention.first == 1 and mention.first > 0:
            before = mention.first - 1
            free = previous is None or previous.last <= before
            spaced = words.text[words.ends[before] : mention.start] == " "
            known = first_name_gender(words.forms[before]) or (
                words.deps[mention.first] == "flat" and words.heads[mention.first] == before
            )
            if free and spaced and known and words.forms[before].istitle() and title_kind(words.forms[before]) is None:
                start = words.starts[before]
                mention = replace(mention, start=start, text=words.text[start : mention.end], first=before)  # noqa: PLW2901
        joined.append(mention)
    return joined


def _covered(mentions: Iterable[Mention]) -> set[int]:
    return {index for mention in mentions for index in range(mention.first, mention.last)}


def _drop_bare_titles(mentions: list[Mention]) -> list[Mention]:
    """Drop people whose name is nothing but a title, unless somebody in the article bears it as a surname."""
    surnames = {mention.text.split()[-1] for mention in mentions if mention.label == "PERSON" and " " in mention.text}

    def is_bare(mention: Mention) -> bool:
        names = mention.text.split()
        kinds = [title_kind(name) for name in names]
        if mention.label != "PERSON" or any(kind is None for kind in kinds):
            return False
        if len(names) == 1 and (names[0] in surnames or names[0].lower() in _NAME_LIKE):
            return False
        # A lone noun of role in capitals may be a surname ("Baker", "Cook"); an honorific or office is not.
        return all(kind in ("office", HONORIFIC, "rank", MODIFIER) for kind in kinds)

    return [mention for mention in mentions if not is_bare(mention)]


# -- labels


def _settle_labels(words: Words, mentions: list[Mention]) -> list[Mention]:
    """Give each name one label in the article, where neither the context nor a sure score tells otherwise."""
    weights: defaultdict[str, Counter[Label]] = defaultdict(Counter)
    for mention in mentions:
        weights[mention.text][mention.label] += mention.score  # type: ignore[assignment]  # Counter of floats
    settled: list[Mention] = []
    for mention in mentions:
        label = _settled_label(mention.text, mention.label, mention.score)
        if label is None and len(weights[mention.text]) > 1:
            ranked = weights[mention.text].most_common(2)
            clear = ranked[0][1] > ranked[1][1]
            if clear and mention.score < _SURE_SCORE and not _has_title_before(words, mention):
                label = ranked[0][0]
        settled.append(replace(mention, label=label) if label and label != mention.label else mention)
    return settled


def _has_title_before(words: Words, mention: Mention) -> bool:
    """Tell whether a person's title stands right before a mention."""
    before = mention.first - 1
    if before >= 0 and words.forms[before] == ".":
        before -= 1
    return before >= 0 and title_kind(words.forms[before]) in (HONORIFIC, "office", "rank")


# -- repeats


def _find_repeats(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Find names again that the article names elsewhere, word for word and letter for letter."""
    names = _collect_names(words, mentions)
    if not names:
        return
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for name in names:
        lengths[name[0]].add(len(name))
    covered = _covered(mentions)
    common = {low for form, low in zip(words.forms, words.lowers, strict=True) if form == low}
    forms = words.forms
    index = 0
    while index < len(forms):
        step = 1
        for length in sorted(lengths.get(forms[index], ()), reverse=True):
            name = tuple(forms[index : index + length])
            if name in names and not covered.intersection(range(index, index + length)):
                if _may_repeat(words, index, index + length, covered, common):
                    label, score = names[name]
                    start, end = words.starts[index], words.ends[index + length - 1]
                    yield Mention(
                        start,
                        end,
                        words.text[start:end],
                        label,
                        round(score * _REPEAT_FACTOR, 4),
                        index,
                        index + length,
                    )
                step = length
                break
        index += step


def _collect_names(words: Words, mentions: list[Mention]) -> dict[tuple[str, ...], tuple[Label, float]]:
    """Collect the names to look for, as tokens: each as it stands, and the surnames of people."""
    names: dict[tuple[str, ...], tuple[Label, float]] = {}

    def add(name: tuple[str, ...], label: Label, score: float) -> None:
        if score >= _REPEAT_SCORE and (name not in names or names[name][1] < score):
            names[name] = (label, score)

    for mention in mentions:
        whole = words.starts[mention.first] == mention.start and words.ends[mention.last - 1] == mention.end
        name = tuple(words.forms[mention.first : mention.last])
        if not whole or len(name) > _LONGEST_REPEAT:
            continue
        if len(name) > 1 or _is_distinct(name[0]):
            add(name, mention.label, mention.score)
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
    if before >= 0 and words.forms[before] in _HYPHENS and words.ends[before] == words.starts[first]:
        return False
    if _is_other_name(words, before, covered) and not words.opens[before]:
        return False
    return not _is_other_name(words, after, covered) or words.opens[after]


def _is_other_name(words: Words, index: int, covered: set[int]) -> bool:
    """Tell whether a neighbour is a capitalised word that no mention holds and that is no title."""
    if not 0 <= index < len(words.forms) or index in covered:
        return False
    form = words.forms[index]
    return form[0].isupper() and title_kind(form) is None and words.lowers[index] not in _CALENDAR
