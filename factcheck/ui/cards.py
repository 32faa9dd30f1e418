"""HTML of the article, a claim and its evidence, as strings for `st.html`.

Everything that comes from an article, a corpus or a model goes through `html.escape`, and addresses are shown as text:
nothing here becomes a link, an image or a script. `st.markdown` is not used for such text, since it fetches images.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from factcheck.report import SYMBOLS, outcome
from factcheck.types import LABELS, ClaimResult, Comparison, Evidence, LeftOut, Match, Report, SourceDocument
from factcheck.ui.strings import Words
from factcheck.ui.theme import STANCE_SYMBOLS

CONTEXT = 260
"""Characters of the source shown on either side of a quote."""

OUTCOMES = (*LABELS, "not_checked")
"""The labels and, after them, the state without one."""

_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_CITATION = re.compile(r"(?:\[\d+(?:\s*,\s*\d+)*\])+")


class Numbered(NamedTuple):
    """A finished claim with the number it has on screen: its place among all claims, from 1."""

    number: int
    claim: ClaimResult

    @property
    def mark(self) -> Mark:
        """Where it stands in the article."""
        return Mark(self.number, self.claim.start, self.claim.end, outcome(self.claim))


class Mark(NamedTuple):
    """A stretch `[start, end)` of the article that is a claim, with its number on screen and its outcome."""

    number: int
    start: int
    end: int
    name: str


def plain(text: str) -> str:
    """Text for a Streamlit message, which is Markdown: shown as it is, with no link, image or directive in it."""
    # A word joiner, which has no width, keeps an address or a mail address from being made a link.
    apart = _ADDRESS.sub("\u2060", text.replace("\n", " "))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", apart)


def counts(claims: Iterable[ClaimResult]) -> dict[str, int]:
    """How many claims have each outcome, in the order of `OUTCOMES`, those that occur only."""
    found = [outcome(claim) for claim in claims]
    return {name: found.count(name) for name in OUTCOMES if name in found}


def chip(name: str, say: Words) -> str:
    """An outcome as a small sign: symbol and word."""
    return f'<span class="fc-chip fc-{name}">{SYMBOLS[name]} {escape(say(f"label.{name}"))}</span>'


def summary(claims: Sequence[ClaimResult], say: Words) -> str:
    """The headline in words (`15 claims: 9 supported, 3 refuted ...`) over a bar of the same proportions."""
    if not claims:
        return f'<p class="fc-count">{escape(say("summary.none"))}</p>'
    found = counts(claims)
    words = ", ".join(say(f"summary.{name}", n=n) for name, n in found.items())
    bar = "".join(f'<i class="fc-{name}" style="flex-grow:{n}"></i>' for name, n in found.items())
    return (
        f'<p class="fc-count"><b>{escape(say.count("summary", len(claims)))}</b>: {escape(words)}.</p>'
        f'<div class="fc-bar" aria-hidden="true">{bar}</div>'
    )


def legend(claims: Iterable[ClaimResult], say: Words) -> str:
    """The signs of the outcomes that occur."""
    items = "".join(f"<li>{chip(name, say)}</li>" for name in counts(claims))
    return f'<ul class="fc-legend" aria-label="{escape(say("result.legend"))}">{items}</ul>'


def article(text: str, marks: Sequence[Mark], say: Words, selected: int | None = None) -> str:
    """The article with every claim marked in place.

    Claims may share text (what somebody said lies within that somebody said it): a stretch that several cover
    takes the look of the open one, else of the shortest, and every claim has its number where it begins.
    """
    edges = sorted({0, len(text), *(e for mark in marks for e in (mark.start, mark.end))})
    parts = []
    for start, end in pairwise(edges):
        over = [mark for mark in marks if mark.start <= start and end <= mark.end]
        numbers = "".join(_number(mark, say, selected) for mark in over if mark.start == start)
        piece = escape(text[start:end])
        parts.append(numbers + (_mark(piece, over, say, selected) if over else piece))
    # It scrolls beside the claim on a wide screen, which a keyboard can do only where something in it takes the focus.
    return f'<div class="fc-article" tabindex="0">{"".join(parts)}</div>'


def _mark(piece: str, over: Sequence[Mark], say: Words, selected: int | None) -> str:
    front = min(over, key=lambda mark: (mark.number != selected, mark.end - mark.start))
    title = "; ".join(f"{mark.number} {say(f'label.{mark.name}')}" for mark in over)
    opened = " fc-open" if front.number == selected else ""
    return f'<mark class="fc-{front.name}{opened}" data-claim="{front.number}" title="{escape(title)}">{piece}</mark>'


def _number(mark: Mark, say: Words, selected: int | None) -> str:
    opened = " fc-open" if mark.number == selected else ""
    spoken = f"{say('result.claim', n=mark.number)}: {say(f'label.{mark.name}')}"
    return (
        f'<span class="fc-n fc-{mark.name}{opened}" data-claim="{mark.number}" role="note"'
        f' aria-label="{escape(spoken)}">{SYMBOLS[mark.name]}&#8239;{mark.number}</span>'
    )


def finished(claims: Sequence[Numbered], say: Words) -> str:
    """Claims as a list, one line each, while the check goes on."""
    rows = "".join(
        f"<li><b>{number}</b><span>{escape(c.text)}</span>{chip(outcome(c), say)}</li>" for number, c in claims
    )
    return f'<ul class="fc-rows fc-done">{rows}</ul>'


def verdict(item: Numbered, say: Words) -> str:
    """A claim with its verdict, confidence in words, justification, and where its date comes from."""
    claim, name = item.claim, outcome(item.claim)
    sure = "" if claim.confidence is None else f" <span>· {escape(say.confidence(claim.confidence))}</span>"
    why = (
        f'<p class="fc-why">{cited(claim.justification)}</p>'
        if claim.justification
        else f'<p class="fc-why"><b>{escape(say("claim.no_verdict"))}:</b> {escape(say.sentence(claim.reason))}</p>'
        if claim.reason
        else ""
    )
    return (
        f'<div class="fc-verdict fc-{name}">'
        f'<p class="fc-label">{SYMBOLS[name]} {escape(say(f"label.{name}"))}{sure}</p>'
        f"<h2>{item.number}. {escape(claim.text)}</h2></div>{why}{_facts(claim, say)}"
    )


def _facts(claim: ClaimResult, say: Words) -> str:
    first = [
        ("claim.speaker", claim.speaker),
        ("claim.as_of", f"{say.date(claim.as_of.isoformat())} ({say(f'as_of.{claim.as_of_source}')})"),
        ("claim.kind", _kind(claim, say)),
    ]
    more = [
        ("claim.words", f"“{claim.source_text}”"),
        ("claim.context", say.sentence(claim.context or "")),
        ("claim.why", ", ".join(say.reason(why) for why in claim.why)),
    ]
    top, below = (facts((say(key), value) for key, value in rows if value) for rows in (first, more))
    return f'{top}<details class="fc-more"><summary>{escape(say("claim.more"))}</summary>{below}</details>'


def _kind(claim: ClaimResult, say: Words) -> str:
    if claim.kind == "statement":
        return say("kind.statement")
    return f"{say(f'kind.{claim.kind}')}. {say(f'kind.{claim.kind}.note')}"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values, one pair a row; both are escaped here."""
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return f'<dl class="fc-facts">{cells}</dl>' if cells else ""


