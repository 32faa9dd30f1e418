"""Draws extracted claims to be read by eye, and counts what was judged of them.

    python benchmarks/read_by_eye.py draw BENCH_DIR --salt SALT > judged.jsonl
    python benchmarks/read_by_eye.py count judged.jsonl...

`draw` takes 40 claims from Factcheck-Bench, 20 from FActScore and 40 from our own Indonesian texts (the notes and the
article in corpus/): those whose sha256 over salt, text and claim is the lowest, so that nobody chooses. A line each,
with the sentences that the claim comes from and what was filled in; `faithful` and `alone` are left open for a reader,
with room for `why` where one of them is false. `count` gives the shares with Wilson 95 % intervals.

Faithful: the text asserts it, or for what somebody said asserts that they said it; nothing added, nothing lost that
turns the meaning. Stands alone: whoever has only the claim (and its date) knows of whom and what it speaks, well
enough to look it up; a note that something stays open does not mend it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from factcheck.extract import RuleExtractor
from factcheck.read import read_file, read_text
from factcheck.text import sentences
from factcheck.types import Claim, Document

ROOT = Path(__file__).resolve().parents[1]
SHARES = {"factcheckbench": 40, "factscore": 20, "ours": 40}
DAY = date(2026, 11, 23)
"""The day of texts without one."""
SOURCES = (
    "Factcheck-Bench (Wang et al., Findings of EMNLP 2024), Apache-2.0; FActScore biographies (Min et al., EMNLP"
    " 2023), MIT; `ours`: corpus/ of this repository"
)


class Drawn(NamedTuple):
    """A claim with the text that it comes from."""

    set: str
    row: str
    document: Document
    claim: Claim

    def order(self, salt: str) -> str:
        """What the claims are drawn by."""
        return hashlib.sha256(f"{salt}|{self.set}|{self.row}|{self.claim.id}".encode()).hexdigest()

    def line(self) -> dict[str, object]:
        """The line of the list, not judged yet."""
        claim, text = self.claim, self.document.text
        touched = [s for s in sentences(text, claim.language) if s.start < claim.end and claim.start < s.end]
        source = text[touched[0].start : touched[-1].end] if touched else claim.source_text
        return {
            "set": self.set, "row": self.row, "kind": claim.kind, "claim": claim.text, "source": source,
            "notes": claim.context or "", "faithful": None, "alone": None, "why": "",
        }  # fmt: skip


def texts(bench: Path) -> Iterator[tuple[str, str, Document]]:
    """Set, row and text of all that is drawn from, in a fixed order."""
    for name in ("factcheckbench", "factscore"):
        for line in (bench / f"extract_{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield name, row["id"], read_text(row["text"])
    for path in [ROOT / "corpus" / "demo-article.md", *sorted((ROOT / "corpus" / "notes" / "id").glob("*.md"))]:
        yield "ours", path.stem, read_file(path)


def draw(bench: Path, salt: str) -> list[Drawn]:
    """The claims drawn, by set, each set in the order of its hashes."""
    extractor = RuleExtractor()
    found: dict[str, list[Drawn]] = {name: [] for name in SHARES}
    for name, row, document in texts(bench):
        extraction, _ = extractor.extract(document, document.public_from or DAY, "article")
        found[name] += [Drawn(name, row, document, claim) for claim in extraction.claims]
    return [
        one for name, size in SHARES.items() for one in sorted(found[name], key=lambda drawn: drawn.order(salt))[:size]
    ]


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The Wilson 95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, hits / n
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def counted(lines: Sequence[dict[str, object]]) -> Iterator[str]:
    """A line for each set and for all: how many are faithful, how many stand alone."""
    groups = {name: [line for line in lines if line["set"] == name] for name in dict.fromkeys(x["set"] for x in lines)}
    for name, rows in {**groups, "all": lines}.items():
        parts = []
        for field in ("faithful", "alone"):
            open_rows = [row for row in rows if not isinstance(row[field], bool)]
            if open_rows:
                raise SystemExit(f"{len(open_rows)} claims are not judged for {field}: {open_rows[0]['claim']}")
            hits = sum(row[field] is True for row in rows)
            low, high = wilson(hits, len(rows))
            parts.append(f"{field} {hits}/{len(rows)} = {hits / len(rows):.2f} ({low:.2f}-{high:.2f})")
        yield f"{name}: {', '.join(parts)}"


def _read(paths: Iterable[Path]) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if "claim" in line]


def main() -> None:
    """Prints the list, or what was judged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("bench", type=Path)
    drawing.add_argument("--salt", required=True)
    counting = commands.add_parser("count")
    counting.add_argument("judged", type=Path, nargs="+")
    asked = parser.parse_args()
    if asked.command == "count":
        print("\n".join(counted(_read(asked.judged))))
        return
    print(json.dumps({"salt": asked.salt, "sources": SOURCES}, ensure_ascii=False))
    for drawn in draw(asked.bench, asked.salt):
        sys.stdout.write(json.dumps(drawn.line(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
