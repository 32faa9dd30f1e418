"""`factcheck doctor`: what is configured, what is missing and what to do about it. Nothing is sent anywhere but to
the language-model endpoint that the user set."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from pydantic import BaseModel, Field

from factcheck import __version__
from factcheck.errors import FactcheckError
from factcheck.redact import redacted
from factcheck.settings import Settings


class Finding(NamedTuple):
    """One thing examined: whether it is in order, and a sentence saying what was found and what to do."""

    subject: str
    ok: bool
    sentence: str


class _Answer(BaseModel):
    """One word."""

    answer: str = Field(description="the word")


def examine(settings: Settings) -> Iterator[Finding]:
    """Examines settings, data directory, prompts, models, corpus and endpoint, in the order in which they build up."""
    yield Finding("version", True, f"factcheck {__version__}, mode {settings.mode}")
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("environment", _environment),
        ("data directory", _home),
        ("prompts", _prompts),
        ("source tiers", _sources),
        ("embedding model", _embedding),
        ("offline verifier", _verifier),
        ("corpus", _corpus),
        ("language model", _language_model),
    )
    for subject, look in checks:
        try:
            yield Finding(subject, True, look(settings))
        except FactcheckError as error:
            yield Finding(subject, False, redacted(str(error), settings))
        except Exception as error:  # a doctor reports what it meets
            yield Finding(subject, False, redacted(f"failed with {type(error).__name__}: {error}", settings))


def _environment(settings: Settings) -> str:
    known = {f"FACTCHECK_{name.upper()}" for name in type(settings).model_fields} | {"FACTCHECK_DEBUG"}
    given = sorted(name for name in os.environ if name.startswith("FACTCHECK_"))
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise FactcheckError(f"{name} is set, and there is no such setting.{meant}")
    return ", ".join(given) or "no FACTCHECK_ variable is set"


def _home(settings: Settings) -> str:
    settings.home.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.home, os.W_OK):
        raise FactcheckError(f"{settings.home} cannot be written to. Set FACTCHECK_HOME to a directory of yours.")
    return f"{settings.home}"


def _prompts(settings: Settings) -> str:
    from factcheck.extract.chain import LLMExtractor
    from factcheck.queries import QueryExpander
    from factcheck.verify.chain import LLMJudge

    # Prompts are checked where they are used; what is built for that is never called, so it needs no endpoint.
    configured = Settings(
        home=settings.home,
        prompts=settings.prompts,
        llm_model="none",
        llm_provider="openai",
        llm_base_url="http://127.0.0.1:9",
        llm_cache=False,
    )
    asking = (LLMExtractor(configured), QueryExpander(configured), LLMJudge(configured))
    stamps = {name: stamp for one in asking for name, stamp in one.prompts.items()}
    return ", ".join(f"{name} {stamp[:24]}" for name, stamp in stamps.items())


def _sources(settings: Settings) -> str:
    from factcheck.tiers import load_tiers

    return f"{settings.sources or 'the rules that ship'}: {len(load_tiers(settings))} hosts and publishers named"


def _embedding(settings: Settings) -> str:
    from factcheck.embed import load_embedder

    embedder = load_embedder(settings)
    embedder.queries(["one"], ["en"])
    return f"{embedder.name}, {embedder.dimension} dimensions"


def _verifier(settings: Settings) -> str:
    from factcheck.entail import EntailmentModel

    model = EntailmentModel.load(threads=settings.threads)
    model.scores([("one", "one")])
    return f"{model.name} {model.revision}"


def _corpus(settings: Settings) -> str:
    from factcheck.engine import corpus_directory, open_corpus

    if settings.corpus is None and not corpus_directory(settings).exists():
        return "none of your own yet: the demo corpus is used. Add yours with `factcheck corpus add PATH`"
    corpus = open_corpus(settings)
    info = corpus.info()
    corpus.close()
    return f"{corpus_directory(settings)}: {info.documents} documents, {info.passages} passages, {info.undated} undated"


def _language_model(settings: Settings) -> str:
    if settings.mode == "offline":
        return "none configured (FACTCHECK_LLM_MODEL is not set): the offline verifier judges"
    from factcheck.llm import structured

    began = time.perf_counter()
    asked = settings.model_copy(update={"llm_cache": False, "llm_retries": 0})
    structured(asked, _Answer).invoke([("system", "You answer with one word."), ("human", "Answer with the word: ok")])
    return f"{settings.llm_model} answered as asked in {time.perf_counter() - began:.1f} s"
