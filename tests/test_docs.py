from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import factcheck
from factcheck.cli import app
from factcheck.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_VARIABLE = re.compile(r"\bFACTCHECK_[A-Z_]+\b")


def _blocks(page: Path, *languages: str) -> Iterator[str]:
    for language, body in _FENCE.findall(page.read_text(encoding="utf-8")):
        if language in languages:
            yield body


def _lines(page: Path) -> Iterator[list[str]]:
    """The words of every shell line of a page, without comments and redirections."""
    for block in _blocks(page, "sh", "bash", "console"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(re.split(r"[<>|]", line)[0], comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words:
                yield words


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from _commands(command, (*path, name))


COMMANDS = dict(_commands(get_command(app)))
LEAVES = [path for path, command in COMMANDS.items() if not hasattr(command, "commands")]
SHELL = [(page, words) for page in PAGES for words in _lines(page)]


@pytest.mark.parametrize(
    ("page", "words"),
    [(p, w) for p, w in SHELL if w[0] == "factcheck"],
    ids=lambda x: x if isinstance(x, str) else None,
)
def test_a_command_in_the_docs_is_one(page: Path, words: list[str]) -> None:
    path: tuple[str, ...] = ()
    while (*path, words[len(path) + 1]) in COMMANDS:
        path = (*path, words[len(path) + 1])
        if len(words) == len(path) + 1:
            break
    command = COMMANDS[path]
    assert path in LEAVES, f"{page.name}: {' '.join(words)}"
    command.make_context("factcheck", words[len(path) + 1 :])


def test_every_make_target_in_the_docs_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    named = {words[1] for _, words in SHELL if words[0] == "make" and len(words) > 1}
    assert named <= targets
    assert {"demo", "test", "app", "lint"} <= targets


def test_the_readme_shows_every_command() -> None:
    shown = {word for page, words in SHELL if page.name == "README.md" and words[0] == "factcheck" for word in words}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = {name for name in (path[-1] for path in LEAVES) if name not in shown and f"factcheck {name}" not in text}
    assert missing <= {"demo", "app", "reindex"}, "the two make targets stand for demo and app"


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_says_what_it_does(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help and len(command.help) > 15
    for parameter in command.params:
        said = getattr(parameter, "help", None)
        assert said and said.endswith((".", ")")), f"{' '.join(path)} {parameter.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    local = [target.partition("#")[0] for target in _LINK.findall(text) if not re.match(r"\w+:|#", target)]
    assert [target for target in local if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_variable_named_is_a_setting(page: Path) -> None:
    known = {f"FACTCHECK_{name.upper()}" for name in Settings.model_fields} | {"FACTCHECK_DEBUG", "FACTCHECK_"}
    assert set(_VARIABLE.findall(page.read_text(encoding="utf-8"))) - known == {
        name
        for name in _VARIABLE.findall(page.read_text(encoding="utf-8"))
        if name.endswith("_")  # a prefix: `FACTCHECK_LLM_*`
    }


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"FACTCHECK_{name.upper()}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_the_docs_uses_names_that_exist(page: Path) -> None:
    for block in _blocks(page, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module == "factcheck":
                assert {alias.name for alias in node.names} <= set(factcheck.__all__)


def test_the_endpoints_in_the_readme_are_settings_that_load(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "FACTCHECK_LLM_MODEL=" in line]
    assert len(rows) >= 5
    for row in rows:
        with monkeypatch.context() as patch:
            for name, value in re.findall(r"`([A-Z_]+)=([^`]*)`", row):
                patch.setenv(name, value)
            assert Settings.load().mode == "llm", row


def test_the_docs_name_no_place_of_this_machine() -> None:
    for page in [*PAGES, ROOT / "CHANGELOG.md"]:
        assert not re.search(r"/(?:work|root|home/\w+|tmp)/", page.read_text(encoding="utf-8")), page.name


@pytest.mark.slow
def test_the_examples_of_langchain_run(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_HOME", str(demo_home))
    page = ROOT / "docs" / "langchain.md"
    code = "\n".join(_blocks(page, "python"))
    assert code.count("from factcheck") >= 4
    exec(compile(code, str(page), "exec"), {"__name__": "langchain_page"})
