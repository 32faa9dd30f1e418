"""A language model behind any OpenAI-compatible endpoint, asked for answers of a fixed shape.

`structured(settings, Schema)` is a LangChain Runnable from messages to a `Reply`: a value of `Schema`, and
what it cost. An answer that does not fit raises `LLMBadReply`, no answer raises `LLMUnavailable`; nothing
is repaired, nothing has a default. After 429, 5xx, timeouts and lost connections a question is asked again, at most
`llm_retries` times, with back-off and the server's Retry-After up to two minutes; how many go at once follows what the
endpoint bears (`throttle`). An endpoint that cannot be reached is waited for once;
until it answers again every question fails at once. Neither prompts nor keys are logged or kept, and no trace of a
call leaves for a third party unless `llm_tracing` is set.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from factcheck.bounded import BrokenOff, OutOfTime, Packed, TooLong, answer_within, http_client
from factcheck.errors import JudgeError, LLMBadReply, LLMUnavailable, SettingsError
from factcheck.redact import redacted
from factcheck.settings import Settings
from factcheck.throttle import Trouble, gate_of, tried
from factcheck.types import Usage

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable, RunnableConfig

    from factcheck.llm_cache import ReplyCache

Messages = Sequence[tuple[str, str]]
"""Role and text of each message, as `Prompt.messages` gives them."""

CACHE_NAME = "llm-cache.sqlite3"

PROBE_SECONDS = 3.0
"""Time limit of the one question whether an endpoint is there."""

DEAD_SECONDS = 30.0
"""For so long an endpoint that cannot be reached is not asked again."""

LONGEST_ANSWER = 4 << 20
"""Bytes of an answer that are read, headers and all; the longest that a model gives is a hundredth of it."""

_FENCES = re.compile(r"<(?=\s*/?\s*(?:source|claim|article|context)\b)", re.IGNORECASE)
_T = TypeVar("_T", bound=BaseModel)

_log = logging.getLogger(__name__)


class Reply(NamedTuple, Generic[_T]):
    """An answer that fits its schema, and what it cost."""

    value: _T
    usage: Usage


def untrusted(text: str) -> str:
    """`text` with every fence of the prompts (`<source ...>`, `</claim>`, ...) made harmless.

    It can neither end its own fence nor open another: their `<` becomes `‹`. The length, and all other
    text, stay as they are.
    """
    return _FENCES.sub("‹", text)


def chat_model(settings: Settings) -> BaseChatModel:
    """The LangChain chat model that the settings name, with its time limit.

    A server of one's own needs no key: a placeholder is sent where none is set and the endpoint is not
    OpenAI's.

    Raises:
        SettingsError: no model is set, or the endpoint needs a key or an address that is not set.
    """
    if not settings.llm_model:
        raise SettingsError(
            "No language model is set. Set FACTCHECK_LLM_MODEL (and FACTCHECK_LLM_BASE_URL for a server that is"
            " not OpenAI's), or check without one."
        )
    from langchain.chat_models import init_chat_model

    common: dict[str, Any] = {
        "api_key": _key(settings),
        "timeout": settings.llm_timeout,
        "http_client": http_client(),
        "max_retries": 0,  # `throttle` tries again, and learns from what is refused
        # Answers are cached here only after they have been found to fit; LangChain would keep bad ones too.
        "cache": False,
    }
    if settings.llm_temperature is not None:
        common["temperature"] = settings.llm_temperature
    if settings.llm_provider == "azure":
        if not settings.llm_base_url or not settings.llm_api_version:
            raise SettingsError(
                "Azure OpenAI needs FACTCHECK_LLM_BASE_URL (https://NAME.openai.azure.com) and"
                " FACTCHECK_LLM_API_VERSION beside the deployment's name in FACTCHECK_LLM_MODEL."
            )
        common |= {"azure_endpoint": settings.llm_base_url, "azure_deployment": settings.llm_model}
        common |= {"api_version": settings.llm_api_version, "max_tokens": settings.llm_max_tokens}
        azure: BaseChatModel = init_chat_model(settings.llm_model, model_provider="azure_openai", **common)
        return azure
    if _is_openai(settings):
        common["max_tokens"] = settings.llm_max_tokens
    else:
        # LangChain renames max_tokens to max_completion_tokens, which several compatible servers ignore.
        common |= {"extra_body": {"max_tokens": settings.llm_max_tokens}, "use_responses_api": False}
    if settings.llm_base_url:
        common["base_url"] = settings.llm_base_url
    model: BaseChatModel = init_chat_model(settings.llm_model, model_provider="openai", **common)
    return model


def structured(
    settings: Settings,
    schema: type[_T],
    *,
    model: BaseChatModel | None = None,
    note: Callable[[str], None] | None = None,
) -> Runnable[Messages, Reply[_T]]:
    """A Runnable that asks the model and returns its answer as `schema`; a question asked before costs nothing.

    The schema's own strings are instructions: each field's description reaches the model. Its fields must
    all be required and of simple types, as strict structured output demands.

    Args:
        settings: endpoint, method (`json_schema`, `function_calling` or `json_mode`), limits, cache, prices.
        schema: what the answer must be.
        model: another chat model than the one the settings name.
        note: told in a sentence when the cache cannot be used; otherwise that is logged.

    Raises:
        SettingsError: the model cannot be set up.
        LLMUnavailable: (on invoking) no connection, time limit, rate limit or server error after all retries;
            without any try where a call before found nobody there.
        LLMBadReply: (on invoking) not JSON, another shape, a value outside its list, empty, cut off or
            refused. It carries in `usage` what the answer cost, where the server said so.
    """
    from langchain_core.runnables import RunnableLambda

    chat = model or chat_model(settings)
    method = settings.llm_structured_output
    json_schema = schema.model_json_schema()
    # The schema goes in as a dictionary and the raw message is what is read: LangChain's own parsers would
    # complete a JSON text that was cut off, and its Pydantic route raises before the tokens can be counted.
    ask = _raw_alone(
        chat.with_structured_output(
            json_schema, method=method, include_raw=True, **({"strict": True} if method == "json_schema" else {})
        )
    )
    cache = _cache(settings, note or _log.warning)
    identity = _identity(chat, settings, json_schema)
    reach = Reach(lambda: _is_there(chat))
    place = settings.llm_base_url or "", settings.llm_model or ""
    gate = gate_of(*place, most=settings.llm_concurrency)

    def answer(messages: Messages) -> Reply[_T]:
        sent = _with_schema(messages, json_schema) if method == "json_mode" else list(messages)
        question = json.dumps(sent, ensure_ascii=False)
        if cache is not None and (hit := _recall(cache, question, identity, schema)):
            return hit
        if dead := reach.known_dead():
            raise LLMUnavailable(dead)
        try:
            raw: AIMessage = tried(
                lambda: _within_limits(ask, sent, settings.llm_timeout),
                gate,
                _trouble,
                settings.llm_retries,
                settings.llm_patience,
            )
        except Exception as error:  # whatever a client or a server does, it costs one claim and not the run
            failure = _failure(error, settings)
            if _never_connected(error):
                reach.lost(str(failure))
            raise failure from None
        usage = _usage(raw.usage_metadata, settings)
        text = _text(raw, usage, settings)
        value = _parse(text, schema, usage, settings)
        if cache is not None:
            _keep(cache, question, identity, text, raw)
        return Reply(value, usage)

    class Asking(RunnableLambda[Messages, Reply[_T]]):
        def invoke(self, input: Messages, config: RunnableConfig | None = None, **kwargs: Any) -> Reply[_T]:
            with tracing(settings.llm_tracing):
                return super().invoke(input, config, **kwargs)

    return Asking(answer, name=f"structured_{schema.__name__}")


def _raw_alone(asking: Runnable[Any, Any]) -> Callable[[Any], AIMessage]:
    """What gives the model's message, of a Runnable that gives it under `raw` beside what LangChain made of it.

    Where the Runnable is of the known make (a map with the model in it, then parsers) the model is asked by itself: the
    map would start two threads for each question, a third of the processor time of all that is done with an answer.
    """
    model = getattr(getattr(asking, "first", None), "steps__", {}).get("raw")
    if model is not None:
        return lambda sent: model.invoke(sent)
    return lambda sent: asking.invoke(sent)["raw"]


def _within_limits(ask: Callable[[Any], AIMessage], sent: Any, seconds: float) -> AIMessage:
    """One try, bounded as a whole."""
    import openai

    with answer_within(seconds, LONGEST_ANSWER) as taken:
        try:
            return ask(sent)
        except openai.APITimeoutError:
            raise
        except openai.APIConnectionError as error:
            if taken.received and "TooManyRedirects" not in _causes(error):
                raise BrokenOff from error
            raise


class Reach:
    """Whether an endpoint is there, so that a dead one is waited for once and not for every question.

    Args:
        probe: asks it once, quickly, and says whether anybody was there.
        clock: gives seconds.
    """

    def __init__(self, probe: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._probe = probe
        self._clock = clock
        self._sentence: str | None = None
        self._until = 0.0
        self._lock = threading.Lock()

    def known_dead(self) -> str | None:
        """What was said when it was lost, if it is not back; every `DEAD_SECONDS` it is asked again."""
        with self._lock:
            if self._sentence is not None and self._clock() >= self._until:
                self._look(self._sentence)
            return self._sentence

    def lost(self, sentence: str) -> None:
        """A call found nobody there: if the probe does not either, the next ones need not try."""
        with self._lock:
            if self._sentence is None:
                self._look(sentence)

    def _look(self, sentence: str) -> None:
        self._sentence = None if self._probe() else sentence
        self._until = self._clock() + DEAD_SECONDS


def _is_there(chat: BaseChatModel) -> bool:
    """Whether the model's endpoint says anything at all, through the client that asks it (proxies and all)."""
    import openai

    client = getattr(chat, "root_client", None)
    if not isinstance(client, openai.OpenAI):
        return True
    try:
        with answer_within(PROBE_SECONDS, LONGEST_ANSWER):
            client.with_options(timeout=PROBE_SECONDS, max_retries=0).models.list()
    except openai.APIConnectionError:
        return False
    except Exception:  # a page, an error, a list of another shape: somebody answered
        return True
    return True


