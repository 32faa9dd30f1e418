from __future__ import annotations

import pytest

from factcheck.extract.quotes import open_subject, remark, spoken, with_side


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ya, sopir tidak mengantuk", "Sopir tidak mengantuk"),
        ("Jadi pada malam itu ia pergi", "Pada malam itu ia pergi"),
        ("Well, prices fell", "Prices fell"),
        ("Tidak ada korban", "Tidak ada korban"),
        ("Jadwal berubah", "Jadwal berubah"),
    ],
)
def test_words_that_only_open_speech_are_taken_off(text: str, left: str) -> None:
    assert spoken(text) == left


@pytest.mark.parametrize(
    "text", ["Bagus", "Sangat bagus", "Kita cari jalan keluar terbaik lah", "Bisa error, bisa enggak error, ya"]
)
def test_talk_states_nothing(text: str) -> None:
    assert remark(text, "id", direct=True)


@pytest.mark.parametrize(
    "text",
    [
        "Sopir tidak mengantuk",
        "Kami menutup 12 pabrik lah",
        "Kan Ratna yang membuka pabrik",
        "Korban sudah dimakamkan ya",
    ],
)
def test_what_has_a_fact_is_no_talk(text: str) -> None:
    assert not remark(text, "id", direct=True)


def test_indirect_speech_is_never_talk() -> None:
    assert not remark("kita cari jalan keluar lah", "id", direct=False)


def test_a_verb_without_subject_is_open() -> None:
    assert open_subject("disaksikan penumpang", "id")
    assert not open_subject("ditemukan 12 peluru", "id")
    assert not open_subject("polisi menemukan peluru", "id")


def test_a_side_is_named_by_who_speaks() -> None:
    assert with_side("pihaknya menutup pabrik", "Rina", direct=False)[0] == "pihak Rina menutup pabrik"
    assert with_side("mobil milik kami rusak", "Rina", direct=True)[0] == "mobil milik pihak Rina rusak"
    assert with_side("dirinya hadir", "Rina", direct=False)[0] == "Rina hadir"
    assert with_side("kami menutup pabrik", "Rina", direct=False) == ("kami menutup pabrik", ())
    assert with_side("kami menutup pabrik", None, direct=True) == ("kami menutup pabrik", ())
