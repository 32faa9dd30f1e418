"""The examination of the corpus, and its repair."""

from __future__ import annotations

from html import escape

import streamlit as st

from factcheck.ui import corpus_html
from factcheck.ui.corpus_state import Shelf, start


def health_view(shelf: Shelf) -> None:
    """What the last examination found, and the buttons that examine and repair."""
    say, library, corpus = shelf.say, shelf.library, shelf.opened.corpus
    st.html(f'<p class="fc-note">{escape(say("corpus.health.lead"))}</p>')
    found = library.examined if library.examined and library.examined.place == corpus.directory else None
    st.button(
        say("corpus.health.again" if found else "corpus.health.go"),
        key="examine",
        type="secondary" if found else "primary",
        icon=":material/stethoscope:",
        disabled=library.busy,
        on_click=start,
        args=(library, lambda: library.examine(corpus)),
    )
    if found is None:
        return
    when = say("corpus.health.when", date=say.date(found.at.date().isoformat()), time=f"{found.at:%H:%M}")
    if found.health.snapshot and found.health.snapshot != corpus.snapshot:
        when += f" {say('corpus.health.changed')}"
    st.html(f'<p class="fc-meta">{escape(when)}</p>{corpus_html.health(found.health, say)}')
    mendable = any(trouble.mendable for trouble in found.health.troubles)
    if not mendable:
        return
    if found.health.mended:
        st.warning(say("corpus.health.left"))
    st.button(
        say("corpus.health.repair"),
        key="repair",
        type="primary",
        icon=":material/build:",
        disabled=library.busy,
        on_click=start,
        args=(library, lambda: library.repair(corpus)),
    )
    st.html(f'<p class="fc-note">{escape(say("corpus.health.repair.note"))}</p>')
