"""Puts the doors together into one ASGI application; the order of what surrounds them is here."""

from __future__ import annotations

from functools import cached_property

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from muniment.api import Behind, make_api, scim_routes, tile_routes
from muniment.core.ids import IdMaker
from muniment.gateway import Gateway
from muniment.net import Fetcher
from muniment.registry import Mlflow
from muniment.server.callers import Callers, Identifier
from muniment.server.doctor import examine
from muniment.server.house import House
from muniment.server.identify import make_identifier
from muniment.server.life import Shared
from muniment.server.metrics import Metrics
from muniment.server.middleware import ErrorMapping, RequestId, Security, is_secure
from muniment.server.probes import probes
from muniment.server.quick import Quick
from muniment.server.shell import make_shell
from muniment.server.short import Short
from muniment.server.traces import Traces
from muniment.web import FIRST, first_page, install, routes


class Application(Starlette):
    """A Starlette whose surroundings are ours alone, the outermost built last."""

    house: House
    metrics: Metrics
    traces: Traces
    identifier: Identifier
    gateway: Gateway

    def leave(self) -> None:
        """Let pages that live end their streams; their readers come again."""
        self.state.is_leaving = True

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

    @cached_property
    def short(self) -> Short | None:
        """Give what answers calls that come straight from a connection."""
        house, ids = self.house, IdMaker(self.house.clock)
        mapped = ErrorMapping(self.gateway, ids=ids, secure=is_secure(house.settings))
        short = Short(
            self.gateway,
            mapped,
            settings=house.settings,
            ids=ids,
            clock=house.clock,
            metrics=self.metrics,
        )
        return self.traces.without(short)


def make_app(house: House, shared: Shared | None = None) -> Application:
    """Build the application; it starts the inside worker and stops it again.

    What it has in common with another one that began before it is handed in.
    """
    shared = shared or Shared(house)
    metrics, traces, gateway = shared.metrics, shared.traces, shared.gateway
    routed = [*_routes(house, metrics), Mount("/v1", gateway)]
    app = Application(routes=routed, lifespan=shared.running)
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
    async def front(_request: Request) -> Response:
        """Lead to the console."""
        return RedirectResponse(FIRST, 307)

    async def home(request: Request) -> Response:
        """Lead to the first page of the console that the reader may see."""
        return RedirectResponse(first_page(request), 307)

    return [
        Route("/", front),
        Route("/console", home),
        *probes(house, metrics),
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
