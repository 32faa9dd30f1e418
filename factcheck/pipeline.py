"""The whole job on one page: an article in, a report out.

`check` reads top-down: as-of date, claims, then for every claim evidence, findings and a verdict, then the report.
A claim that fails is `not_checked` with its reason; nothing that goes wrong becomes a verdict.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from factcheck import __version__
from factcheck.engine import Engine, build_engine
from factcheck.errors import CorpusError, FactcheckError, InputError, JudgeError, StoreError
from factcheck.extract.article import article_of, as_of_date, find_claims, tokens_of
from factcheck.queries import Expansion, expand
from factcheck.redact import redacted, trace_of
from factcheck.retrieve import Retrieval, embed_queries, retrieve, retrieve_many
from factcheck.store import Extracted, RunStore, StoredRun, hand_back, lay_decisions, new_run_id
from factcheck.types import (
    Assessment,
    Claim,
    ClaimResult,
    Document,
    Report,
    Run,
    SourceDocument,
    Usage,
)
from factcheck.verify import JudgeOfMany, conclude

__all__ = [
    "Engine",
    "Progress",
    "as_of_date",
    "build_engine",
    "check",
    "check_claim",
    "check_claims",
    "check_found",
    "claim_of_text",
]

log = logging.getLogger("factcheck")

Stage = Literal["extracting", "checking", "done"]


Judged = tuple[Retrieval, Assessment]
"""What was found for a claim, and what the judge says of it."""


class Progress(NamedTuple):
    """How far a run is: `done` of `total` claims, with the claim just finished and its place among them."""

    stage: Stage
    done: int
    total: int
    result: ClaimResult | None = None
    position: int | None = None


def check(
    document: Document,
    engine: Engine,
    *,
    as_of: date | None = None,
    run_id: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    resume: bool = False,
) -> Report:
    """Checks every check-worthy claim of an article.

    Args:
        document: the article.
        engine: models, corpus and settings.
        as_of: the day as of which the claims are judged; unset, the article's own date, else today.
        run_id: the id under which the run is recorded; unset, a new one.
        on_progress: called in this thread after each step.
        resume: whether to go on with the run of that id: its article, its day, its claims and what is finished of them
            are taken from the record, and only the rest is checked.

    Returns:
        The report. Each claim in it is `checked` with a label or `not_checked` with a reason.

    Raises:
        InputError: the article or the corpus cannot be used at all, or there is no such run to resume.
    """
    began, started = time.perf_counter(), datetime.now(UTC).isoformat(timespec="seconds")
    notify = on_progress or (lambda progress: None)
    store = engine.store
    before: StoredRun | None = None
    if resume:
        before = _stopped(run_id, engine)
        document, as_of, started = before.document, before.as_of, before.created
    run_id = run_id or new_run_id()
    if store and before is None:
        store.start(run_id, document, as_of, engine.settings.mode)
    try:
        claims, found = _claims(document, engine, run_id, as_of, before, notify)
        finished = _finished(before, claims)
        notify(Progress("checking", len(finished), len(claims)))
        results, unlaid = dict(finished), _lay_decisions(engine)
        for position, result in _check_all(claims, engine, run_id, finished):
            results[position] = result
            if store:
                store.save_result(run_id, position, result, _quoted_documents([result], engine))
            notify(Progress("checking", len(results), len(claims), result, position))
        ordered = tuple(results[i] for i in range(len(claims)))
        notes = found.notes + _resumed(before, found, finished, engine) + unlaid
        notes += _remember(engine, run_id, found.as_of, ordered)
        report = Report(
            article=article_of(document, found.as_of, found.as_of_source),
            claims=ordered,
            left_out=found.left_out,
            documents=_quoted_documents(ordered, engine),
            run=_run(run_id, engine, started, time.perf_counter() - began, ordered, found.usage, notes),
        )
    except Exception as error:
        if store:
            with suppress(StoreError):  # most likely the error itself
                store.fail(run_id, redacted(str(error), engine.settings) or type(error).__name__)
        raise
    except BaseException:  # somebody stopped it: never `failed`, not even for a moment
        if store:
            with suppress(StoreError):
                hand_back(store, run_id)
        raise
    if store:
        report = _recorded(store, run_id, report)
    notify(Progress("done", len(claims), len(claims)))
    return report


def check_claim(claim: Claim, engine: Engine, run_id: str | None = None) -> ClaimResult:
    """Evidence, findings and verdict for one claim; whatever goes wrong comes back as `not_checked` with the reason."""
    began = time.perf_counter()
    expansion = expand(claim, engine.expander)

    def work() -> Judged:
        found = retrieve(claim, engine.corpus, engine.settings, expansion.texts)
        return found, engine.judge.judge(claim, found.candidates)

    return _result(claim, work, engine, run_id, began, expansion)


def check_found(claim: Claim, found: Retrieval, engine: Engine, run_id: str | None = None) -> ClaimResult:
    """The same for a claim whose passages are found already, as `retrieve_many` finds them."""

    def work() -> Judged:
        return found, engine.judge.judge(claim, found.candidates)

    return _result(claim, work, engine, run_id, time.perf_counter())


def check_claims(claims: Sequence[Claim], engine: Engine, run_id: str | None = None) -> list[ClaimResult]:
    """The same for many claims, searched for together and, where the judge can, judged together.

    What goes wrong with all of them together is tried with each alone, so that one claim's fault is its own. The
    seconds of each are its share of what was done for all.
    """
    judge, began = engine.judge, time.perf_counter()
    if engine.expander or not isinstance(judge, JudgeOfMany):
        return [check_claim(claim, engine, run_id) for claim in claims]
    try:
        founds = retrieve_many([(claim, ()) for claim in claims], engine.corpus, engine.settings)
        assessed = judge.judge_many([(c, found.candidates) for c, found in zip(claims, founds, strict=True)])
    except Exception:
        log.warning("%d claims could not be checked together: each alone now", len(claims), exc_info=True)
        return [check_claim(claim, engine, run_id) for claim in claims]
    share = (time.perf_counter() - began) / max(1, len(claims))

    def finished(claim: Claim, judged: Judged) -> ClaimResult:
        return _result(claim, lambda: judged, engine, run_id, time.perf_counter() - share)

    return [finished(claim, judged) for claim, judged in zip(claims, zip(founds, assessed, strict=True), strict=True)]


def _result(
    claim: Claim,
    work: Callable[[], Judged],
    engine: Engine,
    run_id: str | None,
    began: float,
    expansion: Expansion | None = None,
) -> ClaimResult:
    """What came of the work on a claim, which began at that time: its verdict, or why it has none."""
    usage, notes = (expansion.usage, expansion.notes) if expansion else (Usage(), ())
    try:
        found, assessment = work()
        usage += assessment.usage
        return ClaimResult.checked(
            claim,
            conclude(
                claim,
                found.candidates,
                assessment,
                engine.judge.weighing,
                abstain_below=engine.settings.abstain_below,
            ),
            questions=assessment.questions,
            matches=engine.corpus.matches(claim, exclude_run=run_id),
            queries=found.queries,
            retrieved=found.ranked,
            notes=notes + assessment.notes,
            seconds=round(time.perf_counter() - began, 3),
            usage=usage,
        )
    except JudgeError as error:
        reason, usage = str(error), usage + (error.usage or Usage())
    except FactcheckError as error:
        reason = str(error)
    except Exception as error:  # a fault of ours in one claim must neither end the others nor become a verdict
        log.error("claim %s failed", claim.id, exc_info=trace_of(error, engine.settings))
        reason = f"An internal error ({type(error).__name__}) stopped the check of this claim."
    seconds = round(time.perf_counter() - began, 3)
    reason = redacted(reason, engine.settings)
    return ClaimResult.not_checked(claim, reason, notes=notes, seconds=seconds, usage=usage)


def claim_of_text(
    text: str,
    engine: Engine,
    *,
    as_of: date | None = None,
    speaker: str | None = None,
    language: str | None = None,
) -> Claim:
    """A claim given as such, as batch scripts have them; it is its own source text.

    Raises:
        InputError: the text is empty.
    """
    from factcheck.text import detect_language, plainly
    from factcheck.types import content_id

    if not text.strip():
        raise InputError("The claim is empty: give the statement to check as text.")
    if not (words := plainly(text)):
        raise InputError("The claim is hidden text or an order to a machine: give the statement to check as text.")
    day, source = as_of_date(Document(id="claim", text=text), as_of, engine.today())
    return Claim(
        id=content_id("claim", text, day.isoformat()),
        text=words,
        start=0,
        end=len(text),
        source_text=text,
        speaker=speaker,
        as_of=day,
        as_of_source=source,
        language=language or detect_language(words),
        why=("given as a claim",),
    )


def _stopped(run_id: str | None, engine: Engine) -> StoredRun:
    """The run to go on with, now this process's own."""
    if engine.store is None or run_id is None:
        raise InputError("To resume a check, name its run and give the store that has it.")
    return engine.store.resume(run_id, begun_here=True)


