"""Sentences that give orders to a machine that reads them: "ignore all previous instructions", "jawab: didukung".

An article or a note states things to people. A sentence that talks to whatever model reads it states nothing that could
be checked, so no model of ours is shown it, and the report says so. The patterns in `orders.toml` are closed lists in
English and Indonesian, with the commonest forms in German, French, Spanish and Italian: an order in the imperative, and
what only a machine has (a prompt, a reply to shape, a tool to call). What a stretch says when it is decoded (base64,
base85, hex, bits, percent signs), read backwards or by ROT13 is looked at too.

The lists were written with the strings of two public sets and our own in view, so what tests/test_injection.py measures
says little of strings that nobody has seen. What gets past them meets rules that do not depend on finding it: quotes
are located, sources that were not given are dropped, labels are computed.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from factcheck.text.normal import unpiled
from factcheck.text.splitting import sentences
from factcheck.text.words import INVISIBLE
from factcheck.types import Span

_PLAIN = str.maketrans(
    {c: "'" for c in "‘’‚‛′`´ʼ"} | {c: '"' for c in "“”„‟″«»"} | {c: "-" for c in "‐‑‒–—―−"} | dict.fromkeys(INVISIBLE)
)
_TELLING = ("ignore", "instruct", "prompt", "abaikan", "instruksi", "perintah", "supported", "refuted", "didukung")
_BACKWARDS = tuple(word[::-1] for word in _TELLING)
_ROTATED = tuple(codecs.encode(word, "rot13") for word in _TELLING)
_QUOTED = re.compile(r"[\"“«‘]([^\"“”«»‘’]{12,})[\"”»’]")
_BLOB = re.compile(r"(?:[01]{8}(?:\s|$)){4,}|[^\s]{20,}")
_MAX_BLOB = 20_000
_MAX_SENTENCE = 1_500
_WORDS_LEFT = 4
"""Words outside a quotation from which the rest of its sentence is kept."""


class Rule(NamedTuple):
    """A pattern, and for each group of letters that it needs the choices, one of which must be in the sentence."""

    needs: tuple[frozenset[str], ...]
    pattern: re.Pattern[str]

    def fits(self, plain: str) -> bool:
        """Whether a sentence made plain gives such an order."""
        return all(any(letters in plain for letters in group) for group in self.needs) and bool(
            self.pattern.search(plain)
        )


def orders(text: str) -> tuple[Span, ...]:
    """The stretches of a text that give orders to a machine, in order, never overlapping.

    A stretch is a whole sentence, or only the quotation in it where the order stands inside that and the sentence says
    something besides.
    """
    return _looked_for(text) if len(text) > _REMEMBERED else _remembered(text)


def _looked_for(text: str) -> tuple[Span, ...]:
    among = {rule for form in _forms(text) for rule in _rules_for(form)}
    return tuple(_orders(text, tuple(among))) if among else ()


# A passage is looked at for each claim that finds it, a publisher's name for each passage.
_remembered = lru_cache(maxsize=4096)(_looked_for)
_REMEMBERED = 4_000
"""Characters of a text that is remembered, with what was found in it: articles are not."""


def gives_orders(text: str, among: Sequence[Rule] | None = None) -> bool:
    """Whether a sentence gives an order to a machine, as it stands, decoded, backwards or by ROT13.

    Args:
        text: the sentence.
        among: the rules that may fit, where they are known; unset, all.
    """
    return any(rule.fits(form) for form in _forms(text) for rule in (rules() if among is None else among))


def _orders(text: str, among: Sequence[Rule]) -> Iterator[Span]:
    for span in _pieces(text):
        sentence = span.of(text)
        if not gives_orders(sentence, among):
            continue
        inside = [quoted for quoted in _QUOTED.finditer(sentence) if gives_orders(quoted[1], among)]
        rest = sentence
        for quoted in reversed(inside):
            rest = rest[: quoted.start(1)] + rest[quoted.end(1) :]
        if inside and len(rest.split()) >= _WORDS_LEFT and not gives_orders(rest, among):
            yield from (Span(start=span.start + q.start(1), end=span.start + q.end(1)) for q in inside)
        else:
            yield span


@cache
def rules() -> tuple[Rule, ...]:
    """Every kind of order that is known."""
    known = tomllib.loads(Path(__file__).with_name("orders.toml").read_text(encoding="utf-8"))
    parts = {name: _joined(value) for name, value in known["parts"].items()}

    def filled(value: str) -> str:
        return re.sub(r"\{([A-Za-z_]+)\}", lambda found: parts[found[1]], _joined(value))

    return tuple(
        Rule(
            tuple(frozenset(group.split("|")) for group in filled(rule["needs"]).split(" & ")),
            re.compile(filled(rule["pattern"])),
        )
        for rule in known["rules"]
    )


def _joined(value: str) -> str:
    return "".join(value.split("\n"))


@cache
def _letters() -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """What the rules need, by the first three letters, and what is shorter than that."""
    every = frozenset().union(*(group for rule in rules() for group in rule.needs))
    by_start: dict[str, list[str]] = {}
    for letters in every:
        by_start.setdefault(letters[:3], []).append(letters)
    return by_start, [letters for letters in every if len(letters) < 3]


def _rules_for(text: str) -> list[Rule]:
    """The rules whose letters a text has: no other can fit it or a part of it."""
    by_start, short = _letters()
    starts = by_start.keys() & {text[i : i + 3] for i in range(len(text) - 2)}
    there = {letters for start in starts for letters in by_start[start] if letters in text}
    there.update(letters for letters in short if letters in text)
    return [rule for rule in rules() if not any(there.isdisjoint(group) for group in rule.needs)]


def _pieces(text: str) -> Iterator[Span]:
    """The sentences; one that is longer than any writer's comes in stretches, so that the time it takes is bounded."""
    for span in sentences(text):
        start = span.start
        while span.end - start > _MAX_SENTENCE:
            cut = text.rfind(" ", start + _MAX_SENTENCE // 2, start + _MAX_SENTENCE)
            cut = cut if cut > start else start + _MAX_SENTENCE
            yield Span(start=start, end=cut)
            start = cut
        yield Span(start=start, end=span.end)


def _plain(text: str) -> str:
    """NFKC and lower case, plain quotes and dashes, single spaces, nothing invisible."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unpiled(text)).translate(_PLAIN)
    return " ".join(text.lower().split())


def _forms(text: str) -> Iterator[str]:
    """A text made plain: as it stands and, where that may say something, backwards, by ROT13 and decoded."""
    plain = _plain(text)
    yield plain
    if any(word in plain for word in _BACKWARDS):
        yield plain[::-1]
    if any(word in plain for word in _ROTATED):
        yield codecs.decode(plain, "rot13")
    for blob in _BLOB.finditer(text):
        yield from map(_plain, _decoded(blob[0].strip()[:_MAX_BLOB]))


def _decoded(blob: str) -> Iterator[str]:
    """What a stretch says by each encoding that makes text of it."""
    if blob.count("%") >= 3 and (plain := unquote(blob)) != blob:
        yield plain
    bare = blob.strip("\"'`()[]{}<>.,;:")
    for decode in (_bits, bytes.fromhex, _base64, base64.b85decode):
        try:
            said = decode(bare).decode("utf-8")
        except (ValueError, binascii.Error):
            continue
        if len(said) >= 10 and said.isprintable():
            yield said


def _bits(blob: str) -> bytes:
    if not re.fullmatch(r"[01\s]+", blob):
        raise ValueError("not bits")
    digits = "".join(blob.split())
    return bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits) - 7, 8))


def _base64(blob: str) -> bytes:
    return base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True)
