"""Charts of the app: bars that are a table at once, and Vega-Lite specs for `st.vega_lite_chart`.

A bar of a table needs no script and reads out as what it is. What needs axes is a spec; marks
take a colour that stands at 3:1 or more on the light and on the dark ground, and words the ink of the theme. Beside
every such chart its figures stand as a table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from factcheck.ui.strings import Words

BLUE, GREY = "#3f86bd", "#8a8d93"
"""For marks and for what they are held against: at least 3:1 on #fcfbf8 and on #15171b."""

_INK = {"light": ("#5a5d63", "#d9d5c9"), "dark": ("#a9adb5", "#3a3e46")}
"""Words and lines by theme: `--fc-quiet` and `--fc-line` of style.css."""

Spec = dict[str, Any]


class Bar(NamedTuple):
    """A name with its count."""

    name: str
    n: int


def grouped(n: int, say: Words) -> str:
    """A whole number with its thousands apart, as the language writes it."""
    return f"{n:,}".replace(",", ".") if say.language == "id" else f"{n:,}"


def decimal(value: float, say: Words) -> str:
    """A number of three places, as the language writes it."""
    return f"{value:.3f}".replace(".", ",") if say.language == "id" else f"{value:.3f}"


def percent(share: float) -> int:
    """A share in whole hundredths; what is not nought or all is never shown as such."""
    whole = round(100 * share)
    return 1 if whole == 0 < share else 99 if whole == 100 > 100 * share else whole


def bars(rows: Sequence[Bar], total: int, say: Words, *, caption: str, name: str) -> str:
    """A table whose rows are bars: name, bar, count and share of `total`; names are escaped."""
    most = max((row.n for row in rows), default=0) or 1
    body = "".join(
        f'<tr><th scope="row">{escape(row.name)}</th>'
        f'<td class="fc-bar-cell"><i style="width:{100 * row.n / most:.1f}%"></i></td>'
        f"<td>{grouped(row.n, say)}</td><td>{percent(row.n / total) if total else 0}%</td></tr>"
        for row in rows
    )
    head = f'<th scope="col">{escape(name)}</th><td></td>' + "".join(
        f'<th scope="col">{escape(say(f"corpus.coverage.{each}"))}</th>' for each in ("count", "share")
    )
    return (
        f'<table class="fc-bars"><caption class="fc-hidden">{escape(caption)}</caption>'
        f'<thead class="fc-hidden"><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """A table of text, its first column names, the others figures; all of it is escaped."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="fc-scroll fc-wide" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="fc-table"><caption class="fc-hidden">{escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(title: str, body: str) -> str:
    """A body that opens on demand; the title is escaped, the body is HTML already."""
    return f'<details class="fc-more"><summary>{escape(title)}</summary>{body}</details>'


def draw(spec: Spec) -> None:
    """Draws a chart as wide as there is room, in the theme's ink."""
    words, lines = _INK["dark" if st.context.theme.type == "dark" else "light"]
    axis = {
        "labelColor": words, "titleColor": words, "gridColor": lines, "domainColor": lines, "tickColor": lines,
        "labelFontSize": 12, "titleFontSize": 12.5, "titleFontWeight": "normal",
    }  # fmt: skip
    st.vega_lite_chart(spec={**spec, "config": {"axis": axis}}, width="stretch")


def columns(rows: Sequence[Bar], *, alt: str, x: str, y: str) -> Spec:
    """Columns in the order given, such as documents by year."""
    step = max(1, math.ceil(len(rows) / 12))
    labelled = [row.name for i, row in enumerate(rows) if i % step == 0]
    return {
        "description": alt,
        "data": {"values": [row._asdict() for row in rows]},
        "mark": {"type": "bar", "color": BLUE, "cornerRadiusEnd": 2},
        "height": 240,
        "encoding": {
            "x": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "values": labelled, "labelAngle": 0, "labelOverlap": True, "grid": False},
            },
            "y": {"field": "n", "type": "quantitative", "axis": {"title": y, "tickMinStep": 1, "tickCount": 5}},
            "tooltip": [{"field": "name", "title": x}, {"field": "n", "title": y}],
        },
    }


