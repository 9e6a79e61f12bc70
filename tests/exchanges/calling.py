"""An installation with calls in it, asked by JSON and by its pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from msgspec.structs import replace

from muniment.core.actor import Actor, ActorKind
from muniment.exchanges import Intent, Outcome, Refusal
from muniment.exchanges.service.calls import _concluded, _intended, _refused
from muniment.ledger import record
from muniment.server import House
from muniment.vault import Digester
from tests.exchanges.making import catch_up, intent, outcome
from tests.server.asking import Answer, ask
from tests.server.people import Somebody, found_admin, person_with
from tests.server.registered import Registered, registered_in

TEXT = b"Please refund 40 EUR to Mary."
SUBJECT = "sub_0a1b2c3d4e5f6a7b8c9d"


class Calling:
    """The installation, and ways to let calls pass and to ask about them."""

    def __init__(self, there: Registered) -> None:
        self.there = there
        self.house: House = there.house
        self.people: dict[str, Somebody] = {}
        found_admin(self.house)
        self.caller = Actor(ActorKind.SERVICE, "svc_shop", "key_1", "grant_1")

    def who(self, role: str) -> Somebody:
        """Give somebody who holds a role over everything, or nobody."""
        if role not in self.people:
            held = "" if role == "nobody" else role
            self.people[role] = person_with(self.house, held, name=f"{role} one".title())
        return self.people[role]

    def leave(self, made: Intent | None = None) -> Intent:
        """Let a call leave, with the text of Mary under its keyed digest."""
        self.house.safe.begin()
        kid, digest = Digester(self.house.safe, "internal").digest(self.caller, SUBJECT, TEXT)
        gone = replace(made or intent(), request=digest, request_key=kid)
        with self.house.database.work(self.caller) as work:
            record(work, _intended(gone, {}))
        return gone

    def end(self, ended: Outcome | None = None) -> None:
        """Let a call end."""
        with self.house.database.work(self.caller) as work:
            record(work, _concluded(ended or outcome()))

    def refuse(self, refused: Refusal) -> None:
        """Let a call be refused."""
        with self.house.database.work(self.caller) as work:
            record(work, _refused(refused))

    def settle(self) -> None:
        """Seal, and let the room follow."""
        catch_up(self.house.log)

    def api(self, role: str, path: str, given: object = None) -> Answer:
        """Ask by JSON as somebody; with something given, a POST."""
        headers = {"content-type": "application/json", **self.who(role).headers}
        sent = b"" if given is None else json.dumps(given).encode()
        method = "GET" if given is None else "POST"
        where = f"/api/v1/exchanges{path}"
        return ask(self.there.app, where, method=method, headers=headers, chunks=[sent])

    def page(
        self,
        role: str,
        path: str = "",
        accept: str = "text/html",
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        """Look at a page as somebody."""
        headers = {"accept": accept, **self.who(role).headers, **(more or {})}
        return ask(self.there.app, f"/console/exchanges{path}", headers=headers)

    def send(self, role: str, path: str, **typed: str) -> Answer:
        """Send a form as somebody."""
        headers = {
            "accept": "text/html",
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            **self.who(role).headers,
        }
        body = [urlencode(typed).encode()]
        where = f"/console/exchanges{path}"
        return ask(self.there.app, where, method="POST", headers=headers, chunks=body)


@contextmanager
def calling_in(folder: Path) -> Iterator[Calling]:
    """Open an installation whose people come as they are named."""
    with registered_in(folder, people={}) as there:
        yield Calling(there)
