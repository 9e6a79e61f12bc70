"""People come, change, are suspended and leave; what they held ends with them."""

from __future__ import annotations

from typing import Any

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, PersonState, ServiceKind
from muniment.access.service.people import activate
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.access.company import SYSTEM, Company


def test_an_invited_person_is_active_once_they_come(company: Company) -> None:
    """Somebody invited may nothing until they come, and comes once."""
    with company.work("ines") as work:
        invited = access.invite(work, "  Dan  Oak ", "Dan@Example.org")
    assert (invited.name, invited.email, invited.state) == ("Dan Oak", "Dan@Example.org", "invited")
    with company.work() as work:
        assert activate(work, invited.id).state is PersonState.ACTIVE
        with pytest.raises(ConflictError, match="not invited"):
            activate(work, invited.id)
    kinds = [e["kind"] for e in company.recorded() if (e["subject"] or {}).get("id") == invited.id]
    assert kinds == ["access.person_added", "access.person_activated"]


@pytest.mark.requirement("ACC-20")
def test_the_ledger_holds_no_personal_facts(company: Company) -> None:
    """Names, addresses, reasons and subjects are nowhere in the records, and cannot be guessed.

    The digest of a row with the same facts differs, because each row has a salt of its own.
    """
    with company.work("ines") as work:
        dan = access.add_person(work, "Dan Secret", "dan.secret@example.org").id
    with company.work("ines") as work:
        access.link_identity(work, dan, "https://idp.example.org", "subject-of-dan")
        access.change_person(work, dan, name="Daniel Secret")
        access.grant(work, company.person("ana"), "builder", reason="Dan is ill.", scope=SYSTEM)
        access.leave(work, dan)
    with company.work("ines") as work:
        again = access.add_person(work, "Dan Secret", "dan.secret@example.org").id
    text = str(company.recorded()).casefold()
    for fact in ("secret", "subject-of-dan", "ill.", "daniel"):
        assert fact not in text
    digests = [
        digest
        for entry in company.recorded("access.person_added")
        for key, digest in entry.get("changes", {}).get("access_people", {}).items()
        if key in (dan, again)
    ]
    assert len(set(digests)) == 2


def test_two_people_never_share_an_address(company: Company) -> None:
    """Not in other spellings; but who has left gives theirs up."""
    with company.work("ines") as work:
        with pytest.raises(ConflictError, match="has this e-mail address") as caught:
            access.invite(work, "Another", "ANA@Example.ORG")
        assert caught.value.subject == company.people["ana"]
        with pytest.raises(ConflictError, match="has this e-mail address"):
            access.change_person(work, company.people["bob"], email="ana@example.org")
        access.leave(work, company.people["ana"])
        assert access.invite(work, "Another", "ana@example.org").state is PersonState.INVITED


def test_facts_are_changed_by_whoever_read_them_last(company: Company) -> None:
    """A change names its fields; an outdated version is refused; nothing changed is no record."""
    bob = company.people["bob"]
    with company.work("ines") as work:
        changed = access.change_person(work, bob, name="Robert", version=1)
        assert (changed.name, changed.version) == ("Robert", 2)
        assert access.change_person(work, bob, name="Robert") == changed
        for act in (access.change_person, access.suspend, access.reactivate):
            with pytest.raises(ConflictError, match="meanwhile"):
                act(work, bob, version=1)
    assert [e["body"]["fields"] for e in company.recorded("access.person_changed")] == [["name"]]


def test_steps_that_are_not_lawful_are_refused(company: Company) -> None:
    """Nobody is suspended twice, comes back after leaving, or lets themselves in again."""
    ana, bob = company.people["ana"], company.people["bob"]
    with company.work("ines") as work:
        access.suspend(work, ana)
        with pytest.raises(ConflictError):
            access.suspend(work, ana)
        with pytest.raises(ConflictError, match="not suspended"):
            access.reactivate(work, bob)
        access.leave(work, bob)
        for act in (access.suspend, access.reactivate, access.leave, access.change_person):
            with pytest.raises(ConflictError):
                act(work, bob)
        with pytest.raises(NotFoundError):
            access.suspend(work, access.PersonId("per_nobody"))
        with pytest.raises(ForbiddenError, match="lets themselves in"):
            access.reactivate(work, company.people["ines"])


