"""What leaves the desk: a check with what people made of it, in formats for people and for other fact-checkers."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Query, Request, Response

from factcheck.errors import InputError, SettingsError
from factcheck.publish import (
    claimreview_json,
    site_of,
    to_claimreview,
    to_csv,
    to_html,
    to_json,
    to_markdown,
    to_pdf,
)
from factcheck.review import ReviewedReport, reviewed_report
from factcheck.service.checks import RunId, service_of, unfinished
from factcheck.service.core import Service
from factcheck.service.following import look
from factcheck.service.problems import Problem

router = APIRouter(prefix="/v1/checks", tags=["export"])

ExportFormat = Literal["json", "markdown", "html", "csv", "pdf", "claimreview"]


class _Kind(NamedTuple):
    media_type: str
    suffix: str


_KINDS: dict[ExportFormat, _Kind] = {
    "json": _Kind("application/json", "json"),
    "markdown": _Kind("text/markdown; charset=utf-8", "md"),
    "html": _Kind("text/html; charset=utf-8", "html"),
    "csv": _Kind("text/csv; charset=utf-8; header=present", "csv"),
    "pdf": _Kind("application/pdf", "pdf"),
    "claimreview": _Kind("application/ld+json", "jsonld"),
}

# The article's text is untrusted: were an escape ever missed, the page still could not run, load or send anything.
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@router.get(
    "/{run_id}/export",
    summary="Export a check",
    response_class=Response,
    responses={200: {"content": {kind.media_type.partition(";")[0]: {} for kind in _KINDS.values()}}},
)
async def export(
    request: Request,
    run_id: RunId,
    format: Annotated[ExportFormat, Query(description="`claimreview` takes only what is signed off.")] = "json",
    claim: Annotated[str | None, Query(max_length=100, description="One claim; unset, the whole article.")] = None,
    language: Annotated[Literal["en", "id"], Query(description="Of the words that are ours.")] = "en",
    notes: Annotated[bool, Query(description="With the reviewers' notes and the run's id.")] = False,
) -> Response:
    """A finished check with the people's verdicts beside the machine's, as one file."""
    service = service_of(request)
    data = await service.gates.rendering.run(partial(_written, service, run_id, format, claim, language, notes))
    kind = _KINDS[format]
    headers = {"Content-Disposition": f'attachment; filename="factcheck.{kind.suffix}"'}
    if format == "html":
        headers["Content-Security-Policy"] = _PAGE_POLICY
    return Response(data, media_type=kind.media_type, headers=headers)


def _written(
    service: Service,
    run_id: str,
    format: ExportFormat,
    claim: str | None,
    language: Literal["en", "id"],
    notes: bool,
) -> str | bytes:
    reviewed = _reviewed(service, run_id)
    if claim is not None and all(entry.claim_id != claim for entry in reviewed.review):
        raise Problem("no-such-thing", "The check has no claim of this id.")
    settings = service.settings
    try:
        if format == "claimreview":
            site = site_of(settings.site_name, settings.site_url)
            return claimreview_json(to_claimreview(reviewed, claim, site=site, language=language))
        if format == "pdf":
            return to_pdf(reviewed, claim, language, notes=notes)
        write = {"json": to_json, "markdown": to_markdown, "html": to_html, "csv": to_csv}[format]
        return write(reviewed, claim, language, notes=notes)
    except SettingsError as error:
        raise Problem("not-set-up", str(error)) from error
    except InputError as error:
        raise Problem("not-possible", str(error)) from error


def _reviewed(service: Service, run_id: str) -> ReviewedReport:
    status = look(service, run_id).status
    if status != "done":
        raise unfinished(status)
    return reviewed_report(service.desk, run_id)
