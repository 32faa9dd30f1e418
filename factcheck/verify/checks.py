"""Sources that are themselves fact-checks: they repeat what they go on to refute.

A fact-check tells what was posted, then what was found. A model that looks for a claim's words finds them in the first
part and takes them for support. So in a document of that register the words of a sentence that tells what was posted
support nothing; where the claim is what was posted, the document refutes it, and the sentence that says so is the
quote. What stands in the other sentences counts as in any source.

The register is known by its set phrases, Indonesian and English (those of the checkers' own categories: Wardle 2017,
"Fake news. It's complicated", which MAFINDO and others follow).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from factcheck.lexical import words_of
from factcheck.text import sentences
from factcheck.types import Claim, Document, Span

READ_CHARS = 8000
"""How much of a document is read for its finding."""

SAME_MATTER = 0.5
"""Share of the claim's words that the sentences on what was posted must have for the claim to be what was posted."""

_REGISTER = re.compile(
    r"\b(?:hoaks?|hoax(?:es)?|(?:cek|periksa|pemeriksa(?:an)?) fakta|turnbackhoax|mafindo"
    r"|penelusuran|ditelusuri|menelusuri"
    r"|(?:dis|mis)informa(?:si|tion)|konten (?:palsu|tiruan|yang menyesatkan|yang dimanipulasi|yang salah)"
    r"|fact[- ]?check(?:s|ed|ers?|ing)?|debunk(?:s|ed|ing)?|snopes|politifact|reverse image search)\b",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"\b(?:(?:meng|di)unggah|unggahan|(?:mem)?posting(?:an)?|(?:mem|di)bagikan|beredar|tersebar|menyebar(?:kan)?|narasi(?:nya)?"
    r"|(?:meng|di)?klaim|cuitan|mencuit|viral|pesan berantai|takarir|akun|kabar|tangkapan layar|berjudul|judul"
    r"|post(?:s|ed|ing)?|shar(?:es|ed|ing)|claim(?:s|ed|ing)?|circulat(?:es|ed|ing)|rumou?rs?|caption(?:s|ed)?|tweet(?:s|ed)?"
    r"|memes?|screenshots?)\b",
    re.IGNORECASE,
)
_FINDING = re.compile(
    r"\b(?:hoaks?|hoax|keliru|tidak benar|tidak tepat|tidaklah benar|menyesatkan|palsu|fitnah|(?:dis|mis)informasi"
    r"|tidak terbukti|tidak berdasar|suntingan|editan|(?:di)?manipulasi|(?:di)?rekayasa|satire|parodi|salah(?! satu)"
    r"|faktanya|nyatanya|membantah|bantahan"
    r"|tidak (?:ada|ditemukan|menemukan) (?:informasi|bukti|berita|pernyataan|sumber)"
    r"|false(?:ly)?|fake|misleading|untrue|not true|incorrect(?:ly)?|debunked|no evidence|doctored|manipulated|altered"
    r"|fabricated|baseless|unfounded|inaccurate)\b",
    re.IGNORECASE,
)


class _Checked(NamedTuple):
    """What a fact-check tells: the words of what was posted, and where it says what was found."""

    posted: frozenset[str]
    findings: tuple[Span, ...]


class Refutation(NamedTuple):
    """A fact-check of the claim: where it says what was found, and how much of the claim it says was posted."""

    finding: Span
    share: float


def tells_what_was_posted(text: str) -> bool:
    """Whether a sentence tells what somebody posted or claimed."""
    return bool(_POSTED.search(text))


def tells_a_finding(text: str) -> bool:
    """Whether a text says of something that it is false, as a fact-check's conclusion does."""
    return bool(_FINDING.search(text))


def is_fact_check(document: Document) -> bool:
    """Whether a document has the register of a fact-check that found something false."""
    return _read(document.text[:READ_CHARS], document.language) is not None


def refutation(claim: Claim, document: Document) -> Refutation | None:
    """Where a fact-check of the very claim says what it found; None where the document is none.

    The claim is what was posted if the sentences that tell of it have at least `SAME_MATTER` of the claim's words.
    """
    checked = _read(document.text[:READ_CHARS], document.language)
    ours = frozenset(word for word in words_of(claim.text, claim.language) if len(word) > 2)
    if checked is None or not ours:
        return None
    share = len(ours & checked.posted) / len(ours)
    if share < SAME_MATTER:
        return None
    text = document.text
    best = max(checked.findings, key=lambda span: _overlap(ours, span.of(text), document.language))
    return Refutation(best, share)


def _overlap(ours: frozenset[str], text: str, language: str | None) -> int:
    return len(ours & frozenset(words_of(text, language)))


@lru_cache(maxsize=512)
def _read(text: str, language: str | None) -> _Checked | None:
    if not _REGISTER.search(text):
        return None
    spans = sentences(text, language)
    posted = [span for span in spans if _POSTED.search(span.of(text))]
    findings = tuple(span for span in spans if _FINDING.search(span.of(text)))
    if not posted or not findings:
        return None
    return _Checked(frozenset(word for span in posted for word in words_of(span.of(text), language)), findings)