@pytest.mark.requirement("ACC-21")
def test_when_a_person_leaves_all_they_hold_ends(company: Company) -> None:
    """Grants, keys and memberships end at once, services stop; one record names them all."""
    ana = company.person("ana")
    grant = company.grant("ana", "builder", SYSTEM)
    with company.work() as work:
        team = access.add_team(work, "Data")
        access.join(work, team.id, ana)
        service = access.add_service(work, ServiceKind.AGENT, "hers", company.people["ana"])
        key = access.issue_key(work, ana, "laptop").key
    with company.work("ines") as work:
        parting = access.leave(work, company.people["ana"])
    assert (parting.grants, parting.keys, parting.services) == (
        (grant.id,),
        (key.id,),
        (service.id,),
    )
    with company.look() as work:
        assert access.members(work, team.id) == ()
        assert not access.grant_of(work, grant.id).holds(work.now)
        assert not access.key_of(work, key.id).works(work.now)
        assert not access.service(work, service.id).active
        assert access.person(work, ana.id).state is PersonState.LEFT
    (left,) = company.recorded("access.person_left")
    assert left["body"]["services_to"] == ""
    assert set(left["changes"]) == {
        *("access_people", "access_states", "access_services", "access_members"),
        *("access_grants", "access_keys"),
    }


def test_services_go_to_somebody_who_stays(company: Company) -> None:
    """The heir is active, is another, and is not whoever does it."""
    with company.work() as work:
        service = access.add_service(work, ServiceKind.AGENT, "bot", company.people["ana"])
        access.suspend(work, company.people["cora"])
    with company.work("ines") as work:
        for heir in ("ana", "cora"):
            with pytest.raises(InvalidError, match="active and stays"):
                access.leave(work, company.people["ana"], services_to=company.people[heir])
        with pytest.raises(ForbiddenError, match="to themselves"):
            access.leave(work, company.people["ana"], services_to=company.people["ines"])
        access.leave(work, company.people["ana"], services_to=company.people["bob"])
        found = access.service(work, service.id)
    assert (found.owner_id, found.active) == (company.people["bob"], True)


def test_others_vouch_for_a_person_under_their_own_names(company: Company) -> None:
    """An identity is one person's; linking twice is once; unlinking forgets it."""
    ana, bob = company.people["ana"], company.people["bob"]
    issuer = "https://idp.example.org"
    with company.work("ines") as work:
        linked = access.link_identity(work, ana, issuer, "s1")
        assert access.link_identity(work, ana, issuer, "s1") == linked
        with pytest.raises(ConflictError, match="somebody else"):
            access.link_identity(work, bob, issuer, "s1")
        with pytest.raises(InvalidError):
            access.link_identity(work, ana, issuer, "")
        assert access.identities(work, ana) == (linked,)
        access.unlink_identity(work, issuer, "s1")
        with pytest.raises(NotFoundError):
            access.unlink_identity(work, issuer, "s1")
        assert access.identities(work, ana) == ()


def test_only_who_manages_people_does(company: Company) -> None:
    """Every verb asks the gate before it tells anything, even whether somebody exists."""
    company.grant("ana", "security")
    nobody = access.PersonId("per_nobody")
    with company.work("ana") as work:
        for act in (
            lambda: access.invite(work, "X", "x@example.org"),
            lambda: access.add_person(work, "X", "x@example.org"),
            lambda: access.change_person(work, nobody),
            lambda: access.suspend(work, nobody),
            lambda: access.reactivate(work, nobody),
            lambda: access.leave(work, nobody),
            lambda: access.link_identity(work, nobody, "i", "s"),
            lambda: access.unlink_identity(work, "i", "s"),
        ):
            with pytest.raises(ForbiddenError):
                act()


def test_nothing_can_be_set_that_the_verb_does_not_name(company: Company) -> None:
    """Mass assignment: states, ids, sources and versions are no arguments of a change."""
    change: Any = access.change_person
    grant: Any = access.grant
    with company.work("ines") as work:
        for fact in ("state", "id", "created_at", "left_at"):
            with pytest.raises(TypeError):
                change(work, company.people["ana"], **{fact: "active"})
            with pytest.raises(TypeError):
                grant(
                    work,
                    Holder(HolderKind.PERSON, company.people["ana"]),
                    "builder",
                    reason="x",
                    **{"granted_by": "x", fact: "x"},
                )
