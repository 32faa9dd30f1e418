"""Sentences about what people did, for notices; the app has its own in each language."""

from __future__ import annotations

from factcheck.review.values import Event, ReviewedClaim

_DID = {
    "add_claim": "added the claim",
    "accept": "accepted the verdict {label}",
    "set_verdict": "set the verdict to {label}",
    "edit_claim": "changed the words",
    "drop": "dropped the claim",
    "restore": "restored the claim",
    "set_stance": "set the stance of a piece of evidence",
    "add_evidence": "added evidence",
    "recheck": "had it checked again",
    "take_match": "took the earlier verdict {label}",
    "note": "wrote a note",
    "sign_off": "signed it off",
    "publish": "published it",
    "correct": "began a correction",
    "evidence_changed": "found its evidence changed",
}


def did(event: Event) -> str:
    """What somebody did, without who and when: `set the verdict to refuted`."""
    return _DID[event.action].format(label=event.change.label or "")


def changed_meanwhile(claim: ReviewedClaim, version: int) -> str:
    """That a claim was changed since a version: by whom, how and when."""
    since = [event for event in claim.events if event.seq > version]
    told = "; ".join(f"{e.who} {did(e)} on {e.at[:10]} at {e.at[11:16]} UTC" for e in since[-3:])
    return (
        f"This claim was changed while you had it open: {told or 'it was begun anew'}. Look at it, then do yours again."
    )
