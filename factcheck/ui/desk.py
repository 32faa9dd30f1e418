"""The desk: the queue of all claims, with filters, search, order and pages; and the articles that they are from."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from factcheck.report import SYMBOLS
from factcheck.review.values import STATES, ArticleRow, Order, QueueFilter, QueuePage
from factcheck.ui import article, desk_html, room
from factcheck.ui.cards import OUTCOMES, plain
from factcheck.ui.charts import grouped
from factcheck.ui.room import Room
from factcheck.ui.strings import Words

PAGE = 50
"""Claims on a page of the queue."""

ORDERS: tuple[Order, ...] = ("newest", "oldest", "confidence", "article")

BANDS: Mapping[str, tuple[float | None, float | None]] = {
    "any": (None, None), "1": (None, 0.3499), "2": (0.35, 0.5499), "3": (0.55, 0.7499), "4": (0.75, 0.8999),
    "5": (0.9, None),
}  # fmt: skip
"""Bounds of the machine's confidence, as `Words.confidence` puts them in words."""

KNOWN_ARTICLES = 200
"""Articles that the filter offers, the latest."""


class Facet(NamedTuple):
    """A row of boxes to tick: one for each value that a filter can take."""

    name: str
    title: str
    options: Mapping[str, str]
    """What each value is called."""


def desk_page(here: Room) -> None:
    """The queue and the articles; where the address names a run, that article."""
    say = here.say
    room.keep_language(say)
    run_id = st.query_params.get("run")
    room.outcome()
    if run_id:
        article.article_view(here, run_id)
        return
    st.html(f'<h1 class="fc-title">{escape(say("desk.title"))}</h1><p class="fc-lead">{escape(say("desk.lead"))}</p>')
    st.session_state.setdefault("desk-view", "claims")
    view = st.segmented_control(
        say("desk.view"),
        ("claims", "articles"),
        key="desk-view",
        format_func=lambda name: say(f"desk.{name}"),
        label_visibility="collapsed",
    )
    if view == "articles":
        _articles(here)
    else:
        _queue(here)


def _queue(here: Room) -> None:
    say = here.say
    wanted = _wanted()
    order: Order = st.session_state.get("desk-order") or "newest"
    if st.session_state.get("queue-of") != (wanted, order):
        st.session_state["queue-of"] = (wanted, order)
        st.session_state["queue-page"] = 0
    page = int(st.session_state.get("queue-page", 0))
    found = here.desk.queue(wanted, order=order, offset=page * PAGE, limit=PAGE)
    if not found.total and not here.desk.articles(1):
        _nothing_yet(here)
        return
    with st.container(key="filters"):
        _filters(here, found)
    _heading(say, found, page, filtered=wanted != QueueFilter())
    st.session_state["queue-rows"] = [(r.run_id, r.claim_id) for r in found.rows]
    with st.container(key="queue"):
        room.claim_rows(here, found.rows)
    _pager(say, found.total, page)


def _nothing_yet(here: Room) -> None:
    st.html(f'<p class="fc-lead fc-empty">{escape(here.say("desk.empty"))}</p>')
    st.page_link(here.check_page, label=here.say("desk.empty.go"), query_params=here.language)


def _wanted() -> QueueFilter:
    """The filter that the fields ask for."""
    state = st.session_state
    least, most = BANDS[state.get("desk-sure") or "any"]
    return QueueFilter(
        labels=_ticked("label", OUTCOMES),
        states=tuple(s for s in STATES if s in _ticked("state", STATES)),
        languages=_ticked("language", state.get("queue-languages", ())),
        run_id=state.get("desk-article"),
        least=least,
        most=most,
        words=(state.get("desk-words") or "").strip(),
        dropped=bool(state.get("desk-dropped")),
        back=bool(state.get("desk-back")),
    )


def _ticked(facet: str, options: Sequence[str]) -> tuple[str, ...]:
    return tuple(option for option in options if st.session_state.get(f"desk-{facet}-{option}"))


def _filters(here: Room, found: QueuePage) -> None:
    say = here.say
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.text_input(say("desk.search"), key="desk-words", placeholder=say("desk.search.hint"), icon=":material/search:")
    st.session_state.setdefault("desk-order", "newest")
    right.selectbox(say("desk.order"), ORDERS, key="desk-order", format_func=lambda order: say(f"desk.order.{order}"))
    labels = Facet("label", say("desk.by_label"), {n: f"{SYMBOLS[n]} {say(f'label.{n}')}" for n in OUTCOMES})
    states = Facet(
        "state", say("desk.by_state"), {s: f"{desk_html.STATE_SYMBOLS[s]} {say(f'state.{s}')}" for s in STATES}
    )
    _boxes(labels, found.by_label, say)
    with _boxes(states, found.by_state, say):
        for name, wanted in (("back", QueueFilter(back=True)), ("dropped", QueueFilter(dropped=True))):
            number = here.desk.queue(wanted, limit=1).total
            mark = "↩" if name == "back" else "⊘"
            st.checkbox(
                plain(f"{mark} {say(f'desk.{name}')} {grouped(number, say)}"), key=f"desk-{name}", width="content"
            )
    codes = list(dict.fromkeys([*st.session_state.get("queue-languages", ()), *found.by_language]))
    st.session_state["queue-languages"] = codes
    if len(codes) > 1:
        names = {code: desk_html.language_name(code, say) for code in codes}
        _boxes(Facet("language", say("desk.by_language"), names), found.by_language, say)
    _more(here)


