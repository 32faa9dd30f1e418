"""What a batch was, in a file beside its rows: written when it begins, and again when it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck import __version__
from factcheck.batches.journal import Totals
from factcheck.errors import InputError

if TYPE_CHECKING:
    from factcheck.engine import Engine

MATTERS = (
    "embedding_model", "llm_model", "llm_provider", "llm_structured_output", "llm_temperature", "llm_max_tokens",
    "llm_queries", "second_opinion", "cascade", "retrieve", "rerank", "evidence", "mmr_lambda", "abstain_below",
    "max_claims", "max_article_chars", "lift_time_rule", "sources",
)  # fmt: skip
"""The settings that a verdict depends on: a run that is resumed has the same ones."""

Manifest = dict[str, Any]


def manifest_path(output: Path) -> Path:
    """`OUT.jsonl.run.json`."""
    return output.with_name(output.name + ".run.json")


def begun(engine: Engine, source: Path, run_id: str, as_of: date | None, today: date, shard: Any) -> Manifest:
    """The manifest of a run that begins now."""
    settings, corpus = engine.settings.public(), engine.corpus
    queries = engine.expander.prompts if engine.expander else {}
    embedder = corpus.embedder
    return {
        "schema": 1,
        "run_id": run_id,
        "version": __version__,
        "source": source.name,
        "status": "running",
        "retries": 0,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "sessions": [],
        "same": {
            "mode": engine.settings.mode,
            "models": {**engine.judge.models, "embedding": f"{embedder.name}@{embedder.revision}"},
            "prompts": {**engine.extractor.prompts, **queries, **engine.judge.prompts},
            "corpus_snapshot": corpus.snapshot,
            "as_of": as_of.isoformat() if as_of else None,
            "shard": list(shard) if shard else None,
            "settings": {name: settings.get(name) for name in MATTERS},
        },
        "today": today.isoformat(),
        "settings": settings,
        "corpus": {"name": corpus.name, "documents": corpus.info().documents},
    }


def compared(before: Manifest, now: Manifest, output: Path) -> None:
    """Sees that a run can go on as it began.

    Raises:
        InputError: something that verdicts depend on is another one now.
    """
    old, new = _flat(before.get("same", {})), _flat(now["same"])
    differ = [f"{name} was {old.get(name)!r} and is {new.get(name)!r}" for name in new if old.get(name) != new[name]]
    if differ:
        raise InputError(
            f"The rows in {output} cannot be gone on with, since they would not belong together: {'; '.join(differ)}."
            " Set it as it was, or write to another file."
        )


def ended(manifest: Manifest, totals: Totals, seconds: float, done: int, stopped: str | None) -> Manifest:
    """The manifest with what has come of the run so far, and this session of it."""
    usage = totals.usage
    session = {"ended": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(seconds, 3), "rows": done}
    sessions = [*manifest["sessions"], {**session, "stopped": stopped}]
    return {
        **manifest,
        "status": "done" if stopped is None else "stopped",
        "stopped": stopped,
        "sessions": sessions,
        "counts": {
            "rows": totals.rows,
            "checked": totals.checked,
            "not_checked": totals.failed,
            "duplicates": totals.duplicates,
        },
        "seconds": round(sum(one["seconds"] for one in sessions), 3),
        "calls": usage.calls,
        "tokens": {
            "prompt": usage.prompt_tokens,
            "completion": usage.completion_tokens,
            "cached": usage.cached_tokens,
        },
        "cost_usd": 0.0 if manifest["same"]["mode"] == "offline" else usage.cost_usd,
    }


def read_manifest(output: Path) -> Manifest | None:
    """The manifest beside an output, if there is one that can be read."""
    try:
        found = json.loads(manifest_path(output).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("same"), dict) else None


def write_manifest(manifest: Manifest, output: Path) -> None:
    """Whole or not at all."""
    path = manifest_path(output)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(path)


def _flat(value: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in value.items():
        found |= _flat(one, f"{before}{name}.") if isinstance(one, dict) else {before + name: one}
    return found
