"""The Streamlit app: `streamlit run app.py`. Navigation and wiring only; the pages are in `factcheck.ui`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from factcheck.engine import build_engine
from factcheck.errors import FactcheckError
from factcheck.read import read_file
from factcheck.resources import demo_article_path
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.ui import pages
from factcheck.ui.cards import plain
from factcheck.ui.worker import Workshop

st.set_page_config(page_title="factcheck", page_icon=pages.ICON, layout="wide")


@st.cache_resource(show_spinner=False)
def workshop(home: Path) -> Workshop:
    """One for the process: every session's checks run in its threads."""
    return Workshop(build_engine, RunStore(home / "runs.sqlite3"))


say = pages.frame()
try:
    settings = Settings.load()
    shared = workshop(settings.home)
except FactcheckError as problem:
    st.error(plain(str(problem)))
    st.stop()


def check() -> None:
    """The page that checks."""
    pages.check_page(shared, say, settings, lambda: read_file(demo_article_path()))


def method() -> None:
    """The page that explains."""
    pages.method_page(say)


st.navigation(
    [
        st.Page(check, title=say("nav.check"), icon=":material/fact_check:", default=True),
        st.Page(method, title=say("nav.method"), icon=":material/balance:", url_path="method"),
    ]
).run()