def _claims(
    document: Document,
    engine: Engine,
    run_id: str,
    as_of: date | None,
    before: StoredRun | None,
    notify: Callable[[Progress], None],
) -> tuple[tuple[Claim, ...], Extracted]:
    """The claims to check, with what else the extraction gave: on record, or found now and put there."""
    day, day_source = as_of_date(document, as_of, engine.today())
    if before is not None and before.claims is not None:
        first = next(iter(before.claims), None)
        known = Extracted(as_of=first.as_of, as_of_source=first.as_of_source) if first else None
        return before.claims, before.extracted or known or Extracted(as_of=day, as_of_source=day_source)
    notify(Progress("extracting", 0, 0))
    extraction, usage, notes = find_claims(
        document, engine.extractor, engine.fallback, day, day_source, engine.settings.max_claims
    )
    found = Extracted(
        as_of=day,
        as_of_source=day_source,
        left_out=extraction.left_out,
        usage=usage,
        notes=notes,
        snapshot=engine.corpus.snapshot,
        corpus=engine.corpus.name,
    )
    if engine.store:
        engine.store.save_claims(run_id, extraction.claims, found)
    return extraction.claims, found


def _finished(before: StoredRun | None, claims: Sequence[Claim]) -> dict[int, ClaimResult]:
    """What is on record of these claims, by their place."""
    if before is None:
        return {}
    return {
        i: before.results[i]
        for i, claim in enumerate(claims)
        if i in before.results and before.results[i].id == claim.id
    }


