"""The reference corpus as text: notes read from files, cut into passages, and kept in one SQLite file.

Three jobs, in the order they happen: `load_documents` reads files into documents (a bad file or row is a value in
the stream, never an exception half-way), `split_passages` cuts a document by sentences with exact offsets, and
`DocumentStore` keeps both. A document is `pending` from the moment it is written until its vectors are in the
index too; nothing but the writer ever sees it before it is `ready`, so a crash leaves no half document behind.
"""

from __future__ import annotations

from factcheck.corpus.intake import Completed, Intake, Pair
from factcheck.corpus.listing import Entry, entries
from factcheck.corpus.load import BadFile, load_documents
from factcheck.corpus.passages import MAX_PASSAGE_CHARS, split_passages
from factcheck.corpus.store import DocumentStore, Stamp, StoreCounts, StoreSummary, content_hash

__all__ = [
    "MAX_PASSAGE_CHARS",
    "BadFile",
    "Completed",
    "DocumentStore",
    "Entry",
    "Intake",
    "Pair",
    "Stamp",
    "StoreCounts",
    "StoreSummary",
    "content_hash",
    "entries",
    "load_documents",
    "split_passages",
]
