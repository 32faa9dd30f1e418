"""What Prometheus reads: counts, times and sizes; no label has a client, a run or a text in it."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from factcheck import __version__
from factcheck.types import ClaimResult
from factcheck.workshop import Ended

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CHECK_SECONDS = (1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)


class Metrics:
    """The figures of one service, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.requests = Counter(
            "factcheck_requests", "Requests answered.", ("route", "method", "status"), registry=registry
        )
        self.seconds = Histogram(
            "factcheck_request_seconds",
            "Seconds from a request to the end of its answer; streams are not among them.",
            ("route",),
            buckets=_REQUEST_SECONDS,
            registry=registry,
        )
        self.refused = Counter(
            "factcheck_refused", "Requests refused, by kind of problem.", ("problem",), registry=registry
        )
        self.checks = Counter("factcheck_checks", "Checks that ended.", ("status",), registry=registry)
        self.check_seconds = Histogram(
            "factcheck_check_seconds",
            "Seconds of a finished check, waiting not counted.",
            buckets=_CHECK_SECONDS,
            registry=registry,
        )
        self.claims = Counter("factcheck_claims", "Claims that were judged.", ("outcome",), registry=registry)
        self.tokens = Counter("factcheck_tokens", "Tokens of the language model.", ("kind",), registry=registry)
        self.cost = Counter(
            "factcheck_cost_usd", "What the language model cost, where its price is set.", registry=registry
        )
        Gauge("factcheck_info", "What runs.", ("version",), registry=registry).labels(__version__).set(1)

    def gauge(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Adds a figure that is asked for when the metrics are read."""
        Gauge(name, what, registry=self.registry).set_function(value)

    def observe(self, seen: ClaimResult | Ended) -> None:
        """Counts what a workshop tells."""
        if isinstance(seen, Ended):
            self.checks.labels(seen.status).inc()
            if seen.status == "done":
                self.check_seconds.observe(seen.seconds)
            return
        self.claims.labels(seen.label or seen.status).inc()
        self.tokens.labels("prompt").inc(seen.usage.prompt_tokens)
        self.tokens.labels("completion").inc(seen.usage.completion_tokens)
        self.cost.inc(seen.usage.cost_usd or 0.0)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)
