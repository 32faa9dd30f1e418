from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import claim, document, passage, result
from fakes_embedder import HashingEmbedder
from filelock import FileLock

from factcheck.checked import review_id
from factcheck.claimreview import Review
from factcheck.errors import CorpusError, CorpusLocked, CorpusMismatch, CorpusMissing
from factcheck.index import Corpus, ReviewSummary, indexed_text
from factcheck.index.searching import Remembered
from factcheck.types import Claim, ClaimResult, Document, content_id

HERE = Path(__file__).parent


def notes(count: int, word: str = "perjanjian") -> list[Document]:
    return [
        document(
            f"Catatan nomor {i} tentang {word} antara Kota {i} dan Kota {i + 1}.", language="id", title=f"Catatan {i}"
        )
        for i in range(count)
    ]


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.create(tmp_path / "corpus", HashingEmbedder()) as made:
        yield made


def nearest(corpus: Corpus, text: str, k: int = 3) -> list[str]:
    vector = corpus.query_vectors([text], ["id"])[0]
    passages = [corpus.passage(key) for key, _ in corpus.dense(vector, k)]
    return [p.text for p in passages if p is not None]


def kept_vectors(corpus: Corpus) -> int:
    """How many passages have a vector. A search cannot count them: it is approximate and may miss one in hundreds."""
    inside = corpus.inside()
    ids = inside.vectors.ids(inside.passages, inside.generation)
    return len(corpus.passage_vectors(list(ids)))


class Stop(Exception):
    """What a test raises in the middle of a write."""


def stop_at(call: int) -> Callable[[Sequence[str]], None]:
    calls = iter(range(1, 10_000))

    def before(texts: Sequence[str]) -> None:
        if next(calls) == call:
            raise Stop

    return before


def test_what_is_added_is_found_in_both_indexes(corpus: Corpus) -> None:
    done = corpus.add(notes(20))
    assert (done.added, done.unchanged, done.replaced, done.passages) == (20, 0, 0, 20)
    words = "Catatan nomor 7 tentang perjanjian"
    assert nearest(corpus, words)[0].startswith("Catatan nomor 7 ")
    best = corpus.passage(corpus.lexical(words, 1, "id")[0][0])
    assert best is not None and best.text.startswith("Catatan nomor 7 ")
    assert corpus.lexical(words, 5, "en") == []


def test_similarities_are_cosines_nearest_first(corpus: Corpus) -> None:
    corpus.add(notes(20))
    one = next(iter(corpus.documents()))
    vector = corpus.embedder.passages([f"{one.title}\n{one.text}"], ["id"])[0]
    found = corpus.dense(vector, 20)
    similarities = [similarity for _, similarity in found]
    assert similarities[0] == pytest.approx(1.0, abs=1e-5)
    assert similarities == sorted(similarities, reverse=True)
    stored = corpus.passage_vectors([key for key, _ in found])
    assert similarities == pytest.approx([float(vector @ stored[key]) for key, _ in found], abs=1e-5)


def test_all_of_a_small_corpus_can_be_asked_for(corpus: Corpus) -> None:
    corpus.add(notes(150))
    vector = corpus.query_vectors(["Catatan"], ["id"])[0]
    assert len({key for key, _ in corpus.dense(vector, 1000)}) == 150


def test_an_empty_corpus_finds_nothing(corpus: Corpus) -> None:
    assert corpus.dense(corpus.query_vectors(["a"], [None])[0], 5) == []
    assert corpus.lexical("a", 5, "id") == []
    assert corpus.matches(claim()) == ()
    assert corpus.info().documents == 0
    assert corpus.info().earliest is None


def test_adding_again_changes_nothing(corpus: Corpus) -> None:
    corpus.add(notes(10))
    before = corpus.snapshot
    done = corpus.add(notes(10))
    assert (done.added, done.unchanged, done.replaced, done.passages) == (0, 10, 0, 0)
    assert corpus.snapshot == before
    assert corpus.info().passages == 10


def test_the_same_document_twice_in_one_call_is_one(corpus: Corpus) -> None:
    corpus.add([*notes(3), *notes(3)])
    assert corpus.info().documents == 3


