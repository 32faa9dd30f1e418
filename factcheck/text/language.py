"""The language of a text."""

from __future__ import annotations

import re

from factcheck.text.words import word_set

_COMMON = {
    "id": word_set(
        "yang di ke dari dan ini itu untuk dengan tidak pada adalah dalam akan juga atau ada oleh"
        " karena saat telah sudah"
        " bisa kami kita saya mereka ia dia para sebagai tersebut bahwa hari tahun lebih menjadi setelah kata belum"
    ),
    "en": word_set(
        "the of and to in is was that for it on with as are by at from his her this have has had be not but they which"
        " were an or he she you we will would been their its after said"
    ),
}


_READ_AS = {"ms": "id", "jv": "id", "su": "id", "pcm": "en"}


def detect_language(text: str) -> str | None:
    """The language of a text as an ISO 639-1 code, or None where it is too short to tell.

    Indonesian and English are told by their commonest words; other languages by py3langid. Malay is read as `id`: the
    two share most of their words, and everything here that is ready for one serves the other. py3langid takes some
    short Indonesian texts for Javanese or Sundanese and some English ones for Nigerian Pidgin, so these are read alike.
    """
    sample = text[:6000]
    words = [w.casefold() for w in re.findall(r"[^\W\d_]+", sample)]
    if sum(map(len, words)) < 12:
        return None
    common = {lang: [w for w in words if w in listed] for lang, listed in _COMMON.items()}
    best, other = sorted(common, key=lambda lang: -len(common[lang]))
    many = len(common[best]) >= 0.12 * len(words) and len(set(common[best])) >= 2
    if many and len(common[best]) >= 2.5 * len(common[other]):
        return best
    if len(words) < 6 and sample.isascii():
        return None
    from py3langid import classify

    code = str(classify(sample)[0])
    return _READ_AS.get(code, code)
