from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.evals.claim_matching import content_words, likeness, matches

SHARED = Path(__file__).parents[2] / "shared"


def test_content_words() -> None:
    assert content_words("The GDP grew by 5.2% in 2023.") == ["gdp", "grew", "5.2", "2023"]
    assert content_words("Dia tidak akan datang ke Jakarta") == ["tidak", "datang", "jakarta"]


def test_likeness_by_hand() -> None:
    # bank raised rates sharply / bank raised rates: 2 * 3 / 7
    assert likeness("The bank raised rates sharply", "The bank raised the rates") == pytest.approx(6 / 7)
    assert likeness("one two two", "two two two") == pytest.approx(4 / 6)
    assert likeness("Bank raised rates by 2 points", "Bank raised rates by 3 points") == 0
    assert likeness("Bank raised rates by 2 points", "Bank raised rates by points") == 0
    assert likeness("the", "the") == 0


def test_each_claim_is_matched_once_and_the_most_alike_first() -> None:
    gold = ["red cars sell well", "red cars sell"]
    assert matches(gold, ["red cars sell"]) == ((1, 0),)
    assert set(matches(gold, ["red cars sell", "red cars sell well"])) == {(0, 1), (1, 0)}
    assert matches(gold, ["blue boats sink"]) == ()
    assert matches([], ["a claim"]) == ()


WORDS = st.lists(st.sampled_from(["red", "blue", "cars", "sell", "2", "3", "the"]), max_size=6).map(" ".join)


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_matches_are_one_to_one_and_alike(gold: list[str], extracted: list[str]) -> None:
    found = matches(gold, extracted)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    assert all(likeness(gold[i], extracted[j]) >= 0.5 for i, j in found)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared benchmark is not beside the checkout")
def test_it_is_the_rule_that_figures_elsewhere_were_made_by() -> None:
    spec = importlib.util.spec_from_file_location("match_claims", SHARED / "tools" / "match_claims.py")
    assert spec is not None and spec.loader is not None
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    rows = [
        json.loads(line)
        for name in ("extract_factcheckbench", "extract_turnbackhoax")
        for line in (SHARED / "bench" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    found = 0
    for row in rows:
        gold = [claim["text"] for claim in row["gold_claims"]]
        sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n+", row["text"]) if s.strip()]
        assert all(likeness(g, s) == pytest.approx(theirs.similarity(g, s)) for g in gold for s in sentences)
        assert len(matches(gold, sentences)) == theirs.matched(gold, sentences)
        found += len(matches(gold, sentences))
    assert found > 100
