"""Find who speaks: the noun phrase that is the subject of a cue, with title and short apposition."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from factx.extract.words import DAYS, FINITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factx.extract.quote_cues import Cue
    from factx.extract.quote_tree import QuoteTree

TokenRange = tuple[int, int]

_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")
_RELATIVES = frozenset(("who", "which", "that", "whom"))
_BEFORE_NOUN = (
    "det",
    "det:predet",
    "amod",
    "compound",
    "nmod:poss",
    "nummod",
    "nmod:desc",
    "nmod",
    "appos",
    "flat",
    "advmod",
)
_AFTER_NOUN = (
    "nmod",
    "appos",
    "flat",
    "compound",
    "conj",
    "acl",
    "amod",
    "nmod:desc",
    "nmod:unmarked",
    "nummod",
    "case",
    "fixed",
    "punct",
    "cc",
    "det",
    "goeswith",
    "list",
    "compound:prt",
    "dep",
)
_EDGES = frozenset(".,;:-–—\"“”„«»‹›`´…'‘’")
_STOPS = DAYS | frozenset(
    "in on at as after during to when while before since because from with for by who which that and but , . ; : ? ! "
    "( ) [ ] – — - \" “ ” « » '' `` tomorrow earlier later this last".split()
)
_ADVERBS = frozenset("also later earlier then once again now still simply just even recently meanwhile however".split())
# Months that are names as well (April, May, June, August, March) are not among them: "Theresa May said".
_TIMES = DAYS | frozenset(
    "tomorrow tonight late early earlier later january february july september october november december".split()
)
_CITES = frozenset("quote quotes quoted quoting cite cites cited citing".split())
_IN_CHUNK = frozenset("DT PDT PRP$ JJ JJR JJS NN NNS NNP NNPS POS CD HYPH FW".split())
_LONGEST = 30
_LONGEST_CHUNK = 5


def find_speaker(
    tree: QuoteTree, cue: Cue, proposed: Sequence[TokenRange] = (), linked: Sequence[int] = ()
) -> TokenRange | None:
    """Find the words that name the speaker of a cue.

    Args:
        tree: Words and syntax.
        cue: The cue.
        proposed: The model's speakers, in order: they settle the borders where they hold the head word, and stand in
            where the parse gives none.
        linked: First tokens of the speakers that the model links to the contents of the cue.

    Returns:
        Half-open token range, or None.
    """
    if not tree.parsed:
        return find_speaker_beside(tree, cue)
    head = _head_of_speaker(tree, cue)
    low = bisect_left(proposed, (cue.start - 60, 0))
    near = [span for span in proposed[low : low + 60] if span[1] <= cue.start or span[0] >= cue.end]
    beside = next((span for span in near if _is_beside(tree, span, cue)), None)
    if head is not None:
        phrase = noun_phrase(tree, head, barrier=cue)
        if (first := _first_of_two(tree, phrase, cue)) is not None:
            return first, phrase[1]
        if (nearer := _inserted_speaker(tree, phrase, cue)) is not None:
            return nearer
        around = next((span for span in near if span[0] <= head < span[1]), None)
        if around is not None:
            return _widen(tree, phrase, around)
        if beside is None or (phrase[0] < beside[1] and beside[0] < phrase[1]) or cue.form == "according":
            return _grow_left(tree, phrase, cue)
        # A subject the parse puts elsewhere loses against words that stand at the cue and look like a speaker.
        return beside if cue.form == "finite" else phrase
    if cue.form == "passive":
        return None
    if beside is not None:
        return beside
    first, last = tree.sentences[cue.verb], tree.sentence_end(cue.verb)
    for start in linked:
        for span in near:
            if span[0] <= start < span[1] and first <= span[0] < last:
                return span
    if cue.form == "finite":
        return _chunk_behind(tree, cue) or _chunk_before(tree, cue)
    return None


def _first_of_two(tree: QuoteTree, phrase: TokenRange, cue: Cue) -> int | None:
    """Find where two subjects begin that the tree holds apart: "[two shopkeepers and] a driver said"."""
    words = tree.words
    if words.lowers[phrase[0] - 1 : phrase[0]] != ["and"]:
        return None
    others = [kid for kid in tree.kids_with(cue.subject_verb, "nsubj") if kid == phrase[0] - 2]
    return noun_phrase(tree, others[0], barrier=cue)[0] if others else None


def _inserted_speaker(tree: QuoteTree, phrase: TokenRange, cue: Cue) -> TokenRange | None:
    """Find the name between a comma and a cue where the parse gives it the subject of the statement before.

    "The dead included two sisters, [Mayor Lopez] wrote": one verb stands between that subject and the cue.
    """
    words = tree.words
    if cue.form != "finite" or not any(words.tags[i] in FINITE for i in range(phrase[1], cue.start)):
        return None
    chunk = _chunk_before(tree, cue)
    if chunk is None or chunk[0] <= phrase[1] or words.forms[chunk[0] - 1] != ",":
        return None
    return chunk if all(words.tags[i].startswith("NNP") for i in range(*chunk)) else None


def _is_beside(tree: QuoteTree, span: TokenRange, cue: Cue) -> bool:
    """Tell whether a phrase stands right before a cue, or right after it where nothing else follows."""
    words = tree.words
    if span[1] <= cue.start:
        return all(words.lowers[i] in _ADVERBS | _TIMES or words.forms[i] == "," for i in range(span[1], cue.start))
    behind = words.forms[min(span[1], len(words.forms) - 1)]
    return span[0] == cue.end and (cue.form == "according" or behind in (".", ",") or behind.isspace())


def _widen(tree: QuoteTree, phrase: TokenRange, proposed: TokenRange) -> TokenRange:
    """Choose between the parse's phrase and the model's around the same head."""
    start, end = proposed
    if phrase[0] < start and not any(tree.words.tags[i].startswith("VB") for i in range(phrase[0], start)):
        start = phrase[0]
    # An apposition behind a comma is what the model most often leaves out.
    if phrase[1] > end and tree.words.forms[end] == ",":
        end = phrase[1]
    return start, end


def _grow_left(tree: QuoteTree, phrase: TokenRange, cue: Cue) -> TokenRange:
    """Take in the words before a phrase that can only belong to it, where the parse lost them."""
    words = tree.words
    start, end = phrase
    floor = cue.end if start >= cue.end else tree.sentences[start]
    if words.tags[start].startswith(("PRP", "DT", "WP")) and words.tags[start] != "PRP$":
        return phrase
    while start > floor and words.tags[start - 1] in _IN_CHUNK and words.lowers[start - 1] not in _TIMES:
        start -= 1
        if words.tags[start] in ("DT", "PRP$", "PDT"):
            break
    return start, end


def _chunk_behind(tree: QuoteTree, cue: Cue) -> TokenRange | None:
    """Take the nouns between a cue and the end of its line for its speaker: "Two killed, says [school principal]"."""
    words = tree.words
    end = cue.end
    while end < len(words.forms) and words.tags[end] in _IN_CHUNK and end - cue.end < _LONGEST_CHUNK:
        end += 1
    ends = end == len(words.forms) or words.forms[end] == "." or words.forms[end].isspace()
    inverted = cue.start > 0 and words.forms[cue.start - 1] == ","
    return (cue.end, end) if inverted and ends and end > cue.end else None


def _chunk_before(tree: QuoteTree, cue: Cue) -> TokenRange | None:
    """Take the nouns right before a cue for its speaker."""
    words = tree.words
    end = cue.start
    floor = tree.sentences[cue.start]
    while end > floor and (words.lowers[end - 1] in _ADVERBS | _TIMES or words.tags[end - 1] == "RB"):
        end -= 1
    if end <= floor or not words.tags[end - 1].startswith(("NN", "PRP", "DT", "WP")):
        return None
    if words.lowers[end - 1] in _RELATIVES or (words.lowers[end - 1] == "it" and cue.form == "passive"):
        return None
    if words.tags[end - 1] == "PRP":
        return end - 1, end
    start = end - 1
    while start > floor and words.tags[start - 1] in _IN_CHUNK:
        start -= 1
    return start, end


def _head_of_speaker(tree: QuoteTree, cue: Cue) -> int | None:
    """Find the head word of the one who speaks."""
    words = tree.words
    if cue.form == "according":
        noun = words.heads[cue.verb]
        if noun > cue.verb:
            return noun
        return next(
            (i for i in range(cue.end, min(cue.end + 12, len(words.heads))) if words.tags[i].startswith(("N", "PRP"))),
            None,
        )
    if cue.form == "passive":
        agents = tree.kids_with(cue.subject_verb, "obl:agent")
        return agents[0] if agents else None
    verb = cue.subject_verb
    if cue.form == "ing" and verb and words.lowers[verb - 1] == "as":
        # "Reuters cited [officials] as saying": active, so the one cited speaks; the subject of a passive stays.
        teller = next((i for i in range(verb - 2, max(-1, verb - _LONGEST), -1) if words.lowers[i] in _CITES), -1)
        cited = (
            [kid for kid in tree.kids_with(teller, "obj", "iobj", "nsubj") if teller < kid < verb]
            if teller >= 0
            else []
        )
        if cited:
            return cited[0]
    if (displaced := tree.displaced_subject(verb)) is not None:
        return displaced
    for _ in range(8):
        subjects = [
            kid for kid in tree.kids_with(verb, *_SUBJECTS) if words.lowers[kid] != "it" or verb == cue.subject_verb
        ]
        if subjects:
            subject = subjects[-1] if subjects[-1] < verb else subjects[0]
            if words.lowers[subject] in _RELATIVES and words.deps[verb] in ("acl:relcl", "acl", "advcl:relcl"):
                head = words.heads[verb]
                return head if words.tags[head].startswith(("N", "PRP")) else _noun_before(tree, subject)
            if words.lowers[subject] in ("who", "which") and words.heads[verb] < verb:
                return words.heads[verb] if words.tags[words.heads[verb]].startswith(("N", "PRP")) else None
            return subject
        dep, head = words.deps[verb], words.heads[verb]
        if head == verb:
            return None
        if dep == "acl:relcl":
            return head
        if dep == "acl":
            return head if words.tags[head].startswith("N") or words.tags[head] == "PRP" else None
        marks = {words.lowers[mark] for mark in tree.kids_with(verb, "mark", "case")}
        # "criticized the leader for saying", "asked him to say": the one spoken of is who speaks.
        asked = dep == "xcomp" and cue.form == "infinitive"
        if dep in ("advcl", "xcomp", "ccomp", "obl") and (marks & {"for", "of"} or asked):
            objects = [kid for kid in tree.kids_with(head, "obj", "iobj", "obl:agent") if head < kid < verb]
            if objects:
                return objects[-1]
        if dep not in ("advcl", "xcomp", "conj", "ccomp", "parataxis", "obl", "nmod", "dep"):
            return None
        if words.tags[head].startswith(("N", "PRP")) and not tree.kids_with(head, "cop"):
            return head if dep in ("acl", "nmod") else None
        verb = head
    return None


def _noun_before(tree: QuoteTree, relative: int) -> int | None:
    """Give the head of the name right before a relative pronoun: "said [Jane Doe], who claims"."""
    words = tree.words
    token = relative - 2 if words.forms[relative - 1] == "," else relative - 1
    if token < 0 or not words.tags[token].startswith("NNP"):
        return None
    while words.deps[token] == "flat" and words.heads[token] < token:
        token = words.heads[token]
    return token


def noun_phrase(tree: QuoteTree, head: int, barrier: Cue | None = None) -> TokenRange:
    """Give a noun's phrase with titles, complements and apposition, without relative clauses.

    Args:
        tree: Words and syntax.
        head: The noun.
        barrier: A cue whose words the phrase does not reach.

    Returns:
        Half-open token range that holds the head.
    """
    words = tree.words
    low, high = 0, len(words.forms)
    if barrier is not None:
        if barrier.start <= head < barrier.end:
            low, high = head, head + 1
        elif head < barrier.start:
            high = barrier.start
        else:
            low = barrier.end
    start = head
    for kid in reversed([kid for kid in tree.kids[head] if kid < head]):
        if (
            words.deps[kid] not in _BEFORE_NOUN
            or tree.right[kid] > head
            or (tree.right[kid] < start and not _are_marks(words.forms[tree.right[kid] : start]))
        ):
            break
        if words.deps[kid] == "advmod" and words.lowers[kid] in _ADVERBS | {"so", "but"}:
            break
        start = max(low, min(start, tree.left[kid]))
    end = max(start + 1, min(high, _phrase_end(tree, head, 0)))
    start = max(low, start, end - 2 * _LONGEST)
    while end > head + 1 and (
        (words.forms[end - 1] in _EDGES and words.forms[end - 1] not in "'’")
        or words.lowers[end - 1] in _ADVERBS | _TIMES
        or words.forms[end - 1].isspace()
    ):
        end -= 1
    while start < head and words.forms[start] in _EDGES:
        start += 1
    return start, end


def _phrase_end(tree: QuoteTree, head: int, depth: int) -> int:
    """Give the token after a noun's last complement."""
    words = tree.words
    end = head + 1
    for kid in tree.kids[head]:
        if kid < head:
            continue
        dep = words.deps[kid]
        if dep not in _AFTER_NOUN or depth > 6:
            break
        if tree.left[kid] > end and "\n" in "".join(words.forms[end : tree.left[kid]]):
            break
        has_comma = any(
            words.forms[i] in ",–—-" for i in range(max(end - 1, 0), min(kid, len(words.forms))) if i >= head
        )
        if dep == "acl" and has_comma:
            break
        if dep == "nmod:unmarked" and words.lowers[kid] in _TIMES:
            break
        if dep == "conj" and words.tags[kid].startswith("VB"):
            break
        if dep == "punct":
            if words.forms[kid] in ("'", "’", ")", "]", '"', "”") and kid == end:
                end = kid + 1
            continue
        # "a source close to the minister": an adjective behind its noun takes what hangs on it along.
        whole = dep == "acl" or (dep == "amod" and any(words.deps[word] == "obl" for word in tree.kids[kid]))
        end = max(end, tree.right[kid] if whole else _phrase_end(tree, kid, depth + 1))
    return end


