"""Numbers to labels: what the graph's rows say, as tags, spans and trees.

Everything works on one matrix of rows, a row a word; no function here knows spaCy.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# A "sentence" longer than this is cut at its likeliest inner start: trees cost the square of the length, and text
# without any stop (lists, tables) would otherwise be one sentence.
LONGEST_SENTENCE = 250


LIST_MARKS = frozenset("-–—•*·▪►")
_ITEM_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z])[.)]")
# Short forms that end sentences as often as they stand inside them, and words that open one when written large.
_ABBREVIATED_END = re.compile(r"(?:[A-Z]\.){2,}|[ap]\.m\.|Inc\.|Co\.|Corp\.|Ltd\.|Jr\.|etc\.|\.\.\.|…")
_OPENERS = frozenset(
    """The A An He She It They We But And In On At As After When Then This That There Nobody No Some Two Three Four Five
    Six Seven Eight Nine Ten Another Several Dozens""".split()
)
_SURE = 1e3
_DASHES = frozenset(("-", "–", "—", "--", "―"))
_SMALL_IN_PLACES = frozenset("de da do la el al di and of the on s".split())
_LONGEST_DATELINE = 22
_OPENING_MARKS = frozenset('"“‘«([')
_CLOSING_MARKS = frozenset("\"”’'»") | {"''"}

# A word outside any span with this probability ends the stretch that is decoded anew.
SURELY_OUTSIDE = 0.98


class TaggedSpan(NamedTuple):
    """Words `start` to `end` with the label number and the mean probability of its tags."""

    start: int
    end: int
    label: int
    score: float


def softmax(logits: Floats) -> Floats:
    """Row-wise probabilities, (rows, columns)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


def sigmoid(logits: Floats) -> Floats:
    """Element-wise probabilities; clipped so that extreme logits do not overflow."""
    result: Floats = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return result


@cache
def _transitions(tags: int) -> NDArray[np.bool_]:
    """Which BIOES tag may follow which, (tags, tags): O, then B I E S of each label."""
    allowed = np.zeros((tags, tags), bool)
    for before in range(tags):
        for after in range(tags):
            opened = before > 0 and (before - 1) % 4 < 2
            inside = after > 0 and (after - 1) % 4 in (1, 2)
            same = before > 0 and after > 0 and (before - 1) // 4 == (after - 1) // 4
            allowed[before, after] = (inside and same) if opened else not inside
    return allowed


