"""HTML of the corpus page: its figures, rows of documents and claims, what a search found. All text is escaped."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from html import escape

from factcheck.care.health import Health, Trouble
from factcheck.checked import Checked
from factcheck.corpus import Entry
from factcheck.corpus.listing import BEGINS
from factcheck.tiers import Tiers
from factcheck.types import Candidate, Document
from factcheck.ui.cards import chip, facts
from factcheck.ui.charts import decimal, grouped, percent
from factcheck.ui.library import Contents
from factcheck.ui.strings import TEXTS, Words

SHOWN = 200_000
"""Characters of a stored text that a page shows."""

_NAMED = 2
"""Languages named among the figures at the top."""


def language(code: str | None, say: Words) -> str:
    """A language in words; a code that has none is shown as it is."""
    if not code or code == "unknown":
        return say("corpus.unknown")
    return say(f"language.{code}") if f"language.{code}" in TEXTS else code


def figures(contents: Contents, say: Words) -> str:
    """What the corpus holds, in figures."""
    info = contents.info
    named = [f"{language(code, say)} {grouped(n, say)}" for code, n in list(info.languages.items())[:_NAMED]]
    if (rest := len(info.languages) - _NAMED) > 0:
        named.append(say("corpus.others", n=rest))
    dates = (
        say("corpus.dates.value", first=say.date(info.earliest), last=say.date(info.latest))
        if info.earliest and info.latest
        else say("corpus.none")
    )
    undated = say("corpus.share", n=grouped(info.undated, say), percent=_share(info.undated, info.documents))
    pairs = [
        (say("corpus.documents"), grouped(info.documents, say)),
        (say("corpus.passages"), grouped(info.passages, say)),
        (say("corpus.claims"), grouped(info.claims, say)),
        (say("corpus.undated"), undated if info.undated else say("corpus.none")),
        (say("corpus.languages"), ", ".join(named) or say("corpus.none")),
        (say("corpus.dates"), dates),
    ]
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
    return f'<dl class="fc-figures">{cells}</dl>'


def _share(n: int, total: int) -> int:
    return percent(n / total) if total else 0


def about(contents: Contents, place: str | None, say: Words) -> str:
    """Snapshot, model and, where it may be known, directory."""
    info = contents.info
    rows = [(say("corpus.snapshot"), info.snapshot), (say("corpus.model"), f"{info.model} @ {info.revision[:12]}")]
    if place:
        rows.append((say("corpus.place"), place))
    return f'<details class="fc-more"><summary>{escape(say("corpus.about"))}</summary>{facts(rows)}</details>'


def title(entry: Entry | Document) -> str:
    """What a document is called: its title, else how it begins."""
    if entry.title and entry.title.strip():
        return entry.title
    begins = entry.begins if isinstance(entry, Entry) else " ".join(entry.text[:BEGINS].split())
    return textwrap.shorten(begins, 90, placeholder=" …") or begins[:90]


def row(entry: Entry, tiers: Tiers, say: Words) -> str:
    """What stands below a document's title in the list."""
    pieces = [
        entry.publisher,
        say.date(entry.dated) if entry.dated else None,
        language(entry.language, say) if entry.language else None,
        say(f"tier.{tier}") if (tier := tiers.of(entry)) != "unknown" else None,
        say.count("corpus.passage", entry.passages),
    ]
    return f'<p class="fc-from">{_badges(entry, say)}{escape(" · ".join(piece for piece in pieces if piece))}</p>'


def _badges(entry: Entry, say: Words) -> str:
    words = [say("corpus.badge.undated")] if entry.dated is None else []
    words += [say(f"corpus.reliability.{entry.reliability}")] if entry.reliability else []
    return "".join(f'<span class="fc-badge">{escape(word)}</span> ' for word in words)


def source(document: Document, entry: Entry | None, tiers: Tiers, say: Words) -> str:
    """Everything known of where a document comes from."""
    dates = {name: getattr(document, name) for name in ("published", "available_from")}
    rows: list[tuple[str, str | None]] = [
        ("publisher", document.publisher),
        ("author", document.author),
        *((name, say.date(day) if day else None) for name, day in dates.items()),
        ("language", language(document.language, say) if document.language else None),
        ("source_family", document.source_family),
        ("tier", say(f"tier.{tiers.of(document)}")),
        ("url", document.url),
        ("id", document.id),
    ]
    if entry:
        counted = say.count("corpus.passage", entry.passages)
        size = say("corpus.field.size.value", characters=grouped(entry.characters, say), passages=counted)
        rows[-1:-1] = [("size", size), ("added", say.date(entry.added_at[:10]))]
    return facts((say(f"corpus.field.{name}"), value) for name, value in rows if value)


