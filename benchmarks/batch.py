"""Measure `factx batch`: words a second beside spaCy's small architecture, scaling to 20,000 articles, memory, start-up.

    python benchmarks/batch.py [--quick] [--write]

Runs the installed command on made-up articles, in a temporary folder, and prints tables; --write keeps them in
benchmarks/batch.md. The full run takes 6 to 9 minutes on two cores, --quick about one. The baseline is trained on first
use (benchmarks/baseline.py). Rates leave out the start, which is measured apart on a run with one article. Where other
programs use the same cores, the ratios of processor time tell more than those of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent

# spaCy on a folder: as a user would run it, annotations thrown away.
SPACY = """
import sys, warnings; warnings.simplefilter("ignore")
from pathlib import Path
import spacy
if __name__ == "__main__":
    nlp = spacy.load(sys.argv[1])
    texts = (path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[2]).iterdir()))
    for doc in nlp.pipe(texts, n_process=int(sys.argv[3]), batch_size=16):
        len(doc.ents)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a command."""

    seconds: float
    """By the clock."""
    cpu: float
    """Of processor time, with all its processes."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate without the start."""

    words: float
    """Words a second by the clock."""
    cpu_words: float
    """Words a second of processor time."""


def make_articles(number: int, words: int) -> list[str]:
    """Make articles out of the sentences of the samples, with other names and figures in each; always the same."""
    sentences = [
        sentence.strip()
        for path in sorted((ROOT / "samples").glob("*.txt"))
        for paragraph in path.read_text(encoding="utf-8").split("\n")
        for sentence in paragraph.replace(". ", ".\x00").split("\x00")
        if len(sentence.split()) > 4
    ]
    articles = []
    for seed in range(number):
        choose = random.Random(seed)  # noqa: S311 - wants repeatable randomness
        text: list[str] = []
        while sum(len(sentence.split()) for sentence in text) < words:
            text.append(choose.choice(sentences))
        # Two new names in each article: the vocabulary of news never ends, and that is what memory grows by.
        names = ["".join(choose.choices("abdefgiklmnorstuvz", k=7)).title() for _ in range(2)]
        text.insert(1, f"{names[0]} {names[1]} said {choose.randint(2, 900)} people were hurt near {names[1]}.")
        articles.append(" ".join(text))
    return articles


def write_folder(folder: Path, articles: list[str]) -> int:
    folder.mkdir()
    for number, text in enumerate(articles):
        (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
    return sum(len(text.split()) for text in articles)


def run(command: list[str], watch: Watch | None = None) -> Measured:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    begun = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    if watch is not None:
        watch.start(process.pid)
    assert process.stderr is not None
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}\n{told}")
    return Measured(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime)


def factx_command(folder: Path, output: Path, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "factx", "batch", str(folder), "-o", str(output), "-j", str(workers), "--overwrite",
    ]  # fmt: skip


class Watch:
    """Looks at the memory of the workers of a run while it goes on (Linux).

    Args:
        output: Output of the run, beside which its parts lie.
    """

    def __init__(self, output: Path) -> None:
        self._parts = output.with_name(f"{output.name}.parts")
        self.samples: list[tuple[int, int, int]] = []
        """Articles done, bytes of the largest worker, bytes of the process that leads."""

    def start(self, pid: int) -> None:
        threading.Thread(target=self._look, args=(pid,), daemon=True).start()

    def _look(self, pid: int) -> None:
        while (leader := read_rss(pid)) is not None:
            try:
                done = sum(name.endswith(".zip") for name in os.listdir(self._parts))
            except OSError:
                done = 0
            children = Path(f"/proc/{pid}/task").glob("*/children")
            try:
                workers = [read_rss(int(child)) or 0 for path in children for child in path.read_text().split()]
            except OSError:
                workers = []
            if workers and done:
                self.samples.append((32 * done, max(workers), leader))
            time.sleep(0.5)

    def at(self, articles: int) -> tuple[float, float]:
        """Megabytes of worker and leader about so many articles: the median of what was seen next to it."""
        near = sorted(self.samples, key=lambda sample: abs(sample[0] - articles))[:9]
        return statistics.median(s[1] for s in near) / 1e6, statistics.median(s[2] for s in near) / 1e6


def read_rss(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, IndexError):
        return None


