"""Claims found by the language model: it picks and words them, code finds their place and checks their wording.

An article is read in windows, each with what comes before it as context, side by side within `llm_concurrency`.
The model selects what is check-worthy before wording it, gives verbatim words instead of offsets, and splits only
what has several parts: each of these did better than its opposite on earlier systems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from factcheck.errors import JudgeError, LLMBadReply, LLMUnavailable
from factcheck.extract.checkworthy import why_left_out
from factcheck.extract.grounding import filled_in, named_in, reasons, unfounded, voiced
from factcheck.llm import Reply, structured, untrusted
from factcheck.resources import Prompt, load_prompt
from factcheck.settings import Settings
from factcheck.text import detect_language, locate, sentences
from factcheck.types import (
    AsOfSource,
    Claim,
    ClaimKind,
    Document,
    Extraction,
    LeftOut,
    Span,
    Usage,
    Value,
    content_id,
)

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

CHARACTERS_PER_TOKEN = 0.8
"""Characters of article for each token that the answer may have. An answer repeats the article about twice
over, and Indonesian takes some three characters a token."""

OUTAGES = 3
"""After so many windows without any answer, and none with one, the rest is not tried."""

_LEAD_LENGTH = 300
_SENTENCES_BEFORE = 2
_REASON_LENGTH = 120


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


class Window(NamedTuple):
    """A run of sentences that is read in one call, with the text that tells who and what is meant."""

    sentences: tuple[Span, ...]
    context: str

    @property
    def span(self) -> Span:
        """The stretch of the article that the window covers."""
        return Span(start=self.sentences[0].start, end=self.sentences[-1].end)


class _Read(NamedTuple):
    window: Window
    reply: ExtractedClaims


class _Failed(NamedTuple):
    window: Window
    error: JudgeError


class LLMExtractor:
    """Finds claims with the language model of the settings.

    Args:
        settings: endpoint, limits, cache.
        model: another chat model than the one the settings name.
        prompt: another prompt than `prompts/extract.md`; it takes `context` and `article`.
        note: told in a sentence when the cache of answers cannot be used.

    Raises:
        SettingsError: the model or the prompt cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        model: BaseChatModel | None = None,
        prompt: Prompt | None = None,
        note: Callable[[str], None] | None = None,
    ) -> None:
        self.prompt = prompt or load_prompt(
            "extract",
            settings.prompts,
            variables=("context", "article"),
            schema_name=ExtractedClaims.__name__,
        )
        self._name = settings.llm_model or str(getattr(model, "_llm_type", "unnamed"))
        self._size = int(settings.llm_max_tokens * CHARACTERS_PER_TOKEN)
        self._concurrency = settings.llm_concurrency
        self._ask = structured(settings, ExtractedClaims, model=model, note=note)

    @property
    def models(self) -> Mapping[str, str]:
        """The model that extracts, by its name at the endpoint."""
        return {"extractor": self._name}

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prompt's name to its version and hash."""
        return {self.prompt.name: self.prompt.stamp}

    def extract(self, document: Document, as_of: date, as_of_source: AsOfSource) -> tuple[Extraction, Usage]:
        """The claims of an article and every sentence that gave none, with what the calls cost.

        A window whose answer cannot be used is read again in two halves; what fails then is listed as left
        out, with the reason, and the other windows' claims are kept.

        Raises:
            JudgeError: no window could be read; it carries what the calls cost.
        """
        read, failed, usage = self._read_all(document, windows(document, self._size))
        if failed and not read:
            failed[0].error.usage = usage
            raise failed[0].error
        claims = _claims(document, read, as_of, as_of_source)
        return Extraction(claims=claims, left_out=_left_out(document, claims, read, failed)), usage

    def _read_all(self, document: Document, todo: Sequence[Window]) -> tuple[list[_Read], list[_Failed], Usage]:
        read, failed, usage = self._read(document, todo)
        again = [w for f in failed if isinstance(f.error, LLMBadReply) for w in _halves(document, f.window)]
        if again:
            more, lost, spent = self._read(document, again)
            kept = [f for f in failed if not isinstance(f.error, LLMBadReply) or len(f.window.sentences) < 2]
            read, failed, usage = read + more, kept + lost, usage + spent
        return sorted(read, key=lambda r: r.window.span.start), failed, usage

    def _read(self, document: Document, todo: Sequence[Window]) -> tuple[list[_Read], list[_Failed], Usage]:
        """One call for each window. Nothing is asked any more once the endpoint has shown to be down."""
        read: list[_Read] = []
        failed: dict[int, JudgeError] = {}
        usage = Usage()
        questions = [
            self.prompt.messages(context=untrusted(window.context), article=untrusted(window.span.of(document.text)))
            for window in todo
        ]
        answers = self._ask.batch_as_completed(
            questions, config={"max_concurrency": self._concurrency}, return_exceptions=True
        )
        for position, answer in answers:
            if isinstance(answer, Reply):
                read.append(_Read(todo[position], answer.value))
                usage += answer.usage
            elif isinstance(answer, JudgeError):
                failed[position] = answer
                usage += answer.usage or Usage()
            else:
                raise answer
            outages = [e for e in failed.values() if isinstance(e, LLMUnavailable)]
            if not read and len(outages) >= OUTAGES:
                failed |= {n: outages[0] for n in range(len(todo)) if n not in failed}
                break
        return read, [_Failed(todo[n], error) for n, error in sorted(failed.items())], usage


