"""Records of `factcheck eval` made small enough to keep in the repository, and back, without loss.

A record writes a line for each row; here each field of the rows is one list, and the names of slices stand once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from factcheck.evals.outcomes import Outcome
from factcheck.evals.record import Record, read_record

_PLAIN = [name for name in Outcome.model_fields if name not in ("shares", "slices")]


def pack(record: Record) -> str:
    """A record as JSON, a line for each field."""
    rows = record.outcomes
    slices = sorted({name for row in rows for name in row.slices})
    place = {name: at for at, name in enumerate(slices)}
    shares = sorted({name for row in rows for name in row.shares})
    packed = {
        **record.model_dump(mode="json", exclude={"outcomes"}),
        "slices": slices,
        "rows": {
            **{name: [getattr(row, name) for row in rows] for name in _PLAIN},
            "shares": {name: [_short(row.shares.get(name)) for row in rows] for name in shares},
            "slices": [[place[name] for name in row.slices] for row in rows],
        },
    }
    lines = [f"{json.dumps(key)}: {_json(value)}" for key, value in packed.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def unpack(text: str) -> Record:
    """The record that `pack` packed."""
    packed: dict[str, Any] = json.loads(text)
    slices, rows = packed.pop("slices"), packed.pop("rows")
    outcomes = [
        {
            **{name: rows[name][at] for name in _PLAIN},
            "shares": {name: each[at] for name, each in rows["shares"].items() if each[at] is not None},
            "slices": [slices[place] for place in rows["slices"][at]],
        }
        for at in range(len(rows["id"]))
    ]
    return Record.model_validate({**packed, "outcomes": outcomes})


def read(path: Path) -> Record:
    """A record from a file, packed or as `factcheck eval` writes it."""
    text = path.read_text(encoding="utf-8")
    return unpack(text) if '"rows": ' in text and '"outcomes": ' not in text else read_record(path)


def _short(share: tuple[float, float] | None) -> list[float] | None:
    """Whole numbers without `.0`."""
    return None if share is None else [int(x) if x == int(x) else x for x in share]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
