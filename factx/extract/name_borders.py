"""Borders of names: what the encoder proposes as tokens, cut to where the guidelines say a name begins and ends.

Titles, articles, possessives, marks and hyphenated adjectives come off; bracketed acronyms and divided places come
apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.countries import is_country, is_demonym, is_listed
from factx.extract.mentions import Mention
from factx.extract.settled_labels import settled_label
from factx.titles import MODIFIER, is_kin, title_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.words import Words
    from factx.facts import Label

HYPHENS = frozenset("-–‐‑")
ARTICLES = frozenset(("the", "a", "an"))
CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february july september october november
    december""".split()
)
# First halves of hyphenated words that hold a name: "pro-Russian".
PREFIXES = frozenset(("pro", "anti", "non", "ex", "neo", "post", "pre", "mid", "trans", "ultra", "un", "near"))
_POSSESSIVES = frozenset(("'s", "’s", "‘s", "'", "’", "´s", "`s"))
# What never begins or ends a name. A full stop stays: "U.S.", "Inc."; a plus sign, too: "OPEC+".
_MARKS = " \t\r\n\v\f\u00a0\u200b\"'“”‘’„‟«»‹›()[]{}<>,;:!?*_-–—‐‑/\\|#@`´…•~^=&%$€£"
_OPENING_BRACKETS = frozenset("([{")
_CLOSING_BRACKETS = frozenset(")]}")
# Second halves of hyphenated adjectives that are no participles; those end in "ed" (or are listed for other forms).
_ADJECTIVE_ENDINGS = frozenset(
    """led run held born made wide era style only friendly bound flagged speaking dominated built drawn area month year
    language trained hit torn influenced""".split()
)
# "north Carolina" and "southern Lebanon" are told apart by lists.
_DIRECTIONS = frozenset("north south east west".split())
# Small words that names of places and bodies begin with.
_PARTICLES = frozenset(
    "al el de la le les los las das dos da di del della do van von der den bin ben ibn ad an ar as ash at az".split()
)
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "v", "vi"))
# What a people's adjective before them does not make a name of.
# Honours, degrees and seats behind a name: "Helen Marsh QC".
LETTERS_AFTER = frozenset("QC KC SC MP MEP MSP TD OBE MBE CBE PhD MD Esq".split())
_COMMON_BODIES = frozenset(
    """army police government military authorities forces troops soldiers officials media parliament navy republic
    administration regime state rebels militants""".split()
)
# Names that end in a possessive of their own.
_POSSESSIVE_NAMES = frozenset(
    """bloomingdale christie denny domino harrods kohl levi lloyd lowe macy mcdonald moody sainsbury selfridge sotheby
    tiffany wendy zabar""".split()
)
# What is before a state or country in one name with it: "Upstate New York", "Port Washington", "Nazi Germany".
_PARTS_OF_PLACES = frozenset(
    """north south east west northern southern eastern western northeast northwest southeast southwest
    northeastern northwestern southeastern southwestern central upper lower inner outer greater upstate downtown
    rural coastal mainland metropolitan new old modern ancient baja free occupied mandatory imperial colonial
    nazi fascist soviet communist tsarist vichy francoist republican lake mount fort port saint st cape gulf the
    of and republic kingdom state states federation union united emirate commonwealth people peninsular
    continental insular young fair great little team forward our midwestern de du des di le y air stade copa
    gran""".split()
)
# Postal codes of states and provinces; those that are words of names elsewhere ("La", "De") in capitals alone.
_POSTAL_CODES = frozenset(
    """AK AR AZ CA CT FL GA IA IL KS KY MI MN MS MT NC ND NE NH NJ NM NV NY RI SC SD TN TX UT VT WA WI WV WY DC AB BC MB
    NB NS ON QC SK NSW QLD VIC TAS""".split()
)
_POSTAL_WORDS = frozenset("AL CO DE HI ID IN LA MA MD ME MO OH OK OR PA VA".split())
# A text of even lines has longer ones.
_SHORT_LINE = 60
_LEGAL_FORMS = frozenset("inc ltd corp co bros l.p".split())
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_SHOUTED = frozenset(("Yahoo", "Jeopardy"))
_STOP_AND_MARK = re.compile(r"\.[.,;:)]")
_ROMAN = re.compile(r"[IVX]+\.")
_TAIL = re.compile(r"([-–‐‑])([a-z]+)$")


def mend_borders(words: Words, first: int, last: int, label: Label, score: float) -> Iterator[Mention]:
    """Cut a proposed span to the names that it holds."""
    if label in ("ORG", "PERSON", "NORP") and _begins_with_seat(words, first, last):
        yield from mend_borders(words, first, first + 1, "GPE", score)
        first += 3
    for part_first, part_last in _split(words, first, last, label):
        part = _trim(words, part_first, part_last, label)
        if part is None:
            continue
        start, end = _trim_characters(words, *part)
        text = words.text[start:end]
        # A mark that a wrong encoding made a letter clings to a word: "âUnfortunately".
        broken = len(text) > 1 and text[0].islower() and not text[0].isascii() and text[1].isupper()
        if end > start and any(c.isalnum() for c in text) and text.lower() not in CALENDAR and not broken:
            common = label != "NORP" and words.forms[part_last - 1] in _COMMON_BODIES and is_demonym(text)
            named: Label = "NORP" if common else label
            yield Mention(start, end, text, named, score, words.token_at(start), words.token_at(end - 1) + 1)


