"""A report for reading: in a terminal, as Markdown, as one self-contained HTML page, and as the JSON contract.

Article and corpus text are untrusted: escaped in HTML, escaped in Markdown, stripped of control characters in a
terminal, and no link or image in them becomes one that a reader's program would fetch.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from factcheck.types import LABELS, ClaimResult, Evidence, Match, Report, SourceDocument

if TYPE_CHECKING:
    from jinja2 import Template
    from rich.console import Console
    from rich.text import Text

Format = Literal["text", "json", "md", "html"]

SYMBOLS = {"supported": "✓", "refuted": "✗", "conflicting": "⇄", "not_enough_evidence": "?", "not_checked": "–"}
LABEL_WORDS = {
    "supported": "supported",
    "refuted": "refuted",
    "conflicting": "conflicting evidence",
    "not_enough_evidence": "not enough evidence",
    "not_checked": "not checked",
}
WHY_NOT_WORDS = {
    "later": "later than the claim's date",
    "undated": "undated",
    "same_origin": "same origin as another source",
    "quote_not_found": "the quoted words are not in the source",
    "off_topic": "says nothing for or against",
    "disputed_source": "disputed or superseded report",
    "low_standing": "source not rated high enough",
    "weak_match": "too weak a match",
}
TIER_WORDS = {
    "primary": "primary source",
    "established": "established source",
    "unknown": "source not rated",
    "low": "low-rated source",
}
_STANCE_WORDS = {"supports": "supports", "refutes": "refutes", "neutral": "neutral"}
_STYLES = {
    "supported": "bold blue",
    "refuted": "bold red",
    "conflicting": "bold magenta",
    "not_enough_evidence": "bold yellow",
    "not_checked": "dim",
}
_CONTEXT_CHARS = 240
_UNSAFE = {"Cc": " ", "Co": " ", "Cs": " ", "Cf": ""}


def render(report: Report, format: Format, *, width: int = 100, color: bool = False) -> str:
    """The report in a format; `text` is laid out for a terminal of `width` columns."""
    if format == "json":
        return to_json(report)
    if format == "md":
        return to_markdown(report)
    if format == "html":
        return to_html(report)
    import io

    from rich.console import Console

    out = io.StringIO()
    print_report(report, Console(file=out, width=width, force_terminal=color, no_color=not color, highlight=False))
    return out.getvalue()


def to_json(report: Report) -> str:
    """The JSON contract (schema version 1), indented, in UTF-8 characters."""
    return report.model_dump_json(indent=2) + "\n"


def outcome(claim: ClaimResult) -> str:
    """The label of a checked claim, `not_checked` of another."""
    return claim.label or "not_checked"


def tally(report: Report) -> dict[str, int]:
    """How many claims came out how, in the order of the labels; outcomes that do not occur are left out."""
    counts = Counter(outcome(claim) for claim in report.claims)
    return {key: counts[key] for key in (*LABELS, "not_checked") if counts[key]}


def summary(report: Report) -> str:
    """One line: `15 claims: 9 supported, 2 refuted, 4 not enough evidence`."""
    total = len(report.claims)
    if not total:
        return "No check-worthy claim was found."
    parts = ", ".join(f"{count} {LABEL_WORDS[key]}" for key, count in tally(report).items())
    return f"{total} claim{'s' if total != 1 else ''}: {parts}"


def source_line(evidence: Evidence) -> str:
    """Publisher, title, date and tier of a source on one line; what is unknown is left out, a stand-in date says so."""
    if evidence.published:
        day = evidence.published
    elif evidence.available_from:
        day = f"available from {evidence.available_from}"
    else:
        day = "undated"
    tier = TIER_WORDS[evidence.tier] if evidence.tier else None
    return ", ".join(part for part in (evidence.publisher, evidence.title, day, tier) if part)


def match_line(match: Match) -> str:
    """When a claim was checked before, by whom and with what outcome: of a review the publisher's own words."""
    if match.publisher is None:
        day = match.as_of.isoformat() if match.as_of else "undated"
        by = f", reviewed by {match.reviewed_by} on {match.reviewed}" if match.reviewed_by else ""
        return f"{day}, {LABEL_WORDS[match.label or 'not_checked']}{by}"
    ours = f", read as {LABEL_WORDS[match.label]}" if match.label else ""
    return f"{match.reviewed or 'undated'}, {match.publisher}: “{match.rating}”{ours}"


