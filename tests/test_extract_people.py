from __future__ import annotations

import pytest

from factcheck.extract.people import cast_of, is_person, one_named


def test_the_people_of_an_article_are_known_by_their_short_names() -> None:
    cast = cast_of(
        "Presiden Malaya Rahmat Hakim bertemu Ketua Umum PSM Siti Aminah. Rahmat tiba di Malaya. Kata Siti, hujan."
    )
    assert cast.expand("Rahmat") == "Rahmat Hakim" and cast.expand("Siti") == "Siti Aminah"
    assert cast.people == {"Rahmat Hakim", "Siti Aminah"}


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Menteri Energi Gilang Saputra mengatakan listrik padam.", "Gilang Saputra"),
        ("Kapolres Marado, AKBP Era Johan Kurnia menuturkan, mobil oleng. Kata Era, hujan.", "Era Johan Kurnia"),
        ("Kapolda Jawa Tengah Irjen Pol Rudi Sufari mengatakan aman.", "Rudi Sufari"),
        ("Kepala Staf Kepresidenan Moeldana mengatakan cukup.", "Moeldana"),
        ("Foreign Minister Mevlut Cavus said it is over.", "Mevlut Cavus"),
        ("The minister, Walid al-Moall, spoke. Mr al-Moall said yes.", "Walid al-Moall"),
    ],
)
def test_a_person_is_told_from_the_office(text: str, person: str) -> None:
    assert person in cast_of(text).people


def test_places_offices_and_documents_are_no_people() -> None:
    cast = cast_of(
        "Presiden Ukraina, Vera Zelena, menyatakan perang usai. Pantauan BPS menyebut harga naik. Pidato SBX dibaca."
    )
    assert cast.people == {"Vera Zelena"}


def test_who_is_then_called_he_is_a_person() -> None:
    told = ["Kersa is a rapper from Marado.", "He has released two albums.", "Marado is a city.", "It has a port."]
    assert cast_of(" ".join(told), told).people == {"Kersa"}
    assert cast_of("", ["Kersa (born 1988) is a rapper."]).people == {"Kersa"}


def test_a_surname_is_of_whom_the_text_is_about() -> None:
    told = ["Vera Nuala Kirb was born in 1988.", "She sings.", "Her mother is Jane Kirb.", "Kirb began in 2010."]
    assert cast_of(" ".join(told), told).expand("Kirb") == "Vera Nuala Kirb"


def test_a_nickname_in_brackets_is_a_short_name() -> None:
    cast = cast_of("Presiden Joko Wardana (Jokwa) tiba. Wapres Yusuf Kaluna (JK) menyusul. Kata Jokwa, hujan.")
    assert cast.expand("Jokwa") == "Joko Wardana" and cast.expand("JK") == "Yusuf Kaluna"


def test_a_long_name_that_only_holds_the_name_is_another() -> None:
    told = ["Garrin played for Olaria.", "He scored.", "The Estádio Mané Garrin of Marado is named after him."]
    assert cast_of(" ".join(told), told).expand("Garrin") == "Garrin"


@pytest.mark.parametrize(("name", "person"), [
    ("Ratna Sari", True), ("KCNA", False), ("laporan The Guardian", False), ("Polisi", False), ("Rusia", False),
    (None, False), ("Bank Melati", False),
])  # fmt: skip
def test_who_can_be_he(name: str | None, person: bool) -> None:
    assert is_person(name) is person


def test_the_one_name_of_a_clause() -> None:
    assert one_named("Kunjungan ke Kirgizstan adalah lawatan pertama Putra") == "Putra"
    assert one_named("Putra tiba di Mongolia") == "Putra"
    assert one_named("Putra bertemu Kirana") is None
    assert one_named("Hujan turun di Marado") is None or one_named("Hujan turun di Marado") == "Hujan"
