"""An installation with a registered system, and people who own, build, approve and release it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from muniment import approvals, registry
from muniment.api import Behind
from muniment.approvals import Answer as Yes
from muniment.registry import Change, Mlflow, System
from muniment.server import House
from tests.registry.yard import BOUNDARY
from tests.server.asking import Answer, app_of, ask, house_in
from tests.server.people import MACHINE, Somebody, found_admin, person_with

KEY = "credit-score"
PLACES = [{"name": "production", "stage": "production"}]
SETTINGS: dict[str, object] = {"access.second_factor_roles": ()}


class Registered:
    """The house, its people, its system, and ways to ask."""

    def __init__(self, house: House, people: dict[str, Somebody] | None = None) -> None:
        self.house = house
        self.app: Starlette = app_of(house)
        if people is not None:
            self.people = people
            return
        found_admin(house)
        roles = ("owner", "builder", "releaser", "operator", "compliance")
        self.people = {role: person_with(house, role, name=f"{role} one".title()) for role in roles}
        self.people["nobody"] = person_with(house)

    def who(self, role: str) -> Somebody:
        """Give somebody who holds a role over everything."""
        return self.people[role]

    def stated(self, **more: Any) -> dict[str, Any]:
        """State the system."""
        return {
            "name": "Credit score",
            "purpose": "Score applications for small loans.",
            "owner": self.who("owner").id,
            "alert_reviewer": self.who("operator").id,
            "change_approver": self.who("releaser").id,
            "declared_tier": "low",
            "decision_logic": "A model scores; a person decides.",
            "refresh": "Trained anew each quarter.",
            "environments": PLACES,
            **BOUNDARY,
            **more,
        }

    def live(self) -> System:
        """Register the system and have it approved."""
        with self.house.database.work(MACHINE) as work:
            registry.register(work, KEY, self.stated())
        with self.house.database.work(self.who("owner").actor) as work:
            asked = registry.submit(work, KEY)
        self.yes(asked.request_id)
        with self.house.database.work(MACHINE) as work:
            return registry.take_review(work, asked.id)

    def yes(self, request_id: str) -> None:
        """Let the releaser open a request and say yes."""
        actor = self.who("releaser").actor
        with self.house.database.work(actor) as work:
            digest = approvals.open_request(work, request_id).version.digest
        with self.house.database.work(actor) as work:
            approvals.decide(work, request_id, Yes.APPROVE, digest=digest, reason="looked at it")

    def drafted(self, text: str) -> Change:
        """Write a prompt, and a change to it."""
        with self.house.database.work(self.who("builder").actor) as work:
            made = registry.add_version(work, KEY, "prompt/main", {"text": text})
            named = {made.label: made.number}
            return registry.draft(work, KEY, f"Say {text}", named, reason="as asked")

    def released(self, text: str) -> Change:
        """Take a change through every step."""
        change = self.drafted(text)
        with self.house.database.work(self.who("builder").actor) as work:
            asked = registry.ask(work, change.id)
        self.yes(asked.request_id)
        while True:
            with self.house.database.work(self.who("releaser").actor) as work:
                now = registry.get_change(work, change.id)
                if registry.next_step(work, now) is None:
                    return now
                registry.promote(work, change.id)

    def hear_from(self, server: Mlflow) -> None:
        """Let the JSON door reach this MLflow."""
        for route in self.app.routes:
            state = getattr(getattr(route, "app", None), "state", None)
            if isinstance(getattr(state, "behind", None), Behind):
                state.behind = replace(state.behind, mlflow=server)  # type: ignore[union-attr]  # just asked

    def api(self, role: str, path: str, given: object = None) -> Answer:
        """Ask the JSON door as somebody; with something given, a POST."""
        headers = {**self.who(role).headers, "sec-fetch-site": "same-origin"}
        where = f"/api/v1/registry{path}"
        if given is None:
            return ask(self.app, where, headers=headers)
        body = json.dumps(given).encode()
        headers |= {"content-type": "application/json", "content-length": str(len(body))}
        return ask(self.app, where, method="POST", headers=headers, chunks=(body,))

    def page(self, role: str, path: str) -> Answer:
        """Look at a page as somebody."""
        headers = {"accept": "text/html", **self.who(role).headers}
        return ask(self.app, f"/console/registry{path}", headers=headers)

    def send(self, role: str, path: str, /, **typed: str) -> Answer:
        """Send a form as somebody."""
        headers = {
            "accept": "text/html",
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            **self.who(role).headers,
        }
        body = (urlencode(typed).encode(),)
        where = f"/console/registry{path}"
        return ask(self.app, where, method="POST", headers=headers, chunks=body)


@contextmanager
def registered_in(folder: Path, people: dict[str, Somebody] | None = None) -> Iterator[Registered]:
    """Open an installation with its people; the system is registered by the test."""
    with house_in(folder / "data", **SETTINGS) as house:
        house.log.begin()
        yield Registered(house, people)