def test_new_text_under_an_old_id_replaces_it(corpus: Corpus) -> None:
    old = document("Harga beras naik 5 persen. " * 60, language="id").model_copy(update={"id": "note"})
    new = document("Bendungan itu selesai dibangun.", language="id").model_copy(update={"id": "note"})
    corpus.add([old])
    assert corpus.info().passages > 1
    done = corpus.add([new])
    assert (done.added, done.replaced) == (0, 1)
    assert corpus.info().passages == 1
    assert nearest(corpus, "Harga beras naik", 10) == [new.text]
    assert corpus.lexical("beras", 5, "id") == []


def test_snapshot_depends_on_content_alone(corpus: Corpus, tmp_path: Path) -> None:
    corpus.add(notes(5))
    with Corpus.create(tmp_path / "other", HashingEmbedder(name="another")) as other:
        assert other.snapshot != corpus.snapshot
        other.add(reversed(notes(5)))
        assert other.snapshot == corpus.snapshot
        other.remove([notes(5)[0].id])
        assert other.snapshot != corpus.snapshot


def test_progress_counts_documents(corpus: Corpus) -> None:
    seen: list[tuple[int, int | None]] = []
    corpus.passages_at_once = 64
    corpus.add(notes(100), lambda done, total: seen.append((done, total)))
    assert seen == [(64, 100), (100, 100)]
    seen.clear()
    corpus.add(iter(notes(3)), lambda done, total: seen.append((done, total)))
    assert seen == [(3, None)]


def test_a_document_without_words_is_added_too(corpus: Corpus) -> None:
    corpus.passages_at_once = 2
    assert corpus.add([*notes(2), document("  \n ", language="id")]).added == 3
    assert corpus.info().documents == 3 and corpus.info().passages == 2
    assert corpus.add([document("  \n ", language="id")]).unchanged == 1


def test_a_document_longer_than_what_is_encoded_at_once_is_ready_when_its_last_passage_is(corpus: Corpus) -> None:
    long = document(" ".join(f"Kalimat nomor {i} tentang perjanjian itu." for i in range(400)), language="id")
    counts: list[int] = []
    corpus.passages_at_once = 8
    corpus.embedder = HashingEmbedder(before=lambda _: counts.append(corpus.info().documents))
    corpus.add([long, *notes(3)])
    assert len(counts) > 3 and counts[2] == 0 and corpus.info().documents == 4
    assert len(nearest(corpus, "perjanjian", 99)) == corpus.info().passages


def test_the_last_of_several_versions_in_one_call_stays(corpus: Corpus) -> None:
    versions = [
        document(f"Harga beras {word}.", language="id").model_copy(update={"id": "note"})
        for word in ("naik", "turun", "tetap")
    ]
    corpus.passages_at_once = 300
    done = corpus.add([*versions[:1], *notes(70), *versions[1:], *notes(70, "beras"), versions[2], *notes(1)])
    assert done.added == 141 and done.replaced == 1
    assert [d.text for d in corpus.documents_of(["note"])] == [versions[2].text]
    assert sum("Harga beras" in text for text in nearest(corpus, "Harga beras", 999)) == 1


def test_what_is_removed_is_gone_from_both_indexes(corpus: Corpus) -> None:
    corpus.add(notes(10))
    assert corpus.lexical("nomor 7", 1, "id")
    gone = next(one for one in corpus.documents() if "nomor 7 " in one.text)
    assert corpus.remove([gone.id, "unknown"]) == 1
    assert corpus.document(gone.id) is None
    assert all("nomor 7 " not in text for text in nearest(corpus, "Catatan nomor 7", 10))
    assert len(nearest(corpus, "Catatan nomor 7", 10)) == 9
    assert len(corpus.lexical("Catatan nomor 7", 10, "id")) == 9


def test_info_counts_languages_publishers_and_dates(corpus: Corpus) -> None:
    corpus.add(
        [
            document("Satu.", language="id", published="2024-06-18", publisher="A"),
            document("Dua.", language="id", published=None, available_from="2023-01", publisher="A"),
            document("Three.", language="en", published=None, publisher=None, reliability="disputed"),
        ]
    )
    info = corpus.info()
    assert info.languages == {"id": 2, "en": 1}
    assert info.publishers == {"A": 2, "unknown": 1}
    assert (info.earliest, info.latest, info.undated, info.disputed) == ("2023-01", "2024-06-18", 1, 1)
    assert (info.model, info.revision, info.snapshot) == ("hashing", "1", corpus.snapshot)


