"""Claims that others have checked, read from their ClaimReview markup (schema.org) or Google's Fact Check Tools API."""

from factcheck.claimreview.load import BadReview, load_reviews
from factcheck.claimreview.ratings import label_of
from factcheck.claimreview.review import Review

__all__ = ["BadReview", "Review", "label_of", "load_reviews"]
