"""A house with people who ask policy by JSON and by its pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from muniment import approvals
from muniment.access import Method, PersonId, SignIn, actor_of, begin_session
from muniment.approvals import Answer as Said
from muniment.approvals import Query, State
from muniment.policy import Judge, Recorded, keep_decision
from tests.policy.judging import facts
from tests.server.asking import Answer, ask
from tests.server.office import Office, office_in
from tests.server.people import MACHINE, Somebody, person_with

API = "/api/v1/policy"
PAGES = "/console/policy"


class PolicyOffice:
    """Ada of security writes, Bo of compliance answers; both come by their sessions."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.house = office.house
        self.ada = person_with(office.house, "security", name="Ada Author")
        self.bo = person_with(office.house, "compliance", name="Bo Peer")

    def api(
        self,
        method: str,
        path: str,
        given: object = None,
        *,
        by: Somebody | None = None,
        **headers: str,
    ) -> Answer:
        """Ask for JSON; of the names of further headers, underscores are hyphens."""
        sent = b"" if given is None else json.dumps(given).encode()
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"content-type": "application/json", **(by or self.ada).headers, **more}
        return ask(self.office.app, API + path, method=method, headers=headers, chunks=[sent])

    def page(self, path: str = "", by: Somebody | None = None) -> Answer:
        """Look at a page."""
        headers = {"accept": "text/html", **(by or self.ada).headers}
        return ask(self.office.app, PAGES + path, headers=headers)

    def send(
        self, path: str, by: Somebody | None = None, /, *, accept: str = "text/html", **typed: str
    ) -> Answer:
        """Send a form."""
        headers = {
            "accept": accept,
            "content-type": "application/x-www-form-urlencoded",
            **(by or self.ada).headers,
        }
        body = urlencode(typed).encode()
        return ask(self.office.app, PAGES + path, method="POST", headers=headers, chunks=[body])

    def approve(self, by: Somebody | None = None) -> None:
        """Let Bo, or somebody else, say yes to the request that is open."""
        with self.house.database.work(MACHINE) as work:
            (request,) = approvals.list_requests(work, Query(State.OPEN)).rows
            sign_in = SignIn(PersonId((by or self.bo).id), (Method.PASSKEY,), strong=True)
            session, _ = begin_session(
                work, sign_in, "127.0.0.1", "test", settings=self.house.settings
            )
        actor = actor_of(session)
        with self.house.database.work(actor) as work:
            approvals.open_request(work, request.id)
        with self.house.database.work(actor) as work:
            digest = request.version.digest
            approvals.decide(work, request.id, Said.APPROVE, digest=digest, reason="read it")

    def decide(self, *types: str, **more: Any) -> Recorded:
        """Judge a call and keep the decision."""
        judged = Judge(self.house.database).decide(facts(*types, **more))
        with self.house.database.work(MACHINE) as work:
            return keep_decision(work, judged)


@contextmanager
def policy_office(folder: Path) -> Iterator[PolicyOffice]:
    """Open a house with these people."""
    with office_in(folder) as office:
        yield PolicyOffice(office)
