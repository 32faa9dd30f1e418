"""How documents are best cut: passages of several lengths and overlaps, by how well a set's claims find their page.

    python benchmarks/chunking.py BENCH_DIR --set wice --documents 150 --lengths 350 700 1050 --overlaps 0 1

For each way of cutting, every passage is embedded and indexed anew, and each claim ranks the documents by their best
passage, with the product's fusion over all passages. Documents without a claim of the set are taken out first when
fewer are asked for.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from factcheck.corpus import split_passages
from factcheck.embed import Embedder, load_embedder
from factcheck.errors import FactcheckError
from factcheck.evals.corpora import corpus_file
from factcheck.evals.datasets import load_corpus_documents, load_dataset
from factcheck.evals.intervals import Figure, Measure, figures
from factcheck.evals.metrics import Array
from factcheck.fusion import fused, lexical_weight
from factcheck.index import indexed_text
from factcheck.lexical import LexicalEntry, LexicalIndex
from factcheck.settings import Settings
from factcheck.text import detect_language
from factcheck.types import Document


class Cut(NamedTuple):
    """A way of cutting, with what it came to."""

    length: int
    overlap: int
    passages: int
    seconds: float
    figures: dict[str, Figure]


class Asked(NamedTuple):
    """A claim and the documents that hold its evidence."""

    text: str
    gold: frozenset[str]


def claims_and_pages(bench: Path, name: str, documents: int) -> tuple[list[Asked], list[Document]]:
    """The claims of a set whose documents are among the first so many, and these documents."""
    dataset = load_dataset(bench / f"verdict_{name}.jsonl")
    asked = [Asked(row.question.text, frozenset(row.gold.doc_ids)) for row in dataset.rows if row.gold]
    asked = [one for one in asked if one.gold]
    pages = {document.id: document for document in load_corpus_documents(corpus_file(dataset))}
    wanted = list(dict.fromkeys([*(key for one in asked for key in sorted(one.gold)), *pages]))[:documents]
    return [one for one in asked if one.gold <= set(wanted)], [pages[key] for key in wanted if key in pages]


def measured(asked: Sequence[Asked], pages: Sequence[Document], length: int, overlap: int, embedder: Embedder) -> Cut:
    """What one way of cutting comes to."""
    started = time.perf_counter()
    cut = [(passage, page) for page in pages for passage in split_passages(page, length, overlap)]
    texts = [indexed_text(passage, page) for passage, page in cut]
    languages = [page.language for _, page in cut]
    vectors = embedder.passages(texts, languages)
    index = LexicalIndex(LexicalEntry(p.id, t, d) for (p, _), t, d in zip(cut, texts, languages, strict=True))
    seconds = time.perf_counter() - started
    spoken = [detect_language(one.text) for one in asked]
    queries = embedder.queries([one.text for one in asked], spoken)
    rows: dict[str, list[float]] = {"hit@1": [], "hit@5": [], "mrr@10": []}
    for one, language, vector in zip(asked, spoken, queries, strict=True):
        known = dict(index.search(one.text, len(cut), language))
        lexical = np.array([known.get(passage.id, 0.0) for passage, _ in cut], np.float32)
        same = np.array([language is None or other in (None, language) for other in languages], bool)
        scores = fused(vectors @ vector, lexical, same, lexical_weight(language))
        ranked = list(dict.fromkeys(cut[i][1].id for i in np.argsort(-scores, kind="stable")))
        place = min(ranked.index(key) for key in one.gold)
        rows["hit@1"].append(float(place == 0))
        rows["hit@5"].append(float(place < 5))
        rows["mrr@10"].append(1 / (place + 1) if place < 10 else 0.0)
    return Cut(length, overlap, len(cut), seconds, _summed(rows, len(asked)))


def _summed(rows: Mapping[str, Sequence[float]], n: int) -> dict[str, Figure]:
    return figures({name: _mean(np.array(values)) for name, values in rows.items()}, n)


def _mean(values: Array) -> Measure:
    return Measure(lambda weights: np.asarray(weights @ values) / weights.sum(axis=-1), len(values), len(values))


def main(arguments: Sequence[str] | None = None, embedder: Embedder | None = None) -> int:
    """Prints a line for every way of cutting; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("--set", default="wice")
    parser.add_argument("--documents", type=int, default=150)
    parser.add_argument("--lengths", type=int, nargs="+", default=[350, 700, 1050])
    parser.add_argument("--overlaps", type=int, nargs="+", default=[0, 1])
    given = parser.parse_args(arguments)
    try:
        embedder = embedder or load_embedder(Settings.load())
        asked, pages = claims_and_pages(given.bench, given.set, given.documents)
        print(f"{given.set}: {len(asked)} claims, {len(pages)} documents", flush=True)
        for length in given.lengths:
            for overlap in given.overlaps:
                cut = measured(asked, pages, length, overlap, embedder)
                parts = [f"{k} {f.value:.3f} [{f.low:.3f}, {f.high:.3f}]" for k, f in cut.figures.items()]
                print(f"{length:5} chars, overlap {overlap}: {cut.passages:6,} passages  {'  '.join(parts)}"
                      f"  {cut.seconds:.0f} s", flush=True)  # fmt: skip
    except FactcheckError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
