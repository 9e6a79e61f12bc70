"""Channels, who takes notices over them, and routes: set by whoever may manage notices."""

from __future__ import annotations

import secrets as chance
from dataclasses import replace
from datetime import timedelta

from muniment import access, ledger
from muniment.access import PERMISSIONS, Scope
from muniment.core.actor import Actor
from muniment.core.clock import stamp
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Database, Work
from muniment.ledger.kinds.notices import (
    ChannelSet,
    RouteSet,
    SecretRotated,
    Subscribed,
    Tested,
    Unsubscribed,
)
from muniment.notices import rules, store
from muniment.notices.models import (
    Channel,
    Route,
    Secrets,
    Severity,
    SubscriberKind,
    Subscription,
)
from muniment.notices.service.courier import Courier
from muniment.notices.service.sending import try_once
from muniment.notices.service.telling import all_routes
from muniment.plugins.sockets import Delivery, Message

AREA = Scope.of(console="notices")
MANAGE = "notices.manage"
WEBHOOK = "webhook"
_MOST_CHANNELS = 200


def add_channel(
    work: Work,
    courier: Courier,
    *,
    name: str,
    via: str,
    target: str,
    personal: bool = False,
    least: Severity = Severity.INFO,
) -> tuple[Channel, str]:
    """Make a channel; a webhook's secret is given out here and never again."""
    access.require(work, MANAGE, AREA)
    if len(store.channels.channels(work)) >= _MOST_CHANNELS:
        raise ConflictError("there are very many channels", remedy="Switch one off and change it.")
    said = _checked(courier, via, target, personal=personal)
    secret = rules.write_secret(chance.token_bytes(rules.SECRET_BYTES)) if via == WEBHOOK else ""
    channel_id = work.new_id("chn")
    key_id, sealed = courier.seal(channel_id, Secrets(said, secret))
    channel = Channel(
        id=channel_id,
        name=rules.require_words(name, "name"),
        via=via,
        personal=personal,
        least=Severity(least),
        active=True,
        made_at=work.now,
        key_id=key_id,
        sealed=sealed,
        signs=bool(secret),
    )
    store.channels.add_channel(work, channel)
    ledger.record(work, _set(channel))
    return channel, secret


def change_channel(
    work: Work,
    courier: Courier,
    channel_id: str,
    *,
    name: str | None = None,
    target: str = "",
    least: Severity | None = None,
    active: bool | None = None,
    version: int | None = None,
) -> Channel:
    """Rename a channel, send it elsewhere, hear less over it, or switch it off."""
    access.require(work, MANAGE, AREA)
    channel = _current(work, channel_id, version)
    changed = replace(
        channel,
        name=channel.name if name is None else rules.require_words(name, "name"),
        least=channel.least if least is None else Severity(least),
        active=channel.active if active is None else active,
    )
    if target:
        said = _checked(courier, channel.via, target, personal=channel.personal)
        key_id, sealed = courier.seal(channel.id, replace(courier.open(channel), target=said))
        changed = replace(changed, key_id=key_id, sealed=sealed)
    saved = store.channels.save_channel(work, changed)
    ledger.record(work, _set(saved))
    return saved


def rotate_secret(
    work: Work, courier: Courier, channel_id: str, *, version: int | None = None
) -> tuple[Channel, str]:
    """Give a webhook another secret; until the overlap ends the old one signs too."""
    access.require(work, MANAGE, AREA)
    channel = _current(work, channel_id, version)
    if not channel.signs:
        raise InvalidError(
            "this channel does not sign", subject=channel.id, remedy="Only webhooks do."
        )
    overlap = timedelta(seconds=courier.settings.notices.secret_overlap_seconds)
    secret = rules.write_secret(chance.token_bytes(rules.SECRET_BYTES))
    kept = courier.open(channel)
    key_id, sealed = courier.seal(channel.id, Secrets(kept.target, secret, kept.secret))
    saved = store.channels.save_channel(
        work, replace(channel, key_id=key_id, sealed=sealed, old_until=work.now + overlap)
    )
    ledger.record(work, SecretRotated(channel.id, old_until=stamp(work.now + overlap)))
    return saved, secret


