"""One command from data to the packed pipeline: train, export, score, write the metrics.

    python build.py --data DATA [--run training/] [--start PIPELINE | --teachers WEIGHTS ...] [--silver FOLDER]

Training goes on where a stopped run left off. The result is ../pipeline (what the package ships) and ../metrics.
With --start, training begins from the weights of a packed pipeline, not from the base model; with --teachers, from the
first of these whole networks made smaller (prune.py), which then learns from all of them and from the labels. --silver
names the folder that label.py filled. Other options are train.py's: --passes, --minutes, --seed, --workers.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent


def run(script: str, *arguments: str | Path) -> None:
    subprocess.run([sys.executable, HERE / script, *map(str, arguments)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, default=MODEL / "training")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--start", type=Path, help="a packed pipeline whose weights training starts from")
    begin.add_argument("--teachers", type=Path, nargs="+", help="weights of whole networks that teach a smaller one")
    parser.add_argument("--silver", type=Path, help="passages labelled by label.py")
    args, others = parser.parse_known_args()
    args.run.mkdir(parents=True, exist_ok=True)
    options: list[str | Path] = list(others)
    if args.silver:
        options += ["--silver", args.silver]
    start = args.run / "start.pt"
    if args.start:
        if not start.exists():
            run("restore.py", "--pipeline", args.start, "--out", start)
        options += ["--init", start]
    if args.teachers:
        if not start.exists():
            run("prune.py", "--weights", args.teachers[0], "--data", args.data, "--out", start)
        options += ["--init", start, "--teachers", *args.teachers]
    run("train.py", "--data", args.data, "--out", args.run, *options)
    plain = args.run / "pipeline-fp32"
    run("export.py", "--run", args.run, "--out", plain, "--fp32")
    shutil.rmtree(MODEL / "pipeline", ignore_errors=True)
    run("export.py", "--run", args.run, "--out", MODEL / "pipeline")
    metrics = MODEL / "metrics"
    run("probe.py", "--run", args.run, "--out", metrics / "probe.json")
    run("evaluate.py", "--pipeline", plain, "--data", args.data, "--out", args.run / "fp32.json")
    run("evaluate.py", "--pipeline", MODEL / "pipeline", "--data", args.data, "--out", args.run / "int8.json")
    both = {name: json.loads((args.run / f"{name}.json").read_text()) for name in ("int8", "fp32")}
    (metrics / "pipeline.json").write_text(json.dumps(both, indent=1) + "\n")
    shutil.copy(args.run / "summary.json", metrics / "training.json")


if __name__ == "__main__":
    main()
