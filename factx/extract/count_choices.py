"""Choices: which kinds a candidate has, by the model's probabilities and the cues, and what parts take from wholes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from factx.extract.count_cues import Cue, counts_people, cue_words, tells_illness
from factx.extract.count_guards import counts_no_people
from factx.extract.count_lexicon import other_verbs, person_nouns
from factx.extract.count_rules import leads_noun
from factx.extract.count_senses import leaves_hospital, tells_papers
from factx.extract.count_wholes import is_among, is_apart, may_be_of_those, opens_with

if TYPE_CHECKING:
    from factx.extract.count_candidates import Candidate, CountText, Found
    from factx.extract.syntax import Tree
    from factx.facts import Kind

# A second kind needs this probability and a cue; "kidnapped and killed five" has two.
KIND_FLOOR = 0.5
# What a cue adds to the model's probability for its kind. On voa-train a strong verb beside the number names a right
# kind in 378 of 392 cases, which is more than the model's own best guess on texts it has not seen.
STRONG_CUE = 0.6
WEAK_CUE = 0.15
# "Jailed for ten years" is a sentence although the model most often calls it an arrest.
SURE_CUE = 1.2
# Probability and cues together; less than this is no count.
LEAST_TOTAL = 0.3
# What standing right beside the number adds: "leaving 10 injured and some missing".
NEARNESS = 0.2
# Without any cue the model's two probabilities multiplied must reach this; below it one of ten was right on the dev
# sets.
LEAST_ALONE = 0.45
_BODIES = frozenset({"bodies", "body", "corpses", "corpse", "remains"})
_DEATHS = frozenset({"killed", "dead", "killing", "kill", "kills"})
_HURTS = frozenset({"wounded", "injured", "hurt", "wounding", "injuring", "wound", "injure", "wounds", "injures"})
_LINKS = frozenset(
    """were was have has had been are is being be or and reportedly also either may might could , who that in
    the""".split()
)


def is_told_otherwise(tree: Tree, candidate: Candidate) -> bool:
    """Tell whether a verb that is no event of ours governs the people: "fired two officials", "55 people survived"."""
    if any(cue.strong for cue in candidate.cues):
        return False
    behind = tree.lowers[candidate.last : candidate.last + 2]
    if behind == ["on", "board"] or behind[:1] == ["aboard"]:
        return True  # "sank with 176 people on board"
    verbs = {tree.lowers[index] for index in (candidate.first - 1, candidate.last) if 0 <= index < len(tree)}
    head = tree.first_conjunct(candidate.head)
    if tree.deps[head] in ("obj", "nsubj", "nsubj:pass"):
        verbs.add(tree.lowers[tree.heads[head]])
    return not verbs.isdisjoint(other_verbs())


def choose_kinds(text: CountText, candidate: Candidate) -> dict[Kind, float]:
    """Decide the kinds of a candidate, with how sure each is: the model's probability, raised by cues that agree."""
    tree = text.tree
    # On the dev sets and on articles of our own, 6 of 17 proposals were right whose sentence has no word for the kind.
    told = text.told_kinds(candidate.head) | {cue.kind for cue in candidate.cues}
    scores: dict[str, float] = {kind: p for kind, p in candidate.kinds.items() if kind in told}
    if "injured" in told and "killed" not in told and (deaths := candidate.kinds.get("killed", 0.0)):
        # "19 were beaten": the model sees harm, and no word of the sentence says that anybody died.
        scores["injured"] = scores.get("injured", 0.0) + deaths
    support: dict[str, float] = {}
    for cue in candidate.cues:
        weight = SURE_CUE if cue.sure else STRONG_CUE if cue.strong else WEAK_CUE
        if cue.how in ("modifier", "noun") and cue.kind != "killed":
            weight /= 2
        support[cue.kind] = max(support.get(cue.kind, 0.0), weight)
    named = {c.kind for c in candidate.cues if c.strong and c.token == candidate.head and _is_participle(tree, c.token)}
    if named:  # "25 are trapped, including five injured": the counted word itself tells more than the sentence
        firm = named | {cue.kind for cue in candidate.cues if cue.strong}
        scores = {kind: p for kind, p in scores.items() if kind in firm}
        support = {kind: p for kind, p in support.items() if kind in firm}
    if "injured" in scores or "injured" in support:
        _prefer_illness(tree, candidate, scores, support)
    untold = "released" in scores and not any(cue.kind == "released" for cue in candidate.cues)
    if "released" in scores and (
        leaves_hospital(tree, candidate.head) or (untold and tells_papers(tree, candidate.head))
    ):
        del scores["released"]
    if tree.lowers[candidate.last - 1].startswith("survivor"):
        scores.pop("killed", None)
        support.pop("killed", None)
    if _is_of_bodies(tree, candidate):
        return {"killed": 0.9}
    if is_apart(text, candidate):
        return {}
    totals = {kind: scores.get(kind, 0.0) + support.get(kind, 0.0) for kind in {*scores, *support}}
    if not totals:
        return {}
    if any(cue.strong and cue.how in ("verb", "beside") for cue in candidate.cues):
        # Who they are tells no event where a verb does: "handed over eight hostages".
        for kind in list(totals):
            own = [cue for cue in candidate.cues if cue.kind == kind]
            if own and len(totals) > 1 and all(cue.how == "noun" and not cue.strong for cue in own):
                del totals[kind]
    if _is_joint(tree, candidate) or (
        candidate.kinds.get("casualties", 0.0) >= KIND_FLOOR and _tells_joint(text, candidate)
    ):
        return {"casualties": 0.8}
    nearness: dict[str, float] = {cue.kind: 1 / (2 + _distance(candidate, cue)) for cue in candidate.cues if cue.strong}
    best = max(totals, key=lambda kind: (totals[kind] + NEARNESS * nearness.get(kind, 0.0), kind))
    if totals[best] < LEAST_TOTAL or (not candidate.cues and totals[best] * candidate.score < LEAST_ALONE):
        return {}
    chosen = {best: totals[best]}
    tokens = {cue.token for cue in candidate.cues if cue.kind == best}
    first_cue = next((cue for cue in candidate.cues if cue.kind == best), None)
    for kind, total in totals.items():
        if kind == best:
            continue
        cues = [cue for cue in candidate.cues if cue.kind == kind and cue.token not in tokens]
        certain = any(cue.strong and (cue.how in ("verb", "beside") or cue.kind == "kidnapped" != best) for cue in cues)
        if certain and {kind, best} == {"killed", "injured"} and scores.get(kind, 0.0) < 0.5:
            continue
        if first_cue and cues and not all(_tell_one(tree, candidate, first_cue, cue) for cue in cues):
            continue
        seen = any(cue.how not in ("noun", "modifier") for cue in cues)
        if (scores.get(kind, 0.0) >= KIND_FLOOR and seen) or (certain and total >= LEAST_TOTAL):
            chosen[kind] = total
    return cast("dict[Kind, float]", {kind: min(1.0, total) for kind, total in chosen.items()})


