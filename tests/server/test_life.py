"""The life of an application."""

from __future__ import annotations

import asyncio

from muniment.server import House
from tests.server.asking import app_of


def test_its_life_is_the_worker_s(house: House) -> None:
    """While the application lives its worker does; both end together."""
    app = app_of(house)

    async def live() -> bool:
        async with app.router.lifespan_context(app):
            return house.runner.alive()

    assert asyncio.run(live())
    assert not house.runner.alive()
