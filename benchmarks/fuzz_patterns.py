"""How long every regular expression of the product takes over hostile text: repetitions made from the pattern itself.

    python benchmarks/fuzz_patterns.py [--chars 100000] [--limit 1.0] [MODULE ...]

Of each repetition in a pattern, what it repeats (and what comes before it) is repeated up to `--chars` characters, with
and without an end that cannot match. A pattern that needs more than `--limit` seconds of processor is a finding. Names
the module, the pattern, the unit that is repeated and the growth (2 is quadratic).
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import math
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from re import _constants as sre
from re import _parser as parser
from typing import Any, NamedTuple

from fuzz_limits import TookTooLong, at_most

WHERE = (
    "text",
    "extract",
    "verify",
    "read",
    "review",
    "claimreview",
    "checked",
    "corpus",
    "lexical",
    "publish",
    "batches",
)
TOP = (
    "numbers", "numerals", "dates", "compare", "counterparts", "copies", "origins", "alike", "glossary", "fits",
    "surroundings", "queries", "retrieve", "tiers", "llm", "resources", "fetch", "entail",
)  # fmt: skip
_METHODS = frozenset({"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
_LONG = 12
"""A repetition of at most so many is bounded and no way in."""


class Slow(NamedTuple):
    """A pattern that a repeated unit makes slow."""

    module: str
    pattern: str
    unit: str
    end: str
    chars: int
    seconds: float
    growth: float


def modules() -> list[str]:
    """The product's modules that read text."""
    import factcheck

    found = [f"factcheck.{name}" for name in TOP]
    for package in WHERE:
        base = importlib.import_module(f"factcheck.{package}")
        found += [base.__name__, *(one.name for one in pkgutil.iter_modules(base.__path__, f"{base.__name__}."))]
    assert factcheck
    return [name for name in found if importlib.util.find_spec(name)]


def patterns(name: str) -> dict[tuple[str | bytes, int], re.Pattern[Any]]:
    """Those that a module has compiled, in whatever containers, and those that it writes where it uses them."""
    module = importlib.import_module(name)
    found: dict[tuple[str | bytes, int], re.Pattern[Any]] = {}

    def take(value: object, depth: int = 0) -> None:
        if isinstance(value, re.Pattern):
            found[value.pattern, value.flags] = value
        elif depth < 4 and isinstance(value, dict):
            for one in [*value, *value.values()]:
                take(one, depth + 1)
        elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
            for one in value:
                take(one, depth + 1)

    for value in list(vars(module).values()):
        take(value)
    if name == "factcheck.text.orders":
        take(module.rules())
    for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, (str, bytes)):
                flags = (
                    re.I
                    if any(
                        "I" in ast.unparse(one)
                        for one in [*node.args[2:], *[k.value for k in node.keywords if k.arg == "flags"]]
                    )
                    else 0
                )
                take(re.compile(first.value, flags))
    return found


