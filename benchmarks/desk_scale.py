"""The review desk with many claims: how long its queue, a claim and an action take, and what an event costs.

python benchmarks/desk_scale.py [--claims 5000] [--events 2000] [--repeat 20] [--out desk.json]
python benchmarks/desk_scale.py --browser [--claims 5000] [--repeat 20] [--out desk.json]

A store of made-up articles of 50 claims, each with evidence, in a new directory; then actions of four people on claims
drawn at random; then every kind of question that the desk asks, each `--repeat` times, in milliseconds. With
`--browser` the desk is opened and filtered in chromium instead, as often: seconds until its rows are on screen.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from factcheck.errors import ReviewError
from factcheck.review import Change, Desk, QueueFilter
from factcheck.store import RunStore
from factcheck.types import LABELS, Claim, ClaimResult, Document, Evidence, Verdict, content_id

PER_ARTICLE, PEOPLE = 50, ("Ana", "Budi", "Citra", "Dewi")
INDONESIAN = "pemerintah menteri presiden anggaran triliun jembatan bendungan vaksin pemilu harga beras sekolah"
ENGLISH = "government minister budget bridge dam vaccine election price rice school hospital report million percent"
WORDS = f"{INDONESIAN} {ENGLISH}".split()


def sentence(draw: random.Random, words: int = 18) -> str:
    """A sentence of words drawn at random."""
    return " ".join(draw.choices(WORDS, k=words)).capitalize() + f" {draw.randrange(10_000)}."


def article(draw: random.Random, number: int) -> tuple[Document, list[Claim]]:
    """An article whose sentences are its claims."""
    texts = [sentence(draw) for _ in range(PER_ARTICLE)]
    starts, place = [], 0
    for text in texts:
        starts.append(place)
        place += len(text) + 1
    document = Document.from_text(" ".join(texts), title=f"Article {number}: {sentence(draw, 6)}")
    claims = [
        Claim(
            id=content_id("claim", document.id, str(start)), text=text, start=start, end=start + len(text),
            source_text=text, as_of=date(2026, 1, 1), language=draw.choice(("id", "en")),
            speaker=draw.choice((None, "Menteri", "The Governor")),
        )
        for text, start in zip(texts, starts, strict=True)
    ]  # fmt: skip
    return document, claims


def result(draw: random.Random, claim: Claim) -> ClaimResult:
    """What a check might find: five pieces of evidence, and any label."""
    if draw.random() < 0.03:
        return ClaimResult.not_checked(claim, "The endpoint gave no answer within 120 s.")
    label = draw.choice(LABELS)
    stances = {"supported": ["supports"], "refuted": ["refutes"], "conflicting": ["supports", "refutes"]}.get(label, [])
    proof = []
    for n in range(1, 6):
        quote, stance = sentence(draw, 30), stances[n - 1] if n <= len(stances) else "neutral"
        proof.append(
            Evidence.model_validate(
                {"n": n, "document_id": f"doc-{draw.randrange(9_999)}", "passage_id": f"p-{n}", "quote": quote,
                 "start": 0, "end": len(quote), "stance": stance, "origin": str(n), "used": n <= len(stances),
                 "why_not": None if n <= len(stances) else "weak_match", "publisher": "Agency", "title": "A report"}
            )
        )  # fmt: skip
    verdict = Verdict(label=label, confidence=draw.random(), justification=sentence(draw), evidence=tuple(proof))
    return ClaimResult.checked(claim, verdict)


def fill(store: RunStore, claims: int, draw: random.Random) -> list[tuple[str, str]]:
    """Writes articles until there are so many claims; returns run and claim ids."""
    found: list[tuple[str, str]] = []
    for number in range(claims // PER_ARTICLE):
        document, made = article(draw, number)
        run_id = f"run-{number}"
        store.start(run_id, document, None, "offline")
        store.save_claims(run_id, made)
        for position, claim in enumerate(made):
            store.save_result(run_id, position, result(draw, claim))
            found.append((run_id, claim.id))
    return found


def work(desk: Desk, keys: list[tuple[str, str]], events: int, draw: random.Random) -> list[float]:
    """Has people act on claims; returns the milliseconds of each action that was possible."""
    took: list[float] = []
    while len(took) < events:
        run_id, claim_id = draw.choice(keys)
        claim = desk.claim(run_id, claim_id)
        assert claim is not None
        action = draw.choice(("accept", "set_verdict", "note", "sign_off", "drop", "restore"))
        change = Change(label=draw.choice(LABELS)) if action == "set_verdict" else Change()
        who, began = draw.choice(PEOPLE), time.perf_counter()
        try:
            desk.act(run_id, claim_id, action, change, who=who, version=claim.version, reason="Because.")
        except ReviewError:
            continue
        took.append(1000 * (time.perf_counter() - began))
    return took


def timed(ask: Callable[[], object], repeat: int) -> dict[str, float]:
    """The median and the longest of so many times, and the median of the processor's own, in milliseconds."""
    took, worked = [], []
    for _ in range(repeat):
        began, before = time.perf_counter(), time.process_time()
        ask()
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - before))
    return {
        "median_ms": round(statistics.median(took), 2),
        "max_ms": round(max(took), 2),
        "processor_ms": round(statistics.median(worked), 2),
    }


