from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import fakes
import fakes_publish as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from markup import FIELDS, faults

from factcheck.claimreview import BadReview, Review, load_reviews
from factcheck.claimreview.review import MAX_CLAIM
from factcheck.errors import InputError, SettingsError
from factcheck.publish import Site, claimreview_json, page_name, signed_off, site_of, to_claimreview
from factcheck.publish.claimreview import BEST, VALUES, WORST
from factcheck.review import STATES, ReviewedReport
from factcheck.settings import Settings
from factcheck.types import LABELS

ROOT = Path(__file__).resolve().parents[1]


def one(
    label: str = "refuted", language: str = "en", words: str = "He left for Rome.", **fields: Any
) -> ReviewedReport:
    """An article with one signed-off claim; the person's verdict may differ from the machine's, which is "refuted"."""
    proof = [fakes.evidence(1, made.NOTE, "He left for Hanoi.", "refutes")]
    result = fakes.result(made.claim_of(words, language=language), "refuted", proof)
    report = fakes.report(made.ARTICLE, [result], [made.NOTE], id="run-secret")
    return ReviewedReport(report=report, review=(made.entry_of(result, **made.decided(label, **fields)),))


def item(reviewed: ReviewedReport, **more: Any) -> dict[str, Any]:
    (found,) = to_claimreview(reviewed, site=made.SITE, **more)
    return found


def read_back(tmp_path: Path, items: list[dict[str, Any]]) -> list[Review]:
    path = tmp_path / "reviews.json"
    path.write_text(claimreview_json(items), encoding="utf-8")
    found = list(load_reviews(path))
    assert not [bad for bad in found if isinstance(bad, BadReview)], found
    return [review for review in found if isinstance(review, Review)]


def test_only_signed_off_claims_are_published() -> None:
    items = to_claimreview(made.reviewed_of(), site=made.SITE)
    assert [i["claimReviewed"] for i in items] == [
        "Putin landed in Pyongyang.", "It was his second visit.", "He left for Rome.",
    ]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_a_claim_in_any_other_state_is_refused(state: str) -> None:
    reviewed = one(state=state)
    claim_id = reviewed.review[0].claim_id
    if state in ("reviewed", "published"):
        assert len(to_claimreview(reviewed, claim_id, site=made.SITE)) == 1
    else:
        assert to_claimreview(reviewed, site=made.SITE) == []
        with pytest.raises(InputError, match=r"not signed off|being corrected"):
            to_claimreview(reviewed, claim_id, site=made.SITE)


def test_a_dropped_claim_is_not_published_though_it_was_signed_off() -> None:
    reviewed = one(dropped=True)
    assert to_claimreview(reviewed, site=made.SITE) == []
    with pytest.raises(InputError, match="was dropped"):
        to_claimreview(reviewed, reviewed.review[0].claim_id, site=made.SITE)


def test_the_machine_alone_never_makes_a_claimreview() -> None:
    reviewed = made.reviewed_of()
    untouched = [made.entry_of(claim) for claim in reviewed.report.claims]
    assert all(entry.label for entry in untouched if entry.claim_id != reviewed.report.claims[4].id)
    assert to_claimreview(reviewed.model_copy(update={"review": tuple(untouched)}), site=made.SITE) == []
    assert not any(signed_off(entry) for entry in untouched)


def test_a_claim_that_is_not_there_is_an_input_error() -> None:
    with pytest.raises(InputError, match="has no claim claim-none"):
        to_claimreview(made.reviewed_of(), "claim-none", site=made.SITE)


def test_the_author_and_the_address_are_needed() -> None:
    with pytest.raises(SettingsError, match="FACTCHECK_SITE_NAME"):
        to_claimreview(made.reviewed_of(), site=None)


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("label", LABELS)
def test_a_label_comes_back_as_itself(label: str, language: str, tmp_path: Path) -> None:
    (review,) = read_back(tmp_path, to_claimreview(one(label), site=made.SITE, language=language))
    assert (review.label, review.claim) == (label, "He left for Rome.")
    assert review.publisher == made.SITE.name and review.language == language
    assert review.reviewed == "2024-06-21"


