"""Files to documents, documents to passages, and the store that keeps both."""

from __future__ import annotations

import json
import sqlite3
import threading
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.corpus import BadFile, DocumentStore, content_hash, load_documents, split_passages
from factcheck.corpus import store as store_module
from factcheck.errors import CorpusError, CorpusLocked, CorpusMismatch, ReadError
from factcheck.types import Document, Passage

NOTE = """---
title: "Putin arrives: a visit"
publisher: TASS
url: https://example.org/putin
published: 2024-06-19
available_from: 2024-06
language: no
source_family: TASS
reliability: disputed
author: A. Writer
colour: blue
---
The body begins here.
It goes on.
"""


def good(path: Path, available_from: str | None = None) -> list[Document]:
    items = list(load_documents(path, available_from))
    assert not [item for item in items if isinstance(item, BadFile)]
    return [item for item in items if isinstance(item, Document)]


def rows(path: Path, *lines: object) -> Path:
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="")
    return path


# --- files --------------------------------------------------------------------------------------------------------


def test_front_matter_gives_the_fields_and_the_body_is_the_text(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(NOTE)
    [document] = good(tmp_path)
    assert document.text == "The body begins here.\nIt goes on.\n"
    assert (document.title, document.publisher, document.author) == ("Putin arrives: a visit", "TASS", "A. Writer")
    assert (document.published, document.available_from) == ("2024-06-19", "2024-06")
    assert document.language == "no"  # not the YAML boolean
    assert (document.source_family, document.reliability) == ("TASS", "disputed")
    assert document.url == "https://example.org/putin"


def test_a_directory_is_read_recursively_in_order_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("c.txt", "a.md", "b/z.txt", ".hidden.md", ".git/x.txt"):
        (tmp_path / name).write_text(f"The note that is called {name}.")
    assert [d.text for d in good(tmp_path)] == [f"The note that is called {n}." for n in ("a.md", "b/z.txt", "c.txt")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("published: 2024-13-40", "'published' is '2024-13-40'"),
        ("published: yesterday", "'published' is 'yesterday'"),
        ("available_from: 2024-02-30", "'available_from'"),
        ("reliability: dubious", "disputed, superseded, weak_source"),
        ("language: Bahasa Indonesia", "'language'"),
        ("title: [a, b]", "'title'"),
        ("title: 'unclosed", "not YAML in line"),
    ],
)
def test_bad_front_matter_is_reported_and_the_rest_goes_on(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "a.md").write_text(f"---\n{line}\n---\nThe body.\n")
    (tmp_path / "b.md").write_text("---\ntitle: Fine\n---\nAnother body.\n")
    bad, document = load_documents(tmp_path)
    assert isinstance(bad, BadFile) and bad.path.endswith("a.md") and bad.line is None and said in bad.reason
    assert isinstance(document, Document) and document.title == "Fine"


def test_unclosed_front_matter_is_an_error_and_a_rule_is_not_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Open\nThe body.\n")
    (tmp_path / "b.md").write_text("---\nJust a rule above.\n---\nAnd text.\n")
    bad, document = load_documents(tmp_path)
    assert isinstance(bad, BadFile) and "not closed" in bad.reason
    assert isinstance(document, Document) and document.text.startswith("---\nJust a rule")


