"""Prometheus figures of one process, at /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector


class Metrics:
    """Counters and histograms of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._graphql = Histogram(
            "labelyard_graphql_seconds",
            "GraphQL requests by outcome code",
            ["code"],
            registry=self._registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self._rest = Counter(
            "labelyard_rest_requests", "REST requests by status", ["status"], registry=self._registry
        )

    def graphql(self, code: str, seconds: float) -> None:
        """Notes one GraphQL request."""
        self._graphql.labels(code).observe(seconds)

    def rest(self, status: int) -> None:
        """Notes one REST request."""
        self._rest.labels(str(status)).inc()

    def text(self) -> bytes:
        """Everything, in the exposition format."""
        return generate_latest(self._registry)
