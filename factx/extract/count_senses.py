"""What the surroundings make of an event word that has several senses, and events that no single word tells.

"Captured" by police is an arrest and by rebels an abduction; "jailed for ten years" is a sentence; troops that are
somewhere are deployed; a gathering is a crowd where the sentence speaks of a protest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.count_cues import Cue, singular
from factx.extract.count_lexicon import captors, forces
from factx.titles import is_kin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.syntax import Tree
    from factx.facts import Kind

_CAPTIVES = frozenset({"hostage", "hostages", "captive", "captives", "prisoner", "prisoners", "pows"})
_HOLDINGS = frozenset({"arrested", "kidnapped"})
_VAGUE_HOLDINGS = frozenset({"held", "holding", "hold", "holds", "seized", "seize", "seizes", "seizing", "taken"})
_ABDUCTIONS = ("kidnap", "abduct", "hostage", "captor", "captiv", "ransom")
_ARRESTS = ("arrest", "detain", "detention", "custody", "jail", "prison", "police")
_WIDE_REACH = 150
_CAPTURES = frozenset({"capture", "captures", "captured", "capturing", "apprehended"})
_JAILS = frozenset({"jail", "jails", "jailed", "jailing", "imprison", "imprisons", "imprisoned", "imprisoning"})
_FREEINGS = frozenset({"free", "frees", "freed", "freeing"})
_DANGERS = frozenset(
    """trapped wreckage rubble debris firefighters lift stuck collapsed avalanche mine tunnel cave burning flooded
    floodwaters""".split()
)
FORCE_NOUNS = frozenset(
    """force forces contingent army unit troop troops mission garrison battalion brigade team squad deployment
    peacekeeping detachment corps""".split()
)
_LOSSES = frozenset({"lose", "loses", "lost", "losing"})
_SHOTS = frozenset({"shoot", "shoots", "shot", "shooting", "stab", "stabs", "stabbed", "stabbing", "beaten"})
_DEATHS = frozenset({"dead", "death", "killed", "killing", "kill", "kills", "died", "dies", "dying", "fatally"})
_GATHERINGS = frozenset(
    """gather gathers gathered gathering assemble assembled assembling turn turns turned join joins joined joining
    attend attends attended attending throng thronged fill filled pack packed flood flooded pour poured occupy
    occupied block blocked blocking converge converged converging participate participated participating take takes
    took taken taking walk walked""".split()
)
# Where troops are said to be, they were sent (counts-guidelines, settled cases).
_PRESENCE = frozenset(
    """arrive arrives arrived arriving serve serves served serving station stationed base based remain remains remained
    remaining stay stays stayed locate located gather gathered gathering mass massed massing patrol patrols
    patrolled patrolling guard guards guarded guarding position positioned operate operates operated operating enter
    enters entered entering land landed landing fight fighting participate participates participated participating
    take takes took taking involve involves involved involving surround surrounded surrounding reinforce reinforced
    help helping assist assisting search searching battle battling watch watched monitor monitoring cross crossed
    withdrawn pulled garrisoned headed heading tackle tackling work working comb combing join joins joined
    joining""".split()
)
_KEEPING = frozenset(
    """have has had having keep keeps kept keeping maintain maintains maintained station stations stationed withdraw
    withdraws withdrew withdrawn withdrawing pull pulls pulled pulling contribute contributes contributed send sends
    sent sending add adds added position positioned commit commits committed provide provides provided involve
    involves involving mobilise mobilised mobilize mobilized move moved rotate rotated lead leads led""".split()
)
_PROTESTS = (
    "protest",
    "demonstrat",
    "rally",
    "rallies",
    "rallied",
    "march",
    "chant",
    "denounc",
    "slogan",
    "picket",
    "demand",
)
_PLACE_LEADS = frozenset({"in", "on", "across", "throughout", "inside", "near", "along", "at", "around", "currently"})
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "remain", "remains", "remained"})
# Where the hurt lie: "in hospital", "in critical condition", "in intensive care", "in a coma".
_SICKBEDS = frozenset({"hospital", "hospitals", "condition", "care", "coma"})
_PATIENTS = frozenset(
    "hospital hospitals hospitalised hospitalized patient patients treated discharged ward clinic".split()
)
_LOOKING_ON = frozenset(
    "party market bazaar festival wedding concert match game watched watching worshippers fans shoppers fired".split()
)
_PAPERS = frozenset("name names identity identities detail details report video footage image images statement".split())
_ORDERS = frozenset("warrant warrants trade trades order orders search plan plans".split())
_LIMBS = frozenset("leg legs arm arms foot feet hand hands shoulder shoulders knee thigh ankle hip".split())
_TERMS = frozenset({"life", "year", "years", "month", "months", "decades", "weeks", "days"})
_TERM_REACH = 16
_REACH = 25


def settle_senses(tree: Tree, cues: Sequence[Cue], head: int, first: int, last: int) -> list[Cue]:
    """Give cues the sense that their surroundings tell, and add events told by several words together.

    Args:
        tree: The article.
        cues: What the lexicon gives for a counted phrase.
        head: Index of the counted noun.
        first: First token of the phrase.
        last: Token after it.
    """
    settled = [cue for cue in (_settle(tree, cue, head, first) for cue in cues) if cue is not None]
    if not any(cue.strong for cue in settled):
        settled += _hospital_cues(tree, head, last) or _presence_cues(tree, head, first, last)
        settled += _loss_cues(tree, head, first)
    return settled


def _settle(tree: Tree, cue: Cue, head: int, first: int) -> Cue | None:
    word = tree.lowers[cue.token]
    if word == "missing" and cue.how != "noun" and _is_missing_something(tree, cue.token):
        return None
    if cue.kind == "deployed" and word.startswith(("dispatch", "send", "sent")) and tree.lowers[head] in forces():
        return Cue("deployed", cue.token, True, cue.how)
    if word == "crowd" and not _LOOKING_ON.isdisjoint(tree.lowers[slice(*tree.sentence_range(cue.token))]):
        return cue if tells_protest(tree, cue.token, head) else None  # "fired into a crowd at a party"
    if cue.kind == "crowd" and word == "held" and tree.tags[cue.token + 1 : cue.token + 2] == ["IN"]:
        return None
    if cue.kind == "released" and any(tree.lowers[kid] in _PAPERS for kid in tree.kids(cue.token, "nsubj", "obj")):
        return None  # "whose name has not been released"
    if word.startswith("execut") and not _ORDERS.isdisjoint(tree.lowers[cue.token + 1 : cue.token + 6]):
        return None  # "saw 110 officers execute 14 warrants"
    if word.startswith("succumb"):
        return Cue("killed", cue.token, True, cue.how, sure=True)
    if cue.kind == "released" and leaves_hospital(tree, cue.token):
        return None
    if cue.kind in _HOLDINGS and cue.how in ("verb", "beside", "noun"):
        side = _captor_side(tree, cue.token)
        if side is not None and word not in ("arrested", "arrest", "arrests", "arresting", "kidnapped", "abducted"):
            kind: Kind = "kidnapped" if side == "outlaw" else "arrested"
            return Cue(kind, cue.token, True, cue.how, sure=True) if _is_holding(word) else cue
        if side is None and word in _VAGUE_HOLDINGS:
            kind_told = _told_holding(tree, cue.token)
            if kind_told is not None:
                return Cue(kind_told, cue.token, word not in ("taken", "took") or kind_told == "kidnapped", cue.how)
            if word == "held" and cue.kind == "arrested" and cue.how == "beside" and _is_headline(tree, cue.token):
                return Cue("arrested", cue.token, True, cue.how, sure=True)  # "200 held in Minsk protest"
        if word in _CAPTURES and side is None:
            return Cue("arrested", cue.token, True, cue.how, sure=True) if cue.kind == "arrested" else None
    if word in _JAILS and cue.kind in ("arrested", "convicted"):
        served = tree.lowers[cue.token + 1 : cue.token + 2]
        sentenced = (
            served in (["for"], ["over"], ["to"])
            or tree.lowers[cue.token + 1 : cue.token + 3] == ["in", "the"]
            or _tells_term(tree, cue.token)
        )
        if sentenced:
            return Cue("convicted", cue.token, True, cue.how, sure=True) if cue.kind == "convicted" else None
    if word in _FREEINGS and cue.kind in ("released", "rescued"):
        begin, stop = tree.sentence_range(cue.token)
        danger = not _DANGERS.isdisjoint(tree.lowers[begin:stop])
        if danger:
            return Cue("rescued", cue.token, True, cue.how, sure=True) if cue.kind == "rescued" else None
    if cue.kind == "injured" and cue.strong and word in ("leave", "leaves", "left", "leaving"):
        return Cue("injured", cue.token, True, cue.how, sure=True)  # only with an injury beside it: "left with burns"
    if (
        word == "accused"
        and tree.lowers[cue.token + 1 : cue.token + 2] == ["of"]
        and tree.heads[tree.first_conjunct(head)] == cue.token
        and tree.is_passive(cue.token)
    ):
        return Cue(cue.kind, cue.token, True, cue.how)  # "two officers are accused of killing civilians"
    if word in _SHOTS and cue.kind == "killed" and "fatally" in tree.lowers[max(0, cue.token - 2) : cue.token]:
        return Cue("killed", cue.token, True, cue.how, sure=True)
    if word in ("shot", "stabbed") and cue.kind in ("injured", "killed") and not cue.strong:
        begin, stop = tree.sentence_range(cue.token)
        near = tree.lowers[max(begin, cue.token - 4) : min(stop, cue.token + 5)]
        if cue.kind == "injured" and _DEATHS.isdisjoint(near) and tree.is_passive(cue.token):
            return Cue("injured", cue.token, True, cue.how, sure=True)
    if word in _SHOTS and cue.kind in ("killed", "injured") and _hits_limb(tree, cue.token):
        return Cue("injured", cue.token, True, cue.how, sure=True) if cue.kind == "injured" else None
    if word in ("return", "returned", "returns", "returning", "hand", "hands", "handed", "handing"):
        captive = tree.lowers[head] in _CAPTIVES or not _CAPTIVES.isdisjoint(tree.lowers[first:head])
        return Cue("released", cue.token, captive, cue.how) if cue.kind == "released" else cue
    if cue.kind == "crowd" and not cue.strong and word in _GATHERINGS and tells_protest(tree, cue.token, head):
        return Cue("crowd", cue.token, True, cue.how, sure=True)
    return cue


def _tells_term(tree: Tree, verb: int) -> bool:
    """Tell whether a term follows the jailed: "jailed four activists for up to six years"."""
    words = tree.lowers[verb + 1 : min(tree.sentence_range(verb)[1], verb + _TERM_REACH)]
    return any(
        word == "for" and not _TERMS.isdisjoint(words[index + 1 : index + 6]) for index, word in enumerate(words)
    )


def _is_headline(tree: Tree, verb: int) -> bool:
    """Tell whether a participle is a headline's: no auxiliary before it, and a preposition behind."""
    return tree.tags[verb + 1 : verb + 2] == ["IN"] and not tree.kids(verb, "aux") and not tree.kids(verb, "obj")


