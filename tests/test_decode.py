"""Rows of numbers to spans, sentences and trees, held against slow and plain versions of the same."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from factx.encoder.decode import (
    SURELY_OUTSIDE,
    TaggedSpan,
    cut_spans,
    decode_sentences,
    decode_spans,
    decode_tree,
    sigmoid,
    softmax,
)

FLOATS = st.floats(-5, 5, width=32)


def _valid(tags: tuple[int, ...]) -> bool:
    opened = 0
    for tag in tags:
        position, label = ((tag - 1) % 4, (tag - 1) // 4 + 1) if tag else (None, 0)
        if opened:
            if position not in (1, 2) or label != opened:
                return False
        elif position in (1, 2):
            return False
        opened = label if position in (0, 1) else 0
    return not opened


@given(arrays.arrays(np.float32, st.tuples(st.integers(1, 4), st.just(9)), elements=FLOATS))
@example(np.array([[1, *[-5] * 8], [-5, -5, 2, *[-5] * 6], [-5] * 9], np.float32))
@settings(max_examples=60, deadline=None)
def test_spans_are_the_best_valid_sequence(logits: np.ndarray) -> None:
    """The best of those that leave out what is surely outside, where stretches to decode anew end."""
    outside = softmax(logits)[:, 0] > SURELY_OUTSIDE
    choices = [(0,) if sure else range(9) for sure in outside]
    best = max(
        (tags for tags in itertools.product(*choices) if _valid(tags)),
        key=lambda tags: sum(logits[i, tag] for i, tag in enumerate(tags)),
    )
    tags = [0] * len(logits)
    for span in decode_spans(logits):
        middle = [2] * (span.end - span.start - 2)
        positions = [4] if span.end - span.start == 1 else [1, *middle, 3]
        tags[span.start : span.end] = [4 * span.label + position for position in positions]
    assert _valid(tuple(tags))
    score = sum(logits[i, tag] for i, tag in enumerate(tags))
    assert score == pytest.approx(sum(logits[i, tag] for i, tag in enumerate(best)), abs=1e-3)


def test_span_scores_are_probabilities() -> None:
    logits = np.full((3, 5), -4.0, np.float32)
    logits[0, 0] = logits[1, 4] = logits[2, 0] = 4
    (span,) = decode_spans(logits)
    assert (span.start, span.end, span.label) == (1, 2, 0)
    assert 0.99 < span.score <= 1


def test_no_span_crosses_into_a_paragraph() -> None:
    spans = [TaggedSpan(0, 1, 0, 0.9), TaggedSpan(2, 5, 1, 0.8)]
    assert cut_spans(spans, {0, 2, 4, 9}) == [spans[0], TaggedSpan(2, 4, 1, 0.8), TaggedSpan(4, 5, 1, 0.8)]
    assert cut_spans(spans, ()) == spans


def test_no_words_no_spans() -> None:
    assert decode_spans(np.zeros((0, 5), np.float32)) == []
    assert decode_sentences(np.zeros(0, np.float32)) == []


@given(arrays.arrays(np.float32, st.integers(1, 700), elements=FLOATS), st.frozensets(st.integers(0, 800), max_size=5))
@settings(max_examples=50, deadline=None)
def test_sentences_tile_the_words(logits: np.ndarray, breaks: frozenset[int]) -> None:
    sentences = decode_sentences(logits, breaks)
    assert sentences[0][0] == 0
    assert sentences[-1][1] == len(logits)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(sentences))
    assert all(0 < end - start <= 250 for start, end in sentences)
    assert {start for start, _ in sentences} >= {b for b in breaks if b < len(logits)}


def _is_tree(heads: tuple[int, ...]) -> bool:
    roots = [i for i, head in enumerate(heads) if head == i]
    if len(roots) != 1:
        return False
    for word in range(len(heads)):
        node = word
        for _ in heads:
            node = heads[node]
        if node != roots[0]:
            return False
    return True


@given(st.integers(1, 5).flatmap(lambda n: arrays.arrays(np.float32, (n, n), elements=FLOATS)))
@settings(max_examples=100, deadline=None)
def test_heads_always_form_a_tree(scores: np.ndarray) -> None:
    heads = decode_tree(scores)
    assert _is_tree(tuple(int(head) for head in heads))


@given(st.integers(2, 5).flatmap(lambda n: arrays.arrays(np.float32, (n, n), elements=FLOATS)))
@settings(max_examples=60, deadline=None)
def test_tree_is_the_best_with_its_root(scores: np.ndarray) -> None:
    heads = decode_tree(scores)
    size = len(scores)
    root = next(i for i in range(size) if heads[i] == i)
    trees = (t for t in itertools.product(range(size), repeat=size) if t[root] == root and _is_tree(t))
    best = max(sum(scores[i, head] for i, head in enumerate(tree)) for tree in trees)
    assert sum(scores[i, head] for i, head in enumerate(heads)) == pytest.approx(best, abs=1e-3)


def test_probabilities_do_not_overflow() -> None:
    extreme = np.array([[1e9, -1e9]], np.float32)
    assert softmax(extreme).tolist() == [[1.0, 0.0]]
    assert np.isfinite(sigmoid(extreme)).all()
