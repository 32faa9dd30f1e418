"""The embedded entailment verifier: does this evidence support or refute this claim, or does it not say?

A cross-encoder in the manner of Nogueira and Cho (2019, arXiv:1901.04085) over the packaged multilingual-e5-small,
trained in `training/` and run by onnxruntime with int8 weights. The word vectors are gathered from the packaged
encoder and given to the network as input, so that only the transformer's weights ship.

Beside its word vector each token carries a mark: which side it is on, whether its word is a number, and whether the
other side has the same word. A small encoder learns to compare two nearly equal sentences slowly; the marks say at
once which words differ.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import ModelError
from factcheck.packaged import PackagedEncoder
from factcheck.settings import Settings

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Encoding, Tokenizer

LABELS = ("supported", "refuted", "not_enough_evidence")
"""Columns of `EntailmentModel.scores`."""

MARKS = 16
"""Number of distinct token marks: 2 sides x (word or number) x 4 degrees of match."""

MAX_TOKENS = 256
"""Longest pair in tokens; longer evidence is cut at its end."""

_MAX_CLAIM_TOKENS = 96
_BATCH_TOKENS = 2048
_BATCH_PAIRS = 32
_EVIDENCE_SIDE, _NUMBER = 8, 4
_SAME, _ROOT, _OTHER, _NO_WORD = 2, 1, 0, 3
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|[^\W_]+")
_SEPARATORS = str.maketrans("", "", ".,:")
_PREFIXES = ("meng", "meny", "peng", "mem", "men", "ber", "ter", "per", "pem", "pen", "me", "di", "pe", "ke", "se")


def default_directory() -> Path:
    """Where the shipped verifier lies."""
    return Path(__file__).parent / "models" / "verifier"


class EncodedPair(NamedTuple):
    """Token ids and token marks of `<s> claim </s> </s> evidence </s>`, both of shape (tokens,)."""

    ids: NDArray[np.int64]
    marks: NDArray[np.int64]


@dataclass(frozen=True)
class _Side:
    """One text: its token ids, the word that each token belongs to (-1: none), and the words' compared forms."""

    ids: NDArray[np.int64]
    word_of: NDArray[np.int64]
    words: tuple[str, ...]
    roots: tuple[str, ...]


class PairEncoder:
    """Turns (claim, evidence) pairs into token ids and marks; training and inference share it.

    Args:
        tokenizer: the packaged encoder's own.
        max_tokens: longest encoded pair.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._bos, self._eos = (_token_id(tokenizer, token) for token in ("<s>", "</s>"))

    def encode(self, pairs: Sequence[tuple[str, str]]) -> list[EncodedPair]:
        """Encode pairs, each text tokenised once however often it occurs."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        sides = {text: _side(text, encoding) for text, encoding in zip(texts, encodings, strict=True)}
        return [self._join(sides[claim], sides[evidence]) for claim, evidence in pairs]

    def _join(self, claim: _Side, evidence: _Side) -> EncodedPair:
        claim_ids = claim.ids[:_MAX_CLAIM_TOKENS]
        evidence_ids = evidence.ids[: self._max_tokens - len(claim_ids) - 4]
        bos, eos = self._bos, self._eos
        ids = np.concatenate([[bos], claim_ids, [eos, eos], evidence_ids, [eos]])
        marks = np.full(len(ids), _NO_WORD, np.int64)
        marks[1 : 1 + len(claim_ids)] = _marks(claim, evidence)[: len(claim_ids)]
        start = len(claim_ids) + 3
        marks[start : start + len(evidence_ids)] = _marks(evidence, claim)[: len(evidence_ids)]
        marks[start - 1 :] += _EVIDENCE_SIDE
        return EncodedPair(ids.astype(np.int64), marks)


class EntailmentModel:
    """The verifier, loaded. Build it with `EntailmentModel.load`."""

    def __init__(
        self, session: onnxruntime.InferenceSession, encoder: PackagedEncoder, config: dict[str, Any], revision: str
    ) -> None:
        self._session = session
        # A run takes all cores: two at once are in each other's way, and four fifths as fast.
        self._one_at_a_time = threading.Lock()
        self._encoder = encoder
        self._pairs = PairEncoder(encoder.tokenizer(), int(config["max_tokens"]))
        self._temperature = float(config["temperature"])
        self.name = str(config["name"])
        self.revision = revision

    @classmethod
    def load(cls, directory: Path | None = None, threads: int | None = None) -> EntailmentModel:
        """Load the verifier; about a second, without torch.

        Args:
            directory: holds `model.onnx` and `config.json`; the shipped one by default.
            threads: processor threads; all cores by default.

        Raises:
            ModelError: a file is missing or damaged, or the packaged encoder is not the one it was trained on.
        """
        directory = directory if directory is not None else default_directory()
        config = _read_config(directory / "config.json")
        encoder = PackagedEncoder()
        if config["base_sha256"] != encoder.sha256:
            raise ModelError(
                f"The verifier in {directory} was trained on another encoder ({config['base_sha256'][:12]}...) "
                f"than the installed one ({encoder.revision}...). Train it anew (training/README.md)."
            )
        weights = directory / "model.onnx"
        revision = _checked_digest(weights, str(config["model_sha256"]))
        return cls(_session(weights, threads), encoder, config, revision)

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Calibrated probabilities for each (claim, evidence) pair.

        Args:
            pairs: claim first, evidence second; plain sentences or short passages. Beyond about 256 tokens the end
                of the evidence is not seen.

        Returns:
            float32 array of shape (len(pairs), 3); columns are `LABELS`, rows sum to 1.
        """
        logits = self.logits(pairs) / self._temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The network's raw outputs, shape (len(pairs), 3); what the temperature is fitted on."""
        encoded = self._pairs.encode(pairs)
        logits = np.zeros((len(encoded), len(LABELS)), np.float32)
        for rows in length_batches([len(pair.ids) for pair in encoded]):
            logits[rows] = self._run([encoded[row] for row in rows])
        return logits

    def _run(self, batch: Sequence[EncodedPair]) -> NDArray[np.float32]:
        longest = max(len(pair.ids) for pair in batch)
        ids = np.zeros((len(batch), longest), np.int64)
        marks = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for row, pair in enumerate(batch):
            length = len(pair.ids)
            ids[row, :length], marks[row, :length], mask[row, :length] = pair.ids, pair.marks, 1
        feed = {"inputs_embeds": self._encoder.word_vectors(ids), "marks": marks, "attention_mask": mask}
        with self._one_at_a_time:
            (logits,) = self._session.run(["logits"], feed)
        return np.asarray(logits, np.float32)


