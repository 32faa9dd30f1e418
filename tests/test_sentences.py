"""What the app says in Indonesian of refusals and notes that the program writes in English.

The program's own text is read: a sentence that is raised or noted anywhere that the app reaches must have its pattern
in `factcheck.ui.strings.sentences`. Where a test here fails for a new sentence of yours, add it there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import get_args

import pytest

import factcheck
from factcheck import errors
from factcheck.fetch import fetch
from factcheck.llm import chat_model
from factcheck.publish.site import site_of
from factcheck.read import read_bytes, read_text
from factcheck.read.about import source_fields
from factcheck.review.acts import named, said
from factcheck.settings import Settings
from factcheck.text.hidden import Kind, Unread
from factcheck.text.shown import told
from factcheck.ui.strings import words
from factcheck.ui.strings.sentences import SENTENCES, in_indonesian

HOME = Path(factcheck.__file__).parent
APART = ("evals/", "cli/", "service/", "batches/", "ui/", "mcp.py", "runnables.py", "doctor.py", "access.py", "care/")
"""Where nothing is that the app shows in the program's words; the app's own are in `TEXTS`."""

NOTED = ("note", "notes", "reason", "unseen", "problem", "why", "ordering")
"""What a note, or the reason of something, is called in the program."""

WRAPPED = {
    "_advice": "https://a.example/b answered 404 Not Found. {}",
    "_reason": "{}",
    "_junk": "{}",
    "_refusal": "{}",
    "_status_problem": "The language model at https://a.example/v1 {}",
}
"""Functions that return a sentence, or a part of one, with the rest of it."""

PARTS = {
    "llm.py": "The language model at https://a.example/v1 {}",
    "read/unseen.py": "Text that no reader sees was left out: a comment (12 characters).{}",
    "resources.py": "X0 {}",
}
"""Modules that put a note together of parts, with the rest of it."""

JOINED = ("X0 X2", "X0 answered X2 X4. X6")
"""Sentences made of parts that are looked at by themselves (`WRAPPED`)."""


def template(node: ast.expr) -> str | None:
    """The text of a literal, with X0, X1, ... for what is put in; None where it is no literal."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else f"X{i}" for i, part in enumerate(node.values)
        )
    return None


@lru_cache(maxsize=1)
def modules() -> list[tuple[str, ast.Module]]:
    """The program's files that the app reaches, by their place."""
    places = [(path.relative_to(HOME).as_posix(), path) for path in sorted(HOME.rglob("*.py"))]
    return [(place, ast.parse(path.read_text("utf-8"))) for place, path in places if not place.startswith(APART)]


def kinds() -> set[str]:
    """The names of our errors."""
    return {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)}


def raised(tree: ast.Module) -> Iterator[str]:
    """What errors of ours are made with."""
    own = kinds() | {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and "Error" in node.name}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).rpartition(".")[2] in own:
            text = template(node.args[0])
            if text and " " in text and text not in JOINED:
                yield text


def returned(tree: ast.Module) -> Iterator[str]:
    """What the functions of `WRAPPED` return, in its sentence, and what is told of a language model's answer."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in WRAPPED:
            for inner in ast.walk(node):
                text = template(inner.value) if isinstance(inner, ast.Return) and inner.value else None
                if text:
                    yield WRAPPED[node.name].format(text)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_bad" and (text := template(node.args[0])):
            yield f"The language model m {text}."


def noted(tree: ast.Module) -> Iterator[str]:
    """What becomes a note: an argument, an assignment or an addition of such a name."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.keyword) and node.arg in NOTED:
            values = [node.value]
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in NOTED for target in targets):
                values = [node.value]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("notes.append", "said.append"):
            values = list(node.args)
        for value in values:
            for inner in _spoken(value):
                text = template(inner)
                if text and " " in text.strip() and re.search(r"[a-z]{3}", text):
                    yield text