def windows(document: Document, size: int) -> tuple[Window, ...]:
    """The article in runs of whole sentences of about `size` characters, evenly filled.

    The context of each is the title, the article's beginning and the two sentences before it.
    """
    spans = [piece for s in sentences(document.text, document.language) for piece in _pieces(document.text, s, size)]
    if not spans:
        return ()
    length = spans[-1].end - spans[0].start
    target = length / max(1, -(-length // size))
    runs: list[list[Span]] = [[]]
    for span in spans:
        if runs[-1] and span.end - runs[-1][0].start > target * 1.15:
            runs.append([])
        runs[-1].append(span)
    return tuple(Window(tuple(run), _context(document, spans, run[0].start)) for run in runs)


def _pieces(text: str, span: Span, size: int) -> Iterable[Span]:
    """A sentence, or stretches of one that is longer than a window."""
    start = span.start
    while span.end - start > size:
        cut = max(text.rfind(" ", start, start + size), text.rfind("\n", start, start + size))
        cut = cut if cut > start else start + size
        yield Span(start=start, end=cut)
        start = cut + 1 if text[cut].isspace() else cut
    if start < span.end:
        yield Span(start=start, end=span.end)


def _context(document: Document, spans: Sequence[Span], start: int) -> str:
    before = [span for span in spans if span.end <= start]
    told = before[:1] + before[1:][-_SENTENCES_BEFORE:]
    parts = [document.title or "", *(span.of(document.text)[:_LEAD_LENGTH] for span in told)]
    return " ".join(dict.fromkeys(part for part in parts if part))


def _halves(document: Document, window: Window) -> tuple[Window, ...]:
    if len(window.sentences) < 2:
        return ()
    middle = len(window.sentences) // 2
    first, second = window.sentences[:middle], window.sentences[middle:]
    told = (span.of(document.text)[:_LEAD_LENGTH] for span in first[-_SENTENCES_BEFORE:])
    return Window(first, window.context), Window(second, " ".join((window.context, *told)).strip())


def _claims(document: Document, read: Sequence[_Read], as_of: date, as_of_source: AsOfSource) -> tuple[Claim, ...]:
    """The located claims of all windows, each once, in the order of the text."""
    language = document.language or detect_language(document.text)
    found: dict[str, Claim] = {}
    demoted: set[str] = set()  # what was said, now in the article's words, is that it was said
    for window, reply in read:
        for item in reply.claims:
            claim = _claim(document, window, item, as_of, as_of_source, language)
            if claim is not None:
                found.setdefault(claim.id, claim)
                if item.kind == "reported" and claim.kind == "attribution":
                    demoted.add(claim.id)
    said = {(c.start, c.end) for c in found.values() if c.kind == "attribution" and c.id not in demoted}
    kept = [c for c in found.values() if c.id not in demoted or (c.start, c.end) not in said]
    order = {"attribution": 0, "reported": 1, "statement": 2}
    return tuple(sorted(kept, key=lambda c: (c.start, c.end, order[c.kind])))


def _claim(
    document: Document,
    window: Window,
    item: ExtractedClaim,
    as_of: date,
    as_of_source: AsOfSource,
    language: str | None,
) -> Claim | None:
    located = locate(item.quote, document.text, window.span)
    place = located and _without_questions(document.text, window, Span(start=located.start, end=located.end))
    if not located or not place:
        return None
    source = place.of(document.text)
    known = f"{window.context}\n{window.span.of(document.text)}"
    text, kind = " ".join(item.claim.split()), item.kind
    speaker = " ".join(item.speaker.split())
    context = None
    strange = unfounded(text, known, language) if text else ("nothing",)
    if "?" in text and "?" not in source:
        strange += ("a question",)
    if strange:
        # The article's own words are never wrong about the article; who said them is part of those words.
        kind = "attribution" if kind == "reported" else kind
        context = f"Shown in the article's own words: the model's wording had {', '.join(strange)}, which is not there."
        text = " ".join(source.split())
    elif added := filled_in(text, source):
        context = f"Filled in from the article: {', '.join(added)}."
    kind, speaker = voiced(text, kind, speaker, language)
    return Claim(
        id=content_id("claim", document.id, str(place.start), str(place.end), kind, text),
        text=text,
        start=place.start,
        end=place.end,
        source_text=source,
        speaker=speaker if kind != "statement" and named_in(speaker, known) else None,
        as_of=as_of,
        as_of_source=as_of_source,
        kind=kind,
        language=language,
        why=reasons(text, kind, language, as_of),
        context=context,
    )


def _without_questions(text: str, window: Window, place: Span) -> Span | None:
    """A located stretch without the questions at its ends, which state nothing; None if it is nothing else."""
    inside = [s for s in window.sentences if s.start < place.end and place.start < s.end]
    stating = [s for s in inside if not s.of(text).rstrip("\"'”’)").endswith("?")]
    if not stating:
        return None
    return Span(start=max(place.start, stating[0].start), end=min(place.end, stating[-1].end))


def _left_out(
    document: Document, claims: Sequence[Claim], read: Sequence[_Read], failed: Sequence[_Failed]
) -> tuple[LeftOut, ...]:
    """Every sentence that no claim comes from, with the best reason known."""
    covered = [(c.start, c.end) for c in claims]
    reason: dict[Span, str] = {}
    for window, error in failed:
        reason |= {span: f"not read: {error}" for span in window.sentences}
    for window, reply in read:
        reason |= _reasons_given(document, window, reply)
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
        said = " ".join(item.reason.split())[:_REASON_LENGTH]
        if place and said:
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
