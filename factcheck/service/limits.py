"""How much one client, and all of them together, may ask at once."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import anyio
from anyio import to_thread

from factcheck.errors import Busy

_T = TypeVar("_T")

CLIENTS_KNOWN = 10_000


class Ticket(NamedTuple):
    """Whether a client may be served now, and how it stands with its allowance."""

    granted: bool
    limit: int
    remaining: int
    wait: float
    """Seconds until the next request is granted; 0 if one is now."""
    per: float
    """Seconds that the limit is of."""


class Allowance:
    """So many requests a period for each client, at any spacing: a token bucket that fills evenly.

    Used from one thread. Of more than ten thousand clients those unseen longest are forgotten.
    """

    def __init__(self, limit: int, per: float, now: Callable[[], float]) -> None:
        self._limit, self._per, self._now = limit, per, now
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, client: str) -> Ticket:
        """Takes one request out of a client's allowance, if there is one."""
        now, step = self._now(), self._per / self._limit
        full_at = max(self._full_at.pop(client, now), now)
        used = (full_at - now) / step
        granted = used <= self._limit - 1 + 1e-9
        if granted:
            full_at, used = full_at + step, used + 1
        self._full_at[client] = full_at
        while len(self._full_at) > CLIENTS_KNOWN:
            self._full_at.popitem(last=False)
        remaining = max(0, math.floor(self._limit - used + 1e-9))
        wait = 0.0 if remaining else max(0.0, (used - self._limit + 1) * step)
        return Ticket(granted, self._limit, remaining, wait, self._per)


def client_of(host: str | None) -> str:
    """Whom an address stands for: an IPv4 address for itself, an IPv6 address for its network of 64 bits."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class Gate:
    """Lets so many calls run in threads at once, has so many more wait, and tells the rest to come again."""

    def __init__(self, what: str, at_once: int, room: int, seconds: float = 1.0) -> None:
        """Args: what they are, in a word for the refusal; how many run; how many wait; for how long to come again."""
        self._what, self._most, self._seconds = what, at_once + room, seconds
        self._limiter = anyio.CapacityLimiter(at_once)
        self.inside = 0

    async def run(self, call: Callable[[], _T]) -> _T:
        """What the call returns.

        Raises:
            Busy: as many as may run and wait do so already.
        """
        if self.inside >= self._most:
            raise Busy(f"Too many {self._what} are waiting already. Send it again in a moment.", self._seconds)
        self.inside += 1
        try:
            return await to_thread.run_sync(call, limiter=self._limiter)
        finally:
            self.inside -= 1
