"""Credits: the parts of an article that tell who wrote, photographed or sent it; datelines; who sent a mail.

A reader does not count a byline among the people in the news; names that stand nowhere else are flagged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factx.extract.mentions import SURE_SCORE, Mention, make_mention, touching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factx.extract.words import Words
    from factx.facts import Label

# What a name of a dateline that the encoder missed is worth.
_SCORE = 0.8
_DASH = r"(?:—|–|--|-)"
_DATELINE = re.compile(
    rf"""^[ \t]*(?P<places>[A-Z][A-Z'’.\- ]*[A-Z](?:\s?/\s?[A-Z][A-Z'’.\- ]*[A-Z])*)  # TEL AVIV/BEIRUT
    (?:,[ ][A-Z0-9][^\n(—–]{{1,60}}?)?                                               # , Kenya, March 4
    [ ]?(?P<agency>\([^()\n]{{2,60}}\))?[ ]?(?<![\w\-]){_DASH}{{1,2}}(?=[ ])""",
    re.MULTILINE | re.VERBOSE,
)
_MIXED_DATELINE = re.compile(rf"^[^\n()]{{2,60}}(?P<agency>\([A-Z][^()\n]{{1,40}}\))[ ]?{_DASH}[ ]", re.MULTILINE)
# "(AP)", "(Crossline News)", but not "(Aug 3)" or "(Reuters/AFP)".
_AGENCY = re.compile(r"\([A-Z][\w.&'’-]*(?: (?:of |the |and )*[A-Z][\w.&'’-]*){0,3}\)")
_BYLINE = re.compile(r"^[ \t]*(?:By|BY|Story by|Words by|Text by) (?=[A-Z])(?!the |The )[^\n.!?]{3,100}$", re.MULTILINE)
_WRITER = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}"
# "By Eva Strand, Ali Azimi and Tom Reed in Oslo"
_WRITERS = re.compile(
    rf"[ \t]*(?:By|BY) (?P<names>{_WRITER}(?:(?:, | and |, and ){_WRITER})*)(?= in | for |,|\s*$)", re.MULTILINE
)
_CREDIT_WORDS = (
    r"(?:Photo(?:graph|s)?|Picture|Image|Video|Illustration|Graphic|(?:Photo |Image )?[Cc]redit|File photo|FILE PHOTO)"
)
_CREDIT = re.compile(
    rf"[(\[]\s*{_CREDIT_WORDS}(?: by|:| ©)[^()\[\]\n]{{2,160}}[)\]]|^[ \t]*{_CREDIT_WORDS}(?: by|:| ©)[^\n]{{2,160}}$",
    re.MULTILINE,
)
_STAFF = re.compile(
    r"""^[ \t]*\(?(?:(?:Additional[ ])?[Rr]eporting|Writing|Editing|Edited|Compiled|Written)[ ]by[ ][^\n]{3,300}$
    |^[ \t]*With[ ](?:assistance|contributions|files|reporting)[ ](?:from|by)[ ][^\n]{3,200}$
    |^[^\n]{3,200}[ ]contributed[ ](?:to[ ]this[ ](?:report|story|article)|reporting)\b[^\n]{0,80}$
    |^[ \t]*(?:©|\(c\)|Copyright)[ ][^\n]{3,160}$""",
    re.MULTILINE | re.VERBOSE,
)
# The display name of a mail address in quotation marks, without a department in brackets: "Doe, Jane (Law)" <jane@...>.
# Source: RFC 5322, name-addr.
_SENDER = re.compile(
    r""""[ ]?(?P<name>(?!The\b|An?\b)[A-Z][\w.'’-]*(?:,?[ ][A-Z][\w.'’-]*){0,3})(?:[ ]\([^()\n"]{1,30}\))?[ ]?"
    [ ]?<[ ]?[^<>\s@]+@[^<>\s@]+[ ]?>""",
    re.VERBOSE,
)


def find_credits(text: str) -> list[tuple[int, int]]:
    r"""Find bylines, agency marks, photo credits and lines on who reported and edited.

    >>> find_credits("By Eva Strand\n\nOSLO (Reuters) - It rained.")
    [(0, 13), (20, 29)]

    Returns:
        First character and the character after the last of each, in text order; they may overlap.
    """
    found = [match.span() for pattern in (_BYLINE, _CREDIT, _STAFF) for match in pattern.finditer(text)]
    for pattern in (_DATELINE, _MIXED_DATELINE):
        found.extend(match.span("agency") for match in pattern.finditer(text) if match["agency"])
    return sorted(set(found))


def find_dateline_names(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Give the places and agencies of datelines, "PORT ELLIS, South Africa (AP) —", whatever the encoder took them for.

    Args:
        words: The article's words.
        mentions: Its mentions, whose scores are kept.

    Yields:
        A GPE for each place of a dateline and an ORG for its agency, in text order.
    """
    scores = {mention.first: mention.score for mention in mentions}

    def mention_at(start: int, end: int, label: Label) -> Iterator[Mention]:
        first, last = words.token_at(start), words.token_at(end - 1) + 1
        if words.starts[first] == start and words.ends[last - 1] == end:
            yield make_mention(words, first, last, label, max(_SCORE, scores.get(first, 0.0)))

    for match in _DATELINE.finditer(words.text):
        begin, end = match.span("places")
        # "MUST READ - The food was cold": capitals alone make no place of what the encoder takes for none.
        bare = not match["agency"] and match.end("places") + len(" -") >= match.end() - 1
        if bare and not touching(mentions, begin, end):
            continue
        for part in re.finditer(r"[^/\s](?:[^/]*[^/\s])?", match["places"]):
            if len(part.group()) > 2:
                yield from mention_at(begin + part.start(), begin + part.end(), "GPE")
        if match["agency"] and _AGENCY.fullmatch(match["agency"]):
            yield from mention_at(match.start("agency") + 1, match.end("agency") - 1, "ORG")


def find_byline_names(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Give the people of bylines, "By Eva Strand and Tom Reed", that the encoder takes for places or, in doubt, bodies.

    Args:
        words: The article's words.
        mentions: Its mentions.

    Yields:
        A PERSON for each, in text order.
    """
    for line in _BYLINE.finditer(words.text):
        if not (match := _WRITERS.match(words.text, line.start(), line.end())):
            continue
        for name in re.finditer(_WRITER, match["names"]):
            start, end = match.start("names") + name.start(), match.start("names") + name.end()
            taken = touching(mentions, start, end)
            sure = any(m.label == "PERSON" or (m.label == "ORG" and m.score >= SURE_SCORE) for m in taken)
            first, last = words.token_at(start), words.token_at(end - 1) + 1
            if taken and not sure and words.starts[first] == start and words.ends[last - 1] == end:
                yield make_mention(words, first, last, "PERSON", _SCORE)


def find_sender_names(words: Words, mentions: list[Mention]) -> Iterator[Mention]:
    """Give the people whose names stand before their mail addresses, `"Doe, Jane" <jane@example.org>`.

    Args:
        words: The article's words.
        mentions: Its mentions; a body that the encoder is sure of stays one.

    Yields:
        A PERSON for each, in text order.
    """
    bodies = {mention.start for mention in mentions if mention.label == "ORG" and mention.score >= SURE_SCORE}
    for match in _SENDER.finditer(words.text) if "@" in words.text else ():
        start, end = match.span("name")
        if start not in bodies:
            first, last = words.token_at(start), words.token_at(end - 1) + 1
            yield Mention(start, end, match["name"], "PERSON", SURE_SCORE, first, last)
