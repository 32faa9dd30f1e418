from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from factcheck import resources
from factcheck.errors import SettingsError
from factcheck.resources import Prompt, load_prompt

GOOD = """---
name: verdict
version: "7"
variables: [claim, sources]
schema: Judgement
---
Fixed part.
<!-- user -->
{{claim}} against {{ sources }}
"""


def prompt_in(directory: Path, text: str, name: str = "verdict") -> Path:
    (directory / f"{name}.md").write_text(text, encoding="utf-8")
    return directory


def test_the_shipped_places_are_there() -> None:
    assert {p.name for p in resources.prompts_dir().glob("*.md")} >= {"extract.md", "verdict.md"}
    assert (resources.demo_corpus_dir() / "notes").is_dir()


@pytest.mark.parametrize(
    ("name", "variables", "schema"),
    [("verdict", ("claim", "sources"), "Judgement"), ("extract", ("context", "article"), "ExtractedClaims")],
)
def test_the_shipped_prompts_load(name: str, variables: tuple[str, ...], schema: str) -> None:
    prompt = load_prompt(name, variables=variables, schema_name=schema)
    assert prompt.variables == variables
    assert len(prompt.sha256) == 64 and prompt.stamp == f"{prompt.version} sha256:{prompt.sha256}"
    assert len(prompt.system) < 3400, "about 900 tokens: a local model reads 50 a second"
    assert prompt.text.startswith(prompt.system) and prompt.text.endswith(prompt.user)


def test_a_wheel_finds_its_data_beside_its_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "factcheck"
    shutil.copytree(resources.prompts_dir(), package / "_data" / "prompts")
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.prompts_dir() == package / "_data" / "prompts"
    assert load_prompt("verdict").name == "verdict"
    with pytest.raises(SettingsError, match=r"app\.py is missing.*Install factcheck again"):
        resources.app_path()


def test_messages_fill_in_every_variable_and_nothing_twice(tmp_path: Path) -> None:
    prompt = load_prompt("verdict", prompt_in(tmp_path, GOOD))
    messages = prompt.messages(claim="{{sources}} {{claim}}", sources="S")
    assert messages == [("system", "Fixed part."), ("human", "{{sources}} {{claim}} against S")]


@pytest.mark.parametrize(
    ("given", "variable"), [({"claim": "c"}, "sources"), ({"claim": "c", "sources": "s", "x": "y"}, "x")]
)
def test_messages_name_the_variable_that_does_not_fit(tmp_path: Path, given: dict[str, str], variable: str) -> None:
    prompt = load_prompt("verdict", prompt_in(tmp_path, GOOD))
    with pytest.raises(SettingsError, match=f"verdict.*{variable!r}"):
        prompt.messages(**given)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{claim}} against", "{{claim}} {{dat}} against", "uses the variable 'dat' without declaring it"),
        ("{{ sources }}", "nothing", "declares the variable 'sources' and never uses it"),
        ("Fixed part.", "Fixed {{claim}}.", "'claim' in its fixed part"),
        ("<!-- user -->", "", "needs two parts"),
        ('version: "7"\n', "", "lacks the field `version`"),
        ("variables: [claim, sources]", "variables: claim", "must list its `variables`"),
        ("name: verdict", "name: verdikt", "calls itself 'verdikt'"),
        ("name: verdict", "name: [", "is not YAML"),
        ("---\nname", "name", "has no front matter"),
    ],
)
def test_a_wrong_prompt_fails_at_load_naming_file_and_fault(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(SettingsError) as caught:
        load_prompt("verdict", prompt_in(tmp_path, GOOD.replace(old, new, 1)))
    assert said in str(caught.value)
    assert str(tmp_path / "verdict.md") in str(caught.value)


def test_a_prompt_must_take_what_the_caller_fills_in(tmp_path: Path) -> None:
    directory = prompt_in(tmp_path, GOOD)
    with pytest.raises(SettingsError, match=r"uses the variable 'sources', which nothing fills in"):
        load_prompt("verdict", directory, variables=["claim"])
    with pytest.raises(SettingsError, match=r"does not use the variable 'as_of'"):
        load_prompt("verdict", directory, variables=["claim", "sources", "as_of"])
    with pytest.raises(SettingsError, match=r"schema 'Judgement'.*read as 'Other'"):
        load_prompt("verdict", directory, schema_name="Other")


def test_own_prompts_come_first_and_the_rest_is_taken_from_those_that_ship(tmp_path: Path) -> None:
    directory = prompt_in(tmp_path, GOOD)
    assert load_prompt("verdict", directory).version == "7"
    assert load_prompt("extract", directory) == load_prompt("extract")
    with pytest.raises(SettingsError, match=r"does not exist.*FACTCHECK_PROMPTS"):
        load_prompt("verdict", tmp_path / "nowhere")


def test_the_hash_covers_the_front_matter(tmp_path: Path) -> None:
    first = load_prompt("verdict", prompt_in(tmp_path, GOOD))
    second = load_prompt("verdict", prompt_in(tmp_path, GOOD.replace('"7"', '"8"')))
    assert first.sha256 != second.sha256 and first.text == second.text
    assert isinstance(first, Prompt)


def test_an_editor_may_add_a_mark_and_other_line_ends(tmp_path: Path) -> None:
    (tmp_path / "verdict.md").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_prompt("verdict", tmp_path).text == load_prompt("verdict", prompt_in(tmp_path, GOOD)).text


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "verdict.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_prompt("verdict", tmp_path)
