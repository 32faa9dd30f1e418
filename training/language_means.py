"""Makes factcheck/models/e5_language_means.npz: the mean vector of each language and role for the packaged encoder.

    python training/language_means.py NLI.jsonl

NLI.jsonl holds one claim and evidence pair a line (`lang`, `claim`, `evidence`). Claims are embedded as queries and
evidence as passages, a fixed sample of each language; `general`, for every other language, is the mean of the
languages' means. Only the means are kept, no text.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np

from factcheck.embed import Role, load_embedder, packaged_directory
from factcheck.settings import Settings

OUT = Path(__file__).parent.parent / "factcheck" / "models" / "e5_language_means.npz"


def texts_by_language(path: Path) -> dict[tuple[Role, str], list[str]]:
    """The distinct claims and pieces of evidence of the file, by role and language."""
    found: dict[tuple[Role, str], set[str]] = defaultdict(set)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            found["query", pair["lang"]].add(pair["claim"])
            found["passage", pair["lang"]].add(pair["evidence"])
    return {key: sorted(texts) for key, texts in sorted(found.items())}


def main() -> None:
    """Embeds the samples without centring and writes their means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--sample", type=int, default=1500, help="texts of each role and language")
    parser.add_argument("--seed", type=int, default=13)
    arguments = parser.parse_args()

    settings = Settings.load()
    # A directory is embedded as it stands, without means: the very vectors that are to be averaged.
    directory = packaged_directory(settings)
    embedder = load_embedder(settings.model_copy(update={"embedding_model": str(directory)}))
    rng = random.Random(arguments.seed)
    means: dict[str, np.ndarray] = {}
    for (role, language), texts in texts_by_language(arguments.pairs).items():
        sample = rng.sample(texts, min(arguments.sample, len(texts)))
        embed = embedder.queries if role == "query" else embedder.passages
        means[f"{role}_{language}"] = embed(sample, [language] * len(sample)).mean(axis=0)
        print(f"{role} {language}: {len(sample)} texts", flush=True)
    for role in ("query", "passage"):
        own = [mean for key, mean in means.items() if key.startswith(f"{role}_")]
        means[f"{role}_general"] = np.mean(own, axis=0)
    np.savez_compressed(OUT, **{key: mean.astype(np.float32) for key, mean in means.items()})
    print(f"{OUT.name}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