def _is_participle(tree: Tree, token: int) -> bool:
    """Tell whether a counted word says what happened: "five injured", "the three missing"."""
    return tree.lowers[token] in ("dead", "hurt", "missing") or tree.lowers[token].endswith("ed")


def _distance(candidate: Candidate, cue: Cue) -> int:
    """Count the words between a cue and the phrase."""
    return max(0, cue.token - candidate.last, candidate.first - cue.token - 1)


def _tell_one(tree: Tree, candidate: Candidate, one: Cue, other: Cue) -> bool:
    """Tell whether two cues may both tell of one number: on one side of it, or "frees five men held for a year"."""
    before, behind = sorted((one.token, other.token))
    if behind < candidate.last or before >= candidate.first:
        # "made 2,700 people ill and killed at least 31": the second verb has people of its own.
        return not (before >= candidate.last and tree.lowers[behind - 1] in ("and", "or") and leads_noun(tree, behind))
    governor = tree.heads[tree.first_conjunct(candidate.head)]
    if behind == governor and tree.lowers[candidate.last : candidate.last + 1] in (["who"], ["that"]):
        return True  # "two who were abducted in May were released in June"
    joined = tree.deps[behind] == "conj" and tree.heads[behind] == before and tree.lowers[behind - 1] == "and"
    if joined and before == governor and not leads_noun(tree, behind):
        return True  # "seven were taken hostage and freed"
    if tree.kids(before, "aux:pass") or tree.lowers[before - 1] in ("was", "were", "been", "are", "is"):
        return False
    if candidate.last < len(tree) and tree.lowers[candidate.last] in ("who", "that", "which"):
        return True
    if tree.lowers[behind + 1 : behind + 2] in (["them"], ["him"], ["her"]) and tree.deps[behind] == "conj":
        return True  # "arrested two people and charged them"
    if behind == candidate.last:  # "executes a person convicted of spying"
        return tree.tags[behind] in ("VBN", "VBD", "JJ") and not leads_noun(tree, behind)
    return tree.heads[behind] == candidate.head and tree.lowers[behind - 1] not in ("were", "was", "are", "is")


