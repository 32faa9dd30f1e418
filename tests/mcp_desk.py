"""An MCP server over notes that a test can see through, for a process of its own: `python mcp_desk.py HOME [broken]`.

Its judge prints to standard output, in Python and past it, as a careless library would.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import fakes

from factcheck.engine import Engine
from factcheck.errors import CorpusMissing, LLMUnavailable
from factcheck.mcp import serve
from factcheck.store import RunStore
from factcheck.types import Assessment, Candidate, Claim

NOTES = (
    fakes.document("Putin landed in Pyongyang early on Wednesday. Kim met him.", publisher="A", title="A visit"),
    fakes.document("Putin went on to Hanoi.", publisher="B", published="2024-07-03"),
)


def _loudly(claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
    print("A library talks.")
    os.write(1, b"A library writes.\n")
    if "slow" in claim.text:
        time.sleep(0.3)
    if "gone" in claim.text:
        raise LLMUnavailable("The endpoint gave no answer within 120 seconds.")
    words = "Putin landed in Pyongyang early on Wednesday."
    found = [fakes.finding(c, "supports", words) for c in candidates if words in c.passage.text]
    return Assessment(findings=tuple(found))


def _engine() -> Engine:
    home = Path(sys.argv[1])
    if sys.argv[2:] == ["broken"]:
        raise CorpusMissing("There is no corpus here. Add documents with `factcheck corpus add PATH`.")
    corpus = fakes.make_corpus(home / "notes", *NOTES)
    corpus.remember("run-before", fakes.AS_OF, [fakes.result(fakes.claim(), "not_enough_evidence")])
    return fakes.make_engine(corpus, fakes.ScriptedJudge({}, _loudly), store=RunStore(home / "runs.sqlite3"))


if __name__ == "__main__":
    serve(_engine)