def reliability(rows: Sequence[Mapping[str, float]], *, alt: str, x: str, y: str, count: str) -> Spec:
    """A reliability diagram (Guo et al. 2017, figure 1): a dot a bin, its 95 % interval, and the line of agreement.

    Args:
        rows: bins with `confidence`, `accuracy`, `low`, `high` (the interval's ends), all in [0, 1], and `n`.
        alt: what the chart shows, for who cannot see it.
        x: the title of the axis of confidence.
        y: the title of the axis of right answers.
        count: the title of the number of answers.
    """
    axis = {"format": ".0%", "values": [0, 0.2, 0.4, 0.6, 0.8, 1], "grid": True}
    scale = {"domain": [0, 1], "nice": False}
    across = {"field": "confidence", "type": "quantitative", "scale": scale, "axis": {**axis, "title": x}}
    up = {"type": "quantitative", "scale": scale, "axis": {**axis, "title": y}}
    percents = ((x, "confidence"), (y, "accuracy"))
    tips = [
        *({"field": key, "title": title, "format": ".0%"} for title, key in percents),
        {"field": "n", "title": count},
    ]
    return {
        "description": alt,
        "data": {"values": [dict(row) for row in rows]},
        "height": 320,
        "layer": [
            {
                "data": {"values": [{"at": 0}, {"at": 1}]},
                "mark": {"type": "line", "color": GREY, "strokeDash": [5, 4], "strokeWidth": 1.5},
                "encoding": {
                    "x": {"field": "at", "type": "quantitative", "scale": scale},
                    "y": {"field": "at", "type": "quantitative", "scale": scale},
                },
            },
            {
                "mark": {"type": "rule", "color": BLUE, "strokeWidth": 2},
                "encoding": {"x": across, "y": {"field": "low", **up}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "opacity": 1, "color": BLUE},
                "encoding": {
                    "x": across,
                    "y": {"field": "accuracy", **up},
                    "size": {
                        "field": "n",
                        "type": "quantitative",
                        "scale": {"range": [40, 420]},
                        "legend": None,
                    },
                    "tooltip": tips,
                },
            },
        ],
    }


def shares(rows: Sequence[Mapping[str, Any]], *, alt: str, x: str, y: str, count: str) -> Spec:
    """A share over time: a line with dots, one a month.

    Args:
        rows: `name`, `share` in [0, 1] and `n`, in order.
        alt: what the chart shows, for who cannot see it.
        x: the title of the months.
        y: the title of the share.
        count: the title of the number that a share is of.
    """
    return {
        "description": alt,
        "data": {"values": [dict(row) for row in rows]},
        "height": 240,
        "mark": {
            "type": "line",
            "color": BLUE,
            "strokeWidth": 2.5,
            "point": {"filled": True, "size": 70, "color": BLUE},
        },
        "encoding": {
            "x": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False},
            },
            "y": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "axis": {"title": y, "format": ".0%", "tickCount": 5},
            },
            "tooltip": [
                {"field": "name", "title": x},
                {"field": "share", "title": y, "format": ".0%"},
                {"field": "n", "title": count},
            ],
        },
    }


def standing(rows: Sequence[Mapping[str, Any]], *, alt: str, x: str, tick: str) -> Spec:
    """A share with its interval for each of several things, and a tick for what it is held against.

    Args:
        rows: `name`, `value`, `low`, `high` and, where there is one, `against`, all shares; in order.
        alt: what the chart shows, for who cannot see it.
        x: the title of the share.
        tick: the title of what it is held against.
    """
    percent = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    axis = {"title": x, "format": ".0%", "orient": "bottom", "tickCount": 5, "grid": True}
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 170, "ticks": False}}
    tips = [
        {"field": "name", "title": " "},
        {"field": "value", "title": x, "format": ".0%"},
        {"field": "against", "title": tick, "format": ".0%"},
    ]
    return {
        "description": alt,
        "data": {"values": [dict(row) for row in rows]},
        "height": {"step": 27},
        "layer": [
            {
                "mark": {"type": "rule", "color": BLUE, "strokeWidth": 2},
                "encoding": {"y": y, "x": {"field": "low", **percent, "axis": axis}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "tick", "color": GREY, "thickness": 3, "size": 16, "opacity": 1},
                "encoding": {"y": y, "x": {"field": "against", **percent}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": BLUE},
                "encoding": {"y": y, "x": {"field": "value", **percent}, "tooltip": tips},
            },
        ],
    }
