"""The JSON record of an evaluation run: what was measured, on what, with what, and what came of each row.

A record holds no text of the set and no path of the machine. Plots and comparisons are made from records alone.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, ValidationError, field_validator, model_validator

from factcheck.errors import InputError
from factcheck.evals.outcomes import Outcome
from factcheck.evals.rows import EvidenceSource, Prediction, Task
from factcheck.evals.scoring import Scores
from factcheck.types import Mode, Value

SCHEMA_VERSION: Literal["1"] = "1"

_PATH = re.compile(r"(?:/|~/|[A-Za-z]:[\\/]|\\\\|file:)")


class Failure(Value):
    """A row that the system gave no answer to, and why."""

    id: str
    reason: str


class Record(Value):
    """A run of `factcheck eval`: the contract of the file that it writes (schema version 1)."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    dataset: str
    digest: str
    """SHA-256 of the set's file."""
    corpus: str | None = None
    """Name of the file of documents that was searched."""
    corpus_digest: str | None = None
    task: Task
    n: int
    """Rows that were asked, scored or not."""
    mode: Mode
    evidence: EvidenceSource | None = None
    """None where the task takes no evidence."""
    time_rule_lifted: bool = False
    models: Mapping[str, str] = Field(default_factory=dict)
    prompts: Mapping[str, str] = Field(default_factory=dict)
    """Prompt name to version and hash."""
    settings: Mapping[str, Any] = Field(default_factory=dict)
    """`Settings.public()`."""
    version: str
    """factcheck's."""
    commit: str | None = None
    """The commit of a checkout, with `+` behind it where files were changed since."""
    started: AwareDatetime
    seconds: float
    scores: Scores
    baselines: Mapping[str, Scores] = Field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if {self.scores.task, *(s.task for s in self.baselines.values())} != {self.task}:
            raise ValueError(f"the scores of a record of the task {self.task} must be of that task")
        if self.scores.n != len(self.outcomes):
            raise ValueError(f"{self.scores.n} rows are scored and {len(self.outcomes)} have an outcome")
        return self

    @field_validator("dataset", "corpus", "models", "prompts", "settings", mode="before")
    @classmethod
    def _no_path(cls, value: Any) -> Any:
        """Of a path of the machine (a model's file, say) only the last part is kept."""
        if isinstance(value, str):
            return re.split(r"[/\\]", value.rstrip("/\\"))[-1] if _PATH.match(value) else value
        if isinstance(value, Mapping):
            return {key: cls._no_path(each) for key, each in value.items()}
        return [cls._no_path(each) for each in value] if isinstance(value, list | tuple) else value


def failures(predictions: Iterable[Prediction]) -> tuple[Failure, ...]:
    """The rows without an answer, in order."""
    return tuple(Failure(id=p.id, reason=p.reason or "") for p in predictions if p.status == "not_checked")


def write_record(record: Record, path: Path) -> None:
    """Writes a record as JSON, a line an outcome; a file of that name is replaced, whole or not at all.

    Raises:
        InputError: it cannot be written there.
    """
    head = record.model_dump(mode="json", exclude={"outcomes"})
    rows = (o.model_dump_json(exclude_defaults=True) for o in record.outcomes)
    text = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text + ',\n "outcomes": [\n  ' + ",\n  ".join(rows) + "\n ]\n}\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise InputError(f"The record could not be written to {path}: {error.strerror or error}.") from error


def read_record(path: Path) -> Record:
    """Reads a record that `write_record` wrote.

    Raises:
        InputError: there is no such file, it is not JSON, or no record of this schema version; the message says where.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no record: it is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{error.lineno}: this is not JSON ({error.msg}).") from error
    except RecursionError as error:
        raise InputError(f"{path} is no record: its JSON is nested too deep.") from error
    if not isinstance(raw, dict) or "schema_version" not in raw:
        raise InputError(f"{path} is no record of `factcheck eval`. Name a file that `--output` wrote.")
    if raw["schema_version"] != SCHEMA_VERSION:
        raise InputError(
            f"{path} is a record of schema version {raw['schema_version']}, this factcheck reads {SCHEMA_VERSION}. "
            "Run the evaluation again, or read it with the version that wrote it."
        )
    try:
        return Record.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the record"
        raise InputError(f"{path} is no record: {where}: {first['msg']}.") from error


def source_commit() -> str | None:
    """The commit of the checkout that this code runs from, `+` behind it where files differ; None where it is none."""
    root = Path(__file__).resolve().parents[2]
    top = _git(root, "rev-parse", "--show-toplevel")
    commit = _git(root, "rev-parse", "HEAD")
    if not commit or top is None or Path(top).resolve() != root:
        return None
    return commit + ("+" if _git(root, "status", "--porcelain", "--untracked-files=no") else "")


def _git(root: Path, *words: str) -> str | None:
    try:
        run = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # no git here, or no repository
        return None
    return run.stdout.strip()
