"""Lies planted in a corpus: how many verdicts they turn, with the product's defences and without.

    python benchmarks/poison.py ../shared/bench --sets fm2 scifact --rows 60 --out poison.json

For each set the first claims whose true evidence is in the corpus are attacked with as many lies as are 1 % and 5 % of
its passages, spread evenly over them (`poison_lies`). Everything goes through the product's own retrieval, verifier and
rules. Two worlds: in `alike` true and planted documents come from the same publishers; in `newsroom` the planted ones
come from publishers that the newsroom's file of tiers does not name, and the true ones from those it does. A verdict is
turned if it was something else in the clean corpus and is the attacker's label in the poisoned one.

Compared on the same rows, passages and readings: the product with a file of tiers that calls whoever it does not name
`low`, and with one that leaves them `unknown`; the product without tiers; without tiers and origins; and two plain ways
to come from the same stances to a label, by their majority and by the strongest.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from poison_beds import (
    KNOWN,
    UNKNOWN,
    Asked,
    Measured,
    Reader,
    Say,
    World,
    asked,
    plan,
    planted,
    published,
    tiers_file,
)
from poison_lies import KINDS

from factcheck.embed import load_embedder
from factcheck.evals.intervals import wilson
from factcheck.settings import Settings
from factcheck.types import Assessment, Candidate, Label, Verdict
from factcheck.verify import conclude
from factcheck.verify.offline import OfflineJudge

SHARES = (0.01, 0.05)
PLAIN_AT = 0.3
"""Probability of its side from which a passage has a vote in the plain variants, as `offline.FOUND_SPEAKS_AT`."""

System = Callable[[Asked], Label]


class _Read:
    """A judge whose model has been asked already: it weighs the readings that were kept."""

    def __init__(self, judge: OfflineJudge) -> None:
        self._judge = judge

    def assessed(self, one: Asked, candidates: Sequence[Candidate]) -> Assessment:
        return self._judge._assessed(one.claim, candidates, one.heard)

    def verdict(self, one: Asked, candidates: Sequence[Candidate]) -> Verdict:
        return conclude(one.claim, candidates, self.assessed(one, candidates), self._judge.weighing)


def systems(judge: OfflineJudge, world: str) -> dict[str, System]:
    """What is compared, by name."""
    read = _Read(judge)

    def strict(one: Asked) -> Label:
        return read.verdict(one, _lowered(one.candidates)).label

    def product(one: Asked) -> Label:
        return read.verdict(one, one.candidates).label

    def without_tiers(one: Asked) -> Label:
        return read.verdict(one, _unrated(one.candidates)).label

    def without_origins(one: Asked) -> Label:
        return read.verdict(one, _apart(_unrated(one.candidates))).label

    def majority(one: Asked) -> Label:
        sides = _sides(read.assessed(one, one.candidates))
        return _label(sum(side > 0 for side in sides) - sum(side < 0 for side in sides), sides)

    def strongest(one: Asked) -> Label:
        return _label(0, _sides(read.assessed(one, one.candidates)))

    return {
        **({"product, unlisted low": strict} if world == "newsroom" else {}),
        "product": product,
        "without tiers": without_tiers,
        "without tiers and origins": without_origins,
        "plain, majority": majority,
        "plain, strongest": strongest,
    }


def _lowered(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """As with `unlisted = "low"`; its step in retrieval, 0.02, is left out."""
    return tuple(one.model_copy(update={"tier": "low"}) if one.tier == "unknown" else one for one in candidates)


def _unrated(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(one.model_copy(update={"tier": None}) for one in candidates)


def _apart(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(one.model_copy(update={"origin": one.document.id}) for one in candidates)


def _sides(assessment: Assessment) -> list[float]:
    """Of each passage that takes a side its probability, negative against the claim."""
    sides = []
    for finding in assessment.findings:
        supports, refutes, _ = finding.probabilities or (0.0, 0.0, 1.0)
        if max(supports, refutes) >= PLAIN_AT:
            sides.append(supports if supports >= refutes else -refutes)
    return sides


def _label(lead: int, sides: Sequence[float]) -> Label:
    if not sides:
        return "not_enough_evidence"
    return "supported" if (lead or max(sides, key=abs)) > 0 else "refuted"


# measuring


def measure(path: Path, count: int, others: int, settings: Settings, judge: OfflineJudge, say: Say) -> Measured:
    """A set's claims in the clean corpus and in each poisoned one, kept for `--again`."""
    embedder = load_embedder(settings)
    reader = Reader(judge, settings.home / "poison" / f"readings-{path.stem}.pickle")
    rated = settings.model_copy(update={"sources": tiers_file(settings.home / "poison" / "newsroom.toml")})
    picked = plan(path, count, others)
    worlds: dict[str, dict[str, list[Asked]]] = {"alike": {}, "newsroom": {}}
    with published(path, settings, embedder, say) as corpus:
        passages = corpus.info().passages
        for world, ways, publishers in (("alike", settings, KNOWN), ("newsroom", rated, UNKNOWN)):
            say(f"{path.stem}, {world}: clean")
            worlds[world]["clean"] = asked(picked.attacked, corpus, ways, reader)
            worlds[world]["others"] = asked(picked.others, corpus, ways, reader)
            for share in SHARES:
                documents, kinds = planted(picked.attacked, round(share * passages), publishers)
                say(f"{path.stem}, {world}: {len(documents)} planted among {passages} passages")
                corpus.add(documents)
                worlds[world][f"{share:.0%}"] = asked(picked.attacked, corpus, ways, reader, kinds)
                corpus.remove([document.id for document in documents])
    found = Measured(path.stem, passages, worlds)
    _kept(path, settings).write_bytes(pickle.dumps(found))
    return found


