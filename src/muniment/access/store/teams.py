"""Services and teams, and who was in which team when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, tuple_, update
from sqlalchemy.engine import Row

from muniment.access.models import (
    Holder,
    HolderKind,
    Membership,
    PersonId,
    Service,
    ServiceId,
    ServiceKind,
    Team,
    TeamId,
)
from muniment.access.store.people import note_state
from muniment.access.store.tables import members_table, services_table, teams_table
from muniment.access.store.turns import in_parts
from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work

_SERVICES = services_table.c
_TEAMS = teams_table.c
_MEMBERS = members_table.c
# Built once, for they are asked while calls are under way.
_AT = bindparam("at", type_=_MEMBERS.joined_at.type)
_ONE_SERVICE = select(services_table).where(_SERVICES.id == bindparam("of"))
_MEMBERS_AT = (
    select(members_table)
    .where(_MEMBERS.joined_at <= _AT, or_(_MEMBERS.left_at.is_(None), _MEMBERS.left_at > _AT))
    .order_by(_MEMBERS.id)
)
_TEAMS_OF = _MEMBERS_AT.where(_MEMBERS.member_id.in_(bindparam("of", expanding=True)))


def add_service(work: Work, service: Service) -> None:
    """Keep a new service."""
    work.write(
        insert(services_table).values(
            id=service.id,
            kind=service.kind.value,
            name=service.name,
            owner_id=service.owner_id,
            active=service.active,
            created_at=service.created_at,
            version=service.version,
        )
    )
    _note_service(work, service)


def save_service(work: Work, service: Service) -> Service:
    """Keep what a service is now; whoever changed it in between wins."""
    written = work.write(
        update(services_table)
        .where(_SERVICES.id == service.id, _SERVICES.version == service.version)
        .values(
            name=service.name,
            owner_id=service.owner_id,
            active=service.active,
            version=service.version + 1,
        )
    )
    if written.count != 1:
        raise _changed("service", service.id)
    _note_service(work, service)
    return _service(written.rows[0])


def service(work: Work, service_id: str) -> Service:
    """Find a service."""
    found = work.read(_ONE_SERVICE, {"of": service_id}).one_or_none()
    if found is None:
        raise NotFoundError(
            "there is no such service", subject=service_id, remedy="See `muniment access services`."
        )
    return _service(found)


def services_of(work: Work, owner_id: str) -> tuple[Service, ...]:
    """List the services a person answers for."""
    asked = select(services_table).where(_SERVICES.owner_id == owner_id).order_by(_SERVICES.id)
    return tuple(_service(row) for row in work.read(asked))


def active_services(work: Work) -> tuple[Service, ...]:
    """List the services that are not suspended."""
    asked = select(services_table).where(_SERVICES.active.is_(True)).order_by(_SERVICES.id)
    return tuple(_service(row) for row in work.read(asked))


def services_named(work: Work, ids: Iterable[str]) -> dict[str, Service]:
    """Find several services at once."""
    return {
        row.id: _service(row)
        for some in in_parts(ids)
        for row in work.read(select(services_table).where(_SERVICES.id.in_(some)))
    }


def services(work: Work, *, cursor: str | None = None, limit: int = 50) -> Page[Service]:
    """List services by name."""
    asked = select(services_table).order_by(_SERVICES.name, _SERVICES.id)
    if cursor:
        key = tuple_(_SERVICES.name, _SERVICES.id)
        asked = asked.where(key > tuple_(*read_cursor(cursor, 2)))
    rows = work.read(asked.limit(require_limit(limit) + 1)).all()
    return Page(tuple(_service(row) for row in rows[:limit]), _next(rows, limit))


def add_team(work: Work, team: Team) -> None:
    """Keep a new team."""
    work.write(
        insert(teams_table).values(
            id=team.id,
            name=team.name,
            name_key=team.name.casefold(),
            external_id=team.external_id,
            created_at=team.created_at,
            ended_at=team.ended_at,
            version=team.version,
        )
    )


def save_team(work: Work, team: Team) -> Team:
    """Keep what a team is now; whoever changed it in between wins."""
    written = work.write(
        update(teams_table)
        .where(_TEAMS.id == team.id, _TEAMS.version == team.version)
        .values(
            name=team.name,
            name_key=team.name.casefold() if team.ended_at is None else None,
            external_id=team.external_id,
            ended_at=team.ended_at,
            version=team.version + 1,
        )
    )
    if written.count != 1:
        raise _changed("team", team.id)
    return _team(written.rows[0])


def team(work: Work, team_id: str) -> Team:
    """Find a team."""
    found = work.read(select(teams_table).where(_TEAMS.id == team_id)).one_or_none()
    if found is None:
        raise NotFoundError(
            "there is no such team", subject=team_id, remedy="See `muniment access teams`."
        )
    return _team(found)


def teams_named(work: Work, ids: Iterable[str]) -> dict[str, Team]:
    """Read several teams at once."""
    found = work.read(select(teams_table).where(_TEAMS.id.in_(sorted(set(ids)))))
    return {row.id: _team(row) for row in found}


def team_by_name(work: Work, name: str) -> Team | None:
    """Find a team that goes by a name."""
    asked = select(teams_table).where(_TEAMS.name_key == name.casefold())
    found = work.read(asked).one_or_none()
    return _team(found) if found else None


def team_by_external_id(work: Work, external_id: str) -> Team | None:
    """Find the team that a directory knows under its own id."""
    asked = select(teams_table).where(_TEAMS.external_id == external_id, _TEAMS.ended_at.is_(None))
    found = work.read(asked.order_by(_TEAMS.id).limit(1)).one_or_none()
    return _team(found) if found else None


def teams(
    work: Work, *, ended: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[Team]:
    """List teams by name; ended ones only when asked for."""
    asked = select(teams_table).order_by(_TEAMS.name, _TEAMS.id)
    if not ended:
        asked = asked.where(_TEAMS.ended_at.is_(None))
    if cursor:
        asked = asked.where(tuple_(_TEAMS.name, _TEAMS.id) > tuple_(*read_cursor(cursor, 2)))
    rows = work.read(asked.limit(require_limit(limit) + 1)).all()
    return Page(tuple(_team(row) for row in rows[:limit]), _next(rows, limit))


def add_member(work: Work, membership: Membership) -> None:
    """Keep that somebody is in a team."""
    work.write(
        insert(members_table).values(
            id=membership.id,
            team_id=membership.team_id,
            member_kind=membership.member.kind.value,
            member_id=membership.member.id,
            joined_at=membership.joined_at,
            left_at=membership.left_at,
            standing_key=f"{membership.team_id}|{membership.member.id}",
        )
    )


def end_member(work: Work, membership_id: str) -> None:
    """Keep that somebody is no longer in a team."""
    work.write(
        update(members_table)
        .where(_MEMBERS.id == membership_id, _MEMBERS.left_at.is_(None))
        .values(left_at=work.now, standing_key=None)
    )


def members(work: Work, team_id: str, at: datetime) -> tuple[Membership, ...]:
    """List who was in a team at a moment."""
    return _memberships(work, at, _MEMBERS.team_id == team_id)


def teams_of(work: Work, holders: Iterable[Holder], at: datetime) -> tuple[Membership, ...]:
    """List the teams somebody was in at a moment."""
    given = {"at": at, "of": sorted({holder.id for holder in holders})}
    return tuple(map(_membership, work.read(_TEAMS_OF, given)))


def all_memberships(work: Work, at: datetime) -> tuple[Membership, ...]:
    """List every membership there was at a moment."""
    return _memberships(work, at)


def _memberships(work: Work, at: datetime, *conditions: Any) -> tuple[Membership, ...]:  # noqa: ANN401 column expressions
    return tuple(map(_membership, work.read(_MEMBERS_AT.where(*conditions), {"at": at})))


def _membership(row: Row[Any]) -> Membership:
    return Membership(
        id=row.id,
        team_id=TeamId(row.team_id),
        member=Holder(HolderKind(row.member_kind), row.member_id),
        joined_at=row.joined_at,
        left_at=row.left_at,
    )


def _note_service(work: Work, service: Service) -> None:
    state = "active" if service.active else "suspended"
    note_state(work, Holder(HolderKind.SERVICE, service.id), state, service.owner_id)


def _next(rows: Any, limit: int) -> str | None:  # noqa: ANN401 rows of either table
    return write_cursor([rows[limit - 1].name, rows[limit - 1].id]) if len(rows) > limit else None


def _changed(what: str, named: str) -> ConflictError:
    return ConflictError(
        f"somebody else changed this {what} meanwhile",
        subject=named,
        remedy="Read it again, then change it.",
    )


def _service(row: Row[Any]) -> Service:
    return Service(
        id=ServiceId(row.id),
        kind=ServiceKind(row.kind),
        name=row.name,
        owner_id=PersonId(row.owner_id),
        active=bool(row.active),
        created_at=row.created_at,
        version=row.version,
    )


def _team(row: Row[Any]) -> Team:
    return Team(
        id=TeamId(row.id),
        name=row.name,
        created_at=row.created_at,
        external_id=row.external_id,
        ended_at=row.ended_at,
        version=row.version,
    )
