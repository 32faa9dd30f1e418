from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from fakes import claim, result
from hypothesis import given
from hypothesis import strategies as st

from factcheck.checked import (
    Checked,
    ClaimWords,
    Features,
    best_matches,
    checked_id,
    checked_metadata,
    checked_of,
    match_score,
    review_id,
    review_metadata,
)
from factcheck.checked import words as words_module
from factcheck.checked.scoring import STRONG_SCORE, WEAK_SCORE, features_of, strength
from factcheck.checked.words import telling_words
from factcheck.claimreview import Review
from factcheck.types import Match, content_id
from factcheck.vectors import Near

OLD = "Presiden Putin menandatangani 12 perjanjian dengan Kim Jong Un di Pyongyang pada bulan Juni."
ENGLISH = "President Putin signed 12 agreements with Kim Jong Un in Pyongyang in June."


def review(text: str = OLD, **fields: object) -> Review:
    made = {
        "claim": text, "url": "https://cek.example.org/1", "publisher": "Cek Contoh", "rating": "Hoaks",
        "label": "refuted", "reviewed": "2024-06", "language": "id",
    }  # fmt: skip
    return Review.model_validate({**made, **fields})


def index(*texts: str, language: str | None = "id") -> ClaimWords:
    made = ClaimWords()
    kept = {str(i): {"text": text, "language": language} for i, text in enumerate(texts)}
    made.follow(kept, lambda ids: {key: kept[key] for key in ids})
    return made


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_review_comes_back_as_it_was_kept() -> None:
    about = review(claimant="Sebuah akun", claimed="2024-05")
    assert checked_of(review_id(about), review_metadata(about)) == Checked(
        id=review_id(about), claim_id=review_id(about), text=OLD, language="id", label="refuted",
        as_of=date(2024, 6, 30), publisher="Cek Contoh", url="https://cek.example.org/1", rating="Hoaks",
        reviewed="2024-06", claimant="Sebuah akun",
    )  # fmt: skip


def test_an_undated_review_without_a_label_comes_back() -> None:
    about = review(label=None, reviewed=None, language=None, rating="Satire")
    back = checked_of("k", review_metadata(about))
    assert (back.label, back.as_of, back.reviewed, back.language, back.rating) == (None, None, None, None, "Satire")


def test_a_claim_checked_here_comes_back() -> None:
    about = result(claim(OLD, language="id"), "not_enough_evidence")
    back = checked_of(checked_id(about, "s"), checked_metadata("run-1", about))
    assert (back.text, back.label, back.as_of) == (OLD, "not_enough_evidence", about.as_of)
    assert (back.run_id, back.publisher, back.url) == ("run-1", None, None)


def test_a_review_keeps_its_key_when_its_rating_changes() -> None:
    assert review_id(review()) == review_id(review(rating="Benar", label="supported", reviewed="2025"))
    assert review_id(review()) != review_id(review(url="https://cek.example.org/2"))
    assert review_id(review()) != review_id(review(OLD.replace("12", "13")))


# --- words ------------------------------------------------------------------------------------------------------------


def test_claims_that_share_rare_words_are_found_first() -> None:
    known = index(
        "Harga beras naik.", "Harga minyak naik.", "Harga gula naik 12 persen.", "Harga Pyongyang di Kanada naik."
    )
    assert known.nearest(telling_words("Pyongyang menaikkan harga", "id"), 4)[0] == "3"
    assert known.nearest(telling_words("12 persen", "id"), 1) == ["2"]
    assert known.nearest(telling_words("yang dan di", "id"), 4) == []
    assert known.nearest(telling_words("zirkonium", "id"), 4) == []


def test_names_and_numbers_are_found_across_languages() -> None:
    known = index("Putin signed 1.5 million papers in Pyongyang.", "Rice is dear today.", language="en")
    assert known.nearest(telling_words("Putin meneken 1,5 juta surat di Pyongyang", "id"), 1) == ["0"]