def test_a_title_is_part_of_what_is_found(corpus: Corpus) -> None:
    corpus.add([document("Ia tiba pukul 02.22.", title="Kunjungan Putin", language="id"), *notes(20)])
    assert nearest(corpus, "Kunjungan Putin")[0] == "Ia tiba pukul 02.22."


def test_a_passage_that_begins_with_its_title_is_not_given_it_twice() -> None:
    assert indexed_text(passage(untitled := document("Ia tiba.")), untitled) == "Ia tiba."
    assert indexed_text(passage(titled := document("Ia tiba.", title="Kabar")), titled) == "Kabar\nIa tiba."
    assert indexed_text(passage(headed := document("Kabar: ia tiba.", title="Kabar")), headed) == "Kabar: ia tiba."


# --- opening ----------------------------------------------------------------------------------------------------


def test_a_corpus_keeps_its_content(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(5))
        snapshot = made.snapshot
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as again:
        assert again.snapshot == snapshot
        assert len(nearest(again, "Catatan", 9)) == 5
        assert again.name == "c"


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusMissing, match=r"There is no corpus at .*nowhere.*corpus add"):
        Corpus.open(tmp_path / "nowhere", HashingEmbedder())
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusMissing):
        Corpus.open(tmp_path / "empty", HashingEmbedder())


def test_open_or_create_does_either(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    with Corpus.open_or_create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(2))
    with Corpus.open_or_create(tmp_path / "c", HashingEmbedder()) as again:
        assert again.info().documents == 2
    with pytest.raises(CorpusError, match="already"):
        Corpus.create(tmp_path / "c", HashingEmbedder())


def test_a_corpus_whose_making_was_cut_off_is_completed(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()):
        pass
    shutil.rmtree(tmp_path / "c" / "chroma")
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as completed:
        assert completed.add(notes(2)).added == 2


def test_two_processes_may_make_the_same_corpus(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER.format(here=str(HERE)).replace("Corpus.open(", "Corpus.open_or_create(")]
    running = [subprocess.Popen([*command, str(tmp_path / "c"), word]) for word in ("beras", "cuaca")]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as made:
        assert len(nearest(made, "Catatan", 99)) == 60


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="can be written to"):
        Corpus.create(tmp_path / "file" / "corpus", HashingEmbedder())


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (HashingEmbedder(name="other"), "FACTCHECK_EMBEDDING_MODEL=hashing"),
        (HashingEmbedder(revision="2"), "another version of the model"),
        (HashingEmbedder(dimension=64), "another version of the model"),
    ],
)
def test_vectors_of_another_model_are_refused(tmp_path: Path, other: HashingEmbedder, says: str) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(2))
    with pytest.raises(CorpusMismatch, match="factcheck corpus reindex") as refused:
        Corpus.open(tmp_path / "c", other)
    assert says in str(refused.value)
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as still:
        assert len(nearest(still, "Catatan", 9)) == 2


def test_a_corpus_without_vectors_asks_for_a_reindex(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(3))
    shutil.rmtree(tmp_path / "c" / "chroma")
    with pytest.raises(CorpusMismatch, match="corpus reindex"):
        Corpus.open(tmp_path / "c", HashingEmbedder())
    with Corpus.open(tmp_path / "c", HashingEmbedder(), reindexing=True) as mended:
        mended.reindex()
        assert len(nearest(mended, "Catatan", 9)) == 3


# --- reindexing ---------------------------------------------------------------------------------------------------


