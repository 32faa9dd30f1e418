"""Which rows are trained on: given rows, what is made from them, templates and translations, and their shares."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from training.augment import Recipe, augment, revisions
from training.parallel import parallel_rows
from training.rows import Row
from training.templates import template_rows

TEMPLATES = 6000

SHARES = {
    "snli": 0.15,
    "mnli-dev": 0.5,
    "taxi-nli": 0.5,
    "new-protocols": 0.6,
    "semi-automatic-nli": 0.7,
    "scone": 0.3,
    "negation-nli": 0.7,
    "breaking-nli": 0.15,
    "conjnli": 0.2,
    "help": 0.3,
    "med": 0.5,
    "entailment-bank": 0.5,
    "tabfact": 0.3,
    "squad": 0.7,
    "tatoeba": 0.8,
    "+revision synthetic": 0.25,
}
"""What part of a source is used: plain or one-sided sets teach less than their size (docs/decisions/010)."""

REPEATS = {
    "en vitaminc-real": 3,
    "en fm2": 4,
    "id indonli-train": 2,
    "en evidence-inference": 2,
    "en pubmedqa": 3,
    "en boolq": 2,
}
"""Sources that are shown several times an epoch: written or checked by people, and like the claims in use."""

_VERIFICATION = ("vitaminc", "indonli", "fm2", "fever", "idk_mrc", "idk-mrc", "squad")
_RICH = Recipe(
    numbers=0.6, words=0.15, negation=0.1, identity=0.05, context=0.12, irrelevant=0.12, same_page=0.05, natural=0.5
)
_PLAIN = Recipe(
    numbers=0.1, words=0.03, negation=0.02, identity=0.02, context=0.06, irrelevant=0.06, same_page=0.0, natural=0.5
)


class Mixture(NamedTuple):
    """All rows, and for each whether it is held out for validation."""

    rows: tuple[Row, ...]
    held_out: tuple[bool, ...]


def mix(given: Sequence[Row], translations: Sequence[Mapping[str, str]], seed: int) -> Mixture:
    """Training and validation rows with what is made from each part by itself.

    Args:
        given: labelled rows.
        translations: sentence pairs for claims and evidence in different languages.
        seed: the same seed gives the same rows.
    """
    made = (*parallel_rows(translations, seed), *template_rows(TEMPLATES, seed))
    parts = {held: [row for row in given if row.held_out == held] for held in (False, True)}
    rows: list[Row] = []
    held_out: list[bool] = []
    for held, part in parts.items():
        rich = [row for row in part if row.source.startswith(_VERIFICATION)]
        plain = [row for row in part if not row.source.startswith(_VERIFICATION)]
        new = [*augment(rich, _RICH, seed), *augment(plain, _PLAIN, seed + 1)]
        new += revisions([row for row in rich if row.source.startswith(("vitaminc", "indonli"))])
        new += [row for row in made if row.held_out == held]
        new = _sampled(new, seed)
        random.Random(seed).shuffle(new)
        rows += new
        held_out += [held] * len(new)
    return Mixture(tuple(rows), tuple(held_out))


def _sampled(rows: Sequence[Row], seed: int) -> list[Row]:
    """Rows thinned out by `SHARES`."""
    chance = random.Random(seed)
    kept = []
    for row in rows:
        share = next((part for name, part in SHARES.items() if row.source.startswith(name)), 1.0)
        if row.made == "revision" and row.source == "vitaminc-synthetic":
            share = SHARES["+revision synthetic"]
        if chance.random() < share:
            kept.append(row)
    return kept
