"""The engine of a check, built in one place: which corpus, which models, which judge."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck import resources
from factcheck.errors import CorpusMismatch, CorpusMissing
from factcheck.extract import Extractor
from factcheck.settings import Settings
from factcheck.store import RunStore
from factcheck.verify import Judge

if TYPE_CHECKING:
    from factcheck.embed import Embedder
    from factcheck.index import Corpus, OnProgress
    from factcheck.queries import QueryExpander

Note = Callable[[str], None]

DEMO_SECONDS = 300.0
"""How long somebody else's indexing of the demo notes is waited for; it takes a slow machine a minute."""


@dataclass(frozen=True)
class Engine:
    """Everything that a check needs, shared by all runs of a process."""

    settings: Settings
    corpus: Corpus
    extractor: Extractor
    judge: Judge
    fallback: Extractor | None = None
    """Finds the claims by rules where the language model cannot; the report says so."""
    expander: QueryExpander | None = None
    """Writes further queries for a claim; None where it is searched for in its own words alone."""
    store: RunStore | None = None
    today: Callable[[], date] = field(default=lambda: datetime.now(UTC).date())


def build_engine(settings: Settings, note: Note | None = None, *, store: RunStore | None = None) -> Engine:
    """Opens the corpus and the models that the settings name.

    Args:
        settings: what to use; a language model judges if `llm_model` is set, with the offline verifier's second opinion
            unless `second_opinion` is off; else the offline verifier.
        note: called with a sentence where something worth knowing was decided (the demo corpus is used, ...).
        store: where runs are recorded; unset, in `settings.home`.

    Raises:
        CorpusError: the corpus named is missing, empty or was built with another model.
        ModelError: a local model that is needed is missing or damaged; without a verifier a language model judges
            alone, and `note` is told.
        SettingsError: a setting, a prompt or the file of source tiers cannot be used.
    """
    from factcheck.extract.rules import RuleExtractor
    from factcheck.queries import load_expander
    from factcheck.tiers import load_tiers

    load_tiers(settings)
    say = note or (lambda sentence: None)
    rules = RuleExtractor(settings.max_claims)
    extractor: Extractor = rules
    if settings.mode == "llm":
        from factcheck.extract.chain import LLMExtractor

        extractor = LLMExtractor(settings)
    judge = load_judge(settings, say)
    expander = load_expander(settings, say)
    return Engine(
        settings=settings,
        corpus=open_corpus(settings, say),
        extractor=extractor,
        judge=judge,
        fallback=None if extractor is rules else rules,
        expander=expander,
        store=store or RunStore(settings.home / "runs.sqlite3"),
    )


def load_judge(settings: Settings, note: Note | None = None) -> Judge:
    """The judge that the settings name, shown what a person sees of a text.

    Args:
        settings: a language model judges if `llm_model` is set, else the offline verifier.
        note: told where a language model judges without a second opinion.

    Raises:
        ModelError: the verifier is missing or damaged.
        SettingsError: a setting or a prompt cannot be used.
    """
    from factcheck.verify.shown import shown_to

    if settings.mode == "llm":
        from factcheck.verify.second import llm_judge

        return shown_to(llm_judge(settings, note))
    from factcheck.verify.offline import OfflineJudge

    return shown_to(OfflineJudge.load(settings))


def corpus_directory(settings: Settings) -> Path:
    """Where the user's own corpus is, or would be."""
    return settings.corpus or settings.home / "corpus"


def corpus_place(settings: Settings) -> Path:
    """The directory that is checked against: the corpus named, else the user's own, else the demo corpus."""
    own = corpus_directory(settings)
    return own if settings.corpus is not None or own.exists() else demo_corpus_directory(settings)


def open_corpus(settings: Settings, note: Note | None = None, *, embedder: Embedder | None = None) -> Corpus:
    """The corpus to check against: the one named, else the user's own, else the demo corpus that ships.

    Raises:
        CorpusError: the corpus named is missing, empty or was built with another model.
    """
    from factcheck.embed import load_embedder
    from factcheck.index import Corpus

    say, directory = note or (lambda sentence: None), corpus_directory(settings)
    embedder = embedder or load_embedder(settings)
    if corpus_place(settings) != directory:
        corpus = demo_corpus(settings, embedder, note)
        say(
            f"No corpus of your own yet: checking against the {corpus.info().documents} demo notes."
            " Add yours with `factcheck corpus add PATH`."
        )
        return corpus
    corpus = Corpus.open(directory, embedder, server=settings.chroma_url)
    if not corpus.info().documents:
        corpus.close()
        raise CorpusMissing(
            f"The corpus at {directory} is empty, so nothing could be checked against it."
            " Add documents with `factcheck corpus add PATH`."
        )
    return corpus


def demo_corpus(
    settings: Settings, embedder: Embedder, note: Note | None = None, on_progress: OnProgress | None = None
) -> Corpus:
    """The demo notes that ship, indexed on first use in a directory named after their content."""
    from factcheck.corpus import load_documents
    from factcheck.index import Corpus
    from factcheck.types import Document

    say = note or (lambda sentence: None)
    source, directory = resources.demo_corpus_dir() / "notes", demo_corpus_directory(settings)
    documents = [item for item in load_documents(source) if isinstance(item, Document)]
    try:
        corpus = Corpus.open_or_create(directory, embedder)
    except CorpusMismatch:
        say("The embedding model is another one now: indexing the demo notes anew ...")
        corpus = Corpus.open(directory, embedder, reindexing=True)
        corpus.reindex(on_progress)
    if corpus.info().documents < len(documents):
        say(f"First use: indexing the {len(documents)} demo notes that ship with factcheck ...")
        # Whoever has begun it already, a page or another process, is waited for and spares us the work.
        usual, corpus.lock_seconds = corpus.lock_seconds, DEMO_SECONDS
        corpus.add(documents, on_progress)
        corpus.lock_seconds = usual
    return corpus


def demo_corpus_directory(settings: Settings) -> Path:
    """Where the demo notes are indexed; the name changes with their content."""
    return settings.home / f"demo-corpus-{_digest(resources.demo_corpus_dir() / 'notes')}"


def _digest(directory: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*.md")):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
