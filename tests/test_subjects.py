from __future__ import annotations

import fakes
import pytest

from factcheck.verify.subjects import missing_speaker, missing_subject


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Vladimir Putin landed in Pyongyang.", "Putin's plane landed in the North Korean capital."),
        ("Presiden Rusia Vladimir Putin tiba di Pyongyang.", "Russian President Putin arrived in Pyongyang."),
        ("Korea Utara meluncurkan rudal.", "The DPRK launched a missile."),
        ("Amerika Serikat menolak usul itu.", "The US rejected the proposal."),
        ("Amerika Serikat menolak usul itu.", "AS menolak usul itu."),
        ("Menurut PBB, 300 orang tewas.", "The United Nations said that 300 people died."),
        ("Jerman menang.", "Germany won."),
        ("Müller menang, kata Müller.", "Muller won."),
        ("The population grew by 2 per cent.", "Inflation fell."),
    ],
)
def test_a_source_that_names_the_subject_is_let_through(claim: str, source: str) -> None:
    assert missing_subject(fakes.claim(claim), source) is None


@pytest.mark.parametrize(
    ("claim", "source", "who"),
    [
        ("In June Putin landed in Pyongyang.", "Xi Jinping landed in Pyongyang.", "Putin"),
        ("Menurut Joko Widodo, jembatan itu selesai.", "Prabowo Subianto said the bridge is finished.", "Joko Widodo"),
        ("Pada 2024 Jerman menang.", "France won in 2024.", "Jerman"),
        # "as", "us", "who" and "un" are words of any English text; only in capitals are they names.
        ("Pada 2024 Amerika Serikat menolak usul itu.", "He told us as much, as a friend.", "Amerika Serikat"),
        ("Pada 2024 PBB menolak usul itu.", "He is the one who wrote it, not un ami.", "PBB"),
        # North and South Korea are not one country, nor are the states and the nations that are united.
        ("Pada 2024 Korea Utara menembakkan rudal.", "South Korea fired a missile.", "Korea Utara"),
        ("In 2024 South Korea fired a missile.", "Korea Utara menembakkan rudal.", "South Korea"),
        ("Pada 2024 Amerika Serikat menolak usul itu.", "The United Nations declined.", "Amerika Serikat"),
        ("In 2024 the United Nations declined.", "Amerika Serikat menolak usul itu.", "United Nations"),
    ],
)
def test_a_source_about_somebody_else_is_caught(claim: str, source: str, who: str) -> None:
    assert missing_subject(fakes.claim(claim), source) == who


def test_the_capital_of_a_first_word_makes_no_name() -> None:
    """`Lawatan` opens the sentence; that the source has the word, too, does not make it speak of Putin."""
    claim = fakes.claim("Lawatan Putin berlangsung dua hari.", language="id")
    assert missing_subject(claim, "Lawatan Xi berlangsung dua hari.") is not None
    assert missing_subject(claim, "Kunjungan Putin berlangsung dua hari.") is None


def test_a_source_that_names_all_but_one_of_many_is_let_through() -> None:
    claim = "Yuri Ushakov told Interfax that Putin and Kim Jong Un met in Pyongyang."
    assert missing_subject(fakes.claim(claim), "Interfax: Putin met Kim Jong Un in Pyongyang.") is None
    assert missing_subject(fakes.claim(claim), "Putin met Xi in Beijing.") in ("Yuri Ushakov", "Ushakov")


def test_the_speaker_must_be_named() -> None:
    claim = fakes.claim("Ushakov said the visit is packed.", speaker="Yuri Ushakov", kind="attribution")
    assert missing_speaker(claim, "The visit is packed, Ushakov told reporters.") is None
    assert missing_speaker(claim, "The visit is packed, Peskov told reporters.") == "Yuri Ushakov"
    assert missing_speaker(fakes.claim("The visit is packed."), "Nobody.") is None
