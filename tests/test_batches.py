from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fakes
import pytest

from factcheck.batches import batch, read_claims
from factcheck.engine import Engine
from factcheck.errors import InputError, LLMUnavailable
from factcheck.index import Corpus
from factcheck.settings import Settings

NOTE = fakes.document("Putin landed in Pyongyang in the early hours of Wednesday.")


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", NOTE)
    yield made
    made.close()


@pytest.fixture
def engine(corpus: Corpus) -> Engine:
    judge = fakes.ScriptedJudge({"rained": LLMUnavailable("No answer in time.")}, fakes.everything("supports"))
    return fakes.make_engine(corpus, judge)


def _file(tmp_path: Path, *lines: Any) -> Path:
    path = tmp_path / "claims.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_a_row_per_claim_in_the_order_of_the_lines(tmp_path: Path, corpus: Corpus, mode: str) -> None:
    judge = fakes.ScriptedJudge({"rained": LLMUnavailable("No answer in time.")}, fakes.everything("supports"))
    settings = Settings.load(llm_model="scripted" if mode == "llm" else None, llm_concurrency=3)
    engine = fakes.make_engine(corpus, judge, settings=settings)
    claims = [{"id": f"c{i}", "text": f"Putin landed {i} {'and it rained' if i % 5 == 2 else ''}."} for i in range(25)]
    tally = batch(_file(tmp_path, *claims), tmp_path / "out.jsonl", settings, engine=engine)
    rows = _rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == [claim["id"] for claim in claims]
    assert [row["line"] for row in rows] == list(range(1, 26))
    failed = [row for row in rows if row["status"] == "not_checked"]
    assert [row["id"] for row in failed] == ["c2", "c7", "c12", "c17", "c22"]
    assert all(row["label"] is None and row["reason"] == "No answer in time." for row in failed)
    assert tally[:3] == (25, 20, 5)
    assert "25 rows" in tally.sentence(tmp_path / "out.jsonl")


def test_a_row_holds_the_verdict_and_where_it_comes_from(tmp_path: Path, engine: Engine) -> None:
    source = _file(
        tmp_path,
        {"claim": "Putin landed in Pyongyang.", "claim_date": "2024-06-19", "speaker": "Ushakov", "lang": "en"},
    )
    batch(source, tmp_path / "out.jsonl", engine.settings, engine=engine)
    (row,) = _rows(tmp_path / "out.jsonl")
    assert (row["id"], row["label"], row["as_of"], row["speaker"]) == ("line-1", "supported", "2024-06-19", "Ushakov")
    assert row["mode"] == "offline" and row["corpus_snapshot"] == engine.corpus.snapshot and row["run_id"]
    proof = row["evidence"][0]
    assert NOTE.text[proof["start"] : proof["end"]] == proof["quote"]


def test_the_date_of_the_call_wins_over_that_of_the_line(tmp_path: Path, engine: Engine) -> None:
    from datetime import date

    source = _file(
        tmp_path, {"text": "Putin landed.", "as_of": "2024-06-19"}, {"text": "Putin landed.", "as_of": "2024-05"}
    )
    batch(source, tmp_path / "a.jsonl", engine.settings, engine=engine)
    assert [row["as_of"] for row in _rows(tmp_path / "a.jsonl")] == ["2024-06-19", "2024-05-31"]
    batch(source, tmp_path / "b.jsonl", engine.settings, engine=engine, as_of=date(2024, 1, 1))
    assert {row["as_of"] for row in _rows(tmp_path / "b.jsonl")} == {"2024-01-01"}


BAD = [
    ("not json", "not JSON"),
    ("[1, 2]", "JSON object"),
    ('"text"', "JSON object"),
    ("{}", "missing or empty"),
    ('{"text": "   "}', "missing or empty"),
    ('{"text": 3}', "missing or empty"),
    ('{"text": "Putin landed.", "as_of": "yesterday"}', "as_of"),
    ('{"text": "Putin landed.", "n": ' + "1" * 5000 + "}", "not JSON"),
    ('{"text": "half a \\ud800 character"}', "surrogate"),
    ("[" * 100_000, "not JSON"),
]


@pytest.mark.parametrize(("line", "words"), BAD, ids=range(len(BAD)))
def test_a_bad_line_is_a_row_with_its_problem(tmp_path: Path, engine: Engine, line: str, words: str) -> None:
    source = _file(tmp_path, {"text": "Putin landed in Pyongyang."}, line, "", {"text": "Putin landed in Pyongyang."})
    tally = batch(source, tmp_path / "out.jsonl", engine.settings, engine=engine)
    rows = _rows(tmp_path / "out.jsonl")
    assert [(row["line"], row["status"]) for row in rows] == [(1, "checked"), (2, "not_checked"), (4, "checked")]
    assert rows[1]["reason"].startswith("Line 2: ") and words in rows[1]["reason"]
    assert (rows[1]["label"], rows[1]["evidence"]) == (None, [])
    assert tally.not_checked == 1


