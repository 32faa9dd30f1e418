from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.claimreview import BadReview, Review, label_of, load_reviews
from factcheck.claimreview.load import MAX_DEPTH
from factcheck.claimreview.review import MAX_CLAIM, MAX_NAME, MAX_URL
from factcheck.errors import ReadError

ROOT = Path(__file__).resolve().parents[1]
CLAIM = "Vaksin itu mengandung cip pelacak buatan Amerika Serikat."


def item(**fields: Any) -> dict[str, Any]:
    """A ClaimReview as publishers write it; a field set to None is left out."""
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://cek.example.org/vaksin-cip",
        "claimReviewed": CLAIM,
        "datePublished": "2021-02-03",
        "inLanguage": "id-ID",
        "author": {"@type": "Organization", "name": "Cek Contoh"},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 1,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": "Hoaks",
        },
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "Sebuah akun"},
            "datePublished": "2021-01",
        },
    }
    made.update(fields)
    return {name: value for name, value in made.items() if value is not None}


def read(tmp_path: Path, value: Any, name: str = "reviews.json") -> list[Review | BadReview]:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return list(load_reviews(path))


def reviews(found: list[Review | BadReview]) -> list[Review]:
    assert all(isinstance(one, Review) for one in found), found
    return [one for one in found if isinstance(one, Review)]


def reason(tmp_path: Path, value: Any) -> str:
    (bad,) = read(tmp_path, value)
    assert isinstance(bad, BadReview)
    return bad.reason


# --- one item ---------------------------------------------------------------------------------------------------------


def test_every_field_of_a_review(tmp_path: Path) -> None:
    assert read(tmp_path, item()) == [
        Review(
            claim=CLAIM,
            url="https://cek.example.org/vaksin-cip",
            publisher="Cek Contoh",
            rating="Hoaks",
            label="refuted",
            reviewed="2021-02-03",
            language="id",
            claimant="Sebuah akun",
            claimed="2021-01",
        )
    ]


def test_what_is_only_recommended_may_be_missing(tmp_path: Path) -> None:
    (found,) = reviews(
        read(tmp_path, item(author=None, datePublished=None, inLanguage=None, itemReviewed=None, context=None))
    )
    assert (found.publisher, found.reviewed, found.claimant, found.claimed) == ("cek.example.org", None, None, None)
    assert found.language == "id", "told from the claim"


