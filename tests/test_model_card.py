"""The model card says what the metrics say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MODEL = Path(__file__).resolve().parent.parent / "models" / "en_factx_news"


def test_its_tables_are_those_of_the_metrics() -> None:
    command = [sys.executable, MODEL / "scripts" / "card.py", "--check"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""