def confidence_words(value: float) -> str:
    """A confidence in words beside its number."""
    word = "high" if value >= 0.85 else "fair" if value >= 0.65 else "low"
    return f"{word} confidence ({value:.2f})"


def around(document: SourceDocument, evidence: Evidence) -> tuple[str, str, str]:
    """The quote with some of the stored text before and after it, cut at word boundaries."""
    return surroundings(document.text, evidence.start, evidence.end)


def surroundings(text: str, start: int, end: int) -> tuple[str, str, str]:
    """A stretch of a text with some of what stands before and after it, cut at word boundaries."""
    left, right = max(0, start - _CONTEXT_CHARS), min(len(text), end + _CONTEXT_CHARS)
    before, after = text[left:start], text[end:right]
    if left:
        before = "… " + (before.partition(" ")[2] or before)
    if right < len(text):
        after = (after.rpartition(" ")[0] or after) + " …"
    return before, text[start:end], after


def printable(text: str) -> str:
    """Text for a screen: control characters become spaces, invisible ones (text direction too) go, line breaks stay."""
    return "".join(c if c in "\n\t" else _UNSAFE.get(unicodedata.category(c), c) for c in text)


def one_line(text: str) -> str:
    """Printable text on one line."""
    return " ".join(printable(text).split())


def print_report(report: Report, console: Console) -> None:
    """Prints the report to a terminal: a summary, then every claim with its verdict and citations."""
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.text import Text

    article = report.article
    console.print(Rule(style="dim"))
    if article.title:
        console.print(Text(one_line(article.title), style="bold"))
    origin = {"given": "given", "article": "the article's own date", "today": "today"}[article.as_of_source]
    console.print(Text(f"as of {article.as_of.isoformat()} ({origin}) · {summary(report)}", style="dim"))
    if report.run.time_rule_lifted:
        console.print(Text("The time rule was lifted for this run: evidence of any date counted.", style="bold yellow"))
    for number, claim in enumerate(report.claims, start=1):
        console.print()
        console.print(_claim_heading(number, claim))
        for part in _claim_body(claim):
            console.print(Padding(part, (0, 0, 0, 4)))
    if report.left_out:
        console.print()
        console.print(Rule("left out", style="dim", align="left"))
        for item in report.left_out:
            line = Text(f"– {_shorten(item.text)}  ", style="dim")
            console.print(line.append(f"({one_line(item.reason)})", style="dim italic"))
    console.print(Rule(style="dim"))
    console.print(Text(one_line(_run_line(report)), style="dim"))
    for note in report.run.notes:
        console.print(Text(f"note: {one_line(note)}", style="yellow"))


def _claim_heading(number: int, claim: ClaimResult) -> Text:
    from rich.text import Text

    key = outcome(claim)
    heading = Text(f"{number:>2}. ", style="dim")
    heading.append(f"{SYMBOLS[key]} {LABEL_WORDS[key].upper()}", style=_STYLES[key])
    if claim.confidence is not None:
        heading.append(f"  {confidence_words(claim.confidence)}", style="dim")
    if claim.kind == "attribution":
        heading.append("  · was it said?", style="dim")
    elif claim.kind == "reported":
        heading.append(f"  · said by {one_line(claim.speaker or 'somebody')}", style="dim")
    return heading


