"""Doubles for tests of batches."""

from __future__ import annotations

import time
from collections.abc import Sequence

import fakes
import numpy as np
from fakes_embedder import SociableEmbedder
from numpy.typing import NDArray

from factcheck.engine import Engine
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Claim
from factcheck.verify.offline import OfflineJudge


class HashedEntailment:
    """A model whose row of a pair follows from the pair alone; it notes the pairs of each call."""

    name, revision = "hashed", "1"

    def __init__(self) -> None:
        self.calls: list[list[tuple[str, str]]] = []

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating]:
        self.calls.append(list(pairs))
        rows = []
        for claim, evidence in pairs:
            made = np.random.default_rng(sum(map(ord, claim)) * 7919 + sum(map(ord, evidence))).dirichlet([0.4] * 3)
            rows.append(made)
        return np.array(rows, np.float32).reshape(len(pairs), 3)


def build_fake(settings: Settings) -> Engine:
    """The engine of a worker in a test: hashed vectors, hashed verdicts, 20 ms a claim."""
    corpus = Corpus.open(settings.corpus or settings.home, SociableEmbedder())
    offline = OfflineJudge(HashedEntailment(), fakes.plain_head())

    def slowly(claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        time.sleep(0.02)
        return offline.judge(claim, candidates)

    return fakes.make_engine(corpus, fakes.ScriptedJudge(default=slowly), settings=settings)
