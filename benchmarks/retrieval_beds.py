"""Corpora and what is looked for in them, with the plain vectors beside the corpus's own. For `retrieval`."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from factcheck.corpus import split_passages
from factcheck.embed import PACKAGED, Embedder, Role, Vectors, load_embedder, plain_packaged_embedder
from factcheck.errors import InputError
from factcheck.evals.corpora import corpus_file, eval_corpus
from factcheck.evals.datasets import load_corpus_documents, load_dataset
from factcheck.evals.lines import read_bytes, rows_of
from factcheck.index import Corpus, indexed_text
from factcheck.settings import Settings
from factcheck.text import detect_language

if TYPE_CHECKING:
    pass

DISTRACTORS = 5000
SEED = 13
LANGUAGES = ("id", "en")
_AT_ONCE = 1024

Say = Callable[[str], None]


class Query(NamedTuple):
    """What is searched for, and the documents that should be found; `own` is left out of every ranking."""

    id: str
    text: str
    language: str | None
    gold: frozenset[str]
    own: str | None = None


class Passages(NamedTuple):
    """The passages of a corpus, each with its document's id, the text it is found by, and its language."""

    ids: tuple[str, ...]
    documents: tuple[str, ...]
    texts: tuple[str, ...]
    languages: tuple[str | None, ...]


class Bed(NamedTuple):
    """A corpus file, and the queries of one set."""

    name: str
    file: Path
    queries: tuple[Query, ...]
    left_out: int
    """Rows that have no gold document, or not both wordings."""
    between_languages: bool = False


class Ground(NamedTuple):
    """A corpus, open, with its passages and their vectors without centring, shape `(passages, dimension)`."""

    corpus: Corpus
    passages: Passages
    plain: Vectors


def bed_of_set(path: Path) -> Bed:
    """The rows of an evaluation set that have gold documents.

    Raises:
        InputError: the set cannot be read, has no such row, or its corpus is not there.
    """
    dataset = load_dataset(path)
    queries = tuple(
        Query(row.question.id, row.question.text, detect_language(row.question.text), frozenset(row.gold.doc_ids))
        for row in dataset.rows
        if row.gold and row.gold.doc_ids
    )
    if not queries:
        raise InputError(f"No row of {path} has a gold document. Name sets whose rows have `gold_doc_ids`.")
    return Bed(dataset.name, corpus_file(dataset), queries, len(dataset.rows) - len(queries))


# between languages


def beds_between_languages(facts: Path, bench: Path, home: Path, distractors: int = DISTRACTORS) -> tuple[Bed, ...]:
    """One language's wording of each note as a query for the other's, both ways, in a corpus of all and distractors.

    Args:
        facts: JSONL with `id`, `fact_en` and `fact_id`; a note without both wordings is left out.
        bench: the distractors are passages of its `corpus_*.jsonl`, an equal share of each.
        home: the corpus file is written under its `evals`.
        distractors: how many.

    Raises:
        InputError: a file cannot be used, or no note has both wordings.
    """
    rows = [row.fields for row in rows_of(read_bytes(facts), facts)]
    notes = [
        {language: str(row[f"fact_{language}"]).strip() for language in LANGUAGES}
        for row in rows
        if all(str(row.get(f"fact_{language}") or "").strip() for language in LANGUAGES)
    ]
    if not notes:
        raise InputError(f"No row of {facts} has both `fact_en` and `fact_id`. Give the notes in both languages.")
    file = _notes_file(notes, bench, home, distractors)
    left_out = len(rows) - len(notes)
    return tuple(
        Bed(f"notes {asked} to {found}", file, _asked(notes, asked, found), left_out, between_languages=True)
        for asked, found in (LANGUAGES, LANGUAGES[::-1])
    )


def _asked(notes: Sequence[dict[str, str]], asked: str, found: str) -> tuple[Query, ...]:
    return tuple(
        Query(str(i), note[asked], detect_language(note[asked]), frozenset({_key(i, found)}), own=_key(i, asked))
        for i, note in enumerate(notes)
    )


def _key(i: int, language: str) -> str:
    return f"note-{i}-{language}"