def test_reindex_lets_another_model_in(tmp_path: Path) -> None:
    about = claim("Perjanjian antara Kota 1 dan Kota 2 dibuat pada 2024.", language="id")
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(10))
        made.remember("run-1", date(2024, 6, 19), [result(about, "not_enough_evidence")])
        snapshot = made.snapshot
    other = HashingEmbedder(name="other", dimension=64)
    seen: list[tuple[int, int | None]] = []
    with Corpus.open(tmp_path / "c", other, reindexing=True) as changed:
        changed.reindex(lambda done, total: seen.append((done, total)))
        assert seen == [(10, 10)]
        assert changed.snapshot == snapshot
    with Corpus.open(tmp_path / "c", other) as again:
        assert nearest(again, "Catatan nomor 7 tentang perjanjian")[0].startswith("Catatan nomor 7 ")
        assert [match.run_id for match in again.matches(about)] == [content_id("run", "run-1")]
    with pytest.raises(CorpusMismatch):
        Corpus.open(tmp_path / "c", HashingEmbedder())


def test_an_interrupted_reindex_leaves_the_old_vectors_and_goes_on(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(600))
    stopping = HashingEmbedder(name="other", before=stop_at(2))
    with Corpus.open(tmp_path / "c", stopping, reindexing=True) as broken, pytest.raises(Stop):
        broken.passages_at_once = 512
        broken.reindex()
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as old:
        assert kept_vectors(old) == 600 and nearest(old, "Catatan")
    embedded: list[int] = []
    other = HashingEmbedder(name="other", before=lambda texts: embedded.append(len(texts)))
    with Corpus.open(tmp_path / "c", other, reindexing=True) as resumed:
        resumed.reindex()
        assert sum(embedded) == 88, "the first 512 passages were kept"
        assert kept_vectors(resumed) == 600 and nearest(resumed, "Catatan")


def test_a_change_during_an_interrupted_reindex_starts_it_over(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(600))
    stopping = HashingEmbedder(name="other", before=stop_at(2))
    with Corpus.open(tmp_path / "c", stopping, reindexing=True) as broken, pytest.raises(Stop):
        broken.passages_at_once = 512
        broken.reindex()
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as old:
        old.add(notes(1, "beras"))
    embedded: list[int] = []
    other = HashingEmbedder(name="other", before=lambda texts: embedded.append(len(texts)))
    with Corpus.open(tmp_path / "c", other, reindexing=True) as resumed:
        resumed.reindex()
        assert sum(embedded) == 601


# --- a writer that dies, and two of them ---------------------------------------------------------------------------


def test_a_writer_that_dies_leaves_nothing_half_visible_and_the_next_one_repairs(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder(before=stop_at(2))) as broken:
        broken.passages_at_once = 64
        with pytest.raises(Stop):
            broken.add(notes(100))
        assert broken.info().documents == 64
        assert len(nearest(broken, "Catatan", 200)) == 64
        assert len(broken.lexical("Catatan", 200, "id")) == 64
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as again:
        assert again.info().documents == 64
        again.add([])
        assert again.info().documents == 100
        assert len(nearest(again, "Catatan", 200)) == 100
        assert again.add(notes(100)).unchanged == 100


def test_a_replacement_that_dies_shows_neither_text(tmp_path: Path) -> None:
    old = document("Harga beras naik.", language="id").model_copy(update={"id": "note"})
    new = document("Harga beras turun.", language="id").model_copy(update={"id": "note"})
    with Corpus.create(tmp_path / "c", HashingEmbedder(before=stop_at(2))) as broken:
        broken.add([old])
        with pytest.raises(Stop):
            broken.add([new])
        assert nearest(broken, "Harga beras") == []
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as again:
        again.add([])
        assert nearest(again, "Harga beras") == [new.text]
        ((_, similarity),) = again.dense(again.query_vectors([new.text], ["id"])[0], 1)
        assert similarity > 0.9, "the vector is that of the new text"


def test_orphaned_vectors_are_passed_over_and_cleared(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(30))
        made.inside().store.delete([one.id for one in notes(30)[:25]])
        assert len(nearest(made, "Catatan", 5)) == 5
        made.add([])
        inside = made.inside()
        assert inside.vectors.count("passages", inside.generation) == 5


def test_an_error_of_the_source_keeps_what_came_before(corpus: Corpus) -> None:
    def source() -> Iterator[Document]:
        yield from notes(64)
        raise Stop

    with pytest.raises(Stop):
        corpus.add(source())
    assert corpus.info().documents == 64


