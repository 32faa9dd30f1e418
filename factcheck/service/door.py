"""The door of the service: every request comes in here, is let in or told why not, and is counted and logged."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import math
import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from factcheck.access import is_loopback_name
from factcheck.service.core import Service
from factcheck.service.limits import Allowance, Ticket, client_of
from factcheck.service.logs import tell
from factcheck.service.problems import Problem, answer

log = logging.getLogger("factcheck.service")

OPEN = frozenset({"/healthz", "/readyz"})
"""Addresses that need no token and count for no limit: they tell nothing, and who watches over a service asks often."""
BODY_SECONDS = 60.0
"""How long a body may take to arrive."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Door:
    """ASGI middleware: a request id, host and token, limits, size; headers, log and figures of the answer."""

    def __init__(
        self,
        app: ASGIApp,
        service: Service,
        now: Callable[[], float] = time.monotonic,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        settings = service.settings
        self._body_seconds = body_seconds
        self._app, self._service = app, service
        self._requests = Allowance(settings.service_requests, 60.0, now)
        self._checks = Allowance(settings.service_checks, 60.0, now)
        token = settings.service_token
        self._token = _digest(token.get_secret_value().encode()) if token else None
        self._most = settings.service_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Visit(self, scope, send).answered(receive)

    def refusal(self, scope: Scope, headers: Headers) -> tuple[Problem | None, Ticket | None]:
        """Why a request is not let in, or None; and how its client stands."""
        if scope["path"] in OPEN:
            return None, None
        if self._token is None and (problem := _from_elsewhere(headers)):
            return problem, None
        client = client_of(scope["client"][0] if scope.get("client") else None)
        ticket = self._requests.take(client)
        if not ticket.granted:
            return _too_many("requests", ticket), ticket
        if self._token is not None and not hmac.compare_digest(self._token, _digest(_bearer(headers))):
            return Problem("token", "Send the service's token: `Authorization: Bearer TOKEN`."), ticket
        if scope["method"] == "POST" and scope["path"].startswith("/v1/checks"):
            checks = self._checks.take(client)
            if not checks.granted:
                return _too_many("checks", checks), checks
        return None, ticket

    def limited(self, receive: Receive, headers: Headers) -> Receive:
        """`receive` for a body that is neither too large nor too slow."""
        most = self._most
        seconds = self._body_seconds
        deadline = asyncio.get_running_loop().time() + seconds
        seen, complete = 0, False

        async def limited() -> Message:
            nonlocal seen, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise Problem(
                    "too-slow", f"The body did not arrive within {seconds:g} seconds. Send it again."
                ) from error
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                if seen > most:
                    raise too_large(most)
            return message

        announced = headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > most:
            raise too_large(most)
        return limited

    @property
    def service(self) -> Service:
        """What is behind the door."""
        return self._service

    @property
    def app(self) -> ASGIApp:
        """What answers those who are let in."""
        return self._app


class _Visit:
    """One request, from its beginning to the end of its answer."""

    def __init__(self, door: Door, scope: Scope, send: Send) -> None:
        self._door, self._scope, self._send = door, scope, send
        self._headers = Headers(scope=scope)
        given = self._headers.get("x-request-id", "")
        self._id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = self._id
        self._ticket: Ticket | None = None
        self._status: int | None = None
        self._problem: str | None = None
        self._stream = False
        self._began = time.perf_counter()

    async def answered(self, receive: Receive) -> None:
        scope = self._scope
        try:
            problem, self._ticket = self._door.refusal(scope, self._headers)
            if problem:
                await self._tell(problem, receive)
            else:
                await self._door.app(scope, self._door.limited(receive, self._headers), self._passed)
        except Problem as problem:
            await self._tell(problem, receive)
        except ClientDisconnect:
            pass  # Nobody is there to be told.
        except Exception:
            log.error("a request failed", exc_info=True, extra={"fields": {"request": self._id}})
            if self._status is not None:
                raise  # The answer has begun; the server must break it off.
            sentence = "An error of ours stopped this request. Its id is in `instance`; the log has the rest."
            await self._tell(Problem("internal", sentence), receive)
        finally:
            self._note()

    async def _tell(self, problem: Problem, receive: Receive) -> None:
        if self._status is None:
            await answer(problem, self._id)(self._scope, receive, self._passed)

    async def _passed(self, message: Message) -> None:
        """Sends a part of the answer on, its head with our headers."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(raw=message.get("headers", []))
            headers["X-Request-ID"] = self._id
            headers["X-Content-Type-Options"] = "nosniff"
            headers.setdefault("Cache-Control", "no-store")
            if self._ticket:
                _tell_allowance(headers, self._ticket)
            kind = headers.get("content-type", "")
            self._stream = kind.startswith("text/event-stream")
            self._problem = headers.get("x-problem")
            if self._problem:
                del headers["x-problem"]
            message = {**message, "headers": headers.raw}
        await self._send(message)

    def _note(self) -> None:
        """Counts and logs the request: its route, not its address, which may hold a run's id or a query."""
        scope, metrics = self._scope, self._door.service.metrics
        route = getattr(scope.get("route"), "path", "(none)")
        status, seconds = self._status or 499, time.perf_counter() - self._began
        method = scope["method"] if scope["method"] in _METHODS else "(other)"
        metrics.requests.labels(route, method, status).inc()
        if not self._stream:
            metrics.seconds.labels(route).observe(seconds)
        if self._problem:
            metrics.refused.labels(self._problem).inc()
        if scope["path"] in OPEN and status < 400:
            return
        client = scope["client"][0] if scope.get("client") else None
        more = {"problem": self._problem} if self._problem else {}
        tell(
            log,
            "request",
            logging.WARNING if status >= 500 else logging.INFO,
            request=self._id,
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            client=client,
            **more,
        )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def too_large(most: int) -> Problem:
    """The refusal of a body."""
    return Problem("too-large", f"The body is larger than {most:,} bytes. Send a part of it, or the article's text.")


def _too_many(what: str, ticket: Ticket) -> Problem:
    return Problem(
        "too-many",
        f"More than {ticket.limit:,} {what} came from this client within {ticket.per:g} seconds."
        " Wait as long as Retry-After says.",
        retry_after=ticket.wait,
    )


def _tell_allowance(headers: MutableHeaders, ticket: Ticket) -> None:
    """As draft-ietf-httpapi-ratelimit-headers-10 has it."""
    headers["RateLimit-Policy"] = f'"client";q={ticket.limit};w={ticket.per:g}'
    headers["RateLimit"] = f'"client";r={ticket.remaining};t={math.ceil(ticket.wait)}'


def _digest(secret: bytes) -> bytes:
    # Of one length, so that comparing tells nothing of a token's.
    return hashlib.sha256(secret).digest()


def _bearer(headers: Headers) -> bytes:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip().encode("latin-1", "replace") if scheme.lower() == "bearer" else b""


def _from_elsewhere(headers: Headers) -> Problem | None:
    """Why a request to a service without a token may be another site's doing.

    A page that somebody reads can send requests to this machine, under a name that it makes resolve to it (DNS
    rebinding) or from its own origin; both show in headers that a page cannot set.
    """
    if not is_loopback_name(_hostname(f"//{headers.get('host', '')}")):
        return Problem("from-elsewhere", "Ask this service under the name of this machine (127.0.0.1 or localhost).")
    origin = headers.get("origin")
    if origin is not None and not is_loopback_name(_hostname(origin)):
        return Problem("from-elsewhere", "This service does not answer pages of other sites.")
    return None


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
