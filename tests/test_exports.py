from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import factcheck

SOURCE = Path(factcheck.__file__)


def test_the_names_are_sorted_and_agree() -> None:
    assert factcheck.__all__ == sorted(factcheck.__all__)
    assert set(factcheck._HOMES) | {"__version__"} == set(factcheck.__all__)
    assert list(factcheck._HOMES) == sorted(factcheck._HOMES)


@pytest.mark.parametrize("name", factcheck.__all__)
def test_every_name_can_be_imported(name: str) -> None:
    value = getattr(factcheck, name)
    if name in factcheck._HOMES:
        assert value is getattr(importlib.import_module(f"factcheck.{factcheck._HOMES[name]}"), name)


def test_type_checkers_are_told_the_same_names() -> None:
    told = {
        alias.name: (node.module or "").removeprefix("factcheck.")
        for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("factcheck.")
        for alias in node.names
    }
    assert told.keys() == factcheck._HOMES.keys()
    for name, module in told.items():
        assert module == factcheck._HOMES[name]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        _ = factcheck.chekc


def test_no_module_has_the_name_of_something_else() -> None:
    """Importing a submodule sets its name on the package, where it would hide the function of that name."""
    modules = {path.stem for path in SOURCE.parent.glob("*.py")} | {p.parent.name for p in SOURCE.parent.glob("*/*.py")}
    assert not modules & set(factcheck.__all__)


def test_the_version_is_the_one_of_the_package() -> None:
    import tomllib

    declared = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["project"]["version"] == factcheck.__version__