_loaded: dict[int | None, EntailmentModel] = {}
_loading = threading.Lock()


def load_verifier(settings: Settings) -> EntailmentModel:
    """The shipped verifier, loaded once in a process for each number of threads.

    Raises:
        ModelError: a file is missing or damaged.
    """
    with _loading:
        if settings.threads not in _loaded:
            _loaded[settings.threads] = EntailmentModel.load(threads=settings.threads)
        return _loaded[settings.threads]


def length_batches(lengths: Sequence[int]) -> list[list[int]]:
    """Row numbers in batches of similar length, so that little time goes into padding."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        batch = batches[-1] if batches else None
        if batch is None or len(batch) >= _BATCH_PAIRS or (len(batch) + 1) * lengths[row] > _BATCH_TOKENS:
            batches.append([row])
        else:
            batch.append(row)
    return batches


def _side(text: str, encoding: Encoding) -> _Side:
    """Assign each token to the last word that it touches: a token may end with the full stop behind a year."""
    matches = list(_WORD.finditer(text))
    word_at = np.full(len(text) + 1, -1, np.int64)
    for number, match in enumerate(matches):
        word_at[match.start() : match.end()] = number
    last_in_word = np.maximum.accumulate(np.where(word_at >= 0, np.arange(len(word_at)), -1))
    starts, ends = np.array(encoding.offsets, np.int64).reshape(-1, 2).T
    last = last_in_word[np.maximum(ends - 1, 0)]
    words = tuple(match.group().casefold() for match in matches)
    return _Side(
        ids=np.array(encoding.ids, np.int64),
        word_of=np.where(last >= starts, word_at[last], -1),
        words=words,
        roots=tuple(_root(word) for word in words),
    )


def _root(word: str) -> str:
    """A crude common root of inflected forms in Indonesian and English, or a number without its separators.

    Only a hint for the network, so that "menyerang" meets "serang" less often than a stemmer would, at no cost.
    """
    if word[0].isdigit():
        return word.translate(_SEPARATORS)
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 4:
            word = word[len(prefix) :]
            break
    return word[:5]


def _marks(side: _Side, other: _Side) -> NDArray[np.int64]:
    """A mark for each token of `side`: degree of match with `other`, plus `_NUMBER` in a word that begins so."""
    words, roots = frozenset(other.words), frozenset(other.roots)
    by_word = np.empty(len(side.words) + 1, np.int64)
    for number, (word, root) in enumerate(zip(side.words, side.roots, strict=True)):
        match = _SAME if word in words else _ROOT if root in roots else _OTHER
        by_word[number] = match + (_NUMBER if word[0].isdigit() else 0)
    by_word[-1] = _NO_WORD
    return by_word[side.word_of]


def _token_id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ModelError(f"The tokenizer has no {token!r}: it is not the packaged encoder's own.")
    return int(number)


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"The verifier's {path.name} cannot be read: {error}. Reinstall factcheck.") from error
    except ValueError as error:
        raise ModelError(f"{path} is not JSON: {error}. Reinstall factcheck.") from error
    needed = {"name", "labels", "max_tokens", "temperature", "base_sha256", "model_sha256"}
    if not isinstance(config, dict) or not needed <= config.keys() or tuple(config["labels"]) != LABELS:
        raise ModelError(
            f"{path} does not describe a verifier of this version: it needs {', '.join(sorted(needed))}, "
            f"with the labels {', '.join(LABELS)}. Reinstall factcheck."
        )
    return config


def _checked_digest(path: Path, expected: str) -> str:
    """First twelve digits of the file's sha256, once it is the expected one."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"The verifier's weights cannot be read: {error}. Reinstall factcheck.") from error
    if digest != expected:
        raise ModelError(f"The verifier's weights {path} are damaged (sha256 {digest[:12]}...). Reinstall factcheck.")
    return digest[:12]


def _session(weights: Path, threads: int | None) -> onnxruntime.InferenceSession:
    """A CPU session whose idle threads sleep: spinning ones would take the cores that retrieval needs."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads if threads is not None else (os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
