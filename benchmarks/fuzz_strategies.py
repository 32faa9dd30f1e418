"""Hypothesis's inputs for a target: true ones cut up, pieces of such, and any bytes between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from fuzz_targets import Target


def inputs(target: Target, most: int = 12) -> st.SearchStrategy[bytes]:
    """Up to `most` parts, each a stretch of a true input, a piece, a piece many times, or any bytes."""
    cut = st.builds(
        lambda seed, start, end: seed[min(start, end) : max(start, end)] or seed,
        st.sampled_from(target.seeds),
        st.integers(0, 400),
        st.integers(0, 2_000),
    )
    word = st.sampled_from(target.words)
    many = st.builds(lambda piece, times: piece * times, word, st.integers(2, 40))
    letters = st.text(max_size=6).map(lambda text: text.encode("utf-8", "replace"))
    part = st.one_of(word, cut, word, letters, many, st.binary(max_size=6))
    return st.lists(part, min_size=1, max_size=most).map(b"".join)
