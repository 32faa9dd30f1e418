"""What the pages of the desk share: who works there, how an action is done, and how its outcome is told.

What a person types stays in the session under keys that begin with `draft-`, whatever page is drawn, until the action
that it was typed for has succeeded.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, tzinfo
from html import escape
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, unquote, urlencode
from zoneinfo import ZoneInfo

import streamlit as st

from factcheck.errors import FactcheckError, ReviewConflict, ReviewError
from factcheck.review import Desk
from factcheck.review.acts import named
from factcheck.review.values import Action, Change, QueueRow, ReviewedClaim
from factcheck.settings import Settings
from factcheck.ui import desk_html
from factcheck.ui.cards import plain
from factcheck.ui.recheck import Rechecks
from factcheck.ui.strings import Words
from factcheck.ui.theme import GO
from factcheck.workshop import Workshop

COOKIE = "factcheck_reviewer"
"""Where a browser keeps its reviewer's name, for a year."""

KEPT = ("draft-", "desk-")
"""Beginnings of the keys of fields that outlive a visit to another page."""

LONGEST_NAME = 80

ROW_CHARS = 220
"""Characters of a claim in a list; its own page has the whole."""


class Room(NamedTuple):
    """What a page of the desk needs."""

    desk: Desk
    workshop: Workshop
    settings: Settings
    say: Words
    who: str
    """The reviewer's name, or nothing where none is given yet."""
    zone: tzinfo
    desk_page: Any
    """What `st.Page` gave for the desk; its class has another name in every version of Streamlit."""
    claim_page: Any
    check_page: Any
    rechecks: Rechecks

    def to_claim(self, run_id: str, claim_id: str) -> dict[str, str]:
        """The address of a claim, after that of its page."""
        return {"run": run_id, "claim": claim_id, **self.language}

    @property
    def language(self) -> dict[str, str]:
        """What an address says of the app's language: nothing where it is the usual one."""
        return {} if self.say.language == "en" else {"lang": self.say.language}


class Told(NamedTuple):
    """The outcome of the last action, for the next time the page is drawn."""

    kind: Literal["saved", "refused", "stale"]
    sentence: str


def keep_language(say: Words) -> None:
    """Puts the language into the address where it is not the usual one, so that a link opens in it.

    The address is left alone otherwise: whatever is written to it becomes a step of the browser's way back.
    """
    if st.query_params.get("lang", "en") != say.language:
        st.query_params["lang"] = say.language


def keep_fields() -> None:
    """Holds on to what was typed and chosen on pages that are not drawn now; Streamlit would forget it."""
    for key in list(st.session_state):
        if str(key).startswith(KEPT):
            st.session_state[key] = st.session_state[key]


def reviewer(say: Words, settings: Settings) -> str:
    """The field for the reviewer's name in the sidebar; who is logged in has their name from there.

    Returns:
        The name, of at most 80 characters, or nothing where none is given.
    """
    name = _logged_in()
    with st.sidebar:
        if name:
            st.html(f'<p class="fc-note">{escape(say("sidebar.reviewer.as", who=name))}</p>')
            return name
        if "reviewer" not in st.session_state:
            st.session_state.reviewer = (_remembered() or settings.reviewer or "")[:LONGEST_NAME]
        typed = st.text_input(
            say("sidebar.reviewer"),
            key="reviewer",
            max_chars=LONGEST_NAME,
            placeholder=say("sidebar.reviewer.hint"),
            help=say("sidebar.reviewer.why"),
            autocomplete="name",
        )
        try:
            name = named(typed) if typed.strip() else ""
        except ReviewError as problem:
            st.error(plain(say.sentence(str(problem))))
            name = ""
        if name and st.session_state.get("remembered") != name:
            st.html(_remember(name), unsafe_allow_javascript=True)
            st.session_state.remembered = name
    return name


def _logged_in() -> str:
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return ""
    return " ".join(str(user.get("name") or user.get("email") or "").split())[:LONGEST_NAME]


def _remembered() -> str:
    cookie = st.context.cookies.get(COOKIE)
    return unquote(cookie) if isinstance(cookie, str) else ""


def _remember(name: str) -> str:
    """A script that stores the name as a cookie. Percent-encoded, it holds letters, digits and `%_.-~` alone."""
    cookie = f"{COOKIE}={quote(name, safe='')}; path=/; max-age=31536000; SameSite=Strict"
    return f"<script>document.cookie = {json.dumps(cookie)}</script>"


