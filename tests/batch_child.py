"""A batch in a process of its own, for tests that kill it: batch_child.py SOURCE OUT CORPUS LOG SECONDS MODE.

Its judge takes SECONDS for a claim and writes the claim to LOG when it begins with it, as an endpoint writes its bill.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import fakes
from fakes_batch import HashedEntailment
from fakes_embedder import HashingEmbedder

from factcheck.batches import Plan, batch
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Claim
from factcheck.verify.offline import OfflineJudge


def main() -> None:
    """Runs it, resuming what is there."""
    source, output, corpus, log, seconds, mode = sys.argv[1:7]
    bill = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    offline = OfflineJudge(HashedEntailment(), fakes.plain_head())

    def paid(claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        os.write(bill, (claim.text + "\n").encode())
        time.sleep(float(seconds))
        return offline.judge(claim, candidates)

    settings = Settings.load(llm_model="scripted" if mode == "llm" else None, llm_concurrency=4)
    with Corpus.open(Path(corpus), HashingEmbedder()) as opened:
        engine = fakes.make_engine(opened, fakes.ScriptedJudge(default=paid), settings=settings)
        batch(Path(source), Path(output), settings, engine=engine, plan=Plan(resume=True))


if __name__ == "__main__":
    main()
