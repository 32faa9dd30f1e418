from __future__ import annotations

import random
import threading
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.lexical import LexicalEntry, LexicalIndex, disk, words_of
from factcheck.lexical.postings import K1, B
from factcheck.lexical.words import SCHEME


def index(*rows: tuple[str, str, str | None]) -> LexicalIndex:
    return LexicalIndex(LexicalEntry(*row) for row in rows)


def ids(found: list[tuple[str, float]]) -> list[str]:
    return [key for key, _ in found]


@pytest.mark.parametrize(
    ("a", "language_a", "b", "language_b"),
    [
        ("1,5 juta", "id", "1.5 million", "en"),
        ("1.500.000", "id", "1,500,000", "en"),
        ("dua puluh tiga", "id", "23", "en"),
        ("twenty-three", "en", "23", "id"),
        ("2,86 triliun", "id", "2.86 trillion", "en"),
    ],
)
def test_numbers_have_one_form_however_they_are_written(a: str, language_a: str, b: str, language_b: str) -> None:
    assert words_of(a, language_a) == words_of(b, language_b)


@pytest.mark.parametrize(("a", "b"), [("1,5", "15"), ("2000", "2001"), ("1.500", "1,5"), ("3 juta", "3 miliar")])
def test_different_numbers_stay_different(a: str, b: str) -> None:
    assert words_of(a, "id") != words_of(b, "id")


def test_words_are_stemmed_in_their_language() -> None:
    assert words_of("membacakan", "id") == words_of("dibacakan", "id")
    assert words_of("signed treaties", "en") == words_of("signing treaty", "en")
    assert words_of("Menandatangani", "xx") == ["menandatangani"]


def test_labels_and_long_digits_are_kept_as_they_stand() -> None:
    assert words_of("agen 007", "id")[0] == "#007"
    assert words_of("9" * 100, "en") == ["#" + "9" * 100]


def test_the_passage_that_shares_rare_words_comes_first() -> None:
    found = index(
        ("hit", "Putin tiba di bandara Sunan", "id"),
        ("half", "Putin tiba di Hanoi", "id"),
        ("miss", "Harga beras naik di pasar", "id"),
    ).search("Putin mendarat di Sunan", 3, "id")
    assert ids(found)[:2] == ["hit", "half"]
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_query_meets_only_its_own_language_and_the_unknown() -> None:
    both = index(("id", "Putin Pyongyang", "id"), ("en", "Putin Pyongyang", "en"), ("?", "Putin Pyongyang", None))
    assert set(ids(both.search("Putin", 9, "id"))) == {"id", "?"}
    assert set(ids(both.search("Putin", 9, "de"))) == {"?"}
    assert set(ids(both.search("Putin", 9, None))) == {"id", "en", "?"}


def test_nothing_in_common_is_nothing_found() -> None:
    some = index(("a", "Putin tiba", "id"))
    assert some.search("harga beras", 5, "id") == []
    assert some.search("", 5, "id") == []
    assert some.search("!!! ???", 5, "id") == []


def test_an_empty_corpus_and_a_passage_without_words() -> None:
    assert index().search("Putin", 5, "id") == []
    assert index(("a", "…", "id")).search("Putin", 5, "id") == []
    assert ids(index(("a", "…", "id"), ("b", "Putin", "id")).search("Putin", 5, "id")) == ["b"]


def test_k_is_a_bound() -> None:
    many = index(*((str(i), f"Putin {i}", "id") for i in range(20)))
    assert len(many.search("Putin", 7, "id")) == 7
    assert len(many.search("Putin", 100, "id")) == 20


