"""Claims checked before: the list, and the import of other people's reviews."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from factcheck.checked import Checked
from factcheck.claimreview import BadReview, Review, load_reviews
from factcheck.errors import ReadError
from factcheck.ui import corpus_html
from factcheck.ui.cards import part_heading, plain
from factcheck.ui.corpus_add import bad_list, fresh_key, used
from factcheck.ui.corpus_state import Shelf, counted, paged, start


def claims_view(shelf: Shelf) -> None:
    """The import and the list."""
    say = shelf.say
    st.html(f'<p class="fc-note">{escape(say("corpus.claims.lead"))}</p>')
    if shelf.writable:
        _import(shelf)
    elif shelf.editing and shelf.opened.demo:
        st.html(f'<p class="fc-note">{escape(say("corpus.claims.demo"))}</p>')
    if not shelf.contents.checked:
        st.html(f'<p class="fc-note">{escape(say("corpus.claims.none"))}</p>')
        return
    words = st.text_input(say("corpus.claims.find"), key="find-claims")
    found = fitting(shelf.contents.checked, words)
    st.html(
        f'<p class="fc-meta">{escape(counted("corpus.claims.found", len(found), say, "corpus.claims.nothing"))}</p>'
    )
    key = "claims-" + hashlib.sha256(words.encode()).hexdigest()[:8]
    with st.container(key="claims"):
        for claim in paged(found, key, say):
            _claim(claim, shelf)


def fitting(claims: Sequence[Checked], words: str) -> tuple[Checked, ...]:
    """The claims in whose text, publisher or rating every word occurs, whatever the case."""
    wanted = words.casefold().split()

    def said(claim: Checked) -> str:
        return " ".join(filter(None, (claim.text, claim.publisher, claim.rating))).casefold()

    return tuple(claim for claim in claims if all(word in said(claim) for word in wanted))


def _claim(claim: Checked, shelf: Shelf) -> None:
    say, library = shelf.say, shelf.library
    with st.container(key=f"claim-{claim.id}", gap=None):
        st.html(corpus_html.checked(claim, say))
        if not shelf.writable:
            return

        def ask(yes: bool) -> None:
            st.session_state["forgetting"] = claim.id if yes else None

        def forget() -> None:
            start(library, lambda: library.forget(shelf.opened.corpus, [claim.id]))
            ask(False)

        if st.session_state.get("forgetting") != claim.id:
            st.button(
                say("corpus.claims.remove"),
                key=f"forget-{claim.id}",
                type="tertiary",
                disabled=library.busy,
                on_click=ask,
                args=(True,),
            )
            return
        with st.container(key="sure", border=True):
            st.html(f"<p>{escape(say('corpus.claims.remove.sure', text=claim.text))}</p>")
            with st.container(horizontal=True):
                st.button(say("corpus.remove.yes"), key="forget-yes", type="primary", on_click=forget)
                st.button(say("corpus.remove.no"), key="forget-no", on_click=ask, args=(False,))


def _import(shelf: Shelf) -> None:
    say, library = shelf.say, shelf.library
    st.html(part_heading(say("corpus.claims.import")))
    upload = st.file_uploader(
        say("corpus.claims.upload"), type=("json", "jsonl", "ndjson"), key=fresh_key("reviews-file")
    )
    if upload is None:
        return
    read = _read(upload.file_id, upload.name, upload.getvalue())
    reviews = [item for item in read if isinstance(item, Review)]
    bad = [item for item in read if isinstance(item, BadReview)]
    st.html(f'<p class="fc-count"><b>{escape(say.count("corpus.claims.read", len(reviews)))}</b></p>')
    bad_list([(item.place, item.reason) for item in bad], say)

    def go() -> None:
        start(library, lambda: library.import_reviews(shelf.opened.corpus, reviews))
        used("reviews-file")

    st.button(say("corpus.claims.go"), key="import", type="primary", disabled=not reviews or library.busy, on_click=go)


def _read(file_id: str, name: str, data: bytes) -> tuple[Review | BadReview, ...]:
    """The reviews in an upload, read once."""
    kept: tuple[str, tuple[Review | BadReview, ...]] | None = st.session_state.get("reviews-read")
    if kept and kept[0] == file_id:
        return kept[1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"upload{Path(name).suffix.lower()}")
        path.write_bytes(data)
        try:
            read: tuple[Review | BadReview, ...] = tuple(load_reviews(path))
        except ReadError as problem:
            st.error(plain(str(problem).replace(str(path), name)))
            return ()
    read = tuple(
        BadReview(place=one.place.replace(str(path), name), reason=one.reason.replace(str(path), name))
        if isinstance(one, BadReview)
        else one
        for one in read
    )
    st.session_state["reviews-read"] = (file_id, read)
    return read