def compare_speed(scratch: Path, articles: int, rounds: int) -> dict[str, Any]:
    """Measure factx and spaCy with one and two processes, in turn, on the same folder."""
    from baseline import find_baseline

    folder, one = scratch / "speed", scratch / "one"
    words = write_folder(folder, make_articles(articles, 270))
    few = write_folder(one, make_articles(1, 30))
    script = scratch / "run_spacy.py"
    script.write_text(SPACY)
    baseline = str(find_baseline())

    def command(name: str, workers: int, where: Path) -> list[str]:
        if name == "factx":
            return factx_command(where, scratch / "speed.jsonl", workers)
        return [sys.executable, str(script), baseline, str(where), str(workers)]

    runs: dict[str, list[Rate]] = {}
    starts: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name in ("factx", "spaCy"):
            for workers in (1, 2):
                start = run(command(name, workers, one))
                whole = run(command(name, workers, folder))
                key = f"{name} {workers}"
                starts.setdefault(key, []).append(start.seconds)
                # Every worker starts, also in the run with one article; so the difference is the reading alone.
                rate = Rate(
                    (words - few) / max(whole.seconds - start.seconds, 0.01),
                    (words - few) / max(whole.cpu - start.cpu, 0.01),
                )
                runs.setdefault(key, []).append(rate)
    rates = {
        key: {
            "words": statistics.median(rate.words for rate in found),
            "cpu_words": statistics.median(rate.cpu_words for rate in found),
            "start": statistics.median(starts[key]),
        }
        for key, found in runs.items()
    }

    def ratio(over: str, under: str, field: str) -> float:
        """Median of the ratios of runs in the same round."""
        return statistics.median(
            getattr(a, field) / getattr(b, field) for a, b in zip(runs[over], runs[under], strict=True)
        )

    ratios = {
        "one worker against spaCy with one process": ratio("factx 1", "spaCy 1", "words"),
        "the same, processor time": ratio("factx 1", "spaCy 1", "cpu_words"),
        "two workers against spaCy with two processes": ratio("factx 2", "spaCy 2", "words"),
        "two workers against one": ratio("factx 2", "factx 1", "words"),
        "spaCy, two processes against one": ratio("spaCy 2", "spaCy 1", "words"),
    }
    return {"articles": articles, "words": words, "rounds": rounds, "rates": rates, "ratios": ratios}


def measure_scaling(scratch: Path, sizes: list[int], words: int) -> list[dict[str, Any]]:
    """Run one worker over more and more articles."""
    rows = []
    for size in sizes:
        source, output = scratch / f"{size}.jsonl", scratch / f"scaling-{size}.jsonl"
        articles = make_articles(size, words)
        source.write_text("".join(json.dumps({"text": text}) + "\n" for text in articles))
        watch = Watch(output)
        measured = run(factx_command(source, output, 1), watch)
        total = sum(len(text.split()) for text in articles)
        row: dict[str, Any] = {
            "articles": size, "words": total, "seconds": measured.seconds, "cpu": measured.cpu,
        }  # fmt: skip
        if watch.samples:
            row["worker"], row["leader"] = watch.at(size)
            early = size // 10
            row["early"], row["worker_early"] = early, watch.at(early)[0]
            row["growth"] = row["worker"] / row["worker_early"] - 1
        rows.append(row)
        print(json.dumps(row), file=sys.stderr)
    return rows


def make_tables(speed: dict[str, Any], scaling: list[dict[str, Any]]) -> str:
    lines = [
        f"`python benchmarks/batch.py`, {os.cpu_count()} cores. Speed: {speed['articles']:,} articles of "
        f"{speed['words'] // speed['articles']} words in a folder, medians of {speed['rounds']} rounds, without the start.",
        "",
        "| | words a second | words a second of processor time | start, seconds |",
        "| --- | --- | --- | --- |",
    ]
    names = {"factx": "factx batch, all facts, workers:", "spaCy": "spaCy's small architecture, processes:"}
    for key, rate in speed["rates"].items():
        name, workers = key.split()
        lines.append(f"| {names[name]} {workers} | {rate['words']:,.0f} | {rate['cpu_words']:,.0f} | {rate['start']:.1f} |")
    lines += ["", "| ratio | |", "| --- | --- |"]
    lines += [f"| {name} | {value:.2f} |" for name, value in speed["ratios"].items()]
    lines += [
        "",
        "One worker, JSON lines:",
        "",
        "| articles | words | seconds | processor seconds | words a second | worker, MB | leader, MB | growth of the worker |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in scaling:
        memory = (
            f"{row['worker']:.0f} | {row['leader']:.0f} | {row['growth']:+.1%} from article {row['early']:,}"
            if "worker" in row
            else "| |"
        )
        rate = row["words"] / row["seconds"]
        lines.append(
            f"| {row['articles']:,} | {row['words']:,} | {row['seconds']:.0f} | {row['cpu']:.0f} | {rate:,.0f} | {memory} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/batch.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        speed = compare_speed(scratch, 60 if args.quick else 200, 1 if args.quick else 3)
        scaling = measure_scaling(scratch, [100, 1_000] if args.quick else [100, 1_000, 20_000], 40)
    tables = make_tables(speed, scaling)
    print(tables)
    if args.write:
        (HERE / "batch.md").write_text(tables, encoding="utf-8")


if __name__ == "__main__":
    main()
