"""More texts to search with, written by the language model in one call a claim.

A translation finds what another language says of the claim. A passage as the page that is sought might have it lies
nearer to that page than the claim does (HyDE: Gao, Ma, Lin & Callan 2023, arXiv:2212.10496). A query for the opposite
finds what refutes. All three are searched with and no more: no judge reads them, and no verdict rests on them, so what
is invented in them can only cost a place in the ranking. Without an answer the claim is searched for in its own words.
"""

from __future__ import annotations

import html
import logging
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from factcheck.errors import JudgeError
from factcheck.llm import structured, untrusted
from factcheck.resources import Prompt, load_prompt
from factcheck.settings import Settings
from factcheck.text import detect_language, sentences
from factcheck.types import Claim, Usage, Value

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

RUNAWAY = 2_000
"""A text with more characters than this is not what was asked for, and none of it is used."""
PASSAGE_LENGTH, REFUTING_LENGTH = 500, 250
"""Characters at most. Of a longer passage the first sentences are taken; a longer query is dropped."""
TRANSLATION_TIMES, TRANSLATION_MORE = 2, 40
"""A translation has at most so many times the claim's characters, and so many more. Of 137 facts in both languages the
Indonesian wording has between 0.55 and 1.27 times the characters of the English one."""
LEAST_LETTERS = 8

_LANGUAGES = {"en": "English", "id": "Indonesian"}
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_NOT_WORDS = re.compile(r"</?[a-z!][^<>]*>|\b(?:https?://|www\.)\S+|[*`#|<>{}\\]", re.IGNORECASE)
_WORD = re.compile(r"\w+")

_log = logging.getLogger(__name__)


class SearchTexts(Value):
    """Texts to search with for evidence on the claim."""

    translation: str = Field(description="the claim in the language that its tag names")
    passage: str = Field(
        description="one or two sentences, in the claim's language, as a fact-check or reference page would have them"
    )
    refuting: str = Field(description="one short query, in the claim's language, for evidence against the claim")


class Expansion(Value):
    """What to search with beside the claim; a text is empty where none came that can be used."""

    translation: str = ""
    """The claim in English if it is Indonesian, in Indonesian if it is English, in English if it is neither."""
    passage: str = ""
    """What a page on the subject might say. It is invented."""
    refuting: str = ""
    usage: Usage = Usage()
    notes: tuple[str, ...] = ()
    """Why there is nothing, a clause."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Those that there are, as `retrieve` takes them."""
        return tuple(filter(None, (self.translation, self.passage, self.refuting)))


class QueryExpander:
    """Asks the language model of the settings for texts to search with.

    Args:
        settings: endpoint, limits, cache.
        model: another chat model than the one the settings name.
        prompt: another prompt than `prompts/queries.md`; it takes `claim`.
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
            "queries", settings.prompts, variables=("claim",), schema_name=SearchTexts.__name__
        )
        self._ask = structured(settings, SearchTexts, model=model, note=note)

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prompt's name to its version and hash."""
        return {self.prompt.name: self.prompt.stamp}

    def ask(self, claim: Claim) -> Expansion:
        """The texts for a claim, cleaned, and what they cost.

        Raises:
            LLMUnavailable: the model gave no answer.
            LLMBadReply: its answer cannot be used.
        """
        reply = self._ask.invoke(self.prompt.messages(claim=_fenced(claim)))
        return cleaned(reply.value, claim, reply.usage)


def load_expander(settings: Settings, note: Callable[[str], None] | None = None) -> QueryExpander | None:
    """What writes the queries, where the settings want it (`llm_queries`) and name a language model; else None.

    Args:
        settings: the language model, and `llm_queries`.
        note: told in a sentence when queries are wanted and there is no language model to write them.

    Raises:
        SettingsError: the model or the prompt cannot be used.
    """
    if not settings.llm_queries:
        return None
    if settings.mode == "offline":
        (note or _log.warning)(
            "FACTCHECK_LLM_QUERIES is on and no language model is set: claims are searched for in their own words."
        )
        return None
    return QueryExpander(settings)


