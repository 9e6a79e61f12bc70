"""Limits and stops, and the number that tells every process that some changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from muniment.db import Work
from muniment.exchanges.models import Limit, Measure, ScopeKind, Stop, StopKind, Window
from muniment.exchanges.store.tables import limits_table, pulses_table, stops_table

PULSE: Final = select(pulses_table.c.number).where(pulses_table.c.id == 1)
_BEAT: Final = (
    update(pulses_table).where(pulses_table.c.id == 1).values(number=pulses_table.c.number + 1)
)


def pulse(work: Work) -> int:
    """Read the number of the last change."""
    return int(work.read(PULSE).scalar_one_or_none() or 0)


def beat(work: Work) -> None:
    """Tell every process that limits or stops changed."""
    if not work.write(_BEAT).count:
        work.insert_if_absent(pulses_table, {"id": 1, "number": 0})
        work.write(_BEAT)


def add_limit(work: Work, limit: Limit) -> None:
    """Write a limit down."""
    work.write(
        insert(limits_table).values(
            id=limit.id,
            scope=limit.scope.value,
            scope_id=limit.scope_id,
            measure=limit.measure.value,
            window_kind=limit.window.value,
            amount=limit.amount,
            warn_percent=limit.warn_percent,
            reason=limit.reason,
            changed_by=limit.changed_by,
            changed_at=limit.changed_at,
        )
    )


def change_limit(work: Work, limit: Limit) -> None:
    """Change how much a limit allows, or end it."""
    work.write(
        update(limits_table)
        .where(limits_table.c.id == limit.id)
        .values(
            amount=limit.amount,
            warn_percent=limit.warn_percent,
            reason=limit.reason,
            changed_by=limit.changed_by,
            changed_at=limit.changed_at,
            ended_at=limit.ended_at,
        )
    )


def limits(work: Work, *, ended: bool = False) -> tuple[Limit, ...]:
    """Read the limits that hold, or all that ever did."""
    asked = select(limits_table).order_by(limits_table.c.id)
    if not ended:
        asked = asked.where(limits_table.c.ended_at.is_(None))
    return tuple(_limit(row) for row in work.read(asked))


def limit(work: Work, limit_id: str) -> Limit | None:
    """Read one limit."""
    asked = select(limits_table).where(limits_table.c.id == limit_id).with_for_update()
    row = work.read(asked).one_or_none()
    return None if row is None else _limit(row)


def same_limit(work: Work, wanted: Limit) -> Limit | None:
    """Find the limit that counts the same thing of the same scope in the same window."""
    table = limits_table.c
    asked = select(limits_table).where(
        table.scope == wanted.scope.value,
        table.scope_id == wanted.scope_id,
        table.measure == wanted.measure.value,
        table.window_kind == wanted.window.value,
        table.ended_at.is_(None),
    )
    row = work.read(asked.with_for_update()).first()
    return None if row is None else _limit(row)


def add_stop(work: Work, stop: Stop) -> None:
    """Write down that something is stopped."""
    work.write(
        insert(stops_table).values(
            id=stop.id,
            kind=stop.kind.value,
            name=stop.name,
            reason=stop.reason,
            stopped_by=stop.stopped_by,
            stopped_at=stop.stopped_at,
            ended_by="",
            end_reason="",
        )
    )


def end_stop(work: Work, stop_id: str, by: str, at: datetime, reason: str) -> bool:
    """Let something go on; tell whether it was stopped."""
    done = work.write(
        update(stops_table)
        .where(stops_table.c.id == stop_id, stops_table.c.ended_at.is_(None))
        .values(ended_by=by, ended_at=at, end_reason=reason)
    )
    return done.count == 1


def stops(work: Work, *, ended: bool = False) -> tuple[Stop, ...]:
    """Read what is stopped, or all that ever was, the newest first."""
    asked = select(stops_table).order_by(stops_table.c.id.desc())
    if not ended:
        asked = asked.where(stops_table.c.ended_at.is_(None))
    return tuple(_stop(row) for row in work.read(asked))


def stop(work: Work, stop_id: str) -> Stop | None:
    """Read one stop."""
    row = work.read(select(stops_table).where(stops_table.c.id == stop_id)).one_or_none()
    return None if row is None else _stop(row)


def _limit(row: Row[Any]) -> Limit:
    return Limit(
        row.id,
        ScopeKind(row.scope),
        row.scope_id,
        Measure(row.measure),
        Window(row.window_kind),
        row.amount,
        row.warn_percent,
        row.reason,
        row.changed_by,
        row.changed_at,
        row.ended_at,
    )


def _stop(row: Row[Any]) -> Stop:
    return Stop(
        row.id,
        StopKind(row.kind),
        row.name,
        row.reason,
        row.stopped_by,
        row.stopped_at,
        row.ended_by,
        row.ended_at,
        row.end_reason,
    )
