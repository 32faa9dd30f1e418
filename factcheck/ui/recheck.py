"""One claim checked again in a thread, so that a reload of the page does not end it."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, NamedTuple

from factcheck.errors import FactcheckError, ReviewConflict
from factcheck.review import Desk, ReviewedClaim, checked_again
from factcheck.settings import Settings
from factcheck.workshop import Workshop

log = logging.getLogger("factcheck.ui")

Key = tuple[str, str]


class Again(NamedTuple):
    """Where checking a claim again is."""

    state: Literal["running", "done", "failed", "changed"]
    why: str = ""
    """Why it failed."""


class Rechecks:
    """The claims of this process that are being checked again, one after another, and what became of the others."""

    def __init__(self, desk: Desk, workshop: Workshop) -> None:
        """Takes the desk that the results go to, and the workshop that has the engines."""
        self._desk, self._workshop = desk, workshop
        self._known: dict[Key, Again] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recheck")

    def ask(self, claim: ReviewedClaim, settings: Settings, who: str) -> None:
        """Has a claim checked again in its present words; one that is being checked already is left to it."""
        key = (claim.run_id, claim.claim_id)
        with self._lock:
            if self._known.get(key, Again("done")).state == "running":
                return
            self._known[key] = Again("running")
        self._pool.submit(self._work, key, claim, settings, who)

    def running(self, claim: ReviewedClaim) -> bool:
        """Whether a claim is being checked again now."""
        with self._lock:
            known = self._known.get((claim.run_id, claim.claim_id))
        return known is not None and known.state == "running"

    def take(self, claim: ReviewedClaim) -> Again | None:
        """What became of a claim's check, told once; None while it runs or where there was none."""
        key = (claim.run_id, claim.claim_id)
        with self._lock:
            known = self._known.get(key)
            return None if known is None or known.state == "running" else self._known.pop(key)

    def _work(self, key: Key, claim: ReviewedClaim, settings: Settings, who: str) -> None:
        try:
            outcome = self._check(claim, settings, who)
        except FactcheckError as error:
            outcome = Again("failed", str(error))
        except Exception as error:  # a fault of ours: a sentence for the page, the rest for the log
            log.error("a claim was not checked again: %s", type(error).__name__, exc_info=settings.llm_api_key is None)
            outcome = Again("failed", type(error).__name__)
        with self._lock:
            self._known[key] = outcome

    def _check(self, claim: ReviewedClaim, settings: Settings, who: str) -> Again:
        change = checked_again(claim, self._workshop.engine(settings))
        while True:
            now = self._desk.claim(claim.run_id, claim.claim_id)
            if now is None or (now.text, now.start, now.end) != (claim.text, claim.start, claim.end):
                return Again("changed")
            try:
                self._desk.act(claim.run_id, claim.claim_id, "recheck", change, who=who, version=now.version)
            except ReviewConflict:  # somebody did something else to it meanwhile, which the result does not touch
                continue
            return Again("done")
