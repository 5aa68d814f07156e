"""Which event a number of people underwent, read from the tree and the words beside it with the cue lexicon.

`lexicon/count_cues.csv` tells for each verb, noun and adjective the kind, whose part in the event is counted (object or
passive subject, subject, the noun itself, or what follows "of"), and whether the word is enough ("strong") or only
supports what the model proposes. Trees of news are often wrong at lists and headlines, so the words next to the number
have a say of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.count_cues import (
    PUTS,
    STOPS,
    Cue,
    adjective_cues,
    cue_words,
    noun_cues,
    singular,
    tells_illness,
    verb_cues,
)
from factx.extract.count_senses import FORCE_NOUNS, settle_senses
from factx.extract.words import DAYS

if TYPE_CHECKING:
    from factx.extract.syntax import Tree
    from factx.facts import Kind

_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer")
# Verbs that carry an event told by another word: "were found dead", "is feared missing", "are believed to have died".
_CARRIERS = frozenset(
    """be am is are was were been being find found leave leaves left leaving report reports reported reporting believe
    believed fear feared presume presumed declare declared pronounce pronounced confirm confirmed remain remains
    remained
    remaining go went gone going say said think thought feel get gets got getting become became have has had having
    think
    list listed know known see seen appear seem feared force forced forcing order ordered ordering tell told urge urged
    cause causes caused causing start started begin began begun begins continue continued manage managed allege alleged
    allegedly expect expected""".split()
)
_LINKING = frozenset(
    """were was have has had been are is being also reportedly seriously critically still be feared reported confirmed
    believed left found lightly slightly severely remain remains allegedly later badly fatally internally then
    again not""".split()
)
_PERFECTS = frozenset({"have", "has", "had", "'ve"})
_BE = frozenset({"be", "been", "being", "is", "are", "was", "were", "get", "got", "gets", "'s", "'re"})
_NOUN_OPENERS = frozenset({"CD", "DT", "NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "PRP$", "RBR", "PDT"})
_SPANS = frozenset({"minutes", "hours", "days", "weeks", "months", "years"})
# Verbs of a number that goes up, and what it counts: "cholera cases pass 300".
_REACHING = frozenset(
    "pass passes passed top tops topped exceed exceeds exceeded reach reaches reached hit hits".split()
)
_NEGATIONS = frozenset({"no", "not", "n't", "n’t", "without", "never", "neither", "nor", "nobody", "cannot"})
_TOLL_LEADS = frozenset("to of at from is was stands reaching reached hits hit reaches past stood rises by".split())
_EXCEEDING = frozenset({"exceed", "exceeds", "exceeded"})
_TOLLS = frozenset({"toll", "tolls"})
_TALLIES = frozenset({"count", "tally"})
_TURNOUTS = frozenset({"turnout", "turnouts", "attendance"})
_FIGURES = frozenset({"figure", "tally"})
_FIGURE_REACH = 25
_DEATH_WORDS = frozenset({"dead", "toll", "deaths", "died", "killed", "fatalities"})
_NUMBER_NOUNS = frozenset({"number", "total", "tally", "count", "figure"})
_TOLL_KINDS: dict[str, Kind] = {
    "injury": "injured",
    "casualty": "casualties",
    "injured": "injured",
    "missing": "missing",
}


def _is_passive_form(tree: Tree, verb: int) -> bool:
    """Tell whether a verb is passive or a bare participle; "have died" is neither."""
    auxiliaries = {tree.lowers[child] for child in tree.kids(verb, "aux")}
    if auxiliaries & _PERFECTS and not auxiliaries & _BE:
        return False
    return tree.is_passive(verb) or tree.tags[verb] == "VBN"


def _has_object(tree: Tree, verb: int) -> bool:
    return bool(tree.kids(verb, "obj"))


def _is_participle(tree: Tree, index: int) -> bool:
    return tree.tags[index] not in ("VBG", "VBZ", "VBP", "VB")


def _predicate_cues(tree: Tree, word: int, *, as_object: bool, depth: int = 0) -> list[Cue]:
    """Cues of the word that a counted noun depends on, and of the words it carries or is joined to."""
    role = "object" if as_object else "subject"
    cues = verb_cues(tree, word, role)
    if not as_object or tree.lowers[word] in _CARRIERS:
        cues += adjective_cues(tree, word)
    if depth > 3:
        return cues
    if tree.lowers[word] in _CARRIERS or not cues:
        for child in tree.children[word]:
            dep = tree.deps[child].split(":")[0]
            if dep in ("xcomp", "ccomp", "advcl", "acl", "amod") and (dep == "xcomp" or not cues):
                if tree.kids(child, "nsubj"):
                    continue
                if dep == "advcl" and tree.lowers[word] not in _CARRIERS:
                    continue
                passive = _is_passive_form(tree, child)
                cues += _predicate_cues(tree, child, as_object=passive, depth=depth + 1)
                cues += adjective_cues(tree, child) if not passive or tree.lowers[word] in _CARRIERS else []
    for child in tree.children[word]:
        if tree.deps[child] != "conj" or tree.kids(child, "nsubj"):
            continue
        if as_object and not tree.kids(child, "obj") and _shares_noun(tree, child):
            cues += verb_cues(tree, child, "object")
        elif as_object and not tree.is_passive(word) and tree.tags[child].startswith("VB"):
            # "arrested two people and charged them": the second verb has the people as a pronoun.
            if any(tree.lowers[kid] in ("them", "him", "her") for kid in tree.kids(child, "obj")):
                cues += verb_cues(tree, child, "object")
        elif not as_object:
            if not _shares_noun(tree, child) and tree.tags[child - 1 : child] not in (
                ["CC"],
                ["TO"],
                ["MD"],
                ["VBP"],
                ["VBZ"],
            ):
                continue
            passive = tree.is_passive(child)
            cues += verb_cues(tree, child, "object" if passive else "subject")
            cues += adjective_cues(tree, child)
    return cues


def _shares_noun(tree: Tree, verb: int) -> bool:
    """Tell whether a joined verb has no noun of its own: not "12 were killed and others wounded"."""
    at = verb - 1
    while at > 0 and (tree.lowers[at] in _LINKING or tree.tags[at] == "RB"):
        at -= 1
    if at < 0 or tree.lowers[at] not in ("and", "or", ",", "but", "then"):
        return False
    return not leads_noun(tree, verb)


def _is_passive_use(tree: Tree, verb: int) -> bool:
    """Tell whether a subject undergoes its verb: a passive, or a headline's participle ("12 killed in crash")."""
    if tree.kids(verb, "aux") and not _is_passive_form(tree, verb):
        return False  # "have died", "may have died", whatever the tree calls the subject
    if tree.is_passive(verb):
        return True
    if tree.kids(verb, "aux") or _has_object(tree, verb) or leads_noun(tree, verb):
        return False
    return tree.tags[verb] in ("VBN", "")


