"""The packaged encoder: a small container written here, and the installed one."""

from __future__ import annotations

import hashlib
import json
import struct
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from factcheck.errors import ModelError
from factcheck.packaged import PackagedEncoder, dequantise

HIDDEN, FEED_FORWARD, POSITIONS = 32, 64, 8
PIECES = (
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("\u2581kota", -1.0),
    ("\u2581", -2.0),
    ("a", -3.0),
)


def blocks(scales: NDArray[np.float16], halves: NDArray[np.uint8]) -> bytes:
    """Q4_0 blocks from scales (n,) and 4-bit weights (n, 32)."""
    packed = halves[:, :16] | (halves[:, 16:] << 4)
    return np.concatenate([scales[:, None].view(np.uint8).reshape(-1, 2), packed], axis=1).astype(np.uint8).tobytes()


def write_container(path: Path, seed: int = 0) -> str:
    """A one-layer container of the real format; returns its sha256."""
    chance = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> bytes:
        count = rows * columns // 32
        scales = chance.random(count).astype(np.float16)
        return blocks(scales, chance.integers(0, 16, (count, 32), dtype=np.uint8))

    def floats(*shape: int) -> bytes:
        return chance.random(shape).astype("<f4").tobytes()

    tensors = {"emb.word": matrix(len(PIECES), HIDDEN), "emb.pos": floats(POSITIONS, HIDDEN)}
    tensors |= {"emb.type": floats(1, HIDDEN), "emb.ln.w": floats(HIDDEN), "emb.ln.b": floats(HIDDEN)}
    for name in ("q", "k", "v", "ao"):
        tensors |= {f"l0.{name}.w": matrix(HIDDEN, HIDDEN), f"l0.{name}.b": floats(HIDDEN)}
    tensors |= {"l0.fi.w": matrix(FEED_FORWARD, HIDDEN), "l0.fi.b": floats(FEED_FORWARD)}
    tensors |= {"l0.fo.w": matrix(HIDDEN, FEED_FORWARD), "l0.fo.b": floats(HIDDEN)}
    tensors |= {f"l0.{norm}.{kind}": floats(HIDDEN) for norm in ("aln", "oln") for kind in "wb"}

    texts = [piece.encode() for piece, _ in PIECES]
    ends = np.cumsum([0] + [len(text) for text in texts]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, FEED_FORWARD, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1]))
    head += ends.tobytes() + np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(texts)
    characters = struct.pack("<IB", 0x200B, 0) + struct.pack("<IBI", 0xA0, 1, 32)
    head += struct.pack("<iI", 2, len(characters)) + characters + struct.pack("<i", len(tensors))
    directory_bytes = sum(2 + len(name) + 1 + 4 + 16 for name in tensors)
    offset, directory, body = len(head) + directory_bytes, b"", b""
    for name, data in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, len(data), offset + len(body), len(data))
        body += data
    path.write_bytes(head + directory + body)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def small(tmp_path: Path) -> PackagedEncoder:
    path = tmp_path / "small.bin"
    return PackagedEncoder(path, sha256=write_container(path))


def test_a_block_is_scale_times_half_minus_eight() -> None:
    halves = np.arange(32, dtype=np.uint8)[None] % 16
    expected = 0.5 * (np.arange(32) % 16 - 8.0)
    assert (
        dequantise(np.frombuffer(blocks(np.array([0.5], np.float16), halves), np.uint8)).tolist() == expected.tolist()
    )


def test_word_vectors_are_rows_of_the_table(small: PackagedEncoder) -> None:
    table = small.weights()["embeddings.word_embeddings.weight"]
    ids = np.array([[6, 0, 6], [1, 2, 3]])
    assert small.word_vectors(ids).shape == (2, 3, HIDDEN)
    assert np.array_equal(small.word_vectors(ids), table[ids])
    assert np.array_equal(dequantise(small.word_blocks(ids[0])).reshape(3, HIDDEN), table[ids[0]])


def test_a_word_outside_the_vocabulary_is_refused(small: PackagedEncoder) -> None:
    with pytest.raises(ModelError, match=r"Token ids must lie in 0\.\.6; got 2\.\.7"):
        small.word_vectors(np.array([2, 7]))


def test_weights_have_berts_names_and_shapes(small: PackagedEncoder) -> None:
    weights = small.weights(words=False)
    assert "embeddings.word_embeddings.weight" not in weights
    assert weights["encoder.layer.0.intermediate.dense.weight"].shape == (FEED_FORWARD, HIDDEN)
    assert weights["encoder.layer.0.output.dense.weight"].shape == (HIDDEN, FEED_FORWARD)
    types = weights["embeddings.token_type_embeddings.weight"]
    assert types.shape == (2, HIDDEN) and not types[1].any() and types[0].any()


def test_the_tokenizer_follows_the_character_table(small: PackagedEncoder) -> None:
    assert small.tokenizer().encode("kota\u200b\u00a0kota").tokens == ["<s>", "\u2581kota", "\u2581kota", "</s>"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    write_container(path)
    with pytest.raises(ModelError, match="is not the encoder this version was made for"):
        PackagedEncoder(path).shape  # noqa: B018


def test_a_cut_file_is_refused_even_with_its_own_digest(tmp_path: Path) -> None:
    path = tmp_path / "cut.bin"
    write_container(path)
    path.write_bytes(path.read_bytes()[:100])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ModelError, match="is not an encoder container: it ends early"):
        PackagedEncoder(path, sha256=digest).shape  # noqa: B018


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.bin cannot be read"):
        PackagedEncoder(tmp_path / "none.bin").shape  # noqa: B018


def test_two_writers_leave_one_finished_directory(small: PackagedEncoder, tmp_path: Path) -> None:
    target = tmp_path / "model"
    writers = [
        threading.Thread(
            target=PackagedEncoder(small.path, sha256=small.sha256).write_sentence_transformer, args=(target,)
        )
        for _ in range(2)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert json.loads((target / "config_sentence_transformers.json").read_text())["prompts"]["query"] == "query: "
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "small.bin"]
    before = (target / "model.safetensors").stat().st_mtime_ns
    assert small.write_sentence_transformer(target) == target
    assert (target / "model.safetensors").stat().st_mtime_ns == before


def test_a_directory_with_other_files_is_left_alone(small: PackagedEncoder, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    with pytest.raises(ModelError, match="holds something other than a finished"):
        small.write_sentence_transformer(target)
    assert [path.name for path in target.iterdir()] == ["notes.txt"]


def test_the_installed_encoder() -> None:
    encoder = PackagedEncoder()
    assert encoder.shape[:5] == (384, 12, 12, 1536, 250_037)
    encoding = encoder.tokenizer().encode("Presiden meresmikan jalan tol.")
    assert encoding.tokens[:3] == ["<s>", "\u2581Presiden", "\u2581mere"]
    assert encoder.word_vectors(np.array(encoding.ids)).shape == (len(encoding.ids), 384)
