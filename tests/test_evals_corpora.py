"""Evaluation corpora and given evidence, as the product's own documents and passages."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fakes_embedder import HashingEmbedder
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from factcheck.errors import InputError
from factcheck.evals.corpora import corpus_directory, corpus_file, eval_corpus, given_passages
from factcheck.evals.rows import Dataset, Given, Question
from factcheck.settings import Settings


class Stop(Exception):
    """What a test raises in the middle of indexing."""


def corpus_path(directory: Path, count: int = 130, word: str = "harbour") -> Path:
    path = directory / "corpus_notes.jsonl"
    rows = [{"doc_id": f"n:{i}", "text": f"Note {i} tells of the {word} of town {i}."} for i in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def counting(seen: list[str], stop_after: int | None = None) -> Callable[[Sequence[str]], None]:
    def before(texts: Sequence[str]) -> None:
        if stop_after is not None and len(seen) >= stop_after:
            raise Stop
        seen.extend(texts)

    return before


def test_documents_are_indexed_once_under_their_ids(tmp_path: Path) -> None:
    settings, path = Settings(home=tmp_path / "home"), corpus_path(tmp_path)
    seen: list[str] = []
    told: list[str] = []
    done: list[tuple[int, int | None]] = []
    embedder = HashingEmbedder(before=counting(seen))
    with eval_corpus(path, settings, told.append, on_progress=lambda *at: done.append(at), embedder=embedder) as corpus:
        assert {document.id for document in corpus.documents()} == {f"n:{i}" for i in range(130)}
        assert corpus.directory.parent == tmp_path / "home" / "evals"
    assert len(seen) == 130 and done[-1] == (130, 130)
    assert told == ["Indexing 130 of the 130 documents of corpus_notes.jsonl ..."]
    with eval_corpus(path, settings, told.append, embedder=embedder) as corpus:
        assert corpus.info().documents == 130
    assert len(seen) == 130 and len(told) == 1


def test_indexing_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    settings, path = Settings(home=tmp_path / "home"), corpus_path(tmp_path, 2500)
    first: list[str] = []
    with pytest.raises(Stop):
        eval_corpus(path, settings, embedder=HashingEmbedder(before=counting(first, stop_after=2048)))
    again: list[str] = []
    told: list[str] = []
    with eval_corpus(path, settings, told.append, embedder=HashingEmbedder(before=counting(again))) as corpus:
        assert corpus.info().documents == corpus.info().passages == 2500
    assert len(first) == 2048 and len(again) == 2500 - 2048
    assert told == ["Indexing 452 of the 2,500 documents of corpus_notes.jsonl ..."]


def test_another_content_or_model_has_another_directory(tmp_path: Path) -> None:
    settings, path = Settings(home=tmp_path / "home"), corpus_path(tmp_path, 3)
    before = corpus_directory(path, settings, HashingEmbedder())
    assert corpus_directory(path, settings, HashingEmbedder()) == before
    assert corpus_directory(path, settings, HashingEmbedder(revision="2")) != before
    corpus_path(tmp_path, 3, "lighthouse")
    assert corpus_directory(path, settings, HashingEmbedder()) != before


def test_a_corpus_without_documents_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus_x.jsonl"
    path.write_text("\n")
    with pytest.raises(InputError, match="holds no documents"):
        eval_corpus(path, Settings(home=tmp_path / "home"), embedder=HashingEmbedder())


def test_the_corpus_of_a_set(tmp_path: Path) -> None:
    dataset = Dataset("d", tmp_path / "d.jsonl", "match", "0", (), None)
    with pytest.raises(InputError, match=r"names no corpus.*--corpus"):
        corpus_file(dataset)
    with pytest.raises(InputError, match="no corpus file"):
        corpus_file(dataset._replace(corpus=tmp_path / "none.jsonl"))
    assert corpus_file(dataset._replace(corpus=corpus_path(tmp_path))) == tmp_path / "corpus_notes.jsonl"


# --- given evidence


def question(*pieces: tuple[str, str]) -> Question:
    return Question(id="q", text="A claim.", evidence=tuple(Given(doc_id=d, text=t) for d, t in pieces))


def test_pieces_of_one_document_are_one_document() -> None:
    found = given_passages(question(("a", "Piece one."), ("b", "Of b."), ("a", "Piece two."), ("a", "Piece one.")))
    texts = {document.id: document.text for document, _ in found}
    assert texts == {"a": "Piece one.\n\nPiece two.", "b": "Of b."}
    assert {passage.document_id for _, passage in found} == {"a", "b"}


def test_what_is_known_of_a_piece_is_kept() -> None:
    piece = Given(doc_id="a", text="Text.", title="Title", url="https://a.example/x", published="2020-05")
    ((document, passage),) = given_passages(Question(id="q", text="A claim.", evidence=(piece,)))
    assert (document.title, document.url, document.published) == ("Title", "https://a.example/x", "2020-05")
    assert passage.text == "Text."


def test_a_date_that_is_none_is_refused_with_its_row() -> None:
    bad = Question(id="q7", text="A claim.", evidence=(Given(doc_id="a", text="Text.", published="soon"),))
    with pytest.raises(InputError, match=r"'a' of row 'q7'.*published"):
        given_passages(bad)


words = st.text(st.sampled_from("ab. \nÉ"), min_size=1, max_size=900).filter(str.strip)


@checked(deadline=None)  # The first text loads the language model.
@given(st.lists(st.tuples(st.sampled_from("xyz"), words), max_size=6))
def test_every_passage_is_at_its_place_and_every_piece_is_there(pieces: list[tuple[str, str]]) -> None:
    found = given_passages(question(*pieces))
    shown: dict[str, str] = {}
    for document, passage in found:
        assert document.text[passage.start : passage.end] == passage.text
        shown[document.id] = shown.get(document.id, "") + passage.text
    for key, text in pieces:
        document = next(document for document, _ in found if document.id == key)
        assert text in document.text
        assert set(text.split()) <= set(document.text.split()) and shown[key]
    assert len({passage.id for _, passage in found}) == len(found)