def _notes_file(notes: Sequence[dict[str, str]], bench: Path, home: Path, distractors: int) -> Path:
    """The corpus of notes and distractors, written the first time; its name says what it was made of."""
    files = sorted(bench.glob("corpus_*.jsonl"))
    if distractors and not files:
        raise InputError(f"There is no corpus_*.jsonl in {bench} to take distractors from. Correct BENCH_DIR.")
    digest = hashlib.sha256(f"{distractors} {SEED} {json.dumps(notes)}".encode())
    for file in files:
        digest.update(b"\0" + hashlib.sha256(read_bytes(file)).digest())
    path = home / "evals" / f"notes-{digest.hexdigest()[:12]}.jsonl"
    if not path.exists():
        rows: list[dict[str, str]] = [
            {"doc_id": _key(i, language), "text": text, "language": language}
            for i, note in enumerate(notes)
            for language, text in note.items()
        ]
        rows += _distractors(files, distractors)
        _write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    return path


def _distractors(files: Sequence[Path], count: int) -> Iterator[dict[str, str]]:
    """Passages drawn at random from corpora, as many from each as far as it has them."""
    draw = random.Random(SEED)
    pools = sorted((_passage_rows(file) for file in files), key=len)
    for i, pool in enumerate(pools):
        taken = draw.sample(pool, min(len(pool), count // (len(pools) - i)))
        count -= len(taken)
        yield from taken


def _passage_rows(file: Path) -> list[dict[str, str]]:
    rows = []
    for document in load_corpus_documents(file):
        known = {"title": document.title, "language": document.language}
        about = {key: value for key, value in known.items() if value}
        rows += [
            {**about, "doc_id": f"{file.stem}-{len(rows) + i}", "text": passage.text}
            for i, passage in enumerate(split_passages(document))
        ]
    return rows


# corpora and vectors


@contextmanager
def ground(file: Path, settings: Settings, embedder: Embedder, plain: Embedder, say: Say) -> Iterator[Ground]:
    """The corpus of a file with its plain vectors, both made the first time and kept under `settings.home`."""

    def on_progress(done: int, total: int | None) -> None:
        if done % (16 * 64) == 0 or done == total:
            say(f"  {done:,} of {total or 0:,} documents")

    with eval_corpus(file, settings, say, on_progress=on_progress, embedder=embedder) as corpus:
        passages = passages_of(corpus)
        yield Ground(
            corpus, passages, kept_vectors(plain, "passage", passages.texts, passages.languages, settings.home, say)
        )


def passages_of(corpus: Corpus) -> Passages:
    """Every passage of a corpus, in the order of its documents."""
    cut = [(passage, document) for document in corpus.documents() for passage in split_passages(document)]
    return Passages(
        ids=tuple(passage.id for passage, _ in cut),
        documents=tuple(document.id for _, document in cut),
        texts=tuple(indexed_text(passage, document) for passage, document in cut),
        languages=tuple(document.language for _, document in cut),
    )


def plain_embedder(settings: Settings) -> Embedder:
    """The model of the settings without centring; the packaged one is loaded a second time when it is needed."""
    if settings.embedding_model != PACKAGED:
        return load_embedder(settings)
    return plain_packaged_embedder(settings)


def kept_vectors(
    embedder: Embedder,
    role: Role,
    texts: Sequence[str],
    languages: Sequence[str | None],
    home: Path,
    say: Say,
) -> Vectors:
    """The vectors of texts, shape `(len(texts), dimension)`, from a file under `home / "evals"` where it is there.

    The file is named after model, scheme, role and texts; one that cannot be read is made again.
    """
    digest = hashlib.sha256("\0".join((embedder.name, embedder.revision, embedder.scheme, role)).encode())
    for text in texts:
        digest.update(b"\0" + text.encode("utf-8", "surrogatepass"))
    path = home / "evals" / f"vectors-{digest.hexdigest()[:16]}.npz"
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            vectors: Vectors = stored["vectors"]
        if vectors.shape == (len(texts), embedder.dimension):
            return vectors
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass
    encode = embedder.queries if role == "query" else embedder.passages
    parts = []
    for i in range(0, len(texts), _AT_ONCE):
        parts.append(encode(texts[i : i + _AT_ONCE], languages[i : i + _AT_ONCE]))
        if len(texts) > _AT_ONCE:
            say(f"  {min(i + _AT_ONCE, len(texts)):,} of {len(texts):,} passages embedded without centring")
    vectors = np.concatenate(parts)
    file = io.BytesIO()
    np.savez(file, vectors=vectors)
    _write(path, file.getvalue())
    return vectors


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
