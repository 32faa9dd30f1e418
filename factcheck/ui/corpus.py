"""The page of the corpus: which one it is, what it holds, and the work that goes on with it."""

from __future__ import annotations

from html import escape

import streamlit as st

from factcheck.errors import CorpusMissing, FactcheckError
from factcheck.settings import Settings
from factcheck.tiers import load_tiers
from factcheck.ui import corpus_html, room
from factcheck.ui.cards import plain
from factcheck.ui.charts import grouped
from factcheck.ui.corpus_add import add_view
from factcheck.ui.corpus_claims import claims_view
from factcheck.ui.corpus_documents import documents_view
from factcheck.ui.corpus_health import health_view
from factcheck.ui.corpus_look import coverage_view, search_view
from factcheck.ui.corpus_state import Shelf, leave_document, start
from factcheck.ui.library import Job, Library
from factcheck.ui.strings import Words

POLL_SECONDS = 1.0

VIEWS = ("documents", "search", "coverage", "add", "claims", "health")
_EDITING = ("add", "health")
"""Views that are not there where the corpus may not be edited."""


def corpus_page(say: Words, settings: Settings, library: Library) -> None:
    """What the corpus is and holds, and what can be done with it."""
    room.keep_language(say)
    lead = f'<p class="fc-lead">{escape(say("corpus.lead"))}</p>'
    st.html(f'<h1 class="fc-title">{escape(say("corpus.title"))}</h1>{lead}')
    with st.container(key="corpus"):
        try:
            _page(say, settings, library)
        except CorpusMissing:
            _missing(say, settings, library)
        except FactcheckError as problem:
            st.error(plain(say.sentence(str(problem))))


def _page(say: Words, settings: Settings, library: Library) -> None:
    opened = library.opened(settings)
    job = library.job
    if opened is None:
        if not (job and job.kind == "demo" and job.outcome):
            library.index_demo(settings)
            st.session_state["watched"] = library.job.number if library.job else None
        _work(library, say)
        return
    shelf = Shelf(say, settings, library, opened, library.contents(opened.corpus), load_tiers(settings))
    badge = (
        f'<p class="fc-which"><span class="fc-badge">{escape(say("corpus.demo.badge"))}</span></p>'
        if opened.demo
        else ""
    )
    st.html(badge + corpus_html.figures(shelf.contents, say))
    _work(library, say)
    if opened.problem:
        st.error(plain(say.sentence(opened.problem)))
    view = _chosen(shelf)
    _which(shelf, view)
    views = {
        "documents": documents_view, "search": search_view, "coverage": coverage_view, "add": add_view,
        "claims": claims_view, "health": health_view,
    }  # fmt: skip
    views[view](shelf)
    place = str(opened.corpus.directory) if shelf.editing else None
    st.html(corpus_html.about(shelf.contents, place, say))


def _missing(say: Words, settings: Settings, library: Library) -> None:
    _work(library, say)
    st.warning(say("corpus.missing" if settings.desk else "corpus.missing.closed"))
    if settings.desk:
        _create_button(say, settings, library)


def _which(shelf: Shelf, view: str) -> None:
    """That this is the demo corpus or an empty one, and what to do about it, where that is in question."""
    say = shelf.say
    if shelf.opened.demo and view in ("documents", "add") and "doc" not in st.query_params:
        if not shelf.editing:
            st.html(f'<p class="fc-note">{escape(say("corpus.demo"))}</p>')
            return
        with st.container(key="own", border=True):
            words = f"<p><b>{escape(say('corpus.demo'))}</b></p><p>{escape(say('corpus.demo.own'))}</p>"
            st.html(f'<div class="fc-callout">{words}</div>')
            _create_button(say, shelf.settings, shelf.library)
    elif not shelf.opened.demo and not shelf.contents.entries:
        st.warning(say("corpus.empty" if shelf.editing else "corpus.empty.closed"))


def _create_button(say: Words, settings: Settings, library: Library) -> None:
    st.button(
        say("corpus.create"),
        key="create",
        icon=":material/create_new_folder:",
        disabled=library.busy,
        on_click=start,
        args=(library, lambda: library.create(settings)),
    )


def _chosen(shelf: Shelf) -> str:
    """The view that is open, kept in the address."""
    shown = [view for view in VIEWS if shelf.editing or view not in _EDITING]
    asked = st.query_params.get("view")
    first = asked if asked in shown else "documents"
    chosen = st.segmented_control(
        shelf.say("corpus.views"),
        shown,
        default=None if "corpus_view" in st.session_state else first,
        key="corpus_view",
        format_func=lambda view: shelf.say(f"corpus.view.{view}"),
        label_visibility="collapsed",
        on_change=leave_document,
    )
    view = chosen if chosen in shown else "documents"
    st.query_params["view"] = view
    return view


# work that goes on


def _work(library: Library, say: Words) -> None:
    """The job that goes on, drawn anew every second; or what the one that this session saw came to."""
    if st.session_state.pop("refused", False):
        st.warning(say("corpus.job.other"))
    job = library.job
    if job is None:
        return
    if job.outcome is None:
        st.session_state["watched"] = job.number
        _progress(library, say)
    elif st.session_state.get("watched") == job.number:
        _outcome(job, say)


def _progress(library: Library, say: Words) -> None:
    @st.fragment(run_every=POLL_SECONDS)
    def live() -> None:
        job = library.job
        if job is None or job.outcome:
            st.rerun()
            return
        words = say(f"corpus.job.{job.kind}")
        if job.total and job.done:
            words = say("corpus.job.of", job=words, done=grouped(job.done, say), total=grouped(job.total, say))
            st.progress(min(1.0, job.done / job.total), text=words)
        else:
            st.html(f'<p class="fc-working" role="status">{escape(words)}</p>')
        st.html(f'<p class="fc-note">{escape(say("corpus.job.keep"))}</p>')

    with st.container(key="corpus-work"):
        live()


def _outcome(job: Job, say: Words) -> None:
    outcome = job.outcome
    if outcome is None or (outcome.good and outcome.health):
        return
    line = st.container(horizontal=True, vertical_alignment="center", key="outcome")
    if outcome.unexpected:
        line.error(say("error.unexpected", kind=outcome.unexpected))
    elif outcome.problem:
        line.error(f"{say('corpus.job.failed')} {plain(say.sentence(outcome.problem))}")
    else:
        words = say(f"corpus.done.{job.kind}", **outcome.fields)
        if outcome.fields.get("back"):
            words += f" {say('corpus.done.back', n=outcome.fields['back'])}"
        line.success(words)
    line.button(
        say("corpus.close"),
        key="close-outcome",
        type="tertiary",
        on_click=lambda: st.session_state.pop("watched", None),
    )
