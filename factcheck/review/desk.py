"""The desk: claims as people and machine left them, what is done to them, and the queue of all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from factcheck.errors import ReviewConflict, ReviewError
from factcheck.review import log, queue
from factcheck.review.acts import Asked, in_article, named, said, same_person, settled
from factcheck.review.folding import history, step
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
from factcheck.review.wording import changed_meanwhile
from factcheck.store import RunStore, StoredRun, put_row, put_sources
from factcheck.types import ClaimResult, Document, content_id

OPEN_FOR = timedelta(seconds=90)
"""How long somebody counts as looking at a claim after the last sign of it."""

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
        past = self._past(self.store.connection(), run_id, claim_id)
        return past[-1] if past else None

    def claims(self, run_id: str) -> tuple[ReviewedClaim, ...]:
        """All finished claims of an article in its order, dropped ones too; those that people added come last."""
        self._refresh()
        db = self.store.connection()
        rows = db.execute("SELECT claim_id FROM desk WHERE run_id = ? ORDER BY position", (run_id,)).fetchall()
        found = (self._past(db, run_id, row["claim_id"]) for row in rows)
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
            past = self._past(db, run_id, claim_id)
            if not past:
                raise ReviewError(f"The run {run_id} has no finished claim {claim_id}.")
            current = past[-1]
            if current.version != version:
                raise ReviewConflict(changed_meanwhile(current, version), current)
            at = self._stamp()
            article = self._article(db, run_id)
            recorded = settled(Asked(current, action, change, name, words, at, article.text, self.two_people))
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
            result = _added(run, place, change.text)
            if self._past(db, run_id, result.id):
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

    # who looks at what

    def viewing(self, run_id: str, claim_id: str, who: str) -> tuple[Viewer, ...]:
        """Records that somebody has the claim open now, and returns the others who do, the first to open it first."""
        name, now = named(who), self._now()
        with self.store.transaction() as db:
            db.execute("DELETE FROM viewers WHERE seen < ?", ((now - OPEN_FOR).timestamp(),))
            db.execute(
                "INSERT INTO viewers (run_id, claim_id, who, since, seen) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (run_id, claim_id, who) DO UPDATE SET seen = excluded.seen",
                (run_id, claim_id, name, now.timestamp(), now.timestamp()),
            )
            rows = db.execute(
                "SELECT who, since FROM viewers WHERE run_id = ? AND claim_id = ? ORDER BY since, who",
                (run_id, claim_id),
            ).fetchall()
        return tuple(
            Viewer(who=row["who"], since=_stamp(datetime.fromtimestamp(row["since"], UTC)))
            for row in rows
            if not same_person(row["who"], name)
        )

    def left(self, run_id: str, claim_id: str, who: str) -> None:
        """Records that somebody has closed the claim."""
        with self.store.transaction() as db:
            db.execute(
                "DELETE FROM viewers WHERE run_id = ? AND claim_id = ? AND who = ?", (run_id, claim_id, named(who))
            )

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
            past, created = self._past(db, *key, found_anew=True), self._created(db, key[0])
            if past and created is not None:
                put_row(db, queue.desk_row(past, created))
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
        created = self._created(db, current.run_id)
        put_row(db, queue.desk_row([*past, after], created or at))
        return after

    def _past(
        self, db: sqlite3.Connection, run_id: str, claim_id: str, *, found_anew: bool = False
    ) -> list[ReviewedClaim]:
        """All that a claim was, oldest first; nothing where the run has no such claim."""
        row = db.execute(
            "SELECT desk.position, runs.title FROM desk JOIN runs ON runs.id = desk.run_id"
            " WHERE desk.run_id = ? AND claim_id = ?",
            (run_id, claim_id),
        ).fetchone()
        if row is None:
            return []
        found = self._result(db, run_id, claim_id, None if found_anew else row["position"])
        events = log.events_of(db, run_id, claim_id)
        if found is None and not _still_there(events, self._article(db, run_id).text):
            return []
        position, result = found or (row["position"], None)
        return list(history(result, position, row["title"], run_id, events))

    def _result(
        self, db: sqlite3.Connection, run_id: str, claim_id: str, position: int | None
    ) -> tuple[int, ClaimResult] | None:
        row = db.execute(
            "SELECT position, result FROM results WHERE run_id = ?1 AND (?3 IS NULL OR position = ?3)"
            " AND json_extract(result, '$.id') = ?2 ORDER BY position LIMIT 1",
            (run_id, claim_id, position),
        ).fetchone()
        return None if row is None else (row["position"], ClaimResult.model_validate_json(row["result"]))

    def _keep_sources(self, db: sqlite3.Connection, run_id: str, change: Change) -> None:
        assert change.result is not None
        quoted = {e.document_id for e in change.result.evidence}
        known = {**self.store.sources(sorted(quoted)), **change.sources}
        for evidence in change.result.evidence:
            source = known.get(evidence.document_id)
            if source is None or source.text[evidence.start : evidence.end] != evidence.quote:
                raise ReviewError(
                    f"The result quotes the document {evidence.document_id}, which did not come with it (sources)."
                )
        put_sources(db, {key: source for key, source in change.sources.items() if key in quoted})

    def _article(self, db: sqlite3.Connection, run_id: str) -> Document:
        row = db.execute("SELECT document FROM runs WHERE id = ?", (run_id,)).fetchone()
        return Document.model_validate_json(row["document"])

    def _created(self, db: sqlite3.Connection, run_id: str) -> str | None:
        row = db.execute("SELECT created FROM runs WHERE id = ?", (run_id,)).fetchone()
        return None if row is None else str(row["created"])

    def _stamp(self) -> str:
        return _stamp(self._now())


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def _still_there(events: Sequence[Event], article: str) -> bool:
    """Whether a claim that a person added stands in the article of the run as it is now."""
    if not events or events[0].action != "add_claim":
        return False
    change = events[0].change
    return change.start is not None and article[change.start : change.end] == change.source_text


def _added(run: StoredRun, place: Change, text: str | None) -> ClaimResult:
    """The machine's part of a claim that a person added: that it has found nothing yet."""
    from factcheck.extract.article import as_of_date
    from factcheck.text import detect_language
    from factcheck.types import Claim

    assert place.start is not None and place.end is not None and place.source_text is not None
    words = " ".join((text or place.source_text).split())
    if not words:
        raise ReviewError("A claim needs words. Give its text, or select words in the article.")
    known = run.extracted or next(iter(run.claims or ()), None)
    day, source = (
        (known.as_of, known.as_of_source)
        if known
        else as_of_date(run.document, run.as_of, datetime.fromisoformat(run.created).date())
    )
    claim = Claim(
        id=content_id("claim", run.document.id, str(place.start), str(place.end), "added", words),
        text=words,
        start=place.start,
        end=place.end,
        source_text=place.source_text,
        as_of=day,
        as_of_source=source,
        language=run.document.language or detect_language(words),
        why=("added by a person",),
    )
    return ClaimResult.not_checked(claim, "Added by a person and not checked yet.")