def cited(text: str) -> str:
    """A justification with its references to evidence set off."""
    return _CITATION.sub(lambda m: f'<span class="fc-cite">{m[0]}</span>', escape(text))


class Parts(NamedTuple):
    """The evidence of a claim as it is shown: what counts, what is later or undated, and the rest."""

    used: tuple[Evidence, ...]
    later: tuple[Evidence, ...]
    apart: tuple[Evidence, ...]


def parts(claim: ClaimResult) -> Parts:
    """The evidence of a claim, divided."""
    others = [e for e in claim.evidence if not e.used]
    return Parts(
        used=tuple(e for e in claim.evidence if e.used),
        later=tuple(e for e in others if e.why_not in ("later", "undated")),
        apart=tuple(e for e in others if e.why_not not in ("later", "undated")),
    )


def origins(claim: ClaimResult, say: Words) -> str:
    """`3 sources, 1 origin`: the documents that count, with their copies, and how many reports they go back to."""
    counted = [e for e in claim.evidence if e.used or e.why_not == "same_origin"]
    return say(
        "evidence.origins",
        sources=say.count("evidence.source", len({e.document_id for e in counted})),
        origins=say.count("evidence.origin", len({e.origin for e in counted})),
    )


def part_heading(title: str, note: str = "") -> str:
    """The heading over a part of the evidence."""
    extra = f"<p>{escape(note)}</p>" if note else ""
    return f'<div class="fc-part"><h2>{escape(title)}</h2>{extra}</div>'


