"""Matching of claims to claims checked before: precision and recall of strong and weak matches, by set.

python benchmarks/match_thresholds.py BENCH_DIR [--facts FILE] [--queries N] [--claims N] [--vectors FILE] [--fit]

Sets: tweets to claims (match_ct20), Indonesian posts to claims (match_turnbackhoax, against the claims of its rows and
the first sentences of other fact-checks), and facts to their wording in the other language. Beside them near misses:
every claim with one number, name, negation or direction changed by code, which must not come out as strong.

Vectors are made with the embedder of the settings and kept beside FILE. `--fit` fits the weights anew by logistic
regression and prints them with their figures out of fold, five folds by query.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.checked.scoring import MIN_WORDS, STRONG_SCORE, WEAK_SCORE, Features, features_of, match_score, strength
from factcheck.checked.words import ClaimWords, telling_words
from factcheck.extract.clauses import first_verb
from factcheck.text import names, sentences

Vectors = Mapping[tuple[str, str], NDArray[np.float32]]
Role = Literal["query", "passage"]

NEAR, SHOWN = 60, 5
"""Claims compared with a query from each index, and matches shown, as in `Corpus.matches`."""


class Text(NamedTuple):
    """A claim or a post with its language."""

    id: str
    text: str
    language: str


class Task(NamedTuple):
    """Queries, the claims they are looked for among, and for each query the claims that it is."""

    name: str
    queries: Sequence[Text]
    claims: Sequence[Text]
    gold: Mapping[str, frozenset[str]]


class Pair(NamedTuple):
    """A query and a claim that was compared with it."""

    task: str
    query: Text
    claim: Text
    right: bool
    features: Features


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, help="directory with match_*.jsonl and corpus_*.jsonl")
    parser.add_argument("--facts", type=Path, help="facts.jsonl with fact_id and fact_en")
    parser.add_argument("--queries", type=int, default=10_000, help="queries of each set at most")
    parser.add_argument("--claims", type=int, default=100_000, help="claims of each set at most, the right ones kept")
    parser.add_argument("--vectors", type=Path, help="cache of vectors (.npz)")
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    tasks = [_cut(task, given.queries, given.claims) for task in _tasks(given.bench, given.facts)]
    misses = [_near_misses(task) for task in tasks if task.name != "facts en -> id"]
    every = (*tasks, *misses)
    asked = _vectors([text for task in every for text in task.queries], "query", given.vectors)
    kept = _vectors([text for task in every for text in task.claims], "passage", given.vectors)
    pairs = {task.name: list(_pairs(task, asked, kept)) for task in tasks}
    changed = {task.name: list(_pairs(task, asked, kept)) for task in misses}
    for task in tasks:
        _table(task, pairs[task.name], match_score)
    _near_miss_table(changed)
    if given.fit:
        _fit([pair for some in pairs.values() for pair in some])


# the sets


def _tasks(bench: Path, facts: Path | None) -> Iterator[Task]:
    rows = list(_rows(bench / "match_ct20.jsonl"))
    claims = [Text(c["doc_id"], c["text"] or c["title"], "en") for c in _rows(bench / "corpus_vclaims.jsonl")]
    yield _task("tweets (en)", rows, "en", claims)
    rows = list(_rows(bench / "match_turnbackhoax.jsonl"))
    claims = [Text(row["gold_doc_ids"][0], row["normalized_claim"], "id") for row in rows]
    known = {claim.id for claim in claims}
    others = (row for row in _rows(bench / "corpus_turnbackhoax.jsonl") if row["doc_id"] not in known)
    claims += [Text(row["doc_id"], _first_sentence(row["text"]), "id") for row in others]
    yield _task("posts (id)", rows, "id", claims)
    if facts is not None:
        told = [row for row in _rows(facts) if row["fact_id"] and row["fact_en"]]
        both = {lang: [Text(row["id"], row[f"fact_{lang}"], lang) for row in told] for lang in ("id", "en")}
        own = {row["id"]: frozenset({row["id"]}) for row in told}
        yield Task("facts id -> en", both["id"], both["en"], own)
        yield Task("facts en -> id", both["en"], both["id"], own)


def _task(name: str, rows: Sequence[Mapping[str, Any]], language: str, claims: Sequence[Text]) -> Task:
    queries = [Text(row["id"], row["query"], language) for row in rows]
    return Task(name, queries, claims, {row["id"]: frozenset(row["gold_doc_ids"]) for row in rows})


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _first_sentence(text: str) -> str:
    spans = sentences(text, "id")
    return spans[0].of(text)[:400] if spans else text[:400]


def _cut(task: Task, queries: int, claims: int) -> Task:
    chance = random.Random(13)
    kept = task.queries if len(task.queries) <= queries else chance.sample(task.queries, queries)
    right = frozenset[str]().union(*(task.gold[query.id] for query in kept))
    others = [claim for claim in task.claims if claim.id not in right]
    room = max(0, claims - len(right))
    others = others if len(others) <= room else chance.sample(others, room)
    return task._replace(queries=kept, claims=[c for c in task.claims if c.id in right] + others)


def _near_misses(task: Task) -> Task:
    """Claims of a set with one thing changed, against the claims as they were: not one of them is the same."""
    queries = [
        Text(f"{claim.id} {kind}", changed, claim.language)
        for claim in task.claims[:300]
        for kind, change in CHANGES.items()
        if (changed := change(claim, task.claims)) not in (None, claim.text)
    ]
    return Task(f"changed {task.name}", queries, task.claims, {query.id: frozenset() for query in queries})


def _another_number(claim: Text, _: Sequence[Text]) -> str | None:
    found = re.search(r"(?<![\d.,])\d{1,3}(?![\d.,]*\d)", claim.text)
    return found and f"{claim.text[: found.start()]}{int(found[0]) + 3}{claim.text[found.end() :]}"


def _another_name(claim: Text, claims: Sequence[Text]) -> str | None:
    own = names(claim.text)
    chance = random.Random(claim.id)
    others = [
        span.of(other.text) for other in chance.sample(claims, min(20, len(claims))) for span in names(other.text)
    ]
    strange = [name for name in others if name.casefold() not in claim.text.casefold()]
    return f"{claim.text[: own[0].start]}{strange[0]}{claim.text[own[0].end :]}" if own and strange else None


def _denied(claim: Text, _: Sequence[Text]) -> str | None:
    if claim.language == "id":
        verb = first_verb(claim.text, "id")
        return verb and f"{claim.text[: verb.start()]}tidak {claim.text[verb.start() :]}"
    helper = re.search(r"\b(?:is|are|was|were|has|have|will|can|could|would|should)\b", claim.text)
    return helper and f"{claim.text[: helper.end()]} not{claim.text[helper.end() :]}"


def _turned(claim: Text, _: Sequence[Text]) -> str | None:
    turns = {"naik": "turun", "turun": "naik", "meningkat": "menurun", "lebih": "kurang", "sebelum": "sesudah",
             "more": "less", "less": "more", "increased": "decreased", "before": "after", "after": "before",
             "rose": "fell", "won": "lost", "setelah": "sebelum"}  # fmt: skip
    found = re.search(rf"\b(?:{'|'.join(turns)})\b", claim.text)
    return found and f"{claim.text[: found.start()]}{turns[found[0]]}{claim.text[found.end() :]}"


CHANGES: Mapping[str, Callable[[Text, Sequence[Text]], str | None]] = {
    "number": _another_number,
    "name": _another_name,
    "negation": _denied,
    "direction": _turned,
}


# comparing


def _vectors(texts: Iterable[Text], role: Role, cache: Path | None) -> Vectors:
    """The vector of every text, by text and language: claims kept are passages, the new one is the query."""
    wanted = list(dict.fromkeys((one.text, one.language) for one in texts))
    known: dict[tuple[str, str], NDArray[np.float32]] = {}
    file = cache.with_name(f"{cache.stem}-{role}.npz") if cache else None
    if file is not None and file.exists():
        with np.load(file, allow_pickle=False) as kept:
            keys = zip(kept["texts"].tolist(), kept["languages"].tolist(), strict=True)
            known = dict(zip(keys, kept["vectors"], strict=True))
    if new := [key for key in wanted if key not in known]:
        from factcheck.embed import load_embedder
        from factcheck.settings import Settings

        embedder = load_embedder(Settings.load())
        embed = embedder.queries if role == "query" else embedder.passages
        known.update(zip(new, embed([text for text, _ in new], [language for _, language in new]), strict=True))
        if file is not None:
            texts_, languages = zip(*known, strict=True)
            np.savez(file, texts=texts_, languages=languages, vectors=np.stack(list(known.values())))
    return known


def _pairs(task: Task, asked: Vectors, kept: Vectors) -> Iterator[Pair]:
    """Every query with the claims that the two indexes find for it."""
    claims = {claim.id: claim for claim in task.claims}
    words = ClaimWords()
    words.follow(claims, lambda ids: {key: {"text": claims[key].text, "language": claims[key].language} for key in ids})
    matrix = np.stack([kept[claim.text, claim.language] for claim in task.claims])
    at = {claim.id: i for i, claim in enumerate(task.claims)}
    for query in task.queries:
        cosines = matrix @ asked[query.text, query.language]
        near = [task.claims[i].id for i in np.argsort(-cosines)[:NEAR]]
        found = dict.fromkeys([*near, *words.nearest(telling_words(query.text, query.language), NEAR)])
        for key in found:
            claim = claims[key]
            features = features_of(
                claim.text, claim.language, query.text, query.language, float(cosines[at[key]]), words
            )
            yield Pair(task.name, query, claim, key in task.gold[query.id], features)


Score = Callable[[Features], float]


def _table(task: Task, pairs: Sequence[Pair], score: Score) -> None:
    by_query: dict[str, list[tuple[float, Pair]]] = {query.id: [] for query in task.queries}
    for pair in pairs:
        by_query[pair.query.id].append((score(pair.features), pair))
    ranked = [sorted(some, key=lambda one: -one[0])[:SHOWN] for some in by_query.values()]
    hits = [sum(any(p.right for _, p in some[:k]) for some in ranked) for k in (1, SHOWN)]
    print(f"\n{task.name}: {len(ranked)} queries, {len(task.claims)} claims; best match right"
          f" {wilson(hits[0], len(ranked))}, among {SHOWN} {wilson(hits[1], len(ranked))}")  # fmt: skip
    print("  shown from        precision of what is shown  recall (the right claim is shown)  shown a query")
    shown = [(s, p) for some in ranked for s, p in some]
    for bound in sorted(
        {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, WEAK_SCORE, STRONG_SCORE}
    ):
        above = [pair for s, pair in shown if s >= bound]
        found = sum(any(p.right and s >= bound for s, p in some) for some in ranked)
        mark = " weak" if bound == WEAK_SCORE else " strong*" if bound == STRONG_SCORE else ""
        print(f"  {bound:.2f}{mark:<9}  {wilson(sum(p.right for p in above), len(above)):<26}"
              f"  {wilson(found, len(ranked)):<33}  {len(above) / max(1, len(ranked)):.2f}")  # fmt: skip
    strong = [p for s, p in shown if _strength(s, p) == "strong"]
    right = sum(p.right for p in strong)
    print(f"  strong, after the gate: precision {wilson(right, len(strong))}, recall {wilson(right, len(ranked))}"
          f" (* before it; {MIN_WORDS} words, same facts)")  # fmt: skip
    for wrong in [p for p in strong if not p.right][:5]:
        print(f"    not gold: {wrong.query.text[:90]!r} ~ {wrong.claim.text[:90]!r}")


def _near_miss_table(changed: Mapping[str, Sequence[Pair]]) -> None:
    print("\nnear misses: a claim with one thing changed, against itself as it was; strong must not occur")
    for name, pairs in changed.items():
        for kind in CHANGES:
            own = [p for p in pairs if p.query.id == f"{p.claim.id} {kind}"]
            scores = [match_score(p.features) for p in own]
            strong = [p for p, s in zip(own, scores, strict=True) if _strength(s, p) == "strong"]
            above = sum(s >= STRONG_SCORE for s in scores)
            print(f"  {name:<24} {kind:<10} {len(own):>4}: strong {wilson(len(strong), len(own))},"
                  f" held back by the gate {above - len(strong)}")  # fmt: skip
            for pair in strong[:3]:
                print(f"    {pair.query.text[:110]!r} ~ {pair.claim.text[:110]!r}")


def _strength(score: float, pair: Pair) -> str | None:
    return strength(score, pair.claim.text, pair.claim.language, pair.query.text, pair.query.language)


def wilson(hits: int, n: int) -> str:
    """A share with its 95 % interval (Wilson 1927)."""
    if n == 0:
        return "- (0)"
    z, share = 1.959964, hits / n
    middle, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * spread) / (1 + z * z / n) for sign in (-1, 1))
    return f"{share:.3f} [{max(0, low):.3f}, {min(1, high):.3f}] ({n})"


# fitting


def _fit(pairs: Sequence[Pair]) -> None:
    for same in (True, False):
        some = [pair for pair in pairs if pair.features.same_language is same]
        if not some:
            continue
        x = np.array([[1, f.cosine, f.words, f.numbers, f.names] for f in (pair.features for pair in some)])
        y = np.array([pair.right for pair in some], float)
        queries = sorted({pair.query.id for pair in some})
        fold = {query: i % 5 for i, query in enumerate(random.Random(13).sample(queries, len(queries)))}
        folds = np.array([fold[pair.query.id] for pair in some])
        out = np.zeros(len(some))
        for i in range(5):
            out[folds == i] = _probability(x[folds == i], _weights(x[folds != i], y[folds != i]))
        w = _weights(x, y)
        print(f"\n{'SAME' if same else 'ACROSS'} = Weights(bias={w[0]:.2f}, cosine={w[1]:.2f}, words={w[2]:.2f},"
              f" numbers={w[3]:.2f}, names={w[4]:.2f})  # {len(some)} pairs, {int(y.sum())} right")  # fmt: skip
        for name in sorted({pair.task for pair in some}):
            ours = [i for i, pair in enumerate(some) if pair.task == name]
            for what, score in (("out of fold", out), ("cosine alone", x[:, 1]), ("words alone", x[:, 2])):
                print(f"  {name:<16} {what:<13} best match right {_best(some, ours, score)}")


def _best(pairs: Sequence[Pair], rows: Sequence[int], score: NDArray[np.float64]) -> str:
    best: dict[str, int] = {}
    for i in rows:
        query = pairs[i].query.id
        if query not in best or score[i] > score[best[query]]:
            best[query] = i
    return wilson(sum(pairs[i].right for i in best.values()), len(best))


def _weights(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression with a small ridge, by Newton's method."""
    w = np.zeros(x.shape[1])
    ridge = np.diag([0.0] + [1.0] * (x.shape[1] - 1))
    for _ in range(50):
        p = _probability(x, w)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge, x.T @ (y - p) - ridge @ w)
        w += step
        if np.abs(step).max() < 1e-6:
            break
    return w


def _probability(x: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ w, -40, 40))))


if __name__ == "__main__":
    main()
