"""Counts: how many people were killed, hurt, arrested ... (counts-guidelines), from the model's proposals and rules.

The model proposes stretches with probabilities for kind, status and subset; rules read the number and its hedge, trim the
stretch and link it. Rules over the tree find counts of their own, so that "killing 12" is never missed, and drop what
counts no people. Agreement of both sets the confidence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from factx.extract.count_links import Links
from factx.extract.count_rules import Cue, counts_people, cue_words, find_cues, is_negated, tells_illness
from factx.extract.numbers import (
    Quantity,
    QuantityMention,
    mentions_within,
    other_noun_class,
    people_nouns,
    person_nouns,
    scan_quantities,
)
from factx.extract.syntax import Tree, read_tree
from factx.facts import Count, Date, DateRef, Kind, Quote, Ref, Span, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

# A second kind needs this probability and a cue; "kidnapped and killed five" has two.
KIND_FLOOR = 0.5
# What a cue adds to the model's probability for its kind. On voa-train a strong verb beside the number names a right kind
# in 378 of 392 cases, which is more than the model's own best guess on texts it has not seen.
STRONG_CUE = 0.6
WEAK_CUE = 0.15
# Probability and cues together; less than this is no count.
LEAST_TOTAL = 0.3

# "a man accused of being a spy", "The suspect, a Palestinian, was shot": told before.
_PREDICATE_LEADS = frozenset({"being", "as", "is", "was", "became", "become", "be", "been", ","})
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december""".split()
)
_JOINTS = frozenset({"and", ",", "as", "with", "&"})
_DEGREES = frozenset({"critically", "seriously", "fatally", "severely", "slightly", "lightly", "gravely", "badly"})
_NUMBER_FORMS = frozenset({"digits", "words", "vague", "fraction"})
_DENIALS = frozenset({"no", "not", "without", "zero", "nobody", "none", "neither"})
_DENIABLE = frozenset(
    """casualties casualty deaths death injuries injury fatalities fatality arrests arrest dead wounded injured hurt harmed
    killed""".split()
)
_BODIES = frozenset({"bodies", "body", "corpses", "corpse", "remains"})
_DEATHS = frozenset({"killed", "dead", "killing", "kill", "kills"})
_HURTS = frozenset({"wounded", "injured", "hurt", "wounding", "injuring", "wound", "injure", "wounds", "injures"})
_LINKS = frozenset(
    """were was have has had been are is being be or and reportedly also either may might could , who that in the""".split()
)
_SEEING = frozenset(
    """report reported see saw seen cause caused causing suffer suffered find found there were was been have had without
    sustain sustained""".split()
)
_MODALS = frozenset({"may", "might", "could", "will", "would"})
_NAME_GAP = frozenset({"NN", "NNS", "NNP", "NNPS", "IN", "DT", "JJ", ",", "POS", "HYPH", "-LRB-", "CD", "CC"})
_EVENT_NOUNS = frozenset(
    """death deaths case cases casualty casualties injury injuries fatality fatalities arrest arrests detention detentions
    evacuation evacuations hospitalization hospitalizations hospitalisation hospitalisations infection infections life lives
    killing killings execution executions conviction convictions indictment indictments kidnapping kidnappings abduction
    abductions victims-of toll dead wounded injured missing""".split()
)
_LEADS = frozenset(
    """a an the his her its their our my your this that these those all both of another other others more additional further
    some any total record expected new extra""".split()
)
_SUBSET_LEADS = frozenset({"including", "among", "include", "includes", "included"})
_POSSIBLE_WORDS = frozenset(
    """feared may might could would will plan plans planned planning expected threatened threatens threatening possible
    believed presumed suspected intends if order orders ordered seek seeks seeking attempt attempted attempting plot plotting
    plotted foiled agreed agrees""".split()
)


@dataclass(slots=True)
class _Candidate:
    """A count in the making."""

    mention: QuantityMention | None
    quantity: Quantity
    start: int
    end: int
    head: int
    first: int
    last: int
    score: float = 0.0
    kinds: dict[str, float] = field(default_factory=dict)
    status: dict[str, float] = field(default_factory=dict)
    subset: float = 0.0
    cues: list[Cue] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """A candidate with its kinds."""

    candidate: _Candidate
    kinds: dict[Kind, float]
    rule: str


