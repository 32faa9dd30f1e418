"""One article on the desk: its text with the claims marked, the claims and how far they are, and adding one."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from html import escape

import streamlit as st

from factcheck.errors import FactcheckError
from factcheck.review.values import Change, QueueFilter, ReviewedClaim
from factcheck.store import StoredRun
from factcheck.text import locate, sentences
from factcheck.types import Span
from factcheck.ui import cards, desk_html, exports, result, room
from factcheck.ui.cards import Mark, plain
from factcheck.ui.form import session_settings
from factcheck.ui.room import Room
from factcheck.ui.strings import Words
from factcheck.ui.theme import PICK

LONGEST = 500
"""Claims of one article that are listed; a run checks a hundred at most unless a setting says otherwise."""

SENTENCE_CHARS = 160
"""Characters of a sentence in the list to choose from."""


def article_view(here: Room, run_id: str) -> None:
    """The page of one article on the desk."""
    say = here.say
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="article-tools"
    ):
        st.button(say("article.back"), key="back", type="tertiary", icon=":material/arrow_back:", on_click=room.go)
        tools = st.container(horizontal=True, gap="small", width="content", vertical_alignment="center")
    run = here.workshop.store.get(run_id)
    if run is None:
        st.error(say("article.unknown"))
        return
    claims = here.desk.claims(run_id)
    st.html(f'<h1 class="fc-title">{escape(run.document.title or run.title or say("run.untitled"))}</h1>')
    _standing(here, run, claims)
    with tools:
        exports.export_menu(here, run)
        st.page_link(
            here.check_page, label=say("article.report"), icon=":material/description:",
            query_params={"run": run_id, **here.language},
        )  # fmt: skip
    with st.container(key="result"):
        text, side = st.columns([6, 5], gap="medium")
        with side:
            _add(here, run, claims)
            _list(here, run_id, claims)
        with text, st.container(key="article"):
            st.html(cards.part_heading(say("result.article")) + cards.article(run.document.text, marks(claims), say))


def marks(claims: Sequence[ReviewedClaim]) -> list[Mark]:
    """Where the claims of an article stand in it, with their verdicts as they are now; dropped ones are left out."""
    return [
        Mark(number, claim.start, claim.end, claim.label or "not_checked")
        for number, claim in enumerate(claims, start=1)
        if not claim.dropped
    ]


def _standing(here: Room, run: StoredRun, claims: Sequence[ReviewedClaim]) -> None:
    say = here.say
    kept = [claim for claim in claims if not claim.dropped]
    done = sum(claim.state in ("reviewed", "published") for claim in kept)
    states = Counter(str(claim.state) for claim in kept)
    words = say("article.progress", done=done, total=len(kept)) if kept else say("article.no_claims")
    st.html(
        f'<p class="fc-count">{escape(words)}</p><div class="fc-meta-row">{desk_html.tally(states, say)}</div>'
        f'<p class="fc-meta">{escape(desk_html.moment(run.created, say, here.zone))}</p>'
    )
    if run.status == "interrupted":
        st.warning(say("run.interrupted", done=len(run.results)))
        resume_button(here, run.id)
    elif run.status == "running":
        st.info(say("desk.status.running"))
    elif run.status == "failed":
        st.warning(f"{say('run.failed')} {plain(result.why_failed(run, say))}")
        resume_button(here, run.id)


def resume_button(here: Room, run_id: str) -> None:
    """The button that goes on with a run that stopped before its end."""
    st.button(
        here.say("desk.resume"), key=f"resume-{run_id}", icon=":material/play_arrow:", on_click=_resume,
        args=(here, run_id),
    )  # fmt: skip


def _resume(here: Room, run_id: str) -> None:
    say = here.say
    run = here.workshop.store.get(run_id)
    judge = st.session_state.get("judge", {"mode": here.settings.mode})
    if run is not None and run.mode == "llm" and judge.get("mode") != "llm":
        room.tell("refused", say("desk.resume.key"))
        return
    chosen = {**judge, "mode": run.mode if run else "offline"}
    try:
        here.workshop.resume(run_id, session_settings(here.settings, chosen, say, lift=here.settings.lift_time_rule))
    except FactcheckError as problem:
        room.tell("refused", say.sentence(str(problem)))
    else:
        room.tell("saved", say("desk.resumed"))


def _list(here: Room, run_id: str, claims: Sequence[ReviewedClaim]) -> None:
    say = here.say
    st.html(cards.part_heading(say("result.claims")))
    found = here.desk.queue(QueueFilter(run_id=run_id), order="article", limit=LONGEST)
    st.session_state["queue-rows"] = [(r.run_id, r.claim_id) for r in found.rows]
    numbers = {claim.claim_id: n for n, claim in enumerate(claims, start=1)}
    with st.container(key="queue"):
        room.claim_rows(here, found.rows, numbers=numbers)


def _add(here: Room, run: StoredRun, claims: Sequence[ReviewedClaim]) -> None:
    """Adding a claim: a sentence is chosen, its words narrowed, and the claim worded."""
    say, text = here.say, run.document.text
    names = {name: f"draft-add-{name}-{run.id}" for name in ("sentence", "words", "text")}
    spans = sentences(text)
    labels = _sentence_labels(run, spans, claims, say)
    with st.expander(say("article.add"), icon=":material/add:"), st.container(key="add"):
        st.html(f'<p class="fc-note">{escape(say("article.add.note"))}</p>')
        st.selectbox(
            say("article.add.sentence"),
            range(len(spans)),
            index=None,
            key=names["sentence"],
            format_func=lambda i: labels[i],
            placeholder=say("article.add.choose"),
            on_change=_chosen,
            args=(text, spans, names),
        )
        st.text_area(say("article.add.words"), key=names["words"], height=90)
        st.text_area(say("article.add.text"), key=names["text"], height=90)
        st.button(say("article.add.submit"), key="add-claim", on_click=_submit, args=(here, run, spans, names))
        st.html(PICK, unsafe_allow_javascript=True)


def _sentence_labels(
    run: StoredRun, spans: Sequence[Span], claims: Sequence[ReviewedClaim], say: Words
) -> tuple[str, ...]:
    taken = desk_html.taken(spans, claims)
    left_out = {i.start: i.reason for i in run.report.left_out} if run.report else {}
    found = []
    for number, span in enumerate(spans):
        why = next((left_out[at] for at in left_out if span.start <= at < span.end), None)
        note = (
            say("article.add.taken", n=taken[number])
            if number in taken
            else say("article.add.left_out", why=say.reason(why))
            if why
            else ""
        )
        words = textwrap.shorten(span.of(run.document.text), SENTENCE_CHARS, placeholder=" …")
        found.append(f"{number + 1}. {words}" + (f" ({note})" if note else ""))
    return tuple(found)


def _chosen(text: str, spans: Sequence[Span], names: dict[str, str]) -> None:
    chosen = st.session_state.get(names["sentence"])
    if chosen is not None:
        st.session_state[names["words"]] = st.session_state[names["text"]] = spans[chosen].of(text)


def _submit(here: Room, run: StoredRun, spans: Sequence[Span], names: dict[str, str]) -> None:
    say, state = here.say, st.session_state
    chosen = state.get(names["sentence"])
    words, wording = (str(state.get(names[name]) or "").strip() for name in ("words", "text"))
    if not here.who:
        return room.tell("refused", say("work.who"))
    if not words:
        return room.tell("refused", say("work.no_sentence"))
    place = place_of(words, run.document.text, spans[chosen].start if chosen is not None else 0)
    if place is None:
        return room.tell("refused", say("work.no_words"))
    change = Change(text=wording or words, start=place.start, end=place.end, source_text=place.of(run.document.text))
    try:
        here.desk.add_claim(run.id, change, who=here.who)
    except FactcheckError as problem:
        return room.tell("refused", say.sentence(str(problem)))
    state.update({names["words"]: "", names["text"]: "", names["sentence"]: None})
    room.tell("saved", say("work.saved"))


def place_of(words: str, text: str, near: int) -> Span | None:
    """Where words stand in a text: of several places, the one that begins nearest to `near`; None if nowhere.

    Words that differ from the text's only as `factcheck.text.locate` allows are found too.
    """
    places, at = [], text.find(words) if words else -1
    while at >= 0:
        places.append(at)
        at = text.find(words, at + 1)
    if places:
        start = min(places, key=lambda place: abs(place - near))
        return Span(start=start, end=start + len(words))
    found = locate(words, text) if words else None
    return Span(start=found.start, end=found.end) if found else None
