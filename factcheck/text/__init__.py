"""Sentences with offsets, the language of a text, its names, and finding a quote in its source.

Everything here counts characters of the text as given: a normal form is only ever used beside it, with a map of
offsets back.
"""

from factcheck.text.language import detect_language
from factcheck.text.locating import Located, locate, same_facts
from factcheck.text.naming import names
from factcheck.text.normal import Normal, normalise, reading
from factcheck.text.shown import Shown, plainly, shown, told, unread_words
from factcheck.text.splitting import sentences
from factcheck.text.words import NEGATIONS, word_set

__all__ = [
    "NEGATIONS",
    "Located",
    "Normal",
    "Shown",
    "detect_language",
    "locate",
    "names",
    "normalise",
    "plainly",
    "reading",
    "same_facts",
    "sentences",
    "shown",
    "told",
    "unread_words",
    "word_set",
]
