"""The benchmark of retrieval, over invented corpora and an embedder that needs no model."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from fakes_embedder import HashingEmbedder

from factcheck.errors import InputError
from factcheck.evals.datasets import load_dataset
from factcheck.evals.matching import run
from factcheck.fusion import lexical_weight
from factcheck.retrieve import search
from factcheck.settings import Settings

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
PLAIN = HashingEmbedder(name="plain", dimension=64)

TRADES = (
    "miller",
    "baker",
    "cooper",
    "weaver",
    "tanner",
    "glover",
    "fuller",
    "dyer",
    "potter",
    "mason",
    "roper",
    "smith",
)
TOWNS = ("Lindow", "Harwell", "Tarn", "Osmer", "Quill", "Brack")
NOTES = [
    {"fact_en": "The harbour of Tarn froze in January 1911.", "fact_id": "Pelabuhan Tarn membeku pada Januari 1911."},
    {"fact_en": "The mayor of Quill opened a bridge.", "fact_id": "Wali kota Quill meresmikan sebuah jembatan."},
    {"fact_en": "No wording in the other language.", "fact_id": None},
]


class Scripts(NamedTuple):
    main: ModuleType
    beds: ModuleType
    systems: ModuleType
    weights: ModuleType
    tables: ModuleType
    record: ModuleType


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Scripts:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    names = ("", "_beds", "_systems", "_weights", "_tables", "_record")
    return Scripts(*(importlib.import_module(f"retrieval{name}") for name in names))


def _lines(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Two sets over one corpus, one over another; the last row of the first has no gold document."""
    place = tmp_path / "sets"
    place.mkdir()
    towns = [
        {"doc_id": f"{town}-{trade}", "text": f"The {trade} of {town} bought a new roof in the year {1900 + i}."}
        for town in TOWNS[:3]
        for i, trade in enumerate(TRADES)
    ]
    _lines(place / "corpus_towns.jsonl", towns)
    rivers = [
        {"doc_id": f"r{i}", "text": f"The {trade} saw the river rise {i} metres."} for i, trade in enumerate(TRADES)
    ]
    _lines(place / "corpus_rivers.jsonl", rivers)
    claims = [
        {
            "id": f"v{i}", "claim": f"In {TOWNS[i % 3]} the {TRADES[i]} paid for a roof.", "label": "supported",
            "gold_doc_ids": [f"{TOWNS[i % 3]}-{TRADES[i]}"], "corpus": "corpus_towns.jsonl",
        }
        for i in range(6)
    ]  # fmt: skip
    nothing = {**claims[0], "id": "none", "label": "not_enough_evidence", "gold_doc_ids": []}
    _lines(place / "verdict_fm2.jsonl", [*claims, nothing])
    posts = [
        {"id": f"m{i}", "query": f"roof of the {TRADES[i]}", "gold_doc_ids": [f"Tarn-{TRADES[i]}"]} for i in range(4)
    ]
    _lines(place / "match_ct20.jsonl", [{**post, "corpus": "corpus_towns.jsonl"} for post in posts])
    high = [{"id": f"w{i}", "query": f"How high for the {TRADES[i]}?", "gold_doc_ids": [f"r{i}"]} for i in range(4)]
    _lines(place / "match_turnbackhoax.jsonl", [{**row, "corpus": "corpus_rivers.jsonl"} for row in high])
    return place


def _quiet(_: str) -> None:
    pass


