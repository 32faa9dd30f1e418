"""The service through its own door, with every part real but the extractor, the judge and the embedder."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra factcheck[service]")

import anyio
import fakes_engine
from pydantic import SecretStr
from starlette.testclient import TestClient

from factcheck.errors import CorpusMissing, FetchError, SettingsError
from factcheck.service import create_app, problems, refuse_openness
from factcheck.service.core import Service
from factcheck.service.door import Door
from factcheck.service.logs import JsonLines, frames, run_mark
from factcheck.settings import Settings
from factcheck.types import LABELS, Report

ARTICLE = "Presiden mendarat. Bendungan penuh."
TOKEN = "0123456789abcdef-test-token"


class House:
    """A service whose judge waits at the gate of a desk, and a client at its door."""

    def __init__(self, home: Path, now: Callable[[], float] = time.monotonic, **changes: Any) -> None:
        self.desk = fakes_engine.Desk(home)
        self.settings = self.desk.settings.model_copy(update=changes)
        self.app = create_app(self.settings, build=self.desk.build, store=self.desk.store, now=now)
        self.client = TestClient(self.app, base_url="http://127.0.0.1")

    @property
    def service(self) -> Service:
        service: Service = self.app.state.service
        return service

    def __enter__(self) -> House:
        self.client.__enter__()
        until(lambda: self.service.state != "loading")
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.open_gate()
        self.client.__exit__()

    def hand_in(self, text: str = ARTICLE, **more: Any) -> str:
        answer = self.client.post("/v1/checks", json={"text": text, **more})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def state(self, run_id: str) -> dict[str, Any]:
        state: dict[str, Any] = self.client.get(f"/v1/checks/{run_id}").json()
        return state

    def ended(self, run_id: str, status: str = "done") -> dict[str, Any]:
        until(lambda: self.state(run_id)["status"] == status)
        return self.state(run_id)

    def checked(self, text: str = ARTICLE) -> str:
        self.desk.open_gate()
        run_id = self.hand_in(text)
        self.ended(run_id)
        return run_id


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.01)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


def refused(answer: Any, status: int, kind: str) -> str:
    """The sentence of a refusal, seen to be a problem of that kind."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    told = answer.json()
    assert told["type"] == f"urn:factcheck:problem:{kind}"
    assert (told["status"], told["title"]) == problems.TITLES[kind]
    assert told["instance"] == f"urn:factcheck:request:{answer.headers['x-request-id']}"
    assert told["detail"].endswith((".", ".)"))
    return str(told["detail"])