def _claim_body(claim: ClaimResult) -> Iterator[Text]:
    from rich.text import Text

    yield Text(one_line(claim.text), style="bold")
    if claim.context:
        yield Text(one_line(claim.context), style="dim italic")
    if claim.reason:
        yield Text(one_line(claim.reason))
    if claim.label == "not_enough_evidence":
        yield Text(f"Nothing in the corpus that was public by {claim.as_of.isoformat()} settles this.")
    shown, hidden = _told_in_a_terminal(claim)
    for evidence in shown:
        yield _evidence_line(evidence)
        for comparison in evidence.comparisons:
            if evidence.used and not comparison.agrees:
                yield Text(f"    numbers: {one_line(comparison.note)}", style="yellow")
    if hidden:
        yield Text(
            f"{hidden} more {'passage' if hidden == 1 else 'passages'} looked at, see the full report", style="dim"
        )
    for note in claim.notes:
        yield Text(f"note: {one_line(note)}", style="yellow")
    for match in claim.matches:
        if match.text == claim.text and match.label == claim.label and match.as_of == claim.as_of:
            continue  # the same article checked again
        words = "checked before" if match.strength == "strong" else "similar claim checked before"
        where = f" {one_line(match.url)}" if match.url else ""
        yield Text(f"{words} ({one_line(match_line(match))}): {_shorten(match.text, 260)}{where}", style="dim")


def _told_in_a_terminal(claim: ClaimResult) -> tuple[list[Evidence], int]:
    """What decided, what took a stance and did not count, one nearest and one later passage; how many are left."""
    used = [e for e in claim.evidence if e.used]
    apart = [e for e in claim.evidence if not e.used and (e.stance != "neutral" or e.why_not == "quote_not_found")][:2]
    neutral = [e for e in claim.evidence if not e.used and e.stance == "neutral" and e not in apart]
    near = [e for e in neutral if e.note or e.why_not == "off_topic"][:1] if not used else []
    later = [e for e in neutral if e.why_not in ("later", "undated")][:1] if not apart else []
    shown = used + apart + near + [e for e in later if e not in near]
    return shown, len(claim.evidence) - len(shown)


def _evidence_line(evidence: Evidence) -> Text:
    from rich.text import Text

    style = "" if evidence.used else "dim"
    line = Text(f"[{evidence.n}] {_STANCE_WORDS[evidence.stance]}: ", style=style)
    line.append(f"“{_shorten(evidence.quote, 260)}”", style="italic" if evidence.used else "dim italic")
    line.append(f" — {one_line(source_line(evidence))}", style=style)
    if evidence.why_not:
        note = one_line(evidence.note) if evidence.why_not == "off_topic" else ""
        line.append(f" (did not count: {note or WHY_NOT_WORDS[evidence.why_not]})", style="dim")
    return line


def _shorten(text: str, limit: int = 140) -> str:
    line = one_line(text)
    cut = line[: limit - 1]
    return line if len(line) <= limit else (cut.rpartition(" ")[0] or cut) + "…"


def _run_line(report: Report) -> str:
    run = report.run
    parts = [run.mode, f"{run.seconds:.1f} s", f"corpus {run.corpus.get('name', '')} {run.corpus_snapshot[:12]}"]
    if run.mode == "llm":
        parts.append(f"{run.tokens.get('prompt', 0)} + {run.tokens.get('completion', 0)} tokens")
        parts.append("cost unknown" if run.cost_usd is None else f"${run.cost_usd:.4f}")
    parts.append(", ".join(run.models.values()))
    return " · ".join(parts)


_MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>#+!|~$&@-]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\A(\d+)\.")


def md(text: str) -> str:
    """Text that Markdown shows as it is: no link, image, HTML or emphasis of an untrusted text comes alive."""
    return _LIST_NUMBER.sub(r"\1\.", _MARKDOWN.sub(r"\\\g<0>", one_line(text)))


