"""Near copies at ingest: what finding them costs, and how many made copies are found and changed facts kept apart.

python benchmarks/copies_bench.py CORPUS.jsonl... [--documents 2000] [--made 300] [--seed 7] [--json FILE]

Documents are read from the files; from some of them copies are made (a dateline, a cut beginning or end, a few words
changed, a sentence added) and texts that differ in one fact (a number, a name, a month, a negation). All are added in
random order. A copy is found when its passage is in its original's cluster; `pairwise` says how many near_copy itself
takes for copies when it is shown the two texts, which is the most that can be found. Nothing is embedded.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from factcheck import copies
from factcheck.alike import near_copy
from factcheck.corpus import DocumentStore, load_documents, split_passages
from factcheck.text import sentences
from factcheck.types import Document

MIN_CHARS, MAX_CHARS = 200, 650
"""Texts that copies are made of: more than one sentence, and one passage even with a dateline."""
PLAIN = re.compile(r"(?<=\w )[a-z]{5,}(?= \w)")
AFTER = re.compile(r"\b(?:is|are|was|were|has|have|will|would|can|akan|telah|sudah|adalah|dapat|bisa|masih)\b")
MONTHS = (
    "January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
    "Januari", "Februari", "Maret", "Juni", "Juli", "Agustus", "Oktober", "Desember",
)  # fmt: skip
MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b")
DIGIT = re.compile(r"(?<=\d)\d|\d(?=\d)")
NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}\b")

Make = Callable[[str, random.Random], str | None]


def _parts(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


def _dateline(text: str, draw: random.Random) -> str:
    return draw.choice(["JAKARTA, KOMPAS.com - ", "MOSCOW (AP) — ", "SEOUL, Yonhap -- "]) + text


def _cut(text: str, draw: random.Random) -> str | None:
    parts = _parts(text)
    if len(parts) < 3:
        return None
    return " ".join(parts[1:] if draw.random() < 0.5 else parts[:-1])


def _half(text: str, draw: random.Random) -> str | None:
    parts = _parts(text)
    half = len(parts) // 2
    return " ".join(parts[:half] if draw.random() < 0.5 else parts[half:]) if half >= 2 else None


def _edited(text: str, draw: random.Random) -> str | None:
    places = list(PLAIN.finditer(text))
    if len(places) < 6:
        return None
    for place in sorted(draw.sample(places, max(1, len(places) // 15)), key=lambda m: -m.start()):
        text = text[: place.start()] + draw.choice(["begitulah", "demikian", "somehow", "rather"]) + text[place.end() :]
    return text


def _added(text: str, draw: random.Random) -> str:
    return text + draw.choice([" Baca juga berita lainnya di laman kami.", " Read more stories on our site."])


def _swapped(pattern: re.Pattern[str], new: Callable[[str, random.Random], str]) -> Make:
    def make(text: str, draw: random.Random) -> str | None:
        places = list(pattern.finditer(text))
        if not places:
            return None
        place = draw.choice(places)
        return text[: place.start()] + new(place[0], draw) + text[place.end() :]

    return make


COPIES: dict[str, Make] = {
    "dateline": _dateline,
    "sentence cut": _cut,
    "half of it": _half,
    "words edited": _edited,
    "sentence added": _added,
}
CHANGED: dict[str, Make] = {
    "number": _swapped(DIGIT, lambda old, _: str((int(old) + 1) % 10)),
    "name": _swapped(NAME, lambda old, draw: draw.choice([n for n in ("Sukamto", "Wexford", "Baranov") if n != old])),
    "month": _swapped(MONTH, lambda old, draw: draw.choice([month for month in MONTHS if month[:3] != old[:3]])),
    "negation": _swapped(AFTER, lambda old, _: f"tidak {old}" if old in "akan telah sudah adalah" else f"{old} not"),
}


def read(paths: list[Path], wanted: int, seed: int) -> list[Document]:
    """So many documents of the files, drawn at random; each file gives its share."""
    found: list[Document] = []
    for path in paths:
        documents = [one for one in load_documents(path) if isinstance(one, Document)]
        found += random.Random(seed).sample(documents, min(len(documents), wanted // len(paths)))
    return list({document.text: document for document in found}.values())


def made(documents: list[Document], count: int, draw: random.Random) -> Iterator[tuple[str, Document, Document]]:
    """Kind, original and made text. Copies and changed facts are made of different originals: a piece that stands in
    two versions of a report belongs to one of them, and nobody can say which."""
    short = [one for one in documents if MIN_CHARS <= len(one.text) <= MAX_CHARS]
    draw.shuffle(short)
    for kind, make in {**COPIES, **CHANGED}.items():
        some = short[::2] if kind in COPIES else short[1::2]
        draw.shuffle(some)
        texts = ((one, make(one.text, draw)) for one in some)
        for one, text in islice(((one, text) for one, text in texts if text and text != one.text), count):
            yield kind, one, Document.from_text(text, publisher=f"made: {kind}", language=one.language)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's (1927) 95 % interval of a share."""
    z, share = 1.96, hits / n
    middle, reach = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def main() -> None:
    """Prints a table, and writes it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--made", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    originals = read(given.corpus, given.documents, given.seed)
    cases = list(made(originals, given.made, draw))
    everything = [*originals, *(case[2] for case in cases)]
    draw.shuffle(everything)
    first = {one.id: split_passages(one)[0].id for one in everything}
    copies.keys_of("the library is loaded before the clock runs: once in a process")
    with tempfile.TemporaryDirectory() as folder, DocumentStore(Path(folder) / "corpus.sqlite3") as store:
        seconds = 0.0
        for i in range(0, len(everything), 64):
            store.mark_ready(
                store.put_pending(some := everything[i : i + 64], [p for d in some for p in split_passages(d)])
            )
            began = time.process_time()
            copies.refresh(store)
            seconds += time.process_time() - began
        passages = store.counts().passages
        origin = store.origins_of(first.values())
        sizes = Counter(Counter(store.origins_of(p.id for p in store.all_passages()).values()).values())
        size = {
            str(name): int(pages)
            for name, pages in store.rows("SELECT name, sum(pgsize) FROM dbstat WHERE name LIKE '%copy%' GROUP BY name")
        }
    print(
        f"{passages:,} passages of {len(everything):,} documents, {seconds / passages * 1000:.2f} ms of processor each"
    )
    print(f"tables of copies: {sum(size.values()) / passages:,.0f} bytes a passage")
    print("clusters by size:", dict(sorted(sizes.items())))
    outcomes: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for kind, one, other in cases:
        outcomes[kind].append((origin[first[one.id]] == origin[first[other.id]], near_copy(one.text, other.text)))
    rows = []
    for kind, pairs in outcomes.items():
        together, pairwise = sum(joined for joined, _ in pairs), sum(alike for _, alike in pairs)
        low, high = wilson(together, len(pairs))
        rows.append(
            {"kind": kind, "copy": kind in COPIES, "pairs": len(pairs), "together": together, "pairwise": pairwise}
        )
        what = "copy" if kind in COPIES else "changed fact"
        print(
            f"{what:13} {kind:15} {len(pairs):4} pairs  together {together / len(pairs):.3f} [{low:.3f}, {high:.3f}]"
            f"  pairwise {pairwise / len(pairs):.3f}"
        )
    if given.json:
        record = {"passages": passages, "ms_each": seconds / passages * 1000, "bytes": size, "rows": rows}
        given.json.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
