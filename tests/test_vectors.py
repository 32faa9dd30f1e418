from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.vectors import written_behind


class Stop(Exception):
    """What a test raises."""


def test_the_next_is_made_while_the_last_is_written() -> None:
    making = threading.Event()

    def made() -> Iterator[int]:
        yield 1
        making.set()
        yield 2

    def write(item: int) -> None:
        assert making.wait(10), "nothing was made while this was written"

    assert list(written_behind(made(), write)) == [1, 2]


@given(st.integers(0, 8), st.integers(0, 9), st.integers(0, 9))
def test_order_and_errors_of_either_side(count: int, made_fails: int, write_fails: int) -> None:
    written: list[int] = []

    def made() -> Iterator[int]:
        for i in range(count):
            if i == made_fails:
                raise Stop("made")
            yield i

    def write(item: int) -> None:
        if item == write_fails:
            raise Stop("write")
        written.append(item)

    seen: list[int] = []
    failed = ""
    try:
        for item in written_behind(made(), write):
            assert item in written
            seen.append(item)
    except Stop as error:
        failed = str(error)
    until = min(count, made_fails, write_fails)
    assert seen == written == list(range(until))
    expected = "write" if write_fails < min(count, made_fails) else "made" if made_fails < count else ""
    assert failed == expected


def test_no_more_than_two_wait_and_leaving_early_ends_the_thread() -> None:
    made: list[int] = []
    written: list[int] = []

    def numbers() -> Iterator[int]:
        for i in range(1000):
            made.append(i)
            yield i

    def write(item: int) -> None:
        time.sleep(0.01)
        assert len(made) <= item + 4
        written.append(item)

    behind = written_behind(numbers(), write)
    assert [next(behind) for _ in range(5)] == [0, 1, 2, 3, 4]
    behind.close()
    assert len(written) <= 8
    assert not [t for t in threading.enumerate() if t.name.startswith("writing")]
    with pytest.raises(StopIteration):
        next(behind)
