"""What the language-model chain is worth: the product's chain against a one-line prompt, same model, same rows.

    FACTCHECK_LLM_MODEL=... FACTCHECK_LLM_BASE_URL=http://127.0.0.1:8091/v1 \
        python benchmarks/llm_bench.py BENCH_DIR --sets indonli,vitaminc --rows 60 --minutes 30 --out DIR

BENCH_DIR holds `verdict_SET.jsonl`. Four systems are scored on each set: `plain` (asked for the label alone),
`chain` (quotes and stances, concluded by code), `second` (the same replies with the offline verifier's second opinion)
and `offline` (the verifier alone, no model). Rows go in rounds, a block of them per prompt, so that a run that is cut
off leaves every set partly done and the server's prefix cache holds within a block. Every reply is kept in the cache
of `--out`: the same command goes on where it stopped, and `--minutes 0` only scores what is there. A row counts once
both prompts have an answer for it, so that all records of a set are of the same rows.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np
from llm_asking import TODAY, Answer, Answers, Asker, Bench, Ledger, Prompting, Say, ask_all, load_bench, promptings

from factcheck import __version__
from factcheck.errors import FactcheckError, InputError, JudgeError
from factcheck.evals import baselines, verdicts
from factcheck.evals.comparing import compare_records
from factcheck.evals.outcomes import outcomes
from factcheck.evals.record import Record, failures, source_commit, write_record
from factcheck.evals.render import figure_text
from factcheck.evals.rows import Prediction
from factcheck.evals.scoring import score
from factcheck.settings import Settings
from factcheck.text import locate
from factcheck.types import Assessment, Candidate, Claim, Mode, Span
from factcheck.verify import Judge
from factcheck.verify.chain import WEIGHING
from factcheck.verify.second import FIRST_GUESS, Agreement, SecondOpinionJudge, fit_agreement, offline_probability
from factcheck.verify.weigh import Weighing

BLOCK = 10
SHOWN = ("accuracy", "macro_f1", "ece", "aurc", "seconds_median", "tokens_median")
COMPARED = (("plain", "chain"), ("chain", "second"), ("plain", "second"), ("offline", "second"))


class Replay:
    """A judge that says again what the model said, by the id of the claim."""

    models: Mapping[str, str] = {}
    prompts: Mapping[str, str] = {}
    weighing: Weighing = WEIGHING

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        found = self._answers[claim.id].found
        if isinstance(found, JudgeError):
            raise found
        return cast(Assessment, found)


class Remembering:
    """The offline judge, which reads each claim once."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._read: dict[tuple[str, ...], Assessment] = {}
        self.models, self.prompts, self.weighing = judge.models, judge.prompts, judge.weighing

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        key = (claim.id, claim.text, *(c.passage.id for c in candidates))
        if key not in self._read:
            self._read[key] = self._judge.judge(claim, candidates)
        return self._read[key]


def predictions(
    bench: Bench, answers: Answers, offline: Remembering | None, settings: Settings
) -> dict[str, tuple[Prediction, ...]]:
    """What each system says of the rows; `bench` holds only rows that both prompts have an answer for."""
    name, still = bench.dataset.name, settings.model_copy(update={"llm_concurrency": 1, "lift_time_rule": bench.lifted})
    chain, plain = answers[name, "chain"], answers[name, "plain"]

    def concluded(judge: Judge) -> tuple[Prediction, ...]:
        return tuple(verdicts.run(bench.dataset, judge, still, today=TODAY))

    def paid(made: Sequence[Prediction], also: Sequence[Prediction] = ()) -> tuple[Prediction, ...]:
        more = [one.seconds for one in also] or [0.0] * len(made)
        return tuple(
            one.model_copy(update={"seconds": chain[one.id].seconds + extra, "tokens": chain[one.id].tokens})
            for one, extra in zip(made, more, strict=True)
        )

    found = {
        "majority": tuple(baselines.majority(bench.dataset)),
        "lexical": tuple(baselines.lexical(bench.dataset)),
        "plain": tuple(_plain(row.question.id, plain[row.question.id]) for row in bench.dataset.rows),
        "chain": paid(concluded(Replay(chain))),
    }
    if offline is not None:
        found["offline"] = concluded(offline)
        found["second"] = paid(concluded(SecondOpinionJudge(Replay(chain), offline)), found["offline"])
    return {system: made for system, made in found.items() if made}


def _plain(key: str, answer: Answer) -> Prediction:
    spent = {"id": key, "task": "verdict", "seconds": answer.seconds, "tokens": answer.tokens}
    if isinstance(answer.found, JudgeError):
        return Prediction.model_validate({**spent, "status": "not_checked", "reason": str(answer.found)})
    return Prediction.model_validate({**spent, "label": answer.found})


