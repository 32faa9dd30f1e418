"""The pages of the app, each a function of what it needs; `app.py` joins them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from factcheck.settings import Settings
from factcheck.types import Document
from factcheck.ui import cards, result, room
from factcheck.ui.form import Submission, form, session_settings
from factcheck.ui.room import Room
from factcheck.ui.strings import UI_LANGUAGES, UILanguage, Words, words
from factcheck.ui.theme import STYLE
from factcheck.ui.worker import Workshop

ICON = str(Path(__file__).with_name("icon.svg"))


SESSION_RUNS = 8
"""Checks of a session that its sidebar lists."""


def frame() -> Words:
    """What every page has: the style and the choice of language. Returns the app's words."""
    st.html(STYLE)
    asked = st.query_params.get("lang")
    start: UILanguage = "id" if asked == "id" else "en"
    language = st.session_state.setdefault("language", start)
    say = words(language)
    with st.sidebar:
        st.radio(
            say("sidebar.language"),
            list(UI_LANGUAGES),
            key="language",
            format_func=lambda code: UI_LANGUAGES[code],
        )
    return say


def check_page(
    workshop: Workshop,
    say: Words,
    server: Settings,
    demo: Callable[[], Document] | None = None,
    desk: Room | None = None,
) -> None:
    """The form; or, where the address names a run, that run.

    Args:
        workshop: where checks run.
        say: the app's words.
        server: the settings of the environment.
        demo: reads the article that the demo button loads.
        desk: the review desk, which a run's claims are opened on; None where there is none.
    """
    room.keep_language(say)
    run_id = st.query_params.get("run")
    _session_runs(say)
    if run_id:
        _run(workshop, run_id, say, server, desk)
    else:
        with st.container(key="form"):
            _new(workshop, say, server, demo)


def _new(workshop: Workshop, say: Words, server: Settings, demo: Callable[[], Document] | None) -> None:
    st.html(f'<h1 class="fc-title">{escape(say("form.title"))}</h1><p class="fc-lead">{escape(say("app.line"))}</p>')
    submission = form(say, server, demo)
    if submission is not None:
        _open(_submit(workshop, submission))
        st.rerun()


def _submit(workshop: Workshop, submission: Submission) -> str:
    run_id = workshop.submit(submission.document, submission.settings, submission.as_of)
    document = submission.document
    st.session_state.setdefault("runs", {})[run_id] = document.title or document.text.strip()[:200]
    return run_id


def _open(run_id: str | None) -> None:
    """Points the address at a run, or at none."""
    for name, value in (("run", run_id), ("claim", None)):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def _run(workshop: Workshop, run_id: str, say: Words, server: Settings, desk: Room | None) -> None:
    tools = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    tools.button(say("run.new"), key="new", on_click=_open, args=(None,), type="tertiary", icon=":material/arrow_back:")
    view = workshop.view(run_id)
    if view is None:
        st.error(say("error.no_run"))
    elif view.run.status == "running":
        result.progress(workshop, run_id, say)
    else:
        run = view.run

        def again() -> None:
            typed = st.session_state.get("judge", {"mode": server.mode})
            lift = bool(run.report and run.report.run.time_rule_lifted)
            settings = session_settings(server, typed, say, lift=lift)
            _open(_submit(workshop, Submission(run.document, settings, run.as_of)))

        result.result(run, say, again, tools, desk)


def _session_runs(say: Words) -> None:
    """The checks that this session started, newest first; nobody else's are listed."""
    titles: dict[str, str] = st.session_state.get("runs", {})
    if not titles:
        return
    current = st.query_params.get("run")
    with st.sidebar:
        st.html(f'<p class="fc-h">{escape(say("sidebar.runs"))}</p>')
        for run_id, title in list(reversed(titles.items()))[:SESSION_RUNS]:
            st.button(
                cards.plain(textwrap.shorten(title, 60, placeholder=" …")) or say("run.untitled"),
                key=f"open-{run_id}",
                type="tertiary",
                disabled=run_id == current,
                on_click=_open,
                args=(run_id,),
            )


def method_page(say: Words) -> None:
    """What the verdicts mean and which rules are kept."""
    rules = ("evidence", "quotes", "failure", "time", "origin", "speech", "numbers", "person")
    meanings = "".join(
        f"<li>{cards.chip(name, say)}<small>{escape(say(f'meaning.{name}'))}</small></li>" for name in cards.OUTCOMES
    )
    kept = "".join(f"<li>{escape(say(f'method.rule.{name}'))}</li>" for name in rules)
    with st.container(key="prose"):
        st.html(
            f'<h1 class="fc-title">{escape(say("method.title"))}</h1>'
            f"{cards.part_heading(say('method.labels'))}<ul class='fc-rows'>{meanings}</ul>"
            f"{cards.part_heading(say('method.rules'))}<ul class='fc-rows'>{kept}</ul>"
        )
