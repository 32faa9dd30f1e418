"""Checks: handed in as an article or as claims, followed by asking or by a stream, read, resumed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, File, Form, Header, Path, Query, Request, Response, UploadFile
from starlette.responses import StreamingResponse

from factcheck.errors import Busy, InputError
from factcheck.service import examples
from factcheck.service.core import STREAMS, Service
from factcheck.service.following import events, look
from factcheck.service.problems import Problem
from factcheck.service.values import (
    CheckOptions,
    CheckRequest,
    CheckState,
    FinishedClaims,
    GivenClaim,
    ResumeRequest,
)
from factcheck.settings import Settings
from factcheck.store.following import report_json, results_after
from factcheck.types import AsOfSource, Claim, Document, Report, content_id

if TYPE_CHECKING:
    from factcheck.store import Extracted

router = APIRouter(prefix="/v1/checks", tags=["checks"])

RunId = Annotated[str, Path(max_length=100, examples=[examples.RUN_ID], description="The id of the check.")]


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service


@router.post(
    "",
    status_code=202,
    summary="Hand in an article or claims",
    responses={202: {"content": {"application/json": {"example": examples.CHECK_STATE}}}},
)
async def submit(
    request: Request,
    response: Response,
    wanted: Annotated[CheckRequest, Body(openapi_examples=examples.CHECK_REQUESTS)],
) -> CheckState:
    """Takes an article in for checking: as `text`, as the `url` of a public page, or `claims` as they stand.

    The answer comes at once, with the check's id; the work waits its turn. A page is fetched before the answer, so that
    an address that cannot be used is told at once.
    """
    service = service_of(request)
    settings = chosen(service, wanted)
    if wanted.claims is not None:
        claims, document, extracted = given(wanted, settings)
        handed_in = partial(
            service.workshop.submit, document, settings, wanted.as_of, claims=claims, extracted=extracted
        )
    else:
        document = await service.gates.reading.run(partial(read, wanted, settings))
        handed_in = partial(service.workshop.submit, document, settings, wanted.as_of)
    return await _taken(service, response, await service.small(handed_in))


@router.post("/file", status_code=202, summary="Hand in a file")
async def submit_file(
    request: Request,
    response: Response,
    file: Annotated[UploadFile, File(description="txt, md, html, pdf, docx, srt or vtt")],
    as_of: Annotated[date | None, Form(description="The day as of which the claims are judged.")] = None,
    mode: Annotated[Literal["auto", "offline", "llm"], Form(description="Who judges.")] = "auto",
    lift_time_rule: Annotated[bool, Form(description="Let evidence of any date count.")] = False,
) -> CheckState:
    """Takes an article in for checking, as a file: `curl -F file=@article.pdf`."""
    from factcheck.read import read_bytes

    service = service_of(request)
    settings = chosen(service, CheckOptions(as_of=as_of, mode=mode, lift_time_rule=lift_time_rule))
    data, name = await file.read(), _plain_name(file.filename)
    document = await service.gates.reading.run(
        partial(read_bytes, data, name, max_chars=settings.max_article_chars)
    )  # fmt: skip
    handed_in = partial(service.workshop.submit, document, settings, as_of)
    return await _taken(service, response, await service.small(handed_in))


@router.get(
    "/{run_id}",
    summary="Where a check is",
    responses={200: {"content": {"application/json": {"example": examples.CHECK_STATE}}}},
)
async def state(request: Request, run_id: RunId) -> CheckState:
    """How far a check is, without its claims."""
    service = service_of(request)
    return await service.small(partial(look, service, run_id))


@router.get("/{run_id}/claims", summary="The claims that are finished", response_model=FinishedClaims)
async def claims(
    request: Request,
    run_id: RunId,
    after: Annotated[int, Query(ge=0, description="Only those with a `seq` above this one.")] = 0,
) -> Response:
    """What is finished of a check, while it goes on or after it, in the order in which it was."""
    service = service_of(request)

    def found() -> str:
        status = look(service, run_id).status
        rows = results_after(service.store, run_id, after)
        # The store's JSON goes out as it is: hundreds of claims need not be parsed to be told.
        parts = (f'{{"seq":{row.seq},"position":{row.position},"result":{row.json}}}' for row in rows)
        return f'{{"status":"{status}","claims":[{",".join(parts)}]}}'

    return Response(await service.small(found), media_type="application/json")


@router.get(
    "/{run_id}/events",
    summary="Follow a check",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"example": examples.EVENTS}}}},
)
async def follow(
    request: Request,
    run_id: RunId,
    last_event_id: Annotated[int, Header(ge=0, description="Go on after this event.")] = 0,
) -> StreamingResponse:
    """A stream of server-sent events: `progress`, `claim` for each finished claim, and `end`, after which it closes.

    A client that comes back with `Last-Event-ID` gets what it has not seen. What was finished before comes first, so
    that a stream may be opened at any time, after the end too.
    """
    service = service_of(request)
    await service.small(partial(look, service, run_id))
    if service.streams >= STREAMS:
        raise Busy(f"{STREAMS} streams are open already. Ask for the check's state instead.", 5.0)
    headers = {"X-Accel-Buffering": "no"}  # nginx would hold events back
    return StreamingResponse(
        _counted(service, events(service, run_id, last_event_id)), media_type="text/event-stream", headers=headers
    )


async def _counted(service: Service, stream: AsyncIterator[str]) -> AsyncIterator[str]:
    service.streams += 1
    try:
        async for event in stream:
            yield event
    finally:
        service.streams -= 1


@router.get("/{run_id}/report", summary="The report", response_model=Report)
async def report(request: Request, run_id: RunId) -> Response:
    """The machine's report of a finished check: the JSON contract of `factcheck check --format json`."""
    service = service_of(request)

    def found() -> str:
        status = look(service, run_id).status
        text = report_json(service.store, run_id)
        if text is None:
            raise unfinished(status)
        return text

    return Response(await service.small(found), media_type="application/json")