@pytest.fixture
def towns(scripts: Scripts, sets: Path, tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """The first set's bed, and its corpus."""
    bed = scripts.beds.bed_of_set(sets / "verdict_fm2.jsonl")
    with scripts.beds.ground(bed.file, Settings(home=tmp_path / "home"), HashingEmbedder(), PLAIN, _quiet) as ground:
        yield bed, ground


def _systems(scripts: Scripts, bed: Any, ground: Any, **more: Any) -> dict[str, Any]:
    vectors = PLAIN.queries([q.text for q in bed.queries], [q.language for q in bed.queries])
    found: dict[str, Any] = scripts.systems.systems(bed, ground, vectors, **more)
    return found


def test_only_rows_with_gold_documents_are_searched_for(scripts: Scripts, sets: Path) -> None:
    bed = scripts.beds.bed_of_set(sets / "verdict_fm2.jsonl")
    assert [query.id for query in bed.queries] == [f"v{i}" for i in range(6)] and bed.left_out == 1
    _lines(sets / "match_x.jsonl", [{"id": "1", "query": "a roof", "gold_doc_ids": [], "corpus": "corpus_towns.jsonl"}])
    with pytest.raises(InputError, match="gold document"):
        scripts.beds.bed_of_set(sets / "match_x.jsonl")


def test_ours_is_what_the_evaluation_runs(scripts: Scripts, towns: tuple[Any, Any], sets: Path) -> None:
    bed, ground = towns
    ours = _systems(scripts, bed, ground)["ours"]
    wanted = {one.id: one.retrieved for one in run(load_dataset(sets / "verdict_fm2.jsonl"), ground.corpus)}
    assert [ours(query) for query in bed.queries] == [wanted[query.id] for query in bed.queries]


def test_every_system_ranks_documents_of_the_corpus_once(scripts: Scripts, towns: tuple[Any, Any]) -> None:
    bed, ground = towns
    for name, find in _systems(scripts, bed, ground).items():
        for query in bed.queries:
            found = find(query)
            assert len(set(found)) == len(found) >= scripts.systems.DEPTH, name
            assert set(found) <= set(ground.passages.documents), name


def test_the_plain_cosine_is_exact(scripts: Scripts, towns: tuple[Any, Any]) -> None:
    bed, ground = towns
    vector = PLAIN.queries([bed.queries[0].text], [None])[0]
    cosines = sorted((float(row @ vector) for row in ground.plain), reverse=True)
    found = scripts.systems.nearest(vector, ground, 5)
    assert [score for _, score in found] == pytest.approx(cosines[:5])
    assert len(scripts.systems.nearest(vector, ground, 1000)) == len(ground.passages.ids)


def test_stemming_is_what_parts_the_two_lexical_systems(scripts: Scripts, towns: tuple[Any, Any]) -> None:
    bed, ground = towns
    plural = bed.queries[0]._replace(text="the roofs of the tanners of Harwell, bought by them", language="en")
    found = _systems(scripts, bed._replace(queries=(plural,)), ground)
    assert found["bm25"](plural)[0] == "Harwell-tanner"
    assert found["bm25 plain"](plural)[0] != "Harwell-tanner"


def test_reciprocal_ranks_by_hand(scripts: Scripts) -> None:
    fused = scripts.systems.reciprocal_ranks([[("a", 9.0), ("b", 1.0)], [("b", 0.9), ("c", 0.8)]])
    assert [key for key, _ in fused] == ["b", "a", "c"]
    assert dict(fused) == pytest.approx({"b": 1 / 62 + 1 / 61, "a": 1 / 61, "c": 1 / 62})


def test_a_ranking_full_of_one_document_is_read_deeper(scripts: Scripts) -> None:
    passages = [f"long-{i}" for i in range(350)] + [f"p{i}" for i in range(30)]
    document = {key: "long" if key.startswith("long") else key for key in passages}
    query = scripts.beds.Query("q", "text", None, frozenset())
    find = scripts.systems.by_document(lambda _, k: [(key, 0.0) for key in passages[:k]], document)
    assert find(query)[:3] == ("long", "p0", "p1") and len(find(query)) == 31
    assert find(query._replace(own="long"))[:2] == ("p0", "p1")


def test_measures_by_hand(scripts: Scripts, towns: tuple[Any, Any]) -> None:
    bed = towns[0]
    two = tuple(q._replace(gold=frozenset({"a", "b"})) for q in bed.queries[:2])
    rows = scripts.systems.measured(bed._replace(queries=two), [("x", "a", "y"), ("x", "y")])
    assert {name: tuple(values) for name, values in rows.items()} == {
        "hit@1": (0, 0), "hit@5": (1, 0), "recall@10": (0.5, 0), "mrr@10": (0.5, 0),
        "ndcg@10": (pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3))), 0),
    }  # fmt: skip
    assert scripts.systems.summed(rows)["mrr@10"].value == 0.25
    assert scripts.systems.summed(rows)["mrr@10"].n == 2