def _are_marks(forms: Sequence[str]) -> bool:
    return all(all(not char.isalnum() for char in form) for form in forms)


def find_speaker_beside(tree: QuoteTree, cue: Cue, first: int | None = None) -> TokenRange | None:
    """Find the speaker by position alone: the words before the cue, or after it where it stands first.

    Args:
        tree: Words.
        cue: The cue.
        first: Token after the quotation or sentence border before the cue; None to look for it.

    Returns:
        Half-open token range, or None.
    """
    words = tree.words
    start = cue.start
    border = first if first is not None else max(0, cue.start - _LONGEST)
    if cue.form != "according":
        while start > border:
            if words.forms[start - 1] == ")":
                opening = start - 2
                while opening > max(border, start - 12) and words.forms[opening] != "(":
                    opening -= 1
                if words.forms[opening] != "(":
                    break
                start = opening
            elif _is_border(words.forms[start - 1]):
                break
            else:
                start -= 1
        end = cue.start
        while end > start and (words.lowers[end - 1] in _ADVERBS or words.forms[end - 1] == ","):
            end -= 1
        if start == end == cue.start and start > border and words.forms[start - 1] == ",":
            # "Karim, the head of the union, said": the apposition and the name before it.
            while start > max(border, cue.start - 14) and (
                not _is_border(words.forms[start - 1]) or words.forms[start - 1] == ","
            ):
                start -= 1
            end = cue.start - 1
        while start < end and words.lowers[start] in ("and", "but", "then", "as", "so", "because", "while"):
            start += 1
        if start < end and not words.forms[start].isspace():
            return start, end
    if cue.form != "according" and cue.end < len(words.forms) and words.forms[cue.end][:1] in ":,":
        return None
    start = end = cue.end
    while (
        end < len(words.forms)
        and end - start < _LONGEST
        and words.lowers[end] not in _STOPS
        and not words.forms[end].isspace()
    ):
        end += 1
        if end < len(words.forms) and words.lowers[end] in ("of", "for"):
            end += 1
    while end > start and words.lowers[end - 1] in ("of", "for"):
        end -= 1
    return (start, end) if start < end else None


def _is_border(form: str) -> bool:
    return form.isspace() or form in ".!?;:\"“”„«»‹›''``,–—-…()" or form in ("--", "''", "``")
