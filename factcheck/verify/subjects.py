"""Who a claim is about, and whether a source speaks of them: the check on names that a small model needs.

A cross-encoder readily takes "Xi landed in Pyongyang" for "Putin landed in Pyongyang". So a source takes a stance only
if it names the claim's subject. Places have other names in other languages; a small table of exonyms covers those
of countries and capitals, and any other name must stand in the source as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from factcheck.text import names
from factcheck.types import Claim, Span

_WORD = re.compile(r"[^\W\d_]+")

# Indonesian and English names of the same country, people or capital, one a line. A form in capitals is one only where
# it is written so: "as", "us", "un" and "who" are words of any text.
_EXONYMS = """
rusia, russia, russian, kremlin, moskow, moskwa, moscow
korea utara, north korea, north korean, korut, DPRK, pyongyang
korea selatan, south korea, south korean, korsel, ROK, seoul
korea, korean
ukraina, ukraine, ukrainian, kyiv, kiev
laut cina selatan, laut china selatan, laut tiongkok selatan, south china sea
tiongkok, cina, china, chinese, beijing
amerika serikat, amerika, AS, US, U S, USA, united states, america, american, washington
jepang, japan, japanese, tokyo
jerman, germany, german, berlin
prancis, perancis, france, french, paris
inggris, britania raya, britain, british, UK, england, english, united kingdom, london
belanda, netherlands, dutch
italia, italy, italian
spanyol, spain, spanish
yunani, greece, greek
turki, turkey, turkiye, turkish
mesir, egypt, egyptian
arab saudi, saudi arabia, saudi
suriah, syria, syrian
irak, iraq, iraqi
yordania, jordan
palestina, palestine, palestinian
india, indian
indonesia, indonesian, RI
filipina, philippines, philippine
thailand, thai
kamboja, cambodia
vietnam, vietnamese, hanoi
malaysia, malaysian
singapura, singapore
papua nugini, papua new guinea
selandia baru, new zealand
australia, australian
swedia, sweden, swedish
norwegia, norway, norwegian
denmark, danish
finlandia, finland
polandia, poland, polish
hungaria, hungary
austria, austrian
wina, vienna
swiss, switzerland
belgia, belgium
portugis, portugal, portuguese
brasil, brazil
meksiko, mexico
kuba, cuba, cuban
kanada, canada, canadian
afrika selatan, south africa, south african
afrika, africa, african
uni eropa, european union, EU
eropa, europe, european
asia tenggara, southeast asia
asia, asian
uni soviet, soviet union, soviet
perserikatan bangsa bangsa, PBB, UN, united nations
organisasi kesehatan dunia, WHO, world health organization
jawa, java
sumatera, sumatra
kalimantan, borneo
laut, sea
utara, north, northern
selatan, south, southern
timur, east, eastern
barat, west, western
"""


class _Named(NamedTuple):
    """What some words name: places, by the line of the table, and the words that are in none."""

    places: frozenset[int]
    others: tuple[str, ...]


@cache
def _forms() -> dict[tuple[str, ...], tuple[int, bool]]:
    """Each form of the table: its line, and whether it must be written in capitals."""
    lines = enumerate(_EXONYMS.strip().splitlines())
    forms = ((number, form.strip()) for number, line in lines for form in line.split(","))
    return {tuple(form.casefold().split()): (number, form.isupper()) for number, form in forms}


def _fold(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(c for c in bare if not unicodedata.combining(c))


def _named(text: str) -> _Named:
    words = _WORD.findall(_fold(text))
    places, others, at = set(), [], 0
    while at < len(words):
        length, place = _place(words, at)
        if place is None:
            others.append(words[at].casefold())
        else:
            places.add(place)
        at += length
    return _Named(frozenset(places), tuple(others))


def _place(words: Sequence[str], at: int) -> tuple[int, int | None]:
    """The longest form that begins here: its number of words and its line; one word and None where there is none."""
    for length in (3, 2, 1):
        form = words[at : at + length]
        known = _forms().get(tuple(word.casefold() for word in form))
        if known and (not known[1] or all(word.isupper() for word in form)):
            return len(form), known[0]
    return 1, None


def _mentioned(name: str, source: _Named) -> bool:
    """Whether any telling word of the name stands in the source; of a name that is all places, every place."""
    named = _named(name)
    telling = [word for word in named.others if len(word) > 1] or named.others
    return any(word in source.others for word in telling) if telling else named.places <= source.places


def people_words(text: str) -> tuple[str, ...]:
    """The words of a text that name no place of the table, folded to lower case without accents."""
    return _named(text).others


def missing_subject(claim: Claim, source: str) -> str | None:
    """The first name of the claim, if the source names neither it nor most of the claim's other names."""
    found = [_without_opening(span, claim.text) for span in names(claim.text)]
    if not found:
        return None
    known = _named(source)
    if _mentioned(found[0], known):
        return None
    others = sum(_mentioned(name, known) for name in found[1:])
    return None if len(found) > 2 and others >= len(found) - 1 else found[0]


def names_missing(claim: Claim, source: str) -> float:
    """The share of the claim's names that the source does not give, in [0, 1]; 0 for a claim without names."""
    found = [_without_opening(span, claim.text) for span in names(claim.text)]
    if not found:
        return 0.0
    known = _named(source)
    return sum(not _mentioned(name, known) for name in found) / len(found)


def _without_opening(span: Span, text: str) -> str:
    """A name's words; of one that opens the text all but a first word that is no place's: its capital may be the
    sentence's."""
    name = span.of(text)
    first, _, rest = name.partition(" ")
    opens = span.start == 0 and rest and _fold(first).casefold() in _named(name).others
    return rest if opens else name


def missing_speaker(claim: Claim, source: str) -> str | None:
    """The claim's speaker, if the source does not name them."""
    if not claim.speaker:
        return None
    return None if _mentioned(claim.speaker, _named(source)) else claim.speaker
