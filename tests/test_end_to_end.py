"""The whole job with the real models: the demo article, and the seed article where ../shared is at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from homes import DemoRun

from factcheck.engine import Engine, build_engine
from factcheck.pipeline import check
from factcheck.read import read_file
from factcheck.settings import Settings
from factcheck.types import LABELS, ClaimResult, Report, latest_day

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine(demo_home: Path) -> Iterator[Engine]:
    made = build_engine(Settings(home=demo_home))
    yield made
    made.corpus.close()


@pytest.fixture(scope="module")
def demo(demo_run: DemoRun) -> Report:
    return demo_run.report


@pytest.fixture(scope="module")
def seed(engine: Engine, shared_dir: Path) -> Report:
    return check(read_file(shared_dir / "seed" / "artikel-putin-korea-utara.txt"), engine, as_of=date(2024, 6, 19))


def _holds(report: Report) -> None:
    """What is true of every report, whatever the models made of the article."""
    text = report.article.text
    for claim in report.claims:
        assert text[claim.start : claim.end] == claim.source_text
        assert claim.status == "checked", claim.reason
        for proof in claim.evidence:
            assert report.documents[proof.document_id].text[proof.start : proof.end] == proof.quote
            if proof.used:
                known = proof.published or proof.available_from
                assert known and latest_day(known) <= claim.as_of
                assert report.documents[proof.document_id].reliability not in ("disputed", "superseded")
        used = [proof for proof in claim.evidence if proof.used]
        assert len({proof.origin for proof in used}) == len(used)
    for item in report.left_out:
        assert text[item.start : item.end] == item.text and item.reason
    assert Report.model_validate_json(report.model_dump_json()) == report


def _about(report: Report, *words: str) -> list[ClaimResult]:
    return [c for c in report.claims if all(w.casefold() in f"{c.text} {c.source_text}".casefold() for w in words)]


def _one(report: Report, *words: str) -> ClaimResult:
    found = _about(report, *words)
    assert found, f"no claim about {words} among {[c.text for c in report.claims]}"
    return found[0]


def test_the_demo_report_holds(demo: Report) -> None:
    _holds(demo)
    assert demo.article.as_of == date(2024, 6, 19) and demo.article.as_of_source == "article"


def test_the_demo_exercises_every_label(demo: Report) -> None:
    assert {claim.label for claim in demo.claims} == set(LABELS)


def test_the_demo_refuses_what_is_only_known_later(demo: Report) -> None:
    shown = [proof for claim in demo.claims for proof in claim.evidence if proof.why_not == "later"]
    assert shown, "the corpus holds later information, so that the time rule has something to refuse"


@pytest.mark.parametrize(
    ("words", "label"),
    [
        (("tiba di Pyongyang",), "supported"),
        (("Kumsusan",), "supported"),
        (("Vladivostok", "2018"), "refuted"),
        (("4 Desember 2024",), "not_enough_evidence"),
        (("75 pengusaha",), "not_enough_evidence"),
    ],
)
def test_the_demo_claims_come_out_as_their_notes_say(demo: Report, words: tuple[str, ...], label: str) -> None:
    assert _one(demo, *words).label == label


def test_questions_and_opinions_are_left_out_of_the_demo(demo: Report) -> None:
    left = " ".join(item.text for item in demo.left_out)
    assert "Apakah dunia siap" in left and "sungguh mengagumkan" in left


def test_the_seed_report_holds(seed: Report) -> None:
    _holds(seed)


@pytest.mark.parametrize(
    "words",
    [
        ("tiba di", "Pyongyang"),
        ("Kim", "menyambut"),
        ("Kumsusan",),
        ("pertama", "2000"),
        ("Hanoi",),
        ("1961",),
        ("2001",),
    ],
)
def test_the_seed_claims_are_found_and_supported(seed: Report, words: tuple[str, ...]) -> None:
    assert "supported" in {claim.label for claim in _about(seed, *words)}, [
        (c.text, c.label, c.justification) for c in _about(seed, *words)
    ]


def test_the_seed_statements_of_ushakov_are_attributed(seed: Report) -> None:
    said = [c for c in seed.claims if c.speaker and "Ushakov" in c.speaker]
    assert said and {"attribution", "reported"} & {c.kind for c in said}
    assert "supported" in {c.label for c in said}


def test_two_articles_at_once_stay_apart(engine: Engine) -> None:
    texts = {"a": "Putin tiba di Pyongyang pada 19 Juni 2024.", "b": "Putin tiba di Hanoi pada 20 Juni 2024."}
    reports: dict[str, Report] = {}

    def work(name: str) -> None:
        from factcheck.read import read_text

        reports[name] = check(read_text(texts[name]), engine, as_of=date(2024, 6, 30), run_id=f"run-{name}")

    threads = [threading.Thread(target=work, args=(name,)) for name in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, text in texts.items():
        assert reports[name].article.text == text and reports[name].run.id == f"run-{name}"
        assert engine.store is not None
        stored = engine.store.get(f"run-{name}")
        assert stored is not None and stored.report == reports[name]
