"""The application: routes behind the door, and what its beginning and its end do."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from factcheck import __version__
from factcheck.errors import FactcheckError
from factcheck.service import checks, examples, exporting, health, problems, reviewing, searching
from factcheck.service.core import Service
from factcheck.service.door import Door
from factcheck.service.values import ProblemAnswer
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.workshop import BuildEngine

DESCRIPTION = """\
Check the claims of an article against a reference corpus, with every quote found in its source.

Hand an article or claims in, follow the check by asking or by a stream, review what came out, take it away.
Errors are `application/problem+json` (RFC 9457), with a sentence that says what to do. Where there is no room, the
answer is 429 or 503 with `Retry-After`; nothing that was taken in is dropped.
"""


def _refusal(kind: str, detail: str) -> dict[str, Any]:
    status, title = problems.TITLES[kind]
    example = examples.problem(kind, title, status, detail)
    return {"model": ProblemAnswer, "content": {problems.MEDIA_TYPE: {"example": example}}}


RESPONSES: dict[int | str, dict[str, Any]] = {
    401: _refusal("token", "Send the service's token: `Authorization: Bearer TOKEN`."),
    404: _refusal("no-such-thing", "There is no check of this id. It is the `id` of the answer to handing it in."),
    413: _refusal("too-large", "The body is larger than 10,000,000 bytes. Send a part of it, or the article's text."),
    422: _refusal("not-usable", "The body: give exactly one of text, url and claims (there are none)."),
    429: _refusal("too-many", "More than 60 checks came from this client within 60 seconds. Wait as long as ..."),
    503: _refusal("busy", "100 checks are waiting and there is no room for more. Nothing was taken in: ..."),
}


class _Described(FastAPI):
    """FastAPI, whose description gives refusals their own media type."""

    def openapi(self) -> dict[str, Any]:
        """The description."""
        if self.openapi_schema is None:
            for methods in super().openapi()["paths"].values():
                for operation in methods.values():
                    for answer in operation["responses"].values():
                        _as_problem(answer.get("content", {}))
        return super().openapi()


def _as_problem(content: dict[str, Any]) -> None:
    schema = content.get("application/json", {}).get("schema", {})
    if schema.get("$ref", "").endswith(f"/{ProblemAnswer.__name__}"):
        del content["application/json"]
        content.setdefault(problems.MEDIA_TYPE, {})["schema"] = schema


def create_app(
    settings: Settings,
    *,
    build: BuildEngine | None = None,
    store: RunStore | None = None,
    now: Callable[[], float] = time.monotonic,
    settled: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The service as an ASGI application; `app.state.service` is what its routes share.

    Args:
        settings: what it checks with, its token and its limits.
        build: makes an engine of settings; unset, `factcheck.engine.build_engine`.
        store: where runs are kept; unset, in `settings.home`.
        now: a clock for the rate limits.
        settled: called once the models are loaded.

    Raises:
        InputError: the store cannot be opened.
    """
    from factcheck.engine import build_engine

    store = store or RunStore(settings.home / "runs.sqlite3")
    service = Service(settings, build or build_engine, store, settled)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=service.load, name="load", daemon=True).start()
        yield
        await to_thread.run_sync(service.drain)

    app = _Described(
        title="factcheck",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # Its page fetches scripts from elsewhere.
        redoc_url=None,
        generate_unique_id_function=lambda route: f"{route.tags[0]}-{route.name}".replace("_", "-"),
        responses=RESPONSES,
        # The door has seen to the token; this only describes it.
        dependencies=[Security(HTTPBearer(auto_error=False, description="The service's token, where it has one."))],
    )
    app.state.service = service
    for part in (checks, exporting, searching, reviewing, health):
        app.include_router(part.router)
    app.add_exception_handler(HTTPException, problems.on_http)
    app.add_exception_handler(RequestValidationError, problems.on_validation)
    app.add_exception_handler(FactcheckError, problems.on_factcheck)
    app.add_middleware(Door, service=service, now=now)
    return app
