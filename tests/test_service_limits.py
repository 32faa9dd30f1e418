"""The allowance of a client, who a client is, and the gates."""

from __future__ import annotations

import threading

import anyio
import pytest

pytest.importorskip("fastapi", reason="the service needs the extra factcheck[service]")

from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import Busy
from factcheck.service.limits import CLIENTS_KNOWN, Allowance, Gate, client_of


@given(
    limit=st.integers(1, 20),
    per=st.sampled_from([1.0, 10.0, 60.0]),
    pauses=st.lists(st.floats(0, 30, allow_nan=False), max_size=80),
)
def test_no_window_ever_grants_more_than_twice_the_limit_and_waiting_always_helps(
    limit: int, per: float, pauses: list[float]
) -> None:
    clock = [0.0]
    allowance, granted = Allowance(limit, per, lambda: clock[0]), []
    for pause in pauses:
        clock[0] += pause
        ticket = allowance.take("a")
        if ticket.granted:
            granted.append(clock[0])
            assert ticket.remaining >= 0
        else:
            assert ticket.wait > 0
            clock[0] += ticket.wait
            assert allowance.take("a").granted
            granted.append(clock[0])
    for i, moment in enumerate(granted):
        # A bucket of `limit` that fills evenly: a burst of it, and what came in during the window.
        within = sum(moment <= other <= moment + per for other in granted[i:])
        assert within <= 2 * limit + 1


def test_a_burst_is_granted_whole_and_then_one_for_each_step() -> None:
    clock = [100.0]
    allowance = Allowance(4, 60.0, lambda: clock[0])
    assert [allowance.take("a").remaining for _ in range(4)] == [3, 2, 1, 0]
    refused = allowance.take("a")
    assert (refused.granted, refused.wait) == (False, pytest.approx(15.0))
    assert allowance.take("b").granted, "another client has an allowance of its own"
    clock[0] += 15.0
    assert allowance.take("a").granted and not allowance.take("a").granted
    clock[0] += 600.0
    assert [allowance.take("a").granted for _ in range(5)] == [True] * 4 + [False]


def test_of_many_clients_those_unseen_longest_are_forgotten() -> None:
    allowance = Allowance(1, 60.0, lambda: 0.0)
    assert allowance.take("first").granted and not allowance.take("first").granted
    for number in range(CLIENTS_KNOWN):
        allowance.take(f"client {number}")
    assert len(allowance._full_at) == CLIENTS_KNOWN
    assert allowance.take("first").granted


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8:0:0:ffff::9", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        (None, "", True),
    ],
)
def test_who_is_one_client(one: str | None, other: str | None, same: bool) -> None:
    assert (client_of(one) == client_of(other)) is same


def test_a_gate_runs_some_has_some_wait_and_turns_the_rest_away() -> None:
    held = threading.Semaphore(0)
    answers: list[str] = []

    async def ask(gate: Gate) -> None:
        try:
            answers.append(await gate.run(lambda: "done" if held.acquire(timeout=30) else "late"))
        except Busy as busy:
            assert busy.seconds == 1.0
            answers.append("busy")

    async def main() -> None:
        gate = Gate("searches", 2, 3)
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(ask, gate)
            while answers.count("busy") < 3:
                await anyio.sleep(0.01)
            assert gate.inside == 5
            held.release(5)
        assert gate.inside == 0

    anyio.run(main)
    assert sorted(answers) == ["busy"] * 3 + ["done"] * 5


def test_a_call_that_fails_leaves_its_place() -> None:
    async def main() -> None:
        gate = Gate("searches", 1, 0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await gate.run(lambda: 1 // 0)
        assert gate.inside == 0 and await gate.run(lambda: 1) == 1

    anyio.run(main)
