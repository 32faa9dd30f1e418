"""The extractors' reasons: the published pages say them in the same words."""

from __future__ import annotations

from factcheck.publish.reasons import REASONS

__all__ = ["REASONS"]