@pytest.mark.parametrize(
    ("field", "value", "got", "expected"),
    [
        ("author", [{"name": "Satu"}, {"name": "Dua"}], "publisher", "Satu"),
        ("author", "Cek Fakta", "publisher", "Cek Fakta"),
        ("author", {"name": {"@value": "Cek", "@language": "id"}}, "publisher", "Cek"),
        ("author", {"name": "n" * 1000}, "publisher", "n" * MAX_NAME),
        ("author", 7, "publisher", "cek.example.org"),
        ("claimReviewed", {"@value": CLAIM, "@language": "id"}, "claim", CLAIM),
        ("claimReviewed", "Kata &quot;cip&quot; &amp; pelacak\n\tada   di vaksin", "claim",
         'Kata "cip" & pelacak ada di vaksin'),
        ("claimReviewed", "Cip\u202e\x00 ada\u200b di vaksin", "claim", "Cip ada di vaksin"),
        ("datePublished", "2021-02-03T10:00:00+07:00", "reviewed", "2021-02-03"),
        ("datePublished", "2021-02", "reviewed", "2021-02"),
        ("datePublished", "3 Februari 2021", "reviewed", None),
        ("datePublished", "2021-02-31", "reviewed", None),
        ("datePublished", "20210203", "reviewed", None),
        ("datePublished", 20210203, "reviewed", None),
        ("inLanguage", "in", "language", "id"),
        ("inLanguage", "ms-MY", "language", "id"),
        ("inLanguage", {"@type": "Language", "name": "en"}, "language", "en"),
        ("inLanguage", "<script>", "language", "id"),
        ("itemReviewed", [{"author": {"name": "A"}}], "claimant", "A"),
        ("itemReviewed", "nothing", "claimant", None),
        ("reviewRating", {"alternateName": "Satire"}, "rating", "Satire"),
        ("reviewRating", {"alternateName": "Satire"}, "label", None),
        ("reviewRating", {"alternateName": ["SALAH", "x"]}, "label", "refuted"),
        ("reviewRating", {"ratingValue": 5, "bestRating": 5, "worstRating": 1}, "rating", "5 (1 to 5)"),
        ("reviewRating", {"ratingValue": "5", "bestRating": "5", "worstRating": "1"}, "label", "supported"),
        ("reviewRating", {"ratingValue": 3, "bestRating": 5, "worstRating": 1}, "label", None),
        ("url", {"@id": "https://a.example/x"}, "url", "https://a.example/x"),
        ("@type", ["Article", "http://schema.org/ClaimReview"], "claim", CLAIM),
        ("@type", "schema:ClaimReview", "claim", CLAIM),
    ],
)  # fmt: skip
def test_shapes_that_occur(tmp_path: Path, field: str, value: Any, got: str, expected: Any) -> None:
    (found,) = reviews(read(tmp_path, item(**{field: value})))
    assert getattr(found, got) == expected


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("claimReviewed", None, "what claim"),
        ("claimReviewed", "  \n ", "what claim"),
        ("claimReviewed", "12345 !!", "what claim"),
        ("claimReviewed", {"name": "x"}, "what claim"),
        ("claimReviewed", "k" * (MAX_CLAIM + 1), "2,001 characters"),
        ("claimReviewed", "cip \ud83d ada", "surrogate"),
        ("reviewRating", None, "no rating"),
        ("reviewRating", {"alternateName": " "}, "no rating"),
        ("reviewRating", "Hoaks", "no rating"),
        ("url", None, "address"),
        ("url", "javascript:alert(1)", "address"),
        ("url", "data:text/html,x", "address"),
        ("url", "https://", "address"),
        ("url", "https://user:word@cek.example.org/", "address"),
        ("url", "https://cek.example.org/a b", "address"),
        ("url", "https://[::1", "address"),
        ("url", "//cek.example.org/x", "address"),
        ("url", "https://cek.example.org/" + "x" * MAX_URL, "characters"),
    ],
)
def test_what_cannot_be_used_says_why(tmp_path: Path, field: str, value: Any, words: str) -> None:
    assert words in reason(tmp_path, item(**{field: value}))


# --- how items are wrapped --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrapped", "places"),
    [
        ([item(), item()], 2),
        ({"@graph": [{"@type": "WebPage"}, item(), {"@type": "Organization"}]}, 1),
        ({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": item()}]}, 1),
        ({"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [item(), item()]}]}, 2),
        ({"@type": "WebPage", "mainEntity": item()}, 1),
        ([[[item()]]], 1),
    ],
)
def test_wrappings(tmp_path: Path, wrapped: Any, places: int) -> None:
    assert len(reviews(read(tmp_path, wrapped))) == places


def test_a_bad_item_is_skipped_with_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    feed = {"dataFeedElement": [{"item": item(url="x")}, {"item": item()}, 7, {"item": {"@type": "Thing"}}]}
    found = read(tmp_path, feed)
    where = str(tmp_path / "reviews.json")
    assert isinstance(found[1], Review)
    assert [one.place for one in found if isinstance(one, BadReview)] == [
        f"{where} dataFeedElement[0] item",
        f"{where} dataFeedElement[2]",
        f"{where} dataFeedElement[3] item",
    ]


def test_googles_answers(tmp_path: Path) -> None:
    answer = {
        "claims": [
            {
                "text": "The moon is made of green cheese, says NASA.",
                "claimant": "A blog",
                "claimDate": "2020-05-01T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": "Check Example", "site": "check.example"},
                        "url": "https://check.example/moon",
                        "title": "No, it is not",
                        "reviewDate": "2020-05-03T07:00:00Z",
                        "textualRating": "Pants on Fire!",
                        "languageCode": "en",
                    },
                    {"publisher": {"site": "other.example"}, "url": "https://other.example/1", "textualRating": "Nope"},
                    "broken",
                ],
            }
        ],
        "nextPageToken": "x",
    }
    first, second, bad = read(tmp_path, answer)
    assert first == Review(
        claim="The moon is made of green cheese, says NASA.", url="https://check.example/moon",
        publisher="Check Example", rating="Pants on Fire!", label="refuted", reviewed="2020-05-03", language="en",
        claimant="A blog", claimed="2020-05-01",
    )  # fmt: skip
    assert isinstance(second, Review) and (second.publisher, second.label) == ("other.example", None)
    assert isinstance(bad, BadReview) and bad.place.endswith("claims[0] claimReview[2]")


