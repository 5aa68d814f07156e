"""Reading the number itself, without its hedges: digits, words, dozens, shares, ranges and denials."""

from __future__ import annotations

import re

from factx.extract.count_lexicon import number_words, vague_phrases
from factx.extract.number_atoms import DASHES, MOST_PEOPLE, Atoms, Core, Form

# "ranges from 20 to 150" tells one figure, unlike "rose from 30 to 40".
_SPANNING = frozenset(("range", "ranges", "ranged", "ranging", "vary", "varies", "varied", "varying", "anywhere"))
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*(?:[.,]\d+)?|\d{1,3}(?:,\d{2})+,\d{3}")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_NARROW_GAPS = frozenset({"\u00a0", "\u202f", "\u2009"})


def _read_digits(form: str) -> float | None:
    """Read one run of digits with its separators; a fraction only where a point stands before other than 3 digits."""
    if form.isdigit():
        return int(form) if form.isascii() and len(form) <= 11 else None
    if _GROUPED.fullmatch(form):
        whole = re.split(r"[.,](?=\d{1,2}$)", form)[0]
        return int(re.sub(r"\D", "", whole)) if len(whole) <= 15 and whole.isascii() else None
    if _DECIMAL.fullmatch(form) and form.isascii() and len(form) <= 12:
        return float(form.replace(",", "."))
    return None


def _read_digit_number(atoms: Atoms, i: int) -> tuple[int, int] | None:
    """Read a number that starts with digits at an atom: its value and the atom after it."""
    lows, words = atoms.lows, number_words()
    value = _read_digits(lows[i])
    if value is None:
        return None
    end = i + 1
    # "10 000": thin and unbreakable blanks join; a plain blank only where zeros follow, else "May 12 300 people"
    # would be one.
    while (
        end < len(lows)
        and len(lows[end]) == 3
        and lows[end].isdigit()
        and len(lows[end - 1]) <= 3
        and (
            atoms.text[atoms.ends[end - 1] : atoms.starts[end]] in _NARROW_GAPS
            or (atoms.text[atoms.ends[end - 1] : atoms.starts[end]] == " " and lows[end] == "000")
        )
    ):
        value = value * 1000 + int(lows[end])
        end += 1
    scaled = False
    while end < len(lows):
        at = end + 1 if lows[end] in DASHES and end + 1 < len(lows) else end
        kind, factor = words.get(lows[at], ("", 0))
        if (
            kind == "scale"
            or (kind == "hundred" and value < 100)
            or (kind == "suffix" and atoms.glued(end) and at == end)
        ):
            if not scaled and "." in lows[i]:  # "1.234 million" is a fraction although "1.234" alone is none
                value = float(lows[i]) if lows[i].count(".") == 1 and "," not in lows[i] else value
            value, end, scaled = value * factor, at + 1, True
        elif kind == "group" and lows[at] in ("dozen", "score"):
            value, end, scaled = value * factor, at + 1, True
        else:
            break
    whole = round(value)
    if abs(whole - value) > 1e-6 or whole > MOST_PEOPLE:
        return None
    return whole, end


def _read_word_number(atoms: Atoms, i: int) -> tuple[int, int] | None:
    """Read a number in words at an atom: its value and the atom after it."""
    lows, words = atoms.lows, number_words()
    total = current = 0
    end, last, article = i, "", False
    at = i
    if lows[at] in ("a", "an") and at + 1 < len(lows) and words.get(lows[at + 1], ("",))[0] in ("hundred", "scale"):
        current, article, at = 1, True, at + 1
    while at < len(lows):
        low = lows[at]
        if last and low in DASHES and at + 1 < len(lows):
            if lows[at + 1] not in words:
                break
            at += 1
            low = lows[at]
        elif last in ("hundred", "scale") and low == "and" and at + 1 < len(lows):
            kind = words.get(lows[at + 1], ("",))[0]
            following = words.get(lows[at + 2], ("",))[0] if at + 2 < len(lows) else ""
            if kind not in ("unit", "teen", "ten") or (last == "scale" and following in ("scale", "hundred")):
                break
            at += 1
            low = lows[at]
        kind, value = words.get(low, ("", 0))
        if (kind == "unit" and last in ("", "ten", "hundred", "scale")) or (
            kind in ("teen", "ten") and last in ("", "hundred", "scale")
        ):
            current += value
        elif kind == "hundred" and (last in ("unit", "teen", "ten") or article) and current < 100:
            current, article = current * 100, False
        elif kind == "scale" and (last or article) and value < MOST_PEOPLE:
            if total and value >= total:
                break
            total, current, article = total + max(current, 1) * value, 0, False
        else:
            break
        last, at = kind, at + 1
        end = at
        if total + current > MOST_PEOPLE:
            return None
    if not last:
        return None
    if (
        last in ("unit", "teen")
        and end + 3 < len(lows)
        and lows[end] == "and"
        and lows[end + 1] == "a"
        and lows[end + 2] == "half"
        and words.get(lows[end + 3], ("",))[0] == "scale"
    ):
        return round((total + current + 0.5) * words[lows[end + 3]][1]), end + 4
    return total + current, end