def _viterbi(scores: Floats) -> Ints:
    """Best valid tag sequence of a stretch, (words, tags) log-scores -> (words,)."""
    words, tags = scores.shape
    penalty = np.where(_transitions(tags), 0.0, -1e6)
    outside = np.array([tag == 0 or (tag - 1) % 4 in (0, 3) for tag in range(tags)])
    closing = np.array([tag == 0 or (tag - 1) % 4 in (2, 3) for tag in range(tags)])
    best = np.where(outside, scores[0], -1e6)
    back = np.zeros((words, tags), np.int64)
    for i in range(1, words):
        paths = best[:, None] + penalty
        back[i] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[i]
    path = np.zeros(words, np.int64)
    path[-1] = int(np.where(closing, best, -1e6).argmax())
    for i in range(words - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def decode_spans(logits: Floats) -> list[TaggedSpan]:
    """Read the spans of a BIOES column.

    Where the likeliest tags already form valid spans they are the best valid sequence; only the other stretches, from
    one word that is surely outside to the next, go through constrained Viterbi.

    Args:
        logits: (words, 1 + 4 * labels).

    Returns:
        Spans in order; they never overlap.
    """
    if not len(logits):
        return []
    tags = logits.argmax(axis=1)
    if not tags.any():
        return []
    probabilities = softmax(logits)
    allowed = _transitions(logits.shape[1])
    padded = np.concatenate([[0], tags, [0]])
    broken = np.flatnonzero(~allowed[padded[:-1], padded[1:]])
    if len(broken):
        sure = (tags == 0) & (probabilities[:, 0] > SURELY_OUTSIDE)
        done = 0
        for place in broken.tolist():
            if place < done:
                continue
            # `place` stands between the words place - 1 and place; the stretch reaches from sure word to sure word.
            first, last = min(place, len(tags) - 1), min(place, len(tags) - 1) + 1
            while first > 0 and not sure[first - 1]:
                first -= 1
            while last < len(tags) and not sure[last]:
                last += 1
            tags[first:last] = _viterbi(np.log(probabilities[first:last] + 1e-9))
            done = last
    spans = []
    start = 0
    for i in np.flatnonzero(tags).tolist():
        position = (tags[i] - 1) % 4
        if position in (0, 3):
            start = i
        if position in (2, 3):
            score = float(probabilities[np.arange(start, i + 1), tags[start : i + 1]].mean())
            spans.append(TaggedSpan(start, i + 1, int((tags[i] - 1) // 4), score))
    return spans


def cut_spans(spans: Sequence[TaggedSpan], breaks: Collection[int]) -> list[TaggedSpan]:
    """Cut spans where a paragraph begins: "Peru" that ends a headline and "LIMA" behind it are no one name.

    Args:
        spans: In order.
        breaks: Words that begin a paragraph.

    Returns:
        The spans, those that held a break as several with the same label and score.
    """
    cut: list[TaggedSpan] = []
    for span in spans:
        edges = [span.start, *(word for word in range(span.start + 1, span.end) if word in breaks), span.end]
        cut.extend(span._replace(start=start, end=end) for start, end in pairwise(edges))
    return cut


def steady_sentences(words: Sequence[str], logits: Floats, breaks: frozenset[int] = frozenset()) -> Floats:
    """Settle what is no question of likelihood: where no sentence can start, and where one must.

    >>> steady_sentences(["Two", "died", ",", "police", "said"], np.array([9, -9, -9, 2, -9], np.float32)).tolist()
    [9.0, -9.0, -9.0, -1000.0, -9.0]

    Args:
        words: The words.
        logits: (words,) scores of "a sentence starts here".
        breaks: Words that begin a paragraph.

    Returns:
        The scores, lowered at a small word behind a comma or behind a mark that closes a quotation (its attribution),
        and behind a mark or number that opens a line or a sentence; raised at "The", "They" ... behind "U.S.", "a.m.",
        and behind the dash of a dateline, which no sentence is part of.
    """
    steady = logits.copy()
    for start in (0, *breaks):
        if (end := _dateline_end(words, start)) is not None:
            steady[start + 1 : end] = -_SURE
            steady[end] = _SURE
    for word in np.flatnonzero(logits > 0).tolist():
        if word == 0 or word in breaks or steady[word] != logits[word]:
            continue
        before = words[word - 1]
        closed = before in _CLOSING_MARKS and word > 1 and words[word - 2] in (",", "?", "!", "…", "...")
        opens_line = word == 1 or word - 1 in breaks
        numbered = before == "." and words[word - 2].isdigit() and (word == 2 or word - 2 in breaks)
        if (
            ((before == "," or closed) and words[word][0].islower())
            or (opens_line and (before in LIST_MARKS or _ITEM_NUMBER.fullmatch(before)))
            or (before in _OPENING_MARKS and (opens_line or steady[word - 1] > 0))
            or numbered
        ):
            steady[word] = -_SURE
    for word, form in enumerate(words):
        if form in _OPENERS and word and _ABBREVIATED_END.fullmatch(words[word - 1]):
            steady[word] = _SURE
    return steady


def _dateline_end(words: Sequence[str], start: int) -> int | None:
    """Find the word behind a dateline that begins at a word: "NAIROBI, Kenya (AP) — At least"; None if there is none.

    Places in capitals or an agency in brackets tell it from a headline with a dash.
    """
    for dash in range(start + 1, min(start + _LONGEST_DATELINE, len(words) - 1)):
        word = words[dash]
        if word in _DASHES:
            told = words[dash - 1] == ")" or (len(words[start]) > 2 and words[start].isupper())
            return dash + 1 if told and words[dash + 1][0].isupper() else None
        if word[0].islower() and word not in _SMALL_IN_PLACES:
            return None
    return None


def decode_sentences(logits: Floats, breaks: frozenset[int] = frozenset()) -> list[tuple[int, int]]:
    """Cut words into sentences.

    Args:
        logits: (words,) scores of "a sentence starts here".
        breaks: Words that start a sentence whatever the model says.

    Returns:
        Half-open word ranges that tile the words.
    """
    words = len(logits)
    if not words:
        return []
    starts = logits > 0
    starts[[0, *(b for b in breaks if b < words)]] = True
    edges = [*np.flatnonzero(starts).tolist(), words]
    sentences: list[tuple[int, int]] = []
    for first, end in pairwise(edges):
        start = first
        while end - start > LONGEST_SENTENCE:
            middle = logits[start + LONGEST_SENTENCE // 2 : start + LONGEST_SENTENCE]
            cut = start + LONGEST_SENTENCE // 2 + int(middle.argmax())
            sentences.append((start, cut))
            start = cut
        sentences.append((start, end))
    return sentences


def decode_tree(scores: Floats) -> Ints:
    """Read the heads of one sentence.

    Args:
        scores: (words, words); row = word, column = its head, diagonal = being the root.

    Returns:
        (words,) head positions, own position for the one root; always a tree. The maximum spanning arborescence
        (Chu-Liu/Edmonds), computed only where the best heads taken one by one form no tree.
    """
    heads: Ints = scores.argmax(axis=1)
    if _is_tree(heads):
        return heads
    roots = np.flatnonzero(heads == np.arange(len(heads)))
    candidates = roots if len(roots) else scores.diagonal().argsort()[-3:]
    best, best_total = heads, -np.inf
    for root in candidates:
        tree = _arborescence(scores, int(root))
        total = scores[np.arange(len(tree)), tree].sum()
        if total > best_total:
            best, best_total = tree, total
    return best


def _is_tree(heads: Ints) -> bool:
    """Tell whether the heads have one root and no circle."""
    if (heads == np.arange(len(heads))).sum() != 1:
        return False
    reach = heads
    steps = 1
    while steps < len(heads):
        reach = reach[reach]
        steps *= 2
    return bool((reach == reach[0]).all())


def _arborescence(scores: Floats, root: int) -> Ints:
    """Best tree with a given root, by Chu and Liu (1965) and Edmonds (1967)."""
    work = scores.astype(np.float64).copy()
    np.fill_diagonal(work, -1e9)
    work[root] = -1e9
    work[root, root] = 0.0
    return _contract(work, root)


def _contract(work: NDArray[np.float64], root: int) -> Ints:
    size = len(work)
    heads: Ints = work.argmax(axis=1)
    heads[root] = root
    circle = _find_circle(heads, root)
    if circle is None:
        return heads
    inside = np.zeros(size, bool)
    inside[circle] = True
    outer = np.flatnonzero(~inside)
    ring = np.array(circle)
    # Entering the circle at a word costs the arc that the word loses.
    loss = work[ring, heads[ring]]
    entering = work[np.ix_(ring, outer)] - loss[:, None]
    leaving = work[np.ix_(outer, ring)]
    small = np.full((len(outer) + 1, len(outer) + 1), -1e9)
    small[:-1, :-1] = work[np.ix_(outer, outer)]
    small[-1, :-1] = entering.max(axis=0)
    small[:-1, -1] = leaving.max(axis=1)
    small_root = int(np.flatnonzero(outer == root)[0])
    solved = _contract(small, small_root)
    result = heads.copy()
    for i, word in enumerate(outer):
        target = solved[i]
        result[word] = ring[leaving[i].argmax()] if target == len(outer) else outer[target]
    gate = int(solved[-1])
    entry = ring[entering[:, gate].argmax()]
    result[entry] = outer[gate]
    result[root] = root
    return result


def _find_circle(heads: Ints, root: int) -> list[int] | None:
    state = np.zeros(len(heads), np.int8)
    state[root] = 2
    for start in range(len(heads)):
        path = []
        node = start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if state[node] == 1:
            return path[path.index(node) :]
        state[path] = 2
    return None
