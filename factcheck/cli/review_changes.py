"""What `review set` makes of its options, and what a changed corpus means for claims that were reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.cli.common import load_settings, stderr
from factcheck.cli.review_choices import LabelChoice, StanceChoice
from factcheck.errors import InputError

if TYPE_CHECKING:
    from factcheck.review import Change, Desk, ReviewedClaim
    from factcheck.settings import Settings


def taken(claim: ReviewedClaim, match: str, verdict: LabelChoice | None) -> Change:
    """The earlier verdict that is taken; it need be named only where the match has none that we know."""
    from factcheck.review import Change

    known = next((m.label for m in claim.machine.matches if m.claim_id == match), None)
    return Change(match_id=match, label=verdict.value if verdict else known)


def reworded(desk: Desk, claim: ReviewedClaim, text: str, start: int | None, end: int | None) -> Change:
    """New words, with the article's own at the new place."""
    from factcheck.review import Change

    if (start is None) != (end is None):
        raise InputError("A new place needs both --start and --end.")
    if start is None or end is None:
        return Change(text=text)
    run = desk.store.get(claim.run_id)
    assert run is not None
    return Change(text=text, start=start, end=end, source_text=run.document.text[start:end])


def brought(
    source: Path,
    quote: str | None,
    stance: StanceChoice | None,
    title: str | None,
    publisher: str | None,
    url: str | None,
    published: str | None,
) -> Change:
    """Evidence out of a file, with the quote found in it."""
    from pydantic import ValidationError

    from factcheck.read import read_file
    from factcheck.review import AddedEvidence, Change

    document = read_file(source)
    if not quote or stance is None:
        raise InputError("Evidence needs --quote, words that stand in the file, and --stance.")
    start = document.text.find(quote)
    if start < 0:
        raise InputError(f"{source} does not have the words “{quote}”. Quote them exactly.")
    try:
        added = AddedEvidence(
            n=1,
            text=document.text,
            quote=quote,
            start=start,
            end=start + len(quote),
            stance=stance.value,
            title=title or document.title,
            publisher=publisher or document.publisher,
            url=url or document.url,
            published=published or document.published,
            added_by="",
            added_at="",
        )
    except ValidationError as error:
        raise InputError(f"--published takes a date as YYYY, YYYY-MM or YYYY-MM-DD; {published!r} is none.") from error
    return Change(added=added)


def checked_again(desk: Desk, claim: ReviewedClaim, who: str, version: int) -> ReviewedClaim:
    """The claim when the machine has looked at it once more."""
    from factcheck.engine import build_engine
    from factcheck.review import check_again

    note = stderr()
    engine = build_engine(load_settings(), note=lambda sentence: note.print(sentence, style="dim"), store=desk.store)
    try:
        return check_again(desk, engine, claim.run_id, claim.claim_id, who=who, version=version)
    finally:
        engine.corpus.close()


def tell_the_desk(settings: Settings) -> None:
    """Brings back reviewed claims whose evidence a change of the user's corpus has touched, and says how many."""
    from factcheck.embed import load_embedder
    from factcheck.engine import corpus_directory
    from factcheck.index import Corpus
    from factcheck.review import Desk, QueueFilter
    from factcheck.store import RunStore

    runs = settings.home / "runs.sqlite3"
    desk = Desk(RunStore(runs)) if runs.exists() else None
    if desk is None or not desk.queue(QueueFilter(states=("reviewed", "published")), limit=1).total:
        return
    with Corpus.open(corpus_directory(settings), load_embedder(settings), server=settings.chroma_url) as corpus:
        back = desk.evidence_changed(corpus)
    if back:
        claims = "claim comes" if back == 1 else "claims come"
        stderr().print(f"{back} reviewed {claims} back: the evidence has changed. See `factcheck review list --back`.")
