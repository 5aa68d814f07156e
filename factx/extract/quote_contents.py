"""Find what a verb of saying introduces, by syntax: the clauses, infinitives and -ing phrases that it governs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factx.extract.words import DAYS, FINITE

if TYPE_CHECKING:
    from factx.extract.quote_cues import Cue
    from factx.extract.quote_tree import QuoteTree

TokenRange = tuple[int, int]

_CONJUNCTIONS = frozenset(("that", "whether", "if"))
_ADVERBIAL = frozenset({"without", "unless", "until", "if"})
_CLAUSE_USES = frozenset(("clause", "speech", "object_clause", "finding", "thought"))
# Longer stretches without a full stop are lists or tables.
_LONGEST_SENTENCE = 250
_NOT_CONTENT = frozenset(("so", "as"))
_CLAUSE_OPENING = frozenset("DT PDT PRP PRP$ JJ JJR JJS NN NNS NNP NNPS POS CD HYPH RB RBR EX CC".split())
_TIMES = DAYS | frozenset("late early earlier later also".split())
# Verbs behind which stands whom something is told or where it is written, and the tags of such words.
_ADDRESSING = frozenset(("told", "tells", "tell", "wrote", "writes", "posted", "tweeted", "said", "says", "say"))
_ADDRESSEE = frozenset("DT PRP PRP$ JJ NN NNS NNP NNPS POS IN CD HYPH".split())
_LONGEST_ADDRESSEE = 8
_EDGE_MARKS = frozenset('.,;:-–—"“”„«»‹›`´…()[]')


def find_content(tree: QuoteTree, cue: Cue) -> list[TokenRange]:
    """Find what a cue introduces.

    Args:
        tree: Words and syntax; without a parse nothing is found.
        cue: The cue.

    Returns:
        Token ranges in order, several where the attribution breaks the content; empty where there is none.
    """
    if not tree.parsed:
        return []
    if cue.form == "according":
        return _without_conjunct(tree, cue, _content_of_according(tree, cue))
    head = _content_head(tree, cue)
    if head is not None:
        return _without_day(tree, cue, _without_conjunct(tree, cue, _pieces(tree, head, cue)))
    return _content_around(tree, cue) or _content_by_place(tree, cue)


def _without_day(tree: QuoteTree, cue: Cue, pieces: list[TokenRange]) -> list[TokenRange]:
    """Cut the day off that tells when something was said: "said [Thursday] it would not comment"."""
    words = tree.words
    if pieces and pieces[0][0] == cue.end and words.lowers[cue.end] in DAYS and pieces[0][1] - cue.end > 2:
        following = words.tags[cue.end + 1]
        if not following.startswith(("VB", "MD")):
            return [(cue.end + 1, pieces[0][1]), *pieces[1:]]
    return pieces


def _without_conjunct(tree: QuoteTree, cue: Cue, pieces: list[TokenRange]) -> list[TokenRange]:
    """Leave out a clause that goes on behind what the cue governs: "warned the farms, and the water was faster"."""
    words = tree.words
    if cue.form == "according" and len(pieces) > 1 and "as" in words.lowers[pieces[1][0] - 1 : pieces[1][0] + 1]:
        return pieces[:1]  # "Two were killed, according to police, as the storm moved north."
    inverted = len(pieces) > 1 and pieces[1][0] == cue.end and words.forms[cue.start - 1] == ","
    if inverted and not any(words.tags[token].startswith(("VB", "MD")) for token in range(*pieces[1])):
        return pieces[:1]  # "Two killed, says [principal]"
    if pieces and pieces[0][1] <= cue.start:
        return pieces  # "The roof has gone, she said, and there is no money."
    return [
        piece
        for piece in pieces
        if not (
            piece[0] > cue.end and words.lowers[piece[0]] in ("and", "but", "or") and words.forms[piece[0] - 1] == ","
        )
    ]


def _content_head(tree: QuoteTree, cue: Cue) -> int | None:
    """Find the word at the head of the content that hangs on the cue."""
    words, verb, uses = tree.words, cue.verb, cue.uses
    if not uses or uses & _CLAUSE_USES:
        clauses = [
            kid for kid in tree.kids_with(verb, "ccomp") if not (kid < verb and words.lowers[kid] in _NOT_CONTENT)
        ]
        if clauses:
            after = [kid for kid in clauses if kid > verb]
            return after[0] if after else clauses[-1]
    complements = [kid for kid in tree.kids_with(verb, "xcomp", "ccomp", "advcl") if kid > verb]
    for kid in complements:
        marks = {words.lowers[mark] for mark in tree.kids_with(kid, "mark", "case")}
        if "order" in words.lowers[max(verb, kid - 4) : kid] and "to" in marks:
            # "asked for money in order to help him": why, not what.
            continue
        to_do = uses & {"object_inf", "for_inf"} or ("inf" in uses and words.deps[kid] != "advcl")
        if "to" in marks and to_do:
            return kid
        if words.tags[kid] == "VBG" or tree.kids_with(kid, "aux", "cop"):
            if "of" in marks and "of_ing" in uses:
                return kid
            if "for" in marks and "for_ing" in uses:
                return kid
            if "ing" in uses and not marks and words.deps[kid] != "advcl":
                return kid
            if "to_ing" in uses and marks == {"to"}:
                return kid
    if uses & {"of_ing", "for_ing", "object_inf", "for_inf"}:
        return _content_under_object(tree, cue)
    return None


def _content_under_object(tree: QuoteTree, cue: Cue) -> int | None:
    """Find a content that the parse hangs on the one spoken to or of ("accused [officials of taking bribes]")."""
    words = tree.words
    for noun in tree.kids_with(cue.verb, "obj", "iobj", "obl"):
        if noun < cue.verb:
            continue
        for kid in tree.kids_with(noun, "acl", "advcl", "nmod"):
            marks = {words.lowers[mark] for mark in tree.kids_with(kid, "mark", "case")}
            if words.tags[kid] == "VBG" and (
                ("of" in marks and "of_ing" in cue.uses) or ("for" in marks and "for_ing" in cue.uses)
            ):
                return kid
            if "to" in marks and words.tags[kid] == "VB" and cue.uses & {"object_inf", "for_inf"}:
                return kid
    return None


def _adverbial_behind(tree: QuoteTree, head: int, cue: Cue, inside: set[int]) -> range:
    """Find the adverbial right behind what somebody is told to do that the parse hangs on the telling.

    "told his troops to [fire without warning]": up to a comma, and only where the infinitive ends before it.
    """
    words, end = tree.words, max(inside, default=-1) + 1
    if head <= cue.verb or words.tags[head] != "VB" or end >= len(words.lowers) or words.lowers[end] not in _ADVERBIAL:
        return range(0)
    if not any(end in _subtree(tree, kid, without=head) for kid in tree.kids_with(cue.verb, "advcl", "obl")):
        return range(0)
    stop = end
    while stop < tree.sentence_end(end) and not _is_mark(words.forms[stop]):
        stop += 1
    return range(end, stop)


def _pieces(tree: QuoteTree, head: int, cue: Cue) -> list[TokenRange]:
    """Give the words under a content's head, without the attribution that may stand among them."""
    words = tree.words
    inside = _subtree(tree, head, without=cue.verb)
    if (speaker := tree.displaced_subject(cue.verb)) is not None:
        inside -= _subtree(tree, speaker, without=cue.verb)
    if cue.form != "according":
        for token in range(cue.start, cue.end):
            inside.discard(token)
    inside.update(_adverbial_behind(tree, head, cue, inside))
    ranges: list[TokenRange] = []
    for token in sorted(inside):
        if ranges and all(_is_mark(words.forms[i]) for i in range(ranges[-1][1], token)):
            ranges[-1] = (ranges[-1][0], token + 1)
        else:
            ranges.append((token, token + 1))
    ranges = [trimmed for piece in ranges if (trimmed := _trim(tree, piece))[0] < trimmed[1]]
    if not ranges:
        return []
    if "for_inf" in cue.uses and ranges[0][0] > cue.verb:
        # "called for [the army to leave]": the ones who should act belong to the content.
        return [(min(ranges[0][0], cue.end), ranges[-1][1])]
    before = [piece for piece in ranges if piece[1] <= cue.verb]
    after = [piece for piece in ranges if piece[0] >= cue.verb]
    if before and after:
        return [(before[0][0], before[-1][1]), (after[0][0], after[-1][1])]
    return [(ranges[0][0], ranges[-1][1])]


