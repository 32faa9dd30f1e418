"""The entrance of the app: nobody from elsewhere comes in without the token.

Without a token the app is for this machine: it is not drawn where it listens on another address, nor for a browser that
asks for it under another name, since a page of another site can make a name of its own lead here (DNS rebinding).
Streamlit's own check does not see that: to it the page and the socket have one origin.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from html import escape
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from factcheck.access import is_loopback_name
from factcheck.settings import Settings
from factcheck.ui.strings import Words

COOKIE = "factcheck_entrance"
"""Where a browser keeps that it was let in, until it is closed."""
PAUSE = 1.0
"""Seconds that a wrong token costs."""


def admitted(say: Words, settings: Settings, pause: float = PAUSE) -> bool:
    """Whether the pages may be drawn; where not, says why or asks for the token. A wrong one costs `pause` seconds."""
    if settings.app_token is None:
        reason = why_closed(st.get_option("server.address"), st.context.headers.get("Host"))
        if reason is None or settings.app_open:
            return True
        st.error(say(f"entrance.{reason}"))
        return False
    pass_ = _pass(settings.app_token.get_secret_value())
    if hmac.compare_digest(str(st.context.cookies.get(COOKIE, "")).encode(), pass_.encode()):
        return True
    if st.session_state.get("entrance") == pass_:
        cookie = f"{COOKIE}={pass_}; path=/; SameSite=Strict"
        st.html(f"<script>document.cookie = {json.dumps(cookie)}</script>", unsafe_allow_javascript=True)
        return True
    _ask(say, settings.app_token.get_secret_value(), pass_, pause)
    return False


def why_closed(address: str | None, host: str | None) -> Literal["bound", "named"] | None:
    """Why an app without a token would be open to others than this machine; None where it is not.

    Args:
        address: what it listens on; None is every address.
        host: what the browser asked for, where it said so.
    """
    if address is None or not (address.startswith("unix://") or is_loopback_name(address.strip("[]"))):
        return "bound"
    return "named" if host is not None and not is_loopback_name(_hostname(host)) else None


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _ask(say: Words, token: str, pass_: str, pause: float) -> None:
    st.html(f'<h1 class="fc-title">{escape(say("entrance.title"))}</h1>')
    with st.form("entrance-form", border=False):
        given = st.text_input(say("entrance.token"), type="password", autocomplete="current-password")
        sent = st.form_submit_button(say("entrance.open"), type="primary")
    if not sent:
        return
    if hmac.compare_digest(_digest(given.strip()), _digest(token)):
        st.session_state.entrance = pass_
        st.rerun()
    time.sleep(pause)
    st.error(say("entrance.wrong"))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _pass(token: str) -> str:
    """What a browser keeps instead of the token: it opens this entrance alone, and until the token is changed."""
    return hmac.new(token.encode(), b"factcheck app entrance", hashlib.sha256).hexdigest()
