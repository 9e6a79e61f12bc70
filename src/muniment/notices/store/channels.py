"""Channels, who takes notices over them, when people are left alone, and routes of one's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.notices.models import (
    Channel,
    Hours,
    Route,
    Severity,
    SubscriberKind,
    Subscription,
)
from muniment.notices.store.tables import (
    channels_table,
    hours_table,
    routes_table,
    subscriptions_table,
)

_CHANNELS = channels_table.c
_SUBSCRIPTIONS = subscriptions_table.c


def add_channel(work: Work, channel: Channel) -> None:
    """Keep a new channel."""
    fixed = {"id": channel.id, "via": channel.via, "personal": channel.personal}
    moving = {"made_at": channel.made_at, "version": 1, **_moving(channel)}
    work.write(insert(channels_table).values(**fixed, **moving))


def save_channel(work: Work, channel: Channel) -> Channel:
    """Write what changed in a channel, if nobody else changed it meanwhile."""
    done = work.write(
        update(channels_table)
        .where(_CHANNELS.id == channel.id, _CHANNELS.version == channel.version)
        .values(version=channel.version + 1, **_moving(channel))
    )
    if done.count != 1:
        raise ConflictError(
            "somebody else changed this channel meanwhile",
            subject=channel.id,
            remedy="Look at it again.",
        )
    return replace(channel, version=channel.version + 1)


def channel(work: Work, channel_id: str) -> Channel:
    """Read one channel."""
    asked = select(channels_table).where(_CHANNELS.id == channel_id)
    row = work.read(asked).one_or_none()
    if row is None:
        raise NotFoundError(
            "there is no such channel",
            subject=channel_id[:60],
            remedy="See `muniment notices channels`.",
        )
    return _channel(row)


def channels(work: Work) -> tuple[Channel, ...]:
    """List every channel by name."""
    asked = select(channels_table).order_by(_CHANNELS.name, _CHANNELS.id)
    return tuple(_channel(row) for row in work.read(asked))


def subscribe(work: Work, subscription: Subscription) -> None:
    """Let somebody take notices over a channel; what they had there before is replaced."""
    work.write(
        delete(subscriptions_table).where(
            _SUBSCRIPTIONS.channel_id == subscription.channel_id,
            _SUBSCRIPTIONS.kind == subscription.kind.value,
            _SUBSCRIPTIONS.holder == subscription.holder,
        )
    )
    work.write(
        insert(subscriptions_table).values(
            id=subscription.id,
            channel_id=subscription.channel_id,
            kind=subscription.kind.value,
            holder=subscription.holder,
            least=subscription.least.value,
            key_id=subscription.key_id,
            sealed=subscription.sealed,
            made_at=subscription.made_at,
        )
    )


def subscription(work: Work, subscription_id: str) -> Subscription | None:
    """Read one subscription, if it is still there."""
    asked = select(subscriptions_table).where(_SUBSCRIPTIONS.id == subscription_id)
    row = work.read(asked).one_or_none()
    return None if row is None else _subscription(row)


def subscriptions(work: Work, channel_id: str = "") -> tuple[Subscription, ...]:
    """List who takes notices over a channel, or over any."""
    asked = select(subscriptions_table).order_by(_SUBSCRIPTIONS.id)
    if channel_id:
        asked = asked.where(_SUBSCRIPTIONS.channel_id == channel_id)
    return tuple(_subscription(row) for row in work.read(asked))


def subscriptions_of(
    work: Work, people: Collection[str], roles: Collection[str]
) -> tuple[Subscription, ...]:
    """List what some people and roles subscribed to, over channels that work."""
    asked = (
        select(subscriptions_table)
        .join(channels_table, _CHANNELS.id == _SUBSCRIPTIONS.channel_id)
        .where(
            _CHANNELS.active,
            or_(
                (_SUBSCRIPTIONS.kind == SubscriberKind.PERSON.value)
                & _SUBSCRIPTIONS.holder.in_(sorted(people)),
                (_SUBSCRIPTIONS.kind == SubscriberKind.ROLE.value)
                & _SUBSCRIPTIONS.holder.in_(sorted(roles)),
            ),
        )
    )
    return tuple(_subscription(row) for row in work.read(asked.order_by(_SUBSCRIPTIONS.id)))


def remove_subscriptions(
    work: Work, holder: str, *, kind: SubscriberKind, ids: Collection[str] | None = None
) -> tuple[str, ...]:
    """Remove what somebody subscribed to, with the addresses in it."""
    asked = delete(subscriptions_table).where(
        _SUBSCRIPTIONS.holder == holder, _SUBSCRIPTIONS.kind == kind.value
    )
    if ids is not None:
        asked = asked.where(_SUBSCRIPTIONS.id.in_(sorted(ids)))
    return tuple(sorted(row.id for row in work.write(asked).rows))


def hours_of(work: Work, people: Collection[str]) -> dict[str, Hours]:
    """Read the quiet hours of some people."""
    asked = select(hours_table).where(hours_table.c.person.in_(sorted(people)))
    return {row.person: _hours(row) for row in work.read(asked)}


def set_hours(work: Work, hours: Hours) -> None:
    """Write somebody's quiet hours in place of those they had."""
    remove_hours(work, hours.person)
    work.write(
        insert(hours_table).values(
            person=hours.person,
            zone=hours.zone,
            starts=hours.starts,
            ends=hours.ends,
            weekends=hours.weekends,
            holds=hours.holds.value,
            salt=work.new_id("slt"),
        )
    )


