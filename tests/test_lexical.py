from __future__ import annotations

import threading

import pytest

from factcheck.lexical import LexicalEntry, LexicalIndex, words_of


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
