"""Whose fact-checks they are, and where their pages stand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from factcheck.errors import SettingsError
from factcheck.types import Value, content_id

if TYPE_CHECKING:
    from factcheck.settings import Settings


class Site(Value):
    """The publisher of reviews; made by `Site.of` or `site_of`, which check it."""

    name: str
    url: str
    """http or https, without a slash at the end."""

    @classmethod
    def of(cls, settings: Settings) -> Site:
        """The publisher that the settings name (`site_of` says what may be wrong with it)."""
        return site_of(settings.site_name, settings.site_url)

    def page(self, run_id: str, claim_id: str) -> str:
        """The address of the page that a claim's review is published at.

        The run's id does not stand in it, since who has that may open the run.
        """
        return f"{self.url}/{page_name(run_id, claim_id)}"


def page_name(run_id: str, claim_id: str) -> str:
    """The last part of a claim page's address, the same for as long as the claim exists: `check-0123456789abcdef`."""
    return content_id("check", run_id, claim_id)


def site_of(name: str | None, url: str | None) -> Site:
    """The publisher, checked.

    Args:
        name: of the newsroom or the person.
        url: where the pages of the claims are put.

    Raises:
        SettingsError: one of them is missing, or the address is none that a reader could open.
    """
    said = " ".join((name or "").split())
    base = (url or "").strip().rstrip("/")
    if not said or not base:
        missing = "name (FACTCHECK_SITE_NAME)" if not said else "address (FACTCHECK_SITE_URL)"
        raise SettingsError(f"A ClaimReview names its author and the page it stands on. Set the site's {missing}.")
    try:
        parts = urlsplit(base)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable or parts.query or parts.fragment or any(c.isspace() or not c.isprintable() for c in base):
        raise SettingsError(
            f"The site's address {base!r} cannot be used. Set FACTCHECK_SITE_URL to one like https://example.org/checks."
        )
    return Site(name=said[:300], url=base)
