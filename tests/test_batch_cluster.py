"""A batch on a Dask cluster: the same rows, whatever happens to its workers."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fakes
import pytest
from fakes_batch import build_fake

from factcheck.batches import Plan, batch
from factcheck.batches.cluster import dask_crew, shared_settings
from factcheck.errors import CorpusMismatch, InputError
from factcheck.settings import Settings

distributed = pytest.importorskip("distributed", reason="dask is not installed: pip install 'factcheck[cluster]'")

pytestmark = [
    pytest.mark.slow,
    # Of Dask's own threads and sockets when a cluster ends.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"),
]
VARIES = ("seconds", "usage", "run_id")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cluster") / "notes"
    notes = [fakes.document(f"Putin signed {n} documents in Pyongyang. Kim watched him do it.") for n in range(6)]
    fakes.make_corpus(place, *notes).close()
    return place


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made


def _file(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "claims.jsonl"
    texts = [f"Putin signed {i % (count - 5)} documents in Pyongyang." for i in range(count)]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{name: value for name, value in row.items() if name not in VARIES} for row in rows]


@pytest.mark.parametrize("mode", ["offline", "llm"])
def test_the_same_rows_and_a_killed_worker_changes_nothing(
    tmp_path: Path, place: Path, cluster: Any, mode: str
) -> None:
    settings = Settings.load(corpus=place, llm_model="scripted" if mode == "llm" else None)
    engine = build_fake(settings)
    source, local, spread = _file(tmp_path, 200), tmp_path / "local.jsonl", tmp_path / "spread.jsonl"
    batch(source, local, settings, engine=engine)

    def kill_one() -> None:
        part = tmp_path / "spread.jsonl.part"
        until = time.monotonic() + 120
        while time.monotonic() < until and not (part.exists() and part.stat().st_size):
            time.sleep(0.02)
        with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    tally = batch(
        source, spread, settings, engine=engine,
        crew=lambda engine, run_id: dask_crew(engine, run_id, cluster.scheduler_address, build_fake),
    )  # fmt: skip
    killer.join()
    assert tally[:3] == (200, 200, 0)
    assert _rows(spread) == _rows(local)
    engine.corpus.close()
    cluster.scale(2)


def test_a_worker_with_another_corpus_is_refused(tmp_path: Path, cluster: Any) -> None:
    fakes.make_corpus(tmp_path / "mine", fakes.document("One.")).close()
    settings = Settings.load(corpus=tmp_path / "mine")
    engine = build_fake(settings)
    fakes.make_corpus(tmp_path / "theirs", fakes.document("Another.")).close()
    other = engine.__class__(**{**vars(engine), "settings": Settings.load(corpus=tmp_path / "theirs")})
    with pytest.raises(CorpusMismatch, match="corpus has the content"):
        dask_crew(other, "run", cluster.scheduler_address, build_fake)
    engine.corpus.close()


def test_no_key_travels(tmp_path: Path) -> None:
    settings = Settings.load(
        llm_api_key="sk-secret", llm_model="m", home=tmp_path, service_token="another-secret-of-24-letters"
    )
    told = dict(shared_settings(settings))
    assert "sk-secret" not in repr(told) and "another-secret" not in repr(told)
    assert not {"llm_api_key", "service_token", "home", "threads"} & told.keys()
    assert told["llm_model"] == "m"


def test_what_is_missing_is_a_sentence(tmp_path: Path, place: Path) -> None:
    settings = Settings.load(corpus=place)
    engine = build_fake(settings)
    source = _file(tmp_path, 10)
    for address, words in ((None, "--address"), ("tcp://127.0.0.1:9", "no Dask scheduler")):
        with pytest.raises(InputError, match=words):
            batch(
                source, tmp_path / "out.jsonl", settings, engine=engine, plan=Plan(engine="dask", address=address)
            )  # fmt: skip
    assert not list(tmp_path.glob("out.jsonl*"))
    engine.corpus.close()
