"""The life of an application: its worker lives as long as it does, and what waits is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from anyio import to_thread

from muniment.gateway import Gateway
from muniment.server.corridor import make_gateway
from muniment.server.house import House
from muniment.server.metrics import Metrics
from muniment.server.traces import Traces


@dataclass(slots=True)
class Shared:
    """What every application of one process has in common."""

    house: House
    work_after_seconds: float = 0.0
    metrics: Metrics = field(default_factory=Metrics)
    traces: Traces = field(init=False)
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        """Make what the house decides."""
        self.traces = Traces(self.house.settings)
        self.gateway = make_gateway(self.house)

    @asynccontextmanager
    async def running(self, _app: object) -> AsyncIterator[None]:
        """Start the inside worker, and stop it again with all the rest."""
        house = self.house
        if house.settings.jobs.inside:
            after = self.work_after_seconds
            await to_thread.run_sync(lambda: house.runner.start(after_seconds=after))
        try:
            yield
        finally:
            grace = float(house.settings.server.grace_seconds)
            await self.gateway.close()
            await to_thread.run_sync(lambda: house.runner.stop(grace_seconds=grace))
            await to_thread.run_sync(self.traces.close)
