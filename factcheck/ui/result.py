"""A run on screen: its progress while it works, then the article, the claims and their evidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from factcheck.report import SYMBOLS, outcome
from factcheck.store import StoredRun
from factcheck.types import Report, SourceDocument
from factcheck.ui import cards
from factcheck.ui.cards import Numbered
from factcheck.ui.room import Room
from factcheck.ui.strings import Words
from factcheck.ui.theme import FOLLOW
from factcheck.ui.worker import INTERNAL, Place, RunView, Workshop

POLL_SECONDS = 1.0


def progress(workshop: Workshop, run_id: str, say: Words) -> None:
    """A run at work, drawn anew every second; at its end the whole page is drawn."""

    @st.fragment(run_every=POLL_SECONDS)
    def live() -> None:
        view = workshop.view(run_id)
        if view is None or view.run.status != "running":
            st.rerun()
        else:
            _at_work(view, say)

    live()


def _at_work(view: RunView, say: Words) -> None:
    run = view.run
    claims = numbered(run)
    place = view.place or Place("checking", len(claims), len(run.claims or ()))
    _title(run, say)
    share = 0.0 if not place.total else place.done / place.total
    words = {
        "checking": lambda: say("run.checking", now=min(place.done + 1, place.total), total=place.total),
    }.get(place.step, lambda: say(f"run.{place.step}"))()
    st.progress(share, text=words)
    if place.note:
        st.html(f'<p class="fc-note">{escape(say.sentence(place.note))}</p>')
    st.html(f'<p class="fc-note">{escape(say("run.keep"))}</p>')
    if claims:
        st.html(cards.part_heading(say("result.claims")))
        st.html(cards.finished(claims, say))
    st.html(cards.part_heading(say("result.article")))
    st.html(cards.article(run.document.text, [c.mark for c in claims], say))


def numbered(run: StoredRun) -> list[Numbered]:
    """The finished claims of a run in the article's order, numbered as the report numbers them."""
    if run.report is not None:
        return [Numbered(i, claim) for i, claim in enumerate(run.report.claims, start=1)]
    return [Numbered(position + 1, run.results[position]) for position in sorted(run.results)]


def result(
    run: StoredRun, say: Words, again: Callable[[], None], tools: DeltaGenerator, desk: Room | None = None
) -> None:
    """A run that ended: finished, stopped by an error, or interrupted.

    Args:
        run: the run.
        say: the app's words.
        again: called when the user asks to run an unfinished one again.
        tools: the row above the title, for the downloads.
        desk: the review desk, where there is one.
    """
    claims = numbered(run)
    _title(run, say)
    if run.status != "done":
        _unfinished(run, say, again, desk)
    if run.report is not None:
        st.html(cards.summary([c for _, c in claims], say) + _as_of(run.report, say))
        if run.report.run.time_rule_lifted:
            st.warning(say("run.lifted"))
        with tools:
            _downloads(run.report, say)
    if run.report is not None or claims:
        with st.container(key="result"):
            _side_by_side(run, claims, say, desk)
    if run.report is not None:
        _below(run.report, say)


def _title(run: StoredRun, say: Words) -> None:
    title = run.document.title or run.title or say("run.untitled")
    st.html(f'<h1 class="fc-title">{escape(title)}</h1>')


def _as_of(report: Report, say: Words) -> str:
    article = report.article
    day = say("summary.as_of", date=say.date(article.as_of.isoformat()))
    source = say(f"as_of.{article.as_of_source}")
    return f'<p class="fc-meta">{escape(f"{day} ({source})")}</p>'


def why_failed(run: StoredRun, say: Words) -> str:
    """Why a check came to no end, in the app's words."""
    reason = run.reason or ""
    if reason.startswith(INTERNAL):
        return say("error.unexpected", kind=reason.removeprefix(INTERNAL))
    return say.sentence(reason)


def _unfinished(run: StoredRun, say: Words, again: Callable[[], None], desk: Room | None) -> None:
    if run.status == "interrupted":
        st.warning(say("run.interrupted", done=len(run.results)))
    else:
        st.error(f"{say('run.failed')} {cards.plain(why_failed(run, say))}")
    if desk is not None:
        st.page_link(
            desk.desk_page,
            label=say("work.desk"),
            icon=":material/inbox:",
            query_params={"run": run.id, **desk.language},
        )
    st.button(say("run.again"), key="again", type="primary", on_click=again)