def test_a_second_writer_is_told(corpus: Corpus) -> None:
    corpus.lock_seconds = 0.2
    with FileLock(corpus.directory / "writer.lock"):
        done: list[BaseException] = []

        def write() -> None:
            try:
                corpus.add(notes(1))
            except CorpusLocked as error:
                done.append(error)

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert "Another process is writing" in str(done[0])
    assert corpus.add(notes(1)).added == 1


KILLED = """
import os, signal, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from fakes_embedder import HashingEmbedder
from test_index import notes, versions_of
from factcheck import vectors
from factcheck.index import Corpus

left = int(sys.argv[3])

def tick(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

corpus = Corpus.open(Path(sys.argv[1]), HashingEmbedder(before=tick))
corpus.passages_at_once = 16
if sys.argv[2] == "sql":
    corpus.inside().store._db.set_progress_handler(tick, 500)
elif sys.argv[2] == "vectors":
    for name in ("upsert", "delete"):
        inner = getattr(corpus.inside().vectors, name)
        setattr(corpus.inside().vectors, name, lambda *a, inner=inner: (tick(), inner(*a), tick()))
corpus.add(versions_of(notes(90)))
"""


def versions_of(documents: list[Document]) -> list[Document]:
    """Every fourth with a new, shorter or longer text under its old id."""
    return [
        d if i % 4 else d.model_copy(update={"text": "Isi baru. " * (200 if i % 8 else 1)})
        for i, d in enumerate(documents)
    ]


def content(corpus: Corpus) -> tuple[str, dict[str, list[float]]]:
    store, vectors, passages, _, generation, _ = corpus.inside()
    ids = sorted(vectors.ids(passages, generation))
    assert set(ids) == {passage.id for passage in store.all_passages()} and not store.pending()
    stored = vectors.vectors(passages, ids, generation)
    return corpus.snapshot, {key: [round(float(x), 5) for x in stored[key]] for key in ids}


@pytest.mark.parametrize(
    ("where", "after"),
    [("encoder", 0), ("encoder", 2), ("encoder", 3), ("vectors", 1), ("vectors", 4), ("vectors", 7), ("sql", 40)],
)
def test_killed_and_started_again_it_is_the_same_collection(tmp_path: Path, where: str, after: int) -> None:
    with Corpus.create(tmp_path / "whole", HashingEmbedder()) as whole:
        whole.add(notes(40))
        whole.add(versions_of(notes(90)))
        expected = content(whole)
    with Corpus.create(tmp_path / "killed", HashingEmbedder()) as begun:
        begun.add(notes(40))
    command = [sys.executable, "-c", KILLED.format(here=str(HERE)), str(tmp_path / "killed"), where, str(after)]
    assert subprocess.run(command, timeout=120, check=False).returncode == -signal.SIGKILL
    with Corpus.open(tmp_path / "killed", HashingEmbedder()) as again:
        again.add(versions_of(notes(90)))
        assert content(again) == expected


WRITER = """
import sys
sys.path.insert(0, {here!r})
from pathlib import Path
from fakes_embedder import HashingEmbedder
from test_index import notes
from factcheck.index import Corpus
with Corpus.open(Path(sys.argv[1]), HashingEmbedder()) as corpus:
    corpus.add(notes(30, sys.argv[2]))
"""


def test_what_another_process_writes_is_seen_and_kept(corpus: Corpus) -> None:
    corpus.add(notes(5))
    assert len(nearest(corpus, "Catatan", 99)) == 5
    for word in ("beras", "cuaca"):
        command = [sys.executable, "-c", WRITER.format(here=str(HERE)), str(corpus.directory), word]
        subprocess.run(command, check=True, timeout=120)
        corpus.add(notes(5, f"{word} lain"))
    found = nearest(corpus, "Catatan", 99)
    assert len(found) == 75
    assert sum("beras antara" in text for text in found) == 30
    assert nearest(corpus, "Catatan nomor 7 tentang cuaca antara Kota 7")[0].startswith("Catatan nomor 7 tentang cuaca")
    assert corpus.lexical("cuaca", 99, "id")


