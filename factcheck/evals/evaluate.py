"""One evaluation run from a set to its record: the system and the baselines on the same rows, scored alike."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factcheck import __version__
from factcheck.engine import load_judge
from factcheck.errors import InputError
from factcheck.evals import baselines, checkworthiness, extraction, matching, verdicts
from factcheck.evals.corpora import corpus_file, eval_corpus
from factcheck.evals.datasets import load_corpus_documents
from factcheck.evals.outcomes import outcomes
from factcheck.evals.record import Record, failures, source_commit
from factcheck.evals.rows import Dataset, EvidenceSource, Prediction
from factcheck.evals.scoring import Scores, score
from factcheck.queries import load_expander
from factcheck.settings import Settings

if TYPE_CHECKING:
    from factcheck.extract import Extractor
    from factcheck.index import Corpus

OnProgress = Callable[[int, int | None], None]
Note = Callable[[str], None]


class Evaluation(NamedTuple):
    """What a run came to: its record, and a prediction for every row of the set, scored or not."""

    record: Record
    predictions: tuple[Prediction, ...]


class _System(NamedTuple):
    """What is run, and what the record says of it."""

    predictions: tuple[Prediction, ...]
    models: dict[str, str]
    prompts: dict[str, str]
    lifted: bool


def evaluate(
    dataset: Dataset,
    settings: Settings,
    *,
    evidence: EvidenceSource = "given",
    note: Note | None = None,
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """Runs the product on a set and scores it beside the baselines.

    Args:
        dataset: as `load_dataset` reads it; its task says what is run.
        settings: as for a check; a language model judges and extracts where one is named. The time rule is lifted,
            and the record says so, where no evidence of the set carries a date.
        evidence: for verdicts, the rows' own passages or what the product retrieves from the set's corpus.
        note: told in a sentence what takes long.
        on_progress: called with the number of rows done and their number.

    Raises:
        InputError: the set cannot be used for this.
        ModelError: a local model is missing or damaged.
        SettingsError: a setting or a prompt cannot be used.
    """
    started, began = datetime.now(UTC), time.perf_counter()
    taken: EvidenceSource | None = evidence if dataset.task == "verdict" else None
    searched = taken == "retrieved" or dataset.task == "match"
    _check_evidence(dataset, taken)
    with _corpus(dataset, settings, searched, note, on_progress) as corpus:
        system = _run(dataset, settings, corpus, note, on_progress)
    found = outcomes(dataset.task, dataset.rows, system.predictions)
    record = Record(
        dataset=dataset.name,
        digest=dataset.digest,
        corpus=dataset.corpus.name if searched and dataset.corpus else None,
        corpus_digest=_digest(dataset.corpus) if searched and dataset.corpus else None,
        task=dataset.task,
        n=len(dataset.rows),
        mode=settings.mode,
        evidence=taken,
        time_rule_lifted=system.lifted,
        models=system.models,
        prompts=system.prompts,
        settings=settings.public(),
        version=__version__,
        commit=source_commit(),
        started=started,
        seconds=round(time.perf_counter() - began, 1),
        scores=score(dataset.task, found),
        baselines=_baselines(dataset, searched),
        failures=failures(system.predictions),
        outcomes=found,
    )
    return Evaluation(record, system.predictions)


def write_predictions(predictions: Iterable[Prediction], path: Path) -> None:
    """Writes a JSON row a prediction, in the order of the set; a file of that name is replaced, whole or not at all.

    Raises:
        InputError: it cannot be written there.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as out:
            for prediction in predictions:
                out.write(json.dumps(prediction.model_dump(mode="json"), ensure_ascii=False) + "\n")
        part.replace(path)
    except OSError as error:
        raise InputError(f"The predictions could not be written to {path}: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _check_evidence(dataset: Dataset, taken: EvidenceSource | None) -> None:
    if taken == "given" and not any(row.question.evidence for row in dataset.rows):
        raise InputError(
            f"No row of {dataset.path} brings evidence. Use --evidence retrieved"
            " with the corpus that the rows or --corpus name."
        )


@contextmanager
def _corpus(
    dataset: Dataset, settings: Settings, searched: bool, note: Note | None, on_progress: OnProgress | None
) -> Iterator[Corpus | None]:
    if not searched:
        yield None
        return
    corpus = eval_corpus(corpus_file(dataset), settings, note, on_progress=on_progress)
    try:
        yield corpus
    finally:
        corpus.close()


def _run(
    dataset: Dataset, settings: Settings, corpus: Corpus | None, note: Note | None, on_progress: OnProgress | None
) -> _System:
    if dataset.task == "match":
        assert corpus is not None
        made = matching.run(dataset, corpus, on_progress=on_progress)
        return _System(tuple(made), _embedding(corpus), {}, True)
    if dataset.task == "extract":
        extractor = _extractor(settings)
        workers = settings.llm_concurrency if settings.mode == "llm" else 1
        made = extraction.run(dataset, extractor, on_progress=on_progress, workers=workers)
        return _System(tuple(made), {}, dict(extractor.prompts), False)
    if dataset.task == "checkworthy":
        return _System(tuple(checkworthiness.run(dataset, on_progress=on_progress)), {}, {}, False)
    judge = load_judge(settings, note)
    lifted = settings.lift_time_rule or not verdicts.dated(dataset, corpus)
    settings = settings.model_copy(update={"lift_time_rule": lifted})
    today = datetime.now(UTC).date()
    expander = load_expander(settings, note) if corpus else None
    made = verdicts.run(
        dataset, judge, settings, corpus=corpus, expander=expander, today=today, on_progress=on_progress
    )
    models = {**judge.models, **(_embedding(corpus) if corpus else {})}
    prompts = {**(expander.prompts if expander else {}), **judge.prompts}
    return _System(tuple(made), models, prompts, lifted)


def _extractor(settings: Settings) -> Extractor:
    if settings.mode == "llm":
        from factcheck.extract.chain import LLMExtractor

        return LLMExtractor(settings)
    from factcheck.extract.rules import RuleExtractor

    return RuleExtractor(settings.max_claims)


def _embedding(corpus: Corpus) -> dict[str, str]:
    return {"embedding": f"{corpus.embedder.name}@{corpus.embedder.revision}"}


def _baselines(dataset: Dataset, searched: bool) -> dict[str, Scores]:
    if not any(row.gold for row in dataset.rows):
        return {}
    found: dict[str, Sequence[Prediction]] = {}
    if dataset.task in ("verdict", "checkworthy"):
        found["majority"] = tuple(baselines.majority(dataset))
    if dataset.task == "verdict":
        by = _bm25(dataset) if searched else None
        found["lexical"] = tuple(baselines.lexical(dataset, by))
    if dataset.task == "match":
        found["bm25"] = tuple(baselines.bm25(dataset, _bm25(dataset)))
    if dataset.task == "extract":
        found["every_sentence"] = tuple(baselines.every_sentence(dataset))
        found["lead"] = tuple(baselines.lead(dataset))
    if dataset.task == "checkworthy":
        found["random"] = tuple(baselines.random_worth(dataset))
        found["sentence_length"] = tuple(baselines.sentence_length(dataset))
    return {
        name: score(dataset.task, outcomes(dataset.task, dataset.rows, made)) for name, made in found.items() if made
    }


def _bm25(dataset: Dataset) -> baselines.Retriever:
    return baselines.retriever(dataset, tuple(load_corpus_documents(corpus_file(dataset))))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
