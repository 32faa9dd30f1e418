"""Runs on disk, and beside them the log and the queue of the review desk: SQLite, one file."""

from factcheck.store.rows import machine_row, put_row
from factcheck.store.runs import Extracted, RunStatus, RunStore, StoredRun, new_run_id, put_sources

__all__ = ["Extracted", "RunStatus", "RunStore", "StoredRun", "machine_row", "new_run_id", "put_row", "put_sources"]
