"""The Streamlit app: `streamlit run app.py`. Navigation and wiring only; the pages are in `factcheck.ui`."""

from __future__ import annotations

import streamlit as st
from factcheck.read import read_file

from factcheck.engine import build_engine
from factcheck.resources import demo_article_path
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.ui import pages
from factcheck.ui.worker import Workshop

st.set_page_config(page_title="factcheck", page_icon=pages.ICON, layout="wide")

settings = Settings.load()


@st.cache_resource(show_spinner=False)
def workshop() -> Workshop:
    """One for the process: every session's checks run in its threads."""
    return Workshop(build_engine, RunStore(settings.home / "runs.sqlite3"))


say = pages.frame()


def check() -> None:
    pages.check_page(workshop(), say, settings, lambda: read_file(demo_article_path()))


def method() -> None:
    pages.method_page(say)


st.navigation(
    [
        st.Page(check, title=say("nav.check"), icon=":material/fact_check:", default=True),
        st.Page(method, title=say("nav.method"), icon=":material/balance:", url_path="method"),
    ]
).run()
