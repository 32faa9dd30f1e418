from __future__ import annotations

import os
import resource
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

import fakes
import pytest
from fakes_embedder import HashingEmbedder

from factcheck.care.archive import export
from factcheck.care.contents import opened
from factcheck.care.health import examine
from factcheck.engine import Engine
from factcheck.errors import CorpusError, FactcheckError, InputError, StoreError
from factcheck.index import Corpus
from factcheck.pipeline import Progress, check
from factcheck.review import Desk
from factcheck.store import RunStore
from factcheck.types import Report
from faults.harness import ARTICLE, NOTES, SENTENCES, plain, reason_of


class Disk(NamedTuple):
    """A place whose disk can be filled and freed."""

    place: Path
    fill: Callable[[], None]
    free: Callable[[], None]


@contextmanager
def _small_disk(place: Path) -> Iterator[Disk]:
    """A file system of 4 MB."""
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("no small file system can be mounted here: the limit on a file's size stands for it")

    def fill() -> None:
        with suppress(OSError), (place / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1024))

    try:
        yield Disk(place, fill, lambda: (place / "filler").unlink())
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def _limited_files(place: Path) -> Iterator[Disk]:
    """A limit of nothing on what is written to a file."""
    place.mkdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def free() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    try:
        yield Disk(place, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1])), free)
    finally:
        free()