def browser_zone() -> tzinfo:
    """The time zone of the browser, else UTC."""
    try:
        return ZoneInfo(st.context.timezone or "UTC") if st.context.timezone else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def draft(name: str, claim: ReviewedClaim) -> str:
    """The key of a field that belongs to one claim."""
    return f"draft-{name}-{claim.run_id}-{claim.claim_id}"


def typed(name: str, claim: ReviewedClaim) -> str:
    """What stands in a field of one claim, trimmed."""
    return str(st.session_state.get(draft(name, claim)) or "").strip()


def opened(claim: ReviewedClaim) -> int:
    """The version of the claim that the person has seen: the one from when the page was opened, or agreed to since."""
    if st.session_state.get("open-claim") != (claim.run_id, claim.claim_id):
        st.session_state["open-claim"] = (claim.run_id, claim.claim_id)
        st.session_state["open-version"] = claim.version
    return int(st.session_state["open-version"])


def see(claim: ReviewedClaim) -> None:
    """Takes note that the person has seen the claim as it is now."""
    st.session_state["open-version"] = claim.version


def leave(room: Room) -> None:
    """Takes note that no claim is open any more."""
    where = st.session_state.pop("open-claim", None)
    if where is not None and room.who:
        run_id, claim_id = where
        room.desk.left(run_id, claim_id, room.who)


def act(
    room: Room,
    claim: ReviewedClaim,
    action: Action,
    change: Change | None = None,
    *,
    reason: str | None = None,
    clear: Sequence[str] = (),
) -> bool:
    """Does an action on the claim as the person has seen it, and keeps its outcome for `outcome`.

    Args:
        room: the desk and who works at it.
        claim: the claim as it was drawn.
        action: what to do.
        change: what the action needs.
        reason: why.
        clear: names of the claim's fields to empty once the action has succeeded.

    Returns:
        Whether it was done.
    """
    if not room.who:
        tell("refused", room.say("work.who"))
        return False

    def do() -> ReviewedClaim:
        version = st.session_state.get("open-version", claim.version)
        return room.desk.act(
            claim.run_id, claim.claim_id, action, change or Change(), who=room.who, version=version, reason=reason
        )

    return attempt(room, do, [draft(name, claim) for name in clear])


def attempt(room: Room, do: Callable[[], ReviewedClaim], clear: Sequence[str] = ()) -> bool:
    """Runs what changes a claim, tells the outcome, and empties fields on success. Returns whether it succeeded."""
    try:
        after = do()
    except ReviewConflict:
        tell("stale", room.say("work.stale.refused"))
        return False
    except FactcheckError as problem:
        tell("refused", room.say.sentence(str(problem)))
        return False
    see(after)
    for key in clear:  # set rather than removed: the browser would keep showing what was typed
        st.session_state[key] = "" if isinstance(st.session_state.get(key), str) else None
    tell("saved", room.say("work.saved"))
    return True


def tell(kind: Literal["saved", "refused", "stale"], sentence: str) -> None:
    """Keeps the outcome of an action until it is shown."""
    st.session_state["told"] = Told(kind, sentence)


def outcome() -> None:
    """Shows the outcome of the last action, once: over the page, and a refusal in its place too."""
    told: Told | None = st.session_state.pop("told", None)
    if told is None:
        return
    st.toast(plain(told.sentence), icon=":material/check:" if told.kind == "saved" else ":material/error:")
    if told.kind != "saved":
        st.error(plain(told.sentence))


def go(run_id: str | None = None, claim_id: str | None = None) -> None:
    """Points the address of the page that is open at a run or a claim, or at none.

    A link to the page that is open already would draw it anew and leave the browser's address as it was.
    """
    for name, value in (("run", run_id), ("claim", claim_id)):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def claim_rows(here: Room, items: Sequence[QueueRow], *, numbers: Mapping[str, int] | None = None) -> None:
    """The claims of a list: each one's text, which opens it, above its verdict, state and source.

    They are one block of HTML: three of Streamlit's elements for each kept the browser at work twice as long.

    Args:
        here: the desk.
        items: the claims.
        numbers: the claims' numbers in their article, where only that article's are listed.
    """
    several = len(st.session_state.get("queue-languages", ())) > 1
    rows = "".join(
        desk_html.entry(
            item,
            here.say,
            f"claim?{urlencode(here.to_claim(item.run_id, item.claim_id))}",
            textwrap.shorten(item.text, ROW_CHARS, placeholder=" …") or "…",
            listed=numbers is not None,
            number=None if numbers is None else numbers.get(item.claim_id),
            language=numbers is None and several,
        )
        for item in items
    )
    st.html(f'<ul class="fc-queue">{rows}</ul>')
    st.html(GO, unsafe_allow_javascript=True)