def leads_noun(tree: Tree, verb: int) -> bool:
    """Tell whether a noun phrase follows a word, so that a verb there has an object: "killed four policemen"."""
    behind = verb + 1 + (tree.lowers[verb + 1 : verb + 2] == ["dead"])  # "shot dead outside a pub"
    following = tree.tags[behind] if behind < len(tree) else "."
    if following == "IN":
        return tree.lowers[verb + 1 : verb + 3] in (["at", "least"], ["up", "to"], ["as", "many"])
    if (
        tree.lowers[behind : behind + 1]
        and tree.lowers[behind] in _SPANS
        and tree.lowers[behind + 1 : behind + 2] == ["later"]
    ):
        return False  # "freed hours later"
    return following in _NOUN_OPENERS


def _governor_cues(tree: Tree, head: int) -> list[Cue]:
    """Cues above a counted noun."""
    relation, word = tree.deps[head], tree.heads[head]
    if word == head:
        return []
    cues: list[Cue] = []
    if relation in _SUBJECTS:
        passive = _is_passive_use(tree, word)
        cues += _predicate_cues(tree, word, as_object=passive)
        # "Twenty miners held for nine days are freed": the tree may take the participle for the predicate.
        main = tree.heads[word]
        if (
            tree.tags[word] in ("VBN", "VBD")
            and word < main
            and not tree.kids(word, "aux")
            and tree.kids(main, "aux:pass")
        ):
            cues += verb_cues(tree, main, "object")
        if passive:
            cues += adjective_cues(tree, word)
        if any(cue.kind == "killed" for cue in adjective_cues(tree, word)):
            cues += adjective_cues(tree, word)
    elif relation == "obj" and tree.lowers[word] in _REACHING:
        for subject in tree.kids(word, "nsubj"):
            if tree.lowers[subject] in ("cases", "infections") and tells_illness(tree, subject, 8):
                cues.append(Cue("sick", subject, True, "toll", sure=True))
            elif tree.lowers[subject] in ("deaths", "fatalities"):
                cues.append(Cue("killed", subject, True, "toll"))
    elif relation == "obj":
        cues += _predicate_cues(tree, word, as_object=True)
        # "shot and killed a man": the object hangs on the last or the first of the verbs.
        if tree.deps[word] == "conj" and not _has_other_object(tree, tree.heads[word], head):
            cues += verb_cues(tree, tree.heads[word], "object")
    elif relation.startswith(("nmod", "obl")):
        cases = {tree.lowers[child] for child in tree.kids(head, "case")}
        if "of" in cases:
            cues += noun_cues(tree, word, "of")
        if cases & {"with", "among", "including"} and relation.startswith("obl"):
            cues += [Cue(c.kind, c.token, False, c.how) for c in verb_cues(tree, word, "object")]
    elif relation in ("appos", "xcomp", "advcl", "parataxis", "dep"):
        cues += [Cue(c.kind, c.token, False, c.how) for c in verb_cues(tree, word, "object")]
    return cues