def test_threads_may_search_at_once() -> None:
    some = index(*((str(i), f"perjanjian nomor {i} dibacakan", "id") for i in range(50)))
    expected = some.search("membacakan perjanjian nomor 7", 5, "id")
    results: list[list[tuple[str, float]]] = []

    def run() -> None:
        for _ in range(50):
            results.append(some.search("membacakan perjanjian nomor 7", 5, "id"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 200
    assert all(result == expected for result in results)


def test_scores_are_those_of_bm25s() -> None:
    import bm25s

    chosen = random.Random(5)
    texts = [
        " ".join(chosen.choices(["beras", "harga", "naik", "turun", "impor", "kota", "hujan", "gempa"], k=n % 19))
        for n in range(60)
    ]
    ours = index(*((f"p{i}", text, "xx") for i, text in enumerate(texts)))
    theirs = bm25s.BM25(k1=K1, b=B, method="lucene")
    theirs.index([words_of(text, "xx") for text in texts], show_progress=False)
    found = ours.search("harga beras naik", 60, "xx")
    expected = theirs.get_scores(["harga", "beras", "naik"])
    assert len(found) == np.count_nonzero(expected) > 20
    for key, score in found:
        assert score == pytest.approx(float(expected[int(key[1:])]), rel=1e-5)


def test_equal_scores_are_told_apart_by_id_alone() -> None:
    rows = [(f"p{i:02}", "harga beras", "id") for i in range(40)]
    random.Random(3).shuffle(rows)
    assert ids(index(*rows).search("beras", 5, "id")) == ["p00", "p01", "p02", "p03", "p04"]


def test_the_words_of_a_text_are_those_that_kept_indexes_were_made_with() -> None:
    text = "Menteri Luar Negeri RI tidak menandatangani 1,5 juta perjanjian pada 17 Agustus 2024, kata Covid-19."
    expected = [
        "#1500000",
        "#17",
        "#2024",
        "#19",
        "teri",
        "luar",
        "neger",
        "ri",
        "tidak",
        "andatangan",
        "janji",
        "pada",
        "agustus",
        "kata",
        "covid",
    ]
    assert SCHEME == "words/1" and words_of(text, "id") == expected, "raise SCHEME with the rules"


# --- following a corpus and keeping the index -----------------------------------------------------------------------

Texts = dict[str, tuple[str, list[str]]]
"""Of each document its language and its passages."""


def followed(old: LexicalIndex, texts: Texts, read: list[str] | None = None) -> LexicalIndex:
    def entries(documents: Collection[str]) -> Iterator[LexicalEntry]:
        for key in documents:
            if read is not None:
                read.append(key)
            for i, text in enumerate(texts[key][1]):
                yield LexicalEntry(f"{key}-{i}", text, texts[key][0], key)

    return old.followed({key: repr(texts[key]) for key in sorted(texts)}, entries)


def answers(made: LexicalIndex) -> list[list[tuple[str, float]]]:
    queries = ("beras naik", "harga 5 kota", "hujan", "kota kota gempa")
    return [
        [(key, round(score, 5)) for key, score in made.search(query, 50, language)]
        for query in queries
        for language in ("id", "en", None)
    ]


KNOWN = ("beras", "harga", "naik", "kota", "hujan", "gempa", "5", "juta", "the", "rice")
words = st.lists(st.sampled_from(KNOWN), max_size=7).map(" ".join)
corpora = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.tuples(st.sampled_from(["id", "en", ""]), st.lists(words, max_size=3)),
    max_size=8,
)


@given(st.lists(corpora, min_size=1, max_size=4))
def test_an_index_that_follows_is_the_same_as_one_made_anew(states: list[Texts]) -> None:
    following = LexicalIndex()
    for texts in states:
        following = followed(following, texts)
        anew = followed(LexicalIndex(), texts)
        assert answers(following) == answers(anew) and len(following) == len(anew)


TEXTS: Texts = {
    "a": ("id", ["harga beras naik", "hujan di kota"]),
    "b": ("en", ["the rice is 5 juta"]),
    "c": ("../x", ["gempa"]),
    "d": ("", ["kota"]),
}


def test_only_what_is_new_is_read() -> None:
    read: list[str] = []
    first = followed(LexicalIndex(), TEXTS, read)
    assert sorted(read) == ["a", "b", "c", "d"]
    followed(first, {**TEXTS, "e": ("id", ["beras"]), "b": ("en", ["rice"])}, read)
    assert sorted(read[4:]) == ["b", "e"]


def test_a_kept_index_comes_back_as_it_was(tmp_path: Path) -> None:
    made = followed(LexicalIndex(), TEXTS)
    assert disk.condition(tmp_path, "corpus-1", "l") == "missing" and disk.load(tmp_path, "corpus-1", "l") is None
    assert disk.save(made, tmp_path, "corpus-1", "l")
    loaded = disk.load(tmp_path, "corpus-1", "l")
    assert loaded is not None and answers(loaded) == answers(made) and loaded.documents == made.documents
    changed = {**TEXTS, "e": ("id", ["beras kota"])}
    after = followed(loaded, changed)
    assert answers(after) == answers(followed(LexicalIndex(), changed))
    assert disk.save(after, tmp_path, "corpus-2", "l")
    assert [place.name for place in tmp_path.iterdir()] == ["corpus-2"]
    assert answers(loaded) == answers(made), "whoever has it open keeps it"
    assert disk.condition(tmp_path, "corpus-2", "l") == "current"
    assert disk.condition(tmp_path, "corpus-3", "l") == "stale"
    assert disk.load(tmp_path, "corpus-2", "other layout") is None


def test_a_damaged_index_is_none(tmp_path: Path) -> None:
    made = followed(LexicalIndex(), TEXTS)
    disk.save(made, tmp_path, "corpus-1", "l")
    files = sorted(file for file in tmp_path.rglob("*") if file.is_file())
    assert len(files) > 20
    for file in files:
        whole = file.read_bytes()
        for spoilt in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), b""):
            file.write_bytes(spoilt)
            assert spoilt[-1:] == b"|" or disk.load(tmp_path, "corpus-1", "l") is None, file
        file.unlink()
        assert disk.condition(tmp_path, "corpus-1", "l") == "damaged"
        file.write_bytes(whole)
    assert disk.load(tmp_path, "corpus-1", "l") is not None
    assert disk.save(made, tmp_path, "corpus-1", "l") and disk.latest(tmp_path, "l") is not None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory", encoding="utf-8")
    assert not disk.save(followed(LexicalIndex(), TEXTS), tmp_path / "file" / "lexical", "corpus-1", "l")