def evidence_card(evidence: Evidence, claim: ClaimResult, documents: Mapping[str, SourceDocument], say: Words) -> str:
    """One piece of evidence: stance, source, date, and the quote marked inside its passage."""
    document = documents.get(evidence.document_id)
    title = evidence.title or say("evidence.untitled")
    return (
        f'<article class="fc-card{"" if evidence.used else " fc-apart"}">'
        f'<header><span class="fc-num">[{evidence.n}]</span>'
        f'<span class="fc-stance fc-{evidence.stance}">{STANCE_SYMBOLS[evidence.stance]}'
        f" {escape(say(f'stance.{evidence.stance}'))}</span></header>"
        f'<p class="fc-source">{escape(title)}</p>'
        f'<p class="fc-from">{escape(_from(evidence, claim, say))}</p>'
        f"{_why_not(evidence, say)}"
        f'<p class="fc-passage">{_in_context(evidence, document)}</p>'
        f"{_compared(evidence.comparisons, say)}"
        f"{_note(say.sentence(evidence.note))}{_address(evidence.url)}{_whole(evidence, document, say)}</article>"
    )


def _from(evidence: Evidence, claim: ClaimResult, say: Words) -> str:
    others = [e.n for e in claim.evidence if e.origin == evidence.origin and e.document_id != evidence.document_id]
    pieces = [
        evidence.publisher,
        say(f"tier.{evidence.tier}") if evidence.tier else None,
        _date(evidence, say),
        say("timing.rule_lifted") if evidence.timing == "rule_lifted" else None,
        say(f"located.{evidence.located}") if evidence.located != "exact" else None,
        say("evidence.same_origin", others=", ".join(f"[{n}]" for n in others)) if others else None,
    ]
    return " · ".join(piece for piece in pieces if piece)


def _date(evidence: Evidence, say: Words) -> str:
    if evidence.published:
        return say("evidence.published", date=say.date(evidence.published))
    if evidence.available_from:
        return say("evidence.available", date=say.date(evidence.available_from))
    return say("evidence.undated")


def _why_not(evidence: Evidence, say: Words) -> str:
    if evidence.why_not is None:
        return ""
    reason = escape(say(f"why_not.{evidence.why_not}"))
    return f'<p class="fc-not"><b>{escape(say("evidence.why_not"))}:</b> {reason}.</p>'


def _in_context(evidence: Evidence, document: SourceDocument | None) -> str:
    if document is None:
        return f"<mark>{escape(evidence.quote)}</mark>"
    text = document.text
    start, end = max(0, evidence.start - CONTEXT), min(len(text), evidence.end + CONTEXT)
    before, after = text[start : evidence.start], text[evidence.end : end]
    if start > 0:
        before = "… " + before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0] + " …"
    return f"{escape(before.lstrip())}<mark>{escape(evidence.quote)}</mark>{escape(after.rstrip())}"


def _compared(comparisons: Sequence[Comparison], say: Words) -> str:
    if not comparisons:
        return ""
    rows = "".join(
        f"<tr><td>{escape(c.claim_value)}</td><td>{escape(c.source_value)}</td><td>"
        f'<span class="fc-{"supports" if c.agrees else "refutes"}">{"=" if c.agrees else "≠"}'
        f" {escape(say('evidence.compare.agrees' if c.agrees else 'evidence.compare.differs'))}</span>"
        f"{f'<br>{escape(say.sentence(c.note))}' if c.note and not c.agrees else ''}</td></tr>"
        for c in comparisons
    )
    return (
        f'<table class="fc-compare"><caption>{escape(say("evidence.compare"))}</caption><tr>'
        f'<th scope="col">{escape(say("evidence.compare.claim"))}</th>'
        f'<th scope="col">{escape(say("evidence.compare.source"))}</th><td></td></tr>{rows}</table>'
    )


