"""Claims against sources, by value: agreement within rounding and bounds, difference, and no counterpart."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.compare import compare
from factcheck.glossary import canonical

AGREE = [
    ("id", "Korea Utara mengirim lebih dari 10.000 kontainer.", "id",
     "Korea Utara mengirim 10.295 kontainer ke Rusia."),
    ("id", "Prabowo meraih 58,6 persen suara.", "id", "Prabowo meraih 96.214.691 suara (58,59%)."),
    ("id", "Hampir 100 rumah rusak.", "id", "Sebanyak 96 rumah rusak akibat gempa."),
    ("id", "Ada 12 ribu pengungsi.", "id", "Jumlah pengungsi 12.345 orang."),
    ("id", "Lebih dari 10.000 kontainer dikirim.", "en", "North Korea shipped 10,295 containers to Russia."),
    ("en", "About 3 million doses were given.", "id", "Sebanyak 3,04 juta dosis diberikan."),
    ("id", "Anggaran naik menjadi Rp 466 triliun.", "en", "The budget rose to Rp466 trillion."),
    ("id", "Jarak keduanya 1,5 kilometer.", "en", "The distance between them is 1,500 metres."),
    ("en", "The flight took 90 minutes.", "en", "The flight took 1.5 hours."),
    ("en", "A third of voters stayed home.", "en", "About 33 percent of voters stayed home."),
    ("id", "Sedikitnya 40 orang tewas.", "id", "Polisi mencatat 57 orang tewas."),
    ("en", "At most 60 people were killed.", "en", "Police say 57 people were killed."),
    ("id", "Putin tiba di Pyongyang pada 19 Juni 2024.", "en", "Putin arrived in Pyongyang on June 19, 2024."),
    ("id", "Putin tiba di Pyongyang pada 2024.", "en", "Putin arrived in Pyongyang on June 19, 2024."),
    ("en", "The university was founded before 1800.", "en", "Founded in 1765, the university is old."),
    ("en", "Population grew by 5 to 7 percent.", "en", "Population grew by 6 percent."),
    ("id", "Indonesia menang 4-2.", "id", "Indonesia menang dengan skor 4-2."),
    ("id", "Ribuan warga mengungsi.", "id", "Sebanyak 4.500 warga mengungsi."),
    # The value near to a bound is the one meant, whatever noun it has or lacks.
    ("en", "Lorvania has less than 1,240 confirmed dengue cases.", "en",
     "As of 3 May 2021, 1,231 confirmed cases and 212 recoveries were on record in Lorvania."),
    ("en", "Fewer than 500,000 people lived in Brenhold.", "en", "The population of Brenhold was 496,210."),
    ("en", "The film Greywater earned more than $ 149.5 million worldwide.", "en",
     "Greywater took $ 61million at home and $ 89million abroad for a worldwide gross of $ 150million."),
    ("en", "Her album Lanterns has more than $ 2,400,000 in global sales.", "en",
     "Lanterns made $ 310,400 at home, $ 2,190,100 in other territories and a total of $ 2,500,500 in global sales."),
    ("en", "Osric Hale was under 30 years old when the strike began.", "en",
     "Osric Hale led the strike at the age of 27."),
    ("en", "More than 25,000 people visit the Tarn fair.", "en", "As many as 40,000 people visit the Tarn fair."),
    ("id", "Kabupaten Sumberjaya berpenduduk kurang dari 90.000 orang.", "id",
     "Jumlah penduduk Kabupaten Sumberjaya 88.412 jiwa."),
    ("id", "Sekurang-kurangnya 300 rumah di Wanasari rusak.", "id", "Banjir di Wanasari merusak 312 rumah."),
    ("id", "Harga cabai di atas Rp 80.000 per kilogram.", "id", "Harga cabai naik menjadi Rp 85.000 per kilogram."),
    ("id", "Produksi padi Wanasari tidak kurang dari 4.000 ton.", "id",
     "Produksi padi Wanasari turun menjadi 4.150 ton."),
    ("id", "Program itu berjalan hingga 5 tahun.", "id", "Program itu berjalan hingga 5 tahun."),
    ("en", "Ilse Marrow died before 1990.", "en", "Ilse Marrow (2 May 1911 - 9 June 1988) was a Lorvanian painter."),
    # Of dates on both sides of the bound, the one close to it.
    ("en", "The Kestrel tour will end after June 13, 2019.", "en",
     "The Kestrel tour began on March 1, 2018 and will end on June 15, 2019."),
    ("en", "The abbey of Torvald was founded in 1297.", "en", "The abbey of Torvald was founded in 1297 by monks."),
]  # fmt: skip

DISAGREE = [
    ("id", "Prabowo meraih 85,6 persen suara nasional.", "id", "Prabowo meraih 96.214.691 suara nasional (58,59%)."),
    ("id", "Inflasi tahunan Indonesia pada Maret 2,1 persen.", "id",
     "Inflasi tahunan Indonesia pada Maret 3,05 persen."),
    ("en", "The film has an approval rating of more than 67 %.", "en", "The film has an approval rating of 67 %."),
    ("en", "The album sold less than 1.5 million copies.", "en", "The album sold 1,739,000 copies worldwide."),
    ("id", "Korea Utara mengirim lebih dari 20.000 kontainer amunisi ke Rusia.", "en",
     "North Korea sent 10,295 containers of ammunition to Russia."),
    ("en", "The university was founded before 1765 as a college.", "en",
     "The university was founded in 1765 as a college."),
    ("id", "Putin tiba di Pyongyang, Korea Utara, pada 12 Juni 2024.", "id",
     "Putin tiba di Pyongyang, Korea Utara, pada 19 Juni 2024."),
    ("id", "Anggaran pertahanan naik menjadi Rp 566 triliun.", "id",
     "Anggaran pertahanan naik menjadi Rp 466 triliun."),
    ("en", "The Quarry Arena has a seating capacity of less than 18,000.", "en",
     "The Quarry Arena is a stadium with an 18,450-seat capacity."),
    ("en", "The Vane tower is less than 640 feet tall.", "en",
     "The Vane tower rises from 580 feet, or 44 stories, to 642 feet."),
    ("en", "Dara Finch signed a contract for under $10 million.", "en",
     "Dara Finch signed a ten–year $80 million contract."),
    ("en", "The picnic in Brenhold was held before 20th January 2012.", "en",
     "The picnic in Brenhold was held on 26 January 2012."),
    ("en", "Ilse Marrow was born on 2 May 1921.", "en", "Ilse Marrow (2 May 1911 - 9 June 1988) was a painter."),
    ("en", "Ilse Marrow died in 1911.", "en", "Ilse Marrow (2 May 1911 - 9 June 1988) was a Lorvanian painter."),
    ("en", "Osric Hale died at the age of 64.", "en", "Osric Hale died at the age of 61."),
    ("en", "The first season of Harbour Lights has ten episodes.", "en",
     "The first season premiered on 2 October 2016 and Harbour Lights has twenty-two episodes."),
    ("id", "Laga Persiraya dihadiri kurang dari 4.000 penonton.", "id", "Laga Persiraya dihadiri 4.812 penonton."),
    ("id", "Setidaknya 500 warga Wanasari mengungsi.", "id", "Banjir membuat 412 warga Wanasari mengungsi."),
    ("id", "Foto Wanasari disukai kurang dari 42 ribu kali.", "id", "Foto Wanasari disukai lebih dari 42 ribu kali."),
    ("id", "Kebun Wanasari menghasilkan lebih dari 900 ton teh.", "id",
     "Kebun Wanasari menghasilkan sekitar 780 ton teh."),
]  # fmt: skip

UNMATCHED = [
    ("id", "Sebanyak 57 orang tewas dalam gempa itu.", "id", "Gempa itu merusak banyak rumah."),
    ("id", "Bendungan itu menelan biaya Rp 5 triliun.", "id", "Bendungan itu diresmikan presiden."),
    # Another year: the two may both be true.
    ("id", "Pada 2005 sekolah itu mempunyai 2.161 siswa.", "id", "Pada 2010 sekolah itu mempunyai 1.161 siswa."),
    # Euros are not dollars.
    ("en", "The club paid $20 million for the player.", "en", "The club paid €18 million for the player."),
    # A bound that the source leaves open.
    ("en", "More than 80 people were killed in the attack.", "en", "At least 57 people were killed in the attack."),
    # "Over 300" may be 350 or 500.
    ("en", "Brenhold has less than 400 cases.", "en", "Brenhold has over 300 cases."),
    # Somebody else's birthday, another event of the same kind, another place.
    ("en", "Ilse Marrow was born in 1911.", "en", "Osric Hale (born 4 June 1960) is a Lorvanian actor."),
    ("en", "The film Greywater was released in 1995.", "en", "The film Lanterns was released in 2018."),
    ("en", "The Pocketbox console was released in Australia in 1992.", "en",
     "The Pocketbox console was released in Japan on 6 October 1990 and in Europe in 1991."),
    # The year of the figure is another one.
    ("en", "In 2015 the town of Brenhold had more than 160,000 residents.", "en",
     "In 2014 the town of Brenhold had 156,480 residents."),
    # The number counts what the claim counts elsewhere.
    ("en", "Her book has been published in more than 40 countries and more than 30 languages.", "en",
     "Her book has been published in 42 languages."),
    # Chance: nothing but a year before the bound.
    ("en", "The film Greywater was released before 2017.", "en", "Dario Pell (born June 22, 1982) is a goalkeeper."),
    # One of many values, and no word of which.
    ("en", "Turnout was 71 percent.", "en",
     "Of women 12 percent, of men 15 percent and of the young 40 percent smoke."),
]  # fmt: skip

NOTHING = [
    ("id", "Kim menyambut Putin secara pribadi.", "id", "Kim menyambut Putin pada 19 Juni 2024."),
    # "Both leaders" is answered by naming them.
    ("id", "Kedua pemimpin bertemu di wisma negara.", "id", "Putin dan Kim bertemu di wisma negara."),
]


def _check(row: tuple[str, str, str, str]) -> str:
    claim_language, claim, source_language, source = row
    return compare(claim, source, claim_language=claim_language, source_language=source_language).verdict


@pytest.mark.parametrize("row", AGREE, ids=lambda r: r[1][:40])
def test_agree(row: tuple[str, str, str, str]) -> None:
    assert _check(row) == "agree"


@pytest.mark.parametrize("row", DISAGREE, ids=lambda r: r[1][:40])
def test_disagree(row: tuple[str, str, str, str]) -> None:
    assert _check(row) == "disagree"


@pytest.mark.parametrize("row", UNMATCHED, ids=lambda r: r[1][:40])
def test_unmatched(row: tuple[str, str, str, str]) -> None:
    assert _check(row) == "unmatched"


@pytest.mark.parametrize("row", NOTHING, ids=lambda r: r[1][:40])
def test_nothing(row: tuple[str, str, str, str]) -> None:
    assert _check(row) == "nothing"


def test_the_note_says_both_values() -> None:
    check = compare(
        "Prabowo won 85.6 % of the national vote.",
        "Prabowo won 96,214,691 national votes, 58.59 % of the national vote.",
    )
    (comparison,) = check.comparisons
    assert comparison.note == "the source says 58.59 %; the claim says 85.6 %"
    assert (comparison.claim_value, comparison.source_value) == ("85.6 %", "58.59 %")


def test_the_note_gives_the_share_beside_the_count() -> None:
    check = compare(
        "Prabowo meraih 90.214.691 suara.",
        "Prabowo meraih 96.214.691 suara (58,59 %).",
        claim_language="id",
        source_language="id",
    )
    assert check.comparisons[0].note == "the source says 96.214.691 suara (58,59 %); the claim says 90.214.691 suara"


def test_values_stand_in_the_texts_as_written() -> None:
    claim, source = "Pada 19 Juni 2024 lebih dari 10.000 orang hadir.", "Sebanyak 12.000 orang hadir (19/6/2024)."
    check = compare(claim, source, claim_language="id", source_language="id")
    assert check.verdict == "agree" and len(check.comparisons) == 2
    assert all(c.claim_value in claim and c.source_value in source for c in check.comparisons)


def test_relative_dates_count_from_their_own_base() -> None:
    claim, source = "Putin tiba di Pyongyang pada Rabu dini hari.", "Putin arrived in Pyongyang yesterday."
    wednesday, thursday = date(2024, 6, 19), date(2024, 6, 20)
    assert compare(claim, source, claim_base=wednesday, source_base=thursday).verdict == "agree"
    assert compare(claim, source, claim_base=wednesday, source_base=wednesday).verdict != "agree"
    # Without a base there is no day to compare.
    assert compare(claim, source).verdict == "nothing"


def test_a_report_of_the_day_need_not_name_it() -> None:
    claim, source = "Putin tiba di Pyongyang pada 19 Juni 2024.", "Putin tiba di Pyongyang untuk bertemu Kim."
    assert compare(claim, source, claim_language="id", source_language="id").verdict == "unmatched"
    assert (
        compare(claim, source, claim_language="id", source_language="id", source_base=date(2024, 6, 20)).verdict
        == "nothing"
    )


def test_a_value_that_answers_one_claim_value_contradicts_no_other() -> None:
    check = compare("For 29 of our 60 years we had military rule.", "The nation had 29 years of military rule.")
    assert check.verdict != "disagree"


def test_glossary_joins_the_languages() -> None:
    assert canonical("kontainer", "id") == canonical("containers", "en")
    assert canonical("tewas", "id") == canonical("Killed", "en")
    assert canonical("Kumsusan", "id") == canonical("Kumsusan", "en")


_VALUES = st.integers(1, 10**9)


@given(_VALUES)
def test_a_number_agrees_with_itself_in_the_other_language(n: int) -> None:
    indonesian = f"Pabrik itu membuat {n:,} kontainer.".replace(",", ".")
    assert (
        compare(indonesian, f"The plant made {n:,} containers.", claim_language="id", source_language="en").verdict
        == "agree"
    )


@given(_VALUES, _VALUES)
def test_bounds_are_read_in_both_directions(a: int, b: int) -> None:
    if a == b:
        return
    claim = f"Pabrik itu membuat {'lebih' if a < b else 'kurang'} dari {a:,} kontainer.".replace(",", ".")
    source = f"Pabrik itu membuat {b:,} kontainer.".replace(",", ".")
    assert compare(claim, source, claim_language="id", source_language="id").verdict == "agree"
    turned = claim.replace("lebih", "x").replace("kurang", "lebih").replace("x", "kurang")
    assert compare(turned, source, claim_language="id", source_language="id").verdict != "agree"


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_is_compared_without_an_error(claim: str, source: str) -> None:
    compare(claim, source, claim_base=date(2024, 6, 19), source_base=date.min)


_WORDS = st.lists(
    st.sampled_from(["10", "20%", "Rp", "juta", "2024", "19 Juni", "lebih dari", "orang", "half", "1-0",
     "ke-5", "kemarin", ".", "0", "sejak"]),
    max_size=12,
)  # fmt: skip


@given(_WORDS, _WORDS)
def test_any_pile_of_values_is_compared_without_an_error(claim: list[str], source: list[str]) -> None:
    compare(" ".join(claim), " ".join(source), claim_base=date.max, source_base=date.min)


@pytest.mark.parametrize("unit", ["1", "1.1", "5 orang ", "2024 ", "Rp 5 juta. ", "-", "a"])
def test_a_hostile_source_takes_linear_time(unit: str) -> None:
    source = (unit * (200_000 // len(unit) + 1))[:200_000]
    begun = time.thread_time()
    compare("Pada 2024 sebanyak 7 orang membayar Rp 5 juta.", source, claim_language="id", source_language="id")
    assert time.thread_time() - begun < 45


SHARED = Path(__file__).parents[2] / "shared" / "bench" / "verdict_vitaminc.jsonl"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared benchmark is not beside the checkout")
def test_floors_on_contrastive_pairs() -> None:
    """Where code says that a number differs it must nearly always be right."""
    outcome: dict[str, list[str]] = {"agree": [], "disagree": [], "unmatched": [], "nothing": []}
    for line in SHARED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        evidence = row["evidence"][0]
        check = compare(
            row["claim"], f"{evidence['title']}. {evidence['text']}", claim_language="en", source_language="en"
        )
        outcome[check.verdict].append(row["label"])
    differing = outcome["disagree"]
    assert len(differing) >= 55
    assert differing.count("refuted") / len(differing) >= 0.9
    assert differing.count("supported") <= 1
