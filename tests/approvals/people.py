"""People with roles who sign in, and what they ask of each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from muniment import access, approvals
from muniment.access import Holder, HolderKind, Method, Scope, SignIn
from muniment.approvals import Answer, Matter, Request, Rule, Timing
from muniment.core.actor import Actor, system_actor
from muniment.db import Database, Work
from muniment.settings import Settings
from tests.access.recorded import records

ROOT = system_actor("test")
SYSTEM = Scope.of(system="sys_1")
DOCUMENT = {"model": "sha256:aa", "share": 10}


class Office:
    """An installation whose people come as they are named."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.people: dict[str, Actor] = {}
        with database.work(ROOT) as work:
            access.found(work, "Root", "root@example.org")

    def person(self, name: str, *roles: str, scope: Scope = SYSTEM, strong: bool = True) -> Actor:
        """Bring in a person with roles, signed in."""
        if name in self.people:
            return self.people[name]
        with self.database.work(ROOT) as work:
            made = access.add_person(work, name, f"{name}@example.org")
            for role in roles:
                access.grant(
                    work,
                    Holder(HolderKind.PERSON, made.id),
                    role,
                    scope=scope,
                    reason="for the test",
                )
            methods = (Method.PASSKEY,) if strong else (Method.PASSWORD,)
            session, _ = access.begin_session(
                work,
                SignIn(made.id, methods, strong),
                "203.0.113.7",
                "test",
                settings=self.settings,
            )
        actor = access.actor_of(session)
        self.people[name] = actor
        return actor

    def id(self, name: str) -> str:
        """Give a person's id."""
        return self.people[name].id

    @contextmanager
    def by(self, name: str) -> Iterator[Work]:
        """Act as somebody."""
        with self.database.work(self.people[name]) as work:
            yield work

    def ask(
        self,
        name: str = "ada",
        rule: Rule | None = None,
        *,
        document: dict[str, Any] | None = None,
        owner: str = "",
        timing: Timing | None = None,
        single_use: bool = False,
        subject: str = "sys_1",
        title: str = "Deploy credit-score 4",
        environment: str = "",
    ) -> Request:
        """Ask for a yes."""
        self.person(name, "builder")
        matter = Matter(
            kind="registry.deploy",
            subject=("system", subject),
            title=title,
            document=document or DOCUMENT,
            consequence="Credit decisions are made by version 4.",
            scope={"system": "sys_1", **({"environment": environment} if environment else {})},
        )
        with self.by(name) as work:
            return approvals.ask(
                work,
                matter,
                rule or Rule(),
                owner=owner,
                timing=timing or Timing(),
                single_use=single_use,
            )

    def open(self, name: str, request: Request) -> Request:
        """Show somebody what is asked."""
        with self.by(name) as work:
            return approvals.open_request(work, request.id)

    def answer(
        self, name: str, request: Request, answer: Answer = Answer.APPROVE, **more: Any
    ) -> Request:
        """Open a request and answer what it says."""
        shown = self.open(name, request)
        given = {"digest": shown.version.digest, "reason": "looked at it", **more}
        with self.by(name) as work:
            return approvals.decide(work, request.id, answer, **given)

    def recorded(self, kind: str) -> list[dict[str, Any]]:
        """Give the entries of a kind."""
        return [each for each in records(self.database) if each["kind"] == kind]

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.database.clock.advance(seconds)  # type: ignore[attr-defined]
