"""The corpus, the extractor and the checks as LangChain Runnables, to be composed with `|`, `.map()` and `.batch`.

    from factcheck.runnables import CorpusRetriever, article_checker, claim_checker, claim_extractor
    check = claim_extractor(engine) | claim_checker(engine).map()
    results = check.invoke("Kim met Putin at the airport. ...")

What goes in is text, a dictionary or a value of `factcheck.types`; what comes out is JSON-ready: dictionaries of
the fields of `Claim`, `ClaimResult` and `Report`, or LangChain documents. What cannot be used raises `InputError`; a
claim that cannot be judged is `not_checked` with its reason. Async calls run in threads, so the loop stays
free. As everywhere in factcheck, nothing is traced to LangSmith unless `llm_tracing` is set.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextvars import copy_context
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from langchain_core.documents import Document as FoundDocument
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, run_in_executor
from langchain_core.runnables.utils import AddableDict
from pydantic import BaseModel, Field, RootModel, ValidationError

from factcheck.engine import Engine
from factcheck.errors import InputError
from factcheck.extract.article import as_of_date, find_claims
from factcheck.index import Corpus
from factcheck.llm import tracing
from factcheck.pipeline import Progress, check, check_claim, claim_of_text
from factcheck.read import check_length, read_text
from factcheck.retrieve import search
from factcheck.text import plainly, shown, told
from factcheck.types import Candidate, Claim, ClaimResult, Document, PartialDate, Report, Span, Value

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

__all__ = [
    "ArticleGiven",
    "ClaimGiven",
    "CorpusRetriever",
    "article_checker",
    "claim_checker",
    "claim_extractor",
]

Json = dict[str, Any]
_In = TypeVar("_In")
_Out = TypeVar("_Out")
_V = TypeVar("_V", bound=Value)


class CorpusRetriever(BaseRetriever):
    """The reference corpus as a LangChain retriever: the passages that a text finds, best first.

    Each `Document` is a passage as a reader sees it, with its id, and in `metadata` the keys `document_id`, `start` and
    `end` (offsets into the stored document), `title`, `publisher`, `url`, `date`, `date_is` (`published`,
    `available_from` or None), `timing`, `score`, `similarity`, `origin`, `language`, `reliability` and `not_read`: what
    hidden text or orders to machines that stretch of the source holds, or None. Passages of the same `origin` are
    copies of one report.
    """

    corpus: Corpus = Field(exclude=True)
    """An open `factcheck.Corpus`; it may be shared between threads."""
    k: int = Field(default=10, ge=1, le=200)
    """How many passages at most."""
    as_of: date | None = None
    """Only what was public on this day is given; unset, passages of any date and undated ones."""
    show_later: bool = False
    """With `as_of`: give later and undated passages too, marked in `timing`."""
    trace: bool = False
    """Let LangSmith trace queries where LangChain's own variables turn tracing on."""

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[FoundDocument]:
        """The documents for a query; see `BaseRetriever.invoke`."""
        with tracing(self.trace):
            return super().invoke(input, config, **kwargs)

    async def ainvoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[FoundDocument]:
        """The same in a thread."""
        with tracing(self.trace):
            return await super().ainvoke(input, config, **kwargs)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[FoundDocument]:
        if not query.strip():
            raise InputError("The query is empty: give the words to look for.")
        return [_as_found(one) for one in _found(query, self.corpus, self.k, self.as_of, self.show_later)]


def _found(query: str, corpus: Corpus, k: int, as_of: date | None, show_later: bool) -> tuple[Candidate, ...]:
    """Searched deeper until `k` passages are in time or nothing is left."""
    depth = k
    while True:
        found = search(query, corpus, depth, as_of)
        if as_of is None or show_later:
            return found
        in_time = tuple(one for one in found if one.timing == "in_time")
        if len(in_time) >= k or len(found) < depth:
            return in_time[:k]
        depth *= 4


def _as_found(candidate: Candidate) -> FoundDocument:
    passage, document = candidate.passage, candidate.document
    read = shown(document.text, Span(start=passage.start, end=passage.end))
    given = "published" if document.published else "available_from" if document.available_from else None
    return FoundDocument(
        id=passage.id,
        page_content=read.text,
        metadata={
            "document_id": document.id,
            "start": passage.start,
            "end": passage.end,
            "title": plainly(document.title),
            "publisher": plainly(document.publisher),
            "url": document.url,
            "date": document.published or document.available_from,
            "date_is": given,
            "timing": candidate.timing,
            "score": candidate.score,
            "similarity": candidate.similarity,
            "origin": candidate.origin,
            "language": document.language,
            "reliability": document.reliability,
            "not_read": told(read.unread) or None,
        },
    )