def _is_of_bodies(tree: Tree, candidate: Candidate) -> bool:
    """Tell whether bodies are counted, whatever is done to them: "returned the bodies of four hostages"."""
    word = tree.lowers[candidate.head]
    if word in _BODIES and (word != "remains" or tree.lowers[candidate.head + 1 : candidate.head + 2] == ["of"]):
        return True  # "A third remains on the run" is no body
    lead = tree.lowers[max(0, candidate.first - 3) : candidate.first]
    return lead[-1:] == ["of"] and not _BODIES.isdisjoint(lead)


def _prefer_illness(tree: Tree, candidate: Candidate, scores: dict[str, float], support: dict[str, float]) -> None:
    """Call those in hospital sick where the text speaks of an illness, and hurt where it does not."""
    hospital = any(
        tree.lowers[cue.token].startswith("hospital")
        or tree.lowers[cue.token] in ("treated", "treat")
        or not {"hospital", "hospitals", "clinic"}.isdisjoint(tree.lowers[cue.token : cue.token + 5])
        for cue in candidate.cues
    )
    if not hospital:
        return
    ill = tells_illness(tree, candidate.head)
    winner, loser = ("sick", "injured") if ill else ("injured", "sick")
    scores[winner] = max(scores.get("injured", 0.0), scores.get("sick", 0.0), 0.5 if ill else 0.0)
    support[winner] = max(support.get("injured", 0.0), support.get("sick", 0.0))
    scores[loser] = support[loser] = 0.0


def _is_joint(tree: Tree, candidate: Candidate) -> bool:
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


def _tells_joint(text: CountText, candidate: Candidate) -> bool:
    """Tell whether dead and hurt are one in its sentence: "[12 soldiers] and 30 rebels were killed or wounded"."""
    words = text.tree.lowers[slice(*text.tree.sentence_range(candidate.head))]
    return any(
        words[index + 1] == "or"
        and {words[index], words[index + 2]} & _DEATHS
        and {words[index], words[index + 2]} & _HURTS
        for index in range(len(words) - 2)
    )


# "The union said 40."
_RIVAL_VERBS = frozenset({"said", "says", "say", "claimed", "claims", "reported", "reports", "counted"})
_RIVAL_ENDS = frozenset(".,;")
# How far behind the count a rival figure may stand, in characters.
_RIVAL_REACH = 200
SUBSET_LEADS = frozenset({"including", "among", "include", "includes", "included"})
DEGREES = frozenset({"critically", "seriously", "fatally", "severely", "slightly", "lightly", "gravely", "badly"})
_OF_WHOLE = re.compile(r"\bof (?:the|those) (\w+)\b")
_AMONG_WHOLE = re.compile(r"among (?:the|those) (\w+)\b|(?:the|those) (\w+) include")
_WHOLES: dict[str, frozenset[Kind]] = {
    "dead": frozenset({"killed"}), "deceased": frozenset({"killed"}), "victims": frozenset({"killed", "injured"})
}  # fmt: skip
_BRINGINGS = frozenset({"bringing", "brings", "brought", "taking", "raising", "pushing", "increasing", "lifting"})
_EVENTS_BEHIND = frozenset({"after", "as", "when", "with"})
_JOINTS = frozenset({"and", ",", "as", "with", "&"})


def _part_lead(tree: Tree, candidate: Candidate) -> str:
    """Give the word that leads to a phrase; for "among them" and "of them" behind it the "among"."""
    lead = tree.lowers[candidate.first - 1] if candidate.first else ""
    if lead == "them" and tree.lowers[max(0, candidate.first - 2) : candidate.first - 1] == ["among"]:
        return "among"
    return lead


