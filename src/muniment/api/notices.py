"""Notices as JSON: one's inbox and ways, and for who may manage them channels, routes and tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import notices
from muniment.access import Scope
from muniment.api.access.shapes import AnId, Id
from muniment.api.asking import (
    Doing,
    Given,
    Match,
    Paging,
    Reading,
    Rows,
    Told,
    Versioned,
    page_of,
)
from muniment.db import Work
from muniment.notices import Courier, Group, MessageState, Route, Seen, Severity
from muniment.plugins.sockets import Delivery

AREA = Scope.of(console="notices")
READ = "notices.read"
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


def router(courier: Courier) -> APIRouter:
    """Give the endpoints of notices."""
    routes = APIRouter(prefix="/v1/notices", tags=["notices"])
    _add_own(routes, courier)
    _add_channels(routes, courier)
    _add_routes(routes)

    @routes.get("/{notice_id}", summary="Show a notice")
    def show_notice(asked: Reading, notice_id: AnId) -> NoticeTold:
        with asked.look() as work:
            mine = notices.is_mine(work, notice_id)
        with asked.look() if mine else asked.view(READ, AREA) as work:
            return _seen(notices.notice(work, notice_id)[0])

    return routes


def _add_own(routes: APIRouter, courier: Courier) -> None:
    @routes.get("", summary="List what you were told")
    def list_own_notices(
        asked: Reading, which: Annotated[NoticesAsked, Query()]
    ) -> Rows[NoticeTold]:
        with asked.look() as work:
            page = notices.inbox(
                work,
                severity=which.severity,
                unseen_only=which.unseen,
                cursor=which.cursor,
                limit=which.limit,
            )
        return Rows(rows=[_seen(each) for each in page.rows], next_cursor=page.next_cursor)

    @routes.post("/seen", summary="Say that you looked at notices")
    def see_notices(asked: Doing, given: SeenGiven) -> SeenTold:
        return asked.do(SeenTold, lambda work: SeenTold(ids=list(notices.see(work, given.ids))))

    @routes.get("/mine/addresses", summary="List how you are reached")
    def list_own_addresses(asked: Reading) -> Rows[SubscriptionTold]:
        with asked.look() as work:
            rows = [
                SubscriptionTold.model_validate(each) for each in notices.own_subscriptions(work)
            ]
        return Rows(rows=rows, next_cursor=None)

    @routes.post("/mine/addresses", status_code=201, summary="Add an address of yours")
    def add_own_address(asked: Doing, given: AddressGiven) -> SubscriptionTold:
        return asked.do(
            SubscriptionTold,
            lambda work: SubscriptionTold.model_validate(
                notices.subscribe(work, courier, given.channel, given.address, least=given.least)
            ),
        )

    @routes.delete(
        "/mine/addresses/{subscription_id}", status_code=204, summary="Take an address back"
    )
    def end_own_address(asked: Doing, subscription_id: AnId) -> None:
        with asked.work() as work:
            notices.unsubscribe(work, subscription_id)

    @routes.put("/mine/hours", summary="Set your quiet hours")
    def set_quiet_hours(asked: Doing, given: HoursGiven) -> HoursTold:
        return asked.do(
            HoursTold,
            lambda work: HoursTold.model_validate(notices.set_hours(work, **given.model_dump())),
        )

    @routes.delete("/mine/hours", status_code=204, summary="Have no quiet hours")
    def clear_quiet_hours(asked: Doing) -> None:
        with asked.work() as work:
            notices.clear_hours(work)


def _add_channels(routes: APIRouter, courier: Courier) -> None:
    @routes.get("/channels", summary="List channels")
    def list_notice_channels(asked: Reading) -> Rows[ChannelTold]:
        with asked.view(READ, AREA) as work:
            rows = [ChannelTold.model_validate(each) for each in notices.channels(work)]
        return Rows(rows=rows, next_cursor=None)

    @routes.post("/channels", status_code=201, summary="Make a channel")
    def add_notice_channel(asked: Doing, given: ChannelGiven) -> ChannelTold:
        """A webhook's secret stands in this answer and in no other."""
        return asked.make_secret(
            ChannelTold,
            lambda work: notices.add_channel(work, courier, **given.model_dump()),
        )

    @routes.get("/channels/{channel_id}", summary="Show a channel")
    def show_notice_channel(asked: Reading, channel_id: AnId) -> ChannelTold:
        with asked.view(READ, AREA) as work:
            return asked.show(ChannelTold, notices.channel(work, channel_id)[0])

    @routes.patch("/channels/{channel_id}", summary="Change a channel")
    def change_notice_channel(
        asked: Doing, channel_id: AnId, given: ChannelChanged, version: Match
    ) -> ChannelTold:
        return asked.change(
            ChannelTold,
            version,
            lambda work: notices.channel(work, channel_id)[0],
            lambda work: notices.change_channel(
                work, courier, channel_id, version=version, **given.model_dump()
            ),
        )

    @routes.post("/channels/{channel_id}/secret", summary="Give a webhook a new secret")
    def rotate_channel_secret(asked: Doing, channel_id: AnId) -> ChannelTold:
        """The new secret stands in this answer only; the old one signs too for a while."""
        return asked.make_secret(
            ChannelTold, lambda work: notices.rotate_secret(work, courier, channel_id)
        )

    @routes.post("/channels/{channel_id}/test", summary="Send a test over a channel now")
    def try_notice_channel(asked: Doing, channel_id: AnId, given: TryGiven) -> TryTold:
        outcome, why = notices.try_channel(
            asked.database, asked.visitor.actor, courier, channel_id, address=given.address
        )
        return TryTold(outcome=outcome, why=why)

    @routes.post(
        "/channels/{channel_id}/roles",
        status_code=201,
        summary="Let a role's notices go to a shared channel",
    )
    def add_channel_role(asked: Doing, channel_id: AnId, given: RoleGiven) -> SubscriptionTold:
        return asked.do(
            SubscriptionTold,
            lambda work: SubscriptionTold.model_validate(
                notices.subscribe_role(work, channel_id, given.role, least=given.least)
            ),
        )

    @routes.delete(
        "/channels/roles/{subscription_id}",
        status_code=204,
        summary="Send a role's notices there no longer",
    )
    def end_channel_role(asked: Doing, subscription_id: AnId) -> None:
        with asked.work() as work:
            notices.unsubscribe_role(work, subscription_id)

    @routes.get("/messages", summary="List what left and how it fared")
    def list_notice_messages(
        asked: Reading, which: Annotated[MessagesAsked, Query()]
    ) -> Rows[MessageTold]:
        with asked.view(READ, AREA) as work:
            page = notices.messages(
                work,
                channel_id=which.channel,
                state=which.state,
                cursor=which.cursor,
                limit=which.limit,
            )
        return page_of(MessageTold, page)


