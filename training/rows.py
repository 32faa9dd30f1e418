"""Training rows: reading, cleaning and splitting without a page or premise on both sides."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

LABELS = ("supported", "refuted", "not_enough_evidence")
VALIDATION_PERCENT = 5


class Row(NamedTuple):
    """One labelled pair. `group` names the page or premise; `made` names the augmentation, empty for a given row."""

    id: str
    lang: str
    claim: str
    evidence: str
    label: str
    group: str
    source: str
    licence: str
    made: str = ""

    @property
    def held_out(self) -> bool:
        """Whether the row's group belongs to the validation part."""
        return bucket(self.group) < VALIDATION_PERCENT

    def changed(self, made: str, **fields: str) -> Row:
        """The row under a new id, marked as made by the augmentation named."""
        return self._replace(id=f"{self.id}+{made}", made=made, **fields)


def bucket(text: str, of: int = 100) -> int:
    """A stable number below `of` for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % of


def read_rows(files: Iterable[Path]) -> tuple[Row, ...]:
    """Rows of JSONL files in order, without repeated pairs; a pair with two labels is left out altogether.

    Raises:
        ValueError: a line lacks a field or has an unknown label, named by file and line.
    """
    rows: dict[tuple[str, str], Row] = {}
    disputed: set[tuple[str, str]] = set()
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            row = _row(line, f"{file.name}:{number}")
            pair = (row.claim.casefold(), row.evidence.casefold())
            if pair in rows and rows[pair].label != row.label:
                disputed.add(pair)
            rows.setdefault(pair, row)
    return tuple(row for pair, row in rows.items() if pair not in disputed)


def _row(line: str, place: str) -> Row:
    try:
        value = json.loads(line)
        row = Row(
            id=value["id"],
            lang=value["lang"],
            claim=clean(value["claim"]),
            evidence=clean(value["evidence"]),
            label=value["label"],
            group=str(value.get("group") or value["id"]),
            source=value["source"],
            licence=value["licence"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{place} is not a training row: {error!r}") from error
    if row.label not in LABELS:
        raise ValueError(f"{place}: label {row.label!r} is none of {', '.join(LABELS)}")
    return row


def clean(text: str) -> str:
    """Single spaces, and no quotation marks left over from CSV."""
    return re.sub(r"\s+", " ", text.replace('" "', '"')).strip()


_TOKENISED = (
    (re.compile(r"\s+([,.;:!?%)\]}]|'s\b|n't\b)"), r"\1"),
    (re.compile(r"([(\[{$\u20ac\u00a3])\s+"), r"\1"),
    (re.compile(r"``\s*|\s*''"), '"'),
    (re.compile(r"(?<=\d)\s*-\s*(?=\d)"), "-"),
    (re.compile(r"-LRB-\s*"), "("),
    (re.compile(r"\s*-RRB-"), ")"),
)


def untokenise(text: str) -> str:
    """Treebank spacing ("it 's 5 %") as people write it ("it's 5%")."""
    for pattern, replacement in _TOKENISED:
        text = pattern.sub(replacement, text)
    return text


def read_parallel(files: Iterable[Path]) -> tuple[dict[str, str], ...]:
    """Translated sentences of JSONL files with the fields id, en, ind, licence: `{"en", "id", "source", "licence"}`."""
    pairs = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)
            source = value["id"].rsplit("-", 1)[0]
            pairs.append(
                {"en": clean(value["en"]), "id": clean(value["ind"]), "source": source, "licence": value["licence"]}
            )
    return tuple(pairs)


def digest(rows: Sequence[Row]) -> str:
    """sha256 over the pairs and labels, for the model's record."""
    total = hashlib.sha256()
    for row in rows:
        total.update("\t".join((row.claim, row.evidence, row.label)).encode())
    return total.hexdigest()
