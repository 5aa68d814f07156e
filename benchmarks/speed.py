"""The pipeline's speed in one run: beside spaCy's small architecture, its start, and how it bears a long stream.

    python benchmarks/speed.py [--rounds 5] [--sizes 100 1000 10000] [--write]

One process and one thread for each; the rounds of both take turns, and processor time is what is compared, so that
other programs on the same cores disturb little. factx reads all facts; spaCy (benchmarks/baseline.py, trained on first
use) only tags, parses and finds names. --write keeps the tables in benchmarks/speed.md and .json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
WORDS = 400  # in an article of the comparison, as in a short piece of news
STREAM_WORDS = 100  # in an article of the long stream, so that ten thousand take minutes

STREAM = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
import factx
from batch import make_articles
size, words = int(sys.argv[2]), int(sys.argv[3])
texts = make_articles(size, words)
nlp = factx.load_pipeline()
next(factx.pipe(texts[:1], nlp=nlp))
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
before, started = resident(), time.process_time()
for _ in factx.pipe(texts, nlp=nlp):
    pass
print(sum(len(t.split()) for t in texts) / (time.process_time() - started), before, resident(),
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
"""


def compare(rounds: int) -> dict[str, Any]:
    """Words a second of processor time, both pipelines on the same articles in turn."""
    import spacy
    from baseline import find_baseline
    from batch import make_articles

    import factx
    from factx import parse

    articles = make_articles(24, WORDS)
    words = sum(len(article.split()) for article in articles)
    loading = []
    for _ in range(5):
        parse._load.cache_clear()  # noqa: SLF001 - what is measured is the first load
        started = time.process_time()
        nlp = factx.load_pipeline()
        loading.append(time.process_time() - started)
    small = spacy.load(find_baseline())
    runs = {
        "factx, all facts": lambda: list(factx.pipe(articles, nlp=nlp)),
        "factx, pipeline alone": lambda: list(nlp.pipe(articles)),
        "spaCy small architecture": lambda: list(small.pipe(articles)),
    }
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name, run in runs.items():
            started = time.process_time()
            run()
            if turn:  # the first round fills the caches
                rates[name].append(words / (time.process_time() - started))
    ratios = [a / b for a, b in zip(rates["factx, all facts"], rates["spaCy small architecture"], strict=True)]
    return {
        "articles": len(articles), "words": words, "rounds": rounds,
        "words_per_second": {name: round(statistics.median(values)) for name, values in rates.items()},
        "ratio": round(statistics.median(ratios), 3), "ratio_range": [round(min(ratios), 3), round(max(ratios), 3)],
        "load_seconds": round(statistics.median(loading), 3),
    }  # fmt: skip


def measure_stream(size: int) -> dict[str, Any]:
    """A stream of articles in a process of its own."""
    command = [sys.executable, "-c", STREAM, str(HERE), str(size), str(STREAM_WORDS)]
    out = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **ONE_THREAD}).stdout
    rate, before, after, peak = map(float, out.split())
    return {"articles": size, "words_per_second": round(rate), "mb_before": round(before), "mb_after": round(after),
            "mb_peak": round(peak)}  # fmt: skip


def make_tables(figures: dict[str, Any]) -> str:
    speed = figures["speed"]
    low, high = speed["ratio_range"]
    lines = [
        "By `python benchmarks/speed.py --write`: one process, one thread, processor time.", "",
        f"{speed['articles']} articles, {speed['words']:,} words, median of {speed['rounds']} rounds in turn:", "",
        "| pipeline | words a second |", "| --- | --- |",
        *(f"| {name} | {rate:,} |" for name, rate in speed["words_per_second"].items()), "",
        f"factx, all facts: **{speed['ratio']}** times spaCy's small architecture (rounds: {low} to {high}).",
        f"The pipeline loads in {speed['load_seconds']} s.", "",
        f"A stream of articles of {STREAM_WORDS} words:", "",
        "| articles | words a second | MB before | MB after | MB at the peak |", "| --- | --- | --- | --- | --- |",
        *(f"| {s['articles']:,} | {s['words_per_second']:,} | {s['mb_before']} | {s['mb_after']} | {s['mb_peak']} |"
          for s in figures["stream"]),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 10_000], help="articles in the streams")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    figures = {"speed": compare(args.rounds), "stream": [measure_stream(size) for size in args.sizes]}
    tables = make_tables(figures)
    print(tables)
    if args.write:
        (HERE / "speed.md").write_text(tables, encoding="utf-8")
        (HERE / "speed.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        # Thread pools are made at import, so the process starts anew with one thread for each.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})  # noqa: S606
    main()
