"""What of a ClaimReview object is not as the documented fields have it (`data/claimreview-fields.json`)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FIELDS: dict[str, Any] = json.loads(
    Path(__file__).with_name("data").joinpath("claimreview-fields.json").read_text(encoding="utf-8")
)


def kinds_of(value: Any) -> set[str]:
    """The schema.org types that a value may stand for."""
    if isinstance(value, dict):
        return {value["@type"]}
    if isinstance(value, list):
        return set.union(*(kinds_of(part) for part in value))
    if isinstance(value, (int, float)):
        return {"Number"}
    if re.match(r"https?://", value):
        return {"URL", "Text"}
    return {"Date", "Text"} if re.match(r"\d{4}(-\d{2}(-\d{2})?)?(T|$)", value) else {"Text"}


def faults(value: dict[str, Any]) -> list[str]:
    """What of an object and the objects in it is not as the documented fields have it."""
    kind = value["@type"]
    known = {name: set(field["types"]) for name, field in FIELDS[kind].items()}
    known |= {name: set(types) for name, types in FIELDS["beyond"].get(kind, {}).items()}
    found = [
        f"{kind} lacks {name}" for name, field in FIELDS[kind].items() if field["required"] and not value.get(name)
    ]
    for name, part in value.items():
        if name.startswith("@"):
            continue
        if name not in known:
            found.append(f"{kind} has {name}")
        elif not known[name] & kinds_of(part):
            found.append(f"{kind}.{name} is {kinds_of(part)}")
        for inner in part if isinstance(part, list) else [part]:
            found += faults(inner) if isinstance(inner, dict) else []
    return found
