"""Reviewed reports for tests: an article of which some claims are signed off, published, corrected or dropped."""

from __future__ import annotations

from typing import Any

import fakes

from factcheck.publish import Site
from factcheck.review import AddedEvidence, ReviewedReport, ReviewOfClaim
from factcheck.review.reported import Correction, Remark
from factcheck.types import ClaimResult, Comparison, LeftOut, Report

SITE = Site(name="Cek Contoh", url="https://cek.example.org/periksa")

ARTICLE = (
    "Putin landed in Pyongyang. It was his second visit. He left for Rome. The ministry counted 12 deals. He sang. "
    "Prices doubled. Why?"
)
NOTE = fakes.document(
    "Putin landed in Pyongyang. His first visit was in 2000. He left for Hanoi. Two deals were signed.",
    title="The visit",
    url="https://agency.example/visit",
)
OTHER = fakes.document(
    "It was a third visit, a paper wrote.", publisher="Paper", published=None, available_from="2024-05"
)
LATER = fakes.document("Troops were sent.", publisher="Later", published="2024-10-01")

SECRET = "Call the ministry before noon."


def claim_of(words: str, **fields: Any) -> fakes.Claim:
    """A claim that is these words of the article."""
    start = ARTICLE.index(words)
    return fakes.claim(words, start=start, end=start + len(words), **fields)


def entry_of(result: ClaimResult, **fields: Any) -> ReviewOfClaim:
    """What people made of a claim; nothing, unless the test says otherwise."""
    base = {
        "claim_id": result.id, "state": "machine_checked", "label": result.label, "text": result.text,
        "start": result.start, "end": result.end, "source_text": result.source_text,
    }  # fmt: skip
    return ReviewOfClaim.model_validate({**base, **fields})


def decided(label: str, state: str = "reviewed", **fields: Any) -> dict[str, Any]:
    """Fields of a claim that Ana decided; signed off by Budi where the state says so."""
    signed = state in ("reviewed", "published")
    made = {
        "label": label, "state": state, "decided_by": "Ana", "decided_at": "2024-06-20T08:00:00.000+00:00",
        "signed_by": "Budi" if signed else None, "signed_at": "2024-06-21T08:00:00.000+00:00" if signed else None,
    }  # fmt: skip
    if state == "published":
        made |= {
            "first_published_at": "2024-06-21T09:00:00.000+00:00", "published_at": "2024-06-21T09:00:00.000+00:00",
        }  # fmt: skip
    return made | fields


def report_of(language: str = "en", **fields: Any) -> Report:
    """The machine's part: six claims, one of them not checked."""
    later = fakes.evidence(3, LATER, "Troops were sent.", "neutral", used=False, why_not="later", timing="later")
    second = [
        fakes.evidence(1, NOTE, "His first visit was in 2000."),
        fakes.evidence(2, OTHER, "a third visit", "refutes"),
    ]
    deals = Comparison(claim_value="12", source_value="Two", agrees=False, note="claim: 12; source: Two")
    claims = [
        fakes.result(
            claim_of("Putin landed in Pyongyang.", language=language),
            "supported",
            [fakes.evidence(1, NOTE, "Putin landed in Pyongyang."), later],
        ),
        fakes.result(claim_of("It was his second visit.", language=language), "conflicting", second),
        fakes.result(
            claim_of("He left for Rome.", language=language, kind="reported", speaker="Yuri Ushakov"),
            "refuted",
            [fakes.evidence(1, NOTE, "He left for Hanoi.", "refutes")],
        ),
        fakes.result(
            claim_of("The ministry counted 12 deals.", language=language, kind="attribution", speaker="The ministry"),
            "refuted",
            [fakes.evidence(1, NOTE, "Two deals were signed.", "refutes", comparisons=(deals,))],
        ),
        ClaimResult.not_checked(claim_of("He sang.", language=language), "The judge gave no answer within 120 s."),
        fakes.result(claim_of("Prices doubled.", language=language), "not_enough_evidence"),
    ]
    left = [LeftOut(start=ARTICLE.index("Why?"), end=len(ARTICLE), text="Why?", reason="a question")]
    made = fakes.report(ARTICLE, claims, [NOTE, OTHER, LATER], left, title="A visit", id="run-secret", **fields)
    where = {"url": "https://paper.example/visit", "published": "2024-06-19", "author": "Rina Putri"}
    return made.model_copy(update={"article": made.article.model_copy(update=where)})


