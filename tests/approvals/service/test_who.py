"""Who answers: the human behind the actor, their roles where it matters, how they signed in."""

from __future__ import annotations

from dataclasses import replace

from muniment.access import Scope
from muniment.approvals.service import who
from muniment.core.actor import Actor, ActorKind
from tests.approvals.people import ROOT, SYSTEM, Office


def test_the_product_stands_for_itself(office: Office) -> None:
    """A rule of the product is an author under its own name, and never a person."""
    with office.database.look(ROOT) as work:
        assert who.author_of(work) == "test"
        assert who.person_of(work) is None
        assert who.signed_in(work) == ("", False)


def test_a_signed_in_person(office: Office) -> None:
    """Whoever signed in is a person, with the way they came and whether it was strong."""
    office.person("bo", "releaser")
    office.person("weak", "releaser", strong=False)
    with office.by("bo") as work:
        assert who.author_of(work) == who.person_of(work) == office.id("bo")
        assert who.signed_in(work) == ("passkey", True)
    with office.by("weak") as work:
        assert who.signed_in(work) == ("password", False)


def test_a_key_or_a_made_up_session_is_nobody(office: Office) -> None:
    """A key acts for a person and does not answer as one; a session of another is no sign-in."""
    bo, cy = office.person("bo", "releaser"), office.person("cy", "releaser")
    keyed = Actor(ActorKind.PERSON, bo.id, "key_0000")
    borrowed = replace(bo, credential=cy.credential)
    with office.database.look(keyed) as work:
        assert who.person_of(work) is None
    for actor in (borrowed, replace(bo, credential="session:"), replace(bo, credential="")):
        with office.database.look(actor) as work:
            assert who.signed_in(work) == ("", False)


def test_roles_count_where_they_reach(office: Office) -> None:
    """Only roles over this place are given, and only of people who are there."""
    office.person("bo", "releaser")
    with office.database.look(ROOT) as work:
        assert who.roles_of(work, office.id("bo"), SYSTEM) == {"releaser"}
        assert who.roles_of(work, office.id("bo"), Scope.of(system="sys_2")) == frozenset()
        assert who.roles_of(work, "per_nobody", SYSTEM) == frozenset()
        assert who.is_active(work, office.id("bo"))
        assert not who.is_active(work, "per_nobody")