def test_a_difference_is_the_second_less_the_first(scripts: Scripts) -> None:
    found = scripts.systems.difference(np.zeros(40), np.tile([1.0, 0.0], 20))
    assert found.difference == 0.5 and 0.3 < found.low < 0.5 < found.high < 0.7


def test_the_verifier_orders_the_first_anew_and_no_others(scripts: Scripts, towns: tuple[Any, Any]) -> None:
    bed, ground = towns
    query = bed.queries[0]
    asked: list[tuple[str, str]] = []

    def scorer(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        asked.extend(pairs)
        # The last passage is the only one that decides the claim.
        return np.array([[0.0, 0.0, 1.0]] * (len(pairs) - 1) + [[5.0, 5.0, -9.0]], np.float32)

    plain = [one.document.id for one in search(query.text, ground.corpus, 20)]
    found = _systems(scripts, bed, ground, rerank=3, scorer=scorer)["ours, 3 reranked"](query)
    assert len(asked) == 3 and all(claim == query.text for claim, _ in asked)
    assert found == (plain[2], plain[0], plain[1], *plain[3:])


def test_vectors_are_made_once_and_again_where_their_file_is_damaged(scripts: Scripts, tmp_path: Path) -> None:
    seen: list[int] = []
    model = HashingEmbedder(before=lambda texts: seen.append(len(texts)))
    texts = [f"text {i}" for i in range(1030)]

    def kept(some: list[str]) -> np.ndarray:
        vectors: np.ndarray = scripts.beds.kept_vectors(model, "passage", some, [None] * len(some), tmp_path, _quiet)
        return vectors

    first = kept(texts)
    assert seen == [1024, 6] and first.shape == (1030, 256)
    assert np.array_equal(kept(texts), first) and seen == [1024, 6]
    (file,) = (tmp_path / "evals").iterdir()
    file.write_bytes(file.read_bytes()[:200])
    assert np.array_equal(kept(texts), first) and seen == [1024, 6, 1024, 6]
    kept(texts[::-1])
    assert len(list((tmp_path / "evals").iterdir())) == 2


# between languages


def test_notes_are_asked_both_ways_among_an_exact_number_of_distractors(
    scripts: Scripts, sets: Path, tmp_path: Path
) -> None:
    facts = _lines(tmp_path / "facts.jsonl", NOTES)
    there, back = scripts.beds.beds_between_languages(facts, sets, tmp_path, 30)
    assert (there.name, back.name) == ("notes id to en", "notes en to id")
    assert there.left_out == back.left_out == 1 and there.file == back.file
    assert there.queries[0].text == NOTES[0]["fact_id"]
    assert there.queries[0].gold == {"note-0-en"} and there.queries[0].own == "note-0-id"
    rows = [json.loads(line) for line in there.file.read_text(encoding="utf-8").splitlines()]
    names = [row["doc_id"] for row in rows]
    assert len(names) == len(set(names)) == 4 + 30
    # The smaller corpus has 12 passages and gives them all; the larger one gives the rest.
    assert sum(name.startswith("corpus_rivers") for name in names) == 12
    written = there.file.stat().st_mtime_ns
    again, _ = scripts.beds.beds_between_languages(facts, sets, tmp_path, 30)
    assert again == there and again.file.stat().st_mtime_ns == written
    other, _ = scripts.beds.beds_between_languages(facts, sets, tmp_path, 29)
    assert other.file != there.file


def test_notes_in_one_language_only_are_refused(scripts: Scripts, sets: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="both languages"):
        scripts.beds.beds_between_languages(_lines(tmp_path / "f.jsonl", NOTES[2:]), sets, tmp_path, 5)


def test_the_query_itself_is_in_no_ranking(scripts: Scripts, sets: Path, tmp_path: Path) -> None:
    facts = _lines(tmp_path / "facts.jsonl", NOTES)
    for bed in scripts.beds.beds_between_languages(facts, sets, tmp_path, 20):
        settings = Settings(home=tmp_path / "home")
        with scripts.beds.ground(bed.file, settings, HashingEmbedder(), PLAIN, _quiet) as ground:
            scorer = lambda pairs: np.zeros((len(pairs), 3), np.float32)  # noqa: E731
            found = _systems(scripts, bed, ground, rerank=4, scorer=scorer)
            assert "note-0-id" in ground.passages.documents and "note-0-en" in ground.passages.documents
            for name, find in found.items():
                for query in bed.queries:
                    assert query.own not in find(query), name
            # They share the name and the year, which BM25 sees only where it searches the other language too.
            assert bed.queries[0].gold <= set(found["bm25"](bed.queries[0]))
            within = _systems(scripts, bed._replace(between_languages=False), ground)
            known = bed.queries[0]._replace(language=bed.name.split()[1])
            assert not known.gold & set(within["bm25"](known))


# the weight


def test_at_the_shipped_weight_a_pool_is_ranked_as_the_product_ranks(scripts: Scripts, towns: tuple[Any, Any]) -> None:
    bed, ground = towns
    one = scripts.weights.pooled(bed, ground)
    for query, pool in zip(bed.queries, one.pools, strict=True):
        wanted = [candidate.document.id for candidate in search(query.text, ground.corpus, 15)]
        assert list(scripts.weights.ranked_at(pool, lexical_weight(query.language), None))[:15] == wanted


def _pools(scripts: Scripts, name: str, lexical_is_right: bool, between: bool = False) -> Any:
    """A set whose gold document stands first either by its cosine or by its words."""
    queries = tuple(scripts.beds.Query(f"q{i}", "x", "en", frozenset({"gold"})) for i in range(3))
    cosines, lexical = np.array([0.9, 0.52], np.float32), np.array([1.0, 2.0], np.float32)
    if lexical_is_right:
        cosines, lexical = cosines[::-1], lexical[::-1]
    pool = scripts.weights.Pool(("gold", "other"), cosines, lexical, np.ones(2, bool))
    return scripts.weights.Pooled(scripts.beds.Bed(name, Path(name), queries, 0, between), (pool,) * 3)


def test_the_weight_is_fitted_on_the_other_sets(scripts: Scripts) -> None:
    sets = [_pools(scripts, "words", True), _pools(scripts, "sense", False)]
    words, sense = scripts.weights.fitted(sets)
    assert words.fitted_on == ("sense",) and sense.fitted_on == ("words",)
    # Words decide from (0.9 - 0.52) / (1 - 0.5) = 0.76 on; without any weight the cosine does.
    assert words.weight == 0.0 and sense.weight == words.own_best == 0.8
    assert words.out_of_fold["mrr@10"].value == 0.5 == sense.out_of_fold["mrr@10"].value
    assert words.curve["mrr@10"][0] == 0.5 and words.curve["mrr@10"][-1] == 1.0


def test_sets_of_one_corpus_are_left_out_together_and_those_between_languages_fit_nothing(scripts: Scripts) -> None:
    first, other = _pools(scripts, "a", True), _pools(scripts, "b", False)
    second = first._replace(bed=first.bed._replace(name="a2"))
    between = _pools(scripts, "c", True, between=True)
    fitted = {one.name: one.fitted_on for one in scripts.weights.fitted([first, second, other, between])}
    assert fitted == {"a": ("b",), "a2": ("b",), "b": ("a", "a2"), "c": ("a", "a2", "b")}
    assert scripts.weights.fitted([first, second]) == ()


# the whole run


def _run(scripts: Scripts, *arguments: object) -> None:
    scripts.main.main([str(one) for one in arguments], HashingEmbedder(), PLAIN)


def _row(page: str, *start: str) -> list[str]:
    line = next(line for line in page.splitlines() if line.startswith(f"| {' | '.join(start)} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_one_run_gives_record_and_tables(
    scripts: Scripts, sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, record = _lines(tmp_path / "facts.jsonl", NOTES), tmp_path / "record.json"
    options = ("--facts", facts, "--distractors", 10, "--weights", "--markdown", "--output", record)
    _run(scripts, sets, *options)
    page, told = capsys.readouterr()
    assert "passed over: verdict_scifact" in told
    made = scripts.record.Bench.model_validate_json(record.read_text(encoding="utf-8"))
    assert [(one.name, one.n) for one in made.sets] == [
        ("verdict_fm2", 6), ("match_turnbackhoax", 4), ("match_ct20", 4), ("notes id to en", 2), ("notes en to id", 2),
    ]  # fmt: skip
    assert [one.name for one in made.weights] == [one.name for one in made.sets]
    assert str(tmp_path) not in page + record.read_text(encoding="utf-8")
    head = _row(page, "set", "n", "measure")
    fm2 = dict(zip(head, _row(page, "fm2", "6", "recall@10"), strict=True))
    figures = made.sets[0].systems["ours"].figures
    assert fm2["ours"].startswith(f"{figures['recall@10'].value:.3f}".removeprefix("0"))
    assert fm2["aim"] == f".75 {'met' if figures['recall@10'].value >= 0.75 else 'missed'}"
    assert set(made.sets[0].systems) == {*scripts.systems.BASELINES, "ours"} <= set(head)
    gain = made.sets[0].gains["mrr@10"][0]
    values = {name: made.sets[0].systems[name].figures["mrr@10"].value for name in scripts.systems.BASELINES}
    assert values[gain.over] == max(values.values())
    assert gain.difference.difference == pytest.approx(figures["mrr@10"].value - values[gain.over])
    assert len(_row(page, "notes id to en", "2", "recall@1")) == len(head)


def test_the_terminal_gets_the_same_figures(scripts: Scripts, sets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(scripts, sets, "--sets", "match_ct20")
    page = capsys.readouterr().out
    assert "Documents found" in page and "e5 centred" in page and "Weight of" not in page and "| " not in page


def test_the_record_is_kept_after_each_corpus(scripts: Scripts, sets: Path, tmp_path: Path) -> None:
    kept: list[int] = []
    beds = [scripts.beds.bed_of_set(sets / f"{name}.jsonl") for name in ("match_ct20", "match_turnbackhoax")]
    empty = scripts.record.Bench(
        command="", started="2026-01-01T00:00:00Z", version="0", embedding="", plain="", lexical_weights={"en": 0.1}
    )
    settings = Settings(home=tmp_path / "home")
    scripts.main.bench(
        beds, empty, settings, HashingEmbedder(), PLAIN, _quiet, keep=lambda record: kept.append(len(record.sets))
    )
    assert kept == [1, 2]


def test_a_set_that_is_named_and_missing_is_an_error(scripts: Scripts, sets: Path) -> None:
    with pytest.raises(SystemExit, match="verdict_wice"):
        _run(scripts, sets, "--sets", "verdict_wice")
    with pytest.raises(SystemExit, match="none of the sets"):
        _run(scripts, sets, "--sets")


def test_the_picture(scripts: Scripts, sets: Path, tmp_path: Path) -> None:
    for package in ("altair", "vl_convert"):
        pytest.importorskip(package, reason=f"{package} is not installed: no plots")
    _run(scripts, sets, "--sets", "match_ct20", "--svg", tmp_path / "found.svg")
    drawn = (tmp_path / "found.svg").read_text(encoding="utf-8")
    assert "match_ct20" in drawn and "e5 centred" in drawn
