"""People and the names under which others vouch for them; and what state everybody was in when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, tuple_, update
from sqlalchemy.engine import Row

from muniment.access.models import (
    Holder,
    HolderKind,
    Identity,
    Person,
    PersonId,
    PersonState,
)
from muniment.access.store.tables import identities_table, people_table, states_table
from muniment.access.store.turns import in_parts
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work

_PEOPLE = people_table.c
_STATES = states_table.c
# Built once, for it is asked while calls are under way.
_ONE = select(people_table).where(_PEOPLE.id == bindparam("of"))


def add_person(work: Work, person: Person, email_key: str) -> None:
    """Keep a new person."""
    row = {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "email_key": email_key or None,
        "state": person.state.value,
        "source": person.source,
        "salt": work.new_id("slt"),
        "created_at": person.created_at,
        "left_at": person.left_at,
        "version": person.version,
    }
    work.write(insert(people_table).values(row))
    note_state(work, Holder(HolderKind.PERSON, person.id), person.state.value)


def save_person(work: Work, person: Person, email_key: str) -> Person:
    """Keep what a person is now; whoever changed them in between wins."""
    written = work.write(
        update(people_table)
        .where(_PEOPLE.id == person.id, _PEOPLE.version == person.version)
        .values(
            name=person.name,
            email=person.email,
            email_key=email_key or None,
            state=person.state.value,
            source=person.source,
            left_at=person.left_at,
            version=person.version + 1,
        )
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else changed this person meanwhile",
            subject=person.id,
            remedy="Read it again, then change it.",
        )
    return _person(written.rows[0])


def person(work: Work, person_id: str) -> Person:
    """Find a person."""
    found = work.read(_ONE, {"of": person_id}).one_or_none()
    if found is None:
        raise NotFoundError(
            "there is no such person", subject=person_id, remedy="See `muniment access people`."
        )
    return _person(found)


def person_by_email(work: Work, email_key: str) -> Person | None:
    """Find who has an address; those who left have given theirs up."""
    found = work.read(select(people_table).where(_PEOPLE.email_key == email_key)).one_or_none()
    return _person(found) if found else None


def people_by_email(work: Work, email_keys: Iterable[str]) -> dict[str, Person]:
    """Find who has each of several addresses."""
    return {
        row.email_key: _person(row)
        for some in in_parts(email_keys)
        for row in work.read(select(people_table).where(_PEOPLE.email_key.in_(some)))
    }


def people_named(work: Work, ids: Iterable[str]) -> dict[str, Person]:
    """Find several people at once."""
    return {
        row.id: _person(row)
        for some in in_parts(ids)
        for row in work.read(select(people_table).where(_PEOPLE.id.in_(some)))
    }


def people(
    work: Work,
    *,
    state: PersonState | None = None,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Person]:
    """List people by name."""
    asked = select(people_table).order_by(_PEOPLE.name, _PEOPLE.id)
    if state is not None:
        asked = asked.where(_PEOPLE.state == state.value)
    if text:
        asked = asked.where(
            or_(
                _PEOPLE.name.icontains(text, autoescape=True),
                _PEOPLE.email.icontains(text, autoescape=True),
            )
        )
    if cursor:
        asked = asked.where(tuple_(_PEOPLE.name, _PEOPLE.id) > tuple_(*read_cursor(cursor, 2)))
    rows = work.read(asked.limit(require_limit(limit) + 1)).all()
    more = write_cursor([rows[limit - 1].name, rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(_person(row) for row in rows[:limit]), more)


def add_identity(work: Work, identity: Identity) -> None:
    """Keep a name under which somebody else vouches for a person."""
    work.write(
        insert(identities_table).values(
            id=work.new_id("idn"),
            person_id=identity.person_id,
            issuer=identity.issuer,
            subject=identity.subject,
            salt=work.new_id("slt"),
            linked_at=identity.linked_at,
        )
    )


def identity(work: Work, issuer: str, subject: str) -> Identity | None:
    """Find whom an issuer means."""
    columns = identities_table.c
    asked = select(identities_table).where(columns.issuer == issuer, columns.subject == subject)
    found = work.read(asked).one_or_none()
    return _identity(found) if found else None


def identities(work: Work, person_id: str) -> tuple[Identity, ...]:
    """List who vouches for a person."""
    columns = identities_table.c
    asked = select(identities_table).where(columns.person_id == person_id).order_by(columns.id)
    return tuple(_identity(row) for row in work.read(asked))


def remove_identity(work: Work, issuer: str, subject: str) -> bool:
    """Forget a name under which somebody vouched."""
    columns = identities_table.c
    removing = identities_table.delete().where(columns.issuer == issuer, columns.subject == subject)
    return work.write(removing).count == 1


def note_state(work: Work, holder: Holder, state: str, owner_id: str = "") -> None:
    """Keep since when somebody is in a state, and until when they were in the one before."""
    work.write(
        update(states_table)
        .where(
            _STATES.holder_kind == holder.kind.value,
            _STATES.holder_id == holder.id,
            _STATES.until.is_(None),
        )
        .values(until=work.now)
    )
    work.write(
        insert(states_table).values(
            id=work.new_id("ste"),
            holder_kind=holder.kind.value,
            holder_id=holder.id,
            state=state,
            owner_id=owner_id,
            since=work.now,
            until=None,
        )
    )


def states_at(work: Work, at: datetime) -> dict[Holder, tuple[str, str]]:
    """Give the state, and for services the owner, of everybody there was at a moment."""
    asked = select(states_table).where(
        _STATES.since <= at, or_(_STATES.until.is_(None), _STATES.until > at)
    )
    return {
        Holder(HolderKind(row.holder_kind), row.holder_id): (row.state, row.owner_id)
        for row in work.read(asked)
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        email=row.email,
        state=PersonState(row.state),
        created_at=row.created_at,
        source=row.source,
        left_at=row.left_at,
        version=row.version,
    )


def _identity(row: Row[Any]) -> Identity:
    return Identity(row.issuer, row.subject, PersonId(row.person_id), row.linked_at)
