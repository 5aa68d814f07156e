"""Score the installed command on the development sets and keep the table.

    python benchmarks/scores.py --shared ../shared [--check]

Runs `tools/evaluate` of the shared folder on each set, and the programs beside this one that measure what it does not;
writes benchmarks/scores.json and the table in scores.md.
With --check nothing is written; the exit code is 1 if a score fell by more than half a point against what is committed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TOLERANCE = 0.005

# Set name -> arguments of evaluate, and for each score its name and where it stands in what evaluate prints.
NUMBER = r"([\d.]+)"
COUNT_SCORES = {"fact F1": rf"^fact .* F1 {NUMBER}", "number F1": rf"^number .* F1 {NUMBER}"}
ENTITY_SCORES = {"F1": rf"^entities .* F1 {NUMBER}"}
DATE_SCORES = {"value F1": rf"^value F1 +{NUMBER}", "strict F1": rf"^strict +\S+ +\S+ +{NUMBER}"}
QUOTE_SCORES = {
    "relaxed F1": rf"^relaxed \(.*\) +\S+ +\S+ +{NUMBER}",
    "exact F1": rf"^exact +\S+ +\S+ +{NUMBER}",
    "speaker accuracy": rf"^speaker accuracy {NUMBER}",
    "direct relaxed recall": rf"^  direct .*relaxed P +\S+ R +{NUMBER}",
}
SETS = {
    "counts digest-dev": ("counts", "news/digest-dev", [], COUNT_SCORES),
    "counts voa-dev": ("counts", "news/voa-dev", [], COUNT_SCORES),
    # All quotes of voa-dev are indirect or mixed.
    "quotes voa-dev": ("quotes", "news/voa-dev", [], {k: QUOTE_SCORES[k] for k in QUOTE_SCORES if "direct" not in k}),
    "quotes gum-dev": ("quotes", "quotes/gum-dev", [], QUOTE_SCORES),
    "quotes polnear-dev": ("quotes", "quotes/polnear-dev", [], QUOTE_SCORES),
    "entities names-dev": ("entities", "news/names-dev", [], ENTITY_SCORES),
    "entities voa-names-dev": ("entities", "news/voa-names-dev", [], ENTITY_SCORES),
    # Mails, reviews and weblogs, which no part of the network was trained on.
    "entities uner_ewt-dev folded": (
        "entities",
        "ner/uner_ewt-dev",
        ["--fold", "--labels", "PERSON,ORG,GPE,LOC"],
        ENTITY_SCORES,
    ),
    "dates names-dev": ("dates", "news/names-dev", [], DATE_SCORES),
    "dates meantime-dev": ("dates", "dates/meantime-dev", [], DATE_SCORES),
    "dates gum-dev DATE": ("dates", "dates/gum-dev", ["--types", "DATE"], DATE_SCORES),
}
# Set name -> program, its files (with how many articles are taken) and where its scores stand, between 0 and 1.
OWN = {
    "grouping gum-dev and ten of gum-train": (
        "grouping.py",
        ["coref/gum-dev.jsonl.gz", "coref/gum-train.jsonl.gz:10"],
        {"B-cubed F1": rf"^grouping .* F1 {NUMBER}", "with names not found": rf"^with missing .* F1 {NUMBER}"},
    ),
    "speaker names voa-dev": (
        "speaker_names.py",
        ["news/voa-dev.jsonl.gz"],
        {"pronouns and short forms": rf"^both .* {NUMBER}$", "full names": rf"^full .* {NUMBER}$"},
    ),
}


def measure(shared: Path, name: str) -> dict[str, float]:
    """Run evaluate, or one of our own programs, on one set; scores between 0 and 1."""
    if name in OWN:
        kind, files, patterns = OWN[name]
        command = [sys.executable, HERE / kind, "--data", *(shared / "data" / file for file in files)]
    else:
        kind, gold, options, patterns = SETS[name]
        command = [sys.executable, shared / "tools/evaluate", kind, shared / f"data/{gold}.jsonl.gz", *options]
    environment = {"FACTX": f"{sys.executable} -m factx", **os.environ}
    out = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, env=environment).stdout
    scores = {}
    for score, pattern in patterns.items():
        found = re.search(pattern, out, re.MULTILINE)
        if not found:
            raise SystemExit(f"{name}: no {score} in the output of {kind}:\n{out}")
        value = float(found[1])
        scores[score] = round(value if kind in ("counts", "entities") or name in OWN else value / 100, 4)
    return scores


def table(scores: dict[str, dict[str, float]]) -> str:
    lines = ["| set | score | value |", "| --- | --- | --- |"]
    lines += [
        f"| {name} | {score} | {value:.3f} |" for name, values in scores.items() for score, value in values.items()
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    scores = {name: measure(args.shared, name) for name in (*SETS, *OWN)}
    print(table(scores))
    kept = HERE / "scores.json"
    if args.check:
        before = json.loads(kept.read_text())
        fallen = [
            f"{name} {score}: {before[name][score]:.3f} -> {value:.3f}"
            for name, values in scores.items()
            for score, value in values.items()
            if value < before.get(name, {}).get(score, 0) - TOLERANCE
        ]
        print("\n".join(fallen) or "no score fell", file=sys.stderr)
        return bool(fallen)
    kept.write_text(json.dumps(scores, indent=1) + "\n")
    (HERE / "scores.md").write_text(
        f"Development sets, by `python benchmarks/scores.py --shared ../shared`.\n\n{table(scores)}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
