"""Measure the command on one very long text: whether it finishes, how long it takes, and how much memory it needs.

    python benchmarks/huge.py                      10 MB, about two million words
    python benchmarks/huge.py --megabytes 1

The text is the sample articles in random order. The command runs as a process of its own; time and memory are what the
system counted for it. Exits with 1 if it failed or took more memory than allowed (1.5 GB).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = sorted((Path(__file__).resolve().parent.parent / "samples").glob("*.txt"))
MOST_MEGABYTES = 1_500


def write_text(path: Path, length: int) -> int:
    """Write a text of paragraphs from the samples, the same on each machine; gives its words."""
    paragraphs = [
        paragraph for sample in SAMPLES for paragraph in sample.read_text(encoding="utf-8").split("\n\n") if paragraph
    ]
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    words = written = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        while written < length:
            paragraph = chance.choice(paragraphs).strip() + "\n\n"
            stream.write(paragraph)
            written += len(paragraph.encode())
            words += len(paragraph.split())
    return words


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--megabytes", type=float, default=10.0, help="length of the text (default: 10)")
    parser.add_argument("--format", default="json", help="format of the output (default: json)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text, output = Path(folder, "huge.txt"), Path(folder, "huge.out")
        words = write_text(text, int(options.megabytes * 1e6))
        command = [sys.executable, "-m", "factx", "extract", str(text), "-f", options.format, "-o", str(output)]
        start = time.perf_counter()
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        wall = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        print(done.stderr.strip())
        print(
            f"{options.megabytes:g} MB, {words:,} words: exit code {done.returncode}, {wall:,.0f} s, "
            f"{cpu:,.0f} s of processor time ({words / cpu:,.0f} words a second), {megabytes:,.0f} MB at the peak"
        )
        if done.returncode == 0 and options.format == "json":
            record = json.loads(output.read_text(encoding="utf-8"))
            found = {kind: len(record[kind]) for kind in ("entities", "counts", "dates", "quotes")}
            print(", ".join(f"{number:,} {kind}" for kind, number in found.items()))
    return int(done.returncode != 0 or megabytes > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
