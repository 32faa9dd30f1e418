"""The documents and passages of a corpus in one SQLite file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from factcheck.corpus.tables import MIGRATIONS
from factcheck.errors import CorpusError, CorpusLocked, CorpusMismatch
from factcheck.types import Document, Passage, latest_day

_FIELDS = (
    "id", "text", "title", "publisher", "url", "author", "published", "available_from", "language", "source_family",
    "reliability", "media_type", "unseen",
)  # fmt: skip
_COLUMNS = ", ".join(_FIELDS)
_PASSAGE_COLUMNS = "p.id, p.document_id, p.start, p.end, p.text, p.ordinal"
# CROSS JOIN: SQLite would otherwise answer for three hundred ids by walking through every ready document.
_READY = "FROM passages p CROSS JOIN documents d ON d.id = p.document_id WHERE d.state = 'ready'"
_READY_PASSAGES = f"SELECT {_PASSAGE_COLUMNS} {_READY}"
_READY_DOCUMENTS = f"SELECT {_COLUMNS} FROM documents WHERE state = 'ready'"
_STAMPS = f"""SELECT p.id, d.id, d.title, d.publisher, d.url, d.published, d.available_from, d.language,
                     d.source_family, d.reliability {_READY} AND p.id"""

_CACHE_KB = 65_536
"""Ids are hashes, so that every new row touches pages all over the index: with SQLite's 2 MB writing 30,000 passages
took 14 s of processor time, with this 2 s."""

_BATCH = 500
"""Rows read or named at a time: under SQLite's limit of variables, and the lock is let go in between."""


class StoreCounts(NamedTuple):
    """How much a store holds. Only `pending` counts documents that are not ready."""

    documents: int
    passages: int
    pending: int


class StoreSummary(NamedTuple):
    """What the ready documents are, for `factcheck corpus info`; counts by name, largest first."""

    documents: int
    passages: int
    undated: int
    disputed: int
    earliest: str | None
    latest: str | None
    languages: tuple[tuple[str, int], ...]
    publishers: tuple[tuple[str, int], ...]


class Stamp(NamedTuple):
    """A ready passage and what is known of its document's source, without the text of either."""

    passage_id: str
    document_id: str
    title: str | None
    publisher: str | None
    url: str | None
    published: str | None
    available_from: str | None
    language: str | None
    source_family: str | None
    reliability: str | None

    @property
    def public_from(self) -> date | None:
        """As `Document.public_from`."""
        known = self.published or self.available_from
        return latest_day(known) if known else None