def subscribe_role(
    work: Work, channel_id: str, role: str, *, least: Severity = Severity.INFO
) -> Subscription:
    """Let what holders of a role are told also go to a shared channel."""
    access.require(work, MANAGE, AREA)
    channel = store.channels.channel(work, channel_id)
    if channel.personal:
        raise InvalidError(
            "a personal channel needs each person's own address",
            field="channel",
            remedy="Choose a shared channel.",
        )
    if role not in access.all_roles(work):
        raise NotFoundError(f"there is no role {role[:60]!r}", field="role")
    made = Subscription(
        work.new_id("sub"), channel_id, SubscriberKind.ROLE, role, Severity(least), work.now
    )
    store.channels.subscribe(work, made)
    ledger.record(work, subscribed(made))
    return made


def unsubscribe_role(work: Work, subscription_id: str) -> None:
    """Let a role's notices no longer go to a shared channel."""
    access.require(work, MANAGE, AREA)
    found = store.channels.subscription(work, subscription_id)
    if found is None or found.kind is not SubscriberKind.ROLE:
        raise NotFoundError("there is no such subscription", subject=subscription_id[:60])
    gone = store.channels.remove_subscriptions(
        work, found.holder, kind=SubscriberKind.ROLE, ids=[found.id]
    )
    ledger.record(work, Unsubscribed(gone, found.holder, why="ended"))


def erase_addresses(work: Work, person: str) -> tuple[str, ...]:
    """Remove every address and the quiet hours of a person."""
    access.require(work, MANAGE, AREA)
    gone = store.channels.remove_subscriptions(work, person, kind=SubscriberKind.PERSON)
    if store.channels.remove_hours(work, person) or gone:
        ledger.record(work, Unsubscribed(gone, person, why="erased"))
    return gone


def set_route(work: Work, route: Route) -> Route:
    """Keep a route: one of one's own, or another form of one there is from the start."""
    access.require(work, MANAGE, AREA)
    rules.require_route(
        route,
        kinds=ledger.all_kinds(),
        roles=access.all_roles(work),
        permissions=PERMISSIONS,
    )
    kept = dict(rules.route_as_json(route))
    saved = store.channels.save_route(work, replace(route, built_in=False), kept)
    ledger.record(work, RouteSet(route.name, digest_value(kept), route.active))
    return saved


def routes(work: Work) -> tuple[Route, ...]:
    """List every route, those from the start first."""
    access.require(work, "notices.read", AREA)
    return tuple(all_routes(work).values())


def route(work: Work, name: str) -> Route:
    """Read one route."""
    access.require(work, "notices.read", AREA)
    found = all_routes(work).get(name)
    if found is None:
        raise NotFoundError(
            "there is no such route", subject=name[:60], remedy="See `muniment notices routes`."
        )
    return found


def try_channel(
    database: Database, actor: Actor, courier: Courier, channel_id: str, *, address: str = ""
) -> tuple[Delivery, str]:
    """Send a test over a channel now; it is recorded that it was tried and how it fared."""
    with database.look(actor) as work:
        access.require(work, MANAGE, AREA)
        channel = store.channels.channel(work, channel_id)
        if channel.personal and not address:
            raise InvalidError(
                "a personal channel needs an address to try", field="address", remedy="Give one."
            )
        secrets = courier.open(channel)
        message = Message(
            id=work.new_id("msg"),
            to=courier.place(channel, secrets, address),
            title="A test of this channel",
            body="Somebody tried whether notices of Muniment arrive here. They do.",
            link=f"{courier.base}/console/notices",
            severity=Severity.INFO.value,
            facts=({"kind": "notices.test", "severity": "info"},),
            secrets=(secrets.secret,) if secrets.secret else (),
        )
    outcome, why = try_once(courier, channel.via, message)
    with database.work(actor) as work:
        access.require(work, MANAGE, AREA)
        ledger.record(work, Tested(channel_id, outcome.value))
    return outcome, why


def subscribed(made: Subscription) -> Subscribed:
    """Say in a record that somebody subscribed."""
    return Subscribed(made.channel_id, made.id, made.kind.value, made.holder, made.least.value)


def _checked(courier: Courier, via: str, target: str, *, personal: bool) -> str:
    said = rules.require_target(target, personal=personal)
    courier.notifier(via).require(rules.placed(said, "somebody%40example.org"))
    return said


def _current(work: Work, channel_id: str, version: int | None) -> Channel:
    channel = store.channels.channel(work, channel_id)
    if version is not None and version != channel.version:
        raise ConflictError(
            "somebody else changed this channel meanwhile",
            subject=channel_id,
            remedy="Look at it again.",
        )
    return channel


def _set(channel: Channel) -> ChannelSet:
    return ChannelSet(
        channel.id, channel.via, channel.personal, channel.least.value, channel.active
    )
