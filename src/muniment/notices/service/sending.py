"""From groups to messages, and from messages to the outside.

A group whose window ended is put into one message for each way somebody takes it; what is due over
the same way at once travels together. A message is sent outside every transaction and what came of
it is written after: killed in between, it is sent again, under the same id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from muniment import jobs, ledger
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.errors import MunimentError, NotFoundError
from muniment.db import Database, Work
from muniment.jobs import Run
from muniment.ledger.kinds.notices import Delayed, Delivered, GivenUp, Posted
from muniment.notices import rules, store
from muniment.notices.models import (
    Channel,
    Group,
    Hours,
    MessageState,
    Outgoing,
    SubscriberKind,
    Subscription,
)
from muniment.notices.service.courier import Courier
from muniment.notices.service.quiet import hours_for, zone_of
from muniment.plugins.sockets import Delivery, Message

SEND: Final = "notices.send"
_AT_ONCE: Final = 500
_TRIES_OF_A_JOB: Final = 100
_FORGOTTEN_AFTER: Final = timedelta(hours=1)
# Its own failures are told in the inbox only: over a channel they would fail and be told again.
_INBOX_ONLY: Final = frozenset({"notices.given_up"})


@dataclass(frozen=True, slots=True)
class _Way:
    """One way out: over a channel, to a subscription, from a moment on."""

    subscription: Subscription
    at: datetime


def post_ripe(work: Work, courier: Courier) -> int:
    """Close the groups whose window ended and put them into messages; give how many groups."""
    ripe = store.groups.ripe(work, work.now, limit=_AT_ONCE)
    if not ripe:
        return 0
    posted = _post(work, courier, ripe)
    ids = tuple(each.id for each in ripe)
    store.groups.mark(work, ids, sent_at=work.now)
    ledger.record(work, Posted(ids, sum(each.count for each in ripe), posted))
    return len(ripe)


def post_again(work: Work, courier: Courier, group: Group, people: tuple[str, ...]) -> None:
    """Put a group into messages for people and a role who were not told of it before."""
    posted = _post(work, courier, (group,), only=people)
    if posted:
        ledger.record(work, Posted((group.id,), group.count, posted))


def _post(
    work: Work,
    courier: Courier,
    groups: tuple[Group, ...],
    only: tuple[str, ...] | None = None,
) -> tuple[str, ...]:
    outside = [each for each in groups if each.kind not in _INBOX_ONLY]
    ways = _ways(work, courier, outside, only)
    return tuple(
        _put_down(work, way.subscription, way.at, carried) for way, carried in ways.items()
    )


def _ways(
    work: Work,
    courier: Courier,
    groups: list[Group],
    only: tuple[str, ...] | None,
) -> dict[_Way, list[Group]]:
    """Find which groups leave by which way; whoever has looked already is not disturbed."""
    people = store.groups.unseen_people(work, [each.id for each in groups])
    if only is not None:
        people = {each: tuple(p for p in told if p in only) for each, told in people.items()}
    everybody = {person for told in people.values() for person in told}
    roles = {role for each in groups for role in each.roles}
    hours = hours_for(work, courier.settings, everybody)
    channels = {each.id: each for each in store.channels.channels(work)}
    found: dict[_Way, list[Group]] = {}
    for subscription in store.channels.subscriptions_of(work, everybody, roles):
        channel = channels[subscription.channel_id]
        own = hours.get(subscription.holder, hours[""])
        for group in groups:
            if _hears(subscription, channel, group, people[group.id]):
                at = _free_at(own, group, work.now)
                found.setdefault(_Way(subscription, at), []).append(group)
    return found


def _free_at(hours: Hours | None, group: Group, at: datetime) -> datetime:
    zone = zone_of(hours.zone if hours is not None else "UTC")
    return rules.free_at(hours, zone, group.severity, at)


def _hears(
    subscription: Subscription, channel: Channel, group: Group, people: tuple[str, ...]
) -> bool:
    least = max(subscription.least.rank, channel.least.rank)
    if group.severity.rank < least:
        return False
    if subscription.kind is SubscriberKind.ROLE:
        return subscription.holder in group.roles
    return subscription.holder in people


def _put_down(work: Work, subscription: Subscription, at: datetime, groups: list[Group]) -> str:
    person = subscription.holder if subscription.kind is SubscriberKind.PERSON else ""
    message = Outgoing(
        id=work.new_id("msg"),
        channel_id=subscription.channel_id,
        subscription_id=subscription.id,
        person=person,
        severity=rules.gravest(groups),
        state=MessageState.WAITING,
        attempts=0,
        made_at=work.now,
        next_at=at,
        why="it waits for the end of quiet hours" if at > work.now else "",
    )
    store.messages.add(work, message, [each.id for each in groups])
    _plan(work, message)
    return message.id


def _plan(work: Work, message: Outgoing) -> None:
    """Have a message tried at its time, once for each attempt."""
    jobs.enqueue(
        work,
        SEND,
        {"message": message.id},
        run_at=message.next_at,
        key=f"{message.id}#{message.attempts}",
        max_attempts=_TRIES_OF_A_JOB,
    )


def send(run: Run, database: Database, courier: Courier) -> None:
    """Try one message once, then write what came of it together with the end of the job."""
    message_id = str(run.job.payload["message"])
    with database.look(system_actor(SEND)) as work:
        message = store.messages.get(work, message_id)
        ready = None if message.state.is_final else _ready(work, courier, message)
    if message.state.is_final:
        return
    ended = not isinstance(ready, tuple)
    outcome, why = _tried(courier, ready)
    with run.work() as work:
        fared(work, courier, message, outcome, why, ended=ended)
        run.finish(work)


def fared(
    work: Work,
    courier: Courier,
    message: Outgoing,
    outcome: Delivery,
    why: str,
    *,
    ended: bool = False,
) -> Outgoing:
    """Write how an attempt fared: delivered, tried later with a longer pause, or never."""
    attempts = message.attempts + 1
    spent = outcome is Delivery.TRY_LATER and rules.is_spent(
        attempts, courier.settings.notices.attempts
    )
    if outcome is Delivery.TRY_LATER and not spent:
        again_at = work.now + rules.delay(message.id, attempts)
        saved = store.messages.save(
            work,
            replace(
                message,
                state=MessageState.TRY_LATER,
                attempts=attempts,
                next_at=again_at,
                why=why,
            ),
        )
        _plan(work, saved)
        ledger.record(
            work, Delayed(message.id, message.channel_id, attempts, again_at=stamp(again_at))
        )
        return saved
    delivered = outcome is Delivery.DELIVERED
    state = MessageState.DELIVERED if delivered else MessageState.NEVER
    saved = store.messages.save(
        work, replace(message, state=state, attempts=attempts, why=why, ended_at=work.now)
    )
    if delivered:
        ledger.record(work, Delivered(message.id, message.channel_id, attempts))
    else:
        cause = "ended" if ended else "spent" if spent else "refused"
        ledger.record(work, GivenUp(message.channel_id, message.id, attempts, cause))
    return saved


def look_after(work: Work) -> int:
    """Plan again what was planned and never tried, such as after a queue was restored."""
    forgotten = store.messages.overdue(work, work.now - _FORGOTTEN_AFTER, limit=_AT_ONCE)
    for message in forgotten:
        jobs.enqueue(
            work,
            SEND,
            {"message": message.id},
            key=f"{message.id}#{message.attempts}@{work.now:%Y%m%d%H}",
            max_attempts=_TRIES_OF_A_JOB,
        )
    return len(forgotten)


def _ready(work: Work, courier: Courier, message: Outgoing) -> tuple[str, Message] | str:
    """Put a message together, or say why it can never leave."""
    try:
        channel = store.channels.channel(work, message.channel_id)
    except NotFoundError:
        return "its channel is gone"
    subscription = store.channels.subscription(work, message.subscription_id)
    if not channel.active:
        return "its channel was switched off"
    if subscription is None:
        return "its address was removed"
    groups = store.messages.carried(work, message.id)
    secrets = courier.open(channel)
    signing = [secrets.secret]
    if channel.old_until is not None and channel.old_until > work.now:
        signing.append(secrets.old_secret)
    ready = Message(
        id=message.id,
        to=courier.place(channel, secrets, courier.address_of(subscription)),
        title=rules.title_of(groups),
        body=rules.body_of(groups, courier.base),
        link=rules.link_of(groups, courier.base),
        severity=rules.gravest(groups).value,
        facts=rules.facts_of(groups, courier.base),
        secrets=tuple(each for each in signing if each),
    )
    return channel.via, ready


def _tried(courier: Courier, ready: tuple[str, Message] | str | None) -> tuple[Delivery, str]:
    if not isinstance(ready, tuple):
        return Delivery.NEVER, ready or ""
    return try_once(courier, *ready)


def try_once(courier: Courier, via: str, message: Message) -> tuple[Delivery, str]:
    """Hand a message to its notifier; an error of ours is a reason to try later, in its words."""
    try:
        outcome, why = courier.notifier(via).send(message)
    except MunimentError as error:
        return Delivery.TRY_LATER, type(error).__doc__ or error.code
    return outcome, why[:200]


def state_words() -> Mapping[MessageState, str]:
    """Say each state of a message in words."""
    return {
        MessageState.WAITING: "waits",
        MessageState.DELIVERED: "delivered",
        MessageState.TRY_LATER: "try later",
        MessageState.NEVER: "never",
    }
