"""Quality: the development scores must not fall below the committed table (benchmarks/scores.json).

The gold lies outside the project; without it there is nothing to measure and the test is skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FACTX_SHARED", ROOT.parent / "shared"))
# The small sets: the others take minutes and are measured by `python benchmarks/scores.py`.
QUICK = ("counts digest-dev", "counts voa-dev", "quotes voa-dev", "entities names-dev", "dates names-dev")
TOLERANCE = 0.01
"""Sums in another order on another processor flip a fact now and then."""


@pytest.mark.skipif(not (SHARED / "tools" / "evaluate").is_file(), reason=f"no development data in {SHARED}")
@pytest.mark.parametrize("name", QUICK)
def test_no_score_falls(name: str) -> None:
    kept = json.loads((ROOT / "benchmarks" / "scores.json").read_text(encoding="utf-8"))[name]
    program = (
        f"import json, sys; sys.path.insert(0, {str(ROOT / 'benchmarks')!r}); import scores; from pathlib import Path"
    )
    program += f"; print(json.dumps(scores.measure(Path({str(SHARED)!r}), {name!r})))"
    environment = {**os.environ, "FACTX": f"{sys.executable} -m factx"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    now = json.loads(done.stdout)
    fallen = {score: (kept[score], value) for score, value in now.items() if value < kept[score] - TOLERANCE}
    assert not fallen
