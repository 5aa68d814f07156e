"""Guards: what looks like a count and is none: things, animals, named persons, those who act, numbers as names."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from factx.extract.count_candidates import EVENT_NOUNS, Candidate, CountText
from factx.extract.count_cues import counts_people, verb_cues
from factx.extract.count_denials import DENIABLE
from factx.extract.count_lexicon import other_noun_class, people_nouns, person_nouns
from factx.extract.count_senses import tells_protest

if TYPE_CHECKING:
    from factx.extract.syntax import Tree

# "a man accused of being a spy", "The suspect, a Palestinian, was shot": told before.
_PREDICATE_LEADS = frozenset({"being", "as", "is", "was", "became", "become", "be", "been", ","})
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september
    october november december""".split()
)
_OTHER_GATHERINGS = frozenset(
    "funeral funerals mourners burial concert match stadium mass wedding worshippers spectators concertgoers".split()
)
# Parts in an event that news seldom gives to somebody it has named.
_UNNAMED = frozenset(
    """gunman shooter attacker assailant bomber driver pilot suspect hijacker hostage-taker kidnapper robber
    perpetrator""".split()
)
# Verbs of these kinds take things as well.
_LOOSE_KINDS = frozenset({"arrested", "kidnapped", "released", "rescued", "displaced", "deployed", "missing", "crowd"})
_NAME_GAP = frozenset({"NN", "NNS", "NNP", "NNPS", "IN", "DT", "JJ", ",", "POS", "HYPH", "-LRB-", "CD", "CC"})


def is_sound(text: CountText, candidate: Candidate) -> bool:
    """Tell whether a count that only the rules found should stand."""
    mention, tree = candidate.mention, text.tree
    strong = [cue for cue in candidate.cues if cue.strong]
    if any(cue.how == "strong" for cue in strong):
        return True
    head_word = tree.lowers[candidate.head]
    if candidate.quantity.qualifier == "none":
        if head_word in DENIABLE:
            return bool(candidate.cues)
        of_people = tree.lowers[candidate.first] == "none" and counts_people(
            tree.lowers[candidate.first : candidate.last]
        )
        return bool(strong) and (head_word in ("one", "nobody", "none") or of_people is True)
    if not strong or _is_denied(tree, strong[0].token):
        return False
    if mention is None:
        return head_word in person_nouns() and any(cue.how in ("verb", "beside", "adjective") for cue in strong)
    people = counts_people(tree.lowers[candidate.first : candidate.last])
    if mention.form == "single" and _is_attribute(tree, candidate.head):
        return False
    if (
        tree.starts[candidate.head] >= mention.number_end
        and people is None
        and not any(index in text.peoples for index in range(candidate.first, candidate.last))
        and all(cue.kind in _LOOSE_KINDS for cue in strong)
    ):
        return False  # hearings are held, films released, camels rescued
    if mention.form == "single":
        before = tree.lowers[candidate.first - 1] if candidate.first else ""
        if before == "of" and any(cue.how == "noun" and cue.token < candidate.first for cue in strong):
            return head_word in person_nouns()
        if not any(cue.how in ("verb", "beside", "adjective") for cue in strong) or before in _PREDICATE_LEADS:
            return False
        lead = tree.lowers[candidate.first]
        # "the gunman" is most often one who was told of before, or the one who acts.
        if lead == "the" and head_word in _UNNAMED:
            return _sentence_names_nobody(text, candidate)
        return lead == "another" or (head_word in person_nouns() and lead not in ("the", "this", "that"))
    if candidate.last - candidate.first == 1 and candidate.first and mention.form == "digits":
        # "a Cessna 414", "Flight 9525": a name, though not behind a day ("on Monday 12 were killed").
        before = tree.lowers[candidate.first - 1]
        if (
            tree.tags[candidate.first - 1].startswith("NNP")
            and before not in _DAYS
            and not text.is_place(candidate.first - 1)
        ):
            return False
    if head_word in EVENT_NOUNS:
        return True
    if other_noun_class(head_word) and head_word not in people_nouns():
        return False
    if mention.form == "vague" and tree.lowers[candidate.first] == "few":
        return False
    return people is not False


def _sentence_names_nobody(text: CountText, candidate: Candidate) -> bool:
    """Tell whether no person is named in the sentence: "the gunman, John Smith, was shot" tells of one."""
    begin, stop = text.tree.sentence_range(candidate.head)
    index = bisect_left(text.person_starts, begin)
    return index >= len(text.person_starts) or text.person_starts[index] >= stop


def _is_attribute(tree: Tree, index: int) -> bool:
    """Tell whether a word only tells more of a noun behind it: "the Chinese model", "a worker protest"."""
    head = tree.heads[index]
    return index < head <= index + 4 and tree.deps[index] in ("amod", "compound", "nmod:desc", "nmod", "flat")


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


