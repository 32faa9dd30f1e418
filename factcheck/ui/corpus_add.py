"""Adding documents: files are read and shown before anything is added; a pasted text gets its source fields."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from factcheck.corpus import BadFile, load_documents
from factcheck.errors import FactcheckError, InputError
from factcheck.read import SUFFIXES, read_text
from factcheck.types import Document, latest_day
from factcheck.ui import charts, corpus_html
from factcheck.ui.cards import plain
from factcheck.ui.charts import grouped
from factcheck.ui.corpus_state import Shelf, start
from factcheck.ui.strings import Words

WAYS = ("files", "paste")
TYPES = tuple(sorted({suffix.removeprefix(".") for suffix in SUFFIXES} | {"jsonl", "ndjson"}))
STANDINGS = ("disputed", "superseded", "weak_source")
_SHOWN = 12
"""Documents of an upload, and files that cannot be used, that are named."""


def add_view(shelf: Shelf) -> None:
    """Files or a pasted text; why there is neither in a corpus that is read-only is said above."""
    say = shelf.say
    if not shelf.writable:
        return
    way = st.segmented_control(
        say("corpus.add.how"), WAYS, default="files", key="add-how", format_func=lambda name: say(f"corpus.add.{name}")
    )
    with st.container(key="add"):
        if way == "paste":
            _paste(shelf)
        else:
            _files(shelf)


# files


def _files(shelf: Shelf) -> None:
    say, library = shelf.say, shelf.library
    uploads = st.file_uploader(
        say("corpus.add.upload"), type=TYPES, accept_multiple_files=True, key=fresh_key("add-files")
    )
    st.html(f'<p class="fc-note">{escape(say("corpus.add.upload.hint"))}</p>')
    if not uploads:
        return
    with st.spinner(say("corpus.add.reading")):
        read = _read([(one.file_id, one.name, one.getvalue()) for one in uploads])
    documents = [item for item in read if isinstance(item, Document)]
    bad = [item for item in read if isinstance(item, BadFile)]
    st.html(f'<p class="fc-count"><b>{escape(say.count("corpus.add.read", len(documents)))}</b></p>')
    places = [say("corpus.add.bad.line", name=one.path, line=one.line) if one.line else one.path for one in bad]
    bad_list([(place, one.reason) for place, one in zip(places, bad, strict=True)], say)
    problem = st.empty()
    if documents:
        try:
            documents = filled(documents, _gaps(documents, say))
        except InputError as error:
            problem.error(plain(say.sentence(str(error))))
            return
        st.html(_preview(documents, say))

    def go() -> None:
        start(library, lambda: library.add(shelf.opened.corpus, documents))
        used("add-files")

    st.button(say("corpus.add.go"), key="add-go", type="primary", disabled=not documents or library.busy, on_click=go)


def _read(uploads: Sequence[tuple[str, str, bytes]]) -> tuple[Document | BadFile, ...]:
    """The documents in the uploads, read once; a bad file is named as it was uploaded."""
    key = tuple(identifier for identifier, _, _ in uploads)
    kept: tuple[Any, tuple[Document | BadFile, ...]] | None = st.session_state.get("files-read")
    if kept and kept[0] == key:
        return kept[1]
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, name, data) in enumerate(uploads):
            place = Path(folder, f"{number:04}")
            place.mkdir()
            (place / safe_name(name)).write_bytes(data)
        read = tuple(_named(item, folder) for item in load_documents(Path(folder)))
    st.session_state["files-read"] = (key, read)
    return read


def safe_name(name: str) -> str:
    """The last part of an upload's name, as a file that a directory listing does not hide."""
    last = name.replace("\\", "/").rpartition("/")[2].replace("\x00", "").lstrip(".")
    stem, suffix = Path(last).stem[:100], Path(last).suffix[:12]
    return f"{stem}{suffix}" or "upload"


def _named(item: Document | BadFile, folder: str) -> Document | BadFile:
    """A bad file by the name it was uploaded under, without the place it was read from."""
    if isinstance(item, Document):
        return item
    prefix = f"{folder}/"
    reason = item.reason
    for path in {word.strip("',.:;") for word in reason.split() if prefix in word}:
        reason = reason.replace(path, path.rpartition("/")[2])
    return item.model_copy(update={"path": item.path.rpartition("/")[2], "reason": reason})


def _gaps(documents: Sequence[Document], say: Words) -> dict[str, Any]:
    """What the user fills in for documents that do not say it: fields by name, checked.

    Raises:
        InputError: one of them cannot be used.
    """
    undated = sum(document.public_from is None for document in documents)
    nameless = sum(document.publisher is None for document in documents)
    if undated or nameless:
        lacking = say("corpus.add.lacking", undated=grouped(undated, say), nameless=grouped(nameless, say))
        st.html(f'<p class="fc-not">{escape(lacking)}</p>')
    one = documents[0] if len(documents) == 1 else None
    names = ["publisher"] if nameless else []
    names += ["title"] if one and not one.title else []
    names += ["url"] if one and not one.url else []
    names += ["published", "available_from"] if undated else []
    if not names:
        return {}
    with st.expander(say("corpus.add.fill"), expanded=bool(undated)):
        return checked_fields(_fields(names, "gap", say), say)


def filled(documents: Iterable[Document], fields: Mapping[str, str]) -> list[Document]:
    """The documents with what they do not say put in; a date of either kind leaves both as they are."""
    made = []
    for document in documents:
        new = {
            name: value
            for name, value in fields.items()
            if not getattr(document, name)
            and not (name in ("published", "available_from") and document.public_from is not None)
        }
        if not new:
            made.append(document)
            continue
        known = document.model_dump(exclude={"id", "text"})
        own_id = document.id != Document.from_text(document.text, **known).id
        after = Document.from_text(document.text, **{**known, **new})
        made.append(after.model_copy(update={"id": document.id}) if own_id else after)
    return made