def test_an_article_comes_back_with_who_said_what_and_when(tmp_path: Path) -> None:
    visit, second, rome = read_back(tmp_path, to_claimreview(made.reviewed_of(), site=made.SITE))
    assert [visit.label, second.label, rome.label] == ["supported", "not_enough_evidence", "refuted"]
    assert (rome.claimant, rome.claimed) == ("Yuri Ushakov", "2024-06-19")
    assert visit.claimant == "Rina Putri", "the article says so itself"
    assert len({visit.url, second.url, rome.url}) == 3


def test_the_rating_scale_is_the_documented_one() -> None:
    page = (ROOT / "docs" / "claimreview.md").read_text(encoding="utf-8")
    for label in LABELS:
        rating = item(one(label), language="en")["reviewRating"]
        indonesian = item(one(label), language="id")["reviewRating"]["alternateName"]
        number = str(rating.get("ratingValue", "none"))
        row = rf"\| `{label}` \| {rating['alternateName']} \| {indonesian} \| {number} \|"
        assert re.search(row, page), row
        if label in VALUES:
            assert (rating["bestRating"], rating["worstRating"]) == (BEST, WORST)
            assert WORST <= rating["ratingValue"] <= BEST
        else:
            assert not {"ratingValue", "bestRating", "worstRating"} & set(rating)
    assert [VALUES[label] for label in ("refuted", "conflicting", "supported")] == sorted(VALUES.values())


def test_the_language_is_the_claims_unless_one_is_given() -> None:
    assert item(one(language="id"))["reviewRating"]["alternateName"] == "Salah"
    assert item(one(language="de"))["inLanguage"] == "en"
    assert item(one(language="id"), language="en")["reviewRating"]["alternateName"] == "False"
    with pytest.raises(InputError, match="'fr'"):
        item(one(), language="fr")


def test_the_persons_verdict_and_words_count_not_the_machines() -> None:
    rating = item(one("supported", reason="The flight log says Rome."))["reviewRating"]
    assert (rating["alternateName"], rating["ratingExplanation"]) == ("True", "The flight log says Rome.")
    assert "ratingExplanation" not in item(one("refuted"))["reviewRating"], "the machine's words are nobody's own"


def test_a_correction_is_shown_and_dates_the_change() -> None:
    second = to_claimreview(made.reviewed_of(), site=made.SITE)[1]
    assert second["datePublished"] == "2024-06-21T09:00:00.000+00:00"
    assert second["dateModified"] == "2024-06-25T09:00:00.000+00:00"
    (correction,) = second["correction"]
    assert correction["text"] == "Correction, 24 June 2024: We misread the date. Until then: Supported."
    assert "dateModified" not in to_claimreview(made.reviewed_of(), site=made.SITE)[0]


def test_who_reviewed_it_and_what_they_noted_stays_in_the_house() -> None:
    text = claimreview_json(to_claimreview(made.reviewed_of(), site=made.SITE))
    assert not [word for word in ("Ana", "Budi", made.SECRET, "run-secret") if word in text]


def test_the_address_of_a_claim_is_its_own_and_no_key_to_the_run() -> None:
    reviewed = one()
    url = item(reviewed)["url"]
    assert url == f"{made.SITE.url}/{page_name('run-secret', reviewed.review[0].claim_id)}"
    assert re.fullmatch(re.escape(made.SITE.url) + r"/check-[0-9a-f]{16}", url)
    assert page_name("run-other", reviewed.review[0].claim_id) not in url


def test_what_was_said_by_somebody_is_theirs_and_that_it_was_said_is_the_articles() -> None:
    reviewed = made.reviewed_of()
    signed = [entry.model_copy(update={"state": "reviewed", "label": "refuted"}) for entry in reviewed.review[:4]]
    items = to_claimreview(
        reviewed.model_copy(update={"review": (*signed, *reviewed.review[4:])}), site=made.SITE
    )  # fmt: skip
    assert [i["itemReviewed"]["author"]["name"] for i in items] == [
        "Rina Putri", "Rina Putri", "Yuri Ushakov", "Rina Putri",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Yuri Ushakov", "Person"), ("Kementerian Kesehatan", "Organization"), ("WHO", "Organization"),
        ("Ministry of Defence", "Organization"), ("Juru bicara Kementerian Pertahanan", "Person"),
        ("Universitas Indonesia", "Organization"), ("Harvard University", "Organization"), ("Partai", "Organization"),
        ("Ministry spokesman", "Person"), ("Sri Mulyani", "Person"),
    ],
)  # fmt: skip
def test_a_body_is_told_from_a_person(name: str, kind: str) -> None:
    reviewed = one()
    spoken = reviewed.report.claims[0].model_copy(update={"kind": "reported", "speaker": name})
    report = reviewed.report.model_copy(update={"claims": (spoken,)})
    author = item(reviewed.model_copy(update={"report": report}))["itemReviewed"]["author"]
    assert author == {"@type": kind, "name": name}