def counts_no_people(text: CountText, candidate: Candidate) -> bool:
    """Tell whether a proposal counts things, animals, bodies of people, or a person told by name."""
    tree = text.tree
    if candidate.quantity.qualifier == "none" or any(cue.how == "strong" for cue in candidate.cues):
        return False
    if _is_age_at_death(tree, candidate) or _is_ratio(tree, candidate) or _is_of_members(tree, candidate):
        return True
    if tree.lowers[candidate.first] == "both" and candidate.first:
        before = tree.lowers[candidate.first - 1]
        if before == "," or (candidate.last == candidate.first + 1 and before in ("were", "are", "was", "had", "have")):
            return True  # "two officials, both deputies of the minister", "Pike and Reed were both jailed": told before
    word = tree.lowers[candidate.head]
    ending = tree.lowers[_phrase_head(tree, candidate.last)]
    if (
        ending != word
        and other_noun_class(ending) in ("thing", "animal", "organization")
        and ending not in people_nouns()
    ):
        return True
    if (
        other_noun_class(word) in ("thing", "animal", "organization", "time", "distance", "share")
        and word not in people_nouns()
    ):
        return not any(
            low in people_nouns() or low in person_nouns() for low in tree.lowers[candidate.head : candidate.last]
        )
    if (candidate.quantity.low, candidate.quantity.high) == (1, 1) and tree.lowers[candidate.first] not in (
        "one",
        "another",
    ):
        return _is_named(text, candidate)
    return False


def _is_age_at_death(tree: Tree, candidate: Candidate) -> bool:
    """Tell whether a bare number is an age: "singer dies at 88", "found dead at 68"."""
    first = candidate.first
    return (
        candidate.last == first + 1
        and tree.tags[first] == "CD"
        and tree.lowers[max(0, first - 1)] == "at"
        and tree.lowers[max(0, first - 2)] in ("dies", "died", "die", "dead", "dying")
    )


def _is_ratio(tree: Tree, candidate: Candidate) -> bool:
    """Tell whether a number is half of a ratio: "one in ten patients", "two in three of those infected"."""
    for at in range(candidate.first, min(candidate.last + 1, len(tree) - 2)):
        # The phrase may begin with either number.
        for middle in (at + 1, at - 1):
            if not 0 < middle < len(tree) - 2 or tree.lowers[middle] != "in":
                continue
            of_how_many = tree.lowers[middle + 2]
            people = of_how_many in people_nouns() or of_how_many in ("of", "is", "are", "dies", "die", "died")
            if tree.tags[middle - 1] == tree.tags[middle + 1] == "CD" and people:
                return True
    return False


def _is_of_members(tree: Tree, candidate: Candidate) -> bool:
    """Tell whether one is what others belong to: "six members of [one family]", "of [the presidential guard]"."""
    first = candidate.first
    if (candidate.quantity.low, candidate.quantity.high) != (1, 1) or first < 2 or tree.lowers[first - 1] != "of":
        return False
    return tree.lowers[first - 2] in ("members", "employees", "residents", "relatives", "children", "sons", "daughters")


def _is_named(text: CountText, candidate: Candidate) -> bool:
    """Tell whether one person is told by name: "police officer John Smith", "the pilot, John Smith,"."""
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
        if tree.lowers[at] == "and" and tree.tags[at + 1 : at + 2] != ["NNP"]:
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


def names_actor(tree: Tree, candidate: Candidate, kind: str) -> bool:
    """Tell whether a proposal names who did it: "a bomber kills 12", "two gunmen opened fire, killing"."""
    if any(cue.strong and cue.kind == kind for cue in candidate.cues):
        return False
    after = candidate.last
    if after + 1 < len(tree) and tree.tags[after] in ("VBZ", "VBD", "VBP", "VBG"):
        opens = tree.tags[after + 1] in ("CD", "DT", "NN", "NNS", "NNP", "JJ", "PRP$") or tree.lowers[after + 1] in (
            "at",
            "over",
        )
        if opens and _does_to_others(tree, after, kind):
            return True
    head = tree.first_conjunct(candidate.head)
    if tree.deps[head] not in ("nsubj", "nsubj:pass"):
        return False
    verb = tree.heads[head]
    if tree.is_passive(verb) or (candidate.first > verb and any(kid < verb for kid in tree.kids(verb, "nsubj"))):
        return False  # behind a verb that has its subject, what counts as another is an object misread
    if tree.lowers[verb] in ("survive", "survived", "survives"):
        return True
    verbs = [verb, *tree.kids(verb, "advcl", "conj", "xcomp")]
    return any(_does_to_others(tree, v, kind) and (v != verb or tree.kids(v, "obj")) for v in verbs)


def is_other_gathering(tree: Tree, candidate: Candidate) -> bool:
    """Tell whether people gather for something else than a protest: "3,000 people attended the funeral"."""
    begin, stop = tree.sentence_range(candidate.head)
    return not _OTHER_GATHERINGS.isdisjoint(tree.lowers[begin:stop]) and not tells_protest(
        tree, candidate.head, candidate.head
    )


def _does_to_others(tree: Tree, verb: int, kind: str) -> bool:
    """Tell whether a verb tells what happens to its object: "kills 12", not "left their homes"."""
    return any(cue.kind == kind for cue in verb_cues(tree, verb, "object"))


__all__ = ["counts_no_people", "is_other_gathering", "is_sound", "names_actor"]
