from __future__ import annotations

import pytest

from factcheck.verify.cues import denies_the_same, reports_denial, reports_saying


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("Korea Utara membantah mengirim senjata.", "Korea Utara mengirim senjata."),
        ("Menurut polisi kabar itu hoaks.", "Kabar itu beredar."),
        ("Moscow denied that it had sent weapons.", "Moscow sent weapons."),
        ("The story was debunked in May.", "The story was told in May."),
    ],
)
def test_a_denial_is_seen(source: str, claim: str) -> None:
    assert reports_denial(source, claim)


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("Korea Utara mengirim senjata.", "Korea Utara mengirim senjata."),
        ("Korea Utara membantah hal itu.", "Korea Utara membantah mengirim senjata."),
        ("He dined in Denver.", "He dined in Denver."),
        ("Putin landed in Pyongyang; Moscow denied that it needs weapons.", "Putin landed in Pyongyang."),
        ("Putin mendarat di Pyongyang dan membantah kabar soal rudal.", "Putin mendarat di Pyongyang."),
    ],
)
def test_what_is_no_denial_or_is_the_claims_own_is_not(source: str, claim: str) -> None:
    assert not reports_denial(source, claim)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("Ushakov mengatakan perdagangan naik.", True),
        ("Perdagangan naik, kata Ushakov.", True),
        ("Trade grew, according to Ushakov.", True),
        ("Trade grew in 2023.", False),
        ("Perdagangan naik pada 2023.", False),
    ],
)
def test_saying_is_told_from_being(text: str, saying: bool) -> None:
    assert reports_saying(text) is saying


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ("Rusia tidak memveto perpanjangan itu.", "Pada Maret Rusia memveto perpanjangan itu.", True),
        ("Russia vetoed the renewal.", "Russia did not veto the renewal.", True),
        ("Ia tidak pernah bertemu Kim.", "Ia bertemu Kim pada 2019.", True),
        ("Ia tidak bertemu Kim.", "Ia tidak pernah bertemu Kim.", False),
        ("The bridge did not collapse.", "The bridge stood for years.", False),
        ("Jembatan itu bukan yang terpanjang.", "Harga beras naik.", False),
    ],
)
def test_what_one_denies_the_other_tells(one: str, other: str, holds: bool) -> None:
    assert denies_the_same(one, other) is holds and denies_the_same(other, one) is holds
