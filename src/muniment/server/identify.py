"""How this server finds out who calls: keys from memory, sessions from the database.

What a caller may do somewhere is read along, so that pages offer only that. It decides nothing:
whether something is done is judged by the room, in the transaction that does it.
"""

from __future__ import annotations

from muniment import access
from muniment.access import KeyBook, Reception, Scope, Session, Standing, TurnedAway, Visitor
from muniment.core.actor import Actor, system_actor
from muniment.core.errors import UnauthenticatedError
from muniment.db import Database, Work
from muniment.server.callers import Identifier, Shown

_DOOR = system_actor("door")


def make_identifier(
    database: Database, book: KeyBook, reception: Reception, turned_away: TurnedAway
) -> Identifier:
    """Build what the edge asks, over one installation's database."""
    demanding = reception.settings.access.second_factor_roles
    founded = False

    def identify(shown: Shown) -> Visitor | None:
        turned_away.write_if_due()
        try:
            visitor = look_up(shown)
        except UnauthenticatedError:
            turned_away.note(shown.address, "key")
            raise
        if visitor is None and (shown.bearer or shown.client_name):
            turned_away.note(shown.address, "token" if shown.bearer else "certificate")
        return visitor

    def look_up(shown: Shown) -> Visitor | None:
        if access.is_token(shown.bearer):
            actor = access.identify_token(reception, shown.bearer)
            return _visitor(database, actor, None) if actor else None
        if shown.bearer:
            return _visitor(database, book.identify(shown.bearer), None)
        if shown.client_name:
            actor = access.identify_client(reception, shown.client_name)
            return _visitor(database, actor, None) if actor else None
        found = access.identify_session(database, shown.session, second_factor_roles=demanding)
        return _visitor(database, found[1], found[0]) if found else None

    def is_empty() -> bool:
        nonlocal founded
        if not founded:
            with database.look(_DOOR) as work:
                founded = access.is_founded(work)
        return not founded

    return Identifier(identify, is_empty)


def _visitor(database: Database, actor: Actor, session: Session | None) -> Visitor | None:
    with database.look(actor) as work:
        standing = access.standing(work, actor)
        if standing.problem:
            return None
        name = access.names(work, [actor.id]).get(actor.id, actor.id)
        held = held_by(work, standing)
        called = access.organisation(work) if session is not None else ""
    within = standing.limits[1]
    return Visitor(actor, session, name=name, held=held, within=within, organisation=called)


def held_by(work: Work, standing: Standing) -> tuple[tuple[frozenset[str], Scope], ...]:
    """List what somebody may do and where, by grants that hold, within the limits of a key."""
    allowed, _ = standing.limits
    possible = frozenset(
        name
        for name, each in access.PERMISSIONS.items()
        if (allowed is None or name in allowed) and (standing.is_person or not each.person_only)
    )
    return tuple(
        (role.permissions & possible, grant.scope)
        for grant, role in standing.grants
        if grant.holds(work.now)
    )
