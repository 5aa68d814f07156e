"""How a count is told: as a fact, as feared or planned, as denied, or as an older figure that the text replaces.

The model's choice stands where it sees more than a plain statement; rules read the modal and governing verbs of the
event, which tell the rest (counts-guidelines, status).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from factx.extract.count_candidates import Candidate
    from factx.extract.count_cues import Cue
    from factx.extract.syntax import Tree
    from factx.facts import Kind, Status

_AT_FIRST = frozenset({"initially", "originally"})
_MODALS = frozenset({"may", "might", "could", "will", "would", "shall", "should", "must", "'ll", "’ll"})
_FEARS = frozenset(
    """feared fear fears fearing presumed believed believe believes thought suspected expected likely unlikely possibly
    perhaps potentially maybe risk danger risked""".split()
)
_INTENTS = frozenset(
    """plan plans planned planning intend intends intended threaten threatens threatened threatening vow vows vowed
    hope hopes hoped expected expects expect ordered order orders agreed agrees agree want wants wanted attempt
    attempts attempted attempting tried trying try tries due set ready prepare prepares prepared preparing seek
    seeks sought seeking urged urge urges asked ask asks refuse refused refuses plot plots plotted plotting
    conspiracy conspiring conspired bid threat threats call calls called calling demand demands demanded demanding
    propose proposes proposed proposal pledge pledged pledges promise promised promises offer offered offers
    consider considers considering warrant warrants request requested scheduled poised foil foiled thwart thwarted
    thwarting prevent prevented avert averted supposed need needs needed willing""".split()
)
_DENIALS = frozenset(
    """deny denies denied denying reject rejects rejected rejecting dismiss dismisses dismissed dismissing refute
    refutes refuted refuting false untrue wrong baseless rumour rumours rumor rumors disproved debunked""".split()
)
_NEGATIONS = frozenset({"not", "n't", "n’t", "never"})
# "Reports that", "claims of": what is denied or feared stands behind them.
_STATEMENTS = frozenset(
    """report reports reported claim claims allegation allegations suggestion suggestions rumour rumours rumor rumors
    accusation accusations statement statements fear fears""".split()
)
# What joins a fact to whatever is said of it.
_FACTUAL = frozenset({"after", "since", "because", "when", "where", "why", "how"})
_CHAIN = frozenset({"xcomp", "ccomp", "acl", "csubj", "advcl"})
_CLIMB = 4


def find_status(tree: Tree, candidate: Candidate, kind: Kind, cue: Cue | None) -> Status:
    """Tell the status of a count.

    Args:
        tree: The article.
        candidate: The count, with what the model says of its status.
        kind: Its kind.
        cue: The word that tells the event, if the rules found one.
    """
    chances = candidate.status
    if _is_older(tree, candidate, cue):
        return "superseded"
    best = max(chances, key=chances.__getitem__) if chances else "asserted"
    if best != "asserted":
        return cast("Status", best)
    if candidate.quantity.qualifier == "none" or cue is None:
        return "asserted"
    del kind
    return _told_by_governors(tree, candidate, cue.token)


def _is_older(tree: Tree, candidate: Candidate, cue: Cue | None) -> bool:
    """Tell whether a figure is one that the text replaces: "rose from 30 to 40", "up from 260 the week before"."""
    first = candidate.first
    lead = tree.lowers[first - 1] if first else ""
    before = tree.lowers[first - 2] if first > 1 else ""
    if lead == "of" and first > 2 and tree.lowers[first - 3] in ("initial", "earlier", "previous", "preliminary"):
        # "an initial toll of 11 was revised down"
        return not {"revised", "lowered", "raised", "corrected"}.isdisjoint(
            tree.lowers[candidate.last : candidate.last + 4]
        )
    if cue is not None and cue.how == "toll" and not _AT_FIRST.isdisjoint(tree.lowers[max(0, first - 8) : first]):
        return True  # "had initially put the death toll at three"
    if lead == "from" or (lead in ("earlier", "initial", "previous") and before in ("from", "an", "the")):
        if cue is not None and cue.how == "toll":
            return True
        near = tree.lowers[max(0, first - 12) : first]
        period = {"in", "last", "the", "a", "during", "previous", "year"}
        if before in ("up", "down", "fell") and not period.isdisjoint(tree.lowers[candidate.last : candidate.last + 2]):
            return False  # "102 murders, down from 131 in 2021" tells of two years
        if before in ("up", "down", "revised", "rose", "risen", "rising", "climbed", "jumped", "fell", "increased"):
            return True
        risen = {"rose", "rise", "rises", "risen", "climbs", "climbed", "jumps", "jumped", "revised"}
        return tree.lowers[candidate.last : candidate.last + 1] == ["to"] and not risen.isdisjoint(near)
    return False


def _told_by_governors(tree: Tree, candidate: Candidate, cue: int) -> Status:
    """Read the auxiliaries of the event word and the verbs and nouns that it hangs on."""
    denied = False
    at = cue
    low, high = min(candidate.last, cue), max(candidate.first, cue)
    if high - low <= 5 and not (_FEARS - {"suspected"}).isdisjoint(tree.lowers[low:high]):
        return "possible"
    for step in range(_CLIMB):
        children = tree.children[at]
        words = {tree.lowers[child] for child in children if tree.deps[child] in ("aux", "mark", "advmod", "aux:pass")}
        if words & (_MODALS | {"if", "unless"}) or words & {"possibly", "perhaps", "potentially", "likely"}:
            return "possible"
        if step == 0 and words & _NEGATIONS and not tree.lowers[at].startswith("plead"):
            denied = True
        relation, head = tree.deps[at].split(":")[0], tree.heads[at]
        if head == at or words & _FACTUAL:
            break  # "urged them to act after 30 died": the plea is about the acting
        governor = tree.lowers[head]
        if relation in _CHAIN or (step == 0 and relation in ("obl", "obj", "nmod", "compound", "nsubj", "conj")):
            linked = relation in _CHAIN or relation in ("obl", "obj", "nmod")
            if relation == "conj":
                at = head
                continue
            if linked and governor in _DENIALS and relation != "advcl":
                return "denied"
            marked = relation != "advcl" or "to" in {tree.lowers[child] for child in tree.kids(at, "mark")}
            if linked and governor in _FEARS and relation != "advcl":
                return "possible"
            if linked and governor in _INTENTS and marked and _is_aim(tree, at, relation):
                return "possible"
            at = head
            if governor in _STATEMENTS:
                before = tree.lowers[head - 1] if head else ""
                top = tree.lowers[tree.heads[head]] if tree.tags[head].startswith("NN") else before
                if top in _DENIALS or before in _DENIALS:
                    return "denied"
            continue
        break
    # "threatened to kill five", "wants to send 600": the tree may be wrong, the words beside the verb are not.
    lead = tree.lowers[max(0, cue - 3) : cue]
    if "to" in lead[-2:] and not _INTENTS.isdisjoint(lead):
        return "possible"
    return "denied" if denied else "asserted"


def _is_aim(tree: Tree, word: int, relation: str) -> bool:
    """Tell whether an event is what somebody plans or calls for: "a plot to kidnap", "calls for the arrest of"."""
    marks = {tree.lowers[child] for child in tree.kids(word, "mark", "case")}
    if relation in ("xcomp", "acl", "advcl", "ccomp"):
        if tree.lowers[tree.heads[word]].startswith("order"):
            return True
        return "to" in marks or "that" in marks or tree.tags[word] in ("VB", "VBG")
    return bool(marks & {"for", "of"}) or relation == "obj"


__all__ = ["find_status"]
