"""Answers over HTTP that are bounded as a whole: so many seconds and so many bytes, however they come.

The time limit of an HTTP client is one for each read: a server that sends a byte a second is never late. Here every
operation on the connection gets what is left of the whole answer's time, the reading of headers too, and counts what it
has received. Packed answers are not asked for and not unpacked, so that the bytes that are counted are those that are
kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any


class OutOfTime(Exception):
    """The time for the whole answer is over."""


class TooLong(Exception):
    """There is more of the answer than is read."""


class Packed(Exception):
    """The answer is packed, which was not asked for."""


class BrokenOff(Exception):
    """The connection ended in the middle of the answer."""


class Taken:
    """What an answer has used of its limits."""

    def __init__(self, seconds: float, most: int) -> None:
        self.received = 0
        """Bytes so far, headers and all."""
        self._ends, self._most = time.monotonic() + seconds, most

    def time_for(self, timeout: float | None) -> float:
        """The seconds that the next operation may take, of those it would be given."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return left if timeout is None else min(timeout, left)

    def receive(self, data: bytes) -> bytes:
        """The same bytes, counted."""
        self.received += len(data)
        if self.received > self._most:
            raise TooLong
        return data


_taken: ContextVar[Taken | None] = ContextVar("taken", default=None)


@contextmanager
def answer_within(seconds: float, most: int) -> Iterator[Taken]:
    """Limits whatever `http_client` is asked inside, all of it together.

    Args:
        seconds: from now to the last byte.
        most: bytes received at most.

    Raises:
        OutOfTime: from the call inside, when the time is over; a single read that waits for so long raises the
            client's own error.
        TooLong: from the call inside.
    """
    taken = Taken(seconds, most)
    token = _taken.set(taken)
    try:
        yield taken
    finally:
        _taken.reset(token)


@cache
def http_client() -> Any:
    """The openai library's own kind of HTTP client, with these limits; one for the process, since it reads every root
    certificate when it is made. Proxies are those of the environment."""
    import openai

    headers, hooks = {"Accept-Encoding": "identity"}, {"response": [_refuse_packed]}
    client: Any = openai.DefaultHttpxClient(headers=headers, event_hooks=hooks)
    # No option of the library leads there; a test sends headers a byte at a time and would tell if this went nowhere.
    for transport in (client._transport, *client._mounts.values()):
        if (pool := getattr(transport, "_pool", None)) is not None:
            pool._network_backend = _Backend(pool._network_backend)
    return client


def _refuse_packed(response: Any) -> None:
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Packed


class _Stream:
    """A connection (httpcore's `NetworkStream`)."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if (taken := _taken.get()) is None:
            return bytes(self._stream.read(max_bytes, timeout=timeout))
        return taken.receive(self._stream.read(max_bytes, timeout=taken.time_for(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> _Stream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout=_left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend:
    """What makes connections (httpcore's `NetworkBackend`)."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: Any) -> _Stream:
        return _Stream(self._backend.connect_tcp(host, port, timeout=_left(timeout), **more))

    def connect_unix_socket(self, path: str, timeout: float | None = None, **more: Any) -> _Stream:
        return _Stream(self._backend.connect_unix_socket(path, timeout=_left(timeout), **more))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


def _left(timeout: float | None) -> float | None:
    taken = _taken.get()
    return timeout if taken is None else taken.time_for(timeout)