class _Text:
    """A Doc as the rules of this module see it."""

    def __init__(self, doc: Doc) -> None:
        self.text = doc.text
        self.tree: Tree = read_tree(doc)
        self.mentions = scan_quantities(doc.text)
        self.number_starts = [mention.number_start for mention in self.mentions]
        self.persons = [(ent.start, ent.end) for ent in doc.ents if ent.label_ == "PERSON"]
        self.places = {index for ent in doc.ents if ent.label_ in ("GPE", "LOC", "FAC") for index in range(ent.start, ent.end)}
        self.person_starts = [start for start, _ in self.persons]

    def is_place(self, token: int) -> bool:
        """Tell whether a token is in a place's name."""
        return token in self.places

    def token_at(self, character: int) -> int:
        """The token that holds a character, or the last one before it."""
        return max(0, bisect_right(self.tree.starts, character) - 1)

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that a stretch touches, half-open."""
        first = self.token_at(start)
        return first, max(first + 1, bisect_left(self.tree.starts, end))

    def nearest_cues(self, head: int, first: int, last: int) -> list[Cue]:
        """Find cues; those beyond another number go where there are some on this side: "injuring 112, leaving one missing"."""
        cues = find_cues(self.tree, head, first, last)
        clean = [cue for cue in cues if not self._is_parted(cue.token, first, last)]
        if any(cue.strong for cue in clean):
            return clean
        # Left are lists ("two men and three women were killed"), where the verb governs all, and words of other numbers.
        governor = self.tree.heads[self.tree.first_conjunct(head)]
        return [
            cue if cue in clean or cue.token == governor or cue.how == "toll" else Cue(cue.kind, cue.token, False, cue.how)
            for cue in cues
        ]

    def _is_parted(self, token: int, first: int, last: int) -> bool:
        if first <= token < last:
            return False
        low, high = (last, token) if token >= last else (token + 1, first)
        if low >= high:
            return False
        start, end = self.tree.starts[low], self.tree.ends[high - 1]
        index = bisect_left(self.number_starts, start)
        return index < len(self.mentions) and self.number_starts[index] < end and self.mentions[index].form in _NUMBER_FORMS


def _counted_noun(text: _Text, mention: QuantityMention) -> tuple[int, int]:
    """Find the noun a number counts (the number itself where there is none) and the token after the phrase."""
    tree = text.tree
    first, last = text.token_range(mention.number_start, max(mention.number_end, mention.number_start + 1))
    if mention.form == "single":
        return last - 1, last
    top = last - 1
    for index in range(first, last):
        if not first <= tree.heads[index] < last or tree.heads[index] == index:
            top = index
    sentence = tree.sentences[top]
    head = tree.heads[top]
    if (
        last <= head <= last + 7
        and tree.deps[top] in ("nummod", "det", "amod", "compound", "nmod", "nmod:npmod", "nsubj", "advmod", "dep", "det:predet")
        and _is_noun(tree, head)
        and not any(_parts_phrase(tree, k) for k in range(last, head))
    ):
        return head, head + 1
    # No such noun by the tree: take the run of nouns that follows.
    at = _noun_run(tree, last, last + 7)
    if at > last:
        return at - 1, at
    # "dozens of people", "four of his bodyguards": the phrase runs to the noun behind "of".
    if last < len(tree) and tree.lowers[last] == "of":
        at = _noun_run(tree, last + 1, last + 9, determined=True)
        if at > last + 1:
            return top, at
    return top, last


def _parts_phrase(tree: Tree, index: int) -> bool:
    """Tell whether a word ends a noun phrase: a comma, a preposition, an "and" that does not join adjectives."""
    word = tree.lowers[index]
    if word in ("and", "or") and 0 < index < len(tree) - 1:
        return not (tree.tags[index - 1].startswith(("JJ", "VBN")) and tree.tags[index + 1].startswith(("JJ", "VBN")))
    return word in (",", "in", "of", "at", "from", "on", ";", "with")


def _is_noun(tree: Tree, index: int) -> bool:
    word = tree.lowers[index]
    return tree.tags[index].startswith("NN") or word in people_nouns() or word in ("others", "more", "them", "whom", "those")


def _noun_run(tree: Tree, first: int, limit: int, *, determined: bool = False) -> int:
    """Give the token after the noun phrase that begins at a token; the token itself where there is none."""
    limit = min(limit, len(tree))
    if first >= limit:
        return first
    sentence, end, index = tree.sentences[first], first, first
    while index < limit and tree.sentences[index] == sentence:
        tag, word = tree.tags[index], tree.lowers[index]
        following_noun = index + 1 < limit and _is_noun(tree, index + 1)
        if _is_noun(tree, index):
            end = index + 1
            if word in people_nouns() and not (following_noun and tree.tags[index + 1].startswith("NN")):
                break
        elif end > first and (tree.lowers[end - 1] in people_nouns() or tag in ("VBN", "VBG", "DT", "CD", "PRP$")):
            break
        elif not (
            tag.startswith("JJ")
            or tag in ("HYPH", "POS")
            or (tag in ("VBN", "VBG", "VBD") and following_noun)
            or (determined and tag in ("DT", "PRP$", "CD", "PRP"))
            or word in ("-", "other", "more")
            or (word == "and" and index > first and not _parts_phrase(tree, index))
        ):
            break
        index += 1
    return end


def _proposals(doc: Doc, text: _Text) -> Iterator[_Candidate]:
    """The model's proposals with their numbers read."""
    group = doc.spans.get("factx_count_spans") if hasattr(doc.spans, "get") else None
    if not group:
        return
    attrs: dict[str, Any] = dict(group.attrs or {})
    for index, span in enumerate(group):
        score = _item(attrs.get("scores"), index, 1.0)
        kinds = _item(attrs.get("kinds"), index, None) or ({span.label_: 1.0} if span.label_ else {})
        status = _item(attrs.get("status"), index, None) or {}
        subset = _item(attrs.get("subset"), index, 0.0)
        yield from _read_proposal(text, span.start, span.end, score, kinds, status, subset)


