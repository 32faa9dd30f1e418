from __future__ import annotations

import io
from pathlib import Path

import pytest
from fakes_embedder import HashingEmbedder
from rich.console import Console

from factcheck.errors import CorpusError, CorpusMismatch, InputError
from factcheck.index import Corpus
from factcheck.ingestion import IngestSummary, ingest
from factcheck.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(corpus=tmp_path / "corpus")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    place = tmp_path / "notes"
    place.mkdir()
    (place / "a.md").write_text(
        "---\ntitle: A visit\npublisher: Agency\npublished: 2024-06-19\nlanguage: en\n---\nPutin landed in Pyongyang.\n"
    )
    (place / "b.txt").write_text("Kim met Putin at the airport, without a date.\n")
    (place / "c.jsonl").write_text('{"text": "A first row about a car."}\n{"no": "text"}\n{"text": "A third row."}\n')
    (place / "d.pdf").write_bytes(b"%PDF-1.7 this is no pdf")
    return place


def _ingest(path: Path, settings: Settings, **more: object) -> IngestSummary:
    return ingest([path], settings, embedder=HashingEmbedder(), **more)  # type: ignore[arg-type]


def test_files_are_added_and_bad_ones_named(notes: Path, settings: Settings) -> None:
    told: list[tuple[int, int | None]] = []
    done = _ingest(notes, settings, on_progress=lambda n, total: told.append((n, total)))
    assert (done.added, done.unchanged, done.replaced) == (4, 0, 0)
    assert done.passages >= 4 and told[-1][0] == 4
    assert [(Path(bad.path).name, bad.line) for bad in done.bad] == [("c.jsonl", 2), ("d.pdf", None)]
    with Corpus.open(settings.corpus or Path(), HashingEmbedder()) as corpus:
        assert corpus.snapshot == done.snapshot
        texts = {d.text.strip(): d for d in corpus.documents()}
        assert texts["Putin landed in Pyongyang."].published == "2024-06-19"
        assert "A third row." in texts


def test_adding_twice_changes_nothing(notes: Path, settings: Settings) -> None:
    first = _ingest(notes, settings)
    again = _ingest(notes, settings)
    assert (again.added, again.unchanged, again.replaced, again.passages) == (0, 4, 0, 0)
    assert again.snapshot == first.snapshot


def test_a_day_stands_in_for_undated_documents_only(notes: Path, settings: Settings) -> None:
    _ingest(notes, settings, available_from="2024-05-01")
    with Corpus.open(settings.corpus or Path(), HashingEmbedder()) as corpus:
        days = {d.text.strip()[:5]: (d.published, d.available_from) for d in corpus.documents()}
    assert days["Putin"] == ("2024-06-19", None)
    assert days["Kim m"] == (None, "2024-05-01")


def test_what_cannot_be_added_is_said_before_anything_is_written(notes: Path, settings: Settings) -> None:
    with pytest.raises(InputError, match="There is no file"):
        ingest([notes, notes / "missing.md"], settings, embedder=HashingEmbedder())
    with pytest.raises(CorpusError, match="yesterday"):
        _ingest(notes, settings, available_from="yesterday")
    assert settings.corpus is not None and not settings.corpus.exists()


def test_an_empty_directory_becomes_a_corpus(notes: Path, settings: Settings) -> None:
    assert settings.corpus is not None
    settings.corpus.mkdir()
    assert _ingest(notes, settings).added == 4


def test_another_model_is_refused_and_nothing_is_lost(notes: Path, settings: Settings) -> None:
    _ingest(notes / "a.md", settings)
    with pytest.raises(CorpusMismatch):
        ingest([notes / "b.txt"], settings, embedder=HashingEmbedder(name="another"))
    with Corpus.open(settings.corpus or Path(), HashingEmbedder()) as corpus:
        assert corpus.info().documents == 1


def test_the_users_own_corpus_is_the_default(notes: Path) -> None:
    settings = Settings.load()
    _ingest(notes / "a.md", settings)
    with Corpus.open(settings.home / "corpus", HashingEmbedder()) as corpus:
        assert corpus.info().documents == 1


def test_the_command_line_names_what_it_skipped(
    notes: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    from factcheck.ingestion import tell

    said = io.StringIO()
    assert tell(_ingest(notes, settings), Console(file=said, width=200)) is True
    assert "skipped" in said.getvalue() and "d.pdf" in said.getvalue() and "c.jsonl, line 2" in said.getvalue()
    assert capsys.readouterr().out.startswith("4 added, 0 replaced, 0 unchanged, 2 skipped; ")
    only_bad = _ingest(notes / "d.pdf", settings)
    assert tell(only_bad, Console(file=said, width=200)) is False