def reviewed_of(language: str = "en", **fields: Any) -> ReviewedReport:
    """The report with a claim published, one corrected, signed off, in review, untouched and dropped, in this order."""
    report = report_of(language, **fields)
    visit, second, rome, deals, sang, prices = report.claims
    added = AddedEvidence(
        n=1, text="The timetable says: he flew to Hanoi at noon.", quote="he flew to Hanoi", start=20, end=36,
        stance="refutes", title="Timetable", publisher="Airport", url="https://airport.example/t",
        published="2024-06-20", added_by="Ana", added_at="2024-06-20T07:00:00.000+00:00",
    )  # fmt: skip
    corrected = decided(
        "not_enough_evidence", "published", reason="The second source is a copy.", overridden=True,
        signed_at="2024-06-25T08:00:00.000+00:00", published_at="2024-06-25T09:00:00.000+00:00",
        corrections=(
            Correction(at="2024-06-24T08:00:00.000+00:00", who="Budi", reason="We misread the date.", was="supported"),
        ),
    )  # fmt: skip
    return ReviewedReport(
        report=report,
        review=(
            entry_of(visit, **decided("supported", "published")),
            entry_of(second, **corrected),
            entry_of(
                rome,
                **decided(
                    "refuted", added=(added,), notes=(Remark(at="2024-06-20T07:30:00Z", who="Ana", text=SECRET),)
                ),
                stances={1: "neutral"},
                back_because="The corpus changed.",
            ),
            entry_of(deals, **decided("conflicting", "in_review", reason="Both counts exist.", overridden=True)),
            entry_of(sang),
            entry_of(prices, **decided("refuted", dropped=True, reason="An opinion.")),
        ),
    )


def hostile_of() -> ReviewedReport:
    """A signed-off claim of which every free text would do harm."""
    text = fakes.HOSTILE + "x" * 100_000
    note = fakes.document(text, title=fakes.HOSTILE, publisher=fakes.HOSTILE, url="javascript:alert('" + fakes.HOSTILE)
    claim = fakes.claim(text, speaker=fakes.HOSTILE, kind="reported", context=fakes.HOSTILE)
    bad = Comparison(claim_value="1", source_value="2", agrees=False, note=fakes.HOSTILE)
    proof = fakes.evidence(1, note, fakes.HOSTILE, "refutes", note=fakes.HOSTILE, comparisons=(bad,))
    result = fakes.result(claim, "refuted", [proof]).model_copy(update={"justification": fakes.HOSTILE})
    report = fakes.report(text, [result], [note], [], title=fakes.HOSTILE, corpus={"name": fakes.HOSTILE})
    where = {"url": "javascript:alert(1)", "author": fakes.HOSTILE, "language": '"><script>alert(9)</script>'}
    report = report.model_copy(update={"article": report.article.model_copy(update=where)})
    quote = fakes.HOSTILE
    added = AddedEvidence(
        n=1, text=quote, quote=quote, start=0, end=len(quote), stance="refutes", title=quote, publisher=quote,
        url=quote, added_by=quote, added_at="2024-06-20T07:00:00Z",
    )  # fmt: skip
    entry = entry_of(
        result,
        **decided("refuted", "published", reason="=HYPERLINK(1)" + fakes.HOSTILE, added=(added,)),
        notes=(Remark(at="2024-06-20T07:00:00Z", who=fakes.HOSTILE, text=fakes.HOSTILE),),
        corrections=(Correction(at="2024-06-20T07:00:00Z", who=fakes.HOSTILE, reason=fakes.HOSTILE, was="supported"),),
    )
    return ReviewedReport(report=report, review=(entry,))
