"""An installation whose notices are asked over the API."""

from __future__ import annotations

import json
from typing import Any

from starlette.applications import Starlette

from muniment.jobs.follow import step
from muniment.server import House
from muniment.server.app import make_app
from tests.server.asking import Answer, ask
from tests.server.people import Somebody, found_admin, person_with

BASE = "/api/v1/notices"


class Room:
    """An installation whose security hears of an emergency."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.app: Starlette = make_app(house)
        found_admin(house)
        self.sec = person_with(house, "security", name="Sec Urity")
        self.ada = person_with(house, "builder", name="Ada Builder")

    def asked(self, who: Somebody, path: str, method: str = "GET", **given: Any) -> Answer:
        """Ask as somebody."""
        headers = {**who.headers, "content-type": "application/json"}
        if "version" in given:
            headers["if-match"] = f'"{given.pop("version")}"'
        body = json.dumps(given).encode() if given else b""
        if method != "GET" and not given:
            body = b"{}"
        return ask(self.app, BASE + path, method=method, headers=headers, chunks=[body])

    def tell(self) -> None:
        """Read the ledger."""
        self.house.log.seal()
        for follower in self.house.runner.followers:
            while step(self.house.database, follower, self.house.log.read_after):
                pass
