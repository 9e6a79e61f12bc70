"""Teams: who is in one holds what it holds, so joining is judged like granting."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    Grant,
    Holder,
    HolderKind,
    Membership,
    PersonState,
    Team,
    TeamId,
)
from muniment.access.service.gate import all_roles, change, change_own, people_behind
from muniment.access.service.grants import (
    end_grants,
    keep_an_admin,
    require_may_grant,
    require_no_clash,
    written,
)
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import (
    MemberJoined,
    MemberLeft,
    TeamAdded,
    TeamChanged,
    TeamEnded,
)

_MANAGE: Final = "access.manage_teams"


def add_team(work: Work, name: str, *, external_id: str = "") -> Team:
    """Make a team; it holds nothing yet."""
    change(work, _MANAGE)
    team = Team(
        id=TeamId(work.new_id("team")),
        name=rules.clean_name(name),
        created_at=work.now,
        external_id=_clean_external(external_id),
    )
    _require_free(work, team)
    record(work, TeamAdded(team.id))
    store.add_team(work, team)
    return team


def change_team(
    work: Work,
    team_id: TeamId,
    *,
    name: str | None = None,
    external_id: str | None = None,
    version: int | None = None,
) -> Team:
    """Give a team another name, or the id by which a directory knows it."""
    change(work, _MANAGE)
    team = _standing(store.team(work, team_id), version)
    changed = replace(
        team,
        name=team.name if name is None else rules.clean_name(name),
        external_id=team.external_id if external_id is None else _clean_external(external_id),
    )
    if changed == team:
        return team
    _require_free(work, changed)
    names = ("name", "external_id")
    fields = tuple(each for each in names if getattr(changed, each) != getattr(team, each))
    record(work, TeamChanged(team_id, fields))
    return store.save_team(work, changed)


def end_team(work: Work, team_id: TeamId, *, version: int | None = None) -> Team:
    """End a team: nobody holds anything through it any more."""
    change(work, _MANAGE)
    team = _standing(store.team(work, team_id), version)
    held = _grants(work, team_id)
    keep_an_admin(work, grants=[each.id for each in held])
    inside = store.members(work, team_id, work.now)
    record(
        work,
        TeamEnded(team_id, len(inside), tuple(each.id for each in held)),
    )
    end_grants(work, held)
    for each in inside:
        store.end_member(work, each.id)
    return store.save_team(work, replace(team, ended_at=work.now))


def join(work: Work, team_id: TeamId, member: Holder) -> Membership:
    """Put a person or a service into a team, which gives them all that the team holds."""
    relied = change(work, _MANAGE)
    _standing(store.team(work, team_id), None)
    _require_member(work, member)
    if any(each.member == member for each in store.members(work, team_id, work.now)):
        raise ConflictError("they are in this team already", subject=member.id)
    roles = all_roles(work)
    for each in _grants(work, team_id):
        if each.role in roles:
            require_may_grant(work, relied, roles[each.role], member)
    require_no_clash(work, Holder(HolderKind.TEAM, team_id), people_behind(work, member))
    joined = Membership(work.new_id("mem"), team_id, member, work.now)
    record(work, MemberJoined(team_id, joined.id, written(member)))
    store.add_member(work, joined)
    return joined


def part(work: Work, team_id: TeamId, member: Holder) -> Membership:
    """Take somebody out of a team; a person may go by themselves."""
    own = member.kind is HolderKind.PERSON and member.id == work.actor.id
    change_own(work, _MANAGE, own=own)
    inside = [each for each in store.members(work, team_id, work.now) if each.member == member]
    if not inside:
        raise NotFoundError("they are not in this team", subject=member.id)
    keep_an_admin(work, parting=(team_id, member.id))
    record(work, MemberLeft(team_id, inside[0].id, written(member)))
    store.end_member(work, inside[0].id)
    return replace(inside[0], left_at=work.now)


def _grants(work: Work, team_id: TeamId) -> tuple[Grant, ...]:
    held = store.grants_of(work, [Holder(HolderKind.TEAM, team_id)])
    return tuple(
        each
        for each in held
        if each.revoked_at is None and (each.ends_at is None or each.ends_at > work.now)
    )


def _require_member(work: Work, member: Holder) -> None:
    if member.kind is HolderKind.TEAM:
        raise InvalidError(
            "a team is not put into a team",
            field="member",
            remedy="Put its people and services into the other one.",
        )
    if member.kind is HolderKind.SERVICE:
        store.service(work, member.id)
    elif store.person(work, member.id).state is PersonState.LEFT:
        raise ConflictError("this person has left", subject=member.id)


def _require_free(work: Work, team: Team) -> None:
    other = store.team_by_name(work, team.name)
    if other is not None and other.id != team.id:
        raise ConflictError(
            "another team has this name", subject=other.id, field="name", remedy="Choose another."
        )


def _standing(team: Team, version: int | None) -> Team:
    if team.ended_at is not None:
        raise ConflictError("this team has ended", subject=team.id, remedy="Make a new one.")
    if version is not None and version != team.version:
        raise ConflictError(
            "somebody else changed this team meanwhile",
            subject=team.id,
            remedy="Read it again, then change it.",
        )
    return team


def _clean_external(text: str) -> str:
    return rules.clean_name(text, field="external_id") if text else ""
