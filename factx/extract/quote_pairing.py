"""Give each content that the model proposes to the cue that fits it best, by syntax, place and the model's own link."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from factx.extract.quote_reading import SPEECH, Part, Reading, has_end, quoted

if TYPE_CHECKING:
    from factx.extract.quote_cues import Cue
    from factx.extract.quote_tree import QuoteTree


def assign_parts(reading: Reading) -> None:
    """Give each content of the model to the cue that fits best."""
    for proposed in reading.parts:
        part = _in_one_line(reading, proposed)
        best, best_score = None, 1.5
        low = bisect_left(reading.verbs, part.start - 45)
        high = bisect_right(reading.verbs, part.end + 30)
        for index in range(low, high):
            score = _fit(reading, part, reading.cues[index])
            if score > best_score:
                best, best_score = index, score
        if best is not None and not _is_no_content(reading, part, reading.cues[best]):
            reading.statement(best).proposed.append(part)


def _in_one_line(reading: Reading, part: Part) -> Part:
    """Cut a content without marks that runs from a headline into the paragraph below to its longer side."""
    words = reading.tree.words
    for token in range(part.start + 1, part.end - 1):
        if words.forms[token].count("\n") > 1 and not quoted(reading, words.starts[token]):
            left = token - part.start > part.end - token
            return part._replace(end=token) if left else part._replace(start=token + 1)
    return part


def _is_no_content(reading: Reading, part: Part, cue: Cue) -> bool:
    """Tell whether a content is who speaks, "A note was found, said [two who were not to talk]", or what went on."""
    tree, words = reading.tree, reading.tree.words
    if cue.form == "according" and part.start > cue.end and words.lowers[part.start - 1] == "as":
        return True  # "according to police, as [the storm moved north]"
    inverted = part.start == cue.end and cue.start > 0 and words.forms[cue.start - 1] == ","
    return inverted and any(part.start <= kid < part.end for kid in tree.kids_with(cue.verb, "nsubj"))


def _fit(reading: Reading, part: Part, cue: Cue) -> float:
    """Score how well a cue fits a content."""
    tree, words = reading.tree, reading.tree.words
    if part.start <= cue.verb < part.end or _other_paragraph(reading, part, cue):
        return 0.0
    score = 0.5 * cue.score + (0.3 if cue.uses else 0.0)
    if cue.silent:
        score -= 2.0
    if cue.form == "passive":
        score -= 1.0
    if cue.start <= part.cue < cue.end:
        score += 1.5
    if tree.parsed:
        head = _outer_head(tree, part.start, part.end)
        if head == cue.verb or part.start <= words.heads[cue.verb] < part.end:
            score += 3.0
    if cue.end <= part.start:
        between = words.forms[cue.end : part.start]
        if has_end(reading, cue.end, part.start):
            return score - 3.0
        gap = sum(form[:1].isalnum() and form.lower() not in ("that", "whether", "if") for form in between)
        direct = gap == 0 and cue.form in ("finite", "ing") and cue.uses & SPEECH
        score += 4.5 if direct else 2.5 if gap == 0 else 1.5 if gap <= 3 else 0.5 if gap <= 8 else -0.5
        nearer = bisect_left(reading.verbs, cue.end)
        while nearer < len(reading.verbs) and reading.verbs[nearer] < part.start:
            if reading.cues[nearer].uses & SPEECH and reading.cues[nearer].form in ("finite", "ing"):
                return score - 3.5
            nearer += 1
    else:
        between = words.forms[part.end : cue.start]
        if has_end(reading, part.end, cue.start) or ";" in between:
            return score - 3.0
        gap = sum(form[:1].isalnum() for form in between)
        score += 1.5 if gap <= 6 else 0.0
        if words.lowers[cue.start - 1] in ("and", "but", "or"):
            score -= 3.5
    return score


def _other_paragraph(reading: Reading, part: Part, cue: Cue) -> bool:
    """Tell whether a line ends between a content without marks and a cue: "Ten die in fire, police say", a headline."""
    words = reading.tree.words
    between = range(cue.end, part.start) if cue.end <= part.start else range(part.end, cue.start)
    lines = any("\n" in words.forms[token] for token in between)
    return lines and words.forms[cue.end : cue.end + 1] != [":"] and not quoted(reading, words.starts[part.start])


def _outer_head(tree: QuoteTree, start: int, end: int) -> int:
    """Give the head outside a stretch on which most of it hangs; -1 for none."""
    heads = tree.words.heads
    best, best_size = -1, 0
    for token in range(start, end):
        if not start <= heads[token] < end:
            size = tree.right[token] - tree.left[token]
            if size > best_size:
                best, best_size = heads[token], size
    return best
