"""What a reader of a web page or a Word document does not see: taken out, and told of where somebody meant to hide it.

Menus and dialogues that a page shows later are hidden in every newspaper's pages, and comments stand everywhere: they
are taken out without a word. Told of is what gives orders to a machine, and words of no size, off the page or in the
colour of the paper, which serve nobody who reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from factcheck.text.hidden import hides
from factcheck.text.orders import orders

_NEVER_SHOWN = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "object"})
_SHOWN_LATER = re.compile(r"display\s*:\s*none|visibility\s*:", re.IGNORECASE)
_MARK = re.compile(r"[{};]")
_SIMPLE = re.compile(r"\s*([.#])([\w-]+)\s*")
# One that is not closed goes on to the end, as CSS has it; looking for its end once is enough.
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_MAX_SHEET = 300_000
_MAX_STYLE = 2_000
"""Characters of what one class or id has in all rules together."""


class Dropped(NamedTuple):
    """Text that was taken out of a page."""

    kind: Literal["hidden element", "comment"]
    text: str
    secret: bool
    """Hidden in a way that no page needs: of no size, off the page, in the colour of the paper."""


def drop_hidden(tree: Any, page: str) -> str | None:
    """Takes what is not drawn out of an lxml tree, which has no comments any more.

    Returns:
        A sentence on what was meant to be hidden, in the tree or in a comment of the page; None where nothing was.
    """
    comments = (Dropped("comment", _words(said), secret=False) for said in _comments(page))
    return note_on([*_drop(tree), *comments])


def note_on(dropped: Iterable[Dropped]) -> str | None:
    """A sentence on what was left out, if any of it gives orders to a machine or was hidden from readers for good."""
    told = [one for one in dropped if one.text and (one.secret or orders(one.text))]
    if not told:
        return None
    parts = []
    for kind in ("hidden element", "comment"):
        texts = [one.text for one in told if one.kind == kind]
        if texts:
            count = f"a {kind}" if len(texts) == 1 else f"{len(texts)} {kind}s"
            parts.append(f"{count} ({sum(map(len, texts))} characters)")
    ordering = " It gives orders to a machine." if any(orders(one.text) for one in told) else ""
    return f"Text that no reader sees was left out: {', '.join(parts)}.{ordering}"


def _comments(page: str) -> Iterator[str]:
    """What the comments of a page say; many that are not closed take no longer than one."""
    at = page.find("<!--")
    while at >= 0 and (end := page.find("-->", at + 4)) >= 0:
        yield page[at + 4 : end]
        at = page.find("<!--", end + 3)


def _drop(tree: Any) -> Iterator[Dropped]:
    sheet = _sheet(tree)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None or element.tag in ("html", "body"):
            continue
        if element.tag in _NEVER_SHOWN:
            _keep_structured_data(element) or element.drop_tree()
        elif (style := _hiding_style(element, sheet)) is not None:
            secret = bool(style) and not _SHOWN_LATER.search(style)
            yield Dropped("hidden element", _words(element.text_content()), secret)
            element.drop_tree()


def _hiding_style(element: Any, sheet: Mapping[str, str]) -> str | None:
    """The style that hides an element, "" for an attribute, None where it is shown."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return ""
    own = element.get("style") or ""
    names = [f".{name}" for name in (element.get("class") or "").split()]
    names += [f"#{element.get('id')}"] if element.get("id") else []
    style = ";".join([*(sheet[name] for name in names if name in sheet), own])
    return style if style.strip(";") and hides(style) else None


def _sheet(tree: Any) -> dict[str, str]:
    """What the page's own style sheets say of single classes and ids, outside of media rules."""
    found: dict[str, str] = {}
    for element in tree.iter("style"):
        for selectors, style in _rules(_CSS_COMMENT.sub("", (element.text or "")[:_MAX_SHEET])):
            for selector in selectors.split(","):
                if simple := _SIMPLE.fullmatch(selector):
                    name = simple[1] + simple[2]
                    found[name] = f"{found.get(name, '')};{style}"[:_MAX_STYLE]
    return found


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and style of the rules that stand in no other rule, in one pass."""
    depth, start, selectors = 0, 0, ""
    for mark in _MARK.finditer(sheet):
        if mark[0] == ";" and depth:
            continue
        if mark[0] == "{":
            selectors = selectors if depth else sheet[start : mark.start()]
            depth += 1
        elif mark[0] == "}":
            if depth == 1 and "@" not in selectors:
                yield selectors, sheet[start : mark.start()]
            depth = max(0, depth - 1)
        start = mark.end()


def _keep_structured_data(element: Any) -> bool:
    """JSON-LD states title, author and date, and is never part of the text."""
    return bool(element.tag == "script" and "ld+json" in (element.get("type") or ""))


def _words(text: str) -> str:
    return " ".join(text.split())
