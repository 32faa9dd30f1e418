"""A small evaluation run, made up: rows of gold and what a system said of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from factcheck.evals.outcomes import outcomes
from factcheck.evals.record import Record, failures
from factcheck.evals.rows import Gold, Prediction, Question, Row
from factcheck.evals.scoring import score
from factcheck.types import LABELS


def verdict_rows(n: int = 60) -> list[Row]:
    """Rows with the four labels in turn, half of them with a negation."""
    return [
        Row(
            Question(id=f"r{i}", text=f"The bridge is {'not ' if i % 2 else ''}open.", language="en"),
            Gold(label=LABELS[i % 4], doc_ids=(f"d{i}",)),
        )
        for i in range(n)
    ]


def verdicts(rows: list[Row], seed: int = 1, right: float = 0.7, lost: int = 3) -> list[Prediction]:
    """What a system might say: right so often, unsure where wrong; the first `lost` rows without an answer."""
    draw = random.Random(seed)
    said = []
    for place, (question, gold) in enumerate(rows):
        assert gold is not None
        if place < lost:
            reason = "No answer within 120 s."
            said.append(Prediction(id=question.id, task="verdict", status="not_checked", reason=reason))
            continue
        hit = draw.random() < right
        label = gold.label if hit else draw.choice([x for x in LABELS if x != gold.label])
        sure = draw.uniform(0.6, 1.0) if hit else draw.uniform(0.3, 0.8)
        given = {x: sure if x == label else (1 - sure) / 3 for x in LABELS}
        said.append(
            Prediction.model_validate(
                {"id": question.id, "task": "verdict", "label": label, "confidence": sure, "probabilities": given,
                 "retrieved": ("x", f"d{place}"), "seconds": draw.uniform(0.5, 2), "tokens": 100 + place}
            )
        )  # fmt: skip
    return said


def record(rows: list[Row], said: list[Prediction], **fields: object) -> Record:
    """The record of such a run."""
    found = outcomes("verdict", rows, said)
    return Record.model_validate(
        {
            "dataset": "bridges",
            "digest": "ab" * 32,
            "task": "verdict",
            "n": len(rows),
            "mode": "offline",
            "evidence": "given",
            "models": {"verifier": "verifier 0.2"},
            "version": "0.1.0",
            "started": datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
            "seconds": 12.5,
            "scores": score("verdict", found),
            "failures": failures(said),
            "outcomes": found,
            **fields,
        }
    )
