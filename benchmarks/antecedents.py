"""Measure whom the resolver of speakers takes pronouns and short forms for, and choose its weights.

    python benchmarks/antecedents.py [--coref CLUSTERS.jsonl[.gz]...] [--names GOLD.jsonl[.gz]...] [--fit]

CLUSTERS holds texts with `clusters` of mentions (lists of [start, end]) and a `cluster_types` each. Asked are, of the
clusters of people and organizations that name their member, any of whose names is right, the name of

- `speakers`: speakers of quotes, found by factx, that are a pronoun of the third person or shorter than the cluster's
  fullest name;
- `he she it they`: these words wherever they stand, each as if it spoke next: far more of them than speakers.

GOLD holds passages with quotes and a `speaker_name` each; `named` are those of their pronouns and short forms whose
quote was found. Names are compared as `speaker_names.py` tells. A null is counted apart, and neither right nor wrong
unless the gold has none either.

With --fit each weight of `factx/speaker_salience.py` is moved over a grid in turn until none gets better. What counts
is the share of right names less half that of wrong ones (a wrong name is worse than none), the mean of the three kinds;
a move that makes one of them worse is not made, since the kinds are few or unlike news. Give training sets to fit,
others to test.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speaker_names import PRONOUNS, fold_words, judge, read_rows, same_name

from factx.extract.words import Words, read_words
from factx.facts import Article, Facts, Quote, Span, Speaker
from factx.process import process_articles
from factx.speaker_nouns import FEMININE, FIRST_SECOND, MASCULINE, NEUTER, PLURAL
from factx.speaker_salience import WEIGHTS, Weights
from factx.speakers import SpeakerResolver

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

SMALL_WORDS = frozenset("of the and for de la van von al bin da di".split())
NO_NAMES = PRONOUNS | MASCULINE | FEMININE | NEUTER | PLURAL | FIRST_SECOND
LONGEST_NAME = 6
ASKED_ANYWHERE = frozenset(("he", "she", "it", "they"))
# As many speakers before a pronoun tell who spoke last.
BEFORE = 6
GRID: dict[str, tuple[float, ...]] = {
    "governs": (0.0, 0.5, 1.0, 1.5),
    "spoke_last": (0.4, 0.8, 1.2, 1.6, 2.0),
    "subject": (0.3, 0.6, 0.9, 1.2),
    "first": (0.0, 0.2, 0.4, 0.6),
    "gender": (0.0, 0.3, 0.6),
    "distance": (0.6, 0.8, 1.0, 1.3),
}
Verdicts = dict[str, Counter[str]]


@dataclass(frozen=True)
class Passage:
    """A text with its gold and what factx read in it."""

    row: dict[str, Any]
    facts: Facts
    words: Words


def read_passages(paths: Sequence[Path]) -> list[Passage]:
    """Read gold files and what factx finds in their texts."""
    rows = [row for path in paths for row in read_rows(path)]
    passages: list[Passage] = []

    def keep(doc: Doc, facts: Facts) -> None:
        passages.append(Passage(rows[len(passages)], facts, read_words(doc)))

    articles = [Article(id=str(n), source="gold", text=row["text"]) for n, row in enumerate(rows)]
    for _, result in process_articles(articles, on_doc=keep):
        if isinstance(result, Exception):
            raise result
    return passages


def name_cluster(text: str, cluster: Sequence[Sequence[int]]) -> list[str]:
    """Give the names among a cluster's mentions, the fullest first: capitalized words alone, at most six."""
    names = set()
    for start, end in cluster:
        words = text[start:end].split()
        plain = [word for word in words if word.lower() not in SMALL_WORDS]
        proper = len(words) <= LONGEST_NAME and all(word[0].isupper() for word in plain)
        if plain and proper and text[start:end].lower() not in NO_NAMES:
            names.add(text[start:end])
    return sorted(names, key=lambda name: (-len(fold_words(name)), name))


def verdict(gold: Sequence[str | None], found: str | None) -> str:
    """Tell whether a name is right, as one of several names of the gold is, or wrong, or not told."""
    if any(same_name(name, found) for name in gold):
        return "right"
    return "null" if found is None else "wrong"


