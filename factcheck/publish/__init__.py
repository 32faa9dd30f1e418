"""What leaves the desk: reviewed claims and articles in formats for people and for other fact-checkers.

All take a `ReviewedReport` and one claim's id, or None for the article. The person's verdict and reason stand beside
the machine's in each of them; reviewers' notes do not leave the house unless that is asked for.
"""

from factcheck.publish.claimreview import claimreview_json, signed_off, to_claimreview
from factcheck.publish.contract import schema, to_json
from factcheck.publish.markdown import to_markdown
from factcheck.publish.page import to_html
from factcheck.publish.pdf import to_pdf
from factcheck.publish.site import Site, page_name, site_of
from factcheck.publish.table import to_csv
from factcheck.publish.words import LANGUAGES, Language

__all__ = [
    "LANGUAGES",
    "Language",
    "Site",
    "claimreview_json",
    "page_name",
    "schema",
    "signed_off",
    "site_of",
    "to_claimreview",
    "to_csv",
    "to_html",
    "to_json",
    "to_markdown",
    "to_pdf",
]