class DocumentStore:
    """Documents and passages in one SQLite file (WAL), safe to share between the threads of a process.

    Several processes may read while one writes; keeping to one writer is the caller's part (`factcheck.index` holds
    a lock file). Everything but `pending` and `counts` sees ready documents only.

    Raises:
        CorpusError: the file cannot be opened, is not a corpus, or is damaged.
        CorpusMismatch: it was written by a newer version of factcheck.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        with self._translated():
            self._db = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            with self._translated():
                self._db.execute("PRAGMA foreign_keys = ON")
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            self._migrate()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file. The store cannot be used afterwards."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> DocumentStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # writing

    def put_pending(self, documents: Iterable[Document], passages: Iterable[Passage]) -> tuple[str, ...]:
        """Write documents with their passages, not yet visible, all of them or none.

        A document that is ready already and unchanged is left as it is; one whose id is known but whose content is
        new replaces the old, which is gone from that moment.

        Returns:
            The ids that are pending now, in the order given.

        Raises:
            ValueError: a passage belongs to none of the documents, or is not at its offsets in it.
        """
        given = {document.id: document for document in documents}
        cut: dict[str, dict[int, Passage]] = {identifier: {} for identifier in given}
        for passage in passages:
            source = given.get(passage.document_id)
            if source is None or source.text[passage.start : passage.end] != passage.text:
                raise ValueError(f"passage {passage.id} is not at its place in a document of this batch")
            cut[passage.document_id][passage.ordinal] = passage
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.transaction() as db:
            new = self._changed(given.values())
            for document in new:
                db.execute("DELETE FROM documents WHERE id = ?", (document.id,))
                values = [getattr(document, name) for name in _FIELDS]
                db.execute(
                    f"INSERT INTO documents ({_COLUMNS}, content_hash, state, added_at)"
                    f" VALUES ({', '.join('?' * len(_FIELDS))}, ?, 'pending', ?)",
                    (*values, content_hash(document), now),
                )
                db.executemany(
                    'INSERT INTO passages (id, document_id, "start", "end", text, ordinal) VALUES (?, ?, ?, ?, ?, ?)',
                    [(p.id, p.document_id, p.start, p.end, p.text, p.ordinal) for p in cut[document.id].values()],
                )
        return tuple(document.id for document in new)

    def mark_ready(self, ids: Iterable[str]) -> None:
        """Make pending documents visible; ids that are not pending are passed over."""
        with self.transaction() as db:
            for identifier in ids:
                db.execute("UPDATE documents SET state = 'ready' WHERE id = ?", (identifier,))

    def take_back(self, ids: Iterable[str]) -> None:
        """Make documents pending again, without passages, so that they can be cut anew."""
        with self.transaction() as db:
            for identifier in ids:
                db.execute("UPDATE documents SET state = 'pending' WHERE id = ?", (identifier,))
                db.execute("DELETE FROM passages WHERE document_id = ?", (identifier,))

    def delete(self, ids: Iterable[str]) -> int:
        """Remove documents, ready or pending, with their passages; returns how many there were."""
        with self.transaction() as db:
            return sum(db.execute("DELETE FROM documents WHERE id = ?", (i,)).rowcount for i in ids)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under a key (the name of the embedding model, ...)."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection inside one write transaction, undone by an error: for what is kept beside the documents."""
        with self._translated(), self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # SQLite undoes it itself where the disk is full
                    self._db.execute("ROLLBACK")
                raise

    def delete_meta(self, key: str) -> None:
        """Forget what is kept under a key."""
        with self.transaction() as db:
            db.execute("DELETE FROM meta WHERE key = ?", (key,))

    # reading

    def get_meta(self, key: str) -> str | None:
        """The value kept under a key, or None."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def changed(self, documents: Iterable[Document]) -> tuple[Document, ...]:
        """Those of the documents that are not ready with the same content: what `add` still has to embed."""
        return self._changed(documents)

    def pending(self) -> tuple[Document, ...]:
        """Documents that a writer left half-way: finish them or delete them before anything is added."""
        return tuple(map(_document, self.rows(f"SELECT {_COLUMNS} FROM documents WHERE state = 'pending' ORDER BY id")))

    def documents(self) -> Iterator[Document]:
        """Every ready document in the order of the ids, read a batch at a time."""
        sql = f"SELECT {_COLUMNS} FROM documents WHERE state = 'ready' AND id > ? ORDER BY id LIMIT {_BATCH}"
        last = ""
        while rows := self.rows(sql, last):
            yield from map(_document, rows)
            last = str(rows[-1][0])

    def document(self, identifier: str) -> Document | None:
        """The ready document of that id, or None."""
        sql = f"SELECT {_COLUMNS} FROM documents WHERE state = 'ready' AND id = ?"
        return next(map(_document, self.rows(sql, identifier)), None)

    def documents_of(self, ids: Iterable[str]) -> tuple[Document, ...]:
        """The ready documents of those ids in the order given; an unknown one is left out."""
        wanted = list(ids)
        found = {row[0]: _document(row) for row in self._named(f"{_READY_DOCUMENTS} AND id", wanted)}
        return tuple(found[identifier] for identifier in wanted if identifier in found)

    def passages(self, ids: Iterable[str]) -> tuple[Passage, ...]:
        """The passages of those ids in the order given; one that no ready document has is left out."""
        wanted = list(ids)
        found = {row[0]: _passage_of(row) for row in self._named(f"{_READY_PASSAGES} AND p.id", wanted)}
        return tuple(found[identifier] for identifier in wanted if identifier in found)

    def stamps(self, passage_ids: Iterable[str]) -> tuple[Stamp, ...]:
        """Where and when those passages are from, in the order given; one that no ready document has is left out.

        No text is read: use this to choose among hundreds of passages, and `passages` and `documents_of` for the few
        that are chosen.
        """
        wanted = list(passage_ids)
        found = {row[0]: Stamp(*row) for row in self._named(_STAMPS, wanted)}
        return tuple(found[identifier] for identifier in wanted if identifier in found)

    def passages_of(self, document_id: str, *, pending: bool = False) -> tuple[Passage, ...]:
        """The passages of one document in their order; of a pending one only when asked for."""
        sql = f"SELECT {_PASSAGE_COLUMNS} FROM passages p WHERE p.document_id = ? ORDER BY p.ordinal"
        sql = sql if pending else f"{_READY_PASSAGES} AND p.document_id = ? ORDER BY p.ordinal"
        return tuple(map(_passage_of, self.rows(sql, document_id)))

    def all_passages(self) -> Iterator[Passage]:
        """Every passage of the ready documents, by document id and place, read a batch at a time."""
        sql = f"""{_READY_PASSAGES} AND (p.document_id, p.ordinal) > (?, ?)
                  ORDER BY p.document_id, p.ordinal LIMIT {_BATCH}"""
        last = ("", -1)
        while rows := self.rows(sql, *last):
            yield from map(_passage_of, rows)
            last = (str(rows[-1][1]), int(rows[-1][5]))

    def passages_in(self, document_ids: Iterable[str]) -> Iterator[Passage]:
        """The passages of those ready documents, read a batch at a time, each document's together and in order."""
        wanted = list(dict.fromkeys(document_ids))
        for i in range(0, len(wanted), _BATCH):
            some = wanted[i : i + _BATCH]
            sql = f"{_READY_PASSAGES} AND p.document_id IN ({', '.join('?' * len(some))})"
            yield from map(_passage_of, self.rows(f"{sql} ORDER BY p.document_id, p.ordinal", *some))

    def hashes(self) -> dict[str, str]:
        """The content hash of every ready document, in the order of the ids."""
        return dict(self.rows("SELECT id, content_hash FROM documents WHERE state = 'ready' ORDER BY id"))

    def counts(self) -> StoreCounts:
        """How many ready documents, their passages, and pending documents there are."""
        sql = f"""SELECT (SELECT count(*) FROM documents WHERE state = 'ready'),
                         (SELECT count(*) FROM ({_READY_PASSAGES})),
                         (SELECT count(*) FROM documents WHERE state = 'pending')"""
        return StoreCounts(*self.rows(sql)[0])

    def summary(self) -> StoreSummary:
        """What the ready documents are: dates, languages, publishers."""
        ready = "FROM documents WHERE state = 'ready'"
        totals = self.rows(
            f"""SELECT coalesce(sum(published IS NULL AND available_from IS NULL), 0),
                       coalesce(sum(reliability IS NOT NULL), 0), min(coalesce(published, available_from)),
                       max(coalesce(published, available_from)) {ready}"""
        )[0]

        def by(column: str) -> tuple[tuple[str, int], ...]:
            rows = self.rows(f"SELECT coalesce({column}, ''), count(*) AS n {ready} GROUP BY 1 ORDER BY n DESC, 1")
            return tuple((str(name), int(n)) for name, n in rows)

        counts = self.counts()
        return StoreSummary(
            documents=counts.documents,
            passages=counts.passages,
            undated=int(totals[0]),
            disputed=int(totals[1]),
            earliest=totals[2],
            latest=totals[3],
            languages=by("language"),
            publishers=by("publisher"),
        )

    def snapshot(self) -> str:
        """An id of the corpus's content: the same for the same ready documents, in whatever order they came."""
        with self._translated():
            digest = hashlib.sha256()
            for row in self.rows("SELECT id, content_hash FROM documents WHERE state = 'ready' ORDER BY id"):
                digest.update(f"{row[0]}\x1f{row[1]}\x1e".encode())
        return f"corpus-{digest.hexdigest()[:16]}"

    def origins_of(self, passage_ids: Iterable[str]) -> dict[str, str]:
        """The origin of each passage: of it and its copies the one public first, itself if it has none.

        A passage that is unknown, or that `factcheck.copies` has not looked at yet, is left out.
        """
        wanted = list(dict.fromkeys(passage_ids))
        found: dict[str, str] = {}
        for i in range(0, len(wanted), _BATCH):
            some = wanted[i : i + _BATCH]
            found.update(
                self.rows(
                    f"""SELECT m.passage_id, (SELECT o.passage_id FROM copy_members o WHERE o.cluster = m.cluster
                                              ORDER BY o.since, o.passage_id LIMIT 1)
                        FROM copy_members m WHERE m.passage_id IN ({", ".join("?" * len(some))})""",
                    *some,
                )
            )
        return found

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query gives, all of it."""
        with self._translated(), self._lock:
            return self._db.execute(sql, values).fetchall()

    # inside

    def _named(self, sql: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The rows whose column, with which `sql` ends, is one of the ids."""
        distinct = list(dict.fromkeys(ids))
        for i in range(0, len(distinct), _BATCH):
            some = distinct[i : i + _BATCH]
            yield from self.rows(f"{sql} IN ({', '.join('?' * len(some))})", *some)

    def _changed(self, documents: Iterable[Document]) -> tuple[Document, ...]:
        def same(document: Document) -> bool:
            sql = "SELECT 1 FROM documents WHERE id = ? AND content_hash = ? AND state = 'ready'"
            return bool(self.rows(sql, document.id, content_hash(document)))

        return tuple(document for document in documents if not same(document))

    def _migrate(self) -> None:
        version = int(self.rows("PRAGMA user_version")[0][0])
        if version > len(MIGRATIONS):
            raise CorpusMismatch(
                f"The corpus at {self.path} has format {version}; this factcheck knows up to {len(MIGRATIONS)}."
                " Upgrade factcheck, or build the corpus again with this version."
            )
        for number in range(version + 1, len(MIGRATIONS) + 1):
            with self.transaction() as db:
                # Another process may have been first while this one waited for the lock.
                if int(db.execute("PRAGMA user_version").fetchone()[0]) < number:
                    for statement in MIGRATIONS[number - 1]:
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors as sentences."""
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise CorpusLocked(
                    f"Another process is writing to the corpus at {self.path}. Try again later."
                ) from error
            raise CorpusError(
                f"The corpus at {self.path} cannot be used ({error}). Check that the directory exists and can be"
                " written, that the disk is not full, and that the file is a factcheck corpus."
            ) from error


def _document(row: Sequence[Any]) -> Document:
    return Document(**dict(zip(_FIELDS, row, strict=True)))


def _passage_of(row: Sequence[Any]) -> Passage:
    names = ("id", "document_id", "start", "end", "text", "ordinal")
    return Passage(**dict(zip(names, row, strict=True)))


def content_hash(document: Document) -> str:
    """SHA-256 (hex) over the document's text and everything known of its source."""
    # Defaults are left out so that a field added to Document later does not make every stored note look changed.
    fields = document.model_dump(mode="json", exclude_defaults=True)
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
