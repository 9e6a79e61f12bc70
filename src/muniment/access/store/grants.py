"""Roles of one's own, grants, and leave to hold conflicting duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.engine import Row

from muniment.access.models import (
    DutyException,
    Grant,
    GrantSource,
    Holder,
    HolderKind,
    PersonId,
    Role,
    Scope,
)
from muniment.access.store.tables import (
    exceptions_table,
    grants_table,
    revocations_table,
    roles_table,
)
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work

_ROLES = roles_table.c
_GRANTS = grants_table.c
_EXCEPTIONS = exceptions_table.c
# Built once, for it is asked while calls are under way.
_GRANTS_OF = (
    select(grants_table)
    .where(_GRANTS.holder_id.in_(bindparam("of", expanding=True)))
    .order_by(_GRANTS.id)
)


def add_role(work: Work, role: Role) -> None:
    """Keep a role, or its next version."""
    end_role(work, role.name)
    work.write(
        insert(roles_table).values(
            name=role.name,
            version=role.version,
            says=role.says,
            permissions=sorted(role.permissions),
            must_expire=role.must_expire,
            must_scope=role.must_scope,
            views_recorded=role.views_recorded,
            since=work.now,
            until=None,
        )
    )


def end_role(work: Work, name: str) -> None:
    """Keep that a role, as it was, is no more."""
    work.write(
        update(roles_table)
        .where(_ROLES.name == name, _ROLES.until.is_(None))
        .values(until=work.now)
    )


def roles(work: Work, at: datetime) -> dict[str, Role]:
    """Give the roles of one's own as they were at a moment."""
    asked = select(roles_table).where(
        _ROLES.since <= at, or_(_ROLES.until.is_(None), _ROLES.until > at)
    )
    return {row.name: _role(row) for row in work.read(asked.order_by(_ROLES.name))}


def last_version(work: Work, name: str) -> int:
    """Give the newest version a role ever had, or nought."""
    asked = select(_ROLES.version).where(_ROLES.name == name).order_by(_ROLES.version.desc())
    return int(work.read(asked.limit(1)).scalar() or 0)


def add_grant(work: Work, grant: Grant) -> None:
    """Keep a new grant."""
    work.write(
        insert(grants_table).values(
            id=grant.id,
            holder_kind=grant.holder.kind.value,
            holder_id=grant.holder.id,
            role=grant.role,
            scope=grant.scope.as_dict(),
            source=grant.source.value,
            reason=grant.reason,
            salt=work.new_id("slt"),
            granted_by=grant.granted_by,
            starts_at=grant.starts_at,
            ends_at=grant.ends_at,
            revoked_at=grant.revoked_at,
            revoked_by=grant.revoked_by,
            version=grant.version,
        )
    )


def add_revocation(work: Work, grant_id: str, reason: str) -> None:
    """Keep why a grant was taken back."""
    work.write(
        insert(revocations_table).values(grant_id=grant_id, reason=reason, salt=work.new_id("slt"))
    )


def revoked_because(work: Work, grant_id: str) -> str:
    """Give why a grant was taken back; empty if it was not, or ended with something else."""
    asked = select(revocations_table.c.reason).where(revocations_table.c.grant_id == grant_id)
    return str(work.read(asked).scalar() or "")


def save_grant(work: Work, grant: Grant) -> Grant:
    """Keep a new end or the revocation of a grant; whoever changed it in between wins."""
    written = work.write(
        update(grants_table)
        .where(_GRANTS.id == grant.id, _GRANTS.version == grant.version)
        .values(
            ends_at=grant.ends_at,
            revoked_at=grant.revoked_at,
            revoked_by=grant.revoked_by,
            version=grant.version + 1,
        )
    )
    if written.count != 1:
        raise ConflictError(
            "somebody else changed this grant meanwhile",
            subject=grant.id,
            remedy="Read it again, then change it.",
        )
    return _grant(written.rows[0])


def grant(work: Work, grant_id: str) -> Grant:
    """Find a grant."""
    found = work.read(select(grants_table).where(_GRANTS.id == grant_id)).one_or_none()
    if found is None:
        raise NotFoundError(
            "there is no such grant", subject=grant_id, remedy="See `muniment access grants`."
        )
    return _grant(found)


