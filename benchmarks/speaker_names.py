"""Measure how often the name of a quote's speaker is resolved, where the words in its place do not tell it.

    python benchmarks/speaker_names.py --data GOLD.jsonl[.gz]... [--errors] [--check SHARE]

GOLD holds passages with quotes and a `speaker_name` each, in the format of our own gold. factx reads the texts as
`factx extract` does. Of the gold quotes two classes are asked for: `pronoun`, where the words for the speaker are a
pronoun, and `short form`, where the gold's name holds a word that they do not ("Blinken" for Antony Blinken, "the aid
group" for a named one). A quote counts as found when its content shares at least 0.8 (F1 of words) with one of factx.

When two names are the same: words are compared without case, accents, marks and possessive endings, and without
articles, titles ("Mr", "President"), endings of companies ("Inc.") and nouns that only say what a name is ("newspaper",
"news agency"). Then

- every word of the gold's name must be in factx's name. Only the adjectives, places and peoples that a body's name or a
  description carries before it ("Zimbabwe's state-run Herald", "U.N. Security Council") may be missing, never a
  person's first name;
- factx's name must have the same last word, or the gold's last word must be one of those left out; it may be fuller
  ("Hugo Chavez" for the gold's "Chavez") but not name somebody besides ("Clinton and Bush" for "Clinton");
- a null is right where the gold has none and wrong elsewhere.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from factx import Facts, pipe
from factx.countries import country_code, is_demonym
from factx.titles import title_kind

WORD = re.compile(r"\w+(?:['’]\w+)*")
PRONOUNS = frozenset(
    """i he she it they we you him her them who which that this these those himself herself itself themselves one some
    many several others both all another most few none""".split()
)
ARTICLES = frozenset("the a an his her its their".split())
COMPANY_ENDINGS = frozenset("inc co corp ltd plc llc ag sa nv company corporation limited incorporated".split())
KINDS_OF_BODIES = frozenset("newspaper daily agency news magazine website broadcaster television radio group".split())


def fold_words(name: str) -> list[str]:
    """Fold a name to the words that count, in order, capitals kept as the first letter tells a name from a description.

    >>> fold_words("Mr. Côté's"), fold_words("the U.N. Security Council"), fold_words("Upjohn Co.")
    (['Cote'], ['UN', 'Security', 'Council'], ['Upjohn'])
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).replace("’", "'")
    words = [re.sub(r"'s?$", "", word.replace(".", "")) for word in re.split(r"[\s,()\"“”/]+", plain)]
    words = [word for word in words if any(character.isalnum() for character in word)]
    kept = [
        word
        for word in words
        if word.lower() not in ARTICLES | COMPANY_ENDINGS | KINDS_OF_BODIES
        and not (word[0].isupper() and title_kind(word))
    ]
    return kept or words


def same_name(gold: str | None, found: str | None) -> bool:
    """Tell whether factx's name is the gold's, as the head of this file defines it.

    >>> same_name("Hugo Chavez", "Chavez"), same_name("Chavez", "Hugo Chavez"), same_name(None, "Chavez")
    (False, True, False)
    >>> same_name("U.N. Security Council", "the Security Council"), same_name("Clinton", "Clinton and Bush")
    (True, False)
    """
    if gold is None or found is None:
        return gold is found
    asked, given = fold_words(gold), fold_words(found)
    asked_set, given_set = ({word.lower() for word in words} for words in (asked, given))
    if "and" in given_set and "and" not in asked_set:
        return False
    missing = [word for word in asked if word.lower() not in given_set]
    if any(not _describes(word) for word in missing):
        return False
    return bool(asked_set & given_set) and (given[-1].lower() in asked_set or asked[-1].lower() in given_set)


def _describes(word: str) -> bool:
    """Tell whether a word only describes a body: an adjective or noun in lower case, a people or a place."""
    return word.islower() or is_demonym(word) or country_code(word, "GPE") is not None or word in ("UN", "US", "UK")


def word_places(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Give where the words of some stretches begin."""
    return {span[0] + match.start() for span in spans for match in WORD.finditer(text[span[0] : span[1]])}


def classify(words: str, name: str | None) -> str:
    """Give the class of a gold speaker: "pronoun", "short form" or "full"."""
    if words.lower() in PRONOUNS:
        return "pronoun"
    have = {word.lower() for word in fold_words(words)}
    short = name is None or any(word.lower() not in have for word in fold_words(name))
    return "short form" if short else "full"


def judge(row: dict[str, Any], facts: Facts) -> list[tuple[str, str, str, str | None, str | None]]:
    """Judge one passage: for each gold quote its class, the verdict, the speaker's words, and both names."""
    text = row["text"]
    found = [(quote, word_places(text, [(part.start, part.end) for part in quote.parts])) for quote in facts.quotes]
    judged = []
    for gold in row["quotes"]:
        if not gold["speaker"]:
            continue
        asked = word_places(text, gold["content"])
        best = max(found, key=lambda item: len(asked & item[1]) / (len(asked) + len(item[1])), default=None)
        words = text[slice(*gold["speaker"])]
        name = None
        if best is None or 2 * len(asked & best[1]) < 0.8 * (len(asked) + len(best[1])):
            verdict = "missed"
        else:
            name = best[0].speaker.name if best[0].speaker else None
            verdict = "right" if same_name(gold["speaker_name"], name) else "wrong"
        judged.append((classify(words, gold["speaker_name"]), verdict, words, gold["speaker_name"], name))
    return judged


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines, packed or not."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--errors", action="store_true", help="print what was wrong")
    parser.add_argument("--check", type=float, help="exit with 1 if the share of pronouns and short forms is lower")
    args = parser.parse_args()
    tally: Counter[tuple[str, str]] = Counter()
    for path in args.data:
        rows = read_rows(path)
        for row, facts in zip(rows, pipe(row["text"] for row in rows), strict=True):
            for kind, verdict, words, gold, name in judge(row, facts):
                tally[kind, verdict] += 1
                if args.errors and verdict != "right" and kind != "full":
                    print(f'{verdict}: {row.get("id", "")} "{words}" is {gold}, not {name}', file=sys.stderr)
    print(f"{'speaker':12} {'right':>6} {'wrong':>6} {'missed':>6}  {'of found':>8}  {'of all':>6}")
    shares = {}
    for kind, members in (
        ("pronoun", ["pronoun"]),
        ("short form", ["short form"]),
        ("both", ["pronoun", "short form"]),
        ("full", ["full"]),
    ):
        right, wrong, missed = (sum(tally[member, v] for member in members) for v in ("right", "wrong", "missed"))
        shares[kind] = right / max(1, right + wrong)
        whole = right / max(1, right + wrong + missed)
        print(f"{kind:12} {right:6} {wrong:6} {missed:6}  {shares[kind]:8.3f}  {whole:6.3f}")
    return int(args.check is not None and shares["both"] < args.check)


if __name__ == "__main__":
    sys.exit(main())
