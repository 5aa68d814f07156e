"""Kill `factx batch` at random moments, let it go on, and compare with a run in one go; over and over.

    python benchmarks/soak.py [--rounds 50] [--articles 60] [--seed 0] [--fake]

Each round kills a run once or twice, with its workers or without them, and then lets it end. The moment is drawn from
the whole length of a run, or from the number of shards that are done. Formats and numbers of workers take turns. The
exit code is 1 if any file differs from what an uninterrupted run wrote. --fake takes the workers of the tests, which
read nothing, so that more of the kills meet the writing; without it the workers read with the shipped pipeline.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from batch import make_articles

HERE = Path(__file__).resolve().parent
OUTPUTS = ("out.jsonl", "out.jsonl.gz", "out.csv", "out.parquet")
# Small shards, so that a short run has many.
START = "from factx.batch import shards; shards._SHARD_ITEMS = 4; from factx.cli import main; main()"
START_FAKE = "import sys; sys.path.append({tests!r}); import fake_worker; fake_worker.start_command()"


def start(folder: Path, output: str, workers: int, *, fake: bool) -> subprocess.Popen[bytes]:
    code = START_FAKE.format(tests=str(HERE.parent / "tests")) if fake else START
    command = [sys.executable, "-c", code, "batch", "news.jsonl", "-o", output, "-j", str(workers)]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, start_new_session=True)


def finish(process: subprocess.Popen[bytes]) -> None:
    _, told = process.communicate()
    if process.returncode not in (0, 1) or b"fault of factx" in told:
        raise SystemExit(f"exit code {process.returncode}: {told.decode()}")


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fake", action="store_true")
    args = parser.parse_args()
    choose = random.Random(args.seed)  # noqa: S311 - wants repeatable randomness
    texts = [*make_articles(args.articles, 30), "", "raise"]
    different, met = 0, Counter[str]()
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "news.jsonl"
        source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts) + "{broken\n")
        whole: dict[str, tuple[dict[str, bytes], float]] = {}
        for number in range(args.rounds):
            output, workers = OUTPUTS[number % len(OUTPUTS)], choose.choice((1, 2))
            if output not in whole:
                folder = Path(scratch) / f"whole-{number}"
                folder.mkdir()
                shutil.copy(source, folder)
                begun = time.perf_counter()
                finish(start(folder, output, 1, fake=args.fake))
                whole[output] = read_all(folder), time.perf_counter() - begun
            expected, seconds = whole[output]
            folder = Path(scratch) / f"round-{number}"
            folder.mkdir()
            shutil.copy(source, folder)
            for _ in range(choose.choice((1, 1, 2))):
                process = start(folder, output, workers, fake=args.fake)
                if choose.random() < 0.3:
                    time.sleep(choose.uniform(0, 1.1 * seconds))
                else:  # the start takes most of a short run, and little can go wrong there
                    wait_for_parts(process, folder / f"{output}.parts", choose.randint(1, len(texts) // 4 + 1))
                    time.sleep(choose.uniform(0, 0.2))
                if choose.random() < 0.5:
                    with contextlib.suppress(ProcessLookupError):  # it was done before its time
                        os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()  # its workers must end by themselves
                process.communicate()
                met[describe(folder, output)] += 1
            finish(start(folder, output, workers, fake=args.fake))
            equal = read_all(folder) == expected
            different += not equal
            print(f"round {number + 1}: {output}, {workers} workers: {'equal' if equal else 'DIFFERENT'}", flush=True)
            if equal:
                shutil.rmtree(folder)
            else:
                shutil.copytree(folder, Path(tempfile.mkdtemp()) / "different", dirs_exist_ok=True)
    print(f"{args.rounds} rounds, {different} different; killed: {dict(met)}")
    return bool(different)


def wait_for_parts(process: subprocess.Popen[bytes], folder: Path, number: int) -> None:
    """Wait until so many shards are done, or the run has ended."""
    while process.poll() is None and len(list(folder.glob("*.zip"))) < number:
        time.sleep(0.005)


def describe(folder: Path, output: str) -> str:
    """Tell where a kill has met the run."""
    parts = len(list((folder / f"{output}.parts").glob("*.zip")))
    if (folder / output).exists():
        return "at the end"
    return "among the parts" if parts else "before the first part"


if __name__ == "__main__":
    sys.exit(main())
