from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from fakes_evals import record, verdict_rows, verdicts

from factcheck.errors import InputError
from factcheck.evals.plots import reliability_diagram, risk_coverage_plot, save_plot

pytest.importorskip("altair", reason="altair is not installed")

ROWS = verdict_rows()
RECORD = record(ROWS, verdicts(ROWS))
SILENT = record(ROWS, [p.model_copy(update={"confidence": None}) for p in verdicts(ROWS)])
converter = pytest.mark.skipif(find_spec("vl_convert") is None, reason="vl-convert-python is not installed")


def test_the_diagram_holds_every_answer() -> None:
    drawn = reliability_diagram(RECORD).to_dict()
    rows = drawn["vconcat"][1]["data"]["values"]
    assert sum(row["n"] for row in rows) == 57  # three rows have no answer
    assert all(row["low"] < row["confidence"] <= row["high"] for row in rows)
    assert all(-1e-9 <= row["least"] <= row["accuracy"] <= row["most"] <= 1 + 1e-9 for row in rows)
    assert drawn["title"]["subtitle"][0] == "bridges, 57 answers"


def _values(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for part in (drawn, *drawn["layer"]) for row in part.get("data", {}).get("values", [])]


def test_the_curve_ends_at_the_error_of_all_rows() -> None:
    drawn = risk_coverage_plot({"offline": RECORD}).to_dict()
    rows = _values(drawn)
    assert rows[-1]["coverage"] == 1.0
    assert rows[-1]["risk"] == pytest.approx(1 - RECORD.scores.figures["accuracy"].value)
    assert min(row["coverage"] for row in rows) * len(ROWS) >= 10
    assert all(row["low"] <= row["high"] for row in rows)


def test_runs_share_a_picture_only_on_one_set() -> None:
    drawn = risk_coverage_plot({"a": RECORD, "b": record(ROWS, verdicts(ROWS, seed=5))}).to_dict()
    assert (
        len({row["system"] for layer in [drawn, *drawn["layer"]] for row in layer.get("data", {}).get("values", [])})
        == 2
    )
    with pytest.raises(InputError, match="different sets"):
        risk_coverage_plot({"a": RECORD, "b": RECORD.model_copy(update={"digest": "0" * 64})})
    with pytest.raises(InputError, match="takes one to 4 records, 0 were given"):
        risk_coverage_plot({})


def test_no_confidence_no_picture() -> None:
    with pytest.raises(InputError, match="No answer in the record of bridges has a confidence"):
        reliability_diagram(SILENT)
    with pytest.raises(InputError, match="has a confidence"):
        risk_coverage_plot({"a": SILENT})


@converter
def test_pictures_are_written(tmp_path: Path) -> None:
    for number, chart in enumerate((reliability_diagram(RECORD), risk_coverage_plot({"offline": RECORD}))):
        save_plot(chart, tmp_path / f"{number}.svg")
        save_plot(chart, tmp_path / f"{number}.png")
        svg = (tmp_path / f"{number}.svg").read_text(encoding="utf-8")
        assert svg.startswith("<svg")
        assert "bridges" in svg
        assert (tmp_path / f"{number}.png").read_bytes().startswith(b"\x89PNG")


@converter
def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="could not be written"):
        save_plot(reliability_diagram(RECORD), tmp_path / "file" / "a.svg")


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"neither \.svg nor \.png"):
        save_plot(reliability_diagram(RECORD), tmp_path / "a.gif")


def test_without_altair_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "from factcheck.evals.plots import risk_coverage_plot\n"
        "risk_coverage_plot({})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip().endswith("Install them with: pip install 'factcheck[plots]'")
