"""What a corpus gives back, and what it consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from factcheck.corpus import DocumentStore
from factcheck.embed import Vectors
from factcheck.types import Document, Passage, Value
from factcheck.vectors import VectorFiles

OnProgress = Callable[[int, int | None], None]


class AddSummary(Value):
    """What adding documents came to. `passages` counts those that were embedded."""

    added: int
    unchanged: int
    replaced: int
    passages: int


class ReviewSummary(Value):
    """What importing reviews came to."""

    added: int
    replaced: int
    unchanged: int


class CorpusInfo(Value):
    """What a corpus holds. Counts by language and publisher are documents, largest first."""

    documents: int
    passages: int
    claims: int
    languages: Mapping[str, int]
    publishers: Mapping[str, int]
    earliest: str | None
    latest: str | None
    undated: int
    disputed: int
    snapshot: str
    model: str
    revision: str


class Inside(NamedTuple):
    """What a corpus consists of, for the modules that care for it (`factcheck.care`)."""

    store: DocumentStore
    vectors: VectorFiles
    passages: str
    """The collection of the passages' vectors."""
    claims: str
    """The collection of the checked claims' vectors."""
    generation: int
    """For calls of `vectors`."""
    model: Mapping[str, str | int]
    """What must be kept with both collections."""


class Embedded(NamedTuple):
    """Documents with all their passages and a vector for each passage, in the order of the passages."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors


class Mended(Value):
    """What `Corpus.mend` did."""

    finished: int
    """Documents that had been pending."""
    removed: int
    """Vectors that belonged to no passage."""
    embedded: int
    """Passages embedded because they had no usable vector."""
    recut: int
    """Documents cut into passages again."""
    claims_kept: int | None = None
    """Checked claims carried over where the collections were made anew."""
    set_aside: str | None = None
    """The directory of the damaged collections."""
