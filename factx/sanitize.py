"""Make text from strangers safe to show: on a terminal, escape sequences and reordering marks are harmless signs."""

from __future__ import annotations

_BELL_TO_ESCAPE = {code: 0x2400 + code for code in range(0x20)}  # control pictures: ESC becomes the sign "␛"
_HARMLESS: dict[int, int | str | None] = {
    **_BELL_TO_ESCAPE,
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "\N{REPLACEMENT CHARACTER}"),  # C1: some terminals read CSI (9B) from here
    **dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), None),  # bidi controls
    **dict.fromkeys((0xFEFF, *range(0xE0000, 0xE0080)), None),  # marks without a shape: BOM and tags
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),  # lone surrogates cannot be encoded
    ord("\t"): " ",
    ord("\n"): " ",
    ord("\r"): " ",
    0x0B: " ",
    0x0C: " ",
    0x85: " ",
    0x2028: " ",
    0x2029: " ",
}


def make_harmless(text: str) -> str:
    r"""Replace what a terminal would act on by a visible sign, and line breaks by blanks.

    >>> make_harmless("a\x1b[31mb\nc")
    'a␛[31mb c'
    >>> make_harmless("abc\u202edef")
    'abcdef'

    Args:
        text: Any text, also with lone surrogates.

    Returns:
        One line that can be encoded and printed.
    """
    return text.translate(_HARMLESS)


def replace_surrogates(text: str) -> str:
    r"""Replace lone surrogates, which no encoding can hold, by U+FFFD, one for one, so that offsets stay.

    >>> replace_surrogates("a\ud800b")
    'a�b'
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