def test_yaml_that_attacks_is_only_text(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: !!python/object/apply:os.system ['true']\n---\nThe body.\n")
    bombs = "\n".join(f"x{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9) if i else 'lol'}]" for i in range(30))
    (tmp_path / "b.md").write_text(f"---\n{bombs}\ntitle: *a29\n---\nThe body.\n")
    (tmp_path / "c.md").write_text(f"---\ntitle: {'[' * 20000}\n---\nThe body.\n")
    items = list(load_documents(tmp_path))
    assert [isinstance(item, BadFile) for item in items] == [True, True, True]


def test_files_that_cannot_be_read_are_named_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A good note about something.")
    (tmp_path / "b.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "c.xyz").write_text("unknown kind")
    (tmp_path / "d.txt").write_text("  \n ")
    (tmp_path / "e.pdf").write_bytes(b"%PDF-1.4 and then nothing of use")
    (tmp_path / "f.txt").symlink_to(tmp_path / "nowhere")
    items = list(load_documents(tmp_path))
    bad = [item for item in items if isinstance(item, BadFile)]
    assert len(items) == 6
    assert [Path(item.path).name for item in bad] == ["b.txt", "c.xyz", "d.txt", "e.pdf", "f.txt"]
    assert "binary" in bad[0].reason and ".xyz" in bad[1].reason and str(bad[0]).startswith(bad[0].path)


def test_a_pipe_in_a_directory_does_not_hold_up_the_reader(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "z.txt").write_text("A good note about something.")
    assert len(good(tmp_path)) == 1


def test_nothing_at_the_path_and_a_bad_date_are_errors_at_once(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no file or directory"):
        load_documents(tmp_path / "absent")
    with pytest.raises(CorpusError, match="available-from"):
        load_documents(tmp_path, available_from="soon")


def test_available_from_is_given_only_to_documents_without_a_date(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A note without a date.")
    (tmp_path / "b.md").write_text("---\npublished: 2020\n---\nA note with a year.\n")
    rows(tmp_path / "c.jsonl", {"doc_id": "c1", "text": "A row without a date."})
    first, second, third = good(tmp_path, "2024-06-19")
    assert (first.available_from, first.published) == ("2024-06-19", None)
    assert (second.available_from, second.published) == (None, "2020")
    assert (third.id, third.available_from) == ("c1", "2024-06-19")
    assert first.id == Document.from_text(first.text, **first.model_dump(exclude={"id", "text"})).id
    assert [d.available_from for d in good(tmp_path)] == [None, None, None]


def test_jsonl_rows_keep_their_ids_and_fields(tmp_path: Path) -> None:
    path = rows(
        tmp_path / "c.jsonl",
        {"doc_id": "fm2:1", "title": "Gandhi (film)", "text": "A film\u2028about Gandhi.", "published": 1982},
        "\n",
        {"text": "Tanpa pengenal, dalam bahasa Indonesia yang baik dan benar.", "url": "Metadata", "stance": "x"},
        {"text": "Third row here.", "published": "2024-06-19T10:30:00+07:00", "title": " A\ttitle\x1b[31m\n"},
    )
    first, second, third = good(path)
    assert (first.id, first.title, first.published, first.text) == (
        "fm2:1", "Gandhi (film)", "1982", "A film\u2028about Gandhi.",
    )  # fmt: skip
    assert second.id.startswith("doc-") and second.url is None and second.language == "id"
    assert third.published == "2024-06-19" and third.title == "A title [31m"


def test_hostile_rows_are_reported_by_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    hostile: list[tuple[object, str]] = [
        ("{not json}\n", "not JSON"),
        ("[1, 2]\n", "not a JSON object"),
        ({"title": "no text"}, "no 'text'"),
        ({"text": 5}, "no 'text'"),
        ({"text": "  "}, "no text"),
        ("[" * 100_000 + "\n", "nested"),
        ('{"text": "half a pair \\ud800 here"}\n', "surrogate"),
        ('{"text": "fine", "title": "\\udfff"}\n', "surrogate"),
        ({"text": "fine text", "doc_id": ""}, "'doc_id'"),
        ({"text": "fine text", "doc_id": "x" * 201}, "'doc_id'"),
        ({"text": "fine text", "doc_id": 7.5}, "'doc_id'"),
        ({"text": "fine text", "doc_id": "a\nb"}, "'doc_id'"),
        ({"text": "fine text", "published": "19/06/2024"}, "'published'"),
        ({"text": "fine text", "published": {"a": 1}}, "'published'"),
        ('{"text": "fine text", "published": 1' + "0" * 5000 + "}\n", "JSON"),
        ({"text": "fine text", "title": "t" * 3000}, "longer than"),
        ({"text": "\0" * 50}, "binary"),
    ]
    path = rows(tmp_path / "h.jsonl", *[row for row, _ in hostile], {"text": "The last row is a good one."})
    *bad, last = load_documents(path)
    assert [b.line for b in bad if isinstance(b, BadFile)] == list(range(1, len(hostile) + 1))
    for item, (_, said) in zip(bad, hostile, strict=True):
        assert isinstance(item, BadFile) and said in item.reason, item
    assert isinstance(last, Document) and last.text == "The last row is a good one."


def test_rows_in_another_encoding_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "First row."}\n{"text": "caf\xe9"}\r\n{"text": "Third row."}')
    first, bad, third = load_documents(path)
    assert isinstance(first, Document) and isinstance(third, Document)
    assert isinstance(bad, BadFile) and bad.line == 2 and "UTF-8" in bad.reason


def test_the_same_document_comes_once_and_a_second_one_under_its_id_is_bad(tmp_path: Path) -> None:
    one = {"doc_id": "a", "text": "The first text."}
    path = rows(tmp_path / "d.jsonl", one, one, {"doc_id": "a", "text": "Another text."})
    (tmp_path / "x.txt").write_text("The same note twice.")
    (tmp_path / "y.txt").write_text("The same note twice.")
    items = list(load_documents(tmp_path))
    assert [i.text for i in items if isinstance(i, Document)] == ["The first text.", "The same note twice."]
    [bad] = [i for i in items if isinstance(i, BadFile)]
    assert bad.line == 3 and f"line 1 of {path}" in bad.reason


# --- passages -----------------------------------------------------------------------------------------------------


def assert_whole(document: Document, passages: tuple[Passage, ...], max_chars: int = 700) -> None:
    covered = set()
    for n, passage in enumerate(passages):
        assert document.text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert 0 < len(passage.text) <= max_chars and passage.ordinal == n and passage.document_id == document.id
        covered.update(range(passage.start, passage.end))
    assert all(i in covered for i, char in enumerate(document.text) if not char.isspace())
    assert len({p.id for p in passages}) == len(passages)
    assert [p.start for p in passages] == sorted(p.start for p in passages)


def test_a_short_document_is_one_passage_trimmed() -> None:
    document = Document.from_text("\r\n  Satu kalimat. Dua kalimat. \n")
    [passage] = split_passages(document)
    assert passage.text == "Satu kalimat. Dua kalimat." and passage.start == 4
    assert split_passages(document) == (passage,)
    assert split_passages(Document.from_text(" \n ")) == ()


def test_passages_overlap_by_a_sentence_inside_a_paragraph() -> None:
    document = Document.from_text(" ".join(f"This is sentence number {n} of the paragraph." for n in range(60)))
    passages = split_passages(document)
    assert_whole(document, passages)
    assert len(passages) > 3
    for before, after in pairwise(passages):
        shared = document.text[after.start : before.end]
        assert shared.count("This is sentence number") == 1
    assert all(p.text.endswith(".") and p.text.startswith("This") for p in passages)
    apart = split_passages(document, overlap_sentences=0)
    assert all(before.end < after.start for before, after in pairwise(apart))


def test_passages_prefer_to_end_with_a_paragraph_and_do_not_reach_over_a_blank_line() -> None:
    paragraph = " ".join(f"This is sentence number {n} of it." for n in range(14))
    document = Document.from_text("\n\n".join([paragraph] * 4))
    passages = split_passages(document)
    assert_whole(document, passages)
    assert [p.text for p in passages] == [paragraph] * 4


def test_a_very_long_sentence_is_cut_between_words() -> None:
    document = Document.from_text("kata " * 1000 + "akhir.")
    passages = split_passages(document)
    assert_whole(document, passages)
    assert all(set(p.text.split()) <= {"kata", "akhir."} for p in passages)
    for text in ("x" * 5000, unicodedata.normalize("NFD", "é") * 2000, "漢字" * 1500):
        whole = Document.from_text(text)
        parts = split_passages(whole)
        assert_whole(whole, parts)
        assert not any(unicodedata.combining(p.text[0]) for p in parts)


def test_offsets_hold_with_crlf_and_decomposed_letters() -> None:
    line = unicodedata.normalize("NFD", "Café Zürich melaporkan kenaikan 3,5 persen. ")
    document = Document.from_text("\r\n".join([line * 4] * 12))
    assert_whole(document, split_passages(document))


def test_a_long_article_is_cut_quickly() -> None:
    sentence = "Pada 2023 perdagangan kedua negara naik dua belas kali lipat menurut Ushakov. "
    document = Document.from_text((sentence * 6 + "\n") * 430)
    assert len(document.text) > 200_000
    passages = split_passages(document)
    assert_whole(document, passages)
    assert len(passages) > 280


@given(st.text(alphabet='ab. \n\r\u0301漢\u2028"A1,', max_size=400), st.integers(5, 60), st.integers(0, 2))
def test_any_text_is_covered_with_exact_offsets(text: str, max_chars: int, overlap: int) -> None:
    document = Document.from_text(text)
    assert_whole(document, split_passages(document, max_chars, overlap), max_chars)


# --- the store ----------------------------------------------------------------------------------------------------


def some(n: int, **fields: str) -> list[Document]:
    return [Document.from_text(f"Document number {i} says something. " * 40, title=f"T{i}", **fields) for i in range(n)]


def put(store: DocumentStore, documents: list[Document], ready: bool = True) -> tuple[str, ...]:
    ids = store.put_pending(documents, [p for d in documents for p in split_passages(d)])
    if ready:
        store.mark_ready(ids)
    return ids


@pytest.fixture
def store(tmp_path: Path):
    with DocumentStore(tmp_path / "corpus.sqlite") as opened:
        yield opened


def test_documents_and_passages_come_back_as_they_were(store: DocumentStore) -> None:
    documents = some(3, publisher="TASS", published="2024-06", language="en", reliability="disputed", url="https://a.b")
    put(store, documents)
    assert list(store.documents()) == sorted(documents, key=lambda d: d.id)
    assert store.document(documents[1].id) == documents[1]
    expected = {d.id: split_passages(d) for d in documents}
    assert store.passages_of(documents[2].id) == expected[documents[2].id]
    assert list(store.all_passages()) == [p for d in sorted(expected) for p in expected[d]]
    wanted = [expected[d.id][-1] for d in reversed(documents)]
    assert store.passages(["unknown", *(p.id for p in wanted)]) == tuple(wanted)
    assert store.counts() == (3, sum(map(len, expected.values())), 0)


def test_many_are_read_at_once_in_the_order_asked_for(store: DocumentStore) -> None:
    documents = some(3, publisher="TASS", published="2024-06", language="en", reliability="disputed", url="https://a.b")
    documents += some(1200, available_from="2023", source_family="KCNA")
    put(store, documents)
    wanted = [*reversed(documents), documents[0]]
    assert store.documents_of(["unknown", *(d.id for d in wanted)]) == tuple(wanted)
    first = {d.id: split_passages(d)[0] for d in documents}
    stamps = store.stamps(["unknown", *(first[d.id].id for d in wanted)])
    assert [s.passage_id for s in stamps] == [first[d.id].id for d in wanted]
    known = ("title", "publisher", "url", "published", "available_from", "language", "source_family", "reliability")
    for stamp, document in zip(stamps, wanted, strict=True):
        assert stamp.document_id == document.id and stamp.public_from == document.public_from
        assert [getattr(stamp, name) for name in known] == [getattr(document, name) for name in known]
    assert store.documents_of([]) == () and store.stamps([]) == ()


def test_the_few_that_are_named_are_looked_up_and_not_searched_for(store: DocumentStore) -> None:
    put(store, some(300))
    ids = [passage.id for passage in store.all_passages()][:200]
    for sql in (store_module._STAMPS, f"{store_module._READY_PASSAGES} AND p.id"):
        plan = store.rows(f"EXPLAIN QUERY PLAN {sql} IN ({', '.join('?' * len(ids))})", *ids)
        assert [row[3].split(" USING")[0] for row in plan] == ["SEARCH p", "SEARCH d"] and "id=?" in plan[0][3]


def test_every_field_of_a_document_has_a_column() -> None:
    assert set(store_module._FIELDS) == set(Document.model_fields), "add a migration for the new field"


def test_pending_documents_are_never_seen(store: DocumentStore) -> None:
    documents = some(2)
    ids = put(store, documents, ready=False)
    assert ids == tuple(d.id for d in documents)
    assert (list(store.documents()), list(store.all_passages()), store.document(ids[0])) == ([], [], None)
    some_id = split_passages(documents[0])[0].id
    assert store.passages([some_id]) == () and store.passages_of(ids[0]) == ()
    assert store.documents_of(ids) == () and store.stamps([some_id]) == ()
    assert store.passages_of(ids[0], pending=True) == split_passages(documents[0])
    assert store.counts() == (0, 0, 2)
    assert store.summary().documents == 0 and store.summary().languages == ()
    assert set(store.pending()) == set(documents)


def test_a_crash_half_way_leaves_pending_documents_to_finish(tmp_path: Path) -> None:
    documents = some(4)
    with DocumentStore(tmp_path / "c.sqlite") as store:
        put(store, documents[:2])
        before = store.snapshot()
        put(store, documents[2:], ready=False)
    with DocumentStore(tmp_path / "c.sqlite") as store:  # the process after the one that died between the two steps
        assert store.snapshot() == before and store.counts().documents == 2
        left = store.pending()
        assert {d.id for d in left} == {d.id for d in documents[2:]}
        store.mark_ready(d.id for d in left)
        assert store.counts().documents == 4 and store.pending() == ()


def test_a_failure_inside_a_batch_writes_nothing_of_it(store: DocumentStore) -> None:
    first, second = some(2)
    passages = [*split_passages(first), *split_passages(second)]
    clash = passages[-1].model_copy(update={"id": passages[0].id})
    with pytest.raises(CorpusError):
        store.put_pending([first, second], [*passages[:-1], clash])
    assert store.counts() == (0, 0, 0)
    put(store, [first, second])
    assert store.counts().documents == 2


def test_a_passage_that_is_not_in_its_document_is_refused(store: DocumentStore) -> None:
    first, second = some(2)
    with pytest.raises(ValueError, match="not at its place"):
        store.put_pending([first], split_passages(second))
    with pytest.raises(ValueError, match="not at its place"):
        store.put_pending([first], [split_passages(first)[0].model_copy(update={"text": "x" * 1})])
    assert store.counts() == (0, 0, 0)


def test_adding_again_changes_nothing(store: DocumentStore) -> None:
    documents = some(3)
    put(store, documents)
    before = (store.snapshot(), store.counts())
    assert store.changed(documents) == ()
    assert put(store, documents) == ()
    assert (store.snapshot(), store.counts()) == before
    assert store.pending() == ()


def test_a_new_version_under_a_known_id_replaces_the_old(store: DocumentStore) -> None:
    old = Document(id="a", text="The old words of the note.")
    new = Document(id="a", text="The new words.")
    put(store, [old])
    snapshot = store.snapshot()
    assert store.changed([old, new]) == (new,)
    assert put(store, [new], ready=False) == ("a",)
    assert store.document("a") is None and store.pending() == (new,)
    store.mark_ready(["a"])
    assert store.document("a") == new and store.snapshot() != snapshot
    assert [p.text for p in store.all_passages()] == ["The new words."]


def test_the_snapshot_depends_on_content_and_not_on_order(tmp_path: Path) -> None:
    documents = some(5)
    with DocumentStore(tmp_path / "a") as a, DocumentStore(tmp_path / "b") as b:
        put(a, documents)
        for document in reversed(documents):
            put(b, [document])
        assert a.snapshot() == b.snapshot()
        seen = {a.snapshot()}
        assert a.delete([documents[0].id, "unknown"]) == 1
        seen.add(a.snapshot())
        put(a, [documents[0].model_copy(update={"reliability": "superseded"})])
        seen.add(a.snapshot())
        put(a, [documents[0]])
        assert len(seen) == 3 and a.snapshot() == b.snapshot()
        put(b, some(7), ready=False)
        assert a.snapshot() == b.snapshot()


def test_the_content_hash_sees_every_field_and_not_new_defaults() -> None:
    document = Document.from_text("A text.", title="T")
    assert content_hash(document) == content_hash(Document.model_validate(document.model_dump()))
    changed = {content_hash(document.model_copy(update={f: "2024"})) for f in set(Document.model_fields) - {"title"}}
    assert len(changed) == len(Document.model_fields) - 1 and content_hash(document) not in changed


def test_deleting_takes_the_passages_too(store: DocumentStore) -> None:
    documents = some(2)
    put(store, documents)
    assert store.delete([documents[0].id]) == 1
    assert {p.document_id for p in store.all_passages()} == {documents[1].id}
    assert store.delete([documents[0].id]) == 0


def test_meta_and_summary(store: DocumentStore) -> None:
    assert store.get_meta("model") is None
    store.set_meta("model", "a")
    store.set_meta("model", "b")
    assert store.get_meta("model") == "b"
    put(
        store,
        [
            Document.from_text("One.", language="id", publisher="TASS", published="2024-06-19"),
            Document.from_text("Two.", language="id", publisher="KCNA", available_from="2000-07"),
            Document.from_text("Three.", language="en", reliability="weak_source"),
        ],
    )
    summary = store.summary()
    assert summary.languages == (("id", 2), ("en", 1))
    assert summary.publishers == (("", 1), ("KCNA", 1), ("TASS", 1))
    assert (summary.undated, summary.disputed, summary.earliest, summary.latest) == (1, 1, "2000-07", "2024-06-19")
    assert (summary.documents, summary.passages) == (3, 3)


def test_more_documents_than_a_batch_stream_whole(store: DocumentStore) -> None:
    documents = [Document(id=f"d{n:05}", text=f"Text {n}.") for n in range(1203)]
    put(store, documents)
    assert list(store.documents()) == documents
    passages = list(store.all_passages())
    assert len(passages) == 1203 and store.passages(p.id for p in passages) == tuple(passages)


def test_threads_share_a_store(store: DocumentStore) -> None:
    documents = some(40)
    problems: list[BaseException] = []

    def work(mine: list[Document]) -> None:
        try:
            for document in mine:
                put(store, [document])
                assert store.document(document.id) == document
                assert all(p.text for p in store.all_passages())
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(documents[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [] and store.counts().documents == 40


def test_migrations_run_once_and_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with DocumentStore(path) as store:
        put(store, some(1))
    with DocumentStore(path) as store:
        assert store.counts().documents == 1
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(store_module.MIGRATIONS)
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(CorpusMismatch, match="format 99"):
        DocumentStore(path)


def test_what_is_no_corpus_and_where_none_can_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "junk").write_text("This is no database at all. " * 100)
    with pytest.raises(CorpusError, match="cannot be used"):
        DocumentStore(tmp_path / "junk")
    with pytest.raises(CorpusError, match="directory exists"):
        DocumentStore(tmp_path / "absent" / "c.sqlite")


def test_another_writer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with DocumentStore(path) as store:
        store._db.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CorpusLocked, match="Another process"):
            store.set_meta("a", "b")
        assert store.counts().documents == 0  # readers are not held up
        other.execute("ROLLBACK")
        other.close()
        store.set_meta("a", "b")
