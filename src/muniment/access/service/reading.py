"""What can be read of access: lists and single things, each behind its permission."""

from __future__ import annotations

from muniment.access import store
from muniment.access.models import (
    DutyException,
    Grant,
    Holder,
    Identity,
    Key,
    Membership,
    Person,
    PersonState,
    Role,
    Scope,
    Service,
    Team,
)
from muniment.access.service.gate import all_roles, require
from muniment.core.actor import ActorKind
from muniment.core.errors import NotFoundError
from muniment.core.page import Page
from muniment.db import Work

AREA = Scope.of(console="access")
_READ = "access.read"


def person(work: Work, person_id: str) -> Person:
    """Read a person; everybody may read themselves."""
    if not (work.actor.kind is ActorKind.PERSON and work.actor.id == person_id):
        require(work, _READ, AREA)
    return store.person(work, person_id)


def people(
    work: Work,
    *,
    state: PersonState | None = None,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Person]:
    """List people by name."""
    require(work, _READ, AREA)
    return store.people(work, state=state, text=text, cursor=cursor, limit=limit)


def identities(work: Work, person_id: str) -> tuple[Identity, ...]:
    """List who vouches for a person."""
    person(work, person_id)
    return store.identities(work, person_id)


def service(work: Work, service_id: str) -> Service:
    """Read a service."""
    require(work, _READ, AREA)
    return store.service(work, service_id)


def services(work: Work, *, cursor: str | None = None, limit: int = 50) -> Page[Service]:
    """List services by name."""
    require(work, _READ, AREA)
    return store.services(work, cursor=cursor, limit=limit)


def team(work: Work, team_id: str) -> Team:
    """Read a team."""
    require(work, _READ, AREA)
    return store.team(work, team_id)


def teams(
    work: Work, *, ended: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[Team]:
    """List teams by name."""
    require(work, _READ, AREA)
    return store.teams(work, ended=ended, cursor=cursor, limit=limit)


def members(work: Work, team_id: str) -> tuple[Membership, ...]:
    """List who is in a team."""
    require(work, _READ, AREA)
    store.team(work, team_id)
    return store.members(work, team_id, work.now)


def roles(work: Work) -> tuple[Role, ...]:
    """List all roles, built-in ones first."""
    require(work, _READ, AREA)
    return tuple(all_roles(work).values())


def role(work: Work, name: str) -> Role:
    """Read a role."""
    require(work, _READ, AREA)
    found = all_roles(work).get(name)
    if found is None:
        raise NotFoundError(
            "there is no such role", subject=name[:60], remedy="See `muniment access roles`."
        )
    return found


def revoked_because(work: Work, grant_id: str) -> str:
    """Say why a grant was taken back, to who may see it; empty if nobody gave a reason."""
    return store.revoked_because(work, grant_of(work, grant_id).id)


def grant_of(work: Work, grant_id: str) -> Grant:
    """Read a grant; everybody may read their own."""
    found = store.grant(work, grant_id)
    if found.holder.id != work.actor.id:
        require(work, _READ, AREA)
    return found


def grants(
    work: Work,
    *,
    holder_id: str = "",
    role_name: str = "",
    only_holding: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Grant]:
    """List grants, newest first; everybody may list their own."""
    if not holder_id or holder_id != work.actor.id:
        require(work, _READ, AREA)
    return store.grants(
        work,
        holder_id=holder_id,
        role=role_name,
        only_holding=only_holding,
        cursor=cursor,
        limit=limit,
    )


def exceptions(work: Work) -> tuple[DutyException, ...]:
    """List the exceptions from the table of conflicting duties, with how often each was used."""
    require(work, _READ, AREA)
    return store.exceptions(work)


def key_of(work: Work, key_id: str) -> Key:
    """Read a key, without its secret; its holder may."""
    found = store.find_key(work, key_id)
    if not _is_mine(work, found.holder):
        require(work, _READ, AREA)
    return found


def keys(
    work: Work, *, holder: Holder | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Key]:
    """List keys, newest first; everybody may list their own and those of their services."""
    if holder is None or not _is_mine(work, holder):
        require(work, _READ, AREA)
    return store.keys(work, holder_id=holder.id if holder else "", cursor=cursor, limit=limit)


def _is_mine(work: Work, holder: Holder) -> bool:
    if work.actor.kind is ActorKind.SYSTEM:
        return False
    own = {each.id for each in store.services_of(work, work.actor.id)}
    return holder.id == work.actor.id or holder.id in own
