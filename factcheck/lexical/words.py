"""The words of a text as the lexical index knows them."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence

from factcheck.numerals import SCALES, Token, decimal_mark, read_digits, read_words
from factcheck.numerals import tokens as plain_tokens

SCHEME = "words/1"
"""How texts are cut into words. Raise it with every change of `words_of`, so that indexes on disk are made again."""

_STEMMERS = {
    "id": "indonesian", "en": "english", "ar": "arabic", "da": "danish", "de": "german", "es": "spanish",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "it": "italian", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_stemming = threading.local()
_MAX_WORD = 60


def scheme() -> str:
    """What an index's words depend on: our own rules and the stemmer's version."""
    import Stemmer

    return f"{SCHEME} snowball/{Stemmer.version()}"


def words_of(text: str, language: str | None) -> list[str]:
    """The words of a text as the index knows them: lower case, stemmed, numbers as `#value`."""
    text = unicodedata.normalize("NFKC", text)
    parts = plain_tokens(text)
    mark = decimal_mark(parts, language)
    found: list[str] = []
    plain: list[str] = []
    at = 0
    while at < len(parts):
        number, following = _number(parts, at, mark)
        if number is not None:
            found.append(number)
        elif parts[at].kind == "word" and len(parts[at].word) <= _MAX_WORD:
            plain.append(parts[at].word)
        at = following
    return found + _stemmed(plain, language)


def _number(parts: Sequence[Token], at: int, mark: str) -> tuple[str | None, int]:
    """The form of the number at a token, if there is one, and the token to go on from."""
    token = parts[at]
    if token.kind == "number":
        digits = read_digits(token.word, mark)
        if digits is None:
            return f"#{token.word}", at + 1
        scale = SCALES.get(parts[at + 1].word) if at + 1 < len(parts) else None
        value = digits.value * scale if scale else digits.value
        return f"#{value.normalize():f}", at + (2 if scale else 1)
    if token.kind == "word" and (read := read_words(parts, at)) and read.kind == "cardinal":
        return f"#{read.value.normalize():f}", max(read.end, at + 1)
    return None, at + 1


def _stemmed(words: list[str], language: str | None) -> list[str]:
    import Stemmer

    name = _STEMMERS.get(language or "")
    if name is None:
        return words
    # A Snowball stemmer keeps state while it runs: each thread has its own.
    stemmers: dict[str, Stemmer.Stemmer] = _stemming.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        stemmers[name] = Stemmer.Stemmer(name)
    stemmed: list[str] = stemmers[name].stemWords(words)
    return stemmed
