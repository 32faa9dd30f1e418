"""A reviewed report as JSON, and the schema of it that docs/schema/ holds."""

from __future__ import annotations

import ast
import inspect
import json
from itertools import pairwise
from typing import Any

from factcheck import types
from factcheck.publish.scope import scoped
from factcheck.review import reported, values
from factcheck.review.reported import ReviewedReport

SCHEMA_ID = "reviewed-report-1.json"
"""The schema's file name; the number is `schema_version`. A change that a reader of version 1 cannot read makes a 2."""


def to_json(reviewed: ReviewedReport, claim_id: str | None = None, language: str = "en", *, notes: bool = False) -> str:
    """An article's claims, or one of them, as JSON by docs/schema/reviewed-report-1.json, indented.

    Args:
        reviewed: the report with its review.
        claim_id: the claim; None for the article.
        language: passed over; the JSON has no words of its own.
        notes: whether the reviewers' notes, why a claim came back and the run's own id are published too.

    Raises:
        InputError: there is no such claim.
    """
    return scoped(reviewed, claim_id, notes=notes).model_dump_json(indent=2) + "\n"


def schema() -> str:
    """The JSON schema of what `to_json` writes, with every field's meaning."""
    made = ReviewedReport.model_json_schema(mode="serialization")
    for name, fields in _meanings().items():
        kind = made if name == ReviewedReport.__name__ else made["$defs"].get(name, {})
        for field, meaning in fields.items():
            if field in kind.get("properties", {}):
                kind["properties"][field]["description"] = meaning
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return json.dumps({**head, **made}, ensure_ascii=False, indent=2) + "\n"


def _meanings() -> dict[str, dict[str, str]]:
    """What the docstrings below the fields of our values say, by class and field."""
    found: dict[str, dict[str, str]] = {}
    for module in (types, values, reported):
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = dict(_described(node.body))
    return found


def _described(body: list[Any]) -> list[tuple[str, str]]:
    """The fields of a class whose next statement is a text."""
    rows = []
    for field, text in pairwise(body):
        named = isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if named and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            rows.append((field.target.id, inspect.cleandoc(str(text.value.value))))
    return rows
