"""The Streamlit app: `streamlit run app.py`. Navigation and wiring only; the pages are in `factcheck.ui`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from factcheck.engine import build_engine
from factcheck.errors import FactcheckError
from factcheck.read import read_file
from factcheck.redact import guard_logs
from factcheck.resources import demo_article_path
from factcheck.review import Desk
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.ui import entrance, pages, room
from factcheck.ui.cards import plain
from factcheck.ui.claim import claim_page
from factcheck.ui.corpus import corpus_page
from factcheck.ui.desk import desk_page
from factcheck.ui.library import Library
from factcheck.ui.quality import quality_page
from factcheck.ui.recheck import Rechecks
from factcheck.workshop import Workshop

st.set_page_config(page_title="factcheck", page_icon=pages.ICON, layout="wide")


class Shared(NamedTuple):
    """What every session of the process uses."""

    workshop: Workshop
    desk: Desk
    rechecks: Rechecks
    library: Library


@st.cache_resource(show_spinner=False)
def shared(home: Path, two_people: bool) -> Shared:
    """One for the process: every session's checks run in its threads."""
    workshop = Workshop(build_engine, RunStore(home / "runs.sqlite3"))
    desk = Desk(workshop.store, two_people=two_people)
    return Shared(workshop, desk, Rechecks(desk, workshop), Library(changed=desk.evidence_changed))


guard_logs()
say = pages.frame()
try:
    settings = Settings.load()
    if not entrance.admitted(say, settings):
        st.stop()
    ours = shared(settings.home, settings.two_people)
except FactcheckError as problem:
    st.error(plain(say.sentence(str(problem))))
    st.stop()

reviewer = room.reviewer(say, settings) if settings.desk else ""


def check() -> None:
    """The page that checks."""
    pages.check_page(
        ours.workshop, say, settings, lambda: read_file(demo_article_path()), place if settings.desk else None
    )


def desk() -> None:
    """The page of all claims."""
    desk_page(place)


def claim() -> None:
    """The page of one claim."""
    claim_page(place)


def corpus() -> None:
    """The page of the reference documents."""
    corpus_page(say, settings, ours.library)


def quality() -> None:
    """The page of figures."""
    quality_page(say, settings, ours.desk if settings.desk else None)


def method() -> None:
    """The page that explains."""
    pages.method_page(say)


check_entry = st.Page(check, title=say("nav.check"), icon=":material/fact_check:", default=True)
desk_entry = st.Page(desk, title=say("nav.desk"), icon=":material/inbox:", url_path="desk")
claim_entry = st.Page(claim, title=say("nav.claim"), icon=":material/rule:", url_path="claim")
corpus_entry = st.Page(corpus, title=say("nav.corpus"), icon=":material/library_books:", url_path="corpus")
quality_entry = st.Page(quality, title=say("nav.quality"), icon=":material/monitoring:", url_path="quality")
method_entry = st.Page(method, title=say("nav.method"), icon=":material/balance:", url_path="method")
place = room.Room(
    desk=ours.desk,
    workshop=ours.workshop,
    rechecks=ours.rechecks,
    settings=settings,
    say=say,
    who=reviewer,
    zone=room.browser_zone(),
    desk_page=desk_entry,
    claim_page=claim_entry,
    check_page=check_entry,
)

entries: list[Any] = [check_entry, desk_entry, claim_entry, corpus_entry, quality_entry, method_entry]
chosen = st.navigation(entries if settings.desk else [check_entry, corpus_entry, quality_entry, method_entry])
if settings.desk:
    room.keep_fields()
    if chosen != claim_entry:
        room.leave(place)
chosen.run()