def _item(values: Any, index: int, default: Any) -> Any:
    return values[index] if values is not None and index < len(values) else default


def _read_proposal(
    text: _Text, first: int, last: int, score: float, kinds: dict[str, float], status: dict[str, float], subset: float
) -> Iterator[_Candidate]:
    tree = text.tree
    start, end = tree.starts[first], tree.ends[last - 1]
    inside = mentions_within(text.mentions, text.number_starts, start, end)
    usable = [m for m in inside if not m.use and m.form != "single"] or [m for m in inside if not m.use]
    lead = tree.lowers[first]
    if not usable and any(m.use and m.use != "age" for m in inside) and counts_people(tree.lowers[first:last]) is not True:
        return
    if not usable and inside and lead not in _LEADS | {"one"}:
        return
    if not usable:
        quantity = _read_bare(text, first, last)
        if quantity is None:
            return
        yield _Candidate(None, quantity, start, end, last - 1, first, last, score, kinds, status, subset)
        return
    mention = usable[0]
    head, stop = _counted_noun(text, mention)
    if mention.form == "single":
        head = last - 1 if not tree.tags[head].startswith("NN") else head
    start = min(start, mention.start) if mention.form != "single" or mention.start >= start else start
    if mention.start > start and tree.lowers[first] in ("the", "of", "with", "than"):
        start = mention.start
    yield _Candidate(
        mention, mention.quantity, start, max(end, mention.end), head, text.token_at(start), max(last, stop if stop <= last + 3 else last),
        score, kinds, status, subset,
    )  # fmt: skip


def _read_bare(text: _Text, first: int, last: int) -> Quantity | None:
    """Read a proposal without any number: a denial, or one person ("Digwa's mother"); None for a bare plural."""
    lowers = text.tree.lowers[first:last]
    denied = lowers[0] in _DENIALS or is_negated(text.tree, first + 1)
    if denied and any(word in _EVENT_NOUNS or word in ("any", "anyone", "anybody") for word in lowers):
        return Quantity(0, 0, "none")
    if lowers[0] in _DENIALS:
        return Quantity(0, 0, "none")
    if lowers[-1] in ("couple", "pair", "duo", "twins"):
        return Quantity(2, 2, "exact")
    if text.tree.tags[last - 1] in ("NNS", "NNPS") and lowers[-1] not in person_nouns():
        return None
    return Quantity(1, 1, "exact")