def _subtree(tree: QuoteTree, head: int, without: int) -> set[int]:
    inside: set[int] = set()
    todo = [head]
    while todo:
        token = todo.pop()
        if token != without:
            inside.add(token)
            todo.extend(tree.kids[token])
    return inside


def _content_around(tree: QuoteTree, cue: Cue) -> list[TokenRange]:
    """Find the content of an attribution that hangs on it ("Ten people died, [police said]")."""
    words, verb = tree.words, cue.verb
    head = words.heads[verb]
    if head == verb or not cue.uses & {"clause", "speech"} or cue.form != "finite":
        return []
    # "Shares fall as bank warns of recession" gives no more than what follows.
    begin = tree.left[verb]
    as_clause = words.deps[verb] == "advcl" and words.lowers[begin] == "as" and words.forms[begin - 1] == ","
    if words.deps[verb] != "parataxis" and not as_clause:
        return []
    if words.forms[tree.left[verb] - 1] == ";":
        return []  # "The unions said 80,000 came; police estimated the crowd at 22,000."
    return _pieces(tree, head, cue)


def _content_by_place(tree: QuoteTree, cue: Cue) -> list[TokenRange]:
    """Find the clause that follows or precedes a cue by the order of words alone, where the parse lost it."""
    words = tree.words
    count = len(words.forms)
    if cue.form not in ("finite", "ing") or not cue.uses & {"clause", "object_clause"} or cue.silent:
        return []
    start = cue.end
    while start < count and words.lowers[start] in _TIMES:
        start += 1
    place, named = start, words.lowers[start : start + 1] == ["that"]
    while place < count and place < start + 25:
        tag = words.tags[place]
        if tag in FINITE and (named or place > start):
            if not any(words.tags[i].startswith(("N", "PRP", "EX", "DT", "CD")) for i in range(start, place)):
                break
            piece = _trim(tree, (start, _sentence_stop(tree, place)))
            return [piece] if piece[0] < piece[1] else []
        if tag not in _CLAUSE_OPENING and words.lowers[place] not in ("of", "in", "that", "on", "at", "from"):
            break
        place += 1
    if cue.form == "finite" and cue.end < count and words.forms[cue.end] == ",":
        return _content_around_insertion(tree, cue)
    end = cue.end
    while end < count and (words.lowers[end] in _TIMES or words.lowers[end] in ("on", "in", "a", "statement")):
        end += 1
    if words.lowers[cue.verb] in _ADDRESSING:
        end = _behind_addressee(tree, end)
    if cue.form == "finite" and (end >= count or tree.ends_sentence(end) or "\n" in words.forms[end]):
        comma = cue.start - 1
        while comma > max(0, cue.start - 15) and words.forms[comma] != "," and not tree.ends_sentence(comma):
            comma -= 1
        first = comma
        while (
            first > max(0, comma - _LONGEST_SENTENCE)
            and not words.opens[first]
            and not tree.ends_sentence(first - 1)
            and "\n" not in words.forms[first - 1]
        ):
            first -= 1
        owned = _belongs_to_noun(tree, comma + 1, cue)
        if (
            words.forms[comma] == ","
            and comma < cue.start - 1
            and not owned
            and any(words.tags[i] in FINITE for i in range(first, comma))
        ):
            piece = _trim(tree, (first, comma))
            return [piece] if piece[0] < piece[1] else []
    return []


