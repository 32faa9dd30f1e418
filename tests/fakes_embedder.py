"""An embedder for tests: deterministic, needs no model, and implements the interface of the real one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from factcheck.embed import Vectors


class HashingEmbedder:
    """Texts as bags of character trigrams, hashed into a vector: texts that share words lie near each other.

    Args:
        name: what a corpus records as its model.
        revision: and as its revision.
        dimension: length of a vector.
        before: called with the texts before each batch of passages, to count them or to fail.
    """

    def __init__(
        self,
        name: str = "hashing",
        revision: str = "1",
        dimension: int = 256,
        before: Callable[[Sequence[str]], None] | None = None,
    ) -> None:
        self.name = name
        self.revision = revision
        self.dimension = dimension
        self.scheme = "trigrams"
        self._before = before

    def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """See `factcheck.embed.Embedder.passages`."""
        if self._before:
            self._before(texts)
        return self._vectors(texts, languages)

    def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """See `factcheck.embed.Embedder.queries`."""
        return self._vectors(texts, languages)

    def _vectors(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        if len(texts) != len(languages):
            raise ValueError("a language for each text")
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            padded = f"  {text.casefold()} "
            for i in range(len(padded) - 2):
                digest = hashlib.blake2b(padded[i : i + 3].encode("utf-8", "surrogatepass"), digest_size=8).digest()
                sign = 1.0 if digest[7] % 2 else -1.0
                vectors[row, int.from_bytes(digest[:4], "big") % self.dimension] += sign
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


class SociableEmbedder(HashingEmbedder):
    """The same, but the vector of a query depends on what it is embedded together with, as in bfloat16 it does."""

    def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """See `factcheck.embed.Embedder.queries`."""
        vectors = self._vectors(texts, languages)
        vectors[:, sum(map(len, texts)) % self.dimension] += 0.1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