class ClaimGiven(Value):
    """A claim to check."""

    text: str = Field(description="the statement to check, standing alone")
    as_of: date | None = Field(default=None, description="judge it by what was public on this day; unset, today")
    speaker: str | None = Field(default=None, description="who said it, where that is known")
    language: str | None = Field(default=None, description="its language (ISO 639-1); unset, it is detected")


class ArticleGiven(Value):
    """An article to check."""

    text: str = Field(description="the article's text; offsets in the result count its characters")
    as_of: date | None = Field(default=None, description="unset, the article's own date, else today")
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: PartialDate | None = Field(default=None, description="YYYY, YYYY-MM or YYYY-MM-DD")
    language: str | None = None


class _ClaimInput(RootModel[str | ClaimGiven | Claim]):
    """The claim's text, the text with what is known of it, or a claim as the extractor gives it."""


class _ArticleInput(RootModel[str | ArticleGiven | Document]):
    """The article's text, the text with what is known of it, or a document."""


class _Claims(RootModel[tuple[Claim, ...]]):
    """Claims in the order of the article."""


def claim_checker(engine: Engine) -> Runnable[Any, Json]:
    """The check of one claim, as a Runnable from its text or a dictionary to a `ClaimResult` as a dictionary.

    It takes what `claim_extractor` gives, too. Claims of one `.batch`, or of `.map()`, are checked side by side:
    `llm_concurrency` of them with a language model, one without, unless `max_concurrency` in the config says otherwise.

    Raises:
        InputError: (on invoking) the claim is empty or has a field that cannot be used. Whatever else goes wrong gives
            a result with `status` `not_checked` and a `reason`.
    """

    def work(given: Any) -> Json:
        return check_claim(_claim(given, engine), engine).model_dump(mode="json")

    return _bounded(_Step(engine, "check_claim", work, _ClaimInput, ClaimResult), engine)


def claim_extractor(engine: Engine) -> Runnable[Any, list[Json]]:
    """The check-worthy claims of an article: from its text or a dictionary to a list of `Claim` as dictionaries.

    Raises:
        InputError: (on invoking) the article is empty, too long or has a field that cannot be used.
        JudgeError: (on invoking) the language model could not read it, and the engine has no rules to fall back on.
    """

    def work(given: Any) -> list[Json]:
        document, as_of = _article(given, engine)
        day, source = as_of_date(document, as_of, engine.today())
        found = find_claims(
            document, engine.extractor, engine.fallback, day, source, engine.settings.max_claims
        ).extraction
        return [claim.model_dump(mode="json") for claim in found.claims]

    return _bounded(_Step(engine, "extract_claims", work, _ArticleInput, _Claims), engine)


def article_checker(engine: Engine) -> Runnable[Any, Json]:
    """The check of a whole article, as a Runnable from its text or a dictionary to a `Report` as a dictionary.

    `stream` gives `{"claims": [result]}` for each claim, in the order of the article, as soon as it and those before it
    are checked, and last the rest of the report: added up, the parts are what `invoke` gives. Where nobody reads a
    stream to its end, the check ends after the claims it is at.

    Raises:
        InputError: (on invoking) the article is empty, too long or has a field that cannot be used.
    """
    return _bounded(_ArticleStep(engine), engine)


def _bounded(step: Runnable[Any, _Out], engine: Engine) -> Runnable[Any, _Out]:
    at_once = engine.settings.llm_concurrency if engine.settings.mode == "llm" else 1
    return step.with_config(max_concurrency=at_once)


class _Step(Runnable[_In, _Out], Generic[_In, _Out]):
    """A function as a Runnable with schemas that are known, untraced unless the settings allow it."""

    def __init__(
        self,
        engine: Engine,
        name: str,
        work: Callable[[_In], _Out],
        takes: type[BaseModel],
        gives: type[BaseModel],
    ) -> None:
        self.name = name
        self._engine = engine
        self._work = work
        self._takes, self._gives = takes, gives
        self._trace = engine.settings.llm_tracing

    @property
    def InputType(self) -> Any:
        return str | Json

    @property
    def OutputType(self) -> Any:
        return list[Json] if self._gives is _Claims else Json

    def get_input_schema(self, config: RunnableConfig | None = None) -> type[BaseModel]:
        return self._takes

    def get_output_schema(self, config: RunnableConfig | None = None) -> type[BaseModel]:
        return self._gives

    def invoke(self, input: _In, config: RunnableConfig | None = None, **kwargs: Any) -> _Out:
        with tracing(self._trace):
            return self._call_with_config(self._work, input, config)