def remove_hours(work: Work, person: str) -> bool:
    """Forget somebody's quiet hours."""
    return work.write(delete(hours_table).where(hours_table.c.person == person)).count == 1


def routes(work: Work) -> tuple[Route, ...]:
    """List the routes that were set here."""
    asked = select(routes_table).order_by(routes_table.c.name)
    return tuple(_route(row) for row in work.read(asked))


def save_route(work: Work, route: Route, kept: dict[str, object]) -> Route:
    """Write a route, if nobody else wrote it meanwhile."""
    values = {
        "route": kept,
        "active": route.active,
        "changed_at": work.now,
        "version": route.version + 1,
    }
    if route.version == 0:
        done = work.insert_if_absent(routes_table, {"name": route.name, **values})
    else:
        table = routes_table
        found = work.write(
            update(table)
            .where(table.c.name == route.name, table.c.version == route.version)
            .values(**values)
        )
        done = found.count == 1
    if not done:
        raise ConflictError(
            "somebody else changed this route meanwhile",
            subject=route.name,
            remedy="Look at it again.",
        )
    return replace(route, version=route.version + 1)


def _moving(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "least": channel.least.value,
        "active": channel.active,
        "key_id": channel.key_id,
        "sealed": channel.sealed,
        "signs": channel.signs,
        "old_until": channel.old_until,
    }


def _channel(row: Row[Any]) -> Channel:
    return Channel(
        id=row.id,
        name=row.name,
        via=row.via,
        personal=row.personal,
        least=Severity(row.least),
        active=row.active,
        made_at=row.made_at,
        key_id=row.key_id,
        sealed=row.sealed,
        signs=row.signs,
        old_until=row.old_until,
        version=row.version,
    )


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        channel_id=row.channel_id,
        kind=SubscriberKind(row.kind),
        holder=row.holder,
        least=Severity(row.least),
        made_at=row.made_at,
        key_id=row.key_id,
        sealed=row.sealed,
    )


def _hours(row: Row[Any]) -> Hours:
    return Hours(row.person, row.zone, row.starts, row.ends, row.weekends, Severity(row.holds))


def _route(row: Row[Any]) -> Route:
    kept: dict[str, Any] = row.route
    listed = ("kinds", "to", "but", "settles")
    values = {**kept, **{name: tuple(kept[name]) for name in listed}}
    values["when"] = (kept["when"][0], tuple(kept["when"][1]))
    values["severity"] = Severity(kept["severity"])
    return Route(name=row.name, active=row.active, version=row.version, **values)
