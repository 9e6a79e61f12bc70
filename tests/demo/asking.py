"""A demonstration that was built once, and ways to look at it as its reader does."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from muniment import access
from muniment.access import Method, SignIn
from muniment.core.actor import Actor, system_actor
from muniment.db import Work
from muniment.demo import SMALL, build, opened, room_for
from muniment.ledger import Entry
from muniment.main import open_house
from muniment.server import House
from muniment.server.app import make_app
from tests.web.asking import Asking

READER = "ines@brightwater-demo.example"
MACHINE = system_actor("demo test")


@dataclass
class Shown:
    """A demonstration, open, and the one who looks at it."""

    folder: Path
    house: House
    app: Starlette
    secret: str
    actor: Actor
    read: list[Entry] = field(default_factory=list)

    def page(self, path: str, secret: str | None = None) -> httpx.Response:
        """Look at a page."""
        shown = {"cookie": f"muniment={self.secret if secret is None else secret}"}
        return Asking(self.app).get(
            path, headers={"accept": "text/html", "host": "localhost", **shown}
        )

    def send(self, path: str, typed: dict[str, str]) -> httpx.Response:
        """Send a form as a stranger."""

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost"
            ) as client:
                return await client.post(path, data=typed, headers=headers)

        return asyncio.run(sent())

    @contextmanager
    def looking(self) -> Iterator[Work]:
        """Look into the database as its reader."""
        with self.house.database.look(self.actor) as work:
            yield work

    def entries(self) -> list[Entry]:
        """Read the whole log, once."""
        while not self.read or len(self.read) % 500 == 0:
            more = self.house.log.read_after(len(self.read), 500)
            if not more:
                break
            self.read += more
        return self.read

    def kinds(self) -> set[str]:
        """Name the kinds that were recorded."""
        return {each.kind for each in self.entries()}


def words(answer: httpx.Response) -> str:
    """Give what a reader sees of a page."""
    main = answer.text.split("<main", 1)[-1].split("<dialog", 1)[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def built_in(folder: Path) -> None:
    """Build a small demonstration in its place."""
    with room_for(folder) as (beside, _):
        build(beside, open_house, scale=SMALL)


@contextmanager
def shown_in(folder: Path, **more: Any) -> Iterator[Shown]:
    """Open a demonstration as its reader, signed in."""
    with opened(folder, open_house, role="serve", more=more) as house:
        with house.database.work(MACHINE) as work:
            person = access.person_by_address(work, READER)
            assert person is not None
            how = SignIn(person.id, (Method.LINK,), strong=True)
            session, secret = access.begin_session(
                work, how, "127.0.0.1", "a test", settings=house.settings
            )
        yield Shown(folder, house, make_app(house), secret, access.actor_of(session))
