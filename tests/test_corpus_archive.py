from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import claim, result
from fakes_embedder import HashingEmbedder
from test_corpus_health import notes, passages, spoil

from factcheck.care.archive import MANIFEST, MEMBERS, Exported, export
from factcheck.care.health import examine
from factcheck.care.restore import restore
from factcheck.errors import CorpusError, CorpusMismatch, FactcheckError, InputError
from factcheck.index import Corpus
from factcheck.types import Document

HERE = Path(__file__).parent
LONG = " ".join(f"Kalimat nomor {i} berisi angka {i * 13} “tentang” Kota {i} 🙂." for i in range(60))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Exported, Path]:
    """An export, what was said of it, and the corpus it was made of."""
    place = tmp_path_factory.mktemp("made")
    with Corpus.create(place / "corpus", HashingEmbedder()) as corpus:
        corpus.add([*notes(130), Document(text=LONG, id="doc-long", language="id", title="Panjang", published="2024")])
        checked = result(claim("Jembatan 7 di Kota 1 dibuka."), "not_enough_evidence")
        corpus.remember("run-1", date(2024, 6, 19), [checked])
        done = export(corpus, place / "out.zip")
    return place / "out.zip", done, place / "corpus"


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, members: dict[str, bytes], *, signed: bool = True, **manifest: Any) -> Path:
    """An archive of these members, whose manifest knows their checksums."""
    said = {**json.loads(members[MANIFEST]), **manifest}
    if signed:
        said["members"] = {
            name: {"bytes": len(members[name]), "sha256": hashlib.sha256(members[name]).hexdigest()} for name in MEMBERS
        }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, json.dumps(said).encode() if name == MANIFEST else data)
    return path


def refused(path: Path, directory: Path, words: str, **options: Any) -> None:
    """A sentence, and nothing written."""
    with pytest.raises(InputError) as said:
        restore(path, directory, HashingEmbedder(), **options)
    assert words in str(said.value), said.value
    assert str(said.value).endswith(".") and "\n" not in str(said.value)
    assert not directory.exists()


def test_there_and_back(made: tuple[Path, Exported, Path], tmp_path: Path) -> None:
    path, done, place = made
    again = tmp_path / "again"
    embedded: list[int] = []
    imported = restore(path, again, HashingEmbedder(before=lambda texts: embedded.append(len(texts))))
    assert embedded == []
    with Corpus.open(place, HashingEmbedder()) as old, Corpus.open(again, HashingEmbedder()) as new:
        assert imported.snapshot == new.snapshot == old.snapshot == done.manifest.snapshot and imported.same
        assert list(new.documents()) == list(old.documents())
        ids = passages(old)
        assert passages(new) == ids and imported.passages == len(ids) == done.manifest.counts.passages
        before, after = old.passage_vectors(ids), new.passage_vectors(ids)
        assert all(np.allclose(before[key], after[key], atol=1e-6) for key in ids)
        assert new.matches(claim("Jembatan 7 di Kota 1 dibuka.")) == old.matches(claim("Jembatan 7 di Kota 1 dibuka."))
        assert new.matches(claim("Jembatan 7 di Kota 1 dibuka."))
        assert examine(new).faults == ()
        second = export(new, tmp_path / "second.zip").manifest
        assert (second.snapshot, second.counts, second.model) == (
            done.manifest.snapshot, done.manifest.counts, done.manifest.model,
        )  # fmt: skip
        export(old, tmp_path / "third.zip")
    one, two = unpacked(path), unpacked(tmp_path / "second.zip")
    assert all(one[name] == two[name] for name in ("documents.jsonl", "passages.jsonl", "claims.jsonl"))
    assert (tmp_path / "third.zip").read_bytes() == path.read_bytes()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == done.sha256


def test_a_corpus_that_is_not_empty_is_left_alone_unless_merged(
    made: tuple[Path, Exported, Path], tmp_path: Path
) -> None:
    path = made[0]
    with Corpus.create(tmp_path / "mine", HashingEmbedder()) as mine:
        own = Document(text="Milik sendiri.", id="own", language="id")
        other = Document(text="Isi yang lain sama sekali.", id="doc-long", language="id")
        mine.add([own, other, *notes(3)])
        before = mine.snapshot
        with pytest.raises(CorpusError, match="--merge"):
            restore(path, tmp_path / "mine", HashingEmbedder())
        assert mine.snapshot == before
        merged = restore(path, tmp_path / "mine", HashingEmbedder(), merge=True)
        assert (merged.added, merged.unchanged, merged.replaced, merged.same) == (127, 3, 1, False)
        assert mine.document("own") == own and mine.document("doc-long") != other
        assert examine(mine).faults == ()
        again = restore(path, tmp_path / "mine", HashingEmbedder(), merge=True)
        assert (again.added, again.unchanged, again.replaced) == (0, 131, 0)


