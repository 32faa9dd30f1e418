"""Text to unit vectors, by any sentence-transformers model, with the prefixes and the centring that it needs.

The default, `packaged`, is multilingual-e5-small out of a PyPI wheel: nothing is downloaded. It places every text
first by its language and only then by what it says, so that an Indonesian claim finds any Indonesian passage before
the English one that answers it. Subtracting a fixed mean vector for each language takes most of that away
(recall@1 from Indonesian claims to English passages .30 -> .70; training/language_means.py makes the means). It is
the first step of "all-but-the-top" (Mu & Viswanath 2018, arXiv:1702.01417), done by language. One matrix, trained on
claims with their evidence and on translations (training/alignment.py), then turns what is left towards what retrieval
asks for.
"""

from __future__ import annotations

import hashlib
import os
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import ModelError, SettingsError
from factcheck.packaged import PROMPTS, PackagedEncoder
from factcheck.settings import Settings
from factcheck.turns import Turns

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Role = Literal["query", "passage"]

PACKAGED = "packaged"
_MEANS_FILE = Path(__file__).parent / "models" / "e5_language_means.npz"
_ALIGNMENT_FILE = _MEANS_FILE.with_name("e5_alignment.npz")
_GENERAL = "general"
_BATCH = 32
_FEW = 4
"""So few texts are embedded by one thread: on a busy machine a second one makes them wait (35 ms against 150 ms)."""
_QUERIES_A_TURN = 8
"""Queries embedded before others have their turn: a search beside a check waits for 70 ms of work, not for seconds. It
costs 1 to 2 ms a query, which is nothing beside its verification; passages, of which there are many, go by `_BATCH`."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """The model, as `FACTCHECK_EMBEDDING_MODEL` names it."""

    @property
    def revision(self) -> str:
        """Which weights: a commit or a digest of files."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def scheme(self) -> str:
        """Prefixes and centring: vectors of two schemes must not be compared."""

    def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """Vectors of texts to be found, shape `(len(texts), dimension)`; languages are ISO 639-1 or None."""

    def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """Vectors of texts to search with, shape `(len(texts), dimension)`."""


class LanguageMeans:
    """A mean vector for each role and language, subtracted before vectors are compared.

    A language without a mean of its own gets the general one.
    """

    def __init__(self, means: Mapping[str, Vectors]) -> None:
        self._means = dict(means)
        digest = hashlib.sha256()
        for key in sorted(self._means):
            digest.update(key.encode())
            digest.update(np.ascontiguousarray(self._means[key], np.float32).tobytes())
        self.id = digest.hexdigest()[:8]

    @classmethod
    def shipped(cls) -> LanguageMeans:
        """The means that come with the packaged encoder.

        Raises:
            ModelError: the file is missing or damaged.
        """
        return cls(_shipped(_MEANS_FILE))

    def centred(self, vectors: Vectors, role: Role, languages: Sequence[str | None]) -> Vectors:
        """The unit vectors of `vectors` less the mean of each one's language."""
        general = self._means[f"{role}_{_GENERAL}"]
        means = np.stack([self._means.get(f"{role}_{language}", general) for language in languages])
        return _unit(vectors - means)


class Alignment:
    """A linear map of centred vectors, one for queries and passages of every language."""

    def __init__(self, matrix: Vectors) -> None:
        self._matrix = np.asarray(matrix, np.float32)
        self.id = hashlib.sha256(self._matrix.tobytes()).hexdigest()[:8]

    @classmethod
    def shipped(cls) -> Alignment:
        """The map that comes with the packaged encoder.

        Raises:
            ModelError: the file is missing or damaged.
        """
        return cls(_shipped(_ALIGNMENT_FILE)["map"])

    def mapped(self, vectors: Vectors) -> Vectors:
        """The unit vectors of the mapped `vectors`, shape as they have."""
        # Not by `@`: BLAS would start a thread for each core, and they wait for each other beside everybody else's.
        return _unit(np.einsum("ij,kj->ik", vectors, self._matrix))


def _shipped(path: Path) -> dict[str, Vectors]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {key: stored[key].astype(np.float32) for key in stored.files}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"The file {path.name} that belongs to the packaged encoder cannot be read ({error})."
            " Install factcheck again."
        ) from error


