"""The desk: claims as people and machine left them, what is done to them, and the queue of all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from factcheck.errors import ReviewConflict, ReviewError
from factcheck.review import evidence, log, queue, viewers
from factcheck.review.acts import Asked, in_article, named, said, settled
from factcheck.review.adding import added_result
from factcheck.review.decided import SIGNED, decided_entry, earlier_keys
from factcheck.review.folding import history, step
from factcheck.review.loading import article_of, corpus_of, created_of, past_of
from factcheck.review.values import (
    MACHINE,
    Action,
    Agreement,
    ArticleRow,
    Change,
    Event,
    Order,
    QueueFilter,
    QueuePage,
    ReviewedClaim,
    Viewer,
)
from factcheck.review.viewers import stamp
from factcheck.review.wording import changed_meanwhile
from factcheck.store import RunStore, put_row, put_sources, wait_to_lay

if TYPE_CHECKING:
    from factcheck.index import Corpus

ALL, NOTHING = QueueFilter(), Change()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """The review desk of one installation. One object may be used by many threads, and many processes at once."""

    def __init__(self, store: RunStore, *, two_people: bool = True, now: Callable[[], datetime] = _utc_now) -> None:
        """A desk over the runs of a store.

        Args:
            store: where the runs are, and the log.
            two_people: whether a claim must be signed off by somebody else than who decided it.
            now: the time, with its zone.
        """
        self.store = store
        self.two_people = two_people
        self._now = now

    # reading

    def claim(self, run_id: str, claim_id: str) -> ReviewedClaim | None:
        """The claim as it stands, or None if the run has no such claim, or has not finished it yet."""
        self._refresh()
        past = past_of(self.store.connection(), run_id, claim_id)
        return past[-1] if past else None

    def claims(self, run_id: str) -> tuple[ReviewedClaim, ...]:
        """All finished claims of an article in its order, dropped ones too; those that people added come last."""
        self._refresh()
        db = self.store.connection()
        rows = db.execute("SELECT claim_id FROM desk WHERE run_id = ? ORDER BY position", (run_id,)).fetchall()
        found = (past_of(db, run_id, row["claim_id"]) for row in rows)
        return tuple(past[-1] for past in found if past)

    def queue(
        self, wanted: QueueFilter = ALL, *, order: Order = "newest", offset: int = 0, limit: int = 50
    ) -> QueuePage:
        """Some of the claims that are wanted, and how many there are.

        Returns:
            The rows from `offset` on, `limit` at most. `total` counts all that are wanted. Each of `by_label`,
            `by_state` and `by_language` counts what there would be without the filter's own wish in that respect, so
            that a list of choices keeps its numbers when one is chosen; an unknown language is "".
        """
        self._refresh()
        return queue.queue_page(self.store.connection(), wanted, order, offset, limit)

    def titles(self, limit: int = 100) -> dict[str, str]:
        """The titles of the latest articles that were checked, by run, newest first."""
        return queue.article_titles(self.store.connection(), limit)

    def articles(self, limit: int = 100) -> tuple[ArticleRow, ...]:
        """The latest articles that were checked, newest first, and how far their claims are."""
        self._refresh()
        db = self.store.connection()
        return tuple(
            ArticleRow.model_validate(
                {
                    **row,
                    "status": self.store.status(str(row["run_id"])),
                    "by_state": queue.states_of(db, str(row["run_id"])),
                }
            )
            for row in queue.article_rows(db, limit)
        )

    def log(self, run_id: str | None = None, claim_id: str | None = None, since_seq: int = 0) -> Iterator[Event]:
        """What happened, oldest first: all of it, or of one article or claim, or after an event's number."""
        return log.events_since(self.store.connection(), run_id, claim_id, since_seq)

    def agreement(self) -> tuple[Agreement, ...]:
        """How often people kept the machine's verdict, by the month of the decisions that stand.

        A claim counts once, by its last decision and the machine's verdict at that time; one on which the machine had
        no verdict does not count, nor does a dropped one.
        """
        self._refresh()
        return queue.agreements(self.store.connection())

    # working

    def act(
        self,
        run_id: str,
        claim_id: str,
        action: Action,
        change: Change = NOTHING,
        *,
        who: str,
        version: int,
        reason: str | None = None,
    ) -> ReviewedClaim:
        """Does something to a claim and records it. `factcheck.review.acts` says which fields of a change count.

        Args:
            run_id: the run.
            claim_id: the claim.
            action: what to do.
            change: what to change it to.
            who: the name of the person.
            version: the version of the claim that the person saw.
            reason: why; some actions ask for it. For a note, the note.

        Returns:
            The claim after it.

        Raises:
            ReviewConflict: somebody changed the claim since that version.
            ReviewError: there is no such claim, or the action is not possible; the sentence says what to do.
        """
        name = who if who == MACHINE and action == "evidence_changed" else named(who)
        words = said(reason)
        with self.store.transaction() as db:
            past = past_of(db, run_id, claim_id)
            if not past:
                raise ReviewError(f"The run {run_id} has no finished claim {claim_id}.")
            current = past[-1]
            if current.version != version:
                raise ReviewConflict(changed_meanwhile(current, version), current)
            at = self._stamp()
            article = article_of(db, run_id).text
            recorded = settled(Asked(current, action, change, name, words, at, article, self.two_people))
            if action == "recheck":
                self._keep_sources(db, run_id, change)
            return self._happened(db, past, name, action, words, recorded, at)

    def add_claim(self, run_id: str, change: Change, *, who: str, reason: str | None = None) -> ReviewedClaim:
        """Adds a claim that the machine did not pick.

        Args:
            run_id: the run of the article.
            change: `start`, `end` and `source_text`, its place in the article, and `text`, its words where they are
                to differ from the article's.
            who: the name of the person.
            reason: why, if there is something to say.

        Returns:
            The claim: not checked yet, in review.

        Raises:
            ReviewError: there is no such run, its claims are not found yet, the article has other words at that
                place, or the claim is there already.
        """
        name, words, at = named(who), said(reason), self._stamp()
        with self.store.transaction() as db:
            run = self.store.get(run_id)
            if run is None or run.claims is None:
                raise ReviewError(f"There is no article {run_id} whose claims were found. Check the article first.")
            place = in_article(change, run.document.text)
            result = added_result(run, place, change.text)
            if past_of(db, run_id, result.id):
                raise ReviewError("This claim is among the article's claims already. Open it there.")
            last = db.execute("SELECT max(position) FROM desk WHERE run_id = ?", (run_id,)).fetchone()[0]
            position = max(len(run.claims), -1 if last is None else last + 1)
            recorded = place.model_copy(update={"text": result.text, "result": result})
            event = log.append(
                db, at=at, who=name, run_id=run_id, claim_id=result.id, action="add_claim", reason=words,
                change=recorded,
            )  # fmt: skip
            past = list(history(None, position, run.title, run_id, [event]))
            put_row(db, queue.desk_row(past, run.created))
            return past[-1]

    def evidence_changed(self, corpus: Corpus) -> int:
        """Compares the evidence of reviewed and published claims with the corpus that they were checked against.

        A claim whose evidence was removed from the corpus, or marked by its owner since, comes back to the queue with
        the reason. It does so once for each document, until it is checked again.

        Returns:
            How many came back.
        """
        self._refresh()
        db, signed = self.store.connection(), f"state IN ({', '.join('?' * len(SIGNED))}) AND NOT dropped"
        rows = db.execute(f"SELECT run_id, claim_id FROM desk WHERE {signed} ORDER BY run_id", SIGNED).fetchall()
        claims = [past[-1] for row in rows if (past := past_of(db, row["run_id"], row["claim_id"]))]
        ours = [claim for claim in claims if corpus_of(db, claim) in (None, corpus.name)]
        now = evidence.marks_of(corpus, (e.document_id for claim in ours for e in evidence.what_counts(claim)))
        return sum(self._comes_back(claim, now) for claim in ours)

    def _comes_back(self, claim: ReviewedClaim, now: Mapping[str, str | None]) -> bool:
        then = self.store.sources([e.document_id for e in claim.machine.evidence])
        found = evidence.changed(claim, now, then)
        if found is None:
            return False
        try:
            self.act(
                claim.run_id,
                claim.claim_id,
                "evidence_changed",
                Change(documents=found.documents),
                who=MACHINE,
                version=claim.version,
                reason=found.sentence,
            )
        except ReviewError:  # somebody is at work on it and has just taken it back themselves
            return False
        return True

    # who looks at what

    def viewing(self, run_id: str, claim_id: str, who: str) -> tuple[Viewer, ...]:
        """Records that somebody has the claim open now, and returns the others who do, the first to open it first."""
        with self.store.transaction() as db:
            return viewers.opened(db, run_id, claim_id, named(who), self._now())

    def left(self, run_id: str, claim_id: str, who: str) -> None:
        """Records that somebody has closed the claim."""
        with self.store.transaction() as db:
            viewers.closed(db, run_id, claim_id, named(who))

    # keeping the queue true

    def rebuild(self) -> int:
        """Makes every row of the queue again out of the results and the log, and returns how many there are."""
        with self.store.transaction() as db:
            db.execute("UPDATE desk SET stale = 1")
            self._freshen(db)
            return int(db.execute("SELECT count(*) FROM desk").fetchone()[0])

    def _refresh(self) -> None:
        """Lays the log over results that came anew for claims with a past; there are hardly ever any."""
        if self.store.connection().execute("SELECT 1 FROM desk WHERE stale LIMIT 1").fetchone():
            with self.store.transaction() as db:
                self._freshen(db)

    def _freshen(self, db: sqlite3.Connection) -> None:
        for row in db.execute("SELECT run_id, claim_id FROM desk WHERE stale").fetchall():
            key = (row["run_id"], row["claim_id"])
            past = past_of(db, *key, found_anew=True)
            if past:
                put_row(db, queue.desk_row(past, created_of(db, key[0])))
            else:
                db.execute("DELETE FROM desk WHERE run_id = ? AND claim_id = ?", key)

    # inside a transaction

    def _happened(
        self,
        db: sqlite3.Connection,
        past: Sequence[ReviewedClaim],
        who: str,
        action: Action,
        reason: str | None,
        change: Change,
        at: str,
    ) -> ReviewedClaim:
        current = past[-1]
        event = log.append(
            db, at=at, who=who, run_id=current.run_id, claim_id=current.claim_id, action=action, reason=reason,
            change=change,
        )  # fmt: skip
        after = step(current, event)
        put_row(db, queue.desk_row([*past, after], created_of(db, current.run_id)))
        if action == "sign_off" or (current.state in SIGNED and after.state not in SIGNED):
            corpus = corpus_of(db, after)
            wait_to_lay(db, after.run_id, after.claim_id, corpus, decided_entry(after), earlier_keys(past))
        return after

    def _keep_sources(self, db: sqlite3.Connection, run_id: str, change: Change) -> None:
        assert change.result is not None
        quoted = {e.document_id for e in change.result.evidence}
        known = {**self.store.sources(sorted(quoted)), **change.sources}
        for e in change.result.evidence:
            source = known.get(e.document_id)
            if source is None or source.text[e.start : e.end] != e.quote:
                raise ReviewError(
                    f"The result quotes the document {e.document_id}, which did not come with it (sources)."
                )
        put_sources(db, {key: source for key, source in change.sources.items() if key in quoted})

    def _stamp(self) -> str:
        return stamp(self._now())
