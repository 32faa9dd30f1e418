"""A reviewed report in words: what every format for readers says, in their language and in the order of the page.

Nothing here is escaped; each format makes the texts harmless in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from factcheck.publish.scope import scoped
from factcheck.publish.words import Words, words
from factcheck.report import SYMBOLS, Piece, cut, one_line, outcome, surroundings
from factcheck.review.reported import ReviewedReport, ReviewOfClaim
from factcheck.review.values import AddedEvidence
from factcheck.types import LABELS, ClaimResult, Evidence, Stance


class Quoted(NamedTuple):
    """A piece of evidence: its quote with the words around it, and what is said of it."""

    mark: str
    """Its number, with a plus sign where a person brought it."""
    stance: Stance
    says: str
    """The stance in words."""
    counts: bool
    before: str
    quote: str
    after: str
    source: str
    url: str | None
    remarks: tuple[str, ...]


class Told(NamedTuple):
    """A claim: the verdict as it stands, then people's part and the machine's."""

    id: str
    number: int
    key: str
    """The label as it stands, or `not_checked`."""
    symbol: str
    verdict: str
    whose: str
    text: str
    about: str
    in_article: tuple[str, str, str]
    people: tuple[str, ...]
    machine: tuple[str, ...]
    corrections: tuple[str, ...]
    evidence: tuple[Quoted, ...]
    apart: tuple[Quoted, ...]
    """Evidence that did not count."""
    questions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    dropped: bool


class Page(NamedTuple):
    """All that a page says."""

    say: Words
    title: str
    lead: tuple[str, ...]
    tally: tuple[tuple[str, str], ...]
    """Labels that occur, with their count in words."""
    pieces: tuple[Piece, ...]
    """The article, where the whole of it is published: numbered by the claims that are shown."""
    claims: tuple[Told, ...]
    dropped: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    run: str


def standing(entry: ReviewOfClaim) -> str:
    """The label as it stands, or `not_checked`."""
    return entry.label or "not_checked"


def page_of(reviewed: ReviewedReport, claim_id: str | None, language: str, *, notes: bool = False) -> Page:
    """What a page of the article, or of one claim of it, says.

    Claims that a reviewer dropped are listed apart, unless the page is of one of them.

    Raises:
        InputError: there is no such claim, or there are no texts in the language.
    """
    say = words(language)
    part = scoped(reviewed, claim_id, notes=notes)
    report, whole = part.report, claim_id is None
    both = list(zip(report.claims, part.review, strict=True))
    shown = [(result, entry) for result, entry in both if not (whole and entry.dropped)]
    marked = [(entry.start, entry.end, standing(entry)) for _, entry in shown]
    return Page(
        say=say,
        title=report.article.title or say("title"),
        lead=tuple(_lead(say, part)),
        tally=tuple(_tally(say, [entry for _, entry in shown])) if whole else (),
        pieces=tuple(cut(report.article.text, marked)) if whole else (),
        claims=tuple(_told(say, part, n, result, entry) for n, (result, entry) in enumerate(shown, start=1)),
        dropped=tuple((entry.text, entry.reason or say("dropped")) for _, entry in both if whole and entry.dropped),
        left_out=tuple((item.text, say.reason(item.reason)) for item in report.left_out),
        run=say(
            "run", version=report.run.version, day=say.day(report.run.started),
            corpus=f"{report.run.corpus.get('name', '')} {report.run.corpus_snapshot[:12]}".strip(),
        ),
    )  # fmt: skip


def _lead(say: Words, reviewed: ReviewedReport) -> Iterator[str]:
    article = reviewed.report.article
    how = say(f"as_of.{article.as_of_source}")
    yield say("as_of", day=say.day(article.as_of.isoformat()), how=how)
    from_where = [article.author, say.day(article.published) if article.published else None, article.url]
    if any(from_where):
        yield ", ".join(part for part in from_where if part)
    if not reviewed.review:
        yield say("none")
    if reviewed.report.run.time_rule_lifted:
        yield say("rule_lifted")


def _tally(say: Words, entries: list[ReviewOfClaim]) -> Iterator[tuple[str, str]]:
    counts = Counter(standing(entry) for entry in entries)
    for key in (*LABELS, "not_checked"):
        if counts[key]:
            yield key, say("tally", n=counts[key], label=say(f"label.{key}"))


def _told(say: Words, reviewed: ReviewedReport, number: int, result: ClaimResult, entry: ReviewOfClaim) -> Told:
    quotes = [*_quotes(say, reviewed, result, entry), *(_added(say, added) for added in entry.added)]
    key = standing(entry)
    return Told(
        id=entry.claim_id,
        number=number,
        key=key,
        symbol=SYMBOLS[key],
        verdict=say(f"label.{key}"),
        whose=_whose(say, result, entry),
        text=entry.text,
        about=_about(say, result),
        in_article=surroundings(reviewed.report.article.text, entry.start, entry.end),
        people=tuple(_people(say, result, entry)),
        machine=tuple(_machine(say, result, entry)),
        corrections=tuple(_corrections(say, entry)),
        evidence=tuple(q for q in quotes if q.counts),
        apart=tuple(q for q in quotes if not q.counts),
        questions=tuple((q.question, q.answer) for q in result.questions),
        notes=tuple(say("note", who=n.who, day=say.day(n.at), text=n.text) for n in entry.notes),
        dropped=entry.dropped,
    )


def _whose(say: Words, result: ClaimResult, entry: ReviewOfClaim) -> str:
    if entry.dropped:
        return say("dropped").lower()
    if entry.state in ("reviewed", "published", "correction"):
        return say(f"whose.{entry.state}")
    if entry.decided_by:
        return say("whose.in_review")
    if entry.label is None:
        return say("whose.machine_none")
    return say("whose.machine" if entry.state == "machine_checked" else "whose.machine_in_review")


def _about(say: Words, result: ClaimResult) -> str:
    kind = say(f"kind.{result.kind}")
    return f"{say('speaker', who=result.speaker)} · {kind}" if result.speaker else kind


def _people(say: Words, result: ClaimResult, entry: ReviewOfClaim) -> Iterator[str]:
    """The person's verdict, the reason and who signed it off, a sentence each."""
    if entry.decided_by:
        kind = "decided" if result.label is None else "changed" if entry.label != result.label else "kept"
        label, day = say(f"label.{standing(entry)}"), say.day(entry.decided_at)
        yield say(f"people.{kind}", label=label, who=entry.decided_by, day=day)
    else:
        yield say("people.none" if entry.state == "machine_checked" else "people.undecided")
    if entry.reason:
        yield say("people.reason", reason=entry.reason)
    if entry.signed_by:
        yield say("people.signed", who=entry.signed_by, day=say.day(entry.signed_at))
    if entry.published_at:
        first = say.day(entry.first_published_at or entry.published_at)
        last = say.day(entry.published_at)
        yield say("people.published", day=first) if first == last else say("people.republished", first=first, day=last)


