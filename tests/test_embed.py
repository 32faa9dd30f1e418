from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from factcheck.embed import (
    Alignment,
    Embedder,
    LanguageMeans,
    load_embedder,
    packaged_directory,
    plain_packaged_embedder,
)
from factcheck.errors import ModelError, SettingsError
from factcheck.settings import Settings

ID = "Presiden Rusia Vladimir Putin tiba di Pyongyang pada Rabu dini hari, 19 Juni 2024."
EN = "Russian President Vladimir Putin arrived in Pyongyang early on Wednesday, 19 June 2024."
OTHER = "Harga beras di pasar tradisional Jakarta naik lima persen sejak bulan Mei."


def test_means_are_subtracted_by_language_and_role() -> None:
    means = LanguageMeans(
        {
            "query_id": np.array([1, 0], np.float32),
            "query_general": np.array([0, 1], np.float32),
            "passage_general": np.array([0, 0], np.float32),
        }
    )
    vectors = np.array([[2, 0], [2, 0], [0, 3]], np.float32)
    centred = means.centred(vectors, "query", ["id", "xx", None])
    assert centred == pytest.approx(np.array([[1, 0], [2 / 5**0.5, -1 / 5**0.5], [0, 1]]))
    assert means.centred(vectors, "passage", ["id"] * 3) == pytest.approx(np.array([[1, 0], [1, 0], [0, 1]]))


def test_a_vector_at_the_mean_stays_finite() -> None:
    means = LanguageMeans({"query_general": np.array([1, 0], np.float32)})
    assert np.isfinite(means.centred(np.array([[1, 0]], np.float32), "query", ["id"])).all()


def test_the_id_of_means_changes_with_them() -> None:
    one = LanguageMeans({"query_general": np.array([1, 0], np.float32)})
    assert one.id == LanguageMeans({"query_general": np.array([1, 0], np.float32)}).id
    assert one.id != LanguageMeans({"query_general": np.array([1, 1], np.float32)}).id
    assert one.id != LanguageMeans({"query_id": np.array([1, 0], np.float32)}).id


def test_the_shipped_means_fit_the_packaged_encoder() -> None:
    vectors = np.eye(384, dtype=np.float32)[:2]
    centred = LanguageMeans.shipped().centred(vectors, "passage", ["id", "en"])
    assert centred.shape == (2, 384)
    assert np.linalg.norm(centred, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_a_map_turns_vectors_and_keeps_their_length() -> None:
    quarter = Alignment(np.array([[0, -1], [1, 0]], np.float32))
    turned = quarter.mapped(np.array([[1, 0], [0, 0.5]], np.float32))
    assert turned == pytest.approx(np.array([[0, 1], [-1, 0]]))
    assert np.isfinite(quarter.mapped(np.zeros((1, 2), np.float32))).all()
    assert quarter.id != Alignment(np.eye(2, dtype=np.float32)).id


def test_the_shipped_map_is_near_the_identity() -> None:
    vectors = np.eye(384, dtype=np.float32)
    mapped = Alignment.shipped().mapped(vectors)
    assert np.linalg.norm(mapped, axis=1) == pytest.approx(np.ones(384), abs=1e-5)
    assert (np.diag(mapped) > 0.8).all()


def test_the_scheme_tells_aligned_vectors_from_plain_ones() -> None:
    aligned, plain = load_embedder(Settings()), plain_packaged_embedder(Settings())
    assert aligned.revision == plain.revision
    assert f"alignment={Alignment.shipped().id}" in aligned.scheme
    assert plain.scheme.endswith("centring=none")


def test_naming_the_packaged_model_loads_no_torch() -> None:
    code = (
        "import sys; from factcheck.embed import load_embedder; from factcheck.settings import Settings;"
        " e = load_embedder(Settings()); print(e.name, e.dimension); assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["packaged", "384"]


def test_a_home_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(SettingsError, match="FACTCHECK_HOME"):
        packaged_directory(Settings(home=tmp_path / "home"))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def embedder(settings: Settings) -> Embedder:
    return load_embedder(settings)


@pytest.mark.slow
def test_vectors_are_unit_float32_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = [OTHER * 5, "a", ID, EN, ""]
    vectors = embedder.passages(texts, ["id", None, "id", "en", "id"])
    assert vectors.shape == (5, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-4)
    for i, language in ((0, "id"), (2, "id"), (3, "en")):
        alone = embedder.passages([texts[i]], [language])[0]
        assert float(alone @ vectors[i]) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.slow
def test_a_translation_is_nearer_than_another_text_of_the_claims_language(embedder: Embedder) -> None:
    query = embedder.queries([ID], ["id"])[0]
    english, indonesian = embedder.passages([EN, OTHER], ["en", "id"])
    assert float(query @ english) > float(query @ indonesian) + 0.3


@pytest.mark.slow
def test_many_texts_and_one_give_the_same_vector_to_three_digits(embedder: Embedder, settings: Settings) -> None:
    # Where the processor has it, matrices are multiplied in bfloat16.
    plain = plain_packaged_embedder(settings)
    exact = plain._loaded()
    import torch

    plain_vectors = plain.passages([ID, EN, OTHER], ["id", "en", "id"])
    exact.to(torch.float32)
    plain._half = False
    assert (plain.passages([ID, EN, OTHER], ["id", "en", "id"]) * plain_vectors).sum(1) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.slow
def test_queries_and_passages_have_their_own_prefixes(embedder: Embedder) -> None:
    assert embedder.scheme.startswith("prefixes=query: |passage: ;centring=")
    assert float(embedder.queries([ID], ["id"])[0] @ embedder.passages([ID], ["id"])[0]) < 0.9999


@pytest.mark.slow
def test_no_texts_are_no_vectors_and_lengths_must_fit(embedder: Embedder) -> None:
    assert embedder.passages([], []).shape == (0, embedder.dimension)
    with pytest.raises(ValueError, match="languages"):
        embedder.queries([ID], [])


@pytest.mark.slow
def test_threads_may_embed_at_once(embedder: Embedder) -> None:
    texts = [f"{ID} {'kata ' * (i % 7)}" for i in range(24)]
    alone = [embedder.queries([text], ["id"])[0] for text in texts]
    results: dict[int, np.ndarray] = {}

    def run(i: int) -> None:
        results[i] = embedder.queries([texts[i]], ["id"])[0]

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(results[i], alone[i], atol=1e-4) for i in range(len(texts)))


@pytest.mark.slow
def test_it_is_loaded_once_and_a_directory_is_a_model_of_its_own(embedder: Embedder, settings: Settings) -> None:
    assert load_embedder(settings) is embedder
    directory = packaged_directory(settings)
    plain = load_embedder(settings.model_copy(update={"embedding_model": str(directory)}))
    assert plain.name == directory.name
    assert plain.dimension == embedder.dimension
    assert plain.scheme == "prefixes=query: |passage: ;centring=none"
    assert plain.revision != embedder.revision
    raw, centred = plain.passages([EN, OTHER], ["en", "id"]), embedder.passages([EN, OTHER], ["en", "id"])
    assert float(raw[0] @ raw[1]) > float(centred[0] @ centred[1]) + 0.3


@pytest.mark.slow
def test_a_model_that_cannot_be_had_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no-such/model.*FACTCHECK_EMBEDDING_MODEL"):
        load_embedder(Settings(embedding_model="no-such/model"))
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "config.json").write_text("{")
    with pytest.raises(ModelError, match="junk"):
        load_embedder(Settings(embedding_model=str(tmp_path / "junk")))