def test_lines(tmp_path: Path) -> None:
    text = f"\ufeff{json.dumps(item())}\r\n\n{{broken\n{json.dumps([item(), item(url='x')])}\n7"
    for name in ("a.jsonl", "a.NDJSON", "a.json"):
        found = read(tmp_path, text, name)
        assert [type(one) for one in found] == [Review, BadReview, Review, BadReview, BadReview]
        where = str(tmp_path / name)
        bad = [one.place for one in found if isinstance(one, BadReview)]
        assert bad == [f"{where}:3", f"{where}:4[1]", f"{where}:5"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("<html>", "not JSON"),
        ('{"a": 1}', "no ClaimReview"),
        ('"ClaimReview"', "not a JSON object"),
        ("[" * 100_000, "deep"),
        ("[" * 200 + "]" * 200 + "\n", ""),
        ('{"a": ' + "9" * 10_000 + "}", "not JSON"),
    ],
    ids=["empty", "cut", "html", "other", "text", "deep", "nested", "digits"],
)
def test_a_file_that_is_no_reviews_is_one_bad_item(tmp_path: Path, text: str, words: str) -> None:
    found = read(tmp_path, text)
    assert [type(one) for one in found] in ([BadReview], []) and len(found) <= 1
    if words:
        assert isinstance(found[0], BadReview) and words in found[0].reason


def test_wrappings_without_end_are_not_followed(tmp_path: Path) -> None:
    deep: Any = item()
    for _ in range(MAX_DEPTH + 1):
        deep = {"item": deep}
    assert "deep" in reason(tmp_path, deep)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"claimReviewed": "\xff\xfe"}')
    (bad,) = load_reviews(tmp_path / "a.json")
    assert isinstance(bad, BadReview) and "UTF-8" in bad.reason


def test_a_line_without_end_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.claimreview.load.MAX_LINE_BYTES", 2_000)
    found = read(tmp_path, f'{json.dumps(item())}\n"{"x" * 10_000}"\n{json.dumps(item())}\n', "a.jsonl")
    assert [type(one) for one in found] == [Review, BadReview, Review]
    assert isinstance(found[1], BadReview) and found[1].place.endswith(":2")


def test_a_file_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="There is no file"):
        load_reviews(tmp_path / "none.json")


_text = st.text(alphabet='aZ1 <>&;"\\\n\u202e\x00é中😀\ud83d', max_size=8)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _text,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@value", "name", "url", "item", "@graph", "claimReview", "claims", "alternateName"]
            )
            | _text,
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    fields=st.dictionaries(st.sampled_from(sorted(item())[2:]), _json, max_size=5),
    around=st.sampled_from(["{}", '{{"@graph": [{}]}}', '{{"claims": [{{"claimReview": [{}]}}]}}']),
)
def test_nothing_hostile_stops_the_reading(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any], around: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile.json"
    path.write_text(around.format(json.dumps({**item(), **fields})) if around != "{}" else json.dumps(item(**fields)))
    for one in load_reviews(path):
        assert isinstance(one, (Review, BadReview))
        if isinstance(one, Review):
            assert one.url.startswith(("http://", "https://")) and len(one.claim) <= MAX_CLAIM
            one.model_dump_json().encode("utf-8")


