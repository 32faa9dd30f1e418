"""The service as a process of its own for tests: `python serve_fake.py HOME SECONDS [PORT]`.

Every part is real but the extractor (a sentence is a claim), the embedder (words) and the judge: that takes SECONDS for
a claim, and writes each that it judged to the file `judged` of HOME.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import fakes
import fakes_engine

from factcheck.engine import Engine
from factcheck.index import Corpus
from factcheck.service import serve
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Claim


class SlowJudge(fakes.ScriptedJudge):
    """Supports a claim by the first passage, after a while."""

    def __init__(self, home: Path, seconds: float) -> None:
        super().__init__()
        self._judged, self._seconds = home / "judged", seconds

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        with self._judged.open("a", encoding="utf-8") as file:
            file.write(claim.text + "\n")
        time.sleep(self._seconds)
        return Assessment(findings=(fakes.finding(candidates[0], "supports"),) if candidates else ())


def main(home: Path, seconds: float, port: int) -> None:
    """Serves until it is told to stop."""

    def build(settings: Settings, note: Callable[[str], None] | None = None) -> Engine:
        corpus = Corpus.open_or_create(home / "corpus", fakes_engine.WordEmbedder())
        corpus.add(tuple(fakes_engine.DOCUMENTS.values()))
        return Engine(
            settings=settings, corpus=corpus, extractor=fakes.SentenceExtractor(), judge=SlowJudge(home, seconds)
        )

    serve(Settings.load(home=home), "127.0.0.1", port, build=build)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
