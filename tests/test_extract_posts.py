from __future__ import annotations

from datetime import date

import pytest

from factcheck.extract import RuleExtractor
from factcheck.extract.posts import SEEN, TAGS, beside_call, cores, engagement, is_post, tidy, told_in
from factcheck.extract.units import units_of
from factcheck.text import reading
from factcheck.types import Document, Extraction

SHARED_ID = (
    "Akun TikTok kabarmawar pada Senin (3/6/2024) mengunggah video [arsip] disertai narasi: WALI KOTA MAWAR DITANGKAP"
    " KARENA KASUS PASAR!! 😱😱 Hingga Kamis (6/6/2024), unggahan telah disukai 12 ribu akun dan dibagikan 300 kali."
)
TOLD_ID = (
    "Beredar unggahan di Facebook yang mengklaim bahwa Bank Melati menutup semua cabang di Kota Mawar lantaran"
    " kehabisan uang. Unggahan tersebut juga menuai 400 komentar."
)
POST_EN = "BREAKING: Harbour bridge closed for good 😱\n\nShare this before they delete it!\n#portvale #bridge https://x.example/1"


def extract(text: str) -> Extraction:
    extraction, _ = RuleExtractor().extract(Document.from_text(text), date(2024, 6, 19), "given")
    for found in extraction.claims:
        assert text[found.start : found.end] == found.source_text
    for left in extraction.left_out:
        assert text[left.start : left.end] == left.text
    return extraction


def texts(text: str) -> list[str]:
    return [claim.text for claim in extract(text).claims]


def post(text: str) -> bool:
    copy, units = units_of(reading(text))
    return is_post(copy.text, units)


def test_what_a_post_says_is_told_from_where_it_was_seen() -> None:
    extraction = extract(SHARED_ID)
    assert any(claim.text.startswith("WALI KOTA MAWAR DITANGKAP") for claim in extraction.claims)
    assert not any("TikTok" in claim.text or "disukai" in claim.text for claim in extraction.claims)
    assert [left.reason for left in extraction.left_out if "TikTok" in left.text or "disukai" in left.text] == [
        SEEN
    ] * 2


def test_what_a_post_is_said_to_claim_is_the_claim() -> None:
    found = texts(TOLD_ID)
    assert found[0] == "Bank Melati menutup semua cabang di Kota Mawar."
    assert found[1] == "Bank Melati menutup semua cabang di Kota Mawar lantaran kehabisan uang."
    assert len(found) == 2


def test_tags_links_calls_and_labels_are_no_part_of_a_claim() -> None:
    extraction = extract(POST_EN)
    assert [claim.text for claim in extraction.claims] == ["Harbour bridge closed for good."]
    reasons = {left.text: left.reason for left in extraction.left_out}
    assert "call" in next(reason for text, reason in reasons.items() if "Share" in text)
    assert next(reason for text, reason in reasons.items() if "#portvale" in text) == TAGS


def test_a_post_said_twice_is_a_claim_once() -> None:
    said = "Air minum di Kota Mawar tercemar limbah pabrik tekstil sejak Mei"
    assert len(texts(f"{said} {said} {said} #mawar")) <= 2


def test_a_caption_without_a_verb_is_a_claim_in_a_post_only() -> None:
    assert texts("Bears eating apples somewhere in Marado") == ["Bears eating apples somewhere in Marado."]


@pytest.mark.parametrize(
    "text", ["Semoga kita semua sehat selalu ya #sehat", "Aku sayang kalian semua 😍", "Apa benar begitu? 🤔"]
)
def test_wishes_feelings_and_questions_of_posts_are_none(text: str) -> None:
    assert texts(text) == []


