"""Actors: who acts, as it stands in the ledger."""

from __future__ import annotations

from muniment.core.actor import Actor, ActorKind, system_actor


def test_empty_parts_are_left_out_of_the_record() -> None:
    """A record holds no member that says nothing."""
    assert Actor(ActorKind.SERVICE, "app").as_record() == {"kind": "service", "id": "app"}


def test_credential_and_grant_are_recorded() -> None:
    """A record shows by which key and which grant somebody acted."""
    actor = Actor(ActorKind.PERSON, "per_1", "key_1", "grant_owner")
    assert actor.as_record() == {
        "kind": "person",
        "id": "per_1",
        "credential": "key_1",
        "grant": "grant_owner",
    }


def test_the_system_never_looks_human() -> None:
    """What a job or a rule does is recorded as done by the system."""
    assert system_actor("worker").as_record() == {"kind": "system", "id": "worker"}
