"""Candidates for counts: the model's proposals with their numbers read, and the numbers and denials of the rules."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from factx.extract.count_cues import Cue, counts_people, cue_words, kinds_told
from factx.extract.count_denials import denied_event, denied_passive, find_denials
from factx.extract.count_lexicon import people_nouns, person_nouns
from factx.extract.count_rules import find_cues, is_negated, strong_force_cue
from factx.extract.numbers import (
    Quantity,
    QuantityMention,
    mentions_within,
    scan_quantities,
)
from factx.extract.syntax import Tree, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from factx.facts import Kind

_DENIALS = frozenset({"no", "not", "without", "zero", "nobody", "none", "neither"})
_NUMBER_FORMS = frozenset({"digits", "words", "vague", "fraction"})
EVENT_NOUNS = frozenset(
    """death deaths case cases casualty casualties injury injuries fatality fatalities arrest arrests detention
    detentions
    evacuation evacuations hospitalization hospitalizations hospitalisation hospitalisations infection infections life
    lives
    killing killings execution executions conviction convictions indictment indictments kidnapping kidnappings abduction
    abductions victims-of toll dead wounded injured missing""".split()
)
_PROTEST_VERBS = frozenset({"protest", "rally", "march", "strike", "riot", "demonstrate", "parade"})
# Words of a headline's subject: "Former police chief".
_LONGEST_BARE = 5
LEADS = frozenset(
    """a an the his her its their our my your this that these those all both of another other others more additional
    further
    some any total record expected new extra""".split()
)


@dataclass(slots=True)
class Candidate:
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
class Found:
    """A candidate with its kinds."""

    candidate: Candidate
    kinds: dict[Kind, float]
    rule: str


class CountText:
    """A Doc as the rules of this module see it."""

    def __init__(self, doc: Doc) -> None:
        self.text = doc.text
        self.tree: Tree = read_tree(doc)
        self.mentions = scan_quantities(doc.text)
        self.number_starts = [mention.number_start for mention in self.mentions]
        self.persons = [(ent.start, ent.end) for ent in doc.ents if ent.label_ == "PERSON"]
        self.places = {
            index for ent in doc.ents if ent.label_ in ("GPE", "LOC", "FAC") for index in range(ent.start, ent.end)
        }
        self.person_starts = [start for start, _ in self.persons]
        self.peoples = {index for ent in doc.ents if ent.label_ == "NORP" for index in range(ent.start, ent.end)}
        self._semicolons = [index for index, low in enumerate(self.tree.lowers) if low == ";"]
        self._told: dict[tuple[int, int], frozenset[Kind]] = {}

    def is_place(self, token: int) -> bool:
        """Tell whether a token is in a place's name."""
        return token in self.places

    def told_kinds(self, token: int) -> frozenset[Kind]:
        """Give the kinds that any word of a token's sentence may tell, up to the next semicolon behind it."""
        first, _ = self.tree.bounds[self.tree.sentences[token]]
        stop = self._clause_end(token)
        if (first, stop) not in self._told:
            # "A third remains on the run": no remains are told of.
            verbs = (
                self.tree.tags[index] == "VBZ" and self.tree.lowers[index] == "remains" for index in range(first, stop)
            )
            words = [word for word, verb in zip(self.tree.lowers[first:stop], verbs, strict=True) if not verb]
            self._told[first, stop] = kinds_told(words)
        return self._told[first, stop]

    def _clause_end(self, token: int) -> int:
        """Give the token after the stretch that a token's clause may reach to: the sentence's end or a semicolon.

        Backwards a clause reaches across semicolons, as in lists: "killed 12 people in Kabul; three in Herat".
        """
        _, stop = self.tree.bounds[self.tree.sentences[token]]
        following = bisect_left(self._semicolons, token)
        return min(stop, self._semicolons[following]) if following < len(self._semicolons) else stop

    def token_at(self, character: int) -> int:
        """The token that holds a character, or the last one before it."""
        return max(0, bisect_right(self.tree.starts, character) - 1)

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that a stretch touches, half-open."""
        first = self.token_at(start)
        return first, max(first + 1, bisect_left(self.tree.starts, end))

    def mention_around(self, start: int) -> QuantityMention | None:
        """Give the number that begins at or before a character and goes on behind it."""
        before = bisect_right(self.number_starts, start) - 1
        return self.mentions[before] if before >= 0 and start < self.mentions[before].end else None

    def nearest_cues(self, head: int, first: int, last: int) -> list[Cue]:
        """Find cues; ones beyond another number go where this side has some: "injuring 112, leaving one missing"."""
        end = self._clause_end(head)
        cues = [cue for cue in find_cues(self.tree, head, first, last) if cue.token < max(end, last)]
        clean = [cue for cue in cues if not self._is_parted(cue.token, first, last)]
        if any(cue.strong for cue in clean):
            return clean
        # Left are lists ("two men and three women were killed"), where the verb governs all, and words of other
        # numbers.
        governor = self.tree.heads[self.tree.first_conjunct(head)]
        return [
            cue
            if cue in clean or cue.token == governor or cue.how == "toll"
            else Cue(cue.kind, cue.token, False, cue.how)
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
        return (
            index < len(self.mentions)
            and self.number_starts[index] < end
            and self.mentions[index].form in _NUMBER_FORMS
        )


def _counted_noun(text: CountText, mention: QuantityMention) -> tuple[int, int]:
    """Find the noun a number counts (the number itself where there is none) and the token after the phrase."""
    tree = text.tree
    first, last = text.token_range(mention.number_start, max(mention.number_end, mention.number_start + 1))
    if mention.form == "single":
        return last - 1, last
    if last < len(tree) and tree.lowers[last] == "+":
        last += 1
    top = last - 1
    for index in range(first, last):
        if not first <= tree.heads[index] < last or tree.heads[index] == index:
            top = index
    tree.sentences[top]
    head = tree.heads[top]
    if (
        last <= head <= last + 7
        and tree.deps[top]
        in ("nummod", "det", "amod", "compound", "nmod", "nmod:npmod", "nsubj", "advmod", "dep", "det:predet")
        and _is_noun(tree, head)
        and not _is_protesting(tree, head)
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
    # A participle behind "are" is often tagged as a noun: "3,000 are displaced".
    return word in (
        ",", "in", "of", "at", "from", "on", ";", "with", "are", "were", "is", "was", "be", "been", "have", "has",
    )  # fmt: skip


def _is_noun(tree: Tree, index: int) -> bool:
    word = tree.lowers[index]
    if word.endswith("ed") and word in cue_words() and word not in EVENT_NOUNS:
        return False  # "Thousands protested", tagged as a noun
    return (
        tree.tags[index].startswith("NN")
        or word in people_nouns()
        or word in ("others", "more", "them", "whom", "those")
    )


def _is_protesting(tree: Tree, index: int) -> bool:
    """Tell whether a word tagged as a noun is a verb: "thousands rally against", "100,000 people protest in"."""
    if tree.lowers[index] not in _PROTEST_VERBS or index == 0:
        return False
    before = tree.lowers[index - 1]
    return (tree.tags[index - 1] == "CD" or before in people_nouns() or before.endswith("s")) and tree.tags[
        index + 1 : index + 2
    ] in (["IN"], ["TO"])


def _noun_run(tree: Tree, first: int, limit: int, *, determined: bool = False) -> int:
    """Give the token after the noun phrase that begins at a token; the token itself where there is none."""
    limit = min(limit, len(tree))
    if first >= limit:
        return first
    sentence, end, index = tree.sentences[first], first, first
    while index < limit and tree.sentences[index] == sentence:
        tag, word = tree.tags[index], tree.lowers[index]
        if _is_protesting(tree, index):
            break
        following_noun = index + 1 < limit and _is_noun(tree, index + 1)
        if _is_noun(tree, index):
            end = index + 1
            if word in people_nouns() and not (following_noun and tree.tags[index + 1].startswith("NN")):
                break
        elif (
            end > first and (tree.lowers[end - 1] in people_nouns() or tag in ("VBN", "VBG", "DT", "CD", "PRP$"))
        ) or not (
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


def read_proposals(doc: Doc, text: CountText) -> Iterator[Candidate]:
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


def _item(values: Any, index: int, default: Any) -> Any:  # noqa: ANN401 - attrs of a span group hold any values
    return values[index] if values is not None and index < len(values) else default


def _read_proposal(  # noqa: PLR0913 - the model's columns
    text: CountText,
    first: int,
    last: int,
    score: float,
    kinds: dict[str, float],
    status: dict[str, float],
    subset: float,
) -> Iterator[Candidate]:
    tree = text.tree
    while last < len(tree) and tree.lowers[last - 1] in ("of", "the", "those"):
        last += 1  # "two of those [arrested]": a proposal that stops within its phrase
    start, end = tree.starts[first], tree.ends[last - 1]
    around = text.mention_around(start)
    if around is not None and tree.lowers[text.token_at(around.start)] == "none":
        # "None of the 12 miners was hurt": the rules read what was not.
        return
    inside = mentions_within(text.mentions, text.number_starts, start, end)
    usable = [m for m in inside if not m.use and m.form != "single"] or [m for m in inside if not m.use]
    lead = tree.lowers[first]
    if not inside and all(word[0].isdigit() for word in tree.lowers[first:last]):
        # One side of a range: "from 20 to [150]".
        if around is None or around.use:
            return
        usable = [around]
    if (
        not usable
        and any(m.use and m.use != "age" for m in inside)
        and counts_people(tree.lowers[first:last]) is not True
    ):
        return
    if not usable and inside and lead not in LEADS | {"one"}:
        return
    if not usable:
        quantity = _read_bare(text, first, last)
        if quantity is None:
            return
        yield Candidate(None, quantity, start, end, last - 1, first, last, score, kinds, status, subset)
        return
    mention = usable[0]
    head, stop = _counted_noun(text, mention)
    if mention.reach > mention.end and tree.lowers[text.token_at(mention.end + 1)] == "out":
        # "Three out of four missing hikers": the number stands for itself.
        last = text.token_range(start, mention.end)[1]
        end, stop = tree.ends[last - 1], last
    elif last - first > 1 and _is_participle_behind(text, mention, last - 1):
        last -= 1
        end, head, stop = tree.ends[last - 1], last - 1, last
    if mention.form == "single":
        head = last - 1 if not tree.tags[head].startswith("NN") else head
    start = min(start, mention.start) if mention.form != "single" or mention.start >= start else start
    if mention.start > start and tree.lowers[first] in ("the", "of", "with", "than", "at", "to", "from"):
        start = mention.start
    yield Candidate(
        mention,
        mention.quantity,
        start,
        # A proposal may stop before the hedge and the noun behind it: "[12]+ people".
        max(end, mention.end) if mention.end <= end else max(mention.end, tree.ends[stop - 1]),
        head,
        text.token_at(start),
        max(last, stop if stop <= last + 3 else last),
        score,
        kinds,
        status,
        subset,
    )


def _is_participle_behind(text: CountText, mention: QuantityMention, index: int) -> bool:
    """Tell whether a proposal ran on over its verb: "Five jailed over", "12 killed in"."""
    word = text.tree.lowers[index]
    told = word == "dead" or (word.endswith("ed") and word in cue_words())
    return told and text.tree.starts[index] - mention.end <= 1


# An unquantified many is no count (counts-guidelines, rule 3).
_UNCOUNTED = frozenset({"many", "numerous", "countless", "various", "innumerable", "untold", "most"})


def _read_bare(text: CountText, first: int, last: int) -> Quantity | None:
    """Read a proposal without any number: a denial, or one person ("Digwa's mother"); None for a bare plural."""
    lowers = text.tree.lowers[first:last]
    denied = lowers[0] in _DENIALS or is_negated(text.tree, min(first + 1, len(text.tree) - 1))
    if denied and any(word in EVENT_NOUNS or word in ("any", "anyone", "anybody") for word in lowers):
        return Quantity(0, 0, "none")
    if lowers[0] in _DENIALS:
        return Quantity(0, 0, "none")
    if lowers[-1] in ("couple", "pair", "duo", "twins"):
        return Quantity(2, 2, "exact")
    if lowers[-1] == "deceased" and lowers[0] not in ("a", "an", "one"):
        return None  # "all the deceased", "the deceased were": told before, and not how many
    if lowers[0] in _UNCOUNTED or lowers in (["them"], ["they"], ["him"], ["her"], ["he"], ["she"]):
        return None
    if lowers[0] in ("a", "an", "another"):
        return Quantity(1, 1, "exact")  # "a third was missing", tagged as a plural
    plural = text.tree.tags[last - 1] in ("NNS", "NNPS") or (lowers[-1].endswith("s") and lowers[-1] in people_nouns())
    if plural and lowers[-1] not in person_nouns():
        return None
    return Quantity(1, 1, "exact")


def find_candidates(text: CountText, taken: list[tuple[int, int]]) -> Iterator[Candidate]:
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
        if mention.end > mention.number_end and text.text[mention.end - 6 : mention.end].lower() == "strong":
            force = strong_force_cue(tree, text.token_at(mention.number_start))
            if force:
                yield Candidate(
                    mention,
                    mention.quantity,
                    mention.start,
                    tree.ends[force.token],
                    force.token,
                    first,
                    force.token + 1,
                    cues=[force],
                )
                continue
        if mention.form == "none" and tree.lowers[first] == "no":
            denied = denied_event(tree, first)
            if denied is not None:
                head, stop = denied, denied + 1
        cues = text.nearest_cues(head, first, stop)
        if not cues and mention.form == "none":
            cues = denied_passive(tree, stop)
        end = max(mention.end, tree.ends[stop - 1])
        yield Candidate(mention, mention.quantity, mention.start, end, head, first, stop, cues=cues)
    yield from _find_bare_persons(text, taken)
    for index, event in find_denials(tree):
        at = bisect_right(taken_starts, tree.starts[index]) - 1
        if at >= 0 and taken[at][1] > tree.starts[index]:
            continue
        yield Candidate(
            None,
            Quantity(0, 0, "none"),
            tree.starts[index],
            tree.ends[event],
            event,
            index,
            event + 1,
            cues=find_cues(tree, event, index, event + 1),
        )


def _find_bare_persons(text: CountText, taken: list[tuple[int, int]]) -> Iterator[Candidate]:
    """Find who opens a headline without an article: "Man shot dead outside pub", "Former mayor jailed"."""
    tree = text.tree
    for begin, stop in dict.fromkeys(tree.bounds):
        end = begin
        while end < min(stop, begin + _LONGEST_BARE) and tree.tags[end] in ("JJ", "NN", "NNS", "NNP", "HYPH", "CD"):
            end += 1
        head = end - 1
        if head < begin or tree.lowers[head] not in person_nouns() or not text.text[tree.starts[begin]].isupper():
            continue
        following = tree.tags[end] if end < stop else "."
        closed = text.text[tree.starts[begin] : tree.ends[stop - 1]].rstrip().endswith((".", "!", "?", '"', "”"))
        start, close = tree.starts[begin], tree.ends[head]
        known = any(first < close and start < last for first, last in taken)
        if following not in ("VBN", "VBD", "VBZ", "JJ", "IN", ",", "CC") or closed or known:
            continue
        cues = text.nearest_cues(head, begin, end)
        if any(cue.strong for cue in cues):
            yield Candidate(None, Quantity(1, 1, "exact"), start, close, head, begin, end, cues=cues)


__all__ = ["EVENT_NOUNS", "LEADS", "Candidate", "CountText", "Found", "find_candidates", "read_proposals"]