def tracing(allowed: bool) -> AbstractContextManager[Any]:
    """Unless it is allowed, keeps LangChain from sending what it is given to LangSmith, which its variables in the
    environment would have it do."""
    if allowed:
        return nullcontext()
    from langsmith import tracing_context

    return tracing_context(enabled=False)


def _key(settings: Settings) -> str:
    if settings.llm_api_key is not None and settings.llm_api_key.get_secret_value():
        return settings.llm_api_key.get_secret_value()
    if settings.llm_provider == "azure" or _is_openai(settings):
        raise SettingsError(
            "The endpoint needs a key. Set OPENAI_API_KEY or FACTCHECK_LLM_API_KEY, or set"
            " FACTCHECK_LLM_BASE_URL to a server of your own."
        )
    return "not-needed"


def _is_openai(settings: Settings) -> bool:
    host = urlsplit(settings.llm_base_url or "https://api.openai.com").hostname or ""
    return host == "openai.com" or host.endswith(".openai.com")


def _with_schema(messages: Messages, json_schema: dict[str, Any]) -> list[tuple[str, str]]:
    (role, text), *rest = messages
    shape = json.dumps(json_schema, ensure_ascii=False)
    return [
        (
            role,
            f"{text}\n\nReply with one JSON object, and nothing else, that fits this JSON Schema:\n{shape}",
        ),
        *rest,
    ]


