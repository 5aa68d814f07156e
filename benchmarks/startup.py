"""The whole command on one article against `import spacy`, in turn, and the command's peak memory.

python benchmarks/startup.py [--runs 7] [ARTICLE]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "kazakhstan-unrest.txt"


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: exit status {status}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--runs", type=int, default=7)
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
    print(f"{'median of ' + str(args.runs):16} {'seconds':>8} {'ratio':>6} {'peak MB':>8}")
    for name, runs in figures.items():
        seconds = statistics.median(s for s, _ in runs)
        print(f"{name:16} {seconds:8.2f} {seconds / base:6.2f} {max(m for _, m in runs):8.0f}")


if __name__ == "__main__":
    main()