def _relative_cues(tree: Tree, last: int) -> list[Cue]:
    """Cues of a relative clause right behind the phrase, whatever the tree says: "who were kidnapped", "who died"."""
    at = last + (tree.lowers[last : last + 1] == [","])
    if (
        at >= len(tree)
        or tree.lowers[at] not in ("who", "that", "which")
        or tree.sentences[at] != tree.sentences[last - 1]
    ):
        return []
    passive = False
    for index in range(at + 1, min(at + 7, len(tree))):
        word, tag = tree.lowers[index], tree.tags[index]
        if word in _BE:
            passive = True
        elif word in _PERFECTS or tag in ("MD", "RB") or word == "to":
            continue
        elif tag.startswith(("VB", "JJ", "NN")):
            if passive and tag not in ("VBG", "VBP", "VBZ"):
                return verb_cues(tree, index, "object") + adjective_cues(tree, index)
            return verb_cues(tree, index, "subject") if tag.startswith("VB") else []
        else:
            return []
    return []


def _has_other_object(tree: Tree, verb: int, noun: int) -> bool:
    return any(child != noun for child in tree.kids(verb, "obj"))


def _modifier_cues(tree: Tree, head: int) -> list[Cue]:
    """Cues below a counted noun: "two people killed in", "people who died", "three missing people"."""
    cues: list[Cue] = []
    for child in tree.children[head]:
        relation = tree.deps[child]
        if relation == "acl":
            if tree.tags[child] == "VBG":
                cues += verb_cues(tree, child, "subject")
            else:
                cues += _predicate_cues(tree, child, as_object=True)
                cues += adjective_cues(tree, child)
        elif relation == "acl:relcl" and not _tells_of_some(tree, head, child):
            subjects = tree.kids(child, "nsubj")
            relative = [s for s in subjects if tree.lowers[s] in ("who", "that", "which", "whom")]
            if subjects and not relative:
                cues += verb_cues(tree, child, "object")
            else:
                passive = _is_passive_form(tree, child)
                cues += _predicate_cues(tree, child, as_object=passive)
        elif relation == "amod" and child < head:
            found = adjective_cues(tree, child)
            if tree.tags[child] in ("VBN", "JJ", ""):
                found += verb_cues(tree, child, "object")
            cues += [Cue(cue.kind, cue.token, False, "modifier") for cue in found]
        elif relation == "amod":
            cues += adjective_cues(tree, child)
    return cues


def _tells_of_some(tree: Tree, head: int, verb: int) -> bool:
    """Tell whether a relative clause is about a part of those counted: "40 survivors, 17 of whom were taken away"."""
    return any(
        tree.lowers[index : index + 2] == ["of", "whom"] and tree.lowers[index - 1] not in ("all", "both", "each")
        for index in range(head + 1, verb)
    )