@router.post("/{run_id}/resume", status_code=202, summary="Go on with a check that stopped")
async def resume(
    request: Request, response: Response, run_id: RunId, wanted: ResumeRequest | None = None
) -> CheckState:
    """Goes on with a check that failed or was interrupted; what is finished of it is neither done nor paid again."""
    service = service_of(request)
    options = wanted or ResumeRequest()

    def taken() -> None:
        before = look(service, run_id)
        if before.status not in ("failed", "interrupted"):
            raise Problem("finished", f"The check is {before.status}, so there is nothing to resume.")
        lift = options.lift_time_rule
        if lift is None:
            lift = _was_lifted(service, run_id)
        mode: Literal["auto", "offline", "llm"] = before.mode if options.mode == "as_before" else options.mode
        settings = chosen(service, CheckOptions(mode=mode, lift_time_rule=lift))
        try:
            service.workshop.resume(run_id, settings)
        except InputError as error:  # somebody else took it up in this moment
            raise Problem("finished", str(error)) from error

    await service.small(taken)
    return await _taken(service, response, run_id)


def _was_lifted(service: Service, run_id: str) -> bool:
    """Whether evidence of any date counted in what is finished of a run."""
    run = service.store.get(run_id)
    return run is not None and any(e.timing == "rule_lifted" for r in run.results.values() for e in r.evidence)


async def _taken(service: Service, response: Response, run_id: str) -> CheckState:
    response.headers["Location"] = f"/v1/checks/{run_id}"
    return await service.small(partial(look, service, run_id))


def unfinished(status: str) -> Problem:
    """That there is no report yet, or none will come."""
    if status in ("waiting", "running"):
        return Problem(
            "not-finished", "The check is still going on. Its claims so far are under /claims.", retry_after=2
        )
    return Problem("not-finished", f"The check is {status}, so there is no report. POST to /resume goes on with it.")


def chosen(service: Service, options: CheckOptions) -> Settings:
    """The service's settings with what a request chose.

    Raises:
        Problem: a language model is asked for and there is none.
    """
    changes: dict[str, Any] = {"lift_time_rule": options.lift_time_rule or service.settings.lift_time_rule}
    if options.mode == "llm" and service.settings.mode != "llm":
        raise Problem("not-usable", "This service has no language model. Leave `mode` out, or set it to `offline`.")
    if options.mode == "offline" and service.settings.mode == "llm":
        changes |= {"llm_model": None}
    return service.settings.model_copy(update=changes)


def read(wanted: CheckRequest, settings: Settings) -> Document:
    """The article that a request brings or names.

    Raises:
        InputError: it cannot be read or fetched.
    """
    from factcheck.read import read_text, read_url

    known = {name: getattr(wanted, name) for name in ("title", "author", "published", "language")}
    if wanted.url is not None:
        document = read_url(wanted.url.strip(), settings)
        return document.model_copy(update={key: value for key, value in known.items() if value is not None})
    return read_text(wanted.text or "", max_chars=settings.max_article_chars, **known)


def given(wanted: CheckRequest, settings: Settings) -> tuple[Sequence[Claim], Document, Extracted]:
    """Given claims at their places in an article that is nothing but their list.

    Raises:
        Problem: there are more than are checked at once.
    """
    from datetime import UTC, datetime

    from factcheck.extract.article import as_of_date
    from factcheck.store import Extracted
    from factcheck.text import detect_language

    wishes = wanted.claims or ()
    if len(wishes) > settings.max_claims:
        raise Problem(
            "not-usable", f"There are {len(wishes)} claims; at most {settings.max_claims} are checked at once."
        )
    texts = [one.text.strip() for one in wishes]
    document = Document.from_text(
        "\n".join(texts),
        title=wanted.title or texts[0][:120],
        author=wanted.author,
        published=wanted.published,
        language=wanted.language,
    )
    day, source = as_of_date(document, wanted.as_of, datetime.now(UTC).date())

    def claim(wish: GivenClaim, text: str, start: int) -> Claim:
        its_day, its_source = (wish.as_of, "given") if wish.as_of else (day, source)
        whence: AsOfSource = "given" if its_source == "given" else source
        return Claim(
            id=content_id("claim", document.id, str(start), text, its_day.isoformat()),
            text=text,
            start=start,
            end=start + len(text),
            source_text=text,
            speaker=wish.speaker,
            as_of=its_day,
            as_of_source=whence,
            language=wish.language or wanted.language or detect_language(text),
            why=("given as a claim",),
        )

    starts = [sum(len(text) + 1 for text in texts[:i]) for i in range(len(texts))]
    made = [claim(*each) for each in zip(wishes, texts, starts, strict=True)]
    return made, document, Extracted(as_of=day, as_of_source=source)


def _plain_name(name: str | None) -> str:
    """A file's own name, without the directories that a client may have sent, short and printable."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[-100:] or "the file"
