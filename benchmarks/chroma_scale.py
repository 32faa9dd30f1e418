"""A corpus that grows to 100,000 passages, with its vectors in its own files and behind a Chroma server.

    python benchmarks/chroma_scale.py FILE.jsonl ... --like CORPUS [--sizes 10000,30000,100000] [--keep DIR]
        [--out scale.json] [--plot benchmarks/plots/corpus-growth.svg]

At each size: seconds to add (all but encoding), bytes on disk, and in a process of its own memory, the time of warm
searches and recall@10 of the approximate index against an exact search; the same once more with the vectors behind
`chroma run` and `FACTCHECK_CHROMA_URL`. Encoding 100,000 passages takes an hour of two cores, so the vectors are made:
each lies around one of the real ones of CORPUS, as copies and follow-ups do around a report. Without --like they lie
around random centres, of which approximate search knows nothing hard.

The time of a search is without its embedding, which does not depend on the corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from batch_bench import resident
from index_scale import MadeVectors, contents, memory, size_of, spread, timed, with_passages

from factcheck.embed import Vectors
from factcheck.index import Corpus
from factcheck.retrieve import search
from factcheck.text import detect_language

NOISE = 0.5
"""Beside a unit vector: the cosine of a made vector to the real one is .89, that of two around the same one .8."""
DEPTH = 100


class Around(MadeVectors):
    """Vectors around real ones."""

    def __init__(self, real: Vectors) -> None:
        self._real = real

    def _vector(self, text: str) -> Vectors:
        seed = abs(hash_of(text))
        noise = np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
        return np.asarray(self._real[seed % len(self._real)] + noise * (NOISE / self.dimension**0.5), np.float32)


def hash_of(text: str) -> int:
    """The same number for the same text in every process."""
    import hashlib

    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def embedder_of(like: Path | None) -> MadeVectors:
    """What makes the vectors; those of a real corpus are read from its Chroma files."""
    if like is None:
        return MadeVectors()
    from factcheck.embed import load_embedder
    from factcheck.settings import Settings

    with Corpus.open(like, load_embedder(Settings.load())) as corpus:
        return Around(np.stack(list(contents(corpus)[1].values())))


@contextmanager
def served(place: Path) -> Iterator[tuple[str, int]]:
    """The address of a Chroma server that has the vectors of a corpus, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(place / "chroma")]
    child = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and child.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", child.pid
    finally:
        child.terminate()
        child.wait()


