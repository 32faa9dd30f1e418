"""Where a check is, asked once or followed as a stream of server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

from factcheck.errors import Busy
from factcheck.service.core import Service
from factcheck.service.problems import Problem, without_places
from factcheck.service.values import CheckState, CheckStatus, Links
from factcheck.store.following import NewResult, results_after, state_of
from factcheck.workshop import INTERNAL

BEAT = 10.0
"""Seconds after which a stream shows that it lives."""
LOOK = 1.0
"""Seconds between two looks at a run that another process works on."""
ENDED = ("done", "failed", "interrupted")


def look(service: Service, run_id: str) -> CheckState:
    """Where a check is.

    Raises:
        Problem: there is none of that id.
    """
    place = service.workshop.place(run_id)
    run = state_of(service.store, run_id)
    if run is None:
        raise Problem("no-such-thing", "There is no check of this id. It is the `id` of the answer to handing it in.")
    ahead = service.workshop.ahead(run_id) if place else None
    status: CheckStatus = run.status
    if run.status != "running":
        place = None  # The store knows of the end a moment before the workshop.
    elif place is not None and place.step == "waiting":
        status = "waiting"
    base = f"/v1/checks/{run_id}"
    return CheckState(
        id=run_id,
        status=status,
        step=place.step if place else None,
        ahead=ahead if status == "waiting" else None,
        done=run.done,
        total=run.total,
        created=run.created,
        title=run.title,
        mode=run.mode,
        as_of=run.as_of,
        reason=_told(run.reason),
        links=Links(
            self=base,
            events=f"{base}/events",
            claims=f"{base}/claims",
            report=f"{base}/report",
            export=f"{base}/export",
            review=f"/v1/review/claims?run_id={run_id}",
        ),
    )


def _told(reason: str | None) -> str | None:
    """Why a run stopped, without what is ours alone to know."""
    if reason is None:
        return None
    if reason.startswith(INTERNAL):
        return "An error of ours stopped the check. What was finished is kept, and it can be resumed."
    return without_places(reason)


async def events(service: Service, run_id: str, after: int) -> AsyncIterator[str]:
    """The events of a run as they happen, what is past first, until the run ends.

    Args:
        service: where it runs, or is stored.
        run_id: the run.
        after: the id of the last event that the client has seen, or 0.
    """
    changed, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(changed.set)

    unwatch = service.workshop.watch(run_id, tell)
    told: CheckState | None = None
    try:
        yield "retry: 3000\n\n"
        while True:
            changed.clear()
            try:
                state, rows = await service.small(partial(_since, service, run_id, after))
            except Busy as busy:  # a stream that was let in waits for its turn
                await asyncio.sleep(busy.seconds)
                continue
            for row in rows:
                after = row.seq
                yield _event("claim", f'{{"seq":{row.seq},"position":{row.position},"result":{row.json}}}', row.seq)
            if state != told:
                told = state
                yield _event("end" if state.status in ENDED else "progress", state.model_dump_json())
            if state.status in ENDED or (service.draining and state.step is None):
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), BEAT if state.step else LOOK)
                continue
            yield ": still here\n\n"
    except Problem as problem:  # the run was there when the stream began
        yield _event("error", json.dumps({"detail": problem.detail}))
    finally:
        unwatch()


def _since(service: Service, run_id: str, after: int) -> tuple[CheckState, list[NewResult]]:
    # The state first: of an ended run every result is then among those that are read.
    return look(service, run_id), results_after(service.store, run_id, after)


def _event(name: str, data: str, key: int | None = None) -> str:
    return (f"id: {key}\n" if key is not None else "") + f"event: {name}\ndata: {data}\n\n"
