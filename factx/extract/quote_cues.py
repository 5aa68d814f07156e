"""Find the words that attribute a statement: verbs of saying with their auxiliaries, and "according to"."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from factx.extract.words import FINITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.quote_tree import QuoteTree

Form = Literal["finite", "ing", "infinitive", "passive", "according"]

_HAVE = frozenset("has have had having 's 've 'd ’s ’ve ’d".split())
_BE = frozenset("is are was were be been being am 's 're 'm ’s ’re ’m gets got".split())
_MODAL = frozenset("will would can could may might must should shall do does did ca wo 'll ’ll 'd ’d to".split())
_NEGATION = frozenset("not n't n’t never".split())
_AUXILIARY = _HAVE | _BE | _MODAL
_ADVERBS = frozenset(
    "also again once twice then later earlier already repeatedly previously recently only just even still always "
    "often since long now simply publicly officially reportedly further first ever flatly openly both all".split()
)
# Verbs of not speaking: what they govern is not said ("declined to say whether ...").
_SILENCE = frozenset(
    "decline declines declined declining refuse refuses refused refusing fail fails failed failing unable "
    "reluctant avoid avoided stopped".split()
)
# Forms that are nothing but verbs of saying: they are cues however they are tagged.
_CERTAIN = frozenset("said says say told tells saying".split())
_NOUN_OPENERS = ("DT", "JJ", "PRP$", "POS", "CD", "")
_LONGEST_ADVERBIAL = 12
_QUOTED_AS = frozenset("quoted cited reported recorded heard".split())


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that attribute a statement; all numbers are tokens."""

    start: int
    """First token, auxiliaries included."""
    end: int
    """Token after the last."""
    verb: int
    """The verb of saying, or "according"."""
    subject_verb: int
    """The verb whose subject speaks: another one in "was quoted as saying"."""
    uses: frozenset[str]
    """What the verb can introduce (see `speech_verbs`); empty for verbs that only the model takes for cues."""
    form: Form
    """How the verb stands."""
    score: float
    """The model's probability of the cue; 0 where it has none."""
    silent: bool = False
    """Whether nothing is said: "declined to say"."""


