"""A claim as it stands, made of the machine's result and the log: pure, so that it can be made again at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from factcheck.review.values import MACHINE, Event, ReviewedClaim, State
from factcheck.types import ClaimResult, Stance

DECISIONS = ("accept", "set_verdict", "take_match")
"""The actions that give a claim a person's verdict."""

Updates = dict[str, Any]


def fold(
    result: ClaimResult | None, position: int, article: str, run_id: str, events: Iterable[Event]
) -> ReviewedClaim:
    """The claim after all that happened to it.

    Args:
        result: what the machine found at first; None for a claim that a person added, whose first event has it.
        position: the claim's place among the run's claims.
        article: the article's title.
        run_id: the run that checked it.
        events: those of this claim, oldest first.

    Raises:
        ValueError: there is neither a result nor an event that adds the claim.
    """
    *_, last = history(result, position, article, run_id, events)
    return last


def history(
    result: ClaimResult | None, position: int, article: str, run_id: str, events: Iterable[Event]
) -> Iterator[ReviewedClaim]:
    """The claim as it was at first and after each of its events; the arguments are those of `fold`."""
    happened = tuple(events)
    base = result or (happened[0].change.result if happened else None)
    if base is None:
        raise ValueError("a claim begins with a result of the machine or with the event that adds it")
    claim = _unseen(base, position, article, run_id)
    yield claim
    for event in happened:
        claim = step(claim, event)
        yield claim


def _unseen(result: ClaimResult, position: int, article: str, run_id: str) -> ReviewedClaim:
    return ReviewedClaim(
        run_id=run_id,
        claim_id=result.id,
        position=position,
        article=article,
        machine=result,
        text=result.text,
        start=result.start,
        end=result.end,
        source_text=result.source_text,
        state="machine_checked",
        label=result.label,
    )


def step(claim: ReviewedClaim, event: Event) -> ReviewedClaim:
    """The claim after one more event."""
    updates: Updates = {"version": event.seq, "events": (*claim.events, event), "state": _state(claim, event)}
    if event.who != MACHINE:
        updates["back_because"] = None
    if event.action not in ("note", "sign_off", "publish"):
        updates |= {"signed_by": None, "signed_at": None}
    made = _MADE.get(event.action)
    after = claim.model_copy(update=updates | (made(claim, event) if made else {}))
    label = after.label if after.decided_by else after.machine.label
    differs = after.decided_by is not None and after.machine.label is not None and label != after.machine.label
    return after.model_copy(update={"label": label, "overridden": differs})


def kept_machine_verdict(history: Iterable[ReviewedClaim]) -> bool | None:
    """Whether the decision that stands kept the verdict that the machine had then; None if there is none of either.

    Args:
        history: the claim as it was at first and after each event (`history`).
    """
    kept: bool | None = None
    for claim in history:
        if claim.decided_by is None:
            kept = None
        elif claim.events[-1].action in DECISIONS:
            kept = None if claim.machine.label is None else not claim.overridden
    return kept


def _state(claim: ReviewedClaim, event: Event) -> State:
    match event.action:
        case "note":
            return claim.state
        case "sign_off":
            return "reviewed"
        case "publish":
            return "published"
        case _:
            return "in_review" if claim.published_at is None else "correction"


def _decided(claim: ReviewedClaim, event: Event) -> Updates:
    return {
        "label": event.change.label,
        "decided_by": event.who,
        "decided_at": event.at,
        "reason": event.reason,
    }


def _edited(claim: ReviewedClaim, event: Event) -> Updates:
    """The verdict falls: the words it was given to are gone."""
    change = event.change
    place = {name: getattr(change, name) for name in ("start", "end", "source_text") if change.source_text is not None}
    return {
        "text": change.text,
        "edited": change.text != claim.machine.text,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        **place,
    }


def _stance(claim: ReviewedClaim, event: Event) -> Updates:
    change = event.change
    if change.evidence_n is not None:
        return {"stances": {**claim.stances, change.evidence_n: change.stance}}
    return {
        "added": tuple(
            a.model_copy(update={"stance": change.stance}) if a.n == change.added_n else a for a in claim.added
        )
    }


def _checked_again(claim: ReviewedClaim, event: Event) -> Updates:
    result = event.change.result
    assert result is not None
    return {
        "machine": result,
        "edited": claim.text != result.text,
        "stances": _carried(claim, result),
    }


def _carried(claim: ReviewedClaim, result: ClaimResult) -> dict[int, Stance]:
    """People's stances on evidence that the new result has too, by its number there."""
    given = {
        (e.document_id, e.start, e.end): claim.stances[e.n] for e in claim.machine.evidence if e.n in claim.stances
    }
    places = {e.n: (e.document_id, e.start, e.end) for e in result.evidence}
    return {n: given[place] for n, place in places.items() if place in given}


def _back(claim: ReviewedClaim, event: Event) -> Updates:
    return {"back_because": event.reason} | (_corrected(claim, event) if claim.state == "published" else {})


def _corrected(claim: ReviewedClaim, event: Event) -> Updates:
    return {"corrections": (*claim.corrections, event)}


_MADE: dict[str, Callable[[ReviewedClaim, Event], Updates]] = {
    "accept": _decided,
    "set_verdict": _decided,
    "take_match": _decided,
    "edit_claim": _edited,
    "drop": lambda claim, event: {"dropped": True},
    "restore": lambda claim, event: {"dropped": False},
    "set_stance": _stance,
    "add_evidence": lambda claim, event: {"added": (*claim.added, event.change.added)},
    "recheck": _checked_again,
    "note": lambda claim, event: {"notes": (*claim.notes, event)},
    "sign_off": lambda claim, event: {"signed_by": event.who, "signed_at": event.at},
    "publish": lambda claim, event: {"published_at": event.at},
    "correct": _corrected,
    "evidence_changed": _back,
}