def _side_by_side(run: StoredRun, claims: Sequence[Numbered], say: Words, desk: Room | None) -> None:
    documents: Mapping[str, SourceDocument] = run.report.documents if run.report else {}
    shown = _filter(run.id, claims, say)
    text, panel = st.columns([6, 5], gap="medium")
    with panel, st.container(key="choose"):
        selected = _choose(run.id, shown, say)
    if selected is not None:
        with panel:
            if desk is not None:
                st.page_link(
                    desk.claim_page, label=say("work.desk"), icon=":material/rule:",
                    query_params=desk.to_claim(run.id, selected.claim.id),
                )  # fmt: skip
            _claim(selected, documents, say)
    with text, st.container(key="article"):
        st.html(
            cards.part_heading(say("result.article"))
            + cards.legend([c for _, c in claims], say)
            + cards.article(run.document.text, [c.mark for c in claims], say, selected.number if selected else None)
        )
        if selected is not None:
            st.html(FOLLOW % selected.number, unsafe_allow_javascript=True)


def _filter(run_id: str, claims: Sequence[Numbered], say: Words) -> list[Numbered]:
    """The claims of the outcome that the user asked for; all of them at first."""
    found = cards.counts(c for _, c in claims)
    if len(found) < 2:
        return list(claims)

    def label(name: str) -> str:
        if name == "all":
            return f"{say('result.all')} {len(claims)}"
        return f"{SYMBOLS[name]} {say(f'label.{name}')} {found[name]}"

    chosen = st.pills(say("result.filter"), ["all", *found], default="all", key=f"filter-{run_id}", format_func=label)
    return [item for item in claims if chosen in (None, "all", outcome(item.claim))]


def _choose(run_id: str, shown: Sequence[Numbered], say: Words) -> Numbered | None:
    """The claim to open, kept in the address, so that a link opens it too."""
    if not shown:
        return None
    by_number = {item.number: item for item in shown}
    asked = st.query_params.get("claim")
    start = next((n for n, item in by_number.items() if item.claim.id == asked), shown[0].number)
    chosen = st.pills(
        say("result.choose"),
        list(by_number),
        default=start,
        key=f"claim-{run_id}-{'-'.join(map(str, by_number))}",
        format_func=lambda n: f"{SYMBOLS[outcome(by_number[n].claim)]} {n}",
    )
    item = by_number[start if chosen is None else chosen]
    st.query_params["claim"] = item.claim.id
    return item


def _claim(item: Numbered, documents: Mapping[str, SourceDocument], say: Words) -> None:
    claim = item.claim
    st.html(cards.verdict(item, say))
    parts = cards.parts(claim)
    if claim.status == "checked":
        st.html(
            cards.part_heading(say("evidence.used"), cards.origins(claim, say) if parts.used else say("evidence.none"))
        )
    for evidence in parts.used:
        st.html(cards.evidence_card(evidence, claim, documents, say))
    if claim.questions:
        with st.expander(say("claim.questions")):
            st.html(cards.questions(claim, say))
    for name, note, group in (
        ("evidence.later", say("evidence.later.note"), parts.later),
        ("evidence.apart", "", parts.apart),
    ):
        if group:
            with st.expander(f"{say(name)} ({len(group)})"):
                if note:
                    st.html(f'<p class="fc-note">{escape(note)}</p>')
                for evidence in group:
                    st.html(cards.evidence_card(evidence, claim, documents, say))
    if claim.matches:
        with st.expander(f"{say('claim.matches')} ({len(claim.matches)})"):
            st.html(cards.matches(claim, say))


def _below(report: Report, say: Words) -> None:
    if report.left_out:
        with st.expander(say("result.left_out", n=len(report.left_out))):
            st.html(cards.left_out(report.left_out, say))
    with st.expander(say("result.run")):
        st.html(cards.run_details(report, say))


def _downloads(report: Report, say: Words) -> None:
    from factcheck.report import to_html, to_json, to_markdown

    kept = st.session_state.setdefault("downloads", {})
    if report.run.id not in kept:
        kept.clear()
        kept[report.run.id] = {
            "json": (to_json(report), "application/json"),
            "md": (to_markdown(report), "text/markdown"),
            "html": (to_html(report), "text/html"),
        }
    stem = file_stem(report.article.title or "")
    with st.container(horizontal=True, gap="small", width="content", key="downloads"):
        for ending, name in (("json", "JSON"), ("md", "Markdown"), ("html", "HTML")):
            data, mime = kept[report.run.id][ending]
            st.download_button(
                name,
                data,
                file_name=f"{stem}.{ending}",
                mime=mime,
                key=f"download-{ending}",
                help=say("result.download", kind=name),
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def file_stem(title: str) -> str:
    """A file name from a title: ASCII letters, digits and hyphens, at most 60 characters."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60].strip("-")
    return f"factcheck-{words}" if words else "factcheck-report"
