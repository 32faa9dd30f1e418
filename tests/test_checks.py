from __future__ import annotations

import fakes
import pytest

from factcheck.verify.checks import is_fact_check, refutation, tells_a_finding, tells_what_was_posted
from factcheck.verify.offline import OfflineJudge

CHECK = (
    "Akun Facebook @sungai_biru mengunggah foto dengan narasi bahwa jembatan Lemo runtuh diterjang banjir bandang."
    " Berdasarkan hasil penelusuran, foto itu diambil di negara lain pada 2011."
    " Kabar bahwa jembatan Lemo runtuh adalah tidak benar."
    " Dinas setempat memastikan jembatan Lemo dibuka kembali pada hari Senin."
)
POSTED = fakes.claim("Jembatan Lemo runtuh diterjang banjir bandang.", language="id")
FOUND = fakes.claim("Jembatan Lemo dibuka kembali pada hari Senin.", language="id")


def test_a_fact_check_of_the_claim_refutes_it_with_its_finding() -> None:
    note = fakes.document(CHECK, language="id")
    found = refutation(POSTED, note)
    assert found is not None and 0.5 <= found.share <= 1
    assert note.text[found.finding.start : found.finding.end].startswith("Kabar bahwa jembatan Lemo runtuh")


@pytest.mark.parametrize(
    "text",
    [
        "Jembatan Lemo runtuh diterjang banjir bandang pada Selasa malam.",
        "Sebuah akun mengunggah foto jembatan Lemo yang runtuh diterjang banjir bandang.",
        "Wali kota membantah klaim bahwa jembatan Lemo runtuh diterjang banjir bandang.",
    ],
)
def test_a_report_is_no_fact_check(text: str) -> None:
    note = fakes.document(text, language="id")
    assert not is_fact_check(note) and refutation(POSTED, note) is None


def test_a_fact_check_of_something_else_says_nothing_of_the_claim() -> None:
    other = fakes.claim("Harga beras naik dua kali lipat di pasar induk.", language="id")
    assert refutation(other, fakes.document(CHECK, language="id")) is None


def test_what_was_posted_is_no_support_and_what_was_found_is() -> None:
    one = fakes.candidate(fakes.document(CHECK, language="id"))
    model = fakes.ScriptedEntailment({("runtuh", "narasi"): (0.95, 0.0), ("dibuka", "dibuka kembali"): (0.95, 0.0)})
    judge = OfflineJudge(model, fakes.plain_head())
    (posted,) = judge.judge(POSTED, [one]).findings
    assert posted.stance == "refutes" and "tidak benar" in posted.quote and "fact-check" in posted.note
    (found,) = judge.judge(FOUND, [one]).findings
    assert found.stance == "supports" and "dibuka kembali" in found.quote


def test_the_checkers_own_conclusion_is_judged_like_any_claim() -> None:
    one = fakes.candidate(fakes.document(CHECK, language="id"))
    denial = fakes.claim("Kabar bahwa jembatan Lemo runtuh tidak benar.", language="id")
    judge = OfflineJudge(fakes.ScriptedEntailment({("tidak benar", "tidak benar"): (0.95, 0.0)}), fakes.plain_head())
    (finding,) = judge.judge(denial, [one]).findings
    assert finding.stance == "supports"


def test_the_phrases_are_words_and_not_parts_of_words() -> None:
    assert tells_a_finding("That is false.") and not tells_a_finding("She sang falsetto.")
    assert not tells_a_finding("Salah satu warga hadir.")
    assert tells_what_was_posted("The photo was shared widely.") and not tells_what_was_posted("A shard of glass.")
