"""Sets and corpora read from files, in every format; all text here is invented."""

# ruff: noqa: E501 - a row of a set is read as a whole line
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import InputError
from factcheck.evals.datasets import label_of, load_corpus_documents, load_dataset
from factcheck.evals.rows import GOLD_FIELDS, Gold, Question

ROOT = Path(__file__).resolve().parents[1]

VERDICT = {
    "id": "v1", "lang": "en", "claim": "The mill has nine sails.", "claim_date": "2021-03-04", "label": "refuted",
    "orig_label": "REFUTES", "evidence": [{"doc_id": "d1", "text": "The mill has four sails.", "stance": "refutes"}],
    "gold_doc_ids": ["d1"], "corpus": None, "source_dataset": "invented", "meta": {"category": "Mills"},
}  # fmt: skip


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        load_dataset(path, **options)
    return str(caught.value)


# --- the house's schema


def test_a_row_is_parted_into_question_and_gold(tmp_path: Path) -> None:
    dataset = load_dataset(write(tmp_path / "verdict_mills.jsonl", [VERDICT]))
    question, gold = dataset.rows[0]
    assert (dataset.name, dataset.task, dataset.corpus) == ("verdict_mills", "verdict", None)
    assert (question.id, question.text, question.language) == ("v1", "The mill has nine sails.", "en")
    assert question.claim_date == date(2021, 3, 4)
    assert [(piece.doc_id, piece.text) for piece in question.evidence] == [("d1", "The mill has four sails.")]
    assert gold == Gold(
        label="refuted", doc_ids=("d1",), stances={"d1": "refutes"}, slices=frozenset({"category=mills"})
    )


def test_a_question_has_no_field_for_gold() -> None:
    fields = set(Question.model_fields) | set(Question.model_fields["evidence"].annotation.__args__[0].model_fields)  # type: ignore[union-attr]
    assert not fields & GOLD_FIELDS


def test_the_speaker_in_meta_is_gold_and_stays_out(tmp_path: Path) -> None:
    rows = [{**VERDICT, "meta": {"speaker": "The miller"}}, {**VERDICT, "id": "v2", "speaker": "The baker"}]
    dataset = load_dataset(write(tmp_path / "verdict_x.jsonl", rows))
    assert [row.question.speaker for row in dataset.rows] == [None, "The baker"]


def test_a_row_without_gold_is_a_question_only(tmp_path: Path) -> None:
    rows = [{"claim": "The mill burned."}, {"id": 7, "claim": "The mill stands."}]
    dataset = load_dataset(write(tmp_path / "set.jsonl", rows))
    assert [(row.question.id, row.gold) for row in dataset.rows] == [("line-1", None), ("7", None)]


@pytest.mark.parametrize(
    ("name", "row", "task"),
    [
        ("match_a.jsonl", {"query": "a mill", "gold_doc_ids": ["d"]}, "match"),
        ("a.jsonl", {"query": "a mill", "gold_doc_ids": ["d"]}, "match"),
        ("a.jsonl", {"text": "A mill.", "gold_claims": [{"text": "A mill."}]}, "extract"),
        ("a.jsonl", {"text": "A mill.", "label": "not_checkworthy"}, "checkworthy"),
        ("a.jsonl", {"claim": "A mill.", "label": "supported"}, "verdict"),
        ("extract_a.jsonl", {"text": "A mill."}, "extract"),
    ],
)
def test_the_task_is_told_by_name_or_fields(tmp_path: Path, name: str, row: dict[str, Any], task: str) -> None:
    assert load_dataset(write(tmp_path / name, [row])).task == task


def test_a_task_that_cannot_be_seen_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [{"text": "A mill.", "label": "malicious"}])
    assert "--task" in refusal(path)
    assert "malicious" in refusal(path, task="checkworthy")
    assert load_dataset(path, task="extract").task == "extract"


def test_claims_of_an_article(tmp_path: Path) -> None:
    claims = [{"text": "It has sails.", "checkworthy": False, "kind": "opinion"}, {"text": "It burned."}]
    row = {"id": 1, "text": "An article.", "gold_claims": claims, "gold_is_exhaustive": True}
    gold = load_dataset(write(tmp_path / "extract_a.jsonl", [row])).rows[0].gold
    assert gold and gold.exhaustive
    assert [(claim.text, claim.checkworthy) for claim in gold.claims] == [
        ("It has sails.", False),
        ("It burned.", None),
    ]


