"""What the views of the corpus page share: what they work on, how they start work, where a list is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import streamlit as st

from factcheck.settings import Settings
from factcheck.tiers import Tiers
from factcheck.ui.charts import grouped
from factcheck.ui.library import Contents, Library, Opened
from factcheck.ui.strings import Words

PAGE = 20
"""Items of a list on one page."""

Item = TypeVar("Item")


class Shelf(NamedTuple):
    """What the corpus page works on."""

    say: Words
    settings: Settings
    library: Library
    opened: Opened
    contents: Contents
    tiers: Tiers

    @property
    def editing(self) -> bool:
        """Whether this server lets the corpus be looked after from here."""
        return self.settings.desk

    @property
    def writable(self) -> bool:
        """Whether this corpus takes documents and claims: the demo corpus and one of another model do not."""
        return self.editing and not self.opened.demo and self.opened.problem is None


def start(library: Library, begin: Callable[[], bool]) -> None:
    """Starts a job and has this session told what it comes to."""
    if begin():
        st.session_state["watched"] = library.job.number if library.job else None
    else:
        st.session_state["refused"] = True


def open_document(identifier: str, passage: tuple[int, int] | None = None) -> None:
    """Opens a stored document, with a passage of it marked."""
    st.session_state["corpus_view"] = "documents"
    st.session_state["marked"] = (identifier, passage)
    st.query_params["doc"] = identifier


def leave_document() -> None:
    """Goes back to the list."""
    st.query_params.pop("doc", None)
    st.session_state.pop("removing", None)


def keep(*keys: str) -> None:
    """Keeps what fields hold that are not drawn this time; Streamlit would forget it."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def counted(key: str, n: int, say: Words, none: str) -> str:
    """`key.one` or `key.many` with its thousands apart; for nought the text of `none`."""
    return say(none) if n == 0 else say(f"{key}.one") if n == 1 else say(f"{key}.many", n=grouped(n, say))


def paged(items: Sequence[Item], key: str, say: Words) -> Sequence[Item]:
    """The items of the page that a list is at, with the buttons that turn it.

    Args:
        items: all of the list.
        key: of the list; a change of what is listed should change it, so that it begins at its first page.
        say: the app's words.
    """
    last = max(0, (len(items) - 1) // PAGE)
    at = min(st.session_state.get(f"page-{key}", 0), last)
    if last:

        def turn(to: int) -> None:
            st.session_state[f"page-{key}"] = to

        with st.container(horizontal=True, vertical_alignment="center", key="pager"):
            first, end = at * PAGE + 1, min(len(items), (at + 1) * PAGE)
            st.button(say("corpus.previous"), key="previous", disabled=at == 0, on_click=turn, args=(at - 1,))
            st.button(say("corpus.next"), key="next", disabled=at == last, on_click=turn, args=(at + 1,))
            numbers = {"first": grouped(first, say), "last": grouped(end, say), "n": grouped(len(items), say)}
            st.html(f'<p class="fc-note">{say("corpus.page", **numbers)}</p>', width="content")
    return items[at * PAGE : (at + 1) * PAGE]
