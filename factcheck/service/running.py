"""`factcheck serve`: the service as a process, from the first refusal to start to the last line of its log."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from factcheck import access
from factcheck.errors import InputError
from factcheck.service.application import create_app
from factcheck.service.core import Service
from factcheck.service.logs import set_up, tell
from factcheck.settings import Settings
from factcheck.workshop import BuildEngine

log = logging.getLogger("factcheck.service")

SWITCH_SECONDS = 0.0005
"""How soon a thread gives up Python's lock to one that waits for it. A search takes it anew some hundred times, and at
the usual 5 ms would wait that often for a check that reckons in Python."""
KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than proxies keep theirs, so that none asks one just closed."""
LAST_ANSWERS = 15
"""Seconds beyond the checks' grace that answers which are being sent have to end."""


def serve(settings: Settings, host: str, port: int, *, build: BuildEngine | None = None) -> None:
    """Runs the service until it is told to stop (SIGTERM or SIGINT), and ends it in an orderly way.

    Args:
        settings: its token and its limits among them.
        host: the address to listen on.
        port: the port; 0 takes a free one, which the log names.
        build: makes an engine of settings; unset, `factcheck.engine.build_engine`.

    Raises:
        SettingsError: the address can be reached from elsewhere and there is no token.
        InputError: the address cannot be listened on, or the store cannot be opened.
    """
    refuse_openness(settings, host)
    set_up()
    sys.setswitchinterval(SWITCH_SECONDS)
    listening = _listening(host, port)
    try:
        refuse_openness(settings, listening.getsockname()[0])  # whatever the name was made to mean
        app = create_app(settings, build=build, settled=_freeze)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=settings.service_proxies is not None,
            forwarded_allow_ips=settings.service_proxies,
            timeout_graceful_shutdown=int(settings.service_grace) + LAST_ANSWERS,
            timeout_keep_alive=KEEP_ALIVE,
            h11_max_incomplete_event_size=64 * 1024,
        )
        address = listening.getsockname()
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        tell(log, "listening", address=f"http://{shown}:{address[1]}", pid=os.getpid(), mode=settings.mode)
        _Server(config, app.state.service).run(sockets=[listening])
    finally:
        listening.close()
    tell(log, "stopped")


def _freeze() -> None:
    """Takes what the models are made of out of garbage collection: it stays, and to look through it takes .5 s."""
    gc.collect()
    gc.freeze()


def refuse_openness(settings: Settings, host: str) -> None:
    """Lets a service be reached from elsewhere only if it asks for a token.

    Raises:
        SettingsError: it would be open.
    """
    access.refuse_openness("service", host, "FACTCHECK_SERVICE_TOKEN", guarded=settings.service_token is not None)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
        except BaseException:
            made.close()
            raise
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"The service cannot listen on {host}, port {port} ({why}). Choose another --port.") from error
    made.set_inheritable(True)
    return made


class _Server(uvicorn.Server):
    """Uvicorn, less two habits: it dies of the signal that asked it to end, and drains only after the last answer."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes the two signals while the server runs; having ended in order, the process ends with code 0."""
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hands work back while answers and streams still run: the streams tell of it, and end by it."""
        threading.Thread(target=self._service.drain, name="drain", daemon=True).start()
        await super().shutdown(sockets)
