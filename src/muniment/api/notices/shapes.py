"""The shapes of notices as JSON: what is given and what is told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from muniment.access import Scope
from muniment.api.access.shapes import Id
from muniment.api.asking import Given, Paging, Told, Versioned
from muniment.notices import Group, MessageState, Seen, Severity
from muniment.plugins.sockets import Delivery

AREA: Final = Scope.of(console="notices")
READ: Final = "notices.read"

Line = Annotated[str, Field(min_length=1, max_length=200)]


class MessageTold(Told):
    """One message over one channel, and how it fared."""

    id: str
    channel_id: str
    severity: Severity
    state: MessageState
    attempts: int
    why: str
    made_at: datetime
    next_at: datetime
    ended_at: datetime | None


class NoticeTold(Told):
    """One matter somebody was told of."""

    id: str
    route: str
    kind: str
    severity: Severity
    subject_kind: str
    subject_id: str
    title: str
    link: str = Field(description="Where it stands in the console.")
    count: int = Field(description="How often it happened while it gathered.")
    entry: int = Field(description="Place in the ledger of the first record; -1: a chore's.")
    opened_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    escalated_at: datetime | None
    seen_at: datetime | None = Field(description="When the reader looked; of all: the first.")
    messages: list[MessageTold]


class NoticesAsked(Paging):
    """Which notices."""

    severity: Severity | None = None
    unseen: bool = False


class SeenGiven(Given):
    """What the reader has looked at."""

    ids: list[Id] = Field(min_length=1, max_length=500)


class SeenTold(Told):
    """What counts as seen now and did not before."""

    ids: list[str]


class ErasedTold(Told):
    """Which addresses of a person are gone; none if there were none."""

    ids: list[str]


class ChannelTold(Versioned):
    """A way out; where it leads stays sealed. The secret stands in the first answer only."""

    id: str
    name: str
    via: str
    personal: bool
    least: Severity
    active: bool
    signs: bool
    old_until: datetime | None
    made_at: datetime
    secret: str = Field("", description="Shown once, when it is made.")


class ChannelGiven(Given):
    """A channel to make."""

    name: Line
    via: str = Field(max_length=60, examples=["webhook"])
    target: str = Field(min_length=1, max_length=2_000, examples=["https://hooks.example.org/x"])
    personal: bool = Field(False, description="Each person's address stands for {to}.")
    least: Severity = Severity.INFO


class ChannelChanged(Given):
    """What changes in a channel; what is left out stays."""

    name: Line | None = None
    target: str = Field("", max_length=2_000)
    least: Severity | None = None
    active: bool | None = None


class RoleGiven(Given):
    """A role whose notices go to a shared channel."""

    role: str = Field(min_length=1, max_length=60)
    least: Severity = Severity.INFO


class SubscriptionTold(Told):
    """That somebody takes notices over a channel."""

    id: str
    channel_id: str
    holder: str
    least: Severity


class TryGiven(Given):
    """Where to try a personal channel."""

    address: str = Field("", max_length=254)


class TryTold(Told):
    """How a test fared."""

    outcome: Delivery
    why: str


class RouteGiven(Given):
    """Whom a sort of record is told to."""

    kinds: list[str] = Field(min_length=1, max_length=20, examples=[["access.granted"]])
    severity: Severity
    title: Line
    to: list[str] = Field(min_length=1, max_length=20, examples=[["role:security"]])
    but: list[str] = Field([], max_length=20)
    href: str = Field("", max_length=200, description="{id} and {entry} are filled in.")
    group_seconds: int = Field(60, ge=0, le=2_592_000)
    escalate_seconds: int = Field(0, ge=0, le=2_592_000)
    escalate_to: str = Field("", max_length=60)
    settles: list[str] = Field([], max_length=20)
    active: bool = True


class RouteTold(Told):
    """A route as it holds now."""

    name: str
    kinds: list[str]
    severity: Severity
    title: str
    to: list[str]
    but: list[str]
    href: str
    group_seconds: int
    escalate_seconds: int
    escalate_to: str
    settles: list[str]
    active: bool
    built_in: bool
    version: int


class MessagesAsked(Paging):
    """Which messages."""

    channel: str = Field("", max_length=80)
    state: MessageState | None = None


class HoursGiven(Given):
    """When to be left alone."""

    zone: str = Field("UTC", max_length=60, examples=["Europe/Berlin"])
    starts: str = Field(max_length=5, examples=["22:00"])
    ends: str = Field(max_length=5, examples=["07:00"])
    weekends: bool = False
    holds: Severity = Severity.LOOK


class HoursTold(Told):
    """When one is left alone."""

    zone: str
    starts: int = Field(description="Minutes of the day.")
    ends: int
    weekends: bool
    holds: Severity


class AddressGiven(Given):
    """An address of one's own."""

    channel: Id
    address: str = Field(min_length=1, max_length=254)
    least: Severity = Severity.INFO


def seen_told(seen: Seen) -> NoticeTold:
    """Tell a line of an inbox."""
    messages = [MessageTold.model_validate(each) for each in seen.messages]
    return notice_told(seen.group, seen.telling.seen_at, messages)


def notice_told(group: Group, seen_at: datetime | None, messages: list[MessageTold]) -> NoticeTold:
    """Tell a notice."""
    return NoticeTold(
        id=group.id,
        route=group.route,
        kind=group.kind,
        severity=group.severity,
        subject_kind=group.subject[0],
        subject_id=group.subject[1],
        title=group.title,
        link=group.href,
        count=group.count,
        entry=group.entry,
        opened_at=group.opened_at,
        sent_at=group.sent_at,
        settled_at=group.settled_at,
        escalated_at=group.escalated_at,
        seen_at=seen_at,
        messages=messages,
    )
