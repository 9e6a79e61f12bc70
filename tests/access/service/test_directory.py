"""What a directory does with people and teams goes by the same rules, and is recorded."""

from __future__ import annotations

import pytest

from muniment.access import (
    PersonState,
    Reception,
    ToldPerson,
    ToldTeam,
    add_known_person,
    add_known_team,
    known_people,
    known_person,
    remove_known_person,
    remove_known_team,
    set_known_person,
    set_known_team,
)
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, NotFoundError
from tests.access.reception import ROOT
from tests.access.recorded import records

INES = ToldPerson("ines", "Ines Moreau", "ines@example.com", external_id="1")


def test_a_life_in_a_directory(reception: Reception) -> None:
    """A person comes, changes, is closed, comes back and goes; each step is recorded."""
    with reception.database.work(ROOT) as work:
        made = add_known_person(work, INES)
        one = made.person.id
        changed = set_known_person(work, one, ToldPerson("ines", "I. Moreau", active=False))
        assert (changed.person.name, changed.person.state) == ("I. Moreau", PersonState.SUSPENDED)
        assert set_known_person(work, one, INES).person.state is PersonState.ACTIVE
        with pytest.raises(ConflictError):
            add_known_person(work, ToldPerson("INES", "Another"))
        with pytest.raises(ConflictError):
            add_known_person(work, ToldPerson("other", "Another", "ines@example.com"))
        team = add_known_team(work, ToldTeam("Platform", members=frozenset({one})))
        assert known_person(work, one).teams == ((team.team.id, "Platform"),)
        with pytest.raises(NotFoundError):
            set_known_team(work, team.team.id, ToldTeam("P", members=frozenset({"per_x"})))
        remove_known_team(work, team.team.id)
        remove_known_person(work, one)
        assert known_people(work) == ()
        with pytest.raises(NotFoundError):
            known_person(work, one)
    verbs = [
        each["body"]["verb"]
        for each in records(reception.database)
        if each["kind"] == "access.directory_changed"
    ]
    assert verbs == ["added", "changed", "changed", "added", "changed", "removed", "removed"]


def test_only_who_may(reception: Reception) -> None:
    """A program without the right reads and changes nothing."""
    stranger = Actor(ActorKind.SERVICE, "svc_x", "key_x")
    with reception.database.work(stranger) as work:
        with pytest.raises(ForbiddenError):
            known_people(work)
        with pytest.raises(ForbiddenError):
            add_known_person(work, INES)
