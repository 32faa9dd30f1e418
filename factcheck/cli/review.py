"""The commands `review ...`: the review desk for scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.common import load_settings, output_can_be_written, stderr, write
from factcheck.cli.review_changes import brought, checked_again, reworded, taken
from factcheck.cli.review_choices import (
    ExportChoice,
    LabelChoice,
    LanguageChoice,
    ListChoice,
    OrderChoice,
    OutcomeChoice,
    ShowChoice,
    StanceChoice,
    StateChoice,
)
from factcheck.errors import InputError

if TYPE_CHECKING:
    from factcheck.review import Action, ArticleRow, Change, Desk, ReviewedClaim, ReviewedReport
    from factcheck.types import Value

review_app = typer.Typer(
    help="The review desk: list claims, decide them, sign them off, read the log, export what was reviewed.",
    no_args_is_help=True,
)


RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="The id of the check.")]


@review_app.command("list")
def review_list(
    label: Annotated[
        list[OutcomeChoice] | None, typer.Option("--label", help="Only such verdicts; repeatable.")
    ] = None,
    state: Annotated[list[StateChoice] | None, typer.Option("--state", help="Only such states; repeatable.")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only claims in this language (id, en); repeatable.")
    ] = None,
    run: Annotated[str | None, typer.Option("--run", help="Only the claims of this check.")] = None,
    least: Annotated[float | None, typer.Option("--least", min=0, max=1, help="Lowest confidence.")] = None,
    most: Annotated[float | None, typer.Option("--most", min=0, max=1, help="Highest confidence.")] = None,
    words: Annotated[str, typer.Option("--words", help="Words of the claim, its speaker or the title.")] = "",
    dropped: Annotated[bool, typer.Option("--dropped", help="The dropped claims instead of the others.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Only claims that came back to the queue.")] = False,
    articles: Annotated[bool, typer.Option("--articles", help="The articles instead, and how far they are.")] = False,
    order: Annotated[OrderChoice, typer.Option("--order", help="In what order.")] = OrderChoice.newest,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="How many to pass over.")] = 0,
    format: Annotated[ListChoice, typer.Option("--format", "-f", help="How to write them.")] = ListChoice.text,
) -> None:
    """List claims: run, id, state, verdict, confidence, who decided, claim. Or the articles."""
    from factcheck.review import QueueFilter

    desk = _desk()
    if articles:
        found = desk.articles(offset + limit)[offset:]
        _print_list(found, format, map(_article_cells, found))
        return
    wanted = QueueFilter(
        labels=tuple(one.value for one in label or ()),
        states=tuple(one.value for one in state or ()),
        languages=tuple(language or ()),
        run_id=run,
        least=least,
        most=most,
        words=words,
        dropped=dropped,
        back=back,
    )
    page = desk.queue(wanted, order=order.value, offset=offset, limit=limit)
    lines = (
        (r.run_id, r.claim_id, r.state, r.label, _sure(r.confidence), r.decided_by or "machine", r.text)
        for r in page.rows
    )
    _print_list(page.rows, format, lines)
    stderr().print(f"{len(page.rows)} of {page.total} claims", style="dim")


@review_app.command("show")
def review_show(
    run: RunArgument,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The id of the claim.")],
    format: Annotated[ShowChoice, typer.Option("--format", "-f", help="text or json.")] = ShowChoice.text,
) -> None:
    """Show one claim: the machine's result, what people made of it, and what happened to it."""
    found = _claim(_desk(), run, claim)
    if format is ShowChoice.json:
        write(found.model_dump_json(indent=2) + "\n", None)
        return
    from factcheck.cli.review_text import claim_lines

    write("\n".join(claim_lines(found)) + "\n", None)


