"""Who a claim is about, and whether a source speaks of them: the check on names that a small model needs.

A cross-encoder readily takes "Xi landed in Pyongyang" for "Putin landed in Pyongyang". So a source takes a stance only
if it names the claim's subject. Places have other names in other languages; a small table of exonyms covers those
of countries and capitals, and any other name must stand in the source as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from factcheck.text import names
from factcheck.types import Claim

_WORD = re.compile(r"[^\W\d_]+")

# Indonesian and English names of the same country, people or capital, one group a line.
_EXONYMS = """
rusia russia russian kremlin moskow moscow
korea korean korut dprk pyongyang
utara north
selatan south
ukraina ukraine ukrainian kyiv
tiongkok cina china chinese beijing
amerika serikat as us usa america american united states washington
jepang japan japanese tokyo
jerman germany german
prancis perancis france french
inggris britain british uk england kingdom
belanda netherlands dutch
italia italy italian
spanyol spain spanish
yunani greece greek
turki turkey turkiye turkish
mesir egypt egyptian
arab saudi arabia
suriah syria syrian
irak iraq iraqi
yordania jordan
palestina palestine palestinian
india indian
indonesia indonesian ri
filipina philippines philippine
thailand thai
kamboja cambodia
vietnam vietnamese hanoi
malaysia malaysian
singapura singapore
papua nugini guinea
selandia baru new zealand
australia australian
swedia sweden swedish
norwegia norway norwegian
denmark danish
finlandia finland
polandia poland polish
hungaria hungary
austria wina vienna
swiss switzerland
belgia belgium
portugis portugal portuguese
brasil brazil
meksiko mexico
kuba cuba cuban
kanada canada canadian
afrika africa african
eropa europe european
asia asian
pbb un united nations
who
uni eropa eu union
jawa java
sumatera sumatra
kalimantan borneo
laut sea
"""


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _EXONYMS.strip().splitlines():
        words = frozenset(line.split())
        for word in words:
            found[word] = found.get(word, frozenset()) | words
    return found


def _fold(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(c for c in bare if not unicodedata.combining(c)).casefold()


def _words(text: str) -> list[str]:
    return _WORD.findall(_fold(text))


def _mentioned(name: str, source_words: frozenset[str]) -> bool:
    """Whether any telling word of the name stands in the source, as written or as its other-language name."""
    groups = _groups()
    telling = [w for w in _words(name) if len(w) > 1] or _words(name)
    people = [w for w in telling if w not in groups]
    return any(w in source_words or groups.get(w, frozenset()) & source_words for w in people or telling)


def missing_subject(claim: Claim, source: str) -> str | None:
    """The first name of the claim, if the source names neither it nor most of the claim's other names."""
    found = [span.of(claim.text) for span in names(claim.text)]
    if not found:
        return None
    words = frozenset(_words(source))
    if _mentioned(found[0], words):
        return None
    known = sum(_mentioned(name, words) for name in found[1:])
    return None if len(found) > 2 and known >= len(found) - 1 else found[0]


def missing_speaker(claim: Claim, source: str) -> str | None:
    """The claim's speaker, if the source does not name them."""
    if not claim.speaker:
        return None
    return None if _mentioned(claim.speaker, frozenset(_words(source))) else claim.speaker