def test_another_models_vectors_are_refused_or_made_again(made: tuple[Path, Exported, Path], tmp_path: Path) -> None:
    path, done, _ = made
    other = HashingEmbedder(name="other", dimension=64)
    with pytest.raises(CorpusMismatch, match="--reindex"):
        restore(path, tmp_path / "new", other)
    assert not (tmp_path / "new").exists()
    imported = restore(path, tmp_path / "new", other, reindex=True)
    assert imported.snapshot == done.manifest.snapshot
    with Corpus.open(tmp_path / "new", other) as corpus:
        assert examine(corpus).faults == () and corpus.matches(claim("Jembatan 7 di Kota 1 dibuka."))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.95, 0.999])
def test_a_truncated_file(made: tuple[Path, Exported, Path], tmp_path: Path, share: float) -> None:
    data = made[0].read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: int(len(data) * share)])
    refused(tmp_path / "cut.zip", tmp_path / "new", "cannot be imported")


def test_a_byte_changed_anywhere(made: tuple[Path, Exported, Path], tmp_path: Path) -> None:
    data = made[0].read_bytes()
    rng = np.random.default_rng(0)
    for at in rng.integers(0, len(data), 60):
        changed = bytearray(data)
        changed[at] ^= 0x55
        (tmp_path / "changed.zip").write_bytes(changed)
        try:
            imported = restore(tmp_path / "changed.zip", tmp_path / f"new-{at}", HashingEmbedder())
        except FactcheckError as error:
            assert str(error).endswith(".") and not (tmp_path / f"new-{at}").exists()
        else:  # a byte of the zip that says nothing of what is in it, such as a date or a version
            assert imported.snapshot == made[1].manifest.snapshot


def _line(member: str, number: int, change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        rows = members[member].splitlines()
        fields = json.loads(rows[number])
        change(fields)
        rows[number] = json.dumps(fields).encode()
        members[member] = b"\n".join(rows) + b"\n"

    return apply


def _vectors(change: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        import io

        out = io.BytesIO()
        np.save(out, change(np.load(io.BytesIO(members["vectors.npy"])).copy()))
        members["vectors.npy"] = out.getvalue()

    return apply


def _nan(vectors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    vectors[5, 3] = np.nan
    return vectors


def _objects(members: dict[str, bytes]) -> None:
    header = b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (3,), }"
    members["vectors.npy"] = header.ljust(127) + b"\n" + b"cos\nsystem\n(S'true'\ntR."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_line("documents.jsonl", 3, lambda d: d.update(text="Lain.")), "passage"),
        (_line("documents.jsonl", 3, lambda d: d.update(title="Judul")), "snapshot"),
        (_line("documents.jsonl", 3, lambda d: d.update(published="soon")), "no document"),
        (_line("documents.jsonl", 3, lambda d: d.update(evil=1)), "no document"),
        (_line("documents.jsonl", 3, lambda d: d.update(id="")), "out of order"),
        (_line("documents.jsonl", 3, lambda d: d.update(title="\ud800")), "no document"),
        (_line("passages.jsonl", 3, lambda p: p.update(end=10**9)), "not at its place"),
        (_line("passages.jsonl", 3, lambda p: p.update(start=-1)), "no passage"),
        (_line("passages.jsonl", 3, lambda p: p.update(ordinal=7)), "not at its place"),
        (_line("passages.jsonl", 3, lambda p: p.update(id="p-0")), "not at its place"),
        (_line("passages.jsonl", 3, lambda p: p.update(document_id="doc-x")), "has no passages"),
        (_line("claims.jsonl", 0, lambda c: c["kept"].update(as_of=99999999)), "no claim"),
        (_line("claims.jsonl", 0, lambda c: c["kept"].pop("text")), "no claim"),
        (_line("claims.jsonl", 0, lambda c: c["kept"].update(text=["x"])), "no claim"),
        (_vectors(lambda v: v[:-1]), "does not hold"),
        (_vectors(lambda v: v[:, :-1]), "does not hold"),
        (_vectors(lambda v: v.astype(np.float64)), "does not hold"),
        (_vectors(_nan), "holds vectors that are none"),
        (_vectors(np.zeros_like), "holds vectors that are none"),
        (_objects, "does not hold"),
        (lambda m: m.update({"vectors.npy": b"no vectors"}), "no file of vectors"),
        (lambda m: m.update({"documents.jsonl": m["documents.jsonl"][:-5]}), "cut off"),
        (lambda m: m.update({"documents.jsonl": b"[" * 100_000 + b"\n"}), "cannot be read"),
        (lambda m: m.update({"documents.jsonl": b"[]\n"}), "no object"),
        (lambda m: m.pop("claims.jsonl"), "part"),
        (lambda m: m.update({"../../evil": b"x"}), "../../evil"),
        (lambda m: m.update({"/etc/passwd": b"x"}), "no export holds"),
        (lambda m: m.update({"evil/": b""}), "no export holds"),
    ],
)
def test_what_no_export_says_is_refused_though_its_checksums_fit(
    made: tuple[Path, Exported, Path], tmp_path: Path, change: Callable[[dict[str, bytes]], None], words: str
) -> None:
    members = unpacked(made[0])
    change(members)
    missing = dict.fromkeys(set(MEMBERS) - set(members), b"")
    path = packed(tmp_path / "made.zip", {**members, **missing} if not missing else members, signed=not missing)
    refused(path, tmp_path / "new", words)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["made.zip"]


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"version": 2}, "later version"),
        ({"format": "zip"}, "manifest"),
        ({"snapshot": "corpus-0000000000000000"}, "snapshot"),
        ({"counts": {"documents": 5, "passages": 5, "claims": 1}}, "does not hold 5"),
        ({"model": {"model": "hashing"}}, "dimension"),
        ({"model": {"model": "hashing", "dimension": -1}}, "dimension"),
    ],
)
def test_a_manifest_that_does_not_fit(
    made: tuple[Path, Exported, Path], tmp_path: Path, manifest: dict[str, Any], words: str
) -> None:
    refused(packed(tmp_path / "made.zip", unpacked(made[0]), **manifest), tmp_path / "new", words)


