"""The language model as judge: one call a claim, a stance and a verbatim quote per source.

The model is asked for no label. Its words are handed on as it gave them; `conclude` locates them and aggregates.
One structured call was measured to do as well as chains of forty, and asking for the quote before the stance makes
the stance better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from factcheck.errors import LLMBadReply
from factcheck.llm import structured, untrusted
from factcheck.resources import Prompt, load_prompt
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Claim, Finding, Stance, Usage, Value
from factcheck.verify.asked import Asked, to_the_matter
from factcheck.verify.weigh import Weighing

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

WEIGHING = Weighing(crowd=0.0)
"""Nothing is fitted for a language model. It reads all sources in one call, each beside the others, so a stance is not
the likelier a false alarm for every neutral source beside it: one source that settles a claim does so among ten."""

_NAME_LENGTH = 120
_NOT_IN_A_TAG = re.compile(r"[<>\"\x00-\x1f]+")


class AskedQuestion(Value):
    """A question that helps to decide the claim, with its answer from the sources."""

    question: str = Field(description="a question whose answer helps to decide the claim, in the claim's language")
    answer: str = Field(description="its answer from the sources alone, or that they do not answer it")
    sources: tuple[str, ...] = Field(description="ids of the sources that the answer rests on, such as S1")


class SourceFinding(Value):
    """What one source says about the claim."""

    source: str = Field(description="id of the source, such as S1")
    quote: str = Field(
        description="the shortest words of this source that bear on the claim, copied character for character;"
        " empty if there are none"
    )
    stance: Stance = Field(
        description="from the quote alone: supports if it states the whole claim, refutes if both cannot be true,"
        " else neutral"
    )


class Judgement(Value):
    """One finding for every source, then one or two questions with their answers."""

    # A small model that answers first goes on to find words for its answer; the quotes have to come before.
    findings: tuple[SourceFinding, ...] = Field(description="one for every source, in order")
    questions: tuple[AskedQuestion, ...] = Field(description="one or two")


class LLMJudge:
    """Judges with the language model of the settings.

    Args:
        settings: endpoint, limits, cache.
        model: another chat model than the one the settings name.
        prompt: another prompt than `prompts/verdict.md`; it takes `claim` and `sources`.
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
            "verdict", settings.prompts, variables=("claim", "sources"), schema_name=Judgement.__name__
        )
        self._name = settings.llm_model or str(getattr(model, "_llm_type", "unnamed"))
        self._ask = structured(settings, Judgement, model=model, note=note)

    @property
    def models(self) -> Mapping[str, str]:
        """The model that judges, by its name at the endpoint."""
        return {"judge": self._name}

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prompt's name to its version and hash."""
        return {self.prompt.name: self.prompt.stamp}

    @property
    def weighing(self) -> Weighing:
        """A stance of a language model comes without a probability that means something."""
        return WEIGHING

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> Assessment:
        """A finding for each candidate that the model spoke of, its quote as the model gave it; no call
        without any.

        Raises:
            LLMUnavailable: the model gave no answer.
            LLMBadReply: its answer cannot be used, or speaks of none of the sources.
        """
        if not candidates:
            return Assessment(findings=())
        passages = {f"S{n}": c.passage.id for n, c in enumerate(candidates, start=1)}
        reply = self._ask.invoke(self.prompt.messages(**shown(claim, candidates)))
        findings = _findings(reply.value, passages)
        if not findings:
            raise _spoke_of_none(reply.value, passages, reply.usage)
        quotes = {finding.passage_id: finding.quote for finding in findings}
        asked = [_asked(question, passages) for question in reply.value.questions]
        kept = to_the_matter(asked, claim, quotes, self.prompt.system)
        return Assessment(
            findings=findings,
            questions=kept.questions,
            usage=reply.usage,
            notes=_notes(reply.value, passages) + kept.notes,
        )


def shown(claim: Claim, candidates: Sequence[Candidate]) -> dict[str, str]:
    """The prompt's variables: the claim and its sources, each in a fence with what is known of it."""
    sources = "\n".join(_source(f"S{n}", candidate) for n, candidate in enumerate(candidates, start=1))
    return {"claim": _claim(claim), "sources": sources}


def _claim(claim: Claim) -> str:
    speaker = f' speaker="{_named(claim.speaker)}"' if claim.speaker else ""
    return f'<claim kind="{claim.kind}"{speaker} date="{claim.as_of}">{untrusted(claim.text)}</claim>'


def _source(identifier: str, candidate: Candidate) -> str:
    document = candidate.document
    known = {
        "published": document.published or document.available_from,
        "publisher": document.publisher,
        "title": document.title,
    }
    tags = "".join(f' {name}="{_named(value)}"' for name, value in known.items() if value)
    return f'<source id="{identifier}"{tags}>{untrusted(candidate.passage.text)}</source>'


def _named(text: str) -> str:
    """A name as the attribute of a fence: one short line that cannot end it."""
    return " ".join(_NOT_IN_A_TAG.sub(" ", text).split())[:_NAME_LENGTH]


def _findings(judgement: Judgement, passages: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings for sources that exist, one a source."""
    of: dict[str, list[SourceFinding]] = {}
    for found in judgement.findings:
        if found.source in passages:
            of.setdefault(found.source, []).append(found)
    return tuple(_finding(passages[source], found) for source, found in of.items())


def _finding(passage_id: str, found: Sequence[SourceFinding]) -> Finding:
    spoken = [f for f in found if f.stance != "neutral"] or list(found)
    if len({f.stance for f in spoken}) > 1:
        note = "the model took both sides for this source, so neither counts"
        return Finding(passage_id=passage_id, stance="neutral", quote=spoken[0].quote, note=note)
    return Finding(passage_id=passage_id, stance=spoken[0].stance, quote=spoken[0].quote)


def _asked(asked: AskedQuestion, passages: Mapping[str, str]) -> Asked:
    known = tuple(dict.fromkeys(passages[source] for source in asked.sources if source in passages))
    return Asked(question=asked.question, answer=asked.answer, passage_ids=known)


def _notes(judgement: Judgement, passages: Mapping[str, str]) -> tuple[str, ...]:
    named = [found.source for found in judgement.findings]
    unknown = sum(source not in passages for source in named)
    silent = len(set(passages) - set(named))
    notes = []
    if unknown:
        notes.append(f"{unknown} findings for sources that were not given were dropped")
    if silent:
        notes.append(f"{silent} of {len(passages)} sources were not judged and count as neutral")
    return tuple(notes)


def _spoke_of_none(judgement: Judgement, passages: Mapping[str, str], usage: Usage) -> LLMBadReply:
    what = "only sources that were not given" if judgement.findings else "no source at all"
    error = LLMBadReply(f"The language model was given {len(passages)} sources and judged {what}.")
    error.usage = usage
    return error
