"""Messages: which groups each carries over which channel, and how it fared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from muniment.core.errors import ConflictError, NotFoundError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.notices.models import Group, MessageState, Outgoing, Severity
from muniment.notices.store.groups import of_ids
from muniment.notices.store.tables import messages_table, parts_table

_MESSAGES = messages_table.c


def add(work: Work, message: Outgoing, group_ids: Iterable[str]) -> None:
    """Put a message down with what it carries."""
    work.write(
        insert(messages_table).values(
            id=message.id,
            channel_id=message.channel_id,
            subscription_id=message.subscription_id,
            person=message.person,
            severity=message.severity.value,
            state=message.state.value,
            attempts=message.attempts,
            why=message.why,
            made_at=message.made_at,
            next_at=message.next_at,
            version=message.version,
        )
    )
    rows = [{"message_id": message.id, "group_id": each} for each in group_ids]
    work.write(insert(parts_table), rows)


def get(work: Work, message_id: str) -> Outgoing:
    """Read one message."""
    asked = select(messages_table).where(_MESSAGES.id == message_id)
    row = work.read(asked).one_or_none()
    if row is None:
        raise NotFoundError("there is no such message", subject=message_id[:60])
    return _message(row)


def carried(work: Work, message_id: str) -> tuple[Group, ...]:
    """List the groups a message carries."""
    asked = select(parts_table.c.group_id).where(parts_table.c.message_id == message_id)
    return of_ids(work, work.read(asked).scalars().all())


def save(work: Work, message: Outgoing) -> Outgoing:
    """Write how a message fared, if nobody else did meanwhile."""
    done = work.write(
        update(messages_table)
        .where(_MESSAGES.id == message.id, _MESSAGES.version == message.version)
        .values(
            state=message.state.value,
            attempts=message.attempts,
            why=message.why[:200],
            next_at=message.next_at,
            ended_at=message.ended_at,
            version=message.version + 1,
        )
    )
    if done.count != 1:
        raise ConflictError("another worker wrote this first", subject=message.id)
    return replace(message, version=message.version + 1)


def of_groups(work: Work, group_ids: Collection[str]) -> dict[str, tuple[Outgoing, ...]]:
    """List the messages that carry each of some groups, the oldest first."""
    found: dict[str, list[Outgoing]] = {each: [] for each in group_ids}
    asked = (
        select(messages_table, parts_table.c.group_id)
        .join(parts_table, parts_table.c.message_id == _MESSAGES.id)
        .where(parts_table.c.group_id.in_(sorted(group_ids)))
        .order_by(_MESSAGES.id)
    )
    for row in work.read(asked):
        found[row.group_id].append(_message(row))
    return {each: tuple(messages) for each, messages in found.items()}


def find(
    work: Work,
    *,
    channel_id: str = "",
    state: MessageState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Outgoing]:
    """List messages, newest first."""
    asked = select(messages_table).order_by(_MESSAGES.id.desc()).limit(require_limit(limit) + 1)
    if channel_id:
        asked = asked.where(_MESSAGES.channel_id == channel_id)
    if state is not None:
        asked = asked.where(_MESSAGES.state == state.value)
    if cursor:
        asked = asked.where(_MESSAGES.id < str(read_cursor(cursor, 1)[0]))
    rows = [_message(row) for row in work.read(asked)]
    more = write_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), more)


def overdue(work: Work, before: datetime, *, limit: int) -> tuple[Outgoing, ...]:
    """List messages whose time to be tried passed long ago and that nobody tried."""
    open_states = (MessageState.WAITING.value, MessageState.TRY_LATER.value)
    asked = select(messages_table).where(
        _MESSAGES.state.in_(open_states), _MESSAGES.next_at < before
    )
    return tuple(_message(row) for row in work.read(asked.order_by(_MESSAGES.id).limit(limit)))


def counts(work: Work, since: datetime) -> dict[str, dict[MessageState, int]]:
    """Count messages since a moment by channel and state."""
    how_many = func.count().label("how_many")
    asked = (
        select(_MESSAGES.channel_id, _MESSAGES.state, how_many)
        .where(_MESSAGES.made_at >= since)
        .group_by(_MESSAGES.channel_id, _MESSAGES.state)
    )
    found: dict[str, dict[MessageState, int]] = {}
    for row in work.read(asked):
        found.setdefault(row.channel_id, {})[MessageState(row.state)] = row.how_many
    return found


def _message(row: Row[Any]) -> Outgoing:
    return Outgoing(
        id=row.id,
        channel_id=row.channel_id,
        subscription_id=row.subscription_id,
        person=row.person,
        severity=Severity(row.severity),
        state=MessageState(row.state),
        attempts=row.attempts,
        made_at=row.made_at,
        next_at=row.next_at,
        why=row.why,
        ended_at=row.ended_at,
        version=row.version,
    )