def _cache(settings: Settings, note: Callable[[str], None]) -> ReplyCache | None:
    if not settings.llm_cache:
        return None
    from factcheck.llm_cache import ReplyCache

    return ReplyCache(settings.home / CACHE_NAME, note)


def _identity(chat: BaseChatModel, settings: Settings, json_schema: dict[str, Any]) -> str:
    """Everything but the messages that an answer depends on."""
    client = getattr(chat, "root_client", None)
    parts = {
        "model": chat._identifying_params,
        "type": chat._llm_type,
        "base_url": str(getattr(client, "base_url", settings.llm_base_url)),
        "api_version": settings.llm_api_version,
        "method": settings.llm_structured_output,
        "schema": json_schema,
    }
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)


def _recall(cache: ReplyCache, question: str, identity: str, schema: type[_T]) -> Reply[_T] | None:
    from langchain_core.outputs import ChatGeneration

    found = cache.lookup(question, identity)
    if not found or not isinstance(found[0], ChatGeneration):
        return None
    spent = getattr(found[0].message, "usage_metadata", None) or {}
    try:
        value = schema.model_validate_json(found[0].text)
    except ValidationError:
        return None
    return Reply(value, Usage(cached_tokens=spent.get("input_tokens", 0) + spent.get("output_tokens", 0)))


