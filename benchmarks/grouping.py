"""Score how the names of an article are brought together: B-cubed over the named mentions of a coreference corpus.

    python benchmarks/grouping.py --data DEV.jsonl.gz TRAIN.jsonl.gz:10 [-v]

Each file holds articles as JSON lines {"id", "text", "clusters": [[[start, end], ...], ...], "cluster_types": [...],
"singletons": [[start, end], ...]}; ":10" takes the first ten. Offsets are code points, half-open.

What counts. The gold marks every mention ("he", "the old man"); factx groups names alone. So a gold mention counts if
it is named: of a cluster of people, organisations, places or events (or single), and headed by a capitalised word,
which is found without any tagger: what hangs behind the head goes ("of" behind a common noun, prepositions, relative
clauses, everything after a comma or bracket), and the last word that is left must be capitalised and no pronoun.
Lists of names ("Obama and Biden") are left out; offices in capitals ("the President") come in and count as not found.
A mention of factx stands for the named gold mention that has the last head it covers: the smallest one around it,
else the largest in it ("Blinken" for "US Secretary of State Antony Blinken", "Oslo" for "Oslo", "University of Oslo"
for the whole).

Scores. B-cubed (Bagga and Baldwin, 1998): for each mention the share of its factx entity that is of its gold cluster is
its precision, the share of its gold cluster that is in its entity is its recall. `grouping` is over the mentions that
both sides have: it says whether names are put together rightly. `with missing` counts gold mentions that factx did not
find as recall 0: it holds the errors of finding names, too. `found` is the share of named gold mentions found.
Merges are pairs of gold clusters in one entity, splits are clusters in more than one.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speaker_names import read_rows

import factx

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TYPES = frozenset(("person", "organization", "place", "event"))
WORD = re.compile(r"[^\s,;:()\[\]\"“”—–]+|[,;:()\[\]\"“”—–]")
# What ends the part of a noun phrase that holds its head.
BEHIND_HEAD = frozenset(
    """who whom which that whose where when in at on from with by during under to as into near since until after before
    against about over is was""".split()
)
# No names, though a sentence may begin with them.
NO_NAMES = frozenset(
    """i we you he she it they me us him her them my our your his its their this that these those mine ours yours hers
    theirs who what which one some many most all both each every no none another others there here mr mrs ms dr
    sir madam""".split()
)

Key = tuple[str, int, int]
"""Article, first character and head of a named gold mention."""
Mentions = dict[Key, str]
"""Named gold mentions -> the cluster they are in."""


def read_articles(data: str) -> list[dict[str, Any]]:
    """Read FILE or FILE:COUNT."""
    path, _, most = data.rpartition(":")
    if not most.isdigit():
        path, most = data, ""
    articles = read_rows(Path(path))
    return articles[: int(most)] if most else articles


def name_head(text: str) -> int | None:
    """Find the last character of the word that heads a named mention; None if no name heads it.

    >>> text = "the University of Oslo, which"
    >>> text[: name_head(text) + 1]
    'the University of Oslo'
    >>> name_head("the mayor of Oslo"), name_head("He"), name_head("Oslo's mayor")
    (None, None, None)
    """
    head: re.Match[str] | None = None
    for word in WORD.finditer(text):
        if not word[0][0].isalnum() or (word[0] in BEHIND_HEAD and head):
            if head:
                break
            continue
        if word[0] == "of" and head and not head[0][0].isupper():
            break
        head = word
    if head is None:
        return None
    name = re.sub(r"['’]s?$", "", head[0]).rstrip(".")
    if not name or not name[0].isupper() or name.lower() in NO_NAMES:
        return None
    return head.start() + len(name) - 1


def gold_mentions(article: Mapping[str, Any]) -> Mentions:
    """Collect the named mentions of an article; of those with one head the smallest."""
    clusters = [
        (f"c{number}", spans)
        for number, (spans, kind) in enumerate(zip(article["clusters"], article["cluster_types"], strict=True))
        if kind in TYPES
    ]
    clusters += [(f"s{number}", [span]) for number, span in enumerate(article.get("singletons", ()))]
    text, found = article["text"], {}
    for cluster, spans in clusters:
        for start, end in spans:
            head = name_head(text[start:end])
            if head is not None:
                found[start, start + head] = cluster
    return {
        (article["id"], start, head): cluster
        for (start, head), cluster in found.items()
        if not any(start < inner <= last == head and text[:inner].endswith("and ") for inner, last in found)
    }


def factx_mentions(facts: factx.Facts, gold: Mentions) -> Mentions:
    """Put the entities of factx on the named mentions of the gold."""
    by_head: defaultdict[int, list[Key]] = defaultdict(list)
    for key in sorted(gold, key=lambda key: -key[1]):
        by_head[key[2]].append(key)
    found: Mentions = {}
    for entity in facts.entities:
        for span in entity.mentions:
            keys = next((by_head[head] for head in range(span.end - 1, span.start - 1, -1) if head in by_head), None)
            if keys:
                found[next((key for key in keys if key[1] <= span.start), keys[-1])] = entity.id
    return found


def b_cubed(one: Mentions, other: Mentions, mentions: Iterable[Key]) -> float:
    """Average over mentions the share of their cluster in `one` that is in their cluster in `other`."""
    sizes = Counter((key[0], cluster) for key, cluster in one.items())
    both = Counter((key[0], cluster, other[key]) for key, cluster in one.items() if key in other)
    shares = [
        both[key[0], one[key], other[key]] / sizes[key[0], one[key]] if key in other else 0.0
        for key in mentions
        if key in one
    ]
    return sum(shares) / len(shares) if shares else 0.0


def f_score(precision: float, recall: float) -> float:
    """Harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def list_errors(article: Mapping[str, Any], gold: Mentions, found: Mentions) -> tuple[list[str], list[str]]:
    """List the merges and splits of an article, each by a name of either side."""
    text, names = article["text"], defaultdict(lambda: defaultdict(list))  # type: ignore[var-annotated]
    for key in found:
        names[found[key]][gold[key]].append(text[key[1] : key[2] + 1])
    merges = [
        " + ".join(sorted({words[0] for words in clusters.values()}))
        for clusters in names.values()
        if len(clusters) > 1
    ]
    entities: defaultdict[str, set[str]] = defaultdict(set)
    for entity, clusters in names.items():
        for cluster, words in clusters.items():
            entities[cluster].add(f"{words[0]} ({entity})")
    return merges, [" | ".join(sorted(parts)) for parts in entities.values() if len(parts) > 1]