def _hits_limb(tree: Tree, verb: int) -> bool:
    """Tell whether somebody is shot where it seldom kills: "shot a man in the leg"."""
    words = tree.lowers[verb + 1 : min(tree.sentence_range(verb)[1], verb + 9)]
    return _DEATHS.isdisjoint(words) and any(
        word == "in" and not _LIMBS.isdisjoint(words[index + 1 : index + 4]) for index, word in enumerate(words)
    )


def tells_papers(tree: Tree, index: int) -> bool:
    """Tell whether the sentence of a word speaks of names and reports, which are released as well."""
    return not _PAPERS.isdisjoint(tree.lowers[slice(*tree.sentence_range(index))])


def leaves_hospital(tree: Tree, verb: int) -> bool:
    """Tell whether somebody is released by doctors: "three were treated and released"."""
    begin, stop = tree.sentence_range(verb)
    words = set(tree.lowers[begin:stop])
    return bool(words & _PATIENTS) and not any(word.startswith((*_ABDUCTIONS, *_ARRESTS)) for word in words)


def _told_holding(tree: Tree, verb: int) -> Kind | None:
    """Tell from the words around whether people who are held were abducted or arrested; None if both or neither."""
    words = tree.lowers[max(0, verb - _WIDE_REACH) : verb + _WIDE_REACH // 2]
    abducted = any(word.startswith(_ABDUCTIONS) for word in words)
    arrested = any(word.startswith(_ARRESTS) for word in words)
    if abducted == arrested:
        return None
    return "kidnapped" if abducted else "arrested"


def _is_holding(word: str) -> bool:
    return word.startswith(("captur", "seiz", "held", "hold", "detain", "detent", "took", "take", "taking", "snatch"))


def _is_missing_something(tree: Tree, index: int) -> bool:
    """Tell whether "missing" has an object: "ministers are missing the point"."""
    following = tree.tags[index + 1] if index + 1 < len(tree) else "."
    if following in ("DT", "PRP$"):
        return True
    return bool(tree.kids(index, "obj")) and following.startswith(("NN", "JJ"))


def _captor_side(tree: Tree, verb: int) -> str | None:
    """Tell who holds people: "outlaw", "authority", or None where nobody is named."""
    sides = captors()
    agents = [
        child for child in tree.kids(verb, "obl") if any(tree.lowers[k] == "by" for k in tree.kids(child, "case"))
    ]
    if not tree.is_passive(verb):
        agents += tree.kids(verb, "nsubj")
        if tree.deps[verb] in ("conj", "xcomp", "advcl") and not agents and not tree.is_passive(tree.heads[verb]):
            agents += tree.kids(tree.heads[verb], "nsubj")
    for agent in agents:
        first, stop = tree.noun_phrase(agent)
        for index in (agent, *range(stop - 1, first - 1, -1)):
            if tree.lowers[index] in sides:
                return sides[tree.lowers[index]]
    return None


def tells_protest(tree: Tree, verb: int, head: int) -> bool:
    """Tell whether a gathering is a protest: its sentence, or the words behind the verb, speak of one."""
    begin, stop = tree.sentence_range(verb)
    words = tree.lowers[max(begin, head - _REACH // 2) : min(stop, verb + _REACH)]
    return any(word.startswith(_PROTESTS) for word in words)


def _hospital_cues(tree: Tree, head: int, last: int) -> list[Cue]:
    """Read "were taken to hospital", "are in critical condition", "is being treated for burns"."""
    stop = min(tree.sentence_range(head)[1], last + 10)
    words = tree.lowers[last:stop]
    for offset, word in enumerate(words):
        if word in (".", ";", ",", "who", "and", "that"):
            break
        if word in _SICKBEDS and offset >= 2:
            lead = words[:offset]
            if word in ("care", "coma"):
                lying = lead[-1] == ("intensive" if word == "care" else "a") and bool(_BE.intersection(lead[:2]))
                return [Cue("injured", last + offset, True, "beside")] if lying else []
            taken = not {"taken", "rushed", "airlifted", "treated", "brought", "transported", "flown"}.isdisjoint(lead)
            lies = bool(_BE.intersection(lead[:2])) and ("in" in lead or "at" in lead)
            grave = word != "condition" or lead[-1] in ("critical", "serious", "stable", "grave")
            if grave and (taken or lies) and (taken or word == "condition" or lead[-1] in ("in", "the", "a")):
                return [Cue("injured", last + offset, True, "beside")]
    return []


def _presence_cues(tree: Tree, head: int, first: int, last: int) -> list[Cue]:
    """Read where troops are, come from or go to: "has 2,300 troops in Kandahar", "150 soldiers have arrived"."""
    force = forces().get(tree.lowers[head]) or (forces().get(tree.lowers[last - 1]) if last > first else None)
    if force is None:
        return []
    top = tree.first_conjunct(head)
    verb, relation = tree.heads[top], tree.deps[top]
    word = tree.lowers[verb]
    following = tree.lowers[last] if last < len(tree) else ""
    after = tree.lowers[last + 1] if last + 1 < len(tree) else ""
    if relation.startswith("nsubj") and verb != top:
        located = any(tree.lowers[kid] in _BE for kid in tree.kids(verb, "cop")) and tree.kids(verb, "case")
        if (word in _PRESENCE and (force != "helper" or word not in ("help", "working", "work"))) or (
            located and force != "helper"
        ):
            return [Cue("deployed", verb, True, "verb")]
    if (
        relation == "obj"
        and word in _KEEPING
        and (force == "force" or _is_placed(tree, verb, last) or _is_of_body(tree, verb))
    ):
        return [Cue("deployed", verb, True, "verb")]
    if following in _PRESENCE and force != "helper":
        return [Cue("deployed", last, True, "beside")]
    if following in _BE and after in _PRESENCE | {"in", "on"} and force != "helper":
        return [Cue("deployed", last + 1 if after in _PRESENCE else head, True, "beside")]
    if force == "force" and following in _PLACE_LEADS and not relation.startswith("nsubj:pass"):
        return [Cue("deployed", head, True, "beside")]
    return []


def _is_of_body(tree: Tree, verb: int) -> bool:
    """Tell whether a force is what has the soldiers: "the mission, which has 12,000 soldiers"."""
    owners = [*tree.kids(verb, "nsubj"), *([tree.heads[verb]] if tree.deps[verb].startswith("acl") else [])]
    return any(tree.lowers[owner] in FORCE_NOUNS for owner in owners)


def _loss_cues(tree: Tree, head: int, first: int) -> list[Cue]:
    """Read "lost 40 soldiers", "lost two brothers"; "lost 200 workers" may be to another firm."""
    noun = tree.first_conjunct(head)
    verb = tree.heads[noun]
    if tree.deps[noun] != "obj" or tree.lowers[verb] not in _LOSSES or tree.tags[head + 1 : head + 2] == ["POS"]:
        return []  # "lost his brother's watch"
    fighters = forces().get(tree.lowers[head], "helper") != "helper"
    kin = is_kin(singular(tree.lowers[head])) and tree.lowers[first] not in ("a", "an")
    return [Cue("killed", verb, True, "verb")] if fighters or kin else []


def _is_placed(tree: Tree, verb: int, last: int) -> bool:
    """Tell whether a place follows: "has 300 soldiers in Mali", "pulled 40 officers out of the town"."""
    stop = min(tree.sentence_range(verb)[1], last + 4)
    return not (_PLACE_LEADS | {"from", "out", "to"}).isdisjoint(tree.lowers[last:stop])


__all__ = ["FORCE_NOUNS", "leaves_hospital", "settle_senses", "tells_papers", "tells_protest"]
