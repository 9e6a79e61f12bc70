"""What Prometheus may read: counts and durations, labelled by route and state, never by person."""

from __future__ import annotations

import hmac
import ipaddress
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from muniment import jobs
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError, NotFoundError
from muniment.db import Database
from muniment.settings import Settings

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BOUNDS: Final = tuple(float(bound) for bound in Histogram.DEFAULT_BUCKETS)
_NAMED: Final = tuple(str(bound).replace("inf", "+Inf") for bound in _BOUNDS)
_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True)
class _Times:
    """How long answers of one kind took: their sum, and how many within each bound."""

    total: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * len(_BOUNDS))

    def so_far(self) -> list[tuple[str, float]]:
        """Give for each bound how many took that long or less."""
        told, many = list[tuple[str, float]](), 0
        for bound, within in zip(_NAMED, tuple(self.within), strict=True):
            many += within
            told.append((bound, many))
        return told


class Requests(Collector):
    """Counts requests in plain numbers, and gives them to whoever scrapes.

    A call of a model costs less than what a counter of the library does for it.
    """

    def __init__(self) -> None:
        self._times: dict[tuple[str, str, int], int] = {}
        self._took: dict[tuple[str, str], _Times] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one that was answered."""
        method = method if method in _METHODS else "other"  # a caller may invent them
        times, asked = self._times, (method, route, status)
        times[asked] = times.get(asked, 0) + 1
        took = self._took.get((method, route))
        if took is None:
            took = self._took[method, route] = _Times()
        took.total += seconds
        took.within[bisect_left(_BOUNDS, seconds)] += 1

    def collect(self) -> Iterator[Metric]:
        """Give what was counted."""
        labels = ("method", "route", "status")
        times = CounterMetricFamily("muniment_http_requests", "Requests answered.", labels=labels)
        for (method, route, status), many in tuple(self._times.items()):
            times.add_metric((method, route, str(status)), many)
        yield times
        name, says = "muniment_http_request_seconds", "Time to answer."
        took = HistogramMetricFamily(name, says, labels=labels[:2])
        for asked, each in tuple(self._took.items()):
            took.add_metric(asked, each.so_far(), each.total)
        yield took


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Requests()
        self.registry.register(self._requests)
        self.request = self._requests.count
        self._jobs = Gauge("muniment_jobs", "Jobs by state.", ("state",), registry=self.registry)
        self._stopped = Gauge(
            "muniment_follower_stopped", "1 if it stopped.", ("follower",), registry=self.registry
        )

    def write(self, database: Database) -> bytes:
        """Give everything in Prometheus' text form."""
        with database.look(system_actor("metrics")) as work:
            for state, count in jobs.counts(work).items():
                self._jobs.labels(state.value).set(count)
            for follower in jobs.followers(work):
                self._stopped.labels(follower.name).set(1 if follower.stopped else 0)
        return generate_latest(self.registry)


def require_reader(request: Request, settings: Settings) -> None:
    """Let in who shows the token; without one configured, only who calls from this machine."""
    if not settings.telemetry.metrics:
        raise NotFoundError("metrics are switched off", remedy="Set telemetry.metrics = true.")
    token = settings.telemetry.metrics_token.reveal()
    if token:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), token.encode())
        if scheme.lower() != "bearer" or not same:
            raise ForbiddenError("the token is not right", remedy="Send telemetry.metrics_token.")
    elif settings.server.behind_proxy or not _from_here(request):
        # Behind a proxy on this machine everybody seems to call from here.
        raise ForbiddenError(
            "metrics are answered to this machine only", remedy="Set telemetry.metrics_token."
        )


def metrics_response(metrics: Metrics, database: Database) -> Response:
    """Answer a scrape."""
    return Response(metrics.write(database), headers={"content-type": _CONTENT_TYPE})


def _from_here(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