def _behind_addressee(tree: QuoteTree, place: int) -> int:
    """Pass over whom something is told and where it is written: "told [the Herald]", "wrote [on his page]"."""
    words = tree.words
    end = place
    while end < len(words.forms) and words.tags[end] in _ADDRESSEE and end - place < _LONGEST_ADDRESSEE:
        end += 1
    return end


def _belongs_to_noun(tree: QuoteTree, first: int, cue: Cue) -> bool:
    """Tell whether what seems an attribution is the clause of a noun: "Two men died, a loss [she rarely mentioned]"."""
    words = tree.words
    if words.deps[cue.verb] == "acl:relcl" and first <= words.heads[cue.verb] < cue.start:
        return True
    return words.lowers[first] in ("a", "an") and any(
        words.tags[noun].startswith("NN") and words.tags[noun + 1] in ("DT", "PRP", "PRP$")
        for noun in range(first + 1, cue.start - 1)
    )


def _content_around_insertion(tree: QuoteTree, cue: Cue) -> list[TokenRange]:
    """Find a sentence that an attribution between commas breaks ("The dam, engineers warned, could burst")."""
    words = tree.words
    comma = cue.start - 1
    while comma > max(0, cue.start - 10) and words.forms[comma] != ",":
        if (
            words.tags[comma].startswith(("W", "VB", "MD", "IN")) and words.lowers[comma] != "of"
        ) or tree.ends_sentence(comma):
            return []
        comma -= 1
    if words.forms[comma] != "," or comma in (0, cue.start - 1):
        return []
    first = comma
    while (
        first > max(0, comma - _LONGEST_SENTENCE)
        and not tree.ends_sentence(first - 1)
        and "\n" not in words.forms[first - 1]
    ):
        first -= 1
    last = _sentence_stop(tree, cue.end)
    if not any(words.tags[i] in FINITE for i in [*range(first, comma), *range(cue.end, last)]):
        return []
    pieces = [_trim(tree, (first, comma)), _trim(tree, (cue.end, last))]
    return pieces if all(start < end for start, end in pieces) else []