def _rule_candidates(text: _Text, taken: list[tuple[int, int]]) -> Iterator[_Candidate]:
    """Find numbers, and denials, outside of the stretches that the model proposed."""
    tree = text.tree
    taken_starts = [start for start, _ in taken]
    for mention in text.mentions:
        if mention.use:
            continue
        index = bisect_right(taken_starts, mention.number_start) - 1
        if index >= 0 and taken[index][1] > mention.number_start:
            continue
        head, stop = _counted_noun(text, mention)
        first = text.token_at(mention.start)
        if mention.form == "none" and tree.lowers[first] == "no":
            denied = _denied_event(tree, first)
            if denied is not None:
                head, stop = denied, denied + 1
        cues = text.nearest_cues(head, first, stop)
        end = max(mention.end, tree.ends[stop - 1])
        yield _Candidate(mention, mention.quantity, mention.start, end, head, first, stop, cues=cues)
    for index, word in enumerate(tree.lowers):
        if word == "without" or (word == "any" and _is_seen(tree, index)):
            head_at = _denied_event(tree, index)
            at = bisect_right(taken_starts, tree.starts[index]) - 1
            if head_at is None or (at >= 0 and taken[at][1] > tree.starts[index]):
                continue
            cues = find_cues(tree, head_at, index, head_at + 1)
            yield _Candidate(
                None, Quantity(0, 0, "none"), tree.starts[index], tree.ends[head_at], head_at, index, head_at + 1, cues=cues
            )


def _is_seen(tree: Tree, index: int) -> bool:
    """Tell whether somebody says that there was none: "did not report any", not "did not mention any"."""
    return is_negated(tree, index) and not _SEEING.isdisjoint(tree.lowers[max(0, index - 4) : index])


def _denied_event(tree: Tree, first: int) -> int | None:
    """Find the event noun that a "no" denies: "no casualties", "no immediate reports of damage or injuries"."""
    stop = min(tree.sentence_range(first)[1], first + 9)
    reported = False
    for index in range(first + 1, stop):
        word = tree.lowers[index]
        if word in _DENIABLE:
            return index
        if word in ("reports", "report", "sign", "signs"):
            reported = True
            continue
        if word in ("of", "or", "and", ",", "other", "any", "-", "damage"):
            continue
        if not tree.tags[index].startswith(("JJ", "NN", "VBN", "RB")) and tree.tags[index] and not reported:
            return None
        if tree.tags[index].startswith(("VBD", "VBZ", "VBP", "MD")):
            return None
    return None


def _is_sound_rule(text: _Text, candidate: _Candidate) -> bool:
    """Tell whether a count that only the rules found should stand."""
    mention, tree = candidate.mention, text.tree
    strong = [cue for cue in candidate.cues if cue.strong]
    head_word = tree.lowers[candidate.head]
    if candidate.quantity.qualifier == "none":
        if head_word in _DENIABLE:
            return bool(candidate.cues)
        return bool(strong) and head_word in ("one", "nobody", "none")
    if mention is None or not strong or _is_denied(tree, strong[0].token):
        return False
    if mention.form == "single":
        before = tree.lowers[candidate.first - 1] if candidate.first else ""
        if before == "of" and any(cue.how == "noun" and cue.token < candidate.first for cue in strong):
            return head_word in person_nouns()
        if not any(cue.how in ("verb", "beside", "adjective") for cue in strong) or before in _PREDICATE_LEADS:
            return False
        lead = tree.lowers[candidate.first]
        # "the gunman" is most often one who was told of before, or the one who acts.
        return lead == "another" or (head_word in person_nouns() and lead not in ("the", "this", "that"))
    if candidate.last - candidate.first == 1 and candidate.first and mention.form == "digits":
        # "a Cessna 414", "Flight 9525": a name, though not behind a day ("on Monday 12 were killed").
        before = tree.lowers[candidate.first - 1]
        if tree.tags[candidate.first - 1].startswith("NNP") and before not in _DAYS and not text.is_place(candidate.first - 1):
            return False
    if head_word in _EVENT_NOUNS:
        return True
    if other_noun_class(head_word) and head_word not in people_nouns():
        return False
    if mention.form == "vague" and tree.lowers[candidate.first] == "few":
        return False
    return counts_people(tree.lowers[candidate.first : candidate.last]) is not False


def _is_denied(tree: Tree, verb: int) -> bool:
    """Tell whether a verb is negated."""
    return any(tree.lowers[child] in ("not", "n't", "n’t", "never", "no") for child in tree.kids(verb, "advmod"))


def _phrase_head(tree: Tree, last: int) -> int:
    """Give the noun a phrase ends in, though the proposal may stop short: "Five U.S. [warplanes]"."""
    index = last - 1
    for _ in range(4):
        head = tree.heads[index]
        if tree.deps[index] in ("compound", "amod", "nmod:desc", "nummod", "flat") and index < head <= index + 6:
            if any(tree.lowers[k] in (",", "and", "or", "in", "of") for k in range(index + 1, head)):
                break
            index = head
        else:
            break
    return index


