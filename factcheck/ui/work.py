"""The work on one claim: decide, sign off, publish, correct, edit, drop, check again, add evidence, note."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from factcheck.errors import SettingsError
from factcheck.report import SYMBOLS
from factcheck.review.acts import same_person
from factcheck.review.values import Action, Change, ReviewedClaim
from factcheck.store import StoredRun
from factcheck.types import LABELS
from factcheck.ui import cards, desk_html, evidence, room
from factcheck.ui.article import place_of
from factcheck.ui.cards import plain
from factcheck.ui.form import session_settings
from factcheck.ui.room import Room, act, draft, typed
from factcheck.ui.strings import Words

POLL_SECONDS = 1.0


def closed(claim: ReviewedClaim) -> bool:
    """Whether a claim must be restored or put in correction before anything of it is changed."""
    return claim.dropped or claim.state == "published"


def panel(here: Room, run: StoredRun, claim: ReviewedClaim) -> None:
    """Everything that can be done to a claim, the likely next step first."""
    say = here.say
    st.html(
        f'<div id="decision">{cards.part_heading(say("work.decision"))}</div>'
        f'<p class="fc-note">{escape(_hint(here, claim))}</p>'
    )
    with st.container(key="told"):
        room.outcome()
        if not here.who:
            st.info(say("work.who"), icon=":material/person:")
    with st.container(key="step"):
        if claim.dropped:
            _button(here, claim, "restore", _simply(here, claim, "restore"), primary=True)
        elif claim.state == "published":
            _correct(here, claim)
        else:
            _sign(here, claim)
            _accept(here, claim)
    if not closed(claim):
        _decide(here, claim)
        with st.expander(say("work.evidence"), icon=":material/add_link:"):
            evidence.form(here, claim)
        with st.expander(say("work.recheck"), icon=":material/refresh:"):
            _recheck(here, claim)
        with st.expander(say("work.edit"), icon=":material/edit:"):
            _edit(here, run, claim)
        with st.expander(say("work.drop"), icon=":material/block:"):
            _drop(here, claim)
    _notes(here, claim)


def _button(here: Room, claim: ReviewedClaim, name: str, do: Callable[[], None], *, primary: bool = False) -> None:
    st.button(
        here.say(f"work.{name}"), key=f"{name}-{claim.claim_id}", on_click=do,
        type="primary" if primary else "secondary",
    )  # fmt: skip


def _simply(here: Room, claim: ReviewedClaim, action: Action) -> Callable[[], None]:
    """Does an action that needs nothing beside a click."""

    def do() -> None:
        act(here, claim, action)

    return do


def _hint(here: Room, claim: ReviewedClaim) -> str:
    say = here.say
    if claim.state == "reviewed":
        return say("work.hint.reviewed", who=claim.signed_by or "")
    if claim.state == "in_review" and claim.decided_by:
        return say("work.hint.decided" if here.desk.two_people else "work.hint.decided_one", who=claim.decided_by)
    return say(f"work.hint.{claim.state}")


def _named(label: str, say: Words) -> str:
    return f"{SYMBOLS[label]} {say(f'label.{label}')}"


def _accept(here: Room, claim: ReviewedClaim) -> None:
    say, machine = here.say, claim.machine.label
    first = claim.decided_by is None
    if machine is not None and not claim.edited and not (claim.decided_by and claim.label == machine):
        st.button(
            plain(say("work.accept", label=_named(machine, say))), key=f"accept-{claim.claim_id}",
            on_click=_simply(here, claim, "accept"), type="primary" if first else "secondary",
        )  # fmt: skip


def _decide(here: Room, claim: ReviewedClaim) -> None:
    say = here.say

    def decide() -> None:
        label, reason = st.session_state.get(draft("label", claim)), typed("reason", claim)
        if label is None:
            return room.tell("refused", say("work.no_verdict"))
        if not reason:
            return room.tell("refused", say("work.no_reason"))
        act(here, claim, "set_verdict", Change(label=label), reason=reason, clear=("label", "reason"))

    with st.container(border=True, key="verdict"):
        st.radio(
            say("work.verdict"), LABELS, index=None, key=draft("label", claim),
            format_func=lambda label: plain(_named(label, say)),
        )  # fmt: skip
        st.text_area(say("work.reason"), key=draft("reason", claim), height=90, placeholder=say("work.reason.hint"))
        _button(here, claim, "set", decide)


def _sign(here: Room, claim: ReviewedClaim) -> None:
    say = here.say
    if claim.state == "reviewed":
        _button(here, claim, "publish", _simply(here, claim, "publish"), primary=True)
        return
    if claim.decided_by is None:
        return
    own = here.desk.two_people and same_person(claim.decided_by, here.who)
    st.button(
        say("work.sign"), key=f"sign-{claim.claim_id}", on_click=_simply(here, claim, "sign_off"),
        type="primary", disabled=own, icon=":material/verified:",
    )  # fmt: skip
    if own:
        st.html(f'<p class="fc-note">{escape(say("work.sign.second"))}</p>')


def _correct(here: Room, claim: ReviewedClaim) -> None:
    def correct() -> None:
        reason = typed("correct", claim)
        if not reason:
            return room.tell("refused", here.say("work.no_reason"))
        act(here, claim, "correct", reason=reason, clear=("correct",))

    st.text_area(here.say("work.correct.reason"), key=draft("correct", claim), height=90)
    _button(here, claim, "correct", correct, primary=True)


def _edit(here: Room, run: StoredRun, claim: ReviewedClaim) -> None:
    say, text, words = here.say, draft("edit-text", claim), draft("edit-words", claim)
    st.session_state.setdefault(text, claim.text)
    st.session_state.setdefault(words, claim.source_text)

    def edit() -> None:
        if not typed("edit-text", claim):
            return room.tell("refused", say("work.no_claim"))
        change = Change(text=typed("edit-text", claim))
        if typed("edit-words", claim) != claim.source_text.strip():
            place = place_of(typed("edit-words", claim), run.document.text, claim.start)
            if place is None:
                return room.tell("refused", say("work.no_words"))
            where = {"start": place.start, "end": place.end, "source_text": place.of(run.document.text)}
            change = change.model_copy(update=where)
        if act(here, claim, "edit_claim", change):
            for key in (text, words):
                del st.session_state[key]

    st.html(f'<p class="fc-note">{escape(say("work.edit.note"))}</p>')
    st.text_area(say("work.edit.text"), key=text, height=110)
    st.text_area(say("work.edit.words"), key=words, height=110)
    st.button(say("work.edit.submit"), key=f"edit-{claim.claim_id}", on_click=edit)


def _drop(here: Room, claim: ReviewedClaim) -> None:
    def drop() -> None:
        reason = typed("drop", claim)
        if not reason:
            return room.tell("refused", here.say("work.no_reason"))
        act(here, claim, "drop", reason=reason, clear=("drop",))

    st.html(f'<p class="fc-note">{escape(here.say("work.drop.note"))}</p>')
    st.text_area(here.say("work.reason"), key=draft("drop", claim), height=90)
    _button(here, claim, "drop", drop)


def _recheck(here: Room, claim: ReviewedClaim) -> None:
    say = here.say

    def ask() -> None:
        if not here.who:
            return room.tell("refused", say("work.who"))
        judge = st.session_state.get("judge", {"mode": here.settings.mode})
        try:
            settings = session_settings(here.settings, judge, say, lift=here.settings.lift_time_rule)
        except SettingsError as problem:
            return room.tell("refused", say.sentence(str(problem)))
        here.rechecks.ask(claim, settings, here.who)

    st.html(f'<p class="fc-note">{escape(say("work.recheck.note"))}</p>')
    running = here.rechecks.running(claim)
    st.button(say("work.recheck.go"), key=f"recheck-{claim.claim_id}", on_click=ask, disabled=running)


def recheck_progress(here: Room, claim: ReviewedClaim) -> None:
    """That the machine checks the claim again, drawn anew every second, and what became of it, told once."""
    say = here.say

    @st.fragment(run_every=POLL_SECONDS)
    def live() -> None:
        if here.rechecks.running(claim):
            st.info(say("work.recheck.running"), icon=":material/hourglass_top:")
        else:
            st.rerun()

    if here.rechecks.running(claim):
        live()
        return
    ended = here.rechecks.take(claim)
    if ended is None:
        return
    if ended.state == "done":
        st.success(say("work.recheck.done"), icon=":material/check:")
    elif ended.state == "changed":
        st.warning(say("work.recheck.changed"))
    else:
        st.error(plain(say("work.recheck.failed", why=ended.why)))


def _notes(here: Room, claim: ReviewedClaim) -> None:
    say = here.say

    def note() -> None:
        words = typed("note", claim)
        if not words:
            return room.tell("refused", say("work.no_note"))
        act(here, claim, "note", reason=words, clear=("note",))

    st.html(cards.part_heading(say("work.notes")))
    if claim.notes:
        st.html(desk_html.notes(claim.notes, say, here.zone))
    st.text_area(say("work.note"), key=draft("note", claim), height=90)
    _button(here, claim, "note.add", note)