def _add_routes(routes: APIRouter) -> None:
    @routes.get("/all", summary="List everybody's notices")
    def list_all_notices(
        asked: Reading, which: Annotated[NoticesAsked, Query()]
    ) -> Rows[NoticeTold]:
        with asked.view(READ, AREA) as work:
            page = notices.all_notices(
                work,
                severity=which.severity,
                unseen_only=which.unseen,
                cursor=which.cursor,
                limit=which.limit,
            )
        rows = [_told(each, each.seen_at, []) for each in page.rows]
        return Rows(rows=rows, next_cursor=page.next_cursor)

    @routes.get("/routes", summary="List routes")
    def list_notice_routes(asked: Reading) -> Rows[RouteTold]:
        with asked.view(READ, AREA) as work:
            rows = [RouteTold.model_validate(each) for each in notices.routes(work)]
        return Rows(rows=rows, next_cursor=None)

    @routes.put("/routes/{name}", summary="Make or change a route")
    def set_notice_route(asked: Doing, name: AnId, given: RouteGiven) -> RouteTold:
        return asked.do(RouteTold, lambda work: _set_route(work, name, given))


def _set_route(work: Work, name: str, given: RouteGiven) -> RouteTold:
    known = {each.name: each for each in notices.routes(work)}
    values = given.model_dump()
    listed = {key: tuple(values[key]) for key in ("kinds", "to", "but", "settles")}
    before = known.get(name) or Route(name, (), given.severity, "", ())
    return RouteTold.model_validate(notices.set_route(work, replace(before, **values | listed)))


def _seen(seen: Seen) -> NoticeTold:
    messages = [MessageTold.model_validate(each) for each in seen.messages]
    return _told(seen.group, seen.telling.seen_at, messages)


def _told(group: Group, seen_at: datetime | None, messages: list[MessageTold]) -> NoticeTold:
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
