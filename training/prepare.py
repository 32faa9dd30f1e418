"""Rows to arrays: token ids renumbered to the words that occur, so that a small file can travel to a GPU."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from factcheck.entail import PairEncoder
from factcheck.packaged import PackagedEncoder
from training.arrays import Prepared
from training.rows import LABELS, Row


def prepare(rows: Sequence[Row], held_out: Sequence[bool], encoder: PackagedEncoder, max_tokens: int) -> Prepared:
    """Encode rows for training.

    Args:
        rows: given and made rows.
        held_out: for each row, whether it is for validation.
        encoder: the packaged base.
        max_tokens: longest pair.
    """
    pairs = PairEncoder(encoder.tokenizer(), max_tokens)
    encoded = pairs.encode([(row.claim, row.evidence) for row in rows])
    flat = np.concatenate([pair.ids for pair in encoded])
    used, ids = np.unique(flat, return_inverse=True)
    names = sorted({slice_name(row) for row in rows})
    number = {name: at for at, name in enumerate(names)}
    return Prepared(
        ids=ids.astype(np.uint16 if len(used) < 2**16 else np.uint32),
        marks=np.concatenate([pair.marks for pair in encoded]).astype(np.uint8),
        ends=np.cumsum([len(pair.ids) for pair in encoded]),
        labels=np.array([LABELS.index(row.label) for row in rows], np.uint8),
        slices=np.array([number[slice_name(row)] for row in rows], np.uint8),
        names=np.array(names),
        held_out=np.array(held_out, bool),
        words=encoder.word_blocks(used),
    )


def slice_name(row: Row) -> str:
    """The slice that a row is reported under: language, source, and how it was made."""
    return f"{row.lang} {row.source}" + (f" +{row.made}" if row.made else "")
