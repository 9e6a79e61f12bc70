"""The application of a process that carries calls of models: the doors load when one is opened.

API and console take a second and a third of the memory; a gateway that was declared in a file may
run for months and never be asked for either. Calls and probes are answered without them.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from anyio import to_thread
from starlette.routing import Router

from muniment.core.ids import IdMaker
from muniment.server.house import House
from muniment.server.life import Shared
from muniment.server.listen import Served
from muniment.server.middleware import (
    ErrorMapping,
    Receive,
    RequestId,
    Scope,
    Security,
    Send,
    is_secure,
)
from muniment.server.probes import PATHS, probes
from muniment.server.quick import Quick
from muniment.server.short import Short

_WORK_AFTER_SECONDS: Final = 0.75
"""Sealing and chores do not take the processor from the first call, which somebody waits for."""


class Lean:
    """Answers calls and probes at once, and everything else once the doors are loaded."""

    def __init__(self, house: House) -> None:
        self.shared = Shared(house, _WORK_AFTER_SECONDS)
        self.router = Router(probes(house, self.shared.metrics), lifespan=self.shared.running)
        self._loading = asyncio.Lock()
        self._doors: Served | None = None
        self._is_leaving = False
        self._quick = self._surrounded(house)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._quick(scope, receive, send)

    def leave(self) -> None:
        """Tell the doors, if any were opened, that this process is about to end."""
        self._is_leaving = True
        if self._doors is not None:
            self._doors.leave()

    @property
    def has_doors(self) -> bool:
        """Tell whether API and console were loaded."""
        return self._doors is not None

    def _surrounded(self, house: House) -> Quick:
        settings, clock, ids = house.settings, house.clock, IdMaker(house.clock)
        traces, metrics = self.shared.traces, self.shared.metrics
        secure = is_secure(settings)
        probed = ErrorMapping(Security(self.router, settings=settings), ids=ids, secure=secure)
        few = RequestId(traces.around(probed), ids=ids, clock=clock, metrics=metrics)

        async def long_way(scope: Scope, receive: Receive, send: Send) -> None:
            is_probe = scope["type"] == "http" and scope["path"] in PATHS
            await (few if is_probe else await self._opened())(scope, receive, send)

        mapped = ErrorMapping(self.shared.gateway, ids=ids, secure=secure)
        given: dict[str, Any] = {"settings": settings, "ids": ids, "clock": clock}
        given["metrics"] = metrics
        self.short = traces.without(Short(self.shared.gateway, mapped, **given))
        return Quick(traces.around(mapped), long_way, **given)

    async def _opened(self) -> Served:
        """Load the doors when somebody comes to one, once."""
        async with self._loading:
            if self._doors is None:
                self._doors = await to_thread.run_sync(_doors_of, self.shared)
                if self._is_leaving:
                    self._doors.leave()
        return self._doors


def _doors_of(shared: Shared) -> Served:
    from muniment.server.app import make_app  # noqa: PLC0415 it loads every door

    return make_app(shared.house, shared)
