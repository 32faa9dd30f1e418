"""Homes without the settings of the machine, and what the demo leaves in one.

Beside conftest, since tests cannot import from that: several directories have one, and the name gives whichever was
loaded last.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from factcheck.types import Report


def own_settings(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Takes every setting of the machine away and puts the data under `home`."""
    for name in [key for key in os.environ if key.startswith(("FACTCHECK_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_"))]:
        patch.delenv(name)
    patch.setenv("FACTCHECK_HOME", str(home))
    patch.setenv("HF_HUB_OFFLINE", "1")
    patch.setenv("ANONYMIZED_TELEMETRY", "False")


class DemoRun(NamedTuple):
    """What `factcheck demo` printed and wrote, and the report on record."""

    code: int
    out: str
    err: str
    page: str
    report: Report
