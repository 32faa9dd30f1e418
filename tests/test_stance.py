from __future__ import annotations

import json
from pathlib import Path

import fakes
import numpy as np
import pytest

from factcheck.errors import ModelError
from factcheck.verify.stance import FEATURES, Reading, StanceHead, features, negated, read_head, write_head
from factcheck.verify.weigh import Weighing


def _reading(**fields: object) -> Reading:
    plain = Reading(
        support=0.5,
        refute=0.5,
        whole=(0.5, 0.25, 0.25),
        numbers="nothing",
        counterfactual=None,
        subject_missing=False,
        names_missing=0.0,
        words_shared=0.5,
        negation_differs=False,
        units=1,
    )
    return plain._replace(**fields)  # type: ignore[arg-type]


def test_there_is_a_value_for_every_feature() -> None:
    values = dict(zip(FEATURES, features(_reading(support=0.9, numbers="agree", units=4)), strict=True))
    assert len(values) == len(FEATURES)
    assert values["support"] == pytest.approx(np.log(9)) and values["refute"] == 0
    assert (values["agree"], values["disagree"], values["unmatched"]) == (1, 0, 0)
    assert values["units"] == pytest.approx(np.log(4))


@pytest.mark.parametrize("extreme", [0.0, 1.0])
def test_certainty_stays_finite(extreme: float) -> None:
    assert np.isfinite(features(_reading(support=extreme, refute=extreme, counterfactual=extreme))).all()


def test_the_head_gives_probabilities() -> None:
    rows = fakes.plain_head().probabilities([_reading(support=0.9, refute=0.1), _reading(subject_missing=True)])
    assert rows.shape == (2, 3) and rows.sum(axis=1) == pytest.approx([1, 1])
    assert rows[0].argmax() == 0 and rows[1].argmax() == 2
    assert fakes.plain_head().probabilities([]).shape == (0, 3)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    head = fakes.plain_head()._replace(weighing=Weighing(crowd=0.25, conflict=0.5))
    write_head(tmp_path / "stance.json", head, "abc", {"fitted_on": ["a set"]})
    read = read_head(tmp_path / "stance.json", "abc")
    assert np.allclose(read.weights, head.weights) and read.weighing == head.weighing
    assert json.loads((tmp_path / "stance.json").read_text())["fitted_on"] == ["a set"]


def test_another_models_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "stance.json"
    write_head(path, fakes.plain_head(), "abc", {})
    with pytest.raises(ModelError, match="fitted for the verifier abc, and this one is xyz"):
        read_head(path, "xyz")


@pytest.mark.parametrize("text", ["", "{}", '{"revision": "abc", "features": ["support"], "weights": [[1]]}'])
def test_a_damaged_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stance.json"
    path.write_text(text)
    with pytest.raises(ModelError, match=r"Reinstall|Fit it anew"):
        read_head(path, "abc")


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "stance.json"
    head = StanceHead(np.zeros((2, len(FEATURES))), np.zeros(2))
    write_head(path, head, "abc", {})
    with pytest.raises(ModelError, match="Fit it anew"):
        read_head(path, "abc")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Putin did not land.", True),
        ("He didn’t say so.", True),
        ("Ia tidak datang.", True),
        ("He noted the notion.", False),
        ("Bukanlah dia yang datang.", True),
        ("Ia datang.", False),
    ],
)
def test_negation_is_a_word(text: str, holds: bool) -> None:
    assert negated(text) is holds


def test_the_weights_that_ship_fit_the_model_that_ships() -> None:
    from factcheck.entail import default_directory

    config = json.loads((default_directory() / "config.json").read_text(encoding="utf-8"))
    read_head(default_directory() / "stance.json", str(config["model_sha256"])[:12])
