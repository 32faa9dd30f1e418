"""A corpus of many passages: ingest against bare encoding, killed and resumed, warm queries, memory, disk, recall.

python benchmarks/index_scale.py FILE.jsonl [FILE.jsonl ...] [--passages 100000] [--made-vectors] [--out scale.json]

Three parts, each of which `--only` runs alone. `ingest`: the same passages through the encoder alone and through
`Corpus.add`, in turns. `killed`: `add` in a process of its own, killed with SIGKILL and started again, must give the
ids, vectors and snapshot of a corpus that was never interrupted. `queries`: the whole number of passages, then warm
searches with their steps apart. With --made-vectors the passages of `queries` get random unit vectors around 2,000
centres in place of an hour of encoding; the time to embed a query is still the real encoder's.

Files too short for --passages are filled up with texts made of their sentences in another order.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from factcheck.corpus import BadFile, load_documents, split_passages
from factcheck.embed import Embedder, Vectors, load_embedder
from factcheck.index import Corpus, indexed_text
from factcheck.retrieve import search
from factcheck.settings import Settings
from factcheck.text import detect_language
from factcheck.types import Document

CENTRES, SPREAD = 2_000, 0.6
Result = TypeVar("Result")
PARTS = ("ingest", "killed", "queries")


class MadeVectors:
    """An embedder whose vectors are random, the same for the same text, and lie around centres as real ones do."""

    name, revision, dimension, scheme = "made", "1", 384, "random/1"

    def __init__(self) -> None:
        self._centres = np.random.default_rng(0).standard_normal((CENTRES, self.dimension)).astype(np.float32)

    def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """See `factcheck.embed.Embedder.passages`."""
        made = np.stack([self._vector(text) for text in texts])
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)

    queries = passages

    def _vector(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        chosen = np.random.default_rng(seed)
        noise = chosen.standard_normal(self.dimension, np.float32) * SPREAD
        return np.asarray(self._centres[seed % CENTRES] + noise, np.float32)


def documents_of(files: Sequence[Path]) -> Iterator[Document]:
    """The documents of the files, then others made of their sentences, without end."""
    sentences: list[tuple[str, str | None]] = []
    for file in files:
        for document in load_documents(file):
            if not isinstance(document, BadFile):
                if len(sentences) < 200_000:
                    parts = document.text.replace("\n", " ").split(". ")
                    sentences += [(part, document.language) for part in parts if part]
                yield document
    chosen = random.Random(1)
    for number in range(sys.maxsize):
        text = ". ".join(chosen.choice(sentences)[0] for _ in range(4))
        language = chosen.choice(sentences)[1]
        yield Document.from_text(f"{text} [{number}].", language=language, published=f"20{10 + number % 15}")


def with_passages(files: Sequence[Path], wanted: int) -> list[Document]:
    """The first documents with so many passages together."""
    chosen: list[Document] = []
    passages = 0
    for document in documents_of(files):
        chosen.append(document)
        passages += len(split_passages(document))
        if passages >= wanted:
            return chosen
    return chosen


def ingest(files: Sequence[Path], wanted: int, embedder: Embedder, rounds: int = 2) -> dict[str, Any]:
    """Passages a second by the encoder alone and by `Corpus.add`, in turns."""
    documents = with_passages(files, wanted)
    pairs = [(passage, document) for document in documents for passage in split_passages(document)]
    texts = [indexed_text(passage, document) for passage, document in pairs]
    languages = [document.language for _, document in pairs]
    embedder.passages(texts[:64], languages[:64])
    bare, added = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        embedder.passages(texts, languages)
        bare.append(time.perf_counter() - began)
        with tempfile.TemporaryDirectory() as place, Corpus.create(Path(place, "c"), embedder) as corpus:
            began = time.perf_counter()
            corpus.add(documents)
            added.append(time.perf_counter() - began)
    return {
        "passages": len(pairs),
        "bare_per_second": round(len(pairs) / min(bare), 1),
        "ingest_per_second": round(len(pairs) / min(added), 1),
        "ratio": round(min(bare) / min(added), 3),
        "seconds_bare": [round(s, 2) for s in bare],
        "seconds_ingest": [round(s, 2) for s in added],
    }


def contents(corpus: Corpus) -> tuple[str, dict[str, Vectors]]:
    """The snapshot, and every vector by its passage's id."""
    store, vectors, passages, _, generation, _ = corpus.inside()
    ids = sorted(vectors.ids(passages, generation))
    assert set(ids) == {passage.id for passage in store.all_passages()}, "vectors and passages differ"
    found: dict[str, Vectors] = {}
    for i in range(0, len(ids), 2_000):
        found |= vectors.vectors(passages, ids[i : i + 2_000], generation)
    return corpus.snapshot, found


