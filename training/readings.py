"""What the offline judge reads in labelled claims and their evidence: the rows that `fit_stance` fits.

Each claim is read beside its given evidence, and beside a few passages that look alike and were not given: those of
the set's own corpus, else the evidence of other rows. They stand for what retrieval brings, and count as neutral.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from factcheck.corpus import split_passages
from factcheck.evals.corpora import corpus_file, eval_corpus
from factcheck.evals.datasets import load_corpus_documents, load_dataset
from factcheck.evals.rows import Dataset, Row
from factcheck.evals.verdicts import claim_of, given_candidates
from factcheck.index import Corpus
from factcheck.lexical import LexicalEntry, LexicalIndex
from factcheck.retrieve import retrieve
from factcheck.settings import Settings
from factcheck.types import Candidate, Claim, Document, Label, Stance
from factcheck.verify.found import Found, how_found
from factcheck.verify.offline import OfflineJudge
from factcheck.verify.stance import Reading

DAY = date(2026, 1, 1)
ALIKE = 3
"""Passages added to a claim that were not given with it."""

TOO_ALIKE = 0.3
"""Share of words (Jaccard) from which a passage is another version of the given evidence, and may well speak."""


class Witness(NamedTuple):
    """A reading with its source's place and, where annotators gave one, its stance."""

    reading: Reading
    document: str
    stance: Stance | None
    given: bool


class Read(NamedTuple):
    """One row of a set, read."""

    set: str
    id: str
    label: Label | None
    witnesses: tuple[Witness, ...]
    language: str | None
    numeric: bool


def read_sets(files: Sequence[Path], judge: OfflineJudge, cache: Path | None) -> list[Read]:
    """All rows of some verdict sets; `cache` keeps what was read with one model."""
    found: list[Read] = []
    for file in files:
        kept = cache / f"{file.stem}-{judge.models['verifier'].rpartition('@')[2]}.pickle" if cache else None
        if kept and kept.exists():
            found += pickle.loads(kept.read_bytes())
            continue
        rows = list(_read(load_dataset(file), judge))
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(rows))
        found += rows
        print(f"{file.stem}: {len(rows)} rows read", flush=True)
    return found


def _read(dataset: Dataset, judge: OfflineJudge) -> Iterator[Read]:
    alike = _Alike(dataset) if ALIKE else None
    for row in dataset.rows:
        claim = claim_of(row.question, DAY)
        given = given_candidates(row.question, claim, lift_time_rule=True)
        others = alike.to(row, claim) if alike else ()
        heard = judge.read(claim, (*given, *others))
        stances = row.gold.stances if row.gold else {}
        alone = len({c.document.id for c in given}) == 1
        witnesses = []
        for place, (candidate, one) in enumerate(zip((*given, *others), heard, strict=True)):
            mine = place < len(given)
            stance = stances.get(candidate.document.id) if mine else "neutral"
            if mine and stance is None and alone and row.gold and row.gold.label:
                stance = {"supported": "supports", "refuted": "refutes", "not_enough_evidence": "neutral"}.get(
                    row.gold.label
                )
            witnesses.append(Witness(one.reading, candidate.document.id, stance, mine))
        label = row.gold.label if row.gold else None
        numeric = any(one.check.comparisons or one.check.unmatched for one in heard)
        yield Read(dataset.name, row.question.id, label, tuple(witnesses), row.question.language, numeric)


class FoundWitness(NamedTuple):
    """A reading of a passage that retrieval brought, how it was found, its origin, and its stance where it is known."""

    reading: Reading
    found: Found
    origin: str
    stance: Stance | None


class FoundRow(NamedTuple):
    """A claim with what was found for it in its set's corpus."""

    id: str
    label: Label
    witnesses: tuple[FoundWitness, ...]


def read_found(
    files: Sequence[Path], judge: OfflineJudge, settings: Settings, cache: Path | None
) -> Iterator[tuple[str, list[FoundRow]]]:
    """Each set's name and its rows; `cache` keeps what was read with one model."""
    for file in files:
        kept = cache / f"found-{file.stem}-{judge.models['verifier'].rpartition('@')[2]}.pickle" if cache else None
        if kept and kept.exists():
            yield file.stem, pickle.loads(kept.read_bytes())
            continue
        dataset = load_dataset(file)
        corpus = eval_corpus(corpus_file(dataset), settings)
        rows = [_found_row(row, judge, corpus, settings) for row in dataset.rows if row.gold and row.gold.label]
        corpus.close()
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(rows))
        print(f"{file.stem}: {len(rows)} rows read", flush=True)
        yield file.stem, rows


def _found_row(row: Row, judge: OfflineJudge, corpus: Corpus, settings: Settings) -> FoundRow:
    claim = claim_of(row.question, DAY)
    candidates = retrieve(claim, corpus, settings).candidates
    heard = judge.read(claim, candidates)
    stances = [known_stance(row, candidate.document.id, candidate.passage.text) for candidate in candidates]
    places = how_found(candidates) or ()
    witnesses = zip(heard, places, candidates, stances, strict=True)
    assert row.gold and row.gold.label
    return FoundRow(
        row.question.id,
        row.gold.label,
        tuple(FoundWitness(one.reading, found, c.origin, stance) for one, found, c, stance in witnesses),
    )


def known_stance(row: Row, document: str, text: str) -> Stance | None:
    """The stance of a passage that was found: the annotators', else none, or None where nobody knows."""
    assert row.gold
    given = {piece.doc_id for piece in row.question.evidence}
    if document not in given and document not in row.gold.doc_ids:
        words = frozenset(text.casefold().split())
        others = [frozenset(piece.text.casefold().split()) for piece in row.question.evidence]
        return None if any(len(words & w) >= TOO_ALIKE * len(words | w) for w in others) else "neutral"
    if document in row.gold.stances:
        return row.gold.stances[document]
    sides: dict[Label, Stance] = {"supported": "supports", "refuted": "refutes", "not_enough_evidence": "neutral"}
    return sides.get(row.gold.label) if row.gold.label else None


class _Alike:
    """Passages of a set's corpus, or of its other rows, that share a claim's words."""

    def __init__(self, dataset: Dataset) -> None:
        self._documents: dict[str, Document] = {}
        if dataset.corpus is not None and dataset.corpus.is_file():
            self._documents = {document.id: document for document in load_corpus_documents(dataset.corpus)}
        else:
            for row in dataset.rows:
                claim = claim_of(row.question, DAY)
                for candidate in given_candidates(row.question, claim, lift_time_rule=True):
                    self._documents.setdefault(candidate.document.id, candidate.document)
        self._passages = {p.id: (p, d) for d in self._documents.values() for p in split_passages(d)}
        self._index = LexicalIndex(
            LexicalEntry(key, f"{d.title or ''} {p.text}", None) for key, (p, d) in self._passages.items()
        )

    def to(self, row: Row, claim: Claim) -> tuple[Candidate, ...]:
        barred = {piece.doc_id for piece in row.question.evidence} | set(row.gold.doc_ids if row.gold else ())
        given = [frozenset(piece.text.casefold().split()) for piece in row.question.evidence]
        found = []
        for key, _ in self._index.search(claim.text, 40, None):
            passage, document = self._passages[key]
            words = frozenset(passage.text.casefold().split())
            if document.id not in barred and all(len(words & g) < TOO_ALIKE * len(words | g) for g in given):
                found.append(
                    Candidate(passage=passage, document=document, score=0.0, timing="rule_lifted", origin=document.id)
                )
                barred.add(document.id)
            if len(found) == ALIKE:
                break
        return tuple(found)