def expand(claim: Claim, expander: QueryExpander | None) -> Expansion:
    """The texts to search with beside the claim; none without an expander.

    Whatever goes wrong costs these texts and never the claim: there are none then, and a note says why.
    """
    if expander is None:
        return Expansion()
    try:
        return expander.ask(claim)
    except JudgeError as error:
        why, usage = str(error), error.usage or Usage()
    except Exception as error:
        _log.warning("no queries for claim %s", claim.id, exc_info=error)
        why, usage = f"an internal error, {type(error).__name__}", Usage()
    return Expansion(usage=usage, notes=(f"searched without the language model's queries: {why}",))


def cleaned(reply: SearchTexts, claim: Claim, usage: Usage) -> Expansion:
    """The texts of a reply that can be searched with, without markup, links and characters that are not seen.

    Dropped are texts that are too long, hold next to nothing, repeat the claim or one before, or are in another script
    than Latin where the claim is not, and a translation that is in another language than the one asked for.
    """
    target = _target(claim)
    own_script = _is_latin(claim.text)
    limit = TRANSLATION_TIMES * len(claim.text) + TRANSLATION_MORE
    translation, passage, refuting = map(_plain, (reply.translation, reply.passage, reply.refuting))
    if len(translation) > limit or not _is_latin(translation) or not _speaks(translation, target):
        translation = ""
    passage = _beginning(passage, PASSAGE_LENGTH)
    if len(refuting) > REFUTING_LENGTH:
        refuting = ""
    kept: dict[str, str] = {}
    seen = {_key(claim.text)}
    for name, text in (("translation", translation), ("passage", passage), ("refuting", refuting)):
        if _key(text) not in seen and _says_something(text) and (not own_script or _is_latin(text)):
            kept[name] = text
            seen.add(_key(text))
    notes = () if kept else ("the language model wrote no query that can be searched with",)
    return Expansion(
        translation=kept.get("translation", ""),
        passage=kept.get("passage", ""),
        refuting=kept.get("refuting", ""),
        usage=usage,
        notes=notes,
    )


def _target(claim: Claim) -> Literal["en", "id"] | None:
    """The language to translate into; None where the claim is too short to tell its own."""
    language = claim.language or detect_language(claim.text)
    return None if language is None else "id" if language == "en" else "en"


def _fenced(claim: Claim) -> str:
    target = _target(claim)
    wanted = _LANGUAGES[target] if target else "English, or Indonesian if it is English"
    return f'<claim translate="{wanted}">{untrusted(claim.text)}</claim>'


def _speaks(text: str, language: str | None) -> bool:
    """Whether a text is in a language, or too short to tell; without a language, whether it is in one of ours."""
    found = detect_language(text)
    return found is None or (found == language if language else found in _LANGUAGES)


def _plain(text: str) -> str:
    """The words of a text on one line; empty if it is far longer than anything that was asked for."""
    if len(text) > RUNAWAY:
        return ""
    seen = "".join(_visible(character) for character in html.unescape(text))
    return " ".join(_NOT_WORDS.sub(" ", _LINK.sub(r"\1", seen)).split()).strip(" \"'“”‘’«»-•–")


def _visible(character: str) -> str:
    """The character; a space for a control, and nothing for what is not seen and turns or hides what is."""
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category.startswith("C") else character


def _beginning(text: str, limit: int) -> str:
    """The sentences that a text begins with, as many as fit."""
    if len(text) <= limit:
        return text
    return text[: max((span.end for span in sentences(text) if span.end <= limit), default=0)]


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _says_something(text: str) -> bool:
    return len(_WORD.findall(text)) > 1 and sum(map(str.isalpha, text)) >= LEAST_LETTERS


def _is_latin(text: str) -> bool:
    """Whether at least half of the letters are Latin ones; so it is without any."""
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) >= len(letters)