def test_likeness_is_the_shared_idf_by_the_geometric_mean() -> None:
    known = index("beras mahal", "beras murah", "gula manis")

    def idf(count: int) -> float:
        return math.log1p((3 - count + 0.5) / (count + 0.5))

    a, b = frozenset({"beras", "mahal"}), frozenset({"beras", "murah", "baru"})
    expected = idf(2) / math.sqrt((idf(2) + idf(1)) * (idf(2) + idf(1) + idf(0)))
    assert known.likeness(a, b) == pytest.approx(expected)
    assert known.likeness(a, a) == pytest.approx(1.0)
    assert known.likeness(a, frozenset()) == 0.0


def test_only_new_claims_are_read_and_gone_ones_are_not_found() -> None:
    kept: dict[str, Mapping[str, object]] = {"a": {"text": "beras mahal"}, "b": {"text": "gula manis"}}
    read: list[list[str]] = []

    def entries(ids: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
        read.append(list(ids))
        return {key: kept[key] for key in ids}

    known = ClaimWords()
    known.follow(kept, entries)
    kept["c"] = {"text": "beras merah", "language": "id"}
    known.follow(kept, entries)
    assert read == [["a", "b"], ["c"]]
    assert known.nearest(frozenset({"beras"}), 5) == ["a", "c"]
    del kept["a"]
    known.follow(kept, entries)
    assert known.nearest(frozenset({"beras"}), 5) == ["c"]
    assert len(known) == 2


def test_a_word_that_stands_everywhere_is_not_followed_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    known = index(*(f"beras nomor {i} mahal" for i in range(200)))
    monkeypatch.setattr(words_module, "MOST_POSTINGS", 50)
    assert known.nearest(telling_words("beras nomor 7 mahal", "id"), 300) == ["7"]


def test_the_index_may_be_searched_while_it_follows() -> None:
    kept = {str(i): {"text": f"beras {i} mahal", "language": "id"} for i in range(400)}
    known, errors = ClaimWords(), []

    def search() -> None:
        try:
            for _ in range(50):
                known.nearest(frozenset({"beras", "#7"}), 5)
                known.likeness(frozenset({"beras"}), frozenset({"mahal"}))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for some in (100, 400, 50, 300):
        known.follow(list(kept)[:some], lambda ids: {key: kept[key] for key in ids})
    for thread in threads:
        thread.join()
    assert errors == [] and len(known) == 300


# --- the score --------------------------------------------------------------------------------------------------------

shares = st.floats(0, 1)


@given(st.floats(-1, 1), shares, st.booleans(), shares, shares, st.sampled_from(["cosine", "words"]), shares)
def test_more_in_common_never_scores_less(
    cosine: float, words: float, same: bool, numbers: float, names: float, name: str, more: float
) -> None:
    less = Features(cosine, words, same, numbers, names)
    greater = less._replace(**{name: getattr(less, name) + more})
    assert 0 <= match_score(less) <= match_score(greater) <= 1


def test_the_same_words_are_certain_and_strangers_are_nothing() -> None:
    known = index(OLD, "Harga beras di pasar naik tajam.")
    itself = features_of(OLD, "id", OLD, "id", 1.0, known)
    assert itself == Features(1.0, pytest.approx(1.0), True, 1.0, 1.0)
    assert match_score(itself) >= STRONG_SCORE
    stranger = features_of("Harga beras di pasar naik tajam.", "id", OLD, "id", 0.1, known)
    assert match_score(stranger) < WEAK_SCORE


def test_features_say_what_is_not_known() -> None:
    known = index(OLD)
    none = features_of("harga beras naik", "id", "harga gula turun", None, 0.4, known)
    assert (none.numbers, none.names, none.same_language) == (0.5, 0.5, True)
    across = features_of(ENGLISH, "en", OLD, "id", 0.6, known)
    assert not across.same_language and across.names > 0.5
    assert (across.numbers, features_of("naik 5 persen", "id", "naik 6 persen", "id", 1, known).numbers) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (OLD, OLD.replace("12", "2")),
        (OLD, OLD.replace("Kim Jong Un", "Choe Son Hui")),
        (OLD, OLD.replace("menandatangani", "tidak menandatangani")),
        (OLD, OLD.replace("Juni", "Juli")),
        ("Harga beras di semua pasar itu naik sejak Juni", "Harga beras di semua pasar itu turun sejak Juni"),
        ("The price of rice rose in every market of the city", "The price of rice fell in every market of the city"),
        ("The film Home Alone 2 shows a president in a hotel", "The film Home Alone 3 shows a president in a hotel"),
        ("Vaksin COVID-19 itu mengandung cip kata satu pesan", "Vaksin COVID-22 itu mengandung cip kata satu pesan"),
        ("A picture of before and after shows a shrunken coin", "A picture of after and after shows a shrunken coin"),
        ("Putin tiba di Pyongyang.", "Putin tiba di Pyongyang."),
    ],
)  # fmt: skip
def test_no_score_makes_claims_that_differ_in_a_fact_or_say_little_strong(a: str, b: str) -> None:
    language = "en" if a.startswith("The") else "id"
    assert strength(1.0, a, language, b, language) == "weak"
    assert strength(1.0, b, language, a, language) == "weak"


