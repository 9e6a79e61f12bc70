"""Access as JSON: who there is, what they may, by which key, and who looked it over."""

from __future__ import annotations

from fastapi import APIRouter

from muniment.api.access import (
    emergencies,
    grants,
    keys,
    me,
    outside,
    people,
    reviews,
    roles,
    services,
    teams,
)

__all__ = ["router"]


def router() -> APIRouter:
    """Give the endpoints of access."""
    made = APIRouter(prefix="/v1/access", tags=["access"])
    for each in (
        me,
        people,
        services,
        teams,
        roles,
        grants,
        keys,
        outside,
        reviews,
        emergencies,
    ):
        each.add_to(made)
    return made
