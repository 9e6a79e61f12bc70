"""What people do with their own account, and what an admin may end for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment.access import rules, store
from muniment.access.models import Holder, HolderKind, Key, Person, PersonId, Session
from muniment.access.service.gate import require
from muniment.access.service.sessions import end_all_sessions, end_session
from muniment.core.errors import NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import PersonChanged

_END: Final = "access.end_sessions"
_MOST_SESSIONS: Final = 1_000


def rename_self(work: Work, name: str) -> Person:
    """Let a person say how they are called."""
    store.take_turn(work)
    person = store.person(work, work.actor.id)
    changed = replace(person, name=rules.clean_name(name))
    if changed.name == person.name:
        return person
    record(work, PersonChanged(person.id, ("name",)))
    return store.save_person(work, changed, rules.email_key(changed.email))


def own_sessions(work: Work) -> tuple[Session, ...]:
    """List the sessions of who asks that are good now."""
    found = store.sessions_of(work, PersonId(work.actor.id))
    return tuple(each for each in found if each.lives(work.now))


def own_keys(work: Work) -> tuple[Key, ...]:
    """List the keys of who asks that still work."""
    held = store.keys_of(work, Holder(HolderKind.PERSON, work.actor.id))
    return tuple(each for each in held if each.works(work.now))


def person_by_address(work: Work, address: str) -> Person | None:
    """Find who has an e-mail address; everybody may ask for themselves."""
    found = store.person_by_email(work, rules.email_key(address.strip()))
    if found is not None and found.id != work.actor.id:
        require(work, "access.read")
    return found


def end_own_session(work: Work, session_id: str) -> None:
    """End one of one's own sessions."""
    for each in store.sessions_of(work, PersonId(work.actor.id)):
        if each.id == session_id:
            end_session(work, each, "by the person")
            return
    raise NotFoundError("you have no such session", subject=session_id[:64])


def sessions(work: Work) -> tuple[Session, ...]:
    """List everybody's sessions that are good now."""
    require(work, _END)
    return store.living_sessions(work, limit=_MOST_SESSIONS)


def end_sessions_of(work: Work, person_id: PersonId, why: str) -> int:
    """End every session of somebody else; give how many."""
    require(work, _END)
    store.person(work, person_id)
    return end_all_sessions(work, person_id, rules.clean_reason(why)[:200])
