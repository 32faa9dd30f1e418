"""The review desk for tests of the app: runs made by hand in a real store, and the pages joined as in `app.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import fakes_engine
import streamlit as st
from fakes_engine import ARTICLE, sample_report

from factcheck.review import Desk
from factcheck.review.values import Action, Change, ReviewedClaim
from factcheck.settings import Settings
from factcheck.types import Claim, Document
from factcheck.ui import pages, room
from factcheck.ui.claim import claim_page
from factcheck.ui.desk import desk_page
from factcheck.ui.recheck import Rechecks

TITLE = "Presiden tiba untuk kunjungan pertama"


@dataclass
class Office:
    """A store with sample runs, the desk over it, and an engine whose pace a test decides."""

    home: Path
    engine: fakes_engine.Desk = field(init=False)

    def __post_init__(self) -> None:
        self.engine = fakes_engine.Desk(self.home)
        self.store, self.workshop = self.engine.store, self.engine.workshop
        self.settings = Settings(home=self.home, site_name="Cek Kita", site_url="https://cek.example/klaim")
        self.desk = Desk(self.store)
        self.rechecks = Rechecks(self.desk, self.workshop)

    def add_run(self, run_id: str, *, title: str = TITLE, finished: int | None = None, language: str = "id") -> None:
        """Stores the sample report as a run; with `finished` claims it is one that was cut off after them."""
        report = sample_report(run_id)
        report = report.model_copy(
            update={"claims": tuple(c.model_copy(update={"language": language}) for c in report.claims)}
        )
        document = Document.from_text(ARTICLE, title=title, published="2024-06-19", language="id")
        self.store.start(run_id, document, None, "offline")
        names = [name for name in Claim.model_fields if name != "score"]
        self.store.save_claims(run_id, [Claim(**{name: getattr(c, name) for name in names}) for c in report.claims])
        for position, claim in enumerate(report.claims[:finished]):
            self.store.save_result(run_id, position, claim)
        if finished is None:
            self.store.finish(run_id, report)
        else:
            with self.store.transaction() as db:
                db.execute("UPDATE runs SET status = 'interrupted' WHERE id = ?", (run_id,))

    def claim(self, name: str = "claim-4", run_id: str = "run-a") -> ReviewedClaim:
        """A claim as it stands."""
        found = self.desk.claim(run_id, name)
        assert found is not None
        return found

    def act(self, action: Action, who: str, change: Change | None = None, reason: str | None = None) -> ReviewedClaim:
        """What a colleague does to `claim-4` of `run-a`, beside the page under test."""
        now = self.claim()
        return self.desk.act(
            "run-a", "claim-4", action, change or Change(), who=who, version=now.version, reason=reason
        )


office: Office | None = None
"""The office of the test that runs; a page function that AppTest runs finds it here."""


def draw(first: str) -> None:
    """The app with the desk, beginning at a page: `desk`, `claim` or `check`."""
    assert office is not None
    here = office
    say = pages.frame()
    who = room.reviewer(say, here.settings)
    entries = {
        "check": st.Page(lambda: pages.check_page(here.workshop, say, here.settings, None, shared), title="Check",
                         url_path="check", default=first == "check"),
        "desk": st.Page(lambda: desk_page(shared), title="Desk", url_path="desk", default=first == "desk"),
        "claim": st.Page(lambda: claim_page(shared), title="Claim", url_path="claim", default=first == "claim"),
    }  # fmt: skip
    shared = room.Room(
        desk=here.desk, workshop=here.workshop, settings=here.settings, say=say, who=who, zone=UTC,
        desk_page=entries["desk"], claim_page=entries["claim"], check_page=entries["check"], rechecks=here.rechecks,
    )  # fmt: skip
    chosen = st.navigation(list(entries.values()))
    room.keep_fields()
    if chosen != entries["claim"]:
        room.leave(shared)
    chosen.run()
