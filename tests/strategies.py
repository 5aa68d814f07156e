"""Hypothesis strategies for the records, shared by all property tests: facts whose offsets fit their article."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from factx.facts import (
    Article,
    Count,
    Date,
    DateRef,
    Entity,
    Facts,
    Kind,
    Label,
    PublishedFrom,
    Qualifier,
    Quote,
    QuoteKind,
    Ref,
    Span,
    Speaker,
    Status,
    TimexType,
)

# Signs that break output: escapes, controls, bidi marks, lone surrogates, markup of rich, combining marks, emoji.
hostile_text = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from("\x00\x07\x1b\x9b\u202e\u2028\ufeff\ud800\udfff\n\r\t[]<>&\"'“”’«»"),
        st.sampled_from(["[bold]", "[/]", "\x1b[31m", "👩‍👩‍👧", "e\u0301"]),
    ),
    max_size=12,
).map("".join)

_NEWS = (
    "Police said that at least 12 people were killed and dozens wounded in Kabul on Friday . He told reporters , “ ” ' "
    "Mr. Khan 3,000 yesterday January 5"
)
news_text = st.lists(st.sampled_from([*_NEWS.split(), "\n", "\n\n", "\t"]), max_size=60).map(" ".join)
"""Text that is like news in its words alone."""

broken_text = st.lists(
    st.sampled_from([*"âÃÂðŸ€œ\x80\x9d\x93™©\xad&;? .aA", "â€œ", "Ã©", "&quot;", "&amp;quot;", "\u200b", "word "]),
    max_size=30,
).map("".join)
"""Text with remains of wrong encodings."""

days = st.dates().map(str)
confidences = st.floats(0, 1)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Draw an article of a hundred characters at the most."""
    published = draw(st.none() | days)
    return Article(
        id=draw(hostile_text.filter(bool)),
        source=draw(hostile_text.filter(bool)),
        text=draw(st.one_of(hostile_text, news_text).filter(bool)),
        title=draw(st.none() | hostile_text),
        published=published,
        published_from=draw(st.sampled_from(get_args(PublishedFrom))) if published else None,
        author=draw(st.none() | hostile_text.filter(bool)),
        site=draw(st.none() | hostile_text.filter(bool)),
        warnings=tuple(draw(st.lists(hostile_text, max_size=2))),
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Draw an article with all kinds of facts in it."""
    article = draw(articles())
    text = article.text

    def place() -> dict[str, Any]:
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        return {"start": start, "end": end, "text": text[start:end]}

    def maybe(make: Any) -> Any:
        return make() if draw(st.booleans()) else None

    def span() -> Span:
        return Span(**place())

    entities = tuple(
        Entity(
            id=f"e{number}",
            label=draw(st.sampled_from(get_args(Label))),
            name=draw(hostile_text.filter(bool)),
            role=maybe(lambda: draw(hostile_text)),
            country=draw(st.sampled_from([None, "KZ", "US"])),
            mentions=tuple(span() for _ in range(draw(st.integers(1, 3)))),
            confidence=draw(confidences),
        )
        for number in range(1, draw(st.integers(1, 4)))
    )
    ids = st.sampled_from([None, *(entity.id for entity in entities)])

    def reference() -> Ref:
        return Ref(**place(), entity=draw(ids))

    def count() -> Count:
        return Count(
            **place(),
            kind=draw(st.sampled_from(get_args(Kind))),
            low=draw(st.none() | st.integers(0, 10**9)),
            high=draw(st.none() | st.integers(0, 10**9)),
            qualifier=draw(st.sampled_from(get_args(Qualifier))),
            who=maybe(lambda: draw(hostile_text)),
            subset=draw(st.booleans()),
            status=draw(st.sampled_from(get_args(Status))),
            cue=maybe(span),
            source=maybe(reference),
            place=maybe(reference),
            date=maybe(lambda: DateRef(**place(), value=draw(days))),
            confidence=draw(confidences),
            rule="model",
        )

    def date() -> Date:
        return Date(
            **place(),
            type=draw(st.sampled_from(get_args(TimexType))),
            value=draw(st.sampled_from(["2022-01-01", "XXXX-XX-XX", "P3D", "2022-01-09TNI", "PRESENT_REF"])),
            mod=draw(st.sampled_from([None, "APPROX", "START", "SOMETHING_NEW"])),
            confidence=draw(confidences),
            rule="calendar",
        )

    def quote() -> Quote:
        parts = tuple(sorted((span() for _ in range(draw(st.integers(1, 3)))), key=lambda part: part.start))
        return Quote(
            kind=draw(st.sampled_from(get_args(QuoteKind))),
            text=" ".join(part.text for part in parts),
            start=parts[0].start,
            end=parts[-1].end,
            parts=parts,
            cue=maybe(span),
            speaker=maybe(
                lambda: Speaker(**place(), name=maybe(lambda: draw(hostile_text.filter(bool))), entity=draw(ids))
            ),
            nested=draw(st.booleans()),
            confidence=draw(confidences),
            rule="marks",
        )

    several = range(draw(st.integers(0, 2)))
    return Facts(
        article=article,
        entities=entities,
        counts=tuple(count() for _ in several),
        dates=tuple(date() for _ in several),
        quotes=tuple(quote() for _ in several),
    )
