"""Golden files: what the command prints for each sample in each format. A diff in review is the point.

    FACTX_UPDATE_GOLDEN=1 pytest tests/test_golden.py     writes them anew

Confidences may differ a little between processors (sums in another order): they are compared with a tolerance.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from factx import cli
from factx.schema import make_schema

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
SAMPLES = sorted((ROOT / "samples").glob("*.txt"))
FORMATS = ("json", "jsonl", "table", "csv")
UPDATE = bool(os.environ.get("FACTX_UPDATE_GOLDEN"))
CONFIDENCE_TOLERANCE = 0.03


def _run(sample: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    result = CliRunner().invoke(cli.app, ["extract", f"samples/{sample.name}", "-f", format, "--no-text"])
    assert result.exit_code == 0, result.output
    return result.stdout


def _parse(output: str, format: str) -> Any:
    """Read an output, with confidences as numbers."""
    if format != "csv":
        return json.loads(output)
    rows = list(csv.DictReader(io.StringIO(output)))
    return [{**row, "confidence": float(row["confidence"])} for row in rows]


def _split_confidences(value: Any) -> tuple[Any, list[float]]:
    """The value without its confidences, and these in order."""
    found: list[float] = []

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            found.extend([node["confidence"]] if "confidence" in node else [])
            return {key: walk(item) for key, item in node.items() if key != "confidence"}
        return [walk(item) for item in node] if isinstance(node, list) else node

    return walk(value), found


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 6


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_output_is_as_reviewed(sample: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    output = _run(sample, format, monkeypatch)
    golden = GOLDEN / f"{sample.stem}.{'txt' if format == 'table' else format}"
    if UPDATE:
        golden.write_text(output, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8")
    if format == "table":
        assert output == expected
        return
    facts, confidences = _split_confidences(_parse(output, format))
    expected_facts, expected_confidences = _split_confidences(_parse(expected, format))
    assert facts == expected_facts
    assert confidences == pytest.approx(expected_confidences, abs=CONFIDENCE_TOLERANCE)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_output_validates(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = json.loads(_run(sample, "json", monkeypatch))
    Draft202012Validator(make_schema()).validate(record)
    text = sample.read_text(encoding="utf-8")
    spans = [span for entity in record["entities"] for span in entity["mentions"]]
    spans += record["counts"] + record["dates"]
    for quote in record["quotes"]:
        spans += quote["parts"] + [part for part in (quote["cue"], quote["speaker"]) if part]
        assert quote["text"] == " ".join(part["text"] for part in quote["parts"])
    assert all(text[span["start"] : span["end"]] == span["text"] for span in spans)
