"""Write the measured tables into the model card (../README.md) from ../metrics, between its markers.

    python card.py [--check]

With --check nothing is written; the exit code is 1 if the card does not say what the metrics say.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

MODEL = Path(__file__).resolve().parent.parent


def score_table() -> str:
    """Scores of tags, trees and names, int8 beside fp32."""
    both = json.loads((MODEL / "metrics/pipeline.json").read_text())
    lines = ["| test | score | int8 (shipped) | fp32 |", "| --- | --- | --- | --- |"]
    for test, scores in both["int8"].items():
        plain = both["fp32"][test]
        lines += [f"| {test} | {name} | {value:.3f} | {plain[name]:.3f} |" for name, value in scores.items()]
    return "\n".join(lines)


def experiment_table() -> str:
    """The log of runs."""
    rows = [line.split("\t") for line in (MODEL / "metrics/experiments.tsv").read_text().splitlines()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def reliability_table() -> str:
    """Confidence against truth (benchmarks/calibration.py)."""
    return (MODEL / "metrics/reliability.md").read_text().split("\n\n", 1)[1].strip()


TABLES = {"scores": score_table, "experiments": experiment_table, "reliability": reliability_table}


def fill(card: str) -> str:
    """The card with every marked part made anew."""
    for name, table in TABLES.items():
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        part = f"{start}\n\n{table()}\n\n{end}"
        card, found = re.subn(f"{start}.*?{end}", lambda _, part=part: part, card, flags=re.DOTALL)
        if not found:
            raise SystemExit(f"{MODEL / 'README.md'}: the markers of {name} are missing")
    return card


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    path = MODEL / "README.md"
    old = path.read_text(encoding="utf8")
    new = fill(old)
    if args.check:
        sys.exit(f"{path}: not what the metrics say; run card.py" if new != old else 0)
    path.write_text(new, encoding="utf8")


if __name__ == "__main__":
    main()
