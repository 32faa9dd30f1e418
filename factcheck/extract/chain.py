"""Claims found by the language model: it picks and words them, code finds their place and checks their wording.

An article is read in windows that overlap, each with what comes before it as context, side by side within
`llm_concurrency`; what two windows both give counts once.
The model selects what is check-worthy before wording it, gives verbatim words instead of offsets, and splits only
what has several parts: each of these did better than its opposite on earlier systems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from factcheck.errors import JudgeError, LLMBadReply, LLMUnavailable
from factcheck.extract.answers import ExtractedClaims, Failed, Read, Source, claims_of, left_out_of
from factcheck.extract.windows import Window, halves, pieces, windows
from factcheck.llm import Reply, structured, untrusted
from factcheck.resources import Prompt, load_prompt
from factcheck.settings import Settings
from factcheck.types import AsOfSource, Document, Extraction, Usage

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

CHARACTERS_PER_TOKEN = 0.8
"""Characters of article for each token that the answer may have. An answer repeats the article about twice
over, and Indonesian takes some three characters a token."""

OUTAGES = 3
"""After so many windows without any answer, and none with one, the rest is not tried."""


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
        source = Source(document, pieces(document, self._size), as_of, as_of_source)
        claims, refused = claims_of(source, read)
        return Extraction(claims=claims, left_out=left_out_of(document, claims, read, failed, refused)), usage

    def _read_all(self, document: Document, todo: Sequence[Window]) -> tuple[list[Read], list[Failed], Usage]:
        read, failed, usage = self._read(document, todo)
        again = [w for f in failed if isinstance(f.error, LLMBadReply) for w in halves(document, f.window)]
        if again:
            more, lost, spent = self._read(document, again)
            kept = [f for f in failed if not isinstance(f.error, LLMBadReply) or len(f.window.sentences) < 2]
            read, failed, usage = read + more, kept + lost, usage + spent
        return sorted(read, key=lambda r: r.window.span.start), failed, usage

    def _read(self, document: Document, todo: Sequence[Window]) -> tuple[list[Read], list[Failed], Usage]:
        """One call for each window. Nothing is asked any more once the endpoint has shown to be down."""
        read: list[Read] = []
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
                read.append(Read(todo[position], answer.value))
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
        return read, [Failed(todo[n], error) for n, error in sorted(failed.items())], usage
