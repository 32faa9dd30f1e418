"""What a language model's answers become: claims at their place in the article, and the sentences left out.

The model gives verbatim words and a wording; code finds the place, checks that the wording has nothing that the article
lacks and can stand alone, and takes what two windows both give once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import Field

from factcheck.errors import JudgeError
from factcheck.extract.checkworthy import language_of, why_left_out, worth
from factcheck.extract.context import dates_in
from factcheck.extract.grounding import (
    filled_in,
    named_in,
    open_subject,
    reasons,
    unfounded,
    voiced,
    with_speaker,
)
from factcheck.extract.rules import RuleExtractor
from factcheck.extract.windows import Window, context_of
from factcheck.text import detect_language, locate, word_set
from factcheck.types import AsOfSource, Claim, ClaimKind, Document, LeftOut, Span, Value, content_id

_REASONS = frozenset({"opinion", "question", "forecast", "wish", "not check-worthy", "cannot stand alone"})
"""What a sentence may be left out for. Another reason is the model's own text, which could be anything that it read."""
_ALIKE = 0.7
"""Share of the shorter wording's words that two windows' claims from one place must have in common to be one claim."""


class ExtractedClaim(Value):
    """A check-worthy statement of fact."""

    quote: str = Field(
        description="the words of the article that make the claim, copied character for character: a sentence or clause"
    )
    claim: str = Field(
        description="one sentence in the article's language that stands alone: names for pronouns, numbers and time"
        " words as written, nothing added"
    )
    kind: ClaimKind = Field(
        description="attribution: that the speaker said it; reported: what the speaker said; statement: anything else"
    )
    speaker: str = Field(description="who said it, by name; empty for a statement")


class Skipped(Value):
    """A sentence that gave no claim."""

    quote: str = Field(description="its first words, copied character for character")
    reason: str = Field(description="opinion, question, forecast, wish, not check-worthy or cannot stand alone")


class ExtractedClaims(Value):
    """The check-worthy claims of the article, in its order, and the sentences left out."""

    claims: tuple[ExtractedClaim, ...] = Field(description="the claims, in the order of the article")
    left_out: tuple[Skipped, ...] = Field(description="every sentence that gave no claim")


class Read(NamedTuple):
    """A window with the model's answer."""

    window: Window
    reply: ExtractedClaims


class Failed(NamedTuple):
    """A window without a usable answer."""

    window: Window
    error: JudgeError


class Source(NamedTuple):
    """The article, its sentences, and the day that it speaks from."""

    document: Document
    sentences: tuple[Span, ...]
    as_of: date
    as_of_source: AsOfSource

    @property
    def language(self) -> str | None:
        """The article's language, if it can be told."""
        return self.document.language or detect_language(self.document.text)

    def touched(self, place: Span) -> list[Span]:
        """The sentences that a stretch lies in."""
        return [s for s in self.sentences if s.start < place.end and place.start < s.end]

    def around(self, place: Span) -> str:
        """The sentences that a stretch lies in, with what tells who and when: where its numbers must come from."""
        touched = self.touched(place)
        told = context_of(self.document, self.sentences, touched[0].start) if touched else ""
        return " ".join([told, *(s.of(self.document.text) for s in touched)])

    def by_rules(self) -> tuple[Claim, ...]:
        """The claims that the rules find; they fill in a subject only where it is certain."""
        return RuleExtractor().extract(self.document, self.as_of, self.as_of_source)[0].claims


class _Found(NamedTuple):
    claim: Claim
    window: int
    own_words: bool
    """Not worded by the model, whose wording had something that is not there or could not stand alone."""
    demoted: bool
    """What was said, now in the article's words, is that it was said."""


def claims_of(source: Source, read: Sequence[Read]) -> tuple[tuple[Claim, ...], dict[Span, str]]:
    """The located claims of all windows, each once, in the order of the text; and the reasons for those refused."""
    language = source.language
    found: dict[str, _Found] = {}
    refused: dict[Span, str] = {}
    by_rules: tuple[Claim, ...] | None = None
    for number, (window, reply) in enumerate(read):
        for item in reply.claims:
            place = _place(source.document.text, window, item.quote)
            if place is None:
                continue
            claim, own_words = _claim(source, window, item, place, language)
            if pronoun := open_subject(claim.text):
                by_rules = source.by_rules() if by_rules is None else by_rules
                same = _same_by_rules(claim, by_rules)
                if same is None:
                    reason = f"cannot stand alone: who or what “{pronoun}” is stays open"
                    refused |= {sentence: reason for sentence in source.touched(place)}
                    continue
                claim, own_words = same, True
            demoted = item.kind == "reported" and claim.kind == "attribution"
            found.setdefault(claim.id, _Found(claim, number, own_words, demoted))
    said = {(f.claim.start, f.claim.end) for f in found.values() if f.claim.kind == "attribution" and not f.demoted}
    kept = [f for f in found.values() if not f.demoted or (f.claim.start, f.claim.end) not in said]
    order = {"attribution": 0, "reported": 1, "statement": 2}
    claims = (f.claim for f in _once(kept))
    return tuple(sorted(claims, key=lambda c: (c.start, c.end, order[c.kind]))), refused


