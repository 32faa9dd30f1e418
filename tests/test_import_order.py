from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "factcheck"

# A module may import the ones before it; a name is a module or a package of the house.
ORDER = (
    "errors", "types", "settings", "redact", "access", "resources",
    "text", "numerals", "dates", "numbers", "glossary", "fits", "surroundings", "counterparts", "compare",
    "fetch", "read", "claimreview",
    "corpus", "packaged", "turns", "embed", "entail",
    "lexical", "vectors", "alike", "copies", "checked", "index", "care",
    "origins", "fusion", "tiers", "retrieve",
    "throttle", "llm_cache", "bounded", "llm", "queries",
    "extract", "verify",
    "store", "engine", "pipeline", "review",
    "report", "publish", "batches", "ingestion", "doctor", "evals", "runnables", "mcp",
    "workshop", "service", "cli", "ui",
)  # fmt: skip

# Where a heavy or a framework's package may be imported at all, by our module or package; elsewhere it must not be.
HOMES = {
    "torch": {"embed", "packaged"},
    "sentence_transformers": {"embed", "packaged"},
    "transformers": {"embed", "packaged"},
    "tokenizers": {"packaged", "entail"},
    "onnxruntime": {"entail"},
    "chromadb": {"vectors", "index"},
    "bm25s": {"lexical"},
    "Stemmer": {"lexical"},
    "datasketch": {"copies"},
    "langchain": {"llm", "llm_cache", "queries", "extract", "verify", "runnables"},
    "langchain_core": {"llm", "llm_cache", "queries", "extract", "verify", "runnables"},
    "langchain_openai": {"llm", "llm_cache", "queries", "extract", "verify", "runnables"},
    "openai": {"bounded", "llm", "llm_cache", "queries", "extract", "verify", "runnables"},
    "streamlit": {"ui", "app"},
    "trafilatura": {"read", "fetch"},
    "pypdf": {"read"},
    "docx": {"read"},
    "dateparser": {"dates"},
    "py3langid": {"text"},
    "altair": {"evals"},
    "distributed": {"batches"},
    "mcp": {"mcp"},
    "mcp_types": {"mcp"},
    "anyio": {"mcp", "service"},
    "fastapi": {"service"},
    "starlette": {"service"},
    "uvicorn": {"service"},
    "prometheus_client": {"service"},
}

# What may stand at the top: in the app's own pages, and in modules that are imported only when they are used.
AT_THE_TOP = {
    "streamlit": {"ui", "app"},
    "langchain_core": {"llm_cache", "runnables"},
    "mcp": {"mcp"},
    "mcp_types": {"mcp"},
    "anyio": {"mcp", "service"},
    "fastapi": {"service"},
    "starlette": {"service"},
    "uvicorn": {"service"},
    "prometheus_client": {"service"},
}


def _modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "_data" not in p.parts)


def _home(path: Path) -> str:
    """The first part of a module's name under the package: `verify` for `verify/conclude.py`."""
    return "app" if path.name == "app.py" else path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(node: ast.AST, top: bool = True) -> Iterator[tuple[str, bool, int]]:
    """Every module that is imported when the code runs: its name, whether at the top, and the line."""
    for child in ast.iter_child_nodes(node):
        if _for_types_only(child):
            for other in child.orelse:
                yield from _imports(other, top)
        elif isinstance(child, ast.Import):
            yield from ((alias.name, top, child.lineno) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"relative import in line {child.lineno}"
            if child.module == "factcheck":
                yield from ((f"factcheck.{alias.name}", top, child.lineno) for alias in child.names)
            else:
                yield child.module or "", top, child.lineno
        else:
            inner = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            yield from _imports(child, top and not inner)


def test_every_module_has_its_place_in_the_order() -> None:
    found = {_home(path) for path in _modules()} - {"__init__", "__main__"}
    assert found - set(ORDER) == set()


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    home = _home(path)
    if home == "__init__":
        pytest.skip("the package's own names are imported when they are first used")
    allowed = set(ORDER[: ORDER.index(home) + 1])
    wrong = [
        f"line {line}: {name}"
        for name, _, line in _imports(_tree(path))
        if name.startswith("factcheck.") and name.split(".")[1] not in allowed and not name.endswith(".__version__")
    ]
    assert wrong == []


@pytest.mark.parametrize("path", [*_modules(), ROOT / "app.py"], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_framework_stays_in_its_home(path: Path) -> None:
    home = _home(path)
    wrong = []
    for name, top, line in _imports(_tree(path)):
        package = name.partition(".")[0]
        if package in HOMES and home not in HOMES[package]:
            wrong.append(f"line {line}: {package} has no business in {home}")
        elif package in HOMES and top and home not in AT_THE_TOP.get(package, set()):
            wrong.append(f"line {line}: {package} must be imported where it is used")
    assert wrong == []


def test_the_walk_sees_what_it_must() -> None:
    code = (
        "from typing import TYPE_CHECKING\nimport torch.nn\nif TYPE_CHECKING:\n    import chromadb\n"
        "def load():\n    from langchain.chat_models import x\n    from factcheck import report\n"
        "class A:\n    import bm25s\n"
    )
    seen = {(name, top) for name, top, _ in _imports(ast.parse(code))}
    assert seen == {
        ("typing", True), ("torch.nn", True), ("langchain.chat_models", False), ("factcheck.report", False),
        ("bm25s", True),
    }  # fmt: skip


HEAVY = sorted((HOMES.keys() - {"py3langid"}) | {"numpy", "jinja2"})


def _loaded(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('|'.join(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split("|")) - {""}


def test_importing_factcheck_is_light() -> None:
    assert _loaded("import factcheck") == set()


def test_help_is_light() -> None:
    code = (
        "from factcheck.cli import main\nsys.argv = ['factcheck', '--help']\n"
        "try:\n    main()\nexcept SystemExit as leave:\n    assert not leave.code, leave.code"
    )
    assert _loaded(code) == set()


def test_values_settings_and_the_store_are_light() -> None:
    assert _loaded("import factcheck.types, factcheck.settings, factcheck.store, factcheck.report") == set()
