"""A few hostile inputs for every reader; `benchmarks/fuzz.py` gives each ten minutes.

FACTCHECK_FUZZ_EXAMPLES sets how many inputs a target is given.
"""

from __future__ import annotations

import os

import pytest
from fuzz_limits import at_most
from fuzz_strategies import inputs
from fuzz_targets import TARGETS, attempt
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("FACTCHECK_FUZZ_EXAMPLES", "15"))


@pytest.mark.parametrize("name", TARGETS)
def test_true_inputs_are_read(name: str) -> None:
    assert [attempt(TARGETS[name], seed) for seed in TARGETS[name].seeds] == [None] * len(TARGETS[name].seeds)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_the_products_own_errors_comes_out(name: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize="FACTCHECK_FUZZ_EXAMPLES" not in os.environ,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs(TARGETS[name]))
    def run(data: bytes) -> None:
        with at_most(20):
            attempt(TARGETS[name], data)

    run()


@given(st.binary(max_size=200))
@settings(max_examples=EXAMPLES, database=None)
def test_any_bytes_at_all_are_a_text_for_the_targets(data: bytes) -> None:
    for name in ("text-file", "notes-jsonl", "claims-csv", "claimreview"):
        attempt(TARGETS[name], data)
