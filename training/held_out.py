"""Held-out training rows as verdict sets for `fit_stance`: one passage each, and several composed.

python -m training.held_out --data NLI.jsonl ... --out DIR

The network never saw these rows. A composed row has the evidence of one claim among that of other pages, and is
conflicting where one of its passages supports the claim and another refutes it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.rows import Row, read_rows

MOST = {
    "vitaminc-real": 420, "vitaminc-synthetic": 200, "fever-train": 420, "indonli-train": 330, "idk-mrc": 240,
    "evidence-inference": 230, "pubmedqa": 60, "fm2": 60, "squad-indonesian": 180, "semi-automatic-nli": 150,
    "mnli-dev": 150,
}  # fmt: skip
"""Most rows of a source, dealt evenly over its labels."""

COMPOSED = {
    "vitaminc": (("vitaminc-real", "vitaminc-synthetic"), 260),
    "fever": (("fever-train",), 160),
    "id": (("indonli-train", "idk-mrc"), 200),
}

_STANCES = {"supported": "supports", "refuted": "refutes", "not_enough_evidence": "neutral"}


def main() -> None:
    """Write the sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    chance = random.Random(3)
    sources: dict[str, list[Row]] = defaultdict(list)
    for row in read_rows(options.data):
        if row.held_out:
            sources[row.source].append(row)
    for name, most in MOST.items():
        _write(options.out / f"verdict_held-{name}.jsonl", single(sources[name], most, chance))
    for name, (parts, count) in COMPOSED.items():
        rows = [row for part in parts for row in sources[part]]
        _write(options.out / f"verdict_held-multi-{name}.jsonl", composed(rows, count, chance))


def single(rows: Sequence[Row], most: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Rows with their one passage, about the same number of each label."""
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in chance.sample(list(rows), len(rows)):
        by_label[row.label].append(row)
    for some in by_label.values():
        for row in some[: most // len(by_label)]:
            yield _verdict(row, row.id, row.label, [(row, row.label)])


def composed(rows: Sequence[Row], count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Rows with two to five passages, the label that is rarest so far where a claim can have several."""
    claims: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        claims[row.claim.casefold()][row.label].append(row)
    made: Counter[str] = Counter()
    for number, of in enumerate(chance.sample(list(claims.values()), min(count, len(claims)))):
        supports, refutes, neither = (of[label] for label in _STANCES)
        choices: dict[str, list[Row]] = {
            "conflicting": [supports[0], refutes[0]] if supports and refutes else [],
            "supported": supports[: 2 if chance.random() < 0.4 else 1],
            "refuted": refutes[: 2 if chance.random() < 0.4 else 1],
            "not_enough_evidence": neither[:1],
        }
        label = min((name for name, some in choices.items() if some), key=lambda name: made[name])
        made[label] += 1
        first = choices[label][0]
        others = [row for row in chance.sample(list(rows), 12) if row.group != first.group]
        wanted = chance.choice((2, 3, 3, 5)) - len(choices[label])
        pieces = [(row, row.label) for row in choices[label]]
        pieces += [(row, "not_enough_evidence") for row in others[: max(0, wanted)]]
        chance.shuffle(pieces)
        yield _verdict(first, f"{first.id}-{number}", label, pieces)


def _verdict(row: Row, identifier: str, label: str, pieces: Sequence[tuple[Row, str]]) -> dict[str, Any]:
    evidence = [
        {"doc_id": f"{identifier}-{place}", "text": piece.evidence, "stance": _STANCES[stance]}
        for place, (piece, stance) in enumerate(pieces)
    ]
    return {"id": identifier, "lang": row.lang, "claim": row.claim, "label": label, "evidence": evidence}


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    if lines:
        path.write_text("".join(lines), encoding="utf-8")
        print(f"{path.name}: {len(lines)} rows")


if __name__ == "__main__":
    main()
