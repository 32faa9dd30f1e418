"""The documents of a corpus as a list: what is known of each, without its text."""

from __future__ import annotations

from typing import NamedTuple

from factcheck.corpus.store import DocumentStore

BEGINS = 120
"""Characters of the text that stand in for a title."""


class Entry(NamedTuple):
    """A ready document as a list shows it."""

    id: str
    title: str | None
    publisher: str | None
    url: str | None
    published: str | None
    available_from: str | None
    language: str | None
    reliability: str | None
    begins: str
    """How the text begins, on one line."""
    characters: int
    passages: int
    added_at: str
    """UTC, ISO 8601, to the second."""

    @property
    def dated(self) -> str | None:
        """The date that decides when it was public, as the corpus has it; None where it has neither."""
        return self.published or self.available_from


def entries(store: DocumentStore) -> tuple[Entry, ...]:
    """Every ready document, the one added last first.

    One pass over the file: a caller that pages, searches or counts keeps what comes back until the corpus changes.

    Raises:
        CorpusError: the file is damaged.
    """
    rows = store.rows(
        f"""SELECT d.id, d.title, d.publisher, d.url, d.published, d.available_from, d.language, d.reliability,
                   substr(d.text, 1, {BEGINS}), length(d.text), coalesce(p.n, 0), d.added_at
            FROM documents d LEFT JOIN (SELECT document_id, count(*) AS n FROM passages GROUP BY document_id) p
                 ON p.document_id = d.id
            WHERE d.state = 'ready' ORDER BY d.added_at DESC, d.id"""
    )
    return tuple(Entry._make((*row[:8], " ".join(str(row[8]).split()), *row[9:])) for row in rows)