def questions(desk: Desk, path: Path, keys: list[tuple[str, str]]) -> dict[str, Callable[[], object]]:
    """What the desk is asked, by a name for the table."""
    run_id, claim_id = keys[len(keys) // 2]
    filters = {
        "all": QueueFilter(),
        "a verdict": QueueFilter(labels=("refuted",)),
        "a state": QueueFilter(states=("in_review", "reviewed")),
        "a language": QueueFilter(languages=("id",)),
        "an article": QueueFilter(run_id=run_id),
        "confidence": QueueFilter(least=0.4, most=0.6),
        "words": QueueFilter(words="vaksin presiden 7"),
        "words not there": QueueFilter(words="nobody wrote this"),
        "dropped": QueueFilter(dropped=True),
        "everything at once": QueueFilter(
            labels=("refuted", "conflicting"), states=("machine_checked",), languages=("id",), least=0.2, most=0.9,
            words="menteri",
        ),
    }  # fmt: skip
    asked: dict[str, Callable[[], object]] = {
        f"queue: {name}": lambda wanted=wanted: desk.queue(wanted) for name, wanted in filters.items()
    }
    for order in ("oldest", "confidence", "article"):
        asked[f"queue: all, by {order}"] = lambda order=order: desk.queue(order=order)
    asked["queue: the last page"] = lambda: desk.queue(offset=len(keys) - 50)
    asked["articles"] = desk.articles
    asked["claims of an article"] = lambda: desk.claims(run_id)
    asked["a claim"] = lambda: desk.claim(run_id, claim_id)
    asked["agreement"] = desk.agreement
    asked["the whole log"] = lambda: list(desk.log())
    asked["opening the store"] = lambda: RunStore(path)
    return asked


def in_browser(desk: Desk, home: Path, repeat: int, out: Path | None) -> None:
    """Opens and filters the desk over that store in chromium, and prints and writes the figures."""
    from desk_browser import measured

    from factcheck.ui.strings import words

    found = desk.queue(limit=1)
    labels = {words("en")(f"label.{name}"): f"{count:,}" for name, count in found.by_label.items()}
    record = {"claims": found.total, **measured(home, repeat, labels), **machine()}
    for name, figure in record["steps"].items():
        print(f"{name:<22} median {figure['median_s']:.2f} s  longest {figure['longest_s']:.2f} s  {figure}")
    print({name: value for name, value in record.items() if name != "steps"}, file=sys.stderr)
    if out:
        out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, object]:
    """Where and when it was measured."""
    return {
        "python": platform.python_version(), "processors": os.cpu_count(),
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip


def main() -> None:
    """Fills a store, asks it, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=5_000)
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--browser", action="store_true", help="measure the page in chromium, not the store")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    draw = random.Random(6)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "runs.sqlite3"
        store = RunStore(path)
        began = time.perf_counter()
        keys = fill(store, given.claims, draw)
        saving = time.perf_counter() - began
        desk = Desk(store)
        acted = work(desk, keys, given.events, draw)
        if given.browser:
            in_browser(desk, path.parent, given.repeat, given.out)
            return
        figures = {name: timed(ask, given.repeat) for name, ask in questions(desk, path, keys).items()}
        figures["an action"] = {"median_ms": round(statistics.median(acted), 1), "max_ms": round(max(acted), 1)}
        began = time.perf_counter()
        desk.rebuild()
        rebuilt = round(time.perf_counter() - began, 1)
        megabytes = round(path.stat().st_size / 1e6, 1)
    record = {
        "claims": len(keys), "events": given.events, "repeat": given.repeat, "saving_a_claim_ms":
        round(1000 * saving / len(keys), 1), "rebuild_s": rebuilt, "file_mb": megabytes, "figures": figures,
        **machine(),
    }  # fmt: skip
    for name, figure in figures.items():
        worked = figure.get("processor_ms", "")
        print(f"{name:<28} {figure['median_ms']:>8} ms  longest {figure['max_ms']:>8} ms  processor {worked:>8}")
    print({name: value for name, value in record.items() if name != "figures"}, file=sys.stderr)
    if given.out:
        given.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
