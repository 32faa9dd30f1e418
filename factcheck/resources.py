"""Files that travel with the package: prompts, the demo corpus and the Streamlit entry.

In a checkout they are the top-level `prompts/`, `corpus/` and `app.py`; a wheel carries them in
`factcheck/_data/`. A prompt is data: Markdown with front matter (`name`, `version`, `variables`, `schema`),
whose placeholders are checked when it is loaded, so that a wrong prompt fails before the first call and not
after four hundred.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from factcheck.errors import SettingsError
from factcheck.types import Value

_PACKAGE = Path(__file__).resolve().parent
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TURN = "\n<!-- user -->\n"
"""The line between the fixed part (system message) and the part with the variables (user message)."""


def _resource(name: str) -> Path:
    for place in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if place.exists():
            return place
    raise SettingsError(
        f"{name} is missing: it is neither in {_PACKAGE / '_data'} nor beside the package."
        f" Install factcheck again, or run it from a complete checkout."
    )


def prompts_dir() -> Path:
    """The directory of the prompts that ship.

    Raises:
        SettingsError: the installation is incomplete.
    """
    return _resource("prompts")


def demo_corpus_dir() -> Path:
    """The directory of the demo reference notes and the demo article.

    Raises:
        SettingsError: the installation is incomplete.
    """
    return _resource("corpus")


def demo_article_path() -> Path:
    """The demo article, whose claims exercise every label.

    Raises:
        SettingsError: the installation is incomplete.
    """
    return demo_corpus_dir() / "demo-article.md"


def app_path() -> Path:
    """The file that `streamlit run` starts.

    Raises:
        SettingsError: the installation is incomplete.
    """
    return _resource("app.py")


class Prompt(Value):
    """A prompt with its version and the variables it takes; `sha256` is over the whole file, front matter
    included.

    `system` holds no variable: it is the same in every call, so that a server can reuse what it computed
    for it.
    """

    name: str
    version: str
    variables: tuple[str, ...]
    schema_name: str
    """The schema that the reply must fit, by the name of its class."""
    system: str
    user: str
    sha256: str

    @property
    def text(self) -> str:
        """The whole prompt as written, without front matter."""
        return self.system + _TURN + self.user

    @property
    def stamp(self) -> str:
        """Version and hash as a report records them."""
        return f"{self.version} sha256:{self.sha256}"

    def messages(self, **values: str) -> list[tuple[str, str]]:
        """The two messages of a call, with every variable filled in.

        A value is put in as it is: text in it that looks like a placeholder stays text.

        Raises:
            SettingsError: a variable of the prompt was not given, or one was given that it does not have.
        """
        for name in sorted(set(self.variables) ^ set(values)):
            problem = "was not given" if name in self.variables else "is not one of its variables"
            raise SettingsError(f"The prompt {self.name!r} cannot be filled in: {name!r} {problem}.")
        return [
            ("system", self.system),
            ("human", _PLACEHOLDER.sub(lambda found: values[found[1]], self.user)),
        ]


def load_prompt(
    name: str,
    directory: Path | None = None,
    *,
    variables: Collection[str] | None = None,
    schema_name: str | None = None,
) -> Prompt:
    """The prompt `name`, from `directory` where it has one of that name, else the one that ships.

    Args:
        name: file name without `.md`.
        directory: the user's own prompts (`FACTCHECK_PROMPTS`).
        variables: what the caller will fill in; the prompt must take exactly these.
        schema_name: the schema that the caller parses the reply with.

    Raises:
        SettingsError: the file cannot be read or its front matter is wrong, a placeholder is used and not
            declared or declared and not used, or it does not fit what the caller fills in and parses.
            The message names the file and the variable.
    """
    path = _prompt_path(name, directory)
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The prompt {path} cannot be read: {error}. It must be a UTF-8 text file.") from error
    head, body = _split(path, text)
    prompt = Prompt(
        name=_field(path, head, "name"),
        version=_field(path, head, "version"),
        variables=_declared(path, head),
        schema_name=_field(path, head, "schema"),
        system=body[0].strip(),
        user=body[1].strip(),
        sha256=hashlib.sha256(raw).hexdigest(),
    )
    _check_variables(path, prompt, variables)
    if prompt.name != name:
        raise SettingsError(f"The prompt {path} calls itself {prompt.name!r}; its `name` must be {name!r}.")
    if schema_name is not None and prompt.schema_name != schema_name:
        raise SettingsError(
            f"The prompt {path} asks for the schema {prompt.schema_name!r}, but its reply is read as"
            f" {schema_name!r}. Correct `schema` in its front matter, and the text with it."
        )
    return prompt


def _prompt_path(name: str, directory: Path | None) -> Path:
    if directory is None:
        return prompts_dir() / f"{name}.md"
    if not directory.is_dir():
        raise SettingsError(
            f"The directory of prompts {directory} does not exist. Correct FACTCHECK_PROMPTS or leave it out."
        )
    own = directory / f"{name}.md"
    return own if own.exists() else prompts_dir() / f"{name}.md"


def _split(path: Path, text: str) -> tuple[dict[str, Any], tuple[str, str]]:
    found = _FRONT_MATTER.match(text)
    if not found:
        raise SettingsError(
            f"The prompt {path} has no front matter: it must begin with a block between two lines `---`."
        )
    try:
        head = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise SettingsError(f"The front matter of the prompt {path} is not YAML: {error}") from error
    if not isinstance(head, dict):
        raise SettingsError(f"The front matter of the prompt {path} must be a list of fields, such as `name: verdict`.")
    system, turn, user = found[2].partition(_TURN)
    if not turn or not system.strip() or not user.strip():
        raise SettingsError(
            f"The prompt {path} needs two parts with the line {_TURN.strip()} between them:"
            f" the fixed instructions, then what changes from call to call."
        )
    return head, (system, user)


def _field(path: Path, head: dict[str, Any], name: str) -> str:
    value = head.get(name)
    if value is None or isinstance(value, (dict, list)) or not str(value).strip():
        raise SettingsError(f"The front matter of the prompt {path} lacks the field `{name}`.")
    return str(value)


def _declared(path: Path, head: dict[str, Any]) -> tuple[str, ...]:
    names = head.get("variables")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SettingsError(
            f"The front matter of the prompt {path} must list its `variables`, such as [claim, sources]."
        )
    return tuple(names)


def _check_variables(path: Path, prompt: Prompt, supplied: Collection[str] | None) -> None:
    if fixed := _PLACEHOLDER.search(prompt.system):
        raise SettingsError(
            f"The prompt {path} uses the variable {fixed[1]!r} in its fixed part; move it below the line"
            f" {_TURN.strip()}."
        )
    used = set(_PLACEHOLDER.findall(prompt.user))
    for name in sorted(used - set(prompt.variables)):
        raise SettingsError(f"The prompt {path} uses the variable {name!r} without declaring it in `variables`.")
    for name in sorted(set(prompt.variables) - used):
        raise SettingsError(f"The prompt {path} declares the variable {name!r} and never uses it.")
    if supplied is None:
        return
    for name in sorted(used - set(supplied)):
        raise SettingsError(
            f"The prompt {path} uses the variable {name!r}, which nothing fills in; it can use"
            f" {', '.join(sorted(supplied))}."
        )
    for name in sorted(set(supplied) - used):
        raise SettingsError(
            f"The prompt {path} does not use the variable {name!r}, without which its reply means nothing."
        )