def _same_by_rules(claim: Claim, by_rules: Sequence[Claim]) -> Claim | None:
    """What the rules make of the words of a claim whose subject the model left open, if they could fill it in."""
    named = [c for c in by_rules if _alike(c, claim) and open_subject(c.text) is None]
    return max(named, key=lambda c: min(c.end, claim.end) - max(c.start, claim.start), default=None)


def _once(found: Sequence[_Found]) -> list[_Found]:
    """Claims without those that another window words alike; the wording of the model is kept before the article's."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda f: (f.own_words, f.window)):
        if not any(other.window != one.window and _alike(other.claim, one.claim) for other in kept):
            kept.append(one)
    return kept


def _alike(one: Claim, other: Claim) -> bool:
    """Whether two claims from the same words of the article say the same, as far as their words show."""
    if one.kind != other.kind or one.end <= other.start or other.end <= one.start:
        return False
    left, right = (word_set(c.text.casefold().rstrip(".")) for c in (one, other))
    return len(left & right) >= _ALIKE * min(len(left), len(right))


def _place(text: str, window: Window, quote: str) -> Span | None:
    located = locate(quote, text, window.span)
    return _without_questions(text, window, Span(start=located.start, end=located.end)) if located else None


def _claim(
    source: Source, window: Window, item: ExtractedClaim, place: Span, language: str | None
) -> tuple[Claim, bool]:
    """The claim of an answer, and whether it had to fall back to the article's own words."""
    document, base = source.document, source.as_of
    words = place.of(document.text)
    known = f"{window.context}\n{window.span.of(document.text)}"
    text, kind = " ".join(item.claim.split()), item.kind
    speaker = " ".join(item.speaker.split())
    speaker = speaker if named_in(speaker, known) else ""
    notes = []
    strange = unfounded(text, known, language, near=source.around(place), base=base) if text else ("nothing",)
    if "?" in text and "?" not in words:
        strange += ("a question",)
    if strange:
        # The article's own words are never wrong about the article; who said them is part of those words.
        kind = "attribution" if kind == "reported" else kind
        notes.append(
            f"Shown in the article's own words: the model's wording had {', '.join(strange)}, which is not there"
        )
        text = " ".join(words.split())
    kind, speaker = voiced(text, kind, speaker, language)
    text = with_speaker(text, kind, speaker, language)
    if added := filled_in(text, words):
        notes.append(f"Filled in from the article: {', '.join(added)}")
    notes += dates_in(text, language_of(text, language), base)
    speaker = speaker if kind != "statement" and named_in(speaker, known) else ""
    claim = Claim(
        id=content_id("claim", document.id, str(place.start), str(place.end), kind, text),
        text=text,
        start=place.start,
        end=place.end,
        source_text=words,
        speaker=speaker or None,
        as_of=base,
        as_of_source=source.as_of_source,
        kind=kind,
        language=language,
        why=reasons(text, kind, language, base),
        score=round(worth(text, language, reported=kind != "statement").score, 3),
        context="; ".join(notes) or None,
    )
    return claim, bool(strange)


def _without_questions(text: str, window: Window, place: Span) -> Span | None:
    """A located stretch without the questions at its ends, which state nothing; None if it is nothing else."""
    inside = [s for s in window.sentences if s.start < place.end and place.start < s.end]
    stating = [s for s in inside if not s.of(text).rstrip("\"'”’)").endswith("?")]
    if not stating:
        return None
    return Span(start=max(place.start, stating[0].start), end=min(place.end, stating[-1].end))


def left_out_of(
    document: Document,
    claims: Sequence[Claim],
    read: Sequence[Read],
    failed: Sequence[Failed],
    refused: Mapping[Span, str],
) -> tuple[LeftOut, ...]:
    """Every sentence that no claim comes from, with the best reason known."""
    covered = [(c.start, c.end) for c in claims]
    reason: dict[Span, str] = {}
    for window, error in failed:
        reason |= {span: f"not read: {error}" for span in window.sentences}
    for window, reply in read:
        reason |= _reasons_given(document, window, reply)
    reason |= refused
    return tuple(
        LeftOut(start=span.start, end=span.end, text=span.of(document.text), reason=why)
        for span, why in sorted(reason.items(), key=lambda item: item[0].start)
        if not any(start < span.end and span.start < end for start, end in covered)
    )


def _reasons_given(document: Document, window: Window, reply: ExtractedClaims) -> dict[Span, str]:
    text = document.text
    unseen = "the language model saw no check-worthy claim in it"
    reason = {span: why_left_out(span.of(text)) or unseen for span in window.sentences}
    for item in reply.left_out:
        place = locate(item.quote, text, window.span)
        said = " ".join(item.reason.split()).rstrip(".").casefold()
        if place and said in _REASONS:
            reason |= {s: said for s in window.sentences if s.start < place.end and place.start < s.end}
    for claim in reply.claims:
        if locate(claim.quote, text, window.span) is None and (nearest := _nearest(text, window, claim.quote)):
            reason[nearest] = "a claim was dropped, since the words given for it are not in the article"
    return reason


def _nearest(text: str, window: Window, quote: str) -> Span | None:
    """The sentence that shares most of a quote's words, if it shares half of them."""
    wanted = set(quote.casefold().split())
    if not wanted:
        return None
    shared = {s: len(wanted & set(s.of(text).casefold().split())) / len(wanted) for s in window.sentences}
    best = max(shared, key=lambda s: shared[s])
    return best if shared[best] >= 0.5 else None
