"""Which passages of a corpus are copies of one another, found when they are added and kept beside them.

Candidates come from keys that two passages share: bands of a MinHash over their words in threes (Broder 1997; the
bands as in Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, section 3.4), and whole sentences, so that a
short piece of a long passage is found too. `alike.near_copy` decides on each pair: a number, a date, a name or a
negation that differs keeps passages apart. A cluster is a tree whose head is its longest text: a newcomer is compared
with heads alone, and what was let in through a text that is removed is placed anew.

Texts that are the same are one row with many members, and the clusters looked at for one text are bounded, so a text
that stands in ten thousand documents costs what one that stands in two does.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from factcheck.alike import body, near_copy
from factcheck.corpus import DocumentStore
from factcheck.types import latest_day

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE, BANDS, ROWS = 3, 24, 3
"""Words in a shingle; bands, and rows in a band: passages that share .6 of all their shingles meet with a probability
of .997, with .4 of .8, with .2 of .2."""
MIN_WORDS = 5
"""Shorter passages are copies only of the same text."""
SENTENCE_WORDS = 4
"""From how many words a sentence or a line is a key of its own."""
BUCKET = 32
"""How many texts are read of those that have one key."""
COMMON = 6
"""A sentence that stands in so many clusters is a page's furniture; it is left out of the comparison."""
CHECKED = 8
"""How many clusters one text is compared with; of a cluster only its head is."""
SHARED_WORDS = 0.5
"""Share of the shorter text's words that a copy has at least; below it no closer look is taken."""
SHORT_WORDS = 12
"""A text of fewer different words must stand in the other one with all of them."""
SCHEME = f"words{SHINGLE}/{BANDS}x{ROWS}/sentences{SENTENCE_WORDS}/1"
"""How keys are made. A corpus whose keys were made otherwise makes them again."""

_AT_ONCE = 32
_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"(?<=[.!?…])\s+|\s*\n\s*")


def waiting(store: DocumentStore) -> int:
    """How many passages of ready documents have not been looked at yet: those of a corpus that was made before
    clusters were kept, or whose writer died. `refresh` sees to them."""
    return store.counts().passages - int(store.rows("SELECT count(*) FROM copy_members")[0][0])


