"""A reviewed report as Markdown: no link, image, HTML or emphasis of an untrusted text comes alive in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from factcheck.publish.telling import Page, Quoted, Told, page_of
from factcheck.publish.words import Words
from factcheck.report import md
from factcheck.review.reported import ReviewedReport


def to_markdown(
    reviewed: ReviewedReport, claim_id: str | None = None, language: str = "en", *, notes: bool = False
) -> str:
    """An article's claims, or one of them, as Markdown.

    Args:
        reviewed: the report with its review.
        claim_id: the claim; None for the article.
        language: of the page's own words, `en` or `id`.
        notes: whether the reviewers' notes are published too.

    Raises:
        InputError: there is no such claim, or there are no texts in the language.
    """
    return "\n".join(_lines(page_of(reviewed, claim_id, language, notes=notes))).rstrip() + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield from (f"# {md(page.title)}", "")
    for line in page.lead:
        yield from (md(line), "")
    if page.tally:
        yield from (md(", ".join(words for _, words in page.tally)), "")
    for claim in page.claims:
        yield from _claim(page.say, claim, numbered=len(page.claims) > 1)
    yield from _listed(page.say("dropped"), page.dropped)
    yield from _listed(page.say("left_out"), page.left_out)
    yield from ("---", "", md(page.run))


def _claim(say: Words, claim: Told, *, numbered: bool) -> Iterator[str]:
    number = f"{claim.number}. " if numbered else ""
    yield from (f"## {number}{claim.symbol} {md(claim.verdict)} ({md(claim.whose)})", "")
    yield from (f"**{md(claim.text)}**", "", md(claim.about), "")
    yield from (f"**{md(line)}**\n" for line in claim.corrections)
    yield from _part(say("people"), claim.people)
    yield from _part(say("machine"), claim.machine)
    yield from (f"### {md(say('evidence'))}", "")
    yield from map(_quote, claim.evidence)
    if not claim.evidence:
        yield f"- {md(say('evidence.none'))}"
    if claim.apart:
        yield from ("", f"### {md(say.count('evidence.apart', len(claim.apart)))}", "")
        yield from map(_quote, claim.apart)
    yield ""
    for question, answer in claim.questions:
        yield from (f"- **{md(question)}** {md(answer)}", "")
    if claim.notes:
        yield from _part(say("notes"), claim.notes)


def _part(heading: str, lines: Iterable[str]) -> Iterator[str]:
    yield from (f"### {md(heading)}", "", *(f"- {md(line)}" for line in lines), "")


def _quote(quoted: Quoted) -> str:
    parts = [quoted.source, quoted.url, *quoted.remarks]
    return f"- \\[{md(quoted.mark)}\\] {md(quoted.says)}: “{md(quoted.quote)}” · " + " · ".join(
        md(p) for p in parts if p
    )


def _listed(heading: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    lines = [f"- {md(text)} ({md(why)})" for text, why in rows]
    if lines:
        yield from (f"## {md(heading)}", "", *lines, "")
