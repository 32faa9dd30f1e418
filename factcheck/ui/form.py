"""The form: where the article is, as of when, who judges; and what becomes of it, a `Submission`.

A key that is typed lives in this session's state and in the settings of the runs it was typed for, nowhere else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import streamlit as st
from pydantic import SecretStr

from factcheck.errors import FactcheckError, InputError, ReadError, SettingsError
from factcheck.settings import Settings
from factcheck.types import Document, Mode
from factcheck.ui.cards import plain
from factcheck.ui.strings import Words

log = logging.getLogger("factcheck.ui")

UPLOADS = ("txt", "md", "html", "htm", "pdf", "docx", "srt", "vtt")

SOURCES = ("paste", "file", "url")


class Submission(NamedTuple):
    """What the form asks for."""

    document: Document
    settings: Settings
    as_of: date | None


def form(say: Words, server: Settings, demo: Callable[[], Document] | None) -> Submission | None:
    """Draws the form, and returns what was asked for when its button was pressed and it can be used.

    Args:
        say: the app's words.
        server: the settings of the environment, which the session may override.
        demo: reads the article that the demo button loads; None leaves the button out.
    """
    st.session_state.setdefault("source", "paste")
    st.segmented_control(say("form.source"), SOURCES, key="source", format_func=lambda name: say(f"form.{name}"))
    _article_widget(say)
    if demo is not None:
        st.button(
            say("form.demo"), key="demo", on_click=_load, args=(demo,), type="tertiary", icon=":material/article:"
        )
    when, who = st.columns(2)
    as_of = when.date_input(
        say("form.as_of"),
        value=None,
        key="as_of",
        help=say("form.as_of.help"),
        format="YYYY-MM-DD",
        min_value=date(1800, 1, 1),
    )
    with who:
        typed = _judge_switch(say, server)
        if typed["mode"] == "offline":
            st.html(f'<p class="fc-note">{escape(say("form.offline.note"))}</p>')
    if typed["mode"] == "llm":
        _endpoint_fields(say, server, typed)
    with st.expander(say("form.options")):
        lift = st.checkbox(say("form.lift"), key="lift", value=server.lift_time_rule, help=say("form.lift.help"))
    problem = st.empty()
    if not st.button(say("form.submit"), key="submit", type="primary"):
        return None
    try:
        settings = session_settings(server, typed, say, lift=lift)
        with problem, st.spinner(say("form.reading")):
            document = _document(say, settings)
    except FactcheckError as error:
        problem.error(plain(say.sentence(str(error))))
    except Exception as error:  # a reader of ours failed: a sentence for the visitor, the rest for the log
        log.exception("an article could not be read")
        problem.error(say("error.read_unexpected", kind=type(error).__name__))
    else:
        return Submission(document, settings, as_of)
    return None


def _article_widget(say: Words) -> None:
    source = st.session_state.source
    if source == "file":
        st.file_uploader(say("form.upload"), type=UPLOADS, key="file")
    elif source == "url":
        st.text_input(say("form.address"), key="url", placeholder="https://")
    else:
        st.text_area(say("form.text"), key="text", height=260, placeholder=say("form.text.hint"))


def _judge_switch(say: Words, server: Settings) -> dict[str, str]:
    """The switch, and what this session has typed for a language model, which outlives the form's fields."""
    kept: dict[str, str] = st.session_state.setdefault("judge", {"mode": server.mode})
    mode = st.segmented_control(
        say("form.mode"),
        ("offline", "llm"),
        key="mode",
        default=kept["mode"],
        format_func=lambda name: say(f"form.{name}"),
    )
    kept["mode"] = mode or "offline"
    return kept


def _endpoint_fields(say: Words, server: Settings, kept: dict[str, str]) -> None:
    left, right = st.columns(2)
    kept["model"] = left.text_input(say("form.model"), value=kept.get("model", server.llm_model or ""), key="llm_model")
    kept["endpoint"] = right.text_input(
        say("form.endpoint"),
        value=kept.get("endpoint", server.llm_base_url or ""),
        key="llm_endpoint",
        placeholder=say("form.endpoint.hint"),
    )
    kept["key"] = st.text_input(
        say("form.key"), value=kept.get("key", ""), key="llm_key", type="password", autocomplete="off"
    )
    own_key = f" {say('form.key.set')}" if server.llm_api_key is not None else ""
    st.html(f'<p class="fc-note">{escape(say("form.llm.note") + own_key)}</p>')


def _load(demo: Callable[[], Document]) -> None:
    document = demo()
    st.session_state.source = "paste"
    st.session_state.text = document.text
    st.session_state.loaded = document


def session_settings(server: Settings, typed: Mapping[str, str], say: Words, *, lift: bool) -> Settings:
    """The server's settings with what this session chose on top.

    The server's own key goes to the server's own endpoint only: an endpoint that a visitor types never gets it.

    Raises:
        SettingsError: a language model was chosen and has no name, or the endpoint cannot be used.
    """
    mode: Mode = "llm" if typed.get("mode") == "llm" else "offline"
    changes: dict[str, Any] = {"lift_time_rule": lift}
    if mode == "offline":
        changes |= {"llm_model": None, "llm_base_url": None, "llm_api_key": None}
        return server.model_copy(update=changes)
    model, endpoint, key = (typed.get(name, "").strip() for name in ("model", "endpoint", "key"))
    if not model:
        raise SettingsError(say("error.no_model"))
    if endpoint:
        _check_endpoint(endpoint, say)
    own = endpoint == (server.llm_base_url or "")
    secret = SecretStr(key) if key else server.llm_api_key if own else None
    changes |= {"llm_model": model, "llm_base_url": endpoint or None, "llm_api_key": secret}
    return server.model_copy(update=changes)


def _check_endpoint(endpoint: str, say: Words) -> None:
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(say("error.endpoint_scheme"))
    if parts.username or parts.password:
        raise SettingsError(say("error.endpoint_secret"))


def _document(say: Words, settings: Settings) -> Document:
    """The article that the form names.

    Raises:
        InputError: there is none, or it cannot be read or fetched.
    """
    from factcheck.read import read_bytes, read_text, read_url

    state = st.session_state
    if state.source == "file":
        if state.file is None:
            raise InputError(say("error.no_file"))
        return read_bytes(state.file.getvalue(), state.file.name, max_chars=settings.max_article_chars)
    if state.source == "url":
        if not state.url.strip():
            raise InputError(say("error.no_url"))
        return read_url(state.url.strip(), settings)
    if not state.text.strip():
        raise ReadError(say("error.empty"))
    loaded: Document | None = state.get("loaded")
    if loaded is not None and loaded.text.strip() == state.text.strip():
        return loaded
    return read_text(state.text, max_chars=settings.max_article_chars)
