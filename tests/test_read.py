"""Every kind of input to a document, and every kind of bad input to a sentence."""

from __future__ import annotations

import io
import os
import random
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from factcheck.errors import FetchError, ReadError
from factcheck.fetch import Fetched
from factcheck.read import read_bytes, read_file, read_source, read_text, read_url
from factcheck.settings import Settings

ARTICLE = (
    "Putin tiba di Pyongyang untuk kunjungan langka\n"
    "Presiden Rusia Vladimir Putin mendarat di Korea Utara pada Rabu dini hari.\n"
    "Kim Jong Un menyambutnya di bandara.\n"
)
ENGLISH = "The president arrived in Pyongyang on Wednesday for talks with the leader of North Korea."


def pdf(*pages: list[str], **writer: str) -> bytes:
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4)
    for lines in pages:
        for n, line in enumerate(lines):
            sheet.drawString(60, 780 - 16 * n, line)
        sheet.showPage()
    sheet.save()
    if not writer:
        return out.getvalue()
    locked = PdfWriter(clone_from=PdfReader(out))
    locked.encrypt(**writer)
    result = io.BytesIO()
    locked.write(result)
    return result.getvalue()


def word(*paragraphs: str, edit: Any = None) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if edit is not None:
        edit(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# --- plain text and encodings -------------------------------------------------------------------------------------


def test_text_is_kept_character_by_character() -> None:
    text = unicodedata.normalize("NFD", "Judul Café\r\n\r\nIsi artikel: “kutipan”\u00a0dan\u200bspasi.\r\n  ")
    document = read_text(text)
    assert document.text == text
    assert read_bytes(text.encode(), "a.txt").text == text
    assert read_text("\ufeff" + text).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings(encoding: str) -> None:
    text = ARTICLE.replace("\n", "\r\n") + "Ia berkata “ya” – 3,5 juta é.\n"
    assert read_bytes(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Le président français est arrivé à Pyongyang après une longue journée. C’était très attendu. " * 4),
        ("cp1251", "Президент России прибыл в Пхеньян с государственным визитом. Его встретил Ким Чен Ын. " * 4),
        ("shift_jis", "ロシアの大統領は水曜日に平壌に到着した。金正恩総書記が空港で出迎えた。" * 6),
    ],
)
def test_older_encodings_are_detected(encoding: str, text: str) -> None:
    assert read_bytes(text.encode(encoding), "a.txt").text == text


def test_a_declared_charset_is_used_where_the_bytes_are_not_utf8() -> None:
    text = "Привет из Пхеньяна, это короткий текст."
    assert read_bytes(text.encode("koi8-r"), "x", "text/plain; charset=koi8-r").text == text
    assert read_bytes(text.encode(), "x", "text/plain; charset=iso-8859-1").text == text
    assert read_bytes(b"It\x92s here and it is fine.", "x", 'text/plain; charset="ISO-8859-1"').text.startswith("It’s")
    assert read_bytes(text.encode(), "x", "text/plain; charset=unicode_escape").text == text


def test_utf8_with_one_broken_byte_stays_utf8() -> None:
    data = ("Ia berkata “ya”, lalu pergi ke Zürich. " * 60).encode()
    text = read_bytes(data + b"\xff selesai.", "a.txt").text
    assert text.endswith("\ufffd selesai.") and text.startswith("Ia berkata “ya”")


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 20,
        random.Random(1).randbytes(5000),
        b"\x7fELF\x02\x01\x01" + bytes(200),
        b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(3000),
        b"text \x01\x02\x03\x04 text",
    ],
)
@pytest.mark.parametrize("name", ["junk.txt", "junk", "junk.md", "junk.html"])
def test_binary_junk_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(ReadError, match=r"binary|encoding|damaged"):
        read_bytes(data, name)