def judge_clusters(passage: Passage, weights: Weights) -> Iterator[tuple[str, str]]:
    """Judge the speakers and pronouns of a text by its clusters: the kind asked for, and the verdict."""
    text = passage.row["text"]
    named: dict[tuple[int, int], list[str]] = {}
    for cluster, kind in zip(passage.row["clusters"], passage.row["cluster_types"], strict=True):
        if kind in ("person", "organization") and (names := name_cluster(text, cluster)):
            named.update(dict.fromkeys(((start, end) for start, end in cluster), names))
    resolver = SpeakerResolver(passage.words, passage.facts.entities, weights)
    quotes = resolver.resolve(passage.facts.quotes)
    for speaker in (quote.speaker for quote in quotes if quote.speaker):
        gold = named.get((speaker.start, speaker.end))
        lower = speaker.text.lower()
        if not gold or lower in FIRST_SECOND:
            continue
        if lower in PRONOUNS or len(fold_words(lower)) < len(fold_words(gold[0])):
            yield "speakers", verdict(gold, speaker.name)
    for (start, end), gold in sorted(named.items()):
        if text[start:end].lower() in ASKED_ANYWHERE:
            before = [quote for quote in passage.facts.quotes if quote.speaker and quote.speaker.end <= start][-BEFORE:]
            asked = Quote("indirect", "", end, end, (Span(end, end, ""),), None,
                          Speaker(text[start:end], start, end, None, None), False, 1.0, "asked")  # fmt: skip
            last = resolver.resolve([*before, asked])[-1].speaker
            yield "he she it they", verdict(gold, last and last.name)


def judge_names(passage: Passage, weights: Weights) -> Iterator[tuple[str, str]]:
    """Judge the pronouns and short forms whose name the gold tells, where the quote was found."""
    quotes = SpeakerResolver(passage.words, passage.facts.entities, weights).resolve(passage.facts.quotes)
    facts = Facts(passage.facts.article, quotes=tuple(quotes))
    for kind, found, _, gold, name in judge(passage.row, facts):
        if kind != "full" and found != "missed":
            yield "named", verdict([gold], name)


def measure(clusters: Sequence[Passage], names: Sequence[Passage], weights: Weights) -> Verdicts:
    """Count the verdicts of each kind under some weights."""
    counts: Verdicts = {}
    for passages, judged in ((clusters, judge_clusters), (names, judge_names)):
        for passage in passages:
            for kind, told in judged(passage, weights):
                counts.setdefault(kind, Counter())[told] += 1
    return counts


def shares(counts: Verdicts) -> list[float]:
    """Give what the fit raises: of each kind right names less half the wrong ones, by all asked for."""
    return [(c["right"] - c["wrong"] / 2) / c.total() for _, c in sorted(counts.items())]


def worth(counts: Verdicts) -> float:
    """Give the mean of the kinds."""
    return sum(shares(counts)) / max(1, len(counts))


def fit(clusters: Sequence[Passage], names: Sequence[Passage]) -> Weights:
    """Move each weight over its grid in turn until no move raises the mean and lowers no kind."""
    best, score = WEIGHTS, shares(measure(clusters, names, WEIGHTS))
    moved = True
    while moved:
        moved = False
        for field, values in GRID.items():
            for value in values:
                tried = best._replace(**{field: value})
                new = shares(measure(clusters, names, tried))
                if sum(new) > sum(score) + 1e-9 and all(a >= b for a, b in zip(new, score, strict=True)):
                    best, score, moved = tried, new, True
                    print(f"{score} {tuple(best)}", file=sys.stderr, flush=True)
    return best


def show(title: str, counts: Verdicts) -> None:
    print(f"{title}; worth {worth(counts):.4f}")
    print(f"{'':15} {'right':>6} {'wrong':>6} {'null':>6}  {'right of all':>12}  {'right of named':>14}")
    for kind, c in counts.items():
        given = max(1, c["right"] + c["wrong"])
        print(
            f"{kind:15} {c['right']:6} {c['wrong']:6} {c['null']:6}"
            f"  {c['right'] / c.total():12.3f}  {c['right'] / given:14.3f}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coref", type=Path, nargs="*", default=[])
    parser.add_argument("--names", type=Path, nargs="*", default=[])
    parser.add_argument("--fit", action="store_true", help="search for better weights and print them")
    args = parser.parse_args()
    clusters, names = read_passages(args.coref), read_passages(args.names)
    show(f"as it is: {tuple(WEIGHTS)}", measure(clusters, names, WEIGHTS))
    if args.fit:
        best = fit(clusters, names)
        show(f"fitted: {best}", measure(clusters, names, best))
    return 0


if __name__ == "__main__":
    sys.exit(main())