def _preview(documents: Sequence[Document], say: Words) -> str:
    rows = []
    for document in documents[:_SHOWN]:
        known = document.published or document.available_from
        badge = "" if known else f'<span class="fc-badge">{escape(say("corpus.badge.undated"))}</span> '
        pieces = [
            document.publisher,
            say.date(known) if known else None,
            corpus_html.language(document.language, say) if document.language else None,
        ]
        about = escape(" · ".join(piece for piece in pieces if piece))
        rows.append(f"<li>{escape(corpus_html.title(document))}<small>{badge}{about}</small></li>")
    if (rest := len(documents) - _SHOWN) > 0:
        rows.append(f"<li>{escape(say('corpus.add.more', n=grouped(rest, say)))}</li>")
    return f'<ul class="fc-rows">{"".join(rows)}</ul>'


def bad_list(bad: Sequence[tuple[str, str]], say: Words) -> None:
    """What cannot be used, each with its place and the reason."""
    if not bad:
        return
    rows = "".join(
        f"<li><b>{escape(place)}</b><small>{escape(say.sentence(reason))}</small></li>"
        for place, reason in bad[:_SHOWN]
    )
    if (rest := len(bad) - _SHOWN) > 0:
        rows += f"<li>{escape(say('corpus.add.more', n=grouped(rest, say)))}</li>"
    title = say("corpus.add.bad", n=grouped(len(bad), say))
    st.html(charts.folded(title, f'<ul class="fc-rows">{rows}</ul>'))


# a pasted text


def _paste(shelf: Shelf) -> None:
    say, library = shelf.say, shelf.library
    turn = st.session_state.get("turn-paste", 0)
    with st.form(f"paste-{turn}", border=False):
        text = st.text_area(say("corpus.add.text"), key=f"paste-text-{turn}", height=240)
        fields = _fields(["title", "publisher", "url", "published", "available_from"], f"paste-{turn}", say)
        with st.expander(say("corpus.add.further")):
            fields |= _fields(["author", "source_family"], f"paste-{turn}", say)
            fields |= _choices(turn, say)
        pressed = st.form_submit_button(say("corpus.add.go"), type="primary", key=f"paste-go-{turn}")
    if not pressed:
        return
    try:
        document = pasted(text, fields, say)
    except FactcheckError as problem:
        st.error(plain(say.sentence(str(problem))))
        return
    if document.public_from is None and st.session_state.get("undated-anyway") != document.id:
        st.session_state["undated-anyway"] = document.id
        st.warning(say("corpus.add.no_date"))
        return
    start(library, lambda: library.add(shelf.opened.corpus, [document]))
    st.session_state["turn-paste"] = turn + 1
    st.rerun()


def pasted(text: str, fields: Mapping[str, str], say: Words) -> Document:
    """The document of a pasted text with its source fields.

    Raises:
        InputError: there is no text, or a field cannot be used.
    """
    if not text.strip():
        raise InputError(say("corpus.add.no_text"))
    return read_text(text, **checked_fields(fields, say))


def checked_fields(fields: Mapping[str, str], say: Words) -> dict[str, Any]:
    """The fields that are not empty, trimmed.

    Raises:
        InputError: a date is none, or an address is not of the web.
    """
    given = {name: value.strip() for name, value in fields.items() if value and value.strip()}
    for name in ("published", "available_from"):
        if name in given:
            try:
                latest_day(given[name])
            except ValueError:
                field = say(f"corpus.field.{name}")
                raise InputError(say("corpus.add.bad_date", field=field, value=given[name])) from None
    if "url" in given and not _is_address(given["url"]):
        raise InputError(say("corpus.add.bad_url", value=given["url"]))
    return given


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
    except ValueError:
        return False


_HELP = {
    "published": "corpus.add.date.help",
    "available_from": "corpus.add.available.help",
    "source_family": "corpus.add.family.help",
    "url": "corpus.add.url.help",
}


def _fields(names: Sequence[str], key: str, say: Words) -> dict[str, str]:
    """Fields of the source, two a row; what is typed, by name."""
    typed = {}
    for i in range(0, len(names), 2):
        for column, name in zip(st.columns(2), names[i : i + 2], strict=False):
            typed[name] = column.text_input(
                say(f"corpus.field.{name}"),
                key=f"{key}-{name}",
                help=say(_HELP[name]) if name in _HELP else None,
                placeholder="YYYY-MM-DD" if name in ("published", "available_from") else None,
                max_chars=500,
            )
    return typed


def _choices(turn: int, say: Words) -> dict[str, str]:
    left, right = st.columns(2)
    language = left.selectbox(
        say("corpus.field.language"),
        ["", "id", "en"],
        key=f"paste-language-{turn}",
        format_func=lambda code: corpus_html.language(code, say) if code else say("corpus.add.detect"),
    )
    standing = right.selectbox(
        say("corpus.add.standing"),
        ["", *STANDINGS],
        key=f"paste-standing-{turn}",
        format_func=lambda name: say(f"corpus.reliability.{name}") if name else say("corpus.add.standing.none"),
    )
    return {"language": language, "reliability": standing}


# uploads are taken once


def fresh_key(name: str) -> str:
    """The key of an uploader; another after `used`, which empties it."""
    return f"{name}-{st.session_state.get(f'turn-{name}', 0)}"


def used(name: str) -> None:
    """Empties an uploader when its files were taken."""
    st.session_state[f"turn-{name}"] = st.session_state.get(f"turn-{name}", 0) + 1
