"""The list of documents, and one document with its stored text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from factcheck.corpus import Entry
from factcheck.types import Document, latest_day
from factcheck.ui import corpus_html
from factcheck.ui.cards import part_heading, plain
from factcheck.ui.charts import grouped
from factcheck.ui.corpus_state import Shelf, counted, keep, leave_document, open_document, paged, start

ORDERS = ("added", "newest", "oldest", "title")

_ONLY: dict[str, Callable[[Entry], bool]] = {
    "undated": lambda entry: entry.dated is None,
    "marked": lambda entry: entry.reliability is not None,
}


def documents_view(shelf: Shelf) -> None:
    """One document where the address names one, else the list."""
    if identifier := st.query_params.get("doc"):
        keep("find", "find-language", "find-order", "find-only")
        _document(shelf, identifier)
    elif shelf.contents.entries:
        _list(shelf)


def listed(
    entries: Sequence[Entry], words: str, language: str | None, only: Sequence[str], order: str
) -> tuple[Entry, ...]:
    """The documents that fit, in order.

    Args:
        entries: all of them, the one added last first.
        words: each must occur in title, publisher or address, whatever the case.
        language: its code; None takes any.
        only: names of conditions, `undated` and `marked`, that all must hold.
        order: one of `ORDERS`.
    """
    wanted = words.casefold().split()

    def fits(entry: Entry) -> bool:
        if language is not None and entry.language != (language or None):
            return False
        said = " ".join(filter(None, (entry.title or entry.begins, entry.publisher, entry.url))).casefold()
        return all(word in said for word in wanted) and all(_ONLY[name](entry) for name in only)

    found = [entry for entry in entries if fits(entry)]
    if order == "title":
        found.sort(key=lambda entry: corpus_html.title(entry).casefold())
    elif order in ("newest", "oldest"):
        dated = sorted(
            (e for e in found if e.dated), key=lambda e: latest_day(e.dated or ""), reverse=order == "newest"
        )
        found = [*dated, *(entry for entry in found if not entry.dated)]
    return tuple(found)


def _list(shelf: Shelf) -> None:
    say, entries = shelf.say, shelf.contents.entries
    what, which, how = st.columns([3, 1.2, 1.4], vertical_alignment="bottom")
    words = what.text_input(say("corpus.find"), key="find")
    codes = [code for code in shelf.contents.info.languages if code != "unknown"]
    language = which.selectbox(
        say("corpus.language"),
        [None, *codes],
        key="find-language",
        format_func=lambda code: corpus_html.language(code, say) if code else say("corpus.all"),
    )
    order = how.selectbox(
        say("corpus.order"), ORDERS, key="find-order", format_func=lambda name: say(f"corpus.order.{name}")
    )
    only = _conditions(shelf, entries)
    found = listed(entries, words, language, only, order)
    st.html(f'<p class="fc-meta">{escape(counted("corpus.found", len(found), say, "corpus.nothing"))}</p>')
    key = hashlib.sha256(repr((words, language, only, order)).encode()).hexdigest()[:8]
    with st.container(key="rows"):
        for entry in paged(found, key, say):
            _row(entry, shelf)


def _conditions(shelf: Shelf, entries: Sequence[Entry]) -> list[str]:
    """The conditions chosen, of those that some document meets."""
    counts = {name: sum(map(holds, entries)) for name, holds in _ONLY.items()}
    there = [name for name, n in counts.items() if n]
    if not there:
        return []
    return st.pills(
        shelf.say("corpus.only"),
        there,
        selection_mode="multi",
        key="find-only",
        format_func=lambda name: shelf.say(f"corpus.only.{name}", n=grouped(counts[name], shelf.say)),
    )


def _row(entry: Entry, shelf: Shelf) -> None:
    with st.container(key=f"row-{entry.id}", gap=None):
        st.button(
            plain(corpus_html.title(entry)),
            key=f"doc-{entry.id}",
            type="tertiary",
            on_click=open_document,
            args=(entry.id,),
        )
        st.html(corpus_html.row(entry, shelf.tiers, shelf.say))


def _document(shelf: Shelf, identifier: str) -> None:
    say = shelf.say
    st.button(say("corpus.back"), key="back", type="tertiary", icon=":material/arrow_back:", on_click=leave_document)
    document = shelf.opened.corpus.document(identifier)
    if document is None:
        st.warning(say("corpus.gone"))
        return
    entry = next((one for one in shelf.contents.entries if one.id == identifier), None)
    st.html(f'<h2 class="fc-subtitle">{escape(corpus_html.title(document))}</h2>')
    for note in _notes(document, shelf):
        st.warning(note)
    st.html(corpus_html.source(document, entry, shelf.tiers, say))
    if shelf.writable:
        _remove(document, shelf)
    _text(document, shelf)


def _notes(document: Document, shelf: Shelf) -> list[str]:
    found = []
    if document.public_from is None:
        found.append(shelf.say("corpus.undated.note" if shelf.writable else "corpus.undated.note.closed"))
    if document.reliability:
        found.append(shelf.say(f"corpus.reliability.{document.reliability}.note"))
    return found


def _text(document: Document, shelf: Shelf) -> None:
    say = shelf.say
    marked_in, place = st.session_state.get("marked", (None, None))
    place = place if marked_in == document.id and place and place[1] <= corpus_html.SHOWN else None
    note = say("corpus.text.marked") if place else ""
    if len(document.text) > corpus_html.SHOWN:
        note = f"{note} {say('corpus.text.cut', n=grouped(corpus_html.SHOWN, say))}".strip()
    st.html(part_heading(say("corpus.text"), note) + corpus_html.stored(document, place))


def _remove(document: Document, shelf: Shelf) -> None:
    """Asks before it removes."""
    say, library = shelf.say, shelf.library

    def ask(yes: bool) -> None:
        st.session_state["removing"] = document.id if yes else None

    def remove() -> None:
        start(library, lambda: library.remove(shelf.opened.corpus, [document.id]))
        leave_document()

    if st.session_state.get("removing") != document.id:
        st.button(
            say("corpus.remove"),
            key="remove",
            icon=":material/delete:",
            disabled=library.busy,
            on_click=ask,
            args=(True,),
        )
        return
    with st.container(key="sure", border=True):
        st.html(f"<p>{escape(say('corpus.remove.sure', title=corpus_html.title(document)))}</p>")
        with st.container(horizontal=True):
            st.button(
                say("corpus.remove.yes"), key="remove-yes", type="primary", disabled=library.busy, on_click=remove
            )
            st.button(say("corpus.remove.no"), key="remove-no", on_click=ask, args=(False,))