def main() -> None:
    """Read the data, run factx, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", required=True, metavar="FILE[:COUNT]", help="coreference data")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the merges and splits")
    options = parser.parse_args()
    gold: Mentions = {}
    found: Mentions = {}
    merges = splits = 0
    articles = [article for data in options.data for article in read_articles(data)]
    for article, facts in zip(articles, factx.pipe(article["text"] for article in articles), strict=True):
        gold_here = gold_mentions(article)
        found_here = factx_mentions(facts, gold_here)
        article_merges, article_splits = list_errors(article, gold_here, found_here)
        merges, splits = merges + len(article_merges), splits + len(article_splits)
        if options.verbose:
            print(article["id"], *(f"  merge: {words}" for words in article_merges), sep="\n")
            print(*(f"  split: {words}" for words in article_splits), sep="\n")
        gold |= gold_here
        found |= found_here
    shared = {key: gold[key] for key in found}
    print(f"{len(articles)} articles, {len(gold)} named mentions, found {len(found) / max(1, len(gold)):.3f}")
    for title, clusters in (("grouping", shared), ("with missing", gold)):
        precision, recall = b_cubed(found, clusters, found), b_cubed(clusters, found, clusters)
        print(f"{title:<13} B-cubed P {precision:.3f} R {recall:.3f} F1 {f_score(precision, recall):.3f}")
    print(f"merges {merges}, splits {splits}")


if __name__ == "__main__":
    main()