class _ArticleStep(_Step[Any, Json]):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, "check_article", self._report, _ArticleInput, Report)

    def _report(self, given: Any) -> Json:
        document, as_of = _article(given, self._engine)
        return check(document, self._engine, as_of=as_of).model_dump(mode="json")

    def stream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Json]:
        yield from self.transform(iter([input]), config, **kwargs)

    def transform(self, input: Iterator[Any], config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Json]:
        parts = self._transform_stream_with_config(input, self._parts, config)
        try:
            while True:
                with tracing(self._trace):
                    part = next(parts, None)
                if part is None:
                    return
                yield part
        finally:
            parts.close()  # type: ignore[attr-defined]

    async def astream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> AsyncIterator[Json]:
        async def one() -> AsyncIterator[Any]:
            yield input

        async for part in self.atransform(one(), config, **kwargs):
            yield part

    async def atransform(
        self, input: AsyncIterator[Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Json]:
        parts = self._atransform_stream_with_config(input, self._aparts, config)
        try:
            while True:
                with tracing(self._trace):
                    part = await anext(parts, None)
                if part is None:
                    return
                yield part
        finally:
            await parts.aclose()  # type: ignore[attr-defined]

    def _parts(self, inputs: Iterator[Any]) -> Iterator[Json]:
        running = _Running(self._engine, _added_up(list(inputs)))
        try:
            while (part := running.next()) is not None:
                yield part
        finally:
            running.stop()

    async def _aparts(self, inputs: AsyncIterator[Any]) -> AsyncIterator[Json]:
        running = _Running(self._engine, _added_up([given async for given in inputs]))
        try:
            while (part := await run_in_executor(None, running.next)) is not None:
                yield part
        finally:
            running.stop()


class _NobodyReads(Exception):
    """Ends a check whose stream was closed; it is what the run is recorded to have failed with."""


class _Running:
    """A check in a thread of its own, whose parts are taken one by one."""

    def __init__(self, engine: Engine, given: Any) -> None:
        self._document, self._as_of = _article(given, engine)
        self._engine = engine
        self._parts: queue.SimpleQueue[AddableDict | BaseException | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._waiting: dict[int, ClaimResult] = {}
        self._given = 0
        # With the caller's context its callbacks and the bar on tracing hold in the thread too.
        threading.Thread(target=copy_context().run, args=(self._run,), name="factcheck-stream").start()

    def next(self) -> AddableDict | None:
        """The next part, or None after the last.

        Raises:
            FactcheckError: what the check ended with.
        """
        part = self._parts.get()
        if isinstance(part, BaseException):
            raise part
        return part

    def stop(self) -> None:
        """Ends the check at its next step, if it still runs."""
        self._stopped.set()

    def _run(self) -> None:
        try:
            report = check(self._document, self._engine, as_of=self._as_of, on_progress=self._take)
            rest = report.model_dump(mode="json", exclude={"claims"})
            self._parts.put(AddableDict(rest, claims=[]))
            self._parts.put(None)
        except BaseException as error:
            self._parts.put(error)

    def _take(self, progress: Progress) -> None:
        if self._stopped.is_set() and progress.stage != "done":
            raise _NobodyReads("The check was ended: nobody read its stream any more.")
        if progress.result is not None and progress.position is not None:
            self._waiting[progress.position] = progress.result
        while (result := self._waiting.pop(self._given, None)) is not None:
            self._given += 1
            self._parts.put(AddableDict(claims=[result.model_dump(mode="json")]))


def _added_up(parts: list[Any]) -> Any:
    """The input that a stream of parts makes, as LangChain adds them up."""
    whole = parts[0] if parts else ""
    for part in parts[1:]:
        whole = whole + part
    return whole


_CLAIM_ALONE: Final = frozenset(ClaimGiven.model_fields)


def _claim(given: Any, engine: Engine) -> Claim:
    if isinstance(given, Claim):
        return given
    if isinstance(given, Mapping) and given.keys() - _CLAIM_ALONE & Claim.model_fields.keys():
        return _value(Claim, given, "claim")
    known = ClaimGiven(text=given) if isinstance(given, str) else _value(ClaimGiven, given, "claim")
    return claim_of_text(known.text, engine, as_of=known.as_of, speaker=known.speaker, language=known.language)


def _article(given: Any, engine: Engine) -> tuple[Document, date | None]:
    """The document to check, and the day as of which, where it is given."""
    limit = engine.settings.max_article_chars
    if isinstance(given, Document):
        check_length(given.text, limit)
        return given, None
    known = ArticleGiven(text=given) if isinstance(given, str) else _value(ArticleGiven, given, "article")
    fields = known.model_dump(exclude={"text", "as_of"}, exclude_none=True)
    return read_text(known.text, max_chars=limit, **fields), known.as_of


def _value(schema: type[_V], given: Any, what: str) -> _V:
    if isinstance(given, schema):
        return given
    if not isinstance(given, Mapping):
        raise InputError(f"The {what} is a {type(given).__name__}: give its text, or a dictionary with `text`.")
    try:
        return schema.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "its fields together"
        raise InputError(
            f"The {what} cannot be used: {place}: {first['msg']}. Its fields are {', '.join(schema.model_fields)}."
        ) from error