def searched(place: Path, like: Path | None, wanted: int, server: str | None) -> dict[str, Any]:
    """Memory, warm searches and recall of a corpus that is opened anew."""
    embedder = embedder_of(like)
    before = memory()
    began = time.perf_counter()
    with Corpus.open(place, embedder, server=server) as corpus:
        search("beras impor", corpus)
        first, opened = time.perf_counter() - began, memory()
        step = max(1, corpus.info().passages // wanted)
        texts = [" ".join(p.text.split()[:18]) for p in islice(corpus.inside().store.all_passages(), 0, None, step)]
        asked = [(text, detect_language(text)) for text in texts[:wanted]]
        vectors = [corpus.query_vectors([text], [language])[0] for text, language in asked]
        search(asked[0][0], corpus)
        dense: list[float] = []
        whole: list[float] = []
        near = []
        for (text, _), vector in zip(asked, vectors, strict=True):
            timed(whole, lambda text=text: search(text, corpus))
            near.append(timed(dense, lambda vector=vector: corpus.dense(vector, DEPTH)))
        after = memory()
        ids, matrix = _all_vectors(corpus)
    exact = np.argpartition(-(np.stack(vectors) @ matrix.T), 10, axis=1)[:, :10]
    hits = sum(len({ids[i] for i in row} & {key for key, _ in ten[:10]}) for row, ten in zip(exact, near, strict=True))
    return {
        "queries": len(asked),
        "first_search_seconds": round(first, 2),
        "search": spread(whole),
        "vectors_alone": spread(dense),
        "recall_at_10": round(hits / (10 * len(asked)), 4),
        "memory_mb": {"before": before, "after_first_search": opened, "after_all": after},
    }


def _all_vectors(corpus: Corpus) -> tuple[list[str], Vectors]:
    found = contents(corpus)[1]
    return list(found), np.stack(list(found.values()))


def in_a_process(place: Path, like: Path | None, queries: int, server: str | None) -> dict[str, Any]:
    """`searched` in a process of its own."""
    command = [sys.executable, __file__, "--search", str(place), "--queries", str(queries)]
    command += ["--like", str(like)] if like else []
    command += ["--server", server] if server else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def grown(options: argparse.Namespace, place: Path) -> list[dict[str, Any]]:
    """What was measured at each size."""
    embedder, rows, there, seconds = embedder_of(options.like), [], 0, 0.0
    for size in map(int, options.sizes.split(",")):
        documents = with_passages(options.files, size)
        with Corpus.open_or_create(place, embedder) as corpus:
            began = time.perf_counter()
            corpus.add(documents[there:])
            seconds, there = seconds + time.perf_counter() - began, len(documents)
            passages = corpus.info().passages
        row: dict[str, Any] = {"passages": passages, "seconds_to_add": round(seconds, 1)}
        row["disk_mb"] = {name: size_of(place / name) for name in ("chroma", "corpus.sqlite3", "lexical")}
        for name, opened in (("own_files", nullcontext()), ("server", served(place))):
            with opened as one:
                address, pid = one or (None, None)
                row[name] = in_a_process(place, options.like, options.queries, address)
                if pid:
                    row[name]["server_memory_mb"] = resident(pid)
        print(json.dumps(row), flush=True)
        rows.append(row)
    return rows


def plotted(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Four small pictures of the growth as SVG."""
    import altair as alt

    colours = {"own files": "#1f83d1", "Chroma server": "#d9622b"}
    points: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for name, key in (("own files", "own_files"), ("Chroma server", "server")):
            one, at = row[key], {"passages": row["passages"], "vectors in": name}
            points.setdefault("a search without embedding, p50, ms", []).append({**at, "y": one["search"]["p50_ms"]})
            points.setdefault("the same, p95, ms", []).append({**at, "y": one["search"]["p95_ms"]})
            taken = one["memory_mb"]["after_all"] - one["memory_mb"]["before"] + one.get("server_memory_mb", 0)
            points.setdefault("memory of index and search, MB", []).append({**at, "y": taken})
        disk = sum(row["disk_mb"].values())
        points.setdefault("on disk, MB", []).append({"passages": row["passages"], "vectors in": "own files", "y": disk})
    charts = [
        alt.Chart(alt.Data(values=values), title=title, width=240, height=160)
        .mark_line(point=True)
        .encode(
            x=alt.X("passages:Q", axis=alt.Axis(format="~s", tickCount=5), title="passages"),
            y=alt.Y("y:Q", title=None, scale=alt.Scale(zero=True)),
            color=alt.Color(
                "vectors in:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(orient="bottom"),
            ),
        )
        for title, values in points.items()
    ]  # fmt: skip
    chart = ((charts[0] | charts[1]) & (charts[2] | charts[3])).configure(background="white", padding=12)
    chart.save(str(path), format="svg")


def main() -> None:
    """Grows, measures, prints, writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--like", type=Path, help="a corpus whose vectors the made ones lie around")
    parser.add_argument("--sizes", default="10000,30000,100000")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="where the corpus is made and kept")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--search", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--server", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search:
        print(json.dumps(searched(options.search, options.like, options.queries, options.server)))
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = grown(options, options.keep or Path(folder, "corpus"))
    result = {"processors": os.cpu_count(), "load": os.getloadavg(), "sizes": rows}
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        plotted(rows, options.plot)


if __name__ == "__main__":
    main()
