"""Who may reach what this package serves: this machine alone, unless a token is asked for."""

from __future__ import annotations

import ipaddress

from factcheck.errors import SettingsError


def is_loopback_name(host: str | None) -> bool:
    """Whether a host name or address means this machine, whatever a resolver says."""
    if host is None:
        return False
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_openness(what: str, host: str, variable: str, *, guarded: bool) -> None:
    """Lets something be reached from elsewhere only if it asks for a token.

    Args:
        what: what would listen, as the sentence calls it.
        host: the address to listen on.
        variable: the setting that is its token.
        guarded: whether that is set.

    Raises:
        SettingsError: it would be open.
    """
    if not guarded and not is_loopback_name(host):
        raise SettingsError(
            f"Without a token the {what} listens on this machine's own address only, not on {host}. Set"
            f" {variable} (`openssl rand -hex 24` makes one), or leave --host out."
        )
