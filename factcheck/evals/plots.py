"""Two pictures of a run, drawn from its record: how far its confidence can be trusted, and what caution buys.

They stand on a white ground of their own, with a margin, so that they read on a white page and on a dark one; the
converter writes clear pixels of a PNG wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from factcheck.errors import InputError
from factcheck.evals import metrics
from factcheck.evals.intervals import resamples, wilson
from factcheck.evals.outcomes import Outcome
from factcheck.evals.record import Record
from factcheck.evals.render import figure_text

if TYPE_CHECKING:
    import altair

_INK = "#3d4247"
_FAINT = "#e3e5e8"
_COLOURS = ("#1f83d1", "#d9622b", "#2a9d6f", "#b25fc4")
"""Of at least 3:1 against white, and apart to colour-blind eyes in this order."""
_WIDTH, _HEIGHT = 460, 340
_FEW = 10
"""A rate of fewer answers than this is not drawn."""
_GRID = np.linspace(0.0, 1.0, 101)


def reliability_diagram(record: Record) -> altair.VConcatChart:
    """The share of right answers by confidence, with the rows of each bin below (Guo et al. 2017, figure 1).

    A dot is a bin at its mean confidence, its bar the 95 % interval of Wilson (1927); on the dashed line confidence
    and truth agree.

    Raises:
        InputError: no row of the record has a confidence, or altair is not installed.
    """
    alt = _altair()
    sure = [o for o in record.outcomes if o.confidence is not None]
    if not sure:
        raise InputError(f"No answer in the record of {record.dataset} has a confidence: there is no such picture.")
    found = metrics.reliability_bins(
        np.array([o.confidence for o in sure]), np.array([o.correct for o in sure], dtype=float)
    )
    rows = [{**b._asdict(), **dict(zip(("least", "most"), wilson(b.accuracy, b.n), strict=True))} for b in found]
    across = alt.Scale(domain=[0, 1], nice=False)
    percent = alt.Axis(format="%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    base = alt.Chart(alt.Data(values=rows))
    x = alt.X("confidence:Q", scale=across, axis=percent.copy(), title=None)
    y = alt.Y("accuracy:Q", scale=across, axis=percent.copy(), title="answers that are right")
    dots = base.mark_circle(size=80, color=_COLOURS[0], opacity=1).encode(x=x, y=y)
    bars = base.mark_rule(color=_COLOURS[0], strokeWidth=1.5).encode(
        x=x, y=alt.Y("least:Q", scale=across, title="answers that are right"), y2="most:Q"
    )
    ideal = (
        alt.Chart(alt.Data(values=[{"at": 0}, {"at": 1}]))
        .mark_line(color=_INK, strokeDash=[5, 4], strokeWidth=1.5)
        .encode(x=alt.X("at:Q", scale=across, title=None), y=alt.Y("at:Q", scale=across))
    )
    counts = base.mark_bar(color=_COLOURS[0], opacity=0.75).encode(
        x=alt.X("low:Q", scale=across, axis=percent.copy(), title="confidence"),
        x2="high:Q",
        y=alt.Y("n:Q", title="rows", axis=alt.Axis(tickCount=3)),
        y2=alt.datum(0),
    )
    ece = record.scores.figures.get("ece")
    lines = [
        f"{record.dataset}, {len(sure)} answers",
        f"ECE {figure_text('ece', ece)}; dashed: confidence as it should be",
    ]
    top = alt.layer(ideal, bars, dots).properties(width=_WIDTH, height=_HEIGHT)
    below = counts.properties(width=_WIDTH, height=70)
    chart: altair.VConcatChart = _dressed(alt.vconcat(top, below, spacing=8), "Is the confidence to be trusted?", lines)
    return chart


def risk_coverage_plot(records: Mapping[str, Record]) -> altair.LayerChart:
    """The error rate among the most confident answers, as more are answered (El-Yaniv & Wiener 2010).

    One line for each record, by name, with its 95 % bootstrap band; it starts where ten rows are answered.

    Raises:
        InputError: there is no record, a record has no row with a confidence, the records are of different sets, or
            altair is not installed.
    """
    alt = _altair()
    if not records or len(records) > len(_COLOURS):
        raise InputError(f"The picture takes one to {len(_COLOURS)} records, {len(records)} were given.")
    if len({record.digest for record in records.values()}) > 1:
        raise InputError("The records are of different sets; one picture shows runs on one set.")
    named = {
        f"{name}: AURC {figure_text('aurc', record.scores.figures.get('aurc'))}": record
        for name, record in records.items()
    }
    rows = [{"system": name, **row} for name, record in named.items() for row in _risk_rows(record)]
    percent = alt.Axis(format="%", tickCount=6)
    base = alt.Chart(alt.Data(values=rows))
    x = alt.X(
        "coverage:Q", axis=percent.copy(), scale=alt.Scale(domain=[0, 1]), title="rows answered, most confident first"
    )
    wrong = "answers that are wrong"
    scale = alt.Scale(domain=list(named), range=list(_COLOURS[: len(named)]))
    band = base.mark_area(opacity=0.15).encode(
        x=x, y=alt.Y("low:Q", title=wrong), y2="high:Q", color=alt.Color("system:N", scale=scale)
    )
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=_WIDTH)
    line = base.mark_line(strokeWidth=2.5).encode(
        x=x,
        y=alt.Y("risk:Q", axis=percent.copy(), title=wrong),
        color=alt.Color("system:N", scale=scale, legend=legend),
    )
    first = next(iter(records.values()))
    lines = [f"{first.dataset}, {first.scores.n} rows; band: 95 % interval"]
    layers = alt.layer(band, line).properties(width=_WIDTH, height=_HEIGHT)
    chart: altair.LayerChart = _dressed(layers, "How wrong, if only the surest are answered?", lines)
    return chart


def save_plot(chart: altair.VConcatChart | altair.LayerChart, path: Path) -> None:
    """Writes a picture as SVG or, at twice its size, as PNG, by the name's ending.

    Raises:
        InputError: another ending, the converter is not installed, or the file cannot be written.
    """
    if path.suffix.lower() not in (".svg", ".png"):
        raise InputError(f"{path} is neither .svg nor .png. Give the picture one of these endings.")
    if find_spec("vl_convert") is None:
        raise InputError(_MISSING)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        chart.save(str(path), scale_factor=2 if path.suffix.lower() == ".png" else 1)
    except OSError as error:
        raise InputError(f"The picture could not be written to {path}: {error.strerror or error}.") from error


_MISSING = "Pictures need altair and vl-convert-python. Install them with: pip install 'factcheck[plots]'"


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise InputError(_MISSING) from error
    return altair


def _risk_rows(record: Record) -> list[dict[str, float]]:
    outcomes = record.outcomes
    if all(o.confidence is None for o in outcomes):
        raise InputError(f"No answer in the record of {record.dataset} has a confidence: there is no such picture.")
    grid = _GRID[_GRID * len(outcomes) >= _FEW]
    confidence, correct = _columns(outcomes)
    whole = metrics.risk_coverage(confidence, correct, metrics.ones(len(outcomes)))
    drawn = [
        np.interp(grid, coverage, risk)
        for weights in resamples(len(outcomes))
        for coverage, risk in zip(*metrics.risk_coverage(confidence, correct, weights), strict=True)
    ]
    low, high = np.percentile(np.array(drawn), [2.5, 97.5], axis=0)
    value = np.interp(grid, whole.coverage, whole.risk)
    return [
        {"coverage": float(c), "risk": float(r), "low": float(lo), "high": float(hi)}
        for c, r, lo, hi in zip(grid, value, low, high, strict=True)
    ]


def _columns(outcomes: tuple[Outcome, ...]) -> tuple[metrics.Array, metrics.Array]:
    confidence = np.array([-np.inf if o.confidence is None else o.confidence for o in outcomes])
    return confidence, np.array([o.correct for o in outcomes], dtype=float)


def _dressed(chart: Any, title: str, lines: list[str]) -> Any:
    """The title, the ink and the ground."""
    font = "Helvetica, Arial, sans-serif"
    return (
        chart.properties(title={"text": title, "subtitle": lines}, background="white", padding=16)
        .configure_view(stroke=None)
        .configure_title(
            color=_INK, subtitleColor=_INK, anchor="start", fontSize=17, subtitleFontSize=12.5, offset=12, font=font,
            subtitleFont=font, subtitlePadding=6,
        )
        .configure_axis(
            labelColor=_INK, titleColor=_INK, gridColor=_FAINT, domainColor=_INK, tickColor=_INK, labelFontSize=12.5,
            titleFontSize=13, titleFontWeight="normal", titlePadding=8, labelFont=font, titleFont=font,
        )
        .configure_legend(labelColor=_INK, labelFontSize=12.5, labelFont=font, symbolOpacity=1)
    )  # fmt: skip