def test_two_corpora_of_one_process_share_the_files(corpus: Corpus) -> None:
    with Corpus.open(corpus.directory, HashingEmbedder()) as other:
        other.add(notes(3))
        assert len(nearest(corpus, "Catatan", 9)) == 3
    corpus.add(notes(3, "beras"))
    assert len(nearest(corpus, "Catatan", 9)) == 6


def test_threads_may_read_while_one_writes(corpus: Corpus) -> None:
    corpus.add(notes(50))
    errors: list[BaseException] = []
    counts: list[int] = []

    def read() -> None:
        try:
            for _ in range(15):
                counts.append(len(nearest(corpus, "Catatan", 500)))
                corpus.lexical("Catatan", 5, "id")
                corpus.matches(claim())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    corpus.add(notes(100, "beras"))
    for thread in threads:
        thread.join()
    assert errors == []
    assert min(counts) >= 50
    assert len(nearest(corpus, "Catatan", 500)) == 150


# --- the word index on disk -----------------------------------------------------------------------------------------


def words_found(corpus: Corpus) -> list[str]:
    return [key for key, _ in corpus.lexical("catatan perjanjian beras", 500, "id")]


def test_the_word_index_is_kept_follows_and_is_made_again_when_damaged(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(20))
        (kept,) = (made.directory / "lexical").iterdir()
        assert kept.name == made.snapshot
        found = words_found(made)
        assert len(found) == 20
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as again:
        assert words_found(again) == found
        again.add(notes(2, "beras"))
        assert len(words_found(again)) == 22
        again.remove([one.id for one in notes(20)[:5]])
        assert len(words_found(again)) == 17
    (kept,) = (tmp_path / "c" / "lexical").iterdir()
    for file in kept.rglob("*.npy"):
        file.write_bytes(b"broken")
    with Corpus.open(tmp_path / "c", HashingEmbedder()) as mended:
        assert len(words_found(mended)) == 17
    with Corpus.create(tmp_path / "d", HashingEmbedder()) as other:
        other.add([*notes(20)[5:], *notes(2, "beras")])
        assert [*words_found(mended_again(tmp_path / "c"))] == words_found(other)


def mended_again(directory: Path) -> Corpus:
    return Corpus.open(directory, HashingEmbedder())


# --- claims checked before ------------------------------------------------------------------------------------------

OLD = "Presiden Putin menandatangani 12 perjanjian dengan Kim Jong Un di Pyongyang."


def asked(text: str, language: str = "id") -> Claim:
    return claim(text, language=language)


def test_a_checked_claim_is_offered_to_later_runs(corpus: Corpus) -> None:
    corpus.remember("run-1", date(2024, 6, 19), [result(asked(OLD), "not_enough_evidence")])
    (found,) = corpus.matches(asked(OLD))
    assert (found.run_id, found.text, found.label) == (content_id("run", "run-1"), OLD, "not_enough_evidence")
    assert (found.as_of, found.strength) == (date(2024, 6, 19), "strong")
    assert found.claim_id == asked(OLD).id
    assert corpus.matches(asked(OLD), exclude_run="run-1") == ()
    assert corpus.matches(asked("Harga beras di pasar itu naik tajam sejak Mei.")) == ()


@pytest.mark.parametrize(
    "changed",
    [
        OLD.replace("12", "2"),
        OLD.replace("Kim Jong Un", "Choe Son Hui"),
        OLD.replace("menandatangani", "tidak menandatangani"),
    ],
)
def test_a_claim_that_differs_in_a_fact_is_never_a_strong_match(corpus: Corpus, changed: str) -> None:
    corpus.remember("run-1", date(2024, 6, 19), [result(asked(OLD), "not_enough_evidence")])
    assert [match.strength for match in corpus.matches(asked(changed))] == ["weak"]


def test_a_short_claim_is_never_a_strong_match(corpus: Corpus) -> None:
    short = asked("Putin tiba di Pyongyang.")
    corpus.remember("run-1", date(2024, 6, 19), [result(short, "not_enough_evidence")])
    (found,) = corpus.matches(short)
    assert (found.strength, found.similarity) == ("weak", pytest.approx(1.0, abs=1e-4))


