"""What a directory does with people and teams: it adds, changes, closes and removes them.

Everything goes through the verbs that people use too, so the same rules hold and the same records
are written; one record more says that it was the directory. Whoever is taken out is suspended or
has left, and all their sessions and keys are over with the same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    Entry,
    Holder,
    HolderKind,
    KnownPerson,
    KnownTeam,
    Person,
    PersonId,
    PersonState,
    Team,
    TeamId,
    ToldPerson,
    ToldTeam,
)
from muniment.access.service.gate import change, require
from muniment.access.service.joining import add_team, change_team, end_team, join, part
from muniment.access.service.people import leave, reactivate, suspend
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import PersonAdded, PersonChanged
from muniment.ledger.kinds.signin import DirectoryChanged

_PEOPLE: Final = "access.manage_people"
_TEAMS: Final = "access.manage_teams"
_USER: Final = "User"
_GROUP: Final = "Group"
_PAGE: Final = 200
_SOURCE: Final = "scim"


def known_people(work: Work) -> tuple[KnownPerson, ...]:
    """List everybody a directory may see, the oldest first."""
    require(work, _PEOPLE)
    told = store.entries(work, _USER)
    inside = _teams_by_person(work)
    here = [each for each in _all_people(work) if each.state is not PersonState.LEFT]
    return tuple(
        KnownPerson(each, told.get(each.id) or _plain(each), inside.get(each.id, ()))
        for each in sorted(here, key=lambda person: person.id)
    )


def known_person(work: Work, person_id: str) -> KnownPerson:
    """Find somebody a directory may see."""
    require(work, _PEOPLE)
    person = store.people_named(work, [person_id]).get(person_id)
    if person is None or person.state is PersonState.LEFT:
        raise NotFoundError("there is no such person", subject=person_id[:60])
    entry = store.entry(work, person_id) or _plain(person)
    return KnownPerson(person, entry, _teams_by_person(work, person_id).get(person_id, ()))


def add_known_person(work: Work, told: ToldPerson) -> KnownPerson:
    """Add a person as a directory tells."""
    change(work, _PEOPLE)
    _require_own_name(work, told.user_name, "")
    person = Person(
        id=PersonId(work.new_id("per")),
        name=rules.clean_name(told.name),
        email=rules.clean_email(told.email) if told.email else "",
        state=PersonState.ACTIVE,
        created_at=work.now,
        source=_SOURCE,
    )
    _require_own_email(work, person)
    record(work, PersonAdded(person.id, person.state.value, person.source))
    store.add_person(work, person, rules.email_key(person.email) if person.email else "")
    _tell(work, _entry_of(person, told), "added")
    if not told.active:
        suspend(work, person.id)
    return known_person(work, person.id)


def set_known_person(work: Work, person_id: str, told: ToldPerson) -> KnownPerson:
    """Make a person what a directory tells; whoever is not active any more is put out at once."""
    change(work, _PEOPLE)
    known = known_person(work, person_id)
    _require_own_name(work, told.user_name, person_id)
    changed = replace(
        known.person,
        name=rules.clean_name(told.name),
        email=rules.clean_email(told.email) if told.email else "",
    )
    if changed != known.person:
        _require_own_email(work, changed)
        record(work, PersonChanged(known.person.id, _changed_fields(known.person, changed)))
        store.save_person(work, changed, rules.email_key(changed.email) if changed.email else "")
    _tell(work, _entry_of(known.person, told), "changed")
    state = known.person.state
    if not told.active and state in (PersonState.ACTIVE, PersonState.INVITED):
        suspend(work, known.person.id)
    if told.active and state is PersonState.SUSPENDED:
        reactivate(work, known.person.id)
    return known_person(work, person_id)


def remove_known_person(work: Work, person_id: str) -> None:
    """Part with a person whom a directory does not know any more."""
    change(work, _PEOPLE)
    known = known_person(work, person_id)
    store.remove_entry(work, person_id)
    record(work, DirectoryChanged(_USER, person_id, "removed"))
    leave(work, known.person.id)


def known_teams(work: Work) -> tuple[KnownTeam, ...]:
    """List every team a directory may see, the oldest first."""
    require(work, _TEAMS)
    told = store.entries(work, _GROUP)
    here = [each for each in _all_teams(work) if each.ended_at is None]
    return tuple(
        KnownTeam(each, told.get(each.id) or _plain_team(each), _members(work, each.id))
        for each in sorted(here, key=lambda team: team.id)
    )


def known_team(work: Work, team_id: str) -> KnownTeam:
    """Find a team a directory may see."""
    require(work, _TEAMS)
    team = store.teams_named(work, [team_id]).get(team_id)
    if team is None or team.ended_at is not None:
        raise NotFoundError("there is no such team", subject=team_id[:60])
    entry = store.entry(work, team_id) or _plain_team(team)
    return KnownTeam(team, entry, _members(work, team_id))


def add_known_team(work: Work, told: ToldTeam) -> KnownTeam:
    """Add a team as a directory tells."""
    team = add_team(work, told.name, external_id=told.external_id)
    _tell(work, Entry(team.id, _GROUP, told.external_id, team.name), "added")
    _set_members(work, team.id, told.members)
    return known_team(work, team.id)


def set_known_team(work: Work, team_id: str, told: ToldTeam) -> KnownTeam:
    """Make a team what a directory tells; whoever is not in it any more holds nothing by it."""
    known = known_team(work, team_id)
    change_team(work, known.team.id, name=told.name, external_id=told.external_id)
    _tell(work, Entry(team_id, _GROUP, told.external_id, told.name), "changed")
    _set_members(work, known.team.id, told.members)
    return known_team(work, team_id)


def remove_known_team(work: Work, team_id: str) -> None:
    """End a team that a directory does not know any more."""
    known = known_team(work, team_id)
    store.remove_entry(work, team_id)
    record(work, DirectoryChanged(_GROUP, team_id, "removed"))
    end_team(work, known.team.id)


def _set_members(work: Work, team_id: TeamId, wanted: frozenset[str]) -> None:
    there = {person for person, _ in _members(work, team_id)}
    for person_id in sorted(there - wanted):
        part(work, team_id, Holder(HolderKind.PERSON, person_id))
    known = store.people_named(work, wanted - there)
    for person_id in sorted(wanted - there):
        if person_id not in known or known[person_id].state is PersonState.LEFT:
            raise NotFoundError("a member is not known", subject=person_id[:60], field="members")
        join(work, team_id, Holder(HolderKind.PERSON, person_id))


def _members(work: Work, team_id: str) -> tuple[tuple[str, str], ...]:
    inside = store.members(work, team_id, work.now)
    ids = [each.member.id for each in inside if each.member.kind is HolderKind.PERSON]
    named = store.people_named(work, ids)
    return tuple((each, named[each].name) for each in sorted(ids) if each in named)


def _teams_by_person(work: Work, person_id: str = "") -> dict[str, tuple[tuple[str, str], ...]]:
    if person_id:
        holder = Holder(HolderKind.PERSON, person_id)
        memberships = store.teams_of(work, [holder], work.now)
    else:
        memberships = store.all_memberships(work, work.now)
    named = store.teams_named(work, [each.team_id for each in memberships])
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for each in memberships:
        if each.member.kind is HolderKind.PERSON and each.team_id in named:
            before = found.get(each.member.id, ())
            found[each.member.id] = (*before, (each.team_id, named[each.team_id].name))
    return found


def _all_people(work: Work) -> list[Person]:
    found: list[Person] = []
    cursor: str | None = None
    while True:
        page = store.people(work, cursor=cursor, limit=_PAGE)
        found.extend(page.rows)
        cursor = page.next_cursor
        if cursor is None:
            return found


def _all_teams(work: Work) -> list[Team]:
    found: list[Team] = []
    cursor: str | None = None
    while True:
        page = store.teams(work, cursor=cursor, limit=_PAGE)
        found.extend(page.rows)
        cursor = page.next_cursor
        if cursor is None:
            return found


def _tell(work: Work, entry: Entry, verb: str) -> None:
    store.set_entry(work, entry)
    record(work, DirectoryChanged(entry.resource, entry.id, verb))


def _entry_of(person: Person, told: ToldPerson) -> Entry:
    return Entry(person.id, _USER, told.external_id, told.user_name, told.extra)


def _plain(person: Person) -> Entry:
    return Entry(person.id, _USER, user_name=person.email or person.id)


def _plain_team(team: Team) -> Entry:
    return Entry(team.id, _GROUP, team.external_id, team.name)


def _changed_fields(before: Person, after: Person) -> tuple[str, ...]:
    return tuple(
        name for name in ("name", "email") if getattr(before, name) != getattr(after, name)
    )


def _require_own_name(work: Work, user_name: str, person_id: str) -> None:
    wanted = user_name.casefold()
    for each in known_people(work):
        if each.person.id != person_id and each.entry.user_name.casefold() == wanted:
            raise ConflictError(
                "somebody else has this name", subject=each.person.id, field="userName"
            )


def _require_own_email(work: Work, person: Person) -> None:
    other = store.person_by_email(work, rules.email_key(person.email)) if person.email else None
    if other is not None and other.id != person.id:
        raise ConflictError(
            "somebody else has this e-mail address", subject=other.id, field="emails"
        )
