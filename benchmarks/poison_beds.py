"""Evaluation corpora with planted lies, and what the product's retrieval and verifier make of them. For `poison`.

Every document gets a made-up publisher and address, drawn alike for true and planted ones; in the newsroom's variant
the planted ones come from publishers that its file of tiers does not name. Readings are kept, since what the verifier
reads in a passage does not depend on where it comes from.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from poison_lies import KINDS, Kind, Target, lies

from factcheck.corpus import split_passages
from factcheck.embed import Embedder, Vectors
from factcheck.evals.corpora import corpus_directory, corpus_file, eval_corpus
from factcheck.evals.datasets import load_corpus_documents, load_dataset
from factcheck.evals.rows import Row
from factcheck.evals.verdicts import claim_of
from factcheck.index import Corpus, indexed_text
from factcheck.retrieve import retrieve
from factcheck.settings import Settings
from factcheck.text import detect_language, names
from factcheck.types import Candidate, Claim, Document, Label
from factcheck.verify.offline import Heard, OfflineJudge

SEED = 8
TODAY = date(2026, 1, 1)
_FIRST = ("Harbour", "Northern", "Valley", "Meridian", "Lakeside", "Granite", "Eastgate", "Beacon")
_LAST = ("Courier", "Review", "Dispatch")
KNOWN = tuple(f"{a} {b}" for a in _FIRST for b in _LAST)
"""Publishers of true documents, and of planted ones where no label gives them away."""
UNKNOWN = tuple(
    f"{a} {b}" for a in ("Liberty", "Patriot", "Insider", "Viral", "Truth", "Clarion") for b in ("Wire", "Now")
)
"""Publishers that the newsroom's file of tiers does not name."""

Say = Callable[[str], None]


class Asked(NamedTuple):
    """A claim with what retrieval brought for it, and what the verifier read there."""

    id: str
    claim: Claim
    label: Label
    candidates: tuple[Candidate, ...]
    heard: tuple[Heard, ...]
    kinds: tuple[Kind, ...] = ()
    """The kinds of the lies planted about it."""


World = Mapping[str, Sequence[Asked]]
"""The claims by corpus: `clean`, `others` (clean too, not attacked) and the share that was planted."""


class Measured(NamedTuple):
    """A set in every world."""

    name: str
    passages: int
    worlds: Mapping[str, World]


class Plan(NamedTuple):
    """The claims of a set that are attacked, and others that only clean accuracy is measured on."""

    name: str
    attacked: tuple[Row, ...]
    others: tuple[Row, ...]


def address(publisher: str, key: str) -> str:
    """A made-up address of a document at a made-up publisher."""
    return f"https://{publisher.lower().replace(' ', '-')}.example/{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def tiers_file(path: Path) -> Path:
    """Writes the newsroom's file: the known publishers are established, and nothing else is rated."""
    hosts = ", ".join(json.dumps(address(name, "")[8:].split("/")[0]) for name in KNOWN)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'[[rule]]\nmatch = [{hosts}]\ntier = "established"\n', encoding="utf-8")
    return path


def plan(path: Path, count: int, others: int) -> Plan:
    """The first `count` rows that are supported or refuted by evidence in the corpus, and the first other rows."""
    dataset = load_dataset(path, "verdict")
    rows = [row for row in dataset.rows if row.gold]
    decided = [row for row in rows if row.gold and row.gold.label in ("supported", "refuted") and row.gold.doc_ids]
    rest = [row for row in rows if row.gold and row.gold.label not in ("supported", "refuted")]
    return Plan(dataset.name, tuple(decided[:count]), tuple(rest[:others]))


class _Known:
    """An embedder that takes the vectors of passages from where they are known, and makes the others."""

    def __init__(self, embedder: Embedder, known: Mapping[tuple[str, str | None], Vectors]) -> None:
        self._embedder, self._known = embedder, known
        self.name, self.revision, self.scheme = embedder.name, embedder.revision, embedder.scheme
        self.dimension = embedder.dimension

    def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        keys = list(zip(texts, languages, strict=True))
        new = [key for key in keys if key not in self._known]
        vectors = self._embedder.passages([text for text, _ in new], [language for _, language in new])
        made = dict(zip(new, vectors, strict=True)) if new else {}
        return np.stack([self._known[key] if key in self._known else made[key] for key in keys])

    def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        return self._embedder.queries(texts, languages)


def _vectors_of(file: Path, settings: Settings, embedder: Embedder, say: Say) -> dict[tuple[str, str | None], Vectors]:
    """The vectors of a corpus file's passages, from the index that `factcheck eval` keeps of it."""
    with eval_corpus(file, settings, say, embedder=embedder) as corpus:
        cut = [(passage, document) for document in corpus.documents() for passage in split_passages(document)]
        vectors: dict[str, Vectors] = {}
        for i in range(0, len(cut), 2000):
            vectors |= corpus.passage_vectors([passage.id for passage, _ in cut[i : i + 2000]])
    return {(indexed_text(p, d), d.language): vectors[p.id] for p, d in cut if p.id in vectors}