def stored(document: Document, marked: tuple[int, int] | None = None) -> str:
    """The stored text, as far as a page shows it, with a passage marked."""
    text = document.text[:SHOWN]
    start, end = marked or (0, 0)
    inner = f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}" if end else escape(text)
    return f'<div class="fc-whole fc-stored" tabindex="0">{inner}</div>'


# a search


def origin_names(found: Sequence[Candidate]) -> Mapping[str, str]:
    """A letter for each origin, in the order in which they come: A, B, ..., Z, A2, ..."""
    names: dict[str, str] = {}
    for one in found:
        if one.origin not in names:
            turn, letter = divmod(len(names), 26)
            names[one.origin] = chr(ord("A") + letter) + (str(turn + 1) if turn else "")
    return names


def hit(number: int, found: Sequence[Candidate], tiers: Tiers, text: str, say: Words) -> str:
    """What retrieval sees of one passage."""
    one = found[number - 1]
    document = one.document
    others = [str(i) for i, other in enumerate(found, 1) if other.origin == one.origin and i != number]
    name = origin_names(found)[one.origin]
    origin = (
        say("corpus.search.origin.shared", name=name, others=", ".join(others))
        if others
        else say("corpus.search.origin.own", name=name)
    )
    measures = [
        ("score", decimal(one.score, say)),
        ("cosine", "–" if one.similarity is None else decimal(one.similarity, say)),
        ("timing", say(f"corpus.search.{one.timing}")),
        ("tier", say(f"tier.{tiers.of(document, text)}")),
        ("origin", origin),
    ]
    cells = "".join(
        f"<div><dt>{escape(say(f'corpus.search.{key}'))}</dt><dd>{escape(value)}</dd></div>" for key, value in measures
    )
    dated = document.published or document.available_from
    pieces = [document.publisher, say.date(dated) if dated else say("evidence.undated")]
    apart = "" if one.timing in ("in_time", "rule_lifted") else " fc-apart"
    return (
        f'<article class="fc-card{apart}"><header><span class="fc-num">{number}</span></header>'
        f'<p class="fc-source">{escape(title(document))}</p>'
        f'<p class="fc-from">{escape(" · ".join(piece for piece in pieces if piece))}</p>'
        f'<p class="fc-passage fc-read">{escape(one.passage.text)}</p><dl class="fc-measures">{cells}</dl></article>'
    )


# claims checked before


def checked(claim: Checked, say: Words) -> str:
    """A claim checked before, with who judged it and when."""
    sign = (
        f'<span class="fc-chip">{escape(claim.rating)}</span>'
        if claim.label is None and claim.rating
        else chip(claim.label or "not_checked", say)
    )
    day = claim.reviewed or (claim.as_of.isoformat() if claim.as_of else None)
    date = say.date(day) if day else say("evidence.undated")
    who = (
        say("corpus.claims.review", publisher=claim.publisher, date=date, rating=claim.rating or "")
        if claim.publisher
        else say("corpus.claims.here", date=date)
    )
    if claim.reviewed_by:
        who = say("corpus.claims.signed", who=who, name=claim.reviewed_by)
    address = f'<span class="fc-address">{escape(claim.url)}</span>' if claim.url else ""
    return f'<div class="fc-checked">{sign} {escape(claim.text)}<small>{escape(who)}</small>{address}</div>'


# health


def health(found: Health, say: Words) -> str:
    """What an examination found, faults first, and what a repair mended."""
    head = say.count("corpus.health.faults", len(found.faults)) if found.faults else say("corpus.health.fine")
    rows = "".join(_trouble(one, say) for one in found.troubles)
    mended = "".join(f"<li>{escape(sentence)}</li>" for sentence in found.mended)
    done = (
        f'<p class="fc-h">{escape(say("corpus.health.mended"))}</p><ul class="fc-rows">{mended}</ul>' if mended else ""
    )
    return f'<p class="fc-count"><b>{escape(head)}</b></p>{done}<ul class="fc-rows">{rows}</ul>'


def _trouble(one: Trouble, say: Words) -> str:
    key = f"corpus.trouble.{one.name}"
    known = key in TEXTS
    name = say(key) if known else one.name
    # A newer finding without words of ours here is told as the doctor tells it.
    advice = say(f"{key}.advice") if known else one.sentence
    if one.mendable:
        advice += f" {say('corpus.health.mendable')}"
    some = say("corpus.health.some", ids=", ".join(one.ids)) if one.ids else ""
    count = f" ({grouped(one.count, say)})" if one.count > 1 else ""
    return (
        f'<li><span class="fc-badge fc-{one.severity}">{escape(say(f"corpus.health.{one.severity}"))}</span> '
        f"<b>{escape(name)}</b>{count}<small>{escape(advice)}</small>"
        f"{f'<small>{escape(some)}</small>' if some else ''}</li>"
    )
