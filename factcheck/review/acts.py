"""What a person may do to a claim, and when. Every refusal is a sentence that says what to do instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from factcheck.errors import ReviewError
from factcheck.review.values import MACHINE, Action, AddedEvidence, Change, ReviewedClaim
from factcheck.types import LABELS

LONGEST_NAME = 80


class Asked(NamedTuple):
    """An action before it is known to be possible."""

    claim: ReviewedClaim
    action: Action
    change: Change
    who: str
    reason: str | None
    at: str
    article: str
    """The article's text."""
    two_people: bool


def settled(asked: Asked) -> Change:
    """What the log says of an action that is possible: the fields of its change that it reads.

    Raises:
        ReviewError: it is not possible, and the sentence says why and what to do.
    """
    if (asked.who == MACHINE) != (asked.action == "evidence_changed"):
        raise ReviewError(f"{asked.action} cannot be done in the name of {asked.who}. Give your own name.")
    if asked.action not in _ALWAYS:
        _open_for_work(asked)
    return _ACTS[asked.action](asked)


def named(who: str) -> str:
    """The name of a person as the log keeps it: trimmed and composed.

    Raises:
        ReviewError: it is empty, longer than 80 characters, has characters that cannot be printed, or is the program's.
    """
    name = unicodedata.normalize("NFC", " ".join(who.split()))
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ReviewError(f"Say who you are: a name of 1 to {LONGEST_NAME} printable characters.")
    if same_person(name, MACHINE):
        raise ReviewError(f"{MACHINE} is the name of the program. Give your own name.")
    return name


def same_person(a: str | None, b: str | None) -> bool:
    """Whether two names are one, whatever their case."""
    return a is not None and b is not None and _folded(a) == _folded(b)


def said(reason: str | None) -> str | None:
    """A reason as the log keeps it: trimmed; None where nothing was said.

    Raises:
        ReviewError: it has characters that cannot be stored.
    """
    text = (reason or "").strip()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ReviewError("The reason has characters that are no text. Type it again.") from error
    return text or None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


_ALWAYS = ("note", "correct", "evidence_changed", "sign_off", "publish")
"""What has rules of its own about the state of the claim."""


def _open_for_work(asked: Asked) -> None:
    if asked.claim.dropped and asked.action != "restore":
        raise ReviewError("This claim was dropped. Restore it first, then work on it.")
    if asked.claim.state == "published":
        raise ReviewError(
            "This claim is published. Begin a correction with its reason first (correct), then change it."
        )


def _because(asked: Asked, what: str) -> None:
    if not asked.reason:
        raise ReviewError(f"Say why: {what} needs a reason.")


def _accept(asked: Asked) -> Change:
    """Reads nothing; the machine's label is recorded."""
    if asked.claim.machine.label is None:
        raise ReviewError(
            "The machine has no verdict on this claim, so none can be accepted. Set the verdict yourself."
        )
    if asked.claim.edited:
        raise ReviewError(
            "The claim was reworded since the machine judged it. Check it again (recheck) or set the verdict yourself."
        )
    return Change(label=asked.claim.machine.label)


def _set_verdict(asked: Asked) -> Change:
    """Reads `label`."""
    if asked.change.label is None:
        raise ReviewError(f"Say which verdict: {', '.join(LABELS)}.")
    _because(asked, "a verdict of your own")
    return Change(label=asked.change.label)


def _take_match(asked: Asked) -> Change:
    """Reads `match_id` and `label`."""
    change = asked.change
    if not change.match_id or change.label is None:
        raise ReviewError("Say which earlier claim is meant and its verdict (match_id and label).")
    offered = [m.label for m in asked.claim.machine.matches if m.claim_id == change.match_id]
    if offered and None not in offered and change.label not in offered:
        raise ReviewError(
            f"The earlier verdict is {offered[0]}, not {change.label}. Take it as it is, or set your own."
        )
    _because(asked, "taking an earlier verdict as your own")
    return Change(match_id=change.match_id, label=change.label)


def _edit_claim(asked: Asked) -> Change:
    """Reads `text` and, for a new place, `start`, `end` and `source_text`."""
    text = " ".join((asked.change.text or "").split())
    if not text:
        raise ReviewError("A claim needs words. Give its text, or drop the claim.")
    change = asked.change
    moved = (change.start, change.end, change.source_text) != (None, None, None)
    place = in_article(change, asked.article) if moved else Change()
    claim = asked.claim
    if text == claim.text and (not moved or (place.start, place.end) == (claim.start, claim.end)):
        raise ReviewError("The words and their place are as they were. Nothing is to be changed.")
    return place.model_copy(update={"text": text})


def in_article(change: Change, article: str) -> Change:
    """The place that a change names, seen to hold the words that it says.

    Raises:
        ReviewError: a part of it is missing, or other words stand there.
    """
    start, end, words = change.start, change.end, change.source_text
    if start is None or end is None or not words:
        raise ReviewError("Say where in the article the claim stands: start, end and the words there.")
    if not 0 <= start < end <= len(article) or article[start:end] != words:
        raise ReviewError(
            f"At {start} to {end} the article has other words than those given. Select the words in the article again."
        )
    return Change(start=start, end=end, source_text=words)


