"""The capitalised names of a text, by rules."""

from __future__ import annotations

import re

from factcheck.text.splitting import sentences
from factcheck.text.words import ALL_NEGATIONS, CALENDAR, STARTERS, word_set
from factcheck.types import Span

_CAPITAL = re.compile(
    r"(?:\b(?:al|el|ar|as|ash|az)-)?[^\W\d_a-z][\w\u0300-\u036f\u00ad]*(?:[-’'.&][^\W_][\w\u0300-\u036f]*)*"
)
_LINKS = word_set("of de van von der den bin binti al el da del dos das la le y ibn du")
TITLES = word_set(
    "pelatih kapten ajudan hakim jaksa komisioner anggota sekretaris dokter profesor penyerang ekonom pengamat warga"
    " saksi aktivis penyanyi ustaz kiai kyai pengacara peneliti coach spokesman spokeswoman spokesperson economist"
    " analyst officer aide ceo leader sheriff lawyer researcher "
    "presiden wakil menteri gubernur bupati wali walikota camat lurah raja ratu pangeran putri perdana"
    " ketua kepala direktur"
    " utama jenderal kolonel kapten pemimpin juru bicara mr mrs ms dr prof ir h hj bapak ibu pak bu tuan"
    " nyonya saudara president"
    " prime minister vice governor mayor senator secretary king queen prince princess chairman director"
    " general"
    " chancellor judge justice sir lord lady captain colonel professor doctor pope"
    " si sang akp akbp kombes irjen brigjen komjen iptu ipda aiptu aipda bripka bripda kompol letjen mayjen letkol"
    " mayor kapten kolonel kapolda kapolri kapolres kapolsek kasat kanit kabid kadis kadiv dirut wapres menko menlu"
    " menhan mendagri menkes menkeu mensesneg ketum waketum sekjen jubir rektor dekan dubes plt"
)
_NOT_NAMES = CALENDAR | STARTERS | ALL_NEGATIONS | word_set("i i'm i'll i've yes ya wib wita wit rp usd am pm covid")


def names(text: str) -> tuple[Span, ...]:
    """The capitalised names of a text: runs of capitalised words, without titles, days, months and first words.

    A word that only ever begins sentences counts as a name when it is written in capitals or followed by another
    capitalised word. `Presiden Rusia Vladimir Putin` gives two names, where `Rusia` is one elsewhere in the text.
    Rules, not a model: they find names, they do not know what is named.
    """
    firsts = {span.start for span in sentences(text)}
    small = {m.group() for m in re.finditer(r"[^\W\d_]+", text) if m.group().islower()}
    runs = [_without_titles(run) for run in _capital_runs(text, firsts)]
    runs = [_without_first(text, run, firsts, small) for run in runs]
    inside = {_joined(text, run) for run in runs if run and not _begins(text, run[0].start(), firsts)}
    found: list[Span] = []
    for run in runs:
        if not run:
            continue
        word = run[0].group()
        alone = len(run) == 1 and _begins(text, run[0].start(), firsts)
        if alone and word not in inside and not (len(word) > 1 and word.isupper()):
            continue
        for part in _split_names(text, run, inside):
            found.append(Span(start=part[0].start(), end=part[-1].end()))
    return tuple(found)


Run = list[re.Match[str]]
_LONGEST_NAME = 10


def _capital_runs(text: str, firsts: set[int]) -> list[Run]:
    runs: list[Run] = []
    for match in _CAPITAL.finditer(text):
        gap = text[runs[-1][-1].end() : match.start()] if runs else ""
        if runs and _joins(gap) and len(runs[-1]) < _LONGEST_NAME and match.start() not in firsts:
            runs[-1].append(match)
        else:
            runs.append([match])
    return runs


def _without_titles(run: Run) -> Run:
    while run and run[0].group().lower().strip(".") in _NOT_NAMES | TITLES:
        run = run[1:]
    while run and run[-1].group().lower().strip(".") in CALENDAR:
        run = run[:-1]
    return run


def _without_first(text: str, run: Run, firsts: set[int], small: set[str]) -> Run:
    """Leaves out a word that has its capital only from beginning the sentence: `Kunjungan Putin`."""
    while len(run) > 1 and _begins(text, run[0].start(), firsts) and run[0].group().lower() in small:
        run = _without_titles(run[1:])
    return run


def _joined(text: str, run: Run) -> str:
    return text[run[0].start() : run[-1].end()]


def _split_names(text: str, run: Run, known: set[str]) -> list[Run]:
    """Parts a country or an office from the person after it, where the first part is a name of its own."""
    for cut in range(len(run) - 1, 0, -1):
        head, tail = run[:cut], run[cut:]
        if _joined(text, head) in known and (len(tail) > 1 or _joined(text, tail) in known):
            return [head, tail]
    return [run]


def _begins(text: str, at: int, firsts: set[int]) -> bool:
    return any(start in firsts for start in range(max(0, at - 2), at + 1)) or text[max(0, at - 1) : at] in (
        '"',
        "“",
        "‘",
    )


def _joins(gap: str) -> bool:
    return gap in (" ", "\u00a0", ". ", " \u200b") or (gap[:1] == " " and gap[-1:] == " " and gap.strip() in _LINKS)
