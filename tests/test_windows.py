"""Windows: cores tile the article, every window fits the encoder."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from factx.encoder.windows import CONTEXT, CORE, FARTHEST_LEFT, FARTHEST_RIGHT, MOST_PIECES, NEAREST, cut_windows


@given(
    st.lists(st.sampled_from(["word", ".", "”", "!", '"', "Mr."]), max_size=900),
    st.frozensets(st.integers(0, 900), max_size=9),
    st.integers(1, 6),
)
@settings(max_examples=80, deadline=None)
def test_cores_tile_the_words(words: list[str], breaks: frozenset[int], size: int) -> None:
    windows = cut_windows(words, [size] * len(words), breaks)
    assert [w.core_start for w in windows[1:]] == [w.core_end for w in windows[:-1]]
    if words:
        assert windows[0].core_start == 0
        assert windows[-1].core_end == len(words)
    for window in windows:
        assert window.start <= window.core_start < window.core_end <= window.end
        assert (window.end - window.start) * size <= MOST_PIECES
        assert window.end - window.start <= CORE + CONTEXT + FARTHEST_LEFT + FARTHEST_RIGHT


def test_a_window_ends_where_a_sentence_does() -> None:
    words = (["word"] * 19 + ["."]) * 20
    assert all(w.core_end % 20 == 0 for w in cut_windows(words, [1] * len(words)))


def test_a_closing_mark_stays_with_its_sentence() -> None:
    words = (["word"] * 18 + [".", "”"]) * 20
    assert all(w.core_end % 20 == 0 for w in cut_windows(words, [1] * len(words)))


def test_a_short_article_is_one_window() -> None:
    windows = cut_windows(["word"] * (CORE + CONTEXT), [1] * (CORE + CONTEXT))
    assert len(windows) == 1


def test_neighbours_share_context() -> None:
    words = ["word"] * 1000
    for before, after in itertools.pairwise(cut_windows(words, [1] * 1000)):
        assert after.start == after.core_start - CONTEXT
        assert before.end == min(1000, before.core_end + CONTEXT)


def test_context_begins_at_a_sentence_where_one_is_near() -> None:
    words = (["word"] * 19 + ["."]) * 40
    for window in cut_windows(words, [1] * len(words))[1:]:
        assert window.start % 20 == 0
        assert NEAREST <= window.core_start - window.start <= FARTHEST_LEFT
