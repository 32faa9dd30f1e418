"""What of a passage is embedded, and what is kept with and beside its vector."""

from __future__ import annotations

from factcheck.embed import Embedder
from factcheck.types import Document, Passage
from factcheck.vectors import Metadata

LAYOUT = "title+passage/1"
"""What of a passage is embedded. Changing it makes every stored vector stale, so it is kept with the collection."""

PASSAGES, CLAIMS = "passages", "claims"
"""The collections of a corpus."""
NEXT = "-next"
"""Ends the name of a collection that a reindex is making."""


def model_metadata(embedder: Embedder) -> dict[str, str | int]:
    """What is kept with a collection of the embedder's vectors: vectors are comparable where all of it is the same."""
    return {
        "model": embedder.name,
        "revision": embedder.revision,
        "dimension": embedder.dimension,
        "scheme": embedder.scheme,
        "layout": LAYOUT,
    }


def indexed_text(passage: Passage, document: Document) -> str:
    """What a passage is embedded and searched by: its document's title, where there is one, and its own text."""
    title = (document.title or "").strip()
    return passage.text if not title or passage.text.startswith(title) else f"{title}\n{passage.text}"


def passage_metadata(document: Document) -> Metadata:
    """What is kept beside the vector of a passage of the document."""
    kept: dict[str, str | int] = {"document_id": document.id}
    if document.language is not None:
        kept["language"] = document.language
    if document.public_from is not None:
        kept["public_from"] = int(document.public_from.strftime("%Y%m%d"))
    return kept
