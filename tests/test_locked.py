"""`requirements/ci.txt`, which CI installs by hash, belongs to `pyproject.toml` and names no place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "ci.txt"
pytestmark = pytest.mark.skipif(not LOCK.exists(), reason="requirements/ci.txt is not here")


def _pins() -> dict[str, tuple[str, list[str]]]:
    """Name to version and hashes."""
    pins: dict[str, tuple[str, list[str]]] = {}
    for entry in re.split(r"(?<!\\)\n", re.sub(r"(?m)^\s*#.*\n", "", LOCK.read_text("utf-8")).strip()):
        found = re.fullmatch(r"([\w.-]+)==(\S+) \\\n((?:\s+--hash=sha256:[0-9a-f]{64}(?: \\\n)?)+)", entry)
        assert found, f"not a pin with hashes alone: {entry[:100]}"
        pins[canonicalize_name(found[1])] = found[2], re.findall(r"sha256:(\w+)", found[3])
    return pins


def test_every_requirement_is_pinned_within_its_bounds_by_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    asked += project["project"]["optional-dependencies"]["dev"] + project["project"]["optional-dependencies"]["service"]
    pins = _pins()
    assert len(pins) > 100 and all(hashes for _, hashes in pins.values())
    outside = []
    for requirement in map(Requirement, asked):
        version, _ = pins.get(canonicalize_name(requirement.name), ("", []))
        if requirement.name != "torch" and not (version and requirement.specifier.contains(version)):
            outside.append(f"{requirement} is {version or 'not there'}: make lock")
    assert outside == []
    assert "torch" not in pins, "its wheels differ by accelerator"


def test_the_lock_names_no_place() -> None:
    text = LOCK.read_text("utf-8")
    assert "://" not in text and not re.search(r"(?m)^\s*-(?:i|f)\b|--(?:index-url|extra-index-url|find-links)", text)
