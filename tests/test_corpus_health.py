from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import claim, result
from fakes_embedder import HashingEmbedder
from filelock import FileLock

from factcheck.care import health
from factcheck.care.health import Health, Trouble, examine, repair
from factcheck.errors import CorpusError
from factcheck.index import LAYOUT, Corpus, indexed_text
from factcheck.lexical import disk
from factcheck.types import Document

TODAY = date(2026, 1, 1)


def notes(count: int, **fields: object) -> list[Document]:
    known: dict[str, Any] = {"language": "id", "publisher": "Antara", "published": "2024-06-18", **fields}
    return [
        Document.from_text(f"Catatan nomor {i} tentang jembatan {i * 7} di Kota {i}.", **known) for i in range(count)
    ]


LONG = " ".join(f"Kalimat nomor {i} berisi angka {i * 13} tentang Kota {i}." for i in range(60))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A corpus that nobody has open."""
    with Corpus.create(tmp_path / "corpus", HashingEmbedder()) as made:
        made.add([*notes(20), Document(text=LONG, id="doc-long", language="id", publisher="P", published="2024")])
        made.remember(
            "run-1", date(2024, 6, 19), [result(claim("Jembatan 7 di Kota 1 dibuka pada 2023."), "not_enough_evidence")]
        )
    return tmp_path / "corpus"


@pytest.fixture
def corpus(place: Path) -> Iterator[Corpus]:
    with Corpus.open(place, HashingEmbedder(), reindexing=True) as opened:
        yield opened


def found(health: Health) -> dict[str, Trouble]:
    return {trouble.name: trouble for trouble in health.troubles}


def change(place: Path, sql: str, *values: object) -> None:
    db = sqlite3.connect(place / "corpus.sqlite3", isolation_level=None)
    assert db.execute(sql, values).rowcount
    db.close()


def spoil(corpus: Corpus, *ids: str, drop: bool = False, collection: str = "passages") -> None:
    with corpus.writing() as inside:
        if drop:
            inside.vectors.delete(collection, ids, inside.generation)
        else:
            zeros = np.zeros((len(ids), corpus.embedder.dimension), np.float32)
            kept = inside.vectors.entries(collection, inside.generation, ids)
            metadatas = [kept.get(key, {"document_id": "gone"}) for key in ids]
            inside.vectors.upsert(collection, ids, zeros, metadatas, inside.generation)


def passages(corpus: Corpus) -> list[str]:
    return [passage.id for passage in corpus.inside().store.all_passages()]


def is_whole(corpus: Corpus) -> None:
    """Every passage has its vector, and no vector is over."""
    inside = corpus.inside()
    ids = passages(corpus)
    assert inside.vectors.ids("passages", inside.generation) == set(ids)
    stored = corpus.passage_vectors(ids)
    for key in ids:
        passage = corpus.passage(key)
        assert passage is not None
        (of,) = corpus.documents_of([passage.document_id])
        assert stored[key] == pytest.approx(corpus.embedder.passages([indexed_text(passage, of)], ["id"])[0], abs=1e-5)


def test_a_sound_corpus_has_no_troubles(corpus: Corpus) -> None:
    seen = examine(corpus, TODAY)
    assert seen.troubles == () and seen.faults == ()
    assert seen.documents == 21 and seen.passages == len(passages(corpus)) > 22
    assert seen.snapshot == corpus.snapshot


def test_an_empty_one_is_told(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "empty", HashingEmbedder()) as corpus:
        seen = examine(corpus, TODAY)
    assert [trouble.name for trouble in seen.troubles] == ["empty"] and not seen.faults


def test_missing_and_orphan_vectors_in_equal_number(corpus: Corpus) -> None:
    first, second, *_ = passages(corpus)
    spoil(corpus, first, second, drop=True)
    with corpus.writing() as inside:
        vectors = np.ones((2, corpus.embedder.dimension), np.float32)
        inside.vectors.upsert("passages", ["p-x", "p-y"], vectors, [{"document_id": "x"}] * 2, inside.generation)
    seen = found(examine(corpus, TODAY))
    assert set(seen) == {"missing vectors", "orphan vectors"}
    assert set(seen["missing vectors"].ids) == {first, second} and seen["orphan vectors"].ids == ("p-x", "p-y")
    assert all(trouble.severity == "fault" and trouble.mendable for trouble in seen.values())
    after = repair(corpus)
    assert after.faults == ()
    assert after.mended == ("2 vectors without a passage were removed.", "2 passages were embedded.")
    is_whole(corpus)


def test_vectors_of_zeros(corpus: Corpus) -> None:
    some = passages(corpus)[3:6]
    spoil(corpus, *some)
    (key,) = corpus.inside().vectors.ids("claims", corpus.inside().generation)
    spoil(corpus, key, collection="claims")
    seen = found(examine(corpus, TODAY))
    assert set(seen) == {"bad vectors", "bad vectors of claims"} and seen["bad vectors"].count == 3
    after = repair(corpus)
    assert after.faults == () and after.mended == ("3 passages were embedded.", "1 checked claims were embedded again.")
    is_whole(corpus)
    assert corpus.matches(claim("Jembatan 7 di Kota 1 dibuka pada 2023."))[0].text


def test_numbers_that_are_none_in_the_file_of_the_vectors(place: Path) -> None:
    with Corpus.open(place, HashingEmbedder()) as corpus:
        corpus.add(notes(1200, title="Kabar"))  # from 1,000 on Chroma keeps vectors in files of their own
        key = corpus.inside().store.passages_of(notes(20)[7].id)[0].id
        stored = corpus.passage_vectors([key])[key]
    file = max(place.glob("chroma/*/data_level0.bin"), key=lambda path: path.stat().st_size)
    data = np.frombuffer(file.read_bytes(), np.float32).copy()
    width = len(stored)
    starts = np.flatnonzero(np.isclose(data[:-width], stored[0], atol=1e-6))
    start = next(i for i in starts if np.allclose(data[i : i + width], stored, atol=1e-6))
    data[start : start + width] = np.nan
    file.write_bytes(data.tobytes())
    with Corpus.open(place, HashingEmbedder(), reindexing=True) as corpus:
        assert found(examine(corpus, TODAY))["bad vectors"].ids == (key,)
        assert repair(corpus).faults == ()
        is_whole(corpus)


def test_a_document_left_pending(corpus: Corpus) -> None:
    first = notes(1)[0]
    change(corpus.directory, "UPDATE documents SET state = 'pending' WHERE id = ?", first.id)
    seen = found(examine(corpus, TODAY))
    assert seen["pending documents"].ids == (first.id,)
    after = repair(corpus)
    assert after.faults == () and after.mended == ("1 pending documents were finished.",)
    assert corpus.document(first.id) == first


@pytest.mark.parametrize(
    "sql",
    [
        """UPDATE passages SET "start" = "start" + 1, "end" = "end" + 1
           WHERE document_id = 'doc-long' AND ordinal = 1""",
        """UPDATE passages SET "end" = "end" - 3 WHERE document_id = 'doc-long' AND ordinal = 0""",
        "UPDATE passages SET text = 'x' WHERE document_id = 'doc-long' AND ordinal = 2",
    ],
)
def test_passages_that_are_not_at_their_place(corpus: Corpus, sql: str) -> None:
    before, snapshot = passages(corpus), corpus.snapshot
    change(corpus.directory, sql)
    seen = found(examine(corpus, TODAY))
    assert seen["misplaced passages"].ids == ("doc-long",)
    after = repair(corpus)
    assert after.faults == () and "1 documents were cut into passages again." in after.mended
    assert passages(corpus) == before and corpus.snapshot == snapshot
    is_whole(corpus)


def test_a_document_without_passages(corpus: Corpus) -> None:
    before = passages(corpus)
    change(corpus.directory, "DELETE FROM passages WHERE document_id = 'doc-long'")
    assert {"uncut documents", "orphan vectors"} == set(found(examine(corpus, TODAY)))
    assert repair(corpus).faults == ()
    assert passages(corpus) == before
    is_whole(corpus)


def test_what_was_changed_behind_our_back_is_told_and_left(corpus: Corpus) -> None:
    change(corpus.directory, "UPDATE documents SET title = 'other' WHERE id = 'doc-long'")
    change(corpus.directory, "UPDATE documents SET published = 'soon' WHERE id = ?", notes(1)[0].id)
    seen = found(repair(corpus))
    assert seen["altered documents"].ids == ("doc-long",) and not seen["altered documents"].mendable
    assert seen["unreadable documents"].ids == (notes(1)[0].id,)
    assert {trouble.severity for trouble in seen.values()} == {"fault"}


@pytest.mark.parametrize(
    ("embedder", "word"),
    [
        (HashingEmbedder(name="another"), '"hashing", now "another"'),
        (HashingEmbedder(revision="2"), 'revision "1", now "2"'),
        (HashingEmbedder(dimension=64), "dimension 256, now 64"),
    ],
)
def test_another_model_is_told_and_nothing_is_mixed(place: Path, embedder: HashingEmbedder, word: str) -> None:
    with Corpus.open(place, HashingEmbedder()) as corpus:
        spoil(corpus, passages(corpus)[0], drop=True)
    with Corpus.open(place, embedder, reindexing=True) as corpus:
        seen = repair(corpus)
        assert seen.mended == ()
        assert word in found(seen)["another model"].sentence and "reindex" in found(seen)["another model"].sentence
        assert "reindex" in found(seen)["missing vectors"].sentence
        corpus.reindex()
        assert examine(corpus, TODAY).faults == ()


@pytest.mark.parametrize("damage", ["nonsense", "malformed", "gone"])
def test_vectors_that_cannot_be_read_are_made_anew(place: Path, damage: str) -> None:
    file = place / "chroma" / "chroma.sqlite3"
    match damage:
        case "nonsense":
            file.write_bytes(b"nonsense" * 100)
        case "malformed":
            data = bytearray(file.read_bytes())
            data[4096:40960] = b"\xa5" * 36864
            file.write_bytes(data)
        case "gone":
            shutil.rmtree(place / "chroma")
    with Corpus.open(place, HashingEmbedder(), reindexing=True) as corpus:
        before = found(examine(corpus, TODAY))
        assert set(before) == {"missing collections"} if damage == "gone" else {"damaged vectors"} <= set(before)
        after = repair(corpus)
        assert after.faults == () and after.mended
        is_whole(corpus)
        assert (place / "chroma-damaged-1").exists() == (damage != "gone")
        assert corpus.lexical("jembatan", 1, "id")
        assert examine(corpus, TODAY).troubles == ()


def test_claims_are_carried_over_where_only_the_graph_is_damaged(place: Path) -> None:
    with Corpus.open(place, HashingEmbedder()) as corpus:
        corpus.add(notes(1200, publisher="Kompas"))
    for file in place.glob("chroma/*/data_level0.bin"):
        file.write_bytes(b"\xff" * 100)
    with Corpus.open(place, HashingEmbedder(), reindexing=True) as corpus:
        assert "damaged vectors" in found(examine(corpus, TODAY))
        after = repair(corpus)
        assert after.faults == () and "1 checked claims carried over" in after.mended[0]
        assert corpus.info().claims == 1
        is_whole(corpus)


def test_a_damaged_file_of_documents(place: Path) -> None:
    with Corpus.open(place, HashingEmbedder()) as corpus:
        corpus.add(notes(600, publisher="Kompas"))
    file = place / "corpus.sqlite3"
    data = bytearray(file.read_bytes())
    half = len(data) // 2
    data[half:] = b"\xa5" * (len(data) - half)
    file.write_bytes(data)
    with Corpus.open(place, HashingEmbedder(), reindexing=True) as corpus:
        seen = repair(corpus)
    assert found(seen)["damaged file"].severity == "fault" and seen.mended == () and seen.snapshot is None


def test_a_file_that_is_no_database_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "corpus.sqlite3").write_bytes(b"nonsense" * 1000)
    with pytest.raises(CorpusError):
        Corpus.open(tmp_path, HashingEmbedder(), reindexing=True)


def test_notices_are_no_faults(corpus: Corpus) -> None:
    corpus.add(
        [
            Document(text="Teks yang sama di dua catatan.", id="a", language="id", publisher="P", published="2024"),
            Document(text="Teks yang sama di dua catatan.", id="b", language="id", publisher="Q", published="2024"),
            Document(text="Tanpa tanggal.", id="c", language="id", publisher="P"),
            Document(text="Besok.", id="d", language="id", publisher="P", published="2026-01-02"),
            Document(text="Tahun ini.", id="e", publisher="P", published="2026"),
            Document(text="Siapa?", id="f", language="id", published="2024"),
        ]
    )
    seen = examine(corpus, TODAY)
    assert seen.faults == ()
    assert {trouble.name: trouble.ids for trouble in seen.troubles} == {
        "duplicate documents": ("b",),
        "undated documents": ("c",),
        "documents from the future": ("d",),
        "documents without language": ("e",),
        "documents without publisher": ("f",),
    }
    assert found(seen)["undated documents"].sentence.startswith("1 of 27.")


def test_an_interrupted_reindex_is_a_notice(corpus: Corpus) -> None:
    with corpus.writing() as inside:
        inside.vectors.create("passages-next", {"model": "x"}, inside.generation)
    assert [(t.name, t.severity) for t in examine(corpus, TODAY).troubles] == [("unfinished reindex", "notice")]


def test_while_another_process_writes_its_half_work_is_no_fault(corpus: Corpus) -> None:
    spoil(corpus, passages(corpus)[0], drop=True)
    with FileLock(corpus.directory / "writer.lock"):
        seen = examine(corpus, TODAY)
    assert seen.faults == () and {"being written", "missing vectors"} == set(found(seen))
    assert examine(corpus, TODAY).faults


def test_examining_writes_nothing(corpus: Corpus) -> None:
    spoil(corpus, passages(corpus)[0], drop=True)
    before = corpus.inside().generation
    examine(corpus, TODAY)
    assert corpus.inside().generation == before


def test_every_check_is_a_fault_first(corpus: Corpus) -> None:
    corpus.add([Document(text="Tanpa tanggal.", id="c", language="id", publisher="P")])
    spoil(corpus, passages(corpus)[0], drop=True)
    assert [trouble.severity for trouble in examine(corpus, TODAY).troubles] == ["fault", "notice"]
    assert len(health.CHECKS) >= 6


def test_near_copies_not_looked_for_yet(corpus: Corpus) -> None:
    some = passages(corpus)[:4]
    for key in some:
        change(corpus.directory, "DELETE FROM copy_members WHERE passage_id = ?", key)
        change(corpus.directory, "INSERT INTO copy_queue (passage_id) VALUES (?)", key)
    seen = examine(corpus, TODAY)
    assert seen.faults == () and found(seen)["near copies not looked for"].count == 4
    after = repair(corpus)
    assert after.troubles == () and after.mended == ("4 passages were compared with the others for near copies.",)


def damage_words(corpus: Corpus) -> None:
    for file in (corpus.directory / "lexical" / corpus.snapshot).rglob("*.npy"):
        file.write_bytes(b"broken")


@pytest.mark.parametrize("searched", [False, True])
def test_a_damaged_word_index_is_made_again(corpus: Corpus, searched: bool) -> None:
    before = [key for key, _ in corpus.lexical("jembatan", 50, "id")] if searched else None
    damage_words(corpus)
    trouble = found(examine(corpus, TODAY))["damaged word index"]
    assert (trouble.severity, trouble.mendable) == ("fault", True) and "doctor --repair" in trouble.sentence
    after = repair(corpus)
    assert after.troubles == () and after.mended == ("The word index was made again.",)
    assert disk.condition(corpus.directory / "lexical", corpus.snapshot, LAYOUT) == "current"
    with Corpus.open(corpus.directory, HashingEmbedder()) as again:
        hits = [key for key, _ in again.lexical("jembatan", 50, "id")]
    assert len(hits) == 20 and hits == (before or hits)


def test_while_another_process_writes_a_damaged_word_index_is_no_fault(corpus: Corpus) -> None:
    damage_words(corpus)
    with FileLock(corpus.directory / "writer.lock"):
        trouble = found(examine(corpus, TODAY))["damaged word index"]
    assert (trouble.severity, trouble.mendable) == ("notice", False)


@pytest.mark.parametrize("kind", ["stale", "missing"])
def test_a_word_index_that_the_next_search_makes_is_a_notice(corpus: Corpus, kind: str) -> None:
    if kind == "stale":
        corpus.remove(["doc-long"])
    else:
        shutil.rmtree(corpus.directory / "lexical")
    with Corpus.open(corpus.directory, HashingEmbedder()) as other:
        before = examine(other, TODAY)
        assert [(t.name, t.severity, t.mendable) for t in before.troubles] == [(f"{kind} word index", "notice", False)]
        assert other.lexical("jembatan", 1, "id")
        assert examine(other, TODAY).troubles == ()
