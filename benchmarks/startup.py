"""The whole command on one article against `import spacy`, in turn, and the command's peak memory.

    python benchmarks/startup.py [--runs 7] [--write] [ARTICLE]

Processor time is what is compared, so that other programs on the same cores disturb little.
--write keeps the figures in benchmarks/startup.json, from which the README is made.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent / "samples" / "kazakhstan-unrest.txt"
KEPT = HERE / "startup.json"


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds of processor time and peak memory in MB of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: exit status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def make_table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Make the Markdown table of the figures."""
    lines = ["| command | seconds of processor time | times `import spacy` | peak MB |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{name}` | {row['seconds']:.2f} | {row['ratio']:.2f} | {row['peak MB']:.0f} |"
        for name, row in figures.items()
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="keep the figures in benchmarks/startup.json")
    args = parser.parse_args()
    commands = {
        "factx extract": [sys.executable, "-m", "factx", "extract", str(args.article)],
        "factx --help": [sys.executable, "-m", "factx", "--help"],
        "import spacy": [sys.executable, "-c", "import spacy"],
    }
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(args.runs + 1):
        for name, command in commands.items():
            figure = timed(command)
            if turn:  # the first round warms the disk's cache
                figures[name].append(figure)
    base = statistics.median(seconds for seconds, _ in figures["import spacy"])
    table = {
        name: {
            "seconds": round(statistics.median(seconds for seconds, _ in runs), 2),
            "ratio": round(statistics.median(seconds for seconds, _ in runs) / base, 2),
            "peak MB": round(max(peak for _, peak in runs)),
        }
        for name, runs in figures.items()
    }
    print(f"medians of {args.runs}\n\n{make_table(table)}")
    if args.write:
        KEPT.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
