"""Makes `tests/data/eval`, the small licensed evaluation sets that ship with the repository, from a bench directory.

    python benchmarks/make_fixture.py BENCH_DIR [--out tests/data/eval]

Only sets whose licence lets their text be passed on are named here (tests/data/eval/ATTRIBUTION.md). The sample is
drawn from a fixed seed, so the same directory gives the same files to the byte. After it, set the floors anew:
`python -m factcheck.evals.gate --update --lower "new fixture"`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SEED = 13
ROWS = 24
ARTICLES = 5
OTHER_DOCUMENTS = 60

VERDICTS = ("indonli", "vitaminc", "vitaminc_conflict", "feversym", "fm2", "scifact", "factcheckbench")
SEARCHED = "corpus_fm2.jsonl"

_HOST = re.compile(r"https?://([^/\s]+)")


def human_evidence(row: Row) -> Row | None:
    """The row with its annotators' evidence from Wikipedia only; None where it has none.

    The set's other passages are copied from web pages whose owners licensed nothing, those of annotators too.
    """
    kept = [
        piece
        for piece in row["evidence"]
        if piece["doc_id"].startswith("fcbh:") and set(_HOST.findall(piece["text"])) == {"en.wikipedia.org"}
    ]
    return {**row, "evidence": kept, "gold_doc_ids": [piece["doc_id"] for piece in kept]} if kept else None


KEEP: dict[str, Callable[[Row], Row | None]] = {"factcheckbench": human_evidence}


def balanced(rows: Sequence[Row], count: int, draw: random.Random) -> list[Row]:
    """So many rows, as equally many of each label as there are, in the order of the file."""
    by_label: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: str(row["id"])):
        by_label.setdefault(row["label"], []).append(row)
    for label in sorted(by_label):
        draw.shuffle(by_label[label])
    chosen: set[str] = set()
    while len(chosen) < min(count, len(rows)):
        for label in sorted(by_label):
            if by_label[label] and len(chosen) < count:
                chosen.add(by_label[label].pop()["id"])
    return [row for row in rows if row["id"] in chosen]


def documents(corpus: Sequence[Row], rows: Sequence[Row], draw: random.Random) -> list[Row]:
    """The documents that the rows' evidence is in, and as hard ones as there are: others of the same pages."""
    wanted = {key for row in rows for key in row["gold_doc_ids"]}
    pages = {document.get("title") for document in corpus if document["doc_id"] in wanted}
    others = [d["doc_id"] for d in corpus if d["doc_id"] not in wanted and d.get("title") in pages]
    kept = wanted | set(draw.sample(sorted(others), min(OTHER_DOCUMENTS, len(others))))
    return [document for document in corpus if document["doc_id"] in kept]


def make(bench: Path, out: Path) -> None:
    """Writes every file of the fixture."""
    out.mkdir(parents=True, exist_ok=True)
    for name in VERDICTS:
        draw = random.Random(f"{SEED} {name}")
        read = [KEEP.get(name, lambda row: row)(row) for row in _rows(bench / f"verdict_{name}.jsonl")]
        rows = balanced([row for row in read if row is not None], ROWS, draw)
        rows = [row if row["corpus"] == SEARCHED else {**row, "corpus": None} for row in rows]
        _write(out / f"verdict_{name}.jsonl", rows)
        if rows[0]["corpus"]:
            _write(out / SEARCHED, documents(_rows(bench / SEARCHED), rows, draw))
    # What the third system of the set wrote copies from web pages.
    articles = [row for row in _rows(bench / "extract_factscore.jsonl") if "GPT" in row["id"]]
    _write(out / "extract_factscore.jsonl", random.Random(f"{SEED} factscore").sample(articles, ARTICLES))


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _write(path: Path, rows: Iterable[Row]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path.name}: {len(lines)} rows, {path.stat().st_size / 1000:.1f} kB")


def main() -> None:
    """Makes the fixture from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, help="the directory that holds the whole sets")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "tests" / "data" / "eval")
    arguments = parser.parse_args()
    make(arguments.bench, arguments.out)


if __name__ == "__main__":
    main()