def events(text: str) -> list[tuple[str, dict[str, Any], str | None]]:
    """Name, data and id of each server-sent event."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


class TestChecks:
    def test_an_article_is_checked_and_its_report_is_the_contract(self, house: House) -> None:
        answer = house.client.post("/v1/checks", json={"text": ARTICLE, "title": "Kabar", "as_of": "2024-06-20"})
        assert answer.status_code == 202
        state = answer.json()
        assert answer.headers["location"] == state["links"]["self"] == f"/v1/checks/{state['id']}"
        assert (state["title"], state["as_of"], state["mode"]) == ("Kabar", "2024-06-20", "offline")
        house.desk.open_gate()
        ended = house.ended(state["id"])
        assert (ended["done"], ended["total"], ended["step"], ended["reason"]) == (2, 2, None, None)
        report = Report.model_validate(house.client.get(ended["links"]["report"]).json())
        assert [claim.text for claim in report.claims] == ["Presiden mendarat.", "Bendungan penuh."]
        assert report.run.id == state["id"] and report.claims[0].label in LABELS
        assert not {"service_token", "service_room"} & report.run.settings.keys()

    def test_finished_claims_are_told_before_the_end_and_only_new_ones_where_asked(self, house: House) -> None:
        run_id = house.hand_in()
        house.desk.gate.release()
        until(lambda: house.state(run_id)["done"] == 1)
        first = house.client.get(f"/v1/checks/{run_id}/claims").json()
        assert first["status"] == "running"
        assert [(c["position"], c["result"]["text"]) for c in first["claims"]] == [(0, "Presiden mendarat.")]
        told = refused(house.client.get(f"/v1/checks/{run_id}/report"), 409, "not-finished")
        assert "still going on" in told
        house.desk.open_gate()
        house.ended(run_id)
        rest = house.client.get(f"/v1/checks/{run_id}/claims", params={"after": first["claims"][0]["seq"]}).json()
        assert [c["position"] for c in rest["claims"]] == [1]

    def test_claims_are_checked_as_they_stand(self, house: House) -> None:
        house.desk.open_gate()
        wanted = [
            {"text": "Presiden mendarat. Di ibu kota.", "as_of": "2024-06-20", "speaker": "Istana", "language": "id"},
            {"text": "  Presiden mendarat. "},
        ]
        answer = house.client.post("/v1/checks", json={"claims": wanted, "as_of": "2024-07-01"})
        run_id = answer.json()["id"]
        house.ended(run_id)
        report = Report.model_validate(house.client.get(f"/v1/checks/{run_id}/report").json())
        assert [(c.text, c.as_of.isoformat(), c.as_of_source, c.speaker) for c in report.claims] == [
            ("Presiden mendarat. Di ibu kota.", "2024-06-20", "given", "Istana"),
            ("Presiden mendarat.", "2024-07-01", "given", None),
        ]
        assert report.article.as_of.isoformat() == "2024-07-01"
        assert report.article.text == "Presiden mendarat. Di ibu kota.\nPresiden mendarat."
        assert len({c.id for c in report.claims}) == 2

    def test_more_claims_than_are_checked_at_once_are_refused(self, tmp_path: Path) -> None:
        with House(tmp_path, max_claims=2) as house:
            answer = house.client.post("/v1/checks", json={"claims": [{"text": f"Klaim {n}."} for n in range(3)]})
            assert "at most 2" in refused(answer, 422, "not-usable")

    def test_a_file_is_checked_and_its_name_is_only_a_name(self, house: House) -> None:
        house.desk.open_gate()
        answer = house.client.post(
            "/v1/checks/file", files={"file": ("../../etc/kabar.md", b"# Kabar\n\nPresiden mendarat.")},
            data={"as_of": "2024-06-20"},
        )  # fmt: skip
        assert answer.status_code == 202
        state = house.ended(answer.json()["id"])
        assert (state["title"], state["as_of"]) == ("Kabar", "2024-06-20")
        answer = house.client.post("/v1/checks/file", files={"file": ("../../etc/kabar.exe", b"MZ")})
        assert refused(answer, 422, "not-readable").startswith("kabar.exe is of a kind")

    @pytest.mark.parametrize(
        ("body", "kind", "sentence"),
        [
            ({}, "not-usable", "exactly one of text, url and claims (there are none)"),
            ({"text": "a", "url": "b"}, "not-usable", "(there are text and url)"),
            ({"text": " \n "}, "not-readable", "at least one sentence"),
            ({"text": "a\ud800"}, "not-usable", "`text`: it holds half of a character"),
            ({"claims": [{"text": "Ya."}, {"text": " "}]}, "not-usable", "`claims[1]`: the claim is empty"),
            ({"claims": [{"text": "Ya.", "as_of": "June"}]}, "not-usable", "`claims[0].as_of`"),
            ({"text": "Ya.", "published": "2024-13"}, "not-usable", "not a date of the calendar"),
            ({"text": "Ya.", "mode": "llm"}, "not-usable", "no language model"),
            ({"text": "Ya.", "colour": "red"}, "not-usable", "`colour`: Extra inputs are not permitted"),
            ({"url": "http://127.0.0.1/secret"}, "not-fetched", "is not at a public address"),
            ({"url": "http://[::ffff:10.0.0.1]/"}, "not-fetched", "is not at a public address"),
            ({"url": "file:///etc/passwd"}, "not-fetched", "does not begin with http"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_used_is_refused_with_a_sentence(
        self, house: House, body: dict[str, Any], kind: str, sentence: str
    ) -> None:
        answer = house.client.post("/v1/checks", content=json.dumps(body), headers={"content-type": "application/json"})
        assert sentence in refused(answer, 422, kind)
        assert house.desk.store.recent() == ()

    def test_a_refusal_does_not_quote_what_was_sent(self, house: House) -> None:
        answer = house.client.post("/v1/checks", json={"text": 12345, "language": "rahasia", "title": "t" * 2000})
        told = json.dumps(answer.json())
        assert refused(answer, 422, "not-usable")
        assert "rahasia" not in told and "12345" not in told and "tttt" not in told

    @pytest.mark.parametrize(
        ("content", "kind"), [(b"{nope", "application/json"), (b'{"text": "Ya."}', "text/plain"), (b"", "")]
    )
    def test_a_body_that_is_no_json_is_refused(self, house: House, content: bytes, kind: str) -> None:
        headers = {"content-type": kind} if kind else {}
        refused(house.client.post("/v1/checks", content=content, headers=headers), 422, "not-usable")

    def test_an_unknown_check_and_an_unknown_address(self, house: House) -> None:
        for rest in ("", "/claims", "/events", "/report", "/export"):
            refused(house.client.get(f"/v1/checks/run-nobody{rest}"), 404, "no-such-thing")
        refused(house.client.post("/v1/checks/run-nobody/resume"), 404, "no-such-thing")
        refused(house.client.get("/v2"), 404, "no-such-thing")
        answer = house.client.delete("/v1/checks")
        refused(answer, 405, "method")
        assert answer.headers["allow"] == "POST"

    def test_a_fault_of_ours_is_told_without_its_words(self, house: House) -> None:
        house.service.desk.store = None  # type: ignore[assignment]
        answer = house.client.get("/v1/review/claims")
        assert "An error of ours" in refused(answer, 500, "internal")
        assert "AttributeError" not in answer.text and "NoneType" not in answer.text


class TestStream:
    def test_every_claim_once_in_order_then_the_end(self, house: House) -> None:
        run_id = house.hand_in()
        house.desk.open_gate()
        answer = house.client.get(f"/v1/checks/{run_id}/events")
        assert answer.headers["content-type"].startswith("text/event-stream")
        found = events(answer.text)
        claims = [(data["position"], key) for name, data, key in found if name == "claim"]
        assert [position for position, _ in claims] == [0, 1]
        assert found[-1][0] == "end" and found[-1][1]["status"] == "done"
        assert sum(name == "end" for name, _, _ in found) == 1
        again = house.client.get(f"/v1/checks/{run_id}/events", headers={"Last-Event-ID": str(claims[0][1])})
        assert [data["position"] for name, data, _ in events(again.text) if name == "claim"] == [1]

    def test_the_stream_of_a_failed_check_says_why(self, house: House) -> None:
        house.desk.failure = ZeroDivisionError("secret words")
        house.service.workshop.engines.clear()
        house.service._bases.clear()
        run_id = house.hand_in()
        name, data, _ = events(house.client.get(f"/v1/checks/{run_id}/events").text)[-1]
        assert (name, data["status"]) == ("end", "failed")
        assert "An error of ours" in data["reason"] and "secret" not in data["reason"]
        lines = house.client.get("/metrics").text.splitlines()
        assert 'factcheck_checks_total{status="failed"} 1.0' in lines

    def test_nobody_watches_after_the_end(self, house: House) -> None:
        house.checked()
        assert len(house.service.workshop.watchers) == 0 and house.service.streams == 0


class TestRoom:
    def test_a_full_queue_tells_to_wait_and_takes_in_what_it_took_in(self, tmp_path: Path) -> None:
        with House(tmp_path, service_room=2, service_threads=1) as house:
            taken = [house.hand_in()]
            until(lambda: house.service.workshop.load().running == 1)
            taken += [house.hand_in(), house.hand_in()]
            assert house.state(taken[2])["ahead"] == 1 and house.state(taken[2])["status"] == "waiting"
            answer = house.client.post("/v1/checks", json={"text": ARTICLE})
            assert "Nothing was taken in" in refused(answer, 503, "busy")
            assert int(answer.headers["retry-after"]) >= 1
            assert len(house.desk.store.recent()) == 3
            house.desk.open_gate()
            for run_id in taken:
                house.ended(run_id)
            assert house.client.post("/v1/checks", json={"text": ARTICLE}).status_code == 202

    def test_a_client_that_asks_too_often_is_told_for_how_long_to_wait(self, tmp_path: Path) -> None:
        clock = [0.0]
        with House(tmp_path, now=lambda: clock[0], service_requests=3) as house:
            left = [house.client.get("/v1/corpus").headers["ratelimit"] for _ in range(3)]
            assert left == ['"client";r=2;t=0', '"client";r=1;t=0', '"client";r=0;t=20']
            answer = house.client.get("/v1/corpus")
            refused(answer, 429, "too-many")
            assert answer.headers["retry-after"] == "20"
            assert answer.headers["ratelimit-policy"] == '"client";q=3;w=60'
            assert house.client.get("/healthz").status_code == 200, "who watches over it is not counted"
            clock[0] = 20.0
            assert house.client.get("/v1/corpus").status_code == 200
            refused(house.client.get("/v1/corpus"), 429, "too-many")

    def test_checks_have_an_allowance_of_their_own(self, tmp_path: Path) -> None:
        with House(tmp_path, now=lambda: 0.0, service_checks=1) as house:
            house.hand_in()
            answer = house.client.post("/v1/checks/file", files={"file": ("a.txt", b"Ya.")})
            assert "1 checks" in refused(answer, 429, "too-many")
            assert house.client.get("/v1/corpus").status_code == 200

    def test_a_body_too_large_is_refused_announced_or_not(self, tmp_path: Path) -> None:
        with House(tmp_path, service_max_bytes=10_000) as house:
            large = json.dumps({"text": "Ya. " * 5_000})
            answer = house.client.post("/v1/checks", content=large, headers={"content-type": "application/json"})
            assert "10,000 bytes" in refused(answer, 413, "too-large")
            pieces = (large[i : i + 1_000].encode() for i in range(0, len(large), 1_000))
            answer = house.client.post("/v1/checks", content=pieces, headers={"content-type": "application/json"})
            refused(answer, 413, "too-large")
            house.hand_in("Ya. " * 1_000)

    def test_a_body_that_does_not_arrive_is_not_waited_for(self, house: House) -> None:
        sent: list[dict[str, Any]] = []

        async def never() -> Any:
            await anyio.sleep(30)

        async def send(message: Any) -> None:
            sent.append(message)

        async def reads(scope: Any, receive: Any, send: Any) -> None:
            await receive()

        headers = [(b"host", b"127.0.0.1")]
        scope = {"type": "http", "method": "POST", "path": "/v1/checks", "headers": headers, "client": ("127.0.0.1", 1)}
        anyio.run(Door(reads, house.service, body_seconds=0.05), scope, never, send)
        assert sent[0]["status"] == 408 and b"did not arrive within 0.05 seconds" in sent[1]["body"]

    def test_an_article_longer_than_is_checked_is_refused(self, tmp_path: Path) -> None:
        with House(tmp_path, max_article_chars=1_000) as house:
            answer = house.client.post("/v1/checks", json={"text": "Ya. " * 300})
            assert "at most 1,000" in refused(answer, 422, "not-readable")


class TestWhoMayAsk:
    @pytest.fixture
    def house(self, tmp_path: Path) -> Iterator[House]:
        with House(tmp_path, service_token=SecretStr(TOKEN)) as house:
            yield house

    @pytest.mark.parametrize(
        "header",
        [None, "", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer \xff"],
    )
    def test_without_the_token_nothing_is_told(self, house: House, header: str | None) -> None:
        headers = {} if header is None else {"authorization": header.encode("latin-1")}
        for path in ("/v1/corpus", "/v1/search?q=a", "/openapi.json", "/metrics", "/v1/review/claims", "/nothing"):
            answer = house.client.get(path, headers=headers)
            refused(answer, 401, "token")
            assert answer.headers["www-authenticate"].startswith("Bearer")

    def test_with_the_token_everything_is(self, house: House) -> None:
        for scheme in ("Bearer", "bearer"):
            headers = {"authorization": f"{scheme} {TOKEN}", "host": "facts.example", "origin": "https://desk.example"}
            assert house.client.get("/v1/corpus", headers=headers).status_code == 200

    def test_health_needs_none(self, house: House) -> None:
        assert house.client.get("/healthz").json()["status"] == "ok"
        assert house.client.get("/readyz").json()["ready"] is True

    def test_another_site_cannot_use_a_service_without_a_token(self, tmp_path: Path) -> None:
        with House(tmp_path / "open") as house:
            for headers in ({"host": "evil.example"}, {"host": "127.0.0.1.evil.example:8600"}, {"host": "["}):
                refused(house.client.get("/v1/corpus", headers=headers), 403, "from-elsewhere")
            for origin in ("https://evil.example", "null", "http://["):
                answer = house.client.post("/v1/checks", json={"text": ARTICLE}, headers={"origin": origin})
                refused(answer, 403, "from-elsewhere")
            for host in ("127.0.0.1:8600", "localhost", "LOCALHOST:1", "[::1]:8600", "127.8.8.8"):
                assert house.client.get("/v1/corpus", headers={"host": host}).status_code == 200, host

    def test_without_a_token_only_this_machines_own_address_is_listened_on(self) -> None:
        for host in ("127.0.0.1", "localhost", "::1", "127.1.2.3"):
            refuse_openness(Settings(), host)
        for host in ("0.0.0.0", "::", "192.0.2.1", "facts.example", ""):
            with pytest.raises(SettingsError, match="FACTCHECK_SERVICE_TOKEN"):
                refuse_openness(Settings(), host)
            refuse_openness(Settings(service_token=SecretStr(TOKEN)), host)


class TestCorpus:
    def test_search_finds_passages_with_their_sources(self, house: House) -> None:
        answer = house.client.get("/v1/search", params={"q": "bendungan menampung air", "k": 2, "as_of": "2024-01-01"})
        found = answer.json()
        assert len(found["passages"]) == 2 and found["corpus_snapshot"]
        first = next(p for p in found["passages"] if p["document_id"] == "doc-b")
        assert first["timing"] == "later" and first["publisher"] == "Pusat Data Air"
        document = house.client.get(f"/v1/corpus/documents/{first['document_id']}").json()
        assert document["text"][first["start"] : first["end"]] == first["text"]

    @pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=a&k=0", "q=a&k=51", "q=a&as_of=June", "q=" + "a" * 2_001])
    def test_a_search_that_cannot_be_done_is_refused(self, house: House, query: str) -> None:
        refused(house.client.get(f"/v1/search?{query}"), 422, "not-usable")

    def test_the_corpus_and_an_unknown_document(self, house: House) -> None:
        assert house.client.get("/v1/corpus").json()["documents"] == len(fakes_engine.DOCUMENTS)
        refused(house.client.get("/v1/corpus/documents/none"), 404, "no-such-thing")


class TestReview:
    def claim(self, house: House, run_id: str) -> dict[str, Any]:
        row = house.client.get("/v1/review/claims", params={"run_id": run_id}).json()["rows"][0]
        claim: dict[str, Any] = house.client.get(f"/v1/review/claims/{run_id}/{row['claim_id']}").json()
        return claim

    def act(self, house: House, claim: dict[str, Any], action: str, **more: Any) -> Any:
        body = {"action": action, "who": "Sari", "version": claim["version"], **more}
        return house.client.post(f"/v1/review/claims/{claim['run_id']}/{claim['claim_id']}/actions", json=body)

    def test_a_claim_is_decided_signed_off_and_published(self, tmp_path: Path) -> None:
        site = {"site_name": "Cek Kota", "site_url": "https://cek.example/periksa"}
        with House(tmp_path, **site) as house:
            run_id = house.checked()
            claim = self.claim(house, run_id)
            claim = self.act(house, claim, "set_verdict", reason="Kata arsip.", change={"label": "refuted"}).json()
            assert (claim["label"], claim["state"], claim["decided_by"]) == ("refuted", "in_review", "Sari")
            told = refused(self.act(house, claim, "sign_off"), 422, "not-possible")
            assert "somebody else" in told
            claim = self.act(house, claim, "sign_off", who="Budi").json()
            claim = self.act(house, claim, "publish", who="Budi").json()
            assert claim["state"] == "published"
            answer = house.client.get(f"/v1/checks/{run_id}/export", params={"format": "claimreview"})
            assert answer.headers["content-type"] == "application/ld+json"
            (review,) = answer.json()
            assert review["@type"] == "ClaimReview" and review["author"]["name"] == "Cek Kota"
            log = house.client.get("/v1/review/log", params={"run_id": run_id, "limit": 2}).json()
            assert [event["action"] for event in log["events"]] == ["set_verdict", "sign_off"]
            rest = house.client.get("/v1/review/log", params={"since": log["next_since"]}).json()
            assert [event["action"] for event in rest["events"]] == ["publish"]

    def test_a_conflict_carries_the_claim_as_it_stands(self, house: House) -> None:
        claim = self.claim(house, house.checked())
        self.act(house, claim, "note", reason="Dilihat.", who="Budi")
        answer = self.act(house, claim, "drop", reason="Bukan klaim.")
        assert "Budi" in refused(answer, 409, "conflict")
        current = answer.json()["current"]
        assert current["version"] > claim["version"] and not current["dropped"]
        assert self.act(house, current, "drop", reason="Bukan klaim.").json()["dropped"] is True

    def test_evidence_and_a_claim_are_added_at_their_places(self, house: House) -> None:
        run_id = house.checked()
        claim = self.claim(house, run_id)
        added = {
            "text": "Arsip: presiden mendarat.",
            "quote": "presiden mendarat",
            "start": 7,
            "end": 24,
            "stance": "supports",
        }
        after = self.act(house, claim, "add_evidence", change={"added": added}).json()
        assert (after["added"][0]["n"], after["added"][0]["added_by"]) == (1, "Sari")
        wrong = {**added, "start": 6}
        refused(self.act(house, after, "add_evidence", change={"added": wrong}), 422, "not-possible")
        place = {"who": "Sari", "start": 0, "end": 8, "source_text": "Presiden"}
        answer = house.client.post(f"/v1/review/claims/{run_id}", json=place)
        assert answer.status_code == 201 and answer.json()["text"] == "Presiden"
        refused(house.client.post(f"/v1/review/claims/{run_id}", json={**place, "end": 9}), 422, "not-possible")
        refused(house.client.post("/v1/review/claims/run-nobody", json=place), 404, "no-such-thing")

    def test_a_claim_is_checked_again_by_the_machine_and_not_by_the_client(self, house: House) -> None:
        claim = self.claim(house, house.checked())
        where = f"/v1/review/claims/{claim['run_id']}/{claim['claim_id']}"
        after = house.client.post(f"{where}/recheck", json={"who": "Sari", "version": claim["version"]}).json()
        assert [event["action"] for event in after["events"]] == ["recheck"]
        assert after["machine"]["label"] == claim["machine"]["label"]
        answer = house.client.post(f"{where}/recheck", json={"who": "Budi", "version": claim["version"]})
        refused(answer, 409, "conflict")
        answer = self.act(house, after, "recheck", change={"result": claim["machine"]})
        refused(answer, 422, "not-usable")

    @pytest.mark.parametrize("action", ["recheck", "evidence_changed", "add_claim", "erase"])
    def test_what_is_not_a_clients_to_say_is_refused(self, house: House, action: str) -> None:
        claim = self.claim(house, house.checked())
        refused(self.act(house, claim, action), 422, "not-usable")

    def test_the_machine_bears_no_persons_name(self, house: House) -> None:
        claim = self.claim(house, house.checked())
        refused(self.act(house, claim, "accept", who="factcheck"), 422, "not-possible")

    def test_the_queue_is_filtered(self, house: House) -> None:
        run_id = house.checked()
        house.checked("Bendungan gagal. Gunung tenang.")
        page = house.client.get("/v1/review/claims", params={"label": ["not_checked", "conflicting"]}).json()
        assert [row["text"] for row in page["rows"]] == ["Bendungan gagal."]
        assert page["by_label"]["not_checked"] == 1 and sum(page["by_label"].values()) == 4
        page = house.client.get("/v1/review/claims", params={"run_id": run_id, "limit": 1, "offset": 1}).json()
        assert (len(page["rows"]), page["total"]) == (1, 2)
        articles = house.client.get("/v1/review/articles").json()["articles"]
        assert [row["claims"] for row in articles] == [2, 2]
        refused(house.client.get("/v1/review/claims", params={"state": "asleep"}), 422, "not-usable")

    def test_a_desk_that_is_switched_off(self, tmp_path: Path) -> None:
        with House(tmp_path, desk=False) as house:
            refused(house.client.get("/v1/review/claims"), 403, "switched-off")
            assert house.client.get("/v1/corpus").status_code == 200


class TestExport:
    @pytest.mark.parametrize(
        ("format", "media_type", "begins"),
        [
            ("json", "application/json", "{"),
            ("markdown", "text/markdown; charset=utf-8", "# "),
            ("html", "text/html; charset=utf-8", "<!doctype html>"),
            ("csv", "text/csv; charset=utf-8; header=present", "claim_id,"),
        ],
    )
    def test_every_format(self, house: House, format: str, media_type: str, begins: str) -> None:
        run_id = house.checked(f"Presiden mendarat. {fakes_engine.HOSTILE} tercatat.")
        answer = house.client.get(f"/v1/checks/{run_id}/export", params={"format": format, "language": "id"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert answer.text.startswith(begins) and "attachment" in answer.headers["content-disposition"]
        assert "<script>window" not in answer.text or format == "csv" or format == "json"
        if format == "html":
            assert "sandbox" in answer.headers["content-security-policy"]

    def test_one_claim_and_no_such_claim(self, house: House) -> None:
        run_id = house.checked()
        claim_id = house.client.get(f"/v1/checks/{run_id}/claims").json()["claims"][1]["result"]["id"]
        answer = house.client.get(f"/v1/checks/{run_id}/export", params={"claim": claim_id})
        assert [c["id"] for c in answer.json()["report"]["claims"]] == [claim_id]
        answer = house.client.get(f"/v1/checks/{run_id}/export", params={"claim": "claim-none"})
        refused(answer, 404, "no-such-thing")

    def test_a_claimreview_needs_a_site_and_a_signature(self, tmp_path: Path) -> None:
        with House(tmp_path / "a") as house:
            answer = house.client.get(f"/v1/checks/{house.checked()}/export", params={"format": "claimreview"})
            assert "FACTCHECK_SITE_NAME" in refused(answer, 501, "not-set-up")
        with House(tmp_path / "b", site_name="Cek", site_url="https://cek.example") as house:
            run_id = house.checked()
            assert house.client.get(f"/v1/checks/{run_id}/export?format=claimreview").json() == []

    def test_an_unfinished_check_is_not_exported(self, house: House) -> None:
        refused(house.client.get(f"/v1/checks/{house.hand_in()}/export"), 409, "not-finished")


class TestEnd:
    def test_what_waits_and_what_is_begun_is_handed_back_and_resumed_without_being_done_again(
        self, tmp_path: Path
    ) -> None:
        with House(tmp_path, service_threads=1) as house:
            begun, waiting = house.hand_in(f"{ARTICLE} Gunung tenang."), house.hand_in("Presiden tiba.")
            given = house.client.post("/v1/checks", json={"claims": [{"text": "Presiden tiba."}]}).json()["id"]
            house.desk.gate.release()
            until(lambda: house.state(begun)["done"] == 1)
            first = house.client.get(f"/v1/checks/{begun}/claims").json()["claims"][0]["result"]
            threading.Timer(0.3, house.desk.gate.release).start()  # the claim that it is at comes to its end
            assert house.service.workshop.close(0.1) == 3
            assert [house.state(run)["status"] for run in (begun, waiting, given)] == ["interrupted"] * 3
            refused(house.client.post("/v1/checks", json={"text": ARTICLE}), 503, "busy")
        with House(tmp_path) as house:
            house.desk.open_gate()
            for run_id, claims in ((begun, 3), (waiting, 1), (given, 1)):
                answer = house.client.post(f"/v1/checks/{run_id}/resume")
                assert answer.status_code == 202, answer.text
                assert house.ended(run_id)["done"] == claims
            report = Report.model_validate(house.client.get(f"/v1/checks/{begun}/report").json())
            assert report.claims[0].model_dump(mode="json") == first
            assert any("resumed" in note for note in report.run.notes)
            answer = house.client.post(f"/v1/checks/{begun}/resume")
            assert "nothing to resume" in refused(answer, 409, "finished")

    def test_readiness_says_that_it_drains(self, house: House) -> None:
        house.service.drain()
        answer = house.client.get("/readyz")
        assert (answer.status_code, answer.json()["draining"]) == (503, True)


class TestReadiness:
    def test_a_corpus_that_is_missing_is_told_without_its_place(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        house = House(tmp_path)
        house.desk.failure = CorpusMissing(f"There is no corpus at {tmp_path}/notes.")
        with caplog.at_level(logging.INFO, "factcheck.service"), house:
            answer = house.client.get("/readyz")
            assert (answer.status_code, answer.json()["engine"]) == (503, "unusable")
            answer = house.client.get("/v1/search?q=a")
            refused(answer, 503, "not-ready")
            assert str(tmp_path) not in answer.text and answer.headers["retry-after"]
            assert any("There is no corpus" in str(getattr(r, "fields", "")) for r in caplog.records)
            house.desk.failure = None
            house.service._tried = -1e9
            house.client.get("/v1/corpus")
            until(lambda: house.client.get("/readyz").status_code == 200)

    def test_figures_count_what_was_done(self, house: House) -> None:
        house.checked("Presiden mendarat. Bendungan gagal.")
        house.client.get("/v1/checks/run-nobody")
        lines = house.client.get("/metrics").text.splitlines()
        figures = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        assert figures['factcheck_checks_total{status="done"}'] == "1.0"
        assert figures['factcheck_claims_total{outcome="not_checked"}'] == "1.0"
        assert figures['factcheck_requests_total{method="POST",route="/v1/checks",status="202"}'] == "1.0"
        assert figures['factcheck_refused_total{problem="no-such-thing"}'] == "1.0"
        assert figures["factcheck_ready"] == "1.0"
        assert "run-" not in "\n".join(lines)


class TestLogs:
    def test_a_request_is_logged_without_what_it_holds(self, house: House, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO, "factcheck"):
            run_id = house.checked("Presiden mendarat rahasia.")
            house.client.get("/v1/search", params={"q": "kata rahasia"}, headers={"X-Request-ID": "job-7"})
        lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
        text = json.dumps(lines)
        assert run_id not in text and "rahasia" not in text
        search = next(line for line in lines if line.get("route") == "/v1/search")
        assert (search["request"], search["status"], search["event"]) == ("job-7", 200, "request")
        ended = next(line for line in lines if line["event"] == "check ended")
        assert (ended["run"], ended["status"]) == (run_mark(run_id), "done")

    def test_messages_of_others_and_of_exceptions_are_left_out(self) -> None:
        def record(name: str, message: str, *args: object) -> dict[str, Any]:
            made = logging.LogRecord(name, logging.ERROR, "/somewhere/else/file.py", 7, message, args, None)
            line: dict[str, Any] = json.loads(JsonLines().format(made))
            return line

        assert record("httpx", "HTTP Request: %s", "https://secret")["event"] == "HTTP Request: %s"
        assert "secret" not in json.dumps(record("httpx", "article: secret"))
        try:
            raise ValueError("secret words")
        except ValueError as error:
            made = logging.LogRecord(
                "factcheck.x", logging.ERROR, "f", 1, "it failed", (), (ValueError, error, error.__traceback__)
            )
            line = json.loads(JsonLines().format(made))
            assert line["error"] == "ValueError" and "secret" not in json.dumps(line)
            assert line["where"] == frames(error.__traceback__) and "test_messages_of_others" in line["where"][0]


class TestDescription:
    def test_every_address_is_described_with_examples(self, house: House) -> None:
        described = house.client.get("/openapi.json").json()
        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                assert operation["summary"] and operation["description"], (path, method)
                assert {"401", "422", "429", "503"} <= operation["responses"].keys(), (path, method)
                told = [a["content"] for status, a in operation["responses"].items() if status in ("401", "422", "429")]
                assert all(list(content) == ["application/problem+json"] for content in told), (path, method)
                assert all("ProblemAnswer" in str(content) for content in told)
                for parameter in operation.get("parameters", ()):
                    assert parameter.get("description"), (path, parameter["name"])
        assert not any("Validation" in name for name in described["components"]["schemas"])
        ids = [one["operationId"] for methods in described["paths"].values() for one in methods.values()]
        assert len(set(ids)) == len(ids)
        conflict = described["paths"]["/v1/review/claims/{run_id}/{claim_id}/actions"]["post"]["responses"]["409"]
        assert "ProblemAnswer" in str(conflict["content"]["application/problem+json"])
        claim = described["components"]["schemas"]["FinishedClaim"]["properties"]
        assert claim["position"]["description"].startswith("Its place among")
        post = described["paths"]["/v1/checks"]["post"]
        assert {"text", "url", "claims"} <= post["requestBody"]["content"]["application/json"]["examples"].keys()
        assert (
            "text/event-stream"
            in described["paths"]["/v1/checks/{run_id}/events"]["get"]["responses"]["200"]["content"]
        )

    def test_the_examples_fit(self, house: House) -> None:
        from factcheck.service import examples
        from factcheck.service.values import CheckRequest, CheckState, ReviewRequest

        for example in examples.CHECK_REQUESTS.values():
            CheckRequest.model_validate(example["value"])
        for example in examples.REVIEW_REQUESTS.values():
            ReviewRequest.model_validate(example["value"])
        CheckState.model_validate(examples.CHECK_STATE)


class TestSentences:
    @pytest.mark.parametrize(
        ("sentence", "told"),
        [
            ("The corpus at /home/sari/notes is empty.", "The corpus at notes is empty."),
            ("See https://example.org/a/b for more.", "See https://example.org/a/b for more."),
            (r"The file C:\Users\sari\notes.txt is damaged.", "The file notes.txt is damaged."),
            ("Take and/or leave.", "Take and/or leave."),
        ],
    )
    def test_places_of_this_machine_are_cut(self, sentence: str, told: str) -> None:
        assert problems.without_places(sentence) == told

    def test_an_address_of_the_network_inside_is_not_told(self) -> None:
        problem = problems.problem_of(FetchError("intra.example is at 10.1.2.3, which is not a public address, so no."))
        assert problem.detail == "intra.example is not at a public address, so no."
