"""Notices as JSON: one's inbox and ways, and for who may manage them channels, routes and tests."""

from __future__ import annotations

from fastapi import APIRouter

from muniment import notices
from muniment.api.access.shapes import AnId
from muniment.api.asking import Reading
from muniment.api.notices import channels, own, routing
from muniment.api.notices.shapes import AREA, READ, NoticeTold, seen_told

__all__ = ["router"]


def router() -> APIRouter:
    """Give the endpoints of notices."""
    routes = APIRouter(prefix="/v1/notices", tags=["notices"])
    own.add_own(routes)
    channels.add_channels(routes)
    routing.add_routes(routes)

    @routes.get("/{notice_id}", summary="Show a notice")
    def show_notice(asked: Reading, notice_id: AnId) -> NoticeTold:
        with asked.look() as work:
            mine = notices.is_mine(work, notice_id)
        with asked.look() if mine else asked.view(READ, AREA) as work:
            return seen_told(notices.notice(work, notice_id)[0])

    return routes
