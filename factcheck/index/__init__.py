"""A reference corpus on disk: documents and passages in SQLite, their vectors in Chroma, one writer at a time.

    DIRECTORY/corpus.sqlite3    documents and passages; what is not ready there does not exist for a reader
    DIRECTORY/chroma/           the collections `passages` and `claims`
    DIRECTORY/lexical/          the word index of the content as it was last searched or written
    DIRECTORY/writer.lock       held while something is written

A document is written as a pending row, then the vectors of its passages, then marked ready. A process that dies in
between leaves rows and vectors that no reader sees, and the next writer finishes or removes them. Vectors are written
by a second thread while the next ones are made.

`corpus` is the door. Behind it `layout` says what is embedded and kept with it, `files` opens and locks, `searching`
reads, `adding` takes documents in, `mending` repairs and reindexes, `restoring` reads exports in for `factcheck.care`,
and `remembering` keeps claims checked before. `values` are what comes back.
"""

from __future__ import annotations

from factcheck.index.corpus import Corpus
from factcheck.index.layout import LAYOUT, indexed_text, model_metadata
from factcheck.index.values import AddSummary, CorpusInfo, Embedded, Inside, Mended, OnProgress, ReviewSummary

__all__ = [
    "LAYOUT",
    "AddSummary",
    "Corpus",
    "CorpusInfo",
    "Embedded",
    "Inside",
    "Mended",
    "OnProgress",
    "ReviewSummary",
    "indexed_text",
    "model_metadata",
]
