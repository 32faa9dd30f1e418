"""What the page of quality says."""

from __future__ import annotations

from collections.abc import Mapping

# key: (English, Indonesian)
TEXTS: Mapping[str, tuple[str, str]] = {}
