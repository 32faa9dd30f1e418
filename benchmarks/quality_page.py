"""Makes the figures that the app's page of quality shows, from a directory of records.

    python benchmarks/quality_page.py [RECORDS_DIR]

Writes factcheck/models/quality.json. Run it when the records have changed; a test says when it is due.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import packing
from results import fitted_on

from factcheck.errors import InputError
from factcheck.evals.record import Record
from factcheck.evals.shipped import PATH, shipped_from

HERE = Path(__file__).resolve().parent


def verdict_records(directory: Path) -> dict[str, tuple[Path, Record]]:
    """The records of verdicts in a directory with their files, by set and evidence."""
    found = ((path, packing.read(path)) for path in sorted(directory.glob("*.json")))
    return {
        f"{record.dataset.removeprefix('verdict_')}, {record.evidence}": (path, record)
        for path, record in found
        if record.task == "verdict" and record.evidence
    }


def digest(path: Path) -> str:
    """A digest of a record's file, as the page keeps it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def main() -> None:
    """Makes the file from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path, nargs="?", default=HERE / "records")
    parser.add_argument("--out", type=Path, default=PATH)
    given = parser.parse_args()
    try:
        found = verdict_records(given.records)
        if not found:
            raise InputError(f"There is no record of verdicts in {given.records}. Make some with run_bench.py.")
        digests = {name: digest(path) for name, (path, _) in found.items()}
        made = shipped_from([record for _, record in found.values()], fitted_on(), digests)
    except InputError as error:
        sys.exit(str(error))
    text = json.dumps(made.model_dump(mode="json"), ensure_ascii=False, indent=1)
    given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