def _note(note: str) -> str:
    return f'<p class="fc-from">{escape(note)}</p>' if note else ""


def _address(url: str | None) -> str:
    return f'<p class="fc-address">{escape(url)}</p>' if url else ""


def _whole(evidence: Evidence, document: SourceDocument | None, say: Words) -> str:
    if document is None:
        return ""
    text, start, end = document.text, evidence.start, evidence.end
    marked = f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"
    return f'<details><summary>{escape(say("evidence.whole"))}</summary><div class="fc-whole">{marked}</div></details>'


def questions(claim: ClaimResult, say: Words) -> str:
    """The questions that the judge asked of the evidence, with the answers."""
    rows = "".join(f"<li>{escape(q.question)}<small>{escape(q.answer)}</small></li>" for q in claim.questions)
    return f'<ul class="fc-rows">{rows}</ul>'


def matches(claim: ClaimResult, say: Words) -> str:
    """Claims checked before that may be the same. Their run ids are left out: an id opens the run."""
    rows = "".join(match(m, say) for m in claim.matches)
    return f'<p class="fc-note">{escape(say("claim.matches.note"))}</p><ul class="fc-rows">{rows}</ul>'


def match(item: Match, say: Words) -> str:
    """One claim checked before: its verdict, its words, when and by whom it was checked, and how close it is."""
    return (
        f"<li>{_outcome_of(item, say)} {escape(item.text)}<small>{escape(_checked_when(item, say))} ·"
        f" {escape(say(f'claim.match.{item.strength}'))} ({round(item.similarity * 100)}%)</small>"
        f"{_address(item.url)}</li>"
    )


def _outcome_of(match: Match, say: Words) -> str:
    if match.label is None and match.rating:
        return f'<span class="fc-chip">{escape(match.rating)}</span>'
    return chip(match.label or "not_checked", say)


def _checked_when(match: Match, say: Words) -> str:
    if match.reviewed_by:
        return say("claim.match.reviewed", who=match.reviewed_by, date=say.date(match.reviewed or ""))
    if match.publisher is None:
        return f"{say('claim.as_of')} {say.date(match.as_of.isoformat())}" if match.as_of else say("evidence.undated")
    day = say.date(match.reviewed) if match.reviewed else say("evidence.undated")
    return f"{match.publisher}, {day}: “{match.rating}”"


def left_out(items: Sequence[LeftOut], say: Words) -> str:
    """The sentences that were not taken as claims, and why."""
    rows = "".join(f"<li>{escape(i.text)}<small>{escape(say.reason(i.reason))}</small></li>" for i in items)
    note = f'<p class="fc-note">{escape(say("result.left_out.note"))}</p>'
    return f'{note}<ul class="fc-rows fc-scroll" tabindex="0">{rows}</ul>'


def run_details(report: Report, say: Words) -> str:
    """Everything needed to do the run again."""
    run = report.run
    cost = (
        say("detail.cost.unknown")
        if run.cost_usd is None
        else f"US$ {run.cost_usd:.4f}"
        if run.cost_usd
        else say("detail.cost.none")
    )
    used = {name: n for name, n in run.tokens.items() if n}
    rows = [
        (say("detail.mode"), say(f"form.{run.mode}")),
        (say("detail.models"), _pairs(run.models) or say("detail.none")),
        (say("detail.prompts"), _pairs(run.prompts) or say("detail.none")),
        (say("detail.corpus"), run.corpus_snapshot),
        (say("detail.seconds"), say("detail.seconds.value", n=f"{run.seconds:.1f}")),
        (say("detail.tokens"), _pairs(used) or say("detail.none")),
        (say("detail.cost"), cost),
        (say("detail.started"), run.started),
        (say("detail.version"), run.version),
        (say("detail.notes"), " ".join(map(say.sentence, run.notes)) or say("detail.none")),
    ]
    return facts(rows)


def _pairs(values: Mapping[str, object]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items())