def _read_group(atoms: Atoms, i: int) -> tuple[int, int] | None:
    """Read "a dozen", "half a dozen", "two dozen", "a couple of hundred", "the pair", "half a million"."""
    lows, words = atoms.lows, number_words()

    def at(k: int) -> str:
        return lows[k] if k < len(lows) else ""

    k = i
    if at(k) == "a" and at(k + 1) == "half":
        k += 1
    if at(k) == "half":
        k += 1
        if at(k) in ("a", "an") or at(k) in DASHES:
            k += 1
        kind, value = words.get(at(k), ("", 0))
        if kind in ("group", "scale"):
            return value // 2, k + 1
        return None
    if at(k) in ("a", "the", "one"):
        k += 1
    kind, value = words.get(at(k), ("", 0))
    if kind == "set":
        if k == i and at(k) != "couple":
            return None
        k += 1
        if at(k) == "of" and words.get(at(k + 1), ("",))[0] in ("hundred", "scale", "group"):
            k += 1
        kind, factor = words.get(at(k), ("", 0))
        return (value * factor, k + 1) if kind in ("hundred", "scale", "group") else (value, k)
    if at(k) == "dozen" or (at(k) == "score" and at(k + 1) == "of" and k > i):
        return value, k + 1
    number = _read_word_number(atoms, i)
    if number and words.get(at(number[1]), ("",))[0] == "group" and number[0] < 100:
        return number[0] * words[at(number[1])][1], number[1] + 1
    return None


def _read_plain(atoms: Atoms, i: int) -> tuple[int, int, Form] | None:
    low = atoms.lows[i]
    if low[0].isdigit():
        digits = _read_digit_number(atoms, i)
        return (*digits, "digits") if digits else None
    found = _read_group(atoms, i) or _read_word_number(atoms, i)
    return (*found, "words") if found else None


def _read_share(atoms: Atoms, i: int) -> Core | None:
    """Read a part of a named whole: "a third of the 90", "one in five of the 200", "20 percent of 50"."""
    lows, words = atoms.lows, number_words()

    def at(k: int) -> str:
        return lows[k] if k < len(lows) else ""

    share: float
    plain = _read_plain(atoms, i)
    if at(i) == "half" or (at(i) == "a" and at(i + 1) == "half"):
        k = i + 1 + (at(i) == "a")
        share = 0.5
    elif at(i) in ("a", "one") and words.get(at(i + 1), ("",))[0] == "fraction":
        share, k = 1 / words[at(i + 1)][1], i + 2
    elif plain and plain[0] < 100:
        k = plain[1]
        dashed = k + (at(k) in DASHES)
        if words.get(at(dashed), ("",))[0] == "fraction":
            share, k = plain[0] / words[at(dashed)][1], dashed + 1
        elif (
            at(k) == "in"
            and (whole := _read_plain(atoms, k + 1) if k + 1 < len(lows) else None)
            and whole[0] > plain[0]
        ):
            share, k = plain[0] / whole[0], whole[1]
        elif at(k) in ("percent", "%"):
            share, k = plain[0] / 100, k + 1
        elif at(k) == "per" and at(k + 1) == "cent":
            share, k = plain[0] / 100, k + 2
        else:
            return None
    else:
        return None
    if at(k) == "of":
        k += 1
    elif share != 0.5 or at(k) not in ("the", "its", "his"):
        return None
    while at(k) in ("the", "all", "its", "their", "those", "these", "some", "about"):
        k += 1
    whole = _read_plain(atoms, k) if k < len(lows) else None
    if whole is None or whole[0] < 2:
        return None
    value = round(share * whole[0])
    return Core(i, whole[1], value, value, "fraction", whole[1])


