"""What Prometheus may read: counts and durations, labelled by route and state, never by person."""

from __future__ import annotations

import hmac
import ipaddress
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from muniment import jobs
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError, NotFoundError
from muniment.db import Database
from muniment.settings import Settings

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "muniment_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._seconds = Histogram(
            "muniment_http_request_seconds",
            "Time to answer.",
            ("method", "route"),
            registry=self.registry,
        )
        self._jobs = Gauge("muniment_jobs", "Jobs by state.", ("state",), registry=self.registry)
        self._stopped = Gauge(
            "muniment_follower_stopped", "1 if it stopped.", ("follower",), registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        method = method if method in _METHODS else "other"  # a caller may invent them
        asked = (method, route, status)
        known = self._known.get(asked)
        if known is None:
            times, took = self._requests, self._seconds
            known = times.labels(method, route, str(status)), took.labels(method, route)
            self._known[asked] = known
        known[0].inc()
        known[1].observe(seconds)

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
