"""The page of quality: what was measured of this version, and how the newsroom and the machine agree."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from factcheck.errors import FactcheckError
from factcheck.evals.intervals import Figure, wilson
from factcheck.evals.shipped import AtLeast, Group, Measured, Shipped, ShippedBin, shipped
from factcheck.review import Desk
from factcheck.review.values import Agreement
from factcheck.settings import Settings
from factcheck.ui import charts, room
from factcheck.ui.cards import facts, part_heading, plain
from factcheck.ui.charts import decimal, grouped, percent
from factcheck.ui.corpus_html import language
from factcheck.ui.strings import TEXTS, Words

GROUPS: tuple[Group, ...] = ("unseen", "all", "numeric")
FEW = 30
"""Decisions below which the share that was kept says little."""
_SURE = 0.8
_SLACK = 0.05
"""Confidence above the share of right answers by more than this is told as too sure."""


def quality_page(say: Words, settings: Settings, desk: Desk | None) -> None:
    """The figures that ship and, where there is a desk, the newsroom's own."""
    room.keep_language(say)
    lead = f'<p class="fc-lead">{escape(say("quality.lead"))}</p>'
    st.html(f'<h1 class="fc-title">{escape(say("quality.title"))}</h1>{lead}')
    with st.container(key="quality"):
        try:
            made = shipped()
        except FactcheckError as problem:
            st.error(plain(say.sentence(str(problem))))
        else:
            _measured(made, say, settings)
        _own(desk.agreement() if desk else None, say)


def _measured(made: Shipped, say: Words, settings: Settings) -> None:
    if settings.mode == "llm":
        st.info(plain(say("quality.llm")))
    st.html(headline(made, say))
    points = "".join(f"<li>{escape(sentence)}</li>" for sentence in meaning(made, say))
    st.html(part_heading(say("quality.means")) + f'<ul class="fc-rows fc-plain">{points}</ul>')
    _reliability(made, say)
    _sets(made, say)
    st.html(_about(made, say))


def headline(made: Shipped, say: Words) -> str:
    """The groups of sets: how many of a hundred were right, the interval, and what simple answers would get."""
    cells = []
    for name in GROUPS:
        if (group := made.groups.get(name)) is None:
            continue
        right = group.figures["accuracy"]
        between = say("quality.between", low=percent(right.low), high=percent(right.high))
        lines = [f"{between} · {say('quality.claims', n=grouped(group.n, say))}"]
        if "majority" in group.baselines:
            lines.append(say("quality.baseline", n=percent(group.baselines["majority"]["accuracy"])))
        if "lexical" in group.baselines:
            lines.append(say("quality.baseline.words", n=percent(group.baselines["lexical"]["accuracy"])))
        if name != "unseen" and "unseen" in made.groups and any(one.fitted for one in made.sets):
            lines.append(say("quality.flatter"))
        small = "".join(f"<small>{escape(line)}</small>" for line in lines)
        big = say("quality.of_100", n=percent(right.value))
        cells.append(f"<div><dt>{escape(say(f'quality.group.{name}'))}</dt><dd>{escape(big)}{small}</dd></div>")
    return f'<dl class="fc-figures fc-thirds">{"".join(cells)}</dl>'


def meaning(made: Shipped, say: Words) -> list[str]:
    """What the figures mean for who works with them, a sentence or two each; no figure is left without its ground."""
    said = []
    unseen = made.groups.get("unseen", made.groups["all"])
    right, majority = unseen.figures["accuracy"], unseen.baselines.get("majority")
    if majority:
        baseline = percent(majority["accuracy"])
        said.append(say("quality.means.reader", n=percent(right.value), baseline=baseline))
    surest = next((one for one in unseen.sure if one.confidence == _SURE), None)
    if surest:
        over = surest.accuracy < _SURE - _SLACK
        said.append(say("quality.means.over" if over else "quality.means.even", n=percent(surest.accuracy)))
    if quotes := made.groups["all"].figures.get("quotes_valid"):
        said.append(say("quality.means.quotes", n=percent(quotes.value), total=grouped(quotes.n, say)))
    for one in made.sets:
        if found := one.figures.get("recall@5"):
            said.append(say("quality.means.retrieval", name=name_of(one, say), n=percent(found.value)))
    said.append(say("quality.means.own"))
    return said


