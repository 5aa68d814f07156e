"""Clubs that bear a city's name: "Madrid will face Munich" on a sports page names two teams and no place.

National teams keep the label of their country: the country plays, as it says or rejects (entities-guidelines).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factx.countries import is_listed

if TYPE_CHECKING:
    from factx.extract.mentions import Mention
    from factx.extract.words import Words

# An article with so many of these words is about sport.
_FEWEST_SPORT_WORDS = 3
_SPORT_WORDS = frozenset(
    """goal goals striker midfielder goalkeeper winger defender coach league cup match season penalty half-time halftime
    semi-final semi-finals semifinal semifinals quarter-final quarter-finals final kick-off knockout qualifier offside
    stoppage-time substitute header hat-trick innings wicket wickets batsman quarterback touchdown touchdowns playoff
    playoffs rebounds assists pitcher inning homer dunk relegation derby fixture scoreless goalless club squad
    touchline dressing-room equaliser equalizer transfer standings""".split()
)
_VERBS = frozenset(
    """beat beats defeat defeats defeated draw draws drew thrash thrashed host hosts hosted face faces faced lead
    leads led trail trails trailed win wins won lose loses lost equalise equalised equalized score scores scored
    edge edges edged meet meets met play plays played visit visits visited sign signs signed sack sacked qualify
    qualified advance advanced""".split()
)
_AUXILIARIES = frozenset("had have has will would could can must were are also".split())
_BEFORE = frozenset(
    """beat beats beaten beating defeated defeat defeats defeating against versus v vs thrashed thrashing edged edging
    facing face faces faced""".split()
)
_BEFORE_PAIRS = frozenset(
    f"{one} {other}"
    for words, others in {
        "plays played play playing signed scored scores": ("for",),
        "win victory wins": ("over",),
        "lost loses losing loss defeat moved move transfer loan": ("to",),
        "draw drew drawn": ("with",),
        "defeat": ("by", "at"),
        "loan": ("from",),
    }.items()
    for one in words.split()
    for other in others
)
_PLAYERS = frozenset(
    """coach captain striker midfielder goalkeeper defender winger forward manager fans supporters players squad
    teammate teammates fullback boss bench defence defense attack side""".split()
)


def find_clubs(words: Words, mentions: list[Mention]) -> list[Mention]:
    """Label as ORG the cities that play, in an article about sport.

    Args:
        words: The article's words.
        mentions: Its mentions, in text order.

    Returns:
        All mentions, in the same order.
    """
    if len(_SPORT_WORDS.intersection(words.lowers)) < _FEWEST_SPORT_WORDS:
        return mentions
    return [
        replace(mention, label="ORG")
        if mention.label == "GPE" and not is_listed(mention.text) and _plays(words, mention)
        else mention
        for mention in mentions
    ]


def _plays(words: Words, mention: Mention) -> bool:
    behind = words.lowers[mention.last : mention.last + 2]
    if behind and behind[0] in _AUXILIARIES:
        behind = behind[1:]
    if behind and behind[0] in _VERBS | _PLAYERS:
        return True
    before = words.lowers[max(0, mention.first - 2) : mention.first]
    return bool(before) and (before[-1] in _BEFORE or " ".join(before) in _BEFORE_PAIRS)
