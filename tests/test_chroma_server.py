"""The vectors of a corpus behind a Chroma server: what is found and written is as with its own files."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import fakes
import pytest
from fakes_embedder import HashingEmbedder

from factcheck.errors import CorpusError, CorpusMismatch
from factcheck.index import Corpus
from factcheck.pipeline import check
from factcheck.retrieve import retrieve_many
from factcheck.settings import Settings
from factcheck.types import Document

# Chroma's client leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NOTES = [fakes.document(f"Putin signed {n} documents in Pyongyang. Kim watched him do it.") for n in range(12)]
CLAIMS = [fakes.claim(f"Putin signed {n} documents in Pyongyang.") for n in range(0, 12, 3)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def corpus_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("served") / "notes"
    fakes.make_corpus(place, *NOTES).close()
    return place


@pytest.fixture(scope="module")
def server(corpus_directory: Path) -> Iterator[str]:
    command = shutil.which("chroma") or str(Path(sys.executable).with_name("chroma"))
    if not Path(command).exists():
        pytest.skip("the command `chroma` is not installed: no server to ask")
    port = _free_port()
    child = subprocess.Popen(
        [command, "run", "--path", str(corpus_directory / "chroma"), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=corpus_directory,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and child.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.kill()
        child.wait()


@pytest.mark.slow
def test_the_same_is_found_as_in_its_own_files(corpus_directory: Path, server: str, tmp_path: Path) -> None:
    shutil.copytree(corpus_directory, tmp_path / "copy")
    settings = Settings.load(retrieve=8, evidence=4)
    asked = [(claim, ()) for claim in CLAIMS]
    with (
        Corpus.open(corpus_directory, HashingEmbedder(), server=server) as served,
        Corpus.open(tmp_path / "copy", HashingEmbedder()) as own,
    ):
        assert served.snapshot == own.snapshot and served.info().passages == own.info().passages
        assert retrieve_many(asked, served, settings) == retrieve_many(asked, own, settings)


@pytest.mark.slow
def test_a_copy_without_vectors_of_its_own_is_enough(corpus_directory: Path, server: str, tmp_path: Path) -> None:
    """What a worker on another machine needs: documents, passages and words, not the vectors."""
    shutil.copytree(corpus_directory, tmp_path / "copy", ignore=shutil.ignore_patterns("chroma"))
    settings = Settings.load(retrieve=8, evidence=4)
    with Corpus.open(tmp_path / "copy", HashingEmbedder(), server=server) as corpus:
        (found, *_) = retrieve_many([(claim, ()) for claim in CLAIMS], corpus, settings)
        assert found.candidates and not (tmp_path / "copy" / "chroma").exists()


@pytest.mark.slow
def test_what_is_written_goes_through_the_server(corpus_directory: Path, server: str) -> None:
    new = fakes.document("A volcano erupted in Iceland on Monday.")
    with (
        Corpus.open(corpus_directory, HashingEmbedder(), server=server) as one,
        Corpus.open(corpus_directory, HashingEmbedder(), server=server) as other,
    ):
        one.add([new])
        vector = other.query_vectors(["A volcano erupted in Iceland."], ["en"])[0]
        ((found, _),) = other.dense(vector, 1)
        passage = other.passage(found)
        assert passage is not None and passage.document_id == new.id
        assert one.remove([new.id]) == 1


@pytest.mark.slow
def test_a_server_of_another_corpus_is_refused(server: str, tmp_path: Path) -> None:
    many = [fakes.document(f"Report {n} tells of something else altogether.") for n in range(40)]
    fakes.make_corpus(tmp_path / "larger", *many).close()
    with pytest.raises(CorpusMismatch, match="server of another corpus"):
        Corpus.open(tmp_path / "larger", HashingEmbedder(), server=server)
    with pytest.raises(CorpusMismatch, match="by another version of"):
        Corpus.open(tmp_path / "larger", HashingEmbedder(revision="2"), server=server)


def test_nobody_at_the_address_is_a_sentence(corpus_directory: Path) -> None:
    with pytest.raises(CorpusError, match=r"Chroma server at http://127\.0\.0\.1:\d+ cannot be used.*CHROMA_URL"):
        Corpus.open(corpus_directory, HashingEmbedder(), server=f"http://127.0.0.1:{_free_port()}")


class _Relay:
    """Stands before a server, and cuts every connection in the middle of what comes back once it is told to."""

    def __init__(self, address: str) -> None:
        self.cuts = False
        self._to = int(address.rpartition(":")[2])
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                one, other = self._listening.accept()[0], socket.create_connection(("127.0.0.1", self._to))
                threading.Thread(target=self._pass, args=(one, other, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(other, one, True), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, back: bool) -> None:
        with suppress(OSError), one, other:
            while data := one.recv(65536):
                if back and self.cuts:
                    other.sendall(data[: len(data) // 2])
                    other.shutdown(socket.SHUT_RDWR)
                    return
                other.sendall(data)

    def close(self) -> None:
        self._listening.close()


@pytest.mark.slow
def test_a_server_that_goes_in_the_middle_of_an_answer_is_no_verdict(corpus_directory: Path, server: str) -> None:
    relay = _Relay(server)
    article = Document.from_text(" ".join(claim.text for claim in CLAIMS[:2]), language="en", published="2024-06-19")
    with Corpus.open(corpus_directory, HashingEmbedder(), server=relay.url) as corpus:
        engine = fakes.make_engine(corpus, fakes.ScriptedJudge(default=fakes.everything("supports")))
        relay.cuts = True
        for claim in check(article, engine).claims:
            assert (claim.status, claim.label, claim.evidence) == ("not_checked", None, ())
            assert claim.reason and "Chroma server at http://127.0.0.1" in claim.reason
        relay.cuts = False
        assert {claim.status for claim in check(article, engine).claims} == {"checked"}
    relay.close()
