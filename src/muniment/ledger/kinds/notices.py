"""What notices record: whom they told of what, how it was delivered, and who looked."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_GROUPS = ("notice_groups", "notice_tellings")
_GROUP = ("notice", "notice")
_MESSAGE = ("message", "message")
_CHANNEL = ("channel", "channel")


@kind("notices.began", covers=("notice_beginnings",))
class NoticesBegan(Struct, frozen=True):
    """From this moment on people are told; what happened before is history."""

    since: str


@kind("notices.told", covers=_GROUPS, subject=_GROUP)
class Told(Struct, frozen=True):
    """People are told of a matter: by which route, because of which record, how grave it is."""

    notice: str
    route: str
    about_kind: str
    about: str
    severity: str
    entry: int
    people: tuple[str, ...]
    roles: tuple[str, ...]


@kind("notices.settled", covers=_GROUPS)
class Settled(Struct, frozen=True):
    """What these notices ask for was done; nobody is told or reminded of them any more."""

    notices: tuple[str, ...]
    entry: int


@kind("notices.seen", covers=_GROUPS)
class SeenBy(Struct, frozen=True):
    """A person looked at these notices, or did what they are about."""

    notices: tuple[str, ...]
    person: str
    how: str


@kind("notices.put_back", covers=_GROUPS)
class PutBack(Struct, frozen=True):
    """A person took back that they looked at these notices; they are new to them again."""

    notices: tuple[str, ...]
    person: str


@kind("notices.escalated", covers=_GROUPS, subject=_GROUP)
class NoticeEscalated(Struct, frozen=True):
    """Nobody looked at a notice in time, so holders of this role are told too."""

    notice: str
    role: str
    people: tuple[str, ...]


@kind("notices.posted", covers=("notice_groups", "notice_messages", "notice_parts"))
class Posted(Struct, frozen=True):
    """These notices were closed, so many events in all, and put into these messages."""

    notices: tuple[str, ...]
    events: int
    messages: tuple[str, ...]


@kind("notices.delivered", covers=("notice_messages",), subject=_MESSAGE)
class Delivered(Struct, frozen=True):
    """A message was taken by its channel, at this attempt."""

    message: str
    channel: str
    attempt: int


@kind("notices.delayed", covers=("notice_messages",), subject=_MESSAGE)
class Delayed(Struct, frozen=True):
    """A message was not taken, and is tried again at this time."""

    message: str
    channel: str
    attempt: int
    again_at: str


@kind("notices.given_up", covers=("notice_messages",), subject=_CHANNEL)
class GivenUp(Struct, frozen=True):
    """A message never arrives over this channel; it stays in the inbox of whom it was for."""

    channel: str
    message: str
    attempt: int
    cause: str


@kind("notices.alarmed", subject=("follower", "part"))
class Alarmed(Struct, frozen=True):
    """A part of the background work stands still or lags behind the log."""

    part: str
    at: int
    behind: int


@kind("notices.route_set", covers=("notice_routes",), subject=("route", "route"))
class RouteSet(Struct, frozen=True):
    """Whom a sort of record is told to was changed; the route by digest."""

    route: str
    digest: str
    active: bool


@kind("notices.channel_set", covers=("notice_channels",), subject=_CHANNEL)
class ChannelSet(Struct, frozen=True):
    """A channel was made or changed; its target is kept sealed."""

    channel: str
    via: str
    personal: bool
    least: str
    active: bool


@kind("notices.secret_rotated", covers=("notice_channels",), subject=_CHANNEL)
class SecretRotated(Struct, frozen=True):
    """A channel signs with another secret; until this moment also with the one before."""

    channel: str
    old_until: str


@kind("notices.subscribed", covers=("notice_subscriptions",), subject=_CHANNEL)
class Subscribed(Struct, frozen=True):
    """A person or a role takes notices over a channel, from this severity on."""

    channel: str
    subscription: str
    kind: str
    holder: str
    least: str


@kind("notices.unsubscribed", covers=("notice_subscriptions", "notice_hours"))
class Unsubscribed(Struct, frozen=True):
    """Subscriptions ended, and the addresses in them were removed."""

    subscriptions: tuple[str, ...]
    holder: str
    why: str


@kind("notices.hours_set", covers=("notice_hours",), subject=("person", "person"))
class HoursSet(Struct, frozen=True):
    """A person set or removed their quiet hours."""

    person: str


@kind("notices.tested", subject=_CHANNEL)
class Tested(Struct, frozen=True):
    """Somebody tried a channel with a test message; how it fared."""

    channel: str
    outcome: str
