"""What retrieval sees of the corpus, and how far the corpus reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from factcheck.corpus import Entry
from factcheck.retrieve import search
from factcheck.tiers import TIERS, Tiers
from factcheck.types import Candidate
from factcheck.ui import charts, corpus_html
from factcheck.ui.cards import part_heading
from factcheck.ui.charts import Bar, grouped
from factcheck.ui.corpus_state import Shelf, open_document
from factcheck.ui.strings import Words

FOUND = 10
MOST_PUBLISHERS = 15
MOST_COLUMNS = 80
"""More years than these are drawn as decades."""


def search_view(shelf: Shelf) -> None:
    """A search, and the passages that it finds."""
    say = shelf.say
    st.html(f'<p class="fc-note">{escape(say("corpus.search.lead"))}</p>')
    if shelf.opened.problem or not shelf.contents.entries:
        return
    with st.form("look", border=False):
        what, when, go = st.columns([4, 1.5, 1], vertical_alignment="bottom")
        text = what.text_input(say("corpus.search.text"), key="look-text")
        as_of = when.date_input(
            say("corpus.search.as_of"),
            value=None,
            key="look-as-of",
            format="YYYY-MM-DD",
            min_value=date(1800, 1, 1),
            help=say("corpus.search.as_of.help"),
        )
        go.form_submit_button(say("corpus.search.go"), type="primary", width="stretch")
    if text.strip():
        with st.spinner(say("corpus.search.working")):
            found = search(text.strip(), shelf.opened.corpus, FOUND, as_of)
        _found(found, text, shelf)


def _found(found: Sequence[Candidate], text: str, shelf: Shelf) -> None:
    say = shelf.say
    if not found:
        st.html(f'<p class="fc-note">{escape(say("corpus.search.nothing"))}</p>')
        return
    origins = say.count("evidence.origin", len({one.origin for one in found}))
    key = "corpus.search.found.one" if len(found) == 1 else "corpus.search.found.many"
    count = say(key, n=len(found), origins=origins)
    help_ = "".join(f"<p>{escape(say(f'corpus.search.help.{name}'))}</p>" for name in ("score", "cosine", "origin"))
    st.html(f'<p class="fc-meta">{escape(count)}</p>{charts.folded(say("corpus.search.help"), help_)}')
    for number, one in enumerate(found, 1):
        with st.container(key=f"hit-{number}", gap=None):
            st.html(corpus_html.hit(number, found, shelf.tiers, text, say))
            st.button(
                say("corpus.open"),
                key=f"open-hit-{number}",
                type="tertiary",
                icon=":material/description:",
                on_click=open_document,
                args=(one.document.id, (one.passage.start, one.passage.end)),
            )


def coverage_view(shelf: Shelf) -> None:
    """The documents by date, language, publisher and kind of source."""
    entries, say = shelf.contents.entries, shelf.say
    if not entries:
        return
    _dates(entries, say)
    info, total = shelf.contents.info, len(entries)
    left, right = st.columns(2, gap="large")
    with left:
        languages = [Bar(corpus_html.language(code, say), n) for code, n in info.languages.items()]
        _bars(say("corpus.coverage.languages"), languages, total, say)
        tiers = [Bar(say(f"tier.{tier}"), n) for tier, n in by_tier(entries, shelf.tiers)]
        _bars(say("corpus.coverage.tiers"), tiers, total, say, note=say("corpus.coverage.tiers.note"))
    with right:
        names = {"unknown": say("corpus.unknown")}
        publishers = [Bar(names.get(name, name), n) for name, n in info.publishers.items()]
        title = say("corpus.coverage.publishers")
        _bars(title, publishers[:MOST_PUBLISHERS], total, say)
        if len(publishers) > MOST_PUBLISHERS:
            rows = [(one.name, grouped(one.n, say)) for one in publishers]
            every = say("corpus.coverage.publishers.more", n=grouped(len(publishers), say))
            st.html(charts.folded(every, charts.table((title, say("corpus.coverage.count")), rows, title)))


def _bars(title: str, rows: Sequence[Bar], total: int, say: Words, note: str = "") -> None:
    body = charts.bars(rows, total, say, caption=title, name=say("corpus.coverage.name"))
    st.html(part_heading(title, note) + body)


def _dates(entries: Sequence[Entry], say: Words) -> None:
    dated = [entry.dated for entry in entries if entry.dated]
    title = say("corpus.coverage.dates")
    note = say("corpus.coverage.dates.note", n=grouped(len(entries) - len(dated), say))
    st.html(part_heading(title) + f'<p class="fc-note fc-below">{escape(note)}</p>')
    if not dated:
        return
    years = sorted({day[:4] for day in dated}, reverse=True)
    year = st.selectbox(
        say("corpus.coverage.year"),
        [None, *years],
        key="coverage-year",
        format_func=lambda year: year or say("corpus.all"),
        width=220,
    )
    rows = by_month(dated, year, say) if year else by_year(dated)
    most = max(rows, key=lambda row: row.n)
    alt = say("corpus.coverage.alt", n=grouped(most.n, say), period=most.name)
    x, y = say("corpus.coverage.period"), say("corpus.coverage.count")
    charts.draw(charts.columns(rows, alt=alt, x=x, y=y))
    cells = [(row.name, grouped(row.n, say)) for row in rows if row.n]
    st.html(charts.folded(say("corpus.coverage.table"), charts.table((x, y), cells, title)))


def by_year(dated: Sequence[str]) -> list[Bar]:
    """Documents by year, those without any in between included; by decade where that would be too many columns."""
    counts = Counter(int(day[:4]) for day in dated)
    first, last = min(counts), max(counts)
    if last - first < MOST_COLUMNS:
        return [Bar(str(year), counts[year]) for year in range(first, last + 1)]
    decades = Counter({decade: 0 for decade in range(first // 10 * 10, last + 1, 10)})
    for year, n in counts.items():
        decades[year // 10 * 10] += n
    return [Bar(f"{decade}-{decade + 9}", n) for decade, n in sorted(decades.items())]


def by_month(dated: Sequence[str], year: str, say: Words) -> list[Bar]:
    """Documents of a year by month; those of which only the year is known come last."""
    counts = Counter(day[5:7] for day in dated if day.startswith(year))
    months = [f"{month:02}" for month in range(1, 13)]
    rows = [Bar(say.date(f"{year}-{month}").partition(" ")[0][:3], counts[month]) for month in months]
    return [*rows, Bar(say("corpus.unknown"), counts[""])] if counts[""] else rows


def by_tier(entries: Sequence[Entry], tiers: Tiers) -> list[tuple[str, int]]:
    """How many documents there are of each tier, highest first; a tier without any is left out."""
    counts = Counter(tiers.of(entry) for entry in entries)
    return [(tier, counts[tier]) for tier in TIERS if counts[tier]]