def _beside_cues(tree: Tree, first: int, last: int) -> list[Cue]:
    """Cues right before or behind the phrase, whatever the tree says."""
    cues: list[Cue] = []
    before = first - 1
    while before >= 0 and tree.lowers[before] in (
        "a",
        "an",
        "the",
        "another",
        "further",
        "total",
        "some",
        "also",
        '"',
        "“",
    ):
        before -= 1
    if before >= 0 and tree.sentences[before] == tree.sentences[first]:
        word = tree.lowers[before]
        if not (before and tree.lowers[before - 1] in ("was", "were", "been", "being", "is", "are")):
            cues += verb_cues(tree, before, "object", "beside")
        if word == "of" and before:
            cues += noun_cues(tree, before - 1, "of")
        if word == "by" and before and tree.lowers[before - 1] in _STRIKES:
            cues.append(Cue("crowd", before - 1, True, "beside"))
    after = last
    while after < len(tree) and tree.lowers[after] in _LINKING:
        after += 1
    if after < len(tree) and tree.sentences[after] == tree.sentences[last - 1]:
        linked = any(tree.lowers[k] in ("were", "was", "been", "are", "is", "being", "be") for k in range(last, after))
        free = not leads_noun(tree, after)
        if linked or (free and _is_participle(tree, after)):
            cues += verb_cues(tree, after, "object", "beside")
        if linked or free:
            cues += adjective_cues(tree, after, "beside")
        if not linked:
            cues += verb_cues(tree, after, "subject", "beside")
    return cues


def _put_cues(tree: Tree, first: int) -> list[Cue]:
    """Cues of an estimate: "put the crowd at 5,000"; "put the number at 2,000" has the event told before it."""
    begin, _ = tree.sentence_range(first)
    word = first - 2
    while word > begin and (tree.lowers[word] in DAYS or tree.lowers[word] in ("on", "night")):
        word -= 1  # "put the crowd on Saturday at 5,000"
    if word - 2 < begin or tree.lowers[first - 1] != "at" or tree.lowers[word - 1] != "the":
        return []
    if tree.lowers[word - 2] not in PUTS:
        return []
    if tree.lowers[word] == "crowd":
        return [Cue("crowd", word, True, "toll")]
    if tree.lowers[word] not in _NUMBER_NOUNS:
        return []
    for index in range(word - 3, begin - 1, -1):
        kinds = cue_words().get(tree.lowers[index], frozenset())
        if kinds and not tree.tags[index].startswith("NNP"):  # "the Red Cross"
            return [Cue(kind, word, True, "toll") for kind in kinds] if len(kinds) == 1 else []
    return []


def _toll_cues(tree: Tree, first: int) -> list[Cue]:
    """Cues of running totals: "the death toll rises to 40", "bringing the number of dead to 12"."""
    begin, _ = tree.sentence_range(first)
    begin = max(begin, first - 25)
    for index in range(first - 1, begin - 1, -1):
        word = tree.lowers[index]
        before = singular(tree.lowers[index - 1]) if index and (word in _TOLLS or word in _TALLIES) else ""
        if word in _TOLLS or (word in _TALLIES and before in _TOLL_KINDS):
            kind: Kind = _TOLL_KINDS.get(before, "killed")
            lead = tree.lowers[first - 1]
            between = tree.lowers[index + 1 : first]
            # The number must belong to the toll: "to 40", "of 40", "at 40", "from 30", "is 40"; no second number
            # between.
            if lead in _TOLL_LEADS or not _EXCEEDING.isdisjoint(between):
                return [Cue(kind, index, lead != "by", "toll", sure=before in _TOLL_KINDS)]
            return []
        if word in _TURNOUTS and index + 1 < first and tree.lowers[first - 1] in _TOLL_LEADS:
            return [Cue("crowd", index, word != "attendance", "toll")]
        if word in _FIGURES and tree.lowers[first - 1] in _TOLL_LEADS and index >= first - 4:
            # "The first reports had spoken of three dead. By Sunday the figure stood at 31."
            told = tree.lowers[max(0, index - _FIGURE_REACH) : index]
            return [Cue("killed", index, True, "toll")] if not _DEATH_WORDS.isdisjoint(told) else []
        if word in _NUMBER_NOUNS and index + 2 < first and tree.tags[index + 1] in ("VBN", "VBD", "JJ"):
            # "the number rescued had risen to 23"
            found = adjective_cues(tree, index + 1) + verb_cues(tree, index + 1, "object")
            if found and tree.lowers[first - 1] in _TOLL_LEADS:
                return [Cue(cue.kind, cue.token, cue.strong, "toll") for cue in found]
        if word in _NUMBER_NOUNS and index + 2 < first and tree.lowers[index + 1] == "of":
            for later in range(index + 2, min(index + 8, first)):
                found = noun_cues(tree, later, "counted") + adjective_cues(tree, later)
                found += verb_cues(tree, later, "object")
                if tree.lowers[later] == "cases" and tells_illness(tree, later, 8):
                    found = [Cue("sick", later, True, "toll")]
                if found:
                    strong = tree.lowers[first - 1] in ("to", "at", "is", "was", "from")
                    return [Cue(cue.kind, cue.token, cue.strong and strong, "toll") for cue in found]
    return []


