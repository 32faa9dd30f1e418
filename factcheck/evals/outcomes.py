"""A prediction held against its gold: one small value a row, without any text.

The outcomes of a run are all that its scores, its plots and a comparison with another run need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from factcheck.errors import InputError
from factcheck.evals.claim_matching import matches
from factcheck.evals.metrics import brier, hit_at, ndcg_at, recall_at, reciprocal_rank_at
from factcheck.evals.rows import Gold, GoldClaim, Prediction, Question, Row, Task
from factcheck.evals.slicing import gold_slices, text_slices
from factcheck.types import LABELS, Status, Value

TASK_LABELS: Mapping[Task, tuple[str, ...]] = {"verdict": LABELS, "checkworthy": ("not_checkworthy", "checkworthy")}
"""The labels of the tasks that have some; of `checkworthy` the second is the positive one."""

RANKS = {"hit": hit_at, "recall": recall_at, "mrr": reciprocal_rank_at, "ndcg": ndcg_at}
RETRIEVAL = ("recall@1", "recall@5", "recall@10", "recall@20", "ndcg@10", "mrr@10")
MATCHING = ("hit@1", "hit@5", *RETRIEVAL)
FIRST = 5

Shares = dict[str, tuple[float, float]]


class Outcome(Value):
    """What came of one row."""

    id: str
    status: Status = "checked"
    gold: str | None = None
    predicted: str | None = None
    """None where the row was not checked, or its task has no labels."""
    correct: bool = False
    """The label is the gold one (verdict, checkworthy); the first document is a gold one (match)."""
    confidence: float | None = None
    score: float | None = None
    """How check-worthy the system finds the sentence (checkworthy)."""
    shares: Mapping[str, tuple[float, float]] = Field(default_factory=dict)
    """For each further measure what the row adds above and below the line: `recall@5` (0.5, 1), `quotes_valid` (3, 4).

    The measure of a set of rows is the sum above over the sum below.
    """
    slices: tuple[str, ...] = ()
    seconds: float = 0.0
    tokens: int = 0


class _Given(Value):
    """What the system gives at all, so that an empty answer counts as a miss only where there could have been one."""

    retrieved: bool
    spans: bool


def outcomes(task: Task, rows: Sequence[Row], predictions: Sequence[Prediction]) -> tuple[Outcome, ...]:
    """The outcome of every row that has the gold its task is scored by, in the order of the rows.

    A row whose prediction is `not_checked` is wrong: it has no label, found nothing and extracted nothing.

    Raises:
        InputError: two predictions have one id, a row has none, one is of no row, of another task or has a label
            of another task, or a ranking names a document twice.
    """
    by_id = _by_id(task, rows, predictions)
    given = _Given(
        retrieved=task == "match" or any(p.retrieved for p in predictions), spans=any(p.spans for p in predictions)
    )
    return tuple(
        _outcome(task, question, gold, by_id[question.id], given)
        for question, gold in rows
        if gold is not None and _can_be_scored(task, gold)
    )


def _can_be_scored(task: Task, gold: Gold) -> bool:
    if task in TASK_LABELS:
        return gold.label is not None
    return bool(gold.doc_ids) if task == "match" else bool(gold.claims or gold.exhaustive)


def _by_id(task: Task, rows: Sequence[Row], predictions: Sequence[Prediction]) -> dict[str, Prediction]:
    by_id = {prediction.id: prediction for prediction in predictions}
    known = {row.question.id for row in rows}
    missing = [row.question.id for row in rows if row.question.id not in by_id]
    if len(by_id) < len(predictions):
        twice = Counter(p.id for p in predictions).most_common(1)[0][0]
        raise InputError(f"Two predictions have the id {twice!r}. Keep one prediction for each row.")
    if missing:
        raise InputError(
            f"{len(missing)} of {len(rows)} rows have no prediction, the first is {missing[0]!r}. "
            "Give every row a prediction; one that could not be made has the status not_checked."
        )
    for prediction in predictions:
        if prediction.id not in known:
            raise InputError(f"The prediction {prediction.id!r} is of no row of this set. Take it out.")
        if prediction.task != task:
            raise InputError(f"The prediction {prediction.id!r} is of the task {prediction.task}, the set of {task}.")
        if task in TASK_LABELS and prediction.label not in (None, *TASK_LABELS[task]):
            raise InputError(
                f"The prediction {prediction.id!r} has the label {prediction.label!r}; a {task} is one of "
                f"{', '.join(TASK_LABELS[task])}."
            )
        if len(set(prediction.retrieved)) < len(prediction.retrieved):
            raise InputError(f"The prediction {prediction.id!r} ranks a document twice. Keep its best rank only.")
    return by_id


def _outcome(task: Task, question: Question, gold: Gold, prediction: Prediction, given: _Given) -> Outcome:
    checked = prediction.status == "checked"
    predicted = prediction.label if checked and task in TASK_LABELS else None
    first = prediction.retrieved[0] if checked and prediction.retrieved else None
    shares = dict(_shares(task, question, gold, prediction, given))
    return Outcome(
        id=question.id,
        status=prediction.status,
        gold=gold.label,
        predicted=predicted,
        correct=first in gold.doc_ids if task == "match" else predicted is not None and predicted == gold.label,
        confidence=_rounded(prediction.confidence) if predicted else None,
        score=_rounded(prediction.score) if checked else None,
        shares={name: (round(over, 6), round(under, 6)) for name, (over, under) in shares.items()},
        slices=(*text_slices(question), *gold_slices(gold)),
        seconds=round(prediction.seconds, 4),
        tokens=prediction.tokens,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _shares(
    task: Task, question: Question, gold: Gold, prediction: Prediction, given: _Given
) -> Iterator[tuple[str, tuple[float, float]]]:
    checked = prediction.status == "checked"
    if task in ("verdict", "match") and given.retrieved and gold.doc_ids:
        wanted, ranked = frozenset(gold.doc_ids), prediction.retrieved if checked else ()
        for name in MATCHING if task == "match" else RETRIEVAL:
            kind, _, k = name.partition("@")
            yield name, (RANKS[kind](ranked, wanted, int(k)), 1.0)
    if task == "verdict" and checked:
        yield from _verdict_shares(gold, prediction).items()
    if task == "extract":
        yield from _extract_shares(question, gold, prediction, given).items()


def _verdict_shares(gold: Gold, prediction: Prediction) -> Shares:
    """The Brier score, the quotes that are in their source, and the citations that annotators bear out.

    A used citation is right if the annotators' stance of its document is its own; where they gave the document no
    stance, if it is one of the gold documents. Rows for which annotators name no document at all are left out.
    """
    shares: Shares = {}
    if prediction.probabilities and gold.label:
        shares["brier"] = (brier(prediction.probabilities, gold.label), 1.0)
    quotes, used = prediction.evidence + prediction.shown, prediction.evidence
    if quotes:
        shares["quotes_valid"] = (sum(e.in_source for e in quotes), len(quotes))
    if used and (gold.stances or gold.doc_ids):
        right = sum(
            gold.stances[e.doc_id] == e.stance if e.doc_id in gold.stances else e.doc_id in gold.doc_ids for e in used
        )
        shares["citation_precision"] = (right, len(used))
    return shares


def _extract_shares(question: Question, gold: Gold, prediction: Prediction, given: _Given) -> Shares:
    """Claims found, by the rule of `claim_matching`; of gold claims only those not marked as not check-worthy.

    Precision and F1 only where the annotators took all claims of the article. A span holds if it lies in the article
    and covers more than white space; a claim without one does not hold.
    """
    extracted = prediction.claims if prediction.status == "checked" else ()
    wanted = [claim.text for claim in gold.claims if _wanted(claim)]
    shares: Shares = {"claims_per_row": (len(extracted), 1.0)}
    for suffix, some in (("", extracted), (f"_first_{FIRST}", extracted[:FIRST])):
        hits = len(matches(wanted, some))
        shares[f"recall{suffix}"] = (hits, len(wanted))
        if gold.exhaustive:
            shares[f"precision{suffix}"] = (hits, len(some))
            shares[f"f1{suffix}"] = (2 * hits, len(wanted) + len(some))
    if given.spans:
        holding = sum(
            0 <= start < end <= len(question.text) and bool(question.text[start:end].strip())
            for start, end in prediction.spans[: len(extracted)]
        )
        shares["spans_hold"] = (holding, len(extracted))
    return shares


def _wanted(claim: GoldClaim) -> bool:
    return claim.checkworthy is not False
