from __future__ import annotations

import numpy as np
import pytest
from fakes import document, passage

from factcheck.origins import canonical_url, origins
from factcheck.types import Document

TEXT = "Presiden Rusia Vladimir Putin tiba di Pyongyang pada 19 Juni 2024 dan disambut Kim Jong Un di bandara Sunan."


def of(*documents: Document) -> tuple[str, ...]:
    return origins([(passage(one), one) for one in documents])


@pytest.mark.parametrize(
    "url",
    [
        "https://www.kompas.id/berita/1",
        "http://kompas.id/berita/1/",
        "https://m.kompas.id/berita/1?utm_source=x&fbclid=y",
        "HTTPS://KOMPAS.ID/berita/1#atas",
        "https://kompas.id/berita/1/amp",
        "https://kompas.id:443/berita/1",
    ],
)
def test_one_page_has_one_address(url: str) -> None:
    assert canonical_url(url) == "kompas.id/berita/1"


def test_another_page_has_another_address() -> None:
    page = canonical_url("https://kompas.id/berita?id=1&page=2")
    assert page == canonical_url("https://kompas.id/berita?page=2&id=1")
    assert page != canonical_url("https://kompas.id/berita?id=2&page=2")
    assert canonical_url("https://kompas.id:8080/a") != canonical_url("https://kompas.id/a")


def test_what_is_no_address_is_kept() -> None:
    assert canonical_url("http://[broken") == "http://[broken"


def test_a_copy_has_the_origin_of_the_earliest() -> None:
    first = document(TEXT, publisher="KCNA", published="2024-06-18", language="id")
    copy = document("PYONGYANG, KOMPAS.com - " + TEXT, publisher="Kompas", published="2024-06-19", language="id")
    assert of(copy, first) == (first.id, first.id)


def test_an_undated_copy_is_never_the_origin() -> None:
    undated = document(TEXT, publisher="Blog", published=None, language="id")
    dated = document(TEXT, publisher="KCNA", published="2024-06-19", language="id")
    assert of(undated, dated) == (dated.id, dated.id)


@pytest.mark.parametrize(("old", "new"), [("19 Juni", "18 Juni"), ("Sunan", "Wonsan"), ("disambut", "tidak disambut")])
def test_a_near_copy_with_another_fact_is_an_origin_of_its_own(old: str, new: str) -> None:
    a, b = document(TEXT, publisher="A"), document(TEXT.replace(old, new), publisher="B")
    assert of(a, b) == (a.id, b.id)


def test_a_translation_at_the_same_address_is_one_origin() -> None:
    a = document(TEXT, url="https://www.kbs.kr/1", published="2024-06-18", language="id")
    b = document("Putin landed at 02:22.", url="http://kbs.kr/1/", published="2024-06-19", language="en")
    assert of(b, a) == (a.id, a.id)


def test_passages_of_one_document_are_one_origin() -> None:
    one = document("Satu kalimat tentang beras. Lain lagi tentang cuaca.")
    found = [(passage(one, "Satu kalimat tentang beras."), one), (passage(one, "Lain lagi tentang cuaca."), one)]
    assert origins(found) == (one.id, one.id)


def test_a_chain_of_copies_is_one_origin() -> None:
    part = "Kedua pemimpin menandatangani perjanjian kemitraan strategis di ibu kota Korea Utara."
    whole = document(f"{TEXT} {part}", publisher="A", published="2024-06-17")
    first, second = document(TEXT, publisher="B"), document(part, publisher="C")
    assert of(first, second) == (first.id, second.id)
    assert of(first, whole, second) == (whole.id,) * 3


def test_two_reports_of_one_agency_are_two_origins_unless_they_say_the_same() -> None:
    a = document("Putin tiba di Pyongyang pada 19 Juni 2024.", source_family="Reuters", language="id")
    same = document("Putin arrived in Pyongyang on 19 June 2024.", source_family="reuters", language="en")
    other = document("Putin tiba di Hanoi pada 20 Juni 2024.", source_family="Reuters", language="id")
    found = [(passage(one), one) for one in (a, same, other)]
    near = np.array([1.0, 0.0], np.float32)
    vectors = {pair[0].id: near for pair in found}
    joined = origins(found, vectors)
    assert joined[0] == joined[1]
    assert joined[2] == other.id
    assert len(set(origins(found))) == 3, "without vectors an agency joins nothing"
    vectors[found[1][0].id] = np.array([0.0, 1.0], np.float32)
    assert len(set(origins(found, vectors))) == 3, "unlike passages of one agency stay apart"


def test_clusters_of_the_corpus_decide_where_both_passages_have_one() -> None:
    a, copy = document(TEXT, publisher="A", published="2024-06-18"), document(TEXT, publisher="B")
    other = document("Harga beras naik di Jakarta.", publisher="C")
    found = [(passage(one), one) for one in (a, copy, other)]
    ids = [pair[0].id for pair in found]
    assert origins(found, clusters={ids[0]: ids[0], ids[2]: ids[0]}) == (a.id, a.id, a.id), "the copy is compared"
    assert origins(found, clusters={key: key for key in ids}) == (a.id, copy.id, other.id), "nothing is compared"
    assert origins(found, clusters={}) == (a.id, a.id, other.id)


def test_nothing_found_has_no_origins() -> None:
    assert origins([]) == ()