def _split(words: Words, first: int, last: int, label: Label) -> Iterator[tuple[int, int]]:
    """Split at blank lines and brackets, places at commas and before a state, people and bodies at strokes."""
    begin = first
    for index in range(first, last):
        form = words.forms[index]
        bracket = form in _OPENING_BRACKETS or form in _CLOSING_BRACKETS
        comma = form == "," and label in ("GPE", "LOC", "FAC")
        stroke = form == "/" and label in ("ORG", "PERSON") and words.starts[index] > words.ends[index - 1]
        if bracket or comma or stroke or form.count("\n") > 1 or (form.isspace() and _ends_short_line(words, index)):
            if index > begin:
                yield begin, index
            begin = index + 1
    if last > begin:
        state = _find_state(words, begin, last) if label == "GPE" else None
        if state is not None:
            yield begin, state
            begin = state
        yield begin, last


def _find_state(words: Words, first: int, last: int) -> int | None:
    """Find the state or country that ends the name of a town without a comma: "Lincoln | Nebraska", "Renton | WA"."""
    if is_listed(words.text[words.starts[first] : words.ends[last - 1]]):
        return None
    for begin in range(first + 1, last):
        if not words.forms[begin][0].isalpha():
            return None
        tail = words.text[words.starts[begin] : words.ends[last - 1]]
        code = tail in _POSTAL_WORDS or tail.upper() in _POSTAL_CODES
        if code or is_country(tail) or settled_label(tail) == "GPE":
            head = words.lowers[first:begin]
            parts = _PARTS_OF_PLACES.intersection(head) or any(is_people(form) for form in head)
            return None if parts or not all(form.isalpha() for form in head) else begin
    return None


def _begins_with_seat(words: Words, first: int, last: int) -> bool:
    """Tell whether a name was taken together with where its bearer sits: "Berlin-based | Institute for Peace"."""
    return (
        last - first > 3
        and words.forms[first].istitle()
        and words.lowers[first + 1] in HYPHENS
        and words.lowers[first + 2] == "based"
    )


def _ends_short_line(words: Words, index: int) -> bool:
    """Tell whether a line break ends a title, byline or item of a list, and is not one of a text of even lines."""
    begin = words.text.rfind("\n", 0, words.starts[index]) + 1
    return "\n" in words.forms[index] and words.starts[index] - begin < _SHORT_LINE


def _trim(words: Words, first: int, last: int, label: Label) -> tuple[int, int] | None:
    """Take articles, titles, possessives, prefixes and hyphenated adjectives off the borders, in tokens."""
    lowers = words.lowers
    changed = True
    while changed and first < last:
        before = (first, last)
        while first < last and not any(c.isalnum() for c in words.forms[first]):
            first += 1
        while last > first and (
            lowers[last - 1] in _POSSESSIVES or not any(c.isalnum() for c in words.forms[last - 1])
        ):
            # "OPEC +", "Yahoo !" are cut by the tokenizer, and only the plus sign is part of a name.
            if words.forms[last - 1] in ("+", ".") or _ends_name(words, first, last, label):
                break
            last -= 1
        if last - first > 1 and (_is_loose_article(words, first) or _is_loose_adjective(words, first, label)):
            first += 1
        if last - first > 2 and lowers[last - 2] in HYPHENS and is_adjective_ending(words.forms[last - 1]):
            last -= 2
        prefixed = last - first > 2 and lowers[first + 1] in HYPHENS and lowers[first] in PREFIXES
        # "(R-Ga.)" tells a party and a state.
        if last - first > 2 and words.forms[first] in ("R", "D") and lowers[first + 1] in HYPHENS:
            first += 2
        # "Anti-Defamation League" is a name, "pro-Taliban" and "Anti-Syrian" hold one.
        if prefixed and (words.forms[first].islower() or last - first == 3):
            first += 2
        if label == "PERSON":
            first = _skip_titles(words, first, last)
            if last - first > 1 and words.forms[last - 1] in LETTERS_AFTER:
                last -= 1
        elif last - first > 1 and words.forms[last - 1] in _COMMON_BODIES and _spells_demonym(words, first, last - 1):
            # "the Kazakh army" names a people and a common noun.
            last -= 1
        changed = (first, last) != before
    # A full stop of its own ends a name only after a single letter or an abbreviation that the tokenizer cut.
    if (last - first > 1 and words.forms[last - 1] == "." and words.starts[last - 1] != words.ends[last - 2]) or (
        last - first > 1 and words.forms[last - 1] == "." and len(words.forms[last - 2]) > 4
    ):
        last -= 1
    return (first, last) if last > first else None