def may_be_part(text: CountText, candidate: Candidate) -> bool:
    """Tell whether a number without an event of its own may get that of a whole: "including three children"."""
    tree, mention = text.tree, candidate.mention
    if mention is None or mention.form == "none" or not candidate.first:
        return False
    lead = _part_lead(tree, candidate)
    following = tree.lowers[candidate.last] if candidate.last < len(tree) else ""
    if lead == "," and following in DEGREES and candidate.last - candidate.first == 1:
        return True  # "Four people are hurt, one seriously"
    if lead not in SUBSET_LEADS:
        return False
    if mention.form == "single":
        return tree.lowers[candidate.head] in person_nouns() and not counts_no_people(text, candidate)
    if candidate.last - candidate.first == 1 and following not in DEGREES | {"in", "who", "from", ",", "."}:
        return False
    return counts_people(tree.lowers[candidate.first : candidate.last]) is not False and not counts_no_people(
        text, candidate
    )


def may_be_joined(text: CountText, candidate: Candidate) -> bool:
    """Tell whether a person without an event of its own stands behind an "and" that may join it to a count before."""
    tree, mention = text.tree, candidate.mention
    if mention is None or mention.form == "none" or not candidate.first or any(cue.strong for cue in candidate.cues):
        return False
    if tree.lowers[candidate.first - 1] not in _JOINTS:
        return False
    if mention.form == "single":
        fits = tree.lowers[candidate.head] in person_nouns()
    else:
        fits = (
            candidate.last - candidate.first > 1
            and counts_people(tree.lowers[candidate.first : candidate.last]) is True
        )
    following = tree.tags[candidate.last] if candidate.last < len(tree) else "."
    return fits and following not in ("VBZ", "VBD", "VBP", "MD", "POS") and not counts_no_people(text, candidate)


def may_be_rival(text: CountText, candidate: Candidate) -> bool:
    """Tell whether a bare number is an older or another's figure for the event of a count before it.

    "Nine are missing, down from [31]", "12 people were hurt; the union said [40]", "the rebels put it at [60]".
    """
    tree, mention, first = text.tree, candidate.mention, candidate.first
    if mention is None or mention.form in ("single", "none") or mention.use or candidate.last - first > 1 or first < 3:
        return False
    verb, before, lead = tree.lowers[first - 3 : first]
    following = tree.lowers[candidate.last] if candidate.last < len(tree) else "."
    if lead == "from":
        return before in ("up", "down")
    if following not in _RIVAL_ENDS:
        return False
    return lead in _RIVAL_VERBS or (lead == "at" and before == "it" and verb in ("put", "puts"))


def _is_joined(text: CountText, before: Candidate, candidate: Candidate) -> bool:
    """Tell whether two noun phrases are one list: nothing but "and" or a comma stands between."""
    gap = text.text[before.end : candidate.start] if before.end <= candidate.start <= before.end + 16 else "."
    return gap.strip(" ,") in ("and", "along with", "as well as", "&", "")


def _is_own(cue: Cue, candidate: Candidate) -> bool:
    """Tell whether a part has an event of its own: "including five injured", "including two who died"."""
    return (cue.token >= candidate.last and cue.how == "beside") or candidate.first <= cue.token < candidate.last


def _mark_increments(text: CountText, found: list[Found]) -> None:
    """Mark what is told together with its running total: "after two more died, bringing the toll to 40"."""
    tree = text.tree
    for index, total in enumerate(found):
        toll = next((cue for cue in total.candidate.cues if cue.how == "toll" and cue.kind in total.kinds), None)
        if toll is None or total.candidate.quantity.low is None:
            continue
        sentence = tree.sentences[total.candidate.first]
        for other in found[max(0, index - 4) : index + 5]:
            candidate = other.candidate
            if other is total or toll.kind not in other.kinds or tree.sentences[candidate.first] != sentence:
                continue
            if (candidate.quantity.low or 0) >= total.candidate.quantity.low or tree.lowers[
                candidate.first - 1
            ] == "from":
                continue
            before = candidate.first < total.candidate.first
            low, high = sorted((candidate.last, toll.token)) if before else (total.candidate.last, candidate.first)
            if not (_BRINGINGS if before else _EVENTS_BEHIND).isdisjoint(tree.lowers[low:high]):
                candidate.subset = max(candidate.subset, 0.9)


