from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as pip builds it."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(place), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "hatchling" in done.stderr and "No matching distribution" in done.stderr:
        pytest.skip("hatchling is neither installed nor to be had from a registry here")
    assert done.returncode == 0, done.stderr
    (built,) = place.glob("*.whl")
    return zipfile.ZipFile(built)


def _names(wheel: zipfile.ZipFile, under: str) -> set[str]:
    return {name.removeprefix(under) for name in wheel.namelist() if name.startswith(under)}


@pytest.mark.parametrize(
    ("source", "inside"), [("prompts", "factcheck/_data/prompts/"), ("corpus", "factcheck/_data/corpus/")]
)
def test_what_lies_beside_the_package_is_in_the_wheel(wheel: zipfile.ZipFile, source: str, inside: str) -> None:
    files = {p.relative_to(ROOT / source).as_posix() for p in (ROOT / source).rglob("*.md")}
    assert files and files <= _names(wheel, inside)


@pytest.mark.parametrize(
    "name",
    [
        "factcheck/_data/app.py",
        "factcheck/templates/report.html",
        "factcheck/py.typed",
        "factcheck/models/e5_alignment.npz",
        "factcheck/models/e5_language_means.npz",
        "factcheck/models/verifier/model.onnx",
        "factcheck/models/verifier/config.json",
        "factcheck/models/verifier/MODEL_CARD.md",
    ],
)
def test_a_file_is_in_the_wheel(wheel: zipfile.ZipFile, name: str) -> None:
    assert name in wheel.namelist()


def test_every_module_is_in_the_wheel_and_no_test(wheel: zipfile.ZipFile) -> None:
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "factcheck").rglob("*.py")}
    assert modules <= set(wheel.namelist())
    assert not [
        n for n in wheel.namelist() if n.startswith(("tests/", "training/", "benchmarks/")) or "__pycache__" in n
    ]


def test_the_command_and_the_licence_are_declared(wheel: zipfile.ZipFile) -> None:
    (points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "factcheck = factcheck.cli:main" in wheel.read(points).decode()
    assert [name for name in wheel.namelist() if name.endswith("licenses/LICENSE")]


def test_the_wheel_works_where_there_is_no_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    code = (
        "import factcheck.resources as r\n"
        "assert '_data' in str(r.prompts_dir()) and r.app_path().is_file() and r.demo_article_path().is_file()\n"
        "print(r.load_prompt('verdict').name, len(list((r.demo_corpus_dir() / 'notes').rglob('*.md'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    name, count = done.stdout.split()
    assert name == "verdict" and int(count) == len(list((ROOT / "corpus" / "notes").rglob("*.md")))
