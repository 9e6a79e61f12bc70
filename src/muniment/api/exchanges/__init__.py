"""Calls as JSON: listed, explained, live, disputed; limits, stops and prices."""

from __future__ import annotations

from fastapi import APIRouter

from muniment.api.exchanges import calls, prices, setting


def router() -> APIRouter:
    """Give the endpoints of exchanges; those of one call stand last, for they take any id."""
    routes = APIRouter(prefix="/v1/exchanges", tags=["exchanges"])
    setting.add_to(routes)
    prices.add_to(routes)
    calls.add_to(routes)
    return routes
