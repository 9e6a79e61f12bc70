"""Routes as JSON, and what everybody was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from muniment import notices
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Reading, Rows
from muniment.api.notices.shapes import (
    AREA,
    READ,
    NoticesAsked,
    NoticeTold,
    RouteGiven,
    RouteTold,
    notice_told,
)
from muniment.db import Work
from muniment.notices import Route


def add_routes(routes: APIRouter) -> None:
    """Add routes and everybody's notices."""

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
        rows = [notice_told(each, each.seen_at, []) for each in page.rows]
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
