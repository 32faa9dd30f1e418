"""No system is shown gold, and gold changes no prediction.

A row carries a marker in every field of `GOLD_FIELDS`, in the row and in its evidence. It goes through `load_dataset`
and every runner and baseline with parts that record all they are shown. Then the gold of the rows is exchanged, and
every prediction has to stay the same to the byte.

Exempt is `baselines.majority`, and `baselines.random_worth` in its share: they are statistics of the gold, and say so.
"""

# ruff: noqa: E501 - a row of a set is read as a whole line
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import fakes
import pytest
from fakes_embedder import HashingEmbedder

from factcheck.embed import Vectors
from factcheck.evals import baselines, checkworthiness, extraction, matching, verdicts
from factcheck.evals.corpora import eval_corpus, given_passages
from factcheck.evals.datasets import load_corpus_documents, load_dataset
from factcheck.evals.rows import GOLD_FIELDS, TASKS, Dataset, Prediction, Task
from factcheck.extract import RuleExtractor
from factcheck.index import Corpus
from factcheck.settings import Settings
from factcheck.types import AsOfSource, Assessment, Candidate, Claim, Document, Extraction, Finding, Usage
from factcheck.verify.weigh import PLAIN, Weighing

MARK = "⟦ζ⟧"
"""Neither letter nor digit of the Latin alphabet, so that a label that carries it is still a label that is known."""

TODAY = date(2024, 7, 1)

LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO", "conflicting", "supported", "refuted")
STANCES = ("supports", "refutes", "neutral")
WORTH = ("checkworthy", "not_checkworthy")
TEXTS = [f"The mill of village {n} ground {n}00 sacks of rye in 190{n}, said Anna Berg." for n in range(4)] + [
    "I feel the mill of village 4 is lovely.", "We ought to cherish the mill of village 5."
]  # fmt: skip


class Shown:
    """Everything that any part was shown, as text."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def show(self, *values: object) -> None:
        self.seen += [repr(value) for value in values]


class RecordingEmbedder(HashingEmbedder):
    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown

    def passages(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        self._shown.show(*texts, *languages)
        return super().passages(texts, languages)

    def queries(self, texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
        self._shown.show(*texts, *languages)
        return super().queries(texts, languages)


class RecordingExtractor:
    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._rules = RuleExtractor()

    @property
    def prompts(self) -> Mapping[str, str]:
        return {}

    def extract(self, document: Document, as_of: date, as_of_source: AsOfSource) -> tuple[Extraction, Usage]:
        self._shown.show(document, as_of, as_of_source)
        return self._rules.extract(document, as_of, as_of_source)


class RecordingJudge(fakes.ScriptedJudge):
    """Takes a stance by the length of the passage, so that predictions differ from row to row."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown

    @property
    def weighing(self) -> Weighing:
        return PLAIN

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        self._shown.show(claim, *candidates)
        findings = [
            Finding(
                passage_id=c.passage.id, stance=STANCES[len(c.passage.text) % 3], quote=c.passage.text, probability=0.8
            )  # type: ignore[arg-type]
            for c in candidates
        ]
        return Assessment(findings=tuple(findings))


# --- rows whose every gold field is marked


def marked(value: str) -> str:
    return MARK + value + MARK


def gold(task: Task, n: int) -> dict[str, Any]:
    """The gold fields of the nth row, each marked, all that the schema has whatever the task."""
    labels = WORTH if task == "checkworthy" else LABELS
    return {
        "label": marked(labels[n % len(labels)]),
        "orig_label": marked("partially supported"),
        "meta": {"justification": marked("why"), "category": marked(f"c{n}"), "speaker": marked("who"), "deep": [{"x": marked("y")}]},
        "stance": marked(STANCES[n % 3]),
        "gold_doc_ids": [f"n:{n}", marked(f"doc{n}")],
        "gold_claims": [{"text": marked(f"claim {n}"), "source_sentence": marked("s"), "kind": marked("k"), "label": marked("l"), "checkworthy": n % 2 == 0}],
        "gold_is_exhaustive": marked("true"),
        "normalized_claim": marked("normal"),
        "sent_ids": [n, marked("7")],
    }  # fmt: skip


def row(task: Task, n: int, gold_of: int) -> dict[str, Any]:
    """The nth row with the gold of another."""
    fields = gold(task, gold_of)
    assert fields.keys() == GOLD_FIELDS
    # Nested gold: every gold field in each piece of evidence too, where a stance has to be one that is known.
    pieces = [
        {
            "doc_id": f"g:{n}:{i}",
            "text": f"{TEXTS[n]} Piece {i}." + " Rye." * i,
            "title": f"Mill {n}",
            **gold(task, gold_of),
        }
        for i in range(3)
    ]
    pieces += [{**pieces[0], "text": "The miller of the village has two sons."}]
    text = {"verdict": "claim", "match": "query", "extract": "text", "checkworthy": "text"}[task]
    return {
        "id": f"r{n}",
        "lang": "en",
        text: TEXTS[n],
        "claim_date": "2021-02-03",
        "speaker": "Anna Berg",
        "evidence": pieces,
        "corpus": "corpus_m.jsonl",
        **fields,
    }


def written(directory: Path, task: Task, order: Iterable[int]) -> Dataset:
    directory.mkdir(parents=True, exist_ok=True)
    notes = [
        {
            "doc_id": f"n:{n}",
            "text": f"{TEXTS[n % 6]} Note {n} of the archive.",
            "label": marked("l"),
            "meta": marked("m"),
            "stance": marked("s"),
        }
        for n in range(30)
    ]
    for name, rows in (("corpus_m.jsonl", notes), (f"{task}_m.jsonl", [row(task, n, g) for n, g in enumerate(order)])):
        (directory / name).write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), "utf-8")
    return load_dataset(directory / f"{task}_m.jsonl")