def _is_not_people(text: _Text, candidate: _Candidate) -> bool:
    """Tell whether a proposal counts things, animals, bodies of people, or a person told by name."""
    tree = text.tree
    if candidate.quantity.qualifier == "none":
        return False
    word = tree.lowers[candidate.head]
    ending = tree.lowers[_phrase_head(tree, candidate.last)]
    if ending != word and other_noun_class(ending) in ("thing", "animal", "organization") and ending not in people_nouns():
        return True
    if other_noun_class(word) in ("thing", "animal", "organization", "time", "distance", "share") and word not in people_nouns():
        return not any(low in people_nouns() or low in person_nouns() for low in tree.lowers[candidate.head : candidate.last])
    if (candidate.quantity.low, candidate.quantity.high) == (1, 1) and tree.lowers[candidate.first] not in ("one", "another"):
        return _is_named(text, candidate)
    return False


def _is_named(text: _Text, candidate: _Candidate) -> bool:
    """Tell whether one person is told by name: "police officer John Smith", "the pilot, John Smith,", "Smith, a nurse,"."""
    tree = text.tree
    for index in range(bisect_left(text.person_starts, candidate.first), len(text.persons)):
        start, end = text.persons[index]
        if start >= candidate.last:
            break
        possessive = end < len(tree) and tree.lowers[end] in ("'s", "’s", "'", "’")
        if not possessive or end > candidate.last:
            return True
    at = candidate.last
    while at < len(tree) and at < candidate.last + 12 and tree.tags[at] in _NAME_GAP:
        if tree.lowers[at] == "and" and not tree.tags[at + 1 : at + 2] == ["NNP"]:
            break
        index = bisect_left(text.person_starts, at)
        if index < len(text.persons) and text.persons[index][0] == at:
            return at == candidate.last or tree.lowers[at - 1] in (",", "(", "named")
        if tree.lowers[at] == "," and not (index < len(text.persons) and text.persons[index][0] == at + 1):
            break
        at += 1
    index = bisect_left(text.person_starts, candidate.first) - 1
    if index >= 0 and tree.lowers[candidate.first - 1] == "," and candidate.first >= 2:
        return candidate.first - 3 <= text.persons[index][1] <= candidate.first - 1
    return False


def _acts(tree: Tree, candidate: _Candidate, kind: str) -> bool:
    """Tell whether a proposal names who did it rather than to whom: "a bomber kills 12", "two gunmen opened fire, killing"."""
    if any(cue.strong and cue.kind == kind for cue in candidate.cues):
        return False
    after = candidate.last
    if after + 1 < len(tree) and tree.tags[after] in ("VBZ", "VBD", "VBP", "VBG"):
        opens = tree.tags[after + 1] in ("CD", "DT", "NN", "NNS", "NNP", "JJ", "PRP$") or tree.lowers[after + 1] in ("at", "over")
        if opens and kind in cue_words().get(tree.lowers[after], ()):
            return True
    head = tree.first_conjunct(candidate.head)
    if tree.deps[head] != "nsubj":
        return False
    verb = tree.heads[head]
    if tree.is_passive(verb):
        return False
    if tree.lowers[verb] in ("survive", "survived", "survives"):
        return True
    verbs = [verb, *tree.kids(verb, "advcl", "conj", "xcomp")]
    words = cue_words()
    return any(kind in words.get(tree.lowers[v], ()) and (v != verb or tree.kids(v, "obj")) for v in verbs)


def _choose_kinds(text: _Text, candidate: _Candidate) -> dict[Kind, float]:
    """Decide the kinds of a candidate, with how sure each is: the model's probability, raised by cues that agree."""
    tree = text.tree
    scores: dict[str, float] = dict(candidate.kinds)
    support: dict[str, float] = {}
    for cue in candidate.cues:
        weight = STRONG_CUE if cue.strong else WEAK_CUE
        if cue.how in ("modifier", "noun") and cue.kind != "killed":
            weight /= 2
        support[cue.kind] = max(support.get(cue.kind, 0.0), weight)
    if "injured" in scores or "injured" in support:
        _prefer_illness(tree, candidate, scores, support)
    if _is_of_bodies(tree, candidate):
        return {"killed": 0.9}
    totals = {kind: scores.get(kind, 0.0) + support.get(kind, 0.0) for kind in {*scores, *support}}
    if not totals:
        return {}
    if _is_joint(tree, candidate):
        return {"casualties": 0.8}
    best = max(totals, key=lambda kind: (totals[kind], kind))
    if totals[best] < LEAST_TOTAL:
        return {}
    chosen = {best: totals[best]}
    tokens = {cue.token for cue in candidate.cues if cue.kind == best}
    for kind, total in totals.items():
        if kind == best:
            continue
        cues = [cue for cue in candidate.cues if cue.kind == kind and cue.token not in tokens]
        told = any(cue.strong and cue.how in ("verb", "beside") for cue in cues)
        if told and {kind, best} == {"killed", "injured"} and scores.get(kind, 0.0) < 0.5:
            continue
        seen = any(cue.how not in ("noun", "modifier") for cue in cues)
        if (scores.get(kind, 0.0) >= KIND_FLOOR and seen) or (told and total >= LEAST_TOTAL):
            chosen[kind] = total
    return cast("dict[Kind, float]", {kind: min(1.0, total) for kind, total in chosen.items()})


