"""Channels as JSON: made, changed, tried, turned; and what left over them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from muniment import notices
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Match, Reading, Rows, page_of
from muniment.api.notices.shapes import (
    AREA,
    READ,
    ChannelChanged,
    ChannelGiven,
    ChannelTold,
    ErasedTold,
    MessagesAsked,
    MessageTold,
    RoleGiven,
    SubscriptionTold,
    TryGiven,
    TryTold,
)


def add_channels(routes: APIRouter) -> None:
    """Add channels and what left over them."""

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
            lambda work: notices.add_channel(work, asked.courier, **given.model_dump()),
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
                work, asked.courier, channel_id, version=version, **given.model_dump()
            ),
        )

    _add_steps(routes)
    _add_roles(routes)

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


def _add_steps(routes: APIRouter) -> None:
    @routes.post("/channels/{channel_id}/secret", summary="Give a webhook a new secret")
    def rotate_channel_secret(asked: Doing, channel_id: AnId) -> ChannelTold:
        """The new secret stands in this answer only; the old one signs too for a while."""
        return asked.make_secret(
            ChannelTold, lambda work: notices.rotate_secret(work, asked.courier, channel_id)
        )

    @routes.post("/channels/{channel_id}/test", summary="Send a test over a channel now")
    def try_notice_channel(asked: Doing, channel_id: AnId, given: TryGiven) -> TryTold:
        outcome, why = notices.try_channel(
            asked.database, asked.visitor.actor, asked.courier, channel_id, address=given.address
        )
        return TryTold(outcome=outcome, why=why)


def _add_roles(routes: APIRouter) -> None:
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

    @routes.delete("/people/{person_id}/addresses", summary="Erase a person's addresses")
    def erase_addresses(asked: Doing, person_id: AnId) -> ErasedTold:
        """Every address and the quiet hours of a person; what was sent to them stays recorded."""
        with asked.work() as work:
            return ErasedTold(ids=list(notices.erase_addresses(work, person_id)))