def _boxes(facet: Facet, counts: Mapping[str, int], say: Words) -> DeltaGenerator:
    """The boxes of a facet, each with the number of claims it would leave. Returns their row."""
    row = st.container(key=f"facet-{facet.name}", horizontal=True, gap="small", vertical_alignment="center")
    with row:
        st.html(f'<p class="fc-h">{escape(facet.title)}</p>', width="content")
        for value, name in facet.options.items():
            st.checkbox(
                plain(f"{name} {grouped(counts.get(value, 0), say)}"), key=f"desk-{facet.name}-{value}", width="content"
            )
    return row


def _more(here: Room) -> None:
    say, state = here.say, st.session_state
    on = bool(state.get("desk-article")) + (state.get("desk-sure", "any") != "any")
    with st.expander(say("desk.more.on", n=on) if on else say("desk.more"), expanded=bool(on)):
        first, second = st.columns(2)
        titles = here.desk.titles(KNOWN_ARTICLES)
        if state.get("desk-article") not in (None, *titles):
            state["desk-article"] = None
        first.selectbox(
            say("desk.article"),
            [None, *titles],
            key="desk-article",
            format_func=lambda run: textwrap.shorten(titles[run], 90) if run else say("desk.article.any"),
        )
        state.setdefault("desk-sure", "any")
        second.selectbox(say("desk.sure"), list(BANDS), key="desk-sure", format_func=lambda band: _band(band, say))


def _band(band: str, say: Words) -> str:
    if band == "any":
        return say("desk.sure.any")
    low, high = BANDS[band]
    return say(
        "desk.sure.band", words=say(f"confidence.{band}"), low=round(100 * (low or 0)), high=round(100 * (high or 1))
    )


def _clear() -> None:
    for key in [str(k) for k in st.session_state if str(k).startswith("desk-")]:
        value = st.session_state[key]
        if isinstance(value, bool):
            st.session_state[key] = False
    st.session_state.update({"desk-words": "", "desk-article": None, "desk-sure": "any"})


def _heading(say: Words, found: QueuePage, page: int, *, filtered: bool) -> None:
    total = found.total
    first, last = page * PAGE + 1, page * PAGE + len(found.rows)
    text = (
        say("desk.found.none")
        if not total
        else say("desk.found.one")
        if total == 1
        else say("desk.found.all", total=grouped(total, say))
        if total <= PAGE
        else say("desk.found.some", first=grouped(first, say), last=grouped(last, say), total=grouped(total, say))
    )
    with st.container(horizontal=True, vertical_alignment="center", key="count"):
        st.html(f'<p class="fc-count" role="status"><b>{escape(text)}</b></p>', width="content")
        if filtered:
            st.button(say("desk.clear"), key="clear", on_click=_clear, type="tertiary", icon=":material/close:")


def _pager(say: Words, total: int, page: int) -> None:
    pages = -(-total // PAGE)
    if pages < 2:
        return
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center", key="pager"):
        st.button(say("desk.earlier"), key="earlier", on_click=_turn, args=(page - 1,), disabled=page == 0,
                  icon=":material/chevron_left:")  # fmt: skip
        st.html(f'<p class="fc-note">{escape(say("desk.page", page=page + 1, pages=pages))}</p>', width="content")
        st.button(say("desk.further"), key="further", on_click=_turn, args=(page + 1,), disabled=page + 1 >= pages,
                  icon=":material/chevron_right:")  # fmt: skip


def _turn(page: int) -> None:
    st.session_state["queue-page"] = page


def _articles(here: Room) -> None:
    say = here.say
    found = here.desk.articles()
    if not found:
        _nothing_yet(here)
        return
    st.html(f'<p class="fc-note">{escape(say("desk.articles.lead"))}</p>')
    with st.container(key="queue"):
        for item in found:
            _article_row(here, item)


def _article_row(here: Room, item: ArticleRow) -> None:
    say = here.say
    with st.container(key=f"row-{item.run_id}", gap=None):
        st.button(
            plain(textwrap.shorten(item.title, room.ROW_CHARS, placeholder=" …")) or say("run.untitled"),
            key=f"article-{item.run_id}",
            type="tertiary",
            on_click=room.go,
            args=(item.run_id,),
        )
        when = desk_html.moment(item.created, say, here.zone)
        status = say(f"desk.status.{item.status}")
        st.html(
            f'<div class="fc-meta-row"><span>{escape(status)}</span><span>{escape(when)}</span>'
            f"<span>{escape(say.count('desk.claims_of', item.claims))}</span>"
            f"{desk_html.tally(item.by_state, say)}</div>"
        )
        if item.status in ("interrupted", "failed"):
            article.resume_button(here, item.run_id)