def killed(files: Sequence[Path], wanted: int, embedder: Embedder, arguments: Sequence[str]) -> dict[str, Any]:
    """Kills the adding at several moments, lets it go on, and compares with a corpus added in one go."""
    documents = with_passages(files, wanted)
    with tempfile.TemporaryDirectory() as folder:
        with Corpus.create(Path(folder, "whole"), embedder) as whole:
            began = time.perf_counter()
            whole.add(documents)
            seconds = time.perf_counter() - began
            snapshot, vectors = contents(whole)
        place = Path(folder, "killed")
        command = [sys.executable, __file__, *arguments, "--add-to", str(place)]
        kills = 0
        for share in (0.2, 0.5, 0.8):
            child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert child.stdout is not None
            child.stdout.readline()  # It has read the documents and begins to add.
            try:
                child.wait(share * seconds)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                kills += 1
            child.wait()
        with Corpus.open_or_create(place, embedder) as again:
            again.add(documents)
            resumed, found = contents(again)
    worst = max(float(np.abs(found[key] - vectors[key]).max()) for key in vectors.keys() & found.keys())
    same = resumed == snapshot and found.keys() == vectors.keys() and worst < 1e-2
    return {"passages": len(vectors), "kills": kills, "same": same, "largest_difference": worst}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    middle, late = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    return {"p50_ms": round(1000 * middle, 1), "p95_ms": round(1000 * late, 1)}


def timed(seconds: list[float], call: Callable[[], Result]) -> Result:
    """What the call gives; how long it took is added to `seconds`."""
    began = time.perf_counter()
    result = call()
    seconds.append(time.perf_counter() - began)
    return result


