"""Calls at once follow what an endpoint bears."""

from __future__ import annotations

import random
import threading
import time

import pytest

from factcheck.throttle import LONGEST_ASKED, Gate, Trouble, gate_of, tried


class Refused(Exception):
    pass


def _round(gate: Gate, refused: int) -> None:
    calls = int(gate.limit)
    for i in range(calls):
        gate.heard(refused=i < refused)


def test_a_round_of_refusals_takes_its_share() -> None:
    gate = Gate(32)
    _round(gate, 16)
    assert gate.limit == 24  # half of 32 were refused: a quarter fewer
    _round(gate, 24)
    assert gate.limit == 12
    _round(gate, 0)
    assert gate.limit == 13


def test_a_few_refusals_cost_nothing() -> None:
    gate = Gate(32)
    _round(gate, 3)
    assert gate.limit == 32
    _round(gate, 4)
    assert gate.limit == 32 * (1 - 4 / 64)


def test_it_stays_between_one_and_the_most() -> None:
    gate = Gate(2)
    for _ in range(20):
        _round(gate, 2)
    assert gate.limit == 1
    for _ in range(5):
        _round(gate, 0)
    assert gate.limit == 2


@pytest.mark.parametrize("capacity", [3, 10, 30])
def test_it_finds_what_an_endpoint_bears(capacity: int) -> None:
    """Whatever is over the capacity is refused: the mean limit ends up near it, a call above at the least."""
    gate, seen = Gate(64), []
    for _ in range(300):
        seen.append(gate.limit)
        _round(gate, max(0, int(gate.limit) - capacity))
    settled = seen[100:]
    assert capacity * 0.9 <= sum(settled) / len(settled) <= capacity * 1.25 + 1


def test_refusals_at_random_leave_most_of_it() -> None:
    gate, chosen, seen = Gate(32), random.Random(1), []
    for _ in range(20_000):
        gate.heard(refused=chosen.random() < 0.05)
        seen.append(gate.limit)
    assert sum(seen) / len(seen) > 0.93 * 32


def test_no_more_at_once_than_it_allows() -> None:
    gate, now, most, lock = Gate(3), 0, 0, threading.Lock()

    def work() -> None:
        nonlocal now, most
        with gate.call():
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.005)
            with lock:
                now -= 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 3


def _calls(gate: Gate, errors: list[Exception], retries: int, patience: float = 0.0) -> tuple[int, list[float]]:
    """Tries and pauses of a call that fails with these errors, one after another, and then gives its tries."""
    tries, pauses = 0, []

    def call() -> int:
        nonlocal tries
        tries += 1
        if errors:
            raise errors.pop(0)
        return tries

    def trouble(error: Exception) -> Trouble | None:
        if isinstance(error, Refused):
            return Trouble(True, error.args[0] if error.args else None)
        return Trouble(False) if isinstance(error, OSError) else None

    return tried(call, gate, trouble, retries, patience, pauses.append), pauses


def test_tries_are_counted_and_pauses_grow() -> None:
    tries, pauses = _calls(Gate(4), [OSError()] * 3, retries=3)
    assert tries == 4
    assert [0.375 * 2**i <= pause <= 0.5 * 2**i for i, pause in enumerate(pauses)] == [True] * 3
    with pytest.raises(OSError):
        _calls(Gate(4), [OSError()] * 4, retries=3)
    with pytest.raises(ValueError):
        _calls(Gate(4), [ValueError()], retries=3)


def test_a_server_is_left_alone_as_long_as_it_asks() -> None:
    assert _calls(Gate(4), [Refused(7.0)], retries=1)[1] == [7.0]
    with pytest.raises(Refused):
        _calls(Gate(4), [Refused(LONGEST_ASKED + 1)], retries=5)


def test_patience_waits_out_refusals_and_nothing_else() -> None:
    tries, pauses = _calls(Gate(4), [Refused(10.0)] * 8, retries=1, patience=100)
    assert tries == 9 and sum(pauses) == 80
    with pytest.raises(Refused):
        _calls(Gate(4), [Refused(10.0)] * 12, retries=1, patience=100)
    with pytest.raises(OSError):
        _calls(Gate(4), [OSError()] * 2, retries=1, patience=100)


def test_a_call_that_waits_to_be_tried_again_holds_no_place() -> None:
    gate = Gate(1)
    held: list[bool] = []

    def sleep(seconds: float) -> None:
        with gate.call():
            held.append(True)

    errors: list[Exception] = [Refused()]

    def call() -> str:
        if errors:
            raise errors.pop()
        return "done"

    assert tried(call, gate, lambda error: Trouble(True), 1, sleep=sleep) == "done" and held == [True]


def test_one_gate_for_an_endpoint() -> None:
    assert gate_of("http://a", "m", most=4) is gate_of("http://a", "m", most=4)
    assert gate_of("http://a", "m", most=4) is not gate_of("http://b", "m", most=4)