def name_of(one: Measured, say: Words) -> str:
    """A set or a group in words."""
    key = f"quality.set.{one.name}"
    group = f"quality.group.{one.name}"
    return say(key) if key in TEXTS else say(group) if group in TEXTS else one.name


def _reliability(made: Shipped, say: Words) -> None:
    st.html(part_heading(say("quality.reliability")))
    all_of_them = [made.groups[name] for name in GROUPS if name in made.groups] + list(made.sets)
    which = st.selectbox(
        say("quality.which"),
        range(len(all_of_them)),
        key="reliability-of",
        format_func=lambda at: f"{name_of(all_of_them[at], say)} ({grouped(all_of_them[at].n, say)})",
        width=380,
    )
    one = all_of_them[which]
    left, right = st.columns([3, 2], gap="large")
    with left:
        most = max(one.bins, key=lambda each: each.n)
        alt = say(
            "quality.reliability.alt",
            name=name_of(one, say),
            bins=len(one.bins),
            confidence=percent(most.confidence),
            accuracy=percent(most.accuracy),
        )
        rows = [each.model_dump() for each in one.bins]
        words = {"x": say("quality.confidence"), "y": say("quality.right"), "count": say("quality.answers")}
        charts.draw(charts.reliability(rows, alt=alt, **words))
    with right:
        st.html(f'<p class="fc-note">{escape(say("quality.reliability.how"))}</p>')
        st.html(f'<p class="fc-h">{escape(say("quality.sure"))}</p>{_sure(one, say)}')
    st.html(charts.folded(say("corpus.coverage.table"), _bins(one, say)))


def _sure(one: Measured, say: Words) -> str:
    head = (say("quality.sure.least"), say("quality.sure.left"), say("quality.right"), say("quality.interval"))
    rows = [
        (f"{percent(each.confidence)}%", f"{percent(each.n / one.n)}%", f"{percent(each.accuracy)}%", _range(each))
        for each in one.sure
    ]
    return charts.table(head, rows, say("quality.sure"))


def _bins(one: Measured, say: Words) -> str:
    head = (say("quality.confidence"), say("quality.answers"), say("quality.right"), say("quality.interval"))
    rows = [
        (f"{percent(each.confidence)}%", grouped(each.n, say), f"{percent(each.accuracy)}%", _range(each))
        for each in one.bins
    ]
    return charts.table(head, rows, say("quality.reliability"))


def _range(each: ShippedBin | AtLeast) -> str:
    return f"{percent(each.low)}–{percent(each.high)}%"


def _sets(made: Shipped, say: Words) -> None:
    st.html(part_heading(say("quality.sets")) + f'<p class="fc-note fc-below">{escape(say("quality.sets.how"))}</p>')
    ranked = sorted(made.sets, key=lambda one: -one.figures["accuracy"].value)
    rows = []
    for one in ranked:
        right, against = one.figures["accuracy"], one.baselines.get("majority", {}).get("accuracy")
        bounds = {"value": right.value, "low": right.low, "high": right.high}
        rows.append({"name": _marked(one, say), **bounds, **({"against": against} if against is not None else {})})
    alt = say(
        "quality.sets.alt",
        best=name_of(ranked[0], say),
        high=percent(ranked[0].figures["accuracy"].value),
        worst=name_of(ranked[-1], say),
        low=percent(ranked[-1].figures["accuracy"].value),
    )
    charts.draw(charts.standing(rows, alt=alt, x=say("quality.sets.accuracy"), tick=say("quality.sets.majority")))
    if any(one.fitted for one in made.sets):
        st.html(f'<p class="fc-note fc-below">{escape(say("quality.sets.fitted"))}.</p>')
    note = f'<p class="fc-note fc-below">{escape(say("quality.sets.macro.help"))}</p>'
    st.html(charts.folded(say("quality.sets.table"), _all_figures(ranked, say) + note))


def _marked(one: Measured, say: Words) -> str:
    return f"{name_of(one, say)} †" if one.fitted else name_of(one, say)


