"""BM25 over the passages of a corpus, an index for each language (Robertson & Zaragoza 2009; bm25s, Lu 2024).

Words are stemmed where Snowball has a stemmer for the language, and numbers have one form however they are
written: "1,5 juta", "1.500.000" and "1.5 million" are the same word. A query only meets passages of its own
language: across languages BM25 finds little, and its noise would push the right passage of another language down.

`words` cuts texts into words, `postings` counts and scores them, `index` searches, `disk` keeps an index on disk.
"""

from __future__ import annotations

from factcheck.lexical.index import UNKNOWN, LexicalEntry, LexicalIndex
from factcheck.lexical.words import words_of

__all__ = ["UNKNOWN", "LexicalEntry", "LexicalIndex", "words_of"]