def _keep(cache: ReplyCache, question: str, identity: str, text: str, raw: AIMessage) -> None:
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration

    kept = ChatGeneration(message=AIMessage(content=text, usage_metadata=raw.usage_metadata))
    cache.update(question, identity, [kept])


def _usage(spent: Any, settings: Settings) -> Usage:
    prompt = int((spent or {}).get("input_tokens", 0))
    completion = int((spent or {}).get("output_tokens", 0))
    cost = None
    if settings.llm_price_in is not None and settings.llm_price_out is not None:
        cost = (prompt * settings.llm_price_in + completion * settings.llm_price_out) / 1_000_000
    return Usage(calls=1, prompt_tokens=prompt, completion_tokens=completion, cost_usd=cost)


def _text(raw: AIMessage, usage: Usage, settings: Settings) -> str:
    """The JSON text of an answer, whichever way the server sent it."""
    if raw.response_metadata.get("finish_reason") == "length":
        raise _cut_off(usage, settings)
    if refusal := raw.additional_kwargs.get("refusal"):
        raise _bad(f"refused: {_shown(str(refusal), settings)!r}", usage, settings)
    if raw.tool_calls:
        return json.dumps(raw.tool_calls[0]["args"], ensure_ascii=False)
    if raw.invalid_tool_calls:
        return raw.invalid_tool_calls[0]["args"] or ""
    return str(raw.text)


def _parse(text: str, schema: type[_T], usage: Usage, settings: Settings) -> _T:
    if not text.strip():
        raise _bad("gave an empty answer", usage, settings)
    try:
        return schema.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        if first["type"] == "json_invalid":
            begins = _shown(text, settings, 80)
            problem = f"did not answer in JSON (the answer begins {begins!r})"
        else:
            place = ".".join(str(part) for part in first["loc"]) or "the answer"
            problem = f"answered in another shape than {schema.__name__}: {place}: {first['msg']}"
    raise _bad(
        f"{problem}. If this happens often, try another FACTCHECK_LLM_STRUCTURED_OUTPUT"
        " (json_schema, function_calling, json_mode)",
        usage,
        settings,
    )


def _cut_off(usage: Usage | None, settings: Settings) -> LLMBadReply:
    limit = settings.llm_max_tokens
    return _bad(f"was cut off at {limit} tokens; raise FACTCHECK_LLM_MAX_TOKENS", usage, settings)


def _bad(problem: str, usage: Usage | None, settings: Settings) -> LLMBadReply:
    error = LLMBadReply(f"The language model {settings.llm_model or ''} {problem}.".replace("  ", " "))
    error.usage = usage
    return error