def _all_figures(sets: Sequence[Measured], say: Words) -> str:
    heads = ("set", "n", "accuracy", "majority", "lexical", "macro", "ece")
    rows = []
    for one in sets:
        about = f"quality.set.{one.name}.about"
        tongues = ", ".join(language(code, say) for code in one.languages)
        kind = "; ".join(filter(None, (say(about) if about in TEXTS else "", tongues, _kind(one, say))))
        shares = [one.baselines.get(name, {}).get("accuracy") for name in ("majority", "lexical")]
        rows.append(
            (
                f"{_marked(one, say)}: {kind}",
                grouped(one.n, say),
                _percents(one.figures["accuracy"]),
                *("–" if share is None else f"{percent(share)}%" for share in shares),
                *(_decimals(one.figures.get(name), say) for name in ("macro_f1", "ece")),
            )
        )
    return charts.table([say(f"quality.sets.{head}") for head in heads], rows, say("quality.sets.table"))


def _kind(one: Measured, say: Words) -> str:
    return say(f"quality.evidence.{one.evidence}")


def _percents(figure: Figure) -> str:
    return f"{percent(figure.value)}% ({percent(figure.low)}–{percent(figure.high)})"


def _decimals(figure: Figure | None, say: Words) -> str:
    if figure is None:
        return "–"
    value, low, high = (decimal(number, say) for number in (figure.value, figure.low, figure.high))
    return f"{value} ({low}–{high})"


def _about(made: Shipped, say: Words) -> str:
    days = {made.first.isoformat(): None, made.last.isoformat(): None}
    rows = [
        (say("quality.about.version"), f"factcheck {made.version}"),
        (say("quality.about.when"), " – ".join(say.date(day) for day in days)),
        (say("quality.about.mode"), say(f"form.{made.mode}")),
        (say("quality.about.models"), "; ".join(f"{name}: {model}" for name, model in made.models.items())),
        (say("quality.about.intervals"), say("quality.about.intervals.value")),
        (say("quality.about.more"), say("quality.about.more.value")),
    ]
    return charts.folded(say("quality.about"), facts(rows))


# the newsroom's own


def _own(months: Sequence[Agreement] | None, say: Words) -> None:
    st.html(part_heading(say("quality.own")))
    if not months:
        words = say("quality.own.closed" if months is None else "quality.own.none")
        st.html(f'<p class="fc-note fc-below">{escape(words)}</p>')
        return
    st.html(agreement(months, say))
    if len(months) > 1:
        rows = [{"name": _month(one, say), "share": one.kept / one.decided, "n": one.decided} for one in months]
        latest = percent(months[-1].kept / months[-1].decided)
        alt = say("quality.own.alt", first=rows[0]["name"], last=rows[-1]["name"], percent=latest)
        titles = {"x": say("quality.own.month"), "y": say("quality.own.share"), "count": say("quality.own.decided")}
        charts.draw(charts.shares(rows, alt=alt, **titles))
    head = [say(f"quality.own.{name}") for name in ("month", "decided", "kept", "share")]
    cells = [
        (_month(one, say), grouped(one.decided, say), grouped(one.kept, say), f"{percent(one.kept / one.decided)}%")
        for one in months
    ]
    table = charts.table(head, cells, say("quality.own"))
    st.html(charts.folded(say("corpus.coverage.table"), table) if len(months) > 1 else table)
    st.html(f'<p class="fc-note fc-below">{escape(say("quality.own.why"))}</p>')


def agreement(months: Sequence[Agreement], say: Words) -> str:
    """How often the machine's verdict was kept, over all months, with how sure that share is."""
    decided, kept = sum(one.decided for one in months), sum(one.kept for one in months)
    low, high = wilson(kept / decided, decided)
    numbers = {"decided": grouped(decided, say), "kept": grouped(kept, say), "percent": percent(kept / decided)}
    bounds = say("quality.own.few" if decided < FEW else "quality.own.between", low=percent(low), high=percent(high))
    return (
        f'<p class="fc-count">{escape(say("quality.own.lead", **numbers))}</p><p class="fc-note">{escape(bounds)}</p>'
    )


def _month(one: Agreement, say: Words) -> str:
    return say.date(one.month)