def _ends_name(words: Words, first: int, last: int, label: Label) -> bool:
    """Tell whether a possessive is part of the name.

    Where the encoder takes it in it ends the name of a shop or restaurant; of a person or country it never does.
    """
    return (
        words.lowers[last - 1] in _POSSESSIVES
        and last - first > 1
        and (label in ("ORG", "FAC") or words.lowers[last - 2] in _POSSESSIVE_NAMES)
    )


def _is_loose_article(words: Words, first: int) -> bool:
    """Tell whether a first token is an article that is no part of the name, as it is in "The Hague"."""
    form = words.forms[first]
    if words.lowers[first] not in ARTICLES:
        return False
    if form in ("the", "a", "an") or (form.isupper() and len(form) > 1):
        return True
    following = words.forms[first + 1]
    return following != "Hague" and (words.opens[first] or is_country(following))


def _is_loose_adjective(words: Words, first: int, label: Label) -> bool:
    """Tell whether a first token is a common word before a name of a place or body: "historic | Canyon Road"."""
    form = words.forms[first]
    common = form.islower() and form.isalpha() and form not in _PARTICLES | _DIRECTIONS
    return common and label in ("ORG", "GPE", "LOC", "FAC") and words.forms[first + 1][0].isupper()


def _spells_demonym(words: Words, first: int, last: int) -> bool:
    return is_demonym(words.text[words.starts[first] : words.ends[last - 1]])


def is_adjective_ending(form: str) -> bool:
    """Tell whether a word is the second half of an adjective like "Houthi-led"."""
    return form.islower() and ((form.endswith("ed") and len(form) > 3) or form in _ADJECTIVE_ENDINGS)


def is_people(form: str) -> bool:
    """Tell whether a word names a people or a faith, as noun or adjective."""
    return is_demonym(form) or settled_label(form) == "NORP"


def _skip_titles(words: Words, first: int, last: int) -> int:
    """Give the first token of a person's name behind its titles."""
    cut = first
    # "Secretary of State Jane Doe": the end of the office is taken into the name.
    inside_office = first > 1 and words.lowers[first - 1] == "of" and title_kind(words.forms[first - 2]) == "office"
    if inside_office and last - first > 2 and title_kind(words.forms[first]) == MODIFIER:
        first, cut = first + 1, first + 1
    for index in range(first, last - 1):
        form = words.forms[index]
        kind = title_kind(form)
        if kind is None and words.lowers[index] != "of" and not is_people(form) and form != ".":
            break
        if kind in (None, MODIFIER) or not (form[0].isupper() or kind == "role"):
            continue
        # "Son Heung-min": a relative is not called so in capitals; "Dean Rusk", of whom "Dean" is no office.
        if form in ("Dean", "Earl") or (is_kin(form) and form[0].isupper() and not words.opens[index]):
            continue
        rest = [w for w in words.lowers[index + 1 : last] if w != "."]
        if not rest or rest[0] in ("of", "and") or all(w.rstrip(".") in _SUFFIXES for w in rest):
            continue
        lone = len(rest) == 1 and words.lowers[index] in ("sheikh", "sheik", "prince", "saint")
        if not lone and not words.forms[index + 1][0].islower():
            cut = index + 1
    while cut < last - 1 and words.forms[cut] == ".":
        cut += 1
    return cut


def _trim_characters(words: Words, first: int, last: int) -> tuple[int, int]:
    """Give the characters of a name, without marks that cling to its tokens."""
    start, end = words.starts[first], words.ends[last - 1]
    text = words.text[start:end]
    # "U.S.-led" is one token.
    if (tail := _TAIL.search(text)) and tail.start() > 0 and is_adjective_ending(tail.group(2)):
        text = text[: tail.start()]
    # A possessive that is a token of its own was judged with its name.
    joined = words.lowers[last - 1] not in _POSSESSIVES and text.endswith(("'s", "’s"))
    if joined and len(text) > 2 and text[:-2].lower() not in _POSSESSIVE_NAMES:
        text = text[:-2]
    # "he wrote on X.", but "S. and I".
    ends = last == len(words.forms) or words.opens[last] or words.forms[last].isspace()
    if last - first == 1 and len(text) == 2 and text[1] == "." and ends:
        text = text[:1]
    # The tokenizer takes the end of a sentence into a numeral: "Pope Clement V.", "World War I."
    if last - first > 1 and _ROMAN.fullmatch(words.forms[last - 1]):
        text = text[:-1]
    stripped = text.lstrip(_MARKS)
    start += len(text) - len(stripped)
    end = start + len(stripped.rstrip(_MARKS))
    # The stop of an abbreviation, where another mark tells that it ends no sentence: "Brown, Inc.,", "in the U.S..".
    form = (words.text[start:end].split() or [""])[-1]
    if (form.lower() in _LEGAL_FORMS or _INITIALS.fullmatch(form)) and _STOP_AND_MARK.match(words.text, end):
        end += 1
    if form in _SHOUTED and words.text[end : end + 1] == "!":
        end += 1
    return start, end