def _machine(say: Words, result: ClaimResult, entry: ReviewOfClaim) -> Iterator[str]:
    """The machine's verdict, on what it rests, and its words for it."""
    label = say(f"label.{outcome(result)}")
    if result.confidence is None:
        yield f"{label}. {result.reason or ''}".rstrip()
    else:
        yield say("machine.verdict", label=label, percent=round(result.confidence * 100))
        if result.justification:
            yield result.justification
    used = [e for e in result.evidence if e.used]
    if used:
        sources, origins = len({e.document_id for e in used}), len({e.origin for e in used})
        yield say("machine.sources", sources=say.count("sources", sources), origins=say.count("origins", origins))
    if one_line(result.text) != one_line(entry.text):
        yield say("machine.words", text=result.text)


def _corrections(say: Words, entry: ReviewOfClaim) -> Iterator[str]:
    for correction in entry.corrections:
        day, reason = say.day(correction.at), correction.reason
        if correction.was:
            yield say("correction.was", day=day, reason=reason, label=say(f"label.{correction.was}"))
        else:
            yield say("correction", day=day, reason=reason)


def _quotes(say: Words, reviewed: ReviewedReport, result: ClaimResult, entry: ReviewOfClaim) -> Iterator[Quoted]:
    for evidence in result.evidence:
        document = reviewed.report.documents[evidence.document_id]
        stance = entry.stances.get(evidence.n, evidence.stance)
        remarks = [
            say("stance.person", stance=say(f"stance.{evidence.stance}")) if stance != evidence.stance else "",
            say(f"why_not.{evidence.why_not}") if evidence.why_not else "",
            evidence.note,
            *(f"{'=' if c.agrees else '≠'} {c.note}" for c in evidence.comparisons if c.note),
        ]
        before, quote, after = surroundings(document.text, evidence.start, evidence.end)
        yield Quoted(
            str(evidence.n), stance, say(f"stance.{stance}"),
            stance != "neutral" if evidence.n in entry.stances else evidence.used,
            before, quote, after, _source(say, evidence), evidence.url, tuple(remark for remark in remarks if remark),
        )  # fmt: skip


def _added(say: Words, added: AddedEvidence) -> Quoted:
    before, quote, after = surroundings(added.text, added.start, added.end)
    remark = say("added", who=added.added_by, day=say.day(added.added_at))
    return Quoted(
        f"+{added.n}", added.stance, say(f"stance.{added.stance}"), added.stance != "neutral",
        before, quote, after, _source(say, added), added.url, (remark,),
    )  # fmt: skip


def _source(say: Words, of: Evidence | AddedEvidence) -> str:
    """Publisher, title, date and tier on one line; what is unknown is left out, a stand-in date says so."""
    day, tier = say.day(of.published), None
    if isinstance(of, Evidence):
        tier = say(f"tier.{of.tier}") if of.tier else None
        if of.available_from and not of.published:
            day = say("available", day=say.day(of.available_from))
    return ", ".join(part for part in (of.publisher, of.title, day, tier) if part)
