"""One-time links and the steps of a sign-in under way: kept by digest, taken once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from muniment.access.models import Link, LinkPurpose, Step, StepKind
from muniment.access.store.signin_tables import links_table as links
from muniment.access.store.signin_tables import seen_table as seen
from muniment.access.store.signin_tables import steps_table as steps
from muniment.db import Work


def add_link(work: Work, link: Link) -> None:
    """Keep a new link; the unused ones before it, of its purpose and person, are ended."""
    work.write(
        update(links)
        .where(
            links.c.purpose == link.purpose.value,
            links.c.person_id == link.person_id,
            links.c.used_at.is_(None),
            links.c.expires_at > work.now,
        )
        .values(expires_at=work.now)
    )
    work.write(
        insert(links).values(
            digest=link.digest,
            purpose=link.purpose.value,
            person_id=link.person_id,
            created_at=link.created_at,
            expires_at=link.expires_at,
        )
    )


def link(work: Work, digest: str) -> Link | None:
    """Find a link by the digest of its secret."""
    row = work.read(select(links).where(links.c.digest == digest)).one_or_none()
    return None if row is None else _link(row)


def take_link(work: Work, digest: str) -> Link | None:
    """Use a link up; give it if it was good, once only."""
    taken = work.write(
        update(links)
        .where(links.c.digest == digest, links.c.used_at.is_(None), links.c.expires_at > work.now)
        .values(used_at=work.now)
    )
    return _link(taken.rows[0]) if taken.rows else None


def add_step(work: Work, step: Step) -> None:
    """Keep a step that is under way; those whose time is over go."""
    work.write(delete(steps).where(steps.c.expires_at <= work.now))
    work.write(
        insert(steps).values(
            digest=step.digest,
            kind=step.kind.value,
            data=dict(step.data),
            expires_at=step.expires_at,
            tries=0,
        )
    )


def step(work: Work, digest: str, kind: StepKind) -> Step | None:
    """Look at a step without using it up."""
    asked = select(steps).where(
        steps.c.digest == digest, steps.c.kind == kind.value, steps.c.expires_at > work.now
    )
    row = work.read(asked).one_or_none()
    if row is None:
        return None
    return Step(row.digest, StepKind(row.kind), row.data, row.expires_at, row.tries)


def count_try(work: Work, digest: str, *, most: int) -> bool:
    """Count a try at a step; tell whether it was still allowed."""
    counted = work.write(
        update(steps)
        .where(steps.c.digest == digest, steps.c.tries < most, steps.c.expires_at > work.now)
        .values(tries=steps.c.tries + 1)
    )
    return counted.count == 1


def take_step(work: Work, digest: str, kind: StepKind) -> Step | None:
    """Use a step up; give it if it was good, once only."""
    found = step(work, digest, kind)
    if found is None:
        return None
    gone = work.write(delete(steps).where(steps.c.digest == digest))
    return found if gone.count == 1 else None


def take_token(work: Work, digest: str, expires_at: datetime) -> bool:
    """Remember a single-use token; tell whether it is the first time."""
    work.write(delete(seen).where(seen.c.expires_at <= work.now))
    return work.insert_if_absent(seen, {"digest": digest, "expires_at": expires_at})


def _link(row: Row[Any]) -> Link:
    return Link(
        row.digest,
        LinkPurpose(row.purpose),
        row.person_id,
        row.created_at,
        row.expires_at,
        row.used_at,
    )
