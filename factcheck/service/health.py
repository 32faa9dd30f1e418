"""Whether the service lives, whether it is ready, and its figures."""

from __future__ import annotations

import sqlite3
from typing import Literal

from fastapi import APIRouter, Request, Response

from factcheck import __version__
from factcheck.errors import StoreError
from factcheck.service.checks import service_of
from factcheck.service.metrics import MEDIA_TYPE
from factcheck.service.values import Health, Readiness

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Does the process answer?")
async def healthy() -> Health:
    """Needs no token. If it does not answer, start the process again."""
    return Health(version=__version__)


@router.get("/readyz", summary="Can it do its work?", responses={503: {"model": Readiness}})
async def ready(request: Request, response: Response) -> Readiness:
    """Needs no token. 503 while the models are loaded, where they or the corpus cannot be used, and while draining."""
    service = service_of(request)
    store: Literal["ready", "unusable"] = "ready"
    try:
        await service.small(lambda: service.store.connection().execute("SELECT 1 FROM runs LIMIT 1").fetchone())
    except (sqlite3.Error, StoreError):
        store = "unusable"
    load = service.workshop.load()
    fit = service.state == "ready" and store == "ready" and not service.draining
    if not fit:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return Readiness(
        ready=fit,
        engine=service.state,
        store=store,
        draining=service.draining,
        waiting=load.waiting,
        running=load.running,
    )


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """Counts, times and sizes, in Prometheus's text format."""
    service = service_of(request)
    return Response(await service.small(service.metrics.text), media_type=MEDIA_TYPE)
