"""The doors put together."""

from __future__ import annotations

import asyncio

import pytest

from muniment import __version__
from muniment.server import House
from muniment.server.start import build_digest
from tests.server.asking import Known, app_of, ask


@pytest.mark.parametrize("path", ["/", "/console"])
def test_the_front_leads_to_the_first_page(house: House, path: str) -> None:
    """Whoever types the bare address arrives at a page that exists."""
    app = Known(house)
    sent = ask(app, path)
    while sent.status == 307:
        page = ask(app, sent.headers["location"], headers={"accept": "text/html"})
        sent = page
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")


def test_says_its_version(house: House) -> None:
    """The running version and the exact build are told."""
    answer = ask(app_of(house), "/version")
    assert answer.json == {"version": __version__, "build": build_digest()}
    assert ask(app_of(house), "/health").json == {"status": "ok", "version": __version__}


def test_its_life_is_the_worker_s(house: House) -> None:
    """While the application lives its worker does; both end together."""
    app = app_of(house)

    async def live() -> bool:
        async with app.router.lifespan_context(app):
            return house.runner.alive()

    assert asyncio.run(live())
    assert not house.runner.alive()
