"""Every span of a claim is the article's own text, whatever its characters: both extractors, over odd Unicode."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda

from factcheck.extract import Extractor, RuleExtractor
from factcheck.extract.chain import LLMExtractor
from factcheck.settings import Settings
from factcheck.text import normalise
from factcheck.types import Document, Extraction

DAY = date(2024, 6, 19)

ARTICLE = (
    "Bendungan Karsa Mulai Diisi\n\n"
    "Bendungan Karsa di Tovu mulai diisi pada 4 Mei 2024. Gubernur Élise Péréz menyebut biayanya 3,5 miliar rupiah.\n"
    "“Bendungan ini menampung 35 juta liter air,” kata Gubernur Élise Péréz kepada warga Tovu.\n\n"
    "The dam cost 90 million euros, Mayor José Núñez said on Tuesday. It opened on 4 June 2019 in Café Square.\n"
    "Apakah warga akan pindah? Sebanyak 214 keluarga di Tovu pindah pada 2023."
)

POST = (
    "VIRAL‼️ Sebarkan!!! 😱😱\n“Air rebusan daun karsa menyembuhkan 95 persen pasien,” kata dr. Élise Péréz – RS Tovu\n"
    "#daunkarsa @tovu https://contoh.id/a?b=1\n1. Rebus 7 lembar\n2. Minum 3 kali sehari… Mereka menutupinya sejak 2019"
)

NOISE = [
    "\u00ad",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u200e",
    "😀",
    " 👩‍👩‍👧",
    "\u0301",
    "\u00a0",
    "\r\n",
    "\t",
    "\ufe0f",
    "𝟜",
]


class Copyist(BaseChatModel):
    """A model that gives every sentence of its window as a claim, in plain characters, as models do."""

    @property
    def _llm_type(self) -> str:
        return "copyist"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        window = re.search(r"<article>(.*)</article>", str(messages[-1].content), re.DOTALL)
        lines = [_as_a_model_writes(line) for line in (window[1] if window else "").splitlines()]
        said = [s for line in lines for s in re.split(r"(?<=[.!?])\s+", line) if s]
        claims = [{"quote": s, "claim": s, "kind": "statement", "speaker": ""} for s in said]
        reply = json.dumps({"claims": claims, "left_out": []}, ensure_ascii=False)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=reply))])

    def with_structured_output(self, schema: Any, **kwargs: Any) -> Runnable[Any, Any]:
        return RunnableLambda(lambda sent: {"raw": self.invoke(sent), "parsed": None, "parsing_error": None})


def _as_a_model_writes(text: str) -> str:
    composed = unicodedata.normalize("NFC", re.sub("[\u00ad\u200b\u200d\u200e\u2060\ufeff\ufe0f]", "", text))
    return " ".join(composed.replace("“", '"').replace("”", '"').split())


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LLMExtractor:
    home = tmp_path_factory.mktemp("home")
    return LLMExtractor(Settings(home=home, llm_cache=False, llm_max_tokens=500), model=Copyist())


def _spans_hold(text: str, extraction: Extraction) -> None:
    for claim in extraction.claims:
        assert claim.source_text and text[claim.start : claim.end] == claim.source_text
        assert any(character.isalnum() for character in claim.source_text)
        for cut in (claim.start, claim.end):  # a letter is not parted from its mark
            assert not unicodedata.combining(text[cut : cut + 1] or "x") or not text[:cut][-1:].isalnum()
    for left in extraction.left_out:
        assert text[left.start : left.end] == left.text and left.reason


def _extract(extractor: Extractor, text: str) -> Extraction:
    return extractor.extract(Document.from_text(text, language="id"), DAY, "given")[0]


CHANGES: dict[str, Callable[[str], str]] = {
    "as it is": lambda t: t,
    "nfd": lambda t: unicodedata.normalize("NFD", t),
    "soft hyphens": lambda t: re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "\u00ad", t),
    "zero width spaces": lambda t: t.replace(" ", "\u200b "),
    "byte order mark and hard spaces": lambda t: "\ufeff" + t.replace(" ", "\u00a0"),
    "crlf": lambda t: t.replace("\n", "\r\n"),
    "old macs": lambda t: t.replace("\n", "\r"),
    "emoji": lambda t: t.replace(". ", ". 😀 ").replace(",", " 👩‍👩‍👧,"),
    "full width": lambda t: t.replace("2024", "２０２４"),
    "direction marks": lambda t: t.replace("“", "\u200e“\u200f"),
    "all of it": lambda t: (
        unicodedata.normalize("NFD", t).replace(" ", " \u200b").replace("\n", "\r\n").replace("a", "a\u00ad")
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_both_extractors_find_as_much_in_odd_characters(change: str, reader: LLMExtractor) -> None:
    text = CHANGES[change](ARTICLE)
    for extractor in (RuleExtractor(), reader):
        found, plain = _extract(extractor, text), _extract(extractor, ARTICLE)
        _spans_hold(text, found)
        assert len(plain.claims) >= 4
        assert len(found.claims) >= len(plain.claims) - 1, type(extractor).__name__


@pytest.mark.parametrize("change", ["nfd", "soft hyphens", "zero width spaces", "crlf"])
def test_what_is_found_is_the_same_text(change: str, reader: LLMExtractor) -> None:
    text = CHANGES[change](ARTICLE)
    for extractor in (RuleExtractor(), reader):
        assert _shown(_extract(extractor, text)) == _shown(_extract(extractor, ARTICLE))


def _shown(extraction: Extraction) -> list[str]:
    return [normalise(c.source_text).text.rstrip(".") for c in extraction.claims]


_PLACES = st.lists(st.tuples(st.integers(0, len(ARTICLE)), st.sampled_from(NOISE)), max_size=25)
_TEXTS = st.sampled_from([ARTICLE, POST])
_FORMS = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])


@settings(max_examples=120, deadline=None)
@given(_TEXTS, _PLACES, _FORMS)
def test_spans_are_the_text_wherever_the_noise_falls(article: str, places: list[tuple[int, str]], form: Any) -> None:
    text = _noisy(article, places, form)
    _spans_hold(text, _extract(RuleExtractor(), text))


@settings(max_examples=40, deadline=None)
@given(article=_TEXTS, places=_PLACES, form=_FORMS)
def test_the_models_spans_are_the_text_wherever_the_noise_falls(
    reader: LLMExtractor, article: str, places: list[tuple[int, str]], form: Any
) -> None:
    text = _noisy(article, places, form)
    _spans_hold(text, _extract(reader, text))


def _noisy(text: str, places: list[tuple[int, str]], form: Any) -> str:
    for at, noise in sorted(places, reverse=True):
        text = text[:at] + noise + text[at:]
    return unicodedata.normalize(form, text)
