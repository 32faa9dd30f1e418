"""Room, watchers, engines and the orderly end of a workshop; what the app relies on is in test_ui.py."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fakes_engine
import pytest

from factcheck.errors import Busy, InputError
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.store.following import results_after, state_of
from factcheck.types import ClaimResult, Document
from factcheck.workshop import Ended, Load, Workshop

TWO = Document.from_text("Presiden mendarat. Bendungan penuh.")


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.01)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[fakes_engine.Desk]:
    desk = fakes_engine.Desk(tmp_path)
    yield desk
    desk.open_gate()


def workshop(desk: fakes_engine.Desk, **how: object) -> Workshop:
    return Workshop(desk.build, desk.store, **how)  # type: ignore[arg-type]


def test_room_is_counted_in_those_that_wait_and_a_refused_check_leaves_no_trace(desk: fakes_engine.Desk) -> None:
    shop = workshop(desk, threads=1, room=1)
    first = shop.submit(TWO, desk.settings)
    until(lambda: shop.load() == Load(waiting=0, running=1))
    second = shop.submit(TWO, desk.settings)
    assert (shop.ahead(second), shop.ahead(first)) == (0, None)
    with pytest.raises(Busy, match="1 checks are waiting") as refusal:
        shop.submit(TWO, desk.settings)
    assert refusal.value.seconds >= 1
    assert {run.id for run in desk.store.recent()} == {first, second}
    desk.open_gate()
    until(lambda: shop.load() == Load(0, 0))
    assert shop.submit(TWO, desk.settings)


def test_who_watches_is_told_of_each_change_and_not_after_leaving(desk: fakes_engine.Desk) -> None:
    shop, told, other = workshop(desk), threading.Event(), []
    run_id = shop.submit(TWO, desk.settings)
    leave, leave_other = shop.watch(run_id, told.set), shop.watch(run_id, lambda: other.append(1))
    until(lambda: state_of(desk.store, run_id).total == 2)  # type: ignore[union-attr]
    until(lambda: (place := shop.place(run_id)) is not None and place.step == "checking")
    told.clear()
    desk.gate.release()
    assert told.wait(30)
    leave_other()
    before = len(other)
    desk.open_gate()
    until(lambda: shop.place(run_id) is None)
    assert len(other) == before
    leave()
    leave()
    assert len(shop.watchers) == 0


def test_what_is_observed(desk: fakes_engine.Desk) -> None:
    seen: list[ClaimResult | Ended] = []
    desk.open_gate()
    shop = workshop(desk, observe=seen.append)
    run_id = shop.submit(TWO, desk.settings)
    until(lambda: any(isinstance(one, Ended) for one in seen))
    assert [one.text for one in seen if isinstance(one, ClaimResult)] == ["Presiden mendarat.", "Bendungan penuh."]
    assert [(one.run_id, one.status) for one in seen if isinstance(one, Ended)] == [(run_id, "done")]


def test_the_end_lets_a_begun_check_finish_within_its_grace(desk: fakes_engine.Desk) -> None:
    shop = workshop(desk, threads=1)
    begun, waiting = shop.submit(TWO, desk.settings), shop.submit(TWO, desk.settings)
    until(lambda: shop.load().running == 1)
    threading.Timer(0.2, desk.open_gate).start()
    assert shop.close(grace=30) == 1
    assert [desk.store.status(run) for run in (begun, waiting)] == ["done", "interrupted"]
    with pytest.raises(Busy, match="shutting down"):
        shop.submit(TWO, desk.settings)
    with pytest.raises(Busy):
        shop.resume(waiting, desk.settings)


def test_the_end_takes_what_does_not_come_to_its_next_claim(desk: fakes_engine.Desk) -> None:
    shop = workshop(desk, threads=1)
    run_id = shop.submit(TWO, desk.settings)
    desk.gate.release()
    until(lambda: len(results_after(desk.store, run_id)) == 1)
    began = time.monotonic()
    assert shop.close(grace=0.05, patience=0.05) == 1
    assert time.monotonic() - began < 10 and desk.store.status(run_id) == "interrupted"
    assert len(results_after(desk.store, run_id)) == 1


def test_what_is_handed_back_is_resumed_by_another_workshop(desk: fakes_engine.Desk) -> None:
    first = workshop(desk)
    run_id = first.submit(TWO, desk.settings)
    desk.gate.release()
    until(lambda: len(results_after(desk.store, run_id)) == 1)
    threading.Timer(0.1, desk.gate.release).start()
    first.close(grace=30)
    kept = results_after(desk.store, run_id)
    second = workshop(desk)
    if desk.store.status(run_id) == "done":  # both claims were finished within the grace
        with pytest.raises(InputError, match="nothing to resume"):
            second.resume(run_id, desk.settings)
        return
    second.resume(run_id, desk.settings)
    desk.open_gate()
    until(lambda: desk.store.status(run_id) == "done")
    assert results_after(desk.store, run_id)[: len(kept)] == kept


def test_a_run_that_somebody_is_at_work_on_is_not_resumed(desk: fakes_engine.Desk) -> None:
    shop = workshop(desk)
    run_id = shop.submit(TWO, desk.settings)
    with pytest.raises(InputError, match="is being checked now"):
        shop.resume(run_id, desk.settings)
    with pytest.raises(InputError, match="There is no run"):
        shop.resume("run-nobody", desk.settings)


def test_an_engine_is_built_once_for_those_who_ask_at_once(desk: fakes_engine.Desk) -> None:
    shop, found = workshop(desk), []
    threads = [threading.Thread(target=lambda: found.append(shop.engine(desk.settings))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(engine) for engine in found}) == 1 and desk.built == [desk.settings]


def test_the_end_of_a_run_that_cannot_be_recorded_does_not_end_the_thread(tmp_path: Path) -> None:
    class Full(RunStore):
        """A store whose disk is full when a run fails."""

        def fail(self, run_id: str, reason: str) -> None:
            raise OSError("no space left")

    desk = fakes_engine.Desk(tmp_path)
    desk.open_gate()
    desk.failure = ValueError("no engine")
    shop = Workshop(desk.build, Full(tmp_path / "full.sqlite3"), threads=1)
    shop.submit(TWO, Settings(home=tmp_path))
    until(lambda: shop.load() == Load(0, 0))
    desk.failure = None
    run_id = shop.submit(TWO, Settings(home=tmp_path))
    until(lambda: shop.store.status(run_id) == "done")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts niceness by the thread")
def test_the_threads_that_check_stand_behind_and_nobody_else(desk: fakes_engine.Desk) -> None:
    own, seen = os.getpriority(os.PRIO_PROCESS, 0), []
    shop = workshop(desk, nice=3, observe=lambda one: seen.append(os.getpriority(os.PRIO_PROCESS, 0)))
    desk.open_gate()
    shop.submit(TWO, desk.settings)
    until(lambda: len(seen) == 3)
    assert set(seen) == {min(19, own + 3)} and os.getpriority(os.PRIO_PROCESS, 0) == own