def record_of(
    bench: Bench, made: Sequence[Prediction], settings: Settings, mode: Mode, models: Mapping[str, str],
    prompts: Mapping[str, str], started: datetime,
) -> Record:  # fmt: skip
    """The record of one system on one set."""
    rows = bench.dataset.rows
    scored = outcomes("verdict", rows, made)
    return Record(
        dataset=bench.dataset.name,
        digest=bench.dataset.digest,
        task="verdict",
        n=len(rows),
        mode=mode,
        evidence="given",
        time_rule_lifted=bench.lifted,
        models=dict(models),
        prompts=dict(prompts),
        settings=settings.public(),
        version=__version__,
        commit=source_commit(),
        started=started,
        seconds=round(sum(one.seconds for one in made), 1),
        scores=score("verdict", scored),
        failures=failures(made),
        notes=(f"a fixed sample of {len(rows)} rows of the set, by label",),
        outcomes=scored,
    )


def quotes(bench: Bench, answers: Mapping[str, Answer]) -> Counter[str]:
    """Where the quotes of findings that take a side stand: `exact`, `aligned`, or `nowhere` in their document."""
    return Counter(place for _, _, place in _stances(bench, answers))


def _stances(bench: Bench, answers: Mapping[str, Answer]) -> Iterator[tuple[str, int, str]]:
    """Each stance taken: the row's id, the finding's place among the findings, and where its quote stands."""
    for row in bench.dataset.rows:
        found = answers[row.question.id].found
        if not isinstance(found, Assessment):
            continue
        by_id = {c.passage.id: c for c in bench.of(row)[1]}
        for place, finding in enumerate(found.findings):
            if finding.stance != "neutral":
                c = by_id[finding.passage_id]
                within = Span(start=c.passage.start, end=c.passage.end)
                at = locate(finding.quote, c.document.text, within) or locate(finding.quote, c.document.text)
                yield row.question.id, place, at.how if finding.quote.strip() and at else "nowhere"


def agreement_rows(bench: Bench, answers: Mapping[str, Answer], offline: Judge) -> list[tuple[float, bool]]:
    """For each located stance whose source annotators gave one: the verifier's probability of it, and if it is theirs.

    Rows for `fit_agreement`.
    """
    by_id, found = {row.question.id: row for row in bench.dataset.rows}, []
    for key, place, where in _stances(bench, answers):
        claim, candidates = bench.of(by_id[key])
        finding = cast(Assessment, answers[key].found).findings[place]
        document = next(c.document.id for c in candidates if c.passage.id == finding.passage_id)
        gold = by_id[key].gold
        known = gold.stances.get(document) if gold else None
        read = {f.passage_id: f for f in offline.judge(claim, candidates).findings}.get(finding.passage_id)
        told = offline_probability(finding.stance, read) if read else None
        if known is not None and told is not None and where != "nowhere":
            found.append((told, known == finding.stance))
    return found


def fit_report(rows: Sequence[tuple[float, bool]]) -> list[str]:
    """What the fit of the second opinion came to, with its log loss on rows that it was not fitted on."""
    if not rows:
        return ["second opinion: no stance whose source has one on record, so nothing to fit"]
    folds = [[row for i, row in enumerate(rows) if i % 5 == k] for k in range(5)]
    others = [[row for i, row in enumerate(rows) if i % 5 != k] for k in range(5)]
    right = np.mean([correct for _, correct in rows])
    crossed = sum(
        _loss(fit_agreement(rest), fold) * len(fold) for fold, rest in zip(folds, others, strict=True) if fold
    )
    fitted = fit_agreement(rows)
    shares = [[ok for told, ok in rows if (told >= 0.35) == agrees] for agrees in (True, False)]
    of = [f"{np.mean(some):.2f} of {len(some)}" if some else "none" for some in shares]
    return [
        f"second opinion: {len(rows)} stances, {right:.2f} right; where the verifier agrees {of[0]}, else {of[1]}",
        f"  fitted a={fitted.a} b={fitted.b} (now a={FIRST_GUESS.a} b={FIRST_GUESS.b})",
        f"  log loss: trust alone {_loss(Agreement(np.log(3), 0), rows):.3f}, now {_loss(FIRST_GUESS, rows):.3f},"
        f" fitted on other rows {crossed / len(rows):.3f}",
    ]


def _loss(agreement: Agreement, rows: Sequence[tuple[float, bool]]) -> float:
    told = [agreement.probability(offline) for offline, _ in rows]
    return float(np.mean([-np.log(p if correct else 1 - p) for p, (_, correct) in zip(told, rows, strict=True)]))