def test_running_again_does_not_double_a_claim(corpus: Corpus) -> None:
    for run in ("run-1", "run-2"):
        corpus.remember(run, date(2024, 6, 19), [result(asked(OLD), "not_enough_evidence")])
    assert [match.run_id for match in corpus.matches(asked(OLD))] == [content_id("run", "run-2")]
    assert corpus.info().claims == 1
    corpus.add(notes(1))
    corpus.remember("run-3", date(2024, 6, 19), [result(asked(OLD), "not_enough_evidence")])
    assert corpus.info().claims == 2, "a new snapshot may have given another verdict"


def test_the_same_claim_twice_in_one_run_is_kept_once(corpus: Corpus) -> None:
    corpus.remember("run-1", date(2024, 6, 19), [result(asked(OLD), "not_enough_evidence")] * 2)
    assert corpus.info().claims == 1


def test_a_claim_that_was_not_checked_is_not_kept(corpus: Corpus) -> None:
    corpus.remember("run-1", date(2024, 6, 19), [ClaimResult.not_checked(asked(OLD), "The model did not answer.")])
    assert corpus.info().claims == 0


# --- reviews of others ----------------------------------------------------------------------------------------------


def review(text: str = OLD, **fields: object) -> Review:
    made = {
        "claim": text, "url": f"https://cek.example.org/{len(text)}", "publisher": "Cek Contoh", "rating": "Hoaks",
        "label": "refuted", "reviewed": "2024-06-20", "language": "id",
    }  # fmt: skip
    return Review.model_validate({**made, **fields})


def test_a_review_of_somebody_else_is_offered(corpus: Corpus) -> None:
    done = corpus.remember_reviews([review(), review("Harga beras naik tajam.", label=None, reviewed=None)])
    assert done == ReviewSummary(added=2, replaced=0, unchanged=0)
    (found,) = corpus.matches(asked(OLD))
    assert (found.publisher, found.rating, found.url) == ("Cek Contoh", "Hoaks", review().url)
    assert (found.label, found.as_of, found.run_id, found.strength) == ("refuted", date(2024, 6, 20), None, "strong")
    assert corpus.matches(asked(OLD), exclude_run="run-1") == (found,)
    assert corpus.info().claims == 2


def test_importing_again_changes_nothing_and_a_new_rating_takes_the_place_of_the_old(tmp_path: Path) -> None:
    class Counting(HashingEmbedder):
        asked = 0

        def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> np.ndarray:
            Counting.asked += len(texts)
            return super().passages(texts, languages)

    some = [review(f"{OLD} Bagian {i}.", url=f"https://cek.example.org/{i}") for i in range(700)]
    seen: list[int] = []
    with Corpus.create(tmp_path / "c", Counting()) as made:
        assert made.remember_reviews(iter(some), on_progress=seen.append).added == 700
        assert seen == [512, 700]
        snapshot = made.snapshot
        changed = some[5].model_copy(update={"rating": "Benar", "label": "supported"})
        again = made.remember_reviews([*some[:5], changed, *some[6:], some[0]])
        assert again == ReviewSummary(added=0, replaced=1, unchanged=700)
        assert Counting.asked == 701
        assert made.info().claims == 700
        assert made.snapshot == snapshot, "claims checked before are no part of the evidence"
        kept = {one.id: one for one in made.checked_claims()}
        assert kept[review_id(changed)].rating == "Benar"


def test_reviews_that_end_in_an_error_stay_as_far_as_they_came(corpus: Corpus) -> None:
    def broken() -> Iterator[Review]:
        yield from (review(f"{OLD} Bagian {i}.", url=f"https://cek.example.org/{i}") for i in range(600))
        raise Stop

    with pytest.raises(Stop):
        corpus.remember_reviews(broken())
    assert corpus.info().claims == 0 or corpus.info().claims == 512
    assert corpus.remember_reviews([review()]).added == 1, "the lock is free again"