def test_a_checksum_that_does_not_fit(made: tuple[Path, Exported, Path], tmp_path: Path) -> None:
    members = unpacked(made[0])
    members["documents.jsonl"] = members["documents.jsonl"].replace(b"Kota 7", b"Kota 8")
    refused(packed(tmp_path / "made.zip", members, signed=False), tmp_path / "new", "checksum")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_twice_and_a_part_too_large(made: tuple[Path, Exported, Path], tmp_path: Path) -> None:
    members = unpacked(made[0])
    path = packed(tmp_path / "made.zip", members)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("documents.jsonl", members["documents.jsonl"])
    refused(path, tmp_path / "new", "part twice")
    members["documents.jsonl"] += b" " * 50_000_000
    refused(packed(tmp_path / "bomb.zip", members, signed=False), tmp_path / "new", "sizes")


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", b"\x1f\x8b\x08\x00"])
def test_a_file_that_is_no_export(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    refused(tmp_path / "x.zip", tmp_path / "new", "no .zip file")
    refused(tmp_path / "not-there.zip", tmp_path / "new", "There is no file")
    refused(tmp_path, tmp_path / "new", "cannot be read")


def test_a_corpus_that_needs_mending_is_not_exported(made: tuple[Path, Exported, Path], tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "corpus", HashingEmbedder()) as corpus:
        corpus.add(notes(5))
        spoil(corpus, passages(corpus)[2], drop=True)
        with pytest.raises(CorpusError, match=r"has no vector.*doctor --repair"):
            export(corpus, tmp_path / "out.zip")
        for name in ("out.tar.gz", "nowhere/out.zip"):
            with pytest.raises(InputError):
                export(corpus, tmp_path / name)
    assert not list(tmp_path.glob("*out*")) and not list(tmp_path.glob(".*"))


def test_an_empty_corpus_there_and_back(tmp_path: Path) -> None:
    with Corpus.create(tmp_path / "empty", HashingEmbedder()) as corpus:
        done = export(corpus, tmp_path / "out.zip")
    assert restore(tmp_path / "out.zip", tmp_path / "new", HashingEmbedder()).snapshot == done.manifest.snapshot


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from fakes_embedder import HashingEmbedder
from factcheck.care.restore import restore
def stop(done, total):
    if done >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
restore(Path(sys.argv[1]), Path(sys.argv[2]), HashingEmbedder(), on_progress=stop)
"""


def test_killed_and_started_again_it_goes_on(made: tuple[Path, Exported, Path], tmp_path: Path) -> None:
    path, done, _ = made
    command = [sys.executable, "-c", KILLED, str(path), str(tmp_path / "new"), "64", str(HERE)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with Corpus.open(tmp_path / "new", HashingEmbedder()) as corpus:
        assert "unfinished import" in [trouble.name for trouble in examine(corpus).faults]
        assert 0 < corpus.info().documents < 131
    imported = restore(path, tmp_path / "new", HashingEmbedder())
    assert imported.unchanged >= 64 and imported.snapshot == done.manifest.snapshot and imported.same
    with Corpus.open(tmp_path / "new", HashingEmbedder()) as corpus:
        assert examine(corpus).faults == ()
    with pytest.raises(CorpusError, match="not empty"):
        restore(path, tmp_path / "new", HashingEmbedder())
