"""A corpus as one file: a .zip that says what must be in it, and the writing of one.

    documents.jsonl   a document a line, by id
    passages.jsonl    id, document_id, start, end, ordinal a line, by document and place; their text is the document's
    vectors.npy       float32, a row for each line of passages.jsonl
    claims.jsonl      id and what is kept of each claim checked before, a line, by id
    claims.npy        float32, a row for each line of claims.jsonl
    manifest.json     format, model, snapshot, counts, and size and SHA-256 of each of the others

The same corpus gives the same bytes: order, times and names inside are fixed.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field, NonNegativeInt

from factcheck import __version__
from factcheck.errors import CorpusError, InputError
from factcheck.types import Value

if TYPE_CHECKING:
    from factcheck.index import Corpus, Inside
    from factcheck.types import Passage

FORMAT: Literal["factcheck-corpus"] = "factcheck-corpus"
VERSION: Literal[1] = 1
MANIFEST = "manifest.json"
DOCUMENTS, PASSAGES, VECTORS, CLAIMS, CLAIM_VECTORS = MEMBERS = (
    "documents.jsonl",
    "passages.jsonl",
    "vectors.npy",
    "claims.jsonl",
    "claims.npy",
)

_AT_ONCE = 1_000
_THEN = (1980, 1, 1, 0, 0, 0)


class Member(Value):
    """What one part of an export must be."""

    bytes: NonNegativeInt
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Counts(Value):
    """How much an export holds."""

    documents: NonNegativeInt
    passages: NonNegativeInt
    claims: NonNegativeInt


class Manifest(Value):
    """What an export holds and how to know that it is whole."""

    format: Literal["factcheck-corpus"] = FORMAT
    version: Literal[1] = VERSION
    factcheck: str = __version__
    """The version that wrote it."""
    snapshot: str
    model: Mapping[str, str | int]
    """The model, revision, dimension, prefix scheme and layout that the vectors were made with."""
    counts: Counts
    members: Mapping[str, Member]


class Exported(NamedTuple):
    """An export that was written."""

    manifest: Manifest
    sha256: str
    """Of the whole file."""
    bytes: int


def export(corpus: Corpus, target: Path) -> Exported:
    """Writes the whole corpus, documents, vectors and checked claims, to one file; whole or not at all.

    Raises:
        CorpusError: the corpus needs mending first, or was written to meanwhile.
        InputError: the file cannot be written, or its name does not end in `.zip`.
    """
    if target.suffix.lower() != ".zip":
        raise InputError(f"An export is a .zip file; call it {target.name}.zip, say, instead of {target.name}.")
    if target.is_dir() or not target.parent.is_dir():
        raise InputError(f"No file can be written at {target}. Name a file in a directory that there is.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            manifest = _write(corpus, part)
            with part.open("rb+") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
                os.fsync(written.fileno())
            size = part.stat().st_size
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"The export could not be written to {target}: {error.strerror or error}.") from error
    return Exported(manifest, digest, size)


def _write(corpus: Corpus, path: Path) -> Manifest:
    inside, snapshot = corpus.inside(), corpus.snapshot
    members: dict[str, Member] = {}
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        with _member(archive, DOCUMENTS, members) as out:
            documents = sum(out.row(document.model_dump(exclude_none=True)) for document in inside.store.documents())
        ids: list[str] = []
        with _member(archive, PASSAGES, members) as out:
            for passage in _passages(inside):
                out.row(passage.model_dump(exclude={"text"}))
                ids.append(passage.id)
        with _member(archive, VECTORS, members, packed=False) as out:
            _vectors(inside, inside.passages, ids, out)
        claims = dict(sorted(inside.vectors.entries(inside.claims, inside.generation).items()))
        with _member(archive, CLAIMS, members) as out:
            for key, kept in claims.items():
                out.row({"id": key, "kept": dict(sorted(kept.items()))})
        with _member(archive, CLAIM_VECTORS, members, packed=False) as out:
            _vectors(inside, inside.claims, list(claims), out)
        if corpus.snapshot != snapshot:
            raise CorpusError(
                f"The corpus at {corpus.directory} was written to while it was being exported. Export it again."
            )
        manifest = Manifest(
            snapshot=snapshot,
            model=inside.model,
            counts=Counts(documents=documents, passages=len(ids), claims=len(claims)),
            members=members,
        )
        archive.writestr(_info(MANIFEST), json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True))
    return manifest


def _passages(inside: Inside) -> Iterator[Passage]:
    """Every passage, found to be at its place."""
    for document in inside.store.documents():
        try:
            cut = inside.store.passages_of(document.id)
        except ValueError:
            cut = ()
        if (not cut and document.text.strip()) or any(document.text[p.start : p.end] != p.text for p in cut):
            raise _unfit(f"the passages of document {document.id} are not at their places")
        yield from cut


def _vectors(inside: Inside, collection: str, ids: list[str], out: _Out) -> None:
    dimension = int(inside.model["dimension"])
    header = {"descr": "<f4", "fortran_order": False, "shape": (len(ids), dimension)}
    np.lib.format.write_array_header_1_0(out, header)
    for i in range(0, len(ids), _AT_ONCE):
        part = ids[i : i + _AT_ONCE]
        found = inside.vectors.vectors(collection, part, inside.generation)
        if lacking := [key for key in part if key not in found]:
            raise _unfit(f"{lacking[0]} has no vector")
        stacked = np.stack([found[key] for key in part]).astype("<f4", copy=False)
        if stacked.shape[1] != dimension or not np.isfinite(stacked).all() or not stacked.any(axis=1).all():
            raise _unfit("some vectors are damaged")
        out.write(stacked.tobytes())


def _unfit(what: str) -> CorpusError:
    return CorpusError(
        f"The corpus cannot be exported as it is: {what}. Mend it first: factcheck corpus doctor --repair"
    )


class _Out:
    """A member being written, and its digest."""

    def __init__(self, file: Any) -> None:
        self._file, self._digest, self._bytes = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self._bytes += len(data)
        self._file.write(data)
        return len(data)

    def row(self, fields: Mapping[str, Any]) -> int:
        """A line of JSON; returns 1, to be counted."""
        self.write((json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n").encode())
        return 1

    def member(self) -> Member:
        return Member(bytes=self._bytes, sha256=self._digest.hexdigest())


@contextmanager
def _member(archive: zipfile.ZipFile, name: str, members: dict[str, Member], *, packed: bool = True) -> Iterator[_Out]:
    with archive.open(_info(name, packed=packed), "w", force_zip64=True) as file:
        out = _Out(file)
        yield out
    members[name] = out.member()


def _info(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _THEN)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info