_OF_CATEGORY = {
    sre.CATEGORY_DIGIT: "1", sre.CATEGORY_NOT_DIGIT: "a", sre.CATEGORY_SPACE: " ", sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def _member(items: Sequence[tuple[Any, Any]]) -> str:
    """A character of a class."""
    if items and items[0][0] is sre.NEGATE:
        one = re.compile("|".join(filter(None, (_class_text(op, value) for op, value in items[1:]))) or r"\Z.")
        return next(char for char in 'aA1 .,-\n"é\u4e00' if not one.match(char)) if one else "a"
    op, value = items[0]
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.RANGE:
        return chr(value[0])
    return _OF_CATEGORY.get(value, "a")


def _class_text(op: Any, value: Any) -> str:
    if op is sre.LITERAL:
        return re.escape(chr(value))
    if op is sre.RANGE:
        return f"[{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}]"
    return {
        sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
        sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
    }.get(value, "")  # fmt: skip


def sample(parsed: Iterable[tuple[Any, Any]], least: bool = False) -> str:
    """A text that a part of a pattern would mostly match."""
    out = []
    for op, value in parsed:
        if op is sre.LITERAL:
            out.append(chr(value))
        elif op is sre.NOT_LITERAL:
            out.append("b" if chr(value) == "a" else "a")
        elif op is sre.ANY:
            out.append("a")
        elif op is sre.IN:
            try:
                out.append(_member(value))
            except StopIteration:
                out.append("a")
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = value
            out.append(sample(inner, least) * (low if least else min(max(low, 1), high, 30)))
        elif op is sre.SUBPATTERN:
            out.append(sample(value[3], least))
        elif op is sre.ATOMIC_GROUP:
            out.append(sample(value, least))
        elif op is sre.BRANCH:
            out.append(sample(value[1][0], least))
    return "".join(out)


def units(pattern: re.Pattern[Any]) -> set[str]:
    """What to repeat: the inside of every long repetition, alone, with what stands before it, and all before it."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found: set[str] = set()

    def walk(parsed: Any, before: str) -> None:
        items = list(parsed)
        for i, (op, value) in enumerate(items):
            lead = sample(items[:i])
            if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
                _, high, inner = value
                if high is sre.MAXREPEAT or high > _LONG:
                    body = sample(inner)
                    found.update(
                        (body, before + lead, lead, sample(items[max(0, i - 1) : i]) + body, before + lead + body)
                    )
                    for branch in _branches(inner):
                        found.add(sample(branch))
                walk(inner, before + lead)
            elif op is sre.SUBPATTERN:
                walk(value[3], before + lead)
            elif op is sre.ATOMIC_GROUP:
                walk(value, before + lead)
            elif op is sre.BRANCH:
                for branch in value[1]:
                    walk(branch, before + lead)
            elif op in (sre.ASSERT, sre.ASSERT_NOT):
                walk(value[1], before + lead)

    parsed = parser.parse(text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    walk(parsed, "")
    return (
        {unit[:200] for unit in found if unit} | {"a", "A", "1", " ", "\n", "a ", "A ", "1,", "1.", "Aa ", '"'}
        if found
        else set()
    )


def _branches(parsed: Any) -> Iterator[Any]:
    for op, value in parsed:
        if op is sre.BRANCH:
            yield from value[1]
        elif op is sre.SUBPATTERN:
            yield from _branches(value[3])


def seconds(run: Callable[[], object], limit: float) -> float:
    """Processor seconds of a call; `limit` where it was stopped."""
    start = time.process_time()
    try:
        with at_most(limit):
            run()
    except TookTooLong:
        return limit
    return time.process_time() - start


def slow(module: str, pattern: re.Pattern[Any], chars: int, limit: float) -> Slow | None:
    """The worst unit for a pattern, if it takes more than `limit` over `chars` characters."""
    worst: Slow | None = None
    for unit in sorted(units(pattern)):
        for end in ("", "\x01!"):
            found = _grown(pattern, unit, end, chars, limit)
            if found and (worst is None or found[1] > worst.growth):
                worst = Slow(module, str(pattern.pattern), unit, end, found[0], found[2], found[1])
    return worst


def _grown(pattern: re.Pattern[Any], unit: str, end: str, chars: int, limit: float) -> tuple[int, float, float] | None:
    before = 0.0
    size = 32
    while True:
        size = min(size, chars)
        text: Any = unit * (size // len(unit) + 1) + end
        given = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
        took = seconds(lambda given=given: sum(1 for _ in pattern.finditer(given)), limit)
        if took >= 0.02 and before > 0 and took * (chars / size) ** max(1.0, math.log2(took / before)) > limit * 2:
            growth = math.log2(took / before)
            if growth > 1.5:
                return size, growth, took
        if took >= limit:
            return size, math.log2(took / before) if before else 0.0, took
        if size >= chars:
            return None
        before, size = took, size * 2


def main(given: Sequence[str] | None = None) -> int:
    """Prints the findings; 1 if there are any."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("modules", nargs="*")
    arguments.add_argument("--chars", type=int, default=100_000)
    arguments.add_argument("--limit", type=float, default=1.0)
    chosen = arguments.parse_args(given)
    count, findings, seen = 0, 0, set()
    for name in chosen.modules or modules():
        for key, pattern in patterns(name).items():
            if key in seen:
                continue
            seen.add(key)
            count += 1
            if found := slow(name, pattern, chosen.chars, chosen.limit):
                findings += 1
                print(
                    f"{found.module}: growth {found.growth:.1f}, {found.seconds:.2f} s at {found.chars} of"
                    f" {found.unit!r}+{found.end!r}\n    {found.pattern[:300]}",
                    flush=True,
                )
    print(f"{count} patterns, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
