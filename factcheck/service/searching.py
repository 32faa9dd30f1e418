"""The corpus: searched, described, and its documents read."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from factcheck.engine import Engine
from factcheck.service.checks import service_of
from factcheck.service.problems import Problem
from factcheck.service.values import LONGEST_QUERY, CorpusAnswer, FoundPassage, SearchAnswer, Text
from factcheck.types import Candidate, Document

DocumentId = Annotated[str, Path(max_length=200, description="The id of the document.")]

router = APIRouter(prefix="/v1", tags=["corpus"])


@router.get("/search", summary="Search the corpus")
async def search(
    request: Request,
    q: Annotated[
        Text,
        Query(
            min_length=1,
            max_length=LONGEST_QUERY,
            description="A claim, a question or words.",
            examples=["kunjungan Putin ke Pyongyang"],
        ),
    ],
    k: Annotated[int, Query(ge=1, le=50, description="How many passages.")] = 10,
    as_of: Annotated[
        date | None, Query(description="The day to measure time by: later passages are among those found, and marked.")
    ] = None,
) -> SearchAnswer:
    """The passages that a text finds, best first, as a check finds them."""
    service = service_of(request)
    if not q.strip():
        raise Problem("not-usable", "`q`: the query is empty: give the words to look for.")
    return await service.gates.search.run(partial(_found, service.engine(), q, k, as_of))


def _found(engine: Engine, query: str, k: int, as_of: date | None) -> SearchAnswer:
    from factcheck.retrieve import search as search_corpus

    found = search_corpus(query, engine.corpus, k=k, as_of=as_of)
    return SearchAnswer(
        query=query,
        as_of=as_of,
        corpus_snapshot=engine.corpus.snapshot,
        passages=tuple(_passage(candidate) for candidate in found),
    )


def _passage(candidate: Candidate) -> FoundPassage:
    passage, document = candidate.passage, candidate.document
    return FoundPassage(
        passage_id=passage.id,
        document_id=document.id,
        text=passage.text,
        start=passage.start,
        end=passage.end,
        title=document.title,
        publisher=document.publisher,
        url=document.url,
        published=document.published,
        available_from=document.available_from,
        language=document.language,
        score=candidate.score,
        similarity=candidate.similarity,
        timing=candidate.timing,
        tier=candidate.tier,
        origin=candidate.origin,
    )


@router.get("/corpus", summary="What is checked against")
async def corpus(request: Request) -> CorpusAnswer:
    """Name, size and snapshot of the corpus."""
    service = service_of(request)
    engine = service.engine()
    info = await service.small(engine.corpus.info)
    return CorpusAnswer(
        name=engine.corpus.name, documents=info.documents, passages=info.passages, snapshot=engine.corpus.snapshot
    )


@router.get("/corpus/documents/{document_id}", summary="A document of the corpus")
async def document(request: Request, document_id: DocumentId) -> Document:
    """The stored text that passages and quotes count their characters in, with its source."""
    service = service_of(request)
    found = await service.small(partial(service.engine().corpus.document, document_id))
    if found is None:
        raise Problem("no-such-thing", "The corpus has no document of this id.")
    return found