def test_a_line_of_other_bytes_is_a_row_too(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": 0, "text": "one"}\r\n\xff\xfe\x00\n{"id": "x", "text": "two"}')
    found = list(read_claims(path))
    assert [(item.id, item.text, bool(item.problem)) for item in found] == [
        ("0", "one", False), ("line-2", "", True), ("x", "two", False),
    ]  # fmt: skip
    assert "UTF-8" in (found[1].problem or "")


def test_articles_of_a_directory_give_their_claims(tmp_path: Path, engine: Engine) -> None:
    articles = tmp_path / "articles"
    (articles / "deep").mkdir(parents=True)
    (articles / "b.txt").write_text("Putin landed in Pyongyang. He was met.", encoding="utf-8")
    (articles / "deep" / "a.md").write_text("Putin landed in Pyongyang again.", encoding="utf-8")
    (articles / "empty.txt").write_bytes(b"")
    (articles / "ignored.xyz").write_text("Putin landed.", encoding="utf-8")
    tally = batch(articles, tmp_path / "out.jsonl", engine.settings, engine=engine)
    rows = _rows(tmp_path / "out.jsonl")
    assert [row["article"] for row in rows] == ["b.txt", "b.txt", "deep/a.md", "empty.txt"]
    assert [row["status"] for row in rows] == ["checked", "checked", "checked", "not_checked"]
    assert "empty" in rows[-1]["reason"]
    assert tally[:3] == (4, 3, 1)


def test_an_article_that_is_too_long_is_a_row(tmp_path: Path, corpus: Corpus) -> None:
    engine = fakes.make_engine(corpus, fakes.ScriptedJudge(), settings=Settings.load(max_article_chars=1_000))
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "long.txt").write_text("Putin landed in Pyongyang. " * 100, encoding="utf-8")
    batch(articles, tmp_path / "out.jsonl", engine.settings, engine=engine)
    (row,) = _rows(tmp_path / "out.jsonl")
    assert row["status"] == "not_checked" and "1,000" in row["reason"].replace("1000", "1,000")


def test_a_fault_of_ours_in_one_article_does_not_end_the_others(tmp_path: Path, corpus: Corpus) -> None:
    class Broken(fakes.SentenceExtractor):
        def extract(self, document: Any, *args: Any) -> Any:
            if "broken" in document.text:
                raise ZeroDivisionError("secret")
            return super().extract(document, *args)

    engine = fakes.make_engine(corpus, fakes.ScriptedJudge(), extractor=Broken())
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("This one is broken for some reason.", encoding="utf-8")
    (articles / "b.txt").write_text("Putin landed in Pyongyang again.", encoding="utf-8")
    batch(articles, tmp_path / "out.jsonl", engine.settings, engine=engine)
    rows = _rows(tmp_path / "out.jsonl")
    assert [row["status"] for row in rows] == ["not_checked", "checked"]
    assert "ZeroDivisionError" in rows[0]["reason"] and "secret" not in rows[0]["reason"]


# --- the output appears whole or not at all ---------------------------------------------------------------------------


def test_until_the_end_the_rows_are_beside_the_output(tmp_path: Path, corpus: Corpus) -> None:
    output, seen = tmp_path / "out.jsonl", []
    output.write_text("the old rows\n", encoding="utf-8")

    def look(claim: Any, candidates: Any) -> Any:
        seen.append((output.read_text(encoding="utf-8"), len(_rows(tmp_path / "out.jsonl.part"))))
        return fakes.Assessment(findings=())

    engine = fakes.make_engine(corpus, fakes.ScriptedJudge(default=look))
    batch(_file(tmp_path, {"text": "One."}, {"text": "Two."}), output, engine.settings, engine=engine)
    assert seen == [("the old rows\n", 0), ("the old rows\n", 1)]
    assert len(_rows(output)) == 2 and not (tmp_path / "out.jsonl.part").exists()


def test_a_stopped_batch_leaves_the_old_output_and_its_part(tmp_path: Path, corpus: Corpus) -> None:
    def stop(claim: Any, candidates: Any) -> Any:
        if "Two" in claim.text:
            raise KeyboardInterrupt
        return fakes.Assessment(findings=())

    output = tmp_path / "out.jsonl"
    output.write_text("the old rows\n", encoding="utf-8")
    engine = fakes.make_engine(corpus, fakes.ScriptedJudge(default=stop))
    with pytest.raises(KeyboardInterrupt):
        batch(_file(tmp_path, {"text": "One."}, {"text": "Two."}), output, engine.settings, engine=engine)
    assert output.read_text(encoding="utf-8") == "the old rows\n"
    assert len(_rows(tmp_path / "out.jsonl.part")) == 1


@pytest.mark.parametrize("content", ["", "\n\n  \n"])
def test_a_file_without_claims_changes_nothing(tmp_path: Path, engine: Engine, content: str) -> None:
    source, output = tmp_path / "claims.jsonl", tmp_path / "out.jsonl"
    source.write_text(content, encoding="utf-8")
    output.write_text("the old rows\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no claim"):
        batch(source, output, engine.settings, engine=engine)
    assert output.read_text(encoding="utf-8") == "the old rows\n"
    assert not (tmp_path / "out.jsonl.part").exists()


def test_what_cannot_be_used_is_a_sentence(tmp_path: Path, engine: Engine) -> None:
    good = _file(tmp_path, {"text": "One."})
    (tmp_path / "empty").mkdir()
    (tmp_path / "article.txt").write_text("An article.", encoding="utf-8")
    cases = [
        (tmp_path / "none.jsonl", tmp_path / "out.jsonl", "There is no file"),
        (tmp_path / "empty", tmp_path / "out.jsonl", "holds no article"),
        (tmp_path / "article.txt", tmp_path / "out.jsonl", "factcheck check"),
        (good, tmp_path / "no" / "such" / "out.jsonl", "could not be written"),
        (good, tmp_path / "empty", "is no file"),
        (good, Path("/dev/null"), "is no file"),
        (good, good, "would replace"),
    ]
    for source, output, words in cases:
        with pytest.raises(InputError, match=words):
            batch(source, output, engine.settings, engine=engine)
    assert json.loads(good.read_text(encoding="utf-8")) == {"text": "One."}