# --- ratings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "label"),
    [
        ("False", "refuted"), ("FALSE.", "refuted"), ("[SALAH]", "refuted"), ("Hoaks!", "refuted"),
        ("Pants on Fire", "refuted"), ("Mostly false", "refuted"), ("Mostly-False", "refuted"),
        ("Rating: False", "refuted"), ("Four Pinocchios", "refuted"), ("TIDAK BENAR", "refuted"),
        ("Disinformasi", "refuted"), ("\u200bFalse", "refuted"),
        ("True", "supported"), ("Benar", "supported"), ("Mostly True", "supported"), ("FAKTA", "supported"),
        ("Half True", "conflicting"), ("Sebagian benar", "conflicting"), ("Menyesatkan", "conflicting"),
        ("Misleading", "conflicting"), ("Missing context", "conflicting"), ("Mixture", "conflicting"),
        ("Unproven", "not_enough_evidence"), ("Belum terbukti", "not_enough_evidence"),
        ("Tidak ada bukti", "not_enough_evidence"),
        ("True? No.", None), ("True, but misleading", None), ("Not false", None), ("False or true", None),
        ("Satire", None), ("Miscaptioned", None), ("Konten yang menyesatkan", None), ("Penipuan", None),
        ("Falsch", None), ("", None), ("???", None),
    ],
)  # fmt: skip
def test_only_documented_words_become_a_label(rating: str, label: str | None) -> None:
    assert label_of(rating) == label


@pytest.mark.parametrize(
    ("value", "best", "worst", "label"),
    [
        (5, 5, 1, "supported"), (1, 5, 1, "refuted"), ("1", "5", "1", "refuted"), (1.0, 5, 1, "refuted"),
        (2, 5, 1, None), (4, 5, 1, None), (1, 5, None, None), (1, None, 1, None), (5, 1, 5, None), (1, 1, 1, None),
        (True, 1, 0, None), ("nan", 5, 1, None), (float("nan"), 5, 1, None), (float("inf"), float("inf"), 1, None),
        ("1e3", 5, 1, None), ([1], 5, 1, None), ("١", 5, 1, None),
    ],
)  # fmt: skip
def test_a_number_alone_counts_at_the_ends_of_a_stated_scale(value: Any, best: Any, worst: Any, label: Any) -> None:
    assert label_of(None, value, best, worst) == label


def test_a_number_of_thousands_of_digits_is_passed_over() -> None:
    assert label_of(None, 10**5000, 5, 1) is None
    assert label_of(None, "9" * 5000, 5, 1) is None


def test_words_go_before_the_number_and_a_contradiction_has_no_label() -> None:
    assert label_of("Satire", 1, 5, 1) is None
    assert label_of("False", 1, 5, 1) == "refuted"
    assert label_of("False", 5, 5, 1) is None
    assert label_of("True", 1, 5, 1) is None
    assert label_of("Half true", 1, 5, 1) == "conflicting"


@given(st.text(alphabet="Salh fe[]!?.-:/_\u200b\u00a0É中😀", max_size=40))
def test_any_words_are_read_without_an_error(rating: str) -> None:
    assert label_of(rating) in (None, "supported", "refuted", "conflicting", "not_enough_evidence")


def test_the_items_here_are_what_the_schema_asks_for() -> None:
    schema_file = ROOT.parent / "shared" / "schema" / "claimreview.json"
    if not schema_file.is_file():
        pytest.skip("the schema lies beside the checkout only where it is developed")
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    assert set(schema["required"]) <= set(item())
    assert set(item()) <= set(schema["properties"]) | {"@context"}