def test_strength_goes_by_the_score() -> None:
    assert strength(1.0, OLD, "id", OLD, "id") == "strong"
    assert strength(STRONG_SCORE, OLD, "id", OLD, "id") == "strong"
    assert strength(math.nextafter(STRONG_SCORE, 0), OLD, "id", OLD, "id") == "weak"
    assert strength(WEAK_SCORE, OLD, "id", OLD, "id") == "weak"
    assert strength(math.nextafter(WEAK_SCORE, 0), OLD, "id", OLD, "id") is None


def test_a_translation_may_be_strong() -> None:
    assert strength(1.0, OLD, "id", ENGLISH, "en") == "strong"
    assert strength(1.0, OLD, "id", ENGLISH.replace("12", "11"), "en") == "weak"


# --- matches ----------------------------------------------------------------------------------------------------------


def near(about: Review | str, similarity: float = 1.0, run: str = "run-1") -> Near:
    if isinstance(about, Review):
        return Near(review_id(about), similarity, review_metadata(about))
    checked = result(claim(about, language="id"), "not_enough_evidence")
    return Near(checked_id(checked, run), similarity, checked_metadata(run, checked))


def test_a_match_shows_whose_review_it_is() -> None:
    (found,) = best_matches(OLD, "id", [near(review())], index(OLD))
    assert found == Match(
        claim_id=review_id(review()), run_id=None, text=OLD, label="refuted", as_of=date(2024, 6, 30),
        similarity=1.0, strength="strong", publisher="Cek Contoh", url="https://cek.example.org/1", rating="Hoaks",
        reviewed="2024-06",
    )  # fmt: skip


def test_a_match_hides_the_id_of_a_run() -> None:
    (found,) = best_matches(OLD, "id", [near(OLD)], index(OLD))
    assert found.run_id == content_id("run", "run-1") and found.publisher is None


def test_the_strong_come_first_and_then_the_likelier() -> None:
    changed = OLD.replace("12", "2")
    found = best_matches(OLD, "id", [near(changed, 0.99), near(OLD, 0.97)], index(OLD, changed))
    assert [(one.text, one.strength) for one in found] == [(OLD, "strong"), (changed, "weak")]
    assert len(best_matches(OLD, "id", [near(changed, 0.99), near(OLD, 0.97)], index(OLD, changed), k=1)) == 1


def test_one_publishers_equal_verdicts_are_shown_once_the_latest() -> None:
    old, new = review(reviewed="2023"), review(reviewed="2024-02", url="https://cek.example.org/2")
    undated = review(reviewed=None, url="https://cek.example.org/3")
    other = review(publisher="Lain", url="https://lain.example/1")
    changed = review(rating="Benar", label="supported", url="https://cek.example.org/4")
    found = best_matches(OLD, "id", [near(one) for one in (old, new, undated, other, changed)], index(OLD), k=9)
    assert sorted((one.publisher or "", one.rating or "", one.reviewed or "") for one in found) == [
        ("Cek Contoh", "Benar", "2024-06"), ("Cek Contoh", "Hoaks", "2024-02"), ("Lain", "Hoaks", "2024-06"),
    ]  # fmt: skip


def test_an_unlike_claim_is_not_shown() -> None:
    assert best_matches(OLD, "id", [near("Harga beras di pasar naik tajam.", 0.1)], index(OLD)) == ()
