"""Taking secrets out of sentences that others wrote: servers and libraries quote what they were sent.

No sentence of ours names a secret. A server that refuses a key may repeat it, and so may a proxy, Chroma or an
exception, and such words end up in reasons, reports, stores and logs. So every one of them passes here first.
"""

from __future__ import annotations

import base64
import logging
import os
import re
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from factcheck.settings import Settings

MASK = "***"
_SHORTEST = 8
"""Characters from which a value of the environment is taken for a secret; what is shorter may be a common word."""
_SHORTEST_OWN = 4
"""The same for a setting that is a secret whatever it looks like, and for a password in an address."""
_NAMED = re.compile(r"(?:API_?KEY|ACCESS_?KEY|TOKEN|SECRET|PASSW(?:OR)?D|CREDENTIALS?)$", re.IGNORECASE)
_LOGIN = re.compile(r"(?<=://)[^/?#\s@]+@")


def redacted(text: str, settings: Settings | None = None) -> str:
    """A text without any secret of the settings or of the environment, as it is, URL-encoded or in base64.

    A secret is a setting that is kept as one, the password of an address, and a variable of the environment whose name
    ends as secrets' names do (`..._API_KEY`, `..._TOKEN`, `..._CREDENTIALS`). Of any address in the text the user name
    and the password go too.
    """
    text = _LOGIN.sub("", text)
    for secret in sorted({*_of_settings(settings), *_of_environment()}, key=len, reverse=True):
        for spelling in _spellings(secret):
            text = text.replace(spelling, MASK)
    return text


def trace_of(error: BaseException, settings: Settings | None = None) -> BaseException:
    """An exception as a log may have it: itself, or one of its name and place whose words hold no secret."""
    told = "".join(traceback.format_exception(error))
    if redacted(told, settings) == told:
        return error
    kind = type(type(error).__name__, (Exception,), {"__module__": type(error).__module__})
    stand_in: BaseException = kind(redacted(str(error), settings))
    return stand_in.with_traceback(error.__traceback__)


def guard_logs() -> None:
    """Has every record that this process logs, ours or a package's, made without the secrets of its environment.

    For processes that are ours (command line, app, service); a library leaves its host's logging alone.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "guards", False):
        return

    def guarded(*given: Any, **more: Any) -> logging.LogRecord:
        record = make(*given, **more)
        try:
            said = record.getMessage()
        except Exception:  # the arguments do not fit; whoever writes the record says so
            return record
        if redacted(said) != said:
            record.msg, record.args = redacted(said), ()
        if record.exc_info and record.exc_info[1] is not None:
            told = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
            if redacted(told) != told:
                record.exc_text = redacted(told)  # formatters take it as it is
        return record

    guarded.guards = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(guarded)


def _of_settings(settings: Settings | None) -> Iterator[str]:
    for name in type(settings).model_fields if settings is not None else ():
        value = getattr(settings, name)
        if isinstance(value, str):
            yield from _passwords(value)
        elif hasattr(value, "get_secret_value") and len(value.get_secret_value()) >= _SHORTEST_OWN:
            yield str(value.get_secret_value())


def _of_environment() -> Iterator[str]:
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST and _NAMED.search(name):
            yield value
        elif "://" in value:
            yield from _passwords(value)


def _passwords(address: str) -> Iterator[str]:
    for login in _LOGIN.findall(address):
        password = unquote(login[:-1].partition(":")[2])
        if len(password) >= _SHORTEST_OWN:
            yield password


def _spellings(secret: str) -> tuple[str, ...]:
    packed = base64.b64encode(secret.encode("utf-8", "surrogateescape")).decode().rstrip("=")
    return tuple(dict.fromkeys((secret, quote(secret, safe="", errors="surrogateescape"), packed)))