def _mark_parts(text: CountText, found: list[Found]) -> None:
    """Mark some of those counted before: "six of the dead", "among the victims were two teachers"."""
    largest: dict[Kind, int] = {}
    for item in found:
        candidate, low = item.candidate, item.candidate.quantity.low or 0
        smaller = bool(item.kinds) and all(largest.get(kind, 0) > low for kind in item.kinds)
        if smaller and item.kinds.keys() <= _kinds_of_whole(text, candidate):
            candidate.subset = max(candidate.subset, 0.9)
        for kind in item.kinds:
            largest[kind] = max(largest.get(kind, 0), low)


def _kinds_of_whole(text: CountText, candidate: Candidate) -> frozenset[Kind]:
    """Read of which people those counted are said to be some: "of the dead", "among those arrested"."""
    tree = text.tree
    begin, stop = tree.sentence_range(candidate.head)
    words = " ".join(tree.lowers[candidate.first : min(candidate.last + 4, stop)])
    match = _OF_WHOLE.search(words) or _AMONG_WHOLE.match(" ".join(tree.lowers[begin : candidate.first]))
    if match is None:
        return frozenset()
    word = next(filter(None, match.groups()))
    return cue_words().get(word, frozenset()) | _WHOLES.get(word, frozenset())


def inherit_kinds(text: CountText, found: list[Found]) -> None:
    """Give parts of a count ("including three children and the driver") the kind of the whole, and mark them.

    On the train sets every part after "including" has the kind of the nearest count before it.
    """
    tree = text.tree
    whole: Found | None = None
    part: Found | None = None
    last: Found | None = None
    for item in found:
        candidate = item.candidate
        before, last = last, item if item.kinds else last
        sentence = tree.sentences[candidate.first]
        if whole and tree.sentences[whole.candidate.first] != sentence:
            whole = part = None
        lead = _part_lead(tree, candidate)
        if lead == "among" and before and item.kinds and is_among(text, before.candidate, candidate):
            # "Two deputies among six dead": those before are some of these.
            before.kinds = dict.fromkeys(item.kinds, max(before.kinds.values(), default=0.6))
            before.candidate.subset, candidate.subset = 0.9, 0.0
            whole, part = item, None
            continue
        following = tree.lowers[candidate.last] if candidate.last < len(tree) else ""
        led = lead in SUBSET_LEADS or (lead == "," and following in DEGREES)
        if not led and part and lead in ("and", ",", "or", "as"):
            gap = text.text[part.candidate.end : candidate.start]
            own = any(
                cue.strong and (cue.how in ("verb", "beside", "adjective") or cue.kind not in whole.kinds)
                for cue in candidate.cues
                if whole
            )
            led = len(gap) < 50 and not own and not any(word in gap for word in (" was ", " were ", ";", "."))
        if led and whole:
            own_kinds = {cue.kind for cue in candidate.cues if cue.strong and _is_own(cue, candidate)}
            if not own_kinds:
                item.kinds = dict.fromkeys(whole.kinds, max(max(item.kinds.values(), default=0.5), 0.6))
            item.candidate.subset = max(candidate.subset, 0.9)
            part = item
            last = item
        elif before and may_be_of_those(text, candidate) and opens_with(text, before.candidate):
            # "Of the 14 injured, three are children."
            if not item.kinds or item.kinds.keys() <= before.kinds.keys():
                item.kinds = item.kinds or dict.fromkeys(before.kinds, 0.6)
                candidate.subset = 0.9
            last = item
        elif not item.kinds and before and _is_joined(text, before.candidate, candidate):
            if tree.lowers[candidate.last - 1].startswith("survivor"):
                continue
            item.kinds = dict.fromkeys(before.kinds, 0.6)
            last = item
        elif not item.kinds and before and may_be_rival(text, candidate):
            if candidate.start - before.candidate.end < _RIVAL_REACH:
                item.kinds = dict.fromkeys(before.kinds, 0.6)
                last = item
        elif item.kinds:
            whole, part = item, None
    _mark_increments(text, found)
    _mark_parts(text, found)


__all__ = [
    "DEGREES",
    "KIND_FLOOR",
    "LEAST_ALONE",
    "LEAST_TOTAL",
    "NEARNESS",
    "STRONG_CUE",
    "SUBSET_LEADS",
    "WEAK_CUE",
    "choose_kinds",
    "inherit_kinds",
    "is_told_otherwise",
    "may_be_joined",
    "may_be_part",
    "may_be_rival",
]