class SentenceEmbedder:
    """An `Embedder` over a sentence-transformers model, which is loaded when the first text is embedded.

    Loading takes seven seconds, most of them the import of torch and transformers, and listing a corpus needs none
    of it. `prepare` loads it ahead of time, from another thread if that suits.

    Args:
        load: gives the model.
        name: what the user calls it.
        revision: which weights it holds.
        dimension: length of its vectors.
        prefixes: what is put before a query and before a passage.
        means: what to subtract by language; None leaves the vectors as the model gives them.
        alignment: what to map centred vectors with; None leaves them as they are.
        threads: for more than a few texts; None takes every core.
        half: multiply in bfloat16 where the processor has instructions for it; vectors stay float32.
    """

    def __init__(
        self,
        load: Callable[[], SentenceTransformer],
        *,
        name: str,
        revision: str,
        dimension: int,
        prefixes: Mapping[Role, str],
        means: LanguageMeans | None = None,
        alignment: Alignment | None = None,
        threads: int | None = None,
        half: bool = False,
    ) -> None:
        self._load = load
        self._wants_half, self._half = half, False
        self._threads = threads or os.cpu_count() or 1
        self._model: SentenceTransformer | None = None
        self._prefixes = dict(prefixes)
        self._means, self._alignment = means, alignment
        # A fast tokenizer changes its own padding while it runs: two threads at once raise "Already borrowed".
        self._turns = Turns()
        self.name = name
        self.revision = revision
        self.dimension = dimension
        shown = "|".join(self._prefixes[role] for role in ("query", "passage"))
        self.scheme = f"prefixes={shown};centring={means.id if means else 'none'}"
        if alignment:
            self.scheme += f";alignment={alignment.id}"

    @classmethod
    def of(cls, model: SentenceTransformer, *, name: str, revision: str, threads: int | None = None) -> Self:
        """The embedder of a model that is loaded already, with its own prefixes and no centring."""
        return cls(
            lambda: model,
            name=name,
            revision=revision,
            dimension=int(model.get_embedding_dimension() or 0),
            prefixes=_prefixes(model.prompts, name),
            threads=threads,
        )

    def prepare(self) -> None:
        """Loads the model, if it is not loaded.

        Raises:
            ModelError: it cannot be loaded.
        """
        with self._turns.taken(short=False):
            self._loaded()

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            self._model = self._load()
            self._half = self._wants_half and _computes_bfloat16()
            if self._half:
                _halve(self._model)
        return self._model

    def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """See `Embedder.passages`."""
        return self._encode(texts, "passage", languages)

    def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        """See `Embedder.queries`."""
        return self._encode(texts, "query", languages)

    def _encode(self, texts: Sequence[str], role: Role, languages: Sequence[str | None]) -> Vectors:
        if len(texts) != len(languages):
            raise ValueError(f"{len(texts)} texts, but {len(languages)} languages")
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))  # little padding in a batch
        few, step = len(texts) <= _FEW, _QUERIES_A_TURN if role == "query" else _BATCH
        parts = []
        for at in range(0, len(order), step):
            with self._turns.taken(short=few):
                batch = [texts[row] for row in order[at : at + step]]
                parts.append(self._encoded(batch, role, 1 if few else self._threads))
        vectors = np.concatenate(parts)[np.argsort(order)]
        if self._means:
            vectors = self._means.centred(vectors, role, languages)
        return self._alignment.mapped(vectors) if self._alignment else vectors

    def _encoded(self, texts: list[str], role: Role, threads: int) -> Vectors:
        model = self._loaded()
        _set_threads(threads)
        with _half_precision() if self._half else nullcontext():
            encoded = model.encode(
                texts,
                prompt=self._prefixes[role] or None,
                batch_size=_BATCH,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return np.asarray(encoded, np.float32)


_loaded: dict[tuple[str, str, int | None], SentenceEmbedder] = {}
_loading = threading.Lock()


def load_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name, loaded once in a process for each number of threads.

    `packaged` never touches the network; its converted weights (470 MB) are written to `home/models` the first
    time it embeds, which takes about ten seconds. A directory is read from disk. Any other name is a model of the
    Hugging Face hub, which sentence-transformers fetches if it is not in the local cache.

    Raises:
        ModelError: the model is missing or damaged, or cannot be fetched.
    """
    key = (settings.embedding_model, str(settings.home), settings.threads)
    with _loading:
        if key not in _loaded:
            _loaded[key] = _load(settings)
        return _loaded[key]


def _load(settings: Settings) -> SentenceEmbedder:
    wanted = settings.embedding_model
    if wanted == PACKAGED:
        return _packaged_embedder(settings, LanguageMeans.shipped(), Alignment.shipped())
    directory = Path(wanted).expanduser()
    if directory.is_dir():
        model = _sentence_transformer(str(directory), local=True)
        return SentenceEmbedder.of(
            model, name=directory.name, revision=_fingerprint(directory), threads=settings.threads
        )
    model = _sentence_transformer(wanted, local=False)
    return SentenceEmbedder.of(model, name=wanted, revision=_commit(model), threads=settings.threads)


def plain_packaged_embedder(settings: Settings) -> SentenceEmbedder:
    """The packaged encoder without centring and alignment: what both are learned from and measured against.

    Raises:
        ModelError: the package that carries it is missing or damaged.
    """
    return _packaged_embedder(settings, None, None)


def _packaged_embedder(
    settings: Settings, means: LanguageMeans | None, alignment: Alignment | None
) -> SentenceEmbedder:
    encoder = PackagedEncoder()
    return SentenceEmbedder(
        lambda: _packaged_model(encoder, settings),
        name=PACKAGED,
        revision=encoder.revision,
        dimension=encoder.shape.hidden,
        prefixes={"query": PROMPTS["query"], "passage": PROMPTS["passage"]},
        means=means,
        alignment=alignment,
        threads=settings.threads,
        half=True,
    )


def packaged_directory(settings: Settings) -> Path:
    """Where the packaged model lies as a sentence-transformers directory; it is written there if it is not yet.

    Raises:
        ModelError: the package that carries it is missing or damaged.
        SettingsError: `home` cannot be written to.
    """
    return _written(PackagedEncoder(), settings)


def _packaged_model(encoder: PackagedEncoder, settings: Settings) -> SentenceTransformer:
    return _sentence_transformer(str(_written(encoder, settings)), local=True)


def _written(encoder: PackagedEncoder, settings: Settings) -> Path:
    directory = settings.home / "models" / f"{encoder.name}-{encoder.revision}"
    try:
        return encoder.write_sentence_transformer(directory)
    except OSError as error:
        raise SettingsError(
            f"The packaged embedding model cannot be written to {directory} ({error})."
            " It takes 470 MB once: free the space, or set FACTCHECK_HOME to a directory that can be written to."
        ) from error


def _sentence_transformer(place: str, *, local: bool) -> SentenceTransformer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Libraries warn about each other while they are imported.
        from sentence_transformers import SentenceTransformer

        try:
            with _quiet_transformers():
                model: SentenceTransformer = SentenceTransformer(place, device="cpu", local_files_only=local)
        except Exception as error:  # The library raises nearly every kind, from OSError to its own HTTP errors.
            first_line = str(error).strip().split("\n")[0]
            raise ModelError(
                f"The embedding model {place!r} cannot be loaded: {first_line}"
                f" Set FACTCHECK_EMBEDDING_MODEL to {PACKAGED!r}, to the directory of a sentence-transformers model,"
                " or to the name of one on a hub that this machine can reach."
            ) from error
    return model


def _computes_bfloat16() -> bool:
    """Whether this processor multiplies matrices of bfloat16 faster than of float32 (AMX)."""
    import torch

    return bool(torch.cpu._is_amx_tile_supported())


def _halve(model: SentenceTransformer) -> None:
    """Linear layers to bfloat16, once, so that no call casts their weights again.

    Of the packaged encoder the cosine to the vectors of float32 is 0.9999 (benchmarks/RESULTS.md).
    """
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Linear):
            module.to(torch.bfloat16)


def _half_precision() -> AbstractContextManager[object]:
    import torch

    return torch.autocast("cpu", dtype=torch.bfloat16)


def _set_threads(count: int) -> None:
    import torch

    torch.set_num_threads(count)


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Keeps the loading bar, and the note on weights that no embedding needs, out of the user's terminal."""
    from transformers.utils import logging as untyped

    logging: Any = untyped
    verbosity, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bar:
            logging.enable_progress_bar()


def _prefixes(configured: Mapping[str, str | None], name: str) -> dict[Role, str]:
    """The prefixes of a model: its own where it states them, else those that every plain E5 was trained with."""
    query = configured.get("query") or ""
    passage = configured.get("passage") or configured.get("document") or ""
    if not query and not passage and "e5-" in name.lower() and "instruct" not in name.lower():
        query, passage = "query: ", "passage: "
    return {"query": query, "passage": passage}


def _fingerprint(directory: Path) -> str:
    """Twelve hex digits over the names, sizes and first megabyte of the files of a model directory."""
    digest = hashlib.sha256()
    for path in sorted(p for p in directory.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(directory).as_posix()}:{path.stat().st_size}\n".encode())
        with path.open("rb") as stream:
            digest.update(stream.read(1 << 20))
    return digest.hexdigest()[:12]


def _commit(model: SentenceTransformer) -> str:
    """The hub's commit of the loaded weights, `unknown` where the hub gave none."""
    inner: Any = getattr(model[0], "model", None) or getattr(model[0], "auto_model", None)
    commit = getattr(getattr(inner, "config", None), "_commit_hash", None)
    return str(commit)[:12] if commit else "unknown"


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
