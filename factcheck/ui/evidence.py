"""Evidence that a person brings: from an address, fetched under the guard, or pasted with its source."""

from __future__ import annotations

import logging
from html import escape

import streamlit as st

from factcheck.errors import FactcheckError, InputError
from factcheck.review.values import AddedEvidence, Change, ReviewedClaim
from factcheck.text import locate
from factcheck.types import Document, Stance, latest_day
from factcheck.ui import room
from factcheck.ui.charts import grouped
from factcheck.ui.room import Room, act, draft, typed
from factcheck.ui.strings import Words
from factcheck.ui.theme import STANCE_SYMBOLS

log = logging.getLogger("factcheck.ui")

STANCES: tuple[Stance, ...] = ("supports", "refutes", "neutral")

FIELDS = ("address", "text", "quote", "title", "publisher", "published", "link")
"""Names of the form's fields of text."""


def form(here: Room, claim: ReviewedClaim) -> None:
    """The form that adds a piece of evidence to a claim."""
    say = here.say
    st.html(f'<p class="fc-note">{escape(say("work.evidence.note"))}</p>')
    source = draft("from", claim)
    st.session_state.setdefault(source, "url")
    st.radio(
        say("work.evidence.from"), ("url", "paste"), key=source, horizontal=True,
        format_func=lambda name: say(f"work.evidence.{name}"),
    )  # fmt: skip
    if st.session_state[source] == "url":
        _fetched(here, claim)
    else:
        st.text_area(say("work.evidence.text"), key=draft("text", claim), height=150)
    st.text_area(say("work.evidence.quote"), key=draft("quote", claim), height=90)
    stance = draft("stance", claim)
    st.session_state.setdefault(stance, "supports")
    st.radio(
        say("work.evidence.stance"), STANCES, key=stance, horizontal=True,
        format_func=lambda name: f"{STANCE_SYMBOLS[name]} {say(f'stance.{name}')}",
    )  # fmt: skip
    st.text_input(say("work.evidence.title"), key=draft("title", claim))
    left, right = st.columns(2, vertical_alignment="bottom")
    left.text_input(say("work.evidence.publisher"), key=draft("publisher", claim))
    right.text_input(say("work.evidence.published"), key=draft("published", claim), placeholder="2024-06-19")
    if st.session_state[source] == "paste":
        st.text_input(say("work.evidence.link"), key=draft("link", claim))
    st.button(
        say("work.evidence.submit"), key=f"add-evidence-{claim.claim_id}", on_click=_submit, args=(here, claim)
    )  # fmt: skip


def _fetched(here: Room, claim: ReviewedClaim) -> None:
    say = here.say
    st.text_input(say("work.evidence.address"), key=draft("address", claim), placeholder="https://")
    st.button(
        say("work.evidence.fetch"), key=f"fetch-{claim.claim_id}", on_click=_fetch, args=(here, claim),
        icon=":material/download:",
    )  # fmt: skip
    document: Document | None = st.session_state.get(f"fetched-{claim.run_id}-{claim.claim_id}")
    if document is not None:
        title = document.title or document.url or ""
        told = say("work.evidence.fetched", title=title, n=grouped(len(document.text), say))
        st.html(
            f'<p class="fc-note">{escape(told)}</p><div class="fc-whole" tabindex="0">{escape(document.text)}</div>'
        )


def _fetch(here: Room, claim: ReviewedClaim) -> None:
    """Reads the address and fills the fields with what the source says of itself."""
    from factcheck.read import read_url

    say, state = here.say, st.session_state
    address = typed("address", claim)
    if not address:
        return room.tell("refused", say("error.no_url"))
    try:
        with st.spinner(say("work.evidence.fetching")):
            document = read_url(address, here.settings)
    except FactcheckError as problem:
        return room.tell("refused", say.sentence(str(problem)))
    except Exception as error:  # a reader of ours failed: a sentence for the person, the rest for the log
        log.exception("a source could not be read")
        return room.tell("refused", say("work.evidence.unreadable", kind=type(error).__name__))
    state[f"fetched-{claim.run_id}-{claim.claim_id}"] = document
    for name in ("title", "publisher", "published"):
        state[draft(name, claim)] = getattr(document, name) or ""


def _submit(here: Room, claim: ReviewedClaim) -> None:
    try:
        added = added_evidence(
            here.say,
            {name: typed(name, claim) for name in FIELDS},
            st.session_state[draft("stance", claim)],
            st.session_state.get(f"fetched-{claim.run_id}-{claim.claim_id}")
            if st.session_state[draft("from", claim)] == "url"
            else None,
            fetched=st.session_state[draft("from", claim)] == "url",
        )
    except InputError as problem:
        return room.tell("refused", here.say.sentence(str(problem)))
    if act(here, claim, "add_evidence", Change(added=added), clear=FIELDS):
        st.session_state.pop(f"fetched-{claim.run_id}-{claim.claim_id}", None)


def added_evidence(
    say: Words, given: dict[str, str], stance: Stance, document: Document | None, *, fetched: bool
) -> AddedEvidence:
    """What the form says as a value; its number, its author and its time are the desk's to give.

    Args:
        say: the app's words, for what is refused.
        given: the fields of the form, by name.
        stance: what the source says of the claim.
        document: what was fetched.
        fetched: whether the text is to be the fetched document's and not the one pasted.

    Raises:
        InputError: there is no text, no source or no quote, the quote is not in the text, or the date is none.
    """
    text = (document.text if document else "") if fetched else given["text"]
    if not text:
        raise InputError(say("work.evidence.no_text"))
    if not given["quote"]:
        raise InputError(say("work.evidence.no_quote"))
    place = locate(given["quote"], text)
    if place is None:
        raise InputError(say("work.evidence.not_found"))
    url = (document.url if document else None) if fetched else given["link"] or None
    if not (given["title"] or given["publisher"] or url):
        raise InputError(say("work.evidence.no_source"))
    if given["published"]:
        try:
            latest_day(given["published"])
        except ValueError as error:
            raise InputError(say("work.evidence.no_date", given=given["published"])) from error
    return AddedEvidence(
        n=1,
        text=text,
        quote=text[place.start : place.end],
        start=place.start,
        end=place.end,
        stance=stance,
        title=given["title"] or None,
        publisher=given["publisher"] or None,
        url=url,
        published=given["published"] or None,
        added_by="",
        added_at="",
    )
