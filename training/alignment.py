"""Makes factcheck/models/e5_alignment.npz: a linear map that brings claims and their evidence together.

    python training/alignment.py DIRECTORY [--cache FILE.npz]

DIRECTORY holds what `training/sources.py` writes: pairs with a label (`claim`, `evidence`, `lang`) and sentences with
their translation (`en`, `ind`); `nli.jsonl` among them is ../shared/train/nli.jsonl. The encoder stays as it is. Its
vectors, less the mean of their language, are multiplied with one matrix for queries and passages of all languages,
trained to pick a claim's own evidence, or a sentence's translation, out of a batch of both (InfoNCE, van den Oord et
al. 2018), and held near the identity. Texts of claims and evidence in one language and of translations compete in one
batch, so that what tells languages apart is worth nothing. Three minutes, most of them embedding (minutes more without
bfloat16); only the matrix is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from factcheck.embed import LanguageMeans, Role, plain_packaged_embedder
from factcheck.settings import Settings

OUT = Path(__file__).parent.parent / "factcheck" / "models" / "e5_alignment.npz"

PAIRS = {
    "nli": 9000, "fever": 6000, "boolq": 1000, "evidence_inference": 2500, "pubmedqa": 1000, "facqa": 2000,
    "idk_mrc": 4000, "squad_indonesian": 3000, "scitail_dev": 800, "wrete": 275, "entailment_bank": 800,
}  # fmt: skip
"""Claims that some evidence supports or refutes, at most so many of each source; one for each piece of evidence."""
TRANSLATIONS = ("tatoeba", "tatoeba_anki", "tico19", "nusax", "pud")
SYNTHETIC_SHARE = 0.3
"""Of VitaminC's synthetic rows, which are many and alike."""
MIN_WORDS = 5
"""Of an English sentence whose translation is used."""
MAX_CHARS = 900

BATCH, EPOCHS, LEARNING_RATE, TEMPERATURE, NEAR_IDENTITY = 512, 6, 1e-3, 0.05, 0.02

Vectors = NDArray[np.float32]


class Pair(NamedTuple):
    """Two texts that belong together, with their languages."""

    query: str
    query_language: str
    passage: str
    passage_language: str


def claims_with_evidence(directory: Path, seed: int) -> list[Pair]:
    """Claims with the evidence that decides them, a fixed sample of every source of `PAIRS` that is there."""
    rng = random.Random(seed)
    left_out = directory / "nli_overlap_ids.txt"
    banned = set(left_out.read_text(encoding="utf-8").split()) if left_out.is_file() else set()
    found: list[Pair] = []
    for name, most in PAIRS.items():
        rows = [row for row in _rows(directory / f"{name}.jsonl") if row["label"] != "not_enough_evidence"]
        rows = [row for row in rows if row["id"] not in banned]
        rng.shuffle(rows)
        seen: set[str] = set()
        for row in rows:
            if row["source"] == "vitaminc-synthetic" and rng.random() > SYNTHETIC_SHARE:
                continue
            if len(seen) < most and row["evidence"][:200] not in seen:
                seen.add(row["evidence"][:200])
                found.append(Pair(row["claim"], row["lang"], row["evidence"], row["lang"]))
    return found


def translations(directory: Path) -> list[Pair]:
    """Every sentence with its translation, in both directions."""
    rows = [row for name in TRANSLATIONS for row in _rows(directory / f"{name}.jsonl")]
    long = [row for row in rows if len(row["en"].split()) >= MIN_WORDS]
    return [Pair(row["en"], "en", row["ind"], "id") for row in long] + [
        Pair(row["ind"], "id", row["en"], "en") for row in long
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.is_file():
        print(f"without {path.name}, which is not there", flush=True)
        return
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def vectors(pairs: Sequence[Pair], role: Role, kept: dict[str, Vectors]) -> Vectors:
    """Centred vectors of one side of the pairs; `kept` holds the plain ones of texts seen before, by digest."""
    texts = [(p.query, p.query_language) if role == "query" else (p.passage, p.passage_language) for p in pairs]
    texts = [(text[:MAX_CHARS], language) for text, language in texts]
    keys = [hashlib.sha256(f"{role}\x1f{text}".encode()).hexdigest()[:24] for text, _ in texts]
    new = {key: text for key, (text, _) in zip(keys, texts, strict=True) if key not in kept}
    if new:
        embedder = plain_packaged_embedder(Settings.load())
        embed = embedder.queries if role == "query" else embedder.passages
        kept.update(zip(new, embed(list(new.values()), [None] * len(new)), strict=True))
    plain = np.stack([kept[key] for key in keys])
    return LanguageMeans.shipped().centred(plain, role, [language for _, language in texts])


def trained(claims: tuple[Vectors, Vectors], bridges: tuple[Vectors, Vectors], seed: int) -> Vectors:
    """The map: `x @ map.T` for a row vector `x`. `claims` and `bridges` are (queries, passages), row by row."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # so that the same seed gives the same map
    rng = np.random.default_rng(seed)
    a, b, x, y = (torch.from_numpy(side) for side in (*claims, *bridges))
    identity = torch.eye(a.shape[1])
    matrix = torch.nn.Parameter(identity.clone())
    optimiser = torch.optim.Adam([matrix], lr=LEARNING_RATE)
    for epoch in range(EPOCHS):
        order = rng.permutation(len(a))
        for start in range(0, len(a) - BATCH + 1, BATCH):
            some, others = order[start : start + BATCH], rng.integers(0, len(x), BATCH // 2)
            loss = _contrastive(torch.cat([a[some], x[others]]), torch.cat([b[some], y[others]]), matrix)
            loss = loss + NEAR_IDENTITY * ((matrix - identity) ** 2).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        print(f"epoch {epoch + 1}: loss {float(loss.detach()):.3f}", flush=True)
    return matrix.detach().numpy()


def _contrastive(queries: torch.Tensor, passages: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    mapped = [torch.nn.functional.normalize(side @ matrix.T, dim=1) for side in (queries, passages)]
    alike = mapped[0] @ mapped[1].T / TEMPERATURE
    right = torch.arange(len(queries))
    return (torch.nn.functional.cross_entropy(alike, right) + torch.nn.functional.cross_entropy(alike.T, right)) / 2


def main() -> None:
    """Embeds the pairs, trains the map and writes it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--cache", type=Path, help="keeps the plain vectors between runs")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()

    claims, bridges = claims_with_evidence(arguments.directory, arguments.seed), translations(arguments.directory)
    print(f"{len(claims)} claims with evidence, {len(bridges)} translations", flush=True)
    kept = _load(arguments.cache)
    sides = [vectors(pairs, role, kept) for pairs in (claims, bridges) for role in ("query", "passage")]
    if arguments.cache:
        np.savez(arguments.cache, keys=np.array(list(kept)), vectors=np.stack(list(kept.values())))
    matrix = trained((sides[0], sides[1]), (sides[2], sides[3]), arguments.seed)
    np.savez_compressed(arguments.out, map=matrix.astype(np.float16))
    print(f"{arguments.out.name}: {arguments.out.stat().st_size} bytes", flush=True)


def _load(cache: Path | None) -> dict[str, Vectors]:
    if cache is None or not cache.is_file():
        return {}
    with np.load(cache, allow_pickle=False) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))


if __name__ == "__main__":
    main()
