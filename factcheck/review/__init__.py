"""The work of reviewers: an append-only log of what they did, and the claims as they stand after it."""