def _failure(error: Exception, settings: Settings) -> JudgeError:
    """The error of a call that brought no message, in a sentence: what failed and what to do."""
    import openai

    if isinstance(error, openai.LengthFinishReasonError):
        return _cut_off(_spent(error.completion.usage, settings), settings)
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return _bad("refused: its content filter stopped the answer", None, settings)
    where = f"The language model at {_place(settings)}"
    tries = settings.llm_retries + 1
    if _never_connected(error):
        problem = "cannot be reached. Check that it runs and that FACTCHECK_LLM_BASE_URL is its address."
    elif isinstance(error, openai.APITimeoutError | OutOfTime):
        limit = f"{settings.llm_timeout:g} s"
        problem = f"gave no answer within {limit}, {tries} times. Try again, or raise FACTCHECK_LLM_TIMEOUT."
    elif isinstance(error, openai.APIStatusError):
        problem = _status_problem(error, settings)
    elif isinstance(error, BrokenOff):
        problem = f"broke off in the middle of its answer, {tries} times. Try again later."
    elif isinstance(error, TooLong):
        return _bad(f"sent more than {LONGEST_ANSWER >> 20} MB, and the rest was not read", None, settings)
    elif isinstance(error, Packed):
        return _bad("sent a packed answer (Content-Encoding), which it was not asked for", None, settings)
    else:
        said = _shown(str(error), settings)
        return _bad(
            f"did not answer as an OpenAI-compatible server does ({type(error).__name__}: {said})",
            None,
            settings,
        )
    return LLMUnavailable(f"{where} {problem}")


def _trouble(error: Exception) -> Trouble | None:
    """Whether a question may be asked again after an error, as the openai client decides it, and when."""
    import openai

    if isinstance(error, openai.APIConnectionError | OutOfTime | BrokenOff):
        return Trouble(refused=False)
    if not isinstance(error, openai.APIStatusError):
        return None
    headers, refused = error.response.headers, error.status_code == 429
    told = headers.get("x-should-retry")
    if told == "false" or (told != "true" and error.status_code < 500 and error.status_code not in (408, 409, 429)):
        return None
    # No waiting fills an empty account: such a refusal is tried again like any other failure.
    return Trouble(refused=refused and error.code != "insufficient_quota", after=_retry_after(headers))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from a number of milliseconds or seconds or from a date."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) / unit
        except ValueError:
            moment = parsedate_tz(value)
            seconds = mktime_tz(moment) - time.time() if moment else 0.0
        return seconds if 0 < seconds < float("inf") else None
    return None


def _never_connected(error: Exception) -> bool:
    """Whether there was no connection, or it broke; a connection that took too long to make is none."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return "ConnectTimeout" in _causes(error)
    return isinstance(error, openai.APIConnectionError)


def _causes(error: BaseException | None) -> Iterator[str]:
    """What an error came of, by names: which HTTP library the client uses is its own affair."""
    while (error := error.__cause__ if error else None) is not None:
        yield type(error).__name__


def _status_problem(error: Any, settings: Settings) -> str:
    status = int(error.status_code)
    body = error.body if isinstance(error.body, dict) else {}
    said = _shown(str(body.get("message") or ""), settings)
    said = f": {said}" if said else ""
    if status in (401, 403):
        return f"refused the key (HTTP {status}{said}). Check OPENAI_API_KEY or FACTCHECK_LLM_API_KEY."
    if status == 404:
        return (
            f"does not know the model {settings.llm_model!r} or the address (HTTP 404{said})."
            f" Check FACTCHECK_LLM_MODEL, and that FACTCHECK_LLM_BASE_URL ends as the server wants it (often /v1)."
        )
    if status == 429:
        return f"is over its rate or quota limit (HTTP 429{said}). Wait, or lower FACTCHECK_LLM_CONCURRENCY."
    if status >= 500:
        return f"failed (HTTP {status}{said}), {settings.llm_retries + 1} times. Try again later."
    return (
        f"did not accept the request (HTTP {status}{said}). If it does not know the kind of answer asked for,"
        f" try another FACTCHECK_LLM_STRUCTURED_OUTPUT (json_schema, function_calling, json_mode)."
    )


def _spent(usage: Any, settings: Settings) -> Usage | None:
    if usage is None:
        return None
    return _usage({"input_tokens": usage.prompt_tokens, "output_tokens": usage.completion_tokens}, settings)


def _place(settings: Settings) -> str:
    """Scheme, host and path of the endpoint, without what else its address may hold."""
    url = urlsplit(settings.llm_base_url or "https://api.openai.com/v1")
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.hostname or ''}{port}{url.path}"


def _shown(text: str, settings: Settings, length: int = 200) -> str:
    """What a server said, in one short line and without a secret."""
    line = " ".join(redacted(text, settings).split())
    return line if len(line) <= length else f"{line[:length]}…"