def test_stances_of_one_document(tmp_path: Path) -> None:
    pieces = [("a", "supports"), ("a", "neutral"), ("b", "supports"), ("b", "refutes"), ("c", "partially_supports")]
    row = {**VERDICT, "evidence": [{"doc_id": d, "text": f"{d} {s}", "stance": s} for d, s in pieces]}
    loaded = load_dataset(write(tmp_path / "verdict_a.jsonl", [row])).rows[0]
    assert len(loaded.question.evidence) == 5
    assert loaded.gold and dict(loaded.gold.stances) == {"a": "supports"}


def test_partial_support_is_a_slice(tmp_path: Path) -> None:
    row = {**VERDICT, "label": "not_enough_evidence", "orig_label": "partially_supported", "meta": {"derived": True}}
    gold = load_dataset(write(tmp_path / "verdict_a.jsonl", [row])).rows[0].gold
    assert gold and gold.slices == {"nei_from_partial", "derived=true"}


@pytest.mark.parametrize(("given_", "read"), [("ms", "id"), ("id-ms", "id"), ("en-GB", "en"), (None, None)])
def test_languages(tmp_path: Path, given_: str | None, read: str | None) -> None:
    path = write(tmp_path / "verdict_a.jsonl", [{**VERDICT, "lang": given_}])
    assert load_dataset(path).rows[0].question.language == read


# --- the file


def test_bom_crlf_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "verdict_a.jsonl"
    lines = [
        json.dumps(VERDICT),
        "",
        "  ",
        json.dumps({**VERDICT, "id": "v2", "claim": "a\u2028b"}, ensure_ascii=False),
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode() + b"\r\n")
    assert [row.question.text for row in load_dataset(path).rows] == ["The mill has nine sails.", "a\u2028b"]


def test_a_limit_keeps_the_first_rows_and_the_digest_of_the_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "verdict_a.jsonl", [{**VERDICT, "id": n} for n in range(5)])
    whole, some = load_dataset(path), load_dataset(path, limit=2)
    assert [row.question.id for row in some.rows] == ["0", "1"]
    assert some.digest == whole.digest and len(whole.digest) == 64


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": 1, "claim": ', "not JSON"),
        ("[1]", "not a JSON object"),
        ("7", "not a JSON object"),
        ('{"id": 1}', "`claim` is missing"),
        ('{"id": 1, "claim": "  "}', "`claim` is missing or empty"),
        ('{"id": 1, "claim": 5}', "`claim` is missing"),
        ('{"id": true, "claim": "x"}', "`id`"),
        ('{"id": "v0", "claim": "x"}', "used before"),
        ('{"id": 1, "claim": "x", "label": "maybe"}', "'maybe'"),
        ('{"id": 1, "claim": "x", "claim_date": "2021-02-30"}', "not a date"),
        ('{"id": 1, "claim": "x", "evidence": [{"doc_id": "d"}]}', "evidence: `text`"),
        ('{"id": 1, "claim": "x", "label": "NEI", "evidence": [{"doc_id": "d", "text": "t", "stance": "odd"}]}', "'odd'"),
        ('{"id": 1, "claim": "x", "evidence": [{"doc_id": "d", "text": "t", "published": "soon"}]}', "'published'"),
        ('{"id": 1, "claim": "x", "gold_doc_ids": "d"}', "not a list"),
        ('{"id": 1, "claim": "x", "speaker": 3}', "`speaker`"),
        ('{"id": 1, "claim": "half \\ud83d"}', "surrogate"),
        ('{"id": 1, "claim": "x", "lang": "english!"}', "language"),
        ('{"id": 1, "claim": "x", "corpus": "../../secret.jsonl"}', "beside the set"),
        ("[" * 100_000, "nested"),
        ("\udcff", "UTF-8"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_with_what_to_do(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "verdict_a.jsonl"
    path.write_bytes(
        json.dumps({"id": "v0", "claim": "Fine."}).encode() + b"\n\n" + line.encode("utf-8", "surrogateescape")
    )
    message = refusal(path)
    assert f"{path}:3" in message and says in message
    assert message.count(". ") >= 1, "a sentence of what was wrong and one of what to do"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no file" in refusal(tmp_path / "verdict_none.jsonl")
    assert "cannot be read" in refusal(tmp_path)
    (tmp_path / "verdict_a.jsonl").write_text("\n \n")
    assert "no rows" in refusal(tmp_path / "verdict_a.jsonl")
    assert "--task" not in refusal(write(tmp_path / "verdict_b.jsonl", [VERDICT]), limit=0)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_set_or_an_input_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "verdict_fuzz.jsonl"
    path.write_bytes(data)
    try:
        assert load_dataset(path).rows
    except InputError as error:
        assert str(path) in str(error)


# --- the corpus that the rows name


def test_the_corpus_is_looked_up_beside_the_set(tmp_path: Path) -> None:
    path = write(tmp_path / "verdict_a.jsonl", [{**VERDICT, "corpus": "corpus_m.jsonl"}])
    assert load_dataset(path).corpus == tmp_path / "corpus_m.jsonl"
    other = write(tmp_path / "other.jsonl", [{"doc_id": "d", "text": "t"}])
    assert load_dataset(path, corpus=other).corpus == other
    assert "--corpus" in refusal(path, corpus=tmp_path / "none.jsonl")


def test_rows_of_several_corpora_are_refused(tmp_path: Path) -> None:
    rows = [{**VERDICT, "corpus": "a.jsonl"}, {**VERDICT, "id": "v2", "corpus": "b.jsonl"}]
    path = write(tmp_path / "verdict_a.jsonl", rows)
    assert "several corpora" in refusal(path)
    assert load_dataset(path, corpus=path).corpus == path


def test_documents_of_a_corpus_keep_their_ids(tmp_path: Path) -> None:
    rows = [
        {"doc_id": "m:1", "text": "The mill has four sails and a red door.", "title": "Mills", "url": "https://mill.example/1", "label": "gold"},
        {"doc_id": 4983, "title": "On mills", "abstract": ["Mills turn. ", "They grind."], "structured": False},
        {"_id": "m:3", "text": "A third mill stands by the water."},
        {"doc_id": "m:4", "text": "  "},
        {"doc_id": "m:3", "text": "A third mill stands by the water."},
    ]  # fmt: skip
    found = list(load_corpus_documents(write(tmp_path / "corpus_m.jsonl", rows)))
    assert [(d.id, d.title) for d in found] == [("m:1", "Mills"), ("4983", "On mills"), ("m:3", None)]
    assert found[1].text == "Mills turn. They grind."
    assert (found[0].url, found[0].language) == ("https://mill.example/1", "en")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"text": "Another text."}, "`doc_id`"),
        ({"doc_id": "x"}, "`text`"),
        ({"doc_id": "x", "text": ["a"]}, "`text`"),
        ({"doc_id": "x", "text": "a", "published": "soon"}, "published"),
        ({"doc_id": "m:1", "text": "Another text."}, "already belongs"),
    ],
)
def test_a_bad_document_is_named(tmp_path: Path, row: dict[str, Any], says: str) -> None:
    path = write(tmp_path / "corpus_m.jsonl", [{"doc_id": "m:1", "text": "A mill."}, row])
    with pytest.raises(InputError) as caught:
        list(load_corpus_documents(path))
    assert f"{path}:2" in str(caught.value) and says in str(caught.value)