# --- every runner and baseline

Runner = Callable[[Dataset, Corpus, Shown], Iterable[Prediction]]


def still() -> float:
    return 0.0


def documents(dataset: Dataset) -> tuple[Document, ...]:
    assert dataset.corpus is not None
    return tuple(load_corpus_documents(dataset.corpus))


def bm25_shown(dataset: Dataset, shown: Shown) -> baselines.Retriever:
    shown.show(*documents(dataset))
    return baselines.retriever(dataset, documents(dataset))


def given_lexical(dataset: Dataset, corpus: Corpus, shown: Shown) -> Iterable[Prediction]:
    for one in dataset.rows:
        shown.show(*given_passages(one.question))
    return baselines.lexical(dataset)


def verdict(dataset: Dataset, corpus: Corpus | None, shown: Shown) -> Iterable[Prediction]:
    settings = Settings(lift_time_rule=True)
    return verdicts.run(dataset, RecordingJudge(shown), settings, corpus=corpus, today=TODAY, clock=still)


RUNNERS: dict[str, tuple[Task, Runner]] = {
    "verdict given": ("verdict", lambda d, c, s: verdict(d, None, s)),
    "verdict retrieved": ("verdict", verdict),
    "lexical given": ("verdict", given_lexical),
    "lexical retrieved": ("verdict", lambda d, c, s: baselines.lexical(d, bm25_shown(d, s))),
    "bm25 verdict": ("verdict", lambda d, c, s: baselines.bm25(d, bm25_shown(d, s))),
    "match": ("match", lambda d, c, s: matching.run(d, c, clock=still)),
    "bm25 match": ("match", lambda d, c, s: baselines.bm25(d, bm25_shown(d, s))),
    "extract": ("extract", lambda d, c, s: extraction.run(d, RecordingExtractor(s), today=TODAY, clock=still)),
    "every sentence": ("extract", lambda d, c, s: baselines.every_sentence(d)),
    "lead": ("extract", lambda d, c, s: baselines.lead(d)),
    "checkworthy": ("checkworthy", lambda d, c, s: checkworthiness.run(d, clock=still)),
    "length": ("checkworthy", lambda d, c, s: baselines.sentence_length(d)),
    "chance": ("checkworthy", lambda d, c, s: baselines.random_worth(d)),
}  # fmt: skip


def run(name: str, directory: Path, order: Sequence[int], shown: Shown) -> tuple[Dataset, list[str]]:
    """The set as it was read, and each prediction as a line of `--predictions`."""
    task, runner = RUNNERS[name]
    dataset = written(directory, task, order)
    assert dataset.corpus is not None
    embedder = RecordingEmbedder(shown)
    with eval_corpus(dataset.corpus, Settings(home=directory / "home"), embedder=embedder) as corpus:
        shown.show(*corpus.documents())
        return dataset, [one.model_dump_json() for one in runner(dataset, corpus, shown)]


@pytest.mark.parametrize("task", get_args(Task))
def test_the_marker_reaches_the_gold_and_no_question(tmp_path: Path, task: Task) -> None:
    dataset = written(tmp_path, task, range(6))
    for one in dataset.rows:
        assert MARK not in repr(one.question)
        assert one.gold is not None and MARK in repr(one.gold), "else this test could not fail"
    if task in ("verdict", "checkworthy"):
        assert len({one.gold.label for one in dataset.rows if one.gold}) >= 2


@pytest.mark.parametrize("name", RUNNERS)
def test_no_part_is_shown_gold(tmp_path: Path, name: str) -> None:
    shown = Shown()
    dataset, predictions = run(name, tmp_path, range(6), shown)
    assert shown.seen and not [text for text in shown.seen if MARK in text]
    assert len(predictions) == len(dataset.rows) and not [line for line in predictions if MARK in line]


@pytest.mark.parametrize("name", RUNNERS)
def test_gold_changes_no_prediction(tmp_path: Path, name: str) -> None:
    one, before = run(name, tmp_path / "a", range(6), Shown())
    other, after = run(name, tmp_path / "b", [1, 2, 3, 4, 5, 0], Shown())
    assert [row.gold for row in one.rows] != [row.gold for row in other.rows]
    assert before == after
    assert len({json.dumps({**json.loads(line), "id": ""}) for line in before}) > 1, "rows differ, so an answer could"


@pytest.mark.parametrize("name", [name for name in RUNNERS if name != "chance"])
def test_without_gold_the_predictions_are_the_same(tmp_path: Path, name: str) -> None:
    """`chance` takes its share from the gold; it is one half without."""
    dataset, before = run(name, tmp_path, range(6), Shown())
    bare = dataset._replace(rows=tuple(row._replace(gold=None) for row in dataset.rows))
    assert dataset.corpus is not None
    with eval_corpus(dataset.corpus, Settings(home=tmp_path / "home"), embedder=HashingEmbedder()) as corpus:
        assert [one.model_dump_json() for one in RUNNERS[name][1](bare, corpus, Shown())] == before


def test_a_judge_that_is_shown_gold_is_caught(tmp_path: Path) -> None:
    """The test of the test: a question that was made from the whole row is noticed."""
    dataset = written(tmp_path, "verdict", range(6))
    leaky = tuple(
        row._replace(question=row.question.model_copy(update={"text": f"{row.question.text} {row.gold}"}))
        for row in dataset.rows
    )
    shown = Shown()
    list(verdict(dataset._replace(rows=leaky), None, shown))
    assert [text for text in shown.seen if MARK in text]


def test_every_task_has_a_runner_here() -> None:
    assert {task for task, _ in RUNNERS.values()} == set(TASKS)
