from __future__ import annotations

import io
import unicodedata
from itertools import pairwise
from pathlib import Path

import fakes
import fakes_publish as made
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.errors import InputError, SettingsError
from factcheck.publish import to_pdf
from factcheck.publish.sheet import INK, SOFT, canvas
from factcheck.review import ReviewedReport


def read(data: bytes) -> tuple[pypdf.PdfReader, str]:
    """A file and its words, on one line."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    return reader, " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def with_text(text: str) -> ReviewedReport:
    """An article of one signed-off claim, both of them this text."""
    result = fakes.result(fakes.claim(text), "not_enough_evidence")
    return ReviewedReport(
        report=fakes.report(text, [result], title="Title"),
        review=(made.entry_of(result, **made.decided("not_enough_evidence")),),
    )


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ("✓ 1 Supported", "? 1 Not enough evidence", "– 1 Not checked", "Reason: The second source is a copy.",
                "Correction, 24 June 2024: We misread the date. Until then: Supported.", "added by Ana")),
        ("id", ("✓ 1 Didukung", "? 1 Bukti belum cukup", "– 1 Tidak diperiksa", "Alasan: The second source is a copy.",
                "Koreksi, 24 Juni 2024: We misread the date. Sebelumnya: Didukung.", "ditambahkan oleh Ana")),
    ],
)  # fmt: skip
def test_a_file_says_what_the_page_says(language: str, parts: tuple[str, ...]) -> None:
    reader, text = read(to_pdf(made.reviewed_of(), language=language))
    assert [part for part in parts if part not in text] == []
    assert reader.metadata is not None and reader.metadata.title == "A visit"
    assert reader.trailer["/Root"]["/Lang"] == language
    assert made.SECRET not in text and "run-secret" not in text
    assert "[✓1]" in text and "[✗3]" in text, "the article's claims are numbered"


def test_one_claim_has_a_page_of_its_own() -> None:
    reviewed = made.reviewed_of()
    reader, text = read(to_pdf(reviewed, reviewed.review[2].claim_id, notes=True))
    assert len(reader.pages) == 1 and "He left for Rome." in text
    assert made.SECRET in text and "Both counts exist." not in text
    with pytest.raises(InputError, match="has no claim nope"):
        to_pdf(reviewed, "nope")


def test_the_claims_can_be_found_by_bookmarks() -> None:
    reader, _ = read(to_pdf(made.reviewed_of()))
    names = [entry.title for part in reader.outline for entry in (part if isinstance(part, list) else [part])]
    assert "The article" in names and "3. Refuted: He left for Rome." in names


def test_the_same_report_gives_the_same_file() -> None:
    assert to_pdf(made.reviewed_of()) == to_pdf(made.reviewed_of())


def test_nothing_of_a_hostile_text_comes_alive_in_a_file() -> None:
    data = to_pdf(made.hostile_of(), notes=True)
    reader, text = read(data)
    assert len(reader.pages) > 20
    for page in reader.pages:
        assert "/Annots" not in page and "/AA" not in page, "no link, no action"
    root = reader.trailer["/Root"]
    assert not {"/AA", "/AcroForm", "/Names"} & set(root)
    assert isinstance(root["/OpenAction"], list), "a place to open at, not something to do"
    assert b"/JavaScript" not in data and b"/URI" not in data and b"/Launch" not in data
    assert "<script>alert(1)</script>" in text
    assert {c for c in text if unicodedata.category(c) in ("Cc", "Cf")} == set()


def test_a_files_marks_of_its_own_are_text_in_an_article() -> None:
    _, text = read(to_pdf(with_text("It has {nb} pages, **bold** and ^^raised^^ words. {n}")))
    assert "It has {nb} pages, **bold** and ^^raised^^ words. {n}" in text
    assert "Page 1" in text


def test_many_scripts_are_shown() -> None:
    words = "Ćwiek Žižek Привет Ωmega שלום สวัสดี नमस्ते"
    _, text = read(to_pdf(with_text(words)))
    assert all(word in text for word in ("Ćwiek", "Žižek", "Привет", "Ωmega"))
    assert "□ stands for" not in text


def test_a_character_without_a_glyph_is_a_square_and_the_file_says_so() -> None:
    _, text = read(to_pdf(with_text("Kantor KCNA 조선 melaporkan."), language="id"))
    assert "Kantor KCNA □□ melaporkan." in text
    assert "□ menggantikan karakter" in text


def test_further_fonts_can_be_given_and_bad_ones_are_named(tmp_path: Path) -> None:
    import pymupdf_fonts

    music = tmp_path / "music.ttf"
    music.write_bytes(pymupdf_fonts.fontbuffers["music"]())
    clef = "\U0001d11e"
    assert "□" in read(to_pdf(with_text(f"Clef {clef}")))[1]
    assert "□" not in read(to_pdf(with_text(f"Clef {clef}"), fonts=(music,)))[1]
    damaged = tmp_path / "bad.ttf"
    damaged.write_bytes(b"not a font")
    with pytest.raises(SettingsError, match=r"bad\.ttf cannot be used"):
        to_pdf(with_text("x"), fonts=(damaged,))


def test_lines_fit_between_the_margins_and_lose_no_word(tmp_path: Path) -> None:
    with canvas(tmp_path) as sheet:
        room = sheet.pdf.w - sheet.pdf.l_margin - sheet.pdf.r_margin

        @settings(max_examples=200, deadline=None)
        @given(st.lists(st.text(alphabet="ab WMi\n.✓ж", max_size=400), max_size=3))
        def any_text(texts: list[str]) -> None:
            runs = [(sheet.fit(text), INK if n % 2 else SOFT) for n, text in enumerate(texts)]
            lines = list(sheet.lines(runs, 12, False))
            assert "".join("".join(t for line in lines for t, _ in line).split()) == "".join("".join(texts).split())
            for line in lines:
                sheet.pdf.set_font("body", "", 12)
                widths = [sheet.pdf.get_string_width(text.rstrip()) for text, _ in line]
                assert sum(widths) <= room + 0.5
                assert all(a[1] != b[1] for a, b in pairwise(line))

        any_text()
        assert len(next(sheet.lines([("W" * 100, INK)], 12, False))[0][0]) < 100
