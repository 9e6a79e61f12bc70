"""How it begins: the first admin, whom nobody else could have let in."""

from __future__ import annotations

from muniment.access import rules, store
from muniment.access.models import (
    EVERYTHING,
    GrantSource,
    Holder,
    HolderKind,
    Person,
    PersonId,
    PersonState,
)
from muniment.access.service.gate import all_roles
from muniment.access.service.grants import give, lasting_admins
from muniment.core.actor import ActorKind
from muniment.core.errors import ConflictError, ForbiddenError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import PersonAdded


def is_founded(work: Work) -> bool:
    """Tell whether there is somebody who manages access."""
    return bool(lasting_admins(work))


def found(work: Work, name: str, email: str) -> Person:
    """Make the first admin; only whoever holds the machine can, and only while there is none."""
    if work.actor.kind is not ActorKind.SYSTEM:
        raise ForbiddenError(
            "the first admin is made on the machine itself",
            remedy="Use the link that was printed at the first start.",
        )
    store.take_turn(work)
    if lasting_admins(work):
        raise ConflictError(
            "there is an admin already",
            remedy="Ask them to invite you; they are listed by `muniment access grants`.",
        )
    address = rules.clean_email(email)
    known = store.person_by_email(work, rules.email_key(address))
    if known is not None and known.state is not PersonState.ACTIVE:
        raise ConflictError(f"this person is {known.state}", subject=known.id, field="email")
    person = known or Person(
        id=PersonId(work.new_id("per")),
        name=rules.clean_name(name),
        email=address,
        state=PersonState.ACTIVE,
        created_at=work.now,
    )
    if known is None:
        record(work, PersonAdded(person.id, person.state.value, person.source))
        store.add_person(work, person, rules.email_key(address))
    give(
        work,
        Holder(HolderKind.PERSON, person.id),
        all_roles(work)["admin"],
        reason="The first admin of this installation.",
        scope=EVERYTHING,
        ends_at=None,
        source=GrantSource.BOOTSTRAP,
    )
    return person
