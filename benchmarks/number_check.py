"""How often `factcheck.compare` decides the numeric claims of labelled pairs, and how often it is right.

    python benchmarks/number_check.py ROWS.jsonl [...] [--half look|score] [--limit N] [--show disagree:supported]

Each file holds one JSON object a line: `claim`, `label` (supported, refuted, not_enough_evidence), `lang`, and
either `evidence` as text or as a list of passages with `text`, `title` and `stance`. Halves are drawn by a hash of
`group`, so that texts of one page fall on one side. Every pair is also scored with the evidence of another group,
which says how often unrelated text is taken to speak of the claim.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from factcheck.compare import compare
from factcheck.dates import find_dates
from factcheck.numbers import find_quantities

LABELS = ("supported", "refuted", "not_enough_evidence")
VERDICTS = ("agree", "disagree", "unmatched", "nothing")
STANCES = {"supports": "supported", "refutes": "refuted", "neutral": "not_enough_evidence"}
SEED = 13


class Pair(NamedTuple):
    """A claim beside one source text, with what people said of the two."""

    claim: str
    source: str
    label: str
    language: str
    group: str
    origin: str
    """The data set that a row of a mixed file comes from."""


def half(group: str) -> str:
    """The side of the split that a group is on: `look` (to tune on) or `score` (never looked at)."""
    return "look" if hashlib.sha256(group.encode()).digest()[0] % 2 else "score"


def pairs_of(path: Path) -> Iterator[Pair]:
    """The pairs of a rows file, one for each passage that has a stance or stands alone."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        group, origin = str(row.get("group") or row["claim"]), str(row.get("source") or path.stem)
        evidence = row["evidence"]
        if isinstance(evidence, str):
            yield Pair(row["claim"], evidence, row["label"], row["lang"], group, origin)
            continue
        for passage in evidence:
            label = STANCES.get(passage.get("stance") or "", row["label"] if len(evidence) == 1 else "")
            title = f"{passage['title']}. " if passage.get("title") else ""
            if label in LABELS:
                page = passage.get("title") or group
                yield Pair(row["claim"], title + passage["text"], label, row["lang"], page, origin)


def shuffled(pairs: Sequence[Pair]) -> list[Pair]:
    """Each claim with the evidence of another group of its language."""
    rng = random.Random(SEED)
    by_language: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_language.setdefault(pair.language, []).append(pair)
    mixed = []
    for pair in pairs:
        others = by_language[pair.language]
        chosen = [rng.choice(others) for _ in range(20)]
        other = next((o for o in chosen if o.group != pair.group), None)
        mixed += [pair._replace(source=other.source, label="not_enough_evidence")] if other else []
    return mixed


def outcome(pair: Pair) -> str | None:
    """The verdict on a pair, or None where the claim has no number or date."""
    language = pair.language
    if not find_quantities(pair.claim, language) and not find_dates(pair.claim, language):
        return None
    return compare(pair.claim, pair.source, claim_language=language, source_language=language).verdict


def outcomes(pairs: Sequence[Pair], workers: int) -> list[str | None]:
    """The verdicts on all pairs, in their order."""
    if workers < 2:
        return [outcome(pair) for pair in pairs]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(outcome, pairs, chunksize=200))


def table(title: str, told: Iterable[tuple[str, str]], mixed: Iterable[str]) -> str:
    """Verdict by label, with precision, recall and the share left undecided."""
    counts, astray = Counter(told), Counter(mixed)
    total = sum(counts.values())
    if not total:
        return f"{title}: no claim with a number or date"
    lines = [f"{title}: {total} numeric pairs", f"  {'':10}" + "".join(f"{label[:9]:>11}" for label in LABELS)]
    for verdict in VERDICTS:
        row = [counts[verdict, label] for label in LABELS]
        lines.append(f"  {verdict:10}" + "".join(f"{n:>11}" for n in row) + f"  {_share(sum(row), total)}")
    supported, refuted, unknown = ([counts[verdict, label] for verdict in VERDICTS] for label in LABELS)
    lines += [
        f"  P(refuted | disagree) {_share(refuted[1], supported[1] + refuted[1] + unknown[1])}, "
        f"among decided labels {_share(refuted[1], supported[1] + refuted[1])}, "
        f"of refuted {_share(refuted[1], sum(refuted))}",
        f"  P(supported | agree, decided label) {_share(supported[0], supported[0] + refuted[0])}, "
        f"of supported {_share(supported[0], sum(supported))}",
    ]
    if others := sum(astray.values()):
        lines.append(
            f"  other evidence: disagree {_share(astray['disagree'], others)}, agree {_share(astray['agree'], others)}"
        )
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def report(name: str, pairs: Sequence[Pair], workers: int, show: str | None = None) -> str:
    """The tables of one file, for each data set in it; `show` lists pairs of one verdict and label."""
    verdicts = outcomes(pairs, workers)
    mixed = shuffled(pairs)
    astray = outcomes(mixed, workers)
    parts = []
    for origin in sorted({(pair.origin, pair.language) for pair in pairs}):
        told = [(v, p.label) for v, p in zip(verdicts, pairs, strict=True) if v and (p.origin, p.language) == origin]
        other = [v for v, p in zip(astray, mixed, strict=True) if v and (p.origin, p.language) == origin]
        parts.append(table(f"{name} {origin[0]} [{origin[1]}]", told, other))
    if show:
        verdict, _, label = show.partition(":")
        drawn = zip(astray, mixed, strict=True) if label == "other" else zip(verdicts, pairs, strict=True)
        parts += [f"- {p.claim}\n  {p.source}" for v, p in drawn if v == verdict and label in ("other", p.label)]
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+", type=Path)
    parser.add_argument("--half", choices=("look", "score"))
    parser.add_argument("--limit", type=int, help="pairs of each file, drawn at random")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--show", help="VERDICT:LABEL, or VERDICT:other for pairs with another group's evidence")
    args = parser.parse_args()
    for path in args.rows:
        pairs = [pair for pair in pairs_of(path) if args.half in (None, half(pair.group))]
        random.Random(SEED).shuffle(pairs)
        print(report(f"{path.name} {args.half or 'all'}", pairs[: args.limit], args.workers, args.show))


if __name__ == "__main__":
    main()
