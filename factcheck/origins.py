"""Which retrieved passages go back to one report, so that its copies count once.

Passages have one origin when they are of one document, when their documents have one address (a translation keeps
the address of its original), when one is a copy of the other, or when they come from one agency and say the same.
Texts that differ in a number, a date, a name or a negation are never joined for looking alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import numpy as np

from factcheck.alike import agree, near_copy
from factcheck.embed import Vectors
from factcheck.types import Document, Passage

FAMILY_SIMILARITY = 0.9
"""Cosine from which two passages of one agency that agree in every fact are one report."""
_COPY_WORDS = 0.5
"""Share of the shorter passage's words that a copy has at least; below it no closer look is taken."""

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|igshid|mc_[ce]id|ref|ref_src|source|cmpid|ns_campaign")
_MIRRORS = re.compile(r"^(?:www|m|mobile|amp)\.")
_WORD = re.compile(r"\w+")


def canonical_url(url: str) -> str:
    """An address without what does not change the page: scheme, `www.`, trailing slash, fragment, tracking."""
    try:
        parts = urlsplit(url.strip())
        host = _MIRRORS.sub("", (parts.hostname or "").lower())
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url.strip()
    pairs = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    path = unquote(parts.path).rstrip("/").removesuffix("/amp")
    return f"{host}{port}{path}" + (f"?{urlencode(pairs)}" if pairs else "")


def origins(
    found: Sequence[tuple[Passage, Document]],
    vectors: Mapping[str, Vectors] | None = None,
    clusters: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """The origin of each passage: the id of the earliest document among those it shares one with.

    Args:
        found: passages with their documents.
        vectors: unit vectors by passage id, for passages of one agency; without them agencies join nothing.
        clusters: the corpus's clusters of copies by passage id (`Corpus.cluster_of`). Two passages that have one
            each are not compared again.
    """
    groups = _Groups(len(found))
    _join_by(groups, [document.id for _, document in found])
    _join_by(groups, [canonical_url(d.url) if d.url else None for _, d in found])
    known = [(clusters or {}).get(passage.id) for passage, _ in found]
    _join_by(groups, known)
    words = [frozenset(_WORD.findall(passage.text.casefold())) for passage, _ in found]
    for i in range(len(found)):
        for j in range(i):
            if groups.of(i) == groups.of(j):
                continue
            copied = not (known[i] and known[j]) and _copied(words[i], words[j], found[i][0].text, found[j][0].text)
            if copied or _one_agency(found[i], found[j], vectors or {}):
                groups.join(i, j)
    earliest: dict[int, Document] = {}
    for i, (_, document) in enumerate(found):
        before = earliest.get(groups.of(i))
        if before is None or _age(document) < _age(before):
            earliest[groups.of(i)] = document
    return tuple(earliest[groups.of(i)].id for i in range(len(found)))


def _copied(words_a: frozenset[str], words_b: frozenset[str], a: str, b: str) -> bool:
    shorter = min(len(words_a), len(words_b))
    return len(words_a & words_b) >= _COPY_WORDS * max(shorter, 1) and near_copy(a, b)


def _one_agency(a: tuple[Passage, Document], b: tuple[Passage, Document], vectors: Mapping[str, Vectors]) -> bool:
    (passage_a, document_a), (passage_b, document_b) = a, b
    family_a, family_b = document_a.source_family, document_b.source_family
    if not family_a or not family_b or family_a.casefold() != family_b.casefold():
        return False
    vector_a, vector_b = vectors.get(passage_a.id), vectors.get(passage_b.id)
    if vector_a is None or vector_b is None or float(np.dot(vector_a, vector_b)) < FAMILY_SIMILARITY:
        return False
    return agree(passage_a.text, document_a.language, passage_b.text, document_b.language)


def _age(document: Document) -> tuple[date, str]:
    return document.public_from or date.max, document.id


def _join_by(groups: _Groups, keys: Sequence[str | None]) -> None:
    first: dict[str, int] = {}
    for i, key in enumerate(keys):
        if key is not None:
            groups.join(i, first.setdefault(key, i))


class _Groups:
    """Disjoint sets of the numbers below `size`."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def of(self, i: int) -> int:
        """The number that stands for the set of `i`."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        """Make one set of two."""
        self._parent[self.of(i)] = self.of(j)
