"""What the language model's queries are worth: each alone, each beside the claim, and all of them, on the same rows.

    FACTCHECK_LLM_MODEL=... FACTCHECK_LLM_BASE_URL=http://127.0.0.1:8091/v1 \
        python benchmarks/query_bench.py BENCH_DIR --sets averitec,fm2 --rows 100 --minutes 30 --out DIR

BENCH_DIR holds `verdict_SET.jsonl` and the corpora that their rows name. Rows whose annotators name documents are
asked in rounds, a block of each set. Every reply is kept in the cache of `--out`: the same command goes on where it
stopped, and `--minutes 0` only scores what is there. All systems are scored on the rows that were answered. A row
without a text (dropped, or a reply that cannot be used) is searched for with the claim in its place, as the product
does; the table says how many rows have each. Corpora are indexed under FACTCHECK_HOME, as `factcheck eval` does.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from llm_asking import TODAY, Answer, Asker, Bench, Ledger, Prompting, Say, ask_all, sample

from factcheck import __version__
from factcheck.errors import FactcheckError, InputError
from factcheck.evals import verdicts
from factcheck.evals.comparing import compare_records
from factcheck.evals.corpora import corpus_file, eval_corpus
from factcheck.evals.datasets import load_dataset
from factcheck.evals.matching import unique
from factcheck.evals.outcomes import outcomes
from factcheck.evals.record import Record, source_commit, write_record
from factcheck.evals.render import figure_text
from factcheck.evals.rows import Prediction
from factcheck.evals.scoring import score
from factcheck.queries import Expansion, QueryExpander
from factcheck.retrieve import retrieve
from factcheck.settings import Settings
from factcheck.text import detect_language
from factcheck.types import Candidate, Claim, Usage

if TYPE_CHECKING:
    from factcheck.embed import Embedder
    from factcheck.index import Corpus

BLOCK = 10
PARTS = ("translation", "passage", "refuting")
SHOWN = ("hit@5", "recall@10", "mrr@10")
ALONE = "claim"


def load(directory: Path, name: str, rows: int) -> Bench:
    """The sample of a set, of the rows that name the documents to be found."""
    dataset = load_dataset(directory / f"verdict_{name}.jsonl", "verdict")
    named = [row for row in dataset.rows if row.gold and row.gold.doc_ids]
    if not named:
        raise InputError(f"No row of {dataset.path} names the documents to be found (`gold_doc_ids`). Leave it out.")
    return Bench(dataset._replace(name=name, rows=sample(named, rows)), lifted=True)


def prompting(settings: Settings) -> Prompting:
    """The product's prompt, and all that its answer depends on but the claim."""
    expander = QueryExpander(settings)

    def ask(claim: Claim, candidates: Sequence[Candidate]) -> tuple[Expansion, Usage]:
        found = expander.ask(claim)
        return found, found.usage

    same = [settings.llm_model, settings.llm_structured_output, settings.llm_max_tokens, settings.llm_temperature]
    return Prompting("queries", json.dumps([*same, expander.prompt.stamp]), ask, dict(expander.prompts))


def searches(claim: Claim, expansion: Expansion) -> Iterator[tuple[str, Claim, tuple[str, ...]]]:
    """Each system's name, the claim that it searches for, and the texts beside it."""
    yield ALONE, claim, ()
    for part in PARTS:
        if text := getattr(expansion, part):
            its = {"text": text, "language": detect_language(text), "speaker": None, "context": None}
            yield part, claim.model_copy(update=its), ()
            yield f"{ALONE}+{part}", claim, (text,)
        else:
            yield part, claim, ()
            yield f"{ALONE}+{part}", claim, ()
    yield f"{ALONE}+all", claim, expansion.texts


def rankings(
    bench: Bench, expansions: Mapping[str, Expansion], corpus: Corpus, settings: Settings
) -> dict[str, tuple[Prediction, ...]]:
    """For each system the documents that it finds for each row, best first."""
    made: dict[str, list[Prediction]] = {}
    for row in bench.dataset.rows:
        claim = verdicts.claim_of(row.question, TODAY)
        known: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, ...], float]] = {}
        for system, sought, texts in searches(claim, expansions[row.question.id]):
            key = sought.text, texts
            if key not in known:
                known[key] = _found(sought, texts, corpus, settings)
            ranked, seconds = known[key]
            prediction = Prediction(id=row.question.id, task="match", retrieved=ranked, seconds=seconds)
            made.setdefault(system, []).append(prediction)
    return {system: tuple(found) for system, found in made.items()}


def _found(claim: Claim, texts: Sequence[str], corpus: Corpus, settings: Settings) -> tuple[tuple[str, ...], float]:
    began = time.perf_counter()
    ranked = retrieve(claim, corpus, settings, texts).ranked
    seconds = round(time.perf_counter() - began, 4)
    documents = {passage.id: passage.document_id for passage in corpus.passages(ranked)}
    return unique(documents[key] for key in ranked if key in documents), seconds


