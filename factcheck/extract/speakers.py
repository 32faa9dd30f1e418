"""Who speaks: the words that name a speaker, and the person, office or document that they mean."""

from __future__ import annotations

import re
from typing import NamedTuple

from factcheck.extract.context import Thread
from factcheck.extract.people import BARE_NAME, Cast, is_person
from factcheck.text import names

_PRONOUNS = frozenset(["ia", "dia", "beliau", "he", "she", "mereka", "they"])
_NAME = re.compile(r"[^\W\d_a-z][\w.’'-]*(?: [^\W\d_a-z][\w.’'-]*)*")
_WHEN = re.compile(r"\s+(?:pada|di|dalam|on|in)\s+.*\d.*$")


class Named(NamedTuple):
    """A speaker."""

    who: str | None
    """By the fullest name; None where it is open who speaks."""
    label: str
    """The words that name them in a claim."""
    notes: tuple[str, ...]


def named(phrase: str | None, cast: Cast, thread: Thread, known: frozenset[str], language: str) -> Named:
    """The speaker that the words of a report name.

    Args:
        phrase: the words; None where only a suffix or an open quotation points back (`katanya`).
        cast: the people of the article.
        thread: what the sentences before were about.
        known: all names of the article.
        language: `id` or `en`.
    """
    before = thread.speaker or thread.person or thread.last_speaker
    if phrase is None:
        unknown = "seseorang" if language == "id" else "someone"
        return Named(before, before or unknown, () if before else ("open: who speaks",))
    if phrase.lower() in _PRONOUNS:
        who = before if phrase.lower() in ("mereka", "they") else _last_person(cast, thread)
        return Named(who, who or phrase, (f"“{phrase}”: {who}",) if who else (f"“{phrase}” is not certain",))
    if phrase.lower() == "pihaknya" and thread.last_speaker:
        side = f"the side of {thread.last_speaker}"
        return Named(thread.last_speaker, f"pihak {thread.last_speaker}", (f"“{phrase}”: {side}",))
    parts = phrase.split(", ")
    head, last = parts[0], parts[-1]
    if last != head and " " in last and BARE_NAME.fullmatch(last) and is_person(cast.expand(last)):
        who = next(iter(cast.in_text(last)), last)
        return Named(who, who, ())  # "Direktur Penyakit Menular, Kemenkes, Siti Nadia"
    all_named = cast.in_text(phrase)
    people = all_named if len(all_named) == 1 else cast.in_text(head) or all_named
    if people:
        full = people[-1]
        short = next((word for word in phrase.split() if cast.expand(word) == full), full)
        return Named(full, full, (f"“{short}”: {full}",) if full not in phrase else ())
    return _office(phrase, head, known)


def _office(phrase: str, head: str, known: frozenset[str]) -> Named:
    """An office, a firm, a document or a person whom the article names only here."""
    if _NAME.fullmatch(head) and phrase[len(head) : len(head) + 3].islower():
        return Named(head, head, ())  # "DTEK, perusahaan energi terbesar"
    if when := _WHEN.search(phrase):
        return Named(phrase[: when.start()], phrase, ())
    found = _names_in(phrase, known)
    last = found[-1] if found else ""
    joined = re.search(r"\b(?:dan|and)\b|,", phrase)
    if last.isupper() and not joined and re.search(rf"\b[A-Z]\S* {re.escape(last)}$", phrase):
        return Named(last, last, ())  # "media pemerintah Korea Utara KCNA", but not "pengawas sanksi PBB"
    return Named(phrase, phrase, ())


def _last_person(cast: Cast, thread: Thread) -> str | None:
    """Whom `he said` means: who spoke or was the subject before, or the one person of the sentence before."""
    near = cast.in_text(thread.before[-1]) if thread.before else ()
    one = near[0] if len(near) == 1 else None
    ranked = (thread.speaker, thread.person, one, thread.about, thread.last_person)
    return next((who for who in ranked if is_person(who)), None)


def _names_in(phrase: str, known: frozenset[str]) -> list[str]:
    """Names of the article in a phrase, in order; else its capitalised runs."""
    found = [span.of(phrase) for span in names(phrase)]
    for run in _NAME.findall(phrase):
        words = run.split()
        tails = (" ".join(words[cut:]) for cut in range(len(words)))
        tail = next((t for t in tails if t in known and t not in found), None)
        found += [tail] if tail else []
    return sorted(found, key=phrase.find)