def _sentence_stop(tree: QuoteTree, place: int) -> int:
    """Give the token after the last of the sentence around a token, by its marks."""
    words = tree.words
    limit = min(len(words.forms), place + _LONGEST_SENTENCE)
    while place < limit and not tree.ends_sentence(place) and "\n" not in words.forms[place]:
        place += 1
    return place


def _content_of_according(tree: QuoteTree, cue: Cue) -> list[TokenRange]:
    """Find the clause that "according to X" belongs to."""
    words = tree.words
    noun = words.heads[cue.verb]
    if noun == cue.verb or noun < cue.verb:
        noun = next(
            (i for i in range(cue.end, min(cue.end + 8, len(words.heads))) if words.tags[i].startswith("N")), noun
        )
    head = words.heads[noun]
    for _ in range(10):
        if words.tags[head].startswith(("VB", "MD")) or words.heads[head] == head or tree.kids_with(head, "cop"):
            break
        head = words.heads[head]
    if head == noun:
        return []
    # What stands before the verb that "according to" hangs on belongs to it as well, up to a verb that says it.
    inside = _subtree(tree, head, without=noun) - set(range(cue.start, cue.end))
    before = sorted(
        token for token in inside if token < cue.start and tree.sentences[token] == tree.sentences[cue.start]
    )
    if words.forms[cue.verb][:1].isupper():
        before = []
    after = sorted(token for token in inside if token >= cue.end and token >= tree.right[noun])
    pieces = [_trim(tree, (part[0], part[-1] + 1)) for part in (before, after) if part]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _trim(tree: QuoteTree, piece: TokenRange) -> TokenRange:
    """Cut conjunctions, commas and marks off the ends."""
    start, end = piece
    words = tree.words
    while start < end and (
        _is_mark(words.forms[start])
        or words.lowers[start] in _CONJUNCTIONS
        or (words.lowers[start] in ("of", "for") and words.deps[start] == "mark")
    ):
        if words.lowers[start] in _CONJUNCTIONS and words.deps[start] not in ("mark", "", "fixed"):
            break
        start += 1
    while end > start and _is_mark(words.forms[end - 1]):
        end -= 1
    return start, end


def _is_mark(form: str) -> bool:
    return form.isspace() or all(char in _EDGE_MARKS for char in form)
