"""factcheck: check the claims of an article against a reference corpus, with every quote found in its source."""

from __future__ import annotations

__version__ = "0.1.0"
