"""What the desk and the page of a claim say."""

from __future__ import annotations

from collections.abc import Mapping

# key: (English, Indonesian)
TEXTS: Mapping[str, tuple[str, str]] = {}
