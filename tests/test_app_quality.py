"""The quality page: the figures that ship, what it says of them, and the newsroom's own agreement."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fakes_evals import record, verdict_rows, verdicts
from streamlit.testing.v1 import AppTest

from factcheck.errors import FactcheckError
from factcheck.evals.intervals import Figure, wilson
from factcheck.evals.shipped import AtLeast, Measured, Shipped, shipped, shipped_from
from factcheck.review.values import Agreement
from factcheck.settings import Settings
from factcheck.ui.quality import agreement, meaning, name_of
from factcheck.ui.strings import TEXTS, words

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"

ROWS = verdict_rows()
BASELINE = record(ROWS, verdicts(ROWS, seed=3, right=0.25, lost=0)).scores
GIVEN = record(ROWS, verdicts(ROWS), dataset="verdict_bridges", baselines={"majority": BASELINE, "lexical": BASELINE})
OTHER = GIVEN.model_copy(update={"dataset": "verdict_tunnels", "digest": "cd" * 32})


@dataclass
class Months:
    """A desk, as far as the page asks it."""

    months: tuple[Agreement, ...]

    def agreement(self) -> tuple[Agreement, ...]:
        return self.months


desk: Months | None = None
settings = Settings()


def _page() -> None:
    import test_app_quality

    from factcheck.ui import pages
    from factcheck.ui.quality import quality_page

    quality_page(pages.frame(), test_app_quality.settings, test_app_quality.desk)  # type: ignore[arg-type]


def app(monkeypatch: pytest.MonkeyPatch, *months: Agreement, lang: str = "en", **changes: Any) -> AppTest:
    """The page, drawn once over what a desk counted."""
    monkeypatch.setattr(sys.modules[__name__], "desk", Months(months) if changes.pop("open", True) else None)
    monkeypatch.setattr(sys.modules[__name__], "settings", Settings(**changes))
    at = AppTest.from_function(_page, default_timeout=60)
    at.query_params["lang"] = lang
    return at.run()


def html(at: AppTest) -> str:
    assert not at.exception, at.exception
    return "\n".join(element.proto.body for element in at.get("html"))


def charts(at: AppTest) -> list[Any]:
    """The charts on the page, as they are sent to the browser."""
    return [one.proto for one in at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart")]


def drawn(chart: Any) -> list[dict[str, Any]]:
    """The rows of a chart."""
    from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

    (data,) = [each.data.data for each in chart.datasets] or [chart.data.data]
    return convert_arrow_bytes_to_pandas_df(data).to_dict("records")


class TestPage:
    @pytest.mark.parametrize("lang", ["en", "id"])
    def test_every_figure_has_its_interval_and_its_ground(self, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
        say, made = words(lang), shipped()  # type: ignore[arg-type]
        at = app(monkeypatch, lang=lang)
        page = html(at)
        for sentence in meaning(made, say):
            assert sentence.replace("'", "&#x27;") in page
        for one in made.sets:
            right = one.figures["accuracy"]
            assert name_of(one, say) in page
            assert f"({round(100 * right.low)}–{round(100 * right.high)})" in page
        assert len(charts(at)) == 2 and all(json.loads(chart.spec)["description"] for chart in charts(at))
        assert say("quality.own.none").replace("'", "&#x27;") in page

    def test_the_diagram_is_of_what_is_chosen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = shipped()
        at = app(monkeypatch)
        assert drawn(charts(at)[0]) == [one.model_dump() for one in made.groups["unseen"].bins]
        at.selectbox(key="reliability-of").select_index(3).run()
        assert drawn(charts(at)[0]) == [one.model_dump() for one in made.sets[0].bins]
        assert name_of(made.sets[0], words("en")) in json.loads(charts(at)[0].spec)["description"]

    def test_a_server_with_a_language_model_is_told_that_these_are_not_its_figures(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "offline verifier that ships" in app(monkeypatch, llm_model="gpt-x").info[0].value
        assert not app(monkeypatch).info

    def test_the_newsrooms_own_months(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at = app(
            monkeypatch, Agreement(month="2026-10", decided=40, kept=30), Agreement(month="2026-11", decided=10, kept=9)
        )
        page = html(at)
        assert "Of 50 decisions on claims with a machine verdict, reviewers kept 39 (78%)." in page.replace(
            "&#x27;", "'"
        )
        assert '<th scope="row">October 2026</th><td>40</td><td>30</td><td>75%</td>' in page
        assert [row["share"] for row in drawn(charts(at)[2])] == [0.75, 0.9]

    def test_without_a_desk_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert words("en")("quality.own.closed") in html(app(monkeypatch, open=False))


class TestWords:
    def test_few_decisions_are_told_as_few(self) -> None:
        say = words("en")
        low, high = wilson(0.5, 4)
        few = agreement([Agreement(month="2026-11", decided=4, kept=2)], say)
        assert "too few" in few and f"{round(100 * low)}% and {round(100 * high)}%" in few
        assert "too few" not in agreement([Agreement(month="2026-11", decided=400, kept=200)], say)

    def test_confidence_that_holds_is_not_told_as_too_sure(self) -> None:
        made, say = shipped(), words("en")

        def with_accuracy(share: float) -> str:
            surest = AtLeast(confidence=0.8, n=100, accuracy=share, low=share, high=share)
            unseen = made.groups["unseen"].model_copy(update={"sure": (surest,)})
            return " ".join(meaning(made.model_copy(update={"groups": {**made.groups, "unseen": unseen}}), say))

        assert "surer than it should be" in with_accuracy(0.7)
        assert "about right" in with_accuracy(0.82)

    def test_every_set_that_ships_has_words(self) -> None:
        for one in shipped().sets:
            assert {f"quality.set.{one.name}", f"quality.set.{one.name}.about"} <= TEXTS.keys()


class TestFigures:
    def test_they_are_those_of_the_records(self) -> None:
        made = shipped_from(
            [GIVEN, OTHER], frozenset({"verdict_tunnels"}), {"bridges, given": "1", "tunnels, given": "2"}
        )
        assert [one.name for one in made.sets] == ["bridges", "tunnels"]
        assert [one.fitted for one in made.sets] == [False, True]
        assert made.groups["unseen"].n == 60 and made.groups["all"].n == 120
        right = GIVEN.scores.figures["accuracy"].value
        assert made.groups["all"].figures["accuracy"].value == pytest.approx(right, abs=1e-4)
        assert made.groups["all"].baselines["majority"]["accuracy"] == pytest.approx(BASELINE.figures["accuracy"].value)
        assert sum(one.n for one in made.sets[0].bins) == 57, "three rows have no answer"
        for one in made.sets[0].bins:
            assert one.low <= one.accuracy <= one.high
        surest = next(one for one in made.sets[0].sure if one.confidence == 0.8)
        there = [o.correct for o in GIVEN.outcomes if (o.confidence or 0) >= 0.8]
        assert (surest.n, surest.accuracy) == (len(there), sum(there) / len(there))
        assert Shipped.model_validate_json(made.model_dump_json()) == made

    def test_wilson(self) -> None:
        low, high = wilson(0.5, 10)
        assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
        assert wilson(0.0, 5)[0] == 0.0 and wilson(1.0, 5)[1] == 1.0

    def test_a_file_that_cannot_be_read_is_a_sentence(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "quality.json").write_text("{}")
        for path in (tmp_path / "quality.json", tmp_path / "none.json"):
            with pytest.raises(FactcheckError, match="Install factcheck again"):
                shipped(path)

    def test_what_ships_is_of_the_records_that_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """When this fails: python benchmarks/quality_page.py"""
        script = _script(monkeypatch)
        found = script.verdict_records(BENCHMARKS / "records")
        made = shipped()
        assert dict(made.records) == {name: script.digest(path) for name, (path, _) in found.items()}
        assert {one.n for one in made.sets} == {each.scores.n for _, each in found.values()}
        assert {f"verdict_{one.name}" for one in made.sets if one.fitted} <= script.fitted_on()
        assert not {f"verdict_{one.name}" for one in made.sets if not one.fitted} & script.fitted_on()

    def test_nothing_is_said_without_figures(self) -> None:
        figure = Figure(value=0.5, low=0.4, high=0.6, n=10)
        bare = Measured(name="all", n=10, evidence="given", figures={"accuracy": figure})
        day = datetime(2026, 11, 23, tzinfo=UTC).date()
        made = Shipped(
            version="0", mode="offline", first=day, last=day, models={}, records={}, groups={"all": bare}, sets=()
        )
        assert meaning(made, words("en")) == [words("en")("quality.means.own")]


def _script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`benchmarks/quality_page.py` as a module, with its neighbours in reach."""
    if not (BENCHMARKS / "records").is_dir():
        pytest.skip("benchmarks/records is not here: an unpacked source distribution has none")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("packing", "results"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    spec = importlib.util.spec_from_file_location("quality_page", BENCHMARKS / "quality_page.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
