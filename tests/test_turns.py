"""Turns: one at a time, short work first."""

from __future__ import annotations

import threading
import time

from factcheck.turns import OVERTAKING, Turns


def test_only_one_holds_it() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work(short: bool) -> None:
        for _ in range(50):
            with turns.taken(short=short):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == [1]


def test_short_work_waits_for_the_turn_that_is_taken_and_not_for_those_to_come() -> None:
    turns, done = Turns(), []
    begun, go_on = threading.Event(), threading.Event()

    def long(name: str, turns_taken: int) -> None:
        for number in range(turns_taken):
            with turns.taken(short=False):
                begun.set()
                go_on.wait(30)
                done.append(f"{name} {number}")

    def short() -> None:
        with turns.taken(short=True):
            done.append("short")

    first = threading.Thread(target=long, args=("long", 3))
    first.start()
    assert begun.wait(30)
    others = [threading.Thread(target=long, args=("other", 2)), threading.Thread(target=short)]
    for thread in others:
        thread.start()
    while not turns._waiting[True]:
        time.sleep(0.001)
    go_on.set()
    for thread in (first, *others):
        thread.join(30)
    assert done[:2] == ["long 0", "short"] and len(done) == 6


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns()
    for short in (True, False, True):
        try:
            with turns.taken(short=short):
                raise ValueError
        except ValueError:
            pass
    with turns.taken(short=False):
        assert turns._held and turns._waiting == {True: 0, False: 0}


def test_long_work_is_not_kept_waiting_for_ever() -> None:
    turns, stop, taken = Turns(), threading.Event(), threading.Event()

    def short() -> None:
        while not stop.is_set():
            with turns.taken(short=True):
                time.sleep(0.001)

    def long() -> None:
        with turns.taken(short=False):
            taken.set()

    threads = [threading.Thread(target=work) for work in (*[short] * (OVERTAKING // 2), long)]
    for thread in threads:
        thread.start()
    assert taken.wait(30)
    stop.set()
    for thread in threads:
        thread.join(30)
