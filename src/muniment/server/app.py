"""Puts the doors together into one ASGI application; the order of what surrounds them is here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from muniment.api import Behind, make_api, scim_routes, tile_routes
from muniment.core.ids import IdMaker
from muniment.gateway import Gateway
from muniment.net import Fetcher
from muniment.registry import Mlflow
from muniment.server import health
from muniment.server.callers import Callers, Identifier
from muniment.server.corridor import make_gateway
from muniment.server.doctor import examine
from muniment.server.house import House
from muniment.server.identify import make_identifier
from muniment.server.metrics import Metrics, metrics_response, require_reader
from muniment.server.middleware import ErrorMapping, RequestId, Security, is_secure
from muniment.server.quick import Quick
from muniment.server.shell import make_shell
from muniment.server.traces import Traces
from muniment.web import FIRST, first_page, install, routes


class _Application(Starlette):
    """A Starlette whose surroundings are ours alone, the outermost built last."""

    house: House
    metrics: Metrics
    traces: Traces
    identifier: Identifier
    gateway: Gateway

    def build_middleware_stack(self) -> ASGIApp:
        settings = self.house.settings
        ids = IdMaker(self.house.clock)
        known = Callers(self.router, settings=settings, identifier=self.identifier)
        secured = Security(known, settings=settings)
        mapped = ErrorMapping(secured, ids=ids, secure=is_secure(settings))
        traced = self.traces.around(mapped)
        clock, metrics = self.house.clock, self.metrics
        long_way = RequestId(traced, ids=ids, clock=clock, metrics=metrics)
        edge = self.traces.around(ErrorMapping(self.gateway, ids=ids, secure=is_secure(settings)))
        return Quick(edge, long_way, settings=settings, ids=ids, clock=clock, metrics=metrics)


def make_app(house: House) -> Starlette:
    """Build the application; it starts the inside worker and stops it again."""
    metrics, traces, gateway = Metrics(), Traces(house.settings), make_gateway(house)
    routed = [*_routes(house, metrics), Mount("/v1", gateway)]
    app = _Application(routes=routed, lifespan=_lifespan(house, traces, gateway))
    app.house, app.metrics, app.traces, app.gateway = house, metrics, traces, gateway
    known = (house.keybook, house.reception, house.turned_away)
    app.identifier = make_identifier(house.database, *known)
    install(app, make_shell(house), house.log, house.reception)
    app.state.safe = house.safe
    app.state.registry = house.settings.registry
    app.state.courier = house.courier
    app.state.loaded = house.loaded
    app.state.examine = lambda: tuple(examine(house, whole=False))
    return app


def _routes(house: House, metrics: Metrics) -> list[Route | Mount]:
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

    async def front(_request: Request) -> Response:
        """Lead to the console."""
        return RedirectResponse(FIRST, 307)

    async def home(request: Request) -> Response:
        """Lead to the first page of the console that the reader may see."""
        return RedirectResponse(first_page(request), 307)

    return [
        Route("/", front),
        Route("/console", home),
        Route("/health", alive),
        Route("/ready", ready),
        Route("/version", version),
        Route("/metrics", scrape),
        Mount("/api", make_api(_behind(house))),
        *tile_routes(house.log, publish=house.settings.ledger.publish),
        *scim_routes(house.database),
        *routes(),
    ]


def _behind(house: House) -> Behind:
    settings = house.settings
    mlflow = Mlflow(settings.registry, Fetcher(settings, house.clock))
    given = (house.version, house.log, house.safe, house.courier)
    return Behind(*given, settings.registry, mlflow)


def _lifespan(house: House, traces: Traces, gateway: Gateway):  # type: ignore[no-untyped-def]  # noqa: ANN202 Starlette's own type
    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        if house.settings.jobs.inside:
            await to_thread.run_sync(house.runner.start)
        try:
            yield
        finally:
            grace = float(house.settings.server.grace_seconds)
            await gateway.close()
            await to_thread.run_sync(lambda: house.runner.stop(grace_seconds=grace))
            await to_thread.run_sync(traces.close)

    return running
