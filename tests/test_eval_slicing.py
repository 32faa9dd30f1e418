from __future__ import annotations

from datetime import date

import pytest

from factcheck.evals.rows import Given, Gold, Question
from factcheck.evals.slicing import gold_slices, is_negated, text_slices


def _question(text: str, language: str | None = "id", pieces: int = 0, **fields: object) -> Question:
    given = tuple(Given(doc_id=f"d{i}", text="x") for i in range(pieces))
    return Question.model_validate({"id": "1", "text": text, "language": language, "evidence": given, **fields})


@pytest.mark.parametrize(
    ("text", "language", "negated"),
    [
        ("Presiden tidak hadir.", "id", True),
        ("Itu bukan hoaks.", "id", True),
        ("Vaksin belum tersedia.", "id", True),
        ("Takkan ada kenaikan.", "id", True),
        ("Pohon itu bertakhta di bukit.", "id", False),
        ("No handphone itu tersebar.", "id", False),
        ("He didn't go.", "en", True),
        ("He didn’t go.", "en", True),
        ("She cannot vote.", "en", True),
        ("No. 5 was sold.", "en", False),
        ("There is no cure.", "en", True),
        ("The note was noted in November.", "en", False),
        ("Tak ada.", None, True),
        ("It is not so.", None, True),
        ("Tidak ada.", "en", False),
    ],
)
def test_negation(text: str, language: str | None, negated: bool) -> None:
    assert is_negated(text, language) is negated


def test_the_slices_of_a_text() -> None:
    plain = text_slices(_question("Gubernur membuka pasar."))
    assert plain == ("language=id", "numbers_or_dates=no", "attributed=no", "negated=no", "given=0")
    full = text_slices(_question("Menurut BPS, ekspor tidak mencapai 58,6 persen pada 2023.", pieces=3))
    assert full == ("language=id", "numbers_or_dates=yes", "attributed=yes", "negated=yes", "given=2-3")


def test_a_date_or_a_known_speaker_is_enough() -> None:
    dated = _question("He landed on 19 June 2024.", "en", claim_date=date(2024, 6, 20))
    assert "numbers_or_dates=yes" in text_slices(dated)
    assert "attributed=yes" in text_slices(_question("The sea rises.", "en", speaker="A minister"))


def test_every_text_is_in_one_slice_of_each_kind() -> None:
    for pieces, kind in [(0, "0"), (1, "1"), (2, "2-3"), (3, "2-3"), (4, "4+"), (9, "4+")]:
        found = text_slices(_question("Apa saja.", None, pieces))
        assert len({name.partition("=")[0] for name in found}) == len(found) == 5
        assert f"given={kind}" in found
        assert "language=unknown" in found


def test_malay_is_read_as_indonesian_and_kept_apart() -> None:
    found = text_slices(_question("Beliau tidak datang.", "ms"))
    assert "negated=yes" in found
    assert "language=ms" in found


def test_gold_slices() -> None:
    assert gold_slices(Gold(label="refuted", slices=frozenset({"b", "a"}))) == ("label=refuted", "set=a", "set=b")
    assert gold_slices(Gold(slices=frozenset({"length=long"}))) == ("length=long",)
    assert gold_slices(Gold()) == ()