def _is_of_bodies(tree: Tree, candidate: _Candidate) -> bool:
    """Tell whether bodies are counted, whatever is done to them: "returned the bodies of four hostages"."""
    if tree.lowers[candidate.head] in _BODIES:
        return True
    lead = tree.lowers[max(0, candidate.first - 3) : candidate.first]
    return lead[-1:] == ["of"] and not _BODIES.isdisjoint(lead)


def _prefer_illness(tree: Tree, candidate: _Candidate, scores: dict[str, float], support: dict[str, float]) -> None:
    """Call those in hospital sick where the text speaks of an illness, and hurt where it does not."""
    hospital = any(
        tree.lowers[cue.token].startswith("hospital") or tree.lowers[cue.token] in ("treated", "treat") for cue in candidate.cues
    )
    if not hospital:
        return
    ill = tells_illness(tree, candidate.head)
    winner, loser = ("sick", "injured") if ill else ("injured", "sick")
    scores[winner] = max(scores.get("injured", 0.0), scores.get("sick", 0.0), 0.5 if ill else 0.0)
    support[winner] = max(support.get("injured", 0.0), support.get("sick", 0.0))
    scores[loser] = support[loser] = 0.0


def _is_joint(tree: Tree, candidate: _Candidate) -> bool:
    """Tell whether dead and hurt are one number: "12 people were killed or wounded"."""
    for begin, stop in ((candidate.last, candidate.last + 8), (candidate.first - 3, candidate.first)):
        words = tree.lowers[max(0, begin) : max(0, min(stop, tree.sentence_range(candidate.head)[1]))]
        for index in range(len(words) - 2):
            pair = {words[index], words[index + 2]}
            deaths = pair & _DEATHS
            if not deaths or words[index + 1] not in ("or", "and"):
                continue
            if pair & _HURTS or (words[index + 1] == "or" and pair & {"missing", "arrested", "captured", "wounding"}):
                after = tree.tags[max(0, begin) + index + 3 : max(0, begin) + index + 4]
                behind = begin == candidate.last
                if behind and after in (["CD"], ["DT"], ["JJ"], ["NNS"], ["NN"]):
                    continue
                if behind and not all(word in _LINKS for word in words[:index]):
                    continue
                return True
    return False


def _is_joined(text: _Text, before: _Candidate, candidate: _Candidate) -> bool:
    """Tell whether two noun phrases are one list: nothing but "and" or a comma stands between."""
    gap = text.text[before.end : candidate.start] if before.end <= candidate.start <= before.end + 16 else "."
    return gap.strip(" ,") in ("and", "along with", "as well as", "&", "")


def _is_own(cue: Cue, candidate: _Candidate) -> bool:
    """Tell whether a part has an event of its own: "including five injured", "including two who died"."""
    return cue.token >= candidate.last and cue.how == "beside" or candidate.first <= cue.token < candidate.last


