"""Measure `factx batch`: speed beside spaCy's small architecture, scaling to 20,000 articles, memory, start-up.

    python benchmarks/batch.py [--quick] [--write]

Runs the installed command on made-up articles, in a temporary folder, and prints tables; --write keeps them in
benchmarks/batch.md, and what a cluster needs in docs/batch.md. The full run takes 6 to 9 minutes on two cores, --quick
about one. The baseline is trained on first use (benchmarks/baseline.py). Rates leave out the start, which is measured
apart on a run with one article. Where other programs use the same cores, the ratios of processor time tell more than
those of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
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

from factx.batch.shards import limit_items

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MARKS = ("<!-- cluster: written by benchmarks/batch.py -->", "<!-- end of cluster -->")
# Words of an article in the speed runs and in the sums for a cluster: a middling report of a news agency.
ARTICLE_WORDS = 270
# What a core costs for an hour on the large clouds, on demand, in round figures.
DOLLARS = 0.05

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
    told = process.stderr.read() if process.stderr is not None else ""
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
                done = sum(path.suffix == ".zip" for path in self._parts.iterdir())
            except OSError:
                done = 0
            children = Path(f"/proc/{pid}/task").glob("*/children")
            try:
                workers = [read_rss(int(child)) or 0 for path in children for child in path.read_text().split()]
            except OSError:
                workers = []
            if workers and done:
                self.samples.append((sum(map(limit_items, range(done))), max(workers), leader))
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
    words = write_folder(folder, make_articles(articles, ARTICLE_WORDS))
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
    for turn in range(rounds):
        print(f"speed, round {turn + 1} of {rounds}", file=sys.stderr)
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


def measure_leader(scratch: Path) -> dict[str, float]:
    """Measure what one process does for all workers, in processor seconds an article."""
    import factx
    from factx.batch.inputs import find_sources, read_items
    from factx.batch.outputs import make_format
    from factx.batch.places import LocalPlace
    from factx.batch.shards import Part, cut_shards, dump_part, load_part
    from factx.read import ReadOptions

    texts = make_articles(32, ARTICLE_WORDS)
    source = scratch / "leader.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts * 100))
    facts = list(enumerate(factx.pipe(texts), start=1))
    kept = dump_part(Part(32, 0, (), make_format("parquet", text=True).pack(facts))).data
    begun = time.process_time()
    for shard in cut_shards(read_items(find_sources([str(source)]), ReadOptions())):
        pickle.dumps(shard, pickle.HIGHEST_PROTOCOL)
        LocalPlace().write(str(scratch / "parts" / str(shard.index)), kept)
    seconds = {"hand out": (time.process_time() - begun) / 3_200}
    for name in ("jsonl", "parquet"):
        format_ = make_format(name, text=True)
        data = dump_part(Part(32, 0, (), format_.pack(facts))).data
        streams = {member: (scratch / f"joined-{name}-{member}").open("wb") for member in format_.files}
        begun = time.process_time()
        format_.join((load_part(data).pack for _ in range(100)), streams)
        seconds[name] = (time.process_time() - begun) / 3_200
        for stream in streams.values():
            stream.close()
    return seconds


def make_cluster_table(rate: float, leader: dict[str, float]) -> str:
    """Compute hours and cost of a million articles from what was measured on one machine."""
    ms = {name: f"{seconds * 1000:.2f} ms" for name, seconds in leader.items()}
    lines = [
        f"Computed from {rate:,.0f} words a second of a core, {ARTICLE_WORDS} words an article, {ms['hand out']} an",
        f"article to hand out and take back, and {ms['parquet']} to join Parquet ({ms['jsonl']} JSON lines);",
        f"{DOLLARS} dollars for a core and hour:",
        "",
        "| workers, one core each | hours for a million articles | of these joining Parquet | dollars |",
        "| --- | --- | --- | --- |",
    ]
    for workers in (1, 2, 8, 32, 128):
        read = max(ARTICLE_WORDS / rate / workers, leader["hand out"]) * 1e6 / 3600
        join = leader["parquet"] * 1e6 / 3600
        # The cluster can be given back before the joining, which is work for one core.
        dollars = DOLLARS * (read * workers + join)
        lines.append(f"| {workers} | {read + join:,.1f} | {join:.2f} | {dollars:,.2f} |")
    return "\n".join(lines) + "\n"


def put_into_docs(table: str) -> None:
    """Replace the table between the marks of the page on batch."""
    page = ROOT / "docs" / "batch.md"
    before, rest = page.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    page.write_text(f"{before}{MARKS[0]}\n\n{table}\n{MARKS[1]}{after}", encoding="utf-8")


def make_tables(speed: dict[str, Any], scaling: list[dict[str, Any]]) -> str:
    lines = [
        f"`python benchmarks/batch.py`, {os.cpu_count()} cores. Speed: {speed['articles']:,} articles of",
        f"{ARTICLE_WORDS} words in a folder, medians of {speed['rounds']} rounds, without the start.",
        "",
        "| | words a second | words a second of processor time | start, seconds |",
        "| --- | --- | --- | --- |",
    ]
    names = {"factx": "factx batch, all facts, workers:", "spaCy": "spaCy's small architecture, processes:"}
    for key, rate in speed["rates"].items():
        name, workers = key.split()
        figures = f"{rate['words']:,.0f} | {rate['cpu_words']:,.0f} | {rate['start']:.1f}"
        lines.append(f"| {names[name]} {workers} | {figures} |")
    lines += ["", "| ratio | |", "| --- | --- |"]
    lines += [f"| {name} | {value:.2f} |" for name, value in speed["ratios"].items()]
    head = ("articles", "words", "seconds", "words a second", "worker, MB", "leader, MB", "growth of the worker")
    lines += ["", "One worker, JSON lines, with the start:", ""]
    lines += [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for row in scaling:
        cells = [f"{row[name]:,.0f}" for name in ("articles", "words", "seconds")]
        cells.append(f"{row['words'] / row['seconds']:,.0f}")
        if "worker" in row:
            cells += [f"{row[name]:.0f}" for name in ("worker", "leader")]
            cells.append(f"{row['growth']:+.1%} from article {row['early']:,}")
        lines.append(f"| {' | '.join([*cells, *[''] * (len(head) - len(cells))])} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/batch.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        speed = compare_speed(scratch, 60 if args.quick else 240, 1 if args.quick else 3)
        scaling = measure_scaling(scratch, [100, 500] if args.quick else [100, 1_000, 20_000], 40)
        cluster = make_cluster_table(speed["rates"]["factx 1"]["cpu_words"], measure_leader(scratch))
    tables = make_tables(speed, scaling)
    print(tables, cluster, sep="\n")
    if args.write:
        (HERE / "batch.md").write_text(tables, encoding="utf-8")
        put_into_docs(cluster)


if __name__ == "__main__":
    main()