@cache
def speech_verbs() -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Read the verbs of saying.

    The uses: `clause` (said that ...), `speech` (stands beside quotations), `inf` (vowed to ...), `object_inf` (urged
    him to ...), `for_inf` (called for them to ...), `ing` (denied taking ...), `of_ing` (accused him of ...), `for_ing`
    (blamed him for ...), `label` (called it "..."), `read` (a banner read: ...), `thought` (only with marks).

    Returns:
        Form in lower case -> (particle or "", uses) for each verb with that form, particles first.

    Source: lexicon/speech_verbs.csv.
    """
    text = files("factx").joinpath("lexicon", "speech_verbs.csv").read_text(encoding="utf-8")
    table: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for row in csv.DictReader(text.splitlines()):
        verb, _, particle = row["lemma"].partition(" ")
        uses = frozenset(row["uses"].split())
        for form in _inflect(verb, row["forms"].split()):
            table.setdefault(form, []).append((particle, uses))
    return {form: tuple(sorted(entries, key=lambda e: not e[0])) for form, entries in table.items()}


def _inflect(verb: str, irregular: Sequence[str]) -> set[str]:
    """Build the forms of a verb; irregular ones replace those they stand for.

    >>> sorted(_inflect("deny", ["denied", "denies"]))
    ['denied', 'denies', 'deny', 'denying']
    """
    stem = verb.removesuffix("e")
    forms = {verb, *irregular}
    if not any(form.endswith("ing") for form in irregular):
        forms.add((stem if not verb.endswith("ee") else verb) + "ing")
    if not any(form.endswith("s") for form in irregular):
        forms.add(verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"))
    if not any(not form.endswith(("ing", "s")) for form in irregular):
        forms.add(stem + "ed")
    return forms


# What follows verbs that have an object where they are active.
_LEADS_TO_DEED = {"accused": "of", "blamed": "for", "told": "to", "urged": "to", "ordered": "to"}
# Who does not do so says nothing.
_ANSWERS = frozenset("comment elaborate respond reply answer".split())
_DENIALS = frozenset(("not", "n't", "n’t", "never"))
# Verbs of speech between or beside the parts of a quotation, and what marks one.
_GOING_ON = frozenset("go goes went going continue continues continued continuing".split())
_SPEECH_MARKS = frozenset("\"“”„«»‘’':")


def find_cues(tree: QuoteTree, proposed: Sequence[tuple[int, int, float]] = ()) -> list[Cue]:
    """Find all words of a Doc that may attribute a statement.

    Args:
        tree: The words and their syntax.
        proposed: The model's cues: first token, token after the last, probability.

    Returns:
        The cues in order, one for a verb.
    """
    scores: dict[int, float] = {}
    for start, end, score in proposed:
        for i in range(start, end):
            scores[i] = max(score, scores.get(i, 0.0))
    table = speech_verbs()
    cues: list[Cue] = []
    lowers = tree.words.lowers
    for i, lower in enumerate(lowers):
        if lower == "according" and lowers[i + 1 : i + 2] == ["to"]:
            end = i + 2
            cues.append(Cue(i, end, i, i, frozenset({"according"}), "according", scores.get(i, 0.0)))
            continue
        if lower == "of" and lowers[max(0, i - 3) : i] == ["in", "the", "words"]:
            cues.append(Cue(i - 3, i + 1, i, i, frozenset({"according"}), "according", scores.get(i, 0.0)))
            continue
        score = scores.get(i, 0.0)
        entries = table.get(lower, ())
        if not entries and score < 0.5:
            continue
        # "A banner read: ...": before a colon it is hardly anything but a verb, unless an article makes it a noun.
        before_colon = (
            bool(entries) and lowers[i + 1 : i + 2] == [":"] and i > 0 and tree.words.tags[i - 1] not in _NOUN_OPENERS
        )
        if lower == "said" and _is_part_of_name(tree, i):
            continue
        if lower in _ANSWERS and not _DENIALS.isdisjoint(lowers[max(0, i - 3) : i]):
            continue  # "he could not comment"
        if lower in _GOING_ON and _tells_what_goes_on(tree, i):
            continue
        certain = lower in _CERTAIN or before_colon or (entries and score > 0.45)
        if not tree.is_verb(i) and not certain:
            continue
        end, uses = _read_particle(tree, i, entries)
        if (
            lower.startswith("put")
            and uses
            and not ("as" in lowers[max(0, i - 8) : i] or lowers[end : end + 1] == [":"])
        ):
            continue  # "As Reed put it", but not "police put it at 40"
        if not uses and score < 0.5:
            continue
        if not uses and (
            lower in _AUXILIARY or (i + 1 < len(lowers) and scores.get(i + 1, 0.0) and tree.is_verb(i + 1))
        ):
            continue
        cues.append(_build_cue(tree, i, end, uses, score))
    return cues


def _tells_what_goes_on(tree: QuoteTree, verb: int) -> bool:
    """Tell whether it is no speech that goes on: "as fighting continues", 'would go on "until the last one leaves"'."""
    words = tree.words
    if verb and words.tags[verb - 1] in ("MD", "TO"):
        return True
    near = words.forms[max(0, verb - 6) : verb + 6]
    return not any(mark in form for form in near for mark in _SPEECH_MARKS)


def _is_part_of_name(tree: QuoteTree, token: int) -> bool:
    """Tell whether a capitalized "Said" belongs to a name: "Dr. Omar Said was quoted"."""
    form = tree.words.forms[token]
    if form != form.title() or token == 0 or tree.words.opens[token]:
        return False
    before = tree.words.forms[token - 1]
    return before[:1].isupper() and before[1:] != before[1:].upper()


def _read_particle(
    tree: QuoteTree, verb: int, entries: Sequence[tuple[str, frozenset[str]]]
) -> tuple[int, frozenset[str]]:
    """Give the token after the verb and its particle, and the uses of the verb with it."""
    lowers = tree.words.lowers
    uses: set[str] = set()
    end = verb + 1
    for particle, its_uses in entries:
        if not particle:
            if end == verb + 1:
                uses |= its_uses
        elif end == verb + 1:
            length = particle.count(" ") + 1
            place = verb + 1
            while place < len(lowers) and place < verb + 3 and lowers[place] in _ADVERBS:
                place += 1
            if " ".join(lowers[place : place + length]) == particle:
                end = place + length
                uses |= its_uses
    return end, frozenset(uses)


def _build_cue(tree: QuoteTree, verb: int, end: int, uses: frozenset[str], score: float) -> Cue:
    """Add auxiliaries, negation and the adverbs between them, and tell the form."""
    lowers = tree.words.lowers
    start = verb
    subject_verb = verb
    before = verb - 1
    if (
        lowers[verb] in ("saying", "telling", "writing")
        and before > 0
        and lowers[before] == "as"
        and lowers[before - 1] in _QUOTED_AS
    ):
        start, subject_verb = before - 1, before - 1
    first, has_auxiliary = _read_auxiliaries(tree, start)
    run = lowers[first:start]
    head = lowers[start]
    silent = False
    if (run and run[-1] == "to") or (run and "to" in run and not any(word in _HAVE | _BE for word in run)):
        form: Form = "infinitive"
        start_of_cue = start
        silent = any(word in _SILENCE for word in lowers[max(0, first - 1) : start])
    else:
        start_of_cue = first if has_auxiliary else start
        be_run = any(word in _BE and word not in _HAVE for word in run)
        passive = be_run and not head.endswith("ing") and tree.is_participle(start)
        reduced = not has_auxiliary and (tree.is_reduced(start) or _is_set_off(tree, start, end))
        if subject_verb != verb:
            form = "finite"
        elif (
            passive
            or reduced
            or _accuses_nobody(tree, start, end)
            or _shares_passive(tree, start)
            or tree.words.forms[start] == "Asked"
        ):
            # "Asked whether it would rain, she said no": who asked is not told.
            form = "passive"
        elif head.endswith("ing") and not has_auxiliary:
            form = "ing"
        else:
            form = "finite"
    return Cue(start_of_cue, end, verb, subject_verb, uses, form, score, silent)


def _is_set_off(tree: QuoteTree, verb: int, end: int) -> bool:
    """Tell whether a participle and its day or place stand between commas: "the cut, announced on Friday, came late".

    The model often takes it for the verb of the sentence. In "the cut, announced the bank, came late" somebody follows.
    """
    words = tree.words
    comma = verb - 1
    while comma > 0 and words.tags[comma] == "RB":
        comma -= 1
    if not words.lowers[verb].endswith("ed") or comma < 1 or words.forms[comma] != "," or end >= len(words.forms):
        return False
    adverbial = words.tags[end] in ("IN", "TO", "RB") or words.lowers[end] in ("last", "this", "earlier", "yesterday")
    if not words.tags[comma - 1].startswith("NN") or not adverbial or words.lowers[end] in ("that", "if", "whether"):
        return False
    limit = min(len(words.forms) - 1, end + _LONGEST_ADVERBIAL)
    closing = next((token for token in range(end, limit) if words.forms[token] in (",", ".")), limit)
    open_verbs = any(words.tags[token] in FINITE for token in range(end, closing))
    return words.forms[closing] == "," and words.tags[closing + 1] in FINITE and not open_verbs


def _accuses_nobody(tree: QuoteTree, verb: int, end: int) -> bool:
    """Tell whether a verb that needs somebody has nobody behind it, as in headlines: "Mayor accused of 'lying'"."""
    word, behind = tree.words.lowers[verb], tree.words.lowers[end : end + 1]
    return behind == [_LEADS_TO_DEED.get(word)]


def _shares_passive(tree: QuoteTree, verb: int) -> bool:
    """Tell whether a participle stands under the auxiliary of another: "was called in and told that"."""
    words = tree.words
    first = words.heads[verb] if tree.parsed else verb
    if words.deps[verb] != "conj" or first >= verb or words.tags[verb] not in ("VBN", "VBD"):
        return False
    own = tree.kids_with(verb, "nsubj", "nsubj:pass", "aux", "aux:pass")
    return not own and words.tags[first] == "VBN" and bool(tree.kids_with(first, "aux:pass"))


def _read_auxiliaries(tree: QuoteTree, verb: int) -> tuple[int, bool]:
    """Give the first token of the auxiliaries before a verb, and whether there are any."""
    lowers = tree.words.lowers
    first = verb
    place = verb - 1
    while place >= 0 and verb - place <= 6:
        word = lowers[place]
        if word in ("'s", "’s") and tree.words.tags[place] == "POS":
            break
        if word in _AUXILIARY or word in _NEGATION:
            first = place
        elif not (word in _ADVERBS or word.endswith("ly") or tree.words.tags[place] == "RB"):
            break
        place -= 1
    return first, first < verb
