"""The page of one claim: its verdicts, its place in the article, its evidence, and beside them the work on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from factcheck.report import SYMBOLS
from factcheck.review.values import AddedEvidence, Change, Event, ReviewedClaim
from factcheck.store import StoredRun
from factcheck.types import Evidence, Match, SourceDocument, Stance
from factcheck.ui import cards, desk_html, exports, room, work
from factcheck.ui.article import marks
from factcheck.ui.cards import plain
from factcheck.ui.room import Room, act, draft
from factcheck.ui.theme import STANCE_SYMBOLS

STANCES: tuple[Stance, ...] = ("supports", "refutes", "neutral")

WATCH_SECONDS = 15.0
"""How often an open page says that it is open, and looks whether somebody changed the claim."""


def claim_page(here: Room) -> None:
    """The claim that the address names, or the one that was open last."""
    say = here.say
    run_id, claim_id = st.query_params.get("run"), st.query_params.get("claim")
    if not (run_id and claim_id):
        run_id, claim_id = st.session_state.get("last-claim", (None, None))
    room.keep_language(say)
    if not (run_id and claim_id):
        st.html(f'<p class="fc-lead fc-empty">{escape(say("work.none"))}</p>')
        st.page_link(here.desk_page, label=say("desk.title"), query_params=here.language)
        return
    if st.query_params.get("claim") != claim_id or st.query_params.get("run") != run_id:
        st.query_params.update({"run": run_id, "claim": claim_id})
    run, claim = here.workshop.store.get(run_id), here.desk.claim(run_id, claim_id)
    if run is None or claim is None:
        st.error(say("work.unknown"))
        return
    st.session_state["last-claim"] = (run_id, claim_id)
    _page(here, run, claim)


def _page(here: Room, run: StoredRun, claim: ReviewedClaim) -> None:
    claims = here.desk.claims(run.id)
    _tools(here, run, claim, claims)
    with st.container(key="notices"):  # in a place of its own: what comes and goes in it must not move the fields
        _watch(here, claim)
    _header(here, claim, claims)
    with st.container(key="working"):
        left, right = st.columns([6, 5], gap="medium")
        with left:
            _in_article(here, run, claim, claims)
            _evidence(here, run, claim)
        with right, st.container(key="work"):
            work.panel(here, run, claim)
    st.html(cards.part_heading(here.say("work.log"), here.say("work.log.note")))
    st.html(desk_html.log(claim.events, here.say, here.zone))
    if claim.events:
        lines = "".join(json.dumps(e.model_dump(mode="json"), ensure_ascii=False) + "\n" for e in claim.events)
        st.download_button(
            here.say("work.log.download"), lines, file_name=f"log-{claim.claim_id}.jsonl", mime="application/x-ndjson",
            key="log", on_click="ignore", type="tertiary", icon=":material/download:",
        )  # fmt: skip


def _tools(here: Room, run: StoredRun, claim: ReviewedClaim, claims: tuple[ReviewedClaim, ...]) -> None:
    """The way back, the claims before and after, and the exports."""
    say = here.say
    listed: list[tuple[str, str]] = st.session_state.get("queue-rows", [])
    own = (claim.run_id, claim.claim_id)
    if own not in listed:
        listed = [(c.run_id, c.claim_id) for c in claims if not c.dropped or c.claim_id == claim.claim_id]
    at = listed.index(own)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="tools"):
        with st.container(horizontal=True, gap="small", width="content", vertical_alignment="center"):
            st.page_link(here.desk_page, label=say("desk.title"), icon=":material/arrow_back:",
                         query_params=here.language)  # fmt: skip
            st.page_link(here.desk_page, label=plain(claim.article)[:120] or say("run.untitled"),
                         query_params={"run": claim.run_id, **here.language})  # fmt: skip
        with st.container(horizontal=True, gap="small", width="content", vertical_alignment="center"):
            exports.export_menu(here, run, claim)
            for step, name in ((-1, "previous"), (1, "next")):
                if 0 <= at + step < len(listed):
                    st.button(
                        say(f"work.{name}"),
                        key=name,
                        type="tertiary",
                        on_click=room.go,
                        args=listed[at + step],
                        icon=":material/chevron_left:" if step < 0 else ":material/chevron_right:",
                    )


def _header(here: Room, claim: ReviewedClaim, claims: tuple[ReviewedClaim, ...]) -> None:
    say = here.say
    number = next(i for i, c in enumerate(claims, start=1) if c.claim_id == claim.claim_id)
    place = say("work.place", n=number, total=len(claims))
    st.html(f'<p class="fc-meta">{escape(place)}</p>{desk_html.claim_title(claim, say)}{desk_html.steps(claim, say)}')
    if claim.back_because:
        st.warning(f"**{say('work.back')}.** {plain(say.sentence(claim.back_because))}", icon=":material/undo:")
    if claim.dropped:
        last = next(e for e in reversed(claim.events) if e.action == "drop")
        st.warning(plain(say("work.dropped", who=last.who, why=last.reason or "")), icon=":material/block:")
    st.html(
        f'{desk_html.standing(claim, say, here.zone)}<p class="fc-jump"><a href="#decision">'
        f"{escape(say('work.to_decision'))}</a></p>"
    )


def _watch(here: Room, claim: ReviewedClaim) -> None:
    """Says who else has the claim open, and that it changed since this person saw it."""
    seen = room.opened(claim)

    @st.fragment(run_every=WATCH_SECONDS)
    def live() -> None:
        others = here.desk.viewing(claim.run_id, claim.claim_id, here.who) if here.who else ()
        if others:
            names = ", ".join(viewer.who for viewer in others)
            key = "work.here.one" if len(others) == 1 else "work.here.many"
            st.info(plain(here.say(key, who=names)), icon=":material/group:")
        now = here.desk.claim(claim.run_id, claim.claim_id)
        if now is not None and now.version != claim.version:
            st.rerun()

    live()
    work.recheck_progress(here, claim)
    news = [e for e in claim.events if e.seq > seen and not (e.action == "recheck" and e.who == here.who)]
    if news:
        _changed(here, claim, news)
    else:
        room.see(claim)


def _changed(here: Room, claim: ReviewedClaim, news: Sequence[Event]) -> None:
    say = here.say
    with st.container(border=True, key="stale"):
        st.warning(say("work.stale"), icon=":material/sync_problem:")
        st.html(desk_html.log(news, say, here.zone))
        st.button(say("work.stale.go"), key="seen", on_click=room.see, args=(claim,), type="primary")


def _in_article(here: Room, run: StoredRun, claim: ReviewedClaim, claims: tuple[ReviewedClaim, ...]) -> None:
    say, text = here.say, run.document.text
    st.html(cards.part_heading(say("work.in_article")))
    st.html(desk_html.in_article(text, claim, say) + desk_html.about(claim, say))
    with st.expander(say("work.whole")):
        number = next(i for i, c in enumerate(claims, start=1) if c.claim_id == claim.claim_id)
        st.html(cards.article(text, marks(claims), say, number))


def _evidence(here: Room, run: StoredRun, claim: ReviewedClaim) -> None:
    say, machine = here.say, claim.machine
    documents = sources_of(here, run, claim)
    parts = cards.parts(machine)
    if machine.status == "checked" or not claim.added:
        note = cards.origins(machine, say) if parts.used else say("evidence.none")
        st.html(cards.part_heading(say("evidence.used"), note))
    for item in parts.used:
        _card(here, claim, item, documents)
    if claim.added:
        st.html(cards.part_heading(say("work.added")))
        for added in claim.added:
            _added(here, claim, added)
    if machine.questions:
        with st.expander(say("claim.questions")):
            st.html(cards.questions(machine, say))
    for name, note, group in (
        ("evidence.later", say("evidence.later.note"), parts.later),
        ("evidence.apart", "", parts.apart),
    ):
        if group:
            with st.expander(f"{say(name)} ({len(group)})"):
                if note:
                    st.html(f'<p class="fc-note">{escape(note)}</p>')
                for item in group:
                    _card(here, claim, item, documents)
    if machine.matches:
        _matches(here, claim)


def sources_of(here: Room, run: StoredRun, claim: ReviewedClaim) -> Mapping[str, SourceDocument]:
    """The documents that the machine's result quotes: those of the report, and those kept for a later check."""
    quoted = sorted({e.document_id for e in claim.machine.evidence})
    known = {**(run.report.documents if run.report else {}), **here.workshop.store.sources(quoted)}
    return {
        e.document_id: known[e.document_id]
        for e in claim.machine.evidence
        if e.document_id in known and known[e.document_id].text[e.start : e.end] == e.quote
    }