def set_report(records: Mapping[str, Record], found: Counter[str]) -> list[str]:
    """The lines on one set: figures of each system, differences on the same rows, quotes, failures."""
    first = next(iter(records.values()))
    lines = [f"== {first.dataset}, {first.n} rows", "  " + "".join(f"{name:>24}" for name in ("", *SHOWN))]
    for system, record in records.items():
        figures = [figure_text(name, record.scores.figures.get(name)) for name in SHOWN]
        lines.append("  " + "".join(f"{cell:>24}" for cell in (system, *figures)))
    for a, b in COMPARED:
        if a in records and b in records:
            table = compare_records(records[a], records[b])
            for name in ("accuracy", "macro_f1", "aurc"):
                if (each := table.differences.get(name)) is not None:
                    interval = f"[{each.low:+.3f}, {each.high:+.3f}]"
                    lines.append(f"  {b} - {a}: {name} {each.difference:+.3f} {interval} p={each.p:.3f}")
            lines.append(f"  {b} - {a}: only {a} right {table.only_a}, only {b} right {table.only_b}")
    lines.append("  quotes of sides taken: " + (", ".join(f"{n} {how}" for how, n in found.most_common()) or "none"))
    for system in ("chain", "plain"):
        lines += [f"  no answer, {system}, {one.id}: {one.reason}" for one in records[system].failures]
    return lines


def main(arguments: Sequence[str] | None = None, say: Say = print) -> int:
    """Runs the comparison; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bench", type=Path, help="directory with verdict_SET.jsonl")
    parser.add_argument("--sets", default="indonli,vitaminc,fm2,scifact,vitaminc_conflict")
    parser.add_argument("--rows", type=int, default=60, help="rows of each set")
    parser.add_argument("--minutes", type=float, default=30.0, help="no call begins after so long; 0 only scores")
    parser.add_argument("--block", type=int, default=BLOCK, help="rows of a set asked before the next set's turn")
    parser.add_argument("--out", type=Path, default=Path("llm-bench"), help="records, cache of replies, costs")
    parser.add_argument("--no-offline", action="store_true", help="without the offline verifier")
    given = parser.parse_args(arguments)
    try:
        _run(given, say)
    except FactcheckError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _run(given: argparse.Namespace, say: Say) -> None:
    began, started = time.monotonic(), datetime.now(UTC)
    given.out.mkdir(parents=True, exist_ok=True)
    # One try a call: a server that hangs must not eat the time of the rows behind it.
    settings = Settings.load(home=given.out, llm_cache=True).model_copy(update={"llm_retries": 0})
    if settings.mode != "llm":
        raise InputError("No language model is set. Set FACTCHECK_LLM_MODEL and FACTCHECK_LLM_BASE_URL.")
    benches = [load_bench(given.bench, name, given.rows) for name in given.sets.split(",")]
    prompts = promptings(settings)
    offline = None if given.no_offline else _offline(settings)

    def timed(line: str) -> None:
        say(f"{(time.monotonic() - began) / 60:5.1f} min  {line}")

    asker = Asker(Ledger(given.out / "costs.jsonl"), lambda: time.monotonic() - began >= given.minutes * 60)
    answers = ask_all(benches, prompts, asker, settings.llm_concurrency, max(1, given.block), timed)
    if asker.gone:
        timed(f"stopped: {asker.gone} The same command goes on from here.")
    timed("scoring ...")
    pairs: list[tuple[float, bool]] = []
    for bench in benches:
        name = bench.dataset.name
        both = answers[name, "chain"].keys() & answers[name, "plain"].keys()
        bench = Bench(
            bench.dataset._replace(rows=tuple(r for r in bench.dataset.rows if r.question.id in both)), bench.lifted
        )
        if not both:
            say(f"== {name}: no row has an answer to both prompts")
            continue
        records = _records(bench, answers, offline, prompts, settings, started)
        for system, record in records.items():
            write_record(record, given.out / f"{name}-{system}.json")
        say("\n".join(set_report(records, quotes(bench, answers[name, "chain"]))))
        if offline is not None:
            pairs += agreement_rows(bench, answers[name, "chain"], offline)
    say("\n".join(fit_report(pairs)) if offline is not None else "no offline verifier, no second opinion")
    timed(f"records in {given.out}")


def _offline(settings: Settings) -> Remembering:
    from factcheck.verify.offline import OfflineJudge

    return Remembering(OfflineJudge.load(settings))


def _records(
    bench: Bench, answers: Answers, offline: Remembering | None, prompts: Sequence[Prompting], settings: Settings,
    started: datetime,
) -> dict[str, Record]:  # fmt: skip
    judge, verifier = {"judge": settings.llm_model or ""}, dict(offline.models) if offline else {}
    stamps = {p.name: p.prompts for p in prompts}
    about: dict[str, tuple[Mode, dict[str, str], dict[str, str]]] = {
        "majority": ("offline", {}, {}),
        "lexical": ("offline", {}, {}),
        "offline": ("offline", verifier, {}),
        "plain": ("llm", judge, stamps["plain"]),
        "chain": ("llm", judge, stamps["chain"]),
        "second": ("llm", {**judge, **verifier}, stamps["chain"]),
    }
    made = predictions(bench, answers, offline, settings)
    return {
        system: record_of(bench, made[system], settings, *about[system], started) for system in about if system in made
    }


if __name__ == "__main__":
    raise SystemExit(main())
