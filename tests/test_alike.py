from __future__ import annotations

import pytest

from factcheck.alike import agree, near_copy

REPORT = (
    "Presiden Rusia Vladimir Putin tiba di Pyongyang pada 19 Juni 2024. Ia disambut oleh Kim Jong Un di bandara Sunan. "
    "Kedua pemimpin kemudian menuju wisma tamu Kumsusan. Mereka tidak memberi keterangan kepada pers."
)


@pytest.mark.parametrize(
    "copy",
    [
        REPORT,
        "PYONGYANG, KOMPAS.com - " + REPORT,
        REPORT.replace("kemudian menuju", "lalu menuju"),
        REPORT.rsplit(". ", 1)[0] + ".",
        REPORT + " Kunjungan itu akan berlanjut ke Vietnam.",
    ],
)
def test_a_copy_is_recognised_through_a_dateline_an_edit_and_a_cut(copy: str) -> None:
    assert near_copy(REPORT, copy)
    assert near_copy(copy, REPORT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("19 Juni 2024", "18 Juni 2024"),
        ("19 Juni 2024", "19 Juli 2024"),
        ("Kim Jong Un", "Choe Son Hui"),
        ("Sunan", "Wonsan"),
        ("tidak memberi", "memberi"),
        ("Ia disambut", "Ia tidak disambut"),
    ],
)
def test_a_changed_fact_makes_another_text(old: str, new: str) -> None:
    changed = REPORT.replace(old, new)
    assert changed != REPORT
    assert not near_copy(REPORT, changed)
    assert not near_copy(changed, REPORT)


def test_a_short_note_with_another_number_is_no_copy() -> None:
    assert not near_copy("Korban tewas 12 orang.", "Korban tewas 15 orang.")
    assert near_copy("Korban tewas 12 orang.", "Korban tewas 12 orang.")


def test_a_copy_may_not_bring_in_a_number_in_other_words() -> None:
    longer = REPORT + " Delegasi itu terdiri dari dua belas menteri."
    assert not near_copy(longer, REPORT + " Ada 15 menteri yang ikut serta dalam rombongan.")


def test_unlike_texts_are_no_copies() -> None:
    assert not near_copy(REPORT, "Harga beras naik 5 persen di Jakarta sejak Mei.")
    assert not near_copy(REPORT, "")


@pytest.mark.parametrize(
    ("a", "language_a", "b", "language_b"),
    [
        ("Putin tiba pada 19 Juni 2024", "id", "Pada 19 Juni 2024, Putin mendarat", "id"),
        ("Ada 1,5 juta orang di sana", "id", "It has 1.5 million people", "en"),
        ("Putin tidak bertemu Kim pada 2019", "id", "Putin did not meet Kim in 2019", "en"),
        ("Rusia dan Ukraina", "id", "Then Russia and Ukraine", "en"),
    ],
)
def test_the_same_facts_in_other_words_agree(a: str, language_a: str, b: str, language_b: str) -> None:
    assert agree(a, language_a, b, language_b)
    assert agree(b, language_b, a, language_a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Putin tiba pada 19 Juni 2024", "Putin tiba pada 18 Juni 2024"),
        ("Inflasi naik 5 persen tahun ini", "Inflasi naik 6 persen tahun ini"),
        ("Menurut data, Putin bertemu Kim", "Menurut data, Putin bertemu Xi"),
        ("Ia bertemu Kim", "Ia tidak bertemu Kim"),
    ],
)
def test_a_number_date_name_or_negation_that_differs_is_disagreement(a: str, b: str) -> None:
    assert not agree(a, "id", b, "id")