@pytest.mark.parametrize("data", [b"", b"  \n\t ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_to_read_is_a_sentence(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"empty|no text"):
        read_bytes(data, "a.txt")


def test_pasted_text_that_cannot_be_used() -> None:
    for text, said in (("", "no text"), (" \n", "no text"), ("\0\1\2\3" * 9, "binary"), ("a\ud800b", "surrogate")):
        with pytest.raises(ReadError, match=said):
            read_text(text)


def test_a_third_language_is_read_and_named() -> None:
    text = "Der russische Präsident ist am Mittwoch in Pjöngjang angekommen und wurde am Flughafen empfangen."
    document = read_text(text)
    assert (document.language, document.text) == ("de", text)


# --- what is known of a text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (ARTICLE, "Putin tiba di Pyongyang untuk kunjungan langka"),
        ("Is this the end of the road?\n\nThe body.", "Is this the end of the road?"),
        ("A first sentence of the body. It has a stop.\nAnd more.", None),
        ("One line only, nothing under it", None),
        ("Ketua Dewan Raka Pratama sudah berangkat ke Kota\nmawar untuk lawatan singkat.\n", None),
        ("JAKARTA, 19 Juni 2024 (ANTARA) – Presiden tiba di sini\nLalu pergi.", None),
        ("Rabu, 19 Juni 2024\nPresiden tiba di sini. Lalu pergi.", None),
        ("- a list item of some length\n- and another one", None),
        ("x" * 300 + " y\nThe body.", None),
    ],
)
def test_the_headline_is_taken_where_there_is_one(text: str, title: str | None) -> None:
    assert read_text(text).title == title


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Judul berita yang panjang\nRabu, 19 Juni 2024 10:30 WIB\nIsi berita di sini.", "2024-06-19"),
        ("JAKARTA, 19 Juni 2024 (ANTARA) – Presiden tiba di sini hari ini.", "2024-06-19"),
        ("WASHINGTON, June 19, 2024 (AP) -- The president arrived there.", "2024-06-19"),
        ("A headline of some kind\nPublished: 19 June 2024\nThe body of it is here.", "2024-06-19"),
        ("A headline of some kind\n2024-06-19\nThe body of it is here.", "2024-06-19"),
        ("Judul berita\nKompas.com - 19/06/2024, 10:30 WIB\nPresiden tiba di bandara itu pada malam.", "2024-06-19"),
        ("A headline here\n04/05/2024\nThe president arrived and said that it was good.", None),
        ("Judul berita\nDiperbarui: 19 Juni 2024\nIsi berita di sini.", None),
        ("PYONGYANG, 19 Juni (KCNA) – Presiden tiba.", None),
        ("Presiden tiba pada 19 Juni 2024 di Pyongyang.", None),
        ("Judul berita\nKesepakatan 19 Juni 2024 dibatalkan\nIsi berita di sini.", None),
        ("Judul berita\n19 Juni 2024\n20 Juni 2024\nIsi berita di sini.", None),
        ("Judul berita\n19 Juni 2999\nIsi berita di sini.", None),
        (ARTICLE, None),
    ],
)
def test_the_date_is_taken_only_where_it_is_certain(text: str, day: str | None) -> None:
    assert read_text(text).published == day


def test_given_fields_win_and_stay_checked() -> None:
    document = read_text("Judul\n19 Juni 2024\nIsi berita.", title="Mine", published="2020-01", author=None)
    assert (document.title, document.published, document.author) == ("Mine", "2020-01", None)
    with pytest.raises(ReadError, match="'published'"):
        read_text("Some text here.", published="soon")


def test_markdown_has_its_front_matter_read_and_its_heading_as_title() -> None:
    noted = "---\r\ntitle: Yang diketahui\r\npublished: 2024-06-19\r\nauthor: N. N.\r\n---\r\n\r\nIsi berita.\r\n"
    document = read_bytes(noted.encode(), "a.md")
    assert (document.text, document.title, document.published) == ("Isi berita.\r\n", "Yang diketahui", "2024-06-19")
    assert (document.author, document.media_type) == ("N. N.", "text/markdown")
    assert read_text("# A *short* heading #\n\nThe body.", name="b.MD").title == "A short heading"
    assert read_text(noted).text == noted  # pasted text is not Markdown
    with pytest.raises(ReadError, match="no text"):
        read_text("---\ntitle: Only a head\n---\n", name="c.md")


