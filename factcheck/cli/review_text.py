"""A claim of the desk as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from factcheck.report import LABEL_WORDS, match_line, one_line, source_line
from factcheck.review.values import Event, ReviewedClaim
from factcheck.review.wording import did


def claim_lines(claim: ReviewedClaim) -> Iterator[str]:
    """Everything about a claim, a line each."""
    yield one_line(claim.article)
    yield f"{claim.run_id} {claim.claim_id} · version {claim.version}"
    yield ""
    yield one_line(claim.text)
    yield f"{claim.start}-{claim.end} “{one_line(claim.source_text)}”"
    yield ""
    yield from _standing(claim)
    yield from _evidence(claim)
    for match in claim.machine.matches:
        yield f"checked before: {one_line(match_line(match))}: {one_line(match.text)} ({match.claim_id})"
    if claim.events:
        yield ""
    for event in claim.events:
        yield event_line(event)


def event_line(event: Event) -> str:
    """What somebody did, when, and what they said about it."""
    said = f": {one_line(event.reason)}" if event.reason else ""
    return f"{event.seq:>6}  {event.at[:16].replace('T', ' ')}  {one_line(event.who)} {did(event)}{said}"


def _standing(claim: ReviewedClaim) -> Iterator[str]:
    yield f"state: {claim.state}{' (dropped)' if claim.dropped else ''}"
    if claim.back_because:
        yield f"came back: {one_line(claim.back_because)}"
    machine = claim.machine
    sure = f" ({machine.confidence:.2f})" if machine.confidence is not None else ""
    yield f"machine: {LABEL_WORDS[machine.label or 'not_checked']}{sure}{' of other words' if claim.edited else ''}"
    if machine.reason or machine.justification:
        yield f"  {one_line(machine.reason or machine.justification or '')}"
    if claim.decided_by:
        why = f": {one_line(claim.reason)}" if claim.reason else ""
        yield f"verdict: {LABEL_WORDS[claim.label or 'not_checked']}, by {one_line(claim.decided_by)}{why}"
    if claim.signed_by:
        yield f"signed off by {one_line(claim.signed_by)} on {(claim.signed_at or '')[:10]}"


def _evidence(claim: ReviewedClaim) -> Iterator[str]:
    for e in claim.machine.evidence:
        stance = claim.stances.get(e.n)
        by = f"{stance} (machine: {e.stance})" if stance else e.stance
        counts = "" if e.used else f", not counted: {e.why_not}"
        yield f"[{e.n}] {by}{counts}; {one_line(source_line(e))}: “{one_line(e.quote)}”"
    for a in claim.added:
        where = ", ".join(one_line(part) for part in (a.publisher, a.title, a.published, a.url) if part)
        by = f"{a.stance}, added by {one_line(a.added_by)}"
        yield f"[+{a.n}] {by}; {where or 'no source named'}: “{one_line(a.quote)}”"
