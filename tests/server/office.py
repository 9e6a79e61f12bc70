"""A small office to ask: people of several roles, by JSON and by the pages they use."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette

from muniment.server import House
from tests.server.asking import Answer, app_of, ask, house_in
from tests.server.people import Somebody, found_admin, person_with

ACCESS = "/api/v1/access"
PAGES = "/console/access"
SETTINGS: dict[str, object] = {"access.second_factor_roles": ()}


@dataclass
class Office:
    """An installation with people in it, and ways to ask it."""

    house: House
    app: Starlette
    ada: Somebody
    known: dict[str, Somebody] = field(default_factory=dict)

    def who(self, role: str) -> Somebody:
        """Give somebody who holds a role over everything; the same one each time."""
        if role not in self.known:
            self.known[role] = person_with(self.house, role, name=f"{role} one".title())
        return self.known[role]

    def api(
        self,
        method: str,
        path: str,
        given: object = None,
        *,
        by: Somebody | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for JSON; without saying who, as the admin."""
        sent = b"" if given is None else json.dumps(given).encode()
        told = {"content-type": "application/json", **(by or self.ada).headers, **(headers or {})}
        return ask(self.app, ACCESS + path, method=method, headers=told, chunks=[sent])

    def page(self, path: str, by: Somebody | None = None) -> Answer:
        """Look at a page."""
        headers = {"accept": "text/html", **(by or self.ada).headers}
        return ask(self.app, PAGES + path, headers=headers)

    def send(self, path: str, by: Somebody | None = None, /, **typed: object) -> Answer:
        """Send a form."""
        headers = {
            "accept": "text/html",
            "content-type": "application/x-www-form-urlencoded",
            **(by or self.ada).headers,
        }
        body = urlencode({k.replace("__", "."): v for k, v in typed.items()}, doseq=True).encode()
        return ask(self.app, PAGES + path, method="POST", headers=headers, chunks=[body])

    def entries(self, kind: str) -> list[Mapping[str, object]]:
        """Seal, and give the entries of a kind."""
        self.house.log.seal()
        every = self.house.log.read_after(0, 10_000)
        return [dict(each.value) for each in every if each.value["kind"] == kind]


@contextmanager
def office_in(folder: Path) -> Iterator[Office]:
    """Open an office with its admin."""
    with house_in(folder / "data", **SETTINGS) as house:
        house.log.begin()
        yield Office(house, app_of(house), found_admin(house))


def words(answer: Answer) -> str:
    """Give what a reader sees of a page."""
    main = answer.body.decode().split("<main", 1)[-1].split("<dialog", 1)[0]
    main = re.sub(r'<div class="meaning".*?</div>', "", main, flags=re.DOTALL)  # opened on demand
    main = re.sub(r"<dfn><button[^>]*>(.*?)</button></dfn>", r"\1", main)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def place(answer: Answer) -> str:
    """Give where a form led, under the pages of access."""
    assert answer.status == 303, words(answer)
    return answer.headers["location"].removeprefix(PAGES)
