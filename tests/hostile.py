"""Facts whose every word tries to become markup, a script, a link or a formula; for all formats that others open."""

from __future__ import annotations

from factx.facts import Article, Count, Date, DateRef, Entity, Facts, Quote, Ref, Span, Speaker

ATTACKS = [
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    "<!--<script>",
    '" onmouseover="window.ran = 1" x="',
    "' autofocus onfocus='window.ran = 1",
    "<img src=x onerror=window.ran=1>",
    '<a href="javascript:window.ran=1">click</a>',
    "javascript:window.ran=1",
    "</style><style>body{display:none}",
    "</textarea></title></dialog><svg onload=window.ran=1>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "\x1b]0;title\x07 \x9b31m \x00",
    '=HYPERLINK("http://example.org")',
    "line\u2028separator",
    "lone \ud800 surrogate 👩‍👩‍👧 é",
]


def make_hostile_facts() -> Facts:
    """Make an article of attacks in which every fact is one, too."""
    text = "\n".join(ATTACKS)
    spans = [Span(start := text.index(attack), start + len(attack), attack) for attack in ATTACKS]
    attack = "".join(ATTACKS)
    entities = tuple(
        Entity(f"e{number}", "PERSON" if number % 2 else "GPE", span.text, attack, "KZ", (span,), 0.9)
        for number, span in enumerate(spans, start=1)
    )
    counts = tuple(
        Count(
            "killed", number, number, "exact", span.text, span.start, span.end, attack, False, "asserted", span,
            Ref(span.text, span.start, span.end, "e1"), Ref(span.text, span.start, span.end, "e2"),
            DateRef(span.text, span.start, span.end, "2022-01-07"), 0.9, attack,
        )
        for number, span in enumerate(spans, start=3)
    )  # fmt: skip
    dates = tuple(
        Date(span.text, span.start, span.end, "DATE", value, attack, 0.9, attack)
        for span, value in zip(spans, ["2022-01-07", attack] * len(spans), strict=False)
    )
    quotes = tuple(
        Quote("direct", span.text, span.start, span.end, (span,), span,
              Speaker(span.text, span.start, span.end, span.text, None), False, 0.9, attack)
        for span in spans
    )  # fmt: skip
    article = Article(
        attack, attack, text, attack, "2022-01-10", "record", warnings=(attack,), author=attack, site=attack
    )
    return Facts(article, entities, counts, dates, quotes)
