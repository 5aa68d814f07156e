"""Checks of an installed wheel: run with the Python that has it, far from the source tree.

python check_wheel.py SAMPLES
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import distribution, entry_points
from pathlib import Path


def run(*arguments: str) -> str:
    """Run the installed script and give what it prints."""
    command = Path(sys.executable).with_name("factx")
    return subprocess.run([command, *arguments], capture_output=True, text=True, check=True, encoding="utf-8").stdout


def check(what: str, fine: object) -> None:
    """Print one line, or end with the first fault."""
    if not fine:
        sys.exit(f"wheel: {what}: no")
    print(f"wheel: {what}")


def main() -> None:
    """Run all checks."""
    samples = Path(sys.argv[1])
    installed = distribution("factx")
    import factx

    package = Path(factx.__file__).parent
    check("the package comes from the wheel", "site-packages" in package.parts)
    check("is typed", (package / "py.typed").is_file())
    check("holds the pipeline", (package / "pipeline" / "config.cfg").is_file())
    check("holds the word lists", len(list((package / "lexicon").glob("*.csv"))) > 1)
    metadata = installed.metadata
    check("has both licences", len(metadata.get_all("License-File") or ()) > 1)
    check(
        "says what it is", metadata["Summary"] and metadata["Keywords"] and "# factx" in (metadata.get_payload() or "")
    )
    check("is classified as typed", "Typing :: Typed" in metadata.get_all("Classifier"))
    check("has entry points for spaCy", "factx_counts" in entry_points(group="spacy_factories").names)
    check("tells its version", run("--version").split() == ["factx", installed.version])
    check("prints the schema", json.loads(run("schema"))["title"] == "factx/1")
    record = json.loads(run("extract", str(samples / "kazakhstan-unrest.txt")))
    check("finds the dead", any(c["kind"] == "killed" and c["low"] == 164 for c in record["counts"]))
    check("finds the speaker", any(q["speaker"] and q["speaker"]["name"] == "Antony Blinken" for q in record["quotes"]))
    check("points into the text", all(record["text"][c["start"] : c["end"]] == c["text"] for c in record["counts"]))
    lines = run("extract", *map(str, sorted(samples.glob("*.txt"))), "-f", "jsonl", "--no-text").splitlines()
    check("reads all samples", len(lines) == len(list(samples.glob("*.txt"))))
    check("needs no training library", "torch" not in {name.partition(".")[0] for name in sys.modules})


if __name__ == "__main__":
    main()