def grants_of(work: Work, holders: Iterable[Holder]) -> tuple[Grant, ...]:
    """List all grants somebody ever had, oldest first."""
    ids = sorted({holder.id for holder in holders})
    return tuple(_grant(row) for row in work.read(_GRANTS_OF, {"of": ids}))


def grants_at(work: Work, at: datetime) -> tuple[Grant, ...]:
    """List the grants that held at a moment."""
    asked = select(grants_table).where(
        _GRANTS.starts_at <= at,
        or_(_GRANTS.ends_at.is_(None), _GRANTS.ends_at > at),
        or_(_GRANTS.revoked_at.is_(None), _GRANTS.revoked_at > at),
    )
    return tuple(_grant(row) for row in work.read(asked.order_by(_GRANTS.id)))


def ended_between(work: Work, since: datetime | None, until: datetime) -> tuple[Grant, ...]:
    """List the grants that ran out by themselves after one moment and not after another."""
    asked = select(grants_table).where(
        _GRANTS.ends_at <= until,
        or_(_GRANTS.revoked_at.is_(None), _GRANTS.revoked_at > _GRANTS.ends_at),
    )
    if since is not None:
        asked = asked.where(_GRANTS.ends_at > since)
    return tuple(_grant(row) for row in work.read(asked.order_by(_GRANTS.id)))


def grants(
    work: Work,
    *,
    holder_id: str = "",
    role: str = "",
    only_holding: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Grant]:
    """List grants, newest first."""
    asked = select(grants_table).order_by(_GRANTS.id.desc())
    if holder_id:
        asked = asked.where(_GRANTS.holder_id == holder_id)
    if role:
        asked = asked.where(_GRANTS.role == role)
    if only_holding:
        asked = asked.where(
            _GRANTS.starts_at <= work.now,
            or_(_GRANTS.ends_at.is_(None), _GRANTS.ends_at > work.now),
            _GRANTS.revoked_at.is_(None),
        )
    if cursor:
        asked = asked.where(_GRANTS.id < str(read_cursor(cursor, 1)[0]))
    rows = work.read(asked.limit(require_limit(limit) + 1)).all()
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(_grant(row) for row in rows[:limit]), more)


def add_exception(work: Work, leave: DutyException) -> None:
    """Keep leave to hold conflicting duties."""
    work.write(
        insert(exceptions_table).values(
            id=leave.id,
            person_id=leave.person_id,
            one=leave.one,
            other=leave.other,
            scope=leave.scope.as_dict(),
            reason=leave.reason,
            salt=work.new_id("slt"),
            approved_by=leave.approved_by,
            starts_at=leave.starts_at,
            ends_at=leave.ends_at,
            uses=leave.uses,
        )
    )


def count_use(work: Work, exception_id: str) -> None:
    """Count that a grant was given under an exception."""
    work.write(
        update(exceptions_table)
        .where(_EXCEPTIONS.id == exception_id)
        .values(uses=_EXCEPTIONS.uses + 1)
    )


def exceptions(work: Work, person_id: str = "") -> tuple[DutyException, ...]:
    """List the exceptions there are, or those of one person."""
    asked = select(exceptions_table).order_by(_EXCEPTIONS.id)
    if person_id:
        asked = asked.where(_EXCEPTIONS.person_id == person_id)
    return tuple(
        DutyException(
            id=row.id,
            person_id=PersonId(row.person_id),
            one=row.one,
            other=row.other,
            scope=Scope.read(row.scope),
            reason=row.reason,
            approved_by=row.approved_by,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            uses=row.uses,
        )
        for row in work.read(asked)
    )


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        id=row.id,
        holder=Holder(HolderKind(row.holder_kind), row.holder_id),
        role=row.role,
        scope=Scope.read(row.scope),
        source=GrantSource(row.source),
        reason=row.reason,
        granted_by=row.granted_by,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        version=row.version,
    )


def _role(row: Row[Any]) -> Role:
    return Role(
        name=row.name,
        says=row.says,
        permissions=frozenset(row.permissions),
        must_expire=bool(row.must_expire),
        must_scope=bool(row.must_scope),
        views_recorded=bool(row.views_recorded),
        version=row.version,
    )
