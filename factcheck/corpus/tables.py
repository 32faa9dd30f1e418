"""The tables of a corpus, as the steps that make them."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE documents (
            id TEXT PRIMARY KEY, text TEXT NOT NULL, title TEXT, publisher TEXT, url TEXT, author TEXT, published TEXT,
            available_from TEXT, language TEXT, source_family TEXT, reliability TEXT, media_type TEXT NOT NULL,
            content_hash TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'ready')),
            added_at TEXT NOT NULL)""",
        """CREATE TABLE passages (
            id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, ordinal INTEGER NOT NULL, text TEXT NOT NULL,
            UNIQUE (document_id, ordinal))""",
        "CREATE INDEX documents_by_state ON documents (state, id)",
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ),
    # Copies (factcheck.copies): a row for each text with the longer one it is a copy of, the passages that have it, the
    # keys that find it. A passage that becomes ready queues itself; a text that lost its last passage
    # is stale, and so is one that was the copy of such a text.
    (
        """CREATE TABLE copy_texts (
            id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, cluster INTEGER NOT NULL, parent INTEGER,
            length INTEGER NOT NULL, keys BLOB NOT NULL)""",
        "CREATE INDEX copy_texts_by_cluster ON copy_texts (cluster)",
        "CREATE INDEX copy_texts_by_parent ON copy_texts (parent)",
        """CREATE TABLE copy_members (
            passage_id TEXT PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE, text INTEGER NOT NULL,
            cluster INTEGER NOT NULL, since TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX copy_members_by_cluster ON copy_members (cluster, since, passage_id)",
        "CREATE INDEX copy_members_by_text ON copy_members (text)",
        """CREATE TABLE copy_keys (
            key INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (key, text)) WITHOUT ROWID""",
        """CREATE TABLE copy_queue (
            passage_id TEXT PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE) WITHOUT ROWID""",
        "CREATE TABLE copy_stale (text INTEGER PRIMARY KEY)",
        """CREATE TRIGGER copy_of_ready AFTER UPDATE OF state ON documents
           WHEN NEW.state = 'ready' AND OLD.state <> 'ready' BEGIN
             INSERT OR IGNORE INTO copy_queue (passage_id) SELECT id FROM passages WHERE document_id = NEW.id;
           END""",
        """CREATE TRIGGER copy_gone AFTER DELETE ON copy_members
           WHEN NOT EXISTS (SELECT 1 FROM copy_members WHERE text = OLD.text) BEGIN
             INSERT OR IGNORE INTO copy_stale (text) VALUES (OLD.text);
           END""",
        """INSERT INTO copy_queue (passage_id)
           SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id WHERE d.state = 'ready'""",
    ),
    ("ALTER TABLE documents ADD COLUMN unseen TEXT",),
)
"""Numbered from 1; each is applied once, in one transaction, and never edited after it has been released."""
