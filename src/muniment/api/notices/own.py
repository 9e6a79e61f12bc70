"""Notices of one's own: the inbox, addresses, quiet hours."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from muniment import notices
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Reading, Rows
from muniment.api.notices.shapes import (
    AddressGiven,
    HoursGiven,
    HoursTold,
    NoticesAsked,
    NoticeTold,
    SeenGiven,
    SeenTold,
    SubscriptionTold,
    seen_told,
)


def add_own(routes: APIRouter) -> None:
    """Add what is one's own."""

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
        return Rows(rows=[seen_told(each) for each in page.rows], next_cursor=page.next_cursor)

    @routes.post("/seen", summary="Say that you looked at notices")
    def see_notices(asked: Doing, given: SeenGiven) -> SeenTold:
        return asked.do(SeenTold, lambda work: SeenTold(ids=list(notices.see(work, given.ids))))

    _add_ways(routes)


def _add_ways(routes: APIRouter) -> None:
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
                notices.subscribe(
                    work, asked.courier, given.channel, given.address, least=given.least
                )
            ),
        )

    @routes.delete(
        "/mine/addresses/{subscription_id}", status_code=204, summary="Take an address back"
    )
    def end_own_address(asked: Doing, subscription_id: AnId) -> None:
        with asked.work() as work:
            notices.unsubscribe(work, subscription_id)

    _add_hours(routes)


def _add_hours(routes: APIRouter) -> None:
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
