"""Held-out training rows as claims over a common pool of passages: what retrieval brings beside the right evidence.

python -m training.beds --data NLI.jsonl ... --out DIR

For each bed it writes `verdict_bed-NAME.jsonl`, claims that the network never saw with their evidence, and
`corpus_bed-NAME.jsonl`, that evidence among the evidence of other claims: first that of the same pages, which is the
hardest to tell from the right one, then any.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from training.rows import Row, read_rows


class Bed(NamedTuple):
    """The sources of a bed, its claims and its passages at most."""

    sources: tuple[str, ...]
    claims: int
    passages: int


BEDS = {
    "fever": Bed(("fever-train",), 320, 5000),
    "vitaminc": Bed(("vitaminc-real", "vitaminc-synthetic"), 260, 5000),
    "id": Bed(("indonli-train", "idk-mrc", "squad-indonesian"), 360, 5000),
}

_STANCES = {"supported": "supports", "refuted": "refutes", "not_enough_evidence": "neutral"}


def main() -> None:
    """Write the beds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows = read_rows(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, bed in BEDS.items():
        claims, passages = made([row for row in rows if row.source in bed.sources], bed, f"corpus_bed-{name}.jsonl")
        _write(options.out / f"verdict_bed-{name}.jsonl", claims)
        _write(options.out / f"corpus_bed-{name}.jsonl", passages)
        labels = Counter(str(claim["label"]) for claim in claims)
        print(f"{name}: {len(claims)} claims ({dict(labels)}), {len(passages)} passages")


def made(rows: Sequence[Row], bed: Bed, corpus: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Claims with their evidence, about the same number of each label, and the pool."""
    chance = random.Random(5)
    of_claim: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.held_out:
            of_claim[row.claim.casefold()].append(row)
    by_label: dict[str, list[list[Row]]] = defaultdict(list)
    for own in chance.sample(list(of_claim.values()), len(of_claim)):
        by_label[_label(own)].append(own)
    most = bed.claims // len(by_label)
    chosen = [own for some in by_label.values() for own in some[:most]]
    texts: dict[str, str] = {}

    def put(text: str) -> str:
        return texts.setdefault(text, f"p{len(texts)}")

    claims = [_claim(own, [put(row.evidence) for row in own], corpus) for own in chosen]
    pages = {row.group for own in chosen for row in own}
    near = chance.sample(rows, len(rows))
    for row in sorted(near, key=lambda row: row.group not in pages):
        if len(texts) >= bed.passages:
            break
        put(row.evidence)
    return claims, [{"doc_id": key, "text": text} for text, key in texts.items()]


def _label(rows: Sequence[Row]) -> str:
    labels = {row.label for row in rows} - {"not_enough_evidence"}
    return "conflicting" if len(labels) == 2 else labels.pop() if labels else "not_enough_evidence"


def _claim(rows: Sequence[Row], keys: Sequence[str], corpus: str) -> dict[str, Any]:
    evidence = [
        {"doc_id": key, "text": row.evidence, "stance": _STANCES[row.label]}
        for key, row in zip(keys, rows, strict=True)
    ]
    return {
        "id": rows[0].id,
        "lang": rows[0].lang,
        "claim": rows[0].claim,
        "label": _label(rows),
        "evidence": evidence,
        "gold_doc_ids": sorted(
            {key for key, row in zip(keys, rows, strict=True) if row.label != "not_enough_evidence"}
        ),
        "corpus": corpus,
    }


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