def refresh(store: DocumentStore, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Finds the copies of what was added since the last time, and mends the clusters of what was removed.

    The caller holds the corpus's writer lock. Killed at any moment, the next call goes on where this one was.

    Args:
        store: the corpus's documents.
        on_progress: called with the passages done and their number.

    Returns:
        How many passages were placed.
    """
    if store.get_meta("copies") != SCHEME:
        _start_over(store)
    total, done = int(store.rows("SELECT count(*) FROM copy_queue")[0][0]), 0
    while rows := store.rows(
        """SELECT q.passage_id, p.text, d.published, d.available_from FROM copy_queue q
           JOIN passages p ON p.id = q.passage_id JOIN documents d ON d.id = p.document_id
           ORDER BY q.passage_id LIMIT ?""",
        _AT_ONCE,
    ):
        with store.transaction() as db:
            for passage_id, text, published, available_from in rows:
                known = published or available_from
                _place(db, passage_id, text, latest_day(known) if known else date.max)
        done += len(rows)
        if on_progress:
            on_progress(done, total)
    while gone := _numbers(store, "WHERE NOT EXISTS (SELECT 1 FROM copy_members m WHERE m.text = s.text)"):
        with store.transaction() as db:
            for number in gone:
                _forget(db, number)
    # The longest first: it is the head of most of the others.
    while orphans := _numbers(store, "JOIN copy_texts t ON t.id = s.text ORDER BY t.length DESC, t.id"):
        with store.transaction() as db:
            for number in orphans:
                db.execute("DELETE FROM copy_stale WHERE text = ?", (number,))
                if db.execute("SELECT 1 FROM copy_texts WHERE id = ? AND parent IS NULL", (number,)).fetchone():
                    _settle(db, number)
    return done


def _numbers(store: DocumentStore, which: str) -> list[int]:
    return [int(row[0]) for row in store.rows(f"SELECT s.text FROM copy_stale s {which} LIMIT ?", _AT_ONCE)]


def keys_of(text: str) -> tuple[int, ...]:
    """The keys of a passage: `BANDS` numbers of its MinHash, then one for each sentence; none for a very short one."""
    words = _words(body(text))
    if len(words) < MIN_WORDS:
        return ()
    shingles = {" ".join(words[i : i + SHINGLE]).encode() for i in range(len(words) - SHINGLE + 1)}
    sketch = _empty_sketch().copy()
    sketch.update_batch(shingles)
    rows = sketch.hashvalues.reshape(BANDS, ROWS)
    bands = [_key(b"%d:" % number + row.tobytes()) for number, row in enumerate(rows)]
    return (*bands, *dict.fromkeys(key for key, _ in _pieces(text) if key is not None))


@cache
def _empty_sketch() -> MinHash:
    from datasketch import MinHash

    # Made once: drawing the permutations takes ten times as long as using them.
    return MinHash(num_perm=BANDS * ROWS, seed=1, hashfunc=zlib.crc32)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _key(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=4).digest(), "big", signed=True)


def _pieces(text: str) -> Iterator[tuple[int | None, str]]:
    """The sentences and lines of a text with their keys; a very short one has none."""
    for number, part in enumerate(_ENDS.split(text.strip())):
        words = _words(body(part) if number == 0 else part)
        yield _key(b"s:" + " ".join(words).encode()) if len(words) >= SENTENCE_WORDS else None, part


def _without(text: str, common: frozenset[int]) -> str:
    return "\n".join(part for key, part in _pieces(text) if key not in common) if common else text


def _place(db: sqlite3.Connection, passage_id: str, text: str, since: date) -> None:
    """Gives a passage its cluster."""
    same = body(text) or passage_id
    digest = hashlib.blake2b(same.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    row = db.execute("SELECT id FROM copy_texts WHERE digest = ?", (digest,)).fetchone()
    number = int(row[0]) if row else _new_text(db, text, digest)
    db.execute(
        "INSERT OR REPLACE INTO copy_members (passage_id, text, cluster, since)"
        " SELECT ?, id, cluster, ? FROM copy_texts WHERE id = ?",
        (passage_id, since.isoformat(), number),
    )
    db.execute("DELETE FROM copy_queue WHERE passage_id = ?", (passage_id,))
    if not row:
        _settle(db, number)


def _new_text(db: sqlite3.Connection, text: str, digest: bytes) -> int:
    keys = keys_of(text)
    made = db.execute(
        "INSERT INTO copy_texts (digest, cluster, length, keys) VALUES (?, 0, ?, ?)",
        (digest, len(body(text)), array("i", keys).tobytes()),
    )
    number = int(made.lastrowid or 0)
    db.execute("UPDATE copy_texts SET cluster = id WHERE id = ?", (number,))
    db.executemany("INSERT OR IGNORE INTO copy_keys (key, text) VALUES (?, ?)", [(key, number) for key in keys])
    return number


def _settle(db: sqlite3.Connection, number: int) -> None:
    """Joins a text that heads a cluster to the clusters whose head it is a copy of.

    The longer of two heads is the head of both, so that everything in a cluster is a part of its head, or of a part
    of it: two versions of a report that differ in a fact are not joined by a piece that stands in both.
    """
    text, keys, length = _text_of(db, number), _keys(db, number), _length(db, number)
    others, common = _neighbours(db, number, keys)
    mine = _without(text, common)
    for other in others[:CHECKED]:
        whole = _text_of(db, other)
        theirs = _without(whole, common)
        if bool(theirs) != bool(mine):
            continue
        if not (_is_copy(mine, theirs) if mine else _is_copy(text, whole)):
            continue
        if _length(db, other) >= length:
            _put_under(db, number, other)
            return
        _put_under(db, other, number)


def _put_under(db: sqlite3.Connection, head: int, other: int) -> None:
    db.execute("UPDATE copy_texts SET parent = ? WHERE id = ?", (other, head))
    for table in ("copy_texts", "copy_members"):
        db.execute(f"UPDATE {table} SET cluster = ? WHERE cluster = ?", (other, head))


def _neighbours(db: sqlite3.Connection, number: int, keys: Sequence[int]) -> tuple[list[int], frozenset[int]]:
    """The clusters of texts that share keys with one, most keys first, and which sentences are a page's furniture."""
    hits: Counter[tuple[int, int]] = Counter()
    common = set()
    for place, key in enumerate(keys):
        rows = db.execute(
            "SELECT k.text, t.cluster FROM copy_keys k JOIN copy_texts t ON t.id = k.text"
            " WHERE k.key = ? AND t.cluster <> ? ORDER BY k.text LIMIT ?",
            (key, number, BUCKET),
        ).fetchall()
        if place >= BANDS and len({cluster for _, cluster in rows}) >= COMMON:
            common.add(key)
        else:
            hits.update(rows)
    ranked = sorted(hits, key=lambda one: (-hits[one], one))
    return list(dict.fromkeys(cluster for _, cluster in ranked)), frozenset(common)


def _is_copy(a: str, b: str) -> bool:
    short, long = sorted((frozenset(_words(a)), frozenset(_words(b))), key=len)
    shared = len(short & long)
    # One word makes another statement of a short one: `Harga beras naik`, `Harga cabai naik`.
    enough = len(short) if len(short) < SHORT_WORDS else SHARED_WORDS * len(short)
    return 0 < shared >= enough and near_copy(a, b)


def _text_of(db: sqlite3.Connection, number: int) -> str:
    """The text of that number; empty when no passage has it any more."""
    row = db.execute(
        "SELECT p.text FROM copy_members m JOIN passages p ON p.id = m.passage_id WHERE m.text = ? LIMIT 1", (number,)
    ).fetchone()
    return str(row[0]) if row else ""


def _keys(db: sqlite3.Connection, number: int) -> Sequence[int]:
    return array("i", db.execute("SELECT keys FROM copy_texts WHERE id = ?", (number,)).fetchone()[0])


def _length(db: sqlite3.Connection, number: int) -> int:
    return int(db.execute("SELECT length FROM copy_texts WHERE id = ?", (number,)).fetchone()[0])


def _forget(db: sqlite3.Connection, number: int) -> None:
    """Takes out a text that no passage has any more; what was in a cluster for its sake is to be placed anew."""
    orphans = [row[0] for row in db.execute("SELECT id FROM copy_texts WHERE parent = ?", (number,))]
    db.execute("UPDATE copy_texts SET parent = NULL WHERE parent = ?", (number,))
    db.executemany("DELETE FROM copy_keys WHERE key = ? AND text = ?", [(k, number) for k in _keys(db, number)])
    db.execute("DELETE FROM copy_texts WHERE id = ?", (number,))
    db.execute("DELETE FROM copy_stale WHERE text = ?", (number,))
    for orphan in orphans:
        _own_cluster(db, orphan)
        db.execute("INSERT OR IGNORE INTO copy_stale (text) VALUES (?)", (orphan,))


def _own_cluster(db: sqlite3.Connection, head: int) -> None:
    """Numbers a text and everything below it as a cluster."""
    below = """WITH RECURSIVE below (id) AS (
        SELECT ?1 UNION SELECT t.id FROM copy_texts t JOIN below ON t.parent = below.id)"""
    db.execute(f"{below} UPDATE copy_texts SET cluster = ?1 WHERE id IN below", (head,))
    db.execute(f"{below} UPDATE copy_members SET cluster = ?1 WHERE text IN below", (head,))


def _start_over(store: DocumentStore) -> None:
    """Empties the tables and puts every ready passage in the queue."""
    with store.transaction() as db:
        for table in ("copy_members", "copy_keys", "copy_texts", "copy_stale", "copy_queue"):
            db.execute(f"DELETE FROM {table}")
        db.execute(
            "INSERT INTO copy_queue (passage_id) SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
            " WHERE d.state = 'ready'"
        )
        db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('copies', ?)", (SCHEME,))