@contextmanager
def published(path: Path, settings: Settings, embedder: Embedder, say: Say) -> Iterator[Corpus]:
    """A copy of a set's corpus in which every document has a publisher and an address; gone afterwards."""
    dataset = load_dataset(path, "verdict")
    source = corpus_file(dataset)
    file = settings.home / "poison" / f"published-{source.stem}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    draw = random.Random(SEED)
    with file.open("w", encoding="utf-8") as out:
        for document in load_corpus_documents(source):
            publisher = draw.choice(KNOWN)
            row = {"doc_id": document.id, "text": document.text, "title": document.title, "publisher": publisher}
            row |= {"url": address(publisher, document.id), "language": document.language}
            out.write(json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False) + "\n")
    known = _vectors_of(source, settings, embedder, say)
    eval_corpus(file, settings, say, embedder=_Known(embedder, known)).close()
    kept = corpus_directory(file, settings, embedder)
    working = kept.with_name(f"{kept.name}-poisoned")
    shutil.rmtree(working, ignore_errors=True)
    shutil.copytree(kept, working)
    corpus = Corpus.open_or_create(working, embedder)
    try:
        yield corpus
    finally:
        corpus.close()
        shutil.rmtree(working, ignore_errors=True)


def targets(attacked: Sequence[Row]) -> list[Target]:
    """What the attacker knows of each claim."""
    named = [tuple(span.of(row.question.text) for span in names(row.question.text)) for row in attacked]
    every = tuple(dict.fromkeys(name for own in named for name in own))
    found = []
    for row, own in zip(attacked, named, strict=True):
        assert row.gold
        side = "supports" if row.gold.label == "supported" else "refutes"
        pieces = [p for p in row.question.evidence if p.doc_id in row.gold.doc_ids]
        telling = [p for p in pieces if row.gold.stances.get(p.doc_id) == side] or pieces
        found.append(
            Target(
                row.question.text,
                row.question.language or detect_language(row.question.text) or "en",
                row.gold.label == "supported",
                telling[0].text if telling else row.question.text,
                telling[0].title if telling else None,
                tuple(name for name in every if name not in own),
            )
        )
    return found


def planted(
    attacked: Sequence[Row], budget: int, publishers: Sequence[str]
) -> tuple[list[Document], list[tuple[Kind, ...]]]:
    """`budget` lies spread evenly over the claims, as documents, and the kinds of each claim's."""
    draw, naming = random.Random(SEED), random.Random(SEED + 1)
    documents: list[Document] = []
    kinds: list[tuple[Kind, ...]] = []
    for i, target in enumerate(targets(attacked)):
        count = budget // len(attacked) + (i < budget % len(attacked))
        made = lies(target, count, draw, first=i % len(KINDS), outlets=KNOWN)
        kinds.append(tuple(kind for kind, _ in made))
        for n, (_, text) in enumerate(made):
            publisher, key = naming.choice(publishers), f"planted-{i}-{n}"
            documents.append(
                Document(
                    id=key,
                    text=text,
                    title=target.title,
                    publisher=publisher,
                    url=address(publisher, key),
                    language=target.language,
                )
            )
    return documents, kinds


class Reader:
    """The offline verifier's readings, kept in a file from which they are taken where they are there."""

    def __init__(self, judge: OfflineJudge, path: Path) -> None:
        self._judge, self._path = judge, path
        self._kept: dict[str, Heard] = pickle.loads(path.read_bytes()) if path.exists() else {}

    def read(self, claim: Claim, candidates: Sequence[Candidate]) -> tuple[Heard, ...]:
        """What was read in each candidate."""
        keys = [self._key(claim, one) for one in candidates]
        missing = [i for i, key in enumerate(keys) if key not in self._kept]
        if missing:
            read = self._judge.read(claim, [candidates[i] for i in missing])
            self._kept.update({keys[i]: one for i, one in zip(missing, read, strict=True)})
        return tuple(self._kept[key] for key in keys)

    def save(self) -> None:
        """Keeps what was read so far."""
        beside = self._path.with_suffix(".new")
        beside.write_bytes(pickle.dumps(self._kept))
        beside.replace(self._path)

    def _key(self, claim: Claim, one: Candidate) -> str:
        parts = (
            *self._judge.models.values(),
            claim.text,
            one.document.title or "",
            one.document.text,
            one.passage.text,
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def asked(
    rows: Sequence[Row], corpus: Corpus, settings: Settings, reader: Reader, kinds: Sequence[tuple[Kind, ...]] = ()
) -> list[Asked]:
    """What is found and read for each row's claim."""
    found = []
    for i, row in enumerate(rows):
        claim = claim_of(row.question, TODAY)
        candidates = retrieve(claim, corpus, settings).candidates
        heard = reader.read(claim, candidates)
        assert row.gold and row.gold.label
        found.append(Asked(row.question.id, claim, row.gold.label, candidates, heard, kinds[i] if kinds else ()))
    reader.save()
    return found
