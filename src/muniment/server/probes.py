"""What machines ask a process: does it answer, is it ready, which version is it, how does it fare.

It needs neither the doors nor their framework, so a process that carries calls of models only can
answer without loading them.
"""

from __future__ import annotations

from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from muniment.server import health
from muniment.server.house import House
from muniment.server.metrics import Metrics, metrics_response, require_reader

PATHS: Final = frozenset({"/health", "/ready", "/version", "/metrics"})


def probes(house: House, metrics: Metrics) -> list[Route]:
    """Give the routes."""

    async def alive(_request: Request) -> Response:
        """Tell that the process answers."""
        return JSONResponse({"status": "ok", "version": house.version})

    async def ready(_request: Request) -> Response:
        """Tell whether everything it needs is met, check by check."""
        told = health.report(await to_thread.run_sync(health.checks, house))
        return JSONResponse(told, 200 if told["status"] == "ready" else 503)

    async def version(_request: Request) -> Response:
        """Tell which version and build answers."""
        return JSONResponse({"version": house.version, "build": house.build})

    async def scrape(request: Request) -> Response:
        """Give the metrics to Prometheus."""
        require_reader(request, house.settings)
        return await to_thread.run_sync(metrics_response, metrics, house.database)

    return [
        Route("/health", alive),
        Route("/ready", ready),
        Route("/version", version),
        Route("/metrics", scrape),
    ]
