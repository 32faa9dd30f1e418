"""Evidence of reviewed claims beside the corpus as it is now: what was removed, and what its owner has marked since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from factcheck.review.values import ReviewedClaim
from factcheck.types import Evidence, SourceDocument

if TYPE_CHECKING:
    from factcheck.index import Corpus

_AT_ONCE = 200
_NAMED = 3


class Changed(NamedTuple):
    """What became of a claim's evidence."""

    documents: tuple[str, ...]
    sentence: str


def what_counts(claim: ReviewedClaim) -> tuple[Evidence, ...]:
    """The evidence that a reviewed verdict rests on: what the machine used, and what a person gave a stance."""
    return tuple(e for e in claim.machine.evidence if e.used or e.n in claim.stances)


def marks_of(corpus: Corpus, ids: Iterable[str]) -> dict[str, str | None]:
    """How the corpus's owner has marked documents, by id; those that are not in it are left out."""
    stream, found = iter(sorted(set(ids))), dict[str, str | None]()
    while some := list(islice(stream, _AT_ONCE)):
        found |= {document.id: document.reliability for document in corpus.documents_of(some)}
    return found


def changed(claim: ReviewedClaim, now: Mapping[str, str | None], then: Mapping[str, SourceDocument]) -> Changed | None:
    """What changed about the evidence of a claim since it was checked, or None.

    Args:
        claim: a reviewed claim.
        now: what the corpus has, as `marks_of` gives it.
        then: the documents as they were when the claim was checked.
    """
    told = _told_already(claim)
    found = {e.document_id: _what(e, now, then) for e in what_counts(claim) if e.document_id not in told}
    sentences = {key: sentence for key, sentence in found.items() if sentence}
    if not sentences:
        return None
    named = list(dict.fromkeys(sentences.values()))
    more = f"; and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return Changed(tuple(sentences), f"The evidence has changed: {'; '.join(named[:_NAMED])}{more}.")


def _what(evidence: Evidence, now: Mapping[str, str | None], then: Mapping[str, SourceDocument]) -> str | None:
    name = " ".join((evidence.title or evidence.publisher or evidence.document_id).split())[:120]
    if evidence.document_id not in now:
        return f"“{name}” is no longer in the corpus"
    mark, before = now[evidence.document_id], then.get(evidence.document_id)
    if before is None or mark == before.reliability:
        return None
    return f"“{name}” is now marked {mark.replace('_', ' ')}" if mark else f"“{name}” is no longer marked"


def _told_already(claim: ReviewedClaim) -> set[str]:
    """Documents that the claim came back for since it was last checked; people have decided knowing it."""
    told: set[str] = set()
    for event in claim.events:
        if event.action == "recheck":
            told = set()
        elif event.action == "evidence_changed":
            told |= set(event.change.documents)
    return told