def _card(here: Room, claim: ReviewedClaim, item: Evidence, documents: Mapping[str, SourceDocument]) -> None:
    say, reading = here.say, claim.stances.get(item.n, item.stance)
    with st.container(key=f"card-{item.n}", gap="small"):
        st.html(cards.evidence_card(item, claim.machine, documents, say))
        if not work.closed(claim):
            _stance(here, claim, f"stance-{item.n}", say("work.stance", n=item.n), reading, Change(evidence_n=item.n))
        elif reading != item.stance:
            words = say("work.person_stance", n=item.n, stance=say(f"stance.{reading}"))
            st.html(f'<p class="fc-note">{escape(words)}</p>')


def _added(here: Room, claim: ReviewedClaim, item: AddedEvidence) -> None:
    with st.container(key=f"card-added-{item.n}", gap="small"):
        st.html(desk_html.added_card(item, claim, here.say, here.zone))
        if not work.closed(claim):
            title = here.say("work.stance.added", n=desk_html.added_name(item.n))
            _stance(here, claim, f"stance-added-{item.n}", title, item.stance, Change(added_n=item.n))


def _stance(here: Room, claim: ReviewedClaim, name: str, title: str, now: Stance, change: Change) -> None:
    """The stance of a piece of evidence as a person reads it; a choice is recorded at once."""
    key = f"{name}-{claim.run_id}-{claim.claim_id}"
    st.session_state[key] = now

    def choose() -> None:
        chosen: Stance | None = st.session_state.get(key)
        if chosen is not None and chosen != now:
            act(here, claim, "set_stance", change.model_copy(update={"stance": chosen}))

    st.segmented_control(
        title, STANCES, key=key, on_change=choose,
        format_func=lambda stance: f"{STANCE_SYMBOLS[stance]} {here.say(f'stance.{stance}')}",
    )  # fmt: skip


