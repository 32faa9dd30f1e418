"""The verifier: marks on tokens, batches, and what the shipped weights say of plain pairs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from factcheck.entail import (
    LABELS,
    MAX_TOKENS,
    EntailmentModel,
    PairEncoder,
    default_directory,
    length_batches,
)
from factcheck.errors import ModelError
from factcheck.packaged import PackagedEncoder

EVIDENCE = (
    "Pesawat Presiden Arman Wiratama mendarat di Kota Lama tak lama setelah pukul 02.00 pada Rabu 19 Juni 2024. "
    "Ia disambut Menteri Luar Negeri dengan jabat tangan."
)


@pytest.fixture(scope="module")
def model() -> EntailmentModel:
    return EntailmentModel.load(threads=2)


@pytest.fixture(scope="module")
def pairs() -> PairEncoder:
    return PairEncoder(PackagedEncoder().tokenizer())


def marks_of(pairs: PairEncoder, claim: str, evidence: str, side: int) -> set[int]:
    """Marks of the words of one side (0 claim, 1 evidence), without those of tokens outside words."""
    marks = pairs.encode([(claim, evidence)])[0].marks
    return {int(mark) % 8 for mark in marks if mark // 8 == side and mark % 4 != 3}


def test_marks_tell_same_other_and_number(pairs: PairEncoder) -> None:
    assert marks_of(pairs, "kota", "kota", 0) == {2}
    assert marks_of(pairs, "kota", "desa", 1) == {0}
    assert marks_of(pairs, "2019.", "2018.", 0) == {4}
    assert marks_of(pairs, "1.234", "1,234", 1) == {5}
    assert marks_of(pairs, "diresmikan", "meresmikan", 0) == {1}


def test_a_pair_has_both_sides_and_a_limit(pairs: PairEncoder) -> None:
    short, long, empty = pairs.encode([("kota besar", "desa kecil"), ("kota " * 300, "desa " * 300), ("", "")])
    assert short.ids[0] == 0 and short.ids[-1] == 2 and len(short.ids) == len(short.marks)
    assert (np.diff(short.marks // 8) >= 0).all()
    assert len(long.ids) == MAX_TOKENS and (long.marks // 8).any()
    assert empty.ids.tolist() == [0, 2, 2, 2]


def test_batches_hold_each_row_once_and_little_padding() -> None:
    lengths = [int(length) for length in np.random.default_rng(0).integers(5, 250, 200)]
    batches = length_batches(lengths)
    assert sorted(row for batch in batches for row in batch) == list(range(200))
    assert all(len(batch) * max(lengths[row] for row in batch) <= 2048 for batch in batches)
    assert length_batches([]) == []


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("Presiden Arman Wiratama tiba di Kota Lama pada Rabu, 19 Juni 2024.", "supported"),
        ("President Arman Wiratama arrived in Kota Lama on 19 June 2024.", "supported"),
        ("Presiden Arman Wiratama disambut oleh Menteri Luar Negeri.", "supported"),
        ("Presiden Arman Wiratama tiba di Kota Lama pada Kamis, 20 Juni 2024.", "refuted"),
        ("Presiden Arman Wiratama tidak disambut siapa pun.", "refuted"),
        ("Presiden menandatangani perjanjian dagang senilai 5 triliun rupiah.", "not_enough_evidence"),
        ("Harga beras naik 12 persen pada Mei.", "not_enough_evidence"),
    ],
)
def test_plain_pairs(model: EntailmentModel, claim: str, label: str) -> None:
    scores = model.scores([(claim, EVIDENCE)])
    assert LABELS[int(scores[0].argmax())] == label


def test_scores_are_probabilities_in_the_order_of_the_pairs(model: EntailmentModel) -> None:
    claims = ["Ia disambut Menteri Luar Negeri.", "Kota Lama", "Harga beras naik. " * 30]
    together = model.scores([(claim, EVIDENCE) for claim in claims])
    assert together.shape == (3, 3) and together.dtype == np.float32
    assert np.allclose(together.sum(axis=1), 1.0, atol=1e-5)
    for claim, row in zip(claims, together, strict=True):
        # One 8-bit scale serves all activations of a batch, so the company of a pair moves its row a little.
        assert np.allclose(model.scores([(claim, EVIDENCE)])[0], row, atol=0.04)


def test_no_pairs_no_rows(model: EntailmentModel) -> None:
    assert model.scores([]).shape == (0, 3)


def test_identity_of_the_model(model: EntailmentModel) -> None:
    config = json.loads((default_directory() / "config.json").read_text(encoding="utf-8"))
    assert model.name == config["name"] and config["model_sha256"].startswith(model.revision)
    assert len(model.revision) == 12


def test_shipped_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in default_directory().rglob("*") if path.is_file()) < 30_000_000


def changed_copy(tmp_path: Path, **changes: object) -> Path:
    """A copy of the shipped verifier's configuration with some fields changed, and its weights."""
    directory = tmp_path / "verifier"
    shutil.copytree(default_directory(), directory)
    config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    (directory / "config.json").write_text(json.dumps(config | changes), encoding="utf-8")
    return directory


def test_weights_of_another_encoder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="was trained on another encoder"):
        EntailmentModel.load(changed_copy(tmp_path, base_sha256="0" * 64))


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    directory = changed_copy(tmp_path)
    with (directory / "model.onnx").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ModelError, match="are damaged"):
        EntailmentModel.load(directory)


def test_other_labels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not describe a verifier of this version"):
        EntailmentModel.load(changed_copy(tmp_path, labels=["yes", "no", "maybe"]))


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        EntailmentModel.load(tmp_path / "none")
