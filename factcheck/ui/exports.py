"""What leaves the desk as files: a claim or an article, made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple

import streamlit as st

from factcheck.review import ReviewedClaim, reviewed_report
from factcheck.store import StoredRun
from factcheck.ui.result import file_stem
from factcheck.ui.room import Room


class Format(NamedTuple):
    """A format that is offered."""

    name: str
    ending: str
    mime: str


FORMATS = (
    Format("JSON", "json", "application/json"),
    Format("Markdown", "md", "text/markdown"),
    Format("HTML", "html", "text/html"),
    Format("PDF", "pdf", "application/pdf"),
    Format("CSV", "csv", "text/csv"),
    Format("ClaimReview", "jsonld", "application/ld+json"),
)

PDF_NEEDS = ("fpdf", "pymupdf_fonts", "uharfbuzz")
"""What the extra `pdf` installs."""


def export_menu(here: Room, run: StoredRun, claim: ReviewedClaim | None = None) -> None:
    """The button that opens the formats, each a file to download; one that cannot be made says why.

    Args:
        here: the desk and its words.
        run: the article.
        claim: the claim; None for the whole article.
    """
    say = here.say
    with st.popover(say("work.export"), icon=":material/ios_share:"):
        if run.report is None:
            st.write(say("work.export.unfinished"))
            return
        stem = file_stem(run.document.title or run.title or "")
        files = st.container(key="formats")
        for kind in FORMATS:
            why = _why_not(here, kind.name, claim)
            files.download_button(
                kind.name,
                _maker(here, run, claim, kind.name),
                file_name=f"{stem}{f'-{claim.claim_id}' if claim else ''}.{kind.ending}",
                mime=kind.mime,
                key=f"export-{kind.ending}",
                help=why or say("work.export.as", kind=kind.name),
                disabled=bool(why),
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def _why_not(here: Room, name: str, claim: ReviewedClaim | None) -> str:
    """Why a format cannot be had now, or nothing."""
    if name == "PDF" and not all(map(find_spec, PDF_NEEDS)):
        return here.say("work.export.pdf")
    if name != "ClaimReview":
        return ""
    if not _has_site(here):
        return here.say("work.export.site")
    if claim is not None and claim.state not in ("reviewed", "published"):
        return here.say("work.export.claimreview")
    return ""


def _has_site(here: Room) -> bool:
    return bool(here.settings.site_name and here.settings.site_url)


def _maker(here: Room, run: StoredRun, claim: ReviewedClaim | None, name: str) -> Callable[[], bytes]:
    """Makes the file when somebody asks for it, of the claims as they are then."""
    claim_id = claim.claim_id if claim else None

    def make() -> bytes:
        return made(here, run.id, claim_id, name)

    return make


def made(here: Room, run_id: str, claim_id: str | None, name: str) -> bytes:
    """A file of an article or of one claim, as it is on the desk now.

    Raises:
        InputError: it cannot be made; the sentence says what to do.
    """
    from factcheck import publish

    reviewed, language = reviewed_report(here.desk, run_id), here.say.language
    if name == "ClaimReview":
        site = publish.Site.of(here.settings)
        return publish.claimreview_json(
            publish.to_claimreview(reviewed, claim_id, site=site, language=language)
        ).encode()
    if name == "HTML":
        markup = publish.Site.of(here.settings) if _has_site(here) else None
        return publish.to_html(reviewed, claim_id, language, site=markup).encode()
    makers: dict[str, Callable[..., str | bytes]] = {
        "JSON": publish.to_json, "Markdown": publish.to_markdown, "PDF": publish.to_pdf, "CSV": publish.to_csv,
    }  # fmt: skip
    made = makers[name](reviewed, claim_id, language)
    return made if isinstance(made, bytes) else made.encode()