def _inherit_subset(text: _Text, found: list[_Found]) -> None:
    """Give parts of a count ("including three children and the driver") the kind of the whole, and mark them.

    On the train sets every part after "including" has the kind of the nearest count before it.
    """
    tree = text.tree
    whole: _Found | None = None
    part: _Found | None = None
    last: _Found | None = None
    for item in found:
        candidate = item.candidate
        before, last = last, item if item.kinds else last
        sentence = tree.sentences[candidate.first]
        if whole and tree.sentences[whole.candidate.first] != sentence:
            whole = part = None
        lead = tree.lowers[candidate.first - 1] if candidate.first else ""
        following = tree.lowers[candidate.last] if candidate.last < len(tree) else ""
        led = lead in _SUBSET_LEADS or (lead == "," and following in _DEGREES) or (lead == "them" and tree.lowers[candidate.first - 2 : candidate.first - 1] == ["among"])
        if not led and part and lead in ("and", ",", "or", "as"):
            gap = text.text[part.candidate.end : candidate.start]
            own = any(cue.strong and cue.how in ("verb", "beside", "adjective") for cue in candidate.cues)
            led = len(gap) < 50 and not own and not any(word in gap for word in (" was ", " were ", ";", "."))
        if led and whole:
            own_kinds = {cue.kind for cue in candidate.cues if cue.strong and _is_own(cue, candidate)}
            if not own_kinds:
                item.kinds = dict.fromkeys(whole.kinds, max(max(item.kinds.values(), default=0.5), 0.6))
            item.candidate.subset = max(candidate.subset, 0.9)
            part = item
            last = item
        elif not item.kinds and before and _is_joined(text, before.candidate, candidate):
            item.kinds = dict.fromkeys(before.kinds, 0.6)
            last = item
        elif item.kinds:
            whole, part = item, None


def _who(text: _Text, candidate: _Candidate) -> str | None:
    """Name the people counted: the words after number and article; None where only a number, "others" or an event stands."""
    tree, mention = text.tree, candidate.mention
    first, last = text.token_range(candidate.start, candidate.end)
    if mention is not None and mention.form != "single":
        first = max(first, text.token_range(mention.number_start, mention.number_end)[1])
        while first < last and tree.starts[first] < mention.end:
            first += 1
    elif candidate.quantity.qualifier == "none":
        return None
    while first < last and (tree.lowers[first] in _LEADS or (tree.lowers[first] in ("one", "two", "first", "second", "third", "fourth",
                                                             "fifth", "sixth"))):  # fmt: skip
        first += 1
    words = tree.lowers[first:last]
    if not words or words[-1] in _EVENT_NOUNS or words[-1] in _LEADS or words[-1] in ("them", "whom", "us", "pair", "couple"):
        return None
    if not any(char.isalpha() for char in words[-1]):
        return None
    found = text.text[tree.starts[first] : tree.ends[last - 1]].strip(" ,.;:\"'“”")
    return found or None


def _status(tree: Tree, candidate: _Candidate, kind: Kind) -> Status:
    """Decide whether it is told as a fact, feared, denied, or an older figure."""
    chances = candidate.status
    if chances:
        best = max(chances, key=chances.__getitem__)
        if best != "asserted" or chances[best] > 0.8:
            return cast("Status", best)
    lead = tree.lowers[candidate.first - 1] if candidate.first else ""
    toll = any(cue.how == "toll" for cue in candidate.cues)
    if lead == "from" and toll:
        return "superseded"
    cue = next((cue for cue in candidate.cues if cue.kind == kind), None)
    if cue is not None:
        around = tree.lowers[min(candidate.last, cue.token) : max(candidate.first, cue.token) + 1][:12]
        auxiliaries = [tree.lowers[child] for child in tree.kids(cue.token, "aux")]
        if "feared" in around or "presumed" in around or any(word in _MODALS for word in auxiliaries):
            return "possible"
    return "asserted"


def _confidence(candidate: _Candidate, kind: Kind, total: float, rule: str) -> float:
    """Say how sure a count is: alone the model or a rule may err, both together seldom do."""
    agrees = any(cue.kind == kind for cue in candidate.cues)
    if rule != "model":
        return 0.75
    share = candidate.kinds.get(kind, 0.0)
    value = 0.35 + 0.3 * candidate.score + 0.25 * min(1.0, max(share, total - STRONG_CUE)) + (0.1 if agrees else -0.1)
    return round(max(0.05, min(0.99, value)), 3)


