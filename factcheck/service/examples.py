"""The examples of the service's description."""

from __future__ import annotations

from typing import Any

RUN_ID = "run-3fJ0m1nV9b2Qx7cZkW5tYA"
CLAIM_ID = "claim-9f2b6c1d0e4a7788"

CHECK_REQUESTS: dict[str, Any] = {
    "text": {
        "summary": "An article as text",
        "value": {
            "text": "Vladimir Putin tiba di Pyongyang pada 19 Juni 2024. Kunjungan itu yang pertama dalam 24 tahun.",
            "title": "Putin tiba di Pyongyang",
            "published": "2024-06-19",
        },
    },
    "url": {
        "summary": "The address of an article",
        "value": {"url": "https://example.org/news", "as_of": "2024-06-19"},
    },
    "claims": {
        "summary": "Claims as they stand",
        "value": {
            "claims": [
                {"text": "Putin arrived in Pyongyang on 19 June 2024.", "as_of": "2024-06-20"},
                {"text": "Kereta cepat Jakarta–Bandung diresmikan pada 2 Oktober 2023.", "language": "id"},
            ]
        },
    },
}

_LINKS = {
    name: f"/v1/checks/{RUN_ID}{rest}"
    for name, rest in (
        ("self", ""),
        ("events", "/events"),
        ("claims", "/claims"),
        ("report", "/report"),
        ("export", "/export"),
    )
} | {"review": f"/v1/review/claims?run_id={RUN_ID}"}

CHECK_STATE: dict[str, Any] = {
    "id": RUN_ID,
    "status": "running",
    "step": "checking",
    "ahead": None,
    "done": 3,
    "total": 12,
    "created": "2026-11-23T10:00:00+00:00",
    "title": "Putin tiba di Pyongyang",
    "mode": "offline",
    "as_of": None,
    "reason": None,
    "links": _LINKS,
}

EVENTS = (
    'event: progress\ndata: {"status": "running", "step": "checking", "done": 1, "total": 12, ...}\n\n'
    'id: 41\nevent: claim\ndata: {"seq": 41, "position": 0, "result": {...}}\n\n'
    'event: end\ndata: {"status": "done", ...}\n\n'
)

REVIEW_REQUESTS: dict[str, Any] = {
    "accept": {"summary": "Accept the machine's verdict", "value": {"action": "accept", "who": "Sari", "version": 0}},
    "set_verdict": {
        "summary": "Set another verdict",
        "value": {
            "action": "set_verdict",
            "who": "Sari",
            "version": 0,
            "reason": "The ministry's own table has another figure.",
            "change": {"label": "refuted"},
        },
    },
    "sign_off": {"summary": "Sign off", "value": {"action": "sign_off", "who": "Budi", "version": 17}},
}


def problem(kind: str, title: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A problem as it is answered."""
    return {
        "type": f"urn:factcheck:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": "urn:factcheck:request:5f1c0a9be2d34c77",
        **more,
    }
