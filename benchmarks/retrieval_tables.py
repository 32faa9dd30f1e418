"""The tables and the picture of a run of `retrieval`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from retrieval_record import Bench, Gain, SetRecord
from retrieval_systems import BASELINES, MEASURES, OURS

from factcheck.errors import InputError
from factcheck.evals.plots import save_plot
from factcheck.evals.render import WORDS, figure_text
from factcheck.retrieve import RERANK_WEIGHT

AIMS = {
    "verdict_scifact": {"ndcg@10": 0.72, "recall@10": 0.95},
    "verdict_averitec": {"hit@5": 0.88, "recall@10": 0.78},
    "verdict_fm2": {"recall@10": 0.75, "mrr@10": 0.42},
    "verdict_turnbackhoax": {"hit@5": 0.98},
    "match_turnbackhoax": {"hit@5": 0.90, "mrr@10": 0.84},
    "match_ct20": {"hit@5": 0.91, "mrr@10": 0.85},
    "verdict_healthver_claims": {"hit@5": 0.70},
    "notes id to en": {"hit@1": 0.80, "recall@10": 0.95},
    "notes en to id": {"hit@1": 0.80, "recall@10": 0.95},
}
"""What retrieval should reach."""
BETWEEN = {"hit@1": "recall@1", "recall@10": "recall@10"}
"""The measures between languages, where each query has one gold document."""
_COLOURS = ("#9aa0a6", "#5f6368", "#d9a441", "#b25fc4", "#2a9d6f", "#1f83d1", "#d9622b")


class Table(NamedTuple):
    """A table with a line of explanation under it."""

    title: str
    rows: list[Sequence[str]]
    legend: str


def tables(bench: Bench) -> tuple[Table, ...]:
    """Every table of a run that has rows."""
    within = [one for one in bench.sets if not one.between_languages]
    between = [one for one in bench.sets if one.between_languages]
    made = [
        Table("Documents found", list(_found(within, {name: WORDS.get(name, name) for name in MEASURES})), _LEGEND),
        Table("Between languages", list(_found(between, BETWEEN)), _between_legend(between)),
        Table("Milliseconds of a warm query, p50 / p95", list(_times(bench.sets)), _TIMES),
        Table("Weight of the lexical score", list(_weights(bench)), _weights_legend(bench)),
    ]
    return tuple(table for table in made if len(table.rows) > 1)


_LEGEND = (
    "By document, rows with gold documents only; 95 % bootstrap intervals over the rows. `bm25`: the product's lexical"
    " index alone, `bm25 plain` the same without stemming; `e5 plain`: the encoder without centring, exact cosine;"
    " `e5 centred`: the corpus's own dense search, centred and mapped; `rrf`: reciprocal ranks (k = 60) of `bm25` and"
    " `e5 plain`; `ours`: `factcheck.retrieve.search`. `ours - best other`: the paired difference to the best of the"
    " others on that row."
)
_TIMES = "One query after another in one process, the query's vector at hand."


def _between_legend(sets: Sequence[SetRecord]) -> str:
    if not sets:
        return ""
    first = sets[0]
    return (
        f"{first.n} notes ({first.left_out} without both wordings left out), searched for in their translation among"
        f" {first.documents:,} documents: all notes in both languages and passages of the other corpora. The query"
        " itself, a note too, is taken out of every ranking. BM25 alone searches every language here."
    )


def _found(sets: Sequence[SetRecord], measures: dict[str, str]) -> Iterator[Sequence[str]]:
    names = _systems(sets)
    gains = ["ours - best other", *(f"{name} - ours" for name in names if name not in (*BASELINES, OURS))]
    yield "set", "n", "measure", *names, *gains, "aim"
    for one in sets:
        for measure, word in measures.items():
            aim = AIMS.get(one.name, {}).get(measure)
            told = [_gain(gain) for gain in one.gains.get(measure, ())]
            yield (
                _short(one.name),
                str(one.n),
                word,
                *(figure_text(measure, one.systems[name].figures.get(measure)) for name in names),
                *told,
                *["–"] * (len(gains) - len(told)),
                "" if aim is None else f"{_plain(f'{aim:.2f}')} {'met' if _reached(one, measure, aim) else 'missed'}",
            )


def _reached(one: SetRecord, measure: str, aim: float) -> bool:
    figure = one.systems[OURS].figures.get(measure)
    return figure is not None and figure.value >= aim


def _systems(sets: Sequence[SetRecord]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in sets for name in one.systems))


def _gain(gain: Gain) -> str:
    value, low, high = (
        _plain(f"{x:+.3f}") for x in (gain.difference.difference, gain.difference.low, gain.difference.high)
    )
    return f"{value} ({low} to {high})" + (f" {gain.over}" if gain.over != OURS else "")


def _plain(text: str) -> str:
    return re.sub(r"^([+-]?)0\.", r"\1.", text)


def _short(name: str) -> str:
    return name.removeprefix("verdict_")


def _times(sets: Sequence[SetRecord]) -> Iterator[Sequence[str]]:
    names = _systems(sets)
    yield "set", "passages", *names
    for one in sets:
        cells = (f"{one.systems[name].p50_ms:.1f} / {one.systems[name].p95_ms:.1f}" for name in names)
        yield _short(one.name), f"{one.passages:,}", *cells


def _weights(bench: Bench) -> Iterator[Sequence[str]]:
    names = ("mrr@10", "recall@10")
    words = [WORDS.get(name, name) for name in names]
    shipped = [f"{word}, as shipped" for word in words]
    yield "set", "n", "fitted weight", *(f"{word}, out of fold" for word in words), "shipped", *shipped, "best here"
    for one in bench.weights:
        fitted = (figure_text(name, one.out_of_fold.get(name)) for name in names)
        at_shipped = (figure_text(name, one.at_shipped.get(name)) for name in names)
        weights = f"{one.weight:.2f}", f"{one.shipped:.2f}", f"{one.own_best:.2f}"
        yield _short(one.name), str(one.n), weights[0], *fitted, weights[1], *at_shipped, weights[2]


def _weights_legend(bench: Bench) -> str:
    return (
        "Fitted weight: the best mean of MRR@10 and recall@10 over sets of other corpora in the language (in any, where"
        " there is none), of 0, .05, ... 1."
        " Both columns order the passages of the two first hundreds. Best here: fitted on the set itself."
        " Between languages no weight is fitted."
    )


# writing


def markdown(bench: Bench) -> str:
    """Lines for RESULTS.md."""
    parts = [
        "## Retrieval",
        f"    {bench.command}",
        f"factcheck {bench.version}; {bench.embedding}; {bench.started:%d %B %Y}; lexical weights "
        + ", ".join(f"{language} {weight:g}" for language, weight in bench.lexical_weights.items())
        + "."
        + (f" Verifier's weight in reranking {RERANK_WEIGHT:g}." if _reranks(bench) else ""),
    ]
    for table in tables(bench):
        head, *body = table.rows
        lines = [head, ("---",) * len(head), *body]
        parts += [f"### {table.title}", "\n".join(f"| {' | '.join(cells)} |" for cells in lines), table.legend]
    return "\n\n".join(parts) + "\n"


def plain(bench: Bench) -> str:
    """The tables for a terminal."""
    parts = []
    for table in tables(bench):
        widths = [max(map(len, column)) for column in zip(*table.rows, strict=True)]
        lines = ["  ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)).rstrip() for cells in table.rows]
        parts.append("\n".join([table.title, *lines, table.legend]))
    return "\n\n".join(parts) + "\n"


def _reranks(bench: Bench) -> bool:
    return any(name not in (*BASELINES, OURS) for one in bench.sets for name in one.systems)


def draw(bench: Bench, path: Path, measure: str = "mrr@10") -> None:
    """A dot for each system on each set, with the interval of ours.

    Raises:
        InputError: altair or its converter is not installed, or the file cannot be written.
    """
    try:
        import altair as alt
    except ImportError as error:
        raise InputError("The picture needs altair. Install it with: pip install 'factcheck[plots]'") from error
    names = _systems(bench.sets)
    rows = [
        {"set": _short(one.name), "system": name, **figure.model_dump()}
        for one in bench.sets
        for name, system in one.systems.items()
        if (figure := system.figures.get(measure))
    ]
    y = alt.Y("set:N", sort=[_short(one.name) for one in bench.sets], title=None)
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), title=WORDS.get(measure, measure))
    colour = alt.Color(
        "system:N",
        scale=alt.Scale(domain=list(names), range=list(_COLOURS[: len(names)])),
        legend=alt.Legend(title=None),
    )
    base = alt.Chart(alt.Data(values=rows))
    ours = alt.Chart(alt.Data(values=[row for row in rows if row["system"] == OURS]))
    whisker = ours.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=colour)
    dots = base.mark_point(filled=True, size=90, opacity=0.9).encode(
        x=x, y=y, color=colour, shape=alt.Shape("system:N", scale=alt.Scale(domain=list(names)), legend=None)
    )
    chart = alt.layer(whisker, dots).properties(width=460, height=34 * len(bench.sets), background="white", padding=16)
    save_plot(chart.configure_view(stroke=None), path)
