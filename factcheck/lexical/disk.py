"""The lexical index of a corpus on disk, in a directory for each content, mapped into memory.

    DIRECTORY/corpus-0123456789abcdef/manifest.json    the length and checksum of every other file
    DIRECTORY/corpus-0123456789abcdef/documents.json   documents with their content hashes
    DIRECTORY/corpus-0123456789abcdef/part-0/          one language: bm25s's files, ids, counts, lengths

An index is written under another name and then renamed, so that what stands under the name of a content is whole.
One that is damaged, or made by other rules, is as good as none.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import numpy as np

from factcheck.lexical.index import LexicalIndex, Part, part_of
from factcheck.lexical.postings import K1, B, Postings
from factcheck.lexical.words import scheme

FORMAT = 1
_MANIFEST, _DOCUMENTS = "manifest.json", "documents.json"
_CHUNK = 1 << 20
_log = logging.getLogger(__name__)

Condition = Literal["current", "stale", "missing", "damaged"]


def load(directory: Path, snapshot: str, layout: str) -> LexicalIndex | None:
    """The index of a content, or None if there is none that can be used.

    Args:
        directory: where the indexes of a corpus lie.
        snapshot: the content's id.
        layout: what of a passage is indexed.
    """
    place = directory / snapshot
    if not place.is_dir():
        return None
    try:
        return _loaded(place, layout)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        _log.warning("The word index %s cannot be used (%s); it is made again.", place, error)
        return None


def latest(directory: Path, layout: str) -> LexicalIndex | None:
    """The index of whatever content was written last, to go on from; None if none can be used."""
    found = sorted(_indexes(directory), key=lambda place: -place.stat().st_mtime)
    return next((index for place in found if (index := load(directory, place.name, layout))), None)


def save(index: LexicalIndex, directory: Path, snapshot: str, layout: str) -> bool:
    """Keep an index under its content's id, and let those of other contents go; False where nothing can be written."""
    new = directory / f".new-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        new.mkdir(parents=True)
        _write(index, new, layout)
        place = directory / snapshot
        if place.exists():
            shutil.rmtree(place)
        new.rename(place)
    except (OSError, ValueError) as error:
        _log.info("The word index is not kept in %s (%s).", directory, error)
        shutil.rmtree(new, ignore_errors=True)
        return False
    for other in _indexes(directory):
        if other.name != snapshot:
            shutil.rmtree(other, ignore_errors=True)  # Whoever has it mapped keeps what it has.
    return True


def condition(directory: Path, snapshot: str, layout: str) -> Condition:
    """How the index on disk stands to a content: anything but `current` is mended by the next search or write."""
    if (directory / snapshot).is_dir():
        return "current" if load(directory, snapshot, layout) is not None else "damaged"
    return "stale" if any(_indexes(directory)) else "missing"


def _indexes(directory: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from [place for place in directory.iterdir() if place.name.startswith("corpus-") and place.is_dir()]


def _rules(layout: str) -> dict[str, Any]:
    return {"format": FORMAT, "words": scheme(), "layout": layout, "k1": K1, "b": B}


def _write(index: LexicalIndex, place: Path, layout: str) -> None:
    (place / _DOCUMENTS).write_text(json.dumps(list(index.documents.items())), encoding="utf-8")
    languages = sorted(index.parts)
    for number, language in enumerate(languages):
        part, inside = index.parts[language], place / f"part-{number}"
        part.bm25.save(inside, show_progress=False)
        np.save(inside / "owners.npy", part.owners)
        np.save(inside / "counts.npy", part.postings.counts)
        np.save(inside / "lengths.npy", part.postings.lengths)
        (inside / "ids.json").write_text(json.dumps(part.ids), encoding="utf-8")
    files = {str(f.relative_to(place).as_posix()): _sum(f) for f in sorted(place.rglob("*")) if f.is_file()}
    manifest = {"rules": _rules(layout), "languages": languages, "files": files}
    (place / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _loaded(place: Path, layout: str) -> LexicalIndex:
    manifest = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
    if manifest["rules"] != _rules(layout):
        raise ValueError("it was made by another version of factcheck")
    for name, known in manifest["files"].items():
        if _sum(place / name) != known:
            raise ValueError(f"{name} is not as it was written")
    documents = dict(json.loads((place / _DOCUMENTS).read_text(encoding="utf-8")))
    parts = {language: _part(place / f"part-{n}") for n, language in enumerate(manifest["languages"])}
    return LexicalIndex.of(documents, parts)


def _part(place: Path) -> Part:
    import bm25s

    bm25 = bm25s.BM25.load(place, mmap=True, show_progress=False)
    # A plain array over the same mapped memory: numpy's memmap type costs a little with every slice.
    for name in ("data", "indices", "indptr"):
        bm25.scores[name] = np.asarray(bm25.scores[name])
    counts, lengths, owners = (
        np.asarray(np.load(place / f"{name}.npy", mmap_mode="r")) for name in ("counts", "lengths", "owners")
    )
    ids = json.loads((place / "ids.json").read_text(encoding="utf-8"))
    if not len(ids) == len(lengths) == len(owners) == bm25.scores["num_docs"]:
        raise ValueError("its files do not belong together")
    postings = Postings(bm25.vocab_dict, bm25.scores["indptr"], bm25.scores["indices"], counts, lengths)
    return part_of(ids, owners, postings, bm25)


def _sum(file: Path) -> list[int]:
    """Length and CRC-32: against damage, not against an enemy, who could write the corpus itself."""
    length = checksum = 0
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            length, checksum = length + len(chunk), zlib.crc32(chunk, checksum)
    return [length, checksum]
