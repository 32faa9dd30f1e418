"""Many claims or articles in, a JSON row per claim out. A claim that failed is a row too, with its reason."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from factcheck import pipeline
from factcheck.engine import Engine
from factcheck.errors import FactcheckError, InputError
from factcheck.read import SUFFIXES, read_file
from factcheck.settings import Settings
from factcheck.store import new_run_id
from factcheck.types import ClaimResult, latest_day

if TYPE_CHECKING:
    from rich.console import Console

ARTICLE_SUFFIXES = tuple(SUFFIXES)

log = logging.getLogger("factcheck")


class Tally(NamedTuple):
    """What a batch came to, in rows written."""

    rows: int
    checked: int
    not_checked: int

    def sentence(self, output: Path) -> str:
        """One line for the user."""
        return f"{self.rows} rows written to {output}: {self.checked} checked, {self.not_checked} not checked."


class BatchClaim(NamedTuple):
    """A line of the input: the claim, or why the line is none."""

    line: int
    id: str
    text: str
    as_of: date | None
    speaker: str | None
    language: str | None
    problem: str | None


def batch(
    source: Path,
    output: Path,
    settings: Settings,
    *,
    as_of: date | None = None,
    engine: Engine | None = None,
    console: Console | None = None,
) -> Tally:
    """Checks a JSONL file of claims, or every article of a directory, and writes a JSON row per claim.

    A claim's line is `{"text": ...}` (or `"claim"`) with, optionally, `id`, `as_of` (or `claim_date`), `speaker`
    and `language` (or `lang`). The rows keep the input's order. The output appears whole at the end under its name;
    until then it grows as `NAME.part` beside it, and stays there if the run is stopped.

    Args:
        source: the file or directory.
        output: where the rows go; a file of that name is replaced.
        settings: for the engine, where none is given.
        as_of: the day to judge by; unset, each claim's or article's own, else today.
        engine: what to check with; unset, one is built and closed at the end.
        console: told how far it is.

    Raises:
        InputError: there is no such file or directory, it holds nothing to check, or the output cannot be written.
    """
    if not source.exists():
        raise InputError(f"There is no file or directory {source}.")
    if source.is_file() and source.suffix.lower() not in (".jsonl", ".ndjson", ".json"):
        raise InputError(f"{source} is not a JSONL file of claims; for one article use `factcheck check {source}`.")
    if source.is_dir() and not _articles(source):
        raise InputError(f"{source} holds no article ({', '.join(ARTICLE_SUFFIXES)}).")
    if output.exists() and output.samefile(source):
        raise InputError(f"The rows would replace the claims in {source}. Name another file.")
    if output.exists() and not output.is_file():
        raise InputError(f"{output} is no file. Name the file that the rows are to be written to.")
    part = output.with_name(output.name + ".part")
    rows = checked = 0
    try:
        with part.open("w", encoding="utf-8") as out, _opened(engine, settings, console) as ready:
            for row in _rows(source, ready, as_of):
                _write_row(out, row)
                rows += 1
                checked += row["status"] == "checked"
                if console and rows % 10 == 0:
                    console.print(f"{rows} claims", style="dim")
        if rows:
            part.replace(output)
    except OSError as error:
        raise InputError(f"The rows could not be written to {output}: {error.strerror or error}.") from error
    finally:
        if not rows:
            part.unlink(missing_ok=True)
    if not rows:
        raise InputError(f"{source} holds no claim.")
    return Tally(rows, checked, rows - checked)


@contextmanager
def _opened(engine: Engine | None, settings: Settings, console: Console | None) -> Iterator[Engine]:
    if engine is not None:
        yield engine
        return
    built = pipeline.build_engine(settings, note=(lambda s: console.print(s, style="dim")) if console else None)
    try:
        yield built
    finally:
        built.corpus.close()


def _write_row(out: TextIO, row: dict[str, Any]) -> None:
    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    out.flush()


def _articles(directory: Path) -> list[Path]:
    return sorted(p for p in directory.rglob("*") if p.is_file() and p.suffix.lower() in ARTICLE_SUFFIXES)


def _rows(source: Path, engine: Engine, as_of: date | None) -> Iterator[dict[str, Any]]:
    if source.is_dir():
        for path in _articles(source):
            yield from _article_rows(path, source, engine, as_of)
    else:
        yield from _claim_rows(source, engine, as_of)


def _article_rows(path: Path, root: Path, engine: Engine, as_of: date | None) -> Iterator[dict[str, Any]]:
    name = path.relative_to(root).as_posix()
    try:
        document = read_file(path, max_chars=engine.settings.max_article_chars)
        report = pipeline.check(document, engine, as_of=as_of)
    except FactcheckError as error:
        yield {"article": name, **_failed(None, str(error))}
        return
    except Exception as error:  # a fault of ours in one article must not end the others
        log.exception("article %s failed", name)
        yield {"article": name, **_failed(None, _fault(error))}
        return
    for claim in report.claims:
        yield {"article": name, **_row(claim, engine, report.run.id)}


def _claim_rows(source: Path, engine: Engine, as_of: date | None) -> Iterator[dict[str, Any]]:
    run_id = new_run_id()
    lines = read_claims(source)
    if engine.settings.mode == "offline":
        for item in lines:
            yield _checked_row(item, engine, as_of, run_id)
        return
    from collections import deque
    from concurrent.futures import Future, ThreadPoolExecutor

    width = engine.settings.llm_concurrency
    with ThreadPoolExecutor(max_workers=width, thread_name_prefix="factcheck") as pool:
        waiting: deque[Future[dict[str, Any]]] = deque()
        for item in lines:
            waiting.append(pool.submit(_checked_row, item, engine, as_of, run_id))
            if len(waiting) >= 2 * width:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _checked_row(item: BatchClaim, engine: Engine, as_of: date | None, run_id: str) -> dict[str, Any]:
    if item.problem:
        return {"id": item.id, "line": item.line, **_failed(item.text or None, item.problem)}
    try:
        claim = pipeline.claim_of_text(
            item.text, engine, as_of=as_of or item.as_of, speaker=item.speaker, language=item.language
        )
    except Exception as error:  # a fault of ours in one line must not end the others
        log.exception("line %d failed", item.line)
        return {"id": item.id, "line": item.line, **_failed(item.text, _fault(error))}
    return {**_row(pipeline.check_claim(claim, engine, run_id), engine, run_id), "id": item.id, "line": item.line}


def _row(result: ClaimResult, engine: Engine, run_id: str) -> dict[str, Any]:
    return {
        **result.model_dump(mode="json"),
        "run_id": run_id,
        "mode": engine.settings.mode,
        "corpus_snapshot": engine.corpus.snapshot,
    }


def _fault(error: Exception) -> str:
    return f"An internal error ({type(error).__name__}) stopped the check of this one."


def _failed(text: str | None, reason: str) -> dict[str, Any]:
    return {"text": text, "status": "not_checked", "reason": reason, "label": None, "confidence": None, "evidence": []}


def read_claims(source: Path) -> Iterator[BatchClaim]:
    """The claims of a JSONL file, a bad line as a row with its problem."""
    try:
        with source.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _parse(number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.") from error


def _parse(number: int, line: bytes) -> BatchClaim:
    def bad(problem: str, key: str = "", text: str = "") -> BatchClaim:
        return BatchClaim(number, key or f"line-{number}", text, None, None, None, f"Line {number}: {problem}")

    try:
        row = json.loads(line.decode("utf-8"))
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return bad("it holds half a character (a lone surrogate), which no text can.")
    except UnicodeDecodeError as error:
        return bad(f"this is not UTF-8 (byte {error.start}).")
    except (ValueError, RecursionError) as error:
        return bad(f"this is not JSON ({error}).")
    if not isinstance(row, dict):
        return bad("a claim is a JSON object with the key text.")
    key = str(row["id"]) if row.get("id") not in (None, "") else f"line-{number}"
    text = row.get("text") or row.get("claim")
    if not isinstance(text, str) or not text.strip():
        return bad("the key text (or claim) is missing or empty.", key)
    day = row.get("as_of") or row.get("claim_date")
    try:
        as_of = latest_day(str(day)) if day else None
    except ValueError as error:
        return bad(f"as_of: {error}.", key, text)
    speaker, language = row.get("speaker"), row.get("language") or row.get("lang")
    return BatchClaim(
        number,
        key,
        text,
        as_of,
        speaker if isinstance(speaker, str) else None,
        language if isinstance(language, str) else None,
        None,
    )
