"""The `factcheck` command. Progress and notes go to stderr, results to stdout or to the file named.

Exit codes: 0 done; 1 the run was recorded but no claim could be checked, or an internal error; 2 something given
cannot be used; 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from io import TextIOWrapper
from typing import Annotated

import typer

from factcheck import __version__
from factcheck.cli import assistants, checking, evaluation, extraction, serving
from factcheck.cli.claims import claims_app
from factcheck.cli.common import complain, load_settings
from factcheck.cli.corpus import corpus_app
from factcheck.cli.review import review_app
from factcheck.errors import FactcheckError
from factcheck.redact import guard_logs, redacted

app = typer.Typer(
    help="Check the claims of an article against a reference corpus you own, with every quote found in its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (checking.check, extraction.extract, checking.demo, checking.search, checking.batch):
    app.command()(_command)
app.command(name="eval")(evaluation.evaluation)
app.command(name="mcp")(assistants.mcp)
app.command()(serving.serve)
app.add_typer(corpus_app, name="corpus")
app.add_typer(claims_app, name="claims")
app.add_typer(review_app, name="review")


def main() -> None:
    """Runs the command and ends the process with its exit code."""
    logging.getLogger("factcheck").addHandler(logging.NullHandler())
    guard_logs()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what is piped or kept is UTF-8; a terminal shows what it can
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        code = app(standalone_mode=False)
        if code == 130:  # typer makes an exit code of an interrupt
            complain("Interrupted.")
    except FactcheckError as error:
        complain(str(error))
        code = error.exit_code
    except typer.Exit as leave:
        code = leave.exit_code
    except (KeyboardInterrupt, typer.Abort):
        complain("Interrupted.")
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except Exception as error:
        code = usage_or_internal(error)
    sys.exit(code if isinstance(code, int) else 0)


def usage_or_internal(error: Exception) -> int:
    """Tells what went wrong where no deliberate error says it, and returns the exit code: 2 or 1."""
    show = getattr(error, "show", None)
    if callable(show):  # a usage error of the command line itself
        show()
        return int(getattr(error, "exit_code", 2))
    if os.environ.get("FACTCHECK_DEBUG"):
        print(redacted("".join(traceback.format_exception(error))), end="", file=sys.stderr)
        return 1
    complain(
        f"An internal error stopped factcheck ({type(error).__name__}: {error}). What was finished is kept."
        " Run again with FACTCHECK_DEBUG=1 to see where, and please report it."
    )
    return 1


@app.command()
def doctor() -> None:
    """Show what is configured, what is missing and what to do about it."""
    from factcheck.doctor import examine

    healthy = True
    for finding in examine(load_settings()):
        healthy = healthy and finding.ok
        print(f"{'ok  ' if finding.ok else 'FIX '} {finding.subject}: {finding.sentence}")
    if not healthy:
        raise typer.Exit(1)


@app.command(name="app")
def run_app(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than this machine's own needs FACTCHECK_APP_TOKEN.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port.")] = 8501,
) -> None:
    """Start the Streamlit app, on this machine unless told otherwise."""
    import subprocess

    from factcheck.access import refuse_openness
    from factcheck.resources import app_path

    settings = load_settings()
    refuse_openness("app", host, "FACTCHECK_APP_TOKEN", guarded=settings.app_token is not None or settings.app_open)
    command = [sys.executable, "-m", "streamlit", "run", str(app_path()), f"--server.address={host}"]
    command += [f"--server.port={port}", "--browser.gatherUsageStats=false"]
    raise typer.Exit(subprocess.call(command))


def _version(value: bool) -> None:
    if value:
        print(f"factcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass
