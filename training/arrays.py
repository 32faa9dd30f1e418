"""Training rows as arrays, small enough to travel to a GPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Prepared(NamedTuple):
    """Encoded rows: row `i` has the tokens `ids[ends[i-1]:ends[i]]`, renumbered into `words` (4-bit vectors)."""

    ids: NDArray[np.integer[Any]]
    marks: NDArray[np.uint8]
    ends: NDArray[np.int64]
    labels: NDArray[np.uint8]
    slices: NDArray[np.uint8]
    names: NDArray[np.str_]
    held_out: NDArray[np.bool_]
    words: NDArray[np.uint8]

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(path, **self._asdict())

    @classmethod
    def load(cls, path: Path) -> Prepared:
        """Read what `save` wrote."""
        with np.load(path) as file:
            return cls(**{name: file[name] for name in cls._fields})
