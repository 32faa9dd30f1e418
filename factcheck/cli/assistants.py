"""The command for assistants: `mcp`."""

from __future__ import annotations

from factcheck.cli.common import CorpusOption, LiftOption, ModeChoice, ModeOption, complain, load_settings
from factcheck.errors import InputError


def mcp(corpus: CorpusOption = None, mode: ModeOption = ModeChoice.auto, lift_time_rule: LiftOption = False) -> None:
    """Let an assistant check claims and search the corpus: an MCP server on standard input and output."""
    from factcheck import engine

    settings = load_settings(corpus=corpus, mode=mode, lift_time_rule=lift_time_rule)
    try:
        from factcheck.mcp import serve
    except ModuleNotFoundError as error:
        if error.name not in ("mcp", "mcp_types"):
            raise
        raise InputError(
            "The MCP server needs the package mcp. Install it with: pip install 'factcheck[mcp]'"
        ) from error
    serve(lambda: engine.build_engine(settings, note=complain))
