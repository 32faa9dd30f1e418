"""What is kept of a language model's questions and answers: what is about the claim, and nothing of its instructions.

Questions and answers decide nothing, but they stand in the report, and a model that was talked round could write there
what a stranger wants to be read: an advertisement, a link, the instructions it was given. So a question must share a
telling word or a number with the claim or with a quote of the sources that it names, and so must each sentence of its
answer, unless that only says that the sources are silent. Links, addresses and stretches of the instructions go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from factcheck.lexical import words_of
from factcheck.text import NEGATIONS, sentences, word_set
from factcheck.text.words import STARTERS
from factcheck.types import Claim, Question

SAME_WORDS = 6
"""So many words in a row are taken from the instructions, not from the matter."""

_EMPTY = (
    STARTERS
    | NEGATIONS["id"]
    | NEGATIONS["en"]
    | word_set(
        "have been were does which whom whose about than them their would could should into also only very more"
        " yang adalah akan atau juga agar bagi dapat bisa lebih sangat sebagai secara tersebut maka pula serta antara"
        " berapa manakah apakah siapakah benarkah kapankah dimana mana bagaimanakah"
    )
)
_SILENCE = word_set(
    "no not yes none nothing unknown unclear neither nor cannot do does did the a an any of to in on it is are was this"
    " that these those there from by for at all both sources source given see says say said state states stated mention"
    " mentions mentioned answer answers answered tell tells information evidence enough insufficient know known be can"
    " question claim only about here"
    " tidak bukan ya tak belum ada sumber para semua kedua pun satu dari di dalam pada untuk yang ini itu hal"
    " menyebut menyebutkan disebutkan disebut menjawab terjawab dijawab menyatakan dinyatakan mengatakan menjelaskan"
    " dijelaskan informasi keterangan bukti cukup kurang diketahui dapat bisa dipastikan diberikan tersebut tentang"
    " mengenai pertanyaan klaim lihat hanya"
)
_LINK = re.compile(r"https?:|www\.|\S@\S+\.\w|\b[\w-]+\.(?:com|org|net|io|co|id|xyz|info|biz|ru|cn)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


class Asked(NamedTuple):
    """A question as the model asked it: with its answer and the passages that it names."""

    question: str
    answer: str
    passage_ids: tuple[str, ...]


class Kept(NamedTuple):
    """The questions to show, and a note on how many were dropped or shortened."""

    questions: tuple[Question, ...]
    notes: tuple[str, ...]


def to_the_matter(asked: Iterable[Asked], claim: Claim, quotes: Mapping[str, str], instructions: str) -> Kept:
    """The questions and answers that are about the claim.

    Args:
        asked: the model's.
        claim: in its words and with its speaker.
        quotes: the model's quote of each passage, by passage id.
        instructions: the fixed part of the prompt, which must not come out again.
    """
    given = runs(instructions)
    kept, changed = [], 0
    for one in asked:
        matter = f"{claim.text} {claim.speaker or ''} {' '.join(quotes.get(key, '') for key in one.passage_ids)}"
        words = telling(matter, claim.language)
        foreign = given - runs(matter)  # an article may tell what an example of the instructions tells
        answer = " ".join(s for s in _sentences(one.answer) if _says(s, words, claim.language, foreign))
        if not answer or not _about(one.question, words, claim.language, foreign):
            changed += 1
            continue
        changed += answer != " ".join(one.answer.split())
        kept.append(Question(question=one.question, answer=answer, passage_ids=one.passage_ids))
    return Kept(
        tuple(kept), (f"{changed} of the model's answers were dropped or cut: not about the claim",) * bool(changed)
    )


def telling(text: str, language: str | None) -> frozenset[str]:
    """The stems of words that say what a text is about, and its numbers."""
    words = " ".join(w for w in text.split() if w.strip(".,;:!?\"'()").casefold() not in _EMPTY)
    return frozenset(w for w in words_of(words, language) if len(w) > 3 or w.startswith("#"))


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of `SAME_WORDS` words of a text."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return frozenset(tuple(words[i : i + SAME_WORDS]) for i in range(len(words) - SAME_WORDS + 1))


def _sentences(text: str) -> Sequence[str]:
    return [" ".join(span.of(text).split()) for span in sentences(text)]


def _about(text: str, words: frozenset[str], language: str | None, given: frozenset[tuple[str, ...]]) -> bool:
    return not _LINK.search(text) and given.isdisjoint(runs(text)) and not words.isdisjoint(telling(text, language))


def _says(text: str, words: frozenset[str], language: str | None, given: frozenset[tuple[str, ...]]) -> bool:
    """Whether a sentence of an answer is about the matter, or says that the sources are silent, or just yes or no."""
    silent = {word.casefold().removesuffix("nya") for word in _WORD.findall(text)} <= _SILENCE
    return silent or _about(text, words, language, given)
