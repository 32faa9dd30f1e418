"""HTML of the desk: rows of the queue, a claim's standing, its place in the article, its log. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from html import escape

from factcheck.report import SYMBOLS
from factcheck.review.values import MACHINE, STATES, AddedEvidence, Event, QueueRow, ReviewedClaim, State
from factcheck.text import sentences
from factcheck.types import Span, Stance, latest_day
from factcheck.ui.cards import CONTEXT, chip, cited, facts
from factcheck.ui.strings import TEXTS, Words
from factcheck.ui.theme import STANCE_SYMBOLS

STATE_SYMBOLS: Mapping[State, str] = {
    "machine_checked": "○", "in_review": "◐", "reviewed": "●", "published": "◆", "correction": "↺",
}  # fmt: skip

LONG_TITLE = 400
"""Characters of a claim that its page has as a title."""

AROUND = 2
"""Sentences of the article shown on either side of a claim's own."""


def moment(at: str, say: Words, zone: tzinfo = UTC) -> str:
    """A moment of the log, UTC in ISO 8601, as people write it, in a time zone: `23 November 2026, 20:42`."""
    try:
        there = datetime.fromisoformat(at).astimezone(zone)
    except ValueError:
        return at
    suffix = " UTC" if zone is UTC else ""
    return f"{say.date(there.date().isoformat())}, {there:%H:%M}{suffix}"


def language_name(code: str | None, say: Words) -> str:
    """A language in words."""
    if not code:
        return say("language.unknown")
    return say(f"language.{code}") if f"language.{code}" in TEXTS else say("language.other", code=code)


def state_chip(state: State, say: Words) -> str:
    """A state as a small sign: symbol and word."""
    return f'<span class="fc-state fc-state-{state}">{STATE_SYMBOLS[state]} {escape(say(f"state.{state}"))}</span>'


def row(item: QueueRow, say: Words, *, article: bool = True, language: bool = False) -> str:
    """What stands below a claim of the queue: its verdict, how sure, its state, whose work, and where it is from.

    Args:
        item: the claim.
        say: the app's words.
        article: whether its article is named.
        language: whether its language is named.
    """
    pieces = [chip(item.label, say), state_chip(item.state, say)]
    words = [
        _how_sure(item, say),
        say("desk.row.signed", who=item.signed_by)
        if item.signed_by
        else say("desk.row.decided", who=item.decided_by)
        if item.decided_by
        else "",
        item.speaker or "",
        item.article if article else "",
        language_name(item.language, say) if language else "",
    ]
    pieces += [f"<span>{escape(piece)}</span>" for piece in words if piece]
    why = say.sentence(item.back_because or "")
    back = f'<p class="fc-back">↩ {escape(say("desk.row.back", why=why))}</p>' if why else ""
    return f'<div class="fc-meta-row">{"".join(pieces)}</div>{back}'


def entry(
    item: QueueRow, say: Words, address: str, text: str, *, listed: bool, number: int | None, language: bool
) -> str:
    """One claim of a list: its text as a link over the whole row, and what stands below.

    Args:
        item: the claim.
        say: the app's words.
        address: where the claim opens.
        text: its words, cut to fit a list.
        listed: whether it is listed below its article, so that the article need not be named.
        number: its number in its article, if it has one.
        language: whether its language is named.
    """
    words = text if number is None else f"{number}. {text}"
    return (
        f'<li class="fc-row"><a class="fc-go" href="{escape(address)}">{escape(words)}</a>'
        f"{row(item, say, article=not listed, language=language)}</li>"
    )


def _how_sure(item: QueueRow, say: Words) -> str:
    """The machine's confidence; with its verdict where a person's is another."""
    percent = None if item.confidence is None else round(item.confidence * 100)
    if item.machine_label == item.label:
        return "" if percent is None else say("desk.row.sure", percent=percent)
    label = say(f"label.{item.machine_label}")
    if percent is None:
        return say("desk.row.machine.none", label=label)
    return say("desk.row.machine", label=label, percent=percent)


def steps(claim: ReviewedClaim, say: Words) -> str:
    """The states that a claim goes through, with the one it is in."""
    way: list[State] = [s for s in STATES if s != "correction" or claim.state == "correction"]
    here = ' aria-current="step"'
    items = "".join(
        f"<li{here if state == claim.state else ''}>{STATE_SYMBOLS[state]} {escape(say(f'state.{state}'))}</li>"
        for state in way
    )
    return f'<ol class="fc-steps" aria-label="{escape(say("state.where"))}">{items}</ol>'


def claim_title(claim: ReviewedClaim, say: Words) -> str:
    """The claim as the title of its page; a very long one is cut, and stands whole below."""
    if len(claim.text) <= LONG_TITLE:
        return f'<h1 class="fc-title fc-claim-title">{escape(claim.text)}</h1>'
    return (
        f'<h1 class="fc-title fc-claim-title">{escape(claim.text[:LONG_TITLE].rstrip())} …</h1>'
        f"<details><summary>{escape(say('work.title'))}</summary>"
        f'<div class="fc-whole" tabindex="0">{escape(claim.text)}</div></details>'
    )