# --- others' formats


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("SUPPORTS", "supported"), ("REFUTES", "refuted"), ("NOT ENOUGH INFO", "not_enough_evidence"),
        ("Not Enough Evidence", "not_enough_evidence"), ("Conflicting Evidence/Cherrypicking", "conflicting"),
        ("Supported", "supported"), ("Refuted", "refuted"), ("SUPPORT", "supported"), ("CONTRADICT", "refuted"),
        ("NEI", "not_enough_evidence"), ("not_enough_evidence", "not_enough_evidence"), ("", None), (None, None),
    ],
)  # fmt: skip
def test_labels_of_every_format(name: str | None, ours: str | None) -> None:
    assert label_of(name, "here") == ours


def test_fever(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "verifiable": "VERIFIABLE", "label": "SUPPORTS", "claim": "Mills grind.", "evidence": [[[9, 8, "Mill", 3], [9, 8, "Grain", 0]], [[9, 7, "Mill", 3]]]},
        {"id": 2, "label": "NOT ENOUGH INFO", "claim": "Mills sing.", "evidence": [[[9, None, None, None]]]},
        {"id": 3, "claim": "Mills dance."},
        {"id": 4, "label": "REFUTES", "claim": "Mills swim.", "evidence": [[[9, 8, "Mill", 3, "Mills stand on land."]]]},
    ]  # fmt: skip
    one, two, three, four = load_dataset(write(tmp_path / "fever.jsonl", rows)).rows
    assert one.gold == Gold(label="supported", doc_ids=("Mill", "Grain")) and one.question.evidence == ()
    assert two.gold == Gold(label="not_enough_evidence") and three.gold is None
    assert [piece.text for piece in four.question.evidence] == ["Mills stand on land."]


@pytest.mark.parametrize("name", ["evidence", "evidence_sentence"])
def test_vitaminc_and_symmetric(tmp_path: Path, name: str) -> None:
    row = {"unique_id": "u_1", "claim": "Mills swim.", name: "Mills stand on land.", "label": "REFUTES", "page": "Mill"}
    question, gold = load_dataset(write(tmp_path / "vc.jsonl", [row])).rows[0]
    assert (question.id, gold) == ("u_1", Gold(label="refuted"))
    assert [(piece.text, piece.title) for piece in question.evidence] == [("Mills stand on land.", "Mill")]