def record_of(
    bench: Bench, made: Sequence[Prediction], corpus: Corpus, settings: Settings, prompts: Mapping[str, str],
    started: datetime,
) -> Record:  # fmt: skip
    """The record of one system on one set; its seconds are of searching alone."""
    rows = bench.dataset.rows
    scored = outcomes("match", rows, made)
    return Record(
        dataset=bench.dataset.name,
        digest=bench.dataset.digest,
        corpus=bench.dataset.corpus.name if bench.dataset.corpus else None,
        task="match",
        n=len(rows),
        mode="llm" if prompts else "offline",
        time_rule_lifted=settings.lift_time_rule,
        models={"embedding": f"{corpus.embedder.name}@{corpus.embedder.revision}"},
        prompts=dict(prompts),
        settings=settings.public(),
        version=__version__,
        commit=source_commit(),
        started=started,
        seconds=round(sum(one.seconds for one in made), 1),
        scores=score("match", scored),
        notes=(f"a fixed sample of {len(rows)} rows of the set that name documents, by label",),
        outcomes=scored,
    )


def set_report(records: Mapping[str, Record], expansions: Mapping[str, Expansion], failed: int) -> list[str]:
    """The lines on one set: how many rows have each text, the figures of each system, what each adds to the claim."""
    first = records[ALONE]
    having = ", ".join(f"{part} {sum(bool(getattr(e, part)) for e in expansions.values())}" for part in PARTS)
    lines = [f"== {first.dataset}, {first.n} rows; with a {having}; {failed} replies could not be used"]
    lines.append("  " + "".join(f"{name:>24}" for name in ("", *SHOWN)))
    for system, record in records.items():
        figures = [figure_text(name, record.scores.figures.get(name)) for name in SHOWN]
        lines.append("  " + "".join(f"{cell:>24}" for cell in (system, *figures)))
    for system, record in records.items():
        if system != ALONE:
            told = compare_records(first, record).differences
            each = [
                f"{name} {d.difference:+.3f} [{d.low:+.3f}, {d.high:+.3f}] p={d.p:.3f}"
                for name in SHOWN
                if (d := told.get(name)) is not None
            ]
            lines.append(f"  {system} - {ALONE}: {'; '.join(each)}")
    return lines


def main(arguments: Sequence[str] | None = None, say: Say = print, embedder: Embedder | None = None) -> int:
    """Runs the comparison, with another encoder than the settings name if one is given; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bench", type=Path, help="directory with verdict_SET.jsonl and their corpora")
    parser.add_argument("--sets", default="averitec,fm2,scifact,turnbackhoax,healthver_claims")
    parser.add_argument("--rows", type=int, default=100, help="rows of each set")
    parser.add_argument("--minutes", type=float, default=30.0, help="no call begins after so long; 0 only scores")
    parser.add_argument("--block", type=int, default=BLOCK, help="rows of a set asked before the next set's turn")
    parser.add_argument("--out", type=Path, default=Path("query-bench"), help="records, cache of replies, costs")
    given = parser.parse_args(arguments)
    try:
        _run(given, say, embedder)
    except FactcheckError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _run(given: argparse.Namespace, say: Say, embedder: Embedder | None) -> None:
    began, started = time.monotonic(), datetime.now(UTC)
    given.out.mkdir(parents=True, exist_ok=True)
    settings = Settings.load(llm_queries=True)
    if settings.mode != "llm":
        raise InputError("No language model is set. Set FACTCHECK_LLM_MODEL and FACTCHECK_LLM_BASE_URL.")
    # One try a call: a server that hangs must not eat the time of the rows behind it.
    asking = settings.model_copy(update={"home": given.out, "llm_cache": True, "llm_retries": 0})
    benches = [load(given.bench, name, given.rows) for name in given.sets.split(",")]
    prompt = prompting(asking)

    def timed(line: str) -> None:
        say(f"{(time.monotonic() - began) / 60:5.1f} min  {line}")

    asker = Asker(Ledger(given.out / "costs.jsonl"), lambda: time.monotonic() - began >= given.minutes * 60)
    answers = ask_all(benches, [prompt], asker, settings.llm_concurrency, max(1, given.block), timed)
    if asker.gone:
        timed(f"stopped: {asker.gone} The same command goes on from here.")
    for bench in benches:
        found = answers[bench.dataset.name, prompt.name]
        rows = tuple(row for row in bench.dataset.rows if row.question.id in found)
        if not rows:
            say(f"== {bench.dataset.name}: no row has an answer")
            continue
        answered = Bench(bench.dataset._replace(rows=rows), bench.lifted)
        _score(answered, found, settings, prompt.prompts, given.out, started, timed, say, embedder)
    timed(f"records in {given.out}")


def _score(
    bench: Bench, answers: Mapping[str, Answer], settings: Settings, prompts: Mapping[str, str], out: Path,
    started: datetime, timed: Say, say: Say, embedder: Embedder | None,
) -> None:  # fmt: skip
    """Searches for the rows of a set by every system, writes the records and says what they came to."""
    expansions = {k: a.found if isinstance(a.found, Expansion) else Expansion() for k, a in answers.items()}
    failed = sum(not isinstance(answer.found, Expansion) for answer in answers.values())
    with eval_corpus(corpus_file(bench.dataset), settings, timed, embedder=embedder) as corpus:
        lifted = settings.lift_time_rule or not verdicts.dated(bench.dataset, corpus)
        settings = settings.model_copy(update={"lift_time_rule": lifted})
        timed(f"searching for {len(bench.dataset.rows)} rows of {bench.dataset.name} ...")
        made = rankings(bench, expansions, corpus, settings)
        records = {
            system: record_of(bench, found, corpus, settings, {} if system == ALONE else prompts, started)
            for system, found in made.items()
        }
    for system, record in records.items():
        write_record(record, out / f"{bench.dataset.name}-{system.replace('+', '-')}.json")
    say("\n".join(set_report(records, expansions, failed)))


if __name__ == "__main__":
    raise SystemExit(main())