def to_markdown(report: Report) -> str:
    """The report as Markdown, all untrusted text escaped."""
    article, run = report.article, report.run
    lines = [
        f"# {md(article.title or 'Fact check')}",
        "",
        f"As of {article.as_of.isoformat()}. {summary(report)}.",
        "",
    ]
    if run.time_rule_lifted:
        lines += ["**The time rule was lifted for this run: evidence of any date counted.**", ""]
    for number, claim in enumerate(report.claims, start=1):
        key = outcome(claim)
        lines += [f"## {number}. {SYMBOLS[key]} {LABEL_WORDS[key]}", "", f"**{md(claim.text)}**", ""]
        said = f"Said by {md(claim.speaker)}. " if claim.speaker else ""
        sure = f"{confidence_words(claim.confidence).capitalize()}. " if claim.confidence is not None else ""
        lines += [f"{said}{sure}In the article at characters {claim.start}–{claim.end}.", ""]
        lines += [md(claim.justification or claim.reason or ""), ""]
        for evidence in claim.evidence:
            count = "" if evidence.used else f" *did not count: {WHY_NOT_WORDS[evidence.why_not or 'off_topic']}*"
            lines.append(
                f"- \\[{evidence.n}\\] {_STANCE_WORDS[evidence.stance]}: “{md(evidence.quote)}” — "
                f"{md(source_line(evidence))} {md(evidence.url or '')}{count}"
            )
        lines += [f"- {md(note)}" for note in claim.notes]
        lines += [
            f"- checked before ({md(match_line(match))}): {md(match.text)} {md(match.url or '')}".rstrip()
            for match in claim.matches
        ]
        lines.append("")
    if report.left_out:
        lines += ["## Left out", ""]
        lines += [f"- {md(item.text)} ({md(item.reason)})" for item in report.left_out]
        lines.append("")
    lines += ["## Run", "", md(_run_line(report)), ""]
    lines += [f"- {md(note)}" for note in run.notes]
    return "\n".join(lines).rstrip() + "\n"


class Piece:
    """A stretch of the article: plain, or the source text of one or more claims (by their numbers)."""

    def __init__(self, text: str, claims: tuple[int, ...], outcome: str) -> None:
        self.text, self.claims, self.outcome = text, claims, outcome


def pieces(report: Report) -> list[Piece]:
    """The article cut where claims begin and end; claims may overlap. Joined, the pieces are the article."""
    return cut(report.article.text, [(claim.start, claim.end, outcome(claim)) for claim in report.claims])


def cut(text: str, marked: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """A text cut where marked stretches (start, end, outcome) begin and end; they are numbered from 1."""
    cuts = sorted({0, len(text), *(start for start, _, _ in marked), *(end for _, end, _ in marked)})
    found = []
    for start, end in pairwise(cuts):
        inside = [(n, key) for n, (first, last, key) in enumerate(marked, start=1) if first <= start and end <= last]
        worst = max((key for _, key in inside), key=_severity, default="")
        found.append(Piece(text[start:end], tuple(n for n, _ in inside), worst))
    return found


def _severity(key: str) -> int:
    return ("not_checked", "supported", "not_enough_evidence", "conflicting", "refuted").index(key)


@cache
def template(name: str) -> Template:
    """A page of ours that escapes whatever it is filled with; text is made printable too."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("factcheck", "templates"),
        autoescape=True,
        finalize=lambda value: printable(value) if type(value) is str else value,  # not Markup: it is our own
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def to_html(report: Report) -> str:
    """The report as one HTML page that needs nothing else: no script, no font and no image is fetched."""
    return template("report.html").render(
        report=report,
        summary=summary(report),
        tally=tally(report),
        pieces=pieces(report),
        outcome=outcome,
        around=around,
        source_line=source_line,
        match_line=match_line,
        confidence_words=confidence_words,
        symbols=SYMBOLS,
        label_words=LABEL_WORDS,
        why_not_words=WHY_NOT_WORDS,
    )
