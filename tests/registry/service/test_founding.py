"""What serves first, where nobody could approve it, and proposals after that."""

from __future__ import annotations

from typing import Any

import pytest

from muniment import access, registry
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Database
from muniment.registry import Cause, PartVersion, System, SystemState

MACHINE = system_actor("test")
PARTS: dict[str, dict[str, Any]] = {"model/echo": {"provider": "echo", "model": "echo"}}


@pytest.fixture
def system(database: Database) -> System:
    """A system that somebody answers for, and of which nothing served."""
    with database.work(MACHINE) as work:
        owner = access.found(work, "Olga", "olga@example.org")
        stated = {"name": "Desk", "purpose": "Answers.", "owner": owner.id}
        return registry.register(work, "desk", stated)


def versions(database: Database, system: System) -> dict[str, PartVersion]:
    """Write the versions of the parts."""
    with database.work(MACHINE) as work:
        return {
            label: registry.add_version(work, system.id, label, document)
            for label, document in PARTS.items()
        }


def boot(
    database: Database, system: System, environment: str = "production", actor: Actor = MACHINE
) -> registry.Deployment:
    """Let the parts serve."""
    made = versions(database, system)
    with database.work(actor) as work:
        return registry.bootstrap(
            work, system, made, environment, file="sha256:aa", reason="A file says so."
        )


def test_it_serves_and_says_how_it_came(database: Database, system: System) -> None:
    """The system is live, the interval was imported by a file, and the resolver sees it."""
    made = boot(database, system)
    assert made.cause is Cause.IMPORT
    with database.look(MACHINE) as work:
        assert registry.get_system(work, "desk").state is SystemState.LIVE
    resolver = registry.Resolver(database)
    serving = resolver.resolve("desk")
    assert serving.deployment_id == made.id
    contents = resolver.contents(serving, serving.chosen(0))
    assert contents.of("model") == {"echo": PARTS["model/echo"]}
    assert contents.system.key == "desk"


def test_only_once_only_by_the_machine_only_where_it_is_stated(
    database: Database, system: System
) -> None:
    """A person drafts a change; a second time, or an unknown place, is refused."""
    person = Actor(ActorKind.PERSON, "per_somebody")
    with pytest.raises(ForbiddenError):
        boot(database, system, actor=person)
    with pytest.raises(InvalidError, match="no environment"):
        boot(database, system, "moon")
    boot(database, system)
    with database.look(MACHINE) as work:
        system = registry.get_system(work, "desk")
    with pytest.raises(ConflictError, match="served in production already"):
        boot(database, system)
    boot(database, system, "staging")


def test_a_proposal_is_drafted_once(database: Database, system: System) -> None:
    """What serves is no change; what differs is one draft, however often it is proposed."""
    boot(database, system)

    def propose(parts: dict[str, dict[str, Any]]) -> registry.Change | None:
        with database.work(MACHINE) as work:
            return registry.propose(
                work, system, parts, "production", title="As the file says", reason="It differs."
            )

    assert propose(PARTS) is None
    other = {"model/echo": {"provider": "echo", "model": "other"}}
    first, again = propose(other), propose(other)
    assert first is not None
    assert again is not None
    assert first.id == again.id
    with database.look(MACHINE) as work:
        named = registry.set_of(work, first.set_digest).versions
    assert list(named) == ["model/echo"]
