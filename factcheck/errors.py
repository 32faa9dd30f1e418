"""Every error that factcheck raises on purpose, as one tree.

    FactcheckError                  anything below; its text is a sentence for the user
    +-- InputError                  what was given cannot be used (exit code 2)
    |   +-- ReadError               a file or text cannot be read as an article or a note
    |   +-- FetchError              a URL was refused or could not be fetched
    |   +-- SettingsError           a setting, prompt or option is wrong
    |   +-- CorpusError             the reference corpus is missing, empty, locked or does not fit
    |   |   +-- CorpusMissing       there is no corpus at the place named
    |   |   +-- CorpusMismatch      it was built with another embedding model or by another version
    |   |   +-- CorpusLocked        another process is writing to it
    |   +-- StoreError              the record of runs and reviews cannot be read or written
    |   +-- ReviewError             a reviewer's action is not possible on the claim as it stands
    |       +-- ReviewConflict      somebody else changed the claim meanwhile
    +-- Busy                        too much is asked at once; it says for how long to wait
    +-- ModelError                  a local model (encoder, verifier) is missing or damaged
    +-- JudgeError                  a claim could not be judged: it becomes `not_checked`, never a verdict
        +-- LLMUnavailable          no answer: connection, time limit, rate limit, server error
        +-- LLMBadReply             an answer that is not what was asked for: not JSON, wrong shape, empty, refused

Each message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factcheck.review.values import ReviewedClaim
    from factcheck.types import Usage


class FactcheckError(Exception):
    """Base of every deliberate error; `str(error)` is a sentence to show to the user."""

    exit_code = 1


class InputError(FactcheckError):
    """What the user gave cannot be used. The command line ends with exit code 2."""

    exit_code = 2


class ReadError(InputError):
    """A file or a text cannot be read as an article or as a reference note."""


class FetchError(InputError):
    """A URL was refused by the guard or could not be fetched."""


class SettingsError(InputError):
    """A setting, a prompt file or an option has a value that cannot be used."""


class CorpusError(InputError):
    """The reference corpus cannot be used as asked."""


class CorpusMissing(CorpusError):
    """There is no corpus at the place named."""


class CorpusMismatch(CorpusError):
    """The corpus was built with another embedding model, or by a version that stored it differently."""


class CorpusLocked(CorpusError):
    """Another process holds the corpus's writer lock."""


class StoreError(InputError):
    """The record of runs and reviews cannot be read or written; what is in it stays as it was."""


class ReviewError(InputError):
    """A reviewer's action is not possible on the claim as it stands; the sentence says what is."""


class ReviewConflict(ReviewError):
    """Somebody else changed the claim since the version that the action was based on; nothing was recorded."""

    def __init__(self, sentence: str, current: ReviewedClaim) -> None:
        super().__init__(sentence)
        self.current = current
        """The claim as it stands now."""


class Busy(FactcheckError):
    """Too much is asked at once; nothing was taken in, and it may be asked again after a while."""

    def __init__(self, sentence: str, seconds: float) -> None:
        super().__init__(sentence)
        self.seconds = seconds
        """How long to wait."""


class ModelError(FactcheckError):
    """A local model (encoder or verifier) is missing, damaged or not the one expected."""

    exit_code = 2


class JudgeError(FactcheckError):
    """A claim could not be judged. It is reported as `not_checked` with this sentence, never with a label."""

    usage: Usage | None = None
    """What the failed call cost, where the server said so: an answer that cannot be used is paid for as well."""


class LLMUnavailable(JudgeError):
    """The language model gave no answer: connection refused, time limit, rate limit or server error."""


class LLMBadReply(JudgeError):
    """The language model's answer is not what was asked for: not JSON, wrong shape, empty or a refusal."""