def read_core(atoms: Atoms, i: int) -> Core | None:
    """Read the number that starts at an atom, without its hedges."""
    lows = atoms.lows
    low = lows[i]
    following = lows[i + 1] if i + 1 < len(lows) else ""
    if low in ("nobody", "noone", "none", "nil"):
        end = _none_of(atoms, i) if low == "none" else i + 1
        return Core(i, end, 0, 0, "none", end)
    if low == "no":
        if following in ("fewer", "less", "more", "longer"):
            return None
        if following == "one":
            return Core(i, i + 2, 0, 0, "none", i + 2)
        if following in DASHES and i + 2 < len(lows) and lows[i + 2] == "one":
            return Core(i, i + 3, 0, 0, "none", i + 3)
        return Core(i, i + 1, 0, 0, "none", i + 1)
    if low == "not" and following in ("one", "a") and (following == "one" or lows[i + 2 : i + 3] == ["single"]):
        end = i + 2 + (following == "a")
        return Core(i, end, 0, 0, "none", end)
    if low == "both":
        return Core(i, i + 1, 2, 2, "words", i + 1)
    if share := _read_share(atoms, i):
        return share
    vague = vague_phrases()
    for length in (4, 3, 2, 1):
        bounds = vague.get(tuple(lows[i : i + length]))
        if bounds and i + length <= len(lows):
            form: Form = "vague" if bounds[0] != bounds[1] else "words"
            return Core(i, i + length, *bounds, form, i + length)
    plain = _read_plain(atoms, i)
    if plain is None:
        return None
    value, end, form = plain
    return _read_range(atoms, i, value, end, form) or Core(i, end, value, value, form, _whole_of(atoms, end))


def _none_of(atoms: Atoms, i: int) -> int:
    """Give the atom after "none of the 12", whose number tells the whole and not who it happened to."""
    lows = atoms.lows
    if lows[i + 1 : i + 2] == ["of"]:
        k = i + 2
        while k < len(lows) and lows[k] in ("the", "his", "her", "its", "their", "those", "these", "all", "our"):
            k += 1
        whole = _read_plain(atoms, k) if k < len(lows) else None
        if whole:
            return whole[1]
    return i + 1


def _whole_of(atoms: Atoms, end: int) -> int:
    """Give the atom after "out of 4", which tells the whole and not a number of its own."""
    if atoms.lows[end : end + 2] == ["out", "of"] and end + 2 < len(atoms.lows):
        k = end + 2 + (atoms.lows[end + 2] in ("the", "its", "all"))
        whole = _read_plain(atoms, k) if k < len(atoms.lows) else None
        if whole:
            return whole[1]
    return end


def _read_range(atoms: Atoms, i: int, value: int, end: int, form: Form) -> Core | None:
    """Read "between A and B", "A to B", "A-B", "A or B" whose first number is known."""
    lows = atoms.lows
    if end + 1 >= len(lows):
        return None
    before = lows[i - 1] if i else ""
    joint = lows[end]
    dashed = joint in DASHES
    # "rose from 30 to 40" tells two figures, and so does "30 and 40" without "between".
    if not (
        (joint == "and" and before == "between")
        or (
            joint == "to"
            and ("from" not in lows[max(0, i - 6) : i] or not _SPANNING.isdisjoint(lows[max(0, i - 3) : i]))
        )
        or joint == "or"
        or (dashed and atoms.glued(end) == atoms.glued(end + 1))
    ):
        return None
    k = end + 1 + (lows[end + 1] in ("a", "as") and joint != "or" and lows[end + 1] == "as")
    other = _read_plain(atoms, k) if k < len(lows) else None
    if other is None or other[0] > MOST_PEOPLE:
        return None
    top, stop = other[0], other[1]
    if value < 1000 <= top and value < top:
        # "2 to 3 million" shares its scale; "900 to 1,000" does not.
        word = lows[stop - 1]
        scale = number_words().get(word, ("", 1))
        if scale[0] in ("scale", "suffix", "hundred") and value * scale[1] < top and lows[i] != "hundreds":
            value *= scale[1]
    elif lows[stop - 1] == "dozen" and value < 12 and value * 12 < top:
        value *= 12
    if not value < top <= max(value, 1) * 100:
        return None
    return Core(i, stop, value, top, form, stop)


__all__ = ["read_core"]