def standing(claim: ReviewedClaim, say: Words, zone: tzinfo = UTC) -> str:
    """The machine's verdict and the person's, side by side."""
    return f'<div class="fc-pair">{_of_machine(claim, say)}{_of_person(claim, say, zone)}</div>'


def _of_machine(claim: ReviewedClaim, say: Words) -> str:
    machine = claim.machine
    name = machine.label or "not_checked"
    sure = f" <span>· {escape(say.confidence(machine.confidence))}</span>" if machine.confidence is not None else ""
    why = machine.justification or say.sentence(machine.reason or "")
    other = say("work.machine.stale", text=machine.text) if claim.edited else ""
    return (
        f'<section class="fc-said fc-{name}"><h2>{escape(say("work.machine"))}</h2>'
        f'<p class="fc-label">{SYMBOLS[name]} {escape(say(f"label.{name}"))}{sure}</p>'
        f'<p class="fc-why">{cited(why)}</p>{_paragraph("fc-back", other)}</section>'
    )


def _of_person(claim: ReviewedClaim, say: Words, zone: tzinfo) -> str:
    title = f"<h2>{escape(say('work.person'))}</h2>"
    if claim.decided_by is None:
        return (
            f'<section class="fc-said fc-open-said">{title}{_paragraph("fc-note", say("work.person.none"))}</section>'
        )
    name = claim.label or "not_checked"
    same = say("work.person.other" if claim.overridden else "work.person.same")
    lines = [say("work.person.by", who=claim.decided_by, when=moment(claim.decided_at or "", say, zone))]
    if claim.signed_by:
        lines.append(say("work.person.signed", who=claim.signed_by, when=moment(claim.signed_at or "", say, zone)))
    if claim.published_at:
        lines.append(say("work.person.published", when=moment(claim.published_at, say, zone)))
    return (
        f'<section class="fc-said fc-{name}">{title}'
        f'<p class="fc-label">{SYMBOLS[name]} {escape(say(f"label.{name}"))} <span>· {escape(same)}</span></p>'
        f"{_paragraph('fc-why', claim.reason or '')}{''.join(_paragraph('fc-from', line) for line in lines)}</section>"
    )


def _paragraph(name: str, text: str) -> str:
    return f'<p class="{name}">{escape(text)}</p>' if text else ""


def in_article(text: str, claim: ReviewedClaim, say: Words) -> str:
    """The claim's words marked in their sentence, with the sentences around it."""
    spans = sentences(text)
    own = [i for i, span in enumerate(spans) if span.start < claim.end and claim.start < span.end]
    first, last = (own[0], own[-1]) if own else (None, None)
    if first is None or last is None:
        start, end = max(0, claim.start - CONTEXT), min(len(text), claim.end + CONTEXT)
    else:
        start = min(spans[max(0, first - AROUND)].start, claim.start)
        end = max(spans[min(len(spans) - 1, last + AROUND)].end, claim.end)
    name = claim.label or "not_checked"
    before = ("… " if start else "") + text[start : claim.start]
    after = text[claim.end : end] + (" …" if end < len(text) else "")
    return (
        f'<p class="fc-article fc-excerpt">{escape(before)}<mark class="fc-{name}" title="'
        f'{escape(say(f"label.{name}"))}">{escape(text[claim.start : claim.end])}</mark>{escape(after)}</p>'
    )


def added_card(item: AddedEvidence, claim: ReviewedClaim, say: Words, zone: tzinfo = UTC) -> str:
    """Evidence that a person brought: its stance, source, date, and the quote in its text."""
    start, end = max(0, item.start - CONTEXT), min(len(item.text), item.end + CONTEXT)
    before = ("… " if start else "") + item.text[start : item.start].lstrip()
    after = item.text[item.end : end].rstrip() + (" …" if end < len(item.text) else "")
    dated = say("evidence.published", date=say.date(item.published)) if item.published else say("evidence.undated")
    source = " · ".join(piece for piece in (item.publisher, dated) if piece)
    late = (
        say("work.added.undated")
        if item.published is None
        else say("work.added.later")
        if latest_day(item.published) > claim.machine.as_of
        else ""
    )
    address = f'<p class="fc-address">{escape(item.url)}</p>' if item.url else ""
    whole = f"{escape(item.text[: item.start])}<mark>{escape(item.quote)}</mark>{escape(item.text[item.end :])}"
    return (
        f'<article class="fc-card"><header><span class="fc-num">{added_name(item.n)}</span>'
        f'<span class="fc-stance fc-{item.stance}">{STANCE_SYMBOLS[item.stance]}'
        f" {escape(say(f'stance.{item.stance}'))}</span></header>"
        f'<p class="fc-source">{escape(item.title or say("evidence.untitled"))}</p>'
        f"{_paragraph('fc-from', source)}{_paragraph('fc-not', late)}"
        f'<p class="fc-passage">{escape(before)}<mark>{escape(item.quote)}</mark>{escape(after)}</p>{address}'
        f"{_paragraph('fc-from', say('work.added.by', who=item.added_by, when=moment(item.added_at, say, zone)))}"
        f"<details><summary>{escape(say('work.added.whole'))}</summary>"
        f'<div class="fc-whole" tabindex="0">{whole}</div></details></article>'
    )