def _spoken(node: ast.expr) -> Iterator[ast.expr]:
    """The literals that a value may be, of a tuple or a choice each; not what is put into them or handed on."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*_spoken(node.body), *_spoken(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_spoken(node.left), *_spoken(node.right))
    elif isinstance(node, ast.Tuple | ast.List):
        for element in node.elts:
            yield from _spoken(element)


def test_every_sentence_that_is_raised_has_its_indonesian() -> None:
    said = [(place, text) for place, tree in modules() for text in (*raised(tree), *returned(tree))]
    assert len(said) > 180, "the program is read"
    assert not [(place, text) for place, text in said if in_indonesian(text) == text]


def test_every_note_has_its_indonesian() -> None:
    said = [(place, text) for place, tree in modules() for text in noted(tree)]
    assert len(said) > 30, "the program is read"
    say = words("id")
    alone = [(place, text) for place, text in said if say.reason(text) == text]
    assert not [
        (place, text) for place, text in alone if say.reason(whole := PARTS.get(place, "{}").format(text)) == whole
    ]


def test_a_pattern_and_its_indonesian_have_the_same_fields_and_no_other_takes_its_sentences() -> None:
    field = re.compile(r"\{(\w+)\}")
    for english, indonesian in SENTENCES:
        names = field.findall(english)
        assert len(names) == len(set(names)), english
        assert set(names) == set(field.findall(indonesian)), english
        assert "}{" not in english, "where one ends and the next begins cannot be told"
        values = {name: f"Q{i}Q" for i, name in enumerate(names)}
        assert in_indonesian(english.format_map(values)) == indonesian.format_map(values)


def test_nothing_is_said_twice() -> None:
    english = [pair[0] for pair in SENTENCES]
    assert len(english) == len(set(english))


def test_what_stands_in_a_sentence_is_said_in_indonesian_too() -> None:
    unread = [Unread("order", 0, 64), Unread("comment", 70, 80), Unread("invisible characters", 90, 91)]
    note = f"The article has text that was not read: {told(unread)}."
    assert in_indonesian(note) == (
        "Artikel memuat teks yang tidak dibaca: sebuah perintah kepada mesin (64 karakter), sebuah komentar"
        " (10 karakter), 1 karakter tak terlihat."
    )
    gone = "“Harga; beras” is no longer in the corpus; “B” is now marked weak source; and 2 more"
    changed = f"The evidence has changed: {gone}."
    assert "tidak ada lagi dalam korpus; “B” kini ditandai lemah; dan 2 lagi." in in_indonesian(changed)


def test_numbers_have_indonesian_signs() -> None:
    long = "The text has 1,250,000 characters; at most 200,000 are checked in one run."
    told = in_indonesian(f"{long} Check a part of it, or raise FACTCHECK_MAX_ARTICLE_CHARS.")
    assert told.startswith("Teks berisi 1.250.000 karakter; paling banyak 200.000 yang diperiksa")
    assert "(0,42)" in in_indonesian("the offline verifier was not sure enough (0.42)")


def test_every_kind_of_what_was_not_read_has_its_indonesian() -> None:
    for kind in get_args(Kind):
        for many in (1, 3):
            for text in filter(None, [told([Unread(kind, 10 * i, 10 * i + 1 + i) for i in range(many)])]):
                assert in_indonesian(text) != text, text
                assert not re.search(r"\b(character|order|comment|hidden|word|mark)s?\b", in_indonesian(text)), text


def fetched(url: str) -> object:
    """Fetches nothing: every address it is given is refused."""
    return fetch(url, timeout=1, max_bytes=1_000)


MISTAKES: dict[str, Callable[[], object]] = {
    "empty": lambda: read_text("  "),
    "too long": lambda: read_text("kata " * 50, max_chars=100),
    "half a pair": lambda: read_text("a\ud800b"),
    "empty file": lambda: read_bytes(b"", "kosong.txt"),
    "a picture": lambda: read_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "gambar.txt"),
    "no Word file": lambda: read_bytes(b"PK\x03\x04 broken", "naskah.docx"),
    "old Word": lambda: read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "naskah.doc"),
    "another kind": lambda: read_bytes(b"MZ" + bytes(60), "naskah.exe"),
    "no words": lambda: read_bytes(b"1\n00:00:01,000 --> 00:00:02,000\n\n", "takarir.srt"),
    "front matter": lambda: read_bytes(b"---\ntitle: x\n", "catatan.md"),
    "a bad date": lambda: source_fields({"published": "kemarin"}),
    "no scheme": lambda: fetched("ftp://a.example/b"),
    "a space": lambda: fetched("https://a.example/b c"),
    "a login": lambda: fetched("https://ana:rahasia@a.example/"),
    "in the house": lambda: fetched("http://127.0.0.1/"),
    "a port": lambda: fetched("http://93.184.215.14:8080/"),
    "numbers": lambda: fetched("http://0x7f.1/"),
    "no host": lambda: fetched("https:///b"),
    "too long an address": lambda: fetched("https://a.example/" + "a" * 5_000),
    "no name": lambda: named(" "),
    "the program's name": lambda: named("factcheck"),
    "reason": lambda: said("\ud800"),
    "no site": lambda: site_of(None, None),
    "no such setting": lambda: Settings.load(nothing=1),
    "no model": lambda: chat_model(Settings(mode="llm")),
}
"""What people do wrong, done."""


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_in_indonesian(name: str) -> None:
    with pytest.raises(errors.InputError) as refused:
        MISTAKES[name]()
    answer = in_indonesian(str(refused.value))
    assert not re.search(r"\b(the|is|are|of|has|not|to|it|give|and|cannot)\b", answer, re.IGNORECASE), answer


def test_what_a_person_wrote_stays_as_it_is() -> None:
    for own in ("", "Sumbernya bilang lain; lihat halaman 3", "The minister said so, he says.", "x" * 30_000):
        assert in_indonesian(own) == own
        assert words("en").sentence(own) == own


def test_a_sentence_with_a_stranger_s_text_takes_no_time() -> None:
    for text in ("https://a.example/" + ": (" * 6_000, "“" * 9_000 + "”: x", "; ".join("a, b" for _ in range(2_000))):
        assert in_indonesian(text) == text
