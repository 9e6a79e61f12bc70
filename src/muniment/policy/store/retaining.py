"""Facts that are pruned, and what is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, insert, or_, select, update

from muniment.db import Work
from muniment.policy.models import Hold, HoldSort
from muniment.policy.store.tables import decisions_table, facts_table, holds_table


def pruned_at(work: Work, digest: str) -> datetime | None:
    """Say when facts were pruned, if they were."""
    query = select(facts_table.c.pruned_at).where(facts_table.c.digest == digest)
    found: datetime | None = work.read(query).scalar_one_or_none()
    return found


def lock_old_facts(work: Work, older_than: datetime, most: int) -> tuple[str, ...]:
    """Take some facts that may be pruned, so that nobody decides on them until this is done."""
    query = select(facts_table.c.digest).where(_may_be_pruned(older_than)).limit(most)
    return tuple(work.read(query.with_for_update(skip_locked=True)).scalars().all())


def prune_facts(work: Work, taken: Sequence[str], older_than: datetime) -> tuple[str, ...]:
    """Prune of the facts that were taken those that may be pruned still."""
    table = facts_table
    query = select(table.c.digest).where(table.c.digest.in_(taken), _may_be_pruned(older_than))
    found = tuple(sorted(work.read(query).scalars().all()))
    if found:
        change = update(table).where(table.c.digest.in_(found))
        work.write(change.values(body={}, pruned_at=work.now))
    return found


def add_hold(work: Work, made: Hold) -> None:
    """Put a hold down."""
    row = {
        "id": made.id,
        "sort": made.sort.value,
        "subject": made.subject,
        "reason": made.reason,
        "person": made.person,
        "at": made.at,
        "lifted_at": None,
    }
    work.write(insert(holds_table).values(row))


def hold(work: Work, hold_id: str) -> Hold | None:
    """Find a hold."""
    query = select(holds_table).where(holds_table.c.id == hold_id)
    row = work.read(query).one_or_none()
    return None if row is None else _hold(row)


def holds(work: Work) -> tuple[Hold, ...]:
    """List every hold in the order of time."""
    query = select(holds_table).order_by(holds_table.c.id)
    return tuple(_hold(row) for row in work.read(query).all())


def lift(work: Work, hold_id: str) -> bool:
    """Let a hold end; tell whether it stood."""
    table = holds_table
    change = update(table).where(table.c.id == hold_id, table.c.lifted_at.is_(None))
    return work.write(change.values(lifted_at=work.now)).count == 1


def _may_be_pruned(older_than: datetime) -> Any:  # noqa: ANN401 a condition
    """Facts of old decisions alone, of which none is held."""
    decided, held = decisions_table, holds_table
    about = decided.c.facts == facts_table.c.digest
    keeps = or_(
        held.c.sort == HoldSort.EVERYTHING.value,
        and_(held.c.sort == HoldSort.SYSTEM.value, held.c.subject == decided.c.system),
        and_(held.c.sort == HoldSort.DECISION.value, held.c.subject == decided.c.id),
    )
    stands = exists().where(held.c.lifted_at.is_(None), keeps).correlate(decided)
    needed = exists().where(about, or_(decided.c.at >= older_than, stands))
    return and_(
        facts_table.c.pruned_at.is_(None),
        exists().where(about).correlate(facts_table),
        ~needed.correlate(facts_table),
    )


def _hold(row: Row[Any]) -> Hold:
    return Hold(
        row.id, HoldSort(row.sort), row.subject, row.reason, row.person, row.at, row.lifted_at
    )
