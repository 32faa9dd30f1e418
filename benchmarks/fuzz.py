"""Fuzzes what reads: hostile bytes in, the product's own errors or a result out, in bounded time and memory.

    python benchmarks/fuzz.py numbers dates --seconds 600
    python benchmarks/fuzz.py all --seconds 600 --out DIR

Each target runs in a process of its own with a memory limit, for so many seconds of processor time. Guided by coverage
where atheris is installed (`pip install 'factcheck[fuzz]'`), else by hypothesis. An input that lets out another error
than the product's own, breaks what the target states of results, or takes more than `--limit` seconds of processor is a
finding: it is kept in DIR/TARGET, each place in the code once, and fuzzing goes on. Inputs that reached new code are
kept in DIR/TARGET.corpus, so that the same command goes on where it stopped. Exit status 1 where there were findings.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fuzz_limits import TookTooLong, at_most

MEGABYTE = 1_000_000
LONGEST = 4_000
"""Bytes of an input: what grows with size is measured by `fuzz_sizes.py`."""


class Tally:
    """Executions and findings of one target."""

    def __init__(self, name: str, out: Path, limit: float, seconds: float) -> None:
        from fuzz_targets import TARGETS

        self.target, self.name, self.folder = TARGETS[name], name, out / name
        self.limit, self.seconds = limit, seconds
        self.executions = 0
        self.refused = 0
        self.findings: dict[str, str] = {}
        self.started = time.process_time()

    @property
    def spent(self) -> float:
        """Seconds of processor time so far."""
        return time.process_time() - self.started

    def one(self, data: bytes) -> None:
        """Runs one input and keeps what it finds."""
        from fuzz_targets import attempt

        self.executions += 1
        try:
            with at_most(self.limit):
                self.refused += attempt(self.target, data) is not None
        except TookTooLong as error:
            self._found(data, error)
        except Exception as error:
            self._found(data, error)

    def _found(self, data: bytes, error: BaseException) -> None:
        place = _place(error)
        if place in self.findings:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / hashlib.sha256(place.encode()).hexdigest()[:12]
        path.write_bytes(data)
        self.findings[place] = str(path)
        told = "".join(traceback.format_exception(error))
        path.with_suffix(".txt").write_text(told, encoding="utf-8", errors="backslashreplace")
        print(f"{self.name}: {place}: {path}", file=sys.stderr, flush=True)

    def report(self, how: str) -> None:
        """Prints one line of JSON."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
        line = {
            "target": self.name, "how": how, "executions": self.executions, "refused": self.refused,
            "seconds": round(self.spent), "megabytes": peak, "findings": self.findings,
        }  # fmt: skip
        print(json.dumps(line), flush=True)


def _place(error: BaseException) -> str:
    """The kind of an error and the innermost line of the product that it came through."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "/factcheck/" in f.filename or "targets" in f.filename
    ]
    where = f"{Path(frames[-1].filename).name}:{frames[-1].name}:{frames[-1].lineno}" if frames else "outside"
    return f"{type(error).__name__} at {where}"


def _limit_memory(megabytes: int) -> None:
    """Memory that is asked for beyond what is held now gives a MemoryError, and so a finding."""
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    ceiling = held + megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


def by_coverage(name: str, arguments: argparse.Namespace) -> None:
    """Fuzzes with atheris (libFuzzer), which ends the process."""
    import atheris

    with atheris.instrument_imports(include=["factcheck"], enable_loader_override=False):
        _warm(name)
    tally = Tally(name, arguments.out, arguments.limit, arguments.seconds)
    corpus = arguments.out / f"{name}.corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in tally.target.seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words = arguments.out / f"{name}.dict"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word) for word in tally.target.words if 0 < len(word) < 60)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    _limit_memory(arguments.memory)

    class Enough(BaseException):
        """The time is over."""

    def one(data: bytes) -> None:
        tally.one(data)
        if tally.spent > tally.seconds:
            tally.report("coverage")
            raise Enough

    given = [sys.argv[0], f"-max_len={LONGEST}", f"-dict={words}", "-rss_limit_mb=0",
             "-verbosity=0", "-print_final_stats=0",
             f"-artifact_prefix={arguments.out}/.last-", "-timeout=600", str(corpus)]  # fmt: skip
    atheris.Setup(given, one)
    import os

    try:
        atheris.Fuzz()
    finally:
        sys.stdout.flush()
        os._exit(0)


def by_chance(name: str, arguments: argparse.Namespace) -> None:
    """Fuzzes with hypothesis: true inputs and pieces of such, cut up and put together."""
    from fuzz_strategies import inputs
    from hypothesis import HealthCheck, Phase, given, settings

    _warm(name)
    tally = Tally(name, arguments.out, arguments.limit, arguments.seconds)
    _limit_memory(arguments.memory)

    @settings(
        max_examples=500, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(inputs(tally.target))
    def round_of(data: bytes) -> None:
        if tally.spent <= tally.seconds:
            tally.one(data)

    while tally.spent <= tally.seconds:
        round_of()
    tally.report("chance")


def _warm(name: str) -> None:
    """Runs the true inputs, so that nothing is loaded under the limits."""
    from fuzz_targets import TARGETS, attempt

    for seed in TARGETS[name].seeds:
        attempt(TARGETS[name], seed)


def _installed() -> bool:
    try:
        import atheris
    except ImportError:
        return False
    return bool(atheris)


def main(given: Sequence[str] | None = None) -> int:
    """Runs the targets one after another, each in a process of its own; 1 where any has findings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="+", help="names, or all")
    parser.add_argument("--seconds", type=float, default=600, help="processor time of each target")
    parser.add_argument("--limit", type=float, default=5, help="processor seconds of one input")
    parser.add_argument("--memory", type=int, default=1_000, help="megabytes beyond what the program itself takes")
    parser.add_argument("--out", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--by", choices=("coverage", "chance"), default="coverage" if _installed() else "chance")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(given)
    from fuzz_targets import TARGETS

    names = list(TARGETS) if arguments.targets == ["all"] else arguments.targets
    if unknown := set(names) - TARGETS.keys():
        parser.error(f"{', '.join(sorted(unknown))}: the targets are {', '.join(TARGETS)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.here:
        (by_coverage if arguments.by == "coverage" else by_chance)(names[0], arguments)
        return 0
    return max(_apart(name, arguments) for name in names)


def _apart(name: str, arguments: argparse.Namespace) -> int:
    options: dict[str, Any] = {key: getattr(arguments, key) for key in ("seconds", "limit", "memory", "out", "by")}
    command = [sys.executable, __file__, name, "--here", *(f"--{key}={value}" for key, value in options.items())]
    with (arguments.out / f"{name}.log").open("w", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8", check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"target"')]
    print(
        lines[-1]
        if lines
        else json.dumps({"target": name, "findings": f"ended with {done.returncode}; see {log.name}"}),
        flush=True,
    )
    return int(not lines or bool(json.loads(lines[-1])["findings"]))


if __name__ == "__main__":
    sys.exit(main())