def _drop(asked: Asked) -> Change:
    """Reads nothing."""
    _because(asked, "dropping a claim")
    return Change()


def _restore(asked: Asked) -> Change:
    """Reads nothing."""
    if not asked.claim.dropped:
        raise ReviewError("This claim was not dropped, so there is nothing to restore.")
    return Change()


def _set_stance(asked: Asked) -> Change:
    """Reads `stance` and one of `evidence_n` and `added_n`."""
    change, claim = asked.change, asked.claim
    if change.stance is None or (change.evidence_n is None) == (change.added_n is None):
        raise ReviewError("Say one piece of evidence (evidence_n or added_n) and its stance.")
    known = {e.n for e in claim.machine.evidence} if change.added_n is None else {a.n for a in claim.added}
    number = change.evidence_n if change.added_n is None else change.added_n
    if number not in known:
        has = ", ".join(map(str, sorted(known))) or "none"
        raise ReviewError(f"There is no evidence {number} of that kind on this claim (there is: {has}).")
    return Change(stance=change.stance, evidence_n=change.evidence_n, added_n=change.added_n)


def _add_evidence(asked: Asked) -> Change:
    """Reads `added`; its number, who added it and when are the desk's."""
    added = asked.change.added
    if added is None:
        raise ReviewError("Give the evidence: its text, the quote and where the quote stands in the text.")
    if not added.quote.strip() or added.text[added.start : added.end] != added.quote:
        raise ReviewError(
            f"The quote does not stand at {added.start} to {added.end} of the text given."
            " Quote words of that text exactly."
        )
    by = {"n": len(asked.claim.added) + 1, "added_by": asked.who, "added_at": asked.at}
    return Change(added=AddedEvidence.model_validate({**added.model_dump(), **by}))


def _recheck(asked: Asked) -> Change:
    """Reads `result`, and `corpus`, the name of the corpus that it was checked against."""
    result, claim = asked.change.result, asked.claim
    if result is None:
        raise ReviewError("There is no result: check the claim again first.")
    if result.status == "not_checked":
        raise ReviewError(f"The claim could not be checked again, and all stays as it was. {result.reason}")
    if (result.id, result.text) != (claim.claim_id, claim.text):
        raise ReviewError("The result is of other words than the claim has now. Check it again as it is worded.")
    in_article(Change(start=result.start, end=result.end, source_text=result.source_text), asked.article)
    return Change(result=result, corpus=asked.change.corpus)


def _note(asked: Asked) -> Change:
    """Reads nothing; the reason is the note."""
    if not asked.reason:
        raise ReviewError("The note is empty. Write what it is to say.")
    return Change()


def _sign_off(asked: Asked) -> Change:
    """Reads nothing."""
    claim = asked.claim
    if claim.dropped:
        raise ReviewError("This claim was dropped. Restore it first, then sign it off.")
    if claim.state in ("reviewed", "published"):
        raise ReviewError(f"This claim is {claim.state} already; {claim.signed_by or 'somebody'} signed it off.")
    if claim.decided_by is None:
        raise ReviewError("Nobody has decided this claim. Accept the machine's verdict or set one, then sign it off.")
    if asked.two_people and same_person(claim.decided_by, asked.who):
        raise ReviewError(
            f"{claim.decided_by} decided this claim, so somebody else must sign it off."
            " (FACTCHECK_TWO_PEOPLE=false lets one person do both.)"
        )
    return Change()


def _publish(asked: Asked) -> Change:
    """Reads nothing."""
    if asked.claim.state != "reviewed":
        raise ReviewError("Only a reviewed claim can be published. Have it signed off first.")
    return Change()


def _correct(asked: Asked) -> Change:
    """Reads nothing."""
    if asked.claim.state != "published":
        raise ReviewError("Only a published claim is corrected. This one is not published: change it as it is.")
    _because(asked, "a correction")
    return Change()


def _evidence_changed(asked: Asked) -> Change:
    """Reads `documents`."""
    if asked.claim.state not in ("reviewed", "published"):
        raise ReviewError("Only a reviewed or published claim comes back when its evidence changes.")
    return Change(documents=asked.change.documents)


def _not_here(asked: Asked) -> Change:
    raise ReviewError("A claim is added to an article, not to a claim (Desk.add_claim).")


_ACTS: dict[Action, Callable[[Asked], Change]] = {
    "add_claim": _not_here,
    "accept": _accept,
    "set_verdict": _set_verdict,
    "edit_claim": _edit_claim,
    "drop": _drop,
    "restore": _restore,
    "set_stance": _set_stance,
    "add_evidence": _add_evidence,
    "recheck": _recheck,
    "take_match": _take_match,
    "note": _note,
    "sign_off": _sign_off,
    "publish": _publish,
    "correct": _correct,
    "evidence_changed": _evidence_changed,
}
