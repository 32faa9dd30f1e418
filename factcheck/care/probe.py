"""Reading every vector of a Chroma directory in a process of its own: a damaged index can end the process that reads it
(measured: a segmentation fault on a truncated `data_level0.bin`).

    python -m factcheck.care.probe DIRECTORY

writes a JSON object a line as it goes, so that what was read before such an end is known.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from factcheck.vectors import VectorFiles, release, vector_files

_AT_ONCE = 2_000


class Probed(NamedTuple):
    """What a Chroma directory holds, as far as it could be read; `broken` says why no further."""

    broken: str | None
    names: frozenset[str] = frozenset()
    metadata: Mapping[str, Any] = {}
    """What is kept with the first collection."""
    claims: Mapping[str, Mapping[str, Any]] = {}
    """Every id of the second collection with what is kept beside it."""
    ids: frozenset[str] = frozenset()
    bad: tuple[str, ...] = ()
    """Ids of the first collection whose vector is zero, no number or of another length."""
    bad_claims: tuple[str, ...] = ()


def probe(directory: Path, passages: str, claims: str) -> Probed:
    """Reads everything in another process.

    Args:
        directory: Chroma's.
        passages: the first collection.
        claims: the second one.
    """
    home = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-m", "factcheck.care.probe", str(directory), passages, claims],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
    )
    read: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        try:
            read.update(json.loads(line))
        except ValueError:  # cut off where the process ended
            break
    broken = read.get("broken")
    if not read.get("end") and broken is None:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        broken = f"reading it ends the process: {last[:200] or f'exit code {done.returncode}'}"
    return Probed(
        broken=broken,
        names=frozenset(read.get("names", ())),
        metadata=read.get("metadata", {}),
        claims=read.get("claims", {}),
        ids=frozenset(read.get("ids", ())),
        bad=tuple(read.get("bad", ())),
        bad_claims=tuple(read.get("bad_claims", ())),
    )


def _read(files: VectorFiles, passages: str, claims: str) -> Iterator[dict[str, Any]]:
    names = files.names(0)
    yield {"names": sorted(names)}
    if {passages, claims} <= names:
        kept = dict(files.metadata(passages, 0))
        yield {"metadata": kept}
        found = files.entries(claims, 0)
        yield {"claims": {key: dict(value or {}) for key, value in found.items()}}
        ids = sorted(files.ids(passages, 0))
        yield {"ids": ids}
        yield {"bad": list(_bad(files, passages, ids, kept.get("dimension")))}
        yield {"bad_claims": list(_bad(files, claims, sorted(found), kept.get("dimension")))}
    yield {"end": True}


def _bad(files: VectorFiles, collection: str, ids: list[str], dimension: object) -> Iterator[str]:
    """Ids of vectors that nothing can be near to."""
    for i in range(0, len(ids), _AT_ONCE):
        part = ids[i : i + _AT_ONCE]
        found = files.vectors(collection, part, 0)
        for key in part:
            vector = found.get(key)
            if vector is None or len(vector) != dimension or not np.isfinite(vector).all() or not vector.any():
                yield key


def main(directory: str, passages: str, claims: str) -> None:
    """Writes what there is to stdout."""
    files = vector_files(Path(directory))
    files.careful = False
    try:
        for found in _read(files, passages, claims):
            print(json.dumps(found), flush=True)
    except Exception as error:  # Chroma's own errors, and whatever else it stumbles over in a damaged file
        print(json.dumps({"broken": " ".join(str(error.__cause__ or error).split())[:500]}), flush=True)
    finally:
        release(files)


if __name__ == "__main__":
    main(*sys.argv[1:])