def find_counts(doc: Doc, quotes: Sequence[Quote] = (), dates: Sequence[Date] = ()) -> list[Count]:
    """Find the counts of a Doc.

    Args:
        doc: A Doc from the pipeline; the model's proposals and the tree are used as far as they are there.
        quotes: Its quotes, which tell the sources.
        dates: Its dates, which tell when.

    Returns:
        Counts in text order. Entity ids of `source` and `place` are left to the linker.

    Source: counts-guidelines.
    """
    if not len(doc):
        return []
    text = _Text(doc)
    found: list[_Found] = []
    taken: list[tuple[int, int]] = []
    for candidate in _proposals(doc, text):
        if _is_not_people(text, candidate):
            continue
        candidate.cues = text.nearest_cues(candidate.head, candidate.first, candidate.last)
        chosen = {kind: p for kind, p in _choose_kinds(text, candidate).items() if not _acts(text.tree, candidate, kind)}
        found.append(_Found(candidate, chosen, "model"))
        taken.append((candidate.start, candidate.end))
    taken.sort()
    for candidate in _rule_candidates(text, taken):
        kinds: dict[Kind, float] = {}
        if candidate.cues and _is_sound_rule(text, candidate) and not _is_not_people(text, candidate):
            kinds = _choose_kinds(text, candidate)
        if kinds or _may_be_part(text, candidate) or _may_be_joined(text, candidate):
            found.append(_Found(candidate, kinds, "rule"))
    found.sort(key=lambda item: (item.candidate.start, item.candidate.end))
    _inherit_subset(text, found)
    links = Links(doc, text.tree, quotes, dates)
    counts = [
        _make_count(text, item, kind, links) for item in found for kind in sorted(item.kinds, key=lambda k: -item.kinds[k])
    ]
    return _drop_doubles(counts)


def _may_be_part(text: _Text, candidate: _Candidate) -> bool:
    """Tell whether a number without an event of its own may get that of a whole: "including three children"."""
    tree, mention = text.tree, candidate.mention
    if mention is None or mention.form == "none" or not candidate.first:
        return False
    lead = tree.lowers[candidate.first - 1]
    following = tree.lowers[candidate.last] if candidate.last < len(tree) else ""
    if lead == "," and following in _DEGREES and candidate.last - candidate.first == 1:
        return True  # "Four people are hurt, one seriously"
    if lead not in _SUBSET_LEADS:
        return False
    if mention.form == "single":
        return tree.lowers[candidate.head] in person_nouns() and not _is_not_people(text, candidate)
    if candidate.last - candidate.first == 1 and following not in _DEGREES | {"in", "who", "from", ",", "."}:
        return False
    return counts_people(tree.lowers[candidate.first : candidate.last]) is not False and not _is_not_people(text, candidate)


def _may_be_joined(text: _Text, candidate: _Candidate) -> bool:
    """Tell whether a person without an event of its own stands behind an "and" that may join it to a count before."""
    tree, mention = text.tree, candidate.mention
    if mention is None or mention.form == "none" or not candidate.first or any(cue.strong for cue in candidate.cues):
        return False
    if tree.lowers[candidate.first - 1] not in _JOINTS:
        return False
    if mention.form == "single":
        fits = tree.lowers[candidate.head] in person_nouns()
    else:
        fits = candidate.last - candidate.first > 1 and counts_people(tree.lowers[candidate.first : candidate.last]) is True
    following = tree.tags[candidate.last] if candidate.last < len(tree) else "."
    return fits and following not in ("VBZ", "VBD", "VBP", "MD") and not _is_not_people(text, candidate)


def _drop_doubles(counts: list[Count]) -> list[Count]:
    """Sort by place and leave one of counts of a kind that overlap, the surer."""
    kept: list[Count] = []
    for count in sorted(counts, key=lambda c: (c.start, c.end, c.kind)):
        rivals = [other for other in kept[-6:] if other.kind == count.kind and other.end > count.start]
        if any(other.confidence >= count.confidence for other in rivals):
            continue
        kept = [other for other in kept if other not in rivals] if rivals else kept
        kept.append(count)
    return kept


def _make_count(text: _Text, item: _Found, kind: Kind, links: Links) -> Count:
    candidate, quantity = item.candidate, item.candidate.quantity
    cue = next((cue for cue in candidate.cues if cue.kind == kind), None)
    first, last = candidate.first, max(candidate.last, candidate.first + 1)
    source = links.find_source(candidate.start, first)
    return Count(
        kind=kind,
        low=quantity.low,
        high=quantity.high,
        qualifier=quantity.qualifier,
        text=text.text[candidate.start : candidate.end],
        start=candidate.start,
        end=candidate.end,
        who=_who(text, candidate),
        subset=candidate.subset > 0.5,
        status=_status(text.tree, candidate, kind),
        cue=links.find_cue(kind, cue.token if cue else None, first, last),
        source=source,
        place=links.find_place(first, last, source),
        date=links.find_date(first, last, source),
        confidence=_confidence(candidate, kind, item.kinds[kind], item.rule),
        rule="model" if item.rule == "model" else f"cue-{cue.how}" if cue else "part",
    )


__all__ = ["find_counts"]
