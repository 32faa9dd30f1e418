"""Asks prompts for the same rows, in rounds and within a time; it can be cut off and goes on.

For `llm_bench` and `query_bench`.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import Field

from factcheck.errors import JudgeError, LLMUnavailable
from factcheck.evals import verdicts
from factcheck.evals.datasets import load_dataset
from factcheck.evals.rows import Dataset, Row
from factcheck.llm import structured
from factcheck.queries import Expansion
from factcheck.resources import load_prompt
from factcheck.settings import Settings
from factcheck.types import LABELS, Assessment, Candidate, Claim, Label, Usage, Value
from factcheck.verify.chain import LLMJudge, shown

GIVE_UP = 3
"""After so many calls in a row without any answer the run stops; those rows are asked again the next time."""
TODAY = date(2026, 1, 1)
"""The day of a claim without one; a fixed one, since it stands in the prompt and so in the cache's key."""
SEED = "13"
PROMPTS = Path(__file__).parent / "prompts"

Say = Callable[[str], None]


class PlainReply(Value):
    """The label of the claim."""

    label: Label = Field(description=", ".join(LABELS[:-1]) + f" or {LABELS[-1]}")


Found = Assessment | Label | Expansion


class Answer(NamedTuple):
    """What a prompt brought for a row: findings, a label, or texts to search with; or why there is nothing."""

    found: Found | JudgeError
    seconds: float
    tokens: int


Answers = dict[tuple[str, str], dict[str, Answer]]
"""For each set and prompt the answers by row."""


class Cost(NamedTuple):
    """What the one paid call for a row took, and the sentence of its failure where it failed."""

    seconds: float
    tokens: int
    reason: str = ""


class Ledger:
    """The costs of the calls that were made, kept beside the cache of replies, which answers in no time."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._known = {key: Cost(*cost) for key, *cost in map(json.loads, lines)}

    def get(self, key: str) -> Cost | None:
        return self._known.get(key)

    def add(self, key: str, cost: Cost) -> None:
        with self._lock, self._path.open("a", encoding="utf-8") as out:
            self._known[key] = cost
            out.write(json.dumps([key, *cost]) + "\n")


class Prompting(NamedTuple):
    """A prompt of the comparison: how it is asked, and all that its answer depends on but the row."""

    name: str
    identity: str
    ask: Callable[[Claim, Sequence[Candidate]], tuple[Found, Usage]]
    prompts: dict[str, str]


class Bench(NamedTuple):
    """A set of rows to ask about, with what all of them share."""

    dataset: Dataset
    lifted: bool

    def of(self, row: Row) -> tuple[Claim, tuple[Candidate, ...]]:
        claim = verdicts.claim_of(row.question, TODAY)
        return claim, verdicts.given_candidates(row.question, claim, lift_time_rule=self.lifted)


def sample(rows: Sequence[Row], n: int) -> tuple[Row, ...]:
    """`n` rows, always the same ones, by label as often as in the set; so are the first k of them for any k."""
    by_label: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda r: hashlib.sha256(f"{SEED} {r.question.id}".encode()).digest()):
        if row.gold and row.gold.label:
            by_label.setdefault(row.gold.label, []).append(row)
    dealt = [((k + 0.5) / len(some), label, row) for label, some in by_label.items() for k, row in enumerate(some)]
    return tuple(row for _, _, row in sorted(dealt, key=lambda each: each[:2]))[:n]


def load_bench(directory: Path, name: str, rows: int) -> Bench:
    """The sample of a set."""
    dataset = load_dataset(directory / f"verdict_{name}.jsonl", "verdict")
    return Bench(dataset._replace(name=name, rows=sample(dataset.rows, rows)), not verdicts.dated(dataset, None))


def promptings(settings: Settings) -> tuple[Prompting, Prompting]:
    """The chain as the product has it, and the plain prompt, both by the settings' way of asking for a shape."""
    judge = LLMJudge(settings)
    plain = load_prompt("plain", PROMPTS, variables=("claim", "sources"), schema_name=PlainReply.__name__)
    label = structured(settings, PlainReply)

    def chain(claim: Claim, candidates: Sequence[Candidate]) -> tuple[Assessment, Usage]:
        found = judge.judge(claim, candidates)
        return found, found.usage

    def one_line(claim: Claim, candidates: Sequence[Candidate]) -> tuple[Label, Usage]:
        reply = label.invoke(plain.messages(**shown(claim, candidates)))
        return reply.value.label, reply.usage

    same = [settings.llm_model, settings.llm_structured_output, settings.llm_max_tokens, settings.llm_temperature]
    stamps = judge.prompts["verdict"], plain.stamp
    identities = [json.dumps([*same, stamp]) for stamp in stamps]
    return (
        Prompting("chain", identities[0], chain, dict(judge.prompts)),
        Prompting("plain", identities[1], one_line, {"plain": plain.stamp}),
    )


