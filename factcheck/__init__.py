"""factcheck: check the claims of an article against a reference corpus, with every quote found in its source.

    from factcheck import Settings, build_engine, check, read_source
    settings = Settings.load()
    report = check(read_source("article.txt", settings), build_engine(settings))

Names are imported when first used, so that `import factcheck` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factcheck.batches import batch
    from factcheck.engine import Engine, build_engine, open_corpus
    from factcheck.errors import FactcheckError
    from factcheck.extract import Extractor
    from factcheck.index import Corpus
    from factcheck.ingestion import ingest
    from factcheck.pipeline import Progress, check, check_claim, claim_of_text
    from factcheck.read import read_bytes, read_file, read_source, read_text
    from factcheck.report import render
    from factcheck.retrieve import search
    from factcheck.settings import Settings
    from factcheck.store import RunStore
    from factcheck.types import Claim, ClaimResult, Document, Evidence, Report
    from factcheck.verify import Judge

__version__ = "0.1.0"

_HOMES = {
    "Claim": "types",
    "ClaimResult": "types",
    "Corpus": "index",
    "Document": "types",
    "Engine": "engine",
    "Evidence": "types",
    "Extractor": "extract",
    "FactcheckError": "errors",
    "Judge": "verify",
    "Progress": "pipeline",
    "Report": "types",
    "RunStore": "store",
    "Settings": "settings",
    "batch": "batches",
    "build_engine": "engine",
    "check": "pipeline",
    "check_claim": "pipeline",
    "claim_of_text": "pipeline",
    "ingest": "ingestion",
    "open_corpus": "engine",
    "read_bytes": "read",
    "read_file": "read",
    "read_source": "read",
    "read_text": "read",
    "render": "report",
    "search": "retrieve",
}

__all__ = [
    "Claim",
    "ClaimResult",
    "Corpus",
    "Document",
    "Engine",
    "Evidence",
    "Extractor",
    "FactcheckError",
    "Judge",
    "Progress",
    "Report",
    "RunStore",
    "Settings",
    "__version__",
    "batch",
    "build_engine",
    "check",
    "check_claim",
    "claim_of_text",
    "ingest",
    "open_corpus",
    "read_bytes",
    "read_file",
    "read_source",
    "read_text",
    "render",
    "search",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'factcheck' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"factcheck.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
