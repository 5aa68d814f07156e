"""Articles that never happened, with their facts, made without the pipeline: for pages of thousands of them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator

from factx.facts import Article, Count, Date, DateRef, Entity, Facts, Label, Quote, Ref, Span, Speaker

PEOPLE = [
    (f"{first} {last}", role)
    for last, role in zip(
        "Okello Brandt Ferreira Nakashima Olsen Petrov Quispe Rahman Silva Tamm Ueda Vargas".split(),
        ["interior minister", "mayor", "police chief", "spokeswoman", "governor", "coast guard commander"] * 2,
        strict=True,
    )
    for first in "Ada Bruno Chipo Dmitri Elif".split()
]
PLACES = ["Port Laro", "Sanvik", "Tel Amra", "Ordale", "Kisoma", "Velling", "Nuhara", "Casta Verde"]
EVENTS = ["a ferry capsized", "a dam broke", "a train derailed", "fire swept through a market", "two buses collided"]
SOURCES = ["police", "the Red Crescent", "the interior ministry", "hospital officials"]
SAYINGS = [
    "We have never seen anything like it",
    "The search goes on until everybody is found",
    "Those responsible will be named",
    "It is too early to speak of the cause",
]


class _Writer:
    """Writes a text and keeps where each phrase stands."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, words: str) -> Span:
        start = len(self.text)
        self.text += words
        return Span(start, len(self.text), words)


def make_articles(number: int, seed: int = 7) -> Iterator[Facts]:
    """Make articles with their facts.

    Args:
        number: How many.
        seed: The same seed gives the same articles.

    Yields:
        Facts of articles published on days of 2031, some of one event with figures that differ.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable
    for article in range(number):
        yield _make_article(article, chance)


def _make_article(number: int, chance: random.Random) -> Facts:
    day = datetime.date(2031, 1, 1) + datetime.timedelta(days=min(364, int(chance.betavariate(2, 2) * 365)))
    place, event, source = chance.choice(PLACES), chance.choice(EVENTS), chance.choice(SOURCES)
    (name, role), (other, other_role) = chance.sample(PEOPLE, 2)
    killed, injured = int(chance.paretovariate(0.9)) + 2, chance.randint(3, 400)
    happened = day - datetime.timedelta(days=chance.randint(0, 3))
    writer = _Writer()
    write = writer.add
    # Made in the order of the text.
    at_place = write(place)
    write(", ")
    published = write(f"{day:%B} {day.day}, {day.year}")
    write(" - ")
    dead = write(f"At least {killed:,} people")
    write(" were ")
    cue = write("killed")
    write(" and ")
    hurt = write(f"{injured} others")
    write(" injured when ")
    write(f"{event} near ")
    again = write(place)
    write(" on ")
    when = write(f"{happened:%A}")
    write(", ")
    told_by = write(source)
    write(" ")
    said = write("said")
    write(".\n\n“")
    first = write(chance.choice(SAYINGS))
    write(",” ")
    speaker = write(name)
    write(f", the {role}, ")
    told = write("told")
    write(" reporters. ")
    elsewhere = write(other)
    write(f", the {other_role}, said that ")
    indirect = write("help had come too late")
    write(".\n\n")
    write(f"Nothing of this happened; article {number} is one of many that were made to fill a page. " * 6)
    entities = tuple(
        Entity(f"e{place}", label, spans[0].text, told_role, country, spans, 0.9)
        for place, (label, spans, told_role, country) in enumerate(
            [
                ("GPE", (at_place, again), None, "EE"),
                ("PERSON", (speaker,), role, None),
                ("PERSON", (elsewhere,), other_role, None),
            ],
            start=1,
        )
        if _is_label(label)
    )
    date_ref = DateRef(when.text, when.start, when.end, happened.isoformat())
    ref = Ref(told_by.text, told_by.start, told_by.end)
    place_ref = Ref(again.text, again.start, again.end, "e1")
    counts = (
        Count(
            "killed", killed, None, "at_least", dead.text, dead.start, dead.end, "people", False, "asserted", cue, ref,
            place_ref, date_ref, 0.9, "model",
        ),
        Count(
            "injured", injured, injured, "exact", hurt.text, hurt.start, hurt.end, None, False, "asserted", None, ref,
            place_ref, date_ref, 0.9, "model",
        ),
    )  # fmt: skip
    dates = (
        Date(published.text, published.start, published.end, "DATE", day.isoformat(), None, 0.9, "calendar"),
        Date(when.text, when.start, when.end, "DATE", happened.isoformat(), None, 0.9, "weekday"),
    )
    quotes = (
        Quote("direct", first.text, first.start, first.end, (first,), told,
              Speaker(name, speaker.start, speaker.end, name, "e2"), False, 0.9, "marks"),
        Quote("indirect", indirect.text, indirect.start, indirect.end, (indirect,), said,
              Speaker(other, elsewhere.start, elsewhere.end, other, "e3"), False, 0.9, "model"),
    )  # fmt: skip
    article = Article(
        f"made-{number}", f"made-{number}.txt", writer.text, f"{place}: at least {killed:,} dead as {event}",
        day.isoformat(), "dateline",
    )  # fmt: skip
    return Facts(article, entities, counts, dates, quotes)


def _is_label(label: str) -> bool:
    return label in Label.__args__  # type: ignore[attr-defined]
