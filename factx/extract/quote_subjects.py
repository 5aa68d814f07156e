"""Find who speaks a statement: the subject of its cue, or of the verb that its cue is coordinated with."""

from __future__ import annotations

from bisect import bisect_left

from factx.extract.quote_reading import REACH, Reading, Statement, TokenRange, behind_dateline, has_end
from factx.extract.quote_speakers import find_speaker, find_speaker_beside
from factx.extract.words import FINITE


def share_subjects(reading: Reading) -> None:
    """Find the second verb of "said A and warned B": it has the first one's speaker and ends the first content."""
    words = reading.tree.words
    for index in sorted(reading.statements):
        cue = reading.cues[index]
        statement = reading.statements[index]
        if cue.form != "finite" or not cue.uses & {"clause"} or statement.stretches:
            continue
        ends = [part.end for part in statement.proposed if part.start >= cue.end]
        ends += [end for start, end in statement.governed if start >= cue.end]
        following = index + 1
        while ends and following < len(reading.cues) and reading.verbs[following] < max(ends):
            other = reading.cues[following]
            second = reading.statements.get(following)
            same = (
                words.tags[other.verb] == words.tags[cue.verb] and other.form == "finite" and other.start == other.verb
            )
            if (
                same
                and second is not None
                and words.lowers[other.start - 1] in ("and", "but")
                and other.uses - {"thought", "finding"}
            ):
                reading.shared[following] = index
                reading.followed[index] = following
                break
            following += 1


def speaker_of(reading: Reading, statement: Statement) -> TokenRange | None:
    """Give the words for who speaks a statement, found once and kept in it; None where the text does not say."""
    if statement.speaker is None and statement.cue is not None:
        linked = [part.speaker for part in statement.proposed if part.speaker >= 0]
        owner = reading.shared.get(bisect_left(reading.verbs, statement.cue.verb))
        if owner is not None:
            found = speaker_of(reading, reading.statements[owner])
        else:
            found = find_speaker(reading.tree, statement.cue, reading.speakers, linked)
        if found is not None:
            start, end = found
            starts = reading.tree.words.starts
            for stretch in statement.stretches:
                while start < end and stretch.start <= starts[start] < stretch.end:
                    start += 1
            found = (start, end) if start < end else None
        if found is not None:
            found = _checked(reading, *found)
        statement.speaker = found or _speaker_after(reading, statement) or _speaker_of_conjunct(reading, statement)
    return statement.speaker


def _speaker_after(reading: Reading, statement: Statement) -> TokenRange | None:
    """Take what stands between a quotation and its cue for the speaker, where syntax finds none."""
    tree, words = reading.tree, reading.tree.words
    cue = statement.cue
    before = [s for s in statement.stretches if cue is not None and s.end <= words.starts[cue.start]]
    if cue is None or not before or cue.form != "finite":
        return None
    place = words.token_at(before[-1].end)
    if words.starts[place] < before[-1].end:
        place += 1
    if cue.start - place > REACH or has_end(reading, place, cue.start):
        return None
    found = find_speaker_beside(tree, cue, place) if cue.start > place else find_speaker_beside(tree, cue, cue.start)
    if found is None or found[1] > cue.start:
        return found
    start, end = max(found[0], place), found[1]
    while place < start and words.forms[start - 1] != "(":
        start -= 1
    while start < end and not words.forms[start][:1].isalnum():
        start += 1
    relative = next((i for i in range(start + 1, end) if words.lowers[i] in ("who", "which", "whose", "whom")), end)
    while relative > start and not words.forms[relative - 1][:1].isalnum() and words.forms[relative - 1] != ")":
        relative -= 1
    return (start, relative) if start < relative else None


def _speaker_of_conjunct(reading: Reading, statement: Statement) -> TokenRange | None:
    """Give the speaker of the cue before in the sentence to one that "and" joins ("X said A and [denied] B")."""
    words, cue = reading.tree.words, statement.cue
    if cue is None or cue.form != "finite" or cue.start == 0 or words.lowers[cue.start - 1] not in ("and", "but"):
        return None
    index = bisect_left(reading.verbs, cue.verb) - 1
    while index >= 0 and cue.verb - reading.verbs[index] < 2 * REACH:
        other = reading.cues[index]
        if has_end(reading, other.verb, cue.verb):
            break
        if other.form == "finite" and words.tags[other.verb] == words.tags[cue.verb] and index in reading.statements:
            # Statements are put together in order, so the one before has its speaker by now.
            return reading.statements[index].speaker
        index -= 1
    return None


def _checked(reading: Reading, start: int, end: int) -> TokenRange | None:
    """Cut a dateline off the words for a speaker; a lone verb is none ("who asked not to be named, said so")."""
    words = reading.tree.words
    start = words.token_at(behind_dateline(words, words.starts[start], words.ends[end - 1]))
    if end - start == 1 and words.tags[start] in FINITE and words.forms[start].islower():
        return None
    return start, end
