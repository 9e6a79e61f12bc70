"""Kept decisions, and the facts they were made on under their digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from muniment.core.digest import Digest, digest_value
from muniment.core.page import Page, read_cursor, write_cursor
from muniment.db import Work
from muniment.policy.models import Effect, Facts, Recorded
from muniment.policy.store.tables import decisions_table, facts_table


def keep_facts(work: Work, digest: str, body: dict[str, Any]) -> None:
    """Keep facts under their digest, once; what was pruned is given again.

    The row is taken until this is committed, so that what is decided on again is not pruned.
    """
    table = facts_table
    if work.insert_if_absent(table, {"digest": digest, "body": body, "pruned_at": None}):
        return
    query = select(table.c.pruned_at).where(table.c.digest == digest)
    if work.read(query.with_for_update()).scalar_one() is not None:
        change = update(table).where(table.c.digest == digest)
        work.write(change.values(body=body, pruned_at=None))


def facts(work: Work, digest: str) -> Facts | None:
    """Find facts by their digest; what does not have that digest any more is not given."""
    query = select(facts_table.c.body).where(facts_table.c.digest == digest)
    body = work.read(query).scalar_one_or_none()
    if body is None or digest_value(body) != digest:
        return None
    return Facts.read(body)


def add_decision(work: Work, made: Recorded) -> None:
    """Put a decision down."""
    row = {
        "id": made.id,
        "at": made.at,
        "version": made.version,
        "bundle": made.bundle,
        "facts": made.facts,
        "action": made.action,
        "principal": made.principal,
        "resource_type": made.resource_type,
        "resource": made.resource,
        "system": made.system,
        "effect": made.effect.value,
        "decision": dict(made.decision),
        "shadow_version": made.shadow_version,
        "shadow": None if made.shadow is None else dict(made.shadow),
    }
    work.write(insert(decisions_table).values(row))


def decision(work: Work, decision_id: str) -> Recorded | None:
    """Find a decision."""
    query = select(decisions_table).where(decisions_table.c.id == decision_id)
    row = work.read(query).one_or_none()
    return None if row is None else _recorded(row)


def decisions(
    work: Work, limit: int, cursor: str | None, *, only_moved: bool = False
) -> Page[Recorded]:
    """List decisions, the newest first; or only those where the shadow said something else."""
    table = decisions_table
    query = select(table).order_by(table.c.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(table.c.id < str(read_cursor(cursor, 1)[0]))
    if only_moved:
        query = query.where(table.c.shadow_version > 0, table.c.shadow.is_not(None))
    rows = [_recorded(row) for row in work.read(query).all()]
    after = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), after)


def count_decisions(work: Work, since: datetime, until: datetime) -> int:
    """Count the decisions of a time."""
    table = decisions_table
    query = select(func.count()).where(table.c.at >= since, table.c.at < until)
    return int(work.read(query).scalar_one())


def some_decisions(
    work: Work, since: datetime, until: datetime, most: int
) -> tuple[tuple[Recorded, Facts | None], ...]:
    """Take decisions of a time with their facts, evenly if there are more than so many."""
    table = decisions_table
    step = -(-count_decisions(work, since, until) // most) or 1
    numbered = (
        select(table, func.row_number().over(order_by=table.c.id).label("place"))
        .where(table.c.at >= since, table.c.at < until)
        .subquery()
    )
    query = (
        select(numbered, facts_table.c.body.label("given"))
        .join(facts_table, facts_table.c.digest == numbered.c.facts)
        .where((numbered.c.place - 1) % step == 0)
        .order_by(numbered.c.place)
    )
    return tuple(
        (_recorded(row), Facts.read(row.given) if digest_value(row.given) == row.facts else None)
        for row in work.read(query).all()
    )


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        id=row.id,
        at=row.at,
        version=row.version,
        bundle=Digest(row.bundle),
        facts=Digest(row.facts),
        action=row.action,
        principal=row.principal,
        resource_type=row.resource_type,
        resource=row.resource,
        system=row.system,
        effect=Effect(row.effect),
        decision=row.decision,
        shadow_version=row.shadow_version,
        shadow=row.shadow,
    )
