"""Pairs across languages, made from sentences with their translation."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from training.augment import changed_number, changed_word, negation
from training.rows import Row


def parallel_rows(pairs: Sequence[Mapping[str, str]], seed: int) -> tuple[Row, ...]:
    """A claim in one language and evidence in the other, for each sentence pair.

    The translation supports; the translation with a number, a word or the negation changed is refuted (the change is
    made within the claim's language first); the translation of another pair that shares words is undecided.
    """
    chance = random.Random(seed)
    rows: list[Row] = []
    for number, pair in enumerate(pairs):
        langs = ("id", "en") if chance.random() < 0.6 else ("en", "id")
        claim, evidence = (pair[lang] for lang in langs)
        if min(len(claim.split()), len(evidence.split())) < 3 or claim.endswith("?"):
            continue
        key = f"x:{pair['source']}:{number}"
        row = Row(key, langs[0], claim, evidence, "supported", key, pair["source"], pair["licence"], "parallel")
        same = row._replace(evidence=claim)
        options = [new for maker in (changed_number, changed_word, negation) if (new := maker(same, chance))]
        if options and chance.random() < 0.7:
            changed = chance.choice(options)
            rows.append(row.changed("parallel", claim=changed.claim, label="refuted"))
        if chance.random() < 0.6 or not options:
            rows.append(row)
        if chance.random() < 0.5:
            other = pairs[(number + chance.choice([1, 2, 3])) % len(pairs)][langs[1]]
            if other != evidence:
                rows.append(row.changed("parallel", evidence=other, label="not_enough_evidence"))
    return tuple(rows)
