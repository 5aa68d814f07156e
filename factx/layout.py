"""How a text is laid out: whether its line ends part paragraphs or come from wrapping at a fixed width."""

from __future__ import annotations


def is_wrapped(text: str) -> bool:
    r"""Tell whether a text's single line ends come from wrapping at a fixed width.

    >>> is_wrapped("A headline\nA paragraph that stands on one line and goes on for longer than a terminal is wide.")
    False
    """
    lines = [len(line) for line in text.splitlines() if line.strip()]
    if len(lines) < 4 or max(lines) > 100:  # no terminal or mail wraps wider
        return False
    return sum(length > 0.7 * max(lines) for length in lines) > 0.6 * len(lines)


__all__ = ["is_wrapped"]