def queries(corpus: Corpus, encoder: Embedder, wanted: int, depth: int) -> dict[str, Any]:
    """Warm searches, each step apart, and the recall of the approximate index against an exact search."""
    passages = list(islice(corpus.inside().store.all_passages(), 0, None, max(1, corpus.info().passages // wanted)))
    texts = [" ".join(passage.text.split()[:18]) for passage in passages][:wanted]
    asked = [(text, detect_language(text)) for text in texts]
    for text, language in asked[:5]:
        search(text + " ?", corpus)
        encoder.queries([text], [language])
    _, vectors = contents(corpus)
    ids, matrix = list(vectors), np.stack(list(vectors.values()))
    embed: list[float] = []
    dense: list[float] = []
    lexical: list[float] = []
    whole: list[float] = []
    found10 = 0
    for text, language in asked:
        timed(embed, partial(encoder.queries, [text], [language]))
        vector = corpus.query_vectors([text], [language])[0]
        near = timed(dense, partial(corpus.dense, vector, depth))
        timed(lexical, partial(corpus.lexical, text, depth, language))
        timed(whole, partial(search, text, corpus))  # Its vector is remembered: embedding is not in it.
        exact = np.argpartition(-(matrix @ vector), 10)[:10]
        found10 += len({ids[i] for i in exact} & {key for key, _ in near[:10]})
    total = [e + w for e, w in zip(embed, whole, strict=True)]
    rest = [w - d - x for w, d, x in zip(whole, dense, lexical, strict=True)]
    return {
        "queries": len(asked),
        "embed": spread(embed),
        "dense": spread(dense),
        "lexical": spread(lexical),
        "fusion and texts": spread(rest),
        "search": spread(total),
        "recall_at_10": round(found10 / (10 * len(asked)), 4),
    }


def scale(files: Sequence[Path], wanted: int, embedder: Embedder, encoder: Embedder, options: Any) -> dict[str, Any]:
    """The whole corpus: made, opened anew, searched, weighed."""
    place = options.keep or Path(tempfile.mkdtemp())
    try:
        with Corpus.open_or_create(place, embedder) as corpus:
            began = time.perf_counter()
            corpus.add(with_passages(files, wanted))
            made = time.perf_counter() - began
        before = memory()
        with Corpus.open(place, embedder) as corpus:
            first: list[float] = []
            timed(first, lambda: search("beras impor", corpus))
            opened = memory()
            measured = queries(corpus, encoder, options.queries, options.depth)
            passages = corpus.info().passages
        sizes = {part.name: size_of(part) for part in sorted(place.iterdir())}
    finally:
        if not options.keep:
            shutil.rmtree(place, ignore_errors=True)
    return {
        "passages": passages,
        "seconds_to_add": round(made, 1),
        "first_search_seconds": round(first[0], 2),
        "rss_mb_before_opening": before,
        "rss_mb_after_first_search": opened,
        "largest_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "disk_mb": sizes,
        **measured,
    }


def memory() -> int:
    """Resident megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def size_of(path: Path) -> float:
    """Megabytes of a file or of everything in a directory."""
    files = path.rglob("*") if path.is_dir() else [path]
    return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 1)


def shown(name: str, value: Any, depth: int = 0) -> Iterator[str]:
    """The lines of a table."""
    if isinstance(value, dict):
        yield f"{'  ' * depth}{name}"
        for key, inner in value.items():
            yield from shown(key, inner, depth + 1)
    else:
        yield f"{'  ' * depth}{name:<{40 - 2 * depth}}{value}"


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--passages", type=int, default=100_000, help="passages of `queries`")
    parser.add_argument("--encoded", type=int, default=5_000, help="passages of `ingest`; `killed` takes half")
    parser.add_argument("--made-vectors", action="store_true", help="random vectors in `queries`, and no encoding")
    parser.add_argument("--all-made", action="store_true", help="random vectors everywhere: no encoder is loaded")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--depth", type=int, default=100)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--keep", type=Path, help="where the corpus of `queries` is made, found and kept")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--add-to", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main() -> None:
    """Runs the parts, prints a table, writes JSON."""
    options = options_of()
    encoder: Embedder = MadeVectors() if options.all_made else load_embedder(Settings.load())
    if options.add_to:
        documents = with_passages(options.files, options.encoded // 2)
        encoder.passages(["warm"], [None])
        print("begins", flush=True)
        with Corpus.open_or_create(options.add_to, encoder) as corpus:
            corpus.add(documents)
        return
    parts = options.only or PARTS
    result: dict[str, Any] = {"processors": os.cpu_count(), "machine": platform.machine(), "model": encoder.name}
    if "ingest" in parts:
        result["ingest"] = ingest(options.files, options.encoded, encoder)
    if "killed" in parts:
        passed = [*map(str, options.files), "--encoded", str(options.encoded)]
        passed += ["--all-made"] if options.all_made else []
        result["killed"] = killed(options.files, options.encoded // 2, encoder, passed)
    if "queries" in parts:
        embedder = MadeVectors() if options.made_vectors else encoder
        result["queries"] = scale(options.files, options.passages, embedder, encoder, options)
    print("\n".join(line for key, value in result.items() for line in shown(key, value)))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
