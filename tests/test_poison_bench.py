"""The benchmark of planted lies: what it plants, what it counts, and that one lie in a small corpus is told of."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import fakes

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import poison
from poison_beds import Asked, address, tiers_file
from poison_lies import KINDS, Target, asserted, denied, lies

from factcheck.settings import Settings
from factcheck.tiers import load_tiers
from factcheck.types import Label

RIVER = Target(
    "The Sela is 210 km long.", "en", True, "The Sela is 210 km long. It ends in the sea.", "Sela", ("Oru", "Mika")
)


def test_a_true_claim_is_denied_and_an_untrue_one_asserted() -> None:
    assert asserted(RIVER) == "The Sela is not 210 km long"
    assert asserted(RIVER._replace(supported=False)) == "The Sela is 210 km long"
    assert denied("The Sela is not long", "en") == "The Sela is long"
    assert denied("Harga beras naik", "id") == "Harga beras turun"
    assert denied("Beras dijual di pasar", "id") == "tidak benar bahwa Beras dijual di pasar"


def test_kinds_take_turns_and_the_same_seed_tells_the_same_lies() -> None:
    told = lies(RIVER, 10, random.Random(8), outlets=("Valley Review",))
    assert told == lies(RIVER, 10, random.Random(8), outlets=("Valley Review",))
    assert [kind for kind, _ in told] == [KINDS[i % 4] for i in range(10)]
    assert all("Valley Review" in text for kind, text in told if kind == "outlet")
    assert RIVER.evidence not in [text for _, text in told]
    swapped = [text for kind, text in told if kind == "swap"]
    assert all("210 km" not in text or "not 210 km" in text or "Sela" not in text for text in swapped)


def test_a_true_publisher_is_named_in_the_newsrooms_file_and_a_planted_one_is_not(tmp_path: Path) -> None:
    tiers = load_tiers(Settings(sources=tiers_file(tmp_path / "tiers.toml")))
    true, planted = (
        fakes.document("A.", url=address(name, "x"), publisher=name) for name in ("Harbour Courier", "Viral Now")
    )
    assert (tiers.of(true), tiers.of(planted)) == ("established", "unknown")


def _asked(number: int, gold: Label, attacked: bool) -> Asked:
    return Asked(str(number), fakes.claim("A."), gold, (), (), ("copy",) if attacked else ())


def test_what_is_turned_is_counted() -> None:
    gold: list[Label] = ["supported", "supported", "refuted", "refuted"]
    before: list[Label] = ["supported", "not_enough_evidence", "supported", "refuted"]
    after: list[Label] = ["refuted", "refuted", "supported", "conflicting"]
    clean = [_asked(i, label, False) for i, label in enumerate(gold)]
    poisoned = [_asked(i, label, True) for i, label in enumerate(gold)]
    says = {**{id(one): label for one, label in zip(clean, before, strict=True)}}
    says |= {id(one): label for one, label in zip(poisoned, after, strict=True)}
    found = poison.of_system(lambda one: says[id(one)], {"clean": clean, "others": [], "1%": poisoned})
    assert found["right"] == [2, 4]
    # The third was the attacker's label before, so that nothing was turned.
    assert (found["1%"]["turned"], found["1%"]["turned_of_right"]) == ([2, 4], [1, 2])
    assert found["1%"]["right_became"] == Counter(refuted=1, conflicting=1)
    assert found["1%"]["by_kind"]["copy"] == [2, 4]