def test_scifact(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", [{"doc_id": n, "title": f"T{n}", "abstract": [f"First {n}.", f"Second {n}."]} for n in (11, 12)])  # fmt: skip
    rows = [
        {"id": 1, "claim": "Mills grind.", "evidence": {"11": [{"sentences": [1], "label": "SUPPORT"}]}, "cited_doc_ids": [11, 12]},
        {"id": 2, "claim": "Mills sing.", "evidence": {}, "cited_doc_ids": [12]},
        {"id": 3, "claim": "Mills turn.", "evidence": {"11": [{"sentences": [0], "label": "SUPPORT"}], "12": [{"sentences": [0], "label": "CONTRADICT"}]}, "cited_doc_ids": [11, 12]},
        {"id": 4, "claim": "Mills swim.", "cited_doc_ids": []},
    ]  # fmt: skip
    dataset = load_dataset(write(tmp_path / "claims_dev.jsonl", rows))
    one, two, three, four = dataset.rows
    assert dataset.corpus == tmp_path / "corpus.jsonl"
    assert one.gold == Gold(label="supported", doc_ids=("11",), stances={"11": "supports"})
    assert [(piece.doc_id, piece.title, piece.text) for piece in one.question.evidence] == [
        ("11", "T11", "First 11. Second 11."), ("12", "T12", "First 12. Second 12."),
    ]  # fmt: skip
    assert two.gold == Gold(label="not_enough_evidence") and len(two.question.evidence) == 1
    assert three.gold and three.gold.label == "conflicting" and len(three.gold.stances) == 2
    assert four.gold is None


def test_averitec(tmp_path: Path) -> None:
    answers = [
        {"answer": "No", "answer_type": "Boolean", "boolean_explanation": "It has four.", "source_url": "https://mill.example/a"},
        {"answer": "Four.", "answer_type": "Extractive", "source_url": ""},
        {"answer": "No answer could be found.", "answer_type": "Unanswerable"},
    ]  # fmt: skip
    row = {
        "claim": "The mill has nine sails.", "claim_date": "31-10-2020", "speaker": "A miller", "label": "Refuted",
        "justification": "It has four.", "questions": [{"question": "Has it nine?", "answers": answers}],
    }  # fmt: skip
    path = tmp_path / "dev.json"
    path.write_text(json.dumps([row, {**row, "label": "Conflicting Evidence/Cherrypicking", "claim_date": None}]))
    one, two = load_dataset(path).rows
    assert (one.question.claim_date, one.question.speaker, two.question.claim_date) == (
        date(2020, 10, 31),
        "A miller",
        None,
    )
    assert [(piece.text, piece.url) for piece in one.question.evidence] == [
        ("Has it nine? No. It has four.", "https://mill.example/a"), ("Has it nine? Four.", None),
    ]  # fmt: skip
    assert one.gold == Gold(label="refuted") and two.gold == Gold(label="conflicting")
    path.write_text(json.dumps([row, {**row, "claim": ""}]))
    assert f"{path}, item 2" in refusal(path)


@pytest.mark.parametrize(
    "odd",
    [
        {"evidence": ["a", 3]},
        {"evidence": [[3]]},
        {"evidence": {"11": [{"sentences": [0]}]}},
        {"evidence": {"11": 3}},
        {"evidence": {}, "cited_doc_ids": 3},
        {"questions": [3]},
        {"questions": [{"question": "q", "answers": [3]}]},
        {"questions": [{"answers": []}]},
        {"evidence": 3},
    ],
)
def test_odd_shapes_of_others_formats_are_refused_in_place(tmp_path: Path, odd: dict[str, Any]) -> None:
    path = write(tmp_path / "a.jsonl", [{"id": 1, "claim": "x", **odd}])
    assert f"{path}:1" in refusal(path)


# --- the real sets


def test_the_real_sets_are_read() -> None:
    place = ROOT.parent / "shared" / "bench"
    if not place.is_dir():
        pytest.skip("../shared/bench is not here: the real sets cannot be read")
    for path in sorted(place.glob("*_*.jsonl")):
        if path.name.startswith("corpus_"):
            assert next(load_corpus_documents(path)).id
        elif not path.name.startswith("injection_"):
            dataset = load_dataset(path)
            assert path.name.startswith(dataset.task) and all(row.gold for row in dataset.rows)
            assert dataset.corpus is None or dataset.corpus.is_file()
