"""Runs on disk, and beside them the log and the queue of the review desk: SQLite, one file."""

from factcheck.store.following import NewResult, RunState, hand_back, report_json, results_after, state_of
from factcheck.store.laying import lay_decisions, wait_to_lay
from factcheck.store.liveness import RunStatus
from factcheck.store.rows import machine_row, put_row
from factcheck.store.runs import Extracted, RunStore, StoredRun, new_run_id, put_sources

__all__ = [
    "Extracted",
    "NewResult",
    "RunState",
    "RunStatus",
    "RunStore",
    "StoredRun",
    "hand_back",
    "lay_decisions",
    "machine_row",
    "new_run_id",
    "put_row",
    "put_sources",
    "report_json",
    "results_after",
    "state_of",
    "wait_to_lay",
]
