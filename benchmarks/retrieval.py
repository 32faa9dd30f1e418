"""How well the evidence is found, beside BM25 alone, the plain encoder alone and the usual hybrid, in one run.

    python benchmarks/retrieval.py BENCH_DIR [--facts FACTS.jsonl] [--weights] [--rerank 20] [--markdown]
        [--sets verdict_fm2 ...] [--output RECORD.json] [--svg PICTURE.svg]

For each labelled set hit@1, hit@5, recall@10, MRR@10 and nDCG@10 by document, with 95 % bootstrap intervals, and what
the product's search has over the best of the others on the same rows. With --facts, the Indonesian wording of notes is
searched for among English ones and back. With --weights, the weight of the lexical score is fitted on the other sets
each time. Corpora are indexed the first time, which takes minutes, and kept under FACTCHECK_HOME/evals.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from retrieval_beds import (
    DISTRACTORS,
    Bed,
    Ground,
    Say,
    bed_of_set,
    beds_between_languages,
    ground,
    kept_vectors,
    plain_embedder,
)
from retrieval_record import Bench, Gain, SetRecord, SystemRecord
from retrieval_systems import (
    BASELINES,
    MEASURES,
    OURS,
    Rows,
    Scorer,
    difference,
    measured,
    percentile_ms,
    summed,
    systems,
    timed,
)
from retrieval_tables import draw, markdown, plain
from retrieval_weights import Pooled, fitted, pooled

from factcheck import __version__
from factcheck.embed import Embedder, load_embedder
from factcheck.errors import FactcheckError, InputError
from factcheck.fusion import LEXICAL_WEIGHTS
from factcheck.settings import Settings

SETS = (
    "verdict_scifact", "verdict_averitec", "verdict_fm2", "verdict_turnbackhoax", "verdict_healthver_claims",
    "verdict_wice", "verdict_factcheckbench", "match_turnbackhoax", "match_ct20",
)  # fmt: skip


def bench(
    beds: Sequence[Bed],
    empty: Bench,
    settings: Settings,
    embedder: Embedder,
    plain_model: Embedder,
    say: Say,
    *,
    rerank: int = 0,
    scorer: Scorer | None = None,
    weights: bool = False,
    keep: Callable[[Bench], None] = lambda _: None,
) -> Bench:
    """Every system on every bed.

    Args:
        beds: in the order of the tables; those over one corpus are run together.
        empty: the record to fill.
        settings: where indexes and vectors are kept.
        embedder: the product's.
        plain_model: the same without centring.
        say: told what is done.
        rerank: see `retrieval_systems.systems`.
        scorer: the verifier.
        weights: fit the weight of the lexical score too.
        keep: given the record after each set.
    """
    records: dict[str, SetRecord] = {}
    pools: dict[str, Pooled] = {}
    made = empty
    for file in dict.fromkeys(bed.file for bed in beds):
        with ground(file, settings, embedder, plain_model, say) as here:
            for bed in (bed for bed in beds if bed.file == file):
                records[bed.name] = _on_set(bed, here, plain_model, settings, say, rerank, scorer)
                if weights:
                    pools[bed.name] = pooled(bed, here)
                made = made.model_copy(update={"sets": tuple(records[b.name] for b in beds if b.name in records)})
                keep(made)
    if weights:
        made = made.model_copy(update={"weights": fitted([pools[bed.name] for bed in beds])})
        keep(made)
    return made


def _on_set(
    bed: Bed, here: Ground, plain_model: Embedder, settings: Settings, say: Say, rerank: int, scorer: Scorer | None
) -> SetRecord:
    texts, languages = [query.text for query in bed.queries], [query.language for query in bed.queries]
    vectors = kept_vectors(plain_model, "query", texts, languages, settings.home, say)
    here.corpus.query_vectors(texts, languages)
    rows: dict[str, Rows] = {}
    found: dict[str, SystemRecord] = {}
    for name, find in systems(bed, here, vectors, rerank, scorer).items():
        run = timed(bed, find, name, say)
        rows[name] = measured(bed, run.rankings)
        found[name] = SystemRecord(
            figures=summed(rows[name]), p50_ms=percentile_ms(run.seconds, 0.5), p95_ms=percentile_ms(run.seconds, 0.95)
        )
    return SetRecord(
        name=bed.name,
        corpus=bed.file.name,
        documents=len(set(here.passages.documents)),
        passages=len(here.passages.ids),
        n=len(bed.queries),
        left_out=bed.left_out,
        between_languages=bed.between_languages,
        systems=found,
        gains={name: _gains(name, rows) for name in MEASURES},
    )


def _gains(measure: str, rows: Mapping[str, Rows]) -> tuple[Gain, ...]:
    """Ours over the best baseline, and what goes beyond ours over ours."""
    best = max(BASELINES, key=lambda name: float(rows[name][measure].mean()))
    pairs = [(OURS, best), *((name, OURS) for name in rows if name not in (*BASELINES, OURS))]
    return tuple(
        Gain(system=system, over=over, difference=found)
        for system, over in pairs
        if (found := difference(rows[over][measure], rows[system][measure]))
    )


def beds_of(given: argparse.Namespace, home: Path, say: Say) -> list[Bed]:
    """The beds that the command line asks for.

    Raises:
        InputError: a set that was named, or every set, is missing.
    """
    names = SETS if given.sets is None else given.sets
    paths = {name: given.bench / f"{name}.jsonl" for name in names}
    there = [path for path in paths.values() if given.sets is not None or path.is_file()]
    if absent := [name for name, path in paths.items() if path not in there]:
        say(f"Not in {given.bench}, so passed over: {', '.join(absent)}")
    beds = [bed_of_set(path) for path in there]
    if given.facts:
        beds += beds_between_languages(given.facts, given.bench, home, given.distractors)
    if not beds:
        raise InputError(f"There is none of the sets in {given.bench}. Correct BENCH_DIR, or give --facts.")
    return beds


def command(given: argparse.Namespace) -> str:
    """The command line without the paths of this machine."""
    parts = ["python benchmarks/retrieval.py BENCH_DIR", *(["--facts FACTS.jsonl"] if given.facts else [])]
    parts += [] if given.sets is None else [" ".join(["--sets", *given.sets])]
    parts += [f"--distractors {given.distractors}"] if given.distractors != DISTRACTORS else []
    parts += [f"--rerank {given.rerank}"] if given.rerank else []
    return " ".join([*parts, *(["--weights"] if given.weights else [])])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, metavar="BENCH_DIR")
    parser.add_argument("--facts", type=Path, help="notes with fact_en and fact_id, a line each")
    parser.add_argument("--distractors", type=int, default=DISTRACTORS, help="passages put beside the notes")
    parser.add_argument("--sets", nargs="*", help="only these; none with --facts runs that part alone")
    parser.add_argument("--rerank", type=int, default=0, metavar="N", help="let the verifier order the first N anew")
    parser.add_argument("--weights", action="store_true", help="fit the weight of the lexical score by set left out")
    parser.add_argument("--output", type=Path, help="the record, JSON; written after each set")
    parser.add_argument("--svg", type=Path, help="a picture of MRR@10")
    parser.add_argument("--markdown", action="store_true", help="print lines for RESULTS.md")
    return parser.parse_args(arguments)


def main(
    arguments: Sequence[str] | None = None, embedder: Embedder | None = None, plain_model: Embedder | None = None
) -> None:
    """Runs the benchmark from the command line; the models are the settings' where none are given."""
    given = _options(arguments)

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def keep(record: Bench) -> None:
        if given.output:
            given.output.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")

    try:
        settings = Settings.load()
        embedder = embedder or load_embedder(settings)
        plain_model = plain_model or plain_embedder(settings)
        empty = Bench(
            command=command(given),
            started=datetime.now(UTC),
            version=__version__,
            embedding=f"{embedder.name}@{embedder.revision}, {embedder.scheme}",
            plain=f"{plain_model.name}@{plain_model.revision}, {plain_model.scheme}",
            lexical_weights=LEXICAL_WEIGHTS,
        )
        scorer = None
        if given.rerank:
            from factcheck.entail import EntailmentModel

            scorer = EntailmentModel.load(threads=settings.threads).scores
        record = bench(
            beds_of(given, settings.home, say),
            empty,
            settings,
            embedder,
            plain_model,
            say,
            rerank=given.rerank,
            scorer=scorer,
            weights=given.weights,
            keep=keep,
        )
        print(markdown(record) if given.markdown else plain(record), end="")
        if given.svg:
            draw(record, given.svg)
    except FactcheckError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