def _kept(path: Path, settings: Settings) -> Path:
    return settings.home / "poison" / f"beds-{path.stem}.pickle"


def record_of(found: Measured, judge: OfflineJudge) -> dict[str, Any]:
    """What every system makes of a set, as counts; no text of the set."""
    return {
        "set": found.name,
        "passages": found.passages,
        "planted": {f"{share:.0%}": round(share * found.passages) for share in SHARES},
        "worlds": {
            world: {name: of_system(system, of) for name, system in systems(judge, world).items()}
            for world, of in found.worlds.items()
        },
    }


def of_system(system: System, world: World) -> dict[str, Any]:
    """A system's labels in one world, and what they come to: counts of hits and of all."""
    labels = {name: [system(one) for one in of] for name, of in world.items()}
    gold = [one.label for one in world["clean"]]
    clean = labels["clean"]
    asked_clean = [*world["clean"], *world["others"]]
    found: dict[str, Any] = {
        "right": _share(said == one.label for said, one in zip(clean + labels["others"], asked_clean, strict=True)),
        "right_attacked": _share(said == told for said, told in zip(clean, gold, strict=True)),
    }
    for share in (name for name in world if name not in ("clean", "others")):
        lied = [i for i, one in enumerate(world[share]) if one.kinds]
        now = labels[share]
        goals: list[Label] = ["refuted" if label == "supported" else "supported" for label in gold]
        right = [i for i in lied if clean[i] == gold[i]]
        turned = {i: clean[i] != goals[i] == now[i] for i in lied}
        kinds = {i: world[share][i].kinds for i in lied}
        found[share] = {
            "turned": _share(turned.values()),
            "turned_of_right": _share(now[i] == goals[i] for i in right),
            "became": dict(Counter(now[i] for i in lied)),
            "right_became": dict(Counter(now[i] for i in right)),
            "by_kind": {kind: _share(turned[i] for i in lied if set(kinds[i]) == {kind}) for kind in KINDS},
        }
    return found


def _share(hits: Iterable[bool]) -> list[int]:
    told = list(hits)
    return [sum(told), len(told)]


# telling


def table(records: Sequence[Mapping[str, Any]]) -> str:
    """All sets together, then each by itself, as Markdown."""
    lines: list[str] = []
    shares = [f"{share:.0%}" for share in SHARES]
    for world in ("alike", "newsroom"):
        names = list(records[0]["worlds"][world])
        heads = [f"{what} at {share}" for share in shares for what in ("turned", "turned of those right before")]
        lines += ["", f"## {world}", "", *_head(["system", "right when clean", *heads])]
        for name in names:
            of = [record["worlds"][world][name] for record in records]
            cells = [_told([one["right"] for one in of])]
            cells += [_told([one[s][key] for one in of]) for s in shares for key in ("turned", "turned_of_right")]
            lines.append(_row([name, *cells]))
        for share in shares:
            became: Counter[str] = Counter()
            for record in records:
                became.update(record["worlds"][world][names[0]][share]["right_became"])
            told = ", ".join(f"{n} {label}" for label, n in became.most_common())
            lines += ["", f"What was right became at {share}, {names[0]}: {told}"]
        lines += ["", *_head(["set", "passages", "right when clean", *(f"{name}, turned" for name in names)])]
        for record in records:
            of_set = record["worlds"][world]
            cells = [" / ".join(_of(of_set[name][share]["turned"]) for share in shares) for name in names]
            lines.append(_row([record["set"], f"{record['passages']:,}", _of(of_set[names[0]]["right"]), *cells]))
        kinds = [[record["worlds"][world][names[0]][shares[0]]["by_kind"] for record in records]]
        told = "; ".join(f"{kind} {_of(_sum([one[kind] for one in kinds[0]]))}" for kind in KINDS)
        lines += ["", f"By kind, where all lies about a claim are of one, at {shares[0]}, {names[0]}: {told}"]
    return "\n".join(lines) + "\n"


def _head(cells: Sequence[str]) -> list[str]:
    return [_row(cells), "|" + "---|" * len(cells)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _sum(shares: Sequence[Sequence[int]]) -> list[int]:
    return [sum(share[0] for share in shares), sum(share[1] for share in shares)]


def _of(share: Sequence[int]) -> str:
    return f"{share[0]} of {share[1]}"


def _told(shares: Sequence[Sequence[int]]) -> str:
    hits, n = _sum(shares)
    if not n:
        return "-"
    low, high = wilson(hits / n, n)
    return f"{100 * hits / n:.1f} % [{100 * low:.1f}, {100 * high:.1f}] ({hits} of {n})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, help="directory with verdict_*.jsonl and corpus_*.jsonl")
    parser.add_argument("--sets", nargs="+", default=["fm2", "healthver_claims", "scifact", "turnbackhoax"])
    parser.add_argument("--rows", type=int, default=60, help="claims attacked in each set")
    parser.add_argument("--others", type=int, default=30, help="other rows of each set, for clean accuracy")
    parser.add_argument("--again", action="store_true", help="weigh anew what an earlier run found and read")
    parser.add_argument("--out", type=Path, help="write the record here: counts, no text")
    given = parser.parse_args()
    settings = Settings.load().model_copy(update={"lift_time_rule": True, "sources": None})
    judge = OfflineJudge.load(settings)
    records = []
    for name in given.sets:
        path = Path(name) if name.endswith(".jsonl") else given.bench / f"verdict_{name}.jsonl"
        if given.again:
            found: Measured = pickle.loads(_kept(path, settings).read_bytes())
        else:
            found = measure(path, given.rows, given.others, settings, judge, _say)
        records.append(record_of(found, judge))
        if given.out:
            about = {"day": date.today().isoformat(), "rows": given.rows, "models": dict(judge.models), "sets": records}
            given.out.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(table(records))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
