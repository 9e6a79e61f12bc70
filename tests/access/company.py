"""A small company for tests: people who really were founded, invited and granted their roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from muniment import access
from muniment.access import EVERYTHING, Grant, Holder, HolderKind, PersonId, Scope
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.db import Database, Work
from muniment.ledger.store import pending_batches
from muniment.testing import FixedClock
from muniment.verify import parse_bundle, parse_entry

HOST = system_actor("host")
SYSTEM = Scope.of(system="sys_1")


@dataclass
class Company:
    """People by their first names, and work done in their names."""

    database: Database
    clock: FixedClock
    people: dict[str, PersonId] = field(default_factory=dict)

    def person(self, name: str) -> Holder:
        """Give somebody as a holder."""
        return Holder(HolderKind.PERSON, self.people[name])

    def actor(self, name: str) -> Actor:
        """Give somebody as who acts, signed in."""
        return Actor(ActorKind.PERSON, self.people[name], f"ses_{name}")

    @contextmanager
    def work(self, name: str = "") -> Iterator[Work]:
        """Let somebody do something; the host itself, if nobody is named."""
        with self.database.work(self.actor(name) if name else HOST) as work:
            yield work

    @contextmanager
    def look(self, name: str = "") -> Iterator[Work]:
        """Let somebody look."""
        with self.database.look(self.actor(name) if name else HOST) as work:
            yield work

    def found(self, name: str = "ines") -> None:
        """Make the first admin."""
        with self.work() as work:
            self.people[name] = access.found(work, name.title(), f"{name}@example.org").id

    def add(self, *names: str) -> None:
        """Add people who are active."""
        with self.work() as work:
            for name in names:
                added = access.add_person(work, name.title(), f"{name}@example.org")
                self.people[name] = added.id

    def grant(self, name: str, role: str, scope: Scope = EVERYTHING, **facts: Any) -> Grant:
        """Let the host give somebody a role."""
        with self.work() as work:
            return access.grant(
                work, self.person(name), role, reason="For tests.", scope=scope, **facts
            )

    def recorded(self, kind: str = "") -> list[dict[str, Any]]:
        """Read what was recorded and waits to be sealed, in order, perhaps of one kind only."""
        with self.database.look(HOST) as work:
            batches = pending_batches(work, 0)
        entries: list[dict[str, Any]] = [
            parse_entry(one) for each in batches for one in parse_bundle(each)
        ]
        return [each for each in entries if not kind or each["kind"] == kind]
