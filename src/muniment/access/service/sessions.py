"""Sessions of people: begun by a sign-in, found by their secret, ended everywhere at once.

A secret is random, given once, and kept as a digest. Each request looks the session up in the
database, so an ended session opens nothing in any process from the next request on.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from muniment.access import store
from muniment.access.models import (
    Holder,
    HolderKind,
    PersonId,
    PersonState,
    Session,
    SignIn,
)
from muniment.access.rules.secrets import SECRET_BYTES, is_secret, secret_digest
from muniment.access.service.gate import standing_of
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.clock import stamp
from muniment.db import Database, Work
from muniment.ledger import record
from muniment.ledger.kinds.signin import SessionsEnded, SignedIn
from muniment.settings import Settings

_LOOKER: Final = system_actor("sign-in")
_SEEN_EVERY: Final = timedelta(seconds=60)
_AGENT_CHARS: Final = 200
_CREDENTIAL_CHARS: Final = 16


def begin_session(
    work: Work,
    sign_in: SignIn,
    address: str,
    agent: str,
    *,
    settings: Settings,
    source: str = "",
    hint: str = "",
) -> tuple[Session, str]:
    """Begin the stay of a person who has shown who they are; the secret is given this once."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    lasting = settings.access
    session = Session(
        id=secret_digest(secret, of="session"),
        sign_in=sign_in,
        began_at=work.now,
        seen_at=work.now,
        idle_until=work.now + timedelta(seconds=lasting.session_idle_seconds),
        ends_at=work.now + timedelta(seconds=lasting.session_seconds),
        address=address,
        agent="".join(letter for letter in agent if letter.isprintable())[:_AGENT_CHARS],
    )
    store.add_session(work, session, idle_seconds=lasting.session_idle_seconds, hint=hint)
    record(
        work,
        SignedIn(
            person=sign_in.person_id,
            session=session.id,
            methods=tuple(each.value for each in sign_in.methods),
            strong=sign_in.strong,
            source=source or store.source_of(work, address),
            issuer=sign_in.issuer,
            ends_at=stamp(session.ends_at),
        ),
    )
    return session, secret


def identify_session(
    database: Database, secret: str, *, second_factor_roles: Iterable[str] = ()
) -> tuple[Session, Actor] | None:
    """Find who stays under a secret; nobody, if it has ended or its person is not active.

    Whoever came without a second factor and was given a role since that asks for one signs in
    anew.
    """
    if not is_secret(secret):
        return None
    with database.look(_LOOKER) as work:
        found = store.session(work, secret_digest(secret, of="session"))
        if found is None or not found.lives(work.now):
            return None
        if not _still_good(work, found, frozenset(second_factor_roles)):
            return None
        stale = work.now - found.seen_at >= _SEEN_EVERY
    if stale:
        with database.work(_LOOKER) as work:
            store.mark_seen(work, found.id)
    return found, actor_of(found)


def holds_any(work: Work, person_id: PersonId, roles: frozenset[str]) -> bool:
    """Tell whether a person holds one of these roles now."""
    held = standing_of(work, Holder(HolderKind.PERSON, person_id)).grants
    return any(role.name in roles and grant.holds(work.now) for grant, role in held)


def _still_good(work: Work, session: Session, demanding: frozenset[str]) -> bool:
    person_id = session.sign_in.person_id
    active = store.people_named(work, [person_id]).get(person_id)
    if active is None or active.state is not PersonState.ACTIVE:
        return False
    return session.sign_in.strong or not holds_any(work, person_id, demanding)


def actor_of(session: Session) -> Actor:
    """Name a person as the one who acts through this session."""
    credential = f"session:{session.id[:_CREDENTIAL_CHARS]}"
    return Actor(ActorKind.PERSON, session.sign_in.person_id, credential)


def end_session(work: Work, session: Session, why: str) -> bool:
    """End one session; tell whether it had not ended before."""
    ended = store.end_sessions(work, [session.id])
    if ended:
        record(work, SessionsEnded(session.sign_in.person_id, ended, why))
    return bool(ended)


def end_all_sessions(work: Work, person_id: PersonId, why: str, *, but: str = "") -> int:
    """End every session of a person, but one if it is named; give how many."""
    ended = store.end_sessions(
        work, (each for each in store.unended(work, person_id) if each != but)
    )
    if ended:
        record(work, SessionsEnded(person_id, ended, why))
    return len(ended)