@pytest.fixture(params=[_small_disk, _limited_files], ids=["small disk", "limited files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with request.param(tmp_path / "disk") as made:
        yield made


def _engine(corpus: Corpus, store: RunStore | None) -> Engine:
    return fakes.make_engine(corpus, fakes.ScriptedJudge(default=fakes.everything("supports")), store=store)


def _supported(report: Report) -> bool:
    return [claim.label for claim in report.claims] == ["supported"] * len(SENTENCES)


def test_a_full_disk_costs_nothing_that_was_stored(disk: Disk) -> None:
    corpus, store = fakes.make_corpus(disk.place / "notes", *NOTES), RunStore(disk.place / "runs.sqlite3")
    engine, file = _engine(corpus, store), disk.place / "notes.zip"
    before = check(ARTICLE, engine, run_id="before")
    export(corpus, file)

    def fills(progress: Progress) -> None:
        if progress.done == 1:
            disk.fill()

    with pytest.raises(StoreError, match="record of runs") as stopped:
        check(ARTICLE, engine, run_id="stopped", on_progress=fills)
    plain(str(stopped.value))

    more = [fakes.document(f"Train {i} left the station of {i}. " * 40) for i in range(20)]
    for fails in (lambda: corpus.add(more), lambda: export(corpus, file), lambda: _note(store)):
        with pytest.raises(InputError) as caught:
            fails()
        plain(str(caught.value))
    assert store.get("before").report == before  # type: ignore[union-attr]
    unlaid = check(ARTICLE, _engine(corpus, None))
    assert _supported(unlaid) and any("not laid beside the corpus" in note for note in unlaid.run.notes)

    disk.free()
    kept = store.get("stopped")
    assert kept is not None and kept.results[0].text == SENTENCES[0] and len(kept.results) == 1
    resumed = check(ARTICLE, engine, run_id="stopped", resume=True)
    assert _supported(resumed) and resumed.claims[0] == kept.results[0]
    assert _note(store) == 1 and corpus.add(NOTES).unchanged == 3
    with opened(file) as contents:
        contents.check()
    assert examine(corpus, date(2024, 7, 1)).faults == ()
    corpus.close()
    store.close()


def _note(store: RunStore) -> int:
    desk = Desk(store)
    claim = desk.claims("before")[0]
    return desk.act("before", claim.claim_id, "note", who="Ana", version=claim.version, reason="Seen. " * 500).version


def test_a_report_that_cannot_be_recorded_is_given_all_the_same(tmp_path: Path) -> None:
    class Full(RunStore):
        def finish(self, run_id: str, report: Report) -> None:
            raise StoreError("The record of runs cannot be used (database or disk is full).")

    with fakes.make_corpus(tmp_path / "notes", *NOTES) as corpus:
        report = check(ARTICLE, _engine(corpus, Full(tmp_path / "runs.sqlite3")), run_id="r")
    assert _supported(report) and any("not recorded" in note and "full" in note for note in report.run.notes)


@contextmanager
def _read_only(place: Path) -> Iterator[Path]:
    """The same directory, not to be written to."""
    if os.geteuid() != 0:
        files = [place, *place.rglob("*")]
        modes = [(one, one.stat().st_mode) for one in files]
        for one, mode in modes:
            one.chmod(mode & ~0o222)
        yield place
        for one, mode in modes:
            one.chmod(mode)
        return
    seen = place.with_name(f"{place.name}-read-only")
    seen.mkdir()
    if subprocess.run(["mount", "--bind", str(place), str(seen)], capture_output=True).returncode:
        pytest.skip("root may write everywhere, and nothing can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(seen)], check=True)
        yield seen
    finally:
        subprocess.run(["umount", "-l", str(seen)], check=True)


def test_a_home_that_is_read_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fakes.make_corpus(home / "notes", *NOTES).close()
    RunStore(home / "runs.sqlite3").close()
    with _read_only(home) as place:
        with pytest.raises(CorpusError) as caught:
            Corpus.open(place / "notes", HashingEmbedder())
        assert "can be written" in plain(str(caught.value)) or "write-protected" in str(caught.value)
        with pytest.raises(StoreError) as refused:
            RunStore(place / "runs.sqlite3").start("r", ARTICLE, None, "offline")
        plain(str(refused.value))
    with Corpus.open(home / "notes", HashingEmbedder()) as corpus:
        assert _supported(check(ARTICLE, _engine(corpus, None)))


def test_an_embedder_of_another_dimension_is_no_verdict(tmp_path: Path) -> None:
    with fakes.make_corpus(tmp_path / "notes", *NOTES) as corpus:
        corpus.embedder = HashingEmbedder(dimension=64)
        report = check(ARTICLE, _engine(corpus, None))
        assert all("dimension of 256, got 64" in reason_of(claim) for claim in report.claims)
        with pytest.raises(CorpusError):
            corpus.add([fakes.document("Trains left the station.")])
    with Corpus.open(tmp_path / "notes", HashingEmbedder()) as corpus:
        assert _supported(check(ARTICLE, _engine(corpus, None)))
        corpus.add([fakes.document("Trains came back.")])
        assert examine(corpus, date(2024, 7, 1)).faults == ()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "nonsense": lambda data: b"nonsense" * 500,
    "cut": lambda data: data[: len(data) // 2],
    "noise": lambda data: data[:100] + bytes(i * 89 % 256 for i in range(20_000)) + data[20_100:],
    "empty": lambda data: b"",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a corpus and a run."""
    home = tmp_path_factory.mktemp("sound")
    fakes.make_corpus(home / "notes", *NOTES).close()
    store = RunStore(home / "runs.sqlite3")
    store.start("r", ARTICLE, None, "offline")
    store.close()
    return home


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ["notes/chroma/chroma.sqlite3", "notes/corpus.sqlite3", "runs.sqlite3"])
def test_a_damaged_file_is_a_sentence_and_stays_as_it_is(sound: Path, tmp_path: Path, name: str, damage: str) -> None:
    shutil.copytree(sound, tmp_path, dirs_exist_ok=True)
    file = tmp_path / name
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    found = file.read_bytes()
    try:
        store = RunStore(tmp_path / "runs.sqlite3")
        store.recent()
        with Corpus.open(tmp_path / "notes", HashingEmbedder()) as corpus:
            report = check(ARTICLE, _engine(corpus, store))
    except FactcheckError as error:
        assert plain(str(error)) and (file.read_bytes() == found or not found)
        return
    assert damage == "empty", "an empty file is a new one for SQLite"
    assert {claim.status for claim in report.claims} <= {"checked", "not_checked"}


def test_a_graph_that_was_cut_off_ends_no_process(sound: Path, tmp_path: Path) -> None:
    """Chroma keeps the first thousand vectors elsewhere; a file as it writes it for more is made here by hand."""
    shutil.copytree(sound, tmp_path, dirs_exist_ok=True)
    graph = tmp_path / "notes" / "chroma" / "graph"
    graph.mkdir()
    for name, data in {
        "header.bin": struct.pack("<iQQQQ64x", 1, 0, 2048, 1200, 1228),
        "length.bin": bytes(4800),
    }.items():
        (graph / name).write_bytes(data)
    (graph / "data_level0.bin").write_bytes(bytes(1200 * 1228 // 2))
    with pytest.raises(CorpusError, match=r"data_level0\.bin is shorter than it says.*corpus doctor --repair"):
        Corpus.open(tmp_path / "notes", HashingEmbedder())
    (graph / "data_level0.bin").write_bytes(bytes(1200 * 1228))
    Corpus.open(tmp_path / "notes", HashingEmbedder()).close()