def _label_cues(tree: Tree, first: int) -> list[Cue]:
    """Cues of lists and tables: "Dead: 12", "Confirmed injured - 40"."""
    if first < 2 or tree.lowers[first - 1] not in (":", "-", "–", "—"):
        return []
    label = first - 2
    # Only a label opens its line or its list item; "the wounded - 40 of them -" does not.
    before = tree.lowers[label - 1] if label else "\n"
    if not (
        before.strip() == "" or before in ("-", "–", "•", "*", ";", ",", "confirmed", "people", "total") or label == 0
    ):
        return []
    found = noun_cues(tree, label, "counted") + adjective_cues(tree, label) + verb_cues(tree, label, "object")
    return [Cue(cue.kind, cue.token, True, "beside", sure=True) for cue in found if cue.strong]


def find_cues(tree: Tree, head: int, first: int, last: int) -> list[Cue]:
    """Find what tells the event of a counted noun phrase.

    Args:
        tree: The article.
        head: Index of the counted noun, or of the number where no noun stands beside it.
        first: First token of the phrase, hedges included.
        last: Token after the phrase.

    Returns:
        Cues, the surest first; each kind once.
    """
    cues = noun_cues(tree, head, "counted") if tree.lowers[head] not in ("dead", "wounded", "injured") else []
    if tree.lowers[head] in ("case", "cases", "illness", "illnesses") and tells_illness(tree, head, 8):
        cues = [Cue("sick", head, True, "noun")]
    cues += adjective_cues(tree, head, "noun")
    cues += _governor_cues(tree, head) + _beside_cues(tree, first, last) + _modifier_cues(tree, head)
    cues += _relative_cues(tree, last)
    lead = tree.first_conjunct(head)
    if lead != head and not any(cue.strong for cue in cues):
        cues += _governor_cues(tree, lead)
        cues += [cue for cue in _modifier_cues(tree, lead) if cue.how != "modifier" and cue.token > head]
    cues += (_put_cues(tree, first) or _toll_cues(tree, first)) + _label_cues(tree, first)
    best: dict[Kind, Cue] = {}
    for cue in settle_senses(tree, cues, head, first, last):
        if cue.kind not in best or (cue.strong and not best[cue.kind].strong):
            best[cue.kind] = cue
    return sorted(best.values(), key=lambda cue: not cue.strong)


_CROWDS = frozenset({"crowd", "protest", "march", "rally", "demonstration", "mob", "gathering"})


_STRIKES = frozenset({"strike", "walkout", "protest", "march", "rally", "demonstration", "sit-in"})


def strong_force_cue(tree: Tree, number: int) -> Cue | None:
    """Read "a 3,000-strong peacekeeping force": the noun tells whether it was sent or marched."""
    for index in range(number + 1, min(number + 8, len(tree))):
        word = tree.lowers[index]
        if word in _CROWDS:
            return Cue("crowd", index, True, "strong")
        if word in FORCE_NOUNS and not (index + 1 < len(tree) and tree.lowers[index + 1] in FORCE_NOUNS):
            return Cue("deployed", index, True, "strong")
        if word in STOPS or word == ",":
            return None
    return None


def is_negated(tree: Tree, index: int) -> bool:
    """Tell whether "any casualties" stands in the scope of a "no", "not" or "without" of its clause."""
    begin, _ = tree.sentence_range(index)
    for before in range(index - 1, max(begin, index - 10) - 1, -1):
        word = tree.lowers[before]
        if word in _NEGATIONS:
            return True
        if word in (";", "but", "if", "whether"):
            return False
    return False


__all__ = ["find_cues", "is_negated", "leads_noun", "strong_force_cue"]
