"""How many calls go to an endpoint at once, and how long one waits before it is tried again.

An endpoint says by HTTP 429 that it is asked too much, and nobody knows beforehand how much that is. So the number of
calls at once follows what it says, by additive increase and multiplicative decrease (Chiu & Jain 1989), which lets
several processes share one endpoint fairly although they know nothing of one another. It is decreased by the share of a
round's calls that were refused and not at every refusal, as in DCTCP (Alizadeh et al. 2010): a few refusals that have
another cause than this process's own calls cost next to nothing.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

TOLERATED = 0.1
"""The share of refusals in a round up to which more calls are tried."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
"""Seconds before the second try, doubled before each further one, and the longest."""
LONGEST_ASKED = 120.0
"""Seconds that a server may ask to be left alone; one that asks for more is not asked again."""

_T = TypeVar("_T")


class Trouble(NamedTuple):
    """What went wrong with a call that is worth another try."""

    refused: bool
    """Whether the endpoint is asked too much."""
    after: float | None = None
    """Seconds that it asks to be left alone."""


class Gate:
    """Lets calls through, as many at once as the endpoint bears and `most` allows. Safe between threads.

    Args:
        most: calls at once at most, and at the beginning.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(most)
        """Calls at once that the endpoint seems to bear."""
        self._now = self._heard = self._refused = 0
        self._free = threading.Condition()

    @contextmanager
    def call(self) -> Iterator[None]:
        """Waits for a place, and holds it for the time of a call."""
        with self._free:
            while self._now >= int(self.limit):
                self._free.wait()
            self._now += 1
        try:
            yield
        finally:
            with self._free:
                self._now -= 1
                self._free.notify()

    def heard(self, *, refused: bool) -> None:
        """Told of each call that came back; at the end of a round, which is as many calls as may be out, it adjusts."""
        with self._free:
            self._heard += 1
            self._refused += refused
            if self._heard < int(self.limit):
                return
            share = self._refused / self._heard
            changed = self.limit + 1 if share <= TOLERATED else self.limit * (1 - share / 2)
            self.limit = min(float(self.most), max(1.0, changed))
            self._heard = self._refused = 0
            self._free.notify_all()


_gates: dict[tuple[str, ...], Gate] = {}
_making = threading.Lock()


def gate_of(*endpoint: str, most: int) -> Gate:
    """The gate of an endpoint, shared by everybody in this process who lets as many calls through at once."""
    with _making:
        return _gates.setdefault((*endpoint, str(most)), Gate(most))


def tried(
    call: Callable[[], _T],
    gate: Gate,
    trouble_of: Callable[[Exception], Trouble | None],
    retries: int,
    patience: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
) -> _T:
    """What a call gives, tried again where that may help. Between two tries it holds no place.

    Args:
        call: what is tried.
        gate: every try goes through it.
        trouble_of: says of an error whether another try may help.
        retries: tries after the first.
        patience: seconds of pauses up to which refusals are waited out, however many they are.
        sleep: waits.

    Raises:
        Exception: that of the last try.
    """
    waited, tries = 0.0, 0
    while True:
        try:
            with gate.call():
                given = call()
            gate.heard(refused=False)
            return given
        except Exception as error:
            trouble = trouble_of(error)
            gate.heard(refused=trouble is not None and trouble.refused)
            if trouble is None or (trouble.after or 0.0) > LONGEST_ASKED:
                raise
            pause = _pause(tries, trouble)
            waits = trouble.refused and waited + pause <= patience
            if tries >= retries and not waits:
                raise
            tries, waited = tries + 1, waited + pause
        sleep(pause)


def _pause(tries: int, trouble: Trouble) -> float:
    if trouble.after:
        return trouble.after
    return float(min(FIRST_PAUSE * 2 ** min(tries, 10), LONGEST_PAUSE) * (1 - 0.25 * random.random()))
