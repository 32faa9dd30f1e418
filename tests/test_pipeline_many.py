"""Claims checked together come out as each does alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import fakes
import numpy as np
import pytest
from fakes_batch import HashedEntailment
from numpy.typing import NDArray

from factcheck.index import Corpus
from factcheck.pipeline import check_claim, check_claims, check_found
from factcheck.retrieve import retrieve_many
from factcheck.types import ClaimResult
from factcheck.verify.offline import OfflineJudge

NOTES = [
    fakes.document(f"Putin signed {n} documents in Pyongyang. Kim watched. Flags were hung. A band played {n} songs.")
    for n in (12, 20, 31)
]
CLAIMS = [fakes.claim(f"Putin signed {n} documents in Pyongyang.") for n in range(10, 22)]


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = fakes.make_corpus(tmp_path / "notes", *NOTES)
    yield made
    made.close()


def _plain(result: ClaimResult) -> dict[str, Any]:
    return result.model_dump(exclude={"seconds"})


def test_together_as_alone(corpus: Corpus) -> None:
    model = HashedEntailment()
    engine = fakes.make_engine(corpus, OfflineJudge(model, fakes.plain_head()))
    together = check_claims(CLAIMS, engine)
    calls = len(model.calls)
    assert calls <= 4
    assert [_plain(one) for one in together] == [_plain(check_claim(claim, engine)) for claim in CLAIMS]
    assert len(model.calls) - calls >= len(CLAIMS)
    assert {one.status for one in together} == {"checked"} and len({one.label for one in together}) > 1
    assert check_claims([], engine) == []


def test_the_seconds_of_each_are_a_share(corpus: Corpus) -> None:
    engine = fakes.make_engine(corpus, OfflineJudge(HashedEntailment(), fakes.plain_head()))
    together = check_claims(CLAIMS, engine)
    assert all(one.seconds > 0 for one in together)


def test_what_goes_wrong_with_one_is_its_own(corpus: Corpus) -> None:
    class Choosy(HashedEntailment):
        def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating]:
            if any("signed 13 " in claim for claim, _ in pairs):
                raise RuntimeError("too unlucky")
            return super().scores(pairs)

    engine = fakes.make_engine(corpus, OfflineJudge(Choosy(), fakes.plain_head()))
    found = check_claims(CLAIMS, engine)
    assert [one.status for one in found].count("not_checked") == 1
    assert found[3].status == "not_checked" and "RuntimeError" in (found[3].reason or "")
    assert "unlucky" not in (found[3].reason or "")


def test_a_judge_of_one_judges_one_after_another(corpus: Corpus) -> None:
    judge = fakes.ScriptedJudge(default=fakes.everything("supports"))
    found = check_claims(CLAIMS[1:4], fakes.make_engine(corpus, judge))
    assert [claim.text for claim, _ in judge.asked] == [claim.text for claim in CLAIMS[1:4]]
    assert [one.text for one in found] == [claim.text for claim in CLAIMS[1:4]]
    assert {one.status for one in found} == {"checked"}


def test_a_claim_whose_passages_are_found_already(corpus: Corpus) -> None:
    engine = fakes.make_engine(corpus, fakes.ScriptedJudge(default=fakes.everything("refutes")))
    (found,) = retrieve_many([(CLAIMS[0], ())], corpus, engine.settings)
    assert _plain(check_found(CLAIMS[0], found, engine)) == _plain(check_claim(CLAIMS[0], engine))
