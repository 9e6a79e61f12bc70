"""People come, change, are suspended, and leave; others vouch for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    Grant,
    Holder,
    HolderKind,
    Identity,
    Person,
    PersonId,
    PersonState,
    Service,
)
from muniment.access.service.gate import change
from muniment.access.service.grants import end_grants, keep_an_admin, require_no_clash
from muniment.access.service.sessions import end_all_sessions
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import (
    IdentityLinked,
    IdentityUnlinked,
    PersonActivated,
    PersonAdded,
    PersonChanged,
    PersonLeft,
    PersonSuspended,
)

_MANAGE: Final = "access.manage_people"
_LONGEST_ISSUER: Final = 400


@dataclass(frozen=True, slots=True)
class Parting:
    """What ended when a person left."""

    person: Person
    grants: tuple[str, ...]
    keys: tuple[str, ...]
    services: tuple[str, ...]


def invite(work: Work, name: str, email: str, *, source: str = "local") -> Person:
    """Add a person who has not come yet."""
    change(work, _MANAGE)
    return _add(work, name, email, PersonState.INVITED, source)


def add_person(work: Work, name: str, email: str, *, source: str = "local") -> Person:
    """Add a person who is known already, such as from a directory."""
    change(work, _MANAGE)
    return _add(work, name, email, PersonState.ACTIVE, source)


def activate(work: Work, person_id: PersonId) -> Person:
    """Note that an invited person has come: they hold the link, or their directory says so."""
    store.take_turn(work)
    person = store.person(work, person_id)
    if person.state is not PersonState.INVITED:
        raise ConflictError(
            f"this person is {person.state}, not invited",
            subject=person_id,
            remedy="Ask an admin.",
        )
    record(work, PersonActivated(person_id, person.state.value))
    return _become(work, person, PersonState.ACTIVE)


def change_person(
    work: Work,
    person_id: PersonId,
    *,
    name: str | None = None,
    email: str | None = None,
    version: int | None = None,
) -> Person:
    """Change how a person is called, or where mail reaches them."""
    change(work, _MANAGE)
    person = _expected(store.person(work, person_id), version)
    if person.state is PersonState.LEFT:
        raise _gone(person)
    changed = replace(
        person,
        name=person.name if name is None else rules.clean_name(name),
        email=person.email if email is None else rules.clean_email(email),
    )
    if changed == person:
        return person
    if changed.email != person.email:
        _require_free(work, changed.email, person.id)
    fields = [each for each in ("name", "email") if getattr(changed, each) != getattr(person, each)]
    record(work, PersonChanged(person_id, tuple(fields)))
    return store.save_person(work, changed, rules.email_key(changed.email))


def suspend(work: Work, person_id: PersonId, *, version: int | None = None) -> Person:
    """Close an account at once; everything the person holds stays, and opens nothing."""
    change(work, _MANAGE)
    person = _expected(store.person(work, person_id), version)
    keep_an_admin(work, people=[person_id])
    record(work, PersonSuspended(person_id))
    end_all_sessions(work, person_id, "suspended")
    return _become(work, person, PersonState.SUSPENDED)


def reactivate(work: Work, person_id: PersonId, *, version: int | None = None) -> Person:
    """Let a suspended person in again, with all they held."""
    change(work, _MANAGE)
    person = _expected(store.person(work, person_id), version)
    _require_not_self(work, person_id)
    if person.state is not PersonState.SUSPENDED:
        raise ConflictError(f"this person is {person.state}, not suspended", subject=person_id)
    record(work, PersonActivated(person_id, person.state.value))
    return _become(work, person, PersonState.ACTIVE)


def leave(work: Work, person_id: PersonId, *, services_to: PersonId | None = None) -> Parting:
    """Part with a person: all they hold ends; their services move, or stop until they do."""
    change(work, _MANAGE)
    person = store.person(work, person_id)
    verdict = rules.may_become(person.state, PersonState.LEFT)
    if not verdict.ok:
        raise _gone(person)
    heir = _heir(work, person, services_to)
    holder = Holder(HolderKind.PERSON, person_id)
    keep_an_admin(work, people=[person_id])
    memberships = store.teams_of(work, [holder], work.now)
    for each in memberships:
        store.end_member(work, each.id)
    grants = end_grants(work, _holding(work, holder))
    keys = _end_keys(work, holder)
    end_all_sessions(work, person_id, "left")
    services = store.services_of(work, person_id)
    for service in services:
        _pass_on(work, service, heir)
    gone = replace(person, state=PersonState.LEFT, left_at=work.now)
    record(
        work,
        PersonLeft(
            person=person_id,
            memberships=tuple(each.id for each in memberships),
            grants=grants,
            keys=keys,
            services=tuple(each.id for each in services),
            services_to=heir.id if heir else "",
        ),
    )
    left = store.save_person(work, gone, "")
    store.note_state(work, holder, PersonState.LEFT.value)
    return Parting(left, grants, keys, tuple(each.id for each in services))


def link_identity(work: Work, person_id: PersonId, issuer: str, subject: str) -> Identity:
    """Let an issuer vouch for a person under a subject of its own."""
    change(work, _MANAGE)
    person = store.person(work, person_id)
    if person.state is PersonState.LEFT:
        raise _gone(person)
    for text, field in ((issuer, "issuer"), (subject, "subject")):
        if not text or len(text) > _LONGEST_ISSUER or not text.isprintable():
            raise InvalidError("this cannot name an identity", field=field)
    known = store.identity(work, issuer, subject)
    if known is not None:
        if known.person_id == person_id:
            return known
        raise ConflictError(
            "this identity vouches for somebody else", subject=known.person_id, field="subject"
        )
    linked = Identity(issuer, subject, person_id, work.now)
    record(work, IdentityLinked(person_id, issuer))
    store.add_identity(work, linked)
    return linked


def unlink_identity(work: Work, issuer: str, subject: str) -> None:
    """No longer believe an issuer about a person."""
    change(work, _MANAGE)
    known = store.identity(work, issuer, subject)
    if known is None:
        raise NotFoundError("there is no such identity", field="subject")
    record(work, IdentityUnlinked(known.person_id, issuer))
    store.remove_identity(work, issuer, subject)


def _add(work: Work, name: str, email: str, state: PersonState, source: str) -> Person:
    person = Person(
        id=PersonId(work.new_id("per")),
        name=rules.clean_name(name),
        email=rules.clean_email(email),
        state=state,
        created_at=work.now,
        source=rules.clean_name(source, field="source")[:60],
    )
    _require_free(work, person.email, person.id)
    record(work, PersonAdded(person.id, state.value, person.source))
    store.add_person(work, person, rules.email_key(person.email))
    return person


def _become(work: Work, person: Person, state: PersonState) -> Person:
    verdict = rules.may_become(person.state, state)
    if not verdict.ok:
        raise ConflictError(
            "this step is not possible",
            subject=person.id,
            reasons=verdict.reasons,
            remedy=verdict.remedy,
        )
    store.note_state(work, Holder(HolderKind.PERSON, person.id), state.value)
    email_key = rules.email_key(person.email)
    return store.save_person(work, replace(person, state=state), email_key)


def _require_free(work: Work, email: str, person_id: str) -> None:
    other = store.person_by_email(work, rules.email_key(email))
    if other is not None and other.id != person_id:
        raise ConflictError(
            "somebody else has this e-mail address",
            subject=other.id,
            field="email",
            remedy="Look for them among the people.",
        )


def _require_not_self(work: Work, person_id: PersonId) -> None:
    if work.actor.id == person_id:
        raise ForbiddenError("nobody lets themselves in again", subject=person_id)


def _expected(person: Person, version: int | None) -> Person:
    if version is not None and version != person.version:
        raise ConflictError(
            "somebody else changed this person meanwhile",
            subject=person.id,
            remedy="Read it again, then change it.",
        )
    return person


def _heir(work: Work, person: Person, services_to: PersonId | None) -> Person | None:
    if services_to is None:
        return None
    heir = store.person(work, services_to)
    if heir.id == person.id or heir.state is not PersonState.ACTIVE:
        raise InvalidError(
            "the services go to somebody who is active and stays",
            field="services_to",
            remedy="Name another person, or name nobody: then the services stop.",
        )
    if work.actor.id == heir.id:
        raise ForbiddenError(
            "nobody gives services to themselves",
            subject=heir.id,
            remedy="Let another admin do it.",
        )
    for service in store.services_of(work, person.id):
        require_no_clash(work, Holder(HolderKind.SERVICE, service.id), [heir.id])
    return heir


def _pass_on(work: Work, service: Service, heir: Person | None) -> None:
    """Give a service to another owner, or stop it: nobody would answer for it."""
    if heir is None:
        store.save_service(work, replace(service, active=False))
    else:
        store.save_service(work, replace(service, owner_id=heir.id))


def _holding(work: Work, holder: Holder) -> tuple[Grant, ...]:
    return tuple(each for each in store.grants_of(work, [holder]) if _may_still_hold(work, each))


def _may_still_hold(work: Work, grant: Grant) -> bool:
    ended = grant.ends_at is not None and grant.ends_at <= work.now
    return grant.revoked_at is None and not ended


def _end_keys(work: Work, holder: Holder) -> tuple[str, ...]:
    ended = [each for each in store.keys_of(work, holder) if each.works(work.now)]
    for each in ended:
        store.save_key(work, replace(each, revoked_at=work.now))
    return tuple(each.id for each in ended)


def _gone(person: Person) -> ConflictError:
    return ConflictError(
        "this person has left", subject=person.id, remedy="Whoever comes back is invited anew."
    )