def test_posts_and_articles_are_told_apart() -> None:
    article = (
        "KOTA MAWAR - Bank Sentral mempertahankan suku bunga acuan di level 6,25 persen pada Kamis.\n"
        '"Cadangan devisa naik 2,8 miliar dolar AS," kata Gubernur Bank Sentral Surya Wibawa dalam konferensi pers.\n'
        "Menurut Badan Data Nasional, harga beras turun 3,59 persen dibandingkan bulan sebelumnya.\n"
    )
    assert not post(article)
    assert post(SHARED_ID) and post(TOLD_ID) and post(POST_EN) and post("SEMUA TOKO DI KOTA MAWAR TUTUP BESOK PAGI")


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("Jembatan #Mawar runtuh 😱😱 https://x.example/a", "Jembatan Mawar runtuh"),
        ("*PENTING* Air laut surut", "PENTING Air laut surut"),
        ("BREAKING NEWS: bridge closed #a #b", "bridge closed"),
        ("harga naik [arsip] 5 persen", "harga naik 5 persen"),
    ],
)
def test_a_posts_words_are_tidied(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


def test_where_the_telling_begins() -> None:
    sentence = "Akun Facebook Melati membagikan foto yang mengklaim bahwa jembatan Mawar runtuh kemarin"
    told = told_in(sentence)
    assert told is not None and told[1] and sentence[told[0] :] == "jembatan Mawar runtuh kemarin"
    assert told_in("Akun Facebook Melati membagikan foto tersebut") == (45, False)
    assert told_in("Jembatan Mawar runtuh kemarin") is None


def test_counts_of_shares_are_known() -> None:
    assert engagement("Unggahan itu telah ditonton 20 ribu kali")
    assert not engagement("Film itu ditonton banyak orang")


def test_the_core_of_a_long_sentence() -> None:
    said = "Wali Kota Mawar resmi menutup semua pasar malam karena dianggap sebagai tempat berkumpulnya para penjahat"
    assert cores(said, "id") == ("Wali Kota Mawar resmi menutup semua pasar malam",)
    assert cores("Jembatan Mawar runtuh karena hujan", "id") == ()


def test_what_circulates_is_the_claim_where_nothing_says_more() -> None:
    assert texts("Beredar akun Facebook Wali Kota Mawar Surya Wibawa meminta uang kepada warga.") == [
        "Akun Facebook Wali Kota Mawar Surya Wibawa meminta uang kepada warga."
    ]
    assert texts("Beredar sebuah video oleh akun Twitter @mawar pada 5 Mei 2024.") == []


def test_a_title_is_told_without_a_colon() -> None:
    told = "Kanal YouTube Mawar TV mengunggah video berjudul WALI KOTA MAWAR MUNDUR HARI INI"
    assert texts(told) == ["WALI KOTA MAWAR MUNDUR HARI INI."]


def test_an_assertion_is_no_question_for_its_question_marks() -> None:
    assert texts("WALI KOTA MAWAR MUNDUR HARI INI.??") == ["WALI KOTA MAWAR MUNDUR HARI INI."]


def test_a_short_text_in_whole_sentences_is_cut_only_into_statements() -> None:
    text = "Hingga 21 Mei 2023, 12.000 orang di Kota Mawar menerima dosis pertama, 8.000 orang di antaranya perempuan."
    assert texts(text) == [text]
    listed = "Tiga dari delapan hakim Kota Mawar berbeda pendapat: Ratna Sari, Bagus Pranoto, dan Riko Saputra."
    assert texts(listed) == [listed]
    contrast = (
        "Sebuah surat kabar Marado mencantumkan Kuba, bukan Peru, di antara lima negara yang menolak resolusi itu."
    )
    assert texts(contrast) == [contrast]


def test_a_subject_alone_is_no_core() -> None:
    text = "Eise Marado and his wife, Rinske Jansen, had five sons and two daughters in the town of Port Vale"
    assert not any(found.startswith("Eise Marado and his wife.") for found in texts(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Harbour bridge is closed for good so please share", "Harbour bridge is closed for good"),
        ("Pasar Mawar terbakar pagi tadi, viralkan agar pelaku ditangkap", "Pasar Mawar terbakar pagi tadi"),
        ("JANGAN LUPA TEKAN TOMBOL SUKA\nPASAR MAWAR TERBAKAR PAGI TADI", "PASAR MAWAR TERBAKAR PAGI TADI"),
    ],
)
def test_a_statement_beside_a_call_is_kept(text: str, said: str) -> None:
    stretch = beside_call(text)
    assert stretch is not None and text[slice(*stretch)] == said
    extraction = extract(text)
    assert f"{said}." in [claim.text for claim in extraction.claims]
    assert any("call" in left.reason or "wish" in left.reason for left in extraction.left_out)


@pytest.mark.parametrize("text", ["Please share this with all your friends", "Ayo viralkan sekarang juga"])
def test_a_call_alone_states_nothing(text: str) -> None:
    assert beside_call(text) is None and texts(text) == []


def test_a_date_is_not_cut_at_its_comma() -> None:
    text = "The song of the Vale band of Port Vale reached number one on August 15, 2003, and stayed there for weeks."
    assert not any(found.endswith("August 15.") for found in texts(text))