def _resumed(
    before: StoredRun | None, found: Extracted, finished: Mapping[int, ClaimResult], engine: Engine
) -> tuple[str, ...]:
    """What a reader must know of a report that was made in parts."""
    if before is None or not finished:
        return ()
    day = datetime.now(UTC).date().isoformat()
    counted = f"{len(finished)} of {len(before.claims or ())} claims"
    notes = [
        f"The check was interrupted and resumed on {day}: {counted} had been checked by then, and the time given is"
        " that of the rest."
    ]
    if found.snapshot and found.snapshot != engine.corpus.snapshot:
        notes.append("The corpus was another when it began.")
    if before.mode != engine.settings.mode:
        notes.append(f"It began in the mode {before.mode}.")
    return tuple(notes)


def _check_all(
    claims: Sequence[Claim], engine: Engine, run_id: str, finished: Collection[int] = ()
) -> Iterator[tuple[int, ClaimResult]]:
    """Positions and results as they finish: one after another offline, side by side with a language model."""
    left = [(position, claim) for position, claim in enumerate(claims) if position not in finished]
    embed_queries([claim for _, claim in left], engine.corpus)
    if engine.settings.mode == "offline":
        for position, claim in left:
            yield position, check_claim(claim, engine, run_id)
        return
    pool = ThreadPoolExecutor(max_workers=engine.settings.llm_concurrency, thread_name_prefix="factcheck")
    try:
        running = {pool.submit(check_claim, claim, engine, run_id): position for position, claim in left}
        for future in as_completed(running):
            yield running[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _lay_decisions(engine: Engine) -> tuple[str, ...]:
    """Lays what reviewers signed off beside the corpus, so that this run is offered it."""
    try:
        if engine.store:
            lay_decisions(engine.store, engine.corpus)
    except CorpusError as error:
        return (f"The latest verdicts of reviewers were not offered to this run: {error}",)
    return ()


def _remember(engine: Engine, run_id: str, day: date, results: Sequence[ClaimResult]) -> tuple[str, ...]:
    """Lays the checked claims beside the corpus, so that later runs can be offered them."""
    try:
        engine.corpus.remember(run_id, day, [r for r in results if r.status == "checked"])
    except CorpusError as error:
        return (f"The claims of this run were not laid beside the corpus: {error}",)
    except Exception as error:  # the claims are checked: what goes wrong now must not cost the report
        log.exception("the claims of %s were not laid beside the corpus", run_id)
        return (f"The claims of this run were not laid beside the corpus ({type(error).__name__}).",)
    return ()


def _recorded(store: RunStore, run_id: str, report: Report) -> Report:
    """The report when it is on record; one that cannot be recorded is not lost, and says so."""
    try:
        store.finish(run_id, report)
    except StoreError as error:
        log.warning("the report of %s was not recorded: %s", run_id, error)
        notes = (*report.run.notes, f"This report was not recorded: {error}")
        return report.model_copy(update={"run": report.run.model_copy(update={"notes": notes})})
    return report


def _quoted_documents(results: Sequence[ClaimResult], engine: Engine) -> dict[str, SourceDocument]:
    """What the results quote; of documents that have left the corpus meanwhile, what the store kept."""
    ids = list(dict.fromkeys(e.document_id for r in results for e in r.evidence))
    found = {key: engine.corpus.document(key) for key in ids}
    gone = [key for key, document in found.items() if document is None]
    kept = engine.store.sources(gone) if engine.store and gone else {}
    here = {key: SourceDocument.of(document) for key, document in found.items() if document is not None}
    return {key: source for key in ids if (source := here.get(key) or kept.get(key))}


def _run(
    run_id: str,
    engine: Engine,
    started: str,
    seconds: float,
    results: Sequence[ClaimResult],
    extraction_usage: Usage,
    notes: tuple[str, ...],
) -> Run:
    usage = sum((r.usage for r in results), start=extraction_usage)
    judge, extractor, corpus = engine.judge, engine.extractor, engine.corpus
    queries = engine.expander.prompts if engine.expander else {}
    embedder = corpus.embedder
    return Run(
        id=run_id,
        mode=engine.settings.mode,
        started=started,
        version=__version__,
        models={**judge.models, "embedding": f"{embedder.name}@{embedder.revision}"},
        prompts={**extractor.prompts, **queries, **judge.prompts},
        settings=engine.settings.public(),
        corpus_snapshot=corpus.snapshot,
        corpus={"name": corpus.name, "documents": corpus.size},
        time_rule_lifted=engine.settings.lift_time_rule,
        seconds=round(seconds, 3),
        tokens=tokens_of(usage),
        cost_usd=0.0 if engine.settings.mode == "offline" else usage.cost_usd,
        notes=notes,
    )
