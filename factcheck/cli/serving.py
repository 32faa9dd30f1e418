"""`factcheck serve`: the service for programs."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from factcheck.cli.common import CorpusOption, ModeChoice, ModeOption, load_settings
from factcheck.errors import SettingsError


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than this machine's own needs FACTCHECK_SERVICE_TOKEN.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one, named in the log.")] = 8600,
    corpus: CorpusOption = None,
    mode: ModeOption = ModeChoice.auto,
) -> None:
    """Start the HTTP service: checks, search, review and export for programs."""
    settings = load_settings(corpus=corpus, mode=mode)
    missing = [name for name in ("fastapi", "uvicorn", "prometheus_client", "multipart") if find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"The service needs packages that are not installed ({', '.join(missing)}):"
            " pip install 'factcheck[service]'."
        )
    from factcheck.service import serve as run

    run(settings, host, port)