def added_name(n: int) -> str:
    """How a piece of added evidence is called: a letter, so that it is not taken for a number of the machine's."""
    return f"[{chr(ord('A') + n - 1)}]" if n <= 26 else f"[A{n}]"


def log(events: Iterable[Event], say: Words, zone: tzinfo = UTC) -> str:
    """The log, newest first: when, who, what, and why."""
    rows = "".join(
        f'<li><time datetime="{escape(event.at)}">{escape(moment(event.at, say, zone))}</time>'
        f"<div>{happened(event, say)}</div></li>"
        for event in sorted(events, key=lambda e: -e.seq)
    )
    return f'<ol class="fc-log">{rows}</ol>' if rows else _paragraph("fc-note", say("work.log.empty"))


def happened(event: Event, say: Words) -> str:
    """One event in a line: who did what to which, and the reason below."""
    who = say("event.machine") if event.who == MACHINE else event.who
    detail = _detail(event, say)
    return (
        f"<b>{escape(who)}</b> {escape(say(f'event.{event.action}'))}{f': {detail}' if detail else ''}"
        f"{_paragraph('fc-reason', _reason(event, say))}"
    )


def _reason(event: Event, say: Words) -> str:
    """Why: the program's words in the app's language, a person's own as they are."""
    return say.sentence(event.reason or "") if event.who == MACHINE else event.reason or ""


def _detail(event: Event, say: Words) -> str:
    change = event.change
    if change.result is not None:
        label = say(f"label.{change.result.label or 'not_checked'}")
        return escape(say("event.machine_verdict", label=label))
    if change.stance is not None and change.added is None:
        which = added_name(change.added_n) if change.added_n else f"[{change.evidence_n}]"
        return escape(say("event.stance", which=which, stance=_stance(change.stance, say)))
    if change.added is not None:
        return escape(
            f"{change.added.title or change.added.publisher or change.added.url or ''} “{change.added.quote}”"
        )
    if change.label is not None:
        return chip(change.label, say)
    if change.text is not None:
        return f"“{escape(change.text)}”"
    return escape(say("event.documents", ids=", ".join(change.documents))) if change.documents else ""


def _stance(stance: Stance, say: Words) -> str:
    return f"{STANCE_SYMBOLS[stance]} {say(f'stance.{stance}')}"


def notes(events: Sequence[Event], say: Words, zone: tzinfo = UTC) -> str:
    """The notes, oldest first."""
    return "".join(
        f'<div class="fc-remark"><p>{escape(event.reason or "")}</p>'
        f'<p class="fc-from">{escape(event.who)} · {escape(moment(event.at, say, zone))}</p></div>'
        for event in events
    )


def about(claim: ReviewedClaim, say: Words) -> str:
    """What is known of a claim beside its words: who said it, as of when, of what kind, and why it was picked."""
    machine = claim.machine
    kind = say(f"kind.{machine.kind}")
    note = "" if machine.kind == "statement" else f". {say(f'kind.{machine.kind}.note')}"
    rows = [
        ("claim.speaker", machine.speaker),
        ("claim.as_of", f"{say.date(machine.as_of.isoformat())} ({say(f'as_of.{machine.as_of_source}')})"),
        ("claim.kind", kind + note),
        ("claim.context", say.sentence(machine.context or "")),
        ("claim.why", ", ".join(say.reason(why) for why in machine.why)),
    ]
    return facts((say(key), value) for key, value in rows if value)


def tally(by_state: Mapping[str, int], say: Words) -> str:
    """How many claims are in each state, those that occur."""
    return "".join(
        f'<span class="fc-state fc-state-{s}">{STATE_SYMBOLS[s]} {by_state[s]} {escape(say(f"state.{s}"))}</span>'
        for s in STATES
        if by_state.get(s)
    )


def taken(spans: Sequence[Span], claims: Iterable[ReviewedClaim]) -> dict[int, int]:
    """For each sentence that a claim lies in, by its place, the number of the first such claim."""
    found: dict[int, int] = {}
    for number, claim in enumerate(claims, start=1):
        for i, span in enumerate(spans):
            if not claim.dropped and span.start < claim.end and claim.start < span.end:
                found.setdefault(i, number)
    return found
