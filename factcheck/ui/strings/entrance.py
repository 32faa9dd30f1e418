"""What the entrance says."""

from __future__ import annotations

from collections.abc import Mapping

# key: (English, Indonesian)
TEXTS: Mapping[str, tuple[str, str]] = {
    "entrance.title": ("This app asks for a token", "Aplikasi ini meminta token"),
    "entrance.token": ("Token", "Token"),
    "entrance.open": ("Open", "Buka"),
    "entrance.wrong": ("That is not the token.", "Token itu salah."),
    "entrance.bound": (
        "This app listens on an address that others can reach, and asks them for nothing. Set FACTCHECK_APP_TOKEN"
        " and start it again, or start it with factcheck app, which listens on this machine alone.",
        "Aplikasi ini dapat dijangkau dari luar tanpa token. Atur FACTCHECK_APP_TOKEN lalu mulai lagi, atau mulai"
        " dengan factcheck app, yang hanya melayani komputer ini.",
    ),
    "entrance.named": (
        "Without a token this app opens only under the name of this machine, 127.0.0.1 or localhost. Behind a proxy,"
        " set FACTCHECK_APP_TOKEN; or FACTCHECK_APP_OPEN=true where the proxy asks who somebody is.",
        "Tanpa token aplikasi ini hanya terbuka dengan nama komputer ini, 127.0.0.1 atau localhost. Di balik proksi,"
        " atur FACTCHECK_APP_TOKEN; atau FACTCHECK_APP_OPEN=true bila proksi itu sudah memeriksa siapa yang masuk.",
    ),
}
