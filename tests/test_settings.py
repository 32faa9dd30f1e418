from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from factcheck.errors import FactcheckError, InputError, SettingsError
from factcheck.settings import Settings, default_home


def test_without_settings_the_offline_verifier_judges(tmp_path: Path) -> None:
    settings = Settings.load()
    assert settings.mode == "offline"
    assert settings.llm_api_key is None
    assert settings.home == tmp_path / "factcheck-home"


def test_the_home_follows_the_xdg_rule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FACTCHECK_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Settings.load().home == tmp_path / "data" / "factcheck"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_home() == tmp_path / ".local" / "share" / "factcheck"


def test_the_environment_is_read_and_an_argument_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_EVIDENCE", "7")
    monkeypatch.setenv("FACTCHECK_LLM_MODEL", "some-model")
    monkeypatch.setenv("FACTCHECK_LIFT_TIME_RULE", "yes")
    settings = Settings.load()
    assert (settings.evidence, settings.mode, settings.lift_time_rule) == (7, "llm", True)
    assert Settings.load(evidence=3, lift_time_rule=False).evidence == 3
    assert Settings.load(lift_time_rule=False).lift_time_rule is False
    assert Settings.load(evidence=None).evidence == 7


@pytest.mark.parametrize("variable", ["FACTCHECK_LLM_API_KEY", "OPENAI_API_KEY"])
def test_the_key_comes_from_either_variable_and_is_never_shown(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "sk-very-secret")
    settings = Settings.load()
    assert settings.llm_api_key == SecretStr("sk-very-secret")
    for shown in (repr(settings), str(settings.public()), settings.model_dump_json()):
        assert "sk-very-secret" not in shown


def test_our_own_key_variable_wins_over_openais(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "other")
    monkeypatch.setenv("FACTCHECK_LLM_API_KEY", "ours")
    assert Settings.load().llm_api_key == SecretStr("ours")
    assert Settings.load(llm_api_key="typed").llm_api_key == SecretStr("typed")


@pytest.mark.parametrize(
    "name",
    ["FACTCHECK_LLM_MODEL", "FACTCHECK_CORPUS", "FACTCHECK_THREADS", "FACTCHECK_LLM_BASE_URL", "FACTCHECK_PROMPTS"],
)
def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    settings = Settings.load()
    assert getattr(settings, name.removeprefix("FACTCHECK_").lower()) is None
    assert settings.mode == "offline"


def test_none_leaves_a_parameter_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_LLM_TEMPERATURE", "none")
    assert Settings.load().llm_temperature is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FACTCHECK_EVIDENCE", "many"),
        ("FACTCHECK_EVIDENCE", "0"),
        ("FACTCHECK_LLM_STRUCTURED_OUTPUT", "xml"),
        ("FACTCHECK_LLM_CONCURRENCY", "-1"),
        ("FACTCHECK_MMR_LAMBDA", "1.5"),
        ("FACTCHECK_LIFT_TIME_RULE", "perhaps"),
        ("FACTCHECK_LLM_PROVIDER", "other"),
        ("FACTCHECK_LLM_BASE_URL", "localhost:11434/v1"),
        ("FACTCHECK_LLM_BASE_URL", "http://[::1/v1"),
        ("FACTCHECK_LLM_BASE_URL", "file:///etc/passwd"),
    ],
)
def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert variable in str(caught.value)
    assert repr(value) in str(caught.value)
    assert isinstance(caught.value, InputError) and isinstance(caught.value, FactcheckError)
    assert caught.value.exit_code == 2


def test_a_misspelt_argument_is_an_error() -> None:
    with pytest.raises((SettingsError, TypeError), match="evidnce"):
        Settings.load(evidnce=3)


def test_settings_are_frozen() -> None:
    settings = Settings.load()
    with pytest.raises(ValidationError):
        settings.evidence = 3  # type: ignore[misc]


def test_what_a_report_records_names_no_key_and_no_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model = tmp_path / "my-model"
    model.mkdir()
    settings = Settings.load(
        corpus=tmp_path / "corpus",
        prompts=tmp_path / "prompts",
        sources=tmp_path / "mine.toml",
        embedding_model=str(model),
        llm_model="m",
        llm_api_key="sk-very-secret",
        llm_base_url="https://user:pass-word@llm.example:8443/v1?token=abc",
    )
    public = settings.public()
    shown = str(public)
    assert str(tmp_path) not in shown
    assert public["embedding_model"] == "my-model"
    assert public["sources"] == "mine.toml"
    for secret in ("sk-very-secret", "pass-word", "user", "abc"):
        assert secret not in shown
    assert public["llm_base_url"] == "https://llm.example:8443/v1"
    assert public["evidence"] == 10