class Asker:
    """Asks row by row until the time is up or the server is gone.

    Args:
        ledger: what calls cost that were made before; a row in it is answered from the cache whatever the time.
        late: whether the time is up.
    """

    def __init__(self, ledger: Ledger, late: Callable[[], bool]) -> None:
        self.gone: str | None = None
        self._ledger, self._late = ledger, late
        self._open: dict[str, tuple[Cost, tuple[str, str, str]]] = {}
        """Calls without any answer since the last answer: rows that failed, or a server that is gone."""
        self._lock = threading.Lock()

    def ask(self, prompting: Prompting, bench: Bench, row: Row) -> Answer | None:
        """The answer for a row, None where it was not asked."""
        key = f"{prompting.identity} {bench.dataset.digest[:16]} {row.question.id}"
        cost = self._ledger.get(key)
        if cost is not None and cost.reason:
            return Answer(JudgeError(cost.reason), cost.seconds, cost.tokens)
        if cost is None and (self._late() or self.gone):
            return None
        began = time.perf_counter()
        found: Found | JudgeError
        try:
            found, usage = prompting.ask(*bench.of(row))
        except LLMUnavailable as error:
            cost = Cost(round(time.perf_counter() - began, 3), 0, str(error))
            return self._unanswered(key, cost, (bench.dataset.name, prompting.name, row.question.id))
        except JudgeError as error:
            found, usage = error, error.usage or Usage()
        self._settle()
        if cost is None:
            reason = str(found) if isinstance(found, JudgeError) else ""
            spent = usage.prompt_tokens + usage.completion_tokens + usage.cached_tokens
            cost = Cost(round(time.perf_counter() - began, 3), spent, reason)
            self._ledger.add(key, cost)
        return Answer(found, cost.seconds, cost.tokens)

    def finish(self, answers: Answers) -> None:
        """Takes out the rows that were not answered because the server was gone; others without an answer failed."""
        if self.gone is None:
            self._settle()
        for _, (name, prompt, row) in self._open.values():
            answers[name, prompt].pop(row, None)

    def _settle(self) -> None:
        with self._lock:
            failed, self._open = self._open, {}
        for key, (cost, _) in failed.items():
            self._ledger.add(key, cost)

    def _unanswered(self, key: str, cost: Cost, place: tuple[str, str, str]) -> Answer | None:
        with self._lock:
            self._open[key] = cost, place
            if len(self._open) >= GIVE_UP:
                self.gone = cost.reason
            return None if self.gone else Answer(LLMUnavailable(cost.reason), cost.seconds, 0)


def ask_all(
    benches: Sequence[Bench], prompts: Sequence[Prompting], asker: Asker, workers: int, block: int, say: Say
) -> Answers:
    """Answers in rounds: a block of every set with one prompt, then with the other."""
    answers: Answers = {(b.dataset.name, p.name): {} for b in benches for p in prompts}
    rounds = range(0, max(len(b.dataset.rows) for b in benches), block)
    pool = ThreadPoolExecutor(workers)
    try:
        for (number, start), prompting, bench in product(enumerate(rounds, start=1), prompts, benches):
            rows = bench.dataset.rows[start : start + block]
            made = list(pool.map(partial(asker.ask, prompting, bench), rows))
            got = {r.question.id: a for r, a in zip(rows, made, strict=True) if a is not None}
            answers[bench.dataset.name, prompting.name].update(got)
            if rows:
                say(f"round {number}/{len(rounds)} {prompting.name} {bench.dataset.name}: {_block(got, rows)}")
    finally:
        pool.shutdown(cancel_futures=True)
    asker.finish(answers)
    return answers


def _block(got: Mapping[str, Answer], rows: Sequence[Row]) -> str:
    failed = sum(isinstance(a.found, JudgeError) for a in got.values())
    pace = f", {np.mean([a.seconds for a in got.values()]):.1f} s a row" if got else ""
    return f"{len(got)} of {len(rows)} rows, {failed} failed{pace}"