def test_a_review_is_found_by_rare_words_where_its_vector_is_far(corpus: Corpus) -> None:
    many = [
        review(f"Kabar nomor {i} tentang harga beras di pasar kota.", url=f"https://a.example/{i}") for i in range(200)
    ]
    target = review("Zirkonium Kalimantan 4711 ton dijual ke Pyongyang.", url="https://a.example/z")
    corpus.remember_reviews([*many, target])
    post = (
        "Kabar tentang harga beras di pasar kota, kabar nomor satu tentang harga beras, dan katanya zirkonium"
        " Kalimantan 4711 ton ke Pyongyang, kabar tentang harga beras di pasar kota lagi"
    )
    vector = corpus.query_vectors([post], ["id"])[0]
    inside = corpus.inside()
    near = [one.id for one in inside.vectors.nearest("claims", vector, 60, inside.generation)]
    assert review_id(target) not in near
    assert target.claim in [match.text for match in corpus.matches(asked(post), k=200)]


def test_claims_are_listed_latest_first_and_forgotten_by_their_keys(corpus: Corpus) -> None:
    corpus.remember("run-1", date(2024, 6, 19), [result(asked(OLD), "not_enough_evidence")])
    corpus.remember_reviews([review("Satu dua tiga.", reviewed=None), review("Empat lima.", reviewed="2025-01")])
    listed = corpus.checked_claims()
    assert [one.text for one in listed] == ["Empat lima.", OLD, "Satu dua tiga."]
    assert corpus.forget([listed[0].id, "nonsense"]) == 1
    assert [one.text for one in corpus.checked_claims()] == [OLD, "Satu dua tiga."]
    assert corpus.matches(asked("Empat lima.")) == ()
    assert corpus.forget([]) == 0


def test_what_another_handle_imports_is_matched(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as one, Corpus.open(tmp_path / "c", HashingEmbedder()) as two:
        assert two.matches(asked(OLD)) == ()
        one.remember_reviews([review()])
        assert len(two.matches(asked(OLD))) == 1
        one.forget([review_id(review())])
        assert two.matches(asked(OLD)) == ()


def test_reviews_are_embedded_again_with_the_passages(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "c", HashingEmbedder()) as made:
        made.add(notes(3))
        made.remember_reviews([review()])
    other = HashingEmbedder("other", dimension=64)
    with Corpus.open(tmp_path / "c", other, reindexing=True) as made:
        made.reindex()
        (found,) = made.matches(asked(OLD))
        assert (found.publisher, found.similarity) == ("Cek Contoh", pytest.approx(1.0, abs=1e-4))


def test_queries_are_embedded_once(tmp_path: Path) -> None:
    class Counting(HashingEmbedder):
        asked = 0

        def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> np.ndarray:
            Counting.asked += len(texts)
            return super().queries(texts, languages)

    with Corpus.create(tmp_path / "c", Counting()) as made:
        first = made.query_vectors(["a", "b", "a"], ["id", "id", "id"])
        assert Counting.asked == 2
        second = made.query_vectors(["b", "c"], ["id", "id"])
        assert Counting.asked == 3
        assert np.array_equal(first[1], second[0])
        assert np.array_equal(first[0], first[2])


def test_what_was_read_of_passages_is_remembered_until_somebody_writes() -> None:
    version, read = [1], list[list[str]]()

    def upper(ids: Sequence[str]) -> dict[str, str]:
        read.append(list(ids))
        return {key: key.upper() for key in ids if key != "gone"}

    remembered = Remembered(upper, lambda: version[0])
    assert list(remembered.of(["b", "a", "gone", "b"]).items()) == [("b", "B"), ("a", "A")]
    assert remembered.of(["a", "c", "gone"]) == {"a": "A", "c": "C"}
    version[0] = 2
    assert remembered.of(["a"]) == {"a": "A"}
    assert read == [["b", "a", "gone"], ["c", "gone"], ["a"]]


def test_stamps_follow_what_another_process_writes(tmp_path: Path) -> None:
    with (
        Corpus.create(tmp_path / "corpus", HashingEmbedder()) as writer,
        Corpus.open(tmp_path / "corpus", HashingEmbedder()) as reader,
    ):
        writer.add(notes(3))
        ids = [passage.id for passage in writer.inside().store.all_passages()]
        first, *others = reader.stamps(ids)
        assert len(others) == 2 and reader.stamps(ids) == (first, *others)
        # Not through the corpus, which would raise its generation: what SQLite has is what counts.
        writer.inside().store.delete([first.document_id])
        assert reader.stamps(ids) == tuple(others) == writer.stamps(ids)