def _matches(here: Room, claim: ReviewedClaim) -> None:
    """Claims checked before: what is very close at once, what is only somewhat close when it is asked for."""
    say = here.say
    strong = [match for match in claim.machine.matches if match.strength == "strong"]
    weak = [match for match in claim.machine.matches if match.strength == "weak"]
    if strong:
        st.html(cards.part_heading(say("work.matches"), say("work.matches.note")))
    for match in strong:
        _match(here, claim, match)
    if weak:
        with st.expander(f"{say('claim.matches')} ({len(weak)})"):
            if not strong:
                st.html(f'<p class="fc-note">{escape(say("work.matches.note"))}</p>')
            for match in weak:
                _match(here, claim, match)


def _match(here: Room, claim: ReviewedClaim, match: Match) -> None:
    with st.container(border=True):
        st.html(f'<ul class="fc-rows">{cards.match(match, here.say)}</ul>')
        if match.label is not None and not work.closed(claim):
            _take(here, claim, match)


def _take(here: Room, claim: ReviewedClaim, match: Match) -> None:
    say, name = here.say, f"match-{match.run_id}-{match.claim_id}"  # a claim of two runs has one id

    def take() -> None:
        reason = room.typed(name, claim)
        if not reason:
            return room.tell("refused", say("work.no_reason"))
        change = Change(match_id=match.claim_id, label=match.label)
        act(here, claim, "take_match", change, reason=reason, clear=(name,))

    st.text_input(say("work.match.reason"), key=draft(name, claim))
    label = f"{SYMBOLS[match.label or 'not_checked']} {say(f'label.{match.label}')}"
    st.button(plain(say("work.match.take", label=label)), key=f"take-{match.run_id}-{match.claim_id}", on_click=take)
