from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("read_by_eye", BENCHMARKS / "read_by_eye.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "read_by_eye", module)
    spec.loader.exec_module(module)
    return module


def _line(faithful: bool | None, alone: bool | None) -> dict[str, object]:
    return {"set": "ours", "claim": "x", "faithful": faithful, "alone": alone}


def test_the_interval_is_wilson_s(reading: ModuleType) -> None:
    low, high = reading.wilson(95, 100)
    assert (round(low, 4), round(high, 4)) == (0.8882, 0.9785)
    assert reading.wilson(0, 10)[0] == pytest.approx(0) and reading.wilson(10, 10)[1] == pytest.approx(1)


def test_shares_are_counted_by_set_and_in_all(reading: ModuleType) -> None:
    lines = [_line(True, True), _line(True, False), {**_line(False, False), "set": "other"}]
    counted = list(reading.counted(lines))
    assert [line.split(":")[0] for line in counted] == ["ours", "other", "all"]
    assert "faithful 2/3" in counted[2] and "alone 1/3" in counted[2]


def test_what_nobody_judged_is_not_counted(reading: ModuleType) -> None:
    with pytest.raises(SystemExit, match="not judged"):
        list(reading.counted([_line(True, None)]))


@pytest.mark.parametrize("path", sorted(BENCHMARKS.glob("read-by-eye-*.jsonl")), ids=lambda path: path.stem)
def test_a_kept_list_is_whole(path: Path, reading: ModuleType) -> None:
    head, *lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert "salt" in head and "Apache-2.0" in head["sources"] and "MIT" in head["sources"]
    assert {name: sum(line["set"] == name for line in lines) for name in reading.SHARES} == reading.SHARES
    for line in lines:
        assert isinstance(line["faithful"], bool) and isinstance(line["alone"], bool)
        assert bool(line["why"]) == (not (line["faithful"] and line["alone"]))
