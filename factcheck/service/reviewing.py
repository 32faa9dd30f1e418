"""The desk: the queue, a claim as it stands, what people do to it, and the log."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request

from factcheck.errors import ReviewConflict
from factcheck.review import check_again
from factcheck.review.values import Change, Order, QueueFilter, QueuePage, ReviewedClaim, State
from factcheck.review.wording import changed_meanwhile
from factcheck.service import examples
from factcheck.service.checks import RunId, service_of
from factcheck.service.core import Service
from factcheck.service.problems import Problem
from factcheck.service.values import (
    AddClaimRequest,
    ArticlesAnswer,
    LogAnswer,
    ProblemAnswer,
    RecheckRequest,
    ReviewRequest,
    Text,
)

ClaimId = Annotated[str, Path(max_length=100, examples=[examples.CLAIM_ID], description="The id of the claim.")]

_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemAnswer, "description": "The claim has another version by now; `current` is it."}
}  # fmt: skip


def desk_open(request: Request) -> None:
    """Lets a request through where the desk is open.

    Raises:
        Problem: it is switched off (FACTCHECK_DESK).
    """
    if not service_of(request).settings.desk:
        raise Problem("switched-off", "The review desk of this service is switched off.")


router = APIRouter(prefix="/v1/review", tags=["review"], dependencies=[Depends(desk_open)])


@router.get("/claims", summary="The queue")
async def queue(
    request: Request,
    label: Annotated[list[str] | None, Query(description="Labels, and `not_checked`; several by repeating.")] = None,
    state: Annotated[list[State] | None, Query(description="States; several by repeating.")] = None,
    language: Annotated[list[str] | None, Query(description="Languages, ISO 639-1; several by repeating.")] = None,
    run_id: Annotated[str | None, Query(max_length=100, description="Only of this check.")] = None,
    least: Annotated[float | None, Query(ge=0, le=1, description="Least confidence of the machine.")] = None,
    most: Annotated[float | None, Query(ge=0, le=1, description="Greatest confidence of the machine.")] = None,
    words: Annotated[Text, Query(max_length=500, description="Words that all occur in claim, speaker or title.")] = "",
    dropped: Annotated[bool, Query(description="Dropped claims instead of the others.")] = False,
    back: Annotated[bool, Query(description="Only those that came back to the queue.")] = False,
    order: Annotated[Order, Query(description="`confidence`: the least sure first.")] = "newest",
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="Leave out so many.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="How many.")] = 50,
) -> QueuePage:
    """The claims of the desk that are wanted, and how they divide."""
    service = service_of(request)
    wanted = QueueFilter(
        labels=tuple(label or ()),
        states=tuple(state or ()),
        languages=tuple(language or ()),
        run_id=run_id,
        least=least,
        most=most,
        words=words,
        dropped=dropped,
        back=back,
    )
    return await service.small(partial(service.desk.queue, wanted, order=order, offset=offset, limit=limit))


@router.get("/articles", summary="The articles that were checked")
async def articles(
    request: Request, limit: Annotated[int, Query(ge=1, le=500, description="How many.")] = 100
) -> ArticlesAnswer:
    """The latest checks, newest first, and how far the work on their claims is."""
    service = service_of(request)
    return ArticlesAnswer(articles=await service.small(partial(service.desk.articles, limit)))


@router.get("/log", summary="What happened")
async def log(
    request: Request,
    run_id: Annotated[str | None, Query(max_length=100, description="Only of this check.")] = None,
    claim_id: Annotated[str | None, Query(max_length=100, description="Only of this claim.")] = None,
    since: Annotated[int, Query(ge=0, description="Only events after this number.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000, description="How many.")] = 200,
) -> LogAnswer:
    """The append-only log, oldest first."""
    service = service_of(request)
    found = await service.small(lambda: tuple(islice(service.desk.log(run_id, claim_id, since), limit)))
    return LogAnswer(events=found, next_since=found[-1].seq if found else since)


@router.get("/claims/{run_id}/{claim_id}", summary="A claim as it stands")
async def claim(request: Request, run_id: RunId, claim_id: ClaimId) -> ReviewedClaim:
    """The machine's result, what people made of it, and everything that happened to it."""
    service = service_of(request)
    return await service.small(partial(_standing, service, run_id, claim_id))


def _standing(service: Service, run_id: str, claim_id: str) -> ReviewedClaim:
    found = service.desk.claim(run_id, claim_id)
    if found is None:
        raise Problem("no-such-thing", "There is no finished claim of this id in a check of that id.")
    return found


@router.post("/claims/{run_id}/{claim_id}/actions", summary="Do something to a claim", responses=_CONFLICT)
async def act(
    request: Request,
    run_id: RunId,
    claim_id: ClaimId,
    wanted: Annotated[ReviewRequest, Body(openapi_examples=examples.REVIEW_REQUESTS)],
) -> ReviewedClaim:
    """Does something to a claim in somebody's name and records it.

    `version` is that of the claim when the person saw it. If somebody changed it since, nothing is done, and the answer
    is 409 with the claim as it stands now.
    """
    service = service_of(request)

    def done() -> ReviewedClaim:
        _standing(service, run_id, claim_id)
        change = wanted.as_change()
        return service.desk.act(
            run_id, claim_id, wanted.action, change, who=wanted.who, version=wanted.version, reason=wanted.reason
        )

    return await service.small(done)


@router.post("/claims/{run_id}/{claim_id}/recheck", summary="Check a claim again", responses=_CONFLICT)
async def recheck(request: Request, run_id: RunId, claim_id: ClaimId, wanted: RecheckRequest) -> ReviewedClaim:
    """Has the machine check a claim again in its present words, which takes seconds, and answers with the claim.

    A person's verdict stays; one claim is checked again at a time.
    """
    service = service_of(request)
    engine = service.engine()

    def done() -> ReviewedClaim:
        now = _standing(service, run_id, claim_id)
        if now.version != wanted.version:  # told before the work rather than after it
            raise ReviewConflict(changed_meanwhile(now, wanted.version), now)
        return check_again(service.desk, engine, run_id, claim_id, who=wanted.who, version=wanted.version)

    return await service.gates.rechecks.run(done)


@router.post("/claims/{run_id}", status_code=201, summary="Add a claim that the machine did not pick")
async def add_claim(request: Request, run_id: RunId, wanted: AddClaimRequest) -> ReviewedClaim:
    """Adds a claim at its place in the article; it is not checked yet."""
    service = service_of(request)
    change = Change(start=wanted.start, end=wanted.end, source_text=wanted.source_text, text=wanted.text)

    def added() -> ReviewedClaim:
        if service.store.status(run_id) is None:
            raise Problem("no-such-thing", "There is no check of this id.")
        return service.desk.add_claim(run_id, change, who=wanted.who, reason=wanted.reason)

    return await service.small(added)