def test_every_item_has_the_documented_fields() -> None:
    items = to_claimreview(made.reviewed_of(), site=made.SITE) + to_claimreview(made.hostile_of(), site=made.SITE)
    assert [fault for i in items for fault in faults(i)] == []
    assert faults({**items[0], "url": ""}) == ["ClaimReview lacks url", "ClaimReview.url is {'Text'}"]
    assert faults({**items[0], "mood": "x"}) == ["ClaimReview has mood"]


def test_the_items_fit_the_schema_that_consumers_use() -> None:
    schema_file = ROOT.parent / "shared" / "schema" / "claimreview.json"
    if not schema_file.is_file():
        pytest.skip("the schema lies beside the checkout only where it is developed")
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    check = Draft202012Validator(schema, format_checker=FormatChecker())
    items = to_claimreview(made.reviewed_of(), site=made.SITE) + to_claimreview(made.hostile_of(), site=made.SITE)
    assert [error.message for i in items for error in check.iter_errors(i)] == []
    assert set(schema["required"]) <= {"@context", "@type"} | set(FIELDS["ClaimReview"])


def test_a_hostile_claim_is_data_and_stays_readable(tmp_path: Path) -> None:
    text = claimreview_json(to_claimreview(made.hostile_of(), site=made.SITE))
    assert not set("<>&\u2028\u2029") & set(text), "it may stand in a script element"
    (parsed,) = json.loads(text)
    assert parsed["claimReviewed"].startswith("<script>alert(1)</script>")
    assert len(parsed["claimReviewed"]) <= MAX_CLAIM
    left = [c for c in json.dumps(parsed, ensure_ascii=False) if unicodedata.category(c) in ("Cc", "Cf", "Co")]
    assert left == []
    assert "javascript:alert(1)" not in text, "the article's address is none that a program may follow"
    (review,) = read_back(tmp_path, [parsed])
    assert review.label == "refuted"


@settings(max_examples=60)
@given(words=st.text(min_size=1, max_size=300), label=st.sampled_from(LABELS))
def test_any_words_give_a_claimreview_with_the_documented_fields(words: str, label: str) -> None:
    reviewed = one(label)
    entry = reviewed.review[0].model_copy(update={"text": f"Klaim {words}", "reason": words})
    (found,) = to_claimreview(reviewed.model_copy(update={"review": (entry,)}), site=made.SITE)
    text = claimreview_json(found)
    assert json.loads(text) == found and "<" not in text
    assert faults(found) == []


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        (None, "https://a.example", "FACTCHECK_SITE_NAME"), ("  ", "https://a.example", "FACTCHECK_SITE_NAME"),
        ("A", None, "FACTCHECK_SITE_URL"), ("A", "a.example", "https://example.org"),
        ("A", "javascript:alert(1)", "cannot be used"), ("A", "https://u:p@a.example", "cannot be used"),
        ("A", "https://a.example/?q=1", "cannot be used"), ("A", "https://a b.example", "cannot be used"),
        ("A", "https://[", "cannot be used"),
    ],
)  # fmt: skip
def test_a_site_that_cannot_be_named_is_a_setting_to_correct(name: str | None, url: str | None, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        site_of(name, url)


def test_a_site_comes_from_the_settings() -> None:
    told = Settings.load(site_name=" Cek  Contoh ", site_url="https://cek.example.org/")
    assert Site.of(told) == Site(name="Cek Contoh", url="https://cek.example.org")
    with pytest.raises(SettingsError, match="FACTCHECK_SITE_NAME"):
        Site.of(Settings.load())
