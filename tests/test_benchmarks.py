"""The scripts that make the pages of figures from records."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from fakes_evals import record, verdict_rows, verdicts

from factcheck.errors import InputError
from factcheck.evals.record import Record, write_record

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"

ROWS = verdict_rows()
BASELINE = record(ROWS, verdicts(ROWS, seed=3, right=0.25, lost=0)).scores
GIVEN = record(ROWS, verdicts(ROWS), dataset="verdict_bridges", baselines={"majority": BASELINE, "lexical": BASELINE})
OTHER = GIVEN.model_copy(update={"dataset": "verdict_tunnels", "digest": "cd" * 32})
RETRIEVED = GIVEN.model_copy(update={"evidence": "retrieved"})


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The scripts as modules, found beside one another as when one of them is run."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    found = {}
    for name in ("packing", "results"):
        spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
        assert spec and spec.loader
        found[name] = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, found[name])
        spec.loader.exec_module(found[name])
    return found


def test_packing_loses_nothing_and_saves_most(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    packing = scripts["packing"]
    write_record(GIVEN, tmp_path / "whole.json")
    (tmp_path / "packed.json").write_text(packing.pack(GIVEN), encoding="utf-8")
    assert packing.unpack(packing.pack(GIVEN)) == GIVEN
    assert packing.read(tmp_path / "packed.json") == packing.read(tmp_path / "whole.json") == GIVEN
    assert (tmp_path / "packed.json").stat().st_size < 0.6 * (tmp_path / "whole.json").stat().st_size


def test_only_what_is_between_the_markers_is_exchanged(scripts: dict[str, ModuleType]) -> None:
    results = scripts["results"]
    page = f"# Results\nby hand\n{results.BEGIN}\nold\n{results.END}\n\nby hand too\n"
    made = results.replaced(page, "new")
    assert "old" not in made and made.startswith("# Results\nby hand\n") and made.endswith("\n\nby hand too\n")
    assert results.replaced(made, "new") == made


@pytest.mark.parametrize("page", ["", "{0}", "{1}\n{0}", "{0}{0}{1}"], ids=["none", "no end", "turned", "twice"])
def test_a_page_without_its_markers_is_refused(scripts: dict[str, ModuleType], page: str) -> None:
    results = scripts["results"]
    with pytest.raises(InputError, match="once each"):
        results.replaced(page.format(results.BEGIN, results.END), "new")


def test_results_md_has_its_markers(scripts: dict[str, ModuleType]) -> None:
    page = (BENCHMARKS / "RESULTS.md").read_text(encoding="utf-8")
    assert scripts["results"].replaced(page, "new").count("new") >= 1


def _row(section: str, start: str) -> list[str]:
    (line,) = [line for line in section.splitlines() if line.startswith(f"| {start} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_of_the_section_holds_the_record_s_figures(scripts: dict[str, ModuleType]) -> None:
    section = scripts["results"].section([GIVEN, OTHER, RETRIEVED], frozenset({"verdict_tunnels"}))
    given, _, retrieved = section.partition("### Evidence retrieved")
    cells, figures = _row(given, "bridges"), GIVEN.scores.figures
    assert cells[1] == "60"
    assert cells[2].startswith(f"{figures['macro_f1'].value:.3f}"[1:])
    assert cells[3] == f"{BASELINE.figures['macro_f1'].value:.3f}"[1:]
    assert _row(given, "tunnels †")[1] == "60" and "no unseen data" in given
    assert _row(given, "all sets")[1] == "120"
    assert _row(retrieved, "bridges")[3].startswith(f"{figures['recall@5'].value:.3f}".lstrip("0"))


def test_a_set_without_a_label_has_a_dash_for_it(scripts: dict[str, ModuleType]) -> None:
    rows = [row for row in ROWS if row.gold and row.gold.label != "conflicting"]
    three: Record = record(rows, verdicts(rows), dataset="verdict_three")
    section = scripts["results"].section([three], frozenset())
    assert _row(section, "three")[9] == "–" and _row(section, "three")[8] != "–"
    assert "†" not in section


def test_the_details_hold_every_record(scripts: dict[str, ModuleType]) -> None:
    page = scripts["results"].details([GIVEN, OTHER])
    assert page.count("<details>") == page.count("</details>") == 2
    assert "<summary>verdict_bridges given</summary>" in page


def test_two_pictures_a_record_and_two_of_all(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    for package in ("altair", "vl_convert"):
        pytest.importorskip(package, reason=f"{package} is not installed: no plots")
    scripts["results"].draw([GIVEN], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}-{kind}.svg" for name in ("all", "bridges-given") for kind in ("reliability", "risk-coverage")
    }
