"""Sessions: who is in, since when, until when; and when each was last seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from muniment.access.models import Method, PersonId, Session, SignIn
from muniment.access.store.signin_tables import sessions_table as sessions
from muniment.access.store.signin_tables import uses_table as uses
from muniment.db import Work


def add_session(work: Work, session: Session, *, idle_seconds: int, hint: str = "") -> None:
    """Keep a new session."""
    work.write(
        insert(sessions).values(
            id=session.id,
            person_id=session.sign_in.person_id,
            methods=[each.value for each in session.sign_in.methods],
            strong=session.sign_in.strong,
            issuer=session.sign_in.issuer,
            began_at=session.began_at,
            idle_seconds=idle_seconds,
            ends_at=session.ends_at,
            address=session.address,
            agent=session.agent,
            salt=work.new_id("slt"),
        )
    )
    work.write(
        insert(uses).values(session_id=session.id, seen_at=session.seen_at, hint=hint),
    )


def session(work: Work, digest: str) -> Session | None:
    """Find a session by the digest of its secret."""
    row = work.read(_joined().where(sessions.c.id == digest)).one_or_none()
    return None if row is None else _session(row)


def sessions_of(work: Work, person_id: PersonId) -> tuple[Session, ...]:
    """List a person's sessions, the newest first."""
    asked = _joined().where(sessions.c.person_id == person_id)
    return tuple(_session(row) for row in work.read(asked.order_by(sessions.c.began_at.desc())))


def living_sessions(work: Work, *, limit: int) -> tuple[Session, ...]:
    """List the sessions that are good now, the newest first."""
    asked = _joined().where(sessions.c.revoked_at.is_(None), sessions.c.ends_at > work.now)
    rows = work.read(asked.order_by(sessions.c.began_at.desc()).limit(limit))
    return tuple(each for each in map(_session, rows) if each.lives(work.now))


def hint_of(work: Work, digest: str) -> str:
    """Give what was kept to end the session at its issuer too."""
    return str(work.read(select(uses.c.hint).where(uses.c.session_id == digest)).scalar() or "")


def mark_seen(work: Work, digest: str) -> None:
    """Keep when a session was last seen."""
    work.write(update(uses).where(uses.c.session_id == digest).values(seen_at=work.now))


def end_sessions(work: Work, digests: Iterable[str]) -> tuple[str, ...]:
    """End sessions; give those that had not ended before."""
    ended = work.write(
        update(sessions)
        .where(sessions.c.id.in_(sorted(digests)), sessions.c.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )
    gone = tuple(sorted(row.id for row in ended.rows))
    if gone:
        work.write(delete(uses).where(uses.c.session_id.in_(gone)))
    return gone


def unended(work: Work, person_id: PersonId) -> tuple[str, ...]:
    """Name a person's sessions that nobody has ended."""
    asked = select(sessions.c.id).where(
        sessions.c.person_id == person_id, sessions.c.revoked_at.is_(None)
    )
    return tuple(work.read(asked).scalars())


def _joined() -> Any:  # noqa: ANN401 a select of two tables
    return select(sessions, uses.c.seen_at).join(
        uses, uses.c.session_id == sessions.c.id, isouter=True
    )


def _session(row: Row[Any]) -> Session:
    seen_at = row.seen_at or row.began_at
    return Session(
        id=row.id,
        sign_in=SignIn(
            PersonId(row.person_id),
            tuple(Method(each) for each in row.methods),
            row.strong,
            row.issuer,
        ),
        began_at=row.began_at,
        seen_at=seen_at,
        idle_until=seen_at + timedelta(seconds=row.idle_seconds),
        ends_at=row.ends_at,
        address=row.address,
        agent=row.agent,
        revoked_at=row.revoked_at,
    )
