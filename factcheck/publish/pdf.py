"""A reviewed report as a PDF file, laid out from plain text: nothing in it is markup, link or code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from factcheck.publish.sheet import INK, SOFT, Colour, Sheet, canvas
from factcheck.publish.telling import Page, Quoted, Told, page_of
from factcheck.report import SYMBOLS, one_line, printable
from factcheck.review.reported import ReviewedReport

_COLOURS: dict[str, Colour] = {
    "supported": (11, 92, 173), "refuted": (179, 38, 30), "conflicting": (123, 63, 160),
    "not_enough_evidence": (138, 90, 0), "not_checked": (87, 96, 106),
}  # fmt: skip


def to_pdf(
    reviewed: ReviewedReport,
    claim_id: str | None = None,
    language: str = "en",
    *,
    notes: bool = False,
    fonts: Sequence[Path] = (),
) -> bytes:
    """An article's claims, or one of them, as a PDF file (A4).

    The fonts of the extra have Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai and Georgian letters. Where a
    text has others (Chinese, Japanese, Korean), a square stands for each, and the file says so.

    Args:
        reviewed: the report with its review.
        claim_id: the claim; None for the article.
        language: of the file's own words, `en` or `id`.
        notes: whether the reviewers' notes are published too.
        fonts: TrueType or OpenType files that have further characters.

    Raises:
        SettingsError: the extra `pdf` is not installed, or a font cannot be used.
        InputError: there is no such claim, or there are no texts in the language.
    """
    page = page_of(reviewed, claim_id, language, notes=notes)
    with TemporaryDirectory() as directory, canvas(Path(directory), fonts) as sheet:
        sheet.pdf.set_title(one_line(page.title)[:300])
        sheet.pdf.set_lang(page.say.language)
        sheet.pdf.set_creation_date(datetime.fromisoformat(reviewed.report.run.started))
        sheet.page_words = page.say("page_number", n="{n}")
        _lay_out(sheet, page)
        return bytes(sheet.pdf.output())


def _lay_out(sheet: Sheet, page: Page) -> None:
    say = page.say
    sheet.line(one_line(page.title), 16, bold=True)
    sheet.space(1)
    for line in page.lead:
        sheet.line(line, 9, SOFT)
    for key, words in page.tally:
        sheet.line(f"{SYMBOLS[key]} {words}", 10, _COLOURS[key], bold=True)
    if page.pieces:
        _heading(sheet, say("article"))
        sheet.line(_marked(page), 10)
        _heading(sheet, say("claims"))
    for claim in page.claims:
        _claim(sheet, page, claim)
    for heading, rows in ((say("dropped"), page.dropped), (say("left_out"), page.left_out)):
        if rows:
            _heading(sheet, heading)
        for text, why in rows:
            sheet.line(f"– {one_line(text)} ({one_line(why)})", 9, SOFT)
    sheet.space(4)
    sheet.line(page.run, 8, SOFT)
    if sheet.lacking:
        sheet.line(say("glyphs"), 8, SOFT)


def _heading(sheet: Sheet, text: str) -> None:
    sheet.space(4)
    sheet.bookmark(text)
    sheet.line(text, 12, bold=True)
    sheet.space(1)


def _marked(page: Page) -> str:
    """The article with the number and symbol of each claim behind its words."""
    shown = []
    for place, piece in enumerate(page.pieces):
        following = page.pieces[place + 1].claims if place + 1 < len(page.pieces) else ()
        ended = [n for n in piece.claims if n not in following]
        shown.append(piece.text + "".join(f" [{page.claims[n - 1].symbol}{n}]" for n in ended))
    return "".join(shown)


def _claim(sheet: Sheet, page: Page, claim: Told) -> None:
    say = page.say
    sheet.space(5)
    number = f"{claim.number}. " if page.pieces else ""
    sheet.bookmark(one_line(f"{number}{claim.verdict}: {claim.text}")[:80], level=1 if number else 0)
    sheet.line(f"{number}{claim.symbol} {claim.verdict} · {claim.whose}", 10, _COLOURS[claim.key], bold=True)
    sheet.line(one_line(claim.text), 12, bold=True)
    sheet.line(one_line(claim.about), 9, SOFT)
    for correction in claim.corrections:
        sheet.line(one_line(correction), 10, _COLOURS["refuted"], bold=True)
    _part(sheet, say("people"), claim.people)
    _part(sheet, say("machine"), claim.machine)
    if not page.pieces:
        _part(sheet, say("in_article"), [])
        _in_context(sheet, claim.in_article, 10, INK)
    _part(sheet, say("evidence"), [] if claim.evidence else [say("evidence.none")])
    for quoted in claim.evidence:
        _quote(sheet, quoted)
    if claim.apart:
        _part(sheet, say.count("evidence.apart", len(claim.apart)), [])
    for quoted in claim.apart:
        _quote(sheet, quoted)
    for question, answer in claim.questions:
        sheet.line(f"{one_line(question)} {one_line(answer)}", 9)
    if claim.notes:
        _part(sheet, say("notes"), claim.notes)


def _part(sheet: Sheet, heading: str, lines: Iterable[str]) -> None:
    sheet.space(1.5)
    sheet.line(heading, 8, SOFT, bold=True)
    for line in lines:
        sheet.line(one_line(line), 10)


def _quote(sheet: Sheet, quoted: Quoted) -> None:
    colours = {"supports": _COLOURS["supported"], "refutes": _COLOURS["refuted"]}
    with sheet.indented():
        sheet.space(1)
        colour = colours.get(quoted.stance, INK) if quoted.counts else INK
        _in_context(sheet, (quoted.before, quoted.quote, quoted.after), 9, colour)
        parts = [f"[{quoted.mark}] {quoted.says}", quoted.source, quoted.url, *quoted.remarks]
        sheet.line(one_line(" · ".join(part for part in parts if part)), 8, SOFT)


def _in_context(sheet: Sheet, parts: tuple[str, str, str], size: float, colour: Colour) -> None:
    """Words with those before and after them, which are paler."""
    plain = [re.sub(r"\s+", " ", printable(text)) for text in parts]
    sheet.flow(zip(plain, (SOFT, colour, SOFT), strict=True), size)
