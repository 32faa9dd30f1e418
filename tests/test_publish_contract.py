from __future__ import annotations

import json
from pathlib import Path

import fakes_publish as made
import pytest
from jsonschema import Draft202012Validator

from factcheck.errors import InputError
from factcheck.publish import schema, to_json
from factcheck.publish.contract import SCHEMA_ID
from factcheck.review import ReviewedReport
from factcheck.types import content_id

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = ROOT / "docs" / "schema" / SCHEMA_ID
AGAIN = f"""python -c 'from factcheck.publish import schema; print(schema(), end="")' > docs/schema/{SCHEMA_ID}"""


def test_the_schema_in_the_docs_is_current() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == json.loads(schema()), f"write it again: {AGAIN}"


def test_the_schema_names_its_version_and_what_its_fields_mean() -> None:
    made_now = json.loads(schema())
    assert made_now["properties"]["schema_version"]["const"] == "1" and "1" in SCHEMA_ID
    review = made_now["$defs"]["ReviewOfClaim"]
    assert review["properties"]["label"]["description"].startswith("The verdict as it stands")
    assert made_now["properties"]["report"]["description"].startswith("The machine's part")
    assert made_now["$defs"]["Evidence"]["properties"]["tier"]["description"]
    assert review["additionalProperties"] is False


@pytest.mark.parametrize("notes", [False, True])
@pytest.mark.parametrize("place", [None, *range(6)])
def test_what_is_written_fits_the_schema_and_is_read_back(place: int | None, notes: bool) -> None:
    reviewed = made.reviewed_of()
    claim_id = None if place is None else reviewed.review[place].claim_id
    text = to_json(reviewed, claim_id, notes=notes)
    errors = Draft202012Validator(json.loads(COMMITTED.read_text(encoding="utf-8"))).iter_errors(json.loads(text))
    assert [error.message for error in errors] == []
    back = ReviewedReport.model_validate_json(text)
    assert [entry.claim_id for entry in back.review] == [
        entry.claim_id for entry in reviewed.review if claim_id in (None, entry.claim_id)
    ]


def test_with_notes_an_article_is_written_whole() -> None:
    reviewed = made.reviewed_of()
    assert ReviewedReport.model_validate_json(to_json(reviewed, notes=True)) == reviewed


def test_what_is_for_colleagues_stays_in_the_house() -> None:
    reviewed = made.reviewed_of()
    text = to_json(reviewed)
    assert not [word for word in (made.SECRET, "The corpus changed.", "run-secret") if word in text]
    told = ReviewedReport.model_validate_json(text)
    assert told.report.run.id == content_id("run", "run-secret"), "the digest that matches carry too"
    assert told.review[1].reason == "The second source is a copy."
    assert told.review[1].corrections == reviewed.review[1].corrections


def test_one_claim_comes_with_its_sources_and_no_others() -> None:
    reviewed = made.reviewed_of()
    told = ReviewedReport.model_validate_json(to_json(reviewed, reviewed.review[2].claim_id))
    assert set(told.report.documents) == {made.NOTE.id}
    assert told.report.left_out == () and told.report.article.text == made.ARTICLE
    with pytest.raises(InputError, match="has no claim nope"):
        to_json(reviewed, "nope")


def test_hostile_texts_are_data() -> None:
    reviewed = made.hostile_of()
    assert ReviewedReport.model_validate_json(to_json(reviewed, notes=True)) == reviewed