@review_app.command("set")
def review_set(
    run: RunArgument,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The id of the claim.")],
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who you are (default: FACTCHECK_REVIEWER).")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    version: Annotated[
        int | None, typer.Option("--version", help="The version that you saw; it is refused if there is a later one.")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take the machine's verdict as yours.")] = False,
    verdict: Annotated[LabelChoice | None, typer.Option("--verdict", help="Set the verdict; needs a reason.")] = None,
    match: Annotated[
        str | None, typer.Option("--match", metavar="ID", help="The earlier claim whose verdict you take.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="Reword the claim.")] = None,
    start: Annotated[int | None, typer.Option("--start", min=0, help="With --text: where it begins.")] = None,
    end: Annotated[int | None, typer.Option("--end", min=1, help="With --text: where it ends in the article.")] = None,
    stance: Annotated[StanceChoice | None, typer.Option("--stance", help="The stance of a piece of evidence.")] = None,
    evidence: Annotated[int | None, typer.Option("--evidence", help="The machine's evidence of that number.")] = None,
    added: Annotated[int | None, typer.Option("--added", help="The added evidence of that number.")] = None,
    source: Annotated[
        Path | None,
        typer.Option("--source", metavar="FILE", help="Add evidence: a text file; needs --quote, --stance."),
    ] = None,
    quote: Annotated[str | None, typer.Option("--quote", help="With --source: words that stand in it.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="With --source: its title.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="With --source: who published it.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="With --source: its address.")] = None,
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="With --source: when.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Drop the claim; needs a reason.")] = False,
    restore: Annotated[bool, typer.Option("--restore", help="Take a dropped claim up again.")] = False,
    recheck: Annotated[bool, typer.Option("--recheck", help="Have the machine check it again.")] = False,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Write a note.")] = None,
    sign_off: Annotated[bool, typer.Option("--sign-off", help="Sign the verdict off.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Mark it as published.")] = False,
    correct: Annotated[bool, typer.Option("--correct", help="Begin a correction; needs a reason.")] = False,
) -> None:
    """Do one thing to a claim, under your name. What cannot be done is refused with exit code 2."""
    from factcheck.review import Change

    desk = _desk()
    found = _claim(desk, run, claim)
    asked: dict[Action, Change | None] = {
        "accept": Change() if accept else None,
        "set_verdict": Change(label=verdict.value) if verdict and match is None else None,
        "take_match": taken(found, match, verdict) if match is not None else None,
        "edit_claim": reworded(desk, found, text, start, end) if text is not None else None,
        "set_stance": Change(stance=stance.value, evidence_n=evidence, added_n=added)
        if stance and not source
        else None,
        "add_evidence": brought(source, quote, stance, title, publisher, url, published) if source else None,
        "drop": Change() if drop else None,
        "restore": Change() if restore else None,
        "recheck": Change() if recheck else None,
        "note": Change() if note is not None else None,
        "sign_off": Change() if sign_off else None,
        "publish": Change() if publish else None,
        "correct": Change() if correct else None,
    }
    chosen = [(action, change) for action, change in asked.items() if change is not None]
    if len(chosen) != 1:
        raise InputError("Say one thing to do, such as --accept, --verdict LABEL, --sign-off or --note TEXT (--help).")
    (action, change), who = chosen[0], _who(by)
    seen = found.version if version is None else version
    if action == "recheck":
        after = checked_again(desk, found, who, seen)
    else:
        why = note if action == "note" else reason
        after = desk.act(run, claim, action, change, who=who, version=seen, reason=why)
    print(f"{after.state}\t{after.label or 'not_checked'}\tversion {after.version}")


@review_app.command("log")
def review_log(
    run: Annotated[str | None, typer.Option("--run", help="Only of this check.")] = None,
    claim: Annotated[str | None, typer.Option("--claim", help="Only of this claim.")] = None,
    since: Annotated[
        int, typer.Option("--since", min=0, metavar="SEQ", help="Only after the event of that number.")
    ] = 0,
) -> None:
    """Write the log, oldest first: a JSON object a line for everything that was done."""
    for event in _desk().log(run, claim, since):
        sys.stdout.write(event.model_dump_json(exclude_none=True) + "\n")


@review_app.command("export")
def review_export(
    run: RunArgument,
    claim: Annotated[
        str | None, typer.Argument(metavar="[CLAIM]", help="One claim (default: the article).", show_default=False)
    ] = None,
    format: Annotated[
        ExportChoice, typer.Option("--format", "-f", help="What to write; pdf needs the extra [pdf].")
    ] = ExportChoice.json,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    language: Annotated[
        LanguageChoice | None, typer.Option("--language", help="Of the words around it (default: en).")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes", help="With the reviewers' notes, for colleagues.")] = False,
) -> None:
    """Export an article or one claim, with people's verdicts; as ClaimReview only what is signed off."""
    from factcheck.review import reviewed_report

    output_can_be_written(output)
    if format is ExportChoice.pdf and output is None and sys.stdout.isatty():
        raise InputError("A PDF is no text for a terminal. Name a file with -o.")
    made = _published(reviewed_report(_desk(), run), claim, format, language.value if language else None, notes)
    write(made, output)
    if output:
        stderr().print(f"written to {output}", style="dim")


def _published(
    reviewed: ReviewedReport, claim: str | None, format: ExportChoice, language: str | None, notes: bool
) -> str | bytes:
    from factcheck import publish

    settings, words = load_settings(), language or "en"
    if format is ExportChoice.claimreview:
        site = publish.site_of(settings.site_name, settings.site_url)
        return publish.claimreview_json(publish.to_claimreview(reviewed, claim, site=site, language=language))
    if format is ExportChoice.pdf:
        return publish.to_pdf(reviewed, claim, words, notes=notes)
    if format is ExportChoice.html:
        ours = publish.Site.of(settings) if settings.site_name and settings.site_url else None
        return publish.to_html(reviewed, claim, words, notes=notes, site=ours)
    makers = {
        ExportChoice.json: publish.to_json,
        ExportChoice.md: publish.to_markdown,
        ExportChoice.csv: publish.to_csv,
    }
    return makers[format](reviewed, claim, words, notes=notes)


def _desk() -> Desk:
    from factcheck.review import Desk
    from factcheck.store import RunStore

    settings = load_settings()
    return Desk(RunStore(settings.home / "runs.sqlite3"), two_people=settings.two_people)


def _claim(desk: Desk, run: str, claim: str) -> ReviewedClaim:
    found = desk.claim(run, claim)
    if found is None:
        raise InputError(f"The run {run} has no finished claim {claim}. `factcheck review list` shows the ids.")
    return found


def _who(by: str | None) -> str:
    who = by or load_settings().reviewer
    if not who:
        raise InputError("Say who you are: --by NAME, or set FACTCHECK_REVIEWER.")
    return who


def _print_list(rows: Sequence[Value], format: ListChoice, lines: Iterator[tuple[str, ...]]) -> None:
    from factcheck.report import one_line

    if format is ListChoice.text:
        for cells in lines:
            print("\t".join(one_line(cell) for cell in cells))
    elif format is ListChoice.jsonl:
        for row in rows:
            sys.stdout.write(row.model_dump_json() + "\n")
    else:
        import json

        found = [row.model_dump(mode="json") for row in rows]
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")


def _article_cells(row: ArticleRow) -> tuple[str, ...]:
    states = ", ".join(f"{count} {state}" for state, count in row.by_state.items()) or "none finished"
    return row.run_id, row.created[:10], row.status, f"{row.claims} claims", states, row.title


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else f"{confidence:.2f}"
