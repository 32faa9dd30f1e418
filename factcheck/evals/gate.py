"""Quality as a test: the figures of small sets may not fall below pinned floors by more than noise.

    python -m factcheck.evals.gate                      measure, and fail where a figure is below its floor
    python -m factcheck.evals.gate --update             pin what is measured now; refused where a floor would sink
    python -m factcheck.evals.gate --update --lower "…" pin it all the same; the reason stays in the file

The floors, and what their margin is, are in `floors`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from factcheck.errors import FactcheckError, InputError
from factcheck.evals.datasets import load_dataset
from factcheck.evals.evaluate import evaluate
from factcheck.evals.floors import ALL_SETS, Floors, called, check, key_of, read_floors, update, write_floors
from factcheck.evals.pooling import pooled
from factcheck.evals.record import Record
from factcheck.evals.rows import TASKS, Dataset, EvidenceSource
from factcheck.settings import Settings

_DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "eval"

Note = Callable[[str], None]


def measure(
    directory: Path,
    settings: Settings,
    *,
    sets: Sequence[str] = (),
    evidence: Sequence[EvidenceSource] = ("given", "retrieved"),
    limit: int | None = None,
    note: Note | None = None,
) -> tuple[Record, ...]:
    """Runs the product on the sets of a directory; verdicts from given evidence are pooled too, where there are some.

    Args:
        directory: files named `verdict_*.jsonl`, `extract_*.jsonl` and so on, corpora beside.
        settings: as for a check.
        sets: names of sets (`verdict_fm2`); all where it is left out.
        evidence: kinds of evidence for verdicts; `retrieved` where the set's corpus is there.
        limit: only so many rows of each.
        note: told what begins.

    Raises:
        InputError: there is no such set, or it cannot be used.
    """
    known = {path.stem: path for path in sorted(directory.glob("*.jsonl")) if path.name.split("_")[0] in TASKS}
    missing = [name for name in sets if name not in known]
    if missing or not known:
        raise InputError(f"There is no set {', '.join(missing) or 'at all'} in {directory}. Name another directory.")
    found = []
    for name in sets or known:
        dataset = load_dataset(known[name], limit=limit)
        for kind in _kinds(dataset, evidence):
            if note:
                note(f"{name}{f', evidence {kind}' if dataset.task == 'verdict' else ''}: {len(dataset.rows)} rows ...")
            found.append(evaluate(dataset, settings, evidence=kind).record)
    given = [record for record in found if record.evidence == "given"]
    return (*found, pooled(given, ALL_SETS)) if len(given) > 1 else tuple(found)


def _kinds(dataset: Dataset, evidence: Sequence[EvidenceSource]) -> Iterator[EvidenceSource]:
    """The kinds of evidence that a set can be run with; a set that takes none is run once."""
    if dataset.task != "verdict":
        yield "given"
        return
    if "given" in evidence and any(row.question.evidence for row in dataset.rows):
        yield "given"
    if "retrieved" in evidence and dataset.corpus is not None and dataset.corpus.is_file():
        yield "retrieved"


def _table(floors: Floors, records: Iterable[Record]) -> Iterator[str]:
    by_key = {floor.key: floor for floor in floors.floors}
    for record in records:
        for name, pinned in by_key[key_of(record)].figures.items():
            figure = record.scores.figures.get(name)
            now = f"{figure.value:.4f}" if figure else "-"
            yield f"{called(key_of(record)):44} {name:20} {now:>7}  floor {pinned.floor:.4f}  was {pinned.value:.4f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and checks, or pins; the exit code is 1 where a figure is below its floor, 2 for bad input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=_DATA, help="directory of sets (default: the repository's own)")
    parser.add_argument("--floors", type=Path, help="file of floors (default: floors.json among the sets)")
    parser.add_argument("--sets", nargs="+", default=(), help="only these, by name")
    parser.add_argument("--evidence", nargs="+", choices=("given", "retrieved"), default=("given", "retrieved"))
    parser.add_argument("--limit", type=int, help="only so many rows of each")
    parser.add_argument("--update", action="store_true", help="pin what is measured now")
    parser.add_argument("--lower", metavar="REASON", help="with --update: let floors sink, and say why")
    given = parser.parse_args(arguments)
    path = given.floors or given.data / "floors.json"
    try:
        floors = Floors() if given.update and not path.exists() else read_floors(path)
        records = measure(
            given.data,
            Settings.load().model_copy(update={"llm_model": None}),
            sets=given.sets,
            evidence=given.evidence,
            limit=given.limit,
            note=lambda sentence: print(sentence, file=sys.stderr),
        )
        if given.update:
            floors = update(floors, records, given.lower)
            write_floors(floors, path)
        breaches = check(floors, records)
    except FactcheckError as error:
        print(f"gate: {error}", file=sys.stderr)
        return error.exit_code
    print("\n".join(_table(floors, records)))
    for breach in breaches:
        print(f"gate: {breach}", file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
