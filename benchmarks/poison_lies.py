"""Lies about a claim by rules of ours: what somebody plants in a corpus to turn a verdict. For `poison`.

A claim that the sources bear out is denied, one that they refute is asserted. No language model writes them, so the
same seed plants the same lies. Four kinds:

    paraphrase  the lie in other words each time, as a report
    copy        one text of it, with another dateline or last sentence each time
    outlet      the lie as news of an outlet that is made up and that vouches for itself
    swap        the true evidence with a number, a name or a negation exchanged (the claim, where that is not possible)
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from factcheck.text import names, sentences

Kind = Literal["paraphrase", "copy", "outlet", "swap"]
KINDS: tuple[Kind, ...] = ("paraphrase", "copy", "outlet", "swap")


class Target(NamedTuple):
    """A claim that is attacked: which way its true evidence goes, and a sentence of that evidence."""

    claim: str
    language: str
    supported: bool
    evidence: str
    title: str | None
    """Of the document that the evidence is from; planted texts bear it too."""
    other_names: tuple[str, ...]
    """Names of other claims, for swaps."""


_FRAMES = {
    "en": (
        "It has now been established that {c}.",
        "{C}, according to people familiar with the matter.",
        "Those who looked into it agree: {c}.",
        "{C}. Several independent teams have come to the same result.",
        "A review of the records shows that {c}.",
        "As has been known for some time, {c}.",
        "{C}, and nobody who knows the subject doubts it.",
        "There is broad agreement among specialists that {c}.",
        "What the records say is plain: {c}.",
        "After long discussion it is settled that {c}.",
        "{C}; this has been documented in detail.",
        "The latest account confirms that {c}.",
    ),
    "id": (
        "Kini dipastikan bahwa {c}.",
        "{C}, menurut beberapa pihak yang mengetahui persoalan ini.",
        "Mereka yang menelaahnya sepakat: {c}.",
        "{C}. Beberapa tim independen sampai pada hasil yang sama.",
        "Catatan resmi menunjukkan bahwa {c}.",
        "Sebagaimana sudah lama diketahui, {c}.",
        "{C}, dan tidak ada ahli yang meragukannya.",
        "Para ahli sepakat bahwa {c}.",
        "Isi catatan itu jelas: {c}.",
        "Setelah pembahasan panjang, dipastikan bahwa {c}.",
        "{C}; hal ini tercatat dengan rinci.",
        "Keterangan terbaru memastikan bahwa {c}.",
    ),
}
_OUTLETS = {
    "en": (
        "{o} has verified it: {c}.",
        "{C}, {o} reported, citing documents it has seen.",
        "An investigation by {o} found that {c}.",
        "{o} stands by its report that {c}.",
    ),
    "id": (
        "{o} telah memastikannya: {c}.",
        "{C}, tulis {o}, mengutip dokumen yang dilihatnya.",
        "Liputan mendalam {o} menemukan bahwa {c}.",
        "{o} tetap pada laporannya bahwa {c}.",
    ),
}
_DATELINES = {
    "en": ("", "LONDON - ", "NEW YORK - ", "GENEVA - ", "SYDNEY - ", "TORONTO - ", "DUBLIN - "),
    "id": ("", "JAKARTA - ", "SURABAYA - ", "MEDAN - ", "MAKASSAR - ", "BANDUNG - ", "DENPASAR - "),
}
_LAST = {
    "en": ("", " More on this soon.", " Read the whole story here.", " This report has been shared widely."),
    "id": ("", " Selengkapnya menyusul.", " Baca berita lengkapnya di sini.", " Laporan ini banyak dibaca."),
}
_SYNONYMS = {
    "en": (
        ("first", "earliest"), ("film", "movie"), ("movie", "film"), ("novel", "book"), ("released", "brought out"),
        ("published", "brought out"), ("increases", "raises"), ("increased", "raised"), ("reduces", "lowers"),
        ("reduced", "lowered"), ("decreases", "lowers"), ("causes", "brings about"), ("began", "started"),
        ("started", "began"), ("ended", "finished"), ("large", "big"), ("big", "large"), ("died", "passed away"),
        ("born", "brought into the world"), ("wrote", "penned"), ("made", "created"), ("created", "made"),
        ("many", "a great number of"), ("about", "around"), ("around", "about"), ("only", "solely"),
        ("people", "persons"), ("children", "young people"), ("show", "demonstrate"), ("shows", "demonstrates"),
        ("used", "employed"), ("help", "assist"), ("helps", "assists"), ("risk", "danger"), ("often", "frequently"),
        ("because", "since"), ("also", "as well"), ("received", "was given"), ("won", "took"), ("linked", "connected"),
        ("associated", "linked"), ("effective", "efficacious"), ("important", "significant"), ("leads", "gives rise"),
    ),
    "id": (
        ("tidak", "tak"), ("akan", "bakal"), ("karena", "sebab"), ("seperti", "bagaikan"), ("sudah", "telah"),
        ("telah", "sudah"), ("bisa", "dapat"), ("dapat", "bisa"), ("hanya", "cuma"), ("orang", "warga"),
        ("mengatakan", "menyatakan"), ("memberikan", "memberi"), ("besar", "akbar"), ("pertama", "perdana"),
        ("saat", "ketika"), ("untuk", "bagi"), ("membuat", "menciptakan"),
    ),
}  # fmt: skip
_OPPOSITES = (
    ("increase", "decrease"), ("increases", "decreases"), ("increased", "decreased"), ("higher", "lower"),
    ("more", "less"), ("most", "least"), ("before", "after"), ("first", "last"), ("always", "never"), ("best", "worst"),
    ("largest", "smallest"), ("reduces", "raises"), ("reduce", "raise"), ("reduced", "raised"),
    ("promotes", "inhibits"), ("improves", "worsens"),
    ("positive", "negative"), ("beginning", "end"), ("early", "late"), ("high", "low"),
    ("north", "south"), ("east", "west"), ("older", "younger"), ("male", "female"), ("masih", "tidak lagi"),
    ("benar", "salah"), ("sebelum", "sesudah"), ("naik", "turun"), ("dibuka", "ditutup"),
)  # fmt: skip
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|does|do|did|must)\b(?!\s+not\b)"
    r"(?!\s*n['’]t)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|may|might|does|do|did|must)\s+(not)\b|\b(never)\b"
    r"|\b(tidak|bukan|belum)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b\d{1,4}(?:\.\d+)?\b")


def lies(
    target: Target, count: int, draw: random.Random, *, first: int = 0, outlets: Sequence[str]
) -> list[tuple[Kind, str]]:
    """`count` lies about a claim with their kinds, which take turns from `first` on.

    Args:
        target: the claim.
        count: how many.
        draw: where chance comes from.
        first: which of `KINDS` comes first.
        outlets: names that the kind `outlet` writes into its text.
    """
    told = asserted(target)
    copied = _paraphrase(target, told, draw)
    make: dict[Kind, Callable[[], str]] = {
        "paraphrase": lambda: _paraphrase(target, told, draw),
        "copy": lambda: draw.choice(_of(_DATELINES, target)) + copied + draw.choice(_of(_LAST, target)),
        "outlet": lambda: _framed(draw.choice(_of(_OUTLETS, target)), told, draw.choice(outlets)),
        "swap": lambda: _swapped(target, told, draw),
    }
    found: list[tuple[Kind, str]] = []
    for i in range(count):
        kind = KINDS[(first + i) % len(KINDS)]
        found.append((kind, make[kind]()))
    return found


def asserted(target: Target) -> str:
    """What the attacker wants believed, a sentence: the claim, or its denial where the sources bear it out."""
    claim = target.claim.strip().rstrip(".!?")
    return denied(claim, target.language) if target.supported else claim


def denied(sentence: str, language: str) -> str:
    """The contrary of a sentence: a negation taken out or put in, else said to be untrue."""
    if gone := _NOT.search(sentence):
        group = next(i for i in (1, 2, 3) if gone.group(i))
        return _tidy(sentence[: gone.start(group)] + sentence[gone.end(group) :])
    if language == "en":
        if there := _AUXILIARY.search(sentence):
            return f"{sentence[: there.end()]} not{sentence[there.end() :]}"
        if turned := _opposite(sentence):
            return turned
        return f"it is not the case that {_lower(sentence)}"
    return _opposite(sentence) or f"tidak benar bahwa {_lower(sentence)}"


def _opposite(sentence: str) -> str | None:
    for pair in _OPPOSITES:
        for one, other in (pair, pair[::-1]):
            if re.search(rf"\b{one}\b", sentence):
                return re.sub(rf"\b{one}\b", other, sentence, count=1)
    return None


def _paraphrase(target: Target, told: str, draw: random.Random) -> str:
    words = told
    for one, other in _of(_SYNONYMS, target):
        if draw.random() < 0.7:
            words = re.sub(rf"\b{one}\b", other, words, count=1)
    return _framed(draw.choice(_of(_FRAMES, target)), words, "")


def _swapped(target: Target, told: str, draw: random.Random) -> str:
    """The evidence with a fact exchanged, if the claim is true; an untrue claim is told in a paraphrase instead, since
    the evidence against it becomes no evidence for it by an exchange."""
    if not target.supported:
        return _paraphrase(target, told, draw)
    parts = [span.of(target.evidence) for span in sentences(target.evidence, target.language)]
    said = " ".join(parts[:3]).rstrip(".")
    options: list[Callable[[], str | None]] = [
        lambda: _other_number(said, target.claim, draw),
        lambda: _other_name(said, target, draw),
        lambda: denied(said, target.language),
    ]
    draw.shuffle(options)
    return f"{next((made for option in options if (made := option())), told)}."


def _other_number(said: str, claim: str, draw: random.Random) -> str | None:
    shared = [m for m in _NUMBER.finditer(said) if re.search(rf"\b{re.escape(m[0])}\b", claim)]
    if not shared:
        return None
    at = draw.choice(shared)
    value = float(at[0])
    other = value + draw.choice([-7, -4, -3, 3, 5, 8]) if value > 8 else value + draw.choice([2, 3, 5])
    return said[: at.start()] + f"{other:g}" + said[at.end() :]


def _other_name(said: str, target: Target, draw: random.Random) -> str | None:
    there = [span.of(target.claim) for span in names(target.claim)]
    shared = [name for name in there if name in said]
    others = [name for name in target.other_names if name not in said]
    if not shared or not others:
        return None
    return said.replace(draw.choice(shared), draw.choice(others))


def _framed(frame: str, told: str, outlet: str) -> str:
    told = told.strip().rstrip(".")
    return frame.format(c=_lower(told), C=told[:1].upper() + told[1:], o=outlet)


def _lower(sentence: str) -> str:
    """For the middle of a sentence: a first word that is no name loses its capital."""
    first = re.match(r"\w+", sentence)
    plain = {
        "the",
        "a",
        "an",
        "it",
        "in",
        "on",
        "there",
        "this",
        "these",
        "during",
        "for",
        "people",
        "many",
        "most",
        "some",
    }
    return sentence[:1].lower() + sentence[1:] if first and first[0].casefold() in plain else sentence


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _of(table: dict[str, Sequence], target: Target) -> Sequence:  # type: ignore[type-arg]
    return table["id" if target.language == "id" else "en"]
