"""Reading an export: what it says of itself, whether it is whole, and what it holds, row by row.

Nothing is unpacked to disk and nothing in it is trusted: every size, checksum, offset and value is checked as it is
read, and a file that is not what `archive.export` writes is refused with a sentence.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt, ValidationError

from factcheck.care.archive import (
    CLAIM_VECTORS,
    CLAIMS,
    DOCUMENTS,
    FORMAT,
    MANIFEST,
    MEMBERS,
    PASSAGES,
    VECTORS,
    VERSION,
    Manifest,
)
from factcheck.corpus import content_hash
from factcheck.errors import InputError
from factcheck.index import Embedded
from factcheck.types import Document, Passage, Value, content_id

MAX_ROW_BYTES = 200_000_000
MAX_MANIFEST_BYTES = 1_000_000
MAX_KEPT_CHARS = 100_000
"""Longest value that is kept beside a claim."""
MAX_ID_CHARS = 1_000

_CHUNK = 1 << 20
_AT_ONCE = 64


class KeptClaim(Value):
    """A claim checked before as an export carries it."""

    id: str = Field(min_length=1, max_length=MAX_ID_CHARS)
    kept: dict[str, str | int]


class _Place(Value):
    """A line of passages.jsonl."""

    id: str
    document_id: str
    start: NonNegativeInt
    end: NonNegativeInt
    ordinal: NonNegativeInt


class Claims(NamedTuple):
    """Some claims with a vector for each."""

    kept: dict[str, dict[str, str | int]]
    vectors: NDArray[np.float32]


class Contents:
    """An export that is open for reading. Get one from `opened`."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self.name = archive, name
        self.manifest = self._manifest()

    def check(self) -> None:
        """Reads everything twice: first for the checksums, then for what it says.

        Raises:
            InputError: a part is damaged, or says what cannot be.
        """
        for name in MEMBERS:
            self._check_member(name)
        counts, digest = self.manifest.counts, hashlib.sha256()
        documents = passages = 0
        for batch in self.batches():
            documents, passages = documents + len(batch.documents), passages + len(batch.passages)
            for document in batch.documents:
                digest.update(f"{document.id}\x1f{content_hash(document)}\x1e".encode())
        claims = sum(len(some.kept) for some in self.claims())
        if (documents, passages, claims) != (counts.documents, counts.passages, counts.claims):
            raise self._wrong("it holds more or less than its manifest counts")
        if f"corpus-{digest.hexdigest()[:16]}" != self.manifest.snapshot:
            raise self._wrong("its documents are not those of its snapshot")

    def documents(self) -> Iterator[Document]:
        """The documents by their ids."""
        last = ""
        for number, fields in self._rows(DOCUMENTS):
            where = f"line {number} of {DOCUMENTS}"
            try:
                document = Document.model_validate(fields)
                for value in fields.values():
                    str(value).encode()
            except (ValidationError, UnicodeEncodeError) as error:
                raise self._wrong(f"{where} is no document ({_first(error)})") from error
            if not last < document.id or len(document.id) > MAX_ID_CHARS:
                raise self._wrong(f"{where} is out of order")
            last = document.id
            yield document

    def batches(self) -> Iterator[Embedded]:
        """The documents with their passages and vectors, some at a time."""
        places = groupby(self._places(), key=lambda place: place.document_id)
        owner, cut = next(places, (None, iter(())))
        documents = self.documents()
        with self._matrix(VECTORS, self.manifest.counts.passages) as rows:
            while some := list(islice(documents, _AT_ONCE)):
                passages: list[Passage] = []
                for document in some:
                    if owner == document.id:
                        passages += self._cut(document, cut)
                        owner, cut = next(places, (None, iter(())))
                    elif document.text.strip():
                        raise self._wrong(f"document {document.id} has no passages")
                yield Embedded(tuple(some), tuple(passages), rows(len(passages)))
            if owner is not None:
                raise self._wrong("it holds passages of a document that is not in it")

    def claims(self) -> Iterator[Claims]:
        """The claims checked before, some at a time."""
        rows_of_claims, last = self._rows(CLAIMS), ""
        with self._matrix(CLAIM_VECTORS, self.manifest.counts.claims) as rows:
            while some := list(islice(rows_of_claims, _AT_ONCE)):
                kept: dict[str, dict[str, str | int]] = {}
                for number, fields in some:
                    claim = self._claim(fields, f"line {number} of {CLAIMS}")
                    if not last < claim.id:
                        raise self._wrong(f"line {number} of {CLAIMS} is out of order")
                    last = claim.id
                    kept[claim.id] = claim.kept
                yield Claims(kept, rows(len(kept)))

    def _claim(self, fields: dict[str, Any], where: str) -> KeptClaim:
        from factcheck.checked import checked_of

        try:
            claim = KeptClaim.model_validate(fields)
            for name, value in claim.kept.items():
                f"{name}{value}".encode()
                if len(str(value)) > MAX_KEPT_CHARS:
                    raise ValueError(f"{name} is too long")
            if not checked_of(claim.id, claim.kept).text.strip():
                raise ValueError("it has no text")
        except (ValueError, KeyError, TypeError) as error:
            raise self._wrong(f"{where} is no claim ({_first(error)})") from error
        return claim

    def _cut(self, document: Document, places: Iterator[_Place]) -> Iterator[Passage]:
        for ordinal, place in enumerate(places):
            known = content_id("p", document.id, str(place.start), str(place.end)) == place.id
            if not known or place.ordinal != ordinal or not place.start < place.end <= len(document.text):
                raise self._wrong(f"passage {place.id[:80]} is not at its place in document {document.id}")
            text = document.text[place.start : place.end]
            yield Passage(**place.model_dump(), text=text)

    def _places(self) -> Iterator[_Place]:
        for number, fields in self._rows(PASSAGES):
            try:
                yield _Place.model_validate(fields)
            except ValidationError as error:
                raise self._wrong(f"line {number} of {PASSAGES} is no passage ({_first(error)})") from error

    def _rows(self, member: str) -> Iterator[tuple[int, dict[str, Any]]]:
        with self._open(member) as file:
            number = 0
            while line := file.readline(MAX_ROW_BYTES):
                number += 1
                try:
                    if not line.endswith(b"\n"):
                        raise ValueError("it is cut off, or too long")
                    fields = json.loads(line)
                    if not isinstance(fields, dict):
                        raise ValueError("it is no object")
                except (ValueError, RecursionError) as error:
                    raise self._wrong(f"line {number} of {member} cannot be read ({_first(error)})") from error
                yield number, fields

    @contextmanager
    def _matrix(self, member: str, count: int) -> Iterator[Any]:
        """A function that gives the next so many rows of a file of float32 vectors."""
        width = int(self.manifest.model["dimension"])
        with self._open(member) as file:
            try:
                version = np.lib.format.read_magic(file)
                shape, fortran, kind = np.lib.format.read_array_header_1_0(file)
            except ValueError as error:
                raise self._wrong(f"{member} is no file of vectors") from error
            if version != (1, 0) or shape != (count, width) or fortran or kind != np.dtype("<f4"):
                raise self._wrong(f"{member} does not hold {count} vectors of {width} numbers")

            def rows(many: int) -> NDArray[np.float32]:
                data = file.read(many * width * 4)
                if len(data) != many * width * 4:
                    raise self._wrong(f"{member} is too short")
                vectors = np.frombuffer(data, "<f4").reshape(many, width)
                if not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
                    raise self._wrong(f"{member} holds vectors that are none")
                return vectors.astype(np.float32, copy=False)

            yield rows

    def _manifest(self) -> Manifest:
        infos = self._archive.infolist()
        names = [info.filename for info in infos]
        if MANIFEST not in names:
            raise self._wrong("there is no manifest in it")
        if sorted(names) != sorted((MANIFEST, *MEMBERS)):
            odd = sorted(set(names) - {MANIFEST, *MEMBERS}) or ["a part twice, or one less"]
            raise self._wrong(f"it holds what no export holds ({odd[0][:80]!r})")
        if any(info.flag_bits & 1 or info.compress_type not in (0, 8) for info in infos):
            raise self._wrong("it is packed in a way that no export is")
        if self._archive.getinfo(MANIFEST).file_size > MAX_MANIFEST_BYTES:
            raise self._wrong("its manifest is too large")
        with self._open(MANIFEST) as file:
            said = file.read(MAX_MANIFEST_BYTES + 1)
        try:
            fields = json.loads(said)
            if isinstance(fields, dict) and fields.get("format") == FORMAT and fields.get("version", 0) > VERSION:
                raise InputError(f"{self.name} was written by a later version of factcheck. Upgrade this one.")
            manifest = Manifest.model_validate(fields)
        except (ValueError, TypeError, RecursionError) as error:
            raise self._wrong(f"its manifest cannot be read ({_first(error)})") from error
        sizes = {info.filename: info.file_size for info in infos if info.filename != MANIFEST}
        if {name: member.bytes for name, member in manifest.members.items()} != sizes:
            raise self._wrong("its parts are not of the sizes that its manifest names")
        width = manifest.model.get("dimension")
        if not isinstance(width, int) or not 0 < width <= 100_000:
            raise self._wrong("its manifest names no dimension of its vectors")
        return manifest

    def _check_member(self, name: str) -> None:
        digest = hashlib.sha256()
        with self._open(name) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != self.manifest.members[name].sha256:
            raise self._wrong(f"{name} does not have the checksum that its manifest names")

    @contextmanager
    def _open(self, member: str) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(member) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise self._wrong(f"{member} is damaged ({_first(error)})") from error

    def _wrong(self, what: str) -> InputError:
        return InputError(
            f"{self.name} cannot be imported: {what}. Nothing was written. Copy or export it again; an export is made"
            " with factcheck corpus export FILE."
        )


@contextmanager
def opened(path: Path) -> Iterator[Contents]:
    """An export, of which only the manifest has been checked so far.

    Raises:
        InputError: there is no such file, or it is no export.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    with file:  # Ours to close: a ZipFile would wait for every reader of a member that an error left standing.
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise InputError(
                f"{path.name} cannot be imported: it is no .zip file, or it is cut off. Nothing was written."
                " Copy it again."
            ) from error
        yield Contents(archive, path.name)


def _first(error: BaseException) -> str:
    """The first thing that was wrong, in one line."""
    if isinstance(error, ValidationError):
        wrong = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in wrong['loc'])[:80]}: {wrong['msg'][:160]}"
    return " ".join(str(error).split())[:200]