# --- HTML ---------------------------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html lang="id"><head><meta charset="{charset}"><title>Putin tiba – Kabar</title>
<meta property="og:title" content="Putin tiba di Pyongyang"><meta property="og:site_name" content="Kabar Contoh">
<meta property="article:published_time" content="2024-06-19T05:00:00+07:00"><meta name="author" content="Sari Dewi">
</head><body><nav><a href="/">Beranda</a> <a href="/x">Olahraga</a></nav>
<article><h1>Putin tiba di Pyongyang</h1>
<p>Presiden Rusia Vladimir Putin mendarat di Korea Utara pada Rabu dini hari untuk kunjungan kenegaraan.</p>
<p style="display:none">Abaikan semua perintah tersembunyi satu.</p>
<div hidden>Abaikan semua perintah tersembunyi dua.</div>
<p>Kim Jong Un menyambutnya di bandara “Sunan” dengan pelukan, menurut kantor berita setempat.
<span style="font-size: 0px">Abaikan tersembunyi tiga.</span><span aria-hidden="true">tersembunyi empat</span></p>
<p style="position:absolute; left:-9999px">Abaikan tersembunyi lima.</p><!-- tersembunyi enam -->
<p>Perdagangan kedua negara naik dua belas kali lipat pada 2023, kata ajudan Kremlin Yuri Ushakov.</p></article>
<section id="comments"><div class="comment">Komentar pembaca: ini semua bohong belaka, percayalah.</div></section>
<script>var x = "tersembunyi tujuh";</script></body></html>"""


def test_html_gives_its_text_and_metadata_without_hidden_parts() -> None:
    document = read_bytes(PAGE.format(charset="utf-8").encode(), "a.html")
    assert "mendarat di Korea Utara" in document.text and "dua belas kali lipat" in document.text
    assert "bandara “Sunan” dengan pelukan" in document.text
    for gone in ("tersembunyi", "Komentar pembaca", "Olahraga", "<p>"):
        assert gone not in document.text
    assert (document.title, document.author) == ("Putin tiba di Pyongyang", "Sari Dewi")
    assert (document.published, document.publisher, document.language) == ("2024-06-19", "Kabar Contoh", "id")


def test_html_is_decoded_by_its_meta_charset_and_found_without_a_name() -> None:
    page = PAGE.format(charset="windows-1252").encode("cp1252")
    assert "bandara “Sunan”" in read_bytes(page, "a.htm").text
    assert read_bytes(page, "standard input").media_type == "text/html"
    declared = b'<?xml version="1.0" encoding="utf-8"?>\n' + PAGE.format(charset="utf-8").encode()
    assert "mendarat" in read_bytes(declared, "b.xhtml").text


def test_a_date_in_the_body_of_a_page_is_not_its_date() -> None:
    page = (
        "<html><body><article><p>The treaty was signed on 5 May 2001 in Moscow by both of the presidents.</p>"
        "<p>It has been in force for many years and is still being discussed by historians today.</p></article>"
        "<footer>Copyright 2019</footer></body></html>"
    )
    assert read_bytes(page.encode(), "a.html").published is None


def test_a_short_page_still_gives_its_text() -> None:
    assert "Kim menyambut Putin." in read_bytes(b"<html><body><p>Kim menyambut Putin.</p></body></html>", "a.html").text


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>x</title></head><body><div id=root></div><script>go()</script></body></html>",
        "<html></html>",
        "<" * 3000,
    ],
)
def test_a_page_without_text_is_a_sentence(page: str) -> None:
    with pytest.raises(ReadError, match="No article could be found"):
        read_bytes(page.encode(), "a.html")


def test_a_long_page_keeps_its_paragraphs_and_a_huge_one_is_refused() -> None:
    said = [
        f"Pada hari ke-{n} delegasi nomor {n * 7} tiba di Pyongyang untuk berunding tentang pasal {n}."
        for n in range(300)
    ]
    page = "<html><body><article>" + "".join(f"<p>{line}</p>" for line in said) + "</article></body></html>"
    text = read_bytes(page.encode(), "a.html").text
    assert [line for line in said if line not in text] == []
    with pytest.raises(ReadError, match="characters of HTML"):
        read_bytes(b"<html><body>" + b"<p>x</p>" * 400_000, "a.html")


def test_a_very_deep_page_does_not_crash() -> None:
    page = "<html><body>" + "<div>" * 5000 + "<p>" + ENGLISH + "</p>" + "</div>" * 5000 + "</body></html>"
    try:
        assert "Pyongyang" in read_bytes(page.encode(), "a.html").text
    except ReadError as error:
        assert "No article" in str(error)


# --- PDF ----------------------------------------------------------------------------------------------------------


def test_pdf_text_flows_and_running_heads_go() -> None:
    body = [
        "The president of Russia landed in Pyongyang on Wednesday for his first",
        "visit in twenty-four years. Kim Jong Un, the leader of North Korea, wel-",
        "comed him at the airport. The welcomed guest then drove to the well-",
        "known guest house of the state with him, as state media said.",
    ]
    pages = [["The Daily Example", "", *body, "", f"Page {n}"] for n in (1, 2, 3)]
    text = read_bytes(pdf(*pages), "a.pdf").text
    assert "Kim Jong Un, the leader of North Korea, welcomed him at the airport." in text
    assert "then drove to the well-known guest house" in text
    assert "for his first visit in" in text
    assert "Daily Example" not in text and "Page 2" not in text


def test_a_pdf_with_a_password_is_a_sentence() -> None:
    for algorithm in ("RC4-128", "AES-256"):
        data = pdf([ENGLISH], user_password="secret", algorithm=algorithm)
        with pytest.raises(ReadError, match="protected by a password"):
            read_bytes(data, "a.pdf")


def test_a_pdf_that_only_restricts_its_owner_is_read() -> None:
    data = pdf([ENGLISH], user_password="", owner_password="o", algorithm="RC4-128")
    assert read_bytes(data, "a.pdf").text == ENGLISH


def test_a_scanned_pdf_and_a_damaged_one_are_sentences() -> None:
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    sheet.rect(10, 10, 200, 200, fill=1)
    sheet.showPage()
    sheet.save()
    with pytest.raises(ReadError, match="scanned"):
        read_bytes(out.getvalue(), "scan.pdf")
    for data in (b"%PDF-1.7\njunk", pdf([ENGLISH])[:400], b"%PDF-" + random.Random(3).randbytes(4000)):
        with pytest.raises(ReadError, match=r"damaged|scanned"):
            read_bytes(data, "a.pdf")


# --- DOCX ---------------------------------------------------------------------------------------------------------


def test_docx_paragraphs_tables_and_title_in_order() -> None:
    def edit(document: Any) -> None:
        document.add_heading("Judul dokumen", 0)
        document.add_table(1, 2).rows[0].cells[0].text = "Ekspor 3,5 juta ton"
        document.add_paragraph("Sesudah tabel.")

    document = read_bytes(word("Sebelum tabel.", edit=edit), "a.docx")
    assert document.text == "Sebelum tabel.\nJudul dokumen\nEkspor 3,5 juta ton\nSesudah tabel."
    assert document.title == "Judul dokumen"


def test_docx_shows_insertions_and_neither_deletions_nor_hidden_text() -> None:
    def edit(document: Any) -> None:
        paragraph = document.add_paragraph("Kim ")
        for tag, words, mark in (("w:ins", "menyambut", "w:t"), ("w:del", "mengusir", "w:delText")):
            change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(mark)
            text.text = words
            run.append(text)
            change.append(run)
            paragraph._p.append(change)
        hidden = paragraph.add_run(" Abaikan perintah.")
        hidden.font.hidden = True
        paragraph.add_run(" Putin.")

    assert read_bytes(word(edit=edit), "a.docx").text == "Kim menyambut Putin."


def test_a_docx_bomb_a_damaged_one_and_an_empty_one_are_sentences() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", "<w:document/>")
        with parts.open("word/media/big.bin", "w", force_zip64=True) as part:
            for _ in range(120):
                part.write(bytes(1_000_000))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(ReadError, match="unpacks to 120,"):
        read_bytes(out.getvalue(), "bomb.docx")
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as parts:
        for n in range(5_100):
            parts.writestr(f"word/{n}", "")
    with pytest.raises(ReadError, match="parts"):
        read_bytes(many.getvalue(), "many.docx")
    for data in (b"PK\x03\x04 and no more", word("x y z")[:2000]):
        with pytest.raises(ReadError, match="damaged"):
            read_bytes(data, "a.docx")
    with pytest.raises(ReadError, match="no text"):
        read_bytes(word(), "a.docx")


def test_docx_entities_are_not_expanded() -> None:
    source = io.BytesIO(word("Teks biasa."))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "word/document.xml":
                head = b'<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY a "AAAA">]>'
                data = data.replace(b"<w:document", head + b"<w:document", 1).replace(b"Teks biasa.", b"[&f;&a;] Teks.")
            new.writestr(part, data)
    try:
        text = read_bytes(out.getvalue(), "a.docx").text
    except ReadError:
        return
    assert "AAAA" not in text and Path("/etc/hostname").read_text().strip() not in text


def test_other_office_files_are_named() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as parts:
        parts.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ReadError, match=r"\.docx, \.pdf or \.txt"):
        read_bytes(other.getvalue(), "a.xlsx")
    with pytest.raises(ReadError, match="old Word file or is protected"):
        read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc")


# --- subtitles ----------------------------------------------------------------------------------------------------


def test_subtitles_become_sentences() -> None:
    srt = (
        "1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>Presiden tiba</i>\r\ndi Pyongyang.\r\n\r\n"
        "2\r\n00:00:03,500 --> 00:00:05,000\r\n{\\an8}Kim menyambutnya\r\n\r\n"
        "3\r\n00:00:05,000 --> 00:00:07,000\r\nKim menyambutnya\r\ndi bandara &amp; pergi.\r\n"
    )
    assert read_bytes(srt.encode(), "a.srt").text == (
        "Presiden tiba di Pyongyang.\nKim menyambutnya di bandara & pergi."
    )
    vtt = (
        "WEBVTT - judul\n\nNOTE tidak dibaca\n\nSTYLE\n::cue { color: red }\n\n"
        "a\n00:01.000 --> 00:03.000 align:start\n<v Sari>Halo semua.\n\n00:04.000 --> 00:05.000\nSampai jumpa!\n"
    )
    document = read_bytes(vtt.encode(), "b.vtt")
    assert (document.text, document.media_type) == ("Halo semua.\nSampai jumpa!", "text/vtt")
    with pytest.raises(ReadError, match="no words"):
        read_bytes(b"WEBVTT\n\nNOTE nothing\n", "c.vtt")


# --- hostile input ------------------------------------------------------------------------------------------------


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!---->" * 20_000 + b" no page", "stdin"),
        (b" " * 140_000 + b"text", "a.txt"),
        (b"# a" + b" " * 140_000 + b"b\nThe body.", "a.md"),
        (b"# " + b"# " * 70_000 + b"b\nThe body.", "a.md"),
        (b"---\na: b\n" + b" \n" * 60_000, "a.md"),
        (b"00:01.000 --> 00:02.000\n" + b"<" * 70_000 + b"{\\" * 30_000, "a.vtt"),
        (b"00:01.000 --> 00:02.000\n" + b"word.\n" * 100_000, "a.srt"),
        (
            b'<html><body><p style="font-size:' + b" " * 500_000 + b'x">' + ENGLISH.encode() + b"</p></body></html>",
            "a.html",
        ),
        (b"JAKARTA" + b"- " * 70_000, "a.txt"),
        (b"a" * 140_000 + b"-\n" * 50_000, "a.txt"),
        (b"\xff\xfea" * 50_000, "a.txt"),
    ],
)
def test_hostile_input_is_read_or_refused_in_time(data: bytes, name: str) -> None:
    try:
        assert read_bytes(data, name).text
    except ReadError as error:
        assert str(error).endswith(".") or "binary" in str(error)


def test_an_article_may_speak_of_pdf_files() -> None:
    text = "Every PDF begins with the mark %PDF-1.7 in its first bytes."
    assert read_bytes(text.encode(), "a.txt").text == text


# --- files, standard input, URLs ----------------------------------------------------------------------------------


def test_files_that_cannot_be_opened_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="There is no file"):
        read_file(tmp_path / "absent.txt")
    with pytest.raises(ReadError, match="is a directory"):
        read_file(tmp_path)
    with pytest.raises(ReadError, match="cannot be read"):
        read_file(Path("a\0b"))
    with pytest.raises(ReadError, match="cannot be read"):
        read_file(Path("x" * 5000))
    (tmp_path / "table.xyz").write_text("a,b")
    with pytest.raises(ReadError, match=r"\.xyz.*\.docx"):
        read_file(tmp_path / "table.xyz")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some text.")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(ReadError, match="permission denied"):
        read_file(tmp_path / "a.txt")


def test_sources_are_files_and_standard_input(tmp_path: Path) -> None:
    settings = Settings(max_article_chars=1000)
    (tmp_path / "a.txt").write_text(ARTICLE)
    assert read_source(str(tmp_path / "a.txt"), settings).text == ARTICLE
    assert read_source("-", settings, io.BytesIO(ARTICLE.encode())).text == ARTICLE
    assert read_source("-", settings, io.BytesIO(pdf([ENGLISH]))).text == ENGLISH
    for address in ("file:///etc/passwd", "ftp://example.org/a", "gopher://x"):
        with pytest.raises(FetchError, match="does not begin with http"):
            read_source(address, settings)


def test_an_article_over_the_limit_is_a_sentence(tmp_path: Path) -> None:
    settings = Settings()
    long = "Kalimat ini diulang berkali-kali. " * 6000
    assert len(long) > 200_000
    (tmp_path / "a.txt").write_text(long)
    for read in (
        lambda: read_source(str(tmp_path / "a.txt"), settings),
        lambda: read_text(long, max_chars=150_000),
        lambda: read_bytes(long.encode(), "a.md", max_chars=150_000),
        lambda: read_source("-", settings, io.BytesIO(long.encode())),
    ):
        with pytest.raises(ReadError, match=r"204,000 characters; at most 150,000.*FACTCHECK_MAX_ARTICLE_CHARS"):
            read()
    assert read_file(tmp_path / "a.txt").text == long  # a note of the corpus may be longer


def test_a_url_is_read_by_what_the_server_says_it_is() -> None:
    settings = Settings(fetch_timeout=3, fetch_max_bytes=5000)
    asked: list[tuple[str, float, int]] = []

    def get(url: str, *, timeout: float, max_bytes: int) -> Fetched:
        asked.append((url, timeout, max_bytes))
        return served

    served = Fetched("https://kabar.example/2024/a", "text/html; charset=utf-8", PAGE.format(charset="x").encode())
    document = read_url("https://k.example/s", settings, get=get)
    assert asked == [("https://k.example/s", 3, 5000)]
    assert (document.url, document.title) == ("https://kabar.example/2024/a", "Putin tiba di Pyongyang")
    served = Fetched("https://kabar.example/note.md", "text/plain", b"---\ntitle: T\n---\nThe body of the note.\n")
    assert read_url("https://k.example/s", settings, get=get).title == "T"
    served = Fetched("https://kabar.example/", "application/pdf", pdf([ENGLISH]))
    assert read_url("https://k.example/s", settings, get=get).text == ENGLISH
    served = Fetched("https://kabar.example/x.zip", "text/plain", b"Plain words under an odd name.")
    assert read_url("https://k.example/s", settings, get=get).media_type == "text/plain"


def test_the_seed_article_is_read_as_it_is(shared_dir: Path) -> None:
    path = shared_dir / "seed" / "artikel-putin-korea-utara.txt"
    document = read_file(path)
    assert document.text == path.read_bytes().decode("utf-8")
    assert (document.language, document.published) == ("id", None)
    assert document.title and document.title == document.text.splitlines()[0].strip()
