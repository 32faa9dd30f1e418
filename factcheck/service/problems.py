"""What went wrong, as `application/problem+json` (RFC 9457): a sentence that says what to do, and nothing internal."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from factcheck.errors import Busy, FactcheckError, FetchError, InputError, ReadError, ReviewConflict, ReviewError

MEDIA_TYPE = "application/problem+json"

TITLES = {
    "not-usable": (422, "The request cannot be used"),
    "not-readable": (422, "The article cannot be read"),
    "not-fetched": (422, "The page was not fetched"),
    "not-possible": (422, "The action is not possible on the claim as it stands"),
    "no-such-thing": (404, "There is no such thing"),
    "method": (405, "This address takes no such method"),
    "token": (401, "A token is needed"),
    "from-elsewhere": (403, "The request comes from another site"),
    "switched-off": (403, "This part of the service is switched off"),
    "conflict": (409, "Somebody else changed it meanwhile"),
    "not-finished": (409, "The check is not finished"),
    "finished": (409, "There is nothing to resume"),
    "too-large": (413, "The request is too large"),
    "too-slow": (408, "The request came too slowly"),
    "too-many": (429, "Too many requests"),
    "busy": (503, "Too much is asked at once"),
    "starting": (503, "The service is starting"),
    "not-ready": (503, "The service is not ready"),
    "not-set-up": (501, "This is not set up"),
    "internal": (500, "An error of ours"),
}
"""Each kind of problem with its status and its title; `urn:factcheck:problem:KIND` is its type."""


class Problem(HTTPException):
    """A refusal, to be raised anywhere while a request is answered."""

    def __init__(self, kind: str, detail: str, *, retry_after: float | None = None, **more: Any) -> None:
        """Args: the kind (`TITLES`), a sentence, seconds to wait, and further members of the answer."""
        status, self.title = TITLES[kind]
        headers = {"Retry-After": str(max(1, math.ceil(retry_after)))} if retry_after is not None else {}
        if kind == "token":
            headers["WWW-Authenticate"] = 'Bearer realm="factcheck"'
        if kind in ("too-large", "too-slow"):
            headers["Connection"] = "close"  # what is still to come of the body is not read
        super().__init__(status, detail, headers)
        self.kind, self.more = kind, more


def answer(problem: Problem, request_id: str) -> Response:
    """The response that tells a problem."""
    body = {
        "type": f"urn:factcheck:problem:{problem.kind}",
        "title": problem.title,
        "status": problem.status_code,
        "detail": problem.detail,
        "instance": f"urn:factcheck:request:{request_id}",
        **problem.more,
    }
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    # The door counts kinds of problems by that header, and takes it away.
    headers = {**(problem.headers or {}), "X-Problem": problem.kind}
    return Response(data, problem.status_code, headers, MEDIA_TYPE)


def problem_of(error: FactcheckError) -> Problem:
    """A deliberate error as a problem. What concerns this machine alone (settings, models, corpus) is not told."""
    sentence = without_places(str(error))
    if isinstance(error, Busy):
        return Problem("busy", sentence, retry_after=error.seconds)
    if isinstance(error, ReviewConflict):
        return Problem("conflict", sentence, current=error.current.model_dump(mode="json"))
    kinds: tuple[tuple[type[FactcheckError], str], ...] = (
        (ReviewError, "not-possible"),
        (ReadError, "not-readable"),
        (FetchError, "not-fetched"),
    )
    for kind, name in kinds:
        if isinstance(error, kind):
            return Problem(name, _INSIDE.sub("is not at a public address", sentence))
    if type(error) is InputError:
        return Problem("not-usable", sentence)
    return Problem(
        "not-ready", "The corpus or a model of this service cannot be used now; its log says why.", retry_after=10
    )


_INSIDE = re.compile(r"is at \S+, which is not a public address")
"""What the guard says of a name of this network: a client need not learn which address it has."""
_PLACE = re.compile(r"(?<![\w/.:])(?:/[\w.+@~-]+){2,}/?|(?<!\w)[A-Za-z]:\\[\w.+@~\\-]+")


def without_places(sentence: str) -> str:
    """A sentence with every path of this machine cut down to the name at its end."""
    return _PLACE.sub(lambda found: re.split(r"[/\\]", found[0].rstrip("/\\"))[-1], sentence)


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """What does not fit of a request, without the values that were sent: they may be an article."""
    found = [{"where": _where(one), "what": _what(one)} for one in errors]
    first = found[0] if found else {"where": "the request", "what": "it does not fit"}
    more = f" {len(found) - 1} more are listed under `errors`." if len(found) > 1 else ""
    return Problem("not-usable", f"{first['where']}: {first['what']}.{more}", errors=found[:20])


def _what(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return "it is no JSON, or JSON that breaks off"
    if error["type"] == "model_attributes_type":
        return "send a JSON object, with the header `Content-Type: application/json`"
    return str(error["msg"]).removeprefix("Value error, ")


def _where(error: Mapping[str, Any]) -> str:
    """`("body", "claims", 0, "text")` as `claims[0].text`."""
    if error["type"] == "json_invalid":
        return "The body"
    parts = [part for part in error["loc"] if part not in ("body", "query", "path", "header")]
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    return f"`{text}`" if text else "The body"


def of_http(error: HTTPException) -> Problem:
    """A refusal of the framework's own as a problem."""
    if isinstance(error, Problem):
        return error
    if error.status_code == 404:
        return Problem("no-such-thing", "There is nothing at this address. /openapi.json lists what there is.")
    if error.status_code == 405:
        problem = Problem("method", "This address takes no such method. /openapi.json lists what it takes.")
        problem.headers = dict(error.headers or {})
        return problem
    return Problem("not-usable", "The body of the request cannot be read. Send it as /openapi.json describes it.")


async def on_http(request: Request, error: Exception) -> Response:
    """Handler of `HTTPException`."""
    assert isinstance(error, HTTPException)
    return answer(of_http(error), request.state.request_id)


async def on_validation(request: Request, error: Exception) -> Response:
    """Handler of a request that does not fit its schema."""
    assert isinstance(error, RequestValidationError)
    return answer(of_validation(error.errors()), request.state.request_id)


async def on_factcheck(request: Request, error: Exception) -> Response:
    """Handler of deliberate errors."""
    assert isinstance(error, FactcheckError)
    return answer(problem_of(error), request.state.request_id)
