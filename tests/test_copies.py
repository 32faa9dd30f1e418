from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from fakes import document
from fakes_embedder import HashingEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import copies
from factcheck.corpus import DocumentStore, split_passages
from factcheck.corpus.tables import MIGRATIONS
from factcheck.index import Corpus
from factcheck.types import Document

REPORT = (
    "Presiden Rusia Vladimir Putin tiba di Pyongyang pada 19 Juni 2024. Ia disambut oleh Kim Jong Un di bandara Sunan. "
    "Kedua pemimpin kemudian menuju wisma tamu Kumsusan. Mereka tidak memberi keterangan kepada pers setempat."
)
STORY = (
    "The city council of Leeds approved a budget of 3.2 million pounds on 4 May 2023. Mayor Anna Reed said the money"
    " will pay for twelve new buses. The vote was not unanimous and two members left the hall."
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    with DocumentStore(tmp_path / "corpus.sqlite3") as opened:
        yield opened


def add(store: DocumentStore, *documents: Document) -> None:
    store.mark_ready(store.put_pending(documents, [p for d in documents for p in split_passages(d)]))


def first(one: Document) -> str:
    return split_passages(one)[0].id


def together(store: DocumentStore, a: Document, b: Document) -> bool:
    found = store.origins_of([first(a), first(b)])
    return found[first(a)] == found[first(b)]


def partition(store: DocumentStore) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for passage_id, origin in store.origins_of(p.id for p in store.all_passages()).items():
        groups.setdefault(origin, set()).add(passage_id)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize(
    "copy",
    [
        "PYONGYANG, KOMPAS.com - " + REPORT,
        REPORT.replace("kemudian menuju", "lalu menuju"),
        REPORT.rsplit(". ", 1)[0] + ".",
        REPORT.split(". ", 1)[1],
        REPORT.split(". ")[1] + ".",
        REPORT + " Kunjungan itu akan berlanjut ke Vietnam.",
        REPORT.replace(". ", ".\n"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_a_copy_joins_its_original_in_whatever_order_they_come(store: DocumentStore, copy: str, swapped: bool) -> None:
    a, b = document(REPORT, publisher="A"), document(copy, publisher="B")
    other = document(STORY, publisher="C")
    for one in (b, other, a) if swapped else (a, other, b):
        add(store, one)
        copies.refresh(store)
    assert together(store, a, b)
    assert not together(store, a, other)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (REPORT, "19 Juni 2024", "18 Juni 2024"),
        (REPORT, "19 Juni 2024", "19 Juli 2024"),
        (REPORT, "19 Juni 2024", "19 Juni 2023"),
        (REPORT, "Kim Jong Un", "Choe Son Hui"),
        (REPORT, "Sunan", "Wonsan"),
        (REPORT, "Rusia", "Belarusia"),
        (REPORT, "tidak memberi", "memberi"),
        (REPORT, "Ia disambut", "Ia tidak disambut"),
        (REPORT, "Ia disambut", "Ia belum disambut"),
        (STORY, "3.2 million", "3.7 million"),
        (STORY, "3.2 million", "3.2 billion"),
        (STORY, "4 May", "14 May"),
        (STORY, "May 2023", "June 2023"),
        (STORY, "Leeds", "Bradford"),
        (STORY, "Anna Reed", "Anna Weed"),
        (STORY, "was not unanimous", "was unanimous"),
        (STORY, "will pay", "will never pay"),
    ],
)
def test_one_changed_fact_keeps_two_texts_apart(store: DocumentStore, text: str, old: str, new: str) -> None:
    changed = text.replace(old, new)
    assert changed != text
    a, b = document(text, publisher="A"), document(changed, publisher="B")
    add(store, a, b)
    copies.refresh(store)
    assert not together(store, a, b)


def test_a_piece_that_stands_in_two_versions_does_not_join_them(store: DocumentStore) -> None:
    a, b = document(REPORT, publisher="A"), document(REPORT.replace("19 Juni", "18 Juni"), publisher="B")
    piece = document(REPORT.split(". ", 1)[1], publisher="C")
    for order in ((piece, a, b), (a, piece, b), (b, a, piece)):
        for one in order:
            add(store, one)
            copies.refresh(store)
        assert not together(store, a, b)
        assert together(store, piece, a) != together(store, piece, b)
        store.delete(one.id for one in order)
        copies.refresh(store)


def test_the_origin_is_the_one_public_first_then_by_its_id(store: DocumentStore) -> None:
    undated = document(REPORT, publisher="A", published=None)
    late, early = (document(REPORT, publisher="B", published=day) for day in ("2024-07", "2024-06-20"))
    known = document(REPORT, publisher="C", published=None, available_from="2024-06-21")
    add(store, undated, late, early, known)
    copies.refresh(store)
    passages = [first(one) for one in (undated, late, early, known)]
    assert set(store.origins_of(passages).values()) == {first(early)}
    store.delete([early.id])
    assert set(store.origins_of(passages).values()) == {first(known)}, "a deleted passage is nobody's origin"
    store.delete([known.id, late.id])
    twin = document(REPORT, publisher="D", published=None)
    add(store, twin)
    copies.refresh(store)
    assert set(store.origins_of([first(undated), first(twin)]).values()) == {min(first(undated), first(twin))}


def test_removing_the_whole_parts_its_pieces(store: DocumentStore) -> None:
    whole = document(REPORT + " " + STORY, publisher="A")
    a, b, c = document(REPORT, publisher="B"), document(STORY, publisher="C"), document("LEEDS (AP) -- " + STORY)
    add(store, whole, a, b, c)
    copies.refresh(store)
    assert len(partition(store)) == 1
    store.delete([whole.id])
    copies.refresh(store)
    assert partition(store) == {frozenset({first(a)}), frozenset({first(b), first(c)})}


def test_a_replaced_document_leaves_its_old_cluster(store: DocumentStore) -> None:
    a, b = document(REPORT, publisher="A"), document("PYONGYANG, KOMPAS.com - " + REPORT, publisher="B")
    add(store, a, b)
    copies.refresh(store)
    assert together(store, a, b)
    new = b.model_copy(update={"text": STORY})
    add(store, new)
    copies.refresh(store)
    assert store.origins_of([first(a), first(new)]) == {first(a): first(a), first(new): first(new)}
    add(store, b)
    copies.refresh(store)
    assert together(store, a, b)
    assert copies.waiting(store) == 0


def test_nothing_is_said_of_a_passage_that_is_unknown_or_not_ready(store: DocumentStore) -> None:
    one, two = document(REPORT), document(STORY)
    store.put_pending([one], split_passages(one))
    add(store, two)
    assert store.origins_of([first(one), first(two), "unknown"]) == {}
    assert copies.waiting(store) == 1
    assert copies.refresh(store) == 1
    assert store.origins_of([first(one), first(two), "unknown"]) == {first(two): first(two)}
    assert copies.refresh(store) == 0


def test_a_corpus_made_before_clusters_were_kept_gets_them_at_the_next_write(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    a, b = document(REPORT, publisher="A"), document(REPORT.replace("lalu", "kemudian"), publisher="B")
    with sqlite3.connect(path) as old:
        for statement in MIGRATIONS[0]:
            old.execute(statement)
        old.execute("PRAGMA user_version = 1")
        for one in (a, b):
            old.execute(
                "INSERT INTO documents (id, text, media_type, content_hash, state, added_at)"
                " VALUES (?, ?, 'text/plain', '', 'ready', '')",
                (one.id, one.text),
            )
            old.execute("INSERT INTO passages VALUES (?, ?, 0, ?, 0, ?)", (first(one), one.id, len(one.text), one.text))
    old.close()
    with DocumentStore(path) as store:
        assert copies.waiting(store) == 2
        assert store.origins_of([first(a), first(b)]) == {}
        assert copies.refresh(store) == 2
        assert together(store, a, b)


def test_keys_of_another_making_are_made_again(store: DocumentStore) -> None:
    add(store, document(REPORT), document(STORY))
    assert copies.refresh(store) == 2
    store.set_meta("copies", "something older")
    assert copies.refresh(store) == 2
    assert len(partition(store)) == 2


def test_a_corpus_keeps_clusters_as_documents_come_and_go(tmp_path: Path) -> None:
    a, b = document(REPORT, publisher="A", published="2024-06-21"), document(REPORT, publisher="B")
    other = document(STORY)
    with Corpus.create(tmp_path / "corpus", HashingEmbedder()) as corpus:
        corpus.add([a, other])
        assert corpus.cluster_of([first(a), first(b), first(other)]) == {first(a): first(a), first(other): first(other)}
        corpus.add([b])
        assert corpus.cluster_of([first(a), first(b)]) == dict.fromkeys((first(a), first(b)), first(b))
        corpus.remove([b.id])
        assert corpus.cluster_of([first(a), first(b)]) == {first(a): first(a)}


def test_documents_that_a_dead_writer_left_get_clusters(tmp_path: Path) -> None:
    a, b = document(REPORT, publisher="A"), document(REPORT, publisher="B", published="2024-06-01")
    with Corpus.create(tmp_path / "corpus", HashingEmbedder()) as corpus:
        corpus.add([a])
        with DocumentStore(tmp_path / "corpus" / "corpus.sqlite3") as store:
            store.put_pending([b], split_passages(b))
        corpus.add([])
        assert corpus.cluster_of([first(a)]) == {first(a): first(b)}


class Stop(Exception):
    """What a test raises in the middle of the work."""


def test_cut_off_and_started_again_it_comes_to_the_same(tmp_path: Path) -> None:
    texts = [f"{REPORT} Laporan ini ditulis oleh wartawan nomor {i // 2}." for i in range(100)]
    documents = [document(text, publisher=str(i)) for i, text in enumerate(texts)]

    def stop(done: int, total: int) -> None:
        assert total == 100
        if done >= 60:
            raise Stop

    results = []
    for name in ("whole", "cut"):
        with DocumentStore(tmp_path / name) as store:
            add(store, *documents)
            if name == "cut":
                with pytest.raises(Stop):
                    copies.refresh(store, stop)
                assert 0 < copies.waiting(store) < 100
            copies.refresh(store)
            results.append(partition(store))
    assert results[0] == results[1]
    assert len(results[0]) == 50


FURNITURE = (
    "Ikuti saluran kami di WhatsApp untuk mendapatkan berita terbaru setiap hari.\nBaca juga berita lain yang menarik"
    " di laman ini.\nHak cipta dilindungi undang-undang dan dilarang menyalin isi laman.\nDaftar sekarang untuk"
    " menerima buletin pagi kami secara gratis.\n"
)
PLAIN = (
    "Ia berkata bahwa harga cabai akan segera turun.", "Warga mengeluhkan jalan yang rusak sejak lama.",
    "Para petani memanen padi lebih awal tahun ini.", "Pasar itu ramai dikunjungi pembeli setiap pagi.",
    "Sungai meluap setelah hujan deras semalaman.", "Guru mengajak murid menanam pohon di halaman.",
    "Nelayan pulang karena ombak terlalu tinggi.", "Pengrajin batik menjual kain melalui internet.",
    "Dokter menyarankan minum air yang cukup.", "Anak-anak bermain layang-layang di lapangan.",
    "Pedagang menutup warung lebih cepat dari biasa.", "Pemerintah membangun jembatan di atas kali.",
)  # fmt: skip


def test_pages_full_of_furniture_are_not_one_cluster(store: DocumentStore) -> None:
    pages = [
        document(f"{FURNITURE}{plain} Tempatnya di Desa {name}.")
        for name, plain in zip("ABCDEFGHIJKL", PLAIN, strict=True)
    ]
    add(store, *pages)
    copies.refresh(store)
    assert len(partition(store)) == len(pages)
    bare = [document(f"{FURNITURE}{plain}", publisher="bare") for plain in PLAIN]
    add(store, *bare)
    copies.refresh(store)
    for page in partition(store):
        assert len(page) <= 2, "a page and its own sentences without the village, at most"


def test_short_passages_are_not_one_cluster(store: DocumentStore) -> None:
    short = [document(f"Harga {what} hari ini naik {n} persen.") for n in range(5) for what in ("beras", "cabai")]
    plain = [document(text) for text in PLAIN]
    add(store, *short, *plain, document("Ya."), document("Tidak."), document("…"), document("***"))
    copies.refresh(store)
    assert len(partition(store)) == len(short) + len(plain) + 4


def test_the_same_furniture_is_one_cluster_in_any_number_of_documents(store: DocumentStore) -> None:
    same = [document("Baca juga di laman kami.", publisher=str(i)) for i in range(200)]
    add(store, *same)
    copies.refresh(store)
    assert [len(group) for group in partition(store)] == [200]
    assert store.rows("SELECT count(*) FROM copy_texts") == [(1,)]
    store.delete([one.id for one in same])
    copies.refresh(store)
    for table in ("copy_texts", "copy_members", "copy_keys", "copy_queue", "copy_stale"):
        assert store.rows(f"SELECT count(*) FROM {table}") == [(0,)]


def comparisons(store: DocumentStore) -> int:
    """How often `refresh` compares two texts."""
    calls = 0

    def watch(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_name == "near_copy"

    sys.setprofile(watch)
    try:
        copies.refresh(store)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("facts_differ", [False, True])
def test_many_that_look_alike_cost_a_bounded_number_of_comparisons(store: DocumentStore, facts_differ: bool) -> None:
    draw, words = random.Random(3), ["pagi", "sore", "padi", "cuaca", "kabar", "kertas", "meja"]
    for start in (0, 100, 200):
        for i in range(start, start + 100):
            tail = f"Gempa bermagnitudo {3 + i / 100} tercatat." if facts_differ else " ".join(draw.sample(words, 3))
            add(store, document(f"{REPORT} Sekian laporan {tail}", publisher=str(i)))
        assert comparisons(store) <= copies.CHECKED * 100
    assert len(partition(store)) == (300 if facts_differ else 1)
    heads = store.rows(
        "SELECT t.id, p.document_id FROM copy_texts t JOIN copy_members m ON m.text = t.id"
        " JOIN passages p ON p.id = m.passage_id WHERE t.parent IS NULL ORDER BY t.id LIMIT 1"
    )
    store.delete([heads[0][1]])
    assert comparisons(store) <= copies.CHECKED * 300
    assert len(partition(store)) == (299 if facts_differ else 1)
    heads_are_sound(store)


SENTENCES = (
    "Menteri Sri Lestari membuka pasar di Kota Solo pada 3 Maret 2021.", "Pabrik semen itu memecat 41 buruh.",
    "Menurut Andi Wijaya, banjir merendam 7 kelurahan di Kendal.", "Polisi tidak menahan sopir truk tersebut.",
    "The court in Ghent fined Marta Silva 900 euros in July 2019.", "Scientists counted 58 whales near Bergen.",
)  # fmt: skip


@st.composite
def families(draw: st.DrawFn) -> list[Document]:
    """Reports of three sentences, some with copies of them, no sentence in two reports."""
    made = []
    for start in (0, 3):
        report = " ".join(SENTENCES[start : start + 3])
        forms = [
            report,
            f"JAKARTA, KOMPAS.com - {report}",
            f"{report} Demikian kabarnya.",
            report.replace(" di ", " @ "),
        ]
        chosen = draw(st.lists(st.sampled_from(forms), min_size=1, max_size=6))
        made += [document(text, publisher=str((start, i))) for i, text in enumerate(chosen)]
    return draw(st.permutations(made))


@settings(max_examples=25, deadline=None)
@given(added=families(), data=st.data())
def test_adding_and_removing_comes_to_what_a_new_corpus_would_have(
    tmp_path_factory: pytest.TempPathFactory, added: list[Document], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from([one.id for one in added])))
    folder = tmp_path_factory.mktemp("copies")
    with DocumentStore(folder / "long") as lived, DocumentStore(folder / "new") as new:
        for one in added:
            add(lived, one)
            if data.draw(st.booleans()):
                copies.refresh(lived)
        lived.delete(gone)
        copies.refresh(lived)
        add(new, *(one for one in added if one.id not in gone))
        copies.refresh(new)
        assert partition(lived) == partition(new)
        assert copies.waiting(lived) == 0
        heads_are_sound(lived)


def heads_are_sound(store: DocumentStore) -> None:
    assert store.rows("SELECT 1 FROM copy_texts WHERE (parent IS NULL) <> (cluster = id)") == []
    assert store.rows("SELECT 1 FROM copy_texts t LEFT JOIN copy_members m ON m.text = t.id WHERE m.text IS NULL") == []
    assert (
        store.rows("SELECT 1 FROM copy_members m JOIN copy_texts t ON t.id = m.text WHERE m.cluster <> t.cluster") == []
    )
    keyed: Iterable[tuple[int, int]] = store.rows("SELECT text, count(*) FROM copy_keys GROUP BY text")  # type: ignore[assignment]
    texts = {number for (number,) in store.rows("SELECT id FROM copy_texts")}
    assert {number for number, _ in keyed} <= texts


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400).filter(lambda text: text.isprintable() or text))
def test_any_text_has_keys_that_are_32_bit_numbers_and_always_the_same(text: str) -> None:
    keys = copies.keys_of(text)
    assert keys == copies.keys_of(text)
    assert all(-(2**31) <= key < 2**31 for key in keys)
    assert not keys or len(keys) >= copies.BANDS
